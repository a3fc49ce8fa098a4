"""Figures about to be published, as tables for the audit: what is the same count, and what adds up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from test_disclose_rounding import BASE, COUNT, RATE, SHARE, figure, share

from openpeel.engine.declare.measures import Distribution
from openpeel.engine.disclose.audit import audit_publication
from openpeel.engine.disclose.figures import rounded
from openpeel.engine.disclose.published import tables_of
from openpeel.engine.measure.figure import Figure

OUTCOMES = Distribution(id="a.outcomes", unit="share of searches", across="outcome", **BASE)
MEASURES = {m.id: m for m in (COUNT, RATE, SHARE, OUTCOMES)}


def outcomes(counts: dict[str, int]) -> list[Figure]:
    total = sum(counts.values())
    return [
        replace(share(n, total), measure=OUTCOMES.id, breakdown={"outcome": name}, figure_id=name)
        for name, n in counts.items()
    ]


def test_a_count_and_a_rate_of_the_same_records_are_one_count() -> None:
    n = figure(measure=COUNT.id, figure_id="n", value=7.0, numerator=7, denominator=7)
    rate = figure(measure=RATE.id, figure_id="r", value=7.0, numerator=7, denominator=1000, population=1000)
    count_table, rate_table = tables_of([n, rate], MEASURES)
    assert count_table.cells[0].key == rate_table.cells[0].key
    assert count_table.cells[1].key != rate_table.cells[1].key  # each has its own unknown


def test_categories_add_up_to_their_known_total_and_a_withheld_one_is_found() -> None:
    exact = outcomes({"arrest": 3, "caution": 20, "none": 77})
    hidden = [
        replace(exact[0], status="suppressed", value=None, numerator=None, denominator=None),
        *exact[1:],
    ]
    audit = audit_publication(tables_of(hidden, MEASURES, {f.figure_id: f for f in exact}))
    assert [(c.key[1], c.low, c.high) for c in audit.of("disclosed")] == [("numerator", 3, 3)]
    safe = [rounded(f, OUTCOMES) for f in exact]
    assert audit_publication(tables_of(safe, MEASURES, {f.figure_id: f for f in exact})).passed


def test_categories_that_are_not_all_leave_a_rest() -> None:
    exact = outcomes({"arrest": 30, "caution": 20, "none": 77})
    table = tables_of(exact[:2], MEASURES, {f.figure_id: f for f in exact})[0]
    assert [s.complete for s in table.sums if len(s.parts) == 2 and s.total[1] == "denominator"] == [False]


def test_all_but_two_of_a_share_says_who_the_two_are() -> None:
    """98 of 100 answered yes: nobody printed the two, and they are audited."""
    near = replace(share(98, 100), measure=SHARE.id)
    found = audit_publication(tables_of([near], MEASURES, {near.figure_id: near})).of("disclosed")
    assert [(c.state, c.low) for c in found] == [("unprinted", 2)]
    shown = rounded(near, SHARE)
    assert audit_publication(tables_of([shown], MEASURES, {near.figure_id: near})).passed
    assert near.as_at == date(2026, 1, 1)
