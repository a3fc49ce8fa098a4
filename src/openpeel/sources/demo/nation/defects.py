"""Sowing defects into the nation's extracts, with the key of what was sown, so that checks can be scored.

Twenty-five kinds, of single rows and of a force's whole month (`KINDS`); docs/demo-defects.md describes them. What
files are there, and what they hold, is found from the deliveries and the declarations of their record types.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from openpeel.engine.clock import month_text
from openpeel.engine.declare.records import RecordType
from openpeel.errors import UserError
from openpeel.register import load_register
from openpeel.sources.demo.nation.defects_blocks import BLOCK_KINDS
from openpeel.sources.demo.nation.defects_draw import Line, sow_blocks, sow_rows
from openpeel.sources.demo.nation.defects_extracts import read_extracts
from openpeel.sources.demo.nation.defects_rows import ROW_KINDS
from openpeel.sources.demo.nation.files import Delivery

#: Columns of the key.
COLUMNS = ("defect", "kind", "level", "force", "type", "month", "column", "key", "file", "row")
#: Every kind, with its level and what it is.
KINDS: dict[str, tuple[str, str]] = {
    **{k.id: ("row", k.said) for k in ROW_KINDS},
    **{k.id: ("block", k.said) for k in BLOCK_KINDS},
}
#: Defects of each kind, unless said otherwise.
ROWS_EACH, BLOCKS_EACH = 30, 12


def sow(
    deliveries: Sequence[Delivery],
    types: Mapping[str, RecordType],
    key_file: Path,
    seed: int,
    *,
    rows_each: int = ROWS_EACH,
    blocks_each: int = BLOCKS_EACH,
    progress: Callable[[str], None] = lambda _text: None,
) -> int:
    """Sow defects into delivered CSV files, in place, and write the key; the same files and seed, the same defects.

    Beside the key a second file, see `consequences_of`, names rows that are not wrong themselves but may well be
    doubted: those that stand twice where a whole month does.

    Args:
        deliveries: what was written, in the order in which it is to be imported. Their row counts do not hold
            any longer.
        types: the declared record types.
        key_file: where the key goes: outside any workspace.
        seed: which rows and months.
        rows_each, blocks_each: defects of each kind.
        progress: told of each kind for which there are too few places.

    Returns:
        How many defects were sown.

    Raises:
        UserError: a mapping cannot be read, or the key cannot be written.
    """
    of = read_extracts(deliveries, types, load_register("demo"))
    blocks, twins = sow_blocks(of, seed, blocks_each, progress)
    rows = sow_rows(of, seed, rows_each, {line.whose for line in blocks}, progress)
    # The key first: files with defects that nobody knows of would be worse than none.
    _write_key(key_file, rows + blocks)
    _write_key(consequences_of(key_file), twins)
    for table in of.tables:
        for sheet in table.sheets:
            sheet.write()
    return len({line.defect for line in rows + blocks})


def consequences_of(key_file: Path) -> Path:
    """The file beside a key that names what follows from its defects; it has the same columns."""
    return key_file.with_name(f"{key_file.stem}-consequences{key_file.suffix}")


def _write_key(file: Path, lines: Sequence[Line]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        row = "" if line.nth is None else line.sheet.number(line.place.at, line.nth)
        month = month_text(line.place.month)
        writer.writerow(
            (line.defect, line.kind, line.level, line.place.force, line.type, month, line.column, line.key,
             line.sheet.label, row)
        )  # fmt: skip
    try:
        file.write_bytes(out.getvalue().encode())
    except OSError as error:
        raise UserError(f"cannot be written ({error.strerror})", str(file), "choose another place") from None
