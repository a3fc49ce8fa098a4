"""Measures of responding to the public: calls, contact online, incidents, attendance."""

from __future__ import annotations

from openpeel.areas.responding import (
    measures_attendance,
    measures_calls,
    measures_incidents,
    measures_online,
)
from openpeel.engine.declare.measures import AnyMeasure

MEASURES: tuple[AnyMeasure, ...] = (
    *measures_calls.MEASURES,
    *measures_online.MEASURES,
    *measures_incidents.MEASURES,
    *measures_attendance.MEASURES,
)
