"""Everything that was delivered, looked through once: whose rows stand where, and which records are referred to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from openpeel.engine.declare.records import COUNTS, RecordType
from openpeel.engine.intake.mapping import match_headings
from openpeel.register import Register
from openpeel.sources.demo.nation.defects_files import Table
from openpeel.sources.demo.nation.defects_sheet import Sheet
from openpeel.sources.demo.nation.files import Delivery
from openpeel.sources.extract.mapping_file import MappingFile, read_mapping

#: Force and key of a record, as written.
Named = tuple[str, tuple[str, ...]]


@dataclass
class Extracts:
    """What was delivered.

    Attributes:
        tables: the CSV files, by mapping, in which defects can be sown.
        referred: record type -> the records that others refer to.
        asked: the record types of which it is of interest which records are there.
        held: record type -> the records that are there, of those types.
        register: the forces.
    """

    tables: list[Table]
    register: Register
    asked: set[str]
    referred: dict[str, set[Named]] = field(default_factory=lambda: defaultdict(set))
    held: dict[str, set[Named]] = field(default_factory=lambda: defaultdict(set))
    _forces: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _owners: dict[str, str] = field(default_factory=dict)

    def is_referred(self, type_: str, force: str, key: tuple[str, ...]) -> bool:
        """Whether another record leads to this one."""
        return (force, key) in self.referred.get(type_, ())

    def forces_with(self, type_: str) -> set[str]:
        """The forces of which records of a type are there."""
        return self._forces.get(type_, set())

    def owner(self, name: str) -> str:
        """The id of a force by its name; blank if there is no such force."""
        if name not in self._owners:
            found = self.register.find(name) if name else None
            self._owners[name] = found.id if found else ""
        return self._owners[name]

    def add(
        self, record_type: RecordType, forces: Sequence[str], values: Mapping[str, Sequence[str]]
    ) -> None:
        """Note records: that they are there, and to which they refer.

        Args:
            record_type: theirs.
            forces: of each its force.
            values: of each what is written in some columns.
        """
        blank = [""] * len(forces)
        if record_type.key and record_type.id in self.asked:
            keys = zip(*(values.get(k, blank) for k in record_type.key), strict=True)
            self.held[record_type.id].update(zip(forces, keys, strict=True))
            self._forces[record_type.id].update(forces)
        for reference in record_type.references:
            if all(c in values for c in reference.columns):
                keys = zip(*(values[c] for c in reference.columns), strict=True)
                self.referred[reference.to].update(
                    named for named in zip(forces, keys, strict=True) if all(named[1])
                )


def read_extracts(
    deliveries: Sequence[Delivery], types: Mapping[str, RecordType], register: Register
) -> Extracts:
    """Look through what was delivered.

    Args:
        deliveries: the files with their mappings, in the order in which they were sent; those without rows
            are no files.
        types: the declared record types.
        register: the forces.

    Raises:
        UserError: a mapping cannot be read.
    """
    by_mapping: dict[Path, list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        if delivery.rows:
            by_mapping[delivery.mapping].append(delivery)
    # Of calls by the hundred thousand that nothing leads to, nobody will ask.
    sown = {d.type for d in deliveries if d.file.suffix == ".csv"}
    asked = sown | {r.to for d in deliveries for r in types[d.type].references}
    out = Extracts([], register, asked)
    for mapping, sent in by_mapping.items():
        said = read_mapping(mapping, types)
        force = register.resolve(said.force).id if said.force else ""
        _look_at_parquet(out, [d.file for d in sent if d.file.suffix == ".parquet"], said, force)
        sheets = [Sheet(d.file, d.sent) for d in sent if d.file.suffix == ".csv"]
        if sheets:
            table = Table(said.mapping.type, said.mapping, force, sheets)
            _look_at(out, table)
            # A total that lacks a part is no total: what a defect in it leads to nobody could list.
            out.tables += [] if table.type.kind in COUNTS else [table]
    return out


def _named(record_type: RecordType) -> list[str]:
    """The columns that name a record or lead to others."""
    return list(dict.fromkeys([*record_type.key, *(c for r in record_type.references for c in r.columns)]))


def _look_at(out: Extracts, table: Table) -> None:
    columns = [c for c in _named(table.type) if table.has(c)]
    forces, values = table.survey(out.owner, columns)
    out.add(table.type, forces, dict(zip(columns, values, strict=True)))


def _look_at_parquet(out: Extracts, files: Iterable[Path], said: MappingFile, force: str) -> None:
    record_type = said.mapping.type
    for file in files:
        held = pq.ParquetFile(file)
        headings = held.schema_arrow.names
        at = match_headings(said.mapping, headings, str(file))[0]
        columns = [c for c in _named(record_type) if c in at]
        whose = ["force"] if "force" in at else []
        table = held.read([headings[at[c]] for c in (*columns, *whose)])
        values = {c: _texts(table[headings[at[c]]]) for c in (*columns, *whose)}
        names = values.pop("force", [force] * table.num_rows)
        out.add(record_type, [out.owner(n) for n in names] if whose else names, values)


def _texts(column: pa.ChunkedArray) -> list[str]:
    return ["" if v is None else str(v) for v in column.to_pylist()]
