"""Suspects: who is suspected, who ought to be seen and who is, wanted people, arrests and what came of each.

A suspect of domestic abuse is the partner that the victim's reference leads to, so that the same pair turns up again.
`_suspects` holds a row for each suspect of a crime with everything that was done; records are cut from it.
"""

from __future__ import annotations

from openpeel.sources.demo.nation.crimes import other_than
from openpeel.sources.demo.nation.days import local_day
from openpeel.sources.demo.nation.draws import after, chance, mixed, number, pick, spread, u, wait
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.nominals import age_at, birth_on, gender, key_of_person, suspected
from openpeel.sources.demo.nation.parameters import parameter
from openpeel.sources.demo.nation.streams import further

SUSPECT_SEEN = parameter(
    "suspect_seen", 0.76, 0.07, 0.4, 0.95
)  # interviewed or arrested, of those who ought to be
ARREST_PROMPT = parameter("arrest_prompt", 0.72, 0.1, 0.3, 0.95)  # at the first chance there was
ON_BAIL = parameter(
    "on_bail", 0.7, 0.1, 0.3, 0.95
)  # of those released before a decision; the rest under investigation
PACE_OF_CASES = parameter("pace_of_cases", 1.0, 0.15, 0.6, 1.8)  # multiplies the length of investigations

_KNOWN = "standing = 'recorded' AND " + chance("known", "CASE WHEN domestic_abuse THEN 0.97 ELSE named END")


def _candidate(i: int) -> str:
    partner = number("N-", f"1 + floor({u(f'partner {i}', 'victim_key')} * persons)::BIGINT", 7)
    return f"CASE WHEN pair THEN {partner} ELSE {suspected(f'suspect {i}')} END"


_FITS = " ".join(
    f"WHEN {age_at(birth_on(f'k{i}'), 'reported_at')} >= CASE WHEN pair THEN 16 ELSE 10 END AND "
    f"({gender(f'k{i}')} = 'Male' OR {chance(f'takes {i}', 0.25)}) THEN p{i}"
    for i in (1, 2, 3)
)
_OF_CRIME = """force, month, crime_id, incident_id, reported_at, recorded_at, arrived_at, o, domestic_abuse, child_abuse,
    victim, person_id, victim_key, persons, people, named, arrests, days, devices, level, special, offence_group,
    offence_subgroup, offence_code, offence, local_policing_area, standing, areas"""

PERSONS = Made(
    "_suspected",
    f"""
    SELECT *, {key_of_person("suspect_id")} AS suspect_key FROM (
        SELECT * EXCLUDE (p1, p2, p3, p4, k1, k2, k3), {other_than("chosen", "person_id")} AS suspect_id FROM (
            SELECT *, CASE {_FITS} ELSE p4 END AS chosen FROM (
                SELECT *, {", ".join(f"{key_of_person(f'p{i}')} AS k{i}" for i in (1, 2, 3))} FROM (
                    SELECT *, {", ".join(f"{_candidate(i)} AS p{i}" for i in (1, 2, 3, 4))}
                    FROM (SELECT _k, 1 AS place, {_OF_CRIME}, domestic_abuse AND {chance("pair", 0.86)} AS pair
                          FROM _crimes WHERE {_KNOWN}
                          UNION ALL
                          SELECT {mixed("second suspect")}, 2, {_OF_CRIME}, false
                          FROM _crimes WHERE {_KNOWN} AND NOT domestic_abuse AND {chance("two", 0.08)})))))
    QUALIFY row_number() OVER (PARTITION BY force, crime_id, suspect_id ORDER BY place) = 1
    """,
)

#: Moments follow each other: named, wanted, arrested, in custody, interviewed, out of custody, decided.
_SCENE = "arrived_at IS NOT NULL AND " + chance(
    "at the scene", "CASE WHEN domestic_abuse THEN 0.45 ELSE 0.25 END"
)
_LATE_ARREST = spread("arrest", "86400 * CASE WHEN domestic_abuse THEN 1.2 ELSE 7 END", 1.3)
_DISPOSALS = {
    "bail before charge": 0.34, "released under investigation": 0.14, "charged and bailed": 0.15, "charged and held": 0.12,
    "caution": 0.03, "community resolution": 0.02, "no further action": 0.18, "released before custody": 0.02,
}  # fmt: skip
_RELEASED = _DISPOSALS["bail before charge"] + _DISPOSALS["released under investigation"]
_DRAWN_DISPOSAL = pick(
    "disposal",
    {
        "bail before charge": f"{_RELEASED} * on_bail",
        "released under investigation": f"{_RELEASED} * (1 - on_bail)",
        **{name: str(share) for name, share in list(_DISPOSALS.items())[2:]},
    },
)

_NAMED = after(
    "reported_at",
    f"CASE WHEN {chance('at once', 'CASE WHEN domestic_abuse THEN 0.9 ELSE 0.55 END')} THEN {wait('named', 1500)} ELSE {spread('found', 300000, 1.1)} END",
)
#: A suspect hangs on a crime by its reference. Of the few crimes recorded in a later month than somebody was named in,
#: the suspect is named with the record, and arrested after it: what a month's end cuts off leads to no crime unknown then.
_TOO_EARLY = f"date_trunc('month', {local_day(_NAMED)}) < date_trunc('month', {local_day('recorded_at')})"

DEALT = Made(
    "_dealt",
    f"""
    SELECT *, CASE WHEN way = 'arrest' THEN CASE WHEN scene THEN {after("greatest(arrived_at, identified_at)", "600 + " + wait("cuffs", 1500))}
            ELSE {after("identified_at", "3000 + " + _LATE_ARREST)} END END AS arrested_at,
        CASE WHEN way = 'arrest' THEN {_DRAWN_DISPOSAL} END AS disposal
    FROM (SELECT *, CASE WHEN seen THEN CASE WHEN {chance("way", "CASE WHEN domestic_abuse THEN 0.8 ELSE arrests END")}
                THEN 'arrest' ELSE 'voluntary' END END AS way
          FROM (SELECT *, {chance("seen", f"CASE WHEN needed THEN {SUSPECT_SEEN} WHEN needed IS NULL THEN 0.5 ELSE 0.1 END")} AS seen,
                    NOT late_record AND {_SCENE} AS scene
                FROM (SELECT s.*, f.{SUSPECT_SEEN}, f.{ARREST_PROMPT}, f.{ON_BAIL}, f.{PACE_OF_CASES},
                          CASE WHEN {_TOO_EARLY} THEN {after("recorded_at", wait("linked", 1500))} ELSE {_NAMED} END AS identified_at,
                          {_TOO_EARLY} AS late_record,
                          CASE WHEN {chance("judged", 0.97)} THEN {chance("needed", "CASE WHEN domestic_abuse THEN 0.93 ELSE 0.8 END")} END AS needed,
                          {birth_on("suspect_key")} AS birth, {gender("suspect_key")} AS gender
                      FROM _suspected s JOIN (SELECT force, {SUSPECT_SEEN}, {ARREST_PROMPT}, {ON_BAIL}, {PACE_OF_CASES} FROM facts) f USING (force)
                      WHERE {age_at(birth_on("suspect_key"), "reported_at")} >= 10)))
    """,
)

_OUTSTANDING = chance("outstanding", "CASE WHEN domestic_abuse THEN 0.45 ELSE 0.2 END")
_WEEKS = f"pace_of_cases * days * 86400 * {spread('weeks', 1.4, 0.75)}"

SUSPECTS = Made(
    "_suspects",
    f"""
    SELECT *, CASE WHEN way = 'voluntary' THEN interviewed_at WHEN way = 'arrest' THEN left_at ELSE identified_at END AS decided_from,
        CASE WHEN disposal IN ('charged and bailed', 'charged and held', 'caution', 'community resolution', 'no further action')
             THEN left_at
             WHEN disposal = 'released before custody' THEN {after("left_at", "0.5 * " + _WEEKS)}
             WHEN disposal IS NOT NULL THEN {after("left_at", "86400 * 4 + 1.25 * " + _WEEKS)}
             WHEN way = 'voluntary' THEN {after("interviewed_at", "86400 + 0.5 * " + _WEEKS)}
             ELSE {after("greatest(identified_at, recorded_at)", "86400 + 0.7 * " + _WEEKS)} END AS decided_at,
        CASE WHEN disposal LIKE 'charged%' THEN 'charge' WHEN disposal IN ('caution', 'community resolution') THEN 'out of court'
             WHEN disposal IN ('no further action', 'released before custody') OR way IS NULL THEN 'none'
             WHEN disposal IS NOT NULL THEN {pick("after release", {"charge": 0.3, "out of court": 0.05, "none": 0.65})}
             ELSE {pick("after interview", {"charge": 0.2, "out of court": 0.17, "none": 0.63})} END AS decision
    FROM (SELECT *, CASE WHEN way = 'voluntary' THEN {after("identified_at", "7200 + " + spread("interview", 900000, 0.9))}
                 WHEN arrived_in IS NOT NULL AND {chance("asked", 0.96)}
                 THEN {after("arrived_in", f"date_diff('second', arrived_in, left_at) * (0.3 + 0.5 * {u('asked when')})")} END AS interviewed_at,
              {age_at("birth", "reported_on")} AS suspect_age
          FROM (SELECT *, CASE WHEN disposal = 'released before custody' THEN {after("arrested_at", "1200 + " + wait("let go", 2400))}
                     ELSE {after("arrived_in", "least(85000, " + spread("held", 41000, 0.5) + ")")} END AS left_at
                FROM (SELECT *, CASE WHEN disposal <> 'released before custody' THEN {after("arrested_at", "300 + " + spread("drive", 2000, 0.5))} END AS arrived_in,
                          CASE WHEN NOT scene AND way = 'arrest' THEN {after("identified_at", f"least(0.5 * date_diff('second', identified_at, arrested_at), {wait('wanted', 7200)})")}
                               WHEN way IS NULL AND needed AND {_OUTSTANDING} THEN {after("identified_at", wait("wanted", 20000))} END AS wanted_since_at,
                          {further("replace(crime_id, 'CR-', 'AR-')", "10 * (place - 1)")} AS own_arrest,
                          {local_day("reported_at")} AS reported_on
                      FROM _dealt)))
    """,
)

TABLES = (PERSONS, DEALT, SUSPECTS)
