"""Every kind of measure and every shipped measure: the cells that Spark makes are those that DuckDB makes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

import waits
from helpers import run_here, write_search_file
from openpeel.catalogue import shipped
from openpeel.engine.declare.derivations import Derived, Lookup, RepeatWithin, Rollup
from openpeel.engine.declare.measures import (
    LOWER,
    NEUTRAL,
    AgeOfBacklog,
    AnyMeasure,
    Backlog,
    Count,
    Distribution,
    Flow,
    Mean,
    Proportion,
)
from openpeel.engine.intake.generations import Vintage
from openpeel.engine.measure import build, cells
from openpeel.engine.measure.context import Context, open_context
from openpeel.engine.measure.spark import Spark, for_spark
from reference.draws import BySeed
from reference.hold import case, compare, engine_figures, opened, supply
from small_nation import small_nation

SPAN = {"start": "received_at", "end": "closed_at"}
LOOKS = (
    RepeatWithin("repeated", ("grade",), 20, "Whether there was one of the grade in the 20 days before."),
    Lookup("same", "test.incident", (("incident_id", "incident_id"),), "grade", "text", "Its own grade."),
    Rollup("many", "test.incident", (("grade", "grade"),), "count", "", "integer", "How many of the grade."),
    Derived(
        "quick", "boolean", "seconds_to_attend <= 360 and not (grade = '3')", "Quick, of the graver ones."
    ),
)
KINDS: tuple[AnyMeasure, ...] = (
    Count(id="test.count", where="grade in ('1', '2')", unit="n", better=NEUTRAL, by=("grade",), **waits.ABOUT),
    Proportion(id="test.quick", met="quick", unit="share", better=NEUTRAL, by=(("grade", "repeated"),), **waits.ABOUT),
    Proportion(id="test.again", met="repeated", unit="share", better=NEUTRAL, by=("same",), **waits.ABOUT),
    Distribution(id="test.by_grade", across="grade", unit="share", better=NEUTRAL, **waits.ABOUT),
    Mean(id="test.mean", of_number="seconds_to_attend", unit="seconds", better=LOWER, by=("grade",), **waits.ABOUT),
    Mean(id="test.many", of_number="many", unit="n", better=LOWER, **waits.ABOUT),
    Backlog(id="test.open", unit="n", better=LOWER, by=("grade",), **waits.ABOUT, **SPAN),
    Flow(id="test.flow", unit="n", better=NEUTRAL, **waits.ABOUT, **SPAN),
    AgeOfBacklog(id="test.age", unit="days", better=LOWER, p=0.5, **waits.ABOUT, **SPAN),
    waits.WITHIN,
    waits.WITHIN_TARGET,
    waits.MEDIAN,
    waits.WAIT,
)  # fmt: skip


def both(context: Context, type_id: str, measures: Sequence[AnyMeasure], spark: Spark) -> int:
    """Hold the cells of both engines to each other; gives how many there are."""
    record_type = context.catalogue.types[type_id]
    compiled = build.compile_asked(context, record_type, measures)
    plan = build.plan_of(context, record_type, compiled.values())
    entries, sources = context.view.of(type_id), context.sources()
    spark.root = context.root
    ours = cells.compute(context.con, plan, entries, sources, context.engine)
    theirs = cells.compute(context.con, plan, entries, sources, spark)
    assert ours.counted == theirs.counted
    assert ours.sums == theirs.sums
    assert ours.bins == theirs.bins
    return len(ours.sums)


def test_every_kind(workspace: Path, spark: Spark, monkeypatch: pytest.MonkeyPatch) -> None:
    of = replace(waits.INCIDENT, derived=(*waits.INCIDENT.derived, *LOOKS))
    monkeypatch.setattr(waits, "INCIDENT", of)
    draw = random.Random(5)
    for month in (1, 2, 3):
        rows = []
        for n in range(60):
            began = date(2023, month, 1 + n % 28)
            ends = [str(began + timedelta(days=draw.randrange(60))), ""][draw.random() < 0.3]
            there = (
                f"{began} 12:{draw.randrange(60):02d}:{draw.randrange(60):02d}" if draw.random() < 0.7 else ""
            )
            at = f"{began} 11:{draw.randrange(60):02d}:00"
            closed = f"{ends} 10:00:00" if ends else ""
            rows.append((f"{month}-{n}", at, there, closed, draw.choice(["1", "2", "3", "", "it's"])))
        waits.put(workspace, *rows, month=f"2023-0{month}")
    waits.policy(workspace, 1200)
    context = waits.opened(workspace, *KINDS, as_at="2023-04-15")
    assert both(context, of.id, KINDS, spark) > 40
    context.close()


@pytest.fixture(scope="session")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records of every type that a shipped measure looks at: without any, two engines would agree on anything."""
    root = tmp_path_factory.mktemp("nation") / "nation"
    small_nation(root)
    return root


@pytest.mark.parametrize("type_id", sorted({m.of for m in shipped().measures.values()}))
def test_every_shipped_measure(nation: Path, spark: Spark, type_id: str) -> None:
    context = open_context(nation, shipped(), Vintage(date(2090, 1, 1)))
    of = [m for m in shipped().measures.values() if m.of == type_id]
    assert both(context, type_id, of, spark) >= 2
    context.close()


@pytest.mark.parametrize("seed", range(3))
def test_drawn_measures(workspace: Path, spark: Spark, seed: int) -> None:
    """Spark's figures, too, are those of the reference in plain Python."""
    drawn = case(BySeed(seed), many=3)
    supply(workspace, drawn)
    spark.root = workspace
    context = opened(workspace, drawn, engine=spark)
    figures = engine_figures(context, drawn)
    context.close()
    assert figures
    compare(drawn, figures)


def test_a_workspace_that_says_so_is_counted_by_spark(workspace: Path, spark: Spark, tmp_path: Path) -> None:
    searches = [{"Date": f"2019-07-10T00:{n:02d}:00+00:00", "Outcome": "Arrest"} for n in range(7)]
    file = write_search_file(tmp_path / "2019-07-kent-stop-and-search.csv", searches)
    assert run_here("import", "police-uk", file, cwd=workspace).returncode == 0
    settings = workspace / "openpeel.toml"
    said = settings.read_text(encoding="utf-8").replace(
        'engine = "duckdb"', 'engine = "pyspark"\nspark_master = "local[1]"\n#'
    )
    settings.write_text(said, encoding="utf-8")
    asked = ("measure", "powers.searches", "--force", "kent", "--format", "csv")
    by_spark = run_here(*asked, cwd=workspace)
    assert by_spark.returncode == 0, by_spark.stderr
    settings.write_text(said.replace("pyspark", "duckdb"), encoding="utf-8")
    (workspace / "cells").rename(tmp_path / "cells-of-spark")
    assert by_spark.stdout == run_here(*asked, cwd=workspace).stdout


def test_queries_are_written_for_spark() -> None:
    assert for_spark("SELECT epoch_us(\"a\") - epoch_us(TIMESTAMP '2020-01-01 00:00:00') AS x") == (
        "SELECT UNIX_MICROS(`a`) - UNIX_MICROS(CAST('2020-01-01 00:00:00' AS TIMESTAMP)) AS x"
    )
