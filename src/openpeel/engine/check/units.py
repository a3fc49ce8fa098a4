"""Quantities whose unit was mistaken: a median that jumps by 60, 1,000 or the like, against own months or peers."""

from __future__ import annotations

from collections.abc import Iterator
from math import log, pi, sqrt

import numpy as np

from openpeel.engine.check.doubt import Doubt
from openpeel.engine.check.frame import Codes, Values
from openpeel.engine.check.held import Held, runs, spoken
from openpeel.engine.check.profile import Profile, Quarters

_MAD = 1.4826
#: From quartiles to a standard deviation, where values are normal.
_QUARTILES = 1.349
#: Standard errors that a jump must be beyond, and by which it may miss its factor.
_BEYOND = 5.0
#: A quantity of so many different values is told by them; the first records show most that have more.
_FEW, _LOOK = 60, 2000
#: Times the values that a month needs, for a force as a whole to be held against others.
_WHOLE = 12
#: Values that a month needs for that, and the share of them that must fit.
_LEAST, _NEARLY = 20, 0.9


def doubts_of_units(profile: Profile) -> list[Doubt]:
    """Doubts about months, and about forces as a whole, whose values look like those of another unit."""
    out = list[Doubt]()
    for name, values in profile.quantities:
        quarters = profile.quarters(name, values)
        whole = list(_forces(profile, quarters))
        out += whole
        less = {d.force for d in whole}
        months = _months(profile, quarters, less)
        told = {(d.force, m) for d in months if d.months for m in range(d.months[0], d.months[1] + 1)}
        out += months
        out += [
            d for d in _listed(profile, name, values, less) if d.months and (d.force, d.months[0]) not in told
        ]
    return out


def _months(profile: Profile, q: Quarters, less: set[str]) -> list[Doubt]:
    out = []
    s = profile.held.settings
    enough = q.known >= s.unit_records * profile.held.at_once
    usual = _by_force(q, q.middle, s.unit_records)[:, None]
    # A month near the force's ordinary value need not be looked at closely.
    apart = np.abs(np.log(q.middle / usual)) > log(min(s.unit_factors, default=np.inf)) / 3
    for row, force in enumerate(profile.forces):
        months = np.flatnonzero(enough[row])
        if len(months) < s.months_least or force in less:
            continue
        found = {
            profile.first + int(m): factor
            for m in months
            if profile.asked[m] and apart[row, m] and (factor := _jump(profile.held, q, row, int(m), months))
        }
        for span in runs(found):
            factor = found[span[0]]
            told = _said(q.subject, factor, f"In {spoken(span)}", "in the force's other months")
            count = int(q.known[row, span[0] - profile.first : span[1] - profile.first + 1].sum())
            out.append(
                profile.held.told_months("columns.unit", "warning", force, span, q.subject, told, count)
            )
    return out


def _listed(profile: Profile, name: str, values: Values, less: set[str]) -> list[Doubt]:
    """Months of a quantity of few values, such as targets, whose values are others' times a factor.

    Their quartiles say little: targets of a quarter of an hour and of three days stand side by side.
    """
    good = values > 0
    held = values[good]
    first = held[:_LOOK]
    if len(first) == 0 or len(np.unique(first)) > len(first) / 2:
        return []
    row, month = profile.places(good)
    out = []
    for place, force in enumerate(profile.forces):
        mine = row == place
        if force in less or not _few(held[mine]):
            continue
        for column in _foreign(held[mine], month[mine], profile.shape[1]):
            here = mine & (month == column)
            factor = _multiplied(profile.held, held[here], held[mine & ~here])
            if factor and profile.asked[column]:
                span = (profile.first + int(column), profile.first + int(column))
                told = _said(name, factor, f"In {spoken(span)}", "in the force's other months")
                out.append(
                    profile.held.told_months(
                        "columns.unit", "warning", force, span, name, told, int(here.sum())
                    )
                )
    return out


def _few(values: Values) -> bool:
    """Whether there are few different values; the first records show it of most that have many."""
    return 0 < len(np.unique(values[:_LOOK])) <= _FEW and len(np.unique(values)) <= _FEW


def _foreign(values: Values, month: Codes, months: int) -> list[int]:
    """The months with enough values that are hardly ever among those of the others."""
    usual, code = np.unique(values, return_inverse=True)
    counts = np.bincount(code * months + month, minlength=len(usual) * months).reshape(len(usual), months)
    elsewhere = counts.sum(1, keepdims=True) > counts
    here = counts.sum(0)
    found = (here >= _LEAST) & (here < len(values)) & ((counts * elsewhere).sum(0) <= here * (1 - _NEARLY))
    return [int(n) for n in np.flatnonzero(found)]


def _multiplied(held: Held, now: Values, others: Values) -> float:
    """The factor by which nearly all of some values are those of others; 0 if there is none."""
    usual = np.unique(others)
    for each in held.settings.unit_factors:
        for factor in (each, 1 / each):
            # A part of a unit is cut off or rounded.
            if (
                np.abs(now[:, None] / factor - usual[None, :]).min(1) <= max(1.0, 1 / factor) / 2
            ).mean() >= _NEARLY:
                return factor
    return 0.0


def _said(subject: str, factor: float, when: str, others: str) -> str:
    way = f"about {factor:g} times" if factor >= 1 else f"about one {1 / factor:g}th of"
    return (
        f"{when} {subject} is {way} what it is {others}, as if it were in another unit. Check in which unit it "
        "was exported, mend the mapping, and supply it again."
    )


def _jump(held: Held, q: Quarters, row: int, month: int, months: np.ndarray) -> float:
    """The factor by which a month's values look multiplied; 0 if they do not."""
    others = months[months != month]
    apart = held.settings.unit_apart
    low, high = float(np.median(q.low[row, others])), float(np.median(q.high[row, others]))
    if not (q.low[row, month] > apart * high or q.high[row, month] < low / apart):
        return 0.0
    logs = np.log(q.middle[row, others])
    middle = float(np.median(logs))
    own = (log(high) - log(low)) / _QUARTILES if high > low > 0 else 0.1
    between = _MAD * float(np.median(np.abs(logs - middle)))
    error = sqrt(own**2 * pi / 2 / int(q.known[row, month]) + between**2 + 0.01)
    return _factor(held, log(q.middle[row, month]) - middle, error)


def _factor(held: Held, apart: float, error: float) -> float:
    """The declared factor that a difference of logarithms is close to, far beyond its error; 0 if none."""
    if abs(apart) < _BEYOND * error:
        return 0.0
    near = min(max(log(1.5), 2 * error), log(2.5))
    factors = [f for each in held.settings.unit_factors for f in (each, 1 / each)]
    close = [f for f in factors if abs(apart - log(f)) <= near]
    return min(close, key=lambda f: abs(apart - log(f)), default=0.0)


def _forces(profile: Profile, q: Quarters) -> Iterator[Doubt]:
    """Forces whose every month looks like another unit than the other forces use."""
    s = profile.held.settings
    middle = _by_force(q, q.middle, s.unit_records)
    here = np.flatnonzero(~np.isnan(middle))
    if len(here) <= s.month_peers:
        return
    low, high = (_by_force(q, v, s.unit_records) for v in (q.low, q.high))
    logs = np.log(middle[here])
    centre = float(np.median(logs))
    spread = max(_MAD * float(np.median(np.abs(logs - centre))), 0.15)
    for row in here[np.abs(logs - centre) >= _BEYOND * spread]:
        others = here[here != row]
        factor = _factor(profile.held, log(middle[row]) - centre, spread)
        off = (
            low[row] > s.unit_apart * np.median(high[others])
            or high[row] < np.median(low[others]) / s.unit_apart
        )
        if factor and off and q.known[row].sum() >= _WHOLE * s.unit_records:
            months = np.flatnonzero(q.known[row])
            span = profile.held.store.months or (
                profile.first + int(months[0]),
                profile.first + int(months[-1]),
            )
            told = _said(q.subject, factor, "In every month", "with most other forces")
            many = int(q.known[row].sum())
            yield profile.held.told_months(
                "columns.unit", "warning", profile.forces[row], span, q.subject, told, many
            )


def _by_force(q: Quarters, values: Values, least: int) -> Values:
    """The median over a force's months with enough values; not a number where it has none."""
    enough = q.known >= least
    held = np.sort(np.where(enough, values, np.inf), axis=1)
    many = enough.sum(1)
    rows, middle = np.arange(len(values)), np.maximum(many - 1, 0)
    both = (held[rows, middle // 2] + held[rows, (middle + 1) // 2]) / 2
    return np.where(many > 0, both, np.nan)
