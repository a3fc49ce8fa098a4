"""Erasing what an event says, because the law asks for it. The event stays, and the chain still holds."""

from __future__ import annotations

from openpeel.casework.actors import acting
from openpeel.casework.log.append import Told, append
from openpeel.casework.models import Actor, Event, EventPayload, Query, QueryAnswer, SignOff
from openpeel.casework.words_of import checked
from openpeel.casework.work import act
from openpeel.errors import UserError

#: The kind of event that tells of an erasure. Its own payload cannot be erased: it says on whose authority.
ERASED = "payload.erased"


def erase_payload(seq: int, by: str, authority: str, reason: str) -> Event:
    """Erase an event's payload, and the same words wherever else casework holds them.

    Returns:
        the event that tells of the erasure.

    Raises:
        UserError: `by` is no administrator, there is no such event, it is erased already or cannot be, or
            authority or reason is blank.
    """
    payload = {"authority": checked(authority, "the authority"), "reason": checked(reason, "the reason")}
    with act():
        actor = acting(by, ("administrator",), "erase")
        event = _erasable(seq)
        # First the event: the database lets a payload go only once its erasure is on record.
        told = append(actor.handle, Told(ERASED, "event", str(seq), {**payload, "erased_kind": event.kind}))
        EventPayload.objects.filter(seq=seq).delete()
        _blank(seq)
    flush_erased()
    return told


def flush_erased() -> None:
    """Take erased words out of SQLite's write-ahead log; somebody reading just now may keep them there a while."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _erasable(seq: int) -> Event:
    event = Event.objects.filter(seq=seq).first()
    if event is None:
        raise UserError(f"there is no event {seq}", do="`openpeel log` lists them")
    if event.kind == ERASED:
        raise UserError(f"event {seq} tells of an erasure and stays", do="erase the event that it speaks of")
    if not EventPayload.objects.filter(seq=seq).exists():
        raise UserError(f"the payload of event {seq} is not there", do="`openpeel log check` says why")
    return event


def _blank(seq: int) -> None:
    """The same words in the tables that show where things stand."""
    Actor.objects.filter(event=seq).update(name="")
    QueryAnswer.objects.filter(event=seq).update(text="")
    SignOff.objects.filter(undone_event=seq).update(undone_reason="")
    Query.objects.filter(rows_event=seq).update(text="", rows_json="[]")
