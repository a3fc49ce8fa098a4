"""A suppressed figure has no number anywhere: not 0, not a blank that adds up as 0, not a hash of it."""

from __future__ import annotations

from dataclasses import replace

from test_disclose_rounding import SHARE, figure, share

from openpeel.engine.disclose.audit import audit_publication
from openpeel.engine.disclose.figures import rounded
from openpeel.engine.disclose.published import tables_of
from openpeel.engine.measure.figure import Figure, figure_from_json
from openpeel.report.numbers import printed

EXACT = replace(share(4, 9, 1, 1, reason="7 still waiting"), measure=SHARE.id, breakdown={"area": "north"})
HIDDEN = rounded(EXACT, SHARE)
NUMBERS = ("value", "numerator", "denominator", "unknown", "unknown_eligibility", "interval", "bounds")


def test_it_has_no_number() -> None:
    assert HIDDEN.status == "suppressed"
    assert [getattr(HIDDEN, n) for n in NUMBERS] == [None] * len(NUMBERS)
    row = HIDDEN.as_row()
    assert {row[n] for n in NUMBERS[:5]} == {""}
    assert printed(HIDDEN).text == "withheld so that nobody can be identified"
    assert "7" not in (HIDDEN.reason or "")


def test_it_stays_so_however_often_it_is_rounded_written_and_read() -> None:
    again = rounded(figure_from_json(rounded(HIDDEN, SHARE).as_json()), SHARE)
    assert again == HIDDEN
    told = figure(status="suppressed", reason="fewer than 5 (it was 3)")
    assert "3" not in (rounded(told, SHARE).reason or "")


def test_the_audit_takes_it_as_unknown_and_finds_it_beside_its_total() -> None:
    """North is withheld, south and both together are shown: north is what is left, and not 0."""

    def of(x: int, n: int, **more: object) -> Figure:
        return replace(share(x, n), measure=SHARE.id, **more)  # type: ignore[arg-type]

    north = replace(of(4, 9), breakdown={"area": "north"}, figure_id="north")
    south = of(25, 50, breakdown={"area": "south"}, figure_id="south")
    both = of(29, 59, figure_id="both")
    originals = {f.figure_id: f for f in (north, south, both)}
    shown = [both, rounded(north, SHARE), south]
    audit = audit_publication(tables_of(shown, {SHARE.id: SHARE}, originals))
    hidden = {c.key[1]: c for c in audit.cells if c.state == "suppressed" and "north" in c.key}
    assert (hidden["numerator"].low, hidden["numerator"].high) == (4, 4)
    assert (hidden["denominator"].low, hidden["denominator"].high) == (9, 9)
    safe = audit_publication(tables_of([rounded(f, SHARE) for f in shown], {SHARE.id: SHARE}, originals))
    assert {c.verdict for c in safe.cells if "north" in c.key and c.key[1] == "denominator"} == {"protected"}


def test_what_was_never_counted_is_no_count_of_the_audit() -> None:
    absent = figure(measure=SHARE.id, status="not-supplied", unknown=None, unknown_eligibility=None)
    assert tables_of([absent], {SHARE.id: SHARE})[0].cells == ()
