"""What everything hangs on: tables of the forces, the months and the hours of the nation.

Tables made here (all in the scratch database):

- ``forces``: a row a force: ``force``, ``name``, ``_k`` (its key for draws), ``residents``, ``event_scale``,
  ``areas`` (how many local policing areas), ``persons`` (how many people may turn up in records), ``people``
  (police officers and staff), and a column for every parameter of `parameters`.
- ``months``: a row a month: ``month`` (number as in ``engine.clock``), ``i`` (0 for the first), ``starts``,
  ``ends`` (UTC), ``season``, ``_k``.
- ``hours``: a row a slot of a month: ``month``, ``slot``, ``hour`` (UTC): hours stand there as often as they are
  busy, so that a slot drawn evenly gives an hour drawn by demand. ``slots`` of ``months`` is how many.
- ``facts``: the forces without key, name and place: to be joined to rows that have a ``_k`` of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from openpeel.engine.clock import parse_month
from openpeel.sources.demo.focus import FOCUS
from openpeel.sources.demo.months import Month, months_of_world
from openpeel.sources.demo.nation.knobs import Knobs
from openpeel.sources.demo.nation.parameters import parameters_of
from openpeel.sources.demo.profile import Profile, profile_of
from openpeel.sources.demo.stream import Stream
from openpeel.sources.demo.world import line_up

_PEOPLE_PER_1000 = 3.1  # officers and staff


def set_stage(con: duckdb.DuckDBPyConnection, knobs: Knobs, only: Sequence[int] = ()) -> None:
    """Make the tables everything hangs on.

    Args:
        con: the scratch database.
        knobs: what nation.
        only: indexes of the months to make (0 is the first); all of them if empty.
    """
    _table(con, "forces", [_force(p, place, knobs) for place, p in profiles(knobs)])
    run = [m for m in months_of_world(knobs.months) if not only or m.index in only]
    _table(con, "months", [_month(m, knobs) for m in run])
    _table(con, "hours", [row for m in run for row in _hours(m)])
    set_searched(con, knobs)
    con.execute("CREATE OR REPLACE VIEW facts AS SELECT * EXCLUDE (_k, name, place) FROM forces")


def profiles(knobs: Knobs) -> list[tuple[int, Profile]]:
    """The forces of the nation with their places in the line, in the order of their names."""
    chosen = list(enumerate(line_up(knobs.seed)[: knobs.forces]))
    found = [(place, profile_of(f, place, knobs.scale_of(f.id), knobs.seed)) for place, f in chosen]
    return sorted(found, key=lambda pair: pair[1].force.id)


def _force(profile: Profile, place: int, knobs: Knobs) -> dict[str, Any]:
    force, residents = profile.force, sum(profile.residents.values())
    stream = Stream(knobs.seed, "nation", force.id)
    own = parameters_of(force.id, stream)
    scale = knobs.scale_of(force.id)
    people = own.pop("people") if "people" in own else residents / scale * _PEOPLE_PER_1000 / 1000
    # A list of people is no count of events: Stonemarsh's is at full size even in a small nation.
    people = people if force.id == FOCUS else max(40, people * scale)
    return {
        "force": force.id,
        "name": force.name,
        "place": place,
        "_k": _key(knobs.seed, "force", force.id),
        "residents": residents,
        "event_scale": scale,
        "areas": 3 + int(stream.next() * 5),
        "persons": max(50, int(residents * 0.7)),
        "people": int(people),
        **own,
    }


def _month(month: Month, knobs: Knobs) -> dict[str, Any]:
    return {
        "month": parse_month(month.label),
        "i": month.index,
        "starts": _utc(month.hours.values[0].stamp),
        "season": month.season,
        "slots": len(_hours(month)),
        "_k": _key(knobs.seed, "month", month.label),
    }


def _hours(month: Month) -> list[dict[str, Any]]:
    number, low = parse_month(month.label), 0.0
    out: list[dict[str, Any]] = []
    for hour, high in zip(month.hours.values, month.hours.cumulated, strict=True):
        for _ in range(max(1, round((high - low) / 2))):
            out.append({"month": number, "slot": len(out), "hour": _utc(hour.stamp)})
        low = high
    return out


def _utc(stamp: str) -> datetime:
    return datetime.fromisoformat(f"{stamp}00:00")


def _key(*parts: object) -> int:
    stream = Stream(*parts)
    return (int(stream.next() * 2**32) << 32) | int(stream.next() * 2**32)


def _table(con: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]]) -> None:
    columns = {n: pa.array([r[n] for r in rows], pa.uint64() if n == "_k" else None) for n in rows[0]}
    held = pa.table(columns)
    con.register("_rows", held)
    con.execute(f"CREATE OR REPLACE TABLE {name} AS FROM _rows")
    con.unregister("_rows")


def set_searched(con: duckdb.DuckDBPyConnection, knobs: Knobs) -> None:
    """Make ``searched``: for each force and group of residents, the share of searches and of residents it has.

    Columns: ``of_force``, ``place``, ``grp``, ``low`` and ``high`` (of the searches, cumulated), ``below`` and
    ``above`` (of the residents, cumulated), ``searches_a_year``, ``drugs``, ``quiet``, ``linked``. The same as
    `searches` draws from for the files of forces that send public ones.
    """
    rows: list[dict[str, Any]] = []
    for place, profile in profiles(knobs):
        low, below = 0.0, 0.0
        everybody = sum(profile.residents.values())
        for group, high in zip(profile.groups.values, profile.groups.cumulated, strict=True):
            share, above = high / profile.groups.total, below + profile.residents[group] / everybody
            rows.append(
                {
                    "of_force": profile.force.id, "place": place, "grp": group, "low": low, "high": share,
                    "below": below, "above": above, "searches_a_year": profile.searches_a_year,
                    "drugs": profile.drugs, "quiet": profile.quiet, "linked": profile.linked,
                }
            )  # fmt: skip
            low, below = share, above
    _table(con, "searched", rows)
