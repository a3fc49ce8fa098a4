"""Records of the workforce: people, absence, wellbeing, skills, reviews, surveys."""

from __future__ import annotations

from openpeel.engine.declare.records import RecordType

RECORD_TYPES: tuple[RecordType, ...] = ()
