"""The process that reads a workbook: ``python -m openpeel.engine.intake.sheets.worker``.

It gets the workbook's bytes on standard input and the wishes as its one argument, in JSON; it opens no
file, starts nothing and writes nothing to disk. What it answers on standard output begins with one line
of JSON: ``{"error": {what, do}}``, ``{"names": […]}``, or ``{"headings": […]}`` with two Arrow streams behind
it: the rows, the first column their numbers, and the rows set aside.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from openpeel.errors import UserError

if TYPE_CHECKING:
    import pyarrow as pa

S = TypeVar("S", bound="Sheet")

TOO_MUCH_MEMORY = "needs more memory than a sheet may"


class Sheet(Protocol):
    """A sheet, whatever the kind of its workbook."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def visible(self) -> bool:
        """Whether somebody who opens the workbook sees it."""


def main() -> int:
    """Answer one question about one workbook."""
    wish = json.loads(sys.argv[1])
    _limit(int(wish["memory"]), int(wish["seconds"]))
    # Nothing here is a cycle worth collecting, and looking for cycles takes a third of the time.
    gc.disable()
    for piece in respond(wish, sys.stdin.buffer.read()):
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
    return 0


def respond(wish: dict[str, Any], data: bytes) -> list[bytes | memoryview]:
    """The answer in pieces; whatever goes wrong is part of it."""
    try:
        return _answer(wish, data)
    except UserError as error:
        return [_line({"error": {"what": error.what, "do": error.do}})]
    except (MemoryError, ImportError):  # no room for what does the work
        return [_line({"error": {"what": TOO_MUCH_MEMORY, "do": ""}})]
    except Exception as error:  # whatever a damaged file leads to is said in one line
        what = f"cannot be read ({type(error).__name__}: {error})"
        return [_line({"error": {"what": what, "do": ""}})]


def _limit(memory: int, seconds: int) -> None:
    """Set limits that nothing in this process can go beyond, before anything of the workbook is read."""
    _at_most(resource.RLIMIT_AS, memory, memory)
    # A second later it would be killed without saying why.
    _at_most(resource.RLIMIT_CPU, seconds, seconds + 1)
    # No file, nor what was in memory, should it crash.
    _at_most(resource.RLIMIT_FSIZE, 0, 0)
    _at_most(resource.RLIMIT_CORE, 0, 0)


def _at_most(what: int, soft: int, hard: int) -> None:
    """Set one limit, unless a stricter one holds already."""
    held = resource.getrlimit(what)[1]
    if held != resource.RLIM_INFINITY:
        soft, hard = min(soft, held), min(hard, held)
    resource.setrlimit(what, (soft, hard))


def _line(content: dict[str, Any]) -> bytes:
    return json.dumps(content).encode() + b"\n"


def _answer(wish: dict[str, Any], data: bytes) -> list[bytes | memoryview]:
    # Imported within the limits.
    from openpeel.engine.intake.sheets import ods, xlsx
    from openpeel.engine.intake.sheets.package import Package
    from openpeel.engine.intake.sheets.table import TableBuilder

    package = Package(data)
    book: Any = (ods if "content.xml" in package else xlsx).Workbook(package)
    if wish["ask"] == "names":
        return [_line({"names": [sheet.name for sheet in book.sheets]})]
    builder = TableBuilder(wish["header_row"])
    spans = book.read(choose(book.sheets, wish["sheet"], book.holds_values), builder)
    content = builder.finish(spans)
    rows = content.table.add_column(0, "row", content.rows)
    aside = content.aside_table()
    return [_line({"headings": content.headings}), _stream(rows), _stream(aside)]


def choose(sheets: Sequence[S], wanted: str, holds_values: Callable[[S], bool]) -> S:
    """The sheet of a name; without one, the only sheet in sight that holds anything.

    Raises:
        UserError: there is none, or several, or no such sheet; the sheets there are get named.
    """
    if wanted:
        same = [s for s in sheets if s.name == wanted] or [
            s for s in sheets if s.name.strip().casefold() == wanted.strip().casefold()
        ]
        if len(same) != 1:
            what = f"holds no sheet {wanted!r}; its sheets are {_named(sheets)}"
            raise UserError(what, "", "name one of them")
        return same[0]
    filled = [s for s in sheets if s.visible and holds_values(s)]
    if len(filled) > 1:
        raise UserError(f"holds several sheets, {_named(filled)}", "", "say which one to read")
    if filled:
        return filled[0]
    hidden = [s for s in sheets if not s.visible and holds_values(s)]
    if hidden:
        what = f"holds nothing but on hidden sheets, {_named(hidden)}"
        raise UserError(what, "", "say which one to read")
    raise UserError("holds no cells with anything in them", "", "check the file")


def _named(sheets: Sequence[Sheet]) -> str:
    more = f" and {len(sheets) - 20} more" if len(sheets) > 20 else ""
    return ", ".join(repr(sheet.name) for sheet in sheets[:20]) + more


def _stream(table: pa.Table) -> memoryview:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return memoryview(sink.getvalue())


if __name__ == "__main__":
    sys.exit(main())
