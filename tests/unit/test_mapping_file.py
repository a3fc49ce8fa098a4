"""A mapping file: what it may say, and one clear line for what it may not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from openpeel.catalogue import shipped
from openpeel.engine.intake.mapping import Condition, Rule
from openpeel.errors import UserError
from openpeel.sources.extract.mapping_file import MappingFile, about, parse_mapping, read_mapping

TYPES = shipped().types
TOP = 'type = "incident"\nscope = "changes"\nzone = "local"\n'
DOCS = Path(__file__).parents[2] / "docs" / "extracts.md"
KEYS = 'incident_id = "Log No"\nopened_at = "Opened"\n'


def parse(text: str, type_name: str = "", scope: str = "") -> MappingFile:
    return parse_mapping(text, "m.toml", TYPES, type_name, scope)


def columns(more: str = "", keys: str = KEYS, top: str = TOP) -> str:
    return f"{top}[columns]\n{keys}{more}\n"


def rule(source: str, column: str = "domestic_abuse") -> Rule:
    return parse(columns(f"{column} = {source}")).mapping.rule(column)


def refusal(text: str, type_name: str = "", scope: str = "") -> str:
    with pytest.raises(UserError) as caught:
        parse(text, type_name, scope)
    return caught.value.line()


def test_everything_that_a_mapping_can_say() -> None:
    said = parse(
        """
type = "incident"
scope = "changes"
zone = "UTC"
force_column = "Force"
sheet = "Data"
header_row = 4
encoding = "cp1252"
separator = ";"
blank = ["-", "not recorded"]

[columns]
incident_id = ["Log No", "Log ref"]
opened_at = { join = ["Day", "Time"], with = "T", formats = ["%-d/%m/%Y %H:%M:%S", "serial"] }
arrived_at = { from = "Opened", plus_seconds = "Seconds" }
grade = { from = "Pri", values = { "1" = "Emergency", "9" = "" }, other = "unknown" }
domestic_abuse = { from = "Flags", contains = ["DA", "DV"], blank = "no" }
station = { value = "North" }
target_seconds = { from = "Target", unit = "clock" }
ward = "Ward"

[only]
"Kind" = ["999", "101"]

[gone]
"Status" = ["Deleted"]
"""
    )
    mapping = said.mapping
    assert mapping.type.id == "responding.incident"
    assert (mapping.scope, mapping.zone, mapping.blanks) == ("changes", "UTC", ("-", "not recorded"))
    assert mapping.headings == {
        "incident_id": ("Log No", "Log ref"),
        "arrived_at": ("Opened",),
        "grade": ("Pri",),
        "domestic_abuse": ("Flags",),
        "target_seconds": ("Target",),
        "ward": ("Ward",),
        "force": ("Force",),
    }
    assert mapping.rules == {
        "opened_at": Rule(join=("Day", "Time"), glue="T", formats=("%d/%m/%Y %H:%M:%S", "serial")),
        "arrived_at": Rule(plus_seconds="Seconds"),
        "grade": Rule(values={"1": "Emergency", "9": ""}, other="unknown"),
        "domestic_abuse": Rule(contains=("DA", "DV"), blank="no"),
        "station": Rule(constant="North"),
        "target_seconds": Rule(unit="clock"),
    }
    assert mapping.only == (Condition("Kind", ("999", "101")),)
    assert mapping.gone == Condition("Status", ("Deleted",))
    assert said.names_forces()
    assert said.layout.sheet == "Data" and said.layout.header_row == 4
    assert said.layout.encoding == "cp1252" and said.layout.separator == ";"


def test_a_plain_column_has_no_rule_so_that_it_is_read_quickly() -> None:
    assert parse(columns('ward = { from = "Ward" }')).mapping.rules == {}


def test_scope_and_type_may_be_stated_beside_it() -> None:
    text = '[columns]\nincident_id = "a"\nopened_at = "b"\n'
    said = parse(text, "responding.incident", "complete").mapping
    assert (said.type.id, said.scope, said.zone) == ("responding.incident", "complete", "offset")
    assert parse(columns(), "incident", "complete").mapping.scope == "complete"


def test_a_stated_type_must_be_the_mappings() -> None:
    assert (
        refusal(columns(), "call")
        == "m.toml: is for responding.incident, and --type says responding.call; use the mapping of that type"
    )


def test_yes_and_numbers_as_toml_writes_them() -> None:
    assert rule("{ value = true }").constant == "yes"
    assert rule('{ from = "x", blank = false }').blank == "no"
    assert rule("{ value = 3600 }", "target_seconds").constant == "3600"


def test_a_blank_in_our_words_survives_a_closed_list_of_wordings() -> None:
    made = rule('{ from = "x", values = { "Ja" = "yes" }, other = "unknown", blank = "no" }')
    assert made.blank == "no" and made.values == {"Ja": "yes", "no": "no"}


def test_a_blank_in_the_files_words_is_translated() -> None:
    made = rule('{ from = "x", values = { "Ja" = "yes" }, other = "unknown", blank = "ja" }')
    assert made.blank == "ja" and made.values == {"Ja": "yes"}


def test_a_blank_that_means_yes_beside_words_contained() -> None:
    assert rule('{ from = "x", contains = ["DA"], blank = "yes" }').blank == "DA"


def test_a_key_that_may_be_blank_needs_no_source_where_all_is_supplied() -> None:
    keys = 'search_type = "a"\nsearched_at = "b"\n'
    top = 'type = "stop_search"\n'
    required = [c.name for c in TYPES["powers.stop_search"].columns if c.required]
    keys = "".join(f'{name} = "{name}"\n' for name in required)
    assert parse(columns("", keys, top), scope="complete").mapping.type.key == ("search_id",)
    assert "`search_id` is part of the key, and nothing fills it" in refusal(
        columns("", keys, top), scope="changes"
    )


def test_what_is_said_of_a_mapping() -> None:
    lines = about(
        parse(
            columns(
                'domestic_abuse = { from = "F", contains = ["DA"], blank = "no" }\n'
                'grade = { from = "G", values = { "1" = "Emergency" }, blank = "1" }',
                top=TOP + 'blank = ["-"]\n',
            )
        )
    )
    assert lines[:4] == [
        "responding.incident, scope changes; times without an offset are local times",
        "by the mapping these mean unknown, too: -",
        "by the mapping a blank in domestic_abuse means no",
        "by the mapping a blank in grade means Emergency",
    ]
    assert lines[4].startswith("columns that the mapping does not fill, unknown on every row: reported_at, ")
    assert " grade," not in lines[4] and "domestic_abuse" not in lines[4]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("type = ", "m.toml: is not TOML"),
        (columns(top='type = "incident"\n'), "m.toml: does not say what its files replace; add scope"),
        (columns(top='scope = "changes"\n'), "m.toml: does not say which record type"),
        (columns(top=TOP.replace("incident", "incidnt")), "there is no record type `incidnt`; did you mean"),
        (columns(top=TOP.replace("changes", "all")), "there is no scope `all`; use complete or changes"),
        (columns(top=TOP.replace("local", "GMT")), "there is no zone `GMT`; use local, UTC, offset"),
        (columns(top=TOP + 'sep = ","\n'), "`sep` is not a part of a mapping"),
        (columns(top=TOP + 'colums = ","\n'), "did you mean `columns`?"),
        (columns(top=TOP + 'header_row = "2"\n'), "header_row is '2'; rows are counted from 1"),
        (columns(top=TOP + "header_row = 0\n"), "header_row is 0"),
        (columns(top=TOP + "header_row = true\n"), "header_row is True"),
        (columns(top=TOP + 'encoding = "ebcdic"\n'), "there is no encoding `ebcdic` here"),
        (columns(top=TOP + 'separator = ":"\n'), "separator is ':'"),
        (columns(top=TOP + "sheet = 3\n"), "sheet is 3"),
        (columns(top=TOP + "blank = [1]\n"), "`blank` is no list of texts"),
        (columns(top=TOP + 'force = "kent"\nforce_column = "F"\n'), "force and force_column do not go"),
        (TOP, "has no table [columns]"),
        (TOP + "columns = 3\n", "has no table [columns]"),
        (columns('wardd = "W"'), "m.toml: [columns]: responding.incident has no column `wardd`; did you mean"),
        (columns('force = "W"'), "write force_column"),
        (columns("ward = 3"), "m.toml: [columns] ward: 3 is no heading"),
        (columns("ward = []"), "names no heading"),
        (columns("ward = [3]"), "3 is no heading"),
        (columns('ward = "%"'), "a heading `%` cannot be told from others"),
        (columns("ward = {}"), "has no source; say one of from, join and value"),
        (columns('ward = { from = "a", join = ["b"] }'), "from and join do not go together"),
        (columns('ward = { from = "a", form = "b" }'), "`form` is not a part of a column"),
        (columns('ward = { value = "a", blank = "b" }'), "value and blank do not go together"),
        (columns('ward = { value = " " }'), "`value` is empty"),
        (columns('ward = { from = "a", with = "b" }'), "`with` is there without `join`"),
        (columns('ward = { join = ["a"], with = 3 }'), "`with` is 3"),
        (columns('ward = { from = "a", other = "keep" }'), "`other` is there without `values`"),
        (columns('ward = { from = "a", values = { "b" = "c" }, other = "drop" }'), "`other` is 'drop'"),
        (columns('ward = { from = "a", values = {} }'), "`values` is no table of wordings"),
        (columns('ward = { from = "a", values = { "b" = [] } }'), "`values` is []"),
        (columns('ward = { from = "a", values = { "b" = "c", " B" = "d" } }'), "stands twice in `values`"),
        (columns('ward = { from = "a", values = { "N/A" = "c" } }'), "`N/A` means unknown, so it is never"),
        (columns('ward = { from = "a", values = { "" = "c" } }'), "say with blank = … what a blank means"),
        (columns('ward = { from = "a", blank = "" }'), "`blank` is empty"),
        (columns('ward = { from = "a", contains = ["b"] }'), "`contains` is for columns of type boolean"),
        (columns('ward = { from = "a", formats = ["%d"] }'), "`formats` is for columns of type date or inst"),
        (columns('ward = { from = "a", unit = "clock" }'), "`unit` is for columns of type duration"),
        (columns('ward = { from = "a", plus_seconds = "b" }'), "`plus_seconds` is for columns of type instant"),
        (columns('target_seconds = { from = "a", unit = "hours" }'), "`unit` is 'hours'"),
        (columns('source = { from = "a", values = { "b" = "phone" } }'), "`values` gives `phone`; use one of 999"),
        (columns('source = { value = "phone" }'), "`value` gives `phone`"),
        (columns('vulnerable = { from = "a", values = { "b" = "maybe" } }'), "gives `maybe`; use yes or no"),
        (columns('vulnerable = { from = "a", blank = "-" }'), "`blank` gives `-`; use yes or no"),
        (columns('easting = { value = "far" }'), "`value` gives `far`; write a number"),
        (columns('vulnerable = { from = "a", contains = [] }'), "`contains` is no list of texts"),
        (
            columns('vulnerable = { from = "a", contains = ["b"], values = { "c" = "yes" } }'),
            "contains and values do not go together",
        ),
        (
            columns('vulnerable = { from = "a", contains = ["No"], blank = "no" }'),
            "`contains` holds the word `no`",
        ),
        (columns('closed_at = { from = "a", formats = ["%d/%m/%Y %Q"] }'), "holds `%Q`"),
        (columns('closed_at = { from = "a", formats = ["%d/%m/%Y %"] }'), "holds `%`"),
        (columns('closed_at = { from = "a", formats = ["%d/%m/%Y %H:%M%z"] }'), "holds a time zone"),
        (columns('closed_at = { from = "a", formats = ["%H:%M"] }'), "gives no whole date"),
        (columns('closed_at = { from = "a", formats = ["%d/%m/%Y %I:%M"] }'), "has one of %I and %p"),
        (columns(keys='opened_at = "b"\n'), "m.toml: [columns]: `incident_id` is part of the key, and noth"),
        (columns(keys='incident_id = "b"\n'), "`opened_at` is required, and nothing fills it"),
        (columns("[only]"), "m.toml: [only]: is no table of headings and words"),
        (columns('[only]\n"a" = []'), "`a` is no list of texts"),
        (columns('[only]\n"a" = ["null"]'), "`null` means unknown, so no row meets it"),
        (columns('[gone]\n"a" = ["x"]\n"b" = ["y"]'), "m.toml: [gone]: names several headings"),
        (columns('[gone]\n"a" = ["x"]', top=TOP.replace("changes", "complete")), "[gone]: is for changes alone"),
        (
            columns(keys='month_on = "a"\n', top=TOP.replace("incident", "street_crime")),
            "investigating.street_crime has no key, so changes cannot say what they replace",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_in_one_line(text: str, line: str) -> None:
    said = refusal(text)
    assert line in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("data", "line"),
    [(None, "cannot be read (No such file or directory)"), ("Zürich".encode("cp1252"), "is not UTF-8 text")],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, data: bytes | None, line: str) -> None:
    file = tmp_path / "m.toml"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(UserError, match=line.replace("(", r"\(").replace(")", r"\)")):
        read_mapping(file, TYPES)


def test_a_byte_order_mark_is_no_part_of_the_mapping(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_text(columns(), encoding="utf-8-sig")
    assert read_mapping(file, TYPES).mapping.type.id == "responding.incident"


def test_the_mappings_in_the_docs() -> None:
    texts = re.findall(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert [parse(text).mapping.type.id for text in texts] == ["responding.incident"] * 2
