"""Records of responding to the public: calls, online contact, incidents, street triage."""

from __future__ import annotations

from openpeel.engine.declare.records import RecordType

RECORD_TYPES: tuple[RecordType, ...] = ()
