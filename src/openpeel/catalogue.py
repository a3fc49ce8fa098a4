"""The catalogue: every declared record type and measure, those shipped and a force's own."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from openpeel.areas.investigating import published as published_crime
from openpeel.areas.investigating import published_counts as published_crime_counts
from openpeel.areas.investigating import records as investigating
from openpeel.areas.investigating import returned as returned_crime
from openpeel.areas.leadership import published as published_money
from openpeel.areas.leadership import records as leadership
from openpeel.areas.offenders import measures as offenders_measures
from openpeel.areas.offenders import records as offenders
from openpeel.areas.offenders import returned as returned_offenders
from openpeel.areas.powers import measures as powers_measures
from openpeel.areas.powers import published as published_powers
from openpeel.areas.powers import records as powers
from openpeel.areas.powers import returned as returned_powers
from openpeel.areas.prevention import records as prevention
from openpeel.areas.responding import measures as responding_measures
from openpeel.areas.responding import published as published_calls
from openpeel.areas.responding import records as responding
from openpeel.areas.responding import returned as returned_calls
from openpeel.areas.shared import published as published_areas
from openpeel.areas.shared import records as shared
from openpeel.areas.victims import records as victims
from openpeel.areas.vulnerable import records as vulnerable
from openpeel.areas.vulnerable import returned as returned_vulnerable
from openpeel.areas.workforce import measures as workforce_measures
from openpeel.areas.workforce import published as published_workforce
from openpeel.areas.workforce import records as workforce
from openpeel.areas.workforce import returned as returned_workforce
from openpeel.engine.declare.check import check_types
from openpeel.engine.declare.local import load_local
from openpeel.engine.measure.check import check_catalogue
from openpeel.engine.measure.context import Catalogue
from openpeel.errors import UserError

#: The rooms of the house in the order of the source report, what all of them share last.
_AREAS = (
    victims, powers, published_powers, returned_powers, prevention, responding, published_calls, returned_calls,
    investigating, published_crime, published_crime_counts, returned_crime, vulnerable, returned_vulnerable,
    offenders, returned_offenders, workforce, published_workforce, returned_workforce, leadership,
    published_money, shared, published_areas,
)  # fmt: skip
_TYPES = tuple(t for area in _AREAS for t in area.RECORD_TYPES)
_MEASURES = (
    *powers_measures.MEASURES,
    *responding_measures.MEASURES,
    *offenders_measures.MEASURES,
    *workforce_measures.MEASURES,
)
_TRIANGULATIONS = workforce_measures.TRIANGULATIONS


@cache
def shipped() -> Catalogue:
    """The catalogue that comes with openpeel."""
    types = {t.id: t for t in _TYPES}
    triangulations = {t.id: t for t in _TRIANGULATIONS}
    return Catalogue(types, {m.id: m for m in _MEASURES}, shared.POPULATION, triangulations)


def load_catalogue(root: Path | None = None) -> Catalogue:
    """The shipped catalogue and, for a workspace, the force's own declarations in ``local/``.

    Raises:
        UserError: a declaration is wrong; file and declaration are named.
    """
    base = shipped()
    if root is None or not any((root / "local").glob("*.toml")):
        return base
    try:
        types, measures = load_local(root / "local", base.types, base.measures)
        check_types({**base.types, **types})
        check_catalogue({**base.types, **types}, [*base.measures.values(), *measures.values()])
    except (TypeError, AttributeError, KeyError, ValueError) as error:
        # A part of a declaration is of another kind than the code that reads it can take.
        raise UserError(
            f"a declaration does not have the shape it needs ({error})",
            str(root / "local"),
            "see docs/decisions/0012",
        ) from None
    return replace(base, types={**base.types, **types}, measures={**base.measures, **measures})
