"""Victims, and what the Victims' Code gives them apart from updates: needs, statements, the right to a review."""

from __future__ import annotations

from openpeel.sources.demo.nation.crimes import other_than
from openpeel.sources.demo.nation.days import local_day
from openpeel.sources.demo.nation.draws import after, chance, mixed, one_of, pick, spread, u, wait
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.nominals import (
    age_at,
    birth_on,
    ethnicity,
    gender,
    key_of_person,
    seen_ethnicity,
)
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.places import area, person

NEEDS_ASSESSED = parameter("needs_assessed", 0.72, 0.12, 0.2, 0.98)
STATEMENT_CONSIDERED = parameter("statement_considered", 0.74, 0.1, 0.3, 0.98)
WITHDRAWAL_RECORDED = parameter(
    "withdrawal_recorded", 0.75, 0.1, 0.3, 0.98
)  # reasons of victims who withdraw

#: Second victims of violence, robbery and burglary.
_TWO = 0.05
_OF_CRIME = """force, month, crime_id, people, persons, recorded_at, reported_at, victim, o, domestic_abuse, child_abuse, level, standing,
    vulnerable, repeat_victim, areas, local_policing_area, officer_id, team, outcome_type, assigned_at, decision, way, disposal,
    suspect_id, screened_out"""

VICTIMS = Made(
    "_victims",
    f"""
    SELECT *, victim = 'person' AND (vulnerable OR age < 18 OR level = 'PIP 2' AND offence_serious OR domestic_abuse) AND {chance("seen as such", 0.93)} AS enhanced,
        CASE WHEN outcome_type IN ('14', '16') THEN CASE WHEN {u("support")} < 0.48 THEN 'withdrawn' ELSE 'no, from the start' END
             WHEN victim = 'state' THEN NULL WHEN {chance("withdraws", "CASE WHEN domestic_abuse THEN 0.08 ELSE 0.015 END")} AND assigned_at IS NOT NULL THEN 'withdrawn'
             ELSE {pick("support", {"yes": 92, "not asked": 4, "": 4})} END AS support,
        CASE WHEN assigned_at IS NOT NULL THEN {after("recorded_at", f"date_diff('second', recorded_at, assigned_at) * (0.2 + 0.75 * {u('withdrawn when')})")} END
            AS withdraws_at
    FROM (SELECT *, {age_at(birth_on("victim_key"), local_day("recorded_at"))} AS age, {gender("victim_key")} AS gender, {ethnicity("victim_key")} AS ethnicity,
              o IN ('serious injury', 'stalking', 'coercion', 'sexual assault', 'robbery', 'threats') OR o LIKE 'rape%' AS offence_serious
          FROM (SELECT *, CASE WHEN victim = 'person' THEN {key_of_person("victim_id")} ELSE hash(victim_id) END AS victim_key
                FROM (SELECT {mixed("victim")} AS _k, {_OF_CRIME}, victim_id, 1 AS place FROM _cases
                      UNION ALL
                      SELECT * FROM (
                          SELECT {mixed("second victim")} AS _k, {_OF_CRIME}, {other_than(person("second victim"), "person_id")} AS victim_id, 2
                          FROM _cases WHERE victim = 'person' AND NOT domestic_abuse
                              AND offence_group IN ('Violence against the person', 'Robbery', 'Public order offences') AND {chance("two victims", _TWO)})
                      WHERE (force, crime_id, victim_id) NOT IN (SELECT (force, crime_id, suspect_id) FROM _suspects))))
    """,
)

_METHODS: dict[str, float | str] = {
    "telephone": 48,
    "email": 25,
    "text message": 15,
    "in person": 6,
    "letter": 2,
    "online portal": 2,
    "": 2,
}

VICTIM = Made(
    "victims.victim",
    f"""
    SELECT force, _k, month, crime_id, victim_id, recorded_at, victim AS kind, CASE WHEN victim = 'person' AND {chance("age known", 0.96)} THEN age END AS age,
        CASE WHEN victim = 'person' AND {chance("age known", 0.96)} THEN age < 18 END AS under_18, CASE WHEN victim = 'person' THEN gender END AS gender,
        CASE WHEN victim = 'person' AND {chance("ethnicity asked", 0.72)} THEN ethnicity END AS self_defined_ethnicity,
        CASE WHEN victim = 'person' AND {chance("ethnicity seen", 0.6)} THEN {seen_ethnicity("ethnicity")} END AS officer_defined_ethnicity,
        CASE WHEN victim = 'person' AND {chance("disability asked", 0.8)} THEN {chance("disability", 0.12, "victim_key")} END AS disability,
        CASE WHEN victim = 'person' THEN false END AS deceased, CASE WHEN victim = 'person' THEN vulnerable END AS vulnerable,
        CASE WHEN victim = 'person' THEN repeat_victim END AS repeat_victim, CASE WHEN victim <> 'state' THEN enhanced END AS enhanced_rights,
        CASE WHEN victim <> 'state' THEN CASE WHEN NOT enhanced THEN 'none' WHEN offence_serious OR domestic_abuse THEN 'most serious crime'
             WHEN repeat_victim AND {chance("targeted", 0.4)} THEN 'persistently targeted' ELSE 'vulnerable or intimidated' END END AS enhanced_rights_reason,
        CASE WHEN enhanced THEN {after("recorded_at", wait("enhanced", 40000))} END AS enhanced_rights_at,
        CASE WHEN victim = 'person' THEN coalesce(CASE WHEN place = 1 THEN relationship END, 'not known') END AS relationship,
        CASE WHEN victim = 'person' THEN {pick("language", {"none needed": 97, "Polish": 1, "Urdu": 1, "Romanian": 1}, "victim_key")} END AS language,
        CASE WHEN victim <> 'state' THEN {pick("method", _METHODS)} END AS preferred_method, support AS supports_investigation,
        CASE WHEN {chance("lives near", 0.8)} THEN local_policing_area ELSE {area("victim_key")} END AS local_policing_area,
        CASE WHEN support = 'withdrawn' THEN 'yes' ELSE support END AS _before_supports_investigation,
        CASE WHEN support = 'withdrawn' THEN withdraws_at END AS _withdraws_at
    FROM _victims LEFT JOIN (SELECT force, crime_id, relationship FROM _sought WHERE place = 1) USING (force, crime_id)
    """,
    later={"enhanced_rights_at": (), "_withdraws_at": ("supports_investigation",)},
)

_SERIOUS = "(enhanced OR level = 'PIP 2')"
#: Whether a personal statement is in question: someone is charged, or a serious case is worked on.
_STATEMENT_DUE = "victim = 'person' AND (decision = 'charge' OR offence_serious AND way IS NOT NULL)"
_WITHDRAWN = "support = 'withdrawn'"
_KEPT: dict[str, float | str] = {
    "signed statement": 38, "signed notebook entry": 18, "video or audio": 15, "message from the victim": 8, "officer's note": 17,
    "nothing": 4,
}  # fmt: skip
_REASONS = [
    "Fear of what would follow",
    "Wants to move on",
    "Does not want court",
    "Reconciled",
    "Takes too long",
]
_TEXTS = [
    "She does not want to go to court and is worried about the children.", "He says it is over and wants no more to do with it.",
    "Afraid of the family. Would like the marker on the address.", "It has gone on for too long and nobody rang.",
]  # fmt: skip
_TAKEN = f"(statement_considered AND {chance('statement offered', 0.86)} AND NOT {chance('statement declined', 0.4)} AND {chance('statement taken', 0.85)})"
_NOT_CHARGED = "decision IS NOT NULL AND decision <> 'charge' AND assigned_at IS NOT NULL"

ENTITLEMENT = Made(
    "victims.victim_entitlement",
    f"""
    SELECT *, CASE WHEN needs_assessed AND NOT needs_assessment_declined THEN {after("recorded_at", wait("assessed when", 70000))} END AS needs_assessed_at,
        CASE WHEN needs_assessed THEN {chance("needs found", "CASE WHEN _enhanced THEN 0.55 ELSE 0.2 END")} END AS support_needs_found,
        CASE WHEN support_offered AND NOT support_declined THEN {after("_reported_at", "3600 + " + spread("referred", 70000, 0.7))} END AS support_referred_at,
        CASE WHEN support_offered AND NOT support_declined THEN 'Victim Care' END AS support_service,
        CASE WHEN contract_offered AND NOT contract_declined THEN _contract_at END AS contract_agreed_at,
        CASE WHEN statement_considered THEN {chance("statement offered", 0.86)} END AS statement_offered,
        CASE WHEN statement_considered AND {chance("statement offered", 0.86)} THEN {after("recorded_at", wait("offered when", 90000))} END AS statement_offered_at,
        CASE WHEN statement_considered AND {chance("statement offered", 0.86)} THEN {chance("statement declined", 0.4)} END AS statement_declined,
        {_TAKEN} AS statement_taken, CASE WHEN {_TAKEN} THEN {after("recorded_at", f"400000 + {spread('taken when', 900000, 0.8)}")} END AS statement_taken_at,
        CASE WHEN {_TAKEN} THEN _charged AND {chance("sent on", 0.93)} END AS statement_sent_to_prosecutor,
        CASE WHEN {_TAKEN} THEN {pick("wish", {"read by somebody else": 45, "not read out": 25, "read by the victim": 15, "not asked": 15})} END AS statement_wish,
        CASE WHEN support_withdrawn AND withdrawal_reason_recorded THEN {one_of("withdrawal reason", _REASONS)} END AS withdrawal_reason,
        CASE WHEN support_withdrawn AND withdrawal_reason_recorded THEN {one_of("withdrawal text", _TEXTS)} END AS withdrawal_text,
        CASE WHEN support_withdrawn THEN CASE WHEN withdrawal_reason_recorded THEN {pick("withdrawal kept", _KEPT)} ELSE
            {pick("withdrawal kept", {"officer's note": 55, "nothing": 45})} END END AS withdrawal_kept_as,
        CASE WHEN review_asked THEN {after("_assigned_at", spread("review when", 900000, 0.7))} END AS review_asked_at,
        CASE WHEN review_asked THEN {pick("review", {"decision stands": 78, "decision changed": 9, "investigated further": 8, "not yet decided": 5})}
             WHEN review_asked IS NOT NULL THEN 'no review' END AS review_result
    FROM (SELECT force, _k, crime_id, victim_id, recorded_at, enhanced AS _enhanced, reported_at AS _reported_at, decision = 'charge' AS _charged,
              assigned_at AS _assigned_at, CASE WHEN {_NOT_CHARGED} THEN assigned_at END AS _review_at,
              {after("recorded_at", "600 + " + spread("agreed", 50000, 1.1))} AS _contract_at,
              CASE WHEN {chance("acknowledged", 0.87)} THEN {after("recorded_at", "600 + " + spread("acknowledged", 60000, 0.9))} END AS acknowledged_at,
              CASE WHEN {chance("informed", 0.85)} THEN {after("recorded_at", wait("informed", 50000))} END AS information_given_at,
              victim = 'person' AND NOT screened_out AS needs_assessment_due,
              CASE WHEN victim = 'person' AND NOT screened_out AND {chance("assessment known", 0.95)} THEN {chance("assessed", NEEDS_ASSESSED)} END AS needs_assessed,
              CASE WHEN victim = 'person' AND NOT screened_out THEN {chance("assessment declined", 0.06)} END AS needs_assessment_declined,
              CASE WHEN victim = 'person' THEN {chance("asked for", 0.6)} END AS support_requests_recorded,
              CASE WHEN {_SERIOUS} AND victim = 'person' THEN {chance("special measures", 0.55)} END AS special_measures_considered,
              CASE WHEN victim = 'person' THEN {chance("support offered", "CASE WHEN enhanced THEN 0.85 ELSE 0.6 END")} END AS support_offered,
              CASE WHEN victim = 'person' AND {chance("support offered", "CASE WHEN enhanced THEN 0.85 ELSE 0.6 END")} THEN {chance("support declined", 0.55)} END
                  AS support_declined,
              CASE WHEN victim = 'person' THEN NOT screened_out AND {chance("contract offered", 0.86)} END AS contract_offered,
              CASE WHEN victim = 'person' AND NOT screened_out AND {chance("contract offered", 0.86)} THEN {chance("contract declined", 0.05)} END AS contract_declined,
              {_STATEMENT_DUE} AS statement_due, CASE WHEN {_STATEMENT_DUE} THEN {chance("statement considered", STATEMENT_CONSIDERED)} END AS statement_considered,
              victim = 'person' AND {_WITHDRAWN} AS support_withdrawn, CASE WHEN victim = 'person' AND {_WITHDRAWN} THEN withdraws_at END AS withdrawn_at,
              CASE WHEN victim = 'person' AND {_WITHDRAWN} THEN {chance("reason recorded", WITHDRAWAL_RECORDED)} END AS withdrawal_reason_recorded,
              CASE WHEN victim = 'person' AND {_WITHDRAWN} THEN {chance("evidence-led", "CASE WHEN domestic_abuse THEN 0.62 ELSE 0.3 END")} END AS evidence_led_considered,
              CASE WHEN domestic_abuse THEN {chance("order considered", 0.45)} END AS protective_order_considered,
              CASE WHEN {_NOT_CHARGED} AND victim = 'person' THEN {chance("review told", 0.7)} END AS review_right_told,
              CASE WHEN {_NOT_CHARGED} AND victim = 'person' THEN {chance("review asked", 0.012)} END AS review_asked, officer_id, team
          FROM _victims JOIN (SELECT force, {NEEDS_ASSESSED}, {STATEMENT_CONSIDERED}, {WITHDRAWAL_RECORDED} FROM facts) USING (force)
          WHERE victim <> 'state')
    """,
    later={
        "acknowledged_at": (), "information_given_at": (), "needs_assessed_at": ("support_needs_found",), "support_referred_at": (),
        "contract_agreed_at": (), "statement_offered_at": ("statement_declined",), "statement_taken_at": ("statement_sent_to_prosecutor", "statement_wish"),
        "withdrawn_at": ("support_withdrawn", "withdrawal_reason_recorded", "withdrawal_reason", "withdrawal_text", "withdrawal_kept_as", "evidence_led_considered"),
        "_review_at": ("review_right_told", "review_asked", "review_result"), "review_asked_at": ("review_result",),
    },
)  # fmt: skip

TABLES = (VICTIMS, VICTIM, ENTITLEMENT)
