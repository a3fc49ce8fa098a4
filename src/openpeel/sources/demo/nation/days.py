"""Local days of UTC times, where a rule counts days: limits of bail, working days."""

from __future__ import annotations


def _last_sunday(moment: str, month: int) -> str:
    end = f"make_date(year({moment})::INTEGER, {month}, 31)"
    return f"({end} - dayofweek({end})::INTEGER)::TIMESTAMP + INTERVAL 1 HOUR"


def local_day(moment: str) -> str:
    """SQL for the day in the United Kingdom of a UTC time."""
    summer = f"{moment} >= {_last_sunday(moment, 3)} AND {moment} < {_last_sunday(moment, 10)}"
    return f"({moment} + to_hours(CASE WHEN {summer} THEN 1 ELSE 0 END))::DATE"


def at_hour(day: str, hour: str) -> str:
    """SQL for a UTC time at an hour (SQL for a number) of a day, before local midnight of the next."""
    return f"(({day})::TIMESTAMP + to_seconds(round(({hour}) * 3600)::BIGINT))"


def months_later(day: str, months: int | str) -> str:
    """SQL for the day so many months later; the last of a shorter month."""
    return f"(({day}) + to_months(({months})::INTEGER))::DATE"


def working_days_later(day: str, days: int) -> str:
    """SQL for the day so many working days after another; holidays are not looked at. A weekend counts as its Friday."""
    weekday = f"least(5, isodow({day}))"
    return f"(({day}) - (isodow({day}) - {weekday})::INTEGER + ({days} + 2 * (({weekday} - 1 + {days}) // 5))::INTEGER)"
