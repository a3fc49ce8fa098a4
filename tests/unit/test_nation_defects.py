"""Sown defects: every kind shows what its name says, where the key says it, and nothing else has changed."""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from helpers import set_aside
from openpeel.catalogue import shipped
from openpeel.engine.clock import parse_month
from openpeel.engine.intake.commit import take_in
from openpeel.errors import UserError
from openpeel.register import load_register
from openpeel.sources.demo.nation import build as nation
from openpeel.sources.demo.nation import contact, files, incidents
from openpeel.sources.demo.nation.defects import KINDS, consequences_of, sow
from openpeel.sources.demo.nation.defects_draw import BLOCK_ROWS, BLOCKS_APART
from openpeel.sources.demo.nation.defects_extracts import read_extracts
from openpeel.sources.demo.nation.defects_files import Place, Row, Table
from openpeel.sources.demo.nation.defects_numbers import number_column, other_number
from openpeel.sources.demo.nation.defects_rows import ROW_KINDS
from openpeel.sources.demo.nation.defects_sheet import Sheet, record_of
from openpeel.sources.demo.nation.files import Delivery, write_extracts
from openpeel.sources.demo.nation.knobs import Knobs
from openpeel.sources.demo.nation.supply import supplies
from openpeel.sources.extract.files import Found, read_parts, stated
from openpeel.sources.extract.mapping_file import read_mapping
from openpeel.workspace import create

DOC = Path(__file__).parents[2] / "docs" / "demo-defects.md"
KNOBS = Knobs(forces=8, months=6, scale=0.01)
TYPES = dict(shipped().types)
ROWS, BLOCKS = [k for k, (level, _) in KINDS.items() if level == "row"], 8
KEPT = {k.id for k in ROW_KINDS if k.kept}
Line = dict[str, str]


@dataclass(frozen=True)
class Sown:
    """The nation as it was and with defects sown, and the key."""

    clean: list[Delivery]
    spoilt: list[Delivery]
    key: list[Line]
    consequences: list[Line]
    told: list[str]

    def of(self, kind: str) -> list[Line]:
        return [line for line in self.key if line["kind"] == kind]

    def row(self, line: Line) -> Row:
        """The row that a line of the key names, in the file as it is now."""
        table = self.tables[line["file"]]
        sheet = next(n for n, s in enumerate(table.sheets) if s.label == line["file"])
        return table.row(Place(sheet, int(line["row"]) - 1, line["force"], 0, ()))

    @property
    def tables(self) -> dict[str, Table]:
        return _tables(tuple(self.spoilt))


_READ: dict[tuple[Delivery, ...], dict[str, Table]] = {}


def _tables(deliveries: tuple[Delivery, ...]) -> dict[str, Table]:
    if deliveries not in _READ:
        of = read_extracts(deliveries, TYPES, load_register("demo"))
        _READ[deliveries] = {s.label: t for t in of.tables for s in t.sheets}
    return _READ[deliveries]


def copied(deliveries: list[Delivery], folder: Path, to: Path) -> list[Delivery]:
    shutil.copytree(folder, to)
    return [
        replace(d, mapping=to / d.mapping.relative_to(folder), file=to / d.file.relative_to(folder))
        for d in deliveries
    ]


def read(file: Path) -> list[Line]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> list[Delivery]:
    con, folder = nation.scratch(), tmp_path_factory.mktemp("nation") / "files"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        # Contact and incidents are enough: defects are sown into whatever is there.
        for module in (nation, files):
            patch.setattr(module, "TABLES", (*contact.TABLES, *incidents.TABLES))
        nation.build(con, KNOBS)
        return write_extracts(con, folder, TYPES, supplies(KNOBS, every=3))


@pytest.fixture(scope="module")
def sown(clean: list[Delivery], tmp_path_factory: pytest.TempPathFactory) -> Sown:
    to = tmp_path_factory.mktemp("sown")
    spoilt, told = copied(clean, clean[0].file.parents[1], to / "files"), list[str]()
    sow(spoilt, TYPES, to / "key.csv", 1, rows_each=6, blocks_each=1, progress=told.append)
    return Sown(clean, spoilt, read(to / "key.csv"), read(consequences_of(to / "key.csv")), told)


def test_there_are_twenty_five_kinds_and_the_manual_tells_of_each() -> None:
    assert Counter(level for level, _ in KINDS.values()) == {"row": 17, "block": 8}
    page = DOC.read_text(encoding="utf-8")
    for kind, (_level, said) in KINDS.items():
        assert f"| `{kind}` |" in page
        assert said.split(":")[0] in page, kind


def test_every_kind_is_sown_in_several_types_and_forces(sown: Sown) -> None:
    assert {line["kind"] for line in sown.key} == set(KINDS)
    for kind in ROWS:
        assert len({line["defect"] for line in sown.of(kind)}) == 6, sown.told
        assert len({line["type"] for line in sown.of(kind)}) >= 2
    assert len({line["force"] for line in sown.key}) == KNOBS.forces
    assert not sown.told


def test_no_two_defects_are_on_the_same_row_or_block(sown: Sown) -> None:
    rows = Counter((line["file"], line["row"]) for line in sown.key if line["level"] == "row")
    assert max(rows.values()) == 1
    blocks = [line for line in sown.key if line["level"] == "block"]
    assert len({(b["force"], b["type"]) for b in blocks}) == len(blocks) == BLOCKS
    months = {(b["force"], b["type"], b["month"]) for b in blocks}
    assert not months & {(r["force"], r["type"], r["month"]) for r in sown.key if r["level"] == "row"}


def test_months_of_one_force_and_type_are_far_apart_and_of_two_kinds_at_most(
    clean: list[Delivery], tmp_path: Path
) -> None:
    many = copied(clean, clean[0].file.parents[1], tmp_path / "many")
    sow(many, TYPES, tmp_path / "key.csv", 1, rows_each=0, blocks_each=6)
    of: dict[tuple[str, str], list[Line]] = {}
    for line in read(tmp_path / "key.csv"):
        if line["level"] == "block":
            of.setdefault((line["force"], line["type"]), []).append(line)
    assert {len(lines) for lines in of.values()} == {1, 2}
    for one, other in (lines for lines in of.values() if len(lines) == 2):
        assert one["kind"] != other["kind"]
        assert abs(parse_month(one["month"]) - parse_month(other["month"])) >= BLOCKS_APART


def test_the_same_seed_sows_the_same_and_another_another(
    clean: list[Delivery], sown: Sown, tmp_path: Path
) -> None:
    again = copied(clean, clean[0].file.parents[1], tmp_path / "again")
    sow(again, TYPES, tmp_path / "key.csv", 1, rows_each=6, blocks_each=1)
    assert read(tmp_path / "key.csv") == sown.key
    for one, other in zip(sown.spoilt, again, strict=True):
        assert one.file.read_bytes() == other.file.read_bytes()
    apart = copied(clean, clean[0].file.parents[1], tmp_path / "other")
    sow(apart, TYPES, tmp_path / "other.csv", 2, rows_each=1, blocks_each=1)
    assert {(k["file"], k["row"]) for k in read(tmp_path / "other.csv")} - {
        (k["file"], k["row"]) for k in sown.key
    }


def test_only_rows_and_blocks_of_the_key_have_changed(sown: Sown) -> None:
    for was, now in zip(sown.clean, sown.spoilt, strict=True):
        if was.file.suffix != ".csv":
            assert was.file.read_bytes() == now.file.read_bytes()
            continue
        label = f"{was.file.parent.name}/{was.file.name}"
        before, after = Sheet(was.file, was.sent).records, Sheet(now.file, now.sent).records
        new = Counter(after) - Counter(before)
        rows = {
            after[int(k["row"]) - 1] for k in sown.key + sown.consequences if k["file"] == label and k["row"]
        }
        blocks = [k for k in sown.key if k["level"] == "block" and k["type"] == was.type]
        places = _tables(tuple(sown.spoilt))[label].places
        table = _tables(tuple(sown.spoilt))[label]
        months = {(k["force"], k["month"]) for k in blocks}
        inside = {
            table.sheets[p.sheet].records[p.at]
            for p in places
            if (p.force, f"{p.month // 12}-{p.month % 12 + 1:02d}") in months
        }
        assert set(new) <= rows | inside


def _blank(row: Row, column: str) -> bool:
    return row.text(column) == "" and row.table.type.column(column).required


def _no_day(row: Row, column: str) -> bool:
    return bool(row.text(column)) and row.moment(column) is None


def _unreadable(row: Row, column: str) -> bool:
    return not row.readable(row.table.type.column(column))


def _below(row: Row, column: str) -> bool:
    low = row.table.type.column(column).low
    return low is not None and float(row.text(column)) < low


def _ends_first(row: Row, column: str) -> bool:
    rules = [r.condition.split() for r in row.table.type.rules]
    begins = next(r[2] for r in rules if r[0] == column)
    end, begin = row.moment(column), row.moment(begins)
    return bool(end and begin and end < begin)


def _year(test: Callable[[int], bool]) -> Callable[[Row, str], bool]:
    def of(row: Row, column: str) -> bool:
        moment = row.moment(column)
        return moment is not None and test(moment.year)

    return of


SHOWS: dict[str, Callable[[Row, str], bool]] = {
    "required-blank": _blank,
    "no-such-day": _no_day,
    "not-in-list": _unreadable,
    "letters-in-number": _unreadable,
    "below-range": _below,
    "ends-first": _ends_first,
    "future-day": lambda row, column: (row.moment(column) or datetime.min).date() > row.table.sheets[-1].sent,
    "century-slip": _year(lambda year: 1900 < year < 1950),
    "default-day": lambda row, column: row.moment(column) == datetime(1900, 1, 1),
    "no-such-force": lambda row, _column: load_register("demo").find(row.text("force")) is None,
    "shifted": lambda row, _column: not all(row.readable(c) for c in row.table.columns),
    "cut-short": lambda row, _column: len(row.fields) < len(row.table.sheets[0].headings),
    "mangled": lambda row, column: bool(re.search("[\u00c0-\u00ff\ufffd]", row.text(column))),
    "power-of-ten": lambda row, column: bool(re.fullmatch(r"\d\.\d+E\+\d\d", row.text(column))),
}


@pytest.mark.parametrize("kind", SHOWS)
def test_the_row_shows_it(sown: Sown, kind: str) -> None:
    for line in sown.of(kind):
        row = sown.row(line)
        assert SHOWS[kind](row, line["column"]), (line, row.fields)
        if kind in KEPT:
            assert row.key() == line["key"] != ""


def test_a_number_leads_nowhere_that_led_somewhere(sown: Sown) -> None:
    of = read_extracts(sown.clean, TYPES, load_register("demo"))
    for line in sown.of("leads-nowhere"):
        row = sown.row(line)
        to = next(r.to for r in row.table.type.references if r.columns == (line["column"],))
        assert (line["force"], (row.text(line["column"]),)) not in of.held[to]
        assert line["force"] in of.forces_with(to)


def test_a_key_stands_twice_with_other_values(sown: Sown) -> None:
    for one, other in zip(*[iter(sown.of("key-twice"))] * 2, strict=True):
        assert (one["defect"], one["key"]) == (other["defect"], other["key"])
        assert sum(a != b for a, b in zip(sown.row(one).fields, sown.row(other).fields, strict=True)) == 1


def test_an_event_stands_twice_under_numbers_of_one_look(sown: Sown) -> None:
    for one, other in zip(*[iter(sown.of("same-event"))] * 2, strict=True):
        first, second = sown.row(one), sown.row(other)
        differ = [c.name for c in first.table.columns if first.text(c.name) != second.text(c.name)]
        assert one["key"] != other["key"]
        assert differ == [number_column(first.table)] == [one["column"]]
        assert re.sub(r"\d", "9", one["key"]) == re.sub(r"\d", "9", other["key"])


def block(sown: Sown, kind: str) -> tuple[Line, list[Row], list[Row]]:
    """The line of a kind of blocks, and the block's rows as they were and as they are, by their numbers."""
    line = sown.of(kind)[0]
    year, month = map(int, line["month"].split("-"))

    def rows(deliveries: list[Delivery]) -> list[Row]:
        tables = {id(t): t for t in _tables(tuple(deliveries)).values() if t.type.id == line["type"]}
        return [
            t.row(p)
            for t in tables.values()
            for p in t.of_month.get((line["force"], year * 12 + month - 1), [])
        ]

    before, after = rows(sown.clean), rows(sown.spoilt)
    assert len(before) >= BLOCK_ROWS
    return line, before, after


def test_a_month_or_half_of_it_is_gone_and_leaves_nothing_that_leads_to_it(sown: Sown) -> None:
    of = read_extracts(sown.spoilt, TYPES, load_register("demo"))
    line, before, after = block(sown, "month-missing")
    assert not after
    assert not any(of.is_referred(line["type"], line["force"], r.place.key) for r in before)
    line, before, after = block(sown, "half-missing")
    days = [d.day for r in after if (d := r.day(r.table.type.anchor))]
    assert 0 < len(days) < len(before)
    assert max(days) == 15


def test_a_month_has_only_midnights(sown: Sown) -> None:
    line, before, after = block(sown, "midnights")
    moments = [m for r in after if (m := r.moment(line["column"]))]
    assert len(after) == len(before)
    assert sum((m.hour, m.minute, m.second) == (0, 0, 0) for m in moments) > len(moments) * 0.95


def test_a_column_is_blank_or_has_one_value(sown: Sown) -> None:
    line, before, after = block(sown, "column-blank")
    assert sum(bool(r.text(line["column"])) for r in before) > len(before) * 0.7
    assert not any(r.text(line["column"]) for r in after)
    line, before, after = block(sown, "one-value")
    assert len({r.text(line["column"]) for r in before} - {""}) > 1
    assert len({r.text(line["column"]) for r in after}) == 1


def test_a_month_lies_on_its_first_day_and_no_rule_is_broken_by_that(sown: Sown) -> None:
    line, before, after = block(sown, "first-day")
    assert {str(r.day(line["column"])) for r in after} == {f"{line['month']}-01"}
    assert len(after) == len(before)


def test_a_month_stands_twice_and_its_rows_are_listed(sown: Sown) -> None:
    line, before, after = block(sown, "month-twice")
    records = {r.place.key for r in before}
    assert len({r.place.key for r in after}) == 2 * len(records)
    listed = [c["key"] for c in sown.consequences]
    assert len(listed) == len(set(listed)) == 2 * len(records)
    assert {c["defect"] for c in sown.consequences} == {line["defect"]}


def test_durations_of_a_month_are_minutes(sown: Sown) -> None:
    line, before, after = block(sown, "minutes")
    was = {r.place.key: r.text(line["column"]) for r in before}
    for row in after:
        text = was[row.place.key]
        assert row.text(line["column"]) == (str(round(int(text) / 60)) if text else "")


def test_what_is_set_aside_is_what_was_sown(sown: Sown, tmp_path: Path) -> None:
    root, register = create(tmp_path / "w", register="demo").root, load_register("demo")
    aside = set[tuple[str, str]]()
    for d in (d for d in sown.spoilt if d.file.suffix == ".csv"):
        said, found = read_mapping(d.mapping, TYPES), Found()
        parts = read_parts([d.file], said, stated(said, register), register, found, lambda _text: None)
        take_in(root, said.mapping, parts, supplied=d.sent)
        assert not found.refused
        aside |= {("/".join(Path(a["file"]).parts[-2:]), a["row"]) for a in set_aside(root)}
    rows = {(k["file"], k["row"]): k["kind"] for k in sown.key if k["level"] == "row"}
    assert aside <= set(rows)
    # What may well become a record is set aside only where it breaks a rule of its type as well.
    assert {rows[a] for a in set(rows) - aside} <= KEPT
    assert "same-event" not in {rows[a] for a in aside}


def test_where_there_is_no_room_it_says_so(clean: list[Delivery], tmp_path: Path) -> None:
    few = copied(clean, clean[0].file.parents[1], tmp_path / "few")
    few = [d for d in few if d.type == "responding.street_triage_attendance"]
    told = list[str]()
    number = sow(few, TYPES, tmp_path / "key.csv", 1, rows_each=30, progress=told.append)
    assert number < 30
    assert any(t.startswith("month-missing: 0 of 12 sown") for t in told)


def test_a_key_that_cannot_be_written_leaves_the_files_alone(clean: list[Delivery], tmp_path: Path) -> None:
    alone = copied(clean, clean[0].file.parents[1], tmp_path / "files")
    with pytest.raises(UserError, match="cannot be written"):
        sow(alone, TYPES, tmp_path / "none" / "key.csv", 1, rows_each=1, blocks_each=1)
    for one, other in zip(clean, alone, strict=True):
        assert one.file.read_bytes() == other.file.read_bytes()


def test_a_file_keeps_what_is_not_touched_and_counts_as_the_import_does(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    text = 'A,B\n1,"two\nlines"\n2,plain\n3,"a ""word"""\n4,last\n'
    file.write_bytes(text.encode())
    sheet = Sheet(file, datetime(2025, 1, 1).date())
    sheet.write()
    assert file.read_bytes() == text.encode()
    assert len(sheet.records) == 4
    assert sheet.insert(0, record_of(["1b", "x,y"])) == 1
    sheet.remove(1)
    assert [sheet.number(*p) for p in ((0, 0), (0, 1), (2, 0), (3, 0))] == [1, 2, 3, 4]
    sheet.write()
    assert file.read_text() == 'A,B\n1,"two\nlines"\n1b,"x,y"\n3,"a ""word"""\n4,last\n'


@pytest.mark.parametrize(
    ("number", "taken", "found"),
    [
        ("INC-1-07A", {"INC-1-17A"}, "INC-1-36A"),
        ("none", set[str](), ""),
        ("5", {str(n) for n in range(10)}, ""),
    ],
)
def test_another_number_has_the_same_look_and_is_free(number: str, taken: set[str], found: str) -> None:
    assert other_number(number, taken.__contains__, 10) == found
