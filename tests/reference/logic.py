"""Conditions as text for the engine and, beside it, as a function of a row that knows yes, no and not known."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reference.draws import Draw

Row = Mapping[str, Any]
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Expr:
    """An expression: as it is declared, and what it gives for a row."""

    text: str
    value: Callable[[Row], Any]


ALWAYS = Expr("true", lambda _row: True)


def literal(value: Any) -> str:
    """A value as it is written."""
    if isinstance(value, bool):
        return str(value).lower()
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def column(name: str) -> Expr:
    """A column, its name in quotation marks: it may be a word of SQL."""
    return Expr(f'"{name}"', lambda row: row[name])


def constant(value: Any) -> Expr:
    return Expr(literal(value), lambda _row: value)


def both(one: Expr, how: Callable[[Any, Any], Any], other: Expr, text: str) -> Expr:
    """What needs both sides: not known where either is not."""

    def value(row: Row) -> Any:
        a, b = one.value(row), other.value(row)
        return None if a is None or b is None else how(a, b)

    return Expr(text, value)


def compared(one: Expr, sign: str, other: Expr) -> Expr:
    return both(one, OPERATORS[sign], other, f"{one.text} {sign} {other.text}")


def among(one: Expr, values: Sequence[Any]) -> Expr:
    def value(row: Row) -> Any:
        found = one.value(row)
        return None if found is None else any(found == v for v in values)

    return Expr(f"{one.text} in ({', '.join(map(literal, values))})", value)


def between(one: Expr, low: Any, high: Any) -> Expr:
    def value(row: Row) -> Any:
        found = one.value(row)
        return None if found is None else low <= found <= high

    return Expr(f"{one.text} between {literal(low)} and {literal(high)}", value)


def blank(one: Expr, is_: bool) -> Expr:
    text = f"{one.text} is {'' if is_ else 'not '}null"
    return Expr(text, lambda row: (one.value(row) is None) is is_)


def certainly(one: Expr) -> Expr:
    """``(x) is true``: never not known."""
    return Expr(f"({one.text}) is true", lambda row: one.value(row) is True)


def negated(one: Expr) -> Expr:
    def value(row: Row) -> Any:
        found = one.value(row)
        return None if found is None else not found

    return Expr(f"not ({one.text})", value)


def anded(one: Expr, other: Expr) -> Expr:
    def value(row: Row) -> Any:
        found = (one.value(row), other.value(row))
        return False if False in found else None if None in found else True

    return Expr(f"({one.text}) and ({other.text})", value)


def ored(one: Expr, other: Expr) -> Expr:
    def value(row: Row) -> Any:
        found = (one.value(row), other.value(row))
        return True if True in found else None if None in found else False

    return Expr(f"({one.text}) or ({other.text})", value)


def unbracketed(one: Expr, two: Expr, three: Expr) -> Expr:
    """``a or b and c``: and binds more closely."""
    made = ored(one, anded(two, three))
    return Expr(f"{one.text} or {two.text} and {three.text}", made.value)


def coalesced(one: Expr, other: Any) -> Expr:
    def value(row: Row) -> Any:
        found = one.value(row)
        return other if found is None else found

    return Expr(f"coalesce({one.text}, {literal(other)})", value)


def chosen(branches: Sequence[tuple[Expr, Any]], otherwise: Any = None) -> Expr:
    """``case when ... then ... else ... end``; results are values, or expressions."""

    def made(result: Any, row: Row) -> Any:
        return result.value(row) if isinstance(result, Expr) else result

    def value(row: Row) -> Any:
        for condition, result in branches:
            if condition.value(row) is True:
                return made(result, row)
        return made(otherwise, row)

    def text(result: Any) -> str:
        return result.text if isinstance(result, Expr) else literal(result)

    lines = " ".join(f"when {c.text} then {text(r)}" for c, r in branches)
    last = "" if otherwise is None else f" else {text(otherwise)}"
    return Expr(f"case {lines}{last} end", value)


#: Column -> what kind of values it has, and some of them.
Known = Mapping[str, tuple[str, Sequence[Any]]]


def atom(draw: Draw, known: Known) -> Expr:
    """A condition of one column or two."""
    name = draw.pick(sorted(known))
    kind, values = known[name]
    one = column(name)
    if draw.whole(1, 8) == 1:
        return blank(one, draw.pick([False, True]))
    if kind == "boolean":
        return draw.pick([one, compared(one, "=", constant(True)), certainly(one)])
    if kind == "text":
        return draw.pick(
            [compared(one, draw.pick(["=", "<>"]), constant(draw.pick(values))), among(one, values[:2])]
        )
    if kind == "number":
        return number_atom(draw, one, sorted(n for n, (k, _) in known.items() if k == "number"), values)
    alike = sorted(n for n, (k, _) in known.items() if k == kind)  # dates and instants: with each other
    return compared(one, draw.pick(["<", "<=", ">", ">=", "="]), column(draw.pick(alike)))


def number_atom(draw: Draw, one: Expr, numbers: Sequence[str], values: Sequence[Any]) -> Expr:
    other = column(draw.pick(numbers))
    low, high = sorted((draw.pick(values), draw.pick(values)))
    added = both(one, operator.add, other, f"{one.text} + {other.text}")
    less = both(one, operator.sub, other, f"({one.text} - {other.text})")
    return draw.pick(
        [
            compared(one, draw.pick(list(OPERATORS)), constant(draw.pick(values))),
            between(one, low, high),
            compared(one, draw.pick(["<", ">="]), other),
            compared(added, ">", constant(high)),
            compared(less, "<=", constant(low)),
            compared(coalesced(one, 0), ">=", constant(high)),
        ]
    )


def condition(draw: Draw, known: Known, deep: int = 2) -> Expr:
    """A condition over some columns."""
    how = draw.whole(0, 7) if deep else 0
    if how <= 2:
        return atom(draw, known)
    one, other = condition(draw, known, deep - 1), condition(draw, known, deep - 1)
    if how == 3:
        return negated(one)
    if how == 4:
        return anded(one, other)
    if how == 5:
        return ored(one, other)
    if how == 6:
        return unbracketed(*(atom(draw, known) for _ in range(3)))
    return chosen([(one, True), (other, False)], draw.pick([None, False]))
