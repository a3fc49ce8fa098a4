"""The ledger: what was printed, so that a figure id leads back to its declaration and inputs.

Append-only: a file is named by the hash of its content and never changed. A declaration is kept once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpeel.engine.declare.serial import digest, to_plain
from openpeel.engine.intake.disk import json_bytes, put_file
from openpeel.engine.measure.build import Answers
from openpeel.engine.measure.context import Context
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
    measures = {q.measure: q.version for q in answers.questions.values()}
    for measure, version in measures.items():
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
        for question in _questions(file):
            if question["id"] == figure_id:
                kept = folder / "declarations" / f"{question['version']}.json"
                return Printed(question, json.loads(kept.read_bytes()), question["snapshots"])
    raise UserError(
        "no figure of that id was printed from this workspace", figure_id, "check id and workspace"
    )


def _questions(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(file.read_bytes())
    return found


def _keep(file: Path, content: Any) -> None:
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    put_file(file, json_bytes(content))
