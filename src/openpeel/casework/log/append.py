"""Adding to the log, inside the transaction of the act that the events tell of."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from openpeel.casework.log.canonical import START, VERSION, event_hash, payload_hash, plain_text
from openpeel.casework.models import Event, EventPayload
from openpeel.engine.clock import now

#: So many rows in one statement; below what SQLite takes.
_BATCH = 500


@dataclass(frozen=True)
class Told:
    """An event before it is in the log.

    Attributes:
        kind, subject_kind, subject_id: see `openpeel.casework.models.Event`.
        payload: what it says beyond that, as plain data; people's words go here.
    """

    kind: str
    subject_kind: str
    subject_id: str
    payload: Mapping[str, Any] = field(default_factory=dict)


def moment_text(moment: datetime) -> str:
    """A moment as the log writes it: in UTC, to the microsecond, sortable."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def append(actor: str, told: Told) -> Event:
    """Add one event; see `append_all`."""
    return append_all(actor, [told])[0]


def append_all(actor: str, told: Sequence[Told]) -> list[Event]:
    """Add events in their order; they are in the log if, and only if, the act they belong to is.

    Raises:
        RuntimeError: called outside an act, where two writers could follow the same event.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("events are added inside casework.work.act() alone")
    last = Event.objects.order_by("-seq").first()
    seq, previous = (last.seq, last.hash) if last else (0, START)
    at = moment_text(now())
    events, payloads = [], []
    for one in told:
        seq += 1
        payload = EventPayload(seq=seq, salt=secrets.token_hex(16), content=plain_text(one.payload))
        event = _event(seq, at, actor, one, payload_hash(payload.salt, payload.content), previous)
        previous = event.hash
        events.append(event)
        payloads.append(payload)
    Event.objects.bulk_create(events, batch_size=_BATCH)
    EventPayload.objects.bulk_create(payloads, batch_size=_BATCH)
    return events


def _event(seq: int, at: str, actor: str, told: Told, of_payload: str, previous: str) -> Event:
    event = Event(
        seq=seq,
        version=VERSION,
        at=at,
        actor=actor,
        kind=told.kind,
        subject_kind=told.subject_kind,
        subject_id=told.subject_id,
        payload_hash=of_payload,
        previous_hash=previous,
    )
    event.hash = event_hash(event)
    return event


def payloads_of(events: Iterable[Event]) -> dict[int, EventPayload]:
    """Number -> payload, of those events whose payload is there."""
    return EventPayload.objects.in_bulk([event.seq for event in events])
