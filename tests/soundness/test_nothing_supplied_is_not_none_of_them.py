"""How many visits an incident had is not 0 because nobody supplied any visits.

A count of another type's records is 0 only where that type is held for the force and month, and where the record
says what it is to be found by. Otherwise *never visited* would be said of a force that sent no file of visits.
"""

from __future__ import annotations

from pathlib import Path

from test_fan_out_is_impossible import ON, VISIT, derive

from helpers import new_workspace
from incidents import complete, incident, mapping, part
from openpeel.engine.declare.derivations import Rollup
from openpeel.engine.intake.commit import take_in

VISITS = Rollup("visits", VISIT.id, ON, "count", "", "integer", "")
COLUMNS = ["incident", "on_day", "minutes"]


def incidents(folder: Path) -> Path:
    root = new_workspace(folder / "w")
    complete(root, "2023-01", incident("a"), incident("b"))
    return root


def visits(root: Path, month: str, *rows: tuple[str, str, str], force: str = "kent") -> None:
    take_in(root, mapping("complete", VISIT), [part(rows, month, force, columns=COLUMNS)])


def test_no_file_of_visits(tmp_path: Path) -> None:
    assert derive(incidents(tmp_path), VISITS) == [("a", None), ("b", None)]


def test_visits_of_another_force(tmp_path: Path) -> None:
    root = incidents(tmp_path)
    visits(root, "2023-01", ("a", "2023-01-02", "5"), force="surrey")
    assert derive(root, VISITS) == [("a", None), ("b", None)]


def test_visits_of_another_month(tmp_path: Path) -> None:
    """One that is there is counted; of the other nobody knows."""
    root = incidents(tmp_path)
    visits(root, "2023-02", ("a", "2023-02-02", "5"))
    assert derive(root, VISITS) == [("a", 1), ("b", None)]


def test_a_file_of_visits_without_any_for_them(tmp_path: Path) -> None:
    root = incidents(tmp_path)
    visits(root, "2023-01", ("z", "2023-01-02", "5"))
    assert derive(root, VISITS) == [("a", 0), ("b", 0)]


def test_a_blank_key(tmp_path: Path) -> None:
    root = incidents(tmp_path)
    visits(root, "2023-01", ("z", "2023-01-02", "5"))
    of = Rollup("visits", VISIT.id, (("grade", "incident"),), "count", "", "integer", "")
    assert derive(root, of) == [("a", None), ("b", None)]
