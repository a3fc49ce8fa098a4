"""What exactly is hashed. A change here is a new version; what is written keeps the version it was written in."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Protocol

VERSION = 1
#: What the first event follows.
START = "0" * 64


class EventFields(Protocol):
    """The fields of an event that its hash covers."""

    seq: Any
    version: Any
    at: Any
    actor: Any
    kind: Any
    subject_kind: Any
    subject_id: Any
    payload_hash: Any
    previous_hash: Any


def event_hash(event: EventFields, seq: int | None = None) -> str:
    """The hash of an event's fields, with a tag that no other hash of openpeel begins with.

    Args:
        event: the event; whatever stands in its fields, even what no service writes, has a hash.
        seq: another number, to ask whether it was written under that one.
    """
    fields = [
        f"openpeel.event.v{event.version}",
        event.seq if seq is None else seq,
        event.at,
        event.actor,
        event.kind,
        event.subject_kind,
        event.subject_id,
        event.payload_hash,
        event.previous_hash,
    ]
    return _sha256(plain_text(fields))


def payload_hash(salt: str, content: str) -> str:
    """The hash of a payload: of its salt and its canonical text."""
    return _sha256(plain_text(["openpeel.payload.v1", salt, content]))


def rows_hash(rows: list[str], count: int) -> str:
    """What tells a query's rows from others, whatever order a check lists them in."""
    return _sha256(plain_text(["openpeel.rows.v1", count, sorted(rows)]))


#: What a doubt that is not found has.
NO_ROWS = "none"


def plain_text(value: Any) -> str:
    """A value as JSON, the same text each time, in ASCII alone, so that every database gives back what it got."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=repr)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()
