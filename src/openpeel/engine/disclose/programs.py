"""The ends of a count by programs: a linear one, and one in whole numbers where that leaves room (scipy's HiGHS)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from openpeel.engine.disclose.blocks import Block
from openpeel.engine.disclose.problem import Floats, Ints

#: What a solver may be off by, before its answer is rounded inwards. [our assumption]
NOISE = 1e-5
#: Blocks with more counts are solved by the interior point method, and not in whole numbers.
LARGE = 1500
#: What scipy calls a program without any solution.
NOTHING_AGREES = 2


class ImpossibleError(ValueError):
    """No table agrees with everything that is published."""


@dataclass(frozen=True)
class End:
    """One end of a count.

    Attributes:
        limit: no table of whole numbers that agrees goes further; infinite where there is no limit.
        table: a table that agrees, checked in whole numbers, if the solver's answer was one.
    """

    limit: float
    table: Ints | None


def linear(block: Block, j: int, sign: int) -> End:
    """The lowest (``sign`` 1) or highest (-1) count when parts of records are allowed, rounded inwards.

    Allowing parts of records can only add tables: the true end is this one or lies inside it.

    Raises:
        ImpossibleError: not even parts of records agree.
    """
    from scipy.optimize import linprog

    cost, extra = _cost(block, j, sign), _ratio_rows(block)
    result = linprog(
        cost,
        A_eq=block.matrix if len(block.rows) else None,
        b_eq=block.right if len(block.rows) else None,
        A_ub=extra,
        b_ub=None if extra is None else np.zeros(extra.shape[0]),
        bounds=np.column_stack((block.low, block.high)),
        method="highs-ipm" if len(block.counts) > LARGE else "highs-ds",
    )
    if result.status == NOTHING_AGREES:
        raise ImpossibleError
    return _end(block, j, sign, result.fun if result.status == 0 else None, result.x)


def in_whole_numbers(block: Block, j: int, sign: int, nodes: int) -> End:
    """The same in whole numbers; after ``nodes`` steps of the search its limit is what is proven by then.

    Raises:
        ImpossibleError: no whole numbers agree.
    """
    result = _search(block, _cost(block, j, sign), nodes)
    return _end(block, j, sign, result.get("mip_dual_bound"), result.x)


def any_table(block: Block, nodes: int) -> Ints | None:
    """Some table of whole numbers that agrees, if one is found.

    Raises:
        ImpossibleError: there is none.
    """
    if len(block.counts) > LARGE:
        return None
    return _whole(block, _search(block, np.zeros(len(block.counts)), nodes).x)


def _search(block: Block, cost: Floats, nodes: int) -> Any:
    from scipy.optimize import Bounds, LinearConstraint, milp

    extra = _ratio_rows(block)
    constraints = [LinearConstraint(block.matrix, block.right, block.right)] if len(block.rows) else []
    if extra is not None:
        constraints.append(LinearConstraint(extra, -np.inf, 0))
    result = milp(
        cost,
        constraints=constraints,
        integrality=np.ones(len(cost)),
        bounds=Bounds(block.low, block.high),
        options={"node_limit": nodes, "mip_rel_gap": 0},
    )
    if result.status == NOTHING_AGREES:
        raise ImpossibleError
    return result


def _end(block: Block, j: int, sign: int, found: float | None, values: Any) -> End:
    """The limit rounded inwards and never wider than the block's own; the solver's table where it agrees."""
    own = float(block.low[j] if sign > 0 else block.high[j])
    table = _whole(block, values)
    if found is None or not math.isfinite(found):
        return End(own, table)
    noise = NOISE * max(1.0, abs(found) / 1000)
    limit = max(own, math.ceil(found - noise)) if sign > 0 else min(own, math.floor(-found + noise))
    if table is not None:  # what was reached is possible, whatever the solver says
        limit = min(limit, int(table[j])) if sign > 0 else max(limit, int(table[j]))
    return End(float(limit), table)


def _whole(block: Block, values: Any) -> Ints | None:
    if values is None:
        return None
    table: Ints = np.rint(values).astype(np.int64)
    return table if block.agrees(table) else None


def _cost(block: Block, j: int, sign: int) -> Floats:
    cost = np.zeros(len(block.counts))
    cost[j] = sign
    return cost


def _ratio_rows(block: Block) -> Any:
    """Two rows a ratio, each at most 0: low times the denominator less the numerator, and the other way."""
    from scipy import sparse

    if not block.ratios:
        return None
    cells: list[float] = []
    columns: list[int] = []
    for top, bottom, low, high in block.ratios:
        columns += [bottom, top, top, bottom]
        cells += [float(low), -1.0, 1.0, -float(high)]
    rows = np.repeat(np.arange(2 * len(block.ratios)), 2)
    return sparse.csr_array((cells, (rows, columns)), shape=(2 * len(block.ratios), len(block.counts)))
