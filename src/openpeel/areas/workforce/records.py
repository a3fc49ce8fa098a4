"""Records of the workforce: people, absence, wellbeing, skills, reviews, surveys."""

from __future__ import annotations

from openpeel.areas.workforce.people import APPLICATION, EMPLOYEES, LEAVER, SCHEME_MEMBER
from openpeel.areas.workforce.skills import (
    PERFORMANCE_REVIEW,
    SKILL_HELD,
    TRAINING_EVENT,
    WORKFORCE_SURVEY_RESPONSE,
)
from openpeel.areas.workforce.wellbeing import (
    ABSENCE,
    ASSAULT_ON_STAFF,
    OCCUPATIONAL_HEALTH_REFERRAL,
    TRAUMA_DEBRIEF,
)
from openpeel.engine.declare.records import RecordType

RECORD_TYPES: tuple[RecordType, ...] = (
    EMPLOYEES,
    LEAVER,
    APPLICATION,
    SCHEME_MEMBER,
    ABSENCE,
    ASSAULT_ON_STAFF,
    OCCUPATIONAL_HEALTH_REFERRAL,
    TRAUMA_DEBRIEF,
    TRAINING_EVENT,
    SKILL_HELD,
    PERFORMANCE_REVIEW,
    WORKFORCE_SURVEY_RESPONSE,
)
