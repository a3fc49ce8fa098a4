"""Records of protecting vulnerable people: risk assessments, referrals, conferences, orders."""

from __future__ import annotations

from openpeel.engine.declare.records import RecordType

RECORD_TYPES: tuple[RecordType, ...] = ()
