"""One link of the chain: is the event as it was written, and does it follow the one before it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from openpeel.casework.log.canonical import VERSION, event_hash


@dataclass(slots=True)
class Link:
    """An event as it stands in the database, whatever stands in it."""

    FIELDS: ClassVar = (
        "seq", "version", "at", "actor", "kind", "subject_kind", "subject_id", "payload_hash", "previous_hash", "hash",
    )  # fmt: skip

    seq: int
    version: Any
    at: Any
    actor: Any
    kind: Any
    subject_kind: Any
    subject_id: Any
    payload_hash: Any
    previous_hash: Any
    hash: Any

    def what(self) -> str:
        """The event in words."""
        return f"event {self.seq} ({self.kind} of {self.subject_id}, by {self.actor})"


def check_link(link: Link, before: Any, at_hash: Mapping[Any, int]) -> list[str]:
    """What is wrong with one event.

    Args:
        link: the event.
        before: hash of the event that stands before it.
        at_hash: hash of an event -> its number.
    """
    if not isinstance(link.version, int) or not 1 <= link.version <= VERSION:
        return [f"{link.what()} is altered: no openpeel writes version {link.version!r}"]
    if event_hash(link) != link.hash:
        return [_altered(link, at_hash)]
    if link.previous_hash != before:
        return [f"{link.what()} does not follow the event that stands before it"]
    return []


def _altered(link: Link, at_hash: Mapping[Any, int]) -> str:
    """Moved, if it is whole under another number: the one after the event that it follows, or any other."""
    follows = at_hash.get(link.previous_hash)
    candidates = [1, *range(max(1, link.seq - 50), link.seq + 51)]
    if follows is not None:
        candidates.insert(0, follows + 1)
    for seq in candidates:
        if event_hash(link, seq) == link.hash:
            return f"{link.what()} was written as event {seq}: re-ordered"
    return f"{link.what()} is altered"
