"""Records of preventing crime: problem plans, neighbourhood time, engagement, patrol, initiatives."""

from __future__ import annotations

from openpeel.areas.prevention.engagement import ENGAGEMENT, KEY_INDIVIDUAL, PERCEPTION_SURVEY_RESPONSE
from openpeel.areas.prevention.neighbourhood_time import ABSTRACTION, DUTY_HOURS, PATROL
from openpeel.areas.prevention.problem_solving import INITIATIVE, PROBLEM_PLAN
from openpeel.engine.declare.records import RecordType

RECORD_TYPES: tuple[RecordType, ...] = (
    PROBLEM_PLAN,
    ABSTRACTION,
    DUTY_HOURS,
    ENGAGEMENT,
    KEY_INDIVIDUAL,
    PATROL,
    PERCEPTION_SURVEY_RESPONSE,
    INITIATIVE,
)
