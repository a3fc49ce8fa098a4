"""Set rules: references that lead nowhere and numbers that stand twice are counted, never set aside."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from helpers import run_here
from incidents import INCIDENT, incident, mapping, part
from openpeel.engine.check.set_rules import count_set_rules
from openpeel.engine.declare.columns import day, word
from openpeel.engine.declare.records import RecordType, Reference, Unique
from openpeel.engine.intake.commit import take_in
from openpeel.engine.intake.generations import Vintage
from openpeel.errors import UserError

UNIT = RecordType(
    id="test.unit",
    title="Units",
    kind="event",
    anchor="sent_on",
    key=("unit_id",),
    columns=(
        word("unit_id", "Unit.", "U1", required=True),
        day("sent_on", "Day.", "2023-01-10", required=True),
        word("incident_id", "Incident.", "1"),
        word("log", "Log number.", "L1"),
    ),
    references=(Reference(("incident_id",), "test.incident"),),
    unique=(Unique(("log",)),),
)
TYPES = {t.id: t for t in (INCIDENT, UNIT)}
LATER = Vintage(date(2999, 1, 1))


def units(root: Path, *rows: tuple[str, ...], force: str = "kent", supplied: str = "") -> None:
    made = part(rows, force=force, columns=[c.name for c in UNIT.columns])
    day_ = date.fromisoformat(supplied) if supplied else None
    take_in(root, mapping("changes", UNIT), [made], supplied=day_)


def incidents(root: Path, *ids: str, force: str = "kent", supplied: str = "") -> None:
    day_ = date.fromisoformat(supplied) if supplied else None
    take_in(root, mapping("changes"), [part([incident(i) for i in ids], force=force)], supplied=day_)


def counts(root: Path, vintage: Vintage = LATER) -> list[tuple[str, str, int, int | None]]:
    return [(f.force, f.rule, f.records, f.broken) for f in count_set_rules(root, TYPES, vintage)]


LEADS, ONCE = "incident_id leads to test.incident", "log stands on one record"


def test_a_reference_that_leads_nowhere_is_kept_and_counted(workspace: Path) -> None:
    incidents(workspace, "1", "2")
    units(workspace, ("A", "2023-01-10", "1", ""), ("B", "2023-02-10", "9", ""), ("C", "2023-02-10", "", ""))
    assert counts(workspace) == [("kent", LEADS, 2, 1)]


def test_without_the_other_records_it_cannot_be_told(workspace: Path) -> None:
    """Not *broken*: no record of the other type was supplied for the force."""
    incidents(workspace, "1", force="surrey")
    units(workspace, ("A", "2023-01-10", "1", ""))
    assert counts(workspace) == [("kent", LEADS, 1, None)]


def test_the_same_number_in_another_force_is_no_such_record(workspace: Path) -> None:
    incidents(workspace, "1", force="surrey")
    incidents(workspace, "2", force="kent")
    units(workspace, ("A", "2023-01-10", "1", ""))
    assert counts(workspace) == [("kent", LEADS, 1, 1)]


def test_a_number_on_several_records_is_counted_beyond_the_first(workspace: Path) -> None:
    units(
        workspace,
        ("A", "2023-01-10", "", "L1"),
        ("B", "2023-02-10", "", "L1"),
        ("C", "2023-02-10", "", "L1"),
        ("D", "2023-02-10", "", ""),
        ("E", "2023-02-10", "", ""),
    )
    units(workspace, ("F", "2023-02-10", "", "L1"), force="surrey")
    assert counts(workspace) == [("kent", ONCE, 3, 2), ("surrey", ONCE, 1, 0)]
    assert count_set_rules(workspace, TYPES, LATER)[0].rows == ("A", "B", "C")


def test_what_was_known_on_a_day_decides(workspace: Path) -> None:
    units(workspace, ("A", "2023-01-10", "1", ""), supplied="2023-02-01")
    incidents(workspace, "2", supplied="2023-02-01")
    incidents(workspace, "1", supplied="2023-03-01")
    assert counts(workspace, Vintage(date(2023, 2, 2))) == [("kent", LEADS, 1, 1)]
    assert counts(workspace, Vintage(date(2023, 3, 2))) == [("kent", LEADS, 1, 0)]


LOCAL = """\
[[record_type]]
id = "local.unit"
title = "Units"
kind = "event"
anchor = "sent_on"
key = ["unit_id"]
columns = [
  { name = "unit_id", type = "text", meaning = "Unit", required = true },
  { name = "sent_on", type = "date", meaning = "Day", required = true },
  { name = "parent_id", type = "text", meaning = "Unit that sent it" },
]
references = [{ columns = ["parent_id"], to = "local.unit" }]
"""


@pytest.mark.parametrize(("parent", "status"), [("A", 0), ("Z", 1)])
def test_the_command_says_so_and_ends_with_1(workspace: Path, parent: str, status: int) -> None:
    (workspace / "local" / "units.toml").write_text(LOCAL)
    own = replace(
        UNIT,
        id="local.unit",
        columns=(*UNIT.columns[:2], word("parent_id", "Unit.", "A")),
        references=(),
        unique=(),
    )
    rows = [("A", "2023-01-10", ""), ("B", "2023-01-10", parent)]
    made = part(rows, columns=[c.name for c in own.columns])
    take_in(workspace, mapping("changes", own), [made])
    done = run_here("check", "--type", "unit", "--format", "json", cwd=workspace)
    assert done.returncode == status, done.stderr
    doubts = json.loads(done.stdout)
    assert [(d["check"], d["force"], d["subject"], d["rows"]) for d in doubts] == [
        ("set.reference", "kent", "parent_id", ["B"])
    ] * status
    said = run_here("check", cwd=workspace)
    assert ("parent_id leads to local.unit" in said.stdout) == bool(status)
    assert ("nothing is doubtful" in said.stderr) == (not status)


def test_a_reference_to_nothing_declared_is_refused(workspace: Path) -> None:
    from openpeel.catalogue import load_catalogue

    (workspace / "local" / "units.toml").write_text(LOCAL.replace('to = "local.unit"', 'to = "local.team"'))
    with pytest.raises(UserError) as error:
        load_catalogue(workspace)
    assert "there is no record type `local.team`" in error.value.line()
