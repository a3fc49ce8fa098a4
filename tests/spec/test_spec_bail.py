"""Bail and release under investigation, worked by hand."""

from __future__ import annotations

import pytest

from records_of import Records
from spec import Case, Expected, Spec, World

BAIL_SUSPENSIONS = Records(
    "offenders.bail_suspension",
    """
    bail_suspension_id | bail_id | starts_at | ends_at
    1                  | 6       | 15 10:00  |
    2                  | 7       | 12 10:00  | 14 10:00
    """,
)

BAIL_CONDITION_CHECKS = Records(
    "offenders.bail_condition_check",
    """
    bail_condition_check_id | bail_id | checked_at | result
    1                       | 1       | 12 10:00   | kept
    2                       | 1       | 14 10:00   | breach found
    3                       | 2       | 12 10:00   | could not tell
    4                       |         | 15 10:00   | breach found
    5                       |         | 16 10:00   |
    """,
)

BAIL_PERIODS = Records(
    "offenders.bail_period",
    """
    bail_id | kind                         | starts_at   | recorded_limit_on | ended_at | ended_by                               | conditions_set | domestic_abuse | child_victim | indecent_images
    1       | bail                         | 9 10:00     | 20                |          |                                        | yes            | yes            | no           | yes
    2       | bail                         | 9 10:00     | 31                |          |                                        | yes            | no             | yes          | no
    3       | bail                         | 9 10:00     | 02-05             |          |                                        | no             | yes            | yes          | no
    4       | bail                         | 9 10:00     | 20                | 20 15:00 | charge                                 |                | yes            | no           | no
    5       | bail                         | 9 10:00     | 20                | 21 09:00 | no further action                      | no             |                | no           | no
    6       | bail                         | 9 10:00     | 20                |          |                                        | yes            | no             | no           | no
    7       | bail                         | 9 10:00     | 20                |          |                                        | yes            | no             | no           | no
    8       | bail                         | 9 10:00     |                   |          |                                        | no             | no             | no           | no
    9       | released under investigation | 9 10:00     |                   |          |                                        | no             | no             | no           | no
    10      |                              | 9 10:00     | 20                |          |                                        | no             | yes            | no           | no
    11      | street bail                  | 9 10:00     | 20                | 15 10:00 | changed to release under investigation | yes            | no             | no           | no
    12      | bail                         | 9 10:00     | 20                | 18 10:00 | lapse                                  | no             | no             | no           | no
    13      | released under investigation | 12-10 10:00 |                   |          |                                        | no             | no             | no           | no
    14      | bail                         | 12-10 10:00 | 10                | 9 10:00  | charge                                 | no             | no             | no           | no
    15      | bail                         | 9 10:00     |                   | 12 10:00 | charge                                 | no             | no             | no           | no
    """,  # noqa: E501
    beside=(
        BAIL_SUSPENSIONS,
        BAIL_CONDITION_CHECKS,
    ),
)

BAIL_ALONE = Records(
    "offenders.bail_period",
    """
    bail_id | kind                         | starts_at | recorded_limit_on | ended_at | conditions_set
    1       | bail                         | 9 10:00   | 20                |          | yes
    2       | bail                         | 9 10:00   | 20                | 15 10:00 | yes
    3       | released under investigation | 9 10:00   |                   |          | no
    """,
)

SPECS = [
    Spec(
        "offenders.bail_in_force",
        "Periods of bail or release begun by the end of the period and not ended by then.",
        (
            Case(
                "Thirteen periods of January, two of December", BAIL_PERIODS, (
                Expected(
                    "1, 2, 3, 6 to 10, and 13 of December",
                    "9", 9, 9,
                ),
            )),
        ),
    ),
    Spec(
        "offenders.bail_flow",
        "Periods running before the period, begun in it, ended in it, and running at its end.",
        (
            Case(
                "Thirteen periods of January, two of December", BAIL_PERIODS, (
                Expected(
                    "13 and 14 of December",
                    "2", 2, 2, cut={"flow": "open before"},
                ),
                Expected(
                    "1 to 12, and 15",
                    "13", 13, 13, cut={"flow": "in"},
                ),
                Expected(
                    "4, 5, 11, 12, 14, 15",
                    "6", 6, 6, cut={"flow": "out"},
                ),
                Expected(
                    "2 + 13 - 6",
                    "9", 9, 9, cut={"flow": "open after"},
                ),
            )),
        ),
    ),
    Spec(
        "offenders.bail_past_limit",
        "Bail that runs at the end of the period, its last day over and its clock not standing still.",
        (
            Case(
                "Thirteen periods of January, two of December", BAIL_PERIODS, (
                Expected(
                    "1; 2, whose last day is the 31st, over at its end; 7, whose clock ran on. The "
                    "clock of 6 stands still; 3 has until February; 5 ended. 8 has no limit; of 10 it "
                    "is not known whether it is bail, of 15 whether it ended within its limit",
                    "3", 3, 3, unknown=1, unsure=2, bounds=("3", "6"),
                ),
            )),
            Case(
                "Bail of a force that supplied no suspensions", BAIL_ALONE, (
                Expected(
                    "Whether the clock of 1 stands still is not known; 2 ended before its limit, 3 has none",
                    "0", 0, 0, unsure=1, bounds=("0", "1"),
                ),
            )),
        ),
    ),
    Spec(
        "offenders.bail_ended_past_limit",
        "Bail begun in the period that ended after its recorded limit / of that, what ended and can be told.",
        (
            Case(
                "Thirteen periods of January, two of December", BAIL_PERIODS, (
                Expected(
                    "5, a day late, and 12, recorded as lapsed; 4 ended on its last day, 11 before. 15 "
                    "has no limit",
                    "2/4", 2, 4, unknown=1, bounds=("2/5", "3/5"),
                ),
            )),
        ),
    ),
    Spec(
        "offenders.bail_converted",
        "Bail begun in the period and changed to release under investigation / of that, what ended.",
        (
            Case(
                "Thirteen periods of January, two of December", BAIL_PERIODS, (
                Expected(
                    "11 of 4, 5, 11, 12, 15",
                    "1/5", 1, 5,
                ),
            )),
        ),
    ),
    Spec(
        "offenders.bail_length",
        "The middle time until bail or release ended, those still running among them.",
        (
            Case(
                "Thirteen periods of January, two of December", BAIL_PERIODS, (
                Expected(
                    "5 of 13 have ended: that is less than half",
                    None, 5, 13, status="not-yet-due",
                ),
            )),
        ),
    ),
    Spec(
        "offenders.released_age",
        "The middle age in days, on the as-at day, of releases under investigation that still run.",
        (
            Case(
                "Thirteen periods of January, two of December", BAIL_PERIODS, (
                Expected(
                    "9 of 9 January: 51 days; 13 of 10 December: 81. What 10 is, is not known",
                    "66", 2, 2, unsure=1,
                ),
            )),
        ),
    ),
    Spec(
        "offenders.bail_conditions_domestic_abuse",
        "Bail in cases of domestic abuse with a condition / of that, what is known.",
        (
            Case(
                "Thirteen periods of January, two of December", BAIL_PERIODS, (
                Expected(
                    "1 has one, 3 has none, of 4 it is blank. Of 5 it is not known whether it is such a "
                    "case, of 10 whether it is bail",
                    "1/2", 1, 2, unknown=1, unsure=2, bounds=("1/5", "4/5"),
                ),
            )),
        ),
    ),
    Spec(
        "offenders.bail_conditions_child_victim",
        "Bail for an offence against a child with a condition / of that, what is known.",
        (
            Case(
                "Thirteen periods of January, two of December", BAIL_PERIODS, (
                Expected(
                    "2 has one, 3 has none",
                    "1/2", 1, 2,
                ),
            )),
        ),
    ),
    Spec(
        "offenders.bail_conditions_indecent_images",
        "Bail for indecent images of children with a condition / of that, what is known.",
        (
            Case(
                "Thirteen periods of January, two of December", BAIL_PERIODS, (
                Expected(
                    "1",
                    "1/1", 1, 1,
                ),
            )),
        ),
    ),
    Spec(
        "offenders.bail_conditions_checked",
        "Bail with conditions that were checked at least once / bail with conditions.",
        (
            Case(
                "Thirteen periods of January, two of December", BAIL_PERIODS, (
                Expected(
                    "1, checked twice, and 2 of 1, 2, 6, 7, 11. Whether 4 has conditions is not known",
                    "2/5", 2, 5, unsure=1, bounds=("2/6", "3/6"),
                ),
            )),
            Case(
                "Bail of a force that supplied no checks", BAIL_ALONE, (
                Expected(
                    "Whether 1 or 2 was checked is not known: no records of checks are not no checks",
                    None, 0, 0, unknown=2, bounds=("0/2", "2/2"), status="no-data",
                ),
            )),
        ),
    ),
    Spec(
        "offenders.bail_check_found_breach",
        "Checks that found a breach / checks that could tell.",
        (
            Case(
                "Checks of conditions", BAIL_CONDITION_CHECKS, (
                Expected(
                    "2 and 4 of 1, 2, 4; check 3 could not tell; what 5 found is blank",
                    "2/3", 2, 3, unsure=1, bounds=("2/4", "3/4"),
                ),
            )),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.measure)
def test_spec(world: World, spec: Spec) -> None:
    world.check(spec)
