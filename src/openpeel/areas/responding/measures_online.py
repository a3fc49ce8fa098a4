"""Measures of contact online: how much, how long until a person replies, who gives up, channels switched off."""

from __future__ import annotations

from datetime import date
from typing import Any

from openpeel.engine.declare.measures import (
    AS_RATE_ONLY,
    HIGHER,
    LOWER,
    NEUTRAL,
    OWN_DEFINITION,
    OWN_RECORDING,
    AnyMeasure,
    Count,
    Mean,
    MedianWait,
    Proportion,
    ShareWithin,
)

_ONLINE: dict[str, Any] = {
    "of": "responding.online_contact",
    "question": "responding.contact",
    "method": "docs/methods/online-contact.md",
    "source": "the force's digital contact",
    "reviewed": date(2026, 11, 25),
}
_WAIT: dict[str, Any] = {"start": "waits_from", "served": "first_reply_at", "withdrawn": "gave_up_at"}
_OWN: dict[str, Any] = {
    "comparable": OWN_RECORDING,
    "comparable_why": "Forces offer different channels, at different hours, and count contacts in their own ways.",
}
_A_PERSON = "A reply is that of a person; an automatic acknowledgement is none."
_CLOSED = (
    "A contact closed without a reply was not replied to; one that the sender left is in no denominator."
)

CONTACTS = Count(
    id="responding.online_contacts",
    title="Contacts online",
    sentence="{force} received {value} contacts online in {period}.",
    unit="contacts",
    better=NEUTRAL,
    comparable=AS_RATE_ONLY,
    comparable_why="A number of contacts grows with the size of the force.",
    by=("channel", "result"),
    **_ONLINE,
)

REPLIED = ShareWithin(
    id="responding.online_replied_within_standard",
    title="Contacts online replied to within the standard",
    sentence="{force} gave a first reply within the standard to {value} of the contacts of {period} that are old "
    "enough to say ({x} of {y}).",
    limit="reply_within_seconds",
    unit="share of contacts that are due",
    better=HIGHER,
    comparable=OWN_DEFINITION,
    comparable_why="Forces set standards of their own, some of them by channel.",
    captions=(
        "24 hours (openpeel's assumption), unless the policy responding.reply_online_within_seconds says otherwise.",
        _A_PERSON,
        _CLOSED,
    ),
    by=("channel",),
    **_WAIT,
    **_ONLINE,
)

WAIT_FOR_REPLY = MedianWait(
    id="responding.online_wait_for_reply",
    title="Wait for a first reply online",
    sentence="Half of those who contacted {force} online in {period} had a reply within {value} ({x} of {y} have "
    "one so far).",
    unit="seconds to the first reply",
    better=LOWER,
    captions=(_A_PERSON, _CLOSED, "Those still waiting are taken into account."),
    by=("channel",),
    **_WAIT,
    **_ONLINE,
    **_OWN,
)

LEFT = Proportion(
    id="responding.online_left_before_reply",
    title="Webchats that the sender left before a reply",
    sentence="{value} of those who began a webchat with {force} in {period} left before a person replied "
    "({x} of {y}).",
    where="channel = 'webchat'",
    met="left_before_reply",
    unit="share of webchats",
    better=LOWER,
    **_ONLINE,
    **_OWN,
)

OUTAGE_MEAN = Mean(
    id="responding.outage_seconds_lost_mean",
    title="Advertised time lost when a channel is switched off: mean",
    sentence="When {force} switched a channel off in {period}, {value} of its advertised hours were lost on average "
    "({x} times).",
    of_number="advertised_seconds_lost",
    unit="seconds lost",
    better=LOWER,
    captions=("Times that nobody measured are unknown, not short.",),
    by=("channel",),
    **(_ONLINE | {"of": "responding.channel_outage"}),
    **_OWN,
)

MEASURES: tuple[AnyMeasure, ...] = (CONTACTS, REPLIED, WAIT_FOR_REPLY, LEFT, OUTAGE_MEAN)
