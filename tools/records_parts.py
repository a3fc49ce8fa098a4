"""The tables and lists of a record type's reference page; ``records_docs.py`` puts them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from measure_columns import Needs, catalogue, needs, rests_on

from openpeel.engine.declare.derivations import Derivation
from openpeel.engine.declare.records import COUNTS, Column, RecordType, Total
from openpeel.engine.derive.names import derivations_of

TYPES = {
    "text": "text",
    "integer": "whole number",
    "number": "number, up to 6 decimals",
    "boolean": "yes or no",
    "date": "date",
    "instant": "date and time",
    "duration": "whole seconds",
}
PERSONAL = {
    "none": "",
    "operational-reference": "operational reference",
    "pseudonym": "pseudonym",
    "identity": "identity",
    "special-category": "special category",
    "free-text": "free text",
}
#: Lists of allowed values that take no more room than this stand in the table of columns.
_SHORT = 45


def columns(record_type: RecordType) -> Iterator[str]:
    yield "| column | meaning | type | required | personal data | example |"
    yield "|---|---|---|---|---|---|"
    for column in record_type.columns:
        required = "yes" if column.required else ""
        cells = [
            f"`{column.name}`",
            column.meaning,
            _type(column),
            required,
            _personal(column),
            f"`{column.example}`",
        ]
        yield "| " + " | ".join(map(cell, cells)) + " |"


def inline(column: Column) -> bool:
    return len(", ".join(column.allowed)) <= _SHORT


def _type(column: Column) -> str:
    if column.allowed:
        return "one of " + (
            listed(column.allowed, "or")
            if inline(column)
            else f"[{len(column.allowed)} values](#allowed-values)"
        )
    words = TYPES[column.type]
    if column.unit and column.type != "duration":
        words += f", in {column.unit}"
    ends = [f"{w} {e:,.0f}" for w, e in (("from", column.low), ("to", column.high)) if e is not None]
    return ", ".join([words, *([" ".join(ends)] if ends else [])])


def _personal(column: Column) -> str:
    return PERSONAL[column.personal] + (f" of a {column.stands_for}" if column.stands_for == "person" else
                                        f" of an {column.stands_for}" if column.stands_for else "")  # fmt: skip


def allowed(columns: Iterable[Column]) -> Iterator[str]:
    yield "Case does not count; any other value sets the row aside. A mapping translates a force's own words."
    for column in columns:
        yield ""
        yield f"**`{column.name}`**"
        yield ""
        yield from (f"- {value}" for value in column.allowed)


def measures(record_type: RecordType) -> Iterator[str]:
    """Which measures need which columns, and which columns no measure needs yet."""
    every = {id_: needs(measure) for id_, measure in catalogue().measures.items()}
    mine = {id_: found for id_, found in every.items() if found.of(record_type.id)}
    if not mine and record_type.kind in COUNTS:
        yield f"None: {record_type.kind}s stand beside figures, and no measure adds them up."
        return
    if not mine:
        yield "No measure yet."
        return
    yield "| measure | cannot do without | is broken down by |"
    yield "|---|---|---|"
    for id_, found in mine.items():
        yield _measure(id_, found, record_type)
    used = {name for found in mine.values() for name in found.of(record_type.id)}
    if others := [c.name for c in record_type.columns if c.name not in used]:
        yield ""
        yield f"No measure yet for {listed(others)}."


def _measure(id_: str, found: Needs, record_type: RecordType) -> str:
    measure = catalogue().measures[id_]
    title = f"[{measure.title}](../methods/{Path(measure.method).name}), `{id_}`"
    named = [
        listed(c.name for c in record_type.columns if (record_type.id, c.name) in places)
        for places in (found.columns, found.breakdowns)
    ]
    return "| " + " | ".join([cell(title), *named]) + " |"


def derived(record_type: RecordType) -> Iterator[str]:
    yield "Worked out from the supplied columns when they are needed; nothing to export."
    yield ""
    yield "| column | meaning | type | comes from |"
    yield "|---|---|---|---|"
    for one in derivations_of(record_type):
        cells = [f"`{one.name}`", one.meaning, TYPES[one.type], _comes_from(one, record_type)]
        yield "| " + " | ".join(map(cell, cells)) + " |"


def _comes_from(derivation: Derivation, record_type: RecordType) -> str:
    found = sorted(rests_on(derivation, record_type))
    return ", ".join(f"`{n}`" + (f" of `{t}`" if t != record_type.id else "") for t, n in found)


def row_rules(record_type: RecordType) -> Iterator[str]:
    if record_type.rules:
        yield "A row that breaks one of these is set aside with the reason. A rule that cannot be answered, since a"
        yield "column is blank, is not broken."
        yield ""
        yield "| must hold | else set aside, because |"
        yield "|---|---|"
        yield from (f"| `{cell(r.condition)}` | {cell(r.message)} |" for r in record_type.rules)
    else:
        yield "None beside those of its columns: what is required is there, and every value can be read."


def set_rules(record_type: RecordType) -> Iterator[str]:
    if record_type.key:
        yield f"- {_stands(record_type.key)} on one record of a force: of equal rows one is taken,"
        yield "  different rows with one key are set aside."
    for unique in record_type.unique:
        yield f"- {_stands(unique.columns)} on one record of a force; counted where it does not."
    for reference in record_type.references:
        other = catalogue().types[reference.to]
        named = listed(reference.columns)
        if reference.columns != other.key:
            named += f" (there: {listed(other.key)})"
        verb = "names" if len(reference.columns) == 1 else "name"
        yield f"- {named} {verb} one of {link(other)}; counted where it leads nowhere."
    for total in record_type.totals:
        yield f"- {_total(total, record_type)}; counted where it does not."
    if record_type.references or record_type.unique or record_type.totals:
        yield ""
        yield "Rows that break what is counted are kept, not set aside: the other record may come with a later supply."
        yield "`openpeel check` tells how many they are."
    elif not record_type.key:
        yield "None."


def _total(total: Total, record_type: RecordType) -> str:
    others = [name for name in record_type.key if name != total.column]
    alike = f" with the same {listed(others)}" if others else ""
    row = f"The row whose `{total.column}` is `{total.word}`"
    return f"{row} has in {listed(total.of)} the sum of the other rows{alike}"


def referring(record_type: RecordType) -> Iterator[str]:
    found = [(t, r) for t in catalogue().types.values() for r in t.references if r.to == record_type.id]
    yield from (f"- {link(t)}, by {listed(r.columns)}" for t, r in found)
    if not found:
        yield "None."


def link(record_type: RecordType) -> str:
    """A link to a type's page from another page of the folder."""
    return f"[{cell(record_type.title)}]({record_type.id}.md)"


def listed(names: Iterable[str], last: str = "and") -> str:
    """Names in words: `a`, `b` and `c`."""
    *most, end = [f"`{n}`" for n in names] or [""]
    return f"{', '.join(most)} {last} {end}" if most else end


def _stands(names: Sequence[str]) -> str:
    return f"{listed(names)} {'stands' if len(names) == 1 else 'together stand'}"


def cell(text: str) -> str:
    """A text that can stand in a table."""
    return text.replace("|", "\\|").replace("\n", " ")
