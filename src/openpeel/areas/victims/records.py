"""Records of what victims are owed: contracts, updates, entitlements."""

from __future__ import annotations

from openpeel.engine.declare.records import RecordType

RECORD_TYPES: tuple[RecordType, ...] = ()
