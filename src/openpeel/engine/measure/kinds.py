"""From counts to a figure's value, one function for each kind of measure.

Each gives the fields of a ``Figure`` that the kind decides: value, counts, unknowns, interval,
bounds and status. None of them ever turns an unknown into a no, or an absence into a zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from openpeel.engine import intervals
from openpeel.engine.declare.measures import Count, Distribution, Proportion, Rate, RatioOfRates, Reading
from openpeel.engine.intake.canonical import UNIT_SEPARATOR
from openpeel.engine.measure.cubes import NOT_KNOWN
from openpeel.engine.measure.figure import Bounds
from openpeel.engine.measure.population import Estimate

Fields = dict[str, Any]


@dataclass(frozen=True)
class Tally:
    """The counts of one force and period, by what is counted.

    Attributes:
        count: (what, dimension, value) -> sum over the period.
        monthly: the same, month by month.
        categories: dimension -> the categories that occur.
        added: (what, dimension, value) -> sum of a number over the period, exact.
        bins: (what, dimension, value) -> whole number (seconds, days) -> number of records over the period.
    """

    count: Callable[[str, str, str], int]
    monthly: Callable[[str, str, str], Sequence[int]]
    categories: Callable[[str], set[str]]
    bins: Callable[[str, str, str], Mapping[int, int]] = lambda _what, _dimension, _value: {}
    added: Callable[[str, str, str], Any] = lambda _what, _dimension, _value: 0

    def at(self, what: str, breakdown: tuple[str, str] = ("", "")) -> int:
        """One count, in all or for one category."""
        return self.count(what, *breakdown)

    def unsure(self, cut: tuple[str, str] = ("", "")) -> int:
        """Records of which it is not known whether they belong.

        In one category of a breakdown these are also the records whose category is not known.
        """
        dimension, value = cut
        n = self.at("eligibility_unknown", cut)
        for blank in _could_be(value) if dimension else ():
            n += self.at("n", (dimension, blank)) + self.at("eligibility_unknown", (dimension, blank))
        return n


def _could_be(value: str) -> set[str]:
    """The categories whose records could belong to this one, were what is not known of them known."""
    parts = value.split(UNIT_SEPARATOR)
    every = product(*({part, NOT_KNOWN} for part in parts))
    return {UNIT_SEPARATOR.join(one) for one in every} - {value}


def count(_measure: Count, tally: Tally, cut: tuple[str, str]) -> Fields:
    """A count; records of which it is not known whether they belong widen it to bounds."""
    n, unsure = tally.at("n", cut), tally.unsure(cut)
    return {
        "status": "ok",
        "value": float(n),
        "numerator": n,
        "denominator": n,
        "unknown": 0,
        "unknown_eligibility": unsure,
        "bounds": Bounds(n, n + unsure) if unsure else None,
    }


def rate(measure: Rate, tally: Tally, cut: tuple[str, str], estimate: Estimate | None) -> Fields:
    """Records per so many residents, for the period as it is."""
    n, unsure = tally.at("n", cut), tally.unsure(cut)
    fields: Fields = {"numerator": n, "unknown": 0, "unknown_eligibility": unsure}
    lacking = _lacking(estimate)
    if estimate is None or lacking:
        return fields | {"status": "not-supplied", "reason": lacking}
    people = estimate.total()
    return fields | {
        "status": "ok",
        "value": n * measure.per / people,
        "denominator": people,
        "population": people,
        "population_source": estimate.source(grouped=False),
        "interval": intervals.poisson_rate(n, people, measure.per),
        "bounds": Bounds(n * measure.per / people, (n + unsure) * measure.per / people) if unsure else None,
    }


def proportion(measure: Proportion, tally: Tally, cut: tuple[str, str], reading: str) -> Fields:
    """A share of the records of which the answer is known, under a named reading where one is needed.

    The bounds assume nothing: every unknown record counted as a no, then as a yes.
    """
    named: Reading | None = next((r for r in measure.readings if r.id == reading), None)
    suffix = f":{named.id}" if named else ""
    x, known, unknown = (tally.at(w + suffix, cut) for w in ("met", "known", "unknown"))
    unsure = tally.unsure(cut)
    fields: Fields = {
        "numerator": x,
        "denominator": known,
        "unknown": unknown,
        "unknown_eligibility": unsure,
        "bounds": share_bounds(
            tally.at("met", cut), tally.at("known", cut), tally.at("unknown", cut), unsure
        ),
    }
    if known == 0:
        return fields | {"status": "no-data", "reason": nothing(unknown)}
    return fields | {"status": "ok", "value": x / known, "interval": intervals.wilson(x, known)}


def distribution(measure: Distribution, tally: Tally, category: str) -> Fields:
    """The share of one category among the records whose category is known."""
    x = tally.at("n", (measure.across, category))
    unknown = tally.at("n", (measure.across, NOT_KNOWN))
    known = tally.at("n") - unknown
    unsure = tally.at("eligibility_unknown")
    fields: Fields = {
        "numerator": x,
        "denominator": known,
        "unknown": unknown,
        "unknown_eligibility": unsure,
        "bounds": share_bounds(x, known, unknown, unsure),
    }
    if known == 0:
        return fields | {"status": "no-data", "reason": nothing(unknown)}
    return fields | {"status": "ok", "value": x / known, "interval": intervals.wilson(x, known)}


def ratio(measure: RatioOfRates, tally: Tally, group: str, column: str, estimate: Estimate | None) -> Fields:
    """A group's rate per resident against the reference group's, with bounds for ethnicity not known."""
    unsure = tally.unsure()
    if estimate is None:  # which column sorts the records hangs on the table's scheme: nothing is counted
        return {
            "unknown_eligibility": unsure,
            "status": "not-supplied",
            "reason": "no population by group that fits is here",
        }
    a, b = tally.at("n", (column, group)), tally.at("n", (column, measure.reference))
    # Records in none of the groups compared, "not stated" among them, could belong to any.
    unknown = tally.at("n") - sum(tally.at("n", (column, g)) for g in (measure.reference, *measure.groups))
    fields: Fields = {
        "numerator": a,
        "denominator": b,
        "unknown": unknown,
        "unknown_eligibility": unsure,
    }
    people, reference = estimate.groups.get(group, 0), estimate.groups.get(measure.reference, 0)
    if not people or not reference:
        return fields | {
            "status": "not-supplied",
            "reason": f"the population table has no residents for {measure.reference if people else group}",
        }
    named = f"{estimate.source(grouped=True)}; {measure.reference}: {reference:,}"
    fields |= {"population": people, "population_source": named}
    return fields | _ratio_value(
        measure, tally, (a, b), (people, reference), unknown + unsure, (column, group)
    )


def _ratio_value(
    measure: RatioOfRates,
    tally: Tally,
    counts: tuple[int, int],
    people: tuple[int, int],
    unsure: int,
    cut: tuple[str, str],
) -> Fields:
    (a, b), (pa, pb) = counts, people
    if min(a, b) < measure.minimum:
        return {
            "status": "too-few",
            "reason": f"fewer than {measure.minimum} records in one of the two groups ({a} and {b})",
        }
    value = (a / pa) / (b / pb)
    interval = intervals.rate_ratio(a, pa, b, pb)
    column, group = cut
    dispersion = intervals.monthly_dispersion(
        tally.monthly("n", column, group), tally.monthly("n", column, measure.reference)
    )
    if dispersion is not None:
        interval = intervals.inflate(interval, value, dispersion)
    low, high = (a / pa) / ((b + unsure) / pb), ((a + unsure) / pa) / (b / pb)
    return {
        "status": "ok",
        "value": value,
        "interval": interval,
        "bounds": Bounds(low, high) if unsure else None,
    }


def share_bounds(x: int, known: int, unknown: int, unsure: int) -> Bounds | None:
    """Lowest and highest share: every unknown record counted as a no, then as a yes."""
    total = known + unknown + unsure
    if not unknown + unsure or not total:
        return None
    return Bounds(x / total, (x + unknown + unsure) / total)


def _lacking(estimate: Estimate | None) -> str:
    """Why an estimate gives no total; empty where it does."""
    if estimate is None:
        return "no population estimate that fits is here"
    if estimate.lacks:
        return f"the population table of {estimate.day} has no number for {', '.join(estimate.lacks)}"
    return "" if estimate.total() else "the population estimate is 0"


def nothing(unknown: int) -> str:
    """Why there is no answer that is known."""
    if unknown:
        return f"it is not known of any of the {unknown} records"
    return "there were no such records in the period"
