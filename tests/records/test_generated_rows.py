"""For every record type, whatever stands in its rows: what is read is accepted or set aside, and nothing is lost.

What is accepted reads back as what went in, by the plain Python of ``model.py``.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from helpers import new_workspace, set_aside
from openpeel.engine.declare.records import Column, RecordType
from openpeel.engine.identity.keys import open_keyring
from openpeel.engine.intake.commit import take_in
from records import model, rows, supply

pytestmark = pytest.mark.usefixtures("small_tables")

FORCES = ("kent", "essex", "city-of-london")
#: Reasons that leave a file a whole one, though none of its rows is taken.
AGAIN = "the same row again"
_LETTERS = "abAZ019.,:;-+/ \t\n\r'\"|\\%_\u00a0\ufeff\x00\x07\x1fé߀\u2013😀"


def values(column: Column) -> st.SearchStrategy[str]:
    """Texts for a column: good ones, bad ones, blanks, and whatever comes."""
    told = [*rows.good_values(column), *rows.bad_values(column), "", " n/a ", "NULL"]
    if column.low is not None:
        told += [str(column.low), f"{column.low - 1:.0f}"]
    if column.high is not None:
        told += [str(column.high), f"{column.high + 1:.0f}"]
    spaced = [f" \t{column.example}\u00a0", column.example.lower(), column.example + "\x1f"]
    return st.one_of(st.sampled_from([*told, *spaced]), st.text(_LETTERS, max_size=12))


def supplies(record_type: RecordType) -> st.SearchStrategy[list[list[rows.Row]]]:
    """Rows for each force: a few records, some of them more than once, with a few columns that hold something else."""
    records = rows.keyed(record_type, supply.example(record_type), 4)
    edit = st.sampled_from(record_type.columns).flatmap(lambda c: st.tuples(st.just(c.name), values(c)))
    row = st.builds(
        lambda which, edits: records[which] | dict(edits), st.integers(0, 3), st.lists(edit, max_size=3)
    )
    return st.tuples(*(st.lists(row, min_size=least, max_size=30) for least in (12, 6, 0))).map(list)


@dataclass
class Expected:
    """What must become of the rows of one force: those held, and row number -> reason for the others."""

    held: list[model.Read]
    aside: dict[int, str]

    def is_refused(self) -> bool:
        """Whether the file is refused, since nothing of it can be taken."""
        return bool(self.aside) and not self.held and AGAIN not in self.aside.values()


def expected(record_type: RecordType, told: list[model.Read]) -> Expected:
    """What must become of some rows of one force."""
    aside = {n: t.faults[0] for n, t in enumerate(told, 1) if t.faults}
    same: dict[object, list[int]] = {}
    for n, row in enumerate(told, 1):
        if n not in aside:
            key = tuple(row.values[k] for k in record_type.key) if record_type.key else n
            same.setdefault(key, []).append(n)
    for numbers in same.values():
        first, *others = numbers
        if any(told[n - 1].values != told[first - 1].values for n in others):
            aside |= dict.fromkeys(numbers, "one key with different rows")
        else:
            aside |= dict.fromkeys(others, AGAIN)
    return Expected([t for n, t in enumerate(told, 1) if n not in aside], aside)


@pytest.mark.parametrize(
    "examples", [pytest.param(3, id="few"), pytest.param(40, id="many", marks=pytest.mark.long)]
)
@pytest.mark.parametrize("record_type", supply.TYPES, ids=lambda t: t.id)
def test_whatever_stands_in_the_rows(record_type: RecordType, examples: int) -> None:
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],  # making a failing file smaller would take minutes
    )
    @given(supplies(record_type))
    def check(supplied: list[list[rows.Row]]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            _check(record_type, supplied, Path(folder) / "workspace")

    check()


def _check(record_type: RecordType, supplied: list[list[rows.Row]], folder: Path) -> None:
    root = new_workspace(folder)
    month = rows.read(record_type, supply.example(record_type)).values["month"]
    months = None if record_type.key else (month - 1, month + 1)
    ring = open_keyring(root)
    wanted: dict[str, Expected] = {}
    parts = []
    for force, mine in zip(FORCES, supplied, strict=True):
        if mine:
            keys = ring.keys(force)
            wanted[force] = expected(
                record_type, [model.read(record_type, row, keys, months) for row in mine]
            )
            parts.append(replace(supply.part(record_type, mine, months), label=force, force=force))
    scope = "changes" if record_type.key else "complete"
    intake = take_in(root, supply.mapping(record_type, scope), parts)

    taken = {force: e for force, e in wanted.items() if not e.is_refused()}
    assert sorted(e.where for e in intake.refused) == sorted(set(wanted) - set(taken))
    for account in intake.files:
        mine = taken[account.file]
        assert (account.accepted, account.set_aside) == (len(mine.held), Counter(mine.aside.values()))
        assert account.read == account.accepted + sum(account.set_aside.values())
    assert {a.file for a in intake.files} == set(taken)
    if not taken:
        assert intake.id == ""
        return
    aside = {(row["file"], int(row["row"])): row["reason"] for row in set_aside(root)}
    assert aside == {(force, n): reason for force, e in taken.items() for n, reason in e.aside.items()}
    held = [t.values for e in taken.values() for t in e.held]
    assert supply.in_order(supply.held(root, record_type)) == supply.in_order(held)
