"""Columns worked out from records of bail, suspects and managed offenders, for the measures of the area."""

from __future__ import annotations

from openpeel.engine.declare.derivations import Derivation, Derived, RepeatWithin, Rollup

#: Days between two visits by risk level: openpeel's assumption (monthly, and every 3, 6 and 12 months).
VISIT_DAYS = {"very high": 31, "high": 92, "medium": 183, "low": 366}
#: Days back within which an earlier visit shows that the visit was not the first.
LOOK_BACK = 731

_BAIL = (("bail_id", "bail_id"),)

BAIL_PERIOD: tuple[Derivation, ...] = (
    Derived(
        "on_bail", "boolean", "kind in ('bail', 'street bail')", "Whether it is bail, which has a limit."
    ),
    Rollup(
        "_suspensions",
        "offenders.bail_suspension",
        _BAIL,
        "count",
        "bail_id",
        "integer",
        "How often the clock was stopped.",
    ),
    Rollup(
        "_last_stopped_at",
        "offenders.bail_suspension",
        _BAIL,
        "max",
        "starts_at",
        "instant",
        "When the clock last stopped.",
    ),
    Rollup(
        "_last_ran_on_at",
        "offenders.bail_suspension",
        _BAIL,
        "max",
        "ends_at",
        "instant",
        "When the clock last ran on.",
    ),
    Derived(
        "clock_stands_still",
        "boolean",
        "case when _suspensions is null then null when _suspensions = 0 then false "
        "when _last_ran_on_at is null then true else _last_ran_on_at < _last_stopped_at end",
        "Whether the bail clock stands still, as last supplied: then its limit cannot run out. Unknown where no "
        "suspensions were supplied for the month.",
    ),
    Derived(
        "may_be_past_limit",
        "boolean",
        "on_bail and not clock_stands_still and (ended_at_date is null or ended_at_date > recorded_limit_on)",
        "Bail whose clock runs and that had not ended by its recorded limit.",
    ),
    Derived(
        "ended_past_limit",
        "boolean",
        "case when ended_by = 'lapse' then true else ended_at_date > recorded_limit_on end",
        "Whether it ended after the limit that the force recorded, or is recorded as lapsed.",
    ),
    Rollup(
        "condition_checks",
        "offenders.bail_condition_check",
        _BAIL,
        "count",
        "bail_id",
        "integer",
        "How many checks of its conditions were made or attempted.",
    ),
)

SUSPECT: tuple[Derivation, ...] = (
    Derived(
        "arrested_or_interviewed",
        "boolean",
        "arrested_at_date is not null or interviewed_at_date is not null",
        "Whether the person was arrested or interviewed for the crime.",
    ),
)

MANAGED_OFFENDER: tuple[Derivation, ...] = (
    Derived(
        "is_visited",
        "boolean",
        "management = 'active' and whereabouts = 'in the community'",
        "Whether visits are due: managed actively, and neither in custody, in hospital nor abroad.",
    ),
    Derived(
        "visit_may_be_overdue",
        "boolean",
        "is_visited and (case when managed_until_on is null then true else managed_until_on > visit_due_on end)",
        "Visited, and management had not ended by the day the next visit is due.",
    ),
    Derived(
        "plan_may_be_overdue",
        "boolean",
        "case when managed_until_on is null then true else managed_until_on > plan_due_on end",
        "Management had not ended by the day the next risk plan is due.",
    ),
)


def _in_time() -> str:
    whens = " ".join(f"when '{level}' then _again_in_{days}" for level, days in VISIT_DAYS.items())
    return f"case risk_level {whens} end"


OFFENDER_VISIT: tuple[Derivation, ...] = (
    Derived(
        "completed", "boolean", "result = 'completed'", "Whether the visit was made, and not only attempted."
    ),
    Derived(
        "in_due_time",
        "boolean",
        "visited_at_date <= due_on",
        "Whether it was made on the day it was due, or before.",
    ),
    Derived("by_two", "boolean", "officers >= 2", "Whether two officers or more went."),
    Derived(
        "_visited",
        "text",
        "case when result = 'completed' then offender_id end",
        "Whom a completed visit was to; blank for an attempt.",
    ),
    *(
        RepeatWithin(
            f"_again_in_{d}", ("_visited",), d, f"An earlier completed visit at most {d} days before."
        )
        for d in (*VISIT_DAYS.values(), LOOK_BACK)
    ),
    Derived(
        "within_interval",
        "boolean",
        f"case when ({_in_time()}) then true when risk_level is not null and _again_in_{LOOK_BACK} then false end",
        "Whether the completed visit before was within the interval of the risk level; unknown for a first visit.",
    ),
)

ONLINE_ABUSE_CASE: tuple[Derivation, ...] = (
    Derived(
        "wait_ended_on",
        "date",
        "coalesce(enforced_at_date, closed_at_date)",
        "Day on which officers first acted, or the case was closed without.",
    ),
    Derived(
        "may_be_overdue",
        "boolean",
        "case when enforced_at_date is null and closed_at_date is null then true "
        "else coalesce(enforced_at_date, closed_at_date) > enforcement_due_on end",
        "Officers had not acted by the day the force's own time for the band asks for.",
    ),
)
