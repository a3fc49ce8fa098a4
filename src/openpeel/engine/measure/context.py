"""Everything a figure is worked out from, opened once: records, populations and policies of a vintage."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from openpeel.engine.connection import connect
from openpeel.engine.declare.measures import AnyMeasure
from openpeel.engine.declare.records import RecordType
from openpeel.engine.declare.serial import digest
from openpeel.engine.declare.triangulations import Triangulation
from openpeel.engine.derive.layer import Sources
from openpeel.engine.derive.policies import Policy, load_policies
from openpeel.engine.intake import generations
from openpeel.engine.intake.containers import sha256
from openpeel.engine.intake.generations import Generation, Pin, View, Vintage
from openpeel.engine.measure import population
from openpeel.engine.measure.cells import Cells
from openpeel.engine.measure.population import Choice, Populations
from openpeel.engine.measure.question import METHODS
from openpeel.engine.measure.scan import DuckDB, Engine

T = TypeVar("T")


@dataclass(frozen=True)
class Catalogue:
    """The declared record types, measures and triangulations; ``population`` is the type that holds residents."""

    types: Mapping[str, RecordType]
    measures: Mapping[str, AnyMeasure]
    population: RecordType
    triangulations: Mapping[str, Triangulation] = field(default_factory=dict)


@dataclass
class Context:
    """An opened workspace at one vintage.

    ``fresh`` works everything out from the snapshots and keeps nothing, as ``verify`` needs;
    ``given`` are cells to use instead of any. ``methods`` are the engine's methods that versions hash.
    """

    con: duckdb.DuckDBPyConnection
    root: Path
    catalogue: Catalogue
    generation: Generation
    generation_hash: str
    view: View
    populations: Populations
    policies: dict[str, Policy]
    progress: Callable[[str], None]
    engine: Engine
    fresh: bool = False
    given: Cells | None = None
    methods: Mapping[str, str] = field(default_factory=lambda: dict(METHODS))
    _pin: Pin | None = field(default=None, repr=False)
    _settled: dict[tuple[object, ...], Any] = field(default_factory=dict, repr=False)

    def once(self, what: str, of: Sequence[object], more: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        """Something that hangs on declarations alone, worked out once for all the questions that are asked here.

        Args:
            what: what it is.
            of: the declarations; they are told apart as objects, since some cannot be hashed.
            more: what else it hangs on.
            make: works it out.
        """
        key = (what, *map(id, of), *more)
        if key not in self._settled:
            # Kept with it, so that no other object comes to have the id of one of them.
            self._settled[key] = (make(), list(of))
        found: T = self._settled[key][0]
        return found

    def sources(self) -> Sources:
        """What derivations may draw on."""
        return Sources(self.catalogue.types, self.policies, self.view)

    def policies_hash(self) -> str:
        """A hash of every policy known at the vintage."""
        return digest([p.plain() for _, p in sorted(self.policies.items())])

    def close(self) -> None:
        """Let connection and generation go."""
        self.con.close()
        if self._pin:
            self._pin.close()


def open_context(
    root: Path,
    catalogue: Catalogue,
    vintage: Vintage,
    choice: Choice = "latest",
    progress: Callable[[str], None] = lambda _text: None,
    engine: Engine | None = None,
) -> Context:
    """Open a workspace's newest generation at a vintage.

    ``engine`` makes the cubes; DuckDB unless stated.

    Raises:
        UserError: the workspace's files or policies cannot be read.
    """
    generation, pin = generations.open_newest(root)
    view = generations.view(generation, vintage)
    con = connect()
    return Context(
        con=con,
        root=root,
        catalogue=catalogue,
        generation=generation,
        generation_hash=generation_hash(root, generation),
        view=view,
        populations=population.load(con, root, catalogue.population, view, choice),
        policies=load_policies(root / "policies", vintage.as_at),
        progress=progress,
        engine=engine or DuckDB(root),
        _pin=pin,
    )


def generation_hash(root: Path, generation: Generation) -> str:
    """The SHA-256 of a generation's file; empty for a workspace without any."""
    if not generation.number:
        return ""
    return sha256(generations.generation_file(root, generation.number).read_bytes())
