"""Is the log as it was written? Worked out from the rows alone; no guard of the database is relied on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

from openpeel.casework.log.anchors import AnchorNote, anchor_files, read_anchor
from openpeel.casework.log.canonical import START
from openpeel.casework.log.chain import Link, check_link
from openpeel.casework.log.payloads import Erased, check_payloads
from openpeel.casework.log.standing import check_standing
from openpeel.casework.models import Anchor
from openpeel.casework.work import act
from openpeel.errors import UserError


@dataclass
class LogState:
    """What the verification found.

    Attributes:
        events: how many there are.
        head: hash of the last one; blank for an empty log.
        anchors: how many anchors it was held against.
        problems: what is not as it was written, each in a line that names the event.
        erased: payloads that were erased, by whom and on whose authority.
    """

    events: int = 0
    head: str = ""
    anchors: int = 0
    problems: list[str] = field(default_factory=list)
    erased: list[Erased] = field(default_factory=list)


def verify_log(against: Sequence[Path] = ()) -> LogState:
    """Verify the event log of the open workspace.

    Args:
        against: anchors kept elsewhere, beside those of the workspace.

    Raises:
        UserError: the database, or a file of `against`, cannot be read.
    """
    outside = [(str(file), read_anchor(file)) for file in against]
    with act():  # nobody writes meanwhile: events and payloads are of one moment
        links = list(_links())
        state = LogState(events=len(links), head=links[-1].hash if links else "")
        _check_chain(links, state)
        state.erased = check_payloads(links, state.problems)
        check_standing(links, state.problems)
        for name, note in [*_inside(state.problems), *outside]:
            state.anchors += 1
            state.problems += _check_anchor(links, name, note)
    return state


def _links() -> Iterator[Link]:
    """Every event as it stands, read past Django, which would stumble over what it did not write."""
    names = ", ".join(Link.FIELDS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM casework_event ORDER BY seq")
        for row in cursor.fetchall():
            yield Link(*row)


def _check_chain(links: list[Link], state: LogState) -> None:
    previous: Link | None = None
    at_hash = {link.hash: link.seq for link in links}
    for link in links:
        expected = previous.seq + 1 if previous else 1
        if link.seq != expected:
            gone = (
                f"event {expected} is"
                if link.seq == expected + 1
                else f"events {expected} to {link.seq - 1} are"
            )
            state.problems.append(f"{gone} missing: removed")
        state.problems += check_link(link, previous.hash if previous else START, at_hash)
        previous = link


def _inside(problems: list[str]) -> list[tuple[str, AnchorNote]]:
    """The anchors of the workspace: those in files, and those that only the database tells of."""
    found = []
    for file in anchor_files():
        try:
            found.append((file.name, read_anchor(file)))
        except UserError as error:
            problems.append(f"anchor {error.what}: {file.name}")
    names = {name for name, _ in found}
    for row in Anchor.objects.order_by("seq"):
        if row.file not in names:
            problems.append(f"anchor {row.file} is missing from the workspace")
            found.append((row.file, AnchorNote(row.seq, row.hash, "", row.at)))
    return found


def _check_anchor(links: list[Link], name: str, note: AnchorNote) -> list[str]:
    by_seq = {link.seq: link for link in links}
    last = links[-1].seq if links else 0
    where = f"anchor {name} of {note.at[:10]}"
    if note.first and links and links[0].hash != note.first:
        return [
            f"{where} is of a log that began otherwise: another log, or written anew from its first event"
        ]
    if note.events > last:
        return [f"the end is cut off: {where} knows {note.events} events, there are {last}"]
    stands = by_seq.get(note.events)
    if stands is None or stands.hash != note.head:
        return [f"event {note.events} is not the one that {where} knows: the log was written anew before it"]
    return []
