"""A figure of records that are not public, as it may be published: everything in it follows from rounded counts.

Rounding a rounded figure changes nothing. That is how it is told whether a figure that is about to be published
holds anything that does not follow from its own rounded counts: see :func:`gives_away`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

from openpeel.engine import intervals
from openpeel.engine.declare.measures import (
    AnyMeasure,
    Count,
    Distribution,
    MedianWait,
    Proportion,
    Quantile,
    Rate,
    RatioOfRates,
    ShareWithin,
)
from openpeel.engine.disclose.rounding import Rules, coarse, count_range, round_count
from openpeel.engine.measure.figure import Bounds, Figure
from openpeel.engine.measure.kinds import share_bounds
from openpeel.words import _

Made = dict[str, Any]
NOTHING: Made = {
    "value": None,
    "numerator": None,
    "denominator": None,
    "unknown": None,
    "unknown_eligibility": None,
    "interval": None,
    "bounds": None,
}
#: Numbers in a reason that give no count away: days and months.
_DATES = re.compile(r"\b\d{4}-\d{2}(-\d{2})?\b")


def rounded(figure: Figure, measure: AnyMeasure, rules: Rules | None = None) -> Figure:
    """A figure with its counts rounded and all the rest worked out from the rounded counts.

    What cannot be worked out from them is left away, and the reason says so. A figure of too few
    records, or of a kind for which there is no rule, is ``suppressed``: it then has no number at all.
    Residents are public and stay as they are.

    Args:
        figure: as it was worked out, or rounded already.
        measure: its measure.
        rules: what may be shown.
    """
    rules = rules or Rules()
    if figure.status == "suppressed":
        return _suppressed(figure, _told(figure) or "")
    make = _KINDS.get(type(measure))
    if make is None:
        return _suppressed(figure, _("it is not settled how this kind of figure is protected"))
    counts = _rounded_counts(figure, measure, rules)
    if figure.status != "ok":
        lean = {**counts, "value": None, "interval": None, "bounds": None, "reason": _told(figure)}
        return replace(figure, **lean)
    made = make(replace(figure, **counts), figure, measure, rules)
    if "value" not in made:
        return _suppressed(figure, made["reason"])
    reason = "; ".join(w for w in (rule_text(rules), made.get("reason"), _left_away(figure, rules)) if w)
    return replace(figure, **{**counts, "interval": None, "bounds": None, **made, "reason": reason})


def gives_away(figure: Figure, measure: AnyMeasure, rules: Rules | None = None) -> list[str]:
    """Parts of a figure about to be published that do not follow from its own rounded counts; none if all is well."""
    try:
        again = rounded(figure, measure, rules)
    except ValueError:
        return ["value"]
    return [f.name for f in fields(Figure) if getattr(figure, f.name) != getattr(again, f.name)]


def _suppressed(figure: Figure, reason: str) -> Figure:
    return replace(figure, **{**NOTHING, "status": "suppressed", "reason": reason})


def _rounded_counts(figure: Figure, measure: AnyMeasure, rules: Rules) -> Made:
    """The counts of records, rounded; what was not counted stays so."""
    names = ["numerator", "unknown", "unknown_eligibility"]
    names += [] if isinstance(measure, Rate) else ["denominator"]
    counts = {name: getattr(figure, name) for name in names}
    return {name: None if n is None else round_count(n, rules.base) for name, n in counts.items()}


def rule_text(rules: Rules) -> str:
    """What the reason of every rounded figure with a value begins with."""
    return _("counts are rounded to %(base)s, and 0 stands for 0 to %(most)s") % {
        "base": rules.base,
        "most": count_range(0, rules.base)[1],
    }


def _left_away(figure: Figure, rules: Rules) -> str:
    """Says that the reason told of more, such as of records not yet due; for a rounded figure, if it was said."""
    left = _("further counts of the figure are left away")
    before = figure.reason or ""
    return left if before and (not before.startswith(rule_text(rules)) or left in before) else ""


def _told(figure: Figure) -> str | None:
    """The reason of a figure without a value, as long as it holds no count."""
    if figure.reason is None or not re.search(r"\d", _DATES.sub("", figure.reason)):
        return figure.reason
    if figure.status == "too-few":
        return _("too few records")
    return _("the reason holds counts, which are not published")


def _count(shown: Figure, _exact: Figure, _measure: AnyMeasure, _rules: Rules) -> Made:
    n, unsure = _whole(shown.numerator), _whole(shown.unknown_eligibility)
    return {"value": float(n), "denominator": n, "bounds": Bounds(n, n + unsure) if unsure else None}


def _rate(shown: Figure, _exact: Figure, measure: AnyMeasure, _rules: Rules) -> Made:
    per, people = measure.per if isinstance(measure, Rate) else 0, _whole(shown.population)
    n, unsure = _whole(shown.numerator), _whole(shown.unknown_eligibility)
    return {
        "value": n * per / people,
        "interval": intervals.poisson_rate(n, people, per),
        "bounds": Bounds(n * per / people, (n + unsure) * per / people) if unsure else None,
    }


def _share(shown: Figure, _exact: Figure, _measure: AnyMeasure, rules: Rules) -> Made:
    x, n = _whole(shown.numerator), _whole(shown.denominator)
    if n < rules.least_for_share:
        return {"reason": _("too few records for a share")}
    made: Made = {"value": x / n, "interval": intervals.wilson(x, n)}
    if shown.reading:  # its bounds rest on counts under no reading, which are not published
        return made | {"reason": _("without bounds, which rest on counts that are not published")}
    return made | {"bounds": share_bounds(x, n, _whole(shown.unknown), _whole(shown.unknown_eligibility))}


def _ratio(shown: Figure, exact: Figure, measure: AnyMeasure, rules: Rules) -> Made:
    a, b, people = _whole(shown.numerator), _whole(shown.denominator), _whole(shown.population)
    declared = measure.minimum if isinstance(measure, RatioOfRates) else 0
    least = max(rules.least_for_average, declared)
    if min(a, b) < least:
        return {"reason": _("too few records on one side of the ratio")}
    # The reference group's residents are in the exact value alone; they are whole and public.
    reference = round((exact.value or 0) * _whole(exact.denominator) * people / _whole(exact.numerator))
    unsure = _whole(shown.unknown) + _whole(shown.unknown_eligibility)
    low, high = (a / people) / ((b + unsure) / reference), ((a + unsure) / people) / (b / reference)
    inflated = exact.interval is not None and exact.interval.inflated is not None
    why = _("without the interval widened for over-dispersion, which rests on counts of single months")
    return {
        "value": (a / people) / (b / reference),
        "interval": intervals.rate_ratio(a, people, b, reference),
        "bounds": Bounds(low, high) if unsure else None,
        "reason": why if inflated or why in (exact.reason or "") else "",
    }


def _average(shown: Figure, _exact: Figure, measure: AnyMeasure, rules: Rules) -> Made:
    """A quantile or a median wait: to as many figures as its number of records bears, and without bounds."""
    n = _whole(shown.denominator)
    p = Fraction(str(measure.p)) if isinstance(measure, Quantile) else Fraction(1, 2)
    if n < max(rules.least_for_average, 10):
        return {"reason": _("too few records for an average")}
    if n * min(p, 1 - p) < rules.least_beyond:
        return {"reason": _("too few records lie beyond it")}
    why = _(
        "to as many figures as the number of records bears, without bounds, which are single records' times"
    )
    return {"value": coarse(_number(shown.value), n), "reason": why}


def _whole(n: int | None) -> int:
    if n is None:
        raise ValueError("a figure with a value lacks one of its counts")
    return n


def _number(value: float | None) -> float:
    if value is None:
        raise ValueError("a figure that is ok has no value")
    return value


_KINDS: dict[type[Any], Callable[[Figure, Figure, AnyMeasure, Rules], Made]] = {
    Count: _count,
    Rate: _rate,
    Proportion: _share,
    Distribution: _share,
    ShareWithin: _share,
    RatioOfRates: _ratio,
    Quantile: _average,
    MedianWait: _average,
}
