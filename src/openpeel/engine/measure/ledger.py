"""The ledger: what was printed, so that a figure id leads back to its declaration and inputs.

Append-only: a file is named by the hash of its content and never changed. A declaration is kept once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpeel.engine.clock import month_text
from openpeel.engine.declare.serial import digest, to_plain
from openpeel.engine.intake.disk import json_bytes, put_file
from openpeel.engine.intake.generations import newest
from openpeel.engine.measure.context import Context
from openpeel.engine.measure.maker import Answers
from openpeel.errors import UserError


@dataclass(frozen=True)
class Printed:
    """A figure found in the ledger: its question, declaration and snapshots."""

    question: dict[str, Any]
    declaration: dict[str, Any]
    snapshots: list[str]


def record(context: Context, answers: Answers) -> None:
    """Write down the questions of some figures with their declarations and inputs."""
    if not answers.questions:
        return
    folder = context.root / "ledger"
    snapshots = {f.figure_id: f.snapshots for f in answers.figures}
    questions = [
        q.plain() | {"id": id_, "snapshots": snapshots[id_]} for id_, q in sorted(answers.questions.items())
    ]
    for measure, version in sorted({(q.measure, q.version) for q in answers.questions.values()}):
        _keep(folder / "declarations" / f"{version}.json", declaration(context, measure))
    if context.policies:
        plain = [p.plain() for _, p in sorted(context.policies.items())]
        _keep(folder / "policies" / f"{context.policies_hash()}.json", plain)
    _keep(folder / "figures" / f"{digest(questions)}.json", questions)


def declaration(context: Context, measure: str) -> dict[str, Any]:
    """A measure's declaration with its record type, as plain data."""
    declared = context.catalogue.measures[measure]
    record_type = context.catalogue.types[declared.of]
    return {"measure": to_plain(declared), "type": to_plain(record_type)}


def resolve(root: Path, figure_id: str) -> Printed:
    """What a figure id stands for.

    Raises:
        UserError: no figure of that id was printed from this workspace.
    """
    folder = root / "ledger"
    for file in sorted((folder / "figures").glob("*.json")):
        for question in _read(file):
            if question["id"] == figure_id:
                kept = folder / "declarations" / f"{question['version']}.json"
                return Printed(question, _read(kept), question["snapshots"])
    raise UserError(
        "no figure of that id was printed from this workspace", figure_id, "check id and workspace"
    )


def origins(root: Path, snapshots: Sequence[str]) -> list[dict[str, Any]]:
    """Where some snapshots came from: type, force, month, rows, intake, and the files of that intake.

    A snapshot that is no longer in the workspace has no origin in the list.
    """
    wanted = set(snapshots)
    out = []
    for entry in newest(root).entries:
        if entry.snapshot in wanted:
            wanted.discard(entry.snapshot)
            manifest = _read(root / "intake" / entry.intake / "manifest.json")
            month = month_text(entry.month)
            files = [
                {k: f[k] for k in ("file", "sha256", "read", "accepted")}
                for f in manifest["files"]
                if f["force"] in ("", entry.force) and _covers(f["months"], month)
            ]
            out.append(
                {"snapshot": entry.snapshot, "type": entry.type, "force": entry.force, "month": month,
                 "rows": entry.rows, "intake": entry.intake, "known_from": entry.known_from, "files": files}
            )  # fmt: skip
    return out


def _covers(months: str, month: str) -> bool:
    first, _, last = months.partition("..")
    return not months or first <= month <= (last or first)


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise UserError(f"the ledger is damaged ({error})", str(file), "restore it from a copy") from None


def _keep(file: Path, content: Any) -> None:
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    put_file(file, json_bytes(content))
