"""Statements: sentences with the rule that made them and the facts they stand on.

One rule and the same facts always give one sentence. Whatever part of a document wants to say it (summary, body, appendix)
gets that very sentence, so the parts cannot drift from each other (trap T17, requirement R95).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from arshjul.catalogue.prose import Wording
from arshjul.prose.facts import Fact

P = ParamSpec("P")


@dataclass(frozen=True)
class Statement:
    """One or several sentences that belong together.

    Attributes:
        id: The rule and the facts: the same id is the same text.
        text: What a reader is told.
        facts: Ids of the facts behind it.
        is_refused: The rule could not be applied; the text says why instead.
    """

    id: str
    text: str
    facts: tuple[str, ...]
    is_refused: bool = False


class Refused(Exception):
    """A rule cannot say what it is for; the message is what a reader is told instead."""


class TwoVoices(ValueError):
    """A document says two different things by one rule about the same facts."""


def rule(function: Callable[Concatenate[Wording, P], str]) -> Callable[Concatenate[Wording, P], Statement]:
    """Make a rule of a function from facts to a sentence: what it gives is a statement that knows its facts."""

    @wraps(function)
    def state(wording: Wording, /, *args: P.args, **kwargs: P.kwargs) -> Statement:
        ids = tuple(dict.fromkeys(_ids([*args, *kwargs.values()])))
        statement_id = f"{function.__name__}({', '.join(ids)})"
        try:
            return Statement(statement_id, function(wording, *args, **kwargs), ids)
        except Refused as refused:
            return Statement(statement_id, str(refused), ids, is_refused=True)

    return cast("Callable[Concatenate[Wording, P], Statement]", state)


def _ids(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        if isinstance(value, Fact):
            yield value.id
        elif isinstance(value, (tuple, list)):
            yield from _ids(value)


def one_voice(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Give each statement of a document once, in order.

    Raises:
        TwoVoices: Two of them have one id and different texts: the same figure was read twice and had changed.
    """
    said: dict[str, Statement] = {}
    for one in statements:
        if said.setdefault(one.id, one).text != one.text:
            raise TwoVoices(one.id)
    return tuple(said.values())
