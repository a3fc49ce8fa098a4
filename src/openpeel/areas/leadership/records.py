"""Records of leadership and force management: money, actions, collaboration, systems, estate."""

from __future__ import annotations

from openpeel.engine.declare.records import RecordType

RECORD_TYPES: tuple[RecordType, ...] = ()
