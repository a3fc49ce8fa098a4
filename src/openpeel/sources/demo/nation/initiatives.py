"""Initiatives with what is claimed for each and what is true.

Truth: ``_true_effect`` is the change, in percent, that an initiative made to what it counts. Calls for welfare that
others should answer, assessments turned down and views of how visible police are really change (`incidents`, `abuse`,
`engagement`); summer activities and alleys change nothing in the nation: what is claimed for them is chance.
"""

from __future__ import annotations

from dataclasses import dataclass

from openpeel.sources.demo.nation.abuse import DECLINED_AFTER, DECLINED_BEFORE, PLAN_MONTH
from openpeel.sources.demo.nation.draws import chance, one_of, pick, salt, spread, text_sql, whole
from openpeel.sources.demo.nation.incidents import DECLINED, RIGHT_CARE_MONTH
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import AREAS
from openpeel.sources.demo.nation.staff import somebody

SUMMER_CLAIM = parameter("summer_claim", -30, 12, -60, -5)  # change claimed for summer activities, in percent
PLACE_CLAIM = parameter("place_claim", -50, 15, -100, -10)  # and for places that were designed anew
VISIBILITY_GAIN = parameter(
    "visibility_gain", 0.15, 0.08, 0.0, 0.4
)  # true effect of mobile stations on satisfaction

#: Where mobile stations stand, and from which month on (0 is the first).
STATION_AREA, STATIONS_FROM = AREAS[0], 2
_DAY = "make_date((month // 12)::INTEGER, (1 + month % 12)::INTEGER, 1)"
_ABUSE_CHANGE = f"100 * ({DECLINED_AFTER} / {DECLINED_BEFORE} - 1)"


@dataclass(frozen=True)
class _Initiative:
    """What one initiative is in every force; ``month``, ``claim`` and ``truth`` are SQL on the force's parameters."""

    title: str
    kind: str
    aim: str
    month: str
    day: int
    days: int
    claim: str
    truth: str
    counted: str
    which: str
    level: str = "whole force"
    treated: str = ""
    compared: str = ""
    near: str = ""
    share: float = 1.0

    def sql(self, number: int) -> str:
        """A SELECT of it, for the forces that have it and the months in which it starts."""
        texts = {
            "title": self.title, "initiative_kind": self.kind, "aim": self.aim, "place_level": self.level, "treated_places": self.treated,
            "comparison_places": self.compared, "neighbouring_places": self.near, "record_type_counted": self.counted,
            "records_counted": self.which,
        }  # fmt: skip
        named = ", ".join(f"{text_sql(text)}::VARCHAR AS {name}" for name, text in texts.items())
        return f"""
        SELECT *, {_DAY} + {self.day} AS starts_on, {self.days} AS days, ({self.claim})::DOUBLE AS claimed, ({self.truth})::DOUBLE AS truth, {named}
        FROM (SELECT f.* EXCLUDE (_k), m.month, {number} AS number, hash(xor(f._k, {salt(self.title)})) AS _k
              FROM forces f, months m WHERE m.i = {self.month})
        WHERE {chance("has it", self.share)} OR place = 0"""


_ALL = (
    _Initiative("Right care, right person", "change of procedure", "Fewer welfare checks that others should make", f"ceil({RIGHT_CARE_MONTH})", 0, 41,
                f"round(-100 * {DECLINED})", f"-100 * {DECLINED}", "responding.incident", "Concern for welfare, attended"),
    _Initiative("Plan for domestic abuse", "change of procedure", "Fewer victims who turn down a risk assessment", f"ceil({PLAN_MONTH})", 0, 59,
                f"round({_ABUSE_CHANGE})", _ABUSE_CHANGE, "vulnerable.risk_assessment", "Declined, of those due and seen"),
    _Initiative("Summer activities", "diversion of young people", "Fewer antisocial behaviour incidents in the holidays", "3", 21, 39,
                SUMMER_CLAIM, "0", "responding.incident", "Marked as antisocial behaviour", "ward", "Abbey; Chapel", "Bridge; Elms", "Fairfield", 0.5),
    _Initiative("Alleys designed anew", "design of places", "Fewer calls from three alleys", "5", 9, 160,
                PLACE_CLAIM, "0", "responding.incident", "Marked as antisocial behaviour", "ward", "Dockside", "Greenway", "Elms", 0.3),
    _Initiative("Mobile police stations", "mobile police station", "More residents satisfied with how visible police are", str(STATIONS_FROM), 9, 280,
                f"round(130 * {VISIBILITY_GAIN})", f"100 * {VISIBILITY_GAIN}", "prevention.perception_survey_response",
                "Satisfied or very satisfied with visibility", "local policing area", STATION_AREA, f"{AREAS[1]}; {AREAS[2]}"),
)  # fmt: skip
_UNION = " UNION ALL ".join(initiative.sql(number) for number, initiative in enumerate(_ALL, 1))

INITIATIVE = Made(
    "prevention.initiative",
    f"""
    SELECT force, _k, month, 'INI-' || strftime(starts_on, '%Y') || '-' || number::VARCHAR AS initiative_id, title, initiative_kind, aim, starts_on,
        CASE WHEN initiative_kind = 'diversion of young people' THEN starts_on + days END AS ends_on, place_level, treated_places, comparison_places,
        neighbouring_places, CASE WHEN comparison_places IS NULL THEN 'none' ELSE 'like places' END AS comparison_kind, false AS chosen_at_random,
        record_type_counted, records_counted, starts_on - 1 - days AS before_from, starts_on - 1 AS before_to, starts_on AS after_from, starts_on + days AS after_to,
        CASE WHEN {chance("else", 0.3)} THEN {one_of("what else", ["New town centre lighting", "A new shift pattern", "Roadworks"])} END AS changed_as_well,
        CASE WHEN initiative_kind = 'diversion of young people' THEN {whole("participants", 40, 260)} END AS participants,
        claimed AS claimed_change, number = 3 AS claim_at_most,
        CASE WHEN number = 3 THEN 'Incidents down by up to ' || round(abs(claimed))::BIGINT::VARCHAR || ' percent'
             ELSE 'Change of ' || round(claimed)::BIGINT::VARCHAR || ' percent' END AS claim,
        {pick("claims", {"Community safety partnership": 4, "The force": 5, "Commissioner's office": 1})} AS claimed_by,
        starts_on + days + {whole("claimed day", 20, 60)}::INTEGER AS claimed_on, round({spread("cost", 30000, 0.8)})::BIGINT AS cost,
        {pick("funded", {"Hot spot grant": 4, "Force budget": 5, "": 1})} AS funding_stream, {chance("evaluated", 0.4)} AS evaluated,
        CASE WHEN {chance("evaluated", 0.4)} THEN starts_on + days + 15 END AS evaluated_on,
        CASE WHEN {chance("evaluated", 0.4)} THEN {pick("by", {"Team itself": 5, "Analysts": 4, "University": 1})} END AS evaluated_by,
        {chance("residents", 0.3)} AS residents_asked, {somebody("command", "leads")} AS owner_id, 'Council; Youth service' AS partners, truth AS _true_effect
    FROM ({_UNION})
    """,
    later={
        "claimed_on": ("claimed_change", "claim_at_most", "claim", "claimed_by"),
        "evaluated_on": ("evaluated", "evaluated_by", "residents_asked"),
    },
)

TABLES = (INITIATIVE,)
