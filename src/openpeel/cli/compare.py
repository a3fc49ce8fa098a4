"""``openpeel compare``: one measure across all forces."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openpeel.cli.measure import part_text
from openpeel.cli.options import (
    HERE,
    AsAtOption,
    FormatOption,
    PeriodOption,
    PopulationOption,
    RecordedByOption,
    WorkspaceOption,
    breakdown_of,
    check_format,
    context_of,
    measures_of,
    opened,
    period_of,
)
from openpeel.cli.output import busy, note, print_json, print_rows
from openpeel.errors import UserError

if TYPE_CHECKING:
    from openpeel.engine.compare.comparison import Comparison
    from openpeel.engine.compare.similar import Group
    from openpeel.engine.measure.figure import Figure
    from openpeel.engine.measure.period import Period
    from openpeel.register import Register
    from openpeel.workspace import Workspace


def compare(
    id_: Annotated[str, typer.Argument(metavar="ID", help="A measure, as `openpeel measures` lists them.")],
    period: PeriodOption = "",
    breakdown: Annotated[
        str, typer.Option(help="The category compared, for a measure of several: ethnic_group=Black.")
    ] = "",
    as_at: AsAtOption = "",
    recorded_by: RecordedByOption = "",
    population: PopulationOption = "latest",
    similar_to: Annotated[
        str,
        typer.Option(metavar="FORCE", help="Only the most similar group of this force, by your own list."),
    ] = "",
    groups: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The list of groups (default: similar-groups.toml of the workspace)."
        ),
    ] = None,
    format_: FormatOption = "table",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Set all forces side by side, or those of a most similar group: mean ± 1 SD with bands, and a funnel."""
    from openpeel.catalogue import load_catalogue
    from openpeel.engine.compare.build import Rules
    from openpeel.engine.compare.build import compare as set_side_by_side
    from openpeel.engine.compare.similar import within_group
    from openpeel.engine.measure import ledger
    from openpeel.engine.measure.build import answer
    from openpeel.engine.measure.predicates import own_groups

    check_format(format_)
    place, register = opened(workspace)
    catalogue = load_catalogue(place.root)
    (wanted,) = measures_of(catalogue, [id_])
    context = context_of(place, catalogue, as_at, recorded_by, population)
    cut = breakdown_of(breakdown)
    with busy("comparing"):
        by = [] if set(cut) & {*own_groups(wanted), getattr(wanted, "group_name", "")} else list(cut)
        months = period_of(context, period, [wanted])
        group = similar_group(place, register, similar_to, groups, months)
        answers = answer(context, [wanted], group.forces if group else register.ids(), months, by)
        ledger.record(context, answers)
    context.close()
    figures = _of_category(answers.figures, cut, id_)
    rules = Rules(
        place.settings.sd, register.few_residents() if place.settings.leave_out_few_residents else ()
    )
    comparison = set_side_by_side(wanted, figures, rules, cut)
    if group:
        comparison = within_group(comparison, register.resolve(similar_to).id, group)
    if format_ == "json":
        print_json(comparison.as_json())
    elif format_ == "csv":
        _print_csv(comparison)
    else:
        _print_table(comparison, register)


def similar_group(
    place: Workspace, register: Register, similar_to: str, groups: Path | None, period: Period
) -> Group | None:
    """The most similar group that is asked for; nothing where none is.

    Raises:
        UserError: there is no such force, list or group, or the period is not within one validity.
    """
    from openpeel.engine.compare.similar import find_file, group_of, load_groups

    if not similar_to:
        if groups is not None:
            raise UserError("says of no force", "--groups", "name it with --similar-to")
        return None

    def resolve(text: str) -> str:
        found = register.resolve(text)
        if not register.in_scope(found.id):
            raise UserError(f"{found.name} is not one of the forces compared", do="leave it out")
        return found.id

    listed = load_groups(find_file(place.root, groups), resolve)
    return group_of(listed, resolve(similar_to), period)


def _of_category(figures: list[Figure], cut: dict[str, str], id_: str) -> list[Figure]:
    """One figure a force: those of the category, or of the whole where no force has any records."""
    chosen = [f for f in figures if f.breakdown == cut]
    if not chosen and not any(f.counted() for f in figures):
        chosen = list({f.force: f for f in figures}.values())
    if chosen:
        return chosen
    shown = sorted({" ".join(f"{k}={v}" for k, v in f.breakdown.items()) for f in figures} - {""})
    text = ", ".join(f"{k}={v}" for k, v in cut.items())
    raise UserError(
        f"{id_} has no figure {'for ' + text if cut else 'in all'}",
        "--breakdown",
        "choose one of: " + "; ".join(shown) if shown else "leave it away",
    )


_CSV = (
    "force", "value", "status", "reason", "numerator", "denominator", "interval_low", "interval_high",
    "bounds_low", "bounds_high", "band", "in_mean", "depends_on_sd", "funnel_plain", "funnel_adjusted",
    "figure_id",
)  # fmt: skip


def _print_csv(comparison: Comparison) -> None:
    """A row a force, numbers unrounded; bands and mean of the first version."""
    version = comparison.versions[0] if comparison.versions else None
    points = {p.force: p for p in comparison.funnel.points} if comparison.funnel else {}
    rows = []
    for f in comparison.figures:
        point = points.get(f.force)
        values: list[object] = [
            f.force, f.value, f.status, f.reason, f.numerator, f.denominator,
            f.interval and f.interval.low, f.interval and f.interval.high,
            f.bounds and f.bounds.low, f.bounds and f.bounds.high,
            version and version.bands.get(f.force), bool(version and f.force in version.bands),
            bool(version and f.force in version.depends_on_sd),
            point and point.outside_plain, point and point.outside_adjusted, f.figure_id,
        ]  # fmt: skip
        rows.append(["" if v is None else str(v) for v in values])
    print_rows(_CSV, rows, "csv")


def _print_table(comparison: Comparison, register: Register) -> None:
    from openpeel.engine.compare.similar import GroupComparison
    from openpeel.report import numbers

    version = comparison.versions[0] if comparison.versions else None
    outside = {p.force: p for p in comparison.funnel.points} if comparison.funnel else {}
    ordered = sorted(comparison.figures, key=lambda f: (f.value is None, -(f.value or 0), f.force))
    rows = []
    for f in ordered:
        band = version.bands.get(f.force, "") if version else ""
        if version and f.force in version.excluded:
            band = "not in the mean"
        elif version and f.force in version.depends_on_sd:
            band += " (depends on the kind of SD)"
        point = outside.get(f.force)
        rows.append([
            register.name_of(f.force), numbers.printed(f).text, part_text(f, "interval"), band,
            (point.outside_plain or "") if point else "", (point.outside_adjusted or "") if point else "",
        ])  # fmt: skip
    f = ordered[0]
    title = f"{comparison.measure}, {f.period_start} to {f.period_end}, as at {f.as_at}"
    if isinstance(comparison, GroupComparison):
        title += f": most similar group of {register.name_of(comparison.similar_to)}"
    columns = ["force", "value", "95% interval", "mean ± 1 SD", "funnel, plain", "funnel, adjusted"]
    print_rows(columns, rows, "table", title)
    for line in _notes(comparison, register):
        note(line)


def _notes(comparison: Comparison, register: Register) -> list[str]:
    from openpeel.engine.compare.similar import GroupComparison

    out = []
    if isinstance(comparison, GroupComparison) and comparison.group:
        group = comparison.group
        out.append(
            f"compared within {group.name}, {len(group.forces)} forces, valid {group.validity()}; "
            f"source: {group.source}; all other forces are left out"
        )
    for v in comparison.versions:
        without = f" without {', '.join(register.name_of(f) for f in v.excluded)}" if v.excluded else ""
        if v.mean is not None:
            sd = (
                f"SD {v.sd_sample:.4f} (sample), {v.sd_population:.4f} (population)"
                if v.sd_sample is not None
                else "no SD"
            )
            out.append(
                f"mean of {v.n} forces{without}: {v.mean:.4f}; {sd}; the {v.sd_used} SD draws the bands"
            )
    if comparison.versions:
        out.append(
            "mean ± 1 SD puts some forces outside by construction: about a third if values spread like a bell"
        )
    if comparison.funnel:
        funnel = comparison.funnel
        flagged = "; ".join(
            f"{level}: {funnel.outside_plain[level]} outside plain limits "
            f"(chance alone: {funnel.expected_by_chance[level]:.1f}), "
            f"{funnel.outside_adjusted[level]} outside adjusted"
            for level in funnel.outside_plain
        )
        out.append(f"funnel: {flagged}; dispersion φ = {funnel.dispersion:.1f}")
    elif comparison.funnel_reason:
        out.append(f"no funnel: {comparison.funnel_reason}")
    if comparison.reason:
        out.append(f"not compared: {comparison.reason}")
    if comparison.missing:
        out.append("not supplied: " + ", ".join(register.name_of(f) for f in comparison.missing))
    unvalued = [f for f in comparison.figures if f.status != "ok" and f.force not in comparison.missing]
    out += [f"no value for {register.name_of(f.force)}: {f.reason or f.status}" for f in unvalued]
    return out
