"""``openpeel measures``: the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpeel.cli.options import HERE, FormatOption, WorkspaceOption, check_format
from openpeel.cli.output import print_json, print_rows

if TYPE_CHECKING:
    from openpeel.engine.declare.measures import AnyMeasure

_COLUMNS = (
    "id", "title", "unit", "better", "method", "source", "comparable", "checked_by", "reviewed", "review_due",
)  # fmt: skip


def measures(format_: FormatOption = "table", workspace: WorkspaceOption = HERE) -> None:
    """List the measures with unit, direction, method, source, comparability, checker and next review."""
    from openpeel.catalogue import load_catalogue
    from openpeel.workspace import is_workspace, open_workspace

    check_format(format_)
    # A folder that is named must be one; the current folder may be anything.
    named = workspace != HERE
    root = open_workspace(workspace).root if named or is_workspace(workspace) else None
    rows = [_row(m) for m in load_catalogue(root).measures.values()]
    if format_ == "json":
        print_json(rows)
    else:
        print_rows(_COLUMNS, [[r[c] for c in _COLUMNS] for r in rows], format_)


def _row(measure: AnyMeasure) -> dict[str, str]:
    from openpeel.engine.measure.check import review_due

    return {
        "id": measure.id,
        "title": measure.title,
        "unit": measure.unit,
        "better": measure.better,
        "method": measure.method,
        "source": measure.source,
        "comparable": measure.comparable,
        "checked_by": measure.checked_by,
        "reviewed": measure.reviewed.isoformat(),
        "review_due": review_due(measure).isoformat(),
    }
