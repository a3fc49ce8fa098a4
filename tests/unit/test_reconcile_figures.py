"""Figures of theirs: the rules that give their number, the waterfall, and the rest that no rule explains."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconcile_fixture import ALL, QUICK, URGENT, hold, july, reconcile

from openpeel.engine.declare.measures import Backlog, Distribution, Rate
from openpeel.engine.reconcile.conditions import conditions_of
from openpeel.engine.reconcile.result import Line, Part
from openpeel.engine.reconcile.rules import AS_NO, Asked, Rule, Seen, counts, sets_of
from openpeel.engine.reconcile.theirs import plain_heading
from openpeel.errors import UserError
from waits import ABOUT, SHARE


def steps(found: object, line: int = 0) -> list[tuple[str, dict[str, int | float]]]:
    """Rule and what it changes, of one line."""
    parts = found.lines[line].as_json()["parts"]  # type: ignore[attr-defined]
    return [(p["rule"], p["change"]) for p in parts]


def test_a_number_that_agrees_needs_no_rule(workspace: Path) -> None:
    hold(workspace, july("a"), july("b", 11))
    found = reconcile(workspace, ALL, ["force,month,count", "Kent,2023-07,2"])
    assert (found.kind, found.lines[0].verdict, found.rules, found.lines[0].parts) == (
        "figures",
        "agrees",
        [],
        [],
    )
    assert found.lines[0].figure_id.startswith("fig-")


def test_the_condition_they_do_not_have(workspace: Path) -> None:
    hold(
        workspace, july("a"), july("c", 11, grade="C"), july("d", 12, grade="C"), july("blank", 13, grade="")
    )
    found = reconcile(workspace, URGENT, ["count", "4"])
    assert found.rules == ["scope-1"]
    assert steps(found) == [("scope-1", {"count": 3})]
    assert found.lines[0].verdict == "explained" and found.lines[0].parts[0].rows == 3
    assert [r.rule for r in found.rows] == ["scope-1"] * 3
    assert "records count whether or not grade IN ('A', 'B')" in found.lines[0].parts[0].says


def test_records_of_which_it_is_not_known_whether_they_belong(workspace: Path) -> None:
    hold(workspace, july("a"), july("c", 11, grade="C"), july("blank", 13, grade=""))
    found = reconcile(workspace, URGENT, ["count", "2"])
    assert found.rules == ["eligibility-unknown-counted"]


def test_copies_counted_once(workspace: Path) -> None:
    hold(workspace, july("a"), july("again"), july("b", 11))
    found = reconcile(workspace, ALL, ["count", "2"])
    assert found.rules == ["duplicates-dropped"] and steps(found) == [("duplicates-dropped", {"count": -1})]
    assert found.lines[0].parts[0].says == "records alike in all but incident_id are counted once"


def test_the_period_by_another_clock_and_by_another_date(workspace: Path) -> None:
    hold(workspace, ("edge", "2023-06-01 00:30:00", "", "2023-07-02 09:00:00", "A"), month="2023-06")
    hold(
        workspace,
        ("early", "2023-07-01 00:30:00", "", "2023-07-03 09:00:00", "A"),
        july("b", 11, closed="2023-08-02 12:00:00"),
        july("c", 12, closed="2023-08-03 12:00:00"),
        july("d", 13, closed="2023-07-30 12:00:00"),
    )
    assert reconcile(workspace, ALL, ["count", "3"]).rules[0] in ("period-by-utc", "period-by-closed_at")
    one = reconcile(workspace, ALL, ["month,count", "2023-07,3", "2023-06,1"])
    assert one.rules == ["period-by-utc"]  # by closed_at July would be 3 as well, and June 0
    assert steps(one, 0) == [("period-by-utc", {"count": -1})]
    assert steps(one, 1) == []  # one in, one out: the number stays as it was
    assert any("are not here" in n for n in one.notes)


def test_two_rules_of_one_file_explain_all_its_lines(workspace: Path) -> None:
    hold(
        workspace,
        july("a", attended="12:05:00"),
        july("a2", attended="12:05:00"),
        july("b", 11, attended="12:50:00", grade="B"),
        july("c", 12, grade="B"),
    )
    lines = ["grade,numerator,denominator", "A,1,1", "B,0,2", ",1,3"]
    found = reconcile(workspace, QUICK, lines)
    assert found.rules == ["duplicates-dropped", AS_NO]
    assert [line.verdict for line in found.lines] == ["explained"] * 3
    assert steps(found, 2) == [
        ("duplicates-dropped", {"numerator": -1, "denominator": -1}),
        (AS_NO, {"denominator": 1}),
    ]
    assert found.tried > 3 and any("can fit by chance" in n for n in found.notes)


def test_a_share_as_they_printed_it(workspace: Path) -> None:
    hold(
        workspace,
        july("a", attended="12:05:00"),
        july("b", 11, attended="12:06:00"),
        july("c", 12, attended="12:50:00"),
        july("d", 13),
    )
    assert reconcile(workspace, QUICK, ["value", "66.7%"]).lines[0].verdict == "agrees"
    assert reconcile(workspace, QUICK, ["value", "0.67"]).lines[0].verdict == "agrees"
    as_no = reconcile(workspace, QUICK, ["value", "50%"])
    assert as_no.rules == [AS_NO]
    assert as_no.lines[0].parts[0].change == {"value": Fraction(1, 2) - Fraction(2, 3)}


def test_what_no_rule_explains_stays(workspace: Path) -> None:
    hold(workspace, *(july(str(n), n) for n in range(1, 21)))
    found = reconcile(workspace, ALL, ["count", "500"])
    (line,) = found.lines
    assert (line.verdict, found.rules, line.rest) == ("not-explained", [], {"count": 480})
    assert any("sets of rules gives more" in n for n in found.notes)


def test_the_closest_rule_is_shown_as_that_and_the_rest_is_kept(workspace: Path) -> None:
    hold(workspace, *(july(str(n), n, grade="C") for n in range(1, 11)), july("a", 12))
    found = reconcile(workspace, URGENT, ["count", "12"])
    (line,) = found.lines
    assert (line.verdict, found.rules, line.rest) == ("not-explained", ["scope-1"], {"count": 1})
    assert any("not shown to be theirs" in n for n in found.notes)
    assert [(t.rule, t.rest["count"], t.fits) for t in line.tries] == [("scope-1", 1, False)]


def test_a_rule_that_leaves_one_amount_further_off_is_not_the_closest(workspace: Path) -> None:
    hold(workspace, *(july(str(n), n, attended="12:05:00") for n in range(1, 11)))
    hold(workspace, ("x", "2023-08-01 00:30:00", "", "", "A"), month="2023-08")
    found = reconcile(workspace, QUICK, ["numerator,denominator", "0,40"])
    assert (found.rules, found.lines[0].rest) == ([], {"numerator": -10, "denominator": 30})


def test_rules_that_fit_as_well_are_named(workspace: Path) -> None:
    hold(workspace, july("a", attended="12:05:00"), july("a2", attended="12:05:00"), july("c", 12))
    found = reconcile(workspace, ALL, ["count", "2"])
    fits = {tuple(found.rules), *map(tuple, found.alternatives)}
    assert ("duplicates-dropped",) in fits and ("period-by-attended_at",) in fits
    assert sum("fits as well" in n for n in found.notes) == len(found.alternatives) >= 1


def test_a_month_that_was_not_supplied_has_no_figure(workspace: Path) -> None:
    hold(workspace, july("a"))
    found = reconcile(workspace, ALL, ["month,count", "2023-07,1", "2023-05,4", "fy-2023,9"])
    assert [line.verdict for line in found.lines] == ["agrees", "no-figure", "no-figure"]
    assert (
        found.lines[1].as_json()["ours"] == {} and found.lines[1].reason == "nothing supplied for the period"
    )


def test_across_a_distribution(workspace: Path) -> None:
    share = Distribution(id="test.grades", across="grade", **{k: v for k, v in SHARE.items() if k in ABOUT},
                         unit="share of incidents", better="neutral")  # fmt: skip
    hold(workspace, july("a"), july("b", 11, grade="B"), july("c", 12, grade=""))
    agrees = reconcile(workspace, share, ["grade,value", "A,50%", "B,50%"])
    assert [line.verdict for line in agrees.lines] == ["agrees"] * 2
    found = reconcile(workspace, share, ["grade,numerator,denominator", "A,1,3", "B,1,3"])
    assert found.rules == [AS_NO]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["count,colour", "1,red"], "no breakdown `colour`"),
        (["count", "many"], "`many` is not a number"),
        (["count", "5%"], "no share"),
        (["count,force", ",kent"], "has no number"),
        (["count,period", "1,someday"], "line 2"),
        (["count,grade", "1,Z"], "no figure for grade=Z"),
    ],
)
def test_a_file_of_figures_that_does_not_do_is_one_line(workspace: Path, lines: list[str], said: str) -> None:
    hold(workspace, july("a"))
    with pytest.raises(UserError) as told:
        reconcile(workspace, ALL, lines)
    assert said in told.value.line()


def test_a_share_above_one_is_refused_and_options_of_lists_too(workspace: Path) -> None:
    hold(workspace, july("a"))
    with pytest.raises(UserError, match="above 1"):
        reconcile(workspace, QUICK, ["value", "78.4"])
    with pytest.raises(UserError, match="for a list of records"):
        reconcile(workspace, ALL, ["count", "1"], date="On")


def test_a_kind_that_cannot_be_held_record_by_record_is_refused(workspace: Path) -> None:
    backlog = Backlog(
        id="test.open", start="received_at", end="closed_at", unit="incidents", better="lower", **ABOUT
    )
    hold(workspace, july("a"))
    with pytest.raises(UserError, match="no count, rate or share"):
        reconcile(workspace, backlog, ["count", "1"])


def test_a_rate_without_residents_still_has_its_count(workspace: Path) -> None:
    rate = Rate(id="test.rate", unit="incidents per 1,000", better="neutral", **ABOUT)
    hold(workspace, july("a"))
    found = reconcile(workspace, rate, ["count,value", "1,0.5"])
    (line,) = found.lines
    assert (line.verdict, dict(line.ours)) == ("agrees", {"count": 1})
    assert "ours has no value: no population" in line.reason


def test_parts_that_do_not_add_up_cannot_be_made() -> None:
    one, two = {"count": Fraction(1)}, {"count": Fraction(2)}
    with pytest.raises(ValueError, match="do not add up"):
        Line("kent", ("", ""), {}, one, {"count": Fraction(4)}, [Part("r", "r", two, False)], "not-explained")


@given(st.lists(st.sampled_from([True, False, None]), max_size=3), st.booleans(), st.integers(0, 3))
def test_no_rule_counts_a_record_of_another_month(held: list[bool | None], copy: bool, month: int) -> None:
    seen = Seen({"": month}, tuple(held), {"": "yes"}, {}, copy)
    asked = Asked(1, 2, {})
    x, y = counts(seen, asked, ())
    assert (x, y) == ((1, 1) if 1 <= month <= 2 and all(held) else (0, 0))


def test_rules_of_one_group_are_never_taken_together() -> None:
    rules = [Rule(str(n), "", f"g{n // 2}") for n in range(6)]
    found = sets_of(rules, rules)
    assert found[0] == () and len(found) == len(set(found)) == 1 + 6 + 12 + 8
    many = [Rule(str(n), "", f"g{n}") for n in range(20)]
    assert len(sets_of(many, many[:2])) == 1 + 20 + 1


def test_conditions_and_headings() -> None:
    parts = conditions_of('"a" AND ("b" = \'x\' OR "c") AND NOT "d"')
    assert [p.says for p in parts] == ["a", "b = 'x' OR c", "NOT d"]
    assert conditions_of("") == ()
    assert plain_heading(" Self-defined  ethnicity") == "self_defined_ethnicity"
