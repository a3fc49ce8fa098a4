"""Months, local dates and the hours that the change of clocks repeats or leaves out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from openpeel.engine import clock
from openpeel.engine.connection import connect
from openpeel.errors import UserError

LONDON = ZoneInfo("Europe/London")


def test_month_numbers_count_on_over_the_year() -> None:
    assert clock.month_number(2020, 1) == clock.month_number(2019, 12) + 1
    assert clock.month_of(date(2019, 7, 31)) == clock.month_number(2019, 7)
    assert clock.month_text(clock.month_number(2019, 12)) == "2019-12"


def test_first_and_last_day() -> None:
    february = clock.parse_month("2020-02")
    assert (clock.first_day(february), clock.last_day(february)) == (date(2020, 2, 1), date(2020, 2, 29))
    assert clock.last_day(clock.parse_month("2019-12")) == date(2019, 12, 31)


def test_range_of_months() -> None:
    assert clock.parse_months("2019-07") == (clock.parse_month("2019-07"),) * 2
    assert clock.parse_months("2019-11..2020-02") == (
        clock.parse_month("2019-11"),
        clock.parse_month("2020-02"),
    )


@pytest.mark.parametrize(
    "text",
    ["2019-7", "2019-13", "2019-00", "201907", "07-2019", "0000-01", "9999-12", "", "..", "2019-07..",
     "..2019-07", "2019-07-01", "2019-07..2019-08..2019-09", "２０１９-07", "2019-09..2019-07"],
)  # fmt: skip
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        clock.parse_months(text)


@pytest.mark.parametrize("text", ["2019-02-29", "31/07/2019", "2019-07", "yesterday", ""])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="write it as 2019-07-31"):
        clock.parse_day(text)


def test_local_date_is_that_of_london_at_every_hour_of_both_changes_and_the_month_edges() -> None:
    edges = ["2019-03-31", "2019-10-27", "2019-08-31", "2019-12-31", "2020-02-29", "1971-10-31"]
    starts = [datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(hours=3) for day in edges]
    instants = [start + timedelta(minutes=30 * n) for start in starts for n in range(60)]
    con = connect()
    con.execute("CREATE TABLE t (i TIMESTAMPTZ)")
    con.executemany("INSERT INTO t VALUES (?)", [(i.isoformat(),) for i in instants])
    utc = "timezone('UTC', i)"
    days = con.execute(f"SELECT epoch(i), {clock.local_date_of_utc_sql(utc)} FROM t").fetchall()
    expected = {i.timestamp(): i.astimezone(LONDON).date() for i in instants}
    assert dict(days) == expected


def test_month_of_a_date_in_sql_is_that_in_python() -> None:
    con = connect()
    for day in (date(2019, 1, 1), date(2019, 12, 31), date(2020, 2, 29)):
        found = con.execute(f"SELECT {clock.month_sql('?::DATE')}", [day, day]).fetchone()
        assert found == (clock.month_of(day),)


def test_the_seasons_are_those_of_the_time_zone_data() -> None:
    """The quick way through most of the year gives what the time zone data give, at every half hour of it."""
    con = connect()
    con.execute(
        "CREATE TABLE t AS SELECT i FROM range(TIMESTAMP '1994-12-31', TIMESTAMP '2040-01-02', INTERVAL 30 MINUTE) r(i)"
    )
    asked = f"CAST(timezone('{clock.ZONE}', timezone('UTC', i)) AS DATE)"
    wrong = con.execute(f"SELECT i FROM t WHERE {clock.local_date_of_utc_sql('i')} <> {asked}").fetchall()
    assert wrong == []
    local = f"timezone('{clock.ZONE}', i)"
    back = f"timezone('{clock.ZONE}', timezone('UTC', {clock.utc_of_local_sql('i')}))"
    lost = con.execute(f"SELECT i FROM t WHERE {clock.utc_of_local_sql('i')} IS NULL").fetchall()
    assert len(lost) == 2 * 45, "two half hours each spring"
    assert con.execute(f"SELECT count(*) FROM t WHERE {back} <> i").fetchall() == [(0,)]
    first = f"SELECT count(*) FROM t WHERE timezone('UTC', {local}) < {clock.utc_of_local_sql('i')}"
    assert con.execute(first).fetchall() == [(0,)]
