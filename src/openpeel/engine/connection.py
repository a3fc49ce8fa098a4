"""Where DuckDB connections come from, so that every one has the same settings."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import duckdb

MEMORY_LIMIT = "4GB"


def connect() -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB connection whose session time zone is UTC and which reaches no network."""
    con = duckdb.connect(config={"memory_limit": MEMORY_LIMIT})
    # What does not fit in memory goes to the machine's temporary folder, not to the user's current one.
    con.execute("SET temp_directory = ?", [str(Path(tempfile.gettempdir()) / f"openpeel-{os.getpid()}")])
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET autoinstall_known_extensions = false")
    con.execute("SET enable_progress_bar = false")
    return con
