"""How forces write their extracts: headings, dates, yes and no. Each habit comes with the mapping that reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from openpeel.engine.declare.records import Column, RecordType
from openpeel.engine.sql import quote

FileKind = Literal["csv", "parquet"]


@dataclass(frozen=True)
class Habit:
    """One way of writing an extract.

    Attributes:
        name: for file names; the mapping is called after it.
        kind: kind of file.
        own: whether the file is one force's own and does not name it; else a column does.
        instants, dates: how they are written (``strftime``); blank: as Parquet's own.
        yes, no: how they are written.
        split: whether the anchor is written as a column of the date and one of the time.
    """

    name: str
    kind: FileKind
    own: bool = False
    instants: str = "%Y-%m-%d %H:%M:%S"
    dates: str = "%Y-%m-%d"
    yes: str = "Y"
    no: str = "N"
    split: bool = False

    def heading(self, column: Column) -> str:
        """The heading a column has in such a file."""
        words = column.name.split("_")
        if not self.own:
            return "_".join(words).upper()
        last = {"id": "Ref", "at": "Date/Time", "on": "Dt", "seconds": "(secs)"}.get(
            words[-1], words[-1].title()
        )
        return " ".join([*(w.title() for w in words[:-1]), last])


#: The system that most forces share: one export, a column that says whose row it is.
SHARED = Habit("shared", "csv")
#: The telephone system's warehouse: large, typed.
WAREHOUSE = Habit("warehouse", "parquet")
#: Stonemarsh's own: headings of its own, dates as people write them, date and time apart.
OWN = Habit(
    "own", "csv", own=True, instants="%d/%m/%Y %H:%M:%S", dates="%d/%m/%Y", yes="Yes", no="No", split=True
)

_WAREHOUSED = ("responding.call", "responding.call_leg")
_OWN_TYPES = (
    "responding.incident",
    "investigating.crime",
    "powers.stop_search",
    "offenders.bail_period",
    "workforce.employee",
)


def habits_of(record_type: RecordType) -> tuple[Habit, ...]:
    """How a record type is written by the forces of the nation: one habit for all, or Stonemarsh's beside it."""
    shared = WAREHOUSE if record_type.id in _WAREHOUSED else SHARED
    return (shared, OWN) if record_type.id in _OWN_TYPES else (shared,)


def written_sql(habit: Habit, record_type: RecordType, columns: Sequence[str], rows: str) -> str:
    """A SELECT of the rows as the habit writes them, in the order of force and key.

    Args:
        habit: which.
        record_type: of the rows.
        columns: their columns, beside ``force``.
        rows: a SELECT of the rows.
    """
    listed = [
        part for c in columns for part in _written(habit, record_type.column(c), c == record_type.anchor)
    ]
    # Rows without a key may be alike in their day: then every column decides, or threads would.
    by = record_type.key or (record_type.anchor, *columns)
    order = ", ".join(f"_r.{quote(c)}" for c in ("force", *by))
    if habit.own:
        return f"SELECT {', '.join(listed)} FROM ({rows}) _r ORDER BY {order}"
    names = "(SELECT force, name AS _sender FROM forces)"
    return f'SELECT _sender AS "FORCE", {", ".join(listed)} FROM ({rows}) _r JOIN {names} USING (force) ORDER BY {order}'


def _written(habit: Habit, column: Column, anchor: bool) -> list[str]:
    name, heading = quote(column.name), quote(habit.heading(column))
    if habit.kind == "parquet":
        return [f"{name} AS {heading}"]
    if column.type == "boolean":
        return [f"CASE WHEN {name} THEN '{habit.yes}' WHEN NOT {name} THEN '{habit.no}' END AS {heading}"]
    if column.type == "instant" and anchor and habit.split:
        day, time = habit.instants.split(" ")
        return [f"strftime({name}, '{day}') AS \"Date\"", f"strftime({name}, '{time}') AS \"Time\""]
    if column.type == "instant":
        return [f"strftime({name}, '{habit.instants}') AS {heading}"]
    if column.type == "date":
        return [f"strftime({name}, '{habit.dates}') AS {heading}"]
    return [f"{name} AS {heading}"]


def mapping_of(habit: Habit, record_type: RecordType, columns: Sequence[str], force: str) -> str:
    """The mapping file that reads what `written_sql` writes; ``force`` is whose file it is, if it is one's own."""
    whose = f'force = "{force}"' if habit.own else 'force_column = "FORCE"'
    scope = "changes" if record_type.key else "complete"
    head = [f'type = "{record_type.id}"', f'scope = "{scope}"', 'zone = "UTC"', whose, "", "[columns]"]
    return "\n".join(
        [*head, *(_rule(habit, record_type.column(c), c == record_type.anchor) for c in columns), ""]
    )


def _rule(habit: Habit, column: Column, anchor: bool) -> str:
    heading = habit.heading(column)
    if habit.kind == "csv" and column.type in ("instant", "date") and habit.instants[0:2] != "%Y":
        formats = habit.instants if column.type == "instant" else habit.dates
        joined = 'join = ["Date", "Time"]' if column.type == "instant" and anchor else f'from = "{heading}"'
        return f'{column.name} = {{ {joined}, formats = ["{formats}"] }}'
    return f'{column.name} = "{heading}"'
