"""Records of investigating crime: crimes, outcomes, suspects, missing people, exhibits, posts."""

from __future__ import annotations

from openpeel.engine.declare.records import RecordType

RECORD_TYPES: tuple[RecordType, ...] = ()
