"""Making the tables of the nation, in the order in which they hang on each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

import duckdb

from openpeel.engine.declare.records import RecordType
from openpeel.engine.sql import quote
from openpeel.sources.demo.nation import (
    abuse,
    areas_listed,
    arrests,
    bail,
    complaints,
    conferences,
    contact,
    crime_records,
    crimes,
    engagement,
    exhibits,
    force_boards,
    force_money,
    force_places,
    force_used,
    incidents,
    initiatives,
    managed,
    missing,
    neighbourhood_time,
    online_abuse,
    orders,
    outcomes,
    panels,
    persons,
    problem_plans,
    published_counts,
    referrals,
    searched,
    staff_careers,
    staff_health,
    staff_posts,
    staff_reviews,
    staff_skills,
    street,
    suspects,
    updates,
    victims,
    video,
    workers,
)
from openpeel.sources.demo.nation.knobs import Knobs
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.stage import set_stage

#: Every table, each after those it reads.
TABLES: tuple[Made, ...] = (
    *workers.TABLES,
    *staff_posts.TABLES,
    *workers.AFTER_POSTS,
    *force_places.TABLES,
    *areas_listed.TABLES,
    *contact.TABLES,
    *incidents.TABLES,
    *staff_health.TABLES,
    *staff_skills.TABLES,
    *staff_reviews.TABLES,
    *staff_careers.TABLES,
    *force_money.TABLES,
    *force_boards.TABLES,
    *crimes.TABLES,
    *suspects.TABLES,
    *outcomes.TABLES,
    *crime_records.TABLES,
    *arrests.TABLES,
    *bail.TABLES,
    *victims.TABLES,
    *updates.TABLES,
    *missing.TABLES,
    *exhibits.TABLES,
    *abuse.TABLES,
    *online_abuse.TABLES,
    *referrals.TABLES,
    *conferences.TABLES,
    *orders.TABLES,
    *managed.TABLES,
    *searched.TABLES,
    *force_used.TABLES,
    *complaints.TABLES,
    *video.TABLES,
    *panels.TABLES,
    *neighbourhood_time.TABLES,
    *problem_plans.TABLES,
    *initiatives.TABLES,
    *engagement.TABLES,
    *published_counts.TABLES,
    *street.TABLES,
    *persons.TABLES,
)


def scratch(memory: str = "3GB", threads: int = 2) -> duckdb.DuckDBPyConnection:
    """A database in memory to make a nation in."""
    return duckdb.connect(config={"memory_limit": memory, "threads": threads})


def tables_for(names: Collection[str]) -> tuple[Made, ...]:
    """Some tables and every table that they are made from, in the order of making."""
    wanted, out = set(names), list[Made]()
    for made in reversed(TABLES):
        if made.name in wanted:
            out.append(made)
            # A name that stands in the text for something else makes a table too many, never one too few.
            wanted |= {other.name for other in TABLES if re.search(rf"\b{re.escape(other.name)}\b", made.sql)}
    return tuple(out[::-1])


def build(
    con: duckdb.DuckDBPyConnection,
    knobs: Knobs,
    months: Sequence[int] = (),
    progress: Callable[[str], None] = lambda _text: None,
    tables: Sequence[Made] = TABLES,
) -> None:
    """Make every table of the nation, or of some of its months.

    Args:
        con: the scratch database.
        knobs: what nation.
        months: indexes of the months to make; all of them if empty. Tables that are made once are made again.
        progress: called with each table's name.
        tables: which tables; each with those it is made from.
    """
    set_stage(con, knobs, months)
    for made in tables:
        progress(made.name)
        con.execute(f"CREATE OR REPLACE TABLE {quote(made.name)} AS {made.sql}")


def columns_of(con: duckdb.DuckDBPyConnection, made: Made, record_type: RecordType) -> list[str]:
    """The declared columns that a table holds, in declared order."""
    held = set(all_columns(con, made))
    return [c.name for c in record_type.columns if c.name in held]


def all_columns(con: duckdb.DuckDBPyConnection, made: Made) -> list[str]:
    """Every column that a table holds, those that nobody sees among them."""
    return [str(row[0]) for row in con.execute(f"DESCRIBE {quote(made.name)}").fetchall()]
