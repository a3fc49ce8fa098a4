"""From what was found for a column to its lines in a mapping file, with what nobody can be sure of."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from openpeel.engine.declare.records import Column
from openpeel.engine.intake.mapping import SERIAL
from openpeel.sources.extract.propose_dates import Dates
from openpeel.sources.extract.propose_match import Heading, Source
from openpeel.sources.extract.propose_values import MOST_WORDINGS, Values, readable, translation

_MINUTES = "known to the minute only, so shares within a limit are not exact"
_MOST_FORMATS = 12


@dataclass(frozen=True)
class Proposal:
    """A column's place in the draft.

    Attributes:
        column: its name.
        parts: the parts of its table in their order, as TOML; ``from`` alone is written as a heading.
        values: the file's wordings and ours; blank where it is not clear.
        unsure: what somebody has to look at.
        note: what is worth knowing besides.
    """

    column: str
    parts: tuple[tuple[str, str], ...]
    values: dict[str, str] = field(default_factory=dict)
    unsure: tuple[str, ...] = ()
    note: str = ""

    def value(self) -> str:
        """The part behind the equals sign, for a column without wordings."""
        if [name for name, _ in self.parts] == ["from"]:
            return self.parts[0][1]
        return "{ " + ", ".join(f"{name} = {said}" for name, said in self.parts) + " }"


def toml(said: str | Sequence[str]) -> str:
    """A text, or a list of texts, as TOML writes it."""
    if isinstance(said, str):
        return json.dumps(said, ensure_ascii=False).replace("\x7f", "\\u007f")
    return "[" + ", ".join(toml(s) for s in said) + "]"


def propose(column: Column, source: Source, known: Collection[str] = ()) -> Proposal:
    """The lines of a column.

    Args:
        column: the column.
        source: where its value comes from.
        known: words for unknown, in lower case, that are words of ours in some column: the mapping does
            not declare them, so that they have to be translated where they are none of ours.
    """
    unsure = [] if source.clear else ["the heading is only like the column"]
    if source.contains:
        return _contains(column, source)
    if column.type in ("date", "instant"):
        return _time(column, source, unsure)
    heading, values = source.heading, source.heading.values
    parts = [("from", toml(heading.text))]
    said: dict[str, str] = {}
    note = ""
    if not values.total:
        unsure.append("every row looked at is blank")
    elif column.type == "boolean" or column.allowed:
        said, more = _wordings(column, values)
        said = _with_unknown(column, values, known, said)
        unsure += more
    elif column.type in ("duration", "integer", "number"):
        clock, more = _number(column, values)
        parts += [("unit", toml("clock"))] if clock else []
        unsure += more
    if column.personal == "free-text":
        note = "free text: leave it out unless somebody is to judge it"
    return Proposal(column.name, tuple(parts), said, tuple(unsure), note)


def _contains(column: Column, source: Source) -> Proposal:
    parts = (("from", toml(source.heading.text)), ("contains", toml(source.contains)))
    doubt = 'are these its codes? a blank is unknown; if it means that no marker is set, add blank = "no"'
    return Proposal(column.name, parts, unsure=(doubt,))


def _wordings(column: Column, values: Values) -> tuple[dict[str, str], list[str]]:
    """The file's wordings and ours, where they are not the same; and what is unsure of them."""
    unsure = []
    if column.type == "boolean" and values.blanks and len(values.wordings) == 1:
        unsure.append('a blank is unknown; if it means the opposite here, add blank = "no" (or "yes")')
    if all(readable(column, v) for v in values.known):
        return {}, unsure
    if not values.chosen():
        few = len(values.wordings) <= MOST_WORDINGS
        unsure.append(
            "the values do not look chosen from a list"
            if few
            else f"more than {MOST_WORDINGS} wordings: add values"
        )
        return {}, unsure
    said = {v: _ours(column, v) for v in values.wordings}
    open_ = sum(not ours for ours in said.values())
    if open_:
        unsure.append(
            f"{open_} of {len(said)} wordings have no word of ours yet: unknown until somebody says"
        )
    return said, unsure


def _with_unknown(
    column: Column, values: Values, known: Collection[str], said: dict[str, str]
) -> dict[str, str]:
    """The wordings with the words for unknown that the mapping does not declare as such."""
    words = [w for w in values.unknown if w.lower() in known and not readable(column, w)]
    return said | dict.fromkeys(words, "") if words else said


def _ours(column: Column, value: str) -> str:
    if not readable(column, value):
        return translation(column, value)
    if column.type == "boolean":
        return translation(column, value) or "yes"
    return next(a for a in column.allowed if a.lower() == value.lower())


def _number(column: Column, values: Values) -> tuple[bool, list[str]]:
    """Whether a duration is written as on a clock, and what is unsure of a number."""
    if column.type == "duration" and values.clock > values.whole:
        return True, [] if values.clock == 1 else [_some_otherwise(1 - values.clock)]
    fits = values.numeric if column.type == "number" else values.whole
    return False, [] if fits == 1 else [_some_otherwise(1 - fits)]


def _some_otherwise(share: float) -> str:
    percent = max(1, round(100 * share))
    return f"about {percent} in 100 values are written otherwise; such rows would be set aside"


def _time(column: Column, source: Source, unsure: list[str]) -> Proposal:
    if source.date is not None:
        parts = _join(source.date, source.heading)
        unsure += _doubts_of_join(source.date, source)
    else:
        dates = _dates(source.heading)
        parts = [("from", toml(source.heading.text))]
        if dates.formats and not _readable_as_it_stands(column, dates):
            parts.append(("formats", toml(_formats(column, dates))))
        unsure += _doubts(column, dates, source.heading.values)
    if source.plus is not None:
        parts.append(("plus_seconds", toml(source.plus.text)))
        unsure = [f"seconds from the start of the record until {column.name}, if that is what they are"]
    return Proposal(column.name, tuple(parts), unsure=tuple(unsure))


def _formats(column: Column, dates: Dates) -> tuple[str, ...]:
    """The formats; for a day in front of a time also that of the day alone, as Parquet files come to be read."""
    days = ("%Y-%m-%d",) if column.type == "date" and dates.iso else ()
    return tuple(dict.fromkeys((*dates.formats, *days)))


def _dates(heading: Heading) -> Dates:
    values = heading.values
    return values.dates if values.dates.kind else values.serials


def _readable_as_it_stands(column: Column, dates: Dates) -> bool:
    return dates.iso and (column.type == "instant" or dates.kind == "date")


def _doubts(column: Column, dates: Dates, values: Values) -> list[str]:
    if not values.total:
        return ["every row looked at is blank"]
    if not dates.kind:
        return ["the values do not look like dates"]
    out = _doubts_of_writing(dates)
    if column.type == "instant":
        if dates.kind == "date":
            out.append("known to the day only")
        elif dates.midnight and len(values.known) > 1:
            out.append("every time is midnight: is the day all that is known?")
        elif dates.minutes:
            out.append(_MINUTES)
    return out


def _doubts_of_writing(dates: Dates) -> list[str]:
    out = []
    if dates.undecided:
        out.append(f"day or month first? no value tells; taken as {_order(dates)} first")
    if dates.years:
        out.append("years of two figures")
    if SERIAL in dates.formats:
        out.append("numbers taken as days that a spreadsheet counts")
    if dates.offsets and dates.offsets < 1:
        out.append("some times say their offset, others do not")
    if dates.odd:
        out.append(_some_otherwise(dates.odd))
    return out


def _order(dates: Dates) -> str:
    first = dates.formats[0]
    return "month" if -1 < first.find("%m") < first.find("%d") else "day"


def _join(date: Heading, time: Heading) -> list[tuple[str, str]]:
    parts = [("join", toml([date.text, time.text]))]
    day, clock = date.values.dates, time.values.dates
    if day.iso and clock.iso and day.kind == "date":
        return parts
    days = [_of_midnight(f) for f in day.formats]
    formats = [f"{d} {t}" for d in days for t in clock.formats][:_MOST_FORMATS]
    # Where the time is blank, the day stands alone.
    if time.values.blanks or time.values.unknown:
        formats += day.formats
    return [*parts, ("formats", toml(formats))]


def _of_midnight(format_: str) -> str:
    """The format of a date that always has midnight behind it: the noughts are written as they stand."""
    return format_.replace("%H:%M:%S", "00:00:00").replace("%H:%M", "00:00")


def _doubts_of_join(date: Heading, source: Source) -> list[str]:
    time = source.heading
    out = _doubts_of_writing(date.values.dates)
    if source.borrowed:
        out.append(
            f"is {toml(date.text)} the day of {toml(time.text)}? after midnight it would be the day before"
        )
    if time.values.dates.odd:
        out.append(_some_otherwise(time.values.dates.odd))
    if time.values.dates.minutes:
        out.append(_MINUTES)
    return out
