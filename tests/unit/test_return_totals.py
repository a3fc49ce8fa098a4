"""What holds of returned counts as declarations: totals that can be checked, and no measure over them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from openpeel.areas.responding.returned import RETURNED_INCIDENTS
from openpeel.catalogue import shipped
from openpeel.engine.declare.check import check_types
from openpeel.engine.declare.measures import Count
from openpeel.engine.declare.records import Total
from openpeel.engine.measure.check import check_catalogue
from openpeel.errors import UserError


@pytest.mark.parametrize(
    ("total", "said"),
    [
        (Total("sort", "All", ("incidents_opened",)), "has no column `sort`"),
        (Total("incidents_opened", "All", ("incidents_opened",)), "`incidents_opened` is no part of the key"),
        (Total("grade", "Total", ("incidents_opened",)), "`grade` cannot be Total"),
        (Total("grade", "All", ()), "adds nothing up"),
        (Total("grade", "All", ("opened",)), "has no column `opened`"),
        (Total("grade", "All", ("not_applicable",)), "`not_applicable` is no number"),
    ],
)
def test_a_total_that_cannot_be_checked_is_refused(total: Total, said: str) -> None:
    with pytest.raises(UserError) as error:
        check_types({"responding.returned_incidents": replace(RETURNED_INCIDENTS, totals=(total,))})
    assert error.value.what == said


def test_the_total_is_the_last_of_the_rows_laid_out() -> None:
    totals = [(t, total) for t in shipped().types.values() for total in t.totals]
    assert len(totals) == 7
    for record_type, total in totals:
        assert record_type.column(total.column).allowed[-1] == total.word, record_type.id


def test_no_measure_adds_returned_counts_up() -> None:
    measure = Count(
        id="local.incidents",
        title="Incidents",
        sentence="{x} incidents.",
        of="responding.returned_incidents",
        unit="incidents",
        better="neutral",
        comparable="own-definition",
        comparable_why="A trial.",
        question="local",
        method="local",
        source="returns",
        reviewed=date(2026, 11, 1),
    )
    with pytest.raises(UserError, match="returned counts are never added up with records"):
        check_catalogue(shipped().types, [measure])
