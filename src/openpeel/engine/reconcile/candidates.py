"""Which rules can be theirs, for one measure and the records that are held of it."""

from __future__ import annotations

from collections.abc import Sequence

from openpeel.engine.declare.measures import Distribution, Proportion, Rate, ShareWithin
from openpeel.engine.measure.context import Context
from openpeel.engine.measure.population import Estimate
from openpeel.engine.reconcile.flags import UTC, Flags
from openpeel.engine.reconcile.rules import AS_NO, AS_YES, BY_UTC, DUPLICATES, ELIGIBILITY, Rule

#: Most estimates of residents that are tried, newest first.
_ESTIMATES = 6


def candidates(
    context: Context, flags: Flags, dates: Sequence[str], readings: Sequence[str], forces: Sequence[str]
) -> list[Rule]:
    """The rules that are tried, in the order in which they are taken.

    Args:
        context: the opened workspace.
        flags: how the records are told apart.
        dates: the dates by which a period could be taken.
        readings: the readings under which our figures stand.
        forces: the forces whose figures are held beside theirs.
    """
    anchor = flags.type.anchor
    out = [
        Rule(BY_UTC, f"the period is taken by {anchor} in UTC and not in local time", "period", UTC)
        if name == UTC
        else Rule(f"period-by-{name}", f"the period is taken by {name} and not by {anchor}", "period", name)
        for name in dates
        if name
    ]
    out += scopes(flags)
    if flags.measure.where:
        out.append(
            Rule(ELIGIBILITY, "records are counted of which it is not known whether they belong", "unsure")
        )
    out.append(Rule(DUPLICATES, f"{copies(flags)} are counted once", "duplicates"))
    if isinstance(flags.measure, Proportion):
        out += [
            Rule(f"reading-{r.id}", f"{r.says[:1].lower()}{r.says[1:].rstrip('.')}", "reading", r.id)
            for r in flags.readings
            if set(readings) != {r.id}
        ]
        if set(readings) - {""}:
            out.append(Rule("reading-none", "blanks are left unknown", "reading", ""))
    if isinstance(flags.measure, Proportion | Distribution | ShareWithin):
        out.append(Rule(AS_NO, "answers that are not known are counted as no", "unknown"))
        out.append(Rule(AS_YES, "answers that are not known are counted as yes", "unknown"))
    return out + _populations(context, flags, forces)


def scopes(flags: Flags) -> list[Rule]:
    """The conditions of the measure, each left out."""
    return [
        Rule(f"scope-{n}", f"records count whether or not {c.says}", f"scope {n}", n - 1)
        for n, c in enumerate(flags.conditions, 1)
    ]


def copies(flags: Flags) -> str:
    """What copies of a record are."""
    key = " and ".join(flags.type.key)
    return f"records alike in all but {key}" if key else "records exactly alike"


def _populations(context: Context, flags: Flags, forces: Sequence[str]) -> list[Rule]:
    if not isinstance(flags.measure, Rate):
        return []
    known = dict.fromkeys(e.source(grouped=False) for force in forces for e in estimates_of(context, force))
    return [Rule(f"population-{n}", f"residents are {s}", "population", s) for n, s in enumerate(known, 1)]


def estimates_of(context: Context, force: str) -> list[Estimate]:
    """The estimates of a force's residents that give a total, newest first."""
    found = [e for e in context.populations.estimates if e.area == force and not e.lacks and e.total()]
    by_source = {e.source(grouped=False): e for e in sorted(found, key=lambda e: (e.day, e.scheme))}
    return sorted(by_source.values(), key=lambda e: e.day, reverse=True)[:_ESTIMATES]
