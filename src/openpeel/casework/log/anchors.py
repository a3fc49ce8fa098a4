"""Anchors: the head of the log written down elsewhere, since a chain alone cannot show that its end was cut off."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from openpeel.casework.log.append import moment_text
from openpeel.casework.models import Anchor, Event
from openpeel.casework.setup import opened_root
from openpeel.casework.work import act, look
from openpeel.engine.clock import now
from openpeel.engine.intake.disk import fsync_folder, json_bytes, put_file
from openpeel.errors import UserError

FORMAT = "openpeel.anchor.v1"
FOLDER = ("ledger", "anchors")


@dataclass(frozen=True)
class AnchorNote:
    """What an anchor says.

    Attributes:
        events: how many events there were.
        head: hash of the last of them.
        first: hash of the first one, by which one log is told from another.
        at: when it was written down; UTC, as text.
    """

    events: int
    head: str
    first: str
    at: str


def anchor(out: Path | None = None) -> AnchorNote:
    """Write the head of the log down: in the workspace, and in a file that is to be kept elsewhere.

    Raises:
        UserError: the log is empty, or the file cannot be written.
    """
    note = _head()
    name = f"{note.events:09d}-{note.head[:16]}.json"
    content = json_bytes({"format": FORMAT, **asdict(note)})
    folder = opened_root().joinpath(*FOLDER)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / name).exists():
            put_file(folder / name, content)
            fsync_folder(folder.parent)
        if out is not None:
            put_file(out, content)
    except OSError as error:
        raise UserError(
            f"cannot be written ({error.strerror})", str(out or folder), "choose another place"
        ) from None
    with act():
        kept = {"hash": note.head, "at": note.at, "file": name}
        if not Anchor.objects.filter(seq=note.events).exists():
            Anchor.objects.create(seq=note.events, **kept)
    return note


def _head() -> AnchorNote:
    with look():
        last = Event.objects.order_by("-seq").first()
        first = Event.objects.order_by("seq").first()
    if last is None or first is None:
        raise UserError(
            "the log is empty, so there is nothing to anchor", do="anchor it once there is work in it"
        )
    return AnchorNote(last.seq, last.hash, first.hash, moment_text(now()))


def read_anchor(file: Path) -> AnchorNote:
    """The anchor in a file.

    Raises:
        UserError: it cannot be read, or is no anchor.
    """
    try:
        data: Any = json.loads(file.read_bytes())
    except OSError as error:
        raise UserError(f"cannot be read ({error.strerror})", str(file), "name the anchor's file") from None
    except ValueError:
        data = None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise UserError(
            "is no anchor of an event log", str(file), "name a file that `openpeel log anchor` wrote"
        )
    events, texts = data.get("events"), [data.get(name) for name in ("head", "first", "at")]
    if not isinstance(events, int) or not all(isinstance(text, str) for text in texts):
        raise UserError("is an anchor with parts missing", str(file), "use another copy of it")
    return AnchorNote(events, *(str(text) for text in texts))


def anchor_files() -> list[Path]:
    """The anchors that lie in the workspace, oldest first."""
    return sorted(opened_root().joinpath(*FOLDER).glob("[0-9]*.json"))
