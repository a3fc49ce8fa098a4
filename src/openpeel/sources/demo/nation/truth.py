"""Truth tables: what is true of the nation and stands in no record, for audits and evaluations to be scored against.

They lie outside the workspace. A table a record type that has something true to tell: the key of each record and
its columns ``true_…``; ``forces.csv``, what each force was made from; and ``cannot-be-both.csv``, figures of the source
report that no nation can show together.
"""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb

from openpeel.engine.declare.records import RecordType
from openpeel.engine.sql import quote
from openpeel.sources.demo.focus import told
from openpeel.sources.demo.nation.build import TABLES
from openpeel.sources.demo.nation.files import quote_path

_MARK = "_true_"


def write_truth(con: duckdb.DuckDBPyConnection, folder: Path, types: dict[str, RecordType]) -> list[Path]:
    """Write the truth tables of the nation that is built, as CSV; gives the files."""
    folder.mkdir(parents=True, exist_ok=True)
    out = [_copy(con, "SELECT * EXCLUDE (_k) FROM forces ORDER BY force", folder / "forces.csv")]
    out.append(_write_impossible(folder / "cannot-be-both.csv"))
    for made in TABLES:
        names = [str(row[0]) for row in con.execute(f"DESCRIBE {quote(made.name)}").fetchall()]
        true = [n for n in names if n.startswith(_MARK)]
        if not true or made.name not in types:  # tables that others hang on hand what is true down to these
            continue
        key = types[made.name].key
        listed = ", ".join([*map(quote, ("force", *key)), *(f"{quote(n)} AS {quote(n[1:])}" for n in true)])
        order = ", ".join(map(quote, ("force", *key)))
        out.append(
            _copy(
                con, f"SELECT {listed} FROM {quote(made.name)} ORDER BY {order}", folder / f"{made.name}.csv"
            )
        )
    return out


def _write_impossible(file: Path) -> Path:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, ("one", "other", "why", "here"), lineterminator="\n")
        writer.writeheader()
        writer.writerows(told()["cannot_be_both"])
    return file


def _copy(con: duckdb.DuckDBPyConnection, sql: str, file: Path) -> Path:
    con.execute(f"COPY ({sql}) TO '{quote_path(file)}' (FORMAT csv, HEADER)")
    return file
