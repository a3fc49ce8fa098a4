"""From counts to the figures of measures of time: shares within a limit, quantiles, median waits.

None of them claims more than its records say: the not yet due and the withdrawn are in no denominator,
and are counted in the figure's reason. Quantiles and median waits have no interval.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from openpeel.engine import intervals
from openpeel.engine.declare.measures import Quantile
from openpeel.engine.measure.figure import Bounds
from openpeel.engine.measure.kinds import Fields, Tally, nothing, share_bounds
from openpeel.engine.measure.quantiles import position, quantile_from_bins
from openpeel.engine.measure.waiting import median_from_bins


def share_within(tally: Tally, cut: tuple[str, str], known_on: str) -> Fields:
    """A share of the records that are due; those still waiting among them count as not within.

    ``known_on`` is the day of the supply that says who still waits, where that is before the as-at day.
    """
    x, due, unknown, young = (tally.at(w, cut) for w in ("met", "known", "unknown", "not_yet_due"))
    unsure = tally.unsure(cut)
    said = _said(tally, cut, known_on, "due and still waiting")
    fields: Fields = {
        "numerator": x,
        "denominator": due,
        "unknown": unknown,
        "unknown_eligibility": unsure,
        "bounds": share_bounds(x, due, unknown, unsure),
        "reason": said or None,
    }
    if due:
        return fields | {"status": "ok", "value": x / due, "interval": intervals.wilson(x, due)}
    if young:
        return fields | {"status": "not-yet-due", "reason": f"nothing is due yet: {said}"}
    return fields | {"status": "no-data", "reason": _none(unknown, tally.at("withdrawn", cut))}


def quantile(measure: Quantile, tally: Tally, cut: tuple[str, str]) -> Fields:
    """A quantile of the durations that are known; numerator and denominator are their number.

    The bounds assume nothing: every unknown record counted as 0 seconds, then as longer than any.
    """
    known, unknown, unsure = tally.at("known", cut), tally.at("unknown", cut), tally.unsure(cut)
    fields: Fields = {
        "numerator": known,
        "denominator": known,
        "unknown": unknown,
        "unknown_eligibility": unsure,
    }
    if known == 0:
        return fields | {"status": "no-data", "reason": nothing(unknown)}
    seconds = tally.bins("known", *cut)
    return fields | {
        "status": "ok",
        "value": quantile_from_bins(seconds, measure.p),
        "bounds": _bounds(seconds, measure.p, unknown + unsure),
    }


def median_wait(tally: Tally, cut: tuple[str, str], known_on: str) -> Fields:
    """The median wait; numerator: those served, denominator: those served or still waiting."""
    served, waiting, unknown = (tally.at(w, cut) for w in ("served", "waiting", "unknown"))
    said = _said(tally, cut, known_on, "still waiting")
    fields: Fields = {
        "numerator": served,
        "denominator": served + waiting,
        "unknown": unknown,
        "unknown_eligibility": tally.unsure(cut),
        "reason": said or None,
    }
    if not served + waiting:
        return fields | {"status": "no-data", "reason": _none(unknown, tally.at("withdrawn", cut))}
    value = median_from_bins(tally.bins("served", *cut), tally.bins("waiting", *cut))
    if value is None:
        why = f"not reached: fewer than half are known to have been served; {said}"
        return fields | {"status": "not-yet-due", "reason": why}
    return fields | {"status": "ok", "value": value}


def _said(tally: Tally, cut: tuple[str, str], known_on: str, waiting_words: str) -> str:
    """The counts that are in no denominator, and those that still wait."""
    young, waiting, gone = (tally.at(w, cut) for w in ("not_yet_due", "waiting", "withdrawn"))
    told = f", as supplied on {known_on}" if known_on else ""
    parts = [
        f"{young:,} not yet due" if young else "",
        f"{waiting:,} {waiting_words}{told}" if waiting else "",
        f"{gone:,} withdrawn without being served" if gone else "",
    ]
    return "; ".join(p for p in parts if p)


def _none(unknown: int, withdrawn: int) -> str:
    if not withdrawn:
        return nothing(unknown)
    others = f"it is not known of the other {unknown:,}" if unknown else "there were no others"
    return f"{withdrawn:,} withdrawn without being served; {others}"


def _bounds(seconds: Mapping[int, int], p: float, unsure: int) -> Bounds | None:
    if not unsure:
        return None
    low = quantile_from_bins(Counter(seconds) + Counter({0: unsure}), p)
    known = sum(seconds.values())
    below, part = position(known + unsure, p)
    if below + (1 if part else 0) >= known:
        return Bounds(low, None)  # it lies among the unknown
    longer = max(seconds)
    return Bounds(low, quantile_from_bins(Counter(seconds) + Counter({longer: unsure}), p))
