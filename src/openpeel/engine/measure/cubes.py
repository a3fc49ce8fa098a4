"""Cubes: many counts by many breakdowns for the price of one scan.

A cube is one grouped scan: by snapshot and by a few columns at once, every count a summed column and never
part of the key. What is wanted, the whole and each breakdown, is then taken from the cube, which is small, as
its marginals. Breakdowns whose columns together would make a cube as large as the records get cubes of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from openpeel.engine.intake.canonical import UNIT_SEPARATOR
from openpeel.engine.sql import quote, text

#: The category of records whose value for a breakdown is blank.
NOT_KNOWN = "not known"
#: Columns by which records are broken down together: none for the whole, one, or two for a cross.
Breakdown = tuple[str, ...]
#: Most cells of one snapshot in a cube: more cost more to group than a second scan does.
WIDEST = 2_000
#: How many values a column of categories is taken to have whose values are not declared.
_OPEN = 40


@dataclass(frozen=True)
class Counted:
    """One summed column of a cube.

    Attributes:
        name: its name in cells.
        sql: a condition whose records are counted, or the number that is added up.
        kind: ``count``; ``sum`` of a whole number; ``exact`` sum of a decimal; ``bins``, the exact counts of a
            whole number (seconds, days), which is NULL for records that have none.
    """

    name: str
    sql: str
    kind: str = "count"

    def summed(self) -> str:
        """SQL of the aggregate."""
        if self.kind == "count":
            return f"CAST(sum(CASE WHEN {self.sql} THEN 1 ELSE 0 END) AS BIGINT)"
        return f"CAST(sum({self.sql}) AS {self.stored()})"

    def stored(self) -> str:
        """SQL type of the sum."""
        return {"count": "BIGINT", "sum": "DECIMAL(38,0)", "exact": "DECIMAL(38,12)"}[self.kind]


@dataclass(frozen=True)
class Cube:
    """One grouped scan.

    Attributes:
        key: the columns it groups by, besides the snapshot.
        wanted: breakdown -> the columns that are to be taken from it.
        bins: the whole number whose exact counts it holds; it groups by that as well and holds one count.
    """

    key: tuple[str, ...]
    wanted: Mapping[Breakdown, tuple[Counted, ...]]
    bins: Counted | None = None

    def columns(self) -> list[Counted]:
        """Every summed column once, in the order of their names."""
        return sorted({c for cs in self.wanted.values() for c in cs}, key=lambda c: c.name)


@dataclass
class _Growing:
    key: list[str] = field(default_factory=list)
    wanted: dict[Breakdown, tuple[Counted, ...]] = field(default_factory=dict)


def cubes_of(
    wanted: Mapping[Breakdown, Iterable[Counted]], values: Mapping[str, float], widest: float = WIDEST
) -> list[Cube]:
    """The cubes that give all that is wanted, as few as their width allows.

    Args:
        wanted: breakdown -> what is to be counted by it.
        values: column -> how many values a snapshot has of it; left out where that is not known.
        widest: most cells a snapshot may have in a cube; a breakdown that is wider by itself has one of its own.

    Returns:
        cubes of sums first, then one for each number of which exact counts are wanted.
    """
    sums = {b: tuple(c for c in cs if c.kind != "bins") for b, cs in wanted.items()}
    growing: list[_Growing] = []
    for breakdown in sorted(sums, key=lambda b: (-_width(b, values), b)):
        if sums[breakdown]:
            _place(growing, breakdown, sums[breakdown], values, widest)
    out = [Cube(tuple(g.key), g.wanted) for g in growing]
    bins = sorted({c for cs in wanted.values() for c in cs if c.kind == "bins"}, key=lambda c: c.name)
    for counted in bins:
        mine = {b: (counted,) for b, cs in wanted.items() if counted in cs}
        for breakdowns in _apart(mine, values, widest):
            key = tuple(dict.fromkeys(d for b in breakdowns for d in b))
            out.append(Cube(key, {b: mine[b] for b in breakdowns}, counted))
    return out


def _place(
    growing: list[_Growing],
    breakdown: Breakdown,
    counted: tuple[Counted, ...],
    values: Mapping[str, float],
    widest: float,
) -> None:
    """Put a breakdown into the first cube that has room for it, else begin one."""
    for one in growing:
        key = list(dict.fromkeys([*one.key, *breakdown]))
        if len(key) == len(one.key) or _width(key, values) <= widest:
            one.key, one.wanted[breakdown] = key, counted
            return
    growing.append(_Growing(list(breakdown), {breakdown: counted}))


def _apart(
    breakdowns: Iterable[Breakdown], values: Mapping[str, float], widest: float
) -> list[list[Breakdown]]:
    """Breakdowns of exact counts that share a scan: each second is a cell, so they must be narrow together."""
    out: list[list[Breakdown]] = []
    for breakdown in sorted(breakdowns, key=lambda b: (len(b), b)):
        for group in out:
            key = dict.fromkeys(d for b in [*group, breakdown] for d in b)
            if _width(key, values) <= widest // 100:
                group.append(breakdown)
                break
        else:
            out.append([breakdown])
    return out


def _width(key: Iterable[str], values: Mapping[str, float]) -> float:
    width = 1.0
    for column in key:
        width *= values.get(column, _OPEN) + 1
    return width


def cube_sql(cube: Cube, rows: str) -> str:
    """The cube of some rows.

    Args:
        cube: the cube.
        rows: a table with ``snapshot`` and the columns that the cube touches. Rows are worked out first and counted
            then: else an engine puts what a derived column is made of into every condition that names it, and works
            it out for each anew.
    """
    keys = ["snapshot", *map(quote, cube.key)]
    if cube.bins is not None:
        return (
            f"SELECT {', '.join(keys)}, _bin, CAST(count(*) AS BIGINT) AS {cube.bins.name} FROM "
            f"(SELECT *, {cube.bins.sql} AS _bin FROM {rows}) AS b WHERE _bin IS NOT NULL "
            f"GROUP BY {', '.join([*keys, '_bin'])}"
        )
    sums = [f"{c.summed()} AS {c.name}" for c in cube.columns()]
    return f"SELECT {', '.join([*keys, *sums])} FROM {rows} GROUP BY {', '.join(keys)}"


def together_sql(cubes: Mapping[str, Cube], rows: str) -> str:
    """Several cubes over rows that are worked out once: all of sums, or all of exact counts.

    A table of the rows would do as well, but its texts are no longer held as places in a list, which is how an engine
    groups by them most quickly.

    Args:
        cubes: name -> cube.
        rows: a query that gives ``snapshot`` and the columns that the cubes touch.
    """
    parts = []
    for name, cube in cubes.items():
        query = cube_sql(cube, "r")
        if cube.bins is not None:  # one count each: under one name, so that there are few columns
            query = f"SELECT * EXCLUDE ({cube.bins.name}), {cube.bins.name} AS _count FROM ({query})"
        parts.append(f"SELECT {text(name)} AS _cube, * FROM ({query})")
    return f"WITH r AS MATERIALIZED ({rows}) {' UNION ALL BY NAME '.join(parts)}"


def one_of_sql(cube: Cube, name: str, table: str) -> str:
    """One cube out of a table that holds what ``together_sql`` gave."""
    keys = ["snapshot", *map(quote, cube.key)]
    held = (
        [*keys, "_bin", f"_count AS {cube.bins.name}"]
        if cube.bins
        else [*keys, *(c.name for c in cube.columns())]
    )
    return f"SELECT {', '.join(held)} FROM {table} WHERE _cube = {text(name)}"


def marginals_sql(
    cube: Cube,
    table: str,
    names: Mapping[str, str] = MappingProxyType({}),
    dimensions: Mapping[Breakdown, str] = MappingProxyType({}),
) -> str:
    """Everything wanted of a cube: ``snapshot``, ``dimension``, ``value`` and the sums (and ``bin``).

    Args:
        cube: the cube.
        table: what holds the cube.
        names: sum -> the name to give it, where that is another.
        dimensions: breakdown -> the same.
    """
    parts = [
        _marginal(cube, table, breakdown, cs, names, dimensions)
        for breakdown, cs in sorted(cube.wanted.items())
    ]
    return " UNION ALL BY NAME ".join(parts)


def _marginal(
    cube: Cube,
    table: str,
    breakdown: Breakdown,
    counted: Sequence[Counted],
    names: Mapping[str, str],
    dimensions: Mapping[Breakdown, str],
) -> str:
    keys = ["snapshot", *map(quote, breakdown), *(["_bin"] if cube.bins else [])]
    value = f" || {text(UNIT_SEPARATOR)} || ".join(
        f"coalesce(CAST({quote(d)} AS VARCHAR), {text(NOT_KNOWN)})" for d in breakdown
    )
    kept = "".join(
        f", CAST(sum({c.name}) AS {'BIGINT' if cube.bins else c.stored()}) AS {names.get(c.name, c.name)}"
        for c in counted
    )
    bins = ", _bin AS bin" if cube.bins else ""
    dimension = dimensions.get(breakdown, dimension_of(breakdown))
    return (
        f"SELECT snapshot, {text(dimension)} AS dimension, {value or text('')} AS value{bins}{kept} "
        f"FROM {table} GROUP BY {', '.join(keys)}"
    )


def dimension_of(breakdown: Breakdown) -> str:
    """A breakdown as cells name it: the columns' names, one behind the other."""
    return UNIT_SEPARATOR.join(breakdown)


def breakdown_of(dimension: str) -> Breakdown:
    """The breakdown that ``dimension_of`` named so."""
    return tuple(dimension.split(UNIT_SEPARATOR)) if dimension else ()
