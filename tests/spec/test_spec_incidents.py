"""Incidents before anybody comes, worked by hand."""

from __future__ import annotations

import pytest

from records_of import Records
from spec import Case, Expected, Spec, World

INCIDENT_GRADE_CHANGES = Records(
    "responding.incident_grade_change",
    """
    incident_id | change_number | changed_at | from_grade | to_grade | direction     | target_seconds
    1           | 1             | 9 10:00    |            | B        | first grading | 3600
    2           | 1             | 9 10:00    |            | A        | first grading | 900
    2           | 2             | 9 11:00    | A          | B        | lowered       | 3600
    3           | 1             | 9 10:00    |            | B        | first grading | 3600
    4           | 1             | 9 10:00    |            | B        | first grading | 3600
    5           | 1             | 9 10:00    |            | B        | first grading | 3600
    6           | 1             | 9 10:00    |            | B        | first grading | 3600
    7           | 1             | 9 10:00    |            | A        | first grading | 900
    7           | 2             | 9 10:20    | A          | B        | lowered       | 3600
    10          | 1             | 9 12:00    |            | B        | first grading | 3600
    13          | 1             | 9 13:00    |            | B        | first grading | 3600
    14          | 1             | 9 10:00    |            | B        | first grading | 3600
    15          | 1             | 9 14:00    |            | B        | first grading | 3600
    4           | 2             | 9 10:01    | B          | B        | same urgency  | 3600
    6           | 2             | 9 10:02    | C          | B        | raised        | 3600
    9           | 2             | 9 10:02    | C          | D        |               |
    """,
)

INCIDENTS = Records(
    "responding.incident",
    """
    incident_id | opened_at   | first_graded_at | graded_at   | target_seconds | attendance_decision         | decided_at  | arrived_at  | attended | closed_at | duplicate_of
    1           | 9 10:00     | 9 10:00         | 9 10:00     | 3600           | deploy                      | 9 10:00     | 9 11:00     |          | 9 12:00   |
    2           | 9 10:00     | 9 10:00         | 9 11:00     | 3600           | deploy                      | 9 10:00     | 9 11:30     |          | 9 12:00   |
    3           | 9 10:00     | 9 10:00         | 9 10:00     | 3600           | deploy                      | 9 10:00     |             |          |           |
    4           | 9 10:00     | 9 10:00         | 9 10:00     | 3600           | resolved without deployment | 9 10:05     |             |          | 9 10:06   |
    5           | 9 10:00     | 9 10:00         | 9 10:00     | 3600           | deploy                      | 9 10:00     |             |          | 9 15:00   |
    6           | 9 10:00     | 9 10:00         | 9 10:00     | 3600           | deploy                      | 9 10:00     |             | no       | 9 10:30   |
    7           | 9 10:00     | 9 10:00         | 9 10:20     | 3600           | deploy                      | 9 10:00     | 9 10:10     |          | 9 12:00   |
    8           | 9 10:01     | 9 10:01         | 9 10:01     | 3600           | deploy                      | 9 10:01     |             |          | 9 10:02   | 1
    9           | 9 10:00     | 9 10:00         | 9 10:00     |                | deploy                      | 9 10:00     | 9 10:30     |          | 9 12:00   |
    10          | 9 12:00     | 9 12:00         | 9 12:00     | 3600           |                             |             |             |          |           |
    11          | 12-20 10:00 | 12-20 10:00     | 12-20 10:00 | 3600           | deploy                      | 12-20 10:00 |             |          |           |
    12          | 12-28 10:00 | 12-28 10:00     | 12-28 10:00 | 3600           | deploy                      | 12-28 10:00 | 02-05 10:00 |          |           |
    13          | 9 13:00     | 9 13:00         | 9 13:00     | 3600           | deploy                      | 9 13:00     |             | yes      | 9 15:00   |
    14          | 9 10:00     | 9 10:00         | 9 10:00     | 3600           | resolved without deployment | 9 12:00     |             |          | 9 12:00   |
    15          | 9 14:00     | 9 14:00         | 9 14:00     | 3600           | deploy                      | 9 14:00     |             | yes      | 12 09:00  |
    """,  # noqa: E501
    beside=(INCIDENT_GRADE_CHANGES,),
)

INCIDENTS_2 = Records(
    "responding.incident",
    """
    incident_id | opened_at   | triaged | repeat_checked | vulnerability_checked | concern_for_welfare | attendance_decision         | arrived_at | attended | location_id | duplicate_of
    1           | 9 10:00     | yes     | yes            | no                    | yes                 | deploy                      | 9 11:00    |          | 700         |
    2           | 9 11:00     | yes     | no             |                       | yes                 | other agency                |            |          | 700         |
    3           | 9 12:00     | no      |                |                       | yes                 | deploy                      |            |          |             |
    4           | 9 13:00     | yes     | yes            | yes                   | yes                 | cancelled                   |            | yes      | 701         |
    5           | 9 14:00     |         |                |                       | no                  | resolved without deployment |            |          | 702         |
    6           | 9 15:00     | yes     | yes            | yes                   |                     | appointment                 |            | no       |             |
    7           | 9 15:00     | no      | no             | no                    | yes                 | deploy                      | 9 16:00    |          | 700         | 1
    8           | 10-11 10:00 | yes     | yes            | yes                   | no                  | deploy                      |            |          | 701         |
    9           | 10-10 10:00 | yes     | yes            | yes                   | no                  | deploy                      |            |          | 702         |
    """,  # noqa: E501
)

STREET_TRIAGE_ATTENDANCES = Records(
    "responding.street_triage_attendance",
    """
    attendance_id | requested_at | in_service_hours | result
    1             | 9 18:00      | yes              | attended
    2             | 9 19:00      | yes              | advised by telephone
    3             | 9 20:00      | yes              |
    4             | 9 04:00      | no               | outside service hours
    5             | 9 21:00      |                  | attended
    """,
)

SPECS = [
    Spec(
        "responding.incidents",
        "Incidents opened in the period, duplicates left out.",
        (
            Case(
                "Thirteen incidents of January, two of December", INCIDENTS, (
                Expected(
                    "1 to 7, 9, 10, 13 to 15",
                    "12", 12, 12,
                ),
            )),
        ),
    ),
    Spec(
        "responding.open_incidents",
        "Incidents open before the period, opened in it, closed in it, and open at its end.",
        (
            Case(
                "Thirteen incidents of January, two of December", INCIDENTS, (
                Expected(
                    "11 and 12 of December",
                    "2", 2, 2, cut={"flow": "open before"},
                ),
                Expected(
                    "1 to 7, 9, 10, 13 to 15",
                    "12", 12, 12, cut={"flow": "in"},
                ),
                Expected(
                    "1, 2, 4, 5, 6, 7, 9, 13 to 15",
                    "10", 10, 10, cut={"flow": "out"},
                ),
                Expected(
                    "2 + 12 - 10: 3, 10, 11, 12",
                    "4", 4, 4, cut={"flow": "open after"},
                ),
            )),
        ),
    ),
    Spec(
        "responding.triaged",
        "Incidents with a structured triage on record / incidents of which it is known.",
        (
            Case(
                "Incidents with markers, two of October", INCIDENTS_2, (
                Expected(
                    "1, 2, 4, 6 of 1 to 4 and 6; 5 is blank, 7 a duplicate",
                    "4/5", 4, 5, unknown=1, bounds=("4/6", "5/6"),
                ),
            )),
        ),
    ),
    Spec(
        "responding.repeat_checked",
        "Incidents with a check for earlier reports on record / incidents of which it is known.",
        (
            Case(
                "Incidents with markers, two of October", INCIDENTS_2, (
                Expected(
                    "1, 4, 6 of 1, 2, 4, 6",
                    "3/4", 3, 4, unknown=2, bounds=("3/6", "5/6"),
                ),
            )),
        ),
    ),
    Spec(
        "responding.vulnerability_checked",
        "Incidents with a check for vulnerable people on record / incidents of which it is known.",
        (
            Case(
                "Incidents with markers, two of October", INCIDENTS_2, (
                Expected(
                    "4, 6 of 1, 4, 6",
                    "2/3", 2, 3, unknown=3, bounds=("2/6", "5/6"),
                ),
            )),
        ),
    ),
    Spec(
        "responding.attendance_decisions",
        "Incidents by the latest decision / incidents with one.",
        (
            Case(
                "Incidents with markers, two of October", INCIDENTS_2, (
                Expected(
                    "1, 3",
                    "2/6", 2, 6, cut={"attendance_decision": "deploy"},
                ),
                Expected(
                    "6",
                    "1/6", 1, 6, cut={"attendance_decision": "appointment"},
                ),
                Expected(
                    "5",
                    "1/6", 1, 6, cut={"attendance_decision": "resolved without deployment"},
                ),
                Expected(
                    "2",
                    "1/6", 1, 6, cut={"attendance_decision": "other agency"},
                ),
                Expected(
                    "4",
                    "1/6", 1, 6, cut={"attendance_decision": "cancelled"},
                ),
            )),
        ),
    ),
    Spec(
        "responding.regradings_lowered",
        "Regradings that made an incident less urgent / regradings that changed its urgency.",
        (
            Case(
                "Changes of grade", INCIDENT_GRADE_CHANGES, (
                Expected(
                    "2 and 7 of 2, 6 and 7; that of 4 left it as urgent, first gradings are none. Of 9 "
                    "the direction is blank: not known whether it belongs",
                    "2/3", 2, 3, unsure=1, bounds=("2/4", "3/4"),
                ),
            )),
        ),
    ),
    Spec(
        "responding.welfare_attended",
        "Concerns for welfare to which a unit came / those of which it is known.",
        (
            Case(
                "Incidents with markers, two of October", INCIDENTS_2, (
                Expected(
                    "1 by its arrival, 4 by the note that somebody came, whatever was decided; 2 went "
                    "to another agency. Of 3 neither is recorded. Of 6 it is not known whether it was "
                    "one; 5 was none, 7 is a duplicate",
                    "2/3", 2, 3, unknown=1, unsure=1, bounds=("2/5", "4/5"),
                ),
            )),
        ),
    ),
    Spec(
        "responding.street_triage_attended",
        "Requests within service hours that a nurse attended / those of which the answer is known.",
        (
            Case(
                "Requests for street triage", STREET_TRIAGE_ATTENDANCES, (
                Expected(
                    "1 of 1 and 2; 3 is blank; of 5 the hours are not known",
                    "1/2", 1, 2, unknown=1, unsure=1, bounds=("1/4", "3/4"),
                ),
            )),
        ),
    ),
    Spec(
        "responding.repeat_places",
        "Incidents at a place that had another in the 90 days before / those of which it is known.",
        (
            Case(
                "Incidents with markers, two of October", INCIDENTS_2, (
                Expected(
                    "2 follows 1; 4 follows 8 on the ninetieth day; 1 is the first at its place. 9 was "
                    "91 days before 5: too long. 3 and 6 have no place",
                    "2/4", 2, 4, unknown=2, bounds=("2/6", "4/6"),
                ),
            )),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.measure)
def test_spec(world: World, spec: Spec) -> None:
    world.check(spec)
