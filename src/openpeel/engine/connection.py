"""Where DuckDB connections come from, so that every one has the same settings."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

MEMORY_LIMIT = "2500MB"


def connect() -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB connection whose session time zone is UTC and which reaches no network."""
    con = duckdb.connect(config={"memory_limit": MEMORY_LIMIT})
    # What does not fit in memory goes to the machine's temporary folder, not to the user's current one.
    con.execute("SET temp_directory = ?", [str(Path(tempfile.gettempdir()) / f"openpeel-{os.getpid()}")])
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET autoinstall_known_extensions = false")
    con.execute("SET enable_progress_bar = false")
    return con


def insert_rows(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[object]]) -> None:
    """Put rows from Python into a table that is there, all by one statement.

    ``executemany`` plans and runs the statement anew for each row: a hundred times as long.

    Args:
        table: its name, as SQL.
        rows: values in the order of the table's columns; nothing happens if there are none.
    """
    columns = [list(column) for column in zip(*rows, strict=True)]
    if columns:
        marks = ", ".join(["unnest(?)"] * len(columns))
        con.execute(f"INSERT INTO {table} SELECT {marks}", columns)
