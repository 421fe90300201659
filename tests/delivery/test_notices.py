"""A letter goes out once, to a real address, and the ledger keeps what it told when it went."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from typing import Any

import attrs
import pytest
from sqlalchemy import Connection

from arshjul.delivery.loopback_mail import LoopbackMail
from arshjul.delivery.mail import DeliveryError, MadeUpAddress
from arshjul.delivery.notices import Notice, send_notice
from arshjul.delivery.paper import deliver_paper
from arshjul.delivery.sending import deliver
from arshjul.lineage.chain import verify_chain


def goals(*orphans: str) -> Notice:
    values = {"ar": 2026, "antal": 3, "utan_namndmal": orphans, "utan_matt": [], "sarskilt": []}
    to = ("controller", "Controller", "controller@exempelkommun.example")
    return Notice("malkedja", "2026", *to, values, {"utan_namndmal": list(orphans)})


def told(office: Any) -> list[tuple[Any, ...]]:
    with office.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT content, sent_at IS NOT NULL FROM lineage.notice")
        return [tuple(row) for row in rows]


def test_the_ledger_keeps_what_was_sent_and_not_what_the_first_try_would_have_told(
    office: Any, mail: LoopbackMail
) -> None:
    without_server = replace(office.settings, smtp_port=1)
    with pytest.raises(DeliveryError):
        send_notice(without_server, office.engine, goals("F1", "F2"), office.run())
    assert told(office) == [({"utan_namndmal": ["F1", "F2"]}, False)]
    assert send_notice(office.settings, office.engine, goals("F2"), office.run())
    assert not send_notice(office.settings, office.engine, goals("F3"), office.run())
    [path] = mail.messages()
    assert b"F1" not in message_from_bytes(path.read_bytes()).get_payload(decode=True)
    assert told(office) == [({"utan_namndmal": ["F2"]}, True)]
    with office.engine.connect() as connection:
        assert verify_chain(connection).ok


def test_what_is_written_with_a_letter_is_written_with_it_or_not_at_all(office: Any, mail: LoopbackMail) -> None:
    def fails(connection: Connection, run_id: int) -> None:
        raise LookupError(run_id)

    with pytest.raises(LookupError):
        send_notice(office.settings, office.engine, goals(), office.run(), then=fails)
    assert told(office) == [({"utan_namndmal": []}, False)]
    written: list[int] = []
    send_notice(office.settings, office.engine, goals(), office.run(), then=lambda _, run_id: written.append(run_id))
    assert written == [office.run()]
    assert told(office) == [({"utan_namndmal": []}, True)]


def test_nothing_is_reserved_for_the_demos_addresses_in_production(office: Any, mail: LoopbackMail) -> None:
    production = replace(office.settings, environment="production")
    _, publication_id = office.published()
    board = office.recipient("namnd")
    with pytest.raises(MadeUpAddress, match="Controller"):
        send_notice(production, office.engine, goals(), office.run())
    with pytest.raises(MadeUpAddress, match=board.title):
        deliver(production, office.engine, publication_id, board)
    with pytest.raises(MadeUpAddress):
        deliver_paper(production, office.engine, 1, attrs.evolve(board, address="ami@exempelkommun.example"))
    for table in ("notice", "receipt", "paper_receipt"):
        assert office.count(f"lineage.{table}") == 0
    assert mail.messages() == []
