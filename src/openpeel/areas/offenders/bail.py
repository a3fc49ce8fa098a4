"""Records of bail before charge and release under investigation: periods, extensions, suspensions, checks."""

from __future__ import annotations

from openpeel.areas.offenders import derived
from openpeel.engine.declare.columns import (
    choice,
    day,
    employee,
    flag,
    instant,
    operational,
    person,
    word,
)
from openpeel.engine.declare.records import RecordType, Reference, RowRule

BAIL_PERIOD = RecordType(
    id="offenders.bail_period",
    title="Bail and release periods",
    kind="interval",
    anchor="starts_at",
    key=("bail_id",),
    meaning="One period in which one suspect is on bail before charge, or released under investigation, for one crime.",
    systems=("Custody (Niche, Athena, Connect)", "Records management (Niche, Athena, Connect)"),
    export="One row per suspect, crime and period: a change from bail to release under investigation ends one row "
    "and starts another; a new return date within the limit does not. Leave out bail after charge. Ask for the "
    "recorded limit and the return date apart: most systems show one column for both.",
    columns=(
        operational("bail_id", "Number of the period.", "B-2024-0311", required=True),
        choice(
            "kind",
            "Whether the suspect is on bail or not.",
            "bail",
            "street bail",
            "released under investigation",
        ),
        operational("crime_id", "Crime it is for; with several, the most serious.", "CR-2024-001234"),
        person("suspect_id", "The suspect.", "N-90017"),
        operational("custody_id", "Number of the custody record.", "CU-2024-000555"),
        operational("arrest_id", "Number of the arrest.", "AR-2024-0555"),
        instant(
            "arrested_at",
            "When the suspect was arrested for the crime. Its date decides which law sets the limit, and the limit "
            "counts from the day after it.",
            "2024-03-05 09:15:00",
        ),
        word("power", "Power under which the suspect was released.", "PACE section 37(2)"),
        choice(
            "purpose",
            "What the release was for.",
            "further enquiries",
            "charging decision",
            "other",
        ),
        instant("starts_at", "When the suspect was released.", "2024-03-05 18:30:00", required=True),
        day(
            "recorded_limit_on",
            "Last day of bail as the force recorded it, extensions included. The legal limit is worked out apart; "
            "blank for release under investigation, which has none.",
            "2024-09-05",
        ),
        day("first_limit_on", "Last day of bail as first recorded, before any extension.", "2024-06-05"),
        instant(
            "return_at",
            "When the suspect is next to return; it may be before the limit.",
            "2024-06-04 10:00:00",
        ),
        choice(
            "returned", "What happened at the last return date.", "answered", "failed", "cancelled", "moved"
        ),
        choice(
            "authoriser_rank",
            "Rank of the officer who first authorised bail.",
            "custody sergeant",
            "inspector",
            "superintendent",
            "other",
        ),
        employee("authoriser_id", "That officer.", "P-3107"),
        choice(
            "agency",
            "Who investigates; other limits hold for some.",
            "police",
            "Serious Fraud Office",
            "HM Revenue and Customs",
            "National Crime Agency",
            "Financial Conduct Authority",
            "other",
        ),
        flag("exceptionally_complex", "Designated by a prosecutor as exceptionally complex.", "no"),
        flag("conditions_set", "Bail has at least one condition."),
        flag("no_contact_condition", "A condition: no contact with the victim or a witness."),
        flag("exclusion_condition", "A condition: to stay away from a place."),
        flag("residence_condition", "A condition: to live at an address."),
        flag("curfew_condition", "A condition: to stay in at set times.", "no"),
        flag("children_condition", "A condition: no contact with children without supervision."),
        flag("devices_condition", "A condition on use of the internet or devices.", "no"),
        flag("other_condition", "A condition of another sort.", "no"),
        flag("domestic_abuse", "The case is one of domestic abuse."),
        flag("child_victim", "The case is one of an offence against a child."),
        flag("indecent_images", "The case is one of indecent images of children.", "no"),
        flag("victim_views_taken", "The victim's views on bail and conditions were taken."),
        instant(
            "ended_at",
            "When it ended. Blank while it runs, also past its limit: a lapse is found from the limit.",
            "2024-08-02 15:00:00",
        ),
        choice(
            "ended_by",
            "How it ended.",
            "charge",
            "no further action",
            "changed to release under investigation",
            "changed to bail",
            "out-of-court disposal",
            "arrest for breach",
            "lapse",
            "other",
        ),
        word("change_reason", "Recorded reason for the change from bail or to it.", "limit reached"),
        operational("next_bail_id", "Period that followed a change; blank for none.", "B-2024-0977"),
        instant(
            "bail_sergeant_checked_at", "When a bail sergeant last checked the record.", "2024-03-06 09:00:00"
        ),
        employee("officer_id", "Officer in the case.", "P-5521"),
        word("team", "Team of that officer.", "Response A North"),
        employee("supervisor_id", "Supervisor who answers for it.", "P-3107"),
        word("local_policing_area", "Local policing area of the crime.", "North"),
    ),
    rules=(
        RowRule("starts-after-arrest", "starts_at >= arrested_at", "released before the arrest"),
        RowRule("ends-after-start", "ended_at >= starts_at", "ended before it started"),
        RowRule(
            "limits-in-order", "recorded_limit_on >= first_limit_on", "limit moved to before the first one"
        ),
        RowRule("not-its-own-successor", "next_bail_id <> bail_id", "followed by itself"),
    ),
    references=(
        Reference(("crime_id",), "investigating.crime"),
        Reference(("crime_id", "suspect_id"), "offenders.suspect"),
        Reference(("suspect_id",), "shared.person_reference"),
        Reference(("arrest_id",), "powers.arrest"),
        Reference(("local_policing_area",), "shared.local_policing_area"),
    ),
    derived=derived.BAIL_PERIOD,
)

BAIL_EXTENSION = RecordType(
    id="offenders.bail_extension",
    title="Bail extensions",
    kind="event",
    anchor="decided_at",
    key=("bail_extension_id",),
    meaning="One decision to extend one bail period, or not to.",
    systems=("Custody (Niche, Athena, Connect)", "Court results, for extensions by magistrates"),
    export="One row per decision, also refusals. Extensions by a court are often kept in the case file and not in "
    "custody: ask for both. A new return date within the limit is no extension.",
    columns=(
        operational("bail_extension_id", "Number of the decision.", "BX-2024-0102", required=True),
        operational("bail_id", "Period it is about.", "B-2024-0311"),
        instant("applied_at", "When it was asked for.", "2024-05-29 11:00:00"),
        instant("decided_at", "When it was decided.", "2024-05-30 14:20:00", required=True),
        choice(
            "authoriser_rank",
            "Who decided it.",
            "inspector",
            "superintendent",
            "chief officer",
            "magistrates' court",
            "other",
        ),
        employee("authoriser_id", "Officer who decided it; blank for a court.", "P-3107"),
        choice("decision", "What was decided.", "extended", "refused"),
        day("old_limit_on", "Last day of bail before the decision.", "2024-06-05"),
        day("new_limit_on", "Last day of bail after it.", "2024-09-05"),
        word("extension_reason", "Reason, in the force's codes.", "phones being examined"),
        flag("suspect_views_taken", "The suspect or a solicitor was asked for views."),
        flag("victim_views_taken", "The victim was asked for views on the conditions."),
    ),
    rules=(
        RowRule("decided-after-applied", "decided_at >= applied_at", "decided before it was asked for"),
        RowRule(
            "limit-moves-on",
            "not (decision = 'extended' and new_limit_on < old_limit_on)",
            "extended to an earlier day",
        ),
    ),
    references=(Reference(("bail_id",), "offenders.bail_period"),),
)

BAIL_SUSPENSION = RecordType(
    id="offenders.bail_suspension",
    title="Suspensions of the bail clock",
    kind="interval",
    anchor="starts_at",
    key=("bail_suspension_id",),
    meaning="One stretch of one bail period in which its clock stands still.",
    systems=("Custody (Niche, Athena, Connect)", "Case file system, for files with the prosecutor"),
    export="One row per stretch; blank end while it lasts. Many systems do not hold it: take the times at which a "
    "file went to the prosecutor for a decision on charge and came back.",
    columns=(
        operational("bail_suspension_id", "Number of the stretch.", "BS-2024-0017", required=True),
        operational("bail_id", "Period whose clock stands still.", "B-2024-0311"),
        instant("starts_at", "When the clock stopped.", "2024-07-01 09:30:00", required=True),
        instant("ends_at", "When it ran again; blank while it stands still.", "2024-07-19 16:00:00"),
        choice(
            "suspension_reason",
            "Why it stands still.",
            "charging decision with the prosecutor",
            "application to court",
            "other",
        ),
    ),
    rules=(RowRule("ends-after-start", "ends_at >= starts_at", "ended before it started"),),
    references=(Reference(("bail_id",), "offenders.bail_period"),),
)

BAIL_CONDITION_CHECK = RecordType(
    id="offenders.bail_condition_check",
    title="Checks of bail conditions",
    kind="event",
    anchor="checked_at",
    key=("bail_condition_check_id",),
    meaning="One check by the police, made or attempted, that the conditions of one bail period are kept.",
    systems=(
        "Records management (Niche, Athena, Connect), as tasks",
        "Command and control (STORM, SmartSTORM, ControlWorks)",
    ),
    export="One row per check, also attempts that reached nobody. A check that was due and not made has no row.",
    columns=(
        operational("bail_condition_check_id", "Number of the check.", "BC-2024-0410", required=True),
        operational("bail_id", "Period whose conditions were checked.", "B-2024-0311"),
        day("due_on", "Day the check was due.", "2024-03-12"),
        instant("checked_at", "When it was made or attempted.", "2024-03-12 19:20:00", required=True),
        choice(
            "condition",
            "Condition that was checked.",
            "no contact",
            "exclusion",
            "residence",
            "curfew",
            "no contact with children",
            "devices",
            "all",
            "other",
        ),
        choice(
            "method",
            "How it was made.",
            "call to the victim",
            "visit to the victim",
            "visit to the suspect",
            "examination of devices",
            "tag or records",
            "other",
        ),
        choice("result", "What it showed.", "kept", "breach found", "could not tell"),
        choice("action", "What was done about a breach.", "arrest", "warning", "no action", "waiting"),
        employee("officer_id", "Officer who made it.", "P-5521"),
        word("team", "Team of that officer at the time.", "Response A North"),
    ),
    references=(Reference(("bail_id",), "offenders.bail_period"),),
)
