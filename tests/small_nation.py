"""A nation of two forces and a few months, with records of every type that a shipped measure looks at."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from openpeel.catalogue import shipped
from openpeel.cli.demo_imports import take_extracts
from openpeel.engine.declare.derivations import Lookup, Rollup
from openpeel.engine.declare.records import RecordType
from openpeel.sources.demo.nation.build import build, scratch
from openpeel.sources.demo.nation.files import write_extracts
from openpeel.sources.demo.nation.knobs import Knobs
from openpeel.sources.demo.nation.supply import supplies
from openpeel.workspace import create

KNOBS = Knobs(forces=2, months=3, scale=0.001, seed=4, story="plain")


def types_measured() -> dict[str, RecordType]:
    """The record types that shipped measures are of, and those that these look up; not the published searches."""
    types, out = shipped().types, {}
    todo = sorted({m.of for m in shipped().measures.values()})
    while todo:
        one = types[todo.pop()]
        out[one.id] = one
        todo += [d.of for d in one.derived if isinstance(d, Lookup | Rollup) and d.of not in out]
    return out


def small_nation(root: Path) -> int:
    """Build the nation and take it in through the ordinary ways; gives the rows accepted."""
    workspace = create(root, register="demo").root
    folder = root.parent / f"{root.name}-extracts"
    with closing(scratch()) as con:
        build(con, KNOBS)
        deliveries = write_extracts(con, folder, types_measured(), supplies(KNOBS), lambda _text: None)
    read, accepted = take_extracts(workspace, deliveries, lambda _text: None)
    assert read == accepted > 0
    return accepted
