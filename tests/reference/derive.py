"""Derived columns of records, one record after the other, as their declarations say."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from openpeel.engine.declare.derivations import (
    Derived,
    FromPolicy,
    Lookup,
    RepeatWithin,
    Rollup,
    SecondsBetween,
    Translation,
)
from reference.shape import Shape
from reference.tables import Held, month_after

Record = dict[str, Any]
Policies = Mapping[date, Sequence[tuple[date, "date | None", int]]]


@dataclass
class World:
    """What was known on a day.

    Attributes:
        shape: the record type.
        held: its records.
        others: id of another type -> its records.
        policies: everything any policy ever was.
        as_at: the day.
    """

    shape: Shape
    held: Held
    others: dict[str, Held]
    policies: Policies
    as_at: date

    def derive(self) -> None:
        """Work out the derived columns of all records, each from those before it."""
        for derivation in self.shape.type.derived:
            for (force, month), records in self.held.months.items():
                for record in records:
                    record[derivation.name] = self.value(derivation, force, month, record)  # type: ignore[attr-defined]

    def value(self, how: object, force: str, month: date, record: Record) -> Any:
        if isinstance(how, Derived):
            return self.shape.formulas[how.name].value(record)
        if isinstance(how, SecondsBetween):
            return seconds_between(record[how.start], record[how.end])
        if isinstance(how, Translation):
            return translated(how.table, record[how.source])
        if isinstance(how, FromPolicy):
            return in_force(self.policies, self.as_at, record[self.shape.type.anchor_date()])
        if isinstance(how, RepeatWithin):
            return self.repeated(how, force, month, record)
        assert isinstance(how, Lookup | Rollup)
        ((mine, theirs),) = how.on
        alike = [
            r for r in self.others[how.of].of(force) if record[mine] is not None and r[theirs] == record[mine]
        ]
        if isinstance(how, Lookup):
            assert len(alike) <= 1
            return alike[0][how.take] if alike else None
        if how.how == "count":
            none_is_known = record[mine] is not None and (force, month) in self.others[how.of].months
            return len(alike) or (0 if none_is_known else None)
        values = [r[how.take] for r in alike if r[how.take] is not None]
        ways: dict[str, Callable[[list[int]], int]] = {"sum": sum, "min": min, "max": max}
        return ways[how.how](values) if values else None

    def repeated(self, how: RepeatWithin, force: str, month: date, record: Record) -> bool | None:
        """Whether an earlier record of the force is alike and at most so many days older."""
        if any(record[c] is None for c in how.of):
            return None
        day = self.shape.type.anchor_date()
        since = record[day] - timedelta(days=how.days)
        for other in self.held.of(force):
            alike = all(other[c] == record[c] for c in how.of)
            if alike and other is not record and since <= other[day] and self.earlier(other, record):
                return True
        at = month
        while at > since:  # every month that the days before reach into
            at = month_after(at, -1)
            if (force, at) not in self.held.months:
                return None
        return False

    def earlier(self, one: Record, other: Record) -> bool:
        """By day, then by moment (where it is known), then by key."""
        return self.order(one) < self.order(other)

    def order(self, record: Record) -> tuple[Any, ...]:
        of, key = self.shape.type, self.shape.type.key[0]
        day, moment = record[of.anchor_date()], record[of.anchor]
        return (day, moment is None, moment or 0, record[key])


def seconds_between(start: Any, end: Any) -> int | None:
    """Whole seconds, rounded down from the exact time between."""
    if start is None or end is None:
        return None
    took = end - start
    exact = Fraction(took.days * 86_400 + took.seconds) + Fraction(took.microseconds, 1_000_000)
    return math.floor(exact)


def translated(table: Mapping[str, str], wording: str | None) -> str | None:
    if wording is None:
        return None
    plain = {" ".join(k.lower().split()): v for k, v in table.items()}
    return plain.get(" ".join(wording.lower().split())) or None


def in_force(policies: Policies, as_at: date, day: date) -> int | None:
    """The value in force on a day, as it was known on another."""
    heard = [known for known in policies if known <= as_at]
    for first, last, value in policies[max(heard)] if heard else ():
        if first <= day and (last is None or day <= last):
            return value
    return None
