"""Many small imports become few packs, and no answer changes."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest

from incidents import changes, complete, incident, known, leftovers, months_held, snapshots, unchained, untrue
from openpeel.engine.intake import compact, generations
from openpeel.engine.intake.compact import MOST_PACKS

DAYS = [f"2023-06-{n:02d}" for n in range(1, 30)]


def month(n: int) -> str:
    return f"{2020 + n // 12}-{n % 12 + 1:02d}"


def packs(root: Path) -> int:
    return len(list((root / "records").rglob("*.parquet")))


def test_many_small_imports_become_few_packs(workspace: Path) -> None:
    """The twenty-fifth pack brings all into one; as-at answers are those of every day before."""
    answers = {}
    for n in range(MOST_PACKS + 2):
        rows = [incident(f"{n}-{i}", f"{month(n)}-10", grade=f"{n}") for i in range(3)]
        complete(workspace, month(n), *rows, supplied=DAYS[n])
        answers[DAYS[n]] = known(workspace, DAYS[n])
        assert packs(workspace) <= MOST_PACKS + 1
    assert packs(workspace) == 2
    assert len(generations.newest(workspace).packs()) == 2
    for day, answer in answers.items():
        assert known(workspace, day) == answer
    assert not untrue(workspace) and not unchained(workspace) and not leftovers(workspace)


@pytest.fixture
def compacted(workspace: Path) -> Path:
    """Three vintages of January and one of February, in one pack."""
    with patch.object(compact, "MOST_PACKS", 2):
        for grade, day in (("1", DAYS[0]), ("2", DAYS[1]), ("3", DAYS[2])):
            complete(workspace, "2023-01", incident("a", grade=grade), incident(f"b{grade}"), supplied=day)
        complete(workspace, "2023-02", incident("c", "2023-02-02"), supplied=DAYS[3])
    return workspace


def test_every_vintage_is_in_it(compacted: Path) -> None:
    assert packs(compacted) == 2
    for grade, day in (("1", DAYS[0]), ("2", DAYS[1]), ("3", DAYS[2])):
        assert sorted(known(compacted, day)) == ["a", f"b{grade}"]
        assert known(compacted, day)["a"] == ("2023-01", grade)
    assert not untrue(compacted)


def test_importing_again_still_adds_nothing(compacted: Path) -> None:
    number, held = generations.newest(compacted).number, snapshots(compacted)
    intake = complete(compacted, "2023-01", incident("a", grade="3"), incident("b3"), supplied=DAYS[2])
    assert intake.id == ""
    assert (generations.newest(compacted).number, snapshots(compacted)) == (number, held)


def test_going_back_uses_the_snapshot_in_the_pack(compacted: Path) -> None:
    complete(compacted, "2023-01", incident("a", grade="1"), incident("b1"), supplied=DAYS[5])
    assert packs(compacted) == 2
    assert known(compacted)["a"] == ("2023-01", "1")
    assert not untrue(compacted)


def test_changes_build_on_it(compacted: Path) -> None:
    changes(compacted, incident("c", "2023-01-20"), gone=["b3"], supplied=DAYS[6])
    assert sorted(known(compacted)) == ["a", "c"]
    assert months_held(compacted) == {"2023-01": 2, "2023-02": 0}
    assert not untrue(compacted)


def test_the_intakes_stay(compacted: Path) -> None:
    """Who brought what, with its manifest, is not compacted away."""
    newest = generations.newest(compacted)
    assert len(newest.intakes()) == 4
    assert all((compacted / "intake" / i / "manifest.json").is_file() for i in newest.intakes())


def test_a_compaction_that_fails_is_no_failed_import(workspace: Path) -> None:
    """The records are in: the user is told that tidying up comes later, and it does."""
    with (
        patch.object(compact, "MOST_PACKS", 0),
        patch.object(compact, "write_pack", side_effect=OSError("full")),
    ):
        intake = complete(workspace, "2023-01", incident("a"))
    assert intake.id and any("next time (full)" in n for n in intake.notes)
    assert sorted(known(workspace)) == ["a"]
    with patch.object(compact, "MOST_PACKS", 0):
        complete(workspace, "2023-02", incident("b", "2023-02-02"))
    assert packs(workspace) == 1 and not leftovers(workspace)


def test_large_files_are_not_written_anew(workspace: Path) -> None:
    """Else every few imports would sort and write all that was ever supplied."""
    with patch.object(compact, "MOST_PACKS", 2), patch.object(compact, "SMALL_ROWS", 3):
        complete(workspace, "2022-12", *(incident(f"l{i}", "2022-12-10") for i in range(3)), supplied=DAYS[0])
        (large,) = generations.newest(workspace).packs()
        for n in range(8):
            complete(workspace, month(n), incident(f"{n}", f"{month(n)}-10"), supplied=DAYS[n + 1])
        assert large in generations.newest(workspace).packs()
    # Three small ones became one of three rows, which is large now; so did the next three, and two are left.
    assert packs(workspace) == 1 + 2 + 2
    assert len(known(workspace)) == 3 + 8
    assert not untrue(workspace) and not leftovers(workspace)
