"""What is doubtful about single records by themselves: their days, their numbers, their wording. One scan a type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from openpeel.engine.check.doubt import Doubt, Severity
from openpeel.engine.check.frame import Frame, Values, spread_of
from openpeel.engine.check.held import TABLE, Held, records
from openpeel.engine.declare.records import NEVER_SHOWN, Column, date_of
from openpeel.engine.sql import quote, text

#: A character that was lost, UTF-8 read as Windows text, or the marks of a web page left in.
BROKEN_TEXT = (
    "\ufffd|[\u00c2\u00c3\u00c5\u00d0\u00d1][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192"
    "\u02c6\u02dc\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
    "|\u00e2\u20ac|\u00ef[\u00bb\u00bf][\u00bd\u00bf]|&(amp|lt|gt|quot|nbsp|#[0-9]{1,5});"
)
#: A question mark in the midst of a word, where a list of words has none.
_LOST = "[a-z][?][a-z]"
#: A value that is nothing but the word of a trial, numbered or not; ``Test Valley`` is a place.
TRIAL = "(?i)(test|tests|testing|test record|dummy|dummy record|do not use|delete me|asdf|qwerty|xxx+)[ _/-]*[0-9]*"
#: Share of a column's values from which on such a word is one of its own.
_ITS_OWN = 0.01
#: Known values that a column of numbers needs before one can be far beyond the rest.
_ENOUGH = 200
#: Days long before all others that are slips, however few records there are.
_SLIPS = 3


@dataclass(frozen=True)
class Question:
    """One thing asked of every row.

    Attributes:
        check: id of the check.
        subject: the column.
        condition: SQL that is true for a doubtful row.
        said: what is doubtful, to follow "N records have".
        do: what to do.
        severity: of the doubt.
    """

    check: str
    subject: str
    condition: str
    said: str
    do: str
    severity: Severity = "warning"


def doubtful_rows(held: Held, frame: Frame) -> list[Doubt]:
    """A doubt for each force and question that some of its rows answer with yes."""
    questions = [*_about_days(held, frame), *_about_numbers(held, frame), *_about_words(held)]
    if not questions:
        return []
    asked = " || ".join(f"CASE WHEN {q.condition} THEN [{n}] ELSE [] END" for n, q in enumerate(questions))
    any_of = " OR ".join(f"({q.condition})" for q in questions)
    found = held.con.execute(
        f"SELECT force, {held.key_sql()}, {asked} FROM (SELECT t.*, k.known_on FROM {TABLE} t "
        f"JOIN ({_known_from_sql(held)}) k USING (force, month)) WHERE {held.asked_sql()} AND ({any_of})"
    ).fetchall()
    return _doubts(held, questions, found)


def _doubts(held: Held, questions: list[Question], found: list[tuple[str, str, list[int]]]) -> list[Doubt]:
    rows: dict[tuple[int, str], list[str]] = defaultdict(list)
    for force, key, numbers in found:
        for number in numbers:
            rows[number, force].append(key)
    out = []
    for (number, force), keys in sorted(rows.items()):
        q = questions[number]
        told = f"{records(len(keys))} {'has' if len(keys) == 1 else 'have'} {q.said}. {q.do}"
        out.append(held.told(q.check, q.severity, force, q.subject, keys, told))
    return out


def _known_from_sql(held: Held) -> str:
    """Force, month and the day from which its rows are known: nothing in them can have happened later."""
    rows = ", ".join(
        f"({text(e.force)}, {e.month}, DATE {text(e.known_from)})" for e in held.entries if e.rows
    )
    return f"SELECT * FROM (VALUES {rows}) v(force, month, known_on)"


def _day(column: Column) -> str:
    return quote(date_of(column.name) if column.type == "instant" else column.name)


def _known_on(held: Held, frame: Frame) -> Values:
    """Of each record the ordinal of the day from which it is known."""
    days = {(e.force, e.month): date.fromisoformat(e.known_from).toordinal() for e in held.entries}
    places = frame.force * 100_000 + frame.month
    different, back = np.unique(places, return_inverse=True)
    told = [days[frame.forces[p // 100_000], p % 100_000] for p in different.tolist()]
    return np.array(told, np.float64)[back]


def _about_days(held: Held, frame: Frame) -> list[Question]:
    days = [c for c in held.kept() if c.type in ("date", "instant")]
    known_on = _known_on(held, frame) if days else np.zeros(0)
    out = list[Question]()
    for column in days:
        values = frame.numbers[date_of(column.name) if column.type == "instant" else column.name]
        ordered = spread_of(values, (0.0, 0.05, 0.5))
        if ordered:
            out += _about_day(held, column, values, known_on, *ordered)
    return out


def _about_day(
    held: Held, column: Column, values: Values, known_on: Values, first: float, early: float, middle: float
) -> Iterator[Question]:
    """Questions about one column, where a value answers it.

    ``first``, ``early`` and ``middle`` are its first value, the first of twenty, and the median.
    """
    s, day, name = held.settings, _day(column), column.name
    later = values > known_on
    many = int(later.sum())
    words = set(name.split("_")) & set(s.planned_words)
    often = many > max(2, s.planned_share * int((~np.isnan(values)).sum()))
    planned = often or (bool(words) and name != held.type.anchor)
    years = s.planned_years if planned else 0
    if many and (not held.copied or (values > known_on + years * 365).any()):
        ahead = f"known_on + INTERVAL {years} YEAR"
        said = f"a {name} {'far ' if planned else ''}after the day they were supplied"
        do = "Correct the date, or the day from which the records are known (`--supplied`)."
        yield Question("times.future", name, f"{day} > {ahead}", said, do)
    # Days that spread over decades by themselves, such as those of joining, reach back as far again.
    reach = 2 * (middle - early)
    bound = _back(early, max(s.ancient_years * 365.25, reach))
    near = _back(early, max(365.25, reach / 2))
    known = values[~np.isnan(values)]
    if int((known < bound.toordinal()).sum()) > max(_SLIPS, s.ancient_share * len(known)):
        bound = min(bound, _back(early, s.ancient_slip * 365.25))
    named = [n for n in s.sentinel_days if date.fromisoformat(n) < near]
    latest = max([bound, *(date.fromisoformat(n) + timedelta(1) for n in named)])
    if not held.copied or first < latest.toordinal():
        condition = f"{day} < DATE '{bound.isoformat()}'"
        if named:
            condition = f"({condition} OR {day} IN ({', '.join(f'DATE {text(n)}' for n in named)}))"
        do = "A century may be wrong, or a system wrote a day of its own where none is known: correct or blank it."
        yield Question("times.ancient", name, condition, f"a {name} long before all others", do)


def _back(day: float, days: float) -> date:
    return date.fromordinal(max(1, int(day - days)))


def _about_numbers(held: Held, frame: Frame) -> Iterator[Question]:
    """Values far beyond the rest, and negative ones in a column that has none; totals have series of their own."""
    for c in held.kept():
        if (
            c.type in ("integer", "number", "duration")
            and not held.is_count
            and c.name not in held.type.key
            and c.personal not in NEVER_SHOWN
        ):
            ordered = spread_of(frame.numbers[c.name], (0.0, 0.01, 0.99, 1.0))
            if ordered and int((~np.isnan(frame.numbers[c.name])).sum()) >= _ENOUGH:
                yield from _about_number(held, c, *ordered)


def _about_number(
    held: Held, column: Column, least: float, low: float, high: float, most: float
) -> Iterator[Question]:
    name, value = column.name, quote(column.name)
    if low >= 0 and (least < 0 or not held.copied):
        do = "Correct it, or leave it blank if it is not known."
        yield Question("numbers.negative", name, f"{value} < 0", f"a negative {name}, as no others have", do)
    bound = high * held.settings.extreme_times
    if high > 0 and (most > bound or not held.copied):
        do = f"Check its unit: it is read as {column.unit or 'it stands'}."
        yield Question(
            "numbers.extreme", name, f"{value} > {bound:.6f}", f"a {name} far beyond all others", do
        )


def _about_words(held: Held) -> list[Question]:
    """Broken characters; what is written by hand may hold a question mark, a word of a list does not."""
    columns = [c for c in held.kept() if c.type == "text" and not c.allowed and c.personal != "pseudonym"]
    if not columns:
        return []
    broken, trial = _any_odd(held, columns)
    out = []
    for c in columns if broken else ():
        pattern = BROKEN_TEXT if c.personal == "free-text" else f"{BROKEN_TEXT}|{_LOST}"
        out.append(
            Question(
                "text.broken", c.name, f"regexp_matches({quote(c.name)}, {text(pattern)})",
                f"broken characters in {c.name}",
                "The file was written in one character set and read in another: export it as UTF-8.",
            )
        )  # fmt: skip
    return out + [_trial(c) for c in columns if trial and _seldom(held, c)]


def _trial(column: Column) -> Question:
    said = f"a {column.name} that says it is a trial"
    do = "Records made to try a system out are no events: remove them, or say what they are."
    return Question("text.test", column.name, _is_trial(column), said, do)


def _is_trial(column: Column) -> str:
    return f"regexp_full_match({quote(column.name)}, {text(TRIAL)})"


def _seldom(held: Held, column: Column) -> bool:
    """Whether some records say that they are trials, and so few that it is no word of the column's own."""
    row = held.con.execute(
        f"SELECT count(*) FILTER (WHERE {_is_trial(column)}), count({quote(column.name)}) FROM {TABLE}"
    ).fetchone()
    trials, known = map(int, row or (0, 0))
    return 0 < trials <= max(_SLIPS, known * _ITS_OWN)


def _any_odd(held: Held, columns: list[Column]) -> tuple[bool, bool]:
    """Whether any text of any row may be broken, and be of a trial: all of a row at once, in a tenth of the time."""
    together = f"concat_ws(chr(31), {', '.join(quote(c.name) for c in columns)})"
    pattern = f"{BROKEN_TEXT}|{_LOST}"
    trial = TRIAL.replace("(?i)", "(?i)(^|\\x1f)", 1) + "($|\\x1f)"
    row = held.con.execute(
        f"SELECT bool_or(regexp_matches(_all, {text(pattern)})), bool_or(regexp_matches(_all, {text(trial)})) "
        f"FROM (SELECT {together} AS _all FROM {TABLE})"
    ).fetchone()
    broken, trials = row or (False, False)
    return bool(broken), bool(trials)
