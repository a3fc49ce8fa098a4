"""A workbook's sheets as they were filled in: every cell's text with its place, read by a process under limits."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpeel.engine.intake.sheets import LIMITS, Limits
from openpeel.engine.intake.sheets.package import refuse_by_first_bytes
from openpeel.engine.intake.sheets.table import letters
from openpeel.engine.intake.sheets.worker import TOO_MUCH_MEMORY
from openpeel.errors import UserError
from openpeel.sources.returns import worker

_AGAIN = "send the workbook that the template made, filled in"
#: What of our own environment the process needs in order to start.
_PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL")


@dataclass(frozen=True)
class Row:
    """A row that holds something: its number, its texts by column, and what is wrong with its cells."""

    number: int
    cells: Mapping[int, str]
    faults: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SheetGrid:
    """A sheet: its rows by number, and ranges of cells that are no plain cells (merged, formulas over a range)."""

    name: str
    rows: Mapping[int, Row]
    spans: tuple[tuple[int, int, int, int, str, str], ...] = ()

    def row(self, number: int) -> Row:
        """The row of that number, blank if nothing stands in it, with what is wrong with it."""
        found = self.rows.get(number, Row(number, {}))
        over = tuple((s[4], s[5]) for s in self.spans if s[0] <= number <= s[2])
        return Row(number, found.cells, (*found.faults, *over)) if over else found

    def below(self, number: int) -> Iterator[Row]:
        """The rows under one that hold something, or with which something is wrong."""
        for later in sorted(n for n in self.rows if n > number):
            yield self.row(later)

    def holds_something(self) -> bool:
        """Whether anything stands in it."""
        return bool(self.rows)


#: A workbook's sheets by their names.
Grids = dict[str, SheetGrid]


def place(row: int, column: int) -> str:
    """The name of a cell, such as ``D7``; columns count from 0."""
    return f"{letters(column)}{row}"


def read_grids(books: Sequence[tuple[str, bytes]], limits: Limits = LIMITS) -> list[Grids | UserError]:
    """All sheets of some workbooks, hidden ones too, by their names.

    They are read by one process, since starting it takes longer than reading a return. Where it fails, each is
    read by a process of its own, so that one workbook cannot take the others with it.

    Args:
        books: label, for errors, and bytes of each.
        limits: what reading them may take.

    Returns:
        for each in turn its sheets, or the error: it is no .xlsx or .ods file, damaged, encrypted, a bomb, holds
        macros, or is too large for a return.
    """
    wrong: dict[int, UserError] = {}
    for at, (label, data) in enumerate(books):
        try:
            refuse_by_first_bytes(data)
        except UserError as error:
            wrong[at] = UserError(error.what, label, error.do)
    told = iter(_read_good([book for at, book in enumerate(books) if at not in wrong], limits))
    return [wrong[at] if at in wrong else next(told) for at in range(len(books))]


def _read_good(books: Sequence[tuple[str, bytes]], limits: Limits) -> list[Grids | UserError]:
    if not books:
        return []
    try:
        answers = _ask(books, limits)
    except UserError as error:
        if len(books) == 1:
            return [error]
        return [answer for book in books for answer in _read_good([book], limits)]
    return [_answer(label, said) for (label, _), said in zip(books, answers, strict=True)]


def _answer(label: str, said: Mapping[str, Any]) -> Grids | UserError:
    if "error" in said:
        return UserError(said["error"]["what"], label, said["error"]["do"] or _AGAIN)
    sheets = [_grid(sheet) for sheet in said["sheets"]]
    return {sheet.name: sheet for sheet in sheets}


def _grid(sheet: Mapping[str, Any]) -> SheetGrid:
    rows = {
        number: Row(number, {int(c): text for c, text in cells.items()}, tuple((r, d) for r, d in faults))
        for number, cells, faults in sheet["rows"]
    }
    return SheetGrid(sheet["name"], rows, tuple(tuple(s) for s in sheet["spans"]))


def _ask(books: Sequence[tuple[str, bytes]], limits: Limits) -> list[dict[str, Any]]:
    """Have the process read them, in an empty folder and away from our environment."""
    label, lengths = books[0][0], [len(data) for _, data in books]
    wish = json.dumps({"memory": limits.memory, "seconds": limits.seconds, "lengths": lengths})
    command = [sys.executable, "-P", "-B", "-m", worker.__name__, wish]
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    content = b"".join(data for _, data in books)
    with tempfile.TemporaryDirectory(prefix="openpeel-return-") as folder:
        try:
            done = subprocess.run(
                command,
                input=content,
                capture_output=True,
                timeout=2 * limits.seconds,
                cwd=folder,
                env=environment,
            )
        except subprocess.TimeoutExpired:
            raise UserError(
                f"takes longer than {2 * limits.seconds} seconds to read", label, _AGAIN
            ) from None
    if done.returncode or not done.stdout:
        slow = done.returncode == -signal.SIGXCPU
        raise UserError("takes too long to read" if slow else TOO_MUCH_MEMORY, label, _AGAIN)
    said: list[dict[str, Any]] = json.loads(done.stdout)
    return said
