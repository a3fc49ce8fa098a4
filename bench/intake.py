"""Import against DuckDB's own CSV reader, on the same files in the same run.

Usage: python bench/intake.py [FOLDER...]   (without folders: a demo world at scale 1)

What is compared: `openpeel import police-uk` as a library call into a new workspace (read, check
every row, hash, snapshot, fsync) against `SELECT count(*)` and `CREATE TABLE` over `read_csv` with
every column a string, which checks, types and keeps nothing.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow

from openpeel.engine.intake.commit import take_in
from openpeel.register import load_register
from openpeel.sources.demo import write_world
from openpeel.sources.police_uk import files, mapping
from openpeel.workspace import create

RUNS = 3


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = [Path(a) for a in sys.argv[1:]]
        register = "england-and-wales" if given else "demo"
        paths = given or [write_world(folder / "world").searches]
        searches = sorted(
            f for p in paths for f in p.rglob("*") if "stop-and-search.csv" in f.name and f.is_file()
        )
        rows = [0]

        def openpeel() -> None:
            root = create(folder / f"w{time.time_ns()}", register).root
            parts = files.read_parts(
                searches, load_register(register), files.Options(), files.Found(), lambda _t: None
            )
            rows[0] = take_in(root, mapping.STOP_SEARCH_FILES, parts).read()

        names = [str(f) for f in searches]
        ours = best(openpeel)
        bare = best(lambda: duckdb.sql(_csv("count(*)"), params=[names]).fetchall())
        table = best(lambda: _table(names))
    print(
        f"{len(searches)} files, {rows[0]:,} rows; best of {RUNS}; {os.cpu_count()} cores, {platform.machine()}"
    )
    print(f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, pyarrow {pyarrow.__version__}")
    print("| what | seconds | rows per second | openpeel takes |\n|---|---|---|---|")
    for what, seconds in (
        ("openpeel import", ours),
        ("DuckDB read_csv, count", bare),
        ("DuckDB read_csv into a table", table),
    ):
        ratio = f"{ours / seconds:.1f} times as long"
        print(f"| {what} | {seconds:.2f} | {rows[0] / seconds:,.0f} | {'' if seconds == ours else ratio} |")


def best(work: Callable[[], object]) -> float:
    """The shortest of a few runs, in seconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def _csv(what: str) -> str:
    return f"SELECT {what} FROM read_csv(?, all_varchar = true, union_by_name = true, header = true)"


def _table(names: list[str]) -> None:
    con = duckdb.connect()
    con.execute(f"CREATE TABLE t AS {_csv('*')}", [names])
    con.close()


if __name__ == "__main__":
    main()
