"""What one cell of a return says: a value, not known, or that it does not apply; never one for another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from openpeel.engine.declare.records import Column
from openpeel.engine.intake.mapping import BLANK_WORDS, FALSE_WORDS, TRUE_WORDS

#: Words for a cell that does not apply, and for one that is not known, beside a blank.
DOES_NOT_APPLY = ("not applicable", "n/a")
NOT_KNOWN = ("", "not known", "unknown")
_SPACES = " \t\n\r\u00a0\ufeff"
_WHOLE = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.0+)?")
_NUMBER = re.compile(r"[+-]?(([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")
_MIDNIGHT = re.compile(r"[ T]00:00:00$")


@dataclass(frozen=True)
class Answer:
    """What a cell says; ``text`` is blank unless it is a value."""

    kind: Literal["value", "not known", "not applicable"]
    text: str = ""


class CellError(Exception):
    """A cell that cannot be taken as what its column holds.

    Args:
        reason: why its row is set aside, as the intake would put it.
        detail: what is wrong and what to do.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


def read_cell(column: Column, text: str) -> Answer:
    """What a cell of a column says.

    Raises:
        CellError: it cannot be read as a value of the column.
    """
    text = text.strip(_SPACES)
    word = " ".join(text.casefold().split())
    if word in NOT_KNOWN:
        return Answer("not known")
    if word in DOES_NOT_APPLY:
        return Answer("not applicable")
    return Answer("value", _value(column, text))


def _value(column: Column, text: str) -> str:
    if column.allowed:
        return _allowed(column, text)
    if text.upper() in BLANK_WORDS:
        raise _unread(column, text, "leave the cell blank if it is not known, or write: not applicable")
    if column.type in ("integer", "duration", "number"):
        return _number(column, text)
    if column.type == "boolean":
        if text.lower() in TRUE_WORDS + FALSE_WORDS:
            return "yes" if text.lower() in TRUE_WORDS else "no"
        raise _unread(column, text, "write yes or no")
    if column.type in ("date", "instant"):
        return _moment(column, text)
    return text


def _allowed(column: Column, text: str) -> str:
    for allowed in column.allowed:
        if allowed.casefold() == " ".join(text.casefold().split()):
            return allowed
    few = column.allowed if len(column.allowed) <= 6 else (*column.allowed[:5], "…")
    raise _unread(column, text, f"choose one from the list: {', '.join(few)}")


def _number(column: Column, text: str) -> str:
    whole = column.type != "number"
    if not (_WHOLE if whole else _NUMBER).fullmatch(text):
        raise _unread(column, text, f"write a {'whole ' if whole else ''}number without signs or units")
    number = Decimal(text.replace(",", ""))
    if abs(number) >= (1 << 63 if whole else 10**12):
        raise _unread(column, text, "check the number")
    if column.low is not None and number < Decimal(str(column.low)):
        raise CellError(f"{column.name} is too small", f"{_shown(text)} is less than {column.low:g}")
    if column.high is not None and number > Decimal(str(column.high)):
        raise CellError(f"{column.name} is too large", f"{_shown(text)} is more than {column.high:g}")
    return str(int(number)) if whole else format(number, "f")


def _moment(column: Column, text: str) -> str:
    try:
        if column.type == "date":
            return date.fromisoformat(_MIDNIGHT.sub("", text)).isoformat()
        # A day alone stays one: it has no time of day.
        return text if len(text) == 10 else datetime.fromisoformat(text).isoformat(sep=" ")
    except ValueError:
        raise _unread(column, text, "write a date that the spreadsheet takes as one, as 30/09/2024") from None


def _unread(column: Column, text: str, do: str) -> CellError:
    return CellError(f"{column.name} cannot be read", f"{_shown(text)} cannot be read; {do}")


def _shown(text: str) -> str:
    plain = " ".join(text.split())
    return f"`{plain[:40]}{'…' if len(plain) > 40 else ''}`"
