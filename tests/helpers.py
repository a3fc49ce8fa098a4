"""What many tests need: a workspace, small hand-made police.uk files, and the command itself.

The fixture ``workspace`` in ``conftest.py`` gives a new one.
"""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from openpeel import workspace as workspaces

SEARCH = {
    "Type": "Person search",
    "Date": "2019-07-10T12:00:00+00:00",
    "Part of a policing operation": "False",
    "Policing operation": "",
    "Latitude": "52.806800",
    "Longitude": "-2.116600",
    "Gender": "Male",
    "Age range": "18-24",
    "Self-defined ethnicity": "White - English/Welsh/Scottish/Northern Irish/British",
    "Officer-defined ethnicity": "White",
    "Legislation": "Misuse of Drugs Act 1971 (section 23)",
    "Object of search": "Controlled drugs",
    "Outcome": "A no further action disposal",
    "Outcome linked to object of search": "False",
    "Removal of more than just outer clothing": "False",
}
"""The 15 columns of a stop and search file, and what stands in a row that is not told otherwise."""

HEADINGS = list(SEARCH)
LINKED = "Outcome linked to object of search"

Row = Mapping[str, str]


def new_workspace(folder: Path, register: str = "england-and-wales") -> Path:
    """Make a workspace."""
    return workspaces.create(folder, register).root


def search_text(
    rows: Sequence[Row], headings: Sequence[str] = HEADINGS, end: str = "\n", defaults: Row = SEARCH
) -> str:
    """A stop and search file as text: each row states only what differs from ``defaults``."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, headings, lineterminator=end, extrasaction="raise")
    writer.writeheader()
    for row in rows:
        writer.writerow({h: row.get(h, defaults.get(h, "")) for h in headings})
    return out.getvalue()


def write_search_file(
    path: Path, rows: Sequence[Row] = ({},), headings: Sequence[str] = HEADINGS, end: str = "\n"
) -> Path:
    """Write a stop and search file; packed if its name ends in ``.gz``."""
    data = search_text(rows, headings, end).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def different(count: int, **same: str) -> list[dict[str, str]]:
    """So many searches of July 2019, a minute apart, so that no two are alike."""
    return [{"Date": f"2019-07-10T{12 + n // 60:02d}:{n % 60:02d}:00+00:00", **same} for n in range(count)]


def run(*args: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Start the command as a user does, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "openpeel.cli.main", *map(str, args)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def run_here(*args: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The same inside this process, which takes a tenth of the time; a traceback fails the test."""
    from openpeel.cli.main import run as entry

    out, err = io.StringIO(), io.StringIO()
    status = 0
    argv = ["openpeel", *map(str, args)]
    with (
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        patch.object(sys, "argv", argv),
    ):
        try:
            entry()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
    return subprocess.CompletedProcess(argv, status, out.getvalue(), err.getvalue())


def tree(root: Path) -> dict[str, bytes]:
    """Every file of a workspace, name and bytes, but for the lock."""
    return {
        str(file.relative_to(root)): file.read_bytes()
        for file in sorted(root.rglob("*"))
        if file.is_file() and file.name != ".lock"
    }


def manifests(root: Path) -> list[dict[str, Any]]:
    """The manifests of all intakes, oldest first."""
    return [json.loads(file.read_text()) for file in sorted((root / "intake").glob("*/manifest.json"))]


def set_aside(root: Path) -> list[dict[str, str]]:
    """The rows set aside in the newest intake."""
    newest = sorted((root / "intake").glob("*"))[-1]
    with gzip.open(newest / "set-aside.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def all_entries(root: Path) -> list[dict[str, Any]]:
    """Every entry of the newest generation, in order, read past openpeel."""
    held: list[dict[str, Any]] = []
    for file in sorted((root / "generations").glob("*.json")):
        data = json.loads(file.read_text())
        held = [*held[: data["extends"]], *data["entries"]]
    return held


def entries(root: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """The newest entry of each force and month: ``("staffordshire", "2019-07")`` -> entry."""
    return {(e["force"], f"{e['month'] // 12}-{e['month'] % 12 + 1:02d}"): e for e in all_entries(root)}


def counts(root: Path) -> dict[tuple[str, str], int]:
    """Rows held for each force and month."""
    return {key: int(entry["rows"]) for key, entry in entries(root).items()}


def held(root: Path, columns: str = "*") -> list[tuple[Any, ...]]:
    """The rows of the newest generation's packs, read past openpeel."""
    import duckdb

    packs = sorted({str(root / "records" / e["pack"]) for e in entries(root).values() if e["pack"]})
    wanted = [e["snapshot"] for e in entries(root).values()]
    if not packs:
        return []
    return duckdb.execute(
        f"SELECT {columns} FROM read_parquet($packs) WHERE snapshot IN (SELECT unnest($wanted)) ORDER BY ALL",
        {"packs": packs, "wanted": wanted},
    ).fetchall()
