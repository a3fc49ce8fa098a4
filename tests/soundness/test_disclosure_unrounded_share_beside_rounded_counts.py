"""A share published with all its digits beside rounded counts gives both counts away; the audit must find it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_disclose_rounding import COUNT, RATE, SHARE, figure, share

from openpeel.engine.disclose.audit import Audit, audit_publication
from openpeel.engine.disclose.figures import rounded
from openpeel.engine.disclose.published import tables_of
from openpeel.engine.measure.figure import Figure
from openpeel.errors import UserError

EXACT = replace(share(3, 48, 2, 0), measure=SHARE.id, figure_id="s")
MEASURES = {m.id: m for m in (SHARE, COUNT, RATE)}


def audit(*figures: Figure) -> Audit:
    originals = {"s": EXACT, **{f.figure_id: f for f in figures if f.figure_id != "s"}}
    return audit_publication(tables_of(figures, MEASURES, originals))


def test_worked_out_from_rounded_counts_it_gives_nothing_away() -> None:
    shown = rounded(EXACT, SHARE)
    assert shown.value == 5 / 50
    assert audit(shown).passed


def test_unrounded_it_gives_numerator_and_denominator_away() -> None:
    shown = replace(rounded(EXACT, SHARE), value=EXACT.value)
    found = [c for c in audit(shown).of("disclosed") if "numerator" in c.key]
    assert [(c.low, c.high, c.tables) for c in found] == [(3, 3, (SHARE.id,))]
    assert found[0].advice.startswith("work out every percentage")


@pytest.mark.parametrize("part", ["interval", "bounds"])
def test_so_does_an_interval_or_a_bound_of_the_true_counts(part: str) -> None:
    shown = replace(rounded(EXACT, SHARE), **{part: getattr(EXACT, part)})
    assert [(c.low, c.high) for c in audit(shown).of("disclosed") if "numerator" in c.key] == [(3, 3)]
    with pytest.raises(UserError, match="do not follow from its counts"):
        tables_of([shown], MEASURES)


def test_a_rate_with_all_digits_gives_its_count_away() -> None:
    rate = figure(
        measure=RATE.id, figure_id="r", value=3 * 1000 / 9001, numerator=3, denominator=9001, population=9001
    )
    shown = rounded(rate, RATE)
    own = {"r": rate}
    assert audit_publication(tables_of([shown], MEASURES, own)).passed
    leaky = replace(shown, value=rate.value)
    found = audit_publication(tables_of([leaky], MEASURES, own)).of("disclosed")
    assert [(c.low, c.high) for c in found] == [(3, 3)]


def test_a_count_that_stays_as_it_is_gives_itself_away() -> None:
    n = figure(measure=COUNT.id, figure_id="n", value=3.0, numerator=3, denominator=3)
    assert [(c.low, c.high) for c in audit(n).of("disclosed")] == [(3, 3)]
    assert audit(replace(rounded(n, COUNT), figure_id="n")).passed
