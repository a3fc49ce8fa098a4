"""Measures of managing offenders and suspects: bail, suspects, online child abuse, managed offenders."""

from __future__ import annotations

from openpeel.areas.offenders import measures_bail, measures_managed, measures_suspects
from openpeel.engine.declare.measures import AnyMeasure

MEASURES: tuple[AnyMeasure, ...] = (
    *measures_suspects.MEASURES,
    *measures_bail.MEASURES,
    *measures_managed.MEASURES,
)
