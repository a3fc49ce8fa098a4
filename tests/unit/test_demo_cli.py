"""``openpeel demo``: the whole path at its smallest, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers import run_here


def test_a_sole_force_goes_the_whole_way(tmp_path: Path) -> None:
    """It sends its own records of searches, so that there are no public ones; its report verifies all the same."""
    done = run_here("demo", "d", "--forces", "1", "--months", "1", "--scale", "0.001", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "verified" in done.stdout and (tmp_path / "d/outputs/stonemarsh/index.html").is_file()
    assert not (tmp_path / "d/files/stop-search").exists()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--type", "responding.call"), "--type is for a nation at national scale"),
        (("--resume",), "--resume is for a nation at national scale"),
        (("--scale", "national", "--resume"), "no nation is half made there"),
        (("--scale", "national", "--type", "responding.calling"), "there is no record type"),
        (("--scale", "huge"), "the scale is 'huge'"),
    ],
)
def test_wrong_wishes_have_one_line(tmp_path: Path, args: tuple[str, ...], message: str) -> None:
    done = run_here("demo", "d", *args, cwd=tmp_path)
    assert done.returncode == 2 and message in done.stderr, done.stderr
    assert len(done.stderr.splitlines()) == 1 and not (tmp_path / "d").exists()
