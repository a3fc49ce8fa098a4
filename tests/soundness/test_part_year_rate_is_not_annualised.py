"""A quarter times four is a forecast."""

from __future__ import annotations

from pathlib import Path

from ask import RESIDENTS, one, put, rows, settle


def test_the_rate_is_of_the_period(workspace: Path) -> None:
    for month in ("2019-07", "2019-08", "2019-09"):
        put(workspace, "kent", month, rows(10))
    settle(workspace, {"kent": RESIDENTS})
    quarter = one(workspace, "powers.searches_per_1000", "--force", "kent", "--period", "2019-07..2019-09")
    assert quarter["value"] == 30 * 1000 / 100_000
    assert quarter["unit"] == "searches per 1,000 population in 3 months"
    month = one(workspace, "powers.searches_per_1000", "--force", "kent", "--period", "2019-08")
    assert month["value"] == 10 * 1000 / 100_000
    assert month["unit"] == "searches per 1,000 population in 1 month"
    year = one(workspace, "powers.searches_per_1000", "--force", "kent", "--period", "ye-2019-09")
    assert (year["status"], year["value"]) == ("not-supplied", None)
