"""The process that reads all sheets of a workbook at once: ``python -m openpeel.sources.returns.worker``.

Under the limits and with the parts of the engine's own reader of sheets; it differs in that it keeps the place of
every cell, for errors by sheet and cell, and in that it starts once for several workbooks and not for each sheet. It
gets the workbooks on standard input, one behind the other, and their lengths and its limits as its one argument; it
answers with a list in JSON.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from openpeel.engine.intake.sheets import worker
from openpeel.engine.intake.sheets.package import Package
from openpeel.engine.intake.sheets.table import Fault, TableBuilder
from openpeel.errors import UserError

#: More than any return has.
MAX_SHEETS, MAX_CELLS = 100, 200_000


@dataclass
class Grid(TableBuilder):
    """Keeps a sheet's rows as they are: number, text by column, and what is wrong with cells.

    ``cells`` counts those that hold something, in the sheets before it as well.
    """

    kept: list[tuple[int, dict[int, str], list[tuple[str, str]]]] = field(default_factory=list)
    cells: int = 0

    def add(self, number: int, cells: Mapping[int, str], faults: Sequence[Fault] = ()) -> None:
        """Take one row.

        Raises:
            UserError: the sheet holds more than a return can.
        """
        held = {column: text for column, text in cells.items() if text.strip()}
        self.cells += len(held)
        if self.cells > MAX_CELLS:
            raise UserError(f"with it there are more than {MAX_CELLS} cells", "", "check that it is a return")
        if held or faults:
            self.kept.append((number, held, [(f.reason, f.detail) for f in faults]))


def main() -> int:
    """Answer with the sheets of each workbook."""
    wish = json.loads(sys.argv[1])
    worker._limit(int(wish["memory"]), int(wish["seconds"]))
    gc.disable()
    said = [respond(sys.stdin.buffer.read(length)) for length in wish["lengths"]]
    sys.stdout.write(json.dumps(said))
    return 0


def respond(data: bytes) -> dict[str, Any]:
    """The sheets of a workbook, or ``{"error": {what, do}}``; whatever goes wrong is part of the answer."""
    at: list[str] = []
    try:
        return {"sheets": _sheets(data, at)}
    except UserError as error:
        told = f"sheet {at[-1]}: {error.what}" if at else error.what
        return {"error": {"what": told, "do": error.do}}
    except (MemoryError, ImportError):  # no room for what does the work
        return {"error": {"what": worker.TOO_MUCH_MEMORY, "do": ""}}
    except Exception as error:  # whatever a damaged file leads to is said in one line
        return {"error": {"what": f"cannot be read ({type(error).__name__}: {error})", "do": ""}}


def _sheets(data: bytes, at: list[str]) -> list[dict[str, Any]]:
    from openpeel.engine.intake.sheets import ods, xlsx

    package = Package(data)
    book: Any = (ods if "content.xml" in package else xlsx).Workbook(package)
    if isinstance(book, xlsx.Workbook):
        _read_shared_once(book)
    if len(book.sheets) > MAX_SHEETS:
        raise UserError(f"holds more than {MAX_SHEETS} sheets", "", "check that it is a return")
    out, cells = [], 0
    for sheet in book.sheets:
        at.append(sheet.name)
        grid = Grid(1, cells=cells)
        spans = book.read(sheet, grid)
        cells = grid.cells
        out.append(
            {
                "name": sheet.name,
                "rows": grid.kept,
                "spans": [
                    [s.first_row, s.first_column, s.last_row, s.last_column, s.fault.reason, s.fault.detail]
                    for s in spans
                ],
            }
        )
    return out


def _read_shared_once(book: Any) -> None:
    """Keep what all sheets share: the engine reads one sheet a process, and would parse it again for each."""
    book._strings = cache(book._strings)
    book._formats = cache(book._formats)


if __name__ == "__main__":
    sys.exit(main())
