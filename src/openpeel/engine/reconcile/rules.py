"""The rules by which two counts of the same thing differ, and what each makes of a record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from openpeel.engine.measure.cubes import NOT_KNOWN

#: What is known of a record's answer: yes, no, not known, or in no denominator (withdrawn, not yet due).
Answer = Literal["yes", "no", "unknown", "none"]

DUPLICATES, ELIGIBILITY = "duplicates-dropped", "eligibility-unknown-counted"
AS_NO, AS_YES = "unknown-as-no", "unknown-as-yes"
BY_UTC = "period-by-utc"
#: Most rules that are taken together: more of them would fit anything.
TOGETHER = 3
#: With more rules than this, only those that change something by themselves are taken together.
_MANY = 14


@dataclass(frozen=True)
class Rule:
    """A way to count that may be theirs.

    Attributes:
        id: ``period-by-recorded_at``.
        says: in words, to follow "their number comes out if".
        group: of the rules of one group only one can be theirs.
        key: what the rule needs: a date column, the number of a condition, a reading, a population.
    """

    id: str
    says: str
    group: str
    key: str | int = ""


@dataclass(frozen=True)
class Seen:
    """What the rules look at of a record, or of records that are alike in all of it.

    Attributes:
        months: date column -> month by it; ``None`` where it is blank. Blank is the anchor date.
        conditions: the conditions of ``where``: each true, false or not known.
        answers: reading -> answer; blank is the measure's own.
        categories: breakdown -> category.
        copy: whether another record before it is alike in all but the key.
    """

    months: Mapping[str, int | None]
    conditions: tuple[bool | None, ...]
    answers: Mapping[str, Answer]
    categories: Mapping[str, str]
    copy: bool


@dataclass(frozen=True)
class Asked:
    """What a figure counts: the months, the category, the reading, and for a distribution what it is across."""

    first: int
    last: int
    breakdown: Mapping[str, str]
    reading: str = ""
    across: str = ""


def counts(seen: Seen, asked: Asked, rules: Collection[Rule]) -> tuple[int, int]:
    """What a record adds to numerator and denominator, under the rules."""
    if not in_period(seen, asked, rules) or not in_category(seen, asked):
        return 0, 0
    ids = {r.id for r in rules}
    if seen.copy and DUPLICATES in ids:
        return 0, 0
    belongs = belonging(seen, rules)
    if belongs is False or (belongs is None and ELIGIBILITY not in ids):
        return 0, 0
    answer = answer_of(seen, asked, rules)
    if answer == "unknown":
        answer = "no" if AS_NO in ids else "yes" if AS_YES in ids else answer
    return int(answer == "yes"), int(answer in ("yes", "no"))


def in_period(seen: Seen, asked: Asked, rules: Collection[Rule] = ()) -> bool:
    """Whether the record falls into the months, by the date that the rules say."""
    column = next((str(r.key) for r in rules if r.group == "period"), "")
    month = seen.months[column]
    return month is not None and asked.first <= month <= asked.last


def in_category(seen: Seen, asked: Asked) -> bool:
    """Whether the record is of the category; one across which is counted is told by its answer."""
    wanted = {b: c for b, c in asked.breakdown.items() if b != asked.across}
    return all(seen.categories[b] == c for b, c in wanted.items())


def belonging(seen: Seen, rules: Collection[Rule] = ()) -> bool | None:
    """Whether the measure's conditions hold, but for those that the rules leave out; ``None``: not known."""
    left_out = {r.key for r in rules if r.group.startswith("scope")}
    held = [c for place, c in enumerate(seen.conditions) if place not in left_out]
    if False in held:
        return False
    return None if None in held else True


def answer_of(seen: Seen, asked: Asked, rules: Collection[Rule] = ()) -> Answer:
    """The record's answer, under the reading of the rules or the figure's own."""
    if asked.across:
        category = seen.categories[asked.across]
        if category == NOT_KNOWN:
            return "unknown"
        return "yes" if category == asked.breakdown.get(asked.across) else "no"
    reading = next((str(r.key) for r in rules if r.group == "reading"), asked.reading)
    return seen.answers[reading]


def sets_of(rules: Collection[Rule], moving: Collection[Rule]) -> list[tuple[Rule, ...]]:
    """The sets of rules that can be theirs, smaller ones first, the empty one among them.

    Args:
        rules: all rules, in the order in which they are taken.
        moving: those that change some number by themselves.
    """
    together = list(rules) if len(rules) <= _MANY else [r for r in rules if r in moving]
    out: list[tuple[Rule, ...]] = [(), *((r,) for r in rules)]
    for size in range(2, TOGETHER + 1):
        out += [s for s in combinations(together, size) if len({r.group for r in s}) == size]
    return out
