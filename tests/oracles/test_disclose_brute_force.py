"""The audit against every table of whole numbers there is, on publications small enough to list them all."""

from __future__ import annotations

from itertools import product
from math import inf

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openpeel.engine.disclose.audit import audit_publication
from openpeel.engine.disclose.protection import Protection
from openpeel.engine.disclose.rounding import count_range, round_count
from openpeel.engine.disclose.tables import (
    Cell,
    Key,
    Ratio,
    Sum,
    Table,
    cross_table,
    exact,
    printed_ratio,
    rounded,
    suppressed,
)

#: How a count is shown: as it is, rounded to 3 or 5, or withheld under a known rule.
WAYS = ("exact", "three", "five", "hidden")
MOST = 6


def show(key: Key, n: int, way: str) -> Cell:
    if way == "hidden":
        return suppressed(key, n, 0, None if "all" in key else 8)
    base = {"exact": 1, "three": 3, "five": 5}[way]
    return exact(key, n) if base == 1 else rounded(key, round_count(n, base), base, n)


@st.composite
def publications(draw: st.DrawFn, ratios: bool = False) -> list[Table]:
    """A cross table, and a second table that shows some of its counts again, added up in another way."""
    rows, columns = draw(st.sampled_from([(1, 3), (2, 2), (2, 3), (1, 4)]))
    names = [[f"r{i}" for i in range(rows)], [f"c{j}" for j in range(columns)]]
    inner = {p: draw(st.integers(0, MOST)) for p in product(*names)}
    true: dict[Key, int] = {}
    for r, c in product([*names[0], "all"], [*names[1], "all"]):
        true[r, c] = sum(n for (a, b), n in inner.items() if r in (a, "all") and c in (b, "all"))
    cells = {p: show(p, n, draw(st.sampled_from(WAYS))) for p, n in true.items()}
    tables = [cross_table("cross", names, ["all", "all"], cells)]
    some = draw(st.lists(st.sampled_from(sorted(inner)), min_size=2, max_size=3, unique=True))
    if draw(st.booleans()):
        total = sum(inner[p] for p in some)
        again = [show(p, inner[p], draw(st.sampled_from(WAYS))) for p in some]
        way = draw(st.sampled_from(WAYS[:3]))
        tables.append(Table("some", (show(("some",), total, way), *again), (Sum(("some",), tuple(some)),)))
    if ratios and inner[some[1]] > 0:
        top, bottom = some[0], some[1]
        text = f"{inner[top] / inner[bottom]:.{draw(st.integers(0, 4))}f}"
        pair = (cells[top], cells[bottom])
        tables.append(Table("ratio", pair, (), (printed_ratio(top, bottom, text),)))
    return tables


def possible(tables: list[Table]) -> dict[Key, set[int]]:
    """Every value of every count, by trying all inner counts that the tables allow by themselves."""
    low: dict[Key, float] = {}
    high: dict[Key, float] = {}
    for cell in (c for t in tables for c in t.cells):
        low[cell.key] = max(low.get(cell.key, 0), cell.low)
        high[cell.key] = min(high.get(cell.key, inf), inf if cell.high is None else cell.high)
    sums = {(s.total, s.parts) for t in tables for s in t.sums}
    ratios: list[Ratio] = [r for t in tables for r in t.ratios]
    inner = [k for k in low if "all" not in k and k != ("some",)]
    found: dict[Key, set[int]] = {k: set() for k in low}
    for values in product(*(range(int(low[k]), int(high[k]) + 1) for k in inner)):
        table = dict(zip(inner, values, strict=True))
        if fits(table, low, high, sums, ratios):
            for key, n in table.items():
                found[key].add(n)
    return found


def fits(
    table: dict[Key, int], low: dict[Key, float], high: dict[Key, float], sums: set, ratios: list[Ratio]
) -> bool:
    for total in {t for t, _parts in sums}:
        if total == ("some",):
            continue
        r, c = total
        table[total] = sum(
            n
            for k, n in table.items()
            if "all" not in k and len(k) == 2 and r in (k[0], "all") and c in (k[1], "all")
        )
    for total, parts in sums:
        if total == ("some",):
            table[total] = sum(table[p] for p in parts)
    if any(not low[k] <= n <= high[k] for k, n in table.items()):
        return False
    return all(
        table[r.denominator]
        and r.low * table[r.denominator] <= table[r.numerator] <= r.high * table[r.denominator]
        for r in ratios
    )


def few(tables: list[Table]) -> bool:
    """Whether listing all tables is quick."""
    size = 1
    for cell in tables[0].cells:
        if "all" not in cell.key:
            size *= (cell.high or 0) - cell.low + 1
    return size <= 6000


def hold(tables: list[Table]) -> None:
    """Every possible value lies in the audit's range, and the verdicts are right wherever they are given."""
    for width in (1, 2):
        audit = audit_publication(tables, Protection(small=30, width=width))
        values = possible(tables)
        for cell in audit.cells:
            there = values[cell.key]
            assert there
            assert cell.high is not None
            assert cell.low <= min(there)
            assert max(there) <= cell.high
            assert cell.seen_low is None or cell.seen_low in there
            assert cell.seen_high is None or cell.seen_high in there
            disclosed = max(there) - min(there) < width
            assert cell.verdict == ("disclosed" if disclosed else "protected")


QUIET = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@QUIET
@given(publications().filter(few))
def test_every_possible_value_is_in_the_range_and_every_single_one_is_found(tables: list[Table]) -> None:
    hold(tables)


@QUIET
@given(publications(ratios=True).filter(few))
def test_the_same_with_a_printed_ratio(tables: list[Table]) -> None:
    hold(tables)


def test_the_oracle_itself() -> None:
    cells = (exact(("r", "all"), 7), suppressed(("r", "a"), 3, 0, 8), exact(("r", "b"), 4))
    table = Table("t", cells, (Sum(("r", "all"), (("r", "a"), ("r", "b"))),))
    assert possible([table])["r", "a"] == {3}
    assert count_range(5) == (3, 7)
