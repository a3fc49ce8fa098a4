"""A draft of a mapping for a file nobody has mapped yet, with what it is unsure of marked.

The same file gives the same draft. Nothing is certain until somebody who knows the file has read it; no
value of a column that may identify somebody stands in it.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from openpeel.engine.declare.records import Column, RecordType
from openpeel.engine.intake.mapping import normal_heading
from openpeel.errors import UserError
from openpeel.register import Register
from openpeel.sources.extract.propose_file import ROWS, Looked, look_at
from openpeel.sources.extract.propose_match import Heading, Source, match
from openpeel.sources.extract.propose_rules import Proposal, propose, toml
from openpeel.sources.extract.propose_values import values_of
from openpeel.sources.extract.propose_words import of_somebody

_FORCE = ("force", "force name", "police force", "police force name", "pfa name")


@dataclass(frozen=True)
class Draft:
    """A draft of a mapping.

    Attributes:
        text: the mapping file.
        filled: the columns it fills.
        needed: the columns that have to be filled before it can be used.
        unsure: how many places are marked as unsure.
    """

    text: str
    filled: tuple[str, ...]
    needed: tuple[str, ...]
    unsure: int


@dataclass(frozen=True)
class _Found:
    """What was found of a file for a record type."""

    type: RecordType
    looked: Looked
    sources: dict[str, Source]
    proposals: list[Proposal]
    headings: list[Heading]
    twice: list[str]
    force: str

    def needed(self) -> list[Column]:
        """The columns without which no row can be taken in."""
        blank_key = self.type.key_may_be_blank and self.scope() == "complete"
        return [
            c
            for c in self.type.columns
            if c.name not in self.sources and (c.required or (c.name in self.type.key and not blank_key))
        ]

    def scope(self) -> str:
        """The scope that a mapping can have: changes need a key."""
        keyless = not self.type.key or (
            self.type.key_may_be_blank and any(k not in self.sources for k in self.type.key)
        )
        return "complete" if keyless else "changes"


def suggest(
    path: Path, record_type: RecordType, register: Register, sheet: str = "", header_row: int = 0
) -> Draft:
    """Draft a mapping for a file.

    Args:
        path: the file; at most its first 50,000 rows are looked at.
        record_type: what its rows are to become.
        register: the forces that a column may name.
        sheet: of a spreadsheet, the sheet's name; blank for the only one.
        header_row: number of the row of headings (of text, its line); 0 to look for it.

    Raises:
        UserError: the file cannot be read, or no heading is like a column of the type.
    """
    looked = look_at(path, sheet, header_row)
    headings, twice = _headings(looked)
    force = _force_heading(headings, register, record_type)
    sources = match(record_type, [h for h in headings if h.text != force])
    if not sources:
        raise UserError(
            f"no heading is like a column of {record_type.id}", str(path), "is it another record type?"
        )
    known = _known(record_type, sources)
    proposals = [propose(c, sources[c.name], known) for c in record_type.columns if c.name in sources]
    found = _Found(record_type, looked, sources, proposals, headings, twice, force)
    text = "\n".join(_lines(found, sheet)) + "\n"
    needed = tuple(c.name for c in found.needed())
    return Draft(text, tuple(p.column for p in proposals), needed, text.count("# unsure"))


def _headings(looked: Looked) -> tuple[list[Heading], list[str]]:
    """The headings that can be told from one another, and those that stand there twice."""
    times = Counter(normal_heading(h) for h in looked.headings)
    out, twice = [], []
    for place, (text, column) in enumerate(zip(looked.headings, looked.columns, strict=True)):
        plain = normal_heading(text)
        if plain and times[plain] == 1:
            out.append(Heading(place, text, values_of(column)))
        elif text.strip():
            twice.append(text)
    return _one_order(out), list(dict.fromkeys(twice))


def _one_order(headings: list[Heading]) -> list[Heading]:
    """Dates that do not tell whether the month stands first follow those of the file that do."""
    told = {h.values.dates.month_first for h in headings} - {None}
    if told != {True}:
        return headings
    return [
        replace(h, values=replace(h.values, month_first=True)) if h.values.dates.undecided else h
        for h in headings
    ]


def _force_heading(headings: Sequence[Heading], register: Register, record_type: RecordType) -> str:
    """The heading under which the rows name their force, if they do."""
    own = {normal_heading(c.name) for c in record_type.columns}
    for heading in headings:
        plain = normal_heading(heading.text)
        known = list(heading.values.known)
        if plain in own or plain not in _FORCE or not known or len(known) > 200:
            continue
        if 2 * sum(register.find(v) is not None for v in known) >= len(known):
            return heading.text
    return ""


def _lines(found: _Found, sheet: str) -> list[str]:
    return [
        *_top(found, sheet),
        "",
        "[columns]",
        *(_column_line(p) for p in found.proposals if not p.values),
        *_needed(found),
        *(line for p in found.proposals if p.values for line in _wordings(p)),
        *_left(found),
    ]


def _top(found: _Found, sheet: str) -> list[str]:
    many = "" if found.looked.whole else f" (the first {ROWS:,})"
    out = [
        f"# A draft, made from headings and {found.looked.rows():,} rows{many}.",
        "# Read every line; what is marked unsure needs somebody who knows the file.",
        f"type = {toml(found.type.id)}",
        *_scope(found),
        *_zone(found),
    ]
    if found.force:
        out.append(f"force_column = {toml(found.force)}")
    else:
        out.append('# force = "..."  # the force, or state it with --force')
    return [*out, *_layout(found.looked, sheet), *_blank(found)]


def _scope(found: _Found) -> list[str]:
    if found.scope() == "complete":
        return ['scope = "complete"  # without a key rows can only be replaced by whole months']
    return ['scope = "changes"  # unsure: "complete" if the file holds all records of its months']


def _zone(found: _Found) -> list[str]:
    offsets = [
        h.values.dates.offsets
        for name, source in found.sources.items()
        if found.type.column(name).type == "instant"
        for h in (source.heading,)
        if h.values.dates.kind == "stamp" or source.date
    ]
    if offsets and min(offsets) == 1:
        return ['zone = "offset"']
    if not any(c.type == "instant" and c.name in found.sources for c in found.type.columns):
        return ['zone = "local"']
    return ['zone = "local"  # unsure: "UTC" if the times are an hour behind in summer']


def _layout(looked: Looked, sheet: str) -> list[str]:
    out = [f"sheet = {toml(sheet)}"] if sheet else []
    if looked.header_row:
        out.append(f"header_row = {looked.header_row}")
    if looked.encoding not in ("", "utf-8"):
        out.append(f"encoding = {toml(looked.encoding)}")
    if looked.separator not in ("", ","):
        out.append(f"separator = {toml(looked.separator)}")
    return out


def _blank(found: _Found) -> list[str]:
    """Words for unknown; one that is a word of ours in a column where it stands is none."""
    words: dict[str, str] = {}
    for source in found.sources.values():
        for heading in source.headings():
            for word in heading.values.unknown:
                words.setdefault(word.lower(), word)
    said = [words[w] for w in sorted(words.keys() - _known(found.type, found.sources))]
    return [f"blank = {toml(said)}  # taken for unknown wherever they stand"] if said else []


def _known(record_type: RecordType, sources: Mapping[str, Source]) -> set[str]:
    """Words for unknown that are words of ours in a column where they stand, in lower case."""
    out: set[str] = set()
    for name, source in sources.items():
        ours = {a.lower() for a in record_type.column(name).allowed}
        out |= ours & {w.lower() for w in source.heading.values.unknown}
    return out


def _column_line(proposal: Proposal) -> str:
    return f"{proposal.column} = {proposal.value()}{_comment(proposal)}"


def _comment(proposal: Proposal) -> str:
    out = f"  # unsure: {'; '.join(proposal.unsure)}" if proposal.unsure else ""
    return out + (f"  # {proposal.note}" if proposal.note else "")


def _needed(found: _Found) -> list[str]:
    out = []
    for column in found.needed():
        why = "part of the key" if column.name in found.type.key else "required"
        out.append(f'# NEEDED: {column.name} = "..."  # {why}: {column.meaning}')
    return out


def _wordings(proposal: Proposal) -> list[str]:
    """A column with wordings, as a table of its own."""
    return [
        "",
        f"[columns.{proposal.column}]{_comment(proposal)}",
        *(f"{name} = {said}" for name, said in proposal.parts),
        f"[columns.{proposal.column}.values]",
        *(
            f"{toml(theirs)} = {toml(ours)}{'' if ours else '  # unsure'}"
            for theirs, ours in proposal.values.items()
        ),
    ]


def _left(found: _Found) -> list[str]:
    """What of the type and of the file has no place in the draft."""
    needed = {c.name for c in found.needed()}
    used = {h.text for s in found.sources.values() for h in s.headings()} | {found.force}
    rest = [h.text for h in found.headings if h.text not in used]
    private = [h for h in rest if of_somebody(h)]
    absent = [c.name for c in found.type.columns if c.name not in found.sources and c.name not in needed]
    return [
        "",
        *_listed("not found", absent),
        *_listed("not used", (toml(h) for h in rest if h not in private)),
        *_listed("not taken: looks like somebody's name, address or birth date", map(toml, private)),
        *_listed("not taken: stands twice in the file, so rename one", map(toml, found.twice)),
    ]


def _listed(what: str, names: Iterable[str]) -> list[str]:
    text = ", ".join(names)
    if not text:
        return []
    return [f"# {line}" for line in textwrap.wrap(f"{what}: {text}", 110, break_long_words=False)]
