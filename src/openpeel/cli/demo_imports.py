"""Taking the demo nation in, by the same steps as the verbs that import."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from openpeel.cli.output import note

if TYPE_CHECKING:
    from openpeel.sources.demo.nation.files import Delivery
    from openpeel.sources.demo.nation.returned import SentReturns

#: Most of a small import is planning, which uses one core: so many types are taken in side by side.
_AT_ONCE = 4


def take_extracts(
    workspace: Path, deliveries: Iterable[Delivery], progress: Callable[[str], None]
) -> tuple[int, int]:
    """Import deliveries one after the other as ``openpeel import extract`` does; gives rows read and accepted.

    Raises:
        UserError: a mapping or a file cannot be used.
    """
    from openpeel.catalogue import load_catalogue
    from openpeel.engine.intake.commit import take_in
    from openpeel.register import load_register
    from openpeel.sources.extract.files import Found, read_parts, stated
    from openpeel.sources.extract.mapping_file import read_mapping
    from openpeel.workspace import open_workspace

    place = open_workspace(workspace)  # which is synthetic has been said once
    register, types = load_register(place.settings.register), load_catalogue(place.root).types
    read = accepted = 0
    for delivery in deliveries:
        progress(f"importing {delivery.file.name}, {delivery.rows:,} rows")
        said, found = read_mapping(delivery.mapping, types), Found()
        of = stated(said, register, months=delivery.months)
        parts = read_parts([delivery.file], said, of, register, found, progress)
        intake = take_in(place.root, said.mapping, parts, supplied=delivery.sent, progress=progress)
        for error in [*found.refused, *intake.refused]:
            note(f"refused: {error.line()}")
        read, accepted = read + intake.read(), accepted + intake.accepted()
    return read, accepted


def take_returns(
    workspace: Path, returns: Sequence[SentReturns], progress: Callable[[str], None]
) -> tuple[int, int]:
    """Import collections one after the other as ``openpeel import return`` does; gives rows read and accepted.

    Raises:
        UserError: a folder is not there.
    """
    from openpeel.catalogue import load_catalogue
    from openpeel.register import load_register
    from openpeel.sources.returns.bring import import_returns
    from openpeel.workspace import open_workspace

    place = open_workspace(workspace)
    register, types = load_register(place.settings.register), load_catalogue(place.root).types
    read = accepted = 0
    for sent in returns:
        taken = import_returns(
            place.root, register, types, [sent.folder], supplied=sent.sent, progress=progress
        )
        for error in taken.refused:
            note(f"refused: {error.line()}")
        tables = [t for one in taken.returns for t in one.tables]
        read, accepted = read + sum(t.read for t in tables), accepted + sum(t.accepted for t in tables)
    return read, accepted


def take_all(
    workspace: Path,
    deliveries: Sequence[Delivery],
    returns: Sequence[SentReturns],
    progress: Callable[[str], None],
) -> tuple[int, int]:
    """Import deliveries and returns that are all there, several record types at once; each type's in their order.

    Raises:
        UserError: a mapping or a file cannot be used.
    """
    by_type: dict[str, list[Delivery]] = {}
    for delivery in deliveries:
        by_type.setdefault(delivery.type, []).append(delivery)
    first, *others = sorted(by_type.values(), key=lambda ds: -sum(d.rows for d in ds))
    counts = [take_extracts(workspace, first, progress)]  # alone: it makes the forces' keys
    many = min(_AT_ONCE, os.cpu_count() or 1)
    with ProcessPoolExecutor(many, mp_context=get_context("spawn")) as pool:
        running = [pool.submit(take_returns, workspace, returns, _silent)]
        running += [pool.submit(take_extracts, workspace, ds, _silent) for ds in others]
        for done, job in enumerate(running, 1):
            counts.append(job.result())
            progress(f"imported {done} of {len(running)} lots")
    return sum(r for r, _ in counts), sum(a for _, a in counts)


def _silent(text: str) -> None:
    pass
