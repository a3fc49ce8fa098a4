"""Months that are missing, months with far more or fewer records than the force's others, and years against years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import exp, log, sqrt
from statistics import mean, median, variance

from openpeel.engine.check.chance import poisson_none, poisson_tail
from openpeel.engine.check.doubt import Doubt, Severity
from openpeel.engine.check.held import Held, records, runs, spoken

#: What makes the median of absolute deviations a standard deviation, where values are normal.
_MAD = 1.4826
#: Months either side whose median says how many records a month should hold.
_BESIDE = 6
#: Counts of months spread more than chance alone would have it: relative, at the least.
_LEAST_SPREAD = 0.08
#: Records of a month that small forces must ordinarily have together before they say how months move.
_TOGETHER = 50


def doubts_of_months(held: Held) -> list[Doubt]:
    """Doubts about the number of records by month."""
    if held.type.kind == "reference" or held.window is None:
        return []
    out = [*_missing(held)]
    if not held.is_count:
        out += [*_jumps(held), *_years(held)]
    return out


def _missing(held: Held) -> Iterator[Doubt]:
    for force, supplied in held.counts.items():
        for span in runs(missing_months(held, force)):
            many = span[1] - span[0] + 1
            none = all(m in supplied for m in range(span[0], span[1] + 1))
            was = "was supplied without a record" if none else "is not here"
            told = (
                f"{spoken(span)} {was}, though the force has records of other months. Supply it; if there truly was "
                "nothing to record, say so."
            )
            severity: Severity = "blocking" if held.store.months and not none else "warning"
            yield held.told_months("months.missing", severity, force, span, "all rows", told, many)


def step_of(series: Mapping[int, int]) -> int:
    """How many months mostly lie between one month with rows and the next: 12 for a table of years."""
    months = sorted(m for m, n in series.items() if n)
    steps = [b - a for a, b in pairwise(months)]
    return max(set(steps), key=lambda s: (steps.count(s), -s)) if steps else 1


def missing_months(held: Held, force: str, edges: bool = False) -> list[int]:
    """Months without a record where there should have been some.

    ``edges`` takes every month of the window as expected, whatever the force itself began and ended with.
    """
    series, window = held.series(force), held.window
    some = sorted(m for m, n in series.items() if n)
    if window is None:
        return []
    if not some and (held.store.months is not None or edges or _stopped(held, force)):
        return list(range(window[0], window[1] + 1))
    if not some:
        return []
    first, last = window
    if held.store.months is None and not edges:
        first, last = max(first, some[0]), _last(held, some[-1])
    step = step_of(series) if held.is_count else 1
    months = [m for m in range(first, last + 1) if (m - some[0]) % step == 0 and not series.get(m, 0)]
    return [
        m for m in months if held.asked(m) and _is_missing(held, series, m) and not held.common_gap(force, m)
    ]


def _stopped(held: Held, force: str) -> bool:
    """Whether a force with records before the window alone had so many then that none within it is no chance."""
    first, last = held.looked_at
    before = {m: n for m, n in held.counts[force].items() if n and m < first}
    if not before:
        return True
    rate = sum(before.values()) / (first - min(before))
    return poisson_none(rate * (last - first + 1) / held.at_once) < held.settings.gap_p


def _is_missing(held: Held, series: Mapping[int, int], month: int) -> bool:
    if held.is_count:
        rows = [n for m, n in series.items() if n]
        # A table of as many rows each month lacks them; one of what there was to count may well have had nothing.
        if len(rows) < held.settings.months_least or variance(rows) <= mean(rows) / 4:
            return True
    elif month not in series and _complete(held):
        return True
    return poisson_none(expected(series, month) / held.at_once) < held.settings.gap_p


def _complete(held: Held) -> bool:
    """Whether every month of it was supplied as a whole, so that one without even an account never came."""
    return held.scopes <= {"complete", "moved"}


def _last(held: Held, own: int) -> int:
    """The last month that a force should have: its own, or that of most forces where enough are here."""
    lasts = held.lasts
    return own if len(lasts) <= held.settings.month_peers else max(own, lasts[len(lasts) // 2])


def expected(series: Mapping[int, int], month: int) -> float:
    """How many records a month should hold by those around it: the lower of the medians before and after."""
    known = sorted(m for m, n in series.items() if n and m != month)
    before = [series[m] for m in known if m < month][-_BESIDE:]
    after = [series[m] for m in known if m > month][:_BESIDE]
    sides = [median(side) for side in (before, after) if side]
    return min(sides) if sides else 0.0


def _jumps(held: Held) -> Iterator[Doubt]:
    common = _common(held)
    typical = _typical_spread(held, common)
    for force in held.counts:
        series = {m: n for m, n in held.series(force).items() if n}
        if len(series) < held.settings.months_least:
            continue
        logs = {m: log(n) - common.get(m, 0.0) for m, n in series.items()}
        middle = median(logs.values())
        for month in series:
            # Near the middle of all months it need not be looked at closely.
            apart = abs(logs[month] - middle) > log(held.settings.jump_ratio) / 2
            if apart and held.asked(month) and _jumped(held, logs, month, typical, common.get(month, 0.0)):
                usual = exp(median(v for m, v in logs.items() if m != month) + common.get(month, 0.0))
                if month not in common and _with_others(held, force, log(series[month] / usual), [month]):
                    continue
                said = _said(series[month], usual, spoken((month, month)), "by the force's other months")
                yield held.told_months(
                    "months.jump", "warning", force, (month, month), "all rows", said, series[month]
                )


def _with_others(held: Held, force: str, apart: float, months: Sequence[int], less: int = 0) -> bool:
    """Whether the other forces together, each of them too small to say it alone, moved as far the same way.

    ``apart`` is by how much the force did (log), in ``months``; ``less`` says how many months earlier to hold
    them against, or none: against their ordinary month.
    """
    first, last = held.looked_at
    own = held.series(force)
    others = {m: held.totals.get(m, 0) - own.get(m, 0) for m in range(first, last + 1)}
    now = sum(others.get(m, 0) for m in months)
    usual = sum(others.get(m - less, 0) for m in months) if less else median(others.values()) * len(months)
    if usual < _TOGETHER or len(held.counts) <= held.settings.month_peers:
        return False
    left = apart - log((now + 0.5) / (usual + 0.5))
    return left * apart <= 0 or abs(left) < log(held.settings.jump_ratio)


def _said(count: int, usual: float, when: str, by: str) -> str:
    return (
        f"{when} holds {records(count)} where about {usual:.0f} would be ordinary {by}. Look whether a part is "
        "missing, came twice or was recorded in another way, and say which."
    )


def _common(held: Held) -> dict[int, float]:
    """By how much each month lies above or below the ordinary with all forces (log), where enough are here.

    A season moves all of them; it says nothing about one.
    """
    apart: dict[int, list[float]] = {}
    for force in held.counts:
        series = {m: n for m, n in held.series(force).items() if n >= 5}
        if len(series) < held.settings.months_least:
            continue
        middle = median(log(n) for n in series.values())
        for month, n in series.items():
            apart.setdefault(month, []).append(log(n) - middle)
    return {m: median(v) for m, v in apart.items() if len(v) >= held.settings.month_peers}


def _typical_spread(held: Held, common: Mapping[int, float]) -> float:
    """How far months lie from their force's median, ordinarily (log): a few months alone cannot say it."""
    spreads = []
    for force in held.counts:
        logs = [log(n) - common.get(m, 0.0) for m, n in held.series(force).items() if n >= 20]
        if len(logs) >= held.settings.months_least:
            middle = median(logs)
            spreads.append(_MAD * median(abs(v - middle) for v in logs))
    return max(median(spreads) if spreads else 0.0, _LEAST_SPREAD)


def _jumped(held: Held, logs: Mapping[int, float], month: int, typical: float, common: float) -> bool:
    """``logs`` are the logarithms of counts, less what the month has in common with all forces."""
    s, together = held.settings, held.at_once
    others = [v for m, v in logs.items() if m != month]
    middle = median(others)
    apart, usual = logs[month] - middle, exp(middle + common)
    spread = max(_MAD * median(abs(v - middle) for v in others), typical)
    if abs(apart) < max(log(s.jump_ratio), s.jump_spread * sqrt(spread**2 + together / max(usual, 1.0))):
        return False
    if poisson_tail(round(exp(logs[month] + common) / together), usual / together) > s.gap_p:
        return False
    # With as many in the same month last year it is the season.
    before = logs.get(month - 12)
    return before is None or abs(logs[month] - before) >= log(s.jump_ratio)


def _years(held: Held) -> Iterator[Doubt]:
    """The months of the collection (else the last twelve) against the same months a year before."""
    s, window = held.settings, held.window
    assert window is not None
    first, last = max(window[0], window[1] - 11), window[1]
    changes: dict[str, tuple[int, int]] = {}
    for force in held.counts:
        series = held.series(force)
        both = [m for m in range(first, last + 1) if series.get(m) and series.get(m - 12)]
        if len(both) >= min(3, last - first + 1):
            changes[force] = sum(series[m] for m in both), sum(series[m - 12] for m in both)
    # Of a month with one record the change is one in one, whatever happened.
    logs = [log(now / before) for now, before in changes.values() if before >= _TOGETHER]
    logs = logs if len(logs) >= s.month_peers else []
    common = median(logs) if logs else 0.0
    spread = max(_MAD * median(abs(v - common) for v in logs), _LEAST_SPREAD) if common else _LEAST_SPREAD
    for force, (now, before) in changes.items():
        apart = log(now / before) - common
        if abs(apart) < log(s.year_ratio) or abs(apart) < s.jump_spread * sqrt(
            spread**2 + 1 / now + 1 / before
        ):
            continue
        if not logs and _with_others(held, force, apart, range(first, last + 1), 12):
            continue
        when, by = spoken((first, last)), "by the same months a year before"
        said = _said(now, before * exp(common), when, by)
        yield held.told_months("months.year", "warning", force, (first, last), "all rows", said, now)
