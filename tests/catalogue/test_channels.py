"""Channels as data: what a definition may say, and that a file's sender is never uncertain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from arshjul.catalogue.channels import Channel, load_channels
from arshjul.catalogue.yaml_files import CatalogueError
from arshjul.settings import REPOSITORY

HTTPS: dict[str, Any] = {
    "title": "Anordnaren AB, HTTPS",
    "sender": "5560360793",
    "address": "https://a.example:8443/api",
    "connection": "anordnaren",
    "datasets": ["insatser"],
}
SFTP: dict[str, Any] = {
    "title": "Anordnaren AB, SFTP",
    "sender": "5560360793",
    "address": "sftp://filer.example/in/5560360793",
    "connection": "filer",
}


@pytest.fixture
def include(tmp_path: Path) -> Path:
    (tmp_path / "channels").mkdir()
    for part in (REPOSITORY / "include").iterdir():
        if part.name != "channels":
            (tmp_path / part.name).symlink_to(part)
    return tmp_path


def load(include: Path, **channels: dict[str, Any]) -> dict[str, Channel]:
    for name, definition in channels.items():
        text = json.dumps({"id": name} | definition)
        (include / "channels" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_channels(include)


def test_a_definition_says_where_and_nothing_secret(include: Path) -> None:
    channels = load(include, a=HTTPS, b=SFTP | {"remove_fetched": True})
    assert [(one.way, one.host, one.port) for one in channels.values()] == [
        ("https", "a.example", 8443),
        ("sftp", "filer.example", 22),
    ]
    assert (channels["b"].folder, channels["b"].remove_fetched) == ("/in/5560360793", True)
    assert channels["a"].datasets == ("insatser",)


@pytest.mark.parametrize(
    ("address", "folder"), [("sftp://a.example", "."), ("sftp://a.example/", "."), ("sftp://a.example/x/", "/x")]
)
def test_without_a_folder_the_logins_own_is_read(include: Path, address: str, folder: str) -> None:
    assert load(include, a=SFTP | {"address": address})["a"].folder == folder


def test_there_need_be_no_channels(tmp_path: Path) -> None:
    assert load_channels(tmp_path) == {}
    assert load_channels(REPOSITORY / "include") == {}


@pytest.mark.parametrize(
    "change",
    [
        {"sender": "556036079"},
        {"sender": "556036-0793"},
        {"address": "http://a.example/api"},
        {"address": "ftp://a.example/api"},
        {"address": "https:///api"},
        {"address": "https://user:hemligt@a.example/api"},
        {"address": "https://a.example/api?token=hemligt"},
        {"address": "https://a.example/../api"},
        {"address": "https://a.example/a b"},
        {"address": "https://a.example:99999/"},
        {"address": "https://a.example:0/"},
        {"connection": ""},
        {"connection": "två ord"},
        {"datasets": []},
        {"datasets": ["finns_inte"]},
        {"remove_fetched": True},
        {"token": "hemligt"},
        {"id": "annan"},
    ],
)
def test_what_is_wrong_is_refused_by_the_files_name(include: Path, change: dict[str, Any]) -> None:
    with pytest.raises(CatalogueError, match=r"a\.yaml"):
        load(include, a=HTTPS | change)


@pytest.mark.parametrize("change", [{"datasets": ["insatser"]}, {"address": "sftp://a.example/in/../ut"}])
def test_what_is_wrong_of_sftp_is_refused(include: Path, change: dict[str, Any]) -> None:
    with pytest.raises(CatalogueError, match=r"a\.yaml"):
        load(include, a=SFTP | change)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (HTTPS, HTTPS | {"sender": "5590000013", "address": "https://b.example/"}),  # one token for two
        (SFTP, SFTP | {"sender": "5590000013"}),  # one folder for two
        (SFTP, SFTP | {"sender": "5590000013", "address": "sftp://filer.example/in/5560360793/"}),
    ],
)
def test_two_channels_never_leave_the_sender_uncertain(
    include: Path, first: dict[str, Any], second: dict[str, Any]
) -> None:
    with pytest.raises(CatalogueError, match="uncertain"):
        load(include, a=first, b=second)


def test_one_login_may_see_a_folder_for_each_and_one_folder_name_be_two_logins(include: Path) -> None:
    channels = load(
        include,
        a=SFTP,
        b=SFTP | {"sender": "5590000013", "address": "sftp://filer.example/in/5590000013"},
        c=SFTP | {"sender": "5590000013", "connection": "annan"},
    )
    assert len(channels) == 3


def test_the_examples_beside_the_definitions_are_right(include: Path) -> None:
    text = (REPOSITORY / "include" / "channels" / "README.md").read_text(encoding="utf-8")
    examples = [yaml.safe_load(block.partition("```")[0]) for block in text.split("```yaml\n")[1:]]
    assert len(load(include, **{example["id"]: example for example in examples})) == len(examples) == 2
