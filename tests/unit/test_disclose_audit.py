"""The audit on small publications of which a person can see what they give away."""

from __future__ import annotations

import pytest

from openpeel.engine.disclose.audit import Audit, Audited, audit_publication
from openpeel.engine.disclose.protection import Protection
from openpeel.engine.disclose.rounding import round_count
from openpeel.engine.disclose.tables import (
    Cell,
    Key,
    Sum,
    Table,
    cross_table,
    exact,
    float_ratio,
    printed_ratio,
    public,
    rounded,
    suppressed,
)
from openpeel.errors import UserError

ALL: Key = ("all",)


def line(table: str, hidden: dict[str, int], shown: dict[str, int], total: bool = True) -> Table:
    """A line of counts with its exact total."""
    cells = [suppressed((name,), n) for name, n in hidden.items()]
    cells += [exact((name,), n) for name, n in shown.items()]
    keys = tuple(c.key for c in cells)
    all_ = exact(ALL, sum(hidden.values()) + sum(shown.values()))
    return Table(table, (all_, *cells), (Sum(ALL, keys),)) if total else Table(table, tuple(cells))


def of(audit: Audit, *key: str) -> Audited:
    return next(c for c in audit.cells if c.key == key)


def test_one_suppressed_count_beside_its_total_is_found_by_subtraction() -> None:
    audit = audit_publication([line("outcomes", {"arrest": 3}, {"caution": 20, "none": 77})])
    found = of(audit, "arrest")
    assert (found.verdict, found.low, found.high, found.tables, found.least) == (
        "disclosed",
        3,
        3,
        ("outcomes",),
        True,
    )
    assert "outcomes" in found.advice
    assert not audit.passed
    assert "arrest: can be worked out: 3 to 3, from outcomes; " in found.line()


def test_two_suppressed_counts_protect_each_other_as_far_as_their_sum_leaves_room() -> None:
    audit = audit_publication([line("outcomes", {"arrest": 3, "charge": 4}, {"none": 77})])
    found = of(audit, "arrest")
    assert (found.verdict, found.low, found.high, found.advice) == ("protected", 0, 7, "")
    assert audit.passed
    tight = audit_publication([line("outcomes", {"arrest": 0, "charge": 1}, {"none": 77})])
    assert {c.verdict for c in tight.cells} == {"disclosed"}  # 0 to 1: narrower than 2


def test_the_rule_by_which_counts_were_withheld_is_known_to_the_reader() -> None:
    cells = [suppressed((n,), t, 1, 4) for n, t in (("a", 4), ("b", 4))]
    table = Table("t", (exact(ALL, 8), *cells), (Sum(ALL, (("a",), ("b",))),))
    assert [(c.low, c.high) for c in audit_publication([table]).cells] == [(4, 4), (4, 4)]


def test_rounding_hides_what_subtraction_would_find() -> None:
    true = {"arrest": 3, "caution": 20, "none": 77}
    cells = [rounded((name,), round_count(n), 5, n) for name, n in true.items()]
    table = Table("outcomes", (rounded(ALL, 100, 5, 100), *cells), (Sum(ALL, tuple(c.key for c in cells)),))
    found = of(audit_publication([table]), "arrest")
    assert (found.verdict, found.low, found.high) == ("protected", 3, 7)


def test_many_rounded_parts_can_give_each_other_away_all_the_same() -> None:
    """Six parts of 3, each shown as 5, and their total of 18 as 20: they could hold 18 to 22."""
    parts = [rounded((str(i),), 5, 5, 3) for i in range(6)]
    table = Table("t", (rounded(ALL, 20, 5, 18), *parts), (Sum(ALL, tuple(c.key for c in parts)),))
    assert {(c.verdict, c.low, c.high) for c in audit_publication([table]).cells} == {("protected", 3, 7)}
    seven = [*parts, rounded(("6",), 5, 5, 3)]
    more = Table("t", (rounded(ALL, 20, 5, 21), *seven), (Sum(ALL, tuple(c.key for c in seven)),))
    assert {(c.verdict, c.low, c.high) for c in audit_publication([more]).cells} == {("disclosed", 3, 4)}


def linked() -> list[Table]:
    """By month and by outcome: each hides two; who holds both and the third beside it sees them."""
    by_month = Table(
        "by month",
        (exact(ALL, 50), suppressed(("jan",), 3), suppressed(("feb",), 9), exact(("mar",), 38)),
        (Sum(ALL, (("jan",), ("feb",), ("mar",))),),
    )
    first_two = Table(
        "winter",
        (exact(("winter",), 41), suppressed(("jan",), 3), exact(("mar",), 38)),
        (Sum(("winter",), (("jan",), ("mar",))),),
    )
    return [by_month, first_two]


def test_two_linked_tables_give_away_together_what_neither_does_alone() -> None:
    by_month, winter = linked()
    assert audit_publication([by_month]).passed
    other = Table(
        "autumn",
        (exact(("autumn",), 12), suppressed(("feb",), 9), suppressed(("oct",), 3)),
        (Sum(("autumn",), (("feb",), ("oct",))),),
    )
    assert audit_publication([other]).passed
    october = Table(
        "weekends",
        (exact(("weekends",), 6), suppressed(("oct",), 3), suppressed(("jan",), 3)),
        (Sum(("weekends",), (("oct",), ("jan",))),),
    )
    far = Table("elsewhere", (exact(("x",), 8), suppressed(("jan",), 3)), ())
    for pair in ([by_month, other], [by_month, october], [other, october]):
        assert audit_publication(pair).passed
    audit = audit_publication([far, by_month, other, october])
    found = of(audit, "jan")
    assert (found.verdict, found.low, found.high, found.least) == ("disclosed", 3, 3, True)
    assert set(found.tables) == {"by month", "autumn", "weekends"}
    assert of(audit_publication([winter]), "jan").verdict == "disclosed"


def test_the_rest_of_an_incomplete_total_is_audited_though_nobody_printed_it() -> None:
    table = Table(
        "t", (exact(ALL, 100), exact(("a",), 60), exact(("b",), 37)), (Sum(ALL, (("a",), ("b",)), False),)
    )
    found = audit_publication([table]).cells
    assert [(c.state, c.verdict, c.low, c.high) for c in found] == [("unprinted", "disclosed", 3, 3)]
    assert "round every count in t to 5" in found[0].advice


def test_a_count_withheld_in_one_table_and_printed_in_another_is_disclosed() -> None:
    audit = audit_publication([Table("a", (suppressed(("x",), 40),)), Table("b", (exact(("x",), 40),))])
    assert [(c.verdict, c.tables) for c in audit.cells] == [("disclosed", ("b",))]
    assert audit.cells[0].advice == "round every count in b to 5"


def test_public_counts_are_protected_by_nobody_and_still_help_the_reader() -> None:
    table = Table(
        "t", (public(ALL, 9), suppressed(("a",), 2), public(("b",), 7)), (Sum(ALL, (("a",), ("b",))),)
    )
    assert [(c.key, c.verdict) for c in audit_publication([table]).cells] == [(("a",), "disclosed")]


def test_a_ratio_in_six_digits_beside_rounded_counts() -> None:
    n, d = ("n",), ("d",)
    cells = (rounded(n, 5, 5, 3), rounded(d, 25, 5, 23))
    audit = audit_publication([Table("t", cells, (), (printed_ratio(n, d, "0.130435"),))])
    assert [(c.key, c.verdict, c.low, c.high) for c in audit.cells] == [(n, "disclosed", 3, 3)]
    assert audit.cells[0].advice.startswith("work out every percentage")
    coarse = audit_publication([Table("t", cells, (), (printed_ratio(n, d, "13", per=100),))])
    assert coarse.cells[0].verdict == "disclosed"  # 12.5% to 13.5% of 23 to 27 is 3
    without = audit_publication([Table("t", cells)])
    assert without.passed


def test_a_rate_on_a_public_population_is_its_count() -> None:
    n, people = ("n",), ("residents",)
    cells = (rounded(n, 5, 5, 4), public(people, 912_345))
    audit = audit_publication([Table("t", cells, (), (float_ratio(n, people, 4 * 1000 / 912_345, 1000),))])
    assert [(c.low, c.high) for c in audit.cells] == [(4, 4)]


def test_without_true_counts_everything_that_may_be_small_is_audited() -> None:
    cells: list[Cell] = [Cell(("a",), 3, 7), Cell(("b",), 98, 102), Cell(ALL, 108, 112)]
    audit = audit_publication([Table("t", tuple(cells), (Sum(ALL, (("a",), ("b",))),))])
    assert [(c.key, c.verdict, c.low) for c in audit.cells] == [(("a",), "protected", 6)] or [
        c.key for c in audit.cells
    ] == []


def test_the_width_is_a_setting() -> None:
    table = line("t", {"a": 3, "b": 2}, {"c": 50})
    assert audit_publication([table], Protection(width=5)).passed
    assert {c.verdict for c in audit_publication([table], Protection(width=6)).cells} == {"disclosed"}
    with pytest.raises(ValueError, match="width"):
        Protection(width=0)


def square() -> Table:
    """Four withheld counts of 3 between exact totals of 6: each may be 0 to 6."""
    lines = ("x", "y", "t")
    true = {(r, c): 3 * (1 + (r == "t")) * (1 + (c == "t")) for r in lines for c in lines}
    cells = {k: exact(k, n) if "t" in k else suppressed(k, n) for k, n in true.items()}
    return cross_table("t", (("x", "y"), ("x", "y")), ("t", "t"), cells)


def test_walking_is_enough_where_tables_have_room() -> None:
    audit = audit_publication([square()], Protection(programs=0, width=6))
    assert audit.passed
    assert {(c.low, c.high, c.seen_low, c.seen_high) for c in audit.cells} == {(0, 6, 0, 6)}


def test_what_is_not_settled_is_said_to_be_undecided_and_does_not_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("openpeel.engine.disclose.settle.walk", lambda *_: None)
    audit = audit_publication([square()], Protection(programs=0))
    assert not audit.passed
    assert {(c.verdict, c.seen_low) for c in audit.cells} == {("undecided", None)}
    assert "may be worked out" in audit.cells[0].line()
    assert audit_publication([square()]).passed  # by programs alone


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ([line("t", {"a": 1}, {}), line("t", {"a": 1}, {})], "two tables have this name"),
        ([Table("t", (exact(ALL, 9), exact(("a",), 4)), (Sum(ALL, (("a",),)),))], "not the sum"),
        ([Table("t", (exact(ALL, 9),)), Table("u", (exact(ALL, 8),))], "another count"),
        ([Table("t", (rounded(ALL, 5, 5, 9),))], "shown as what it is not"),
        (
            [Table("t", (Cell(ALL, 9, 9), Cell(("a",), 3, 4), Cell(("b",), 1, 2)), (Sum(ALL, (("a",), ("b",))),))],
            "agrees with everything",
        ),
    ],
)  # fmt: skip
def test_publications_that_cannot_be_are_refused(tables: list[Table], words: str) -> None:
    with pytest.raises(UserError, match=words):
        audit_publication(tables)


def test_tables_that_are_not_whole_are_refused() -> None:
    with pytest.raises(UserError, match="no count of the table"):
        Table("t", (exact(ALL, 9),), (Sum(ALL, (("a",),)),))
    with pytest.raises(UserError, match="twice"):
        Table("t", (exact(ALL, 9), exact(ALL, 9)))
    with pytest.raises(UserError, match="is not there"):
        cross_table("t", (("a", "b"),), ("all",), {("a",): exact(("a",), 1), ALL: exact(ALL, 2)})
    with pytest.raises(UserError, match="more than it"):
        audit_publication([Table("t", (exact(ALL, 1), exact(("a",), 2)), (Sum(ALL, (("a",),), False),))])


def test_an_audit_as_plain_data() -> None:
    plain = audit_publication([line("outcomes", {"arrest": 3}, {"none": 77})]).as_json()
    assert (plain["passed"], plain["tables"], plain["counts"]) == (False, 1, 3)
    assert plain["cells"][0]["key"] == ["arrest"]
    assert "true" not in plain["cells"][0]


def test_nothing_to_audit() -> None:
    assert audit_publication([]).passed
    assert audit_publication([Table("t", (exact(ALL, 900),))]).passed
