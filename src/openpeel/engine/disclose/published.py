"""The tables of a publication as its figures make them: one for each measure, linked where they count the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from openpeel.engine.declare.measures import AnyMeasure, Count, Distribution, Rate, RatioOfRates
from openpeel.engine.disclose.figures import gives_away, rule_text
from openpeel.engine.disclose.rounding import Rules
from openpeel.engine.disclose.tables import Cell, Key, Ratio, Sum, Table, exact, float_ratio, public, rounded
from openpeel.engine.disclose.tables import suppressed as withheld
from openpeel.engine.measure.figure import Figure
from openpeel.errors import UserError


@dataclass
class _Draft:
    """A table while it is made; counts by their place: force, period, breakdown and part."""

    cells: dict[Key, Cell] = field(default_factory=dict)
    places: dict[tuple[Key, Key, str], Key] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    ratios: list[Ratio] = field(default_factory=list)


def tables_of(
    figures: Sequence[Figure],
    measures: Mapping[str, AnyMeasure],
    originals: Mapping[str, Figure] | None = None,
    rules: Rules | None = None,
) -> list[Table]:
    """What figures about to be published say about counts, for ``audit_publication``.

    Counts and rates of the same records are the same count; the records of a share are its known and
    its unknown ones; categories add up to their total. Values that follow from rounded counts say
    nothing more; those that do not are taken as what they give away.

    Args:
        figures: as they are to be published; those of public records are left out by the caller.
        measures: by id.
        originals: figure id -> the figure before it was rounded, for the true counts.
        rules: by which counts were rounded.

    Raises:
        UserError: an interval or bounds do not follow from the rounded counts, and the original is not given.
    """
    rules, originals = rules or Rules(), originals or {}
    out = []
    for measure_id in dict.fromkeys(f.measure for f in figures):
        draft, measure = _Draft(), measures[measure_id]
        for figure in figures:
            if figure.measure == measure_id:
                _add(draft, figure, originals.get(figure.figure_id), measure, rules)
        _add_up(draft, measure)
        out.append(Table(measure_id, tuple(draft.cells.values()), tuple(draft.sums), tuple(draft.ratios)))
    return out


def _add(draft: _Draft, figure: Figure, original: Figure | None, measure: AnyMeasure, rules: Rules) -> None:
    given = gives_away(figure, measure, rules) if figure.status != "suppressed" else []
    if {"interval", "bounds"} & set(given) and not {"numerator", "denominator"} & set(given):
        if original is None:
            raise UserError(
                "its interval or bounds do not follow from its counts", figure.figure_id, "round it"
            )
        figure, given = original, ["numerator"]  # both ends together give both counts away
    parts = ["numerator", "unknown_eligibility"]
    parts += [] if isinstance(measure, Count | Rate) else ["denominator", "unknown"]
    said = figure.status != "ok" or (figure.reason or "").startswith(rule_text(rules))
    unrounded = not said or any((getattr(figure, p) or 0) % rules.base for p in parts)
    for part in parts:
        shown, true = getattr(figure, part), getattr(original, part, None)
        if shown is None and figure.status != "suppressed":
            continue  # not counted, and so no count
        key = _key(measure, figure, part)
        if shown is None:
            draft.cells.setdefault(key, withheld(key, true))
        else:
            as_it_is = shown % rules.base or (unrounded and true in (None, shown))
            cell = exact(key, shown) if as_it_is else rounded(key, shown, rules.base, true)
            _show(draft, cell)
        draft.places[_where(figure), _cut(measure, figure, part), part] = key
    if "value" in given and figure.value is not None:
        _ratio(draft, figure, measure)


def _show(draft: _Draft, cell: Cell) -> None:
    """A count that several figures show, such as the total of categories, is as narrow as the narrowest."""
    there = draft.cells.get(cell.key)
    if there is None or there.state != "shown" or there.high is None or there.low < cell.low:
        draft.cells[cell.key] = cell


def _ratio(draft: _Draft, figure: Figure, measure: AnyMeasure) -> None:
    top, bottom = _key(measure, figure, "numerator"), _key(measure, figure, "denominator")
    per = 1
    if isinstance(measure, Rate) and figure.population:
        bottom, per = ("residents", *_where(figure)), measure.per
        draft.cells[bottom] = public(bottom, figure.population)
    if top in draft.cells and bottom in draft.cells and not isinstance(measure, RatioOfRates):
        draft.ratios.append(float_ratio(top, bottom, figure.value or 0.0, per))


def _add_up(draft: _Draft, measure: AnyMeasure) -> None:
    """Shares and the rest, known and unknown, categories and their total."""
    places = draft.places
    for (where, cut, part), key in list(places.items()):
        if part == "denominator" and not isinstance(measure, Distribution | RatioOfRates):
            draft.sums.append(Sum(key, (places[where, cut, "numerator"],), complete=False))
        if part == "unknown" and not isinstance(measure, RatioOfRates):
            known = places[where, cut, "denominator"]
            records = ("records", measure.of, measure.where, *where, *cut)
            true = _sum(draft, (key, known))
            draft.cells[records] = Cell(records, state="unprinted", true=true)
            draft.sums.append(Sum(records, (key, known)))
    for (where, cut, part), key in list(places.items()):
        if cut:
            continue
        dimensions = dict.fromkeys(c[0] for w, c, p in places if c and w == where and p == part)
        wanted = "numerator" if isinstance(measure, Distribution) else part
        if isinstance(measure, Distribution) and part == "denominator":
            dimensions = {measure.across: None}
        for dimension in dimensions:
            of = tuple(
                k for (w, c, p), k in places.items() if w == where and p == wanted and c and c[0] == dimension
            )
            if of:
                true = draft.cells[key].true
                draft.sums.append(Sum(key, of, complete=true is None or _sum(draft, of) == true))


def _sum(draft: _Draft, keys: Iterable[Key]) -> int | None:
    values = [draft.cells[k].true for k in keys]
    known = [v for v in values if v is not None]
    return sum(known) if len(known) == len(values) else None


def _where(figure: Figure) -> Key:
    return figure.force, figure.period_start.isoformat(), figure.period_end.isoformat()


def _cut(measure: AnyMeasure, figure: Figure, part: str) -> Key:
    """Breakdown of a count; of a distribution only the numerators differ from category to category."""
    if isinstance(measure, Distribution) and part != "numerator":
        return ()
    return tuple(word for pair in sorted(figure.breakdown.items()) for word in pair)


def _key(measure: AnyMeasure, figure: Figure, part: str) -> Key:
    """The same key for the same count: a count and a rate of the same records share theirs."""
    place = (*_where(figure), *_cut(measure, figure, part))
    if part == "numerator" and isinstance(measure, Count | Rate):
        return ("records", measure.of, measure.where, *place)
    return (measure.id, part, *place)
