"""Which scans are planned, and that their marginals are what counting one by one gives."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from openpeel.engine.connection import connect, insert_rows
from openpeel.engine.measure.cubes import (
    NOT_KNOWN,
    Breakdown,
    Counted,
    Cube,
    cube_sql,
    cubes_of,
    marginals_sql,
)

ALL = Counted("n_all", "(TRUE)")
FEW = Counted("n_few", '"amount" > 3')
TOTAL = Counted("t_sum", '"amount"', "sum")
EACH = Counted("s_amount", '"amount"', "bins")
CON = connect()
ROW = st.tuples(
    st.sampled_from("ab"), *[st.sampled_from(["x", "y", None])] * 2, st.none() | st.integers(0, 6)
)


def keys(cubes: list[Cube]) -> list[tuple[str, ...]]:
    return [c.key for c in cubes]


def test_what_fits_together_is_one_scan() -> None:
    wanted = {(): [ALL], ("grade",): [ALL, FEW], ("area",): [ALL], ("grade", "abuse"): [ALL]}
    (cube,) = cubes_of(wanted, {"grade": 5, "abuse": 2, "area": 20})
    assert set(cube.key) == {"grade", "area", "abuse"}
    assert [c.name for c in cube.columns()] == ["n_all", "n_few"]


def test_a_cube_that_would_explode_is_several() -> None:
    wanted = {(): [ALL], **{(f"d{n}",): [ALL] for n in range(8)}}
    cubes = cubes_of(wanted, {f"d{n}": 9 for n in range(8)}, widest=1_000)
    assert [len(c.key) for c in cubes] == [3, 3, 2]
    assert sorted(b for c in cubes for b in c.wanted) == sorted(wanted)


def test_a_breakdown_wider_than_any_cube_has_one_of_its_own() -> None:
    cubes = cubes_of({("station",): [ALL], ("grade",): [ALL]}, {"station": 900, "grade": 5}, widest=1_000)
    assert keys(cubes) == [("station",), ("grade",)]


def test_a_count_is_made_only_where_it_is_wanted() -> None:
    cubes = cubes_of({("a",): [ALL], ("b",): [FEW]}, {"a": 99, "b": 99}, widest=100)
    assert [[c.name for c in cube.columns()] for cube in cubes] == [["n_all"], ["n_few"]]


def test_exact_counts_have_scans_of_their_own() -> None:
    cubes = cubes_of({(): [ALL, EACH], ("grade",): [EACH]}, {"grade": 5})
    assert [(c.key, c.bins) for c in cubes] == [((), None), (("grade",), EACH)]


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=25), st.sampled_from([2, 7, 500]))
def test_marginals_are_what_counting_one_by_one_gives(
    rows: list[tuple[str, str | None, str | None, int | None]], widest: int
) -> None:
    breakdowns: list[Breakdown] = [(), ("one",), ("two",), ("one", "two")]
    wanted = {b: [ALL, FEW, TOTAL, EACH] for b in breakdowns}
    CON.execute(
        "CREATE OR REPLACE TEMP TABLE rows_held (snapshot VARCHAR, one VARCHAR, two VARCHAR, amount BIGINT)"
    )
    insert_rows(CON, "rows_held", rows)
    found: Counter[tuple[object, ...]] = Counter()
    for cube in cubes_of(wanted, {"one": 2, "two": 2}, widest):
        CON.execute(f"CREATE OR REPLACE TEMP TABLE c AS {cube_sql(cube, 'rows_held')}")
        got = CON.execute(marginals_sql(cube, "c"))
        names = [d[0] for d in got.description or []]
        for row in got.fetchall():
            given_ = dict(zip(names, row, strict=True))
            at = (
                given_.pop("snapshot"),
                given_.pop("dimension"),
                given_.pop("value"),
                given_.pop("bin", None),
            )
            for name, n in given_.items():
                if n is not None:
                    found[(*at, name)] += n
    expected: Counter[tuple[object, ...]] = Counter()
    for snapshot, one, two, amount in rows:
        for breakdown in wanted:
            values = {"one": one, "two": two}
            value = "\x1f".join(values[b] or NOT_KNOWN for b in breakdown)
            key = (snapshot, "\x1f".join(breakdown), value)
            expected[(*key, None, "n_all")] += 1
            expected[(*key, None, "n_few")] += amount is not None and amount > 3
            if amount is not None:
                expected[(*key, None, "t_sum")] += amount
                expected[(*key, amount, "s_amount")] += 1
    assert {k: n for k, n in found.items() if n} == {k: n for k, n in expected.items() if n}
