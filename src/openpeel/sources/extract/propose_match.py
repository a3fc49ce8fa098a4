"""Which heading is which column: by words, by what they are called elsewhere, and by the values' type.

A score is only for putting candidates in order; it says nothing about how sure anybody can be, and is
never shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from openpeel.engine.declare.records import Column, RecordType
from openpeel.engine.intake.mapping import normal_heading
from openpeel.sources.extract import propose_words as words
from openpeel.sources.extract.propose_values import MOST_WORDINGS, Values, share_clear

#: Candidates below this are none; a heading that is the column's name is above all others.
_LEAST, _OWN_NAME = 0.62, 2.0
#: More than a number: a rank or a name beside it.
_WORDY = re.compile(r".*[A-Za-z]{3,}\s.+|.+\s[A-Za-z]{3,}.*")
#: Names at least so alike, with values that fit at least so well, need no second look.
_CLEAR = 0.9


@dataclass(frozen=True)
class Heading:
    """One heading of the file, with its values."""

    place: int
    text: str
    values: Values


@dataclass(frozen=True)
class Source:
    """Where a column's value can come from.

    Attributes:
        heading: the heading, or that of the time of day.
        date: the heading of the date that goes with a time of day.
        borrowed: the date is not that time's own.
        plus: the heading of seconds to be added.
        contains: words of which one must be held.
        score: how well it fits, for putting candidates in order.
        clear: whether the heading is what the column is called, and its values are as they should be.
    """

    heading: Heading
    date: Heading | None = None
    borrowed: bool = False
    plus: Heading | None = None
    contains: tuple[str, ...] = ()
    score: float = 0.0
    clear: bool = False

    def words(self) -> tuple[str, ...]:
        """The words of what it is called."""
        own = words.words_of(self.heading.text)
        if self.date is None or self.borrowed:
            return own
        return tuple(dict.fromkeys((*own, *words.words_of(self.date.text))))

    def headings(self) -> tuple[Heading, ...]:
        """Every heading it needs."""
        return tuple(h for h in (self.date, self.heading, self.plus) if h)


def match(record_type: RecordType, headings: Sequence[Heading]) -> dict[str, Source]:
    """Column -> where its value comes from; one heading for one column, the best first."""
    singles = [Source(h) for h in headings]
    candidates = []
    for source in (*_joined(record_type, headings), *singles):
        for at, column in enumerate(record_type.columns):
            fitting = _scored(record_type, column, source)
            if fitting.score >= _LEAST:
                candidates.append((-fitting.score, source.heading.place, at, column.name, fitting))
    found: dict[str, Source] = {}
    used: set[int] = set()
    for _, place, _, name, source in sorted(candidates, key=lambda c: c[:3]):
        date = source.date
        own_date_gone = date is not None and not source.borrowed and date.place in used
        if name in found or place in used or own_date_gone:
            continue
        found[name] = source
        used |= {place} | ({date.place} if date else set())
    return _with_flags(record_type, headings, _with_elapsed(record_type, headings, found))


def _joined(record_type: RecordType, headings: Sequence[Heading]) -> list[Source]:
    """Dates and times of day that belong together: by their words, or because the date is the record's own."""
    dates = [h for h in headings if _is_day(h)]
    times = [h for h in headings if h.values.dates.kind == "time"]
    out = []
    for time in times:
        own = [d for d in dates if _stem(d) == _stem(time)]
        shared = [d for d in dates if not _stem(d)] or [d for d in dates if _of_record(record_type, d)]
        if len(own) == 1:
            out.append(Source(time, own[0]))
        elif not own and len(shared) == 1:
            out.append(Source(time, shared[0], borrowed=True))
    return out


def _is_day(heading: Heading) -> bool:
    dates = heading.values.dates
    return dates.kind == "date" or (dates.kind == "stamp" and dates.midnight and not dates.offsets)


def _of_record(record_type: RecordType, heading: Heading) -> bool:
    """Whether a date is like the one that decides a record's month."""
    return _name(record_type, record_type.column(record_type.anchor), words.words_of(heading.text)) >= _LEAST


def _stem(heading: Heading) -> frozenset[str]:
    return frozenset(words.words_of(heading.text)) - {"when"}


def _scored(record_type: RecordType, column: Column, source: Source) -> Source:
    """The source with its score for a column."""
    fit = _fit(record_type, column, source)
    own_name = normal_heading(column.name)
    if source.date is None and normal_heading(source.heading.text) == own_name:
        return replace(source, score=_OWN_NAME, clear=True)
    if not fit or (column.personal != "identity" and words.of_somebody(source.heading.text)):
        return source
    said = source.words()
    name = _name(record_type, column, said)
    if name < 0.3:
        return source
    more = _meant(column, said) + (0.02 if column.required else 0.0)
    # A list of words that are all ours says as much as a heading does.
    more += 0.3 if column.allowed and source.heading.values.only(column) else 0.0
    score = (name + more) * fit
    return replace(source, score=score, clear=name >= _CLEAR and fit >= 0.8)


def _name(record_type: RecordType, column: Column, said: tuple[str, ...]) -> float:
    """How well a heading's words are those of a column."""
    names = words.names_of(column.name)
    best = max(words.likeness(said, n) for n in names)
    if said == ("id",) and record_type.key == (column.name,):
        return 1.0
    if said == ("when",) and record_type.anchor == column.name:
        return 1.0
    # What names no number is the number of something only where that is what it is called.
    if column.name.endswith("_id") and "id" not in said and best < 1:
        return 0.0
    return best


def _meant(column: Column, said: tuple[str, ...]) -> float:
    """A little more for words that the column's meaning has, too."""
    strong = [w for w in said if words.weight(w) == 1]
    held = set(words.words_of(column.meaning))
    return 0.1 * sum(w in held for w in strong) / len(strong) if strong else 0.0


def _fit(record_type: RecordType, column: Column, source: Source) -> float:
    """How well the values can be those of a column: 0 for not at all, 1 for well."""
    values = source.heading.values
    if source.date is not None:
        return float(column.type == "instant")
    if not values.total:
        return 0.8
    if column.type in ("date", "instant"):
        return _fit_of_dates(column, values)
    if column.type == "boolean" or column.allowed:
        return 0.3 + 0.7 * share_clear(column, values) if len(values.wordings) <= MOST_WORDINGS else 0.2
    if column.type == "duration":
        minutes = "minut" in words.words_of(source.heading.text)
        return 0.0 if minutes else max(values.whole, values.clock)
    if column.type == "integer":
        return values.whole
    if column.type == "number":
        return values.numeric
    if values.dates.kind:
        return 0.3
    if column.personal == "pseudonym" and values.share(_WORDY) > 0.5:
        return 0.7
    if record_type.key == (column.name,):
        return 1.0 if values.distinct > 0.5 else 0.4
    return 1.0


def _fit_of_dates(column: Column, values: Values) -> float:
    dates = values.dates if values.dates.kind else values.serials
    if dates.kind in ("", "time"):
        return 0.0
    if any("%n" in f for f in dates.formats) and not (dates.iso and column.type == "instant"):
        return 0.0  # seconds of more than six places are read as ISO alone
    if dates.offsets and not (dates.iso and column.type == "instant"):
        return 0.0
    known_to_the_day = column.type == "instant" and (dates.kind == "date" or dates.midnight)
    return 0.8 if known_to_the_day else 1.0


def _with_elapsed(
    record_type: RecordType, headings: Sequence[Heading], found: dict[str, Source]
) -> dict[str, Source]:
    """For times that stand nowhere: seconds that passed since the one that decides the record's month."""
    start = found.get(record_type.anchor)
    if start is None or record_type.column(record_type.anchor).type != "instant":
        return found
    out = dict(found)
    used = {h.place for s in found.values() for h in s.headings()}
    elapsed = []
    for heading in headings:
        if heading.place in used or not heading.values.seconds or not words.elapsed(heading.text):
            continue
        for at, column in enumerate(record_type.columns):
            name = _name(record_type, column, words.words_of(heading.text))
            if column.type == "instant" and column.name not in out and name >= _LEAST:
                elapsed.append((-name, heading.place, at, column.name, heading))
    for _, place, _, column_name, heading in sorted(elapsed, key=lambda e: e[:3]):
        if column_name not in out and place not in used:
            out[column_name] = replace(start, plus=heading)
            used.add(place)
    return out


#: Yes/no columns and the codes by which they stand among others in one column of markers.
_CODES: dict[str, tuple[str, ...]] = {
    "domestic_abuse": ("DA", "DV", "DOM"), "mental_health": ("MH",), "vulnerable": ("VULN", "VUL"),
    "antisocial_behaviour": ("ASB",), "concern_for_welfare": ("CFW",), "hate_crime": ("HATE", "HC"),
    "child_abuse": ("CA",), "repeat_victim": ("RV",), "repeat_location": ("RL",), "honour_based_abuse": ("HBA", "HBV"),
    "child_exploitation": ("CSE", "CE"), "knife_or_blade": ("KNIFE",), "gang_related": ("GANG",),
}  # fmt: skip


def _with_flags(
    record_type: RecordType, headings: Sequence[Heading], found: dict[str, Source]
) -> dict[str, Source]:
    """For yes/no columns that stand nowhere: their codes in a column of several markers."""
    out = dict(found)
    used = {h.place for s in found.values() for h in s.headings()}
    for heading in headings:
        if heading.place in used or not {"flag", "tag", "keyword"} & set(words.words_of(heading.text)):
            continue
        held = {t.upper() for v in list(heading.values.known)[:5000] for t in _tokens(v)}
        for column in record_type.columns:
            codes = tuple(c for c in _CODES.get(column.name, ()) if c in held)
            if codes and column.type == "boolean" and column.name not in out:
                out[column.name] = Source(heading, contains=codes)
    return out


def _tokens(value: str) -> list[str]:

    return re.findall("[A-Za-z]+", value)
