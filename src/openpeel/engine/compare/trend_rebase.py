"""Baselines, and moving them: proposed here when a shift lasts, accepted by a person with a reason, never by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openpeel.engine import clock
from openpeel.engine.compare.trend_rules import Direction, Placed, newest_run, one_side
from openpeel.engine.compare.trend_series import Point, Series
from openpeel.errors import UserError
from openpeel.words import _

LEAST = 20
"""Months with a value that a baseline needs before there is any signal."""
USUAL = 24
"""Months with a value in a baseline; it is frozen once it has them. [our assumption: two whole years]"""

PROPOSED_BY = "run-of-12"
SUSTAINED = 12
"""Months in a row on one side of the centre after which a new baseline is proposed. [our assumption: a whole
year, so that no season alone proposes one]"""


@dataclass(frozen=True)
class Rebasing:
    """A new baseline that a person accepted.

    Attributes:
        measure, force, breakdown: the series.
        first_month: month number of the first month of the new baseline.
        reason: why the level is taken to have changed.
        by: who accepted it.
        on: the day on which.

    Raises:
        UserError: nobody, or no reason.
    """

    measure: str
    force: str
    first_month: int
    reason: str
    by: str
    on: date
    breakdown: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        what = f"the new baseline of {self.measure}, {self.force}"
        if not self.reason.strip():
            raise UserError("a new baseline needs a reason", what, "say what changed and how that is known")
        if not self.by.strip():
            raise UserError("a new baseline is accepted by a person", what, "say who")

    def as_json(self) -> dict[str, Any]:
        """The acceptance as plain data."""
        return {
            "first_month": clock.month_text(self.first_month),
            "reason": self.reason,
            "by": self.by,
            "on": self.on.isoformat(),
        }


@dataclass(frozen=True)
class Proposal:
    """A new baseline that the engine proposes; it changes nothing until a person accepts it."""

    rule: str
    first_month: int
    months: int
    side: Direction
    words: str

    def as_json(self) -> dict[str, Any]:
        """The proposal as plain data."""
        return {
            "rule": self.rule,
            "first_month": clock.month_text(self.first_month),
            "months": self.months,
            "side": self.side,
            "words": self.words,
        }


@dataclass(frozen=True)
class Baseline:
    """The frozen stretch that centre and limits rest on; the newest month of the series is never in it.

    Attributes:
        points: its months in order from the first to the last with a value, gaps among them.
        known: how many of them have a value.
        wanted: how many it has once it is frozen.
        rebasing: the acceptance that began it, if one did.
    """

    points: Sequence[Point]
    known: int
    wanted: int
    rebasing: Rebasing | None

    def needed(self) -> int:
        """How many more months with a value are needed before there can be a signal."""
        return max(0, LEAST - self.known)

    def as_json(self) -> dict[str, Any]:
        """The baseline as plain data."""
        return {
            "first": clock.month_text(self.points[0].month) if self.points else None,
            "last": clock.month_text(self.points[-1].month) if self.points else None,
            "points": self.known,
            "missing": len(self.points) - self.known,
            "wanted": self.wanted,
            "more_needed": self.needed(),
            "rebasing": self.rebasing.as_json() if self.rebasing else None,
        }


def baseline_of(series: Series, accepted: Iterable[Rebasing] = (), wanted: int = USUAL) -> Baseline:
    """The baseline of a series: the first months with a value since the last accepted re-basing.

    Args:
        series: the series.
        accepted: new baselines that people accepted, of any series; those of this one count, and of them
            those that begin no later than the newest month.
        wanted: months with a value in it.

    Raises:
        ValueError: fewer than ``LEAST`` months wanted.
    """
    if wanted < LEAST:
        raise ValueError(f"a baseline has at least {LEAST} months, not {wanted}")
    rebasing = last_accepted(series, accepted)
    start = rebasing.first_month if rebasing else series.points[0].month
    known = [p for p in series.points[:-1] if p.month >= start and p.value is not None][:wanted]
    points = [p for p in series.points if known[0].month <= p.month <= known[-1].month] if known else []
    return Baseline(points, len(known), wanted, rebasing)


def last_accepted(series: Series, accepted: Iterable[Rebasing]) -> Rebasing | None:
    """The latest new baseline of a series that has begun by its newest month."""
    mine = [
        r
        for r in accepted
        if (r.measure, r.force, dict(r.breakdown)) == (series.measure, series.force, dict(series.breakdown))
        and r.first_month <= series.newest().month
    ]
    return max(mine, key=lambda r: (r.first_month, r.on), default=None)


def propose(placed: Sequence[Placed | None]) -> Proposal | None:
    """A new baseline where a shift has lasted: 12 months in a row on one side, up to the newest.

    It would begin with the first month of that run.

    Args:
        placed: as for :func:`trend_rules.signals`.
    """
    run = newest_run(placed)
    months, side = one_side(run)
    if side is None or months < SUSTAINED:
        return None
    first = run[-months].month
    where = _("above the centre") if side == "high" else _("below the centre")
    words = _(
        "%(n)s months in a row %(where)s: if the reason is known, a new baseline from %(month)s can be accepted"
    )
    told = words % {"n": months, "where": where, "month": clock.month_text(first)}
    return Proposal(PROPOSED_BY, first, months, side, told)
