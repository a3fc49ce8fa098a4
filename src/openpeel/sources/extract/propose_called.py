"""What columns of record types are called in the extracts of systems that forces use: data, nothing else."""

from __future__ import annotations

#: Column -> what it is called in STORM, ControlWorks, Niche, Athena, Connect and staff systems.
CALLED: dict[str, str] = {
    "incident_id":
        "log no; incident no; storm no; storm log ref; cad no; iml no; urn; event no; incident urn; "
        "occurrence no; reference",
    "crime_id":
        "crime no; crime ref; niche occurrence no; occurrence no; athena ref; crn; investigation no; "
        "crime report no",
    "custody_id": "custody no; custody record no; detention no",
    "call_id": "call no; call ref; ucid; call urn",
    "person_id": "nominal no; nominal ref; nominal urn; niche person no; person urn; pncid; nominal",
    "victim_id": "victim nominal; victim urn; ip nominal; injured party nominal",
    "suspect_id": "suspect nominal; suspect urn",
    "offender_id": "offender nominal; offender urn; visor no",
    "officer_id":
        "collar no; shoulder no; badge no; warrant no; officer no; epaulette no; oic; officer in "
        "charge; oic collar no; pin",
    "employee_id":
        "collar no; shoulder no; staff no; payroll no; employee no; personnel no; warrant no; oracle "
        "no; pin",
    "supervisor_id": "supervisor collar no; supervisor shoulder no; sergeant no; line manager no",
    "opened_by_id": "operator no; call taker no; created by; opened by",
    "call_handler_id": "operator no; call taker no; agent no; agent",
    "opened_at":
        "date of call; time of call; call time; call date; created; created date; opened; incident "
        "date; log created; incident time; start time; incident created; log opened; received; date "
        "received",
    "opened_on": "created; created date; start date",
    "received_at": "received; call time; call received; date of call; queued; call start; created",
    "reported_at": "reported; date reported; call received; first reported",
    "recorded_at": "recorded; date recorded; crimed date; created; entered; crime created",
    "arrived_at":
        "first arrived; arrived; attendance time; first attendance; on scene; at scene; time at "
        "scene; toa; first on scene; first at scene; first unit arrived; first arriving attendance "
        "time; first resource at scene; first resource arrived; response time; time to attend",
    "attended_at": "arrived; attended; attendance time; at scene",
    "dispatched_at":
        "dispatched; first dispatched; resourced; deployed; first deployed; assigned; allocated",
    "en_route_at": "en route; mobile time; enroute",
    "closed_at":
        "closed; finalised; resolved; closure date; end time; log closed; incident closed; result "
        "date",
    "ended_at": "ended; end time; finish; finished; closed; disconnected",
    "started_at": "started; start time; begin; from; commenced",
    "started_on": "started; start date; from; first day",
    "ended_on": "ended; end date; last day; to",
    "answered_at": "answered; time answered; answer time",
    "abandoned_at": "abandoned; time abandoned",
    "committed_from_at":
        "offence date; committed from; committed; date committed; first committed; from date",
    "committed_to_at": "committed to; last committed; to date",
    "searched_at": "search date; date of search; date time; date",
    "used_at": "date of use; date of incident; incident date; force used",
    "arrested_at": "arrest date; date of arrest; time of arrest",
    "assigned_at": "outcome date; disposal date; date assigned; finalised",
    "joined_on": "start date; date joined; join date; appointment date; service start",
    "left_on": "leave date; leaving date; date left; termination date; end date",
    "grade":
        "grade; pri; priority; response grade; call grade; incident grade; response level; current "
        "grade",
    "first_grade": "initial grade; original grade; opening grade; initial priority",
    "source": "call source; origin; contact method; how reported; method of contact; call type; source",
    "route": "how reported; method of report; source; origin",
    "opening_code": "opening code; initial type; incident type; opening type; call type; initial class",
    "closing_code":
        "closing code; closure code; result code; final type; closing type; stop code; final class; "
        "disposal code; resolution code",
    "beat": "beat; beat code; neighbourhood; npt; snt",
    "local_policing_area": "lpa; bcu; division; district; policing area; area",
    "ward": "ward name; ward; electoral ward",
    "local_authority": "borough name; borough; local authority name; lad name; la name",
    "census_area": "lsoa; lsoa code; lsoa11cd; lsoa21cd",
    "location_kind": "property type; premises type; location type; place type; property category",
    "station_area": "station ground; incident station ground; station area",
    "station": "station; deployed from station; first deployed from station; home station; base",
    "easting": "easting; x; grid x; osgr x; x coord; osgrx",
    "northing": "northing; y; grid y; osgr y; y coord; osgry",
    "domestic_abuse": "da; dv; domestic; da flag; domestic abuse flag; domestic violence",
    "mental_health": "mh; mental health flag",
    "antisocial_behaviour": "asb; asb flag",
    "vulnerable": "vulnerability flag; vulnerable; vulnerability",
    "concern_for_welfare": "cfw; concern welfare; concern for safety",
    "hate_crime": "hate; hate flag; hate crime flag",
    "offence_code": "ho code; home office code; cdr code; offence code",
    "offence": "offence description; offence title; crime type; stats class; offence",
    "offence_group": "ho group; offence group; crime category; crime group",
    "outcome_type": "outcome code; ho outcome; outcome no; outcome; outcome type",
    "gender": "gender; sex",
    "sex": "sex; gender",
    "self_defined_ethnicity":
        "ethnicity self defined; 16 1; self defined ethnicity; ethnicity; ethnic appearance self",
    "officer_defined_ethnicity":
        "ethnic appearance; ic code; observed ethnicity; officer observed ethnicity",
    "rank": "rank; grade; rank name",
    "worker_type": "employee type; staff type; staff group; officer or staff",
    "full_time_equivalent": "fte; contracted fte; wte",
    "unit": "call sign; callsign; resource; unit; unit id",
    "team": "team; unit name; section; shift",
    "department": "department; dept; directorate",
    "target_seconds": "target time; sla; target seconds; response target",
    "family_name": "surname; last name",
    "given_name": "forename; first name; forename 1",
    "birth_on": "dob; date of birth",
    "address": "address; home address; full address; address line 1",
    "postcode": "postcode; post code; home postcode",
    "attended": "attended flag; resourced flag; unit attended",
    "result": "result; outcome; disposal",
}  # fmt: skip

#: The words used here -> what many systems write for them.
WRITTEN: dict[str, str] = {
    "id": "no num number nbr nr ref refno reference urn ident identifier uid",
    "when": "date time datetime timestamp dt dttm tm dts at on",
    "domestic abuse": "dv da domestic dab",
    "antisocial behaviour": "asb antisocial",
    "body worn video": "bwv bodyworn",
    "local policing area": "lpa lpu bcu npu district division",
    "priority": "pri prio",
    "neighbourhood": "nbh nhood neighborhood",
    "text": "desc description descr",
    "flag": "ind indicator marker yn qualifier",
    "arrived": "attendance attending arrival toa",
    "dispatched": "despatched despatch dispatch deployment",
    "birth when": "dob birthdate birthday",
    "family name": "surname lastname familyname",
    "given name": "forename forenames firstname givenname",
    "seconds": "secs sec",
    "minutes": "mins min minute",
    "local authority": "borough council",
    "category": "cat",
    "supervisor": "sup supv supvr supervising",
    "closed": "closure close closing",
    "outside hours": "ooh",
    "mental health": "mh",
    "ethnicity": "ethnic",
    "self defined ethnicity": "sde",
    "officer defined ethnicity": "ode",
    "full equivalent when": "fte wte",
    "use force": "uof",
    "released under investigation": "rui",
    "concern welfare": "cfw",
    "community safety partnership": "csp",
    "officer charge": "oic",
    "hate crime": "hatecrime",
    "niche": "nichea",
    "incident": "inc cad storm log",
    "collar id": "collar",
    "shoulder id": "shoulder",
    "nominal id": "nominal",
    "badge id": "badge",
    "code": "cd",
    "vulnerable": "vuln",
    "percent": "pcent",
    "phone": "telephone tel mobile",
    "easting": "eastings",
    "northing": "northings",
    "latitude": "lat",
    "longitude": "lon long lng",
}  # fmt: skip
