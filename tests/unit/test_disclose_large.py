"""The audit on large cross tables: found by walking, whole tables alone, and almost nothing left undecided."""

from __future__ import annotations

import numpy as np
import pytest

from openpeel.engine.disclose.audit import audit_publication
from openpeel.engine.disclose.blocks import blocks
from openpeel.engine.disclose.given_away import given_away_by
from openpeel.engine.disclose.moves import moves
from openpeel.engine.disclose.problem import merge
from openpeel.engine.disclose.protection import Protection
from openpeel.engine.disclose.rounding import round_count
from openpeel.engine.disclose.tables import Cell, Key, Sum, Table, cross_table, exact, rounded, suppressed
from openpeel.engine.disclose.tighten import tighten
from openpeel.engine.disclose.walk import Walker, nothing_seen


def cross(forces: int, months: int, categories: int, seed: int = 1) -> Table:
    """Forces by months by categories with all totals, every count rounded to 5, most of them small."""
    chance = np.random.default_rng(seed)
    many = chance.gamma(0.7, 6, (forces, 1, categories)) * np.ones((forces, months, categories))
    true = chance.poisson(many)
    for axis in range(3):
        true = np.concatenate([true, true.sum(axis=axis, keepdims=True)], axis=axis)
    words = (
        [f"force {i}" for i in range(forces)],
        [str(i) for i in range(months)],
        [f"c{i}" for i in range(categories)],
    )
    lines = [[*w, "all"] for w in words]
    cells: dict[Key, Cell] = {}
    for place, n in np.ndenumerate(true):
        key = tuple(line[i] for line, i in zip(lines, place, strict=True))
        cells[key] = rounded(key, round_count(int(n)), 5, int(n))
    return cross_table("nation", words, ["all"] * 3, cells)


def test_every_table_on_the_way_agrees_with_everything_published() -> None:
    problem = merge([cross(6, 4, 5)])
    tighten(problem)
    block = max(blocks(problem), key=lambda b: len(b.counts))
    true = np.array([problem.true[j] for j in block.counts], dtype=np.int64)
    assert block.agrees(true)
    seen = nothing_seen(block)
    seen.add(true)
    chance = np.random.default_rng(1)
    for move in moves(block, chance):
        change = np.zeros(len(true), dtype=np.int64)
        change[[j for j, _step in move]] = [step for _j, step in move]
        assert not (block.matrix @ change).any()
    walker = Walker(block, true, seen, 2, chance)
    walker.take_moves()
    for _pass in range(5):
        walker.wander()
        assert block.agrees(np.array(walker.values))
        walker.push(np.arange(len(true)))
        assert block.agrees(np.array(walker.values))
    assert (np.array(walker.least) >= block.low).all()
    assert (np.array(walker.most) <= block.high).all()
    assert not block.agrees(true + 1)


def test_a_table_of_hundreds_of_counts_is_settled() -> None:
    audit = audit_publication([cross(10, 6, 6)])
    assert audit.counts == 11 * 7 * 7
    assert audit.of("undecided") == []
    assert len(audit.of("protected")) > 100
    again = audit_publication([cross(10, 6, 6)])
    assert again == audit


@pytest.mark.long
def test_a_year_of_the_nation_by_twenty_categories_is_settled() -> None:
    audit = audit_publication([cross(43, 12, 20)])
    assert audit.counts == 44 * 13 * 21
    assert len(audit.cells) > 4000
    assert len(audit.of("undecided")) < 20
    assert audit.of("disclosed") == []


def test_tables_behind_a_count_are_looked_for_among_the_nearest_alone() -> None:
    """Eight tables of two counts each, linked like a chain, of which only all together give the first away."""
    names = [(f"n{i}",) for i in range(9)]
    chain = [
        Table(
            f"t{i}",
            (exact((f"sum {i}",), 6), suppressed(names[i], 3), suppressed(names[i + 1], 3)),
            (Sum((f"sum {i}",), (names[i], names[i + 1])),),
        )
        for i in range(8)
    ]
    end = Table("end", (exact(names[8], 3),))
    found = given_away_by([*chain, end], names[0], Protection())
    assert (len(found.tables), found.least) == (9, True)
    few = given_away_by([*chain, end], names[0], Protection(tables=4))
    assert (few.tables, few.least) == (("t0",), False)
    assert "leave the table out" in few.advice
