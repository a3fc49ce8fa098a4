"""Figures of waits, some of which had not ended at the moment the figure is for (the as-at moment).

Every record began at some moment and, by the as-at moment, was *served*, was *withdrawn* (closed or
cancelled without being served), or is still *waiting*. Durations are whole seconds since it began:

- ``ages``: until the as-at moment, for every record;
- ``served``: until it was served, ``None`` where it was not;
- ``withdrawn``: until it was withdrawn, ``None`` where it was not.

The three sequences are parallel. Withdrawn records are a category of their own: counted, listed by
their position in the sequences, and in no denominator. Records whose end is not known do not belong
here; the caller leaves them out and counts them as unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpeel.engine.measure.quantiles import seconds

NOISE = 1e-9
"""Distance from one half within which a share counts as one half (float noise)."""

Durations = Sequence[int | None]


@dataclass(frozen=True)
class Within:
    """Share served within a limit; every record is in exactly one of due, not_yet_due and withdrawn.

    Attributes:
        share: served_within / due, a fraction; ``None`` when nothing is due.
        served_within: due records served within the limit (at the limit counts).
        due: records not withdrawn and at least as old as the limit, the still waiting among them.
        not_yet_due: records not withdrawn and younger than the limit, even if already served:
            counting only those would make the share too high.
        withdrawn: records closed or cancelled without being served.
        withdrawn_late: those of them that had waited longer than the limit when they were withdrawn.
        withdrawn_at: positions of the withdrawn in the sequences given.
    """

    share: float | None
    served_within: int
    due: int
    not_yet_due: int
    withdrawn: int
    withdrawn_late: int
    withdrawn_at: tuple[int, ...]


@dataclass(frozen=True)
class WaitingMedian:
    """Median time to be served, the still waiting taken into account.

    Attributes:
        median: seconds; ``None`` is "not reached": fewer than half are known to have been served.
        served: records served.
        waiting: records still waiting at the as-at moment.
        withdrawn: records closed or cancelled without being served.
        withdrawn_at: positions of the withdrawn in the sequences given.
    """

    median: float | None
    served: int
    waiting: int
    withdrawn: int
    withdrawn_at: tuple[int, ...]


def share_within(limit: int, ages: Sequence[int], served: Durations, withdrawn: Durations) -> Within:
    """Share of the records due by the as-at moment that were served within the limit.

    Args:
        limit: seconds within which a record is to be served.
        ages, served, withdrawn: see the module.

    Raises:
        ValueError: sequences of different lengths, a duration that is negative or not a whole
            number, one that ends after the as-at moment, or a record both served and withdrawn.
    """
    limit = seconds(limit)
    gone = _withdrawn(ages, served, withdrawn)
    left = [(age, end) for age, end, w in zip(ages, served, withdrawn, strict=True) if w is None]
    due = [end for age, end in left if age >= limit]
    hits = sum(end is not None and end <= limit for end in due)
    return Within(
        share=hits / len(due) if due else None,
        served_within=hits,
        due=len(due),
        not_yet_due=len(left) - len(due),
        withdrawn=len(gone),
        withdrawn_late=sum(w is not None and w > limit for w in withdrawn),
        withdrawn_at=gone,
    )


def kaplan_meier_median(ages: Sequence[int], served: Durations, withdrawn: Durations) -> WaitingMedian:
    """Median time to be served, by Kaplan and Meier's estimate of the share still waiting.

    The median is the first time at which the share still waiting is one half or less. Where it is
    exactly one half up to the next time somebody is served, it is the middle of the two times, so
    that without waiting records it is the ordinary median (R type 7).

    Args:
        ages, served, withdrawn: see the module.

    Raises:
        ValueError: as :func:`share_within`.

    Source: Kaplan and Meier (1958), J. Am. Stat. Assoc. 53, 457-481; the middle as in R's survival.
    """
    gone = _withdrawn(ages, served, withdrawn)
    left = [(age, end) for age, end, w in zip(ages, served, withdrawn, strict=True) if w is None]
    ends = [end for _, end in left if end is not None]
    still = [age for age, end in left if end is None]
    return WaitingMedian(_median(still_waiting(ends, still)), len(ends), len(still), len(gone), gone)


def still_waiting(served: Sequence[int], waiting: Sequence[int]) -> list[tuple[int, float]]:
    """(time, share still waiting just after it) for each time at which somebody was served.

    Args:
        served: seconds to being served, of those served.
        waiting: seconds waited so far, of those still waiting; one who has waited exactly as long as
            another was served after counts as waiting at that time.
    """
    return _curve(Counter(served), Counter(waiting))


def median_from_bins(served: Mapping[int, int], waiting: Mapping[int, int]) -> float | None:
    """The median of :func:`kaplan_meier_median`, from exact counts for each second.

    Args:
        served: seconds to being served -> number of records.
        waiting: seconds waited so far -> number of records still waiting.
    """
    return _median(_curve(Counter(served), Counter(waiting)))


def _curve(events: Counter[int], stops: Counter[int]) -> list[tuple[int, float]]:
    at_risk, share, curve = events.total() + stops.total(), 1.0, []
    for time in sorted(events.keys() | stops.keys()):
        if events[time]:
            share *= (at_risk - events[time]) / at_risk
            curve.append((time, share))
        at_risk -= events[time] + stops[time]
    return curve


def _median(curve: Sequence[tuple[int, float]]) -> float | None:
    for index, (time, share) in enumerate(curve):
        if share < 0.5 - NOISE or (share <= 0.5 + NOISE and index + 1 == len(curve)):
            return float(time)
        if share <= 0.5 + NOISE:
            return (time + curve[index + 1][0]) / 2
    return None


def _withdrawn(ages: Sequence[int], served: Durations, withdrawn: Durations) -> tuple[int, ...]:
    """Positions of the withdrawn records, once every record has been checked."""
    if not len(ages) == len(served) == len(withdrawn):
        raise ValueError("ages, served and withdrawn must be of one length")
    for index, (age, end, gone) in enumerate(zip(ages, served, withdrawn, strict=True)):
        _check(index, seconds(age), end, gone)
    return tuple(index for index, gone in enumerate(withdrawn) if gone is not None)


def _check(index: int, age: int, served: int | None, withdrawn: int | None) -> None:
    if served is not None and withdrawn is not None:
        raise ValueError(f"record {index} is both served and withdrawn")
    if any(end is not None and seconds(end) > age for end in (served, withdrawn)):
        raise ValueError(f"record {index} ends after the as-at moment")
