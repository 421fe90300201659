"""Small systems for the engine's tests, and an attacker by enumeration that knows no solver."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

from arshjul.disclosure.system import System, Variable

THRESHOLD = 5
Cell = tuple[str, ...]


def table(interior: Mapping[Cell, int], *, forced: tuple[Cell, ...] = (), prefix: str = "") -> System:
    """An additive table with all its margins (``*``); counts of 1–4 are sensitive, and a 0 stands."""
    values: dict[Cell, int] = {}
    for cell, count in interior.items():
        for margin in _margins(cell):
            values[margin] = values.get(margin, 0) + count
    cells = sorted(values)
    index = {cell: place for place, cell in enumerate(cells)}
    variables = []
    for cell in cells:
        small = 1 <= values[cell] < THRESHOLD
        stands = not values[cell] or cell in forced
        need = (0, THRESHOLD) if small and not stands else (None, None)
        variables.append(Variable(prefix + "|".join(cell), values[cell], True, stands, *need, 3.0 ** cell.count("*")))
    lines = []
    for parent in cells:
        for place in (place for place, code in enumerate(parent) if code == "*"):
            parts = [c for c in cells if c[place] != "*" and (*c[:place], "*", *c[place + 1 :]) == parent]
            lines.append(((index[parent], 1), *((index[part], -1) for part in parts)))
    return System(tuple(variables), tuple(lines))


def rates(counts: Mapping[str, tuple[int, int]]) -> System:
    """One breakdown of N and S with its total; U = N - S is never shown, and 0 % and 100 % are sensitive."""
    total = (sum(n for n, _ in counts.values()), sum(s for _, s in counts.values()))
    variables: list[Variable] = []
    index: dict[tuple[str, str], int] = {}
    for name, (n, s) in {**counts, "*": total}.items():
        for kind, value in (("N", n), ("S", s), ("U", n - s)):
            need: tuple[int, int] | tuple[None, None] = (None, None)
            if 1 <= value < THRESHOLD:
                need = (0, THRESHOLD)
            elif kind != "N" and value == 0 and n:
                need = (0, min(2, n))
            index[name, kind] = len(variables)
            weight = 5.0 if name == "*" else 1.0
            variables.append(Variable(f"{name}|{kind}", value, kind != "U", kind == "N" and name == "*", *need, weight))
    lines = [
        tuple((index[name, kind], sign) for kind, sign in (("N", 1), ("S", -1), ("U", -1))) for name in (*counts, "*")
    ]
    lines += [((index["*", kind], 1), *((index[name, kind], -1) for name in counts)) for kind in "NSU"]
    return System(tuple(variables), tuple(lines))


def together(systems: Mapping[str, System], sums: Mapping[str, tuple[str, ...]]) -> System:
    """Systems of several periods as one, where the cell of one period is the sum of the same cell of others."""
    variables: list[Variable] = []
    lines = []
    index: dict[tuple[str, str], int] = {}
    for name, system in systems.items():
        offset = len(variables)
        for v in system.variables:
            index[name, v.key] = len(variables)
            need = (v.need_low, v.need_high)
            variables.append(Variable(f"{name}:{v.key}", v.value, v.shown, v.forced, *need, v.weight))
        lines += [tuple((i + offset, c) for i, c in row) for row in system.equations]
    for whole, parts in sums.items():
        for key in [key for name, key in index if name == whole]:
            terms = [(index[part, key], -1) for part in parts if (part, key) in index]
            lines.append(((index[whole, key], 1), *terms))
    return System(tuple(variables), tuple(lines))


def two_periods() -> System:
    """Two linked periods and their sum, of a table with a few small cells."""
    first = table({("a", "x"): 3, ("a", "y"): 8, ("b", "x"): 7, ("b", "y"): 9, ("c", "x"): 6, ("c", "y"): 2})
    second = table({("a", "x"): 9, ("a", "y"): 1, ("b", "x"): 6, ("b", "y"): 9, ("c", "x"): 8, ("c", "y"): 7})
    year = table({("a", "x"): 12, ("a", "y"): 9, ("b", "x"): 13, ("b", "y"): 18, ("c", "x"): 14, ("c", "y"): 9})
    return together({"1": first, "2": second, "year": year}, {"year": ("1", "2")})


def shuffled(system: System, seed: int) -> System:
    """The same system with variables, lines and signs in another order."""
    rng = random.Random(seed)
    order = list(range(len(system.variables)))
    rng.shuffle(order)
    place = {old: new for new, old in enumerate(order)}
    lines = []
    for row in system.equations:
        sign = rng.choice((1, -1, 2))
        terms = [(place[i], c * sign) for i, c in row]
        rng.shuffle(terms)
        lines.append(tuple(terms))
    rng.shuffle(lines)
    ranks = [tuple((place[i], c) for i, c in row) for row in reversed(system.inequalities)]
    tied = [tuple(place[i] for i in reversed(group)) for group in system.tied]
    return System(tuple(system.variables[i] for i in order), tuple(lines), tuple(ranks), tuple(tied))


def primaries(system: System) -> frozenset[str]:
    """Only what is sensitive itself."""
    return frozenset(v.key for v in system.variables if v.sensitive and v.shown and not v.forced)


def possible(system: System, hidden: frozenset[str]) -> Iterator[dict[int, int]]:
    """Every way to fill in the unknown variables, found by trying them one by one.

    Each unknown must stand in a line in which it and all other unknowns of the line are bounded (totals known).
    """
    unknown = [i for i, v in enumerate(system.variables) if not v.forced and (not v.shown or v.key in hidden)]
    top = _tops(system, set(unknown))
    known = {i: v.value for i, v in enumerate(system.variables) if i not in set(unknown)}

    def fill(values: dict[int, int], left: list[int]) -> Iterator[dict[int, int]]:
        for row in system.equations:
            open_ = [(i, c) for i, c in row if i not in values]
            rest = sum(c * values[i] for i, c in row if i in values)
            if not open_ and rest:
                return
            if len(open_) == 1:
                (i, c) = open_[0]
                if rest % c or not 0 <= -rest // c <= top[i]:
                    return
                yield from fill({**values, i: -rest // c}, [j for j in left if j != i])
                return
        if any(
            all(i in values for i, _ in row) and sum(c * values[i] for i, c in row) < 0 for row in system.inequalities
        ):
            return
        if not left:
            yield values
            return
        for value in range(top[left[0]] + 1):
            yield from fill({**values, left[0]: value}, left[1:])

    yield from fill(known, unknown)


def _tops(system: System, unknown: set[int]) -> dict[int, int]:
    """An upper end for each unknown: no part is larger than its whole, as far as wholes are known."""
    top = dict.fromkeys(unknown, 10**6)
    for _ in range(len(unknown)):
        for row in system.equations:
            for sign in (1, -1):
                plus = [(i, c * sign) for i, c in row if c * sign > 0]
                limit = sum(
                    -c * sign * (top[i] if i in unknown else system.variables[i].value) for i, c in row if c * sign < 0
                )
                for i, c in plus:
                    if i in unknown:
                        top[i] = min(top[i], limit // c)
    return top


def _margins(cell: Cell) -> Iterator[Cell]:
    """A cell and all its margins."""
    if not cell:
        yield ()
        return
    for rest in _margins(cell[1:]):
        yield (cell[0], *rest)
        yield ("*", *rest)
