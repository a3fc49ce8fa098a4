"""Contact online, and channels switched off, worked by hand."""

from __future__ import annotations

import pytest

from records_of import Records
from spec import Case, Expected, Spec, World

ONLINE_CONTACTS = Records(
    "responding.online_contact",
    """
    contact_id | channel            | received_at | first_reply_at | left_at | closed_at | result
    1          | webchat            | 9 10:00     | 9 10:01        |         |           |
    2          | webchat            | 9 11:00     |                | 9 11:05 |           |
    3          | webchat            | 9 12:00     |                |         |           |
    4          | email              | 9 10:00     | 10 10:00       |         |           |
    5          | email              | 9 10:00     | 10 10:00:01    |         |           |
    6          | email              | 9 12:00     |                |         | 9 15:00   | answered
    7          | Single Online Home | 9 12:00     |                |         | 12 12:00  | passed to another team
    8          | social media       | 9 13:00     |                |         | 9 14:00   | left by the sender
    """,
)

CHANNEL_OUTAGES = Records(
    "responding.channel_outage",
    """
    outage_id | channel | switched_off_at | advertised_seconds_lost
    1         | webchat | 9 10:00         | 3600
    2         | webchat | 9 12:00         | 1800
    3         | 101     | 10 10:00        |
    """,
)

SPECS = [
    Spec(
        "responding.online_contacts",
        "Contacts received in the period.",
        (
            Case(
                "Eight contacts", ONLINE_CONTACTS, (
                Expected(
                    "all eight",
                    "8", 8, 8,
                ),
            )),
        ),
    ),
    Spec(
        "responding.online_replied_within_standard",
        "Contacts with a first reply by a person within 24 hours / contacts that are due and were not left.",
        (
            Case(
                "Eight contacts", ONLINE_CONTACTS, (
                Expected(
                    "1 and 4, to the second; 5 is a second late, 3 still waits, 7 was closed without. 2 "
                    "and 8 left. 6 was answered, nobody wrote down when",
                    "2/5", 2, 5, unknown=1, bounds=("2/6", "3/6"), reason="2 withdrawn",
                ),
            )),
        ),
    ),
    Spec(
        "responding.online_wait_for_reply",
        "The middle wait for a first reply, those still waiting among them; those who left are left out.",
        (
            Case(
                "Eight contacts", ONLINE_CONTACTS, (
                Expected(
                    "60, 86,400 and 86,401 seconds, and 3 and 7 wait on: 4, 3, then 2 of 5 still wait, "
                    "and 2 of 5 is less than half",
                    "86401", 3, 5, unknown=1, reason="2 still waiting",
                ),
            )),
        ),
    ),
    Spec(
        "responding.online_left_before_reply",
        "Webchats whose sender left before a person replied / webchats of which it is known.",
        (
            Case(
                "Eight contacts", ONLINE_CONTACTS, (
                Expected(
                    "2 left, 1 did not; 3 is open, and may yet",
                    "1/2", 1, 2, unknown=1, bounds=("1/3", "2/3"),
                ),
            )),
        ),
    ),
    Spec(
        "responding.outage_seconds_lost_mean",
        "The sum of the advertised seconds lost / outages of which they are known.",
        (
            Case(
                "Three outages", CHANNEL_OUTAGES, (
                Expected(
                    "3,600 and 1,800; of 3 nobody knows",
                    "2700", 2, 2, unknown=1,
                ),
            )),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.measure)
def test_spec(world: World, spec: Spec) -> None:
    world.check(spec)
