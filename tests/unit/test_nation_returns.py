"""The returns of the demo nation: taken in by the ordinary way, and equal to what a person counts in the records."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import pytest
from return_fixture import _here

from openpeel.catalogue import shipped
from openpeel.cli.demo_imports import take_extracts, take_returns
from openpeel.engine.check.run import check_records
from openpeel.engine.check.set_rules import count_set_rules
from openpeel.engine.connection import connect
from openpeel.engine.intake import generations
from openpeel.engine.intake.generations import Vintage
from openpeel.engine.intake.packs import rows_sql
from openpeel.sources.demo.nation import build as nation
from openpeel.sources.demo.nation import returned
from openpeel.sources.demo.nation.files import EVERY_TIME, write_extracts
from openpeel.sources.demo.nation.knobs import Knobs
from openpeel.sources.demo.nation.returned_counts import COUNTED_TYPES, TABLES
from openpeel.sources.demo.nation.supply import supplies
from openpeel.sources.returns import grid

Row = dict[str, Any]
TYPES = dict(shipped().types)
SMALL = Knobs(forces=3, scale=0.0015)
#: Stonemarsh and the City of Kingsquay send records of searches, the third force public files alone.
OWN_SEARCHES = {"stonemarsh"}
NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True)
class Place:
    """A workspace into which a small nation's records and returns were taken, the returns, and where they were made."""

    root: Path
    sent: list[returned.SentReturns]
    con: duckdb.DuckDBPyConnection

    def rows(self, record_type: str, as_at: date) -> list[Row]:
        """The records of a type as known at the end of a day."""
        return _rows(self.root, record_type, as_at)


@cache
def _rows(root: Path, record_type: str, as_at: date) -> list[Row]:
    generation, pin = generations.open_newest(root)
    with closing(pin), closing(connect()) as con:
        entries = generations.view(generation, Vintage(as_at, None)).of(record_type)
        return con.sql(rows_sql(root, TYPES[record_type], entries)).to_arrow_table().to_pylist()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    from openpeel.workspace import create

    folder = tmp_path_factory.mktemp("nation")
    root, run = create(folder / "w", register="demo").root, supplies(SMALL)
    with closing(nation.scratch()) as con:
        nation.build(con, SMALL)
        deliveries = write_extracts(con, folder / "extracts", {t: TYPES[t] for t in COUNTED_TYPES}, run)
        sent = returned.write_returns(con, folder / "returns", TYPES, run)
        read, accepted = take_extracts(root, deliveries, lambda _text: None)
        assert read == accepted > 1000
        with patch.object(grid, "_ask", _here):
            read, accepted = take_returns(root, sent, lambda _text: None)
        assert read == accepted > 1000
        yield Place(root, sent, con)


def test_every_collection_inside_the_months_is_returned(place: Place) -> None:
    assert [(s.collection, s.sent, s.forces) for s in place.sent] == [
        ("2024-autumn", date(2024, 10, 11), ("stonemarsh", "calderstow", "city-of-kingsquay")),
        ("2024-spring", date(2025, 4, 11), ("stonemarsh", "calderstow", "city-of-kingsquay")),
    ]
    for sent in place.sent:
        assert sorted(f.stem for f in sent.folder.iterdir()) == sorted(sent.forces)


@pytest.mark.parametrize(
    ("months", "collections"),
    [(5, []), (6, ["2024-autumn"]), (11, ["2024-autumn"]), (12, ["2024-autumn", "2024-spring"])],
)
def test_a_collection_with_months_outside_the_nation_is_not_returned(
    months: int, collections: list[str]
) -> None:
    assert [c.id for _, c in returned._inside(supplies(Knobs(months=months)))] == collections


def test_the_same_records_give_the_same_bytes(place: Place, tmp_path: Path) -> None:
    """That the same knobs give the same records is held by `test_nation`."""
    place.con.execute("SET threads = 1")
    returned.write_returns(place.con, tmp_path, TYPES, supplies(SMALL))
    assert digest(tmp_path) == digest(place.sent[0].folder.parent)


def test_stonemarsh_and_the_largest_others_are_those_that_send_returns(place: Place, tmp_path: Path) -> None:
    with patch.object(returned, "FORCES_WITH_RETURNS", 2):
        sent = returned.write_returns(place.con, tmp_path, TYPES, supplies(SMALL)[:1])
    assert [s.forces for s in sent] == [("stonemarsh", "calderstow")]
    assert sorted(f.name for f in tmp_path.rglob("*.xlsx")) == ["calderstow.xlsx", "stonemarsh.xlsx"]
    whole = place.sent[0].folder
    assert all((whole / f.name).read_bytes() == f.read_bytes() for f in tmp_path.rglob("*.xlsx"))


def digest(folder: Path) -> str:
    found = hashlib.sha256()
    for file in sorted(folder.rglob("*.xlsx")):
        found.update(str(file.relative_to(folder)).encode() + file.read_bytes())
    return found.hexdigest()


# -- an independent count of the workspace's records -------------------------------------------------------------

Numbers = dict[tuple[str, ...], dict[str, Any]]
#: Columns -> (record type, what a record is counted under, or nothing) of a table by month.
Counting = Callable[[Row], "tuple[str, ...] | None"]
GRADES = {
    "Grade 1": "emergency",
    "Grade 2": "priority",
    "Grade 3": "scheduled",
    "Grade 4": "without attendance",
}


def month(day: date | None) -> str:
    assert day
    return day.replace(day=1).isoformat()


def of(where: Callable[[Row], Any], day: str, word: Callable[[Row], str] | None = None) -> Counting:
    """Records that meet a condition, by the month of a day and perhaps a word."""

    def key(row: Row) -> tuple[str, ...] | None:
        if not where(row):
            return None
        return (month(row[day]), word(row)) if word else (month(row[day]),)

    return key


def line(row: Row) -> str:
    return str(row["line"])


def channel(row: Row) -> str:
    return str(row["channel"])


def grade(row: Row) -> str:
    return GRADES[row["first_grade"]]


def group(row: Row) -> str:
    return str(row["offence_group"]).replace("weapons offences", "weapons")


def power(row: Row) -> str:
    from openpeel.areas.powers.wordings import LEGISLATION

    return LEGISLATION[row["legislation"]]


def within(start: str, end: str, limit: timedelta) -> Callable[[Row], bool]:
    return lambda r: r[end] is not None and r[end] - r[start] <= limit


def in_target(row: Row) -> bool:
    if row["arrived_at"] is None or row["target_seconds"] is None or row["first_grade"] == "Grade 4":
        return False
    return bool(row["arrived_at"] - row["graded_at"] <= timedelta(seconds=row["target_seconds"]))


HURT = ("minor", "severe", "fatal")
DEVICE = "conducted energy device"
MONTHLY: dict[str, dict[str, tuple[str, Counting]]] = {
    "responding.returned_calls": {
        "calls_received": ("responding.call", of(lambda r: True, "received_at_date", line)),
        "calls_answered": ("responding.call", of(lambda r: r["answered_at"], "received_at_date", line)),
        "answered_within_10_seconds": (
            "responding.call",
            of(within("received_at", "answered_at", timedelta(seconds=10)), "received_at_date", line),
        ),
        "calls_abandoned": ("responding.call", of(lambda r: r["abandoned_at"], "received_at_date", line)),
    },
    "responding.returned_online_contact": {
        "contacts_received": ("responding.online_contact", of(lambda r: True, "received_at_date", channel)),
        "first_replies": (
            "responding.online_contact",
            of(lambda r: r["first_reply_at"], "received_at_date", channel),
        ),
        "replied_within_24_hours": (
            "responding.online_contact",
            of(within("received_at", "first_reply_at", timedelta(hours=24)), "received_at_date", channel),
        ),
    },
    "responding.returned_incidents": {
        "incidents_opened": ("responding.incident", of(lambda r: True, "opened_at_date", grade)),
        "incidents_attended": ("responding.incident", of(lambda r: r["attended"], "opened_at_date", grade)),
        "attended_in_target": ("responding.incident", of(in_target, "opened_at_date", grade)),
    },
    "investigating.returned_crimes": {
        "crimes_recorded": ("investigating.crime", of(lambda r: True, "recorded_at_date", group)),
        "crimes_cancelled": (
            "investigating.crime",
            of(lambda r: r["standing"] == "cancelled", "standing_at_date", group),
        ),
    },
    "investigating.returned_outcomes": {
        "outcomes_recorded": (
            "investigating.crime_outcome",
            of(lambda r: True, "assigned_at_date", lambda r: str(r["outcome_type"])),
        ),
    },
    "powers.returned_searches": {
        "searches": ("powers.stop_search", of(lambda r: True, "searched_at_date", power)),
        "objects_found": ("powers.stop_search", of(lambda r: r["object_found"], "searched_at_date", power)),
        "finds_linked": (
            "powers.stop_search",
            of(lambda r: r["sought_object_found"], "searched_at_date", power),
        ),
    },
    "powers.returned_use_of_force": {
        "reports": ("powers.use_of_force", of(lambda r: True, "used_at_date")),
        "subjects_injured": ("powers.use_of_force", of(lambda r: r["person_injury"] in HURT, "used_at_date")),
        "officers_injured": ("powers.use_of_force", of(lambda r: r["officer_injury"] in HURT, "used_at_date")),
        "device_uses": ("powers.use_of_force_tactic", of(lambda r: r["tactic"] == DEVICE, "used_at_date")),
        "device_discharges": (
            "powers.use_of_force_tactic",
            of(lambda r: r["tactic"] == DEVICE and r["stage"] in ("fired", "drive-stunned"), "used_at_date"),
        ),
    },
}  # fmt: skip


def returned_numbers(place: Place, record_type: str, sent: returned.SentReturns) -> dict[str, Numbers]:
    """Force -> key -> the returned row, for the months of the return, as known when it was sent."""
    first, last = MONTHS[sent.collection]
    out: dict[str, Numbers] = {force: {} for force in sent.forces}
    for row in place.rows(record_type, sent.sent):
        key = tuple(str(row[k]) for k in TYPES[record_type].key)
        if first <= key[0] <= last:
            out[row["force"]][key] = row
    return out


MONTHS = {"2024-autumn": ("2024-04-01", "2024-09-30"), "2024-spring": ("2024-10-01", "2025-03-31")}


def counted_of(place: Place, of: str, sent: returned.SentReturns) -> bool:
    """Whether the workspace knew the records of a type on the day: some are sent with the last delivery alone."""
    return of in EVERY_TIME or sent is place.sent[-1]


@pytest.mark.parametrize("record_type", MONTHLY)
def test_numbers_by_month_are_those_of_the_records(place: Place, record_type: str) -> None:
    total = {t.word for t in TYPES[record_type].totals}
    told = 0
    for sent in place.sent:
        for name, (of, counting) in MONTHLY[record_type].items():
            if not counted_of(place, of, sent):
                continue
            rows = place.rows(of, sent.sent)
            holders = {r["force"] for r in rows}
            counts = Counter((r["force"], *key) for r in rows if (key := counting(r)))
            for force, numbers in returned_numbers(place, record_type, sent).items():
                assert numbers
                for key, row in numbers.items():
                    if force not in holders:
                        assert row[name] is None, (force, key, name)
                    elif not total & set(key) and name not in (row["not_applicable"] or ""):
                        assert row[name] == counts[(force, *key)], (force, key, name)
                        told += row[name]
    assert told > 0


def test_nothing_counted_lies_outside_the_rows_laid_out(place: Place) -> None:
    """A word that the return does not have would be left out of its totals without a sign."""
    for record_type, columns in MONTHLY.items():
        first = TYPES[record_type].key[-1]
        allowed = TYPES[record_type].column(first).allowed
        for of, counting in columns.values():
            keys = {key for r in place.rows(of, place.sent[-1].sent) if (key := counting(r))}
            assert {key[-1] for key in keys} <= set(allowed) or not allowed, record_type


def test_domestic_abuse_counts_incidents_and_what_followed_from_them(place: Place) -> None:
    sent = place.sent[-1]
    abuse = {
        (r["force"], r["incident_id"]): month(r["reported_at_date"])
        for r in place.rows("responding.incident", sent.sent)
        if r["domestic_abuse"]
    }
    assessed = place.rows("vulnerable.risk_assessment", sent.sent)
    arrests = place.rows("powers.arrest", sent.sent)

    def count(rows: list[Row], where: Callable[[Row], Any]) -> Counter[tuple[str, str]]:
        keys = [(r["force"], r["incident_id"]) for r in rows if where(r)]
        return Counter((key[0], abuse[key]) for key in keys if key in abuse)

    holders = {r["force"] for r in place.rows("responding.incident", sent.sent)}
    assessing, arresting = ({r["force"] for r in rows} for rows in (assessed, arrests))
    expected = {
        "incidents": (holders, Counter((force, month_on) for (force, _), month_on in abuse.items())),
        "assessments_offered": (assessing, count(assessed, lambda r: r["offered"] or r["completed_at"])),
        "assessments_completed": (assessing, count(assessed, lambda r: r["completed_at"])),
        "assessments_declined": (
            assessing,
            count(assessed, lambda r: r["declined"] and not r["completed_at"]),
        ),
        "arrests": (arresting, count(arrests, lambda r: True)),
    }
    for force, numbers in returned_numbers(place, "vulnerable.returned_domestic_abuse", sent).items():
        for (month_on,), row in numbers.items():
            for name, (forces, counts) in expected.items():
                number = counts[force, month_on] if force in forces else None
                assert row[name] == number, (force, month_on, name)
    assert all(counts.total() > 0 for _, counts in expected.values())


ON = {"2024-autumn": date(2024, 9, 30), "2024-spring": date(2025, 3, 31)}


def test_bail_counts_what_runs_at_the_end_of_the_last_day(place: Place) -> None:
    told = 0
    for sent in place.sent:
        on, rows = ON[sent.collection], place.rows("offenders.bail_period", sent.sent)
        first: dict[tuple[str, ...], date] = {}
        for r in rows:
            case = (r["force"], r["crime_id"], r["suspect_id"])
            first[case] = min(first.get(case, date.max), r["starts_at_date"])
        for force, numbers in returned_numbers(place, "offenders.returned_bail", sent).items():
            mine = [r for r in rows if r["force"] == force]
            for (_, kind), row in numbers.items():
                free = kind == "released under investigation"
                run = [r for r in mine if r["ended_at"] is None and (r["kind"] == kind) == free]
                run = run if free else [r for r in run if r["kind"] != "released under investigation"]
                over = [r for r in run if on - first[force, r["crime_id"], r["suspect_id"]] > timedelta(180)]
                past = [r for r in run if r["recorded_limit_on"] and r["recorded_limit_on"] < on]
                expected = (len(run), None if free else len(past), len(over)) if mine else (None, None, None)
                assert (row["suspects"], row["past_limit"], row["over_180_days"]) == expected, (force, kind)
                assert row["not_applicable"] == ("past_limit" if free else None)
                told += len(run)
    assert told > 0


def test_the_workforce_and_posts_are_those_of_the_last_day(place: Place) -> None:
    sent = place.sent[-1]
    on = ON[sent.collection]
    serving = [
        r
        for r in place.rows("workforce.employee", sent.sent)
        if r["joined_on"] <= on and not (r["left_on"] and r["left_on"] < on)
    ]
    away = {
        (r["force"], r["employee_id"])
        for r in place.rows("workforce.absence", sent.sent)
        if (on - r["started_on"]).days >= 28 and not (r["ended_on"] and r["ended_on"] < on)
    }
    for force, numbers in returned_numbers(place, "workforce.returned_workforce", sent).items():
        for (_, sort), row in numbers.items():
            mine = [r for r in serving if r["force"] == force and sort in ("All", r["worker_type"])]
            long = [r for r in mine if (force, r["employee_id"]) in away]
            assert (row["headcount"], row["absent_long_term"]) == (len(mine), len(long)), (force, sort)
            if sort in ("special constable", "volunteer"):
                assert row["full_time_equivalents"] is None
                assert row["not_applicable"] == "full_time_equivalents"
            else:
                paid = [r for r in mine if r["worker_type"] not in ("special constable", "volunteer")]
                assert row["full_time_equivalents"] == sum(r["full_time_equivalent"] for r in paid)
    posts = place.rows("investigating.post", sent.sent)
    for force, numbers in returned_numbers(place, "investigating.returned_investigators", sent).items():
        row = numbers[str(on), "PIP 2"]
        mine = [r for r in posts if r["force"] == force and r["level_needed"] == "PIP 2"]
        assert row["posts"] == len(mine) > 0
        assert row["posts_filled"] == sum(not r["vacant"] for r in mine)
        assert row["holders_accredited"] == sum(r["holder_level"] == "PIP 2" for r in mine)
        assert row["holders_in_training"] == sum(r["holder_training_for"] == "PIP 2" for r in mine)
        assert numbers[str(on), "SSAIDP"]["holders_in_training"] is None


def test_offenders_and_exhibits_are_those_of_the_last_day(place: Place) -> None:
    sent = place.sent[-1]
    on, managed, told = ON[sent.collection], "offenders.managed_offender", 0
    away = ("in custody", "in hospital", "abroad")
    for force, numbers in returned_numbers(place, "offenders.returned_registered_offenders", sent).items():
        here = [
            r
            for r in place.rows(managed, sent.sent)
            if r["force"] == force and r["category"] == "registered sex offender" and r["whereabouts"] not in away
            and not (r["managed_until_on"] and r["managed_until_on"] <= on)
        ]  # fmt: skip
        for (_, level), row in numbers.items():
            mine = [r for r in here if level in ("All", r["risk_level"])]
            reactive = sum(r["management"] == "reactive" for r in mine)
            overdue = sum(r["visit_due_on"] is not None and r["visit_due_on"] < on for r in mine)
            numbers_ = (row["offenders_managed"], row["reactively_managed"], row["visits_overdue"])
            assert numbers_ == (len(mine), reactive, overdue), (force, level)
            told += len(mine)
    assert told > 0
    exhibits = place.rows("investigating.digital_exhibit", sent.sent)
    for force, numbers in returned_numbers(place, "investigating.returned_digital_exhibits", sent).items():
        row = numbers[(str(on),)]
        if force not in {r["force"] for r in exhibits}:
            assert row["exhibits_waiting"] is row["oldest_days"] is row["not_applicable"] is None
            continue
        days = [
            (on - r["submitted_at_date"]).days
            for r in exhibits
            if r["force"] == force and r["submitted_at"] and not r["started_at"] and not r["withdrawn_at"]
            and r["decision"] in ("accepted", "not yet decided")
        ]  # fmt: skip
        assert row["exhibits_waiting"] == len(days)
        assert row["waiting_over_90_days"] == sum(d > 90 for d in days)
        assert (row["oldest_days"], row["not_applicable"]) == (
            (max(days), None) if days else (None, "oldest_days")
        )


def test_what_the_register_did_not_know_in_autumn_is_blank_and_not_nought(place: Place) -> None:
    numbers = returned_numbers(place, "offenders.returned_registered_offenders", place.sent[0])["stonemarsh"]
    some = {key[1]: row["visits_overdue"] for key, row in numbers.items() if row["offenders_managed"]}
    assert some and set(some.values()) == {None} and "All" in some


def test_forces_with_public_searches_alone_leave_searches_blank(place: Place) -> None:
    for sent in place.sent:
        for force, numbers in returned_numbers(place, "powers.returned_searches", sent).items():
            known = {row["searches"] is not None for row in numbers.values()}
            assert known == {force in OWN_SEARCHES}


def test_a_return_counts_what_was_known_when_it_was_sent(place: Place) -> None:
    """Of September more had been attended by the next spring than the return of autumn could say."""
    autumn, spring = place.sent
    for of, name in (("responding.incident", "arrived_at"), ("investigating.crime", "closed_at")):
        then, later = (sum(r[name] is not None for r in place.rows(of, s.sent)) for s in (autumn, spring))
        assert then < later
    september = ("2024-09-01", "All")
    numbers = returned_numbers(place, "responding.returned_incidents", autumn)["stonemarsh"]
    attended = [
        r
        for r in place.rows("responding.incident", spring.sent)
        if r["force"] == "stonemarsh" and r["arrived_at"] and month(r["opened_at_date"]) == september[0]
    ]
    assert 0 < numbers[september]["incidents_attended"] <= len(attended)


def test_the_checks_hold_every_total_against_its_parts_and_find_nothing(place: Place) -> None:
    vintage = Vintage(place.sent[-1].sent, None)
    rules = [r for r in count_set_rules(place.root, TYPES, vintage, TABLES) if r.check == "set.total"]
    assert {r.type for r in rules if r.records} == {
        "responding.returned_incidents", "investigating.returned_crimes", "investigating.returned_outcomes",
        "powers.returned_searches", "offenders.returned_registered_offenders", "workforce.returned_workforce",
    }  # fmt: skip
    assert not [r for r in rules if r.broken]
    doubts = check_records(place.root, TYPES, vintage, only=TABLES).doubts
    # In April nothing was closed of crimes recorded earlier, since the nation begins then: its outcomes show it, too.
    assert {(d.type, d.check) for d in doubts} <= {("investigating.returned_outcomes", "cells.jump")}
    assert {d.months for d in doubts} <= {(24291, 24291)}


def test_totals_are_the_sums_of_what_is_known(place: Place) -> None:
    assert returned._sum([1, 2, NOT_APPLICABLE]) == 3
    assert returned._sum([1, None]) is None
    total = returned_numbers(place, "responding.returned_online_contact", place.sent[0])["stonemarsh"]
    parts = [r["contacts_received"] for k, r in total.items() if k[0] == "2024-04-01" and k[1] != "All"]
    assert None in parts  # nobody answers text messages
    assert total["2024-04-01", "All"]["contacts_received"] == sum(p for p in parts if p is not None)


def test_every_table_of_a_collection_but_finance_is_counted(place: Place) -> None:
    from openpeel.sources.returns.collections import collection_named

    asked = {t.type for t in collection_named("2024-autumn").tables}
    assert asked - set(TABLES) == {"leadership.finance_line"}
    assert set(TABLES) <= asked
