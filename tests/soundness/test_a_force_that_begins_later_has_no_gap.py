"""Month by month, what is open at a force that began to supply later than another is what it is by itself."""

from __future__ import annotations

from pathlib import Path

import waits
from openpeel.engine.declare.measures import LOWER, Backlog, Count
from openpeel.engine.measure.build import answer
from openpeel.engine.measure.period import Period
from openpeel.engine.measure.series import monthly

OPEN = Backlog(
    id="test.open", start="received_at", end="closed_at", unit="incidents", better=LOWER, **waits.ABOUT
)
COUNT = Count(id="test.count", unit="incidents", better=LOWER, **waits.ABOUT)


def test_together_as_alone(workspace: Path) -> None:
    for force, months in (("kent", ("2022-11", "2022-12", "2023-01")), ("surrey", ("2023-01",))):
        for month in months:
            row = waits.incident(f"{force} {month}", f"{month}-10 10:00:00")
            waits.put(workspace, row, month=month, force=force)
    context = waits.opened(workspace, OPEN, COUNT)
    last = waits.months().last
    for measure in (OPEN, COUNT):
        together = monthly(context, measure, ["kent", "surrey"], last).figures
        assert {f.status for f in together} == {"ok"}
        alone = [
            f
            for m in range(last - 2, last + 1)
            for f in answer(context, [measure], ["kent"], Period(m, m)).figures
        ]
        alone += answer(context, [measure], ["surrey"], Period(last, last)).figures
        assert together == alone
    assert [f.value for f in monthly(context, OPEN, ["kent", "surrey"], last).figures] == [1, 2, 3, 1]
    context.close()
