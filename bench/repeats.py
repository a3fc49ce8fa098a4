"""Repeats at a place as the engine counts them, beside a window query by hand over the same records, in the same run.

Usage: python bench/repeats.py [WORKSPACE [FIRST..LAST]]   (default: incidents of six forces and four months are made)

Both read the months looked at and those that a repeat may go back to, and must find as many repeats, or it ends there.
Best of three, the runs taking turns.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from datetime import date
from pathlib import Path

import duckdb
from measures import RUNS, best

from openpeel.catalogue import load_catalogue, shipped
from openpeel.cli.demo_imports import take_extracts
from openpeel.engine import clock
from openpeel.engine.declare.derivations import RepeatWithin
from openpeel.engine.derive import layer
from openpeel.engine.derive.layer import Scan
from openpeel.engine.intake.generations import Vintage
from openpeel.engine.intake.packs import rows_sql
from openpeel.engine.measure import build, cells
from openpeel.engine.measure.context import Context, open_context
from openpeel.engine.measure.predicates import cell_column
from openpeel.sources.demo.nation.national import deliveries, national_knobs
from openpeel.workspace import create

TYPE, MEASURE, REPEAT = "responding.incident", "responding.repeat_places", "repeat_place"


def main() -> None:
    if len(sys.argv) > 1:
        compare(Path(sys.argv[1]), *sys.argv[2:])
        return
    os.environ["OPENPEEL_KEYS"] = tempfile.mkdtemp()
    with tempfile.TemporaryDirectory() as name:
        root = create(Path(name) / "w", register="demo").root
        sent = deliveries(root / "files", {TYPE: shipped().types[TYPE]}, national_knobs(forces=6, months=4))
        take_extracts(root, sent, lambda _text: None)
        compare(root)


def compare(root: Path, months: str = "") -> None:
    context = open_context(root, load_catalogue(root), Vintage(date(2090, 1, 1)))
    record_type = context.catalogue.types[TYPE]
    (repeat,) = (d for d in record_type.derived if isinstance(d, RepeatWithin) and d.name == REPEAT)
    held = [e for e in context.view.of(TYPE) if e.rows]
    last = max(e.month for e in held)
    first, last = clock.parse_months(months) if months else (last, last)
    entries = [e for e in held if first <= e.month <= last]
    scan = Scan(record_type, entries, context.sources())
    before = layer.beyond(record_type, [REPEAT], entries, context.sources())
    rows = sum(e.rows for e in {*before, *entries})
    print(f"{sum(e.rows for e in entries):,} rows counted, {rows:,} looked at; best of {RUNS}; ", end="")
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, DuckDB {duckdb.__version__}")
    measure = context.catalogue.measures[MEASURE]
    compiled = build.compile_asked(context, record_type, [measure])[MEASURE]
    whole = build.plan_of(context, record_type, [compiled])
    (part,) = (p for reach, p in whole.by_reach().items() if REPEAT in reach)
    source = rows_sql(root, record_type, list(dict.fromkeys([*before, *entries])))
    by_hand = (
        f"SELECT force, month, count(*) FILTER (last >= day - INTERVAL {repeat.days} DAY) AS n FROM (SELECT *, "
        "lag(day) OVER (PARTITION BY force, place ORDER BY day, reported_at, incident_id) AS last FROM (SELECT force, "
        f'month, "{record_type.anchor_date()}" AS day, reported_at, incident_id, '
        f"CASE WHEN duplicate_of IS NULL THEN location_id END AS place FROM ({source}))) "
        f"WHERE place IS NOT NULL AND month BETWEEN {first} AND {last} GROUP BY ALL"
    )

    def ours() -> None:
        cubes = {
            f"cube_{n}": c for n, c in enumerate(cells.scans_of(context.con, part, scan, context.engine))
        }
        context.engine.cubes(context.con, cubes, part.touched_by(cubes.values()), scan)

    def hand() -> None:
        context.con.execute(f"CREATE OR REPLACE TEMP TABLE by_hand AS {by_hand}")

    engine, window = best(ours, hand)
    agree(context, cell_column(compiled.counts["met"]))
    print("| | seconds | ratio |\n|---|---|---|")
    print(f"| the engine, all breakdowns of the measure | {engine:.2f} | 1 |")
    print(
        f"| a window query by hand, by force and month | {window:.2f} | {engine / window:.2f} (engine / by hand) |"
    )
    context.close()


def agree(context: Context, met: str) -> None:
    """Both have found as many repeats."""
    ((ours,),) = context.con.execute(f"SELECT sum({met}) FROM cube_0").fetchall()
    ((theirs,),) = context.con.execute("SELECT sum(n) FROM by_hand").fetchall()
    if ours != theirs:
        raise SystemExit(f"the engine found {ours} repeats, the query by hand {theirs}")
    print(f"{ours:,} repeats, by both")


if __name__ == "__main__":
    main()
