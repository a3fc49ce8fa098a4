"""openpeel in Python and notebooks: the same words as on the command line, the same figures.

>>> import openpeel
>>> with openpeel.open("my-inspection") as inspection:
...     figures = inspection.measure("powers.searches", force="staffordshire", period="2019-07")
...     table = figures.to_arrow()
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpeel.cli.options import context_of, measures_of, period_of
from openpeel.errors import UserError

if TYPE_CHECKING:
    import pyarrow as pa

    from openpeel.engine.compare.change import Change
    from openpeel.engine.compare.comparison import Comparison
    from openpeel.engine.compare.triangulate import SideBySide
    from openpeel.engine.measure.context import Context
    from openpeel.engine.measure.figure import Figure
    from openpeel.engine.reconcile.result import Reconciliation

Texts = str | Sequence[str]


@dataclass(frozen=True)
class Figures:
    """Some figures, in the order of measures, forces and categories."""

    figures: tuple[Figure, ...]

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.figures)

    def __len__(self) -> int:
        return len(self.figures)

    def __getitem__(self, place: int) -> Figure:
        return self.figures[place]

    def to_list(self) -> list[dict[str, Any]]:
        """The figures as ``--format json`` prints them, numbers unrounded."""
        return [f.as_json() for f in self.figures]

    def to_arrow(self) -> pa.Table:
        """A row a figure: interval and bounds in columns of their own, a column for each breakdown.

        What is not there is null; ``value`` is null unless ``status`` is ``ok``.
        """
        import pyarrow as pa

        return pa.Table.from_pylist([_row(f, _breakdowns(self.figures)) for f in self.figures])

    def to_pandas(self) -> Any:
        """As ``to_arrow``, for pandas, which has to be installed."""
        return self.to_arrow().to_pandas()


class Inspection:
    """An opened workspace, at one vintage; close it, or open it in a ``with`` statement."""

    def __init__(self, root: Path, as_at: str | date, recorded_by: str, population: str) -> None:
        from openpeel.catalogue import load_catalogue
        from openpeel.register import load_register
        from openpeel.workspace import open_workspace

        self._place = open_workspace(root)
        self._register = load_register(self._place.settings.register)
        self._catalogue = load_catalogue(self._place.root)
        day = as_at.isoformat() if isinstance(as_at, date) else as_at
        self._context: Context = context_of(self._place, self._catalogue, day, recorded_by, population)

    def __enter__(self) -> Inspection:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the workspace go."""
        self._context.close()

    @property
    def synthetic(self) -> bool:
        """Whether its forces do not exist."""
        return self._register.synthetic

    def forces(self) -> list[str]:
        """The forces that are compared, by the names that ``measure`` takes."""
        return list(self._register.ids())

    def measures(self) -> list[str]:
        """The measures of the catalogue, a force's own among them."""
        return list(self._catalogue.measures)

    def measure(self, ids: Texts, *, force: Texts = (), period: str = "", by: Texts = ()) -> Figures:
        """Figures, as ``openpeel measure`` gives them; each is noted in the ledger.

        Args:
            ids: one measure or several.
            force: one force or several, by any spelling in use; all of them if left out.
            period: the words of ``--period``: ``2019-07``, ``2019-07..2019-09``, ``2019``, ``2019-q3``,
                ``ye-2023-03``, ``fy-2023``, ``fytd``, ``fytd-2024-06``, ``r12``, ``r12-2024-06``, or
                ``year-before-`` and one of these; the last month if left out.
            by: breakdowns besides the total; ``"grade,domestic_abuse"`` crosses two columns.

        Raises:
            UserError: there is no such measure, force, period or breakdown.
        """
        from openpeel.engine.measure import ledger
        from openpeel.engine.measure.build import answer

        wanted = measures_of(self._catalogue, _list(ids))
        forces = [self._register.resolve(f).id for f in _list(force)] or self.forces()
        months = period_of(self._context, period, wanted, _silent)
        answers = answer(self._context, wanted, forces, months, _list(by))
        ledger.record(self._context, answers)
        return Figures(tuple(answers.figures))

    def reconcile(
        self,
        id_: str,
        against: str | Path,
        *,
        force: str = "",
        period: str = "",
        which: str = "denominator",
        match: Mapping[str, str] | None = None,
        date: str = "",
    ) -> Reconciliation:
        """Ours beside somebody else's file, the difference split by rule, as ``openpeel reconcile`` does it.

        Args:
            id_: a count, rate or share of records.
            against: a CSV of theirs: figures, or a list of records.
            force: the force, where the file does not say.
            period: the period, where the file does not say.
            which: whether a list of theirs holds the ``denominator`` or the ``numerator``.
            match: heading of a list -> column of ours, to match rows by.
            date: the heading of a list that holds the day.

        Returns:
            lines with their parts and rest; ``rows`` are the rows behind the parts.

        Raises:
            UserError: the file cannot be read or does not fit, or the measure is of another kind.
        """
        from openpeel.engine.measure import ledger
        from openpeel.engine.reconcile.ask import Wanted, checked_which, reconcile_with

        (measure,) = measures_of(self._catalogue, [id_])
        months = period_of(self._context, period, [measure], _silent) if period else None
        owner = self._register.resolve(force).id if force else ""
        wanted = Wanted(Path(against), owner, months, checked_which(which), dict(match or {}), date)
        return reconcile_with(
            self._context,
            measure,
            wanted,
            lambda name: self._register.resolve(name).id,
            lambda answers: ledger.record(self._context, answers),
        )

    def change(
        self, id_: str, *, force: Texts = (), period: str = "", against: str = "", by: Texts = ()
    ) -> list[Change]:
        """A measure against an earlier period, as ``openpeel change`` holds it.

        Args:
            id_: the measure.
            force: one force or several; all of them if left out.
            period: as in ``measure``.
            against: the earlier period; the same months of the year before if left out.
            by: breakdowns besides the total.

        Raises:
            UserError: the periods overlap or do not fit, or the measure is a ratio.
        """
        from openpeel.engine.compare.change import change as hold_against
        from openpeel.engine.measure import ledger

        (wanted,) = measures_of(self._catalogue, [id_])
        forces = [self._register.resolve(f).id for f in _list(force)] or self.forces()
        now = period_of(self._context, period, [wanted], _silent)
        before = period_of(self._context, against, [wanted], _silent) if against else now.year_before()
        changes, answers = hold_against(self._context, wanted, forces, now, before, _list(by))
        ledger.record(self._context, answers)
        return changes

    def triangulate(
        self,
        id_: str,
        *,
        force: Texts = (),
        period: str = "",
        period_of_source: Mapping[str, str] | None = None,
    ) -> list[SideBySide]:
        """One quantity from several sources, as ``openpeel triangulate`` sets them side by side.

        Args:
            id_: the triangulation.
            force: one force or several; all of them if left out.
            period: as in ``measure``, for every source.
            period_of_source: source -> its own period.

        Raises:
            UserError: there is no such triangulation, source, force or period.
        """
        from openpeel.cli.triangulate import asked_of, periods_of
        from openpeel.engine.compare.triangulate import triangulate as set_side_by_side
        from openpeel.engine.measure import ledger

        asked = asked_of(self._catalogue, id_)
        forces = [self._register.resolve(f).id for f in _list(force)] or self.forces()
        own = [f"{name}={text}" for name, text in (period_of_source or {}).items()]
        periods = periods_of(self._context, asked, period, own, _silent)
        found, answers = set_side_by_side(self._context, asked, forces, periods)
        ledger.record(self._context, answers)
        return found

    def compare(
        self, id_: str, *, period: str = "", similar_to: str = "", groups: str | Path = ""
    ) -> Comparison:
        """All forces side by side: mean, bands, funnel; for a measure with one figure a force.

        Args:
            id_: the measure.
            period: as in ``measure``.
            similar_to: only the most similar group of this force, by the user's own list of groups.
            groups: the list; the workspace's if left out.

        Raises:
            UserError: there is no such measure, period or group, or the measure has several figures a force.
        """
        from openpeel.cli.compare import similar_group
        from openpeel.engine.compare.build import Rules
        from openpeel.engine.compare.build import compare as set_side_by_side
        from openpeel.engine.compare.similar import within_group

        wanted = measures_of(self._catalogue, [id_])
        months = period_of(self._context, period, wanted, _silent)
        file = Path(groups) if groups else None
        group = similar_group(self._place, self._register, similar_to, file, months)
        figures = self.measure(id_, force=group.forces if group else (), period=months.text()).figures
        if len({f.force for f in figures}) < len(figures):
            raise UserError(f"{id_} has several figures a force", do="use `openpeel compare --breakdown`")
        settings = self._place.settings
        few = self._register.few_residents() if settings.leave_out_few_residents else ()
        found = set_side_by_side(self._catalogue.measures[id_], list(figures), Rules(settings.sd, few), {})
        return within_group(found, self._register.resolve(similar_to).id, group) if group else found


def open(  # the name is the verb: `openpeel.open`
    workspace: str | Path, *, as_at: str | date = "", recorded_by: str = "", population: str = "latest"
) -> Inspection:
    """Open a workspace.

    Args:
        workspace: its folder.
        as_at: answer from what was known on this day or earlier; today if left out.
        recorded_by: only what had been imported by this day or moment.
        population: ``latest`` or ``matching-year``.

    Raises:
        UserError: it is no workspace, or a day or rule cannot be read.
    """
    return Inspection(Path(workspace), as_at, recorded_by, population)


def _silent(_text: str) -> None:
    """Nothing is printed in a notebook; a figure has its own first and last day."""


def _list(given: Texts) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _breakdowns(figures: Sequence[Figure]) -> list[str]:
    return list(dict.fromkeys(name for f in figures for name in f.breakdown))


def _row(figure: Figure, breakdowns: Sequence[str]) -> dict[str, Any]:
    plain = figure.as_json()
    row = {k: v for k, v in plain.items() if k not in ("breakdown", "interval", "bounds")}
    row |= {f"by_{name}": figure.breakdown.get(name) for name in breakdowns}
    for part, names in (("interval", ("low", "high", "level", "method")), ("bounds", ("low", "high"))):
        row |= {f"{part}_{name}": (plain[part] or {}).get(name) for name in names}
    days = ("period_start", "period_end", "as_at")
    return row | {name: getattr(figure, name) for name in days}
