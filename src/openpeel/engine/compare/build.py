"""Comparisons: figures of all peers set side by side by the rules of each measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpeel.engine.compare.comparison import Comparison, Funnel, PeerVersion, SdKind
from openpeel.engine.compare.funnel import proportion_funnel, rate_funnel
from openpeel.engine.compare.peers import peer_version
from openpeel.engine.declare.measures import (
    AgeOfBacklog,
    AnyMeasure,
    Backlog,
    Count,
    Distribution,
    Flow,
    Mean,
    MedianWait,
    Proportion,
    Quantile,
    Rate,
    RatioOfRates,
    ShareWithin,
)
from openpeel.engine.measure.figure import Figure


@dataclass(frozen=True)
class Rules:
    """How peers are compared.

    Attributes:
        sd: which standard deviation draws the bands.
        leave_out: peers left out of mean, SD, bands and funnel of rates per resident.
    """

    sd: SdKind
    leave_out: tuple[str, ...]


def compare(
    measure: AnyMeasure, figures: Sequence[Figure], rules: Rules, breakdown: dict[str, str]
) -> Comparison:
    """Set one measure's figures side by side.

    Args:
        measure: the measure.
        figures: one figure a peer, all of one period and breakdown.
        rules: settings.
        breakdown: the category compared; empty for the whole.
    """
    missing = [f.force for f in figures if not f.counted()]
    if measure.comparable != "national":
        return Comparison(measure.id, list(figures), [], None, missing, breakdown, measure.comparable_why)
    values = {f.force: f.value for f in figures if f.status == "ok" and f.value is not None}
    excluded = [f for f in rules.leave_out if f in values] if _per_resident(measure) else []
    versions = [peer_version(values, excluded, rules.sd)]
    if excluded:
        versions.append(peer_version(values, [], rules.sd))
    funnel, why = _funnel(measure, figures, excluded)
    return Comparison(
        measure.id, list(figures), _kept(versions), funnel, missing, breakdown, funnel_reason=why
    )


def _kept(versions: list[PeerVersion]) -> list[PeerVersion]:
    return [v for v in versions if v.n] or versions[:1]


def _per_resident(measure: AnyMeasure) -> bool:
    return isinstance(measure, Rate | RatioOfRates)


def _funnel(measure: AnyMeasure, figures: Sequence[Figure], excluded: list[str]) -> tuple[Funnel | None, str]:
    usable = [f for f in figures if f.status == "ok" and f.numerator is not None and f.denominator]
    points = {f.force: (f.numerator or 0, f.denominator or 0) for f in usable}
    if len(points) - len(excluded) < 1:
        return None, "no figures to draw it from"
    if isinstance(measure, Rate):
        return rate_funnel(points, measure.per, excluded), ""
    if isinstance(measure, Proportion | Distribution | ShareWithin):
        return proportion_funnel(points, excluded), ""
    if isinstance(measure, Mean):
        return None, "a funnel for means is not defined here; the intervals are shown instead"
    if isinstance(measure, Count | Backlog | Flow):
        return None, "a number of records grows with the size of the force: a funnel needs a rate or a share"
    if isinstance(measure, Quantile | MedianWait | AgeOfBacklog):
        return None, "a funnel for quantiles is not defined here; they have no interval either"
    return None, "a funnel for ratios of rates is not defined here; the intervals are shown instead"
