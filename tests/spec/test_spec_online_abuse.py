"""Online child abuse cases, worked by hand."""

from __future__ import annotations

import pytest

from records_of import Records
from spec import Case, Expected, Spec, World

ONLINE_ABUSE_CASES = Records(
    "offenders.online_abuse_case",
    """
    online_abuse_case_id | received_at | enforcement_due_on | enforced_at | closed_at | child_first_identified_at | shared_at
    1                    | 9 10:00     | 16                 | 12 10:00    |           | 10 10:00                  | 10 12:00
    2                    | 9 10:00     | 16                 |             |           | 10 10:00                  |
    3                    | 9 10:00     |                    |             | 15 10:00  |                           |
    4                    | 9 10:00     | 02-05              |             |           | 11 10:00                  | 12 10:00
    5                    | 9 10:00     | 16                 | 20 10:00    |           |                           |
    6                    | 12-10 10:00 |                    |             |           |                           |
    7                    | 9 10:00     | 16                 | 19 10:00    |           |                           |
    """,  # noqa: E501
)

SPECS = [
    Spec(
        "offenders.online_abuse_waiting",
        "Cases at the end of the period in which officers had not acted, and that were not closed.",
        (
            Case(
                "Cases of January, one of December", ONLINE_ABUSE_CASES, (
                Expected(
                    "2, 4, and 6 of December",
                    "3", 3, 3,
                ),
            )),
        ),
    ),
    Spec(
        "offenders.online_abuse_overdue",
        "Of these cases, those whose day for action is over.",
        (
            Case(
                "Cases of January, one of December", ONLINE_ABUSE_CASES, (
                Expected(
                    "2; 4 has until February; 5 and 7 came late, and are over. 6 has no day; 3 was "
                    "closed without one, so it is not known whether that was too late",
                    "1", 1, 1, unknown=1, unsure=1, bounds=("1", "3"),
                ),
            )),
        ),
    ),
    Spec(
        "offenders.online_abuse_wait_for_action",
        "The middle wait from the referral until officers acted, those still waiting among them.",
        (
            Case(
                "Cases of January, one of December", ONLINE_ABUSE_CASES, (
                Expected(
                    "1 after 3 days, 7 after 10, 5 after 11; 2 and 4 wait: 4, 3, then 2 of 5. 3 was "
                    "closed without",
                    "950400", 3, 5,
                ),
            )),
        ),
    ),
    Spec(
        "offenders.online_abuse_wait_for_sharing",
        "The middle time from a child being identified to sharing, those not yet shared among them.",
        (
            Case(
                "Cases of January, one of December", ONLINE_ABUSE_CASES, (
                Expected(
                    "1 after 2 hours, 4 after a day, 2 not yet: 2, then 1 of 3",
                    "86400", 2, 3,
                ),
            )),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.measure)
def test_spec(world: World, spec: Spec) -> None:
    world.check(spec)
