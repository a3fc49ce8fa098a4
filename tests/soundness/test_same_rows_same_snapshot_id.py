"""Impossible: the same rows under two snapshot ids, or two sets of rows under one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from helpers import HEADINGS, different, entries, new_workspace, run_here, search_text

ROWS = [
    *different(20, **{"Policing operation": "Operation\nNight", "Outcome": 'He said "no", twice'}),
    {},
    {},
    {"Outcome linked to object of search": "True", "Latitude": ""},
]
NAME = "2019-07-kent-stop-and-search.csv"
TEXT = search_text(ROWS)


def crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def pandas(text: str) -> bytes:
    return text.replace("True", "1.0").replace("False", "0.0").replace("52.806800", "52.8068").encode()


def identity(tmp_path: Path, name: str, data: bytes, *options: str) -> str:
    file = tmp_path / "in" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)
    workspace = new_workspace(tmp_path / f"w{len(list(tmp_path.iterdir()))}")
    done = run_here("import", "police-uk", file, *options, cwd=workspace)
    assert done.returncode == 0, done.stderr
    return str(entries(workspace)[("kent", "2019-07")]["snapshot"])


def gz(data: bytes) -> bytes:
    import gzip

    return gzip.compress(data)


@pytest.mark.parametrize(
    "write",
    [
        lambda t: TEXT.encode(),
        crlf,
        lambda t: t.replace("\n", "\r").encode(),
        lambda t: b"\xef\xbb\xbf" + t.encode(),
        lambda t: t.rstrip("\n").encode(),
        lambda t: search_text(ROWS[::-1]).encode(),
        lambda t: search_text(ROWS, HEADINGS[::-1]).encode(),
        lambda t: t.replace("+00:00", "Z").encode(),
        lambda t: t.replace("T12:", "T13:").replace("+00:00", "+01:00").encode(),
        pandas,
    ],
)
def test_rows_written_another_way_have_the_same_id(tmp_path: Path, write: Callable[[str], bytes]) -> None:
    assert identity(tmp_path, NAME, write(TEXT)) == identity(tmp_path, NAME, TEXT.encode())


def test_name_and_packing_do_not_matter(tmp_path: Path) -> None:
    plain = identity(tmp_path, NAME, TEXT.encode())
    assert identity(tmp_path, f"{NAME}.gz", gz(TEXT.encode())) == plain
    assert identity(tmp_path, "2019-07-kent-police-stop-and-search.csv", TEXT.encode()) == plain
    assert identity(tmp_path, "x.csv", TEXT.encode(), "--force", "kent", "--month", "2019-07") == plain


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2019-07-10T12:07:00", "2019-07-10T12:07:01"),
        ("Operation\nNight", "Operation Night"),
        ("52.8068", "52.8069"),
        (",True,", ",False,"),
        ("He said", "he said"),
    ],
)
def test_rows_that_differ_have_another_id(tmp_path: Path, old: str, new: str) -> None:
    assert old in TEXT
    altered = TEXT.replace(old, new, 1)
    assert identity(tmp_path, NAME, altered.encode()) != identity(tmp_path, NAME, TEXT.encode())


def test_one_repeat_more_has_another_id(tmp_path: Path) -> None:
    assert identity(tmp_path, NAME, search_text([*ROWS, {}]).encode()) != identity(
        tmp_path, NAME, TEXT.encode()
    )
