"""What indicators read: the functions ``core.<x>(:as_of)``, each evaluated once however many statements name it.

The functions are SQL texts (``include/sql/core``), so a statement's text can be followed into them: which tables it reads
in the end, and which sets several statements share. A shared set is put into a temporary table once, and the statements
read that; a set that few read stands as a subquery where it was called. The statement's file is the same as for tracing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from arshjul.warehouse.statements import Statements, execute_text, parameters

SENDER = "anordnare"
"""Column of a set that says whose deliveries its rows come from."""

CODES = "code"
PERSONS = "person"
"""Tables of core whose rows no sender owns."""

_FEW_READERS = 2
"""Writing a set down costs about as much as evaluating it twice."""

_COMMENT = re.compile(r"--[^\n]*")
_NAMED = re.compile(r"\bcore\.(\w+)\b(?P<call>\s*\()?")
_CALL = re.compile(r"\bcore\.(?P<name>\w+)\((?P<arguments>:as_of(?:\s*,\s*:?\w+)*)\)")
_FUNCTION = re.compile(
    r"FUNCTION core\.\w+\((?P<parameters>[^)]*)\)\s+RETURNS TABLE \((?P<columns>.*?)\n\)\s+LANGUAGE sql\b.*?"
    r"AS \$\$(?P<body>.*?)\$\$;",
    re.DOTALL,
)
_TABLE = re.compile(r"\b(?P<before>FROM|JOIN)\s+core\.(?P<table>\w+)\s+AS\b")
_BODY = re.compile(r"AS \$\$(.*?)\$\$", re.DOTALL)
_PLACE = "/* the set's own SELECT */"


@dataclass(frozen=True)
class Reads:
    """What a statement reads, directly and through functions.

    Attributes:
        tables: Tables of schema core.
        functions: Functions of schema core that give rows and those that give values.
    """

    tables: frozenset[str]
    functions: frozenset[str]


@dataclass(frozen=True)
class _Function:
    """A function of core that gives rows: a SELECT with parameters."""

    parameters: tuple[str, ...]
    columns: tuple[str, ...]
    body: str


@dataclass(frozen=True)
class _Call:
    """One function with its arguments as a statement writes them: ``follow_up`` and ``:as_of``, ``12``."""

    name: str
    arguments: tuple[str, ...]

    @property
    def table(self) -> str:
        return "_".join([self.name, *(argument.lstrip(":") for argument in self.arguments[1:])])


class BaseSets:
    """The functions of core as their files define them.

    Args:
        statements: The statements of ``include/sql``.
    """

    def __init__(self, statements: Statements) -> None:
        self._statements = statements
        self._texts = {
            path.stem: path.read_text(encoding="utf-8") for path in sorted((statements.folder / "core").glob("*.sql"))
        }
        self._functions = {name: one for name, text in self._texts.items() if (one := _parsed(text)) is not None}

    def reads(self, sql: str) -> Reads:
        """Follow a statement into the functions it names, and those into theirs."""
        tables, functions, texts = set(), set(), [sql]
        while texts:
            for found in _NAMED.finditer(_COMMENT.sub("", texts.pop())):
                if not found["call"]:
                    tables.add(found[1])
                elif found[1] not in functions:
                    functions.add(found[1])
                    texts.append(self._bare(found[1]))
        return Reads(frozenset(tables), frozenset(functions))

    def text(self, function: str) -> str:
        """Give the file that defines a function; empty when there is none."""
        return self._texts.get(function, "")

    def tells_senders_apart(self, reads: Reads) -> bool:
        """Tell whether every set that is read says whose rows it holds."""
        return all(SENDER in self._functions[name].columns for name in reads.functions if name in self._functions)

    def _bare(self, name: str) -> str:
        """Give what a function does, without the lines that define and describe it."""
        found = _BODY.search(self.text(name))
        return found[1] if found else ""

    @contextmanager
    def opened(
        self,
        connection: Connection,
        sqls: Iterable[str],
        values: Mapping[str, Any],
        senders: frozenset[str] | None = None,
    ) -> Iterator[Reading]:
        """Run statements that share sets, and take the sets away afterwards.

        Args:
            connection: In the transaction that the statements run in.
            sqls: The statements, as rendered.
            values: Parameters that statements may name: ``as_of``, ``period_start`` and ``period_end``.
            senders: Only rows of these senders, of every set that says whose its rows are; all when not given. Such a set
                then reads their rows alone, so its tables are to hold what providers have sent (or persons and codes).

        Yields:
            What runs the statements; it reads a shared set when the first of them needs it.
        """
        reading = Reading(
            connection,
            self._statements,
            self._functions,
            frozenset(call for call, readers in self._readers(sqls).items() if readers > _FEW_READERS),
            {**values, "senders": sorted(senders or [])},
            senders is not None,
        )
        yield reading
        reading.drop()

    def _readers(self, texts: Iterable[str]) -> Counter[_Call]:
        """Count who names each set, statements and other sets."""
        readers: Counter[_Call] = Counter()

        def visit(text: str) -> None:
            for call in _calls(self._functions, text):
                readers[call] += 1
                if readers[call] == 1:
                    visit(_body(self._functions[call.name], call))

        for text in texts:
            visit(text)
        return readers


class Reading:
    """Statements that read shared sets from where they were put, by the first statement that reads them.

    Args:
        connection: In the transaction of the sets.
        statements: The statements of ``include/sql``.
        functions: The functions of core.
        shared: The sets that several statements read.
        values: Parameters that a statement may name.
        only_some: Only rows of some senders are read.
    """

    def __init__(
        self,
        connection: Connection,
        statements: Statements,
        functions: Mapping[str, _Function],
        shared: frozenset[_Call],
        values: Mapping[str, Any],
        only_some: bool,
    ) -> None:
        self._connection = connection
        self._statements = statements
        self._functions = functions
        self._shared = shared
        self._values = values
        self._only_some = only_some
        self._kept: dict[_Call, None] = {}

    def execute(self, sql: str, **more: Any) -> None:
        """Run a rendered statement.

        Args:
            sql: The statement; ``core.<x>(:as_of)`` in it is read from the sets.
            more: Its other parameters.

        Raises:
            WarehouseError: The database refused it, or a set that it reads.
        """
        self._keep_what_is_read(sql)
        self._run(self._with_sets(sql), more)

    def drop(self) -> None:
        """Take the sets away."""
        for call in self._kept:
            sql = self._statements.render("compute/drop_base_set.sql.j2", table=call.table)
            execute_text(self._connection, sql)

    def _keep_what_is_read(self, sql: str) -> None:
        """Put the shared sets that a text reads into temporary tables, those first that others read."""
        for call in _calls(self._functions, sql):
            if call in self._kept:
                continue
            self._keep_what_is_read(_body(self._functions[call.name], call))
            if call in self._shared:
                create = self._statements.render("compute/base_set.sql.j2", table=call.table)
                self._run(create.replace(_PLACE, self._source(call)), {})
                analyze = self._statements.render("compute/analyze_base_set.sql.j2", table=call.table)
                execute_text(self._connection, analyze)
                self._kept[call] = None

    def _run(self, sql: str, more: Mapping[str, Any]) -> None:
        wanted = {name: value for name, value in self._values.items() if name in parameters(sql)}
        execute_text(self._connection, sql, **wanted, **more)

    def _with_sets(self, sql: str) -> str:
        def put(found: re.Match[str]) -> str:
            call = _call(found)
            if call in self._kept:
                return f"pg_temp.{call.table}"
            return self._source(call) if _is_known(self._functions, call) else found[0]

        return _CALL.sub(put, sql)

    def _source(self, call: _Call) -> str:
        function = self._functions[call.name]
        body = self._with_sets(_body(function, call))
        chosen = ""
        if self._only_some and SENDER in function.columns:
            # In its tables too: PostgreSQL does not take what is asked of one side of an outer join to the other.
            body = _TABLE.sub(_of_senders, body)
            chosen = f" WHERE {SENDER} = ANY(:senders)"
        columns = ", ".join(function.columns)
        return f"(SELECT * FROM ({body}) AS base ({columns}){chosen})"  # noqa: S608 - the words of our own files


def _parsed(text: str) -> _Function | None:
    found = _FUNCTION.search(text)
    if found is None:
        return None
    names = [parameter.split()[0] for parameter in found["parameters"].split(",") if parameter.strip()]
    columns = [line.split()[0] for line in found["columns"].strip().splitlines()]
    return _Function(tuple(names), tuple(columns), found["body"])


def _calls(functions: Mapping[str, _Function], text: str) -> list[_Call]:
    """Find the sets that a text names, each once."""
    named = {_call(found): None for found in _CALL.finditer(_COMMENT.sub("", text))}
    return [call for call in named if _is_known(functions, call)]


def _call(found: re.Match[str]) -> _Call:
    return _Call(found["name"], tuple(argument.strip() for argument in found["arguments"].split(",")))


def _of_senders(found: re.Match[str]) -> str:
    if found["table"] in (CODES, PERSONS):
        return found[0]
    return f"{found['before']} (SELECT * FROM core.{found['table']} WHERE sender = ANY(:senders)) AS"  # noqa: S608 - as above


def _is_known(functions: Mapping[str, _Function], call: _Call) -> bool:
    return call.name in functions and len(functions[call.name].parameters) == len(call.arguments)


def _body(function: _Function, call: _Call) -> str:
    """Give a function's SELECT with the arguments of a call in the places of its parameters."""
    body = function.body
    for parameter, argument in zip(function.parameters, call.arguments, strict=True):
        body = re.sub(rf"\b{call.name}\.{parameter}\b", argument, body)
    return body
