"""How far one figure is from another of the same kind: in points, in relation, or in the measure's own unit.

Works from the figures alone. It says what the records show and how sure that is; it does not say why.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

from openpeel.engine import intervals
from openpeel.engine.declare.measures import (
    AnyMeasure,
    Count,
    Distribution,
    Proportion,
    Rate,
    RatioOfRates,
    ShareWithin,
)
from openpeel.engine.differences import newcombe, welch
from openpeel.engine.measure.figure import Bounds, Figure, Interval

Form = Literal["points", "relative", "amount"]
Status = Literal["ok", "not-comparable", "no-value", "not-applicable"]


@dataclass(frozen=True)
class Difference:
    """One figure less another.

    Attributes:
        form: ``points`` (a difference of two shares, a fraction), ``relative`` (0.1: a tenth more, for each day
            and resident), or ``amount`` (in the measure's unit).
        status: ``ok``; ``no-value`` where a figure has none; ``not-applicable`` where there is nothing to relate it
            to; ``not-comparable`` where the two are not of one quantity.
        value: ``None`` unless ``status`` is ``ok``.
        interval: of the value; ``None`` where none is claimed.
        bounds: lowest and highest difference that the unknown records of both allow.
        overlap: whether the intervals of the two figures overlap; ``None`` where one has none. It decides nothing.
        reason: why there is no value.
    """

    form: Form
    status: Status
    value: float | None = None
    interval: Interval | None = None
    bounds: Bounds | None = None
    overlap: bool | None = None
    reason: str | None = None

    def clear(self) -> Literal["higher", "lower", "no", "unsaid"]:
        """Whether the difference is more than chance gives, by its interval; the widened one where there is one."""
        if self.interval is None:
            return "unsaid"
        wide = self.interval.inflated or self.interval
        if wide.low > 0:
            return "higher"
        return "lower" if wide.high is not None and wide.high < 0 else "no"

    def as_json(self) -> dict[str, Any]:
        """The difference as plain data."""
        return {
            "form": self.form,
            "status": self.status,
            "value": self.value,
            "interval": self.interval.as_json() if self.interval else None,
            "bounds": self.bounds.as_json() if self.bounds else None,
            "intervals_overlap": self.overlap,
            "reason": self.reason,
        }


def form_of(measure: AnyMeasure) -> Form | None:
    """In which form figures of a measure differ; ``None``: a difference of two says nothing."""
    if isinstance(measure, Proportion | Distribution | ShareWithin):
        return "points"
    if isinstance(measure, Count | Rate):
        return "relative"
    return None if isinstance(measure, RatioOfRates) else "amount"


def difference(form: Form, one: Figure, other: Figure, dispersion: float | None = None) -> Difference:
    """``one`` less ``other``.

    Args:
        form: as ``form_of`` gives it for both figures' measures.
        one, other: the figures.
        dispersion: for counts and rates: how much more one's share varies from month to month than chance makes it.
    """
    if one.reading != other.reading:
        why = f"one is read as {one.reading or 'it stands'}, the other as {other.reading or 'it stands'}"
        return Difference(form, "not-comparable", reason=why)
    if one.value is None or other.value is None:
        lacking = one if one.value is None else other
        return Difference(form, "no-value", reason=lacking.reason or lacking.status)
    if form == "relative":
        return _relative(one, other, dispersion)
    value = one.value - other.value
    interval = _points(one, other) if form == "points" else _amount(one, other)
    return Difference(form, "ok", value, interval, _bounds(one, other), overlap(one, other))


def overlap(one: Figure, other: Figure) -> bool | None:
    """Whether the intervals of two figures have a value in common; ``None`` where one has no interval."""
    if one.interval is None or other.interval is None:
        return None
    high, high_other = (math.inf if i.high is None else i.high for i in (one.interval, other.interval))
    return one.interval.low <= high_other and other.interval.low <= high


def _points(one: Figure, other: Figure) -> Interval:
    assert one.numerator is not None and one.denominator is not None
    assert other.numerator is not None and other.denominator is not None
    return newcombe(one.numerator, one.denominator, other.numerator, other.denominator)


def _amount(one: Figure, other: Figure) -> Interval | None:
    """Welch's, of two means; nothing for quantiles and stocks, which claim no interval."""
    if not all(f.interval and f.interval.method == "student-t" for f in (one, other)):
        return None
    assert one.value is not None and other.value is not None
    (se, n), (se_other, n_other) = _standard_error(one), _standard_error(other)
    return welch(one.value, se, n, other.value, se_other, n_other)


def _standard_error(figure: Figure) -> tuple[float, int]:
    """The standard error of a mean and the number of its values, out of its interval."""
    from scipy.stats import t

    assert figure.interval is not None and figure.interval.high is not None and figure.denominator
    half = (figure.interval.high - figure.interval.low) / 2
    return half / float(t.ppf((1 + figure.interval.level) / 2, figure.denominator - 1)), figure.denominator


def _bounds(one: Figure, other: Figure) -> Bounds | None:
    if one.bounds is None and other.bounds is None:
        return None
    (low, high), (low_other, high_other) = _ends(one), _ends(other)
    top = None if high is None else high - low_other
    return None if high_other is None else Bounds(low - high_other, top)


def _ends(figure: Figure) -> tuple[float, float | None]:
    assert figure.value is not None
    return (figure.bounds.low, figure.bounds.high) if figure.bounds else (figure.value, figure.value)


def exposure(figure: Figure) -> float:
    """What a count is counted over: days, and residents where it is a rate."""
    days = (figure.period_end - figure.period_start).days + 1
    return float(days * (figure.population or 1))


def _relative(one: Figure, other: Figure, dispersion: float | None) -> Difference:
    """How many times as many a day (and resident), less 1."""
    a, b = one.numerator or 0, other.numerator or 0
    if b == 0:
        nothing = "there were none in either" if a == 0 else "there were none before: nothing to relate it to"
        return Difference("relative", "not-applicable", overlap=overlap(one, other), reason=nothing)
    at, at_other = exposure(one), exposure(other)
    ratio = a / at / (b / at_other)
    interval = intervals.rate_ratio(a, at, b, at_other)
    if dispersion is not None:
        interval = intervals.inflate(interval, ratio, dispersion)
    return Difference(
        "relative", "ok", ratio - 1, _less_one(interval), _relative_bounds(one, other), overlap(one, other)
    )


def _less_one(interval: Interval) -> Interval:
    def less(high: float | None) -> float | None:
        return None if high is None else high - 1

    wide = interval.inflated
    return replace(
        interval,
        low=interval.low - 1,
        high=less(interval.high),
        inflated=replace(wide, low=wide.low - 1, high=less(wide.high)) if wide else None,
    )


def _relative_bounds(one: Figure, other: Figure) -> Bounds | None:
    unsure, unsure_other = one.unknown_eligibility or 0, other.unknown_eligibility or 0
    if not unsure and not unsure_other:
        return None
    a, b, scale = one.numerator or 0, other.numerator or 0, exposure(other) / exposure(one)
    return Bounds(scale * a / (b + unsure_other) - 1, scale * (a + unsure) / b - 1)
