"""Writing a whole nation to folders: public files, extracts, returns, truth."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from openpeel.engine.declare.records import RecordType
from openpeel.sources.demo.focus import FOCUS
from openpeel.sources.demo.nation.build import build, scratch
from openpeel.sources.demo.nation.defects import sow
from openpeel.sources.demo.nation.files import Delivery, write_extracts
from openpeel.sources.demo.nation.knobs import Knobs
from openpeel.sources.demo.nation.returned import SentReturns, write_returns
from openpeel.sources.demo.nation.supply import Supply, supplies
from openpeel.sources.demo.nation.truth import write_truth
from openpeel.sources.demo.truth import World
from openpeel.sources.demo.world import write_world

#: The key of the defects that were sown, among the truth.
DEFECTS = "defects.csv"


@dataclass(frozen=True)
class Nation:
    """What was written.

    Attributes:
        world: the public files, and the population.
        deliveries: the extracts, in the order in which they were sent.
        returns: the workbooks of each collection.
        supplies: when.
        truth: the truth tables.
    """

    world: World
    deliveries: tuple[Delivery, ...]
    returns: tuple[SentReturns, ...]
    supplies: tuple[Supply, ...]
    truth: tuple[Path, ...]

    @property
    def rows(self) -> int:
        """Rows of all extracts and search files."""
        return self.world.rows + sum(d.rows for d in self.deliveries)


def write_nation(
    folder: Path,
    truth: Path,
    types: dict[str, RecordType],
    knobs: Knobs,
    defects: bool = False,
    progress: Callable[[str], None] = lambda _text: None,
) -> Nation:
    """Write a nation: the same knobs, the same bytes.

    Args:
        folder: where the files go that forces send and publish; new or empty.
        truth: where the truth tables go: outside any workspace.
        types: the declared record types.
        knobs: what nation.
        defects: whether defects are sown into the extracts; their key is then ``defects.csv`` among the truth.
        progress: told what is being made.

    Raises:
        UserError: the folder is not empty.
    """
    with closing(scratch()) as con:
        build(con, knobs, progress=progress)
        world = write_world(
            folder,
            forces=knobs.forces,
            months=knobs.months,
            scale=knobs.scale,
            seed=knobs.seed,
            story=knobs.story,
            closer=knobs.scale_of(FOCUS) / knobs.scale,
            without=_own_searches(con),
            progress=progress,
        )
        run = supplies(knobs)
        deliveries = write_extracts(con, folder / "extracts", types, run, progress)
        returns = write_returns(con, folder / "returns", types, run, progress)
        true = write_truth(con, truth, types)
    if defects:
        progress("sowing defects")
        sow(deliveries, types, truth / DEFECTS, knobs.seed)
    return Nation(world, tuple(deliveries), tuple(returns), tuple(run), tuple(true))


def _own_searches(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Forces that send their own records of searches."""
    tables = {row[0] for row in con.execute("SHOW TABLES").fetchall()}
    if "powers.stop_search" not in tables:
        return frozenset()
    return frozenset(r[0] for r in con.execute('SELECT DISTINCT force FROM "powers.stop_search"').fetchall())
