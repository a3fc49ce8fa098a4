"""The typing rules a second time, in plain Python: what a row's texts mean, and what is wrong with them.

Slow and simple, and it shares no code with the engine but the pseudonyms' keyed hash. It knows files whose
headings are the columns' own names and whose times without an offset are local.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from openpeel.engine.declare.records import Column, RecordType
from openpeel.engine.identity.keyfile import ForceKeys
from openpeel.engine.identity.keys import pseudonym

LONDON = ZoneInfo("Europe/London")
BLANKS = ("", "NA", "N/A", "NULL", "NAN", "NONE")
YES, NO = ("true", "1", "1.0", "yes", "y", "t"), ("false", "0", "0.0", "no", "n", "f")
SPACES = " \t\n\r\u00a0\ufeff"
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
WHOLE = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.0+)?")
NUMBER = re.compile(r"[+-]?(([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
DAY = re.compile(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}")
STAMP = re.compile(
    r"(?P<day>[1-9][0-9]{3}-[0-9]{2}-[0-9]{2})[T ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})"
    r"(:(?P<second>[0-9]{2})(\.(?P<part>[0-9]{1,6}))?)?(?P<zone>Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?"
)
#: The plainest of arithmetic: as many figures as any column holds.
EXACT = Context(prec=60)


@dataclass
class Read:
    """What a row says.

    Attributes:
        values: what a snapshot is to hold of it: column -> value, ``None`` where it is not known.
        sealed: what goes to the sealed store alone.
        faults: everything that is wrong with it, in the order in which it is looked for.
    """

    values: dict[str, Any] = field(default_factory=dict)
    sealed: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


class UnreadableError(Exception):
    """Something is written that cannot be read."""


def read(
    record_type: RecordType, row: Mapping[str, str], keys: ForceKeys, months: tuple[int, int] | None = None
) -> Read:
    """What a row says, and what is wrong with it.

    Args:
        record_type: its type.
        row: column -> text.
        keys: of the force the row is of.
        months: first and last month number of its file, where that is complete.
    """
    out = Read({"force": keys.force})
    texts = {c.name: cleaned(row[c.name]) for c in record_type.columns}
    if not any(texts.values()):
        return Read(faults=["the row is empty"])
    if any(t is not None and CONTROL.search(t) for t in texts.values()):
        out.faults.append("holds a control character")
    for column in record_type.columns:
        _read_column(column, texts[column.name], keys, out)
    known = out.values | out.sealed
    out.faults += [r.message for r in record_type.rules if _holds(r.condition, known) is False]
    day = out.values.get(record_type.anchor_date())
    month = None if day is None else day.year * 12 + day.month - 1
    out.values["month"] = month
    if month is None:
        out.faults.append("the date is not known")
    elif months and not months[0] <= month <= months[1]:
        out.faults.append("outside the months of the file")
    # Of what is complete a row may do without a key, where its type allows it.
    if not (months and record_type.key_may_be_blank) and any(out.values[k] is None for k in record_type.key):
        out.faults.append("the key is blank")
    return out


def _read_column(column: Column, text: str | None, keys: ForceKeys, out: Read) -> None:
    into = out.sealed if column.personal == "identity" else out.values
    value, day = None, None
    try:
        if text is not None and column.type == "instant":
            value, day = moment(text)
        elif text is not None and column.personal == "pseudonym":
            value = pseudonym(keys, column.stands_for, text)
        elif text is not None:
            value = of_type(column, text)
    except UnreadableError:
        out.faults.append(f"{column.name} cannot be read")
    into[column.name] = value
    if column.type == "instant":
        into[f"{column.name}_date"] = day
    if column.required and value is None and day is None:
        out.faults.append(f"{column.name} is blank")
    if column.low is not None and value is not None and value < Decimal(str(column.low)):
        out.faults.append(f"{column.name} is too small")
    if column.high is not None and value is not None and value > Decimal(str(column.high)):
        out.faults.append(f"{column.name} is too large")


def cleaned(text: str) -> str | None:
    """A text without white space round it; nothing where it is a word for unknown."""
    text = text.strip(SPACES)
    return None if text.upper() in BLANKS else text


def of_type(column: Column, text: str) -> Any:
    """The value of a text; anything but an instant.

    Raises:
        UnreadableError: it is not of the column's type.
    """
    if column.type == "text":
        return _word(column, text)
    if column.type == "boolean":
        if text.lower() in YES + NO:
            return text.lower() in YES
        raise UnreadableError
    if column.type == "date":
        return _day(text)
    return _figure(text, column.type == "number")


def _word(column: Column, text: str) -> str:
    if not column.allowed:
        return text
    for allowed in column.allowed:
        if allowed.lower() == text.lower():
            return allowed
    raise UnreadableError


def _figure(text: str, decimals: bool) -> Any:
    if not (NUMBER if decimals else WHOLE).fullmatch(text):
        raise UnreadableError
    # Rounded twice, as the engine does it: to ten places, then to six.
    number = EXACT.create_decimal(text.replace(",", ""))
    for places in ("1e-10", "1e-6"):
        number = number.quantize(Decimal(places), ROUND_HALF_UP, EXACT)
    if decimals and abs(number) < 10**12:
        return number
    if not decimals and abs(number) < 2**63:
        return int(number)
    raise UnreadableError


def _day(text: str) -> date:
    if not DAY.fullmatch(text):
        raise UnreadableError
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnreadableError from None


def moment(text: str) -> tuple[datetime | None, date]:
    """The instant in UTC and the local date of a text; a day alone has no instant.

    Raises:
        UnreadableError: it is not written so, or there was no such time.
    """
    if DAY.fullmatch(text):
        return None, _day(text)
    found = STAMP.fullmatch(text)
    if not found:
        raise UnreadableError
    day = _day(found["day"])
    try:
        local = datetime(
            day.year, day.month, day.day, int(found["hour"]), int(found["minute"]), int(found["second"] or 0),
            int((found["part"] or "").ljust(6, "0")),
        )  # fmt: skip
    except ValueError:
        raise UnreadableError from None
    utc = local - _offset(found["zone"]) if found["zone"] else _of_local(local)
    return utc, utc.replace(tzinfo=UTC).astimezone(LONDON).date()


def _offset(zone: str) -> timedelta:
    if zone == "Z":
        return timedelta()
    figures = zone[1:].replace(":", "").ljust(4, "0")
    ahead = timedelta(hours=int(figures[:2]), minutes=int(figures[2:]))
    return -ahead if zone[0] == "-" else ahead


def _of_local(local: datetime) -> datetime:
    """The first of two in October; none in the hour that is lost in March."""
    utc = local.replace(tzinfo=LONDON, fold=0).astimezone(UTC)
    if utc.astimezone(LONDON).replace(tzinfo=None) != local:
        raise UnreadableError
    return utc.replace(tzinfo=None)


@cache
def _tree(condition: str) -> ast.expr:
    text = re.sub(r"\bis not null\b", "is not None", condition)
    text = re.sub(r"\bis null\b", "is None", text).replace("<>", "!=")
    return ast.parse(re.sub(r"(?<![<>!=])=(?!=)", "==", text), mode="eval").body


def columns_of_rule(condition: str) -> set[str]:
    """The names that a condition holds."""
    return {node.id for node in ast.walk(_tree(condition)) if isinstance(node, ast.Name)}


def _holds(condition: str, values: Mapping[str, Any]) -> bool | None:
    """Whether a condition holds, in the logic of three values."""
    found: bool | None = _value(_tree(condition), values)
    return found


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = _value(node.operand, values)
        return None if inner is None else not inner
    if isinstance(node, ast.BoolOp):
        decides = isinstance(node.op, ast.Or)
        found = [_value(part, values) for part in node.values]
        return decides if decides in found else None if None in found else not decides
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        one, other = _value(node.left, values), _value(node.right, values)
        return None if one is None or other is None else one + other
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _compared(node.ops[0], _value(node.left, values), _value(node.comparators[0], values))
    raise NotImplementedError(ast.dump(node))


def _compared(how: ast.cmpop, one: Any, other: Any) -> bool | None:
    if isinstance(how, ast.Is | ast.IsNot):
        return (one is other) == isinstance(how, ast.Is)
    if one is None or other is None:
        return None
    if isinstance(how, ast.Eq | ast.NotEq):
        return bool((one == other) == isinstance(how, ast.Eq))
    if isinstance(how, ast.Lt | ast.Gt):
        return bool(one < other if isinstance(how, ast.Lt) else one > other)
    return bool(one <= other if isinstance(how, ast.LtE) else one >= other)
