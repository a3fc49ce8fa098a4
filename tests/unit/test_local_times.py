"""A force's own record type, its own target and its own measures of time, from TOML to the command line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from helpers import run_here
from incidents import mapping, part
from openpeel.catalogue import load_catalogue
from openpeel.engine.intake.commit import take_in
from openpeel.errors import UserError

TYPE = """
[[record_type]]
id = "local.incident"
title = "Incidents"
kind = "event"
anchor = "received_at"
key = ["incident_id"]
columns = [
  { name = "incident_id", type = "text", meaning = "Number of the incident", required = true },
  { name = "received_at", type = "instant", meaning = "When it was received", required = true },
  { name = "attended_at", type = "instant", meaning = "When somebody was there" },
  { name = "closed_at", type = "instant", meaning = "When it was closed" },
]
derived = [
  { kind = "SecondsBetween", name = "seconds_to_attend", start = "received_at", end = "attended_at", meaning = "Time" },
  { kind = "FromPolicy", name = "target_seconds", policy = "force.attend_within", meaning = "Our target" },
]
"""
SHARE = """
[[measure]]
kind = "ShareWithin"
id = "local.attended_in_target"
title = "Incidents attended within our target"
sentence = "{value} of incidents were attended within the target ({x} of {y})."
of = "local.incident"
start = "received_at"
served = "attended_at"
withdrawn = "closed_at"
limit = "target_seconds"
unit = "share of incidents"
better = "higher"
reviewed = 2026-11-22
"""
TIMES = """
[[measure]]
kind = "Quantile"
id = "local.p90"
title = "Time within which nine of ten were attended"
sentence = "Nine of ten attended incidents were attended within {value}."
of = "local.incident"
of_duration = "seconds_to_attend"
p = 0.9
unit = "seconds to attendance"
reviewed = 2026-11-22

[[measure]]
kind = "MedianWait"
id = "local.median_wait"
title = "Median wait"
sentence = "Half of all incidents were attended within {value}."
of = "local.incident"
start = "received_at"
served = "attended_at"
withdrawn = "closed_at"
unit = "seconds to attendance"
reviewed = 2026-11-22
"""
POLICY = """
id = "force.attend_within"
title = "Attend within"
source = "Response policy, page 4"
known_from = 2023-01-01

[[value]]
from = 2023-01-01
until = 2023-01-15
value = 600

[[value]]
from = 2023-01-16
value = 900
"""
ROWS = [
    ("a", "2023-01-10 12:00:00", "2023-01-10 12:10:00", ""),
    ("b", "2023-01-10 12:00:00", "2023-01-10 12:10:01", ""),
    ("c", "2023-01-20 12:00:00", "2023-01-20 12:15:00", ""),
    ("d", "2023-01-20 12:00:00", "", "2023-01-20 12:30:00"),
    ("e", "2023-01-31 23:50:00", "", ""),
]


@pytest.fixture
def declared(workspace: Path) -> Path:
    (workspace / "local" / "incidents.toml").write_text(TYPE + SHARE + TIMES, encoding="utf-8")
    (workspace / "policies" / "attend.toml").write_text(POLICY, encoding="utf-8")
    record_type = load_catalogue(workspace).types["local.incident"]
    columns = ("incident_id", "received_at", "attended_at", "closed_at")
    supply = part(ROWS, "2023-01", columns=columns)
    take_in(workspace, mapping("complete", record_type), [supply], supplied=date(2023, 1, 31))
    return workspace


def figure(root: Path, measure: str, *more: str) -> dict[str, Any]:
    args = ("measure", measure, "--force", "kent", "--period", "2023-01", *more, "--format", "json")
    done = run_here(*args, cwd=root)
    assert done.returncode == 0, done.stderr
    (found,) = json.loads(done.stdout)
    return dict(found)


def test_the_share_within_the_forces_own_target(declared: Path) -> None:
    found = figure(declared, "local.attended_in_target", "--as-at", "2023-01-31")
    assert (found["value"], found["numerator"], found["denominator"]) == (2 / 3, 2, 3)
    assert found["reason"] == "1 not yet due; 1 withdrawn without being served"
    later = figure(declared, "local.attended_in_target", "--as-at", "2023-02-01")
    assert (later["numerator"], later["denominator"], later["as_at"]) == (2, 4, "2023-02-01")
    assert later["reason"] == (
        "1 due and still waiting, as supplied on 2023-01-31; 1 withdrawn without being served"
    )


def test_the_quantile_and_the_median_wait(declared: Path) -> None:
    """600, 601 and 900 seconds; e has waited 600 s: 3/4 are left after 600 s, 3/8 after 601 s."""
    assert figure(declared, "local.p90", "--as-at", "2023-01-31")["value"] == pytest.approx(601 + 0.8 * 299)
    wait = figure(declared, "local.median_wait", "--as-at", "2023-01-31")
    assert (wait["value"], wait["status"], wait["interval"]) == (601.0, "ok", None)
    table = run_here(
        "measure", "local.median_wait", "--force", "kent", "--period", "2023-01", "--as-at", "2023-01-31",
        cwd=declared,
    )  # fmt: skip
    assert "10 min 1 s" in table.stdout
    assert "1 still waiting; 1 withdrawn without being served" in " ".join(table.stderr.split())


def test_the_figures_have_the_keys_of_the_contract(declared: Path) -> None:
    """What is not yet due or withdrawn is said in the reason: the shape of a figure stays what it was."""
    share = figure(declared, "local.attended_in_target", "--as-at", "2023-01-31")
    assert set(share) == {
        "measure", "force", "period_start", "period_end", "breakdown", "value", "unit", "numerator", "denominator",
        "unknown", "unknown_eligibility", "population", "population_source", "interval", "bounds", "reading",
        "reason", "status", "as_at", "figure_id", "snapshots",
    }  # fmt: skip


def test_other_verbs_know_them(declared: Path) -> None:
    for args in (
        ("measures", "--format", "json"),
        ("compare", "local.median_wait", "--period", "2023-01", "--as-at", "2023-01-31", "--format", "json"),
        ("refresh", "--explain"),
        ("refresh",),
    ):
        done = run_here(*args, cwd=declared)
        assert done.returncode == 0, (args, done.stderr)
    id_ = figure(declared, "local.attended_in_target", "--as-at", "2023-01-31")["figure_id"]
    assert run_here("figure", id_, cwd=declared).returncode == 0


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('limit = "target_seconds"', "", "needs one limit"),
        ('limit = "target_seconds"', "limit_seconds = 600.5", "`limit_seconds` cannot be 600.5"),
        ('limit = "target_seconds"', "limit_seconds = -1", "limit_seconds is -1"),
        ('limit = "target_seconds"', 'limit = "target_seconds"\nlimit_seconds = 600', "needs one limit"),
        ('limit = "target_seconds"', 'limit = "closed_at"', "is of type instant"),
        ('served = "attended_at"', "", "lacks"),
        ("p = 0.9", 'p = "0.9"', "`p` cannot be '0.9'"),
        ("p = 0.9", "p = 90", "p is 90"),
        (
            'meaning = "Our target"',
            'meaning = "Our target", type = "text"',
            "a policy's value is a whole number",
        ),
        ('unit = "seconds to attendance"', 'unit = "minutes"', "let its unit begin with `seconds`"),
    ],
)
def test_wrong_declarations_are_named(workspace: Path, was: str, becomes: str, says: str) -> None:
    text = TYPE + SHARE + TIMES
    assert was in text
    (workspace / "local" / "incidents.toml").write_text(text.replace(was, becomes), encoding="utf-8")
    with pytest.raises(UserError) as error:
        load_catalogue(workspace)
    assert says in error.value.line()
