"""What is kept to save time must never outlive what it was worked out from."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb

from ask import ETHNICITY, RESIDENTS, WHITE, figures, one, put, rows, settle
from helpers import run_here
from openpeel.catalogue import shipped
from openpeel.engine.intake.compact import Removal, remove_rows
from openpeel.engine.intake.generations import Vintage
from openpeel.engine.measure import cells
from openpeel.engine.measure.build import whole_plan
from openpeel.engine.measure.context import open_context

LOCAL = """
[[measure]]
kind = "Proportion"
id = "local.share"
title = "A share"
sentence = "{value}"
of = "powers.stop_search"
met = "gender = 'Male'"
unit = "share of searches"
reviewed = 2026-11-22
"""


def test_a_corrected_month(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(10))
    put(workspace, "essex", "2019-07", rows(3))
    asked = ("powers.searches", "--force", "kent", "--force", "essex")
    assert [f["value"] for f in figures(workspace, *asked)] == [10, 3]
    put(workspace, "kent", "2019-07", rows(12))
    assert [f["value"] for f in figures(workspace, *asked)] == [12, 3]
    put(workspace, "kent", "2019-07", rows(10))  # and back again
    assert [f["value"] for f in figures(workspace, *asked)] == [10, 3]
    shutil.rmtree(workspace / "cells")
    assert [f["value"] for f in figures(workspace, *asked)] == [10, 3]


def test_a_declaration_that_changed(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(3, Gender="Male") + rows(1, Gender="Female"))
    file = workspace / "local" / "mine.toml"
    file.write_text(LOCAL)
    before = one(workspace, "local.share", "--force", "kent")
    file.write_text(LOCAL.replace("Male", "Female"))
    after = one(workspace, "local.share", "--force", "kent")
    assert (before["value"], after["value"]) == (0.75, 0.25)
    assert before["figure_id"] != after["figure_id"]
    file.write_text(LOCAL.replace("A share", "Another title"))
    assert one(workspace, "local.share", "--force", "kent")["figure_id"] == before["figure_id"]


def test_a_population_that_changed(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(10))
    settle(workspace, {"kent": RESIDENTS})
    before = one(workspace, "powers.searches_per_1000", "--force", "kent")
    settle(workspace, {"kent": {g: 2 * n for g, n in RESIDENTS.items()}})
    after = one(workspace, "powers.searches_per_1000", "--force", "kent")
    assert (before["value"], after["value"]) == (0.1, 0.05)
    assert set(before["snapshots"]) != set(after["snapshots"])


def test_a_row_that_was_lawfully_removed(workspace: Path) -> None:
    """Its snapshot keeps its id, so the counts kept under that id are the trap."""
    put(workspace, "kent", "2019-07", rows(10, Gender="Male") + rows(1, Gender="Female"))
    before = one(workspace, "powers.searches", "--force", "kent")
    assert before["value"] == 11
    pack = next((workspace / "records").rglob("*.parquet"))
    found = duckdb.execute(
        f"SELECT snapshot, row_hash FROM read_parquet('{pack}') WHERE gender = 'Female'"
    ).fetchone()
    assert found
    shutil.copytree(workspace / "cells", workspace.parent / "cells")
    remove_rows(workspace, shipped().types["powers.stop_search"], [Removal(*found)], "Erasure", "A judge")
    # even where the counts of before come back, with a copy of the folder say
    shutil.rmtree(workspace / "cells", ignore_errors=True)
    shutil.copytree(workspace.parent / "cells", workspace / "cells")
    after = one(workspace, "powers.searches", "--force", "kent")
    assert after["value"] == 10
    assert after["snapshots"] == before["snapshots"]
    assert after["figure_id"] != before["figure_id"]


def test_cells_that_were_deleted_or_damaged(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", [{ETHNICITY: WHITE, "Outcome": o} for o in ["Arrest", "", "Arrest"]])
    settle(workspace, {"kent": RESIDENTS})
    asked = (*shipped().measures, "--force", "kent", "--as-at", "2090-01-01")
    before = figures(workspace, *asked)
    for file in (workspace / "cells").rglob("*.parquet"):
        file.write_bytes(file.read_bytes()[:40])
    assert figures(workspace, *asked) == before
    for file in (workspace / "cells").rglob("*.json"):
        file.write_text("{")
    assert figures(workspace, *asked) == before
    for file in (workspace / "cells").rglob("*.parquet"):
        file.unlink()
    assert figures(workspace, *asked) == before
    shutil.rmtree(workspace / "cells")
    assert figures(workspace, *asked) == before


def test_cells_kept_twice_are_not_added_up(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(10))
    one(workspace, "powers.searches", "--force", "kent")
    for file in list((workspace / "cells").rglob("*.[jp]*")):
        shutil.copy(file, file.with_name(f"copy{file.suffix}"))
    assert one(workspace, "powers.searches", "--force", "kent")["value"] == 10


def test_cells_that_say_two_things_are_refused(workspace: Path) -> None:
    put(workspace, "kent", "2019-07", rows(10))
    one(workspace, "powers.searches", "--force", "kent")
    file = next((workspace / "cells").rglob("*.parquet"))
    shutil.copy(file.with_suffix(".json"), file.with_name("copy.json"))
    counts = [
        c[0] for c in duckdb.connect().sql(f"DESCRIBE FROM '{file}'").fetchall() if c[0].startswith("n_")
    ]
    one_more = ", ".join(f"{c} + 1 AS {c}" for c in counts)
    duckdb.execute(
        f"COPY (SELECT * REPLACE ({one_more}) FROM '{file}') TO '{file.with_name('copy.parquet')}'"
    )
    done = run_here("measure", "powers.searches", "--force", "kent", cwd=workspace)
    assert (done.returncode, done.stdout) == (2, "")
    assert "delete" in done.stderr


def test_kept_and_fresh_cells_are_equal(workspace: Path) -> None:
    searches = [{"Outcome": o, "Gender": g} for o in ("Arrest", "", "odd") for g in ("Male", "", "Female")]
    put(workspace, "kent", "2019-07", searches)
    put(workspace, "kent", "2019-08", searches[1:])
    context = open_context(workspace, shipped(), Vintage(date(2090, 1, 1)))
    of = shipped().types["powers.stop_search"]
    plan = whole_plan(context, of)
    entries, sources = context.view.of(of.id), context.sources()
    fresh = cells.compute(context.con, plan, entries, sources, context.engine)
    rest = (workspace, plan, entries, sources, context.engine, lambda _: None)
    kept, again = cells.fetch(context.con, *rest), cells.fetch(context.con, *rest)
    context.close()
    assert fresh == kept == again
