"""From a publication's plain data and its figures to the content of the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from openpeel.engine.clock import first_day, last_day, parse_month
from openpeel.engine.compare.build import Rules, compare
from openpeel.engine.compare.comparison import Comparison
from openpeel.engine.declare.measures import AnyMeasure, Distribution
from openpeel.engine.declare.serial import from_plain
from openpeel.engine.measure.check import review_due
from openpeel.engine.measure.figure import Figure
from openpeel.report.content import MeasureCard, Report, Section, Table
from openpeel.words import _

_COMPARABLE = {
    "national": "national: all forces are compared",
    "own-definition": "the force's own definition: not compared",
    "own-recording": "forces record this in their own ways: not compared",
    "as-rate-only": "compared as a rate only",
}

#: A category with a smaller share of all records is listed, and not drawn force by force.
RARE = 0.02
RARE_WORDS = (
    "Categories under %(share)s of all forces' records are listed here; figures.csv has them for every force."
)


def assemble(publication: dict[str, Any], figures: Sequence[Figure]) -> Report:
    """The content of the report.

    Args:
        publication: as ``gather`` makes it.
        figures: its figures, worked out anew or as published.
    """
    about, stored = publication["report"], publication["stored"]
    force: str = about["force"]
    rules = Rules(about["sd"], tuple(about["leave_out"]))
    sections = [
        _section(from_plain(plain), figures, force, about["peers"], rules)
        for plain in stored["measures"].values()
    ]
    first, last = parse_month(stored["first"]), parse_month(stored["last"])
    name: str = about["names"][force]
    return Report(
        title=_("%(force)s: what its records show, %(period)s")
        % {"force": name, "period": about["period_label"]},
        force=force,
        force_name=name,
        period_start=first_day(first),
        period_end=last_day(last),
        period_label=about["period_label"],
        as_at=date.fromisoformat(stored["as_at"]),
        synthetic=about["synthetic"],
        force_names=about["names"],
        sections=sections,
        about=[_part(p) for p in publication["about"]],
        software=publication["software"],
    )


def _part(plain: dict[str, Any]) -> str | Table:
    return Table(**plain["table"]) if "table" in plain else str(plain["text"])


def _section(
    measure: AnyMeasure, figures: Sequence[Figure], force: str, peers: Sequence[str], rules: Rules
) -> Section:
    mine = [f for f in figures if f.measure == measure.id]
    own = [f for f in mine if f.force == force]
    card = _card(measure)
    compared = own
    if isinstance(measure, Distribution):
        shares = {f.figure_id: _pooled(mine, f.breakdown) for f in own}
        own.sort(key=lambda f: shares[f.figure_id] < RARE)  # the rare ones last, else as declared
        compared = [f for f in own if shares[f.figure_id] >= RARE]
        if len(compared) < len(own):
            card.captions.append(_(RARE_WORDS) % {"share": f"{RARE:.0%}"})
    return Section(card, own, [_comparison(measure, mine, f.breakdown, peers, rules) for f in compared])


def _pooled(figures: Sequence[Figure], breakdown: dict[str, str]) -> float:
    """The share of a category among all forces' records together; only used to choose what is drawn."""
    usable = [f for f in figures if f.breakdown == breakdown and f.status == "ok"]
    total = sum(f.denominator or 0 for f in usable)
    return sum(f.numerator or 0 for f in usable) / total if total else 0.0


def _comparison(
    measure: AnyMeasure,
    figures: Sequence[Figure],
    breakdown: dict[str, str],
    peers: Sequence[str],
    rules: Rules,
) -> Comparison:
    chosen = set(peers)
    return compare(
        measure, [f for f in figures if f.breakdown == breakdown and f.force in chosen], rules, breakdown
    )


def _card(measure: AnyMeasure) -> MeasureCard:
    return MeasureCard(
        id=measure.id,
        title=measure.title,
        sentence=measure.sentence,
        unit=measure.unit,
        better=measure.better,
        method=measure.method,
        source=measure.source,
        comparable=_(_COMPARABLE[measure.comparable]),
        checked_by=measure.checked_by,
        reviewed=measure.reviewed,
        review_due=review_due(measure),
        captions=list(measure.captions),
    )
