"""A force's files, read by its mapping file, as parts of a supply."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from openpeel.engine.clock import month_of, month_text, now, parse_months
from openpeel.engine.intake.containers import Member, sha256
from openpeel.engine.intake.mapping import HEADING, Mapping, Part, match_headings, normal_heading
from openpeel.engine.intake.sheets import read_sheet
from openpeel.errors import UserError
from openpeel.register import Register
from openpeel.sources.extract.mapping_file import MappingFile, about
from openpeel.sources.extract.tables import Rows, open_table, read_rows, typed_in_all
from openpeel.sources.extract.text import read_text
from openpeel.sources.members import members_of

_TEXT = re.compile(r"\.(csv|tsv)(\.gz)?$", re.IGNORECASE)
_SHEET = re.compile(r"\.(xlsx|xlsm|xls|ods)$", re.IGNORECASE)
_PARQUET = re.compile(r"\.parquet$", re.IGNORECASE)
#: A Parquet file with more rows than this is worth a word where it has to be taken in one piece.
_MANY = 3_000_000
_SPACES = " \t\n\r\u00a0\ufeff"


@dataclass
class Found:
    """What a look through the paths gives, filled while the parts are drawn."""

    skipped: list[str] = field(default_factory=list)
    refused: list[UserError] = field(default_factory=list)


@dataclass(frozen=True)
class Stated:
    """Whose records the files hold and of which months; ``force`` is blank where the rows say it."""

    force: str
    months: tuple[int, int] | None


def stated(said: MappingFile, register: Register, force: str = "", months: str = "") -> Stated:
    """What mapping file and options say of all the files.

    Args:
        said: the mapping file.
        register: the forces.
        force: as stated beside it; overrides the file's.
        months: ``2019-07`` or ``2019-07..2019-09``; blank for any.

    Raises:
        UserError: the force is not known, or not said; the months are needed, or lie in the future.
    """
    return Stated(_owner(said, register, force), _months(said.mapping, months))


def _owner(said: MappingFile, register: Register, force: str) -> str:
    if force and said.names_forces():
        raise UserError(
            "the mapping takes the force from the rows, and --force says it, too",
            said.file,
            "use one of them",
        )
    text, where = (force, "--force") if force else (said.force, said.file)
    if text:
        try:
            return register.resolve(text).id
        except UserError as error:
            raise UserError(error.what, where, error.do) from None
    if not said.names_forces():
        raise UserError(
            "does not say whose records these are", said.file, "add force or force_column, or give --force"
        )
    return ""


def _months(mapping: Mapping, text: str) -> tuple[int, int] | None:
    if not text:
        if mapping.scope == "complete":
            raise UserError(
                "scope complete is to replace whole months and does not say which",
                "--month",
                "state them: --month 2019-07 or --month 2019-07..2019-09",
            )
        return None
    try:
        months = parse_months(text)
    except UserError as error:
        raise UserError(error.what, "--month", error.do) from None
    if months[1] > month_of(now().date()):
        raise UserError(f"{month_text(months[1])} lies in the future", "--month", "check it")
    return months


def read_parts(
    paths: list[Path],
    said: MappingFile,
    of: Stated,
    register: Register,
    found: Found,
    progress: Callable[[str], None],
) -> Iterator[Part]:
    """The parts of all CSV files, spreadsheets and Parquet files below some paths.

    Files of other kinds go to ``found.skipped``, files that cannot be used to ``found.refused``; neither
    stops the rest.

    Raises:
        UserError: a path does not exist.
    """
    members = list(members_of(paths, found.refused, lambda _: None))
    supply = _Supply(said, of, register, _typed([m for m, _ in members], said.mapping))
    for member, meant in members:
        progress(member.name)
        if not any(kind.search(member.name) for kind in (_TEXT, _SHEET, _PARQUET)):
            _pass_over(member, meant, found)
            continue
        try:
            yield from supply.parts(member)
        except UserError as error:
            found.refused.append(error)


def _pass_over(member: Member, meant: bool, found: Found) -> None:
    what = "not a CSV file, a spreadsheet (.xlsx, .ods) or a Parquet file"
    if meant:
        found.refused.append(UserError(f"is {what}", member.label, "save it as one"))
    else:
        found.skipped.append(f"{member.label}: {what}")


@dataclass(frozen=True)
class _Supply:
    """What holds for all files of a supply; ``typed`` are the columns that stay as Parquet types them."""

    said: MappingFile
    of: Stated
    register: Register
    typed: frozenset[str]

    def parts(self, member: Member) -> Iterator[Part]:
        if _PARQUET.search(member.name):
            yield from self._of_parquet(member)
            return
        data, layout = member.read(), self.said.layout
        if _SHEET.search(member.name):
            content = read_sheet(data, member.label, layout.sheet, layout.header_row)
        else:
            content = read_text(data, member.label, layout)
        places, unused = places_of(self.said.mapping, content.headings, member.label)
        table = content.table.select(list(places.values())).rename_columns(list(places))
        rows = Rows(table, content.rows, content.malformed)
        yield self._part(member.label, (sha256(data), len(data)), rows, _unused(unused))

    def _of_parquet(self, member: Member) -> Iterator[Part]:
        source = member.read() if member.inside else member.path
        seal, mapping = _seal(source), self.said.mapping
        file = open_table(source, member.label)
        places, unused = places_of(mapping, file.schema_arrow.names, member.label)
        # Two parts of one file would be two files that are each complete for the same months.
        at_once = mapping.scope == "complete"
        count, notes = file.metadata.num_rows, _unused(unused)
        if at_once and count > _MANY:
            notes.append(
                f"its {count} rows are taken in one piece, being complete; month by month takes less"
            )
        begins = 1
        for rows in read_rows(file, places, mapping, self.typed, member.label, at_once):
            ends = begins + len(rows.rows) + len(rows.malformed) - 1
            whole = begins == 1 and ends == count
            label = member.label if whole else f"{member.label} (rows {begins} to {ends})"
            yield self._part(label, seal, rows, notes)
            begins = ends + 1

    def _part(self, label: str, seal: tuple[str, int], rows: Rows, notes: Sequence[str]) -> Part:
        table, strange = _with_forces(rows.table, self.register)
        said = [*about(self.said), *notes]
        if strange:
            said.append(f"not in the register of forces: {', '.join(strange)}")
        first, last = self.of.months or (None, None)
        return Part(label, *seal, self.of.force, first, last, table, rows.rows, rows.malformed, said)


def _unused(headings: list[str]) -> list[str]:
    return [f"columns not used: {', '.join(headings)}"] if headings else []


def places_of(mapping: Mapping, headings: list[str], label: str) -> tuple[dict[str, int], list[str]]:
    """Where the columns of a mapping stand in a file, and the headings it has no use for.

    Raises:
        UserError: a heading that the mapping names is not there, or is there twice.
    """
    places, unused = match_headings(mapping, headings, label)
    wanted = mapping.headings | {HEADING + h: (h,) for h in mapping.others()}
    for column, names in wanted.items():
        if column not in places:
            listed = " or ".join(f"`{n}`" for n in names)
            raise UserError(f"has no column {listed}", label, _near(names[0], headings))
    return places, [h for h in unused if h.strip()]


def _near(name: str, headings: list[str]) -> str:
    plain = {normal_heading(h): h for h in headings if h.strip()}
    near = difflib.get_close_matches(normal_heading(name), plain, 1, 0.6)
    if near:
        return f"did you mean `{plain[near[0]]}`? Mend mapping or file"
    listed = ", ".join(list(plain.values())[:8]) + (" …" if len(plain) > 8 else "")
    return f"mend mapping or file: its headings are {listed}"


def _with_forces(table: pa.Table, register: Register) -> tuple[pa.Table, list[str]]:
    """The table with forces by their ids, and the names that the register does not know, as written."""
    if "force" not in table.column_names:
        return table, []
    coded = table["force"].combine_chunks()
    coded = (coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded).dictionary_encode()
    names = [(n or "").strip(_SPACES) for n in coded.dictionary.to_pylist()]
    owners = [register.find(n) if n else None for n in names]
    ids = pa.array([o.id if o else None for o in owners], pa.string()).take(coded.indices)
    strange = sorted({n for n, o in zip(names, owners, strict=True) if n and o is None})
    shown = strange if len(strange) <= 5 else [*strange[:5], f"and {len(strange) - 5} more"]
    return table.set_column(table.column_names.index("force"), "force", ids), shown


def _typed(members: Sequence[Member], mapping: Mapping) -> frozenset[str]:
    """The columns that stay typed: the files of one supply are checked together, and must agree."""
    schemas, found = [], []
    for member in members:
        if _TEXT.search(member.name) or _SHEET.search(member.name):
            return frozenset()
        if not _PARQUET.search(member.name):
            continue
        if member.inside:
            return frozenset()
        try:
            schema = open_table(member.path, member.label).schema_arrow
            places: Table[str, int] = places_of(mapping, schema.names, member.label)[0]
        except UserError:
            continue  # refused when it is read
        schemas.append(schema)
        found.append(places)
    return typed_in_all(schemas, mapping, found)


def _seal(source: Path | bytes) -> tuple[str, int]:
    if isinstance(source, bytes):
        return sha256(source), len(source)
    with source.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest(), source.stat().st_size
