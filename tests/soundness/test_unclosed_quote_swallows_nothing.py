"""Impossible: a stray quotation mark makes the rows behind it vanish, and the import looks whole."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import SEARCH, counts, different, manifests, run_here, search_text
from openpeel.engine.intake.read import read_delimited
from openpeel.errors import UserError

NAME = "2019-07-kent-stop-and-search.csv"


def test_open_quotation_mark_refuses_the_whole_file(workspace: Path, tmp_path: Path) -> None:
    lines = search_text(different(50)).splitlines()
    lines[10] = lines[10].replace("Controlled drugs", '"Controlled drugs')
    (tmp_path / NAME).write_text("\n".join(lines) + "\n")
    done = run_here("import", "police-uk", tmp_path / NAME, cwd=workspace)
    assert done.returncode == 2
    assert "a quotation mark opened about line 11" in done.stderr
    assert manifests(workspace) == []


def test_two_stray_quotation_marks_set_every_line_between_them_aside(workspace: Path, tmp_path: Path) -> None:
    lines = search_text(different(50)).splitlines()
    lines[10] = lines[10].replace("Controlled drugs", '"Controlled drugs')
    lines[20] = lines[20].replace("Controlled drugs", 'Controlled drugs"')
    (tmp_path / NAME).write_text("\n".join(lines) + "\n")
    done = run_here("import", "police-uk", tmp_path / NAME, cwd=workspace)
    assert "50 rows read = 39 accepted + 11 set aside" in done.stdout
    assert "11 rows inside quotation marks" in done.stdout
    assert counts(workspace) == {("kent", "2019-07"): 39}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(0, 14), st.booleans()), min_size=1, max_size=4),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_quotation_marks_anywhere_lose_no_line(marks: list[tuple[int, int, bool]], end: str) -> None:
    """Each of 12 lines is accepted or set aside, or the file is refused."""
    fields = [list(SEARCH), *([*SEARCH.values()] for _ in range(12))]
    for line, place, behind in marks:
        field = fields[line][place]
        fields[line][place] = field + '"' if behind else '"' + field
    text = end.join(",".join(row) for row in fields) + end
    try:
        content = read_delimited(text.encode(), "file.csv")
    except UserError:
        return
    assert content.read() >= 12
    assert not any(end in str(value) for row in content.table.to_pylist() for value in row.values())
