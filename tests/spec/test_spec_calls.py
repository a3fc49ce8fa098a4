"""Calls and their stages, worked by hand."""

from __future__ import annotations

import pytest

from records_of import Records
from spec import Case, Expected, Spec, World

CALLS = Records(
    "responding.call",
    """
    call_id | line | received_at    | transfer_started_at | operator_answer_seconds | answered_at    | abandoned_at | result    | call_back_asked_at | called_back_at | caller_id
    1       | 999  | 9 10:00:00     | 9 09:59:55          |                         | 9 10:00:09     |              | answered  |                    |                | C
    2       | 999  | 9 11:00:00     |                     | 9                       | 9 11:00:10     |              | answered  |                    |                |
    3       | 999  | 9 12:00:00     | 9 12:00:00          |                         | 9 12:00:10     |              | answered  |                    |                |
    4       | 999  | 9 13:00:00     |                     |                         | 9 13:00:11     |              | answered  |                    |                |
    5       | 999  | 9 14:00:00     |                     |                         |                |              | answered  |                    |                |
    6       | 999  | 9 15:00:00     |                     |                         |                | 9 15:00:04   | abandoned |                    |                |
    7       | 999  | 9 16:00:00     |                     |                         | 9 16:00:20     |              | abandoned |                    |                |
    8       | 999  | 9 17:00:00     |                     |                         |                |              |           |                    |                |
    9       | 101  | 9 10:00:00     |                     |                         | 9 10:01:00     |              | answered  |                    |                | A
    10      | 101  | 9 11:00:00     |                     |                         | 9 11:01:01     |              | answered  |                    |                | A
    11      | 101  | 9 12:00:00     |                     |                         | 9 12:00:30     |              | answered  |                    |                | B
    12      | 101  | 9 13:00:00     |                     |                         |                | 9 13:00:10   | abandoned |                    |                |
    13      | 101  | 9 14:00:00     |                     |                         |                | 9 14:02:00   | abandoned |                    |                |
    14      | 101  | 9 15:00:00     |                     |                         |                |              | abandoned |                    |                |
    15      | 101  | 9 16:00:00     |                     |                         |                |              | diverted  |                    |                |
    16      | 101  | 9 17:00:00     |                     |                         |                |              |           | 9 17:05:00         | 9 18:05:00     |
    17      | 101  | 9 18:00:00     |                     |                         |                |              |           | 9 18:10:00         |                |
    18      | 101  | 9 19:00:00     |                     |                         |                |              |           | 9 19:00:00         | 9 19:10:00     |
    19      | 101  | 12-20 10:00:00 |                     |                         | 12-20 10:00:05 |              | answered  |                    |                | B
    """,  # noqa: E501
)

CALLS_2 = Records(
    "responding.call",
    """
    call_id | line | received_at    | answered_at    | result
    1       | 101  | 12-31 23:59:59 | 1 00:00:30     | answered
    2       | 101  | 1 00:00:00     | 1 00:01:00     | answered
    3       | 101  | 31 23:59:59    | 02-01 00:01:00 | answered
    """,
)

CALL_LEGS = Records(
    "responding.call_leg",
    """
    call_id | leg_number | stage        | entered_at | answered_at | abandoned_at | ending
    12      | 1          | menu         | 9 13:00:00 |             | 9 13:00:10   | abandoned
    9       | 1          | queue        | 9 10:00:10 | 9 10:01:00  |              |
    15      | 1          | switchboard  | 9 16:00:00 |             |              | diverted
    13      | 1          | queue        | 9 14:00:20 |             |              |
    1       | 1          | queue        | 9 10:00:00 | 9 10:00:09  |              | answered
    99      | 1          | queue        | 9 20:00:00 |             | 9 20:01:00   | abandoned
    10      | 1          | call handler | 9 11:00:50 | 9 11:01:01  |              | answered
    """,
    beside=(CALLS,),
)

SPECS = [
    Spec(
        "responding.calls",
        "Calls received in the period, however they ended.",
        (
            Case(
                "Eighteen calls of January, and one of December", CALLS, (
                Expected(
                    "1 to 18; 19 is December's",
                    "18", 18, 18,
                ),
            )),
            Case(
                "At midnight", CALLS_2, (
                Expected(
                    "1 reached the force in December, whenever it was answered; 3 in January",
                    "2", 2, 2,
                ),
            )),
        ),
    ),
    Spec(
        "responding.calls_999_per_1000",
        "999 calls / residents, per 1,000.",
        (
            Case(
                "Eighteen calls of January, and one of December", CALLS, (
                Expected(
                    "1 to 8 of 100,000 residents",
                    "8/100", 8, 100000,
                ),
            )),
        ),
    ),
    Spec(
        "responding.answered_999_published_clock",
        "999 calls answered in less than 10 seconds from the start of transfer, on the operator's count "
        "where it is known / 999 calls answered of which that is known.",
        (
            Case(
                "Eighteen calls of January, and one of December", CALLS, (
                Expected(
                    "Answered are 1 to 5. Of 7 the record says answered and abandoned, of 8 nothing: "
                    "not known whether they belong. 14 seconds (1), 9 by the operator (2), 10, which is "
                    "not under 10 (3); nothing of 4 and 5. Bounds: 1 of 3 + 2 + 2, and 1 + 2 + 2 of "
                    "them",
                    "1/3", 1, 3, unknown=2, unsure=2, bounds=("1/7", "5/7"),
                ),
            )),
        ),
    ),
    Spec(
        "responding.answered_999_own_clock",
        "999 calls answered within 10 seconds of reaching the force / 999 calls answered with a time.",
        (
            Case(
                "Eighteen calls of January, and one of December", CALLS, (
                Expected(
                    "Answered are 1 to 5. Of 7 the record says answered and abandoned, of 8 nothing: "
                    "not known whether they belong. 9, 10, 10 seconds; 11 is too late; 5 has no time",
                    "3/4", 3, 4, unknown=1, unsure=2, bounds=("3/7", "6/7"),
                ),
            )),
        ),
    ),
    Spec(
        "responding.answer_time_999_p90",
        "The time within which nine in ten of the answered 999 calls were answered, by the force's own "
        "clock.",
        (
            Case(
                "Eighteen calls of January, and one of December", CALLS, (
                Expected(
                    "Answered are 1 to 5. Of 7 the record says answered and abandoned, of 8 nothing: "
                    "not known whether they belong. 9, 10, 10, 11: the place is 1 + 3 * 0.9 = 3.7, "
                    "between 10 and 11. Three more at 0 seconds put it at 1 + 6 * 0.9 = 6.4 of 0, 0, 0, "
                    "9, 10, 10, 11; three longer ones leave no upper bound",
                    "107/10", 4, 4, unknown=1, unsure=2, bounds=("104/10", None),
                ),
            )),
        ),
    ),
    Spec(
        "responding.abandoned_999",
        "999 calls that the caller gave up / 999 calls of which it is known.",
        (
            Case(
                "Eighteen calls of January, and one of December", CALLS, (
                Expected(
                    "6 of 1 to 6; 7 and 8 are unknown",
                    "1/6", 1, 6, unknown=2, bounds=("1/8", "3/8"),
                ),
            )),
        ),
    ),
    Spec(
        "responding.answered_101_within_standard",
        "101 calls answered within 60 seconds of reaching the force / 101 calls answered.",
        (
            Case(
                "Eighteen calls of January, and one of December", CALLS, (
                Expected(
                    "60 and 30 seconds are within, 61 is not",
                    "2/3", 2, 3,
                ),
            )),
            Case(
                "At midnight", CALLS_2, (
                Expected(
                    "60 seconds (2) and, across midnight, 61 (3); 1 is December's",
                    "1/2", 1, 2,
                ),
            )),
        ),
    ),
    Spec(
        "responding.answer_time_101_median",
        "The middle time to answer of the 101 calls answered.",
        (
            Case(
                "Eighteen calls of January, and one of December", CALLS, (
                Expected(
                    "30, 60, 61",
                    "60", 3, 3,
                ),
            )),
        ),
    ),
    Spec(
        "responding.answer_time_101_p90",
        "The time within which nine in ten of the answered 101 calls were answered.",
        (
            Case(
                "Eighteen calls of January, and one of December", CALLS, (
                Expected(
                    "the place is 1 + 2 * 0.9 = 2.8 of 30, 60, 61",
                    "608/10", 3, 3,
                ),
            )),
        ),
    ),
    Spec(
        "responding.answer_time_101_mean",
        "The sum of the seconds to answer / the 101 calls answered.",
        (
            Case(
                "Eighteen calls of January, and one of December", CALLS, (
                Expected(
                    "30 + 60 + 61 = 151, of 3",
                    "151/3", 3, 3,
                ),
            )),
            Case(
                "At midnight", CALLS_2, (
                Expected(
                    "60 + 61 = 121, of 2; 1 is December's",
                    "121/2", 2, 2,
                ),
            )),
        ),
    ),
    Spec(
        "responding.abandoned_101",
        "101 calls that the caller gave up / 101 calls of which it is known.",
        (
            Case(
                "Eighteen calls of January, and one of December", CALLS, (
                Expected(
                    "12, 13 and 14 of 9 to 18; who asks for a call back or is diverted has not given up",
                    "3/10", 3, 10,
                ),
            )),
        ),
    ),
    Spec(
        "responding.endings_101",
        "101 calls by how they ended for the caller / 101 calls of which that is known.",
        (
            Case(
                "Eighteen calls of January, and one of December", CALLS, (
                Expected(
                    "9, 10, 11; when 14 was abandoned is not known",
                    "3/9", 3, 9, unknown=1, bounds=("3/10", "4/10"), cut={"ending": "answered"},
                ),
                Expected(
                    "12, at the tenth second",
                    "1/9", 1, 9, unknown=1, bounds=("1/10", "2/10"), cut={"ending": "abandoned within 10 seconds"},
                ),
                Expected(
                    "13",
                    "1/9", 1, 9, unknown=1, bounds=("1/10", "2/10"), cut={"ending": "abandoned later"},
                ),
                Expected(
                    "16, 17, 18",
                    "3/9", 3, 9, unknown=1, bounds=("3/10", "4/10"), cut={"ending": "call back asked"},
                ),
                Expected(
                    "15",
                    "1/9", 1, 9, unknown=1, bounds=("1/10", "2/10"), cut={"ending": "diverted"},
                ),
                Expected(
                    "none",
                    "0", 0, 9, unknown=1, bounds=("0", "1/10"), cut={"ending": "disconnected by the system"},
                ),
            )),
        ),
    ),
    Spec(
        "responding.abandoned_101_stages",
        "Menus, switchboards and queues of 101 calls at which the caller gave up / those of which that "
        "is known.",
        (
            Case(
                "Stages of calls", CALL_LEGS, (
                Expected(
                    "given up at the menu (12); answered (9) and diverted (15) are not; of 13 nothing "
                    "is recorded. Call 99 is not here, so its line is not known; call 1 is a 999 call, "
                    "and a call handler is no such stage",
                    "1/3", 1, 3, unknown=1, unsure=1, bounds=("1/5", "3/5"),
                ),
            )),
            Case(
                "The same, stage by stage", CALL_LEGS, (
                Expected(
                    "12",
                    "1", 1, 1, cut={"stage": "menu"},
                ),
                Expected(
                    "15 was diverted",
                    "0", 0, 1, cut={"stage": "switchboard"},
                ),
                Expected(
                    "9 was answered; nothing is known of 13, nor the line of 99",
                    "0", 0, 1, unknown=1, unsure=1, bounds=("0", "2/3"), cut={"stage": "queue"},
                ),
            ), by="stage"),
        ),
    ),
    Spec(
        "responding.wait_for_call_back",
        "The middle wait of the callers who asked to be rung back, those not yet reached among them.",
        (
            Case(
                "Eighteen calls of January, and one of December", CALLS, (
                Expected(
                    "600 seconds (18), an hour (16), and 17 still waits: after 600 two thirds wait, "
                    "after 3,600 one third",
                    "3600", 2, 3, reason="1 still waiting",
                ),
            )),
        ),
    ),
    Spec(
        "responding.repeat_calls",
        "Calls of a person who had rung in the 90 days before / calls of people known, where that is known.",
        (
            Case(
                "Eighteen calls of January, and one of December", CALLS, (
                Expected(
                    "10 follows 9, and 11 follows 19 of December; 9 and 1 are the first of theirs, and "
                    "the 90 days before are here. 14 calls are of nobody known",
                    "2/4", 2, 4, unknown=14, bounds=("2/18", "16/18"),
                ),
            )),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.measure)
def test_spec(world: World, spec: Spec) -> None:
    world.check(spec)
