"""Reading spreadsheets safely: .xlsx and .ods into the same table of strings that CSV becomes.

The workbook is read by a process of its own under limits of memory and time; nothing in it is run or
worked out, and nothing outside it is read. Every cell becomes a string that says exactly what it holds;
where a string could not (a formula without a value, an error, merged cells), the row is set aside.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from openpeel.engine.intake.read import Delimited, Malformed
from openpeel.engine.intake.sheets import worker
from openpeel.engine.intake.sheets.package import AS_CSV, refuse_by_first_bytes
from openpeel.errors import UserError

#: What of our own environment the process needs in order to start.
_PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL")


@dataclass(frozen=True)
class Limits:
    """What reading one sheet may take.

    Attributes:
        memory: bytes of address space.
        seconds: of work; on a busy machine twice as many may pass by the clock.
    """

    memory: int = 3 << 30
    seconds: int = 300


LIMITS = Limits()


def read_sheet(
    data: bytes, label: str, sheet: str = "", header_row: int = 1, limits: Limits = LIMITS
) -> Delimited:
    """Read one sheet of a workbook.

    Hidden and filtered rows and columns are read like others. Rows above the headings are passed over.
    A row's number counts from the row under the headings; blank rows are counted and are no rows. A
    column without a heading is kept if it holds anything and stands before the last heading. A number is
    a number whatever its format shows (12% is 0.12), except for dates, times and durations.

    Args:
        data: the workbook's bytes.
        label: its name, for errors.
        sheet: the sheet's name; blank for the only one in sight that holds anything.
        header_row: number of the row in which the headings stand.
        limits: what reading it may take.

    Raises:
        UserError: it is no .xlsx or .ods file, damaged, encrypted, a bomb, too large, or holds macros; the
            sheet is not there, or it is not clear which one is meant; the headings cannot be read.
    """
    if header_row < 1:
        raise UserError(f"row {header_row} cannot hold the headings", label, "rows are counted from 1")
    wish = {"ask": "table", "sheet": sheet, "header_row": header_row}
    said, rest = _ask(data, label, wish, limits)
    try:
        source = pa.BufferReader(rest)
        table = pa.ipc.open_stream(source).read_all()
        aside = pa.ipc.open_stream(source).read_all().to_pylist()
    except pa.ArrowInvalid:
        raise _failed(label, "ended without an answer") from None
    rows = table.column("row").combine_chunks()
    malformed = [Malformed(**row) for row in aside]
    return Delimited(said["headings"], table.drop_columns(["row"]), rows, malformed)


def sheet_names(data: bytes, label: str, limits: Limits = LIMITS) -> list[str]:
    """The names of a workbook's sheets in their order, hidden ones too.

    Raises:
        UserError: as for ``read_sheet``.
    """
    said, _ = _ask(data, label, {"ask": "names"}, limits)
    return [str(name) for name in said["names"]]


def _ask(data: bytes, label: str, wish: dict[str, Any], limits: Limits) -> tuple[dict[str, Any], pa.Buffer]:
    """Put a question to the process; its line of JSON, and what stands behind it."""
    try:
        refuse_by_first_bytes(data)
    except UserError as error:
        raise UserError(error.what, label, error.do) from None
    done = _run(data, label, {**wish, "memory": limits.memory, "seconds": limits.seconds}, limits.seconds)
    end = done.stdout.find(b"\n") + 1
    if done.returncode or not end:
        raise _failed(label, _why(done.returncode))
    said = json.loads(done.stdout[:end])
    if "error" in said:
        raise UserError(said["error"]["what"], label, said["error"]["do"] or AS_CSV)
    return said, pa.py_buffer(done.stdout).slice(end)


def _run(data: bytes, label: str, wish: dict[str, Any], seconds: int) -> subprocess.CompletedProcess[bytes]:
    """Run the process in an empty folder, away from modules that lie about and from our environment."""
    command = [sys.executable, "-P", "-B", "-m", worker.__name__, json.dumps(wish)]
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # Arrow's own allocator reserves far more than it uses, which would count against the limit.
    environment["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    with tempfile.TemporaryDirectory(prefix="openpeel-sheet-") as folder:
        try:
            return subprocess.run(
                command, input=data, capture_output=True, timeout=2 * seconds, cwd=folder, env=environment
            )
        except subprocess.TimeoutExpired:
            raise _failed(label, f"takes longer than {2 * seconds} seconds to read") from None


def _why(status: int) -> str:
    """Why the process ended without an answer."""
    if status == -signal.SIGXCPU:
        return "takes too long to read"
    # Killed for want of memory, ended by itself for want of it, or never got as far as starting.
    return worker.TOO_MUCH_MEMORY


def _failed(label: str, what: str) -> UserError:
    return UserError(what, label, AS_CSV)
