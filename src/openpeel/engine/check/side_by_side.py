"""The checks of several record types at once: most of a check is planning and Python, which uses one core."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from openpeel.engine.check.run import Checked, check_records, in_order
from openpeel.engine.check.settings import CheckSettings
from openpeel.engine.declare.records import RecordType
from openpeel.engine.intake import generations
from openpeel.engine.intake.generations import Vintage

#: Fewer types are not worth other processes; of more records each type has enough to do for all cores, and needs
#: the memory.
_FEW_TYPES, _MANY_RECORDS = 12, 5_000_000


def check_side_by_side(
    root: Path,
    types: Mapping[str, RecordType],
    vintage: Vintage,
    settings: CheckSettings | None = None,
    *,
    months: tuple[int, int] | None = None,
    population: RecordType | None = None,
    progress: Callable[[str], None] = lambda _text: None,
) -> Checked:
    """What ``check_records`` finds in all record types, worked out in as many processes as there are cores.

    Args and errors are those of ``check_records``. A generation that comes in between is looked at by some of
    the processes and not by others, as it would be by two checks.
    """
    rows = _rows(root, types, vintage)
    many = min(os.cpu_count() or 1, 4)
    if many < 2 or len(rows) < _FEW_TYPES or sum(rows.values()) > _MANY_RECORDS:
        return check_records(
            root, types, vintage, settings, months=months, population=population, progress=progress
        )
    parts = _parts(rows, many)
    with ProcessPoolExecutor(many, mp_context=get_context("spawn")) as pool:
        running = [
            pool.submit(_check, root, dict(types), vintage, settings, part, months, population)
            for part in parts
        ]
        found = []
        for done, job in enumerate(running, 1):
            found.append(job.result())
            progress(f"checked {sum(map(len, parts[:done]))} of {len(rows)} record types")
    return _together(found)


def _check(
    root: Path,
    types: dict[str, RecordType],
    vintage: Vintage,
    settings: CheckSettings | None,
    only: list[str],
    months: tuple[int, int] | None,
    population: RecordType | None,
) -> Checked:
    return check_records(root, types, vintage, settings, only=only, months=months, population=population)


def _rows(root: Path, types: Mapping[str, RecordType], vintage: Vintage) -> dict[str, int]:
    """Record type -> how many records of it hold."""
    generation, pin = generations.open_newest(root)
    try:
        out: dict[str, int] = {}
        for entry in generations.view(generation, vintage).current.values():
            if entry.type in types:
                out[entry.type] = out.get(entry.type, 0) + entry.rows
        return out
    finally:
        pin.close()


def _parts(rows: Mapping[str, int], many: int) -> list[list[str]]:
    """The types in parts of about the same work: some for each type, and some for its records."""
    parts: list[list[str]] = [[] for _ in range(many)]
    work = [0] * many
    for type_ in sorted(rows, key=lambda t: (-rows[t], t)):
        least = work.index(min(work))
        parts[least].append(type_)
        work[least] += 20_000 + rows[type_]
    return [part for part in parts if part]


def _together(found: list[Checked]) -> Checked:
    return Checked(
        in_order([d for one in found for d in one.doubts]),
        sorted((q for one in found for q in one.scores), key=lambda q: q.type),
        sorted((a for one in found for a in one.aside), key=lambda a: a.type),
        {key: n for one in found for key, n in sorted(one.rows.items())},
        sum(one.untold for one in found),
    )
