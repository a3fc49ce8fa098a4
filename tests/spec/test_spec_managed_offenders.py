"""Managed offenders and visits to them, worked by hand."""

from __future__ import annotations

import pytest

from records_of import Records
from spec import Case, Expected, Spec, World

OFFENDERS = Records(
    "offenders.managed_offender",
    """
    offender_id | managed_from_on | managed_until_on | management | whereabouts | visit_due_on | plan_due_on
    1  | 10-02 |    | active   | in the community | 20    | 20
    2  | 10-02 |    | active   | in custody       | 20    | 02-05
    3  | 10-02 |    | reactive | in the community | 20    |
    4  | 10-02 |    | active   | in the community | 31    | 31
    5  | 10-02 |    | active   | in the community | 02-01 | 02-01
    6  | 10-02 | 15 | active   | in the community | 20    | 10
    7  | 10-02 | 25 | active   | in the community | 20    | 20
    8  | 10-02 |    | active   |                  | 20    | 20
    9  | 10-02 |    | active   | in the community |       | 20
    10 | 9     |    | active   | in the community | 02-09 | 02-09
    """,
)
VISITS = Records(
    "offenders.offender_visit",
    """
    visit_id | offender_id | due_on | visited_at | result | risk_level | officers | announced | supervisor_reviewed_at
    1 | A | 9  | 9 10:00     | completed | very high | 2 | no  | 10 10:00
    2 | A | 10 | 20 10:00    | completed | very high | 1 | yes |
    3 | B | 15 | 12 10:00    | nobody in | high      | 2 |     |
    4 | B | 15 | 14 10:00    | completed | high      | 2 | no  | 14 12:00
    5 | C |    | 14 10:00    | completed |           |   |     | 24 10:00
    6 | D | 20 | 20 09:00    |           | low       | 2 | no  |
    7 | A |    | 12-01 10:00 | completed | very high | 2 | no  |
    """,
)
BREACHES = Records(
    "offenders.notification_breach",
    """
    notification_breach_id | found_at | recorded_as_crime
    1 | 9 10:00  | yes
    2 | 9 11:00  | no
    3 | 10 10:00 |
    """,
)
TITLES = {
    id(OFFENDERS): "Ten offenders",
    id(VISITS): "Visits of January, and one of December",
    id(BREACHES): "Three breaches",
}


def spec(measure: str, says: str, *expected: Expected, of: Records = OFFENDERS) -> Spec:
    return Spec(f"offenders.{measure}", says, (Case(TITLES[id(of)], of, expected),))


_MADE = "3 was an attempt; of 6 it is not known whether it was one"

SPECS = [
    spec(
        "managed",
        "Offenders under management at the end of the period.",
        Expected("all but 6 and 7, who had left by then", "8", 8, 8),
    ),
    spec(
        "visits_overdue",
        "Offenders managed actively in the community whose day for the next visit is over.",
        Expected(
            "1, and 4, whose day is the 31st. 2 is in custody, 3 is managed reactively, 5 and 10 have until February; "
            "6 left before the day, 7 after it and before the end. 9 has no day; where 8 is, is not known",
            "2", 2, 2, unknown=1, unsure=1, bounds=("2", "4"),
        ),
    ),
    spec(
        "visits_overdue_age",
        "The middle number of days, on the as-at day, by which visits are overdue.",
        Expected(
            "1: 40 days, 4: 29, 5: 28, 10: 20; the middle of 28 and 29", "285/10", 4, 4, unknown=1, unsure=1
        ),
    ),
    spec(
        "plans_overdue",
        "Offenders whose day for the next risk plan is over, however they are managed.",
        Expected(
            "1, 4, 8, 9; 6 and 7 had left by the end; 2, 5 and 10 have until February; 3 has no day",
            "4", 4, 4, unknown=1, bounds=("4", "5"),
        ),
    ),
    spec(
        "visits_completed",
        "Attempts that came to a visit / attempts of which it is known.",
        Expected("1, 2, 4, 5, not 3; 6 is blank", "4/5", 4, 5, unknown=1, bounds=("4/6", "5/6")),
        of=VISITS,
    ),
    spec(
        "visits_in_due_time",
        "Visits made by the day they were due / visits with such a day.",
        Expected(
            f"1 on the day and 4 before; 2 ten days after; 5 has no day. {_MADE}",
            "2/3", 2, 3, unknown=1, unsure=1, bounds=("2/5", "4/5"),
        ),
        of=VISITS,
    ),
    spec(
        "visits_within_interval",
        "Visits that came within the interval of the risk level after the one before / visits after another.",
        Expected(
            "2 came 11 days after 1, within 31; 1 came 39 days after 7. 4 is the first of B here, and the records do "
            f"not reach back two years; 5 has no risk level. {_MADE}",
            "1/2", 1, 2, unknown=2, unsure=1, bounds=("1/5", "4/5"),
        ),
        of=VISITS,
    ),
    spec(
        "visits_by_two",
        "Visits by two officers or more / visits of which it is known.",
        Expected(f"1 and 4, not 2; 5 is blank. {_MADE}", "2/3", 2, 3, unknown=1, unsure=1, bounds=("2/5", "4/5")),
        of=VISITS,
    ),
    spec(
        "visits_unannounced",
        "Visits that were not announced / visits of which it is known.",
        Expected(f"1 and 4, not 2; 5 is blank. {_MADE}", "2/3", 2, 3, unknown=1, unsure=1, bounds=("2/5", "4/5")),
        of=VISITS,
    ),
    spec(
        "visit_review_wait",
        "The middle time from the visit to a supervisor's review, those not yet reviewed among them.",
        Expected(
            f"2 hours (4), a day (1), ten days (5), and 2 waits: half still wait from a day to ten days. {_MADE}",
            f"{86_400 * 11 // 2}", 3, 4, unsure=1,
        ),
        of=VISITS,
    ),
    spec(
        "breaches_recorded_as_crimes",
        "Breaches recorded as crimes / breaches of which it is known.",
        Expected("1, not 2; 3 is blank", "1/2", 1, 2, unknown=1, bounds=("1/3", "2/3")),
        of=BREACHES,
    ),
]  # fmt: skip


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.measure)
def test_spec(world: World, spec: Spec) -> None:
    world.check(spec)
