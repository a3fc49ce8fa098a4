"""What stands under a heading: known values, words for unknown, and which of our words they can be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from openpeel.engine.declare.records import Column
from openpeel.engine.intake.mapping import BLANK_WORDS, FALSE_WORDS, TRUE_WORDS
from openpeel.sources.extract.propose_dates import Dates, dates_of, serials_of
from openpeel.sources.extract.propose_words import words_of

#: Wordings beside those that always mean unknown which mean it in nearly every file.
UNKNOWN_WORDS = (
    "-", "--", "---", ".", "?", "??", "unknown", "unk", "not known", "n/k", "nk", "not recorded", "not entered",
    "not specified", "not available", "none recorded", "no data", "(null)", "<null>", "[null]", "(blank)", "#n/a",
    "tbc", "to be confirmed",
)  # fmt: skip
#: More different wordings than this are no list somebody chooses from.
MOST_WORDINGS = 60
_EDGES = " \t\r\n\xa0\ufeff"
_WHOLE = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.0+)?")
_NUMBER = re.compile(r"[+-]?((\d+|\d{1,3}(,\d{3})+)(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_CLOCK = re.compile(r"\d{1,5}:[0-5]\d:[0-5]\d")
_NOT = {"no", "not", "non", "never", "without", "un", "none"}
#: Short ways to write our words.
_SHORT = {
    "constable": ("pc", "dc", "con", "police constable"), "sergeant": ("ps", "ds", "sgt"),
    "inspector": ("insp", "di", "pi"), "chief inspector": ("ci", "dci", "ch insp", "c insp", "cinsp"),
    "superintendent": ("supt", "dsupt"), "chief superintendent": ("ch supt", "c supt", "csupt"),
    "PCSO": ("police community support officer", "community support officer"),
    "police officer": ("officer", "police", "regular"), "police staff": ("staff", "civilian"),
    "special constable": ("special", "specials", "sc"), "telephone": ("phone", "tel", "telephone call"),
    "Person search": ("person", "person only"), "Vehicle search": ("vehicle", "vehicle only"),
    "Person and Vehicle search": ("both", "person and vehicle"), "medium": ("med",), "standard": ("std",),
    "no further action": ("nfa",), "released under investigation": ("rui",), "online": ("soh", "web"),
    "front counter": ("front office", "front desk", "station office"),
}  # fmt: skip


@dataclass(frozen=True)
class Values:
    """The values under one heading.

    Attributes:
        known: value -> number of rows, without white space round it; no words for unknown.
        unknown: words that very likely mean unknown, as written.
        blanks: number of rows with nothing, or with a word that always means unknown.
        month_first: whether the file's other dates have the month first.
    """

    known: dict[str, int]
    unknown: dict[str, int]
    blanks: int
    month_first: bool = False

    @cached_property
    def total(self) -> int:
        """Rows with a known value."""
        return sum(self.known.values())

    @cached_property
    def dates(self) -> Dates:
        """How they are written as dates or times."""
        return dates_of(self.known, self.month_first)

    @cached_property
    def serials(self) -> Dates:
        """How they would be written if they were days counted as spreadsheets do."""
        return serials_of(self.known)

    def share(self, pattern: re.Pattern[str]) -> float:
        """Share of the known values that are written so; 1 where none is known."""
        fits = sum(n for v, n in self.known.items() if pattern.fullmatch(v))
        return fits / self.total if self.total else 1.0

    @cached_property
    def whole(self) -> float:
        """Share of whole numbers."""
        return self.share(_WHOLE)

    @cached_property
    def numeric(self) -> float:
        """Share of numbers."""
        return self.share(_NUMBER)

    @cached_property
    def clock(self) -> float:
        """Share of durations written H:MM:SS."""
        return self.share(_CLOCK)

    @cached_property
    def seconds(self) -> bool:
        """Whether all are whole numbers that can be seconds passed within a day or so."""
        return bool(self.total) and self.whole == 1 and all(0 <= _int(v) <= 100_000 for v in self.known)

    @cached_property
    def distinct(self) -> float:
        """Share of different values among the known ones; 1 where none is known."""
        return len(self.known) / self.total if self.total else 1.0

    @cached_property
    def wordings(self) -> list[str]:
        """The different values without regard to case and runs of spaces, the most frequent first."""
        seen: dict[str, str] = {}
        for value in sorted(self.known, key=lambda v: (-self.known[v], v)):
            seen.setdefault(" ".join(value.lower().split()), value)
        return list(seen.values())

    def only(self, column: Column) -> bool:
        """Whether all are words of a choice or yes/no column, and there are some."""
        return bool(self.known) and all(readable(column, v) for v in self.known)

    def chosen(self) -> bool:
        """Whether they can be chosen from a list: few, and occurring again and again."""
        return len(self.wordings) <= MOST_WORDINGS and (self.total <= 20 or 2 * len(self.known) <= self.total)


def _int(value: str) -> int:
    return int(float(value.replace(",", "")))


def values_of(column: Sequence[str]) -> Values:
    """Look at the values of one column."""
    known: dict[str, int] = {}
    unknown: dict[str, int] = {}
    blanks = 0
    for raw, times in Counter(column).items():
        value = raw.strip(_EDGES)
        if value.upper() in BLANK_WORDS:
            blanks += times
        elif " ".join(value.lower().split()) in UNKNOWN_WORDS:
            unknown[value] = unknown.get(value, 0) + times
        else:
            known[value] = known.get(value, 0) + times
    return Values(known, unknown, blanks)


def readable(column: Column, value: str) -> bool:
    """Whether a value is one of a choice or yes/no column's own words."""
    plain = value.strip().lower()
    if column.type == "boolean":
        return plain in TRUE_WORDS or plain in FALSE_WORDS
    return plain in (a.lower() for a in column.allowed)


def translation(column: Column, value: str) -> str:
    """Our word for a value of a choice or yes/no column where it is clear; else blank."""
    if column.type == "boolean":
        return _yes_or_no(column, value)
    words = _plain(value)
    for clear in (_same, _beginning, _held, _initial):
        fits = clear(words, column.allowed)
        if fits:
            return fits
    return ""


def share_clear(column: Column, values: Values) -> float:
    """Share of the values of a choice or yes/no column that are clear."""
    if not values.total:
        return 1.0
    words = values.wordings[:MOST_WORDINGS]
    clear = sum(values.known[v] for v in words if readable(column, v) or translation(column, v))
    return min(clear / values.total, 1.0)


def _yes_or_no(column: Column, value: str) -> str:
    words = _plain(value)
    if not words:
        return ""
    if words[0] in TRUE_WORDS:
        return "yes"
    if words[0] in FALSE_WORDS or words[0] in _NOT:
        return "no"
    # The marker's own name, such as `DA`, where it is set.
    return "yes" if words_of(value) == words_of(column.name) else ""


def _plain(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9]+", text.lower().replace("'", "")))


def _same(words: tuple[str, ...], allowed: Sequence[str]) -> str:
    for word in allowed:
        ways = (_plain(word), *map(_plain, _SHORT.get(word, ())))
        if words in ways or "".join(words) in ("".join(w) for w in ways):
            return word
    return ""


def _beginning(words: tuple[str, ...], allowed: Sequence[str]) -> str:
    """The only one of our words that begins with theirs."""
    start = " ".join(words)
    fits = [a for a in allowed if " ".join(_plain(a)).startswith(start)]
    return fits[0] if len(start) >= 3 and len(fits) == 1 else ""


def _held(words: tuple[str, ...], allowed: Sequence[str]) -> str:
    """The only one of our words, or the longest, that is held in theirs; a `not` more or less is another word."""
    inside = [
        a for a in allowed if set(_plain(a)) <= set(words) and _NOT & set(words) == _NOT & set(_plain(a))
    ]
    inside.sort(key=lambda a: -len(_plain(a)))
    clear = inside and (len(inside) == 1 or len(_plain(inside[0])) > len(_plain(inside[1])))
    return inside[0] if clear else ""


def _initial(words: tuple[str, ...], allowed: Sequence[str]) -> str:
    fits = [a for a in allowed if a.lower().startswith("".join(words))]
    return fits[0] if len("".join(words)) == 1 and words[0].isalpha() and len(fits) == 1 else ""
