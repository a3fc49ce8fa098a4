"""Residents: which estimate a rate rests on, chosen by a named rule and named on the figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import duckdb

from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.generations import View
from openpeel.engine.intake.packs import rows_sql

#: ``latest``: the latest estimate known, whatever the period (the inspectorate's rule, the default);
#: ``matching-year``: the estimate for the year in which the period ends.
Choice = Literal["latest", "matching-year"]
CHOICES: tuple[Choice, ...] = ("latest", "matching-year")

ALL = "All"


@dataclass(frozen=True)
class Estimate:
    """Residents of one area at one date, in all and by group where the table has groups.

    ``lacks`` names groups without a number, though the table is by group: there is no total then.
    """

    area: str
    basis: str
    scheme: str
    day: date
    groups: dict[str, int]
    lacks: tuple[str, ...] = ()

    def total(self) -> int:
        """All residents: as given, or the sum of the groups."""
        return self.groups[ALL] if ALL in self.groups else sum(self.groups.values())

    def source(self, grouped: bool) -> str:
        """The estimate in words, for the figure."""
        day = f"{self.day.day} {self.day:%B %Y}"
        return f"{self.basis}, {day}" + (f", ethnic groups {self.scheme}" if grouped else "")


@dataclass(frozen=True)
class Populations:
    """Every estimate known at a vintage, and the rule by which one is chosen."""

    estimates: tuple[Estimate, ...]
    choice: Choice = "latest"

    def find(self, area: str, period_end: date, schemes: Iterable[str] = ()) -> Estimate | None:
        """The estimate for one area.

        Args:
            area: the area's id.
            period_end: last day of the period.
            schemes: schemes of groups that will do; empty when only the total is needed.

        Returns:
            ``None`` when no estimate fits; nothing is put in its place.
        """
        wanted = set(schemes)
        fitting = [e for e in self.estimates if e.area == area and (not wanted or e.scheme in wanted)]
        if self.choice == "matching-year":
            fitting = [e for e in fitting if e.day.year == period_end.year]
        # Two tables of one date: mid-year totals before groups for a total, then by name, never by chance.
        return max(fitting, key=lambda e: (e.day, ALL in e.groups, e.scheme), default=None)

    def plain(self) -> list[dict[str, Any]]:
        """The estimates as plain data, for publications."""
        return [
            {
                "area": e.area,
                "basis": e.basis,
                "scheme": e.scheme,
                "day": e.day.isoformat(),
                "groups": e.groups,
            }
            for e in self.estimates
        ]


def from_plain(rows: Iterable[dict[str, Any]], choice: Choice) -> Populations:
    """The populations that ``Populations.plain`` made this of."""
    estimates = [
        Estimate(r["area"], r["basis"], r["scheme"], date.fromisoformat(r["day"]), dict(r["groups"]))
        for r in rows
    ]
    return Populations(_with_gaps(estimates), choice)


def _with_gaps(estimates: Iterable[Estimate], groups: Iterable[str] = ()) -> tuple[Estimate, ...]:
    """Each estimate with the groups it lacks: a sum of some groups must not pass for all residents."""
    held = list(estimates)
    every = {g for e in held for g in e.groups} | set(groups)
    every.discard(ALL)
    return tuple(
        e if ALL in e.groups else replace(e, lacks=tuple(sorted(every - set(e.groups)))) for e in held
    )


def load(
    con: duckdb.DuckDBPyConnection, root: Path, record_type: RecordType, view: View, choice: Choice
) -> Populations:
    """The estimates known at a view's vintage."""
    columns = "force, basis, scheme, reference_date, ethnic_group, residents"
    rows = con.execute(
        f"{rows_sql(root, record_type, view.of(record_type.id), columns)} ORDER BY ALL"
    ).fetchall()
    groups: dict[tuple[str, str, str, date], dict[str, int]] = {}
    for area, basis, scheme, day, group, residents in rows:
        groups.setdefault((area, basis, scheme, day), {})[group] = residents
    allowed = record_type.column("ethnic_group").allowed
    return Populations(_with_gaps((Estimate(*k, counts) for k, counts in groups.items()), allowed), choice)
