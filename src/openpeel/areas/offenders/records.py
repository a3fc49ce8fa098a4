"""Records of managing offenders and suspects: bail, visits, risk plans, online abuse cases."""

from __future__ import annotations

from openpeel.engine.declare.records import RecordType

RECORD_TYPES: tuple[RecordType, ...] = ()
