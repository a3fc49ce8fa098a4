"""Write ``docs/records``: a page for each record type, and an index, from the declarations.

Run it after a change of a record type or a measure; a test fails while the pages lag behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import records_parts as parts
from records_parts import catalogue, cell, link, listed
from records_words import INTRODUCTION, PUBLIC_FILES, PUBLISHED_TABLES, RETURNS, WITH_KEY, WITHOUT_KEY

from openpeel.engine.declare.records import RecordType
from openpeel.sources.public import PUBLIC_KINDS
from openpeel.words import AREAS

ROOT = Path(__file__).resolve().parent.parent

KINDS = {
    "event": "something that happened at a moment",
    "interval": "something that lasts from one time to another",
    "reference": "something that others refer to",
    "published count": "somebody's published total; never added up with records",
    "returned count": "the force's own total, as it stands in a return; never added up with records",
}

RETURN_COMMANDS = [
    "openpeel return template --collection 2024-autumn --force F --out FILE.xlsx",
    "openpeel import return FILE.xlsx",
]


def commands(record_type: RecordType) -> list[str]:
    """The commands that bring the published tables of a type in, if it comes from such."""
    kinds = [k.name for k in PUBLIC_KINDS.values() if k.mapping.type.id == record_type.id]
    named = [f"openpeel import public {kind} PATH" for kind in kinds]
    return named + (["openpeel import population PATH"] if record_type is catalogue().population else [])


def page(record_type: RecordType) -> str:
    """The page of one record type."""
    area = record_type.id.split(".")[0]
    lines = [
        f"# {record_type.title}",
        "",
        f"Record type `{record_type.id}` of the area [{AREAS[area]}](index.md#{anchor(AREAS[area])}); kind: "
        f"{record_type.kind}, {KINDS[record_type.kind]}. Written by `tools/records_docs.py` from the declaration; "
        "[how to read it](index.md#how-to-read-a-page).",
        "",
        record_type.meaning,
        "",
        *_facts(record_type),
        "",
        "## What to export, and what to watch for",
        "",
        record_type.export,
        "",
        "## How it is brought in",
        "",
        *_way_in(record_type),
    ]
    for heading, body in _sections(record_type):
        lines += ["", f"## {heading}", "", *body]
    return "\n".join(lines) + "\n"


def _sections(record_type: RecordType) -> Iterator[tuple[str, list[str]]]:
    yield f"Columns ({len(record_type.columns)})", list(parts.columns(record_type))
    if long := [c for c in record_type.columns if c.allowed and not parts.inline(c)]:
        yield "Allowed values", list(parts.allowed(long))
    yield "Which measures need which column", list(parts.measures(record_type))
    if record_type.derived:
        yield "Derived columns", list(parts.derived(record_type))
    yield "Rules for each row", list(parts.row_rules(record_type))
    yield "Rules for all rows together", list(parts.set_rules(record_type))
    yield "Record types that refer to this one", list(parts.referring(record_type))


def _facts(record_type: RecordType) -> Iterator[str]:
    yield "| | |"
    yield "|---|---|"
    yield f"| held by | {cell('; '.join(record_type.systems))} |"
    yield f"| key | {_key(record_type)} |"
    yield f"| anchor date | {_anchor(record_type)} |"


def _key(record_type: RecordType) -> str:
    if not record_type.key:
        return "none: a row gets a `record_id` from what stands in it, and a corrected file breaks links to its rows"
    named = f"{listed(record_type.key)}, within a force"
    if record_type.key_may_be_blank:
        return (
            f"{named}; where it is blank, as in public files, rows are taken as those of a type without key"
        )
    return named


def _anchor(record_type: RecordType) -> str:
    column = record_type.column(record_type.anchor)
    when = "the local month of it" if column.type == "instant" else "the month of it"
    known = (
        " It is known to the month, and taken as its first day."
        if record_type.anchor_known_to == "month"
        else ""
    )
    return f"`{column.name}`; a row belongs to {when}, and moves when it is corrected.{known}"


def _way_in(record_type: RecordType) -> list[str]:
    extract = [
        f"openpeel mapping suggest --type {record_type.id} FILE --out M.toml",
        f"openpeel import extract --type {record_type.id} --mapping M.toml FILE",
    ]
    if record_type.key_may_be_blank:
        own = _block(["openpeel import police-uk PATH", *extract])
        return ["From the public files, or from a force's own extract:", "", *own, "", PUBLIC_FILES]
    if record_type.kind == "returned count":
        return [*_block(RETURN_COMMANDS), "", RETURNS]
    if published := commands(record_type):
        return [*_block(published), "", PUBLISHED_TABLES]
    return [*_block(extract), "", WITH_KEY if record_type.key else WITHOUT_KEY]


def _block(lines: list[str]) -> list[str]:
    return ["```", *lines, "```"]


def index() -> str:
    """The page that lists every record type, by area and by kind of system."""
    types = list(catalogue().types.values())
    lines = [*_introduction(len(types)), "", "## By area"]
    for area, title in AREAS.items():
        mine = [t for t in types if t.id.split(".")[0] == area]
        lines += [
            "",
            f"### {title}",
            "",
            "| record type | id | kind | columns | held by |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {link(t)} | `{t.id}` | {t.kind} | {len(t.columns)} | {cell('; '.join(t.systems))} |"
            for t in mine
        ]
    return "\n".join([*lines, "", *_by_system(types)]) + "\n"


def _by_system(types: list[RecordType]) -> Iterator[str]:
    held: dict[str, list[RecordType]] = {}
    for record_type in types:
        for system in record_type.systems:
            held.setdefault(system[0].upper() + system[1:], []).append(record_type)
    yield "## By kind of system"
    yield ""
    yield "Names of products are examples of what is seen in forces, no recommendation and no list of what works."
    yield ""
    yield "| system | record types |"
    yield "|---|---|"
    for system in sorted(held):
        yield f"| {cell(system)} | {', '.join(map(link, held[system]))} |"


def _introduction(count: int) -> list[str]:
    return [line.replace("COUNT", str(count)) for line in INTRODUCTION.strip().split("\n")]


def anchor(heading: str) -> str:
    """What a heading is called in a link."""
    return "".join(c for c in heading.lower().replace(" ", "-") if c.isalnum() or c == "-")


def pages() -> dict[str, str]:
    """Every page: name -> text."""
    return {f"{t.id}.md": page(t) for t in catalogue().types.values()} | {"index.md": index()}


def main() -> None:
    """Write the pages, and remove those of types that are no more."""
    folder = ROOT / "docs" / "records"
    folder.mkdir(exist_ok=True)
    wanted = pages()
    for file in folder.glob("*.md"):
        if file.name not in wanted:
            file.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
