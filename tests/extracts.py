"""Extracts as a force would make them, a mapping for them, and importing them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from helpers import run_here

KEYS = 'incident_id = "Log No"\nopened_at = "Opened"\n'
MAPPING = (
    f'type = "incident"\nscope = "changes"\nzone = "local"\nforce = "kent"\n[columns]\n{KEYS}grade = "Pri"\n'
)
HEADINGS = ("Log No", "Opened", "Pri")
A = ("1", "2023-01-05 10:00:00", "1")
B = ("2", "2023-01-06 11:30:00", "2")
TYPED: dict[str, Any] = {"Opened": [dt.datetime(2023, 1, 5, 10)], "Pri": [None]}
Done = subprocess.CompletedProcess[str]


def text(*rows: Sequence[str], headings: Sequence[str] = HEADINGS, separator: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows([headings, *rows])
    return out.getvalue()


def put(folder: Path, *rows: Sequence[str], name: str = "log.csv", **more: Any) -> Path:
    file = folder / name
    file.write_text(text(*rows, **more), encoding="utf-8")
    return file


def extract(workspace: Path, *args: str | Path, mapping: str = MAPPING) -> Done:
    """Import by a mapping; its file lies beside the workspace."""
    file = workspace.parent / "m.toml"
    file.write_text(mapping, encoding="utf-8")
    return run_here(
        "import", "extract", "--mapping", file, "--workspace", workspace, *args, cwd=workspace.parent
    )


def line(done: Done) -> str:
    """The one line of an error."""
    assert done.returncode == 2 and done.stdout == "", done
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr.strip()


def refused(done: Done) -> str:
    """Why the only file was refused."""
    assert done.returncode == 2
    lines = [s for s in done.stderr.splitlines() if "refused" in s]
    assert len(lines) == 1 and "0 files: 0 rows read" in done.stdout, done
    return lines[0]


def parquet(file: Path, content: Mapping[str, Any] | pa.Table, **more: Any) -> Path:
    pq.write_table(content if isinstance(content, pa.Table) else pa.table(content), file, **more)
    return file
