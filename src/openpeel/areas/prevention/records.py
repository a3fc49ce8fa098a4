"""Records of preventing crime: problem plans, neighbourhood time, engagement, patrol, initiatives."""

from __future__ import annotations

from openpeel.engine.declare.records import RecordType

RECORD_TYPES: tuple[RecordType, ...] = ()
