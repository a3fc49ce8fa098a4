"""Writing the nation as forces send it: extracts with their mappings, one folder a delivery."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from openpeel.engine.declare.records import RecordType
from openpeel.sources.demo.focus import FOCUS
from openpeel.sources.demo.months import Month
from openpeel.sources.demo.nation.build import TABLES, all_columns, columns_of
from openpeel.sources.demo.nation.habits import Habit, habits_of, mapping_of, written_sql
from openpeel.sources.demo.nation.made import Made
from openpeel.sources.demo.nation.supply import Supply, sent_sql

#: How many files are written at once.
_AT_ONCE = 2
#: Sent in every delivery, so that two vintages of a month are here: what is opened in one half-year and closed in
#: the next, and what is counted by the half-year.
EVERY_TIME = frozenset(
    {
        "responding.call",
        "responding.incident",
        "investigating.crime",
        "investigating.crime_outcome",
        "offenders.suspect",
        "offenders.bail_period",
        "victims.victim",
        "vulnerable.risk_assessment",
        "vulnerable.safeguarding_referral",
        "powers.stop_search",
    }
)


@dataclass(frozen=True)
class Delivery:
    """Files to be imported by one command.

    Attributes:
        type: the record type.
        mapping: the mapping that reads them.
        file: the file.
        sent: the day they are known from.
        rows: how many rows they hold.
        months: the months they are complete for, where the type has no key; else blank.
    """

    type: str
    mapping: Path
    file: Path
    sent: date
    rows: int
    months: str = ""


def write_extracts(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    types: dict[str, RecordType],
    run: Sequence[Supply],
    progress: Callable[[str], None] = lambda _text: None,
) -> list[Delivery]:
    """Write every record type's extracts, as sent in each delivery; the same nation gives the same bytes.

    Record types that are watched closely are sent in every delivery: what is new, and what has changed. The
    others are sent once, with the last.

    Args:
        con: the database in which the nation is built.
        folder: where to; has a folder for each delivery and one of mappings.
        types: the declared record types.
        run: the deliveries.
        progress: called with what is being written.
    """
    (folder / "mappings").mkdir(parents=True, exist_ok=True)
    for supply in run:
        (folder / supply.label).mkdir(exist_ok=True)
    sent = [
        (made, habit, supply)
        for supply in run
        for made in TABLES
        if made.name in types and (made.name in EVERY_TIME or supply is run[-1])
        for habit in habits_of(types[made.name])
    ]

    def write(made: Made, habit: Habit, supply: Supply) -> Delivery:
        progress(types[made.name].title)
        with closing(con.cursor()) as own:
            return _write(own, folder, made, types[made.name], habit, supply, run[0].first)

    # Most of a small file is planning, which uses one core; each is written by a connection of its own.
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        written = list(threads.map(lambda one: write(*one), sent))
    return [delivery for delivery in written if delivery.rows]


def _write(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    made: Made,
    record_type: RecordType,
    habit: Habit,
    supply: Supply,
    first: Month,
) -> Delivery:
    columns = columns_of(con, made, record_type)
    rows = f"SELECT * FROM ({sent_sql(made, record_type, columns, supply, made.name not in EVERY_TIME, all_columns(con, made))})"
    if len(habits_of(record_type)) > 1:
        rows += f" WHERE force {'=' if habit.own else '<>'} '{FOCUS}'"
    file = folder / supply.label / f"{record_type.id}-{habit.name}.{habit.kind}"
    mapping = folder / "mappings" / f"{record_type.id}-{habit.name}.toml"
    mapping.write_bytes(mapping_of(habit, record_type, columns, FOCUS).encode())
    written = written_sql(habit, record_type, columns, rows)
    options = (
        "FORMAT parquet, COMPRESSION zstd" if habit.kind == "parquet" else "FORMAT csv, HEADER, DELIMITER ','"
    )
    count = con.execute(f"COPY ({written}) TO '{quote_path(file)}' ({options})").fetchall()[0][0]
    if not count:
        file.unlink()
    months = "" if record_type.key else f"{first.label}..{supply.last.label}"
    return Delivery(record_type.id, mapping, file, supply.sent, count, months)


def quote_path(path: Path) -> str:
    """A path inside quotes of SQL."""
    return str(path).replace("'", "''")
