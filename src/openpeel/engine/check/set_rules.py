"""Set rules: whether references of records lead somewhere, what should be unique is, and totals are their parts' sums.

Nothing is set aside by them: the other record may come with a later supply, and a number that two records
share may be the source's own doing. They are counted, by force, so that somebody can ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from openpeel.engine.check.doubt import Doubt, Severity
from openpeel.engine.check.held import TABLE, Held, Store
from openpeel.engine.check.settings import CheckSettings
from openpeel.engine.connection import connect
from openpeel.engine.declare.records import RecordType, Reference, Total, Unique
from openpeel.engine.intake import generations
from openpeel.engine.intake.generations import Vintage
from openpeel.engine.sql import quote, text


@dataclass(frozen=True)
class SetRuleCount:
    """How one set rule stands for one force.

    Attributes:
        type, force: whose records.
        rule: the rule in words.
        records: how many records it speaks of: those whose columns are known.
        broken: how many of them break it; ``None`` where it cannot be told, since no record of the other
            type is here for the force.
        rows: the records that break it, by their keys.
        check: id of the check.
        subject: the columns, or the total, that it speaks of.
    """

    type: str
    force: str
    rule: str
    records: int
    broken: int | None
    rows: tuple[str, ...] = ()
    check: str = ""
    subject: str = ""


def count_set_rules(
    root: Path,
    types: Mapping[str, RecordType],
    vintage: Vintage,
    only: Iterable[str] = (),
    progress: Callable[[str], None] = lambda _text: None,
) -> list[SetRuleCount]:
    """How every set rule stands, for records as known at a vintage.

    Args:
        root: the workspace.
        types: the record types declared.
        vintage: which knowledge to answer from.
        only: record types to look at; all of them if empty.
        progress: called with each type's title.

    Raises:
        UserError: a generation file cannot be read.
    """
    wanted, out = set(only), list[SetRuleCount]()
    generation, pin = generations.open_newest(root)
    with closing(pin), closing(connect()) as con:
        view = generations.view(generation, vintage)
        store = Store(con, root, types, view, generation, CheckSettings())
        for id_ in sorted({e.type for e in view.current.values()} & set(types)):
            if not wanted or id_ in wanted:
                progress(types[id_].title)
                out += counts_of(store.hold(types[id_]))
    return out


def counts_of(held: Held) -> list[SetRuleCount]:
    """How the set rules of the type at hand stand."""
    out = list[SetRuleCount]()
    for reference in held.type.references:
        told = held.store.forces_of(reference.to)
        rule = f"{_words(reference.columns)} leads to {reference.to}"
        sql = (
            _references_sql(held, reference, held.store.types[reference.to])
            if told
            else _untold_sql(held, reference)
        )
        out += _counts(held, "set.reference", rule, _words(reference.columns), sql, told)
    for unique in held.type.unique:
        rule = f"{_words(unique.columns)} stands on one record"
        out += _counts(held, "set.unique", rule, _words(unique.columns), _unique_sql(held, unique), None)
    for total in held.type.totals:
        for name in total.of:
            rule = f"{name} of {total.column} {total.word} is the sum of its parts"
            out += _counts(held, "set.total", rule, name, _total_sql(held, total, name), None)
    return out


def doubts_of(held: Held, counts: Iterable[SetRuleCount]) -> list[Doubt]:
    """A doubt for each force and set rule that is broken."""
    out = []
    for c in counts:
        if c.broken:
            severity, more = _SAID[c.check]
            told = f"The rule is broken on {c.broken} of {c.records}: {c.rule}. {more}"
            out.append(held.told(c.check, severity, c.force, c.subject, c.rows, told))
    return out


def _words(columns: Iterable[str]) -> str:
    return " and ".join(columns)


def _counts(
    held: Held, check: str, rule: str, subject: str, sql: str, told: set[str] | None
) -> list[SetRuleCount]:
    """``told`` are the forces of which records of the other type are here; ``None`` if none is needed."""
    out = []
    for force, records, broken, rows in held.con.execute(sql).fetchall():
        here = told is None or force in told
        named = tuple(sorted(rows or ())) if here else ()
        out.append(
            SetRuleCount(held.type.id, force, rule, records, broken if here else None, named, check, subject)
        )
    return out


def _known(columns: Iterable[str]) -> str:
    return " AND ".join(f"{quote(c)} IS NOT NULL" for c in columns)


def _untold_sql(held: Held, reference: Reference) -> str:
    """Nothing of the other type is here at all, so there is nothing to look up."""
    known = f"{_known(reference.columns)} AND {held.asked_sql()}"
    return f"SELECT force, count(*), 0, NULL FROM {TABLE} WHERE {known} GROUP BY force ORDER BY force"


def _references_sql(held: Held, reference: Reference, other: RecordType) -> str:
    pairs = zip(reference.columns, other.key, strict=True)
    same = " AND ".join(["m.force = t.force", *(f"m.{quote(a)} = t.{quote(b)}" for a, b in pairs)])
    known = f"{_known(reference.columns)} AND {held.asked_sql()}"
    columns = ", ".join(["force", *map(quote, reference.columns)])
    broken = "FILTER (WHERE t.force IS NULL)"
    return (
        f"SELECT m.force, count(*), count(*) {broken}, list(m._key) {broken} "
        f"FROM (SELECT {columns}, {held.key_sql()} AS _key FROM {TABLE} WHERE {known}) m "
        f"LEFT JOIN {held.store.keys_of(other)} t ON {same} GROUP BY m.force ORDER BY m.force"
    )


def _unique_sql(held: Held, unique: Unique) -> str:
    columns = ", ".join(["force", *map(quote, unique.columns)])
    known = f"{_known(unique.columns)} AND {held.asked_sql()}"
    return (
        "SELECT force, CAST(sum(n) AS BIGINT), CAST(sum(n - 1) AS BIGINT), "
        "flatten(list(keys) FILTER (WHERE n > 1)) FROM "
        f"(SELECT {columns}, count(*) AS n, list({held.key_sql()}) AS keys FROM {TABLE} "
        f"WHERE {known} GROUP BY {columns}) GROUP BY force ORDER BY force"
    )


def _total_sql(held: Held, total: Total, name: str) -> str:
    """Groups that have a total, every part of it known; the group's row that says the total is named."""
    others = ", ".join(["force", *(quote(k) for k in held.type.key if k != total.column)])
    is_total, value = f"{quote(total.column)} = {text(total.word)}", quote(name)
    grouped = (
        f"SELECT {others}, sum({value}) FILTER (WHERE {is_total}) AS told, "
        f"sum({value}) FILTER (WHERE NOT ({is_total})) AS parts, "
        f"any_value({held.key_sql()}) FILTER (WHERE {is_total}) AS _key "
        f"FROM {TABLE} WHERE {held.asked_sql()} GROUP BY {others} "
        f"HAVING count({value}) = count(*) AND count(*) FILTER (WHERE {is_total}) = 1 AND count(*) > 1"
    )
    return (
        "SELECT force, count(*), count(*) FILTER (WHERE told <> parts), list(_key) FILTER (WHERE told <> parts) "
        f"FROM ({grouped}) GROUP BY force ORDER BY force"
    )


#: Severity of each rule, and what to do where it is broken.
_SAID: dict[str, tuple[Severity, str]] = {
    "set.reference": (
        "warning",
        "Supply the records they lead to, or correct the numbers; a number may have lost leading zeros.",
    ),
    "set.unique": ("warning", "Say which of the records is right, or why several share the number."),
    "set.total": ("blocking", "Correct the total or its parts: one of them is not what was counted."),
}
