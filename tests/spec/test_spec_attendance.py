"""Attendance and the full response, worked by hand."""

from __future__ import annotations

import pytest
from test_spec_incidents import INCIDENTS

from records_of import Records
from spec import Case, Expected, Spec, World

INCIDENTS_2 = Records(
    "responding.incident",
    """
    incident_id | opened_at      | first_graded_at | graded_at      | target_seconds | attendance_decision | arrived_at
    1           | 10-29 00:30    | 10-29 00:30     | 10-29 00:30    | 7200           | deploy              | 10-29 02:00
    2           | 10-29 00:30    | 10-29 00:30     | 10-29 00:30    | 7200           | deploy              | 10-29 01:30
    3           | 10-29 02:30    | 10-29 02:30     | 10-29 02:30    | 7200           | deploy              | 10-29 04:30
    4           | 10-31 23:59:30 | 10-31 23:59:30  | 10-31 23:59:30 | 7200           | deploy              | 11-01 00:00:30
    """,  # noqa: E501
)

INCIDENTS_3 = Records(
    "responding.incident",
    """
    incident_id | opened_at | reported_at | graded_at | target_seconds | arrived_at | attended | closed_at | delay_told | domestic_abuse | full_response_at
    1           | 9 10:00   | 9 10:00     | 9 10:00   | 3600           | 9 12:00    |          |           | yes        | yes            | 9 12:00
    2           | 9 10:00   | 9 10:00     | 9 10:00   | 3600           | 9 11:01    |          |           | no         | yes            | 12 10:00
    3           | 9 10:00   | 9 10:00     | 9 10:00   | 3600           | 9 11:00    |          |           | no         | yes            |
    4           | 9 10:00   | 9 10:00     | 9 10:00   | 3600           | 9 13:00    |          |           |            | no             | 9 13:00
    5           | 9 10:00   | 9 10:00     | 9 10:00   |                | 9 13:00    |          |           | yes        |                | 9 13:00
    6           | 9 10:00   | 9 10:00     | 9 10:00   | 3600           |            |          |           | yes        | yes            | 20 10:00
    7           | 9 10:00   | 9 10:00     | 9 10:00   | 3600           |            | no       | 9 10:30   |            | no             |
    8           | 9 10:00   | 9 10:00     | 9 10:00   | 3600           |            | yes      | 9 14:00   | yes        | no             |
    """,  # noqa: E501
)

SPECS = [
    Spec(
        "responding.attended_in_target_first",
        "Incidents attended within the target of their first grade, from that grade / those that are due.",
        (
            Case(
                "Thirteen incidents of January, two of December", INCIDENTS, (
                Expected(
                    "1 at the hour and 7 after 10 minutes of 15 are within; 2 took 90 minutes of 15, 3 "
                    "and 10 wait. 4 and, an hour too late, 14 were resolved, and 6 was closed with the "
                    "note that nobody came: in no denominator. 8 is a duplicate. 5 was closed when a "
                    "unit was to go, and 13 and 15 were attended, nobody knows when; 9 has no target",
                    "2/5", 2, 5, unknown=4, bounds=("2/9", "6/9"), reason="3 withdrawn",
                ),
            )),
        ),
    ),
    Spec(
        "responding.attended_in_target_latest",
        "Incidents attended within the target of their latest grade, from that grade / those that are due.",
        (
            Case(
                "Thirteen incidents of January, two of December", INCIDENTS, (
                Expected(
                    "1 at the hour, and 2 half an hour after its new grade; 3 and 10 wait on. 4 and, an "
                    "hour too late, 14 were resolved, and 6 was closed with the note that nobody came: "
                    "in no denominator. 8 is a duplicate. 5 was closed when a unit was to go, and 13 "
                    "and 15 were attended, nobody knows when; 7 was graded anew after the arrival; 9 has no "
                    "target",
                    "2/4", 2, 4, unknown=5, bounds=("2/9", "7/9"), reason="3 withdrawn",
                ),
            )),
            Case(
                "The night the clocks go back, and the end of a month", INCIDENTS_2, (
                Expected(
                    "2 after 1 hour, 3 after 2 to the second, 4 across midnight; 1 took 2 hours and a "
                    "half, though the clocks show an hour and a half",
                    "3/4", 3, 4,
                ),
            ), back=3),
        ),
    ),
    Spec(
        "responding.wait_for_attendance_first",
        "The middle wait from the first grade, those still waiting among them.",
        (
            Case(
                "Thirteen incidents of January, two of December", INCIDENTS, (
                Expected(
                    "7 after 600 seconds, 9 after 1,800, 1 after 3,600, 2 after 5,400; 3 and 10 wait: "
                    "5, 4, 3 of 6 wait on, and half do until 5,400: the middle of both times. 4 and, an "
                    "hour too late, 14 were resolved, and 6 was closed with the note that nobody came: "
                    "in no denominator. 8 is a duplicate. 5 was closed when a unit was to go, and 13 "
                    "and 15 were attended, nobody knows when",
                    "4500", 4, 6, unknown=3, reason="2 still waiting",
                ),
            )),
        ),
    ),
    Spec(
        "responding.wait_for_attendance_latest",
        "The middle wait from the latest grade, those still waiting among them.",
        (
            Case(
                "Thirteen incidents of January, two of December", INCIDENTS, (
                Expected(
                    "2 and 9 after 1,800 seconds, 1 after 3,600; 3 and 10 wait: 3, then 2 of 5. 4 and, "
                    "an hour too late, 14 were resolved, and 6 was closed with the note that nobody "
                    "came: in no denominator. 8 is a duplicate. 5 was closed when a unit was to go, and "
                    "13 and 15 were attended, nobody knows when, and of 7 the arrival came before the grade",
                    "3600", 3, 5, unknown=4, reason="2 still waiting",
                ),
            )),
            Case(
                "The night the clocks go back, and the end of a month", INCIDENTS_2, (
                Expected(
                    "60 (4), 3,600 (2), 7,200 (3) and 9,000 seconds (1): half wait from 3,600 until "
                    "7,200, the middle of both",
                    "5400", 4, 4,
                ),
            ), back=3),
        ),
    ),
    Spec(
        "responding.attendance_time_p90",
        "Nine in ten of the times to attend from the latest grade, of those attended.",
        (
            Case(
                "Thirteen incidents of January, two of December", INCIDENTS, (
                Expected(
                    "1,800, 1,800 and 3,600: place 1 + 2 * 0.9 = 2.8; 7 is not known. With one more at "
                    "0 the place is 3.7: 3,060; with one longer it lies among the unknown",
                    "3240", 3, 3, unknown=1, bounds=("3060", None),
                ),
            )),
        ),
    ),
    Spec(
        "responding.attendance_time_mean",
        "The sum of the seconds to attend from the latest grade / those attended of which it is known.",
        (
            Case(
                "Thirteen incidents of January, two of December", INCIDENTS, (
                Expected(
                    "1,800 + 1,800 + 3,600 = 7,200, of 3; 7 is not known",
                    "2400", 3, 3, unknown=1,
                ),
            )),
            Case(
                "The night the clocks go back, and the end of a month", INCIDENTS_2, (
                Expected(
                    "60 + 3,600 + 7,200 + 9,000 = 19,860, of 4",
                    "4965", 4, 4,
                ),
            ), back=3),
        ),
    ),
    Spec(
        "responding.still_waiting",
        "Open incidents to which somebody has to go and nobody has come, at the end of the period.",
        (
            Case(
                "Thirteen incidents of January, two of December", INCIDENTS, (
                Expected(
                    "3, 11 of December, and 12, to which somebody came in February. Of 10 it is not "
                    "known whether anybody has to go, and of 15 not when somebody came; 13 was closed "
                    "on the day it was opened",
                    "3", 3, 3, unsure=2, bounds=("3", "5"),
                ),
            )),
        ),
    ),
    Spec(
        "responding.still_waiting_age_median",
        "The middle age in days, on the as-at day, of the incidents that still wait.",
        (
            Case(
                "Thirteen incidents of January, two of December", INCIDENTS, (
                Expected(
                    "3 of 9 January: 51 days by 29 February; 11 of 20 December: 71 days",
                    "61", 2, 2, unsure=2,
                ),
            )),
        ),
    ),
    Spec(
        "responding.still_waiting_age_p90",
        "The age in days that nine in ten of the incidents that still wait do not exceed.",
        (
            Case(
                "Thirteen incidents of January, two of December", INCIDENTS, (
                Expected(
                    "51 and 71 days: place 1.9",
                    "69", 2, 2, unsure=2,
                ),
            )),
        ),
    ),
    Spec(
        "responding.arrival_not_recorded",
        "Closed incidents to be attended without an arrival and without a note that nobody came / all "
        "closed of those.",
        (
            Case(
                "Thirteen incidents of January, two of December", INCIDENTS, (
                Expected(
                    "5, 13 and 15 of 1, 2, 5, 6, 7, 9, 13, 15; of 6 the record says that nobody came. 8 "
                    "is a duplicate, 4 and 14 needed nobody",
                    "3/8", 3, 8,
                ),
            )),
        ),
    ),
    Spec(
        "responding.delay_told",
        "Incidents attended late whose caller had been told of it / those of which it is known.",
        (
            Case(
                "Incidents attended late, and full accounts of domestic abuse", INCIDENTS_3, (
                Expected(
                    "1 was told, 2 was not; of 4 it is blank. 3 was in time, to the second; to 6 nobody "
                    "has come yet, to 7 nobody came. 5 has no target, and 8 no time of arrival: not "
                    "known whether they were late",
                    "1/2", 1, 2, unknown=1, unsure=2, bounds=("1/5", "4/5"),
                ),
            )),
        ),
    ),
    Spec(
        "responding.full_response_domestic_abuse",
        "The middle wait from the report of domestic abuse to a full account, those without one still "
        "waiting.",
        (
            Case(
                "Incidents attended late, and full accounts of domestic abuse", INCIDENTS_3, (
                Expected(
                    "2 hours (1), 3 days (2), 11 days (6), and 3 waits: 3, then 2 of 4 still wait until "
                    "11 days: the middle of 3 and 11. Of 5 it is not known whether it was domestic "
                    "abuse",
                    "604800", 3, 4, unsure=1, reason="1 still waiting",
                ),
            )),
        ),
    ),
    Spec(
        "responding.full_response_domestic_abuse_p90",
        "Nine in ten of the times to a full account, of those that were taken.",
        (
            Case(
                "Incidents attended late, and full accounts of domestic abuse", INCIDENTS_3, (
                Expected(
                    "2, 72 and 264 hours: place 2.8, 72 + 0.8 * 192 = 225.6 hours. With 5 at 0 seconds: "
                    "place 3.7 of 0, 2, 72, 264, 206.4 hours; with 5 longer than any it lies among the "
                    "unknown",
                    "812160", 3, 3, unsure=1, bounds=("743040", None),
                ),
            )),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.measure)
def test_spec(world: World, spec: Spec) -> None:
    world.check(spec)
