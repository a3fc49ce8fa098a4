"""Bringing returns in: every workbook read whole first, then table by table into the workspace."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa

from openpeel.areas.shared.returned import NOT_APPLICABLE
from openpeel.engine.clock import last_day, now
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake.commit import FileAccount, Intake, take_in
from openpeel.engine.intake.containers import Member, sha256
from openpeel.engine.intake.mapping import Mapping as FileMapping
from openpeel.engine.intake.mapping import Part
from openpeel.errors import UserError
from openpeel.register import Register
from openpeel.sources.members import members_of
from openpeel.sources.returns.collections import collection_named
from openpeel.sources.returns.grid import Grids, read_grids
from openpeel.sources.returns.layout import HEADER_ROW, BookPlan, plan_of
from openpeel.sources.returns.read import ReturnRead, SheetRead, Source, read_return
from openpeel.sources.returns.taken import ReturnTaken, TableTaken, Taken

_BOOK = re.compile(r"\.(xlsx|ods)$", re.IGNORECASE)
#: So many workbooks are read by one process, none of them larger than this.
_AT_ONCE, _LARGEST = 12, 8 << 20
_LOCK = re.compile(r"^(~\$|\.~lock\.)")


def _silent(_: str) -> None:
    pass


def import_returns(
    root: Path,
    register: Register,
    types: Mapping[str, RecordType],
    paths: Sequence[Path],
    *,
    supplied: date | None = None,
    force: str = "",
    waiting: Callable[[], None] | None = None,
    progress: Callable[[str], None] = _silent,
) -> Taken:
    """Bring the returns below some paths into a workspace.

    A workbook is read whole first; one that cannot be is refused whole, and nothing of it is taken in. Each table
    of those that can is complete for its force and the months of the collection.

    Args:
        root: the workspace.
        register: the forces.
        types: the record types by id.
        paths: workbooks, or folders or archives with them.
        supplied: day from which the records are known; the day of import if not stated.
        force: id of the force whose returns these must be; blank for any.
        waiting: called once if another import is under way and this one waits.
        progress: called with what is being done.

    Returns:
        the returns taken in, in the order in which they were named, and what was refused.

    Raises:
        UserError: a path does not exist, or the day lies in the future.
    """
    if supplied and supplied > now().date():
        raise UserError(f"{supplied} lies in the future", "--supplied", "give the day it was supplied")
    out = Taken()
    found = _without_rivals(list(_read_all(root, register, types, paths, force, out, progress)), out)
    tables: dict[tuple[str, str], list[TableTaken]] = {}
    for plan, sheet in _sheets_of(found):
        mine = [r for r in found if r.plan.collection == plan.collection]
        progress(f"{plan.collection.id}: {sheet}")
        for read, table in _take_in(root, mine, sheet, supplied, waiting, progress, out):
            tables.setdefault((read.source.label, plan.collection.id), []).append(table)
    for read in found:
        collection = read.plan.collection
        made = tuple(tables.get((read.source.label, collection.id), ()))
        out.refused += [t.refused for t in made if t.refused]
        out.returns.append(
            ReturnTaken(
                read.force,
                collection,
                read.source.label,
                read.source.sha256,
                read.source.size,
                made,
                read.notes,
            )
        )
    return out


def _read_all(
    root: Path,
    register: Register,
    types: Mapping[str, RecordType],
    paths: Sequence[Path],
    force: str,
    out: Taken,
    progress: Callable[[str], None],
) -> Iterator[ReturnRead]:
    def plans(collection: str, of: str) -> BookPlan:
        owner = register.resolve(of).id
        return plan_of(collection_named(collection, root), owner, types)

    members = []
    for member, meant in members_of(list(paths), out.refused, progress):
        if _BOOK.search(member.name) and not _LOCK.search(member.name):
            members.append(member)
        else:
            _pass_over(member, meant, out)
    for some in (members[at : at + _AT_ONCE] for at in range(0, len(members), _AT_ONCE)):
        for source, grids in _grids(some, out):
            progress(source.label)
            try:
                if isinstance(grids, UserError):
                    raise grids
                read = read_return(grids, source, plans)
                _refuse_wrong(read, force)
            except UserError as error:
                out.refused.append(error)
                continue
            yield read


def _grids(members: Sequence[Member], out: Taken) -> Iterator[tuple[Source, Grids | UserError]]:
    """The sheets of some files, or why they cannot be read."""
    books: list[tuple[str, bytes]] = []
    for member in members:
        try:
            data = member.read()
            if len(data) > _LARGEST:
                raise UserError(
                    f"is larger than {_LARGEST >> 20} MiB", member.label, "check that it is a return"
                )
            books.append((member.label, data))
        except UserError as error:
            out.refused.append(error)
    for (label, data), grids in zip(books, read_grids(books), strict=True):
        yield Source(label, sha256(data), len(data)), grids


def _pass_over(member: Member, meant: bool, out: Taken) -> None:
    what = "not a workbook (.xlsx, .ods)"
    if meant:
        out.refused.append(UserError(f"is {what}", member.label, "send the workbook that the template made"))
    else:
        out.skipped.append(f"{member.label}: {what}")


def _refuse_wrong(read: ReturnRead, force: str) -> None:
    if force and read.force != force:
        raise UserError(
            f"is the return of {read.force}, not of {force}", read.source.label, "check --force and file"
        )
    ends = last_day(read.plan.collection.last)
    if ends > now().date():
        raise UserError(
            f"is a return of {read.plan.collection.period()}, and that has not ended",
            read.source.label,
            f"wait for {ends}",
        )


def _without_rivals(found: list[ReturnRead], out: Taken) -> list[ReturnRead]:
    """The returns but for those of which a force gave two for one collection: nobody can say which one holds."""
    by_whom: dict[tuple[str, str], list[ReturnRead]] = {}
    for read in found:
        by_whom.setdefault((read.force, read.plan.collection.id), []).append(read)
    for (force, collection), reads in by_whom.items():
        for read in reads if len(reads) > 1 else []:
            others = ", ".join(r.source.label for r in reads if r is not read)
            out.refused.append(
                UserError(
                    f"is the return of {force} for {collection}, and so is {others}",
                    read.source.label,
                    "give one",
                )
            )
    return [r for r in found if len(by_whom[r.force, r.plan.collection.id]) == 1]


def _sheets_of(found: Sequence[ReturnRead]) -> list[tuple[BookPlan, str]]:
    """Each sheet of each collection, earlier collections first: later ones may replace what these say of a year."""
    plans = {
        r.plan.collection: r.plan
        for r in sorted(found, key=lambda r: (r.plan.collection.last, r.source.label))
    }
    return [(plan, sheet.name) for plan in plans.values() for sheet in plan.sheets]


def _take_in(
    root: Path,
    reads: Sequence[ReturnRead],
    sheet: str,
    supplied: date | None,
    waiting: Callable[[], None] | None,
    progress: Callable[[str], None],
    out: Taken,
) -> Iterator[tuple[ReturnRead, TableTaken]]:
    """Take in one table of all returns of one collection."""
    mine = {r.source.label: next(s for s in r.sheets if s.plan.name == sheet) for r in reads}
    record_type = mine[reads[0].source.label].plan.type
    mapping = FileMapping(
        record_type, {c.name: (c.name,) for c in record_type.columns}, (), "complete", "local"
    )
    # A sheet of empty rows in which nothing was written says nothing; it is not a sheet that says there is none.
    parts = {
        _label(r, sheet): _part(r, mine[r.source.label])
        for r in reads
        if _says_something(mine[r.source.label])
    }
    for read in reads:
        if _label(read, sheet) not in parts:
            out.notes.append(
                f"{_label(read, sheet)} holds no rows: taken as not supplied, and nothing is replaced"
            )
    try:
        intake = take_in(
            root,
            mapping,
            parts.values(),
            supplied=supplied,
            waiting=waiting,
            progress=progress,
            tell=out.notes.append,
        )
    except UserError as error:
        refused = UserError(error.what, f"sheet {sheet}", error.do)
        intake = Intake("", "complete", [], [refused])
    out.notes += [f"{sheet}: {note}" for note in intake.notes]
    accounts = {f.file: f for f in intake.files}
    late = _set_aside_later(root, intake)
    for read in reads:
        label = _label(read, sheet)
        refused_here = next((e for e in intake.refused if e.where in (label, f"sheet {sheet}")), None)
        yield (
            read,
            _table(
                mine[read.source.label], intake.id, accounts.get(label), refused_here, late.get(label, {})
            ),
        )


def _says_something(sheet: SheetRead) -> bool:
    return bool(sheet.good or sheet.aside)


def _label(read: ReturnRead, sheet: str) -> str:
    return f"{read.source.label} › {sheet}"


def _part(read: ReturnRead, sheet: SheetRead) -> Part:
    plan = sheet.plan
    names = [c.name for c in plan.columns]
    columns = {name: [row.values.get(name, "") for row in sheet.good] for name in names}
    if plan.keeps_not_applicable():
        columns[NOT_APPLICABLE] = [", ".join(row.not_applicable) for row in sheet.good]
    table = pa.table({name: pa.array(texts, pa.string()) for name, texts in columns.items()})
    rows = pa.array([row.number - HEADER_ROW for row in sheet.good], pa.int64())
    first = read.sheets[0] is sheet
    named = {s.plan.name for s in read.sheets}
    notes = [n.line() for n in read.notes if n.sheet == plan.name or (first and n.sheet not in named)]
    said = [f"rows laid out that are not there: {', '.join(sheet.missing)}"] if sheet.missing else []
    label = _label(read, plan.name)
    return Part(
        label, read.source.sha256, read.source.size, read.force, *plan.months, table, rows, list(sheet.aside),
        [*said, *(f"the force's note: {n}" for n in notes)],
    )  # fmt: skip


def _set_aside_later(root: Path, intake: Intake) -> dict[str, dict[int, str]]:
    """Rows that only the intake set aside, since they break a rule: label -> row -> reason."""
    found: dict[str, dict[int, str]] = {}
    if not intake.id or not any(f.set_aside for f in intake.files):
        return found
    with gzip.open(
        root / "intake" / intake.id / "set-aside.csv.gz", "rt", encoding="utf-8", newline=""
    ) as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["file"], {})[int(row["row"])] = row["reason"]
    return found


def _table(
    sheet: SheetRead,
    intake: str,
    account: FileAccount | None,
    refused: UserError | None,
    late: Mapping[int, str],
) -> TableTaken:
    plan = sheet.plan
    known = {m.row for m in sheet.aside}
    faults = {m.row: m.detail for m in sheet.aside}
    faults |= {n: f"sheet {plan.name}, row {n + HEADER_ROW}: {s}" for n, s in late.items() if n not in known}
    if account is None:
        aside = {"the table was refused": len(sheet.good) + len(sheet.aside)} if refused else {}
        read, accepted = len(sheet.good) + len(sheet.aside), 0
    else:
        aside, read, accepted = dict(account.set_aside), account.read, account.accepted
    return TableTaken(
        plan.name, plan.type.id, intake if account else "", read, accepted, aside, sheet.not_known,
        sheet.not_applicable, tuple(sheet.missing), tuple(faults[n] for n in sorted(faults)), refused,
    )  # fmt: skip
