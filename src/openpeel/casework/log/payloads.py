"""Are the payloads what their events say, and is each one that is gone gone by an erasure?"""

from __future__ import annotations

import json
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.db import connection

from openpeel.casework.log.canonical import payload_hash
from openpeel.casework.log.chain import Link
from openpeel.casework.log.erase import ERASED


@dataclass(frozen=True)
class Erased:
    """A payload that was erased: of which event, when, by whom, on whose authority and why."""

    seq: int
    at: str
    by: str
    authority: str
    reason: str

    def line(self) -> str:
        """It in words."""
        return (
            f"payload of event {self.seq} erased on {self.at[:10]} by {self.by} "
            f"(on authority of {self.authority}: {self.reason})"
        )


@dataclass(frozen=True)
class _Stands:
    hash: str
    content: Any


def check_payloads(links: Sequence[Link], problems: list[str]) -> list[Erased]:
    """Hold every payload against its event's hash.

    Args:
        links: the events.
        problems: what is found wrong is added here.

    Returns:
        the erasures on record.
    """
    erasures = {str(link.subject_id): link for link in links if link.kind == ERASED}
    payloads = _payloads({link.seq for link in erasures.values()})
    erased = []
    for link in links:
        stands = payloads.pop(link.seq, None)
        problem = _problem(link, stands, erasures.get(str(link.seq)))
        if problem:
            problems.append(problem)
        if link.kind == ERASED and stands is not None:
            erased.append(_erased(link, stands.content))
    problems += [f"a payload stands under number {seq}, where there is no event" for seq in sorted(payloads)]
    return erased


def _problem(link: Link, stands: _Stands | None, by: Link | None) -> str:
    if stands is None and by is not None and by.seq > link.seq and link.kind != ERASED:
        return ""
    if stands is None:
        return f"the payload of {link.what()} is missing: removed, and not erased by anybody"
    if by is not None:
        return f"the payload of {link.what()} is there, though event {by.seq} says it was erased"
    return "" if stands.hash == link.payload_hash else f"the payload of {link.what()} is altered"


def _payloads(of_erasures: Set[int]) -> dict[int, _Stands]:
    """Number -> hash of the payload that stands; its content too where it tells of an erasure."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, salt, content FROM casework_eventpayload")
        return {
            seq: _Stands(payload_hash(salt, content), content if seq in of_erasures else "")
            for seq, salt, content in iter(cursor.fetchone, None)
        }


def _erased(link: Link, content: Any) -> Erased:
    try:
        said = json.loads(content)
        return Erased(int(link.subject_id), str(link.at), str(link.actor), said["authority"], said["reason"])
    except (ValueError, TypeError, KeyError):  # altered; which is told beside
        return Erased(0, str(link.at), str(link.actor), "cannot be read", "cannot be read")
