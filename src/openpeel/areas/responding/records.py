"""Records of responding to the public: calls, online contact, incidents, street triage."""

from __future__ import annotations

from openpeel.areas.responding.contact import CALL, CALL_LEG, CHANNEL_OUTAGE, ONLINE_CONTACT
from openpeel.areas.responding.incidents import (
    INCIDENT,
    INCIDENT_GRADE_CHANGE,
    INCIDENT_UNIT,
    STREET_TRIAGE_ATTENDANCE,
)
from openpeel.engine.declare.records import RecordType

RECORD_TYPES: tuple[RecordType, ...] = (
    CALL,
    CALL_LEG,
    ONLINE_CONTACT,
    CHANNEL_OUTAGE,
    INCIDENT,
    INCIDENT_GRADE_CHANGE,
    INCIDENT_UNIT,
    STREET_TRIAGE_ATTENDANCE,
)
