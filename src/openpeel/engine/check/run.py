"""All checks over what a workspace holds: record type by record type, each brought together once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from openpeel.engine.check.aside import Aside, FileRows, doubts_aside, files_of, rows_aside
from openpeel.engine.check.cells import doubts_of_counts
from openpeel.engine.check.copies import copied
from openpeel.engine.check.days import doubts_of_days
from openpeel.engine.check.doubt import Doubt
from openpeel.engine.check.frame import frame_of
from openpeel.engine.check.held import Held, Store
from openpeel.engine.check.keys import odd_keys
from openpeel.engine.check.late import late, lines_of
from openpeel.engine.check.mixes import doubts_of_mixes
from openpeel.engine.check.peers import outliers, residents_of
from openpeel.engine.check.profile import Profile
from openpeel.engine.check.rowwise import doubtful_rows
from openpeel.engine.check.score import Quality, scores_of
from openpeel.engine.check.series import doubts_of_months
from openpeel.engine.check.set_rules import counts_of, doubts_of
from openpeel.engine.check.settings import CheckSettings
from openpeel.engine.check.shares import doubts_of_columns
from openpeel.engine.check.twice import twice
from openpeel.engine.check.units import doubts_of_units
from openpeel.engine.connection import connect
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake import generations
from openpeel.engine.intake.generations import Vintage

#: Checks of a month that say nothing about one force where most forces have the same doubt at once.
_SHARED = (
    "columns.blank",
    "columns.gone",
    "columns.one-value",
    "columns.order",
    "columns.swapped",
    "columns.zero",
    "months.jump",
    "times.midnight",
    "times.minutes",
)
_ORDER = {"blocking": 0, "warning": 1, "note": 2}


@dataclass(frozen=True)
class Checked:
    """What a check found.

    Attributes:
        doubts: the gravest first.
        scores: the data-quality score of each force and record type.
        aside: the rows set aside by the intakes that hold.
        rows: record type and force -> number of records looked at.
        untold: how many set rules cannot be told, since nothing of the type they lead to is here for the force.
    """

    doubts: list[Doubt]
    scores: list[Quality]
    aside: list[Aside]
    rows: dict[tuple[str, str], int]
    untold: int

    def of(self, force: str) -> Checked:
        """What of it concerns one force."""
        return Checked(
            [d for d in self.doubts if d.force == force],
            [q for q in self.scores if q.force == force],
            [a for a in self.aside if a.force == force],
            {k: n for k, n in self.rows.items() if k[1] == force},
            self.untold,
        )


def check_records(
    root: Path,
    types: Mapping[str, RecordType],
    vintage: Vintage,
    settings: CheckSettings | None = None,
    *,
    only: Iterable[str] = (),
    months: tuple[int, int] | None = None,
    population: RecordType | None = None,
    progress: Callable[[str], None] = lambda _text: None,
) -> Checked:
    """Check the records of a workspace, as known at a vintage.

    Args:
        root: the workspace.
        types: the record types declared.
        vintage: which knowledge to check.
        settings: the thresholds; the defaults if not stated.
        only: record types to look at; all of them if empty.
        months: first and last month of the collection: doubts are asked for about these alone, all of them
            are expected, and earlier months serve to hold them against.
        population: the record type of residents, for rates; without it records of reference types serve.
        progress: called with each type's title.

    Raises:
        UserError: a generation, or the account of an intake, cannot be read.
    """
    wanted = set(only)
    generation, pin = generations.open_newest(root)
    with closing(pin), closing(connect()) as con:
        view = generations.view(generation, vintage)
        store = Store(con, root, types, view, generation, settings or CheckSettings(), months)
        ids = [
            i
            for i in sorted({e.type for e in view.current.values()} & set(types))
            if not wanted or i in wanted
        ]
        files = [f for f in files_of(root, generation, view) if f.type in ids]
        aside = [a for a in rows_aside(root, generation, view) if a.type in ids]
        found = Checked(doubts_aside(files, aside, store.settings), [], aside, {}, 0)
        people: dict[str, float] | None = None
        for id_ in ids:
            progress(types[id_].title)
            held = store.hold(types[id_])
            people = residents_of(held, population) if people is None else people
            found = _with(found, held, files, people)
    return replace(found, doubts=in_order(_shared(found.doubts, found.rows)))


def _with(found: Checked, held: Held, files: list[FileRows], people: Mapping[str, float]) -> Checked:
    rules, lines = counts_of(held), lines_of(held)
    rows = {(held.type.id, force): sum(months.values()) for force, months in held.counts.items()}
    doubts = [*doubts_of(held, rules)]
    if sum(rows.values()):
        profile = Profile(held, frame_of(held))
        doubts += [
            *odd_keys(held), *twice(held), *copied(held), *doubtful_rows(held, profile.frame), *doubts_of_months(held),
            *doubts_of_days(held), *late(held, lines), *doubts_of_counts(held), *outliers(held, people),
        ]  # fmt: skip
        if held.type.kind != "reference":
            columns = doubts_of_columns(profile)
            dates = _dates_alone(columns)
            units = doubts_of_units(profile)
            doubts += [*columns, *_less_dates(units, dates), *doubts_of_mixes(profile, columns, dates)]
    return Checked(
        found.doubts + doubts,
        found.scores + scores_of(held, files, rules, lines),
        found.aside,
        {**found.rows, **rows},
        found.untold + sum(r.broken is None for r in rules),
    )


def _dates_alone(columns: list[Doubt]) -> set[tuple[str, int]]:
    """The forces and months whose times are dates alone."""
    return {
        (d.force, m)
        for d in columns
        if d.check == "times.midnight" and d.months
        for m in range(d.months[0], d.months[1] + 1)
    }


def _less_dates(units: list[Doubt], dates: set[tuple[str, int]]) -> list[Doubt]:
    """Units that look wrong, but for what lies between times that are dates alone: that is said already."""
    return [
        d for d in units if " to " not in d.subject or not d.months or (d.force, d.months[0]) not in dates
    ]


def _shared(doubts: list[Doubt], rows: Mapping[tuple[str, str], int]) -> list[Doubt]:
    """Doubts that most forces raise at once are notes: what was counted has changed for all of them."""
    forces = Counter(type_ for type_, _force in rows)
    same: dict[tuple[str, str, str, tuple[int, int] | None], set[str]] = defaultdict(set)
    for d in doubts:
        same[d.check, d.type, d.subject, d.months].add(d.force)
    out = []
    for d in doubts:
        many = len(same[d.check, d.type, d.subject, d.months])
        if d.check in _SHARED and many > max(4, forces[d.type] / 2):
            said = f"{d.text} It is so with {many} of {forces[d.type]} forces: what is recorded may have changed."
            d = replace(d, severity="note", text=said)
        out.append(d)
    return out


def in_order(doubts: list[Doubt]) -> list[Doubt]:
    """Doubts with the gravest first, then by record type and force."""
    return sorted(
        doubts, key=lambda d: (_ORDER[d.severity], d.type, d.force, d.check, d.subject, d.months or (0, 0))
    )
