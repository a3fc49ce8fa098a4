"""What a police.uk file is, from its name and its headings, and its rows as parts of a supply."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openpeel.engine.clock import month_of, month_text, now, parse_month
from openpeel.engine.intake.containers import Member, sha256
from openpeel.engine.intake.mapping import Mapping, Part, match_headings, normal_heading
from openpeel.engine.intake.read import Delimited, read_delimited
from openpeel.errors import UserError
from openpeel.register import Register
from openpeel.sources.members import is_csv, members_of
from openpeel.sources.police_uk.mapping import OTHER_KINDS, STOP_SEARCH_FILES

#: A name as police.uk gives it: month, force, kind; month and force may be missing elsewhere.
NAME = re.compile(
    r"(?:(\d{4}-\d{2})-)?(?:(.+)-)?(stop-and-search|street|outcomes)\.csv(\.gz)?", re.IGNORECASE
)
_NAMELESS = re.compile(r"(unnamed: \d+)?", re.IGNORECASE)
#: What stands in a file of another kind, by the word in its name, and the kind it is imported as.
_SKIPPED = {"street": "street crime", "outcomes": "crime outcomes"}
_IMPORT_AS = {"street crime": "street-crime", "crime outcomes": "street-outcomes"}


@dataclass
class Found:
    """What a look through the paths gives, filled while the parts are drawn."""

    skipped: list[str] = field(default_factory=list)
    refused: list[UserError] = field(default_factory=list)


@dataclass(frozen=True)
class Options:
    """What the user states where a file's name does not: forces in the order of the file, and months."""

    forces: Sequence[str] = ()
    months: tuple[int, int] | None = None


def read_parts(
    paths: list[Path],
    register: Register,
    options: Options,
    found: Found,
    progress: Callable[[str], None],
) -> Iterator[Part]:
    """The parts of all stop and search files below some paths.

    Files of other kinds go to ``found.skipped``, files that cannot be used to ``found.refused``;
    neither stops the rest.

    Raises:
        UserError: a path does not exist, or a stated force is not known.
    """
    forces = [register.resolve(f).id for f in options.forces]
    for member, meant in members_of(paths, found.refused, progress):
        try:
            yield from _parts_of(member, register, forces, options, found, meant)
        except UserError as error:
            found.refused.append(error)


def _parts_of(
    member: Member, register: Register, forces: list[str], options: Options, found: Found, meant: bool
) -> Iterator[Part]:
    name = NAME.fullmatch(member.name)
    if name and name[1] and name[2] and name[3].lower() in _SKIPPED:
        # Only a full name as police.uk gives them is taken at its word; else the headings tell.
        found.skipped.append(_elsewhere(member, _SKIPPED[name[3].lower()]))
        return
    if not is_csv(member.name):
        if meant:
            raise UserError("is not a CSV file", member.label, "give .csv, .csv.gz or .zip files")
        found.skipped.append(f"{member.label}: not a CSV file")
        return
    data = member.read()
    content = read_delimited(data, member.label)
    kind = _other_kind(content.headings)
    if kind:
        found.skipped.append(_elsewhere(member, kind))
        return
    columns, unused = columns_of(STOP_SEARCH_FILES, "stop and search", content, member.label)
    month, force = name.group(1, 2) if name and name[3].lower() not in _SKIPPED else (None, None)
    owners = forces_of(member.label, force, register, forces)
    months = months_of(member.label, month, options)
    notes = notes_of(STOP_SEARCH_FILES, columns, unused)
    yield from _split(member, content, columns, owners, months, notes, (sha256(data), len(data)))


def _elsewhere(member: Member, kind: str) -> str:
    return f"{member.label}: {kind}; import it with `openpeel import public {_IMPORT_AS[kind]}`"


def _other_kind(headings: list[str]) -> str:
    have = {normal_heading(h) for h in headings}
    for kind, marks in OTHER_KINDS.items():
        if all(normal_heading(m) in have for m in marks):
            return kind
    return ""


def columns_of(
    mapping: Mapping, kind: str, content: Delimited, label: str
) -> tuple[dict[str, int], list[str]]:
    """Where the mapping's columns stand in a file, and the headings it has no use for.

    Raises:
        UserError: a column that is needed is not there, or is there twice.
    """
    columns, unused = match_headings(mapping, content.headings, label)
    missing = [mapping.headings[c][0] for c in mapping.needed if c not in columns]
    if missing:
        raise UserError(
            f"is not a {kind} file (no column {', '.join(missing)})", label, "check what the file is"
        )
    return columns, unused


def forces_of(label: str, given: str | None, register: Register, stated: list[str]) -> list[str]:
    """The forces of a file, by its name or as stated.

    Raises:
        UserError: neither tells, they contradict each other, or the register has no such force.
    """
    if not given:
        if not stated:
            raise UserError("its name does not tell the force", label, "name it with --force")
        return stated
    try:
        named = register.resolve(given).id
    except UserError as error:
        raise UserError(error.what, label, error.do or "name the force with --force") from None
    if stated and stated != [named]:
        raise UserError(
            f"the name says {named} and --force says {', '.join(stated)}", label, "leave --force away"
        )
    return [named]


def months_of(label: str, given: str | None, options: Options) -> tuple[int, int]:
    """First and last month of a file, by its name or as stated.

    Raises:
        UserError: neither tells, they contradict each other, or the month lies in the future.
    """
    months = options.months
    if given:
        try:
            named = parse_month(given)
        except UserError as error:
            raise UserError(error.what, label, "name the file as police.uk does") from None
        if months and months != (named, named):
            raise UserError(f"the name says {given} and --month says otherwise", label, "leave --month away")
        months = named, named
    if months is None:
        raise UserError(
            "its name does not tell the month",
            label,
            "state it with --month 2019-07 or --month 2016-03..2019-02",
        )
    if months[1] > month_of(now().date()):
        raise UserError(f"{month_text(months[1])} lies in the future", label, "check name and --month")
    return months


def notes_of(mapping: Mapping, columns: dict[str, int], unused: list[str]) -> list[str]:
    """What to say of columns that the file has too many or lacks."""
    notes = []
    named = [h for h in unused if h]
    if named:
        notes.append(f"columns not used: {', '.join(named)}")
    missing = [names[0] for column, names in mapping.headings.items() if column not in columns]
    if missing:
        notes.append(f"columns not in the file, unknown on every row: {', '.join(missing)}")
    return notes


def _split(
    member: Member,
    content: Delimited,
    columns: dict[str, int],
    owners: list[str],
    months: tuple[int, int],
    notes: list[str],
    seal: tuple[str, int],
) -> Iterator[Part]:
    """One part for a file of one force; for a file joined from several, one for each run of its index."""
    table = content.table.select([columns[c] for c in columns]).rename_columns(list(columns))
    starts = _runs(content)
    if len(owners) == 1:
        notes = [*notes, *_joined(member.label, owners[0], len(starts), months)]
        starts = [0]
    if len(starts) != len(owners):
        raise UserError(
            f"{len(owners)} forces are stated, and the file's index column has {len(starts)} runs",
            member.label,
            "state the forces in the order in which their rows stand",
        )
    if len(owners) > 1 and content.malformed:
        raise UserError(
            f"row {content.malformed[0].row} {content.malformed[0].detail}",
            member.label,
            "mend the joined file",
        )
    ends = [*starts[1:], table.num_rows]
    for owner, start, end in zip(owners, starts, ends, strict=True):
        label = member.label if len(owners) == 1 else f"{member.label} ({owner})"
        yield Part(
            label=label,
            sha256=seal[0],
            size=seal[1],
            force=owner,
            first=months[0],
            last=months[1],
            table=table.slice(start, end - start),
            rows=content.rows.slice(start, end - start),
            malformed=content.malformed,
            notes=list(notes),
        )


def _joined(label: str, owner: str, runs: int, months: tuple[int, int]) -> list[str]:
    """What to say of a file stated to be of one force that looks like several joined."""
    if runs == 1:
        return []
    what = f"the index column starts anew {runs - 1} times, as in a file joined from {runs} files"
    if runs > months[1] - months[0] + 1:
        raise UserError(f"{what}, and one force is stated", label, "state all its forces with --force a,b,c")
    return [f"{what}; all rows are taken as {owner}, as stated"]


def _runs(content: Delimited) -> list[int]:
    """Where a nameless index column in front starts anew; just [0] for files without one.

    In a run the index goes up; a run that does not begin at 0 is no run of a joined file.
    """
    if not content.headings or not _NAMELESS.fullmatch(content.headings[0]):
        return [0]
    index = content.table.column(0).to_pylist()
    if not index or not all(re.fullmatch("[0-9]{1,18}", value) for value in index):
        return [0]
    numbers = [int(value) for value in index]
    starts = [0, *(at for at in range(1, len(numbers)) if numbers[at] <= numbers[at - 1])]
    return starts if all(numbers[at] == 0 for at in starts) else [0]
