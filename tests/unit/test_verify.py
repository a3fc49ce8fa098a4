"""A publication verifies, goes on verifying, and stops doing so at the first digit that is not the records'."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from pathlib import Path

import duckdb
import pytest
from publication_fixture import FORCE, make_workspace, publish_few

from openpeel import catalogue
from openpeel.engine.intake import compact
from openpeel.engine.intake.commit import take_in
from openpeel.engine.measure import recheck
from openpeel.errors import UserError
from openpeel.register import load_register
from openpeel.report.tokens import page_tokens
from openpeel.report.verify import verify_folder
from openpeel.sources.police_uk import files, mapping


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workspace ``w`` and a publication ``w/out``."""
    folder = tmp_path_factory.mktemp("made")
    root = make_workspace(folder)
    publish_few(root, root / "out")
    return folder


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    """A copy of the workspace that a test may damage; the publication is its ``out``."""
    shutil.copytree(made / "w", tmp_path / "w")
    return tmp_path / "w"


def own_figure(out: Path, measure: str) -> dict[str, object]:
    figures = json.loads((out / "publication.json").read_bytes())["figures"]
    return next(f for f in figures if f["measure"] == measure and f["force"] == FORCE)


def with_matching_hashes(out: Path) -> None:
    """What somebody does who alters a publication and knows of the manifest."""
    names = ("index.html", "publication.json", "figures.csv")
    hashes = {n: hashlib.sha256((out / n).read_bytes()).hexdigest() for n in names}
    (out / "manifest.json").write_text(json.dumps({"files": hashes}))


def test_it_verifies_from_the_records(copy: Path) -> None:
    result = verify_folder(copy / "out")
    assert result.problems == []
    assert result.figures == 3 * 43
    assert "records" in result.basis


def test_it_verifies_after_cells_and_derived_are_gone(copy: Path) -> None:
    shutil.rmtree(copy / "cells")
    assert verify_folder(copy / "out").problems == []


def test_it_verifies_after_a_declaration_has_moved_on(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise AssertionError("verification must use the stored declarations, not the catalogue")

    monkeypatch.setattr(catalogue, "shipped", gone)
    monkeypatch.setattr(catalogue, "load_catalogue", gone)
    assert verify_folder(copy / "out").problems == []


def test_it_verifies_after_a_correction_was_imported(copy: Path, made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "corrected"
    source = next((made / "files" / "stop-search").rglob(f"*{FORCE}*.csv"))
    lines = source.read_text().splitlines()
    (folder).mkdir()
    (folder / source.name).write_text("\n".join(lines[:-3]) + "\n")
    register = load_register("demo")
    parts = files.read_parts([folder], register, files.Options(), files.Found(), lambda _t: None)
    assert take_in(copy, mapping.STOP_SEARCH_FILES, parts).snapshots == 1
    assert verify_folder(copy / "out").problems == []


def test_it_verifies_after_compaction(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from openpeel.engine.connection import connect

    monkeypatch.setattr(compact, "MOST_PACKS", 0)
    con = connect()
    assert compact.compact_if_needed(con, copy, mapping.STOP_SEARCH_FILES.type)
    con.close()
    assert verify_folder(copy / "out").problems == []


def test_types_without_a_record_go_with_the_measures_that_look_them_up() -> None:
    rested = recheck._rested_on(catalogue.shipped(), {"offenders.bail_period"})
    assert "offenders.bail_suspension" in rested
    assert rested <= catalogue.shipped().types.keys() and "powers.stop_search" not in rested


def test_without_records_it_says_so(copy: Path, tmp_path: Path) -> None:
    shutil.move(copy / "out", tmp_path / "alone")
    shutil.rmtree(copy)
    result = verify_folder(tmp_path / "alone")
    assert result.problems == []
    assert result.basis == "the published cells alone"
    assert any("not at hand" in n for n in result.notes)


@pytest.mark.parametrize("measure", ["powers.searches_per_1000", "powers.linked_outcome_rate"])
@pytest.mark.parametrize("hashes_too", [False, True])
def test_an_altered_digit_on_the_page_is_named(copy: Path, measure: str, hashes_too: bool) -> None:
    page = copy / "out" / "index.html"
    figure = own_figure(copy / "out", measure)
    html = page.read_text()
    token = next(t for t in page_tokens(html) if t.figure_id == figure["figure_id"] and t.part == "value")
    place = html.index(f">{token.text}<")
    digit = next(i for i, c in enumerate(token.text) if c.isdigit())
    other = str((int(token.text[digit]) + 1) % 10)
    altered = token.text[:digit] + other + token.text[digit + 1 :]
    page.write_text(html[: place + 1] + altered + html[place + 1 + len(token.text) :])
    if hashes_too:
        with_matching_hashes(copy / "out")
    problems = verify_folder(copy / "out").problems
    assert any(measure in p and altered in p for p in problems)


def test_an_altered_value_behind_the_page_is_named(copy: Path) -> None:
    out = copy / "out"
    figure = own_figure(out, "powers.arrest_rate")
    data = (out / "publication.json").read_text()
    assert data.count(f'"value":{figure["value"]}') >= 1
    (out / "publication.json").write_text(data.replace(f'"value":{figure["value"]}', '"value":0.5'))
    with_matching_hashes(out)
    assert any("powers.arrest_rate" in p and FORCE in p for p in verify_folder(out).problems)


def test_an_altered_declaration_is_named(copy: Path) -> None:
    out = copy / "out"
    data = (out / "publication.json").read_text()
    (out / "publication.json").write_text(
        data.replace("outcome_group = 'Arrest'", "outcome_group = 'Caution'")
    )
    with_matching_hashes(out)
    problems = verify_folder(out).problems
    assert any("powers.arrest_rate" in p and "declaration" in p for p in problems)


def test_an_altered_caption_is_found(copy: Path) -> None:
    out = copy / "out"
    page = (out / "index.html").read_text()
    (out / "index.html").write_text(page.replace("not annualised", "annualised", 1))
    with_matching_hashes(out)
    assert any("differs from the page as it comes out" in p for p in verify_folder(out).problems)


def rewrite_pack(pack: Path, change: str) -> None:
    con = duckdb.connect()
    con.execute(f"CREATE TABLE rows AS SELECT * FROM read_parquet('{pack}')")
    con.execute(change)
    con.execute(f"COPY rows TO '{pack}' (FORMAT parquet)")
    con.close()


@pytest.mark.parametrize(
    "change",
    [
        f"UPDATE rows SET outcome = 'Arrest' WHERE rowid = (SELECT min(rowid) FROM rows "
        f"WHERE force = '{FORCE}' AND outcome <> 'Arrest')",
        f"DELETE FROM rows WHERE rowid = (SELECT min(rowid) FROM rows WHERE force = '{FORCE}')",
        f"INSERT INTO rows SELECT * FROM rows WHERE force = '{FORCE}' LIMIT 1",
    ],
    ids=["a value", "a row gone", "a row more"],
)
def test_an_altered_snapshot_is_named(copy: Path, change: str) -> None:
    (pack,) = (copy / "records" / "powers.stop_search").glob("*.parquet")
    rewrite_pack(pack, change)
    problems = verify_folder(copy / "out").problems
    assert any(FORCE in p and "is not the file that was written" in p for p in problems)
    # Somebody who knows that the name of a pack holds its hash still meets the snapshot id.
    name = f"{pack.name.split('.')[0]}.{hashlib.sha256(pack.read_bytes()).hexdigest()[:32]}.parquet"
    pack.rename(pack.with_name(name))
    for generation in (copy / "generations").glob("*.json"):
        generation.write_text(generation.read_text().replace(pack.name, name))
    problems = verify_folder(copy / "out").problems
    assert any(FORCE in p and "does not hold the rows it was made of" in p for p in problems)


def test_an_altered_byte_of_the_records_is_noticed(copy: Path) -> None:
    (pack,) = (copy / "records" / "powers.stop_search").glob("*.parquet")
    whole = pack.read_bytes()
    pack.write_bytes(whole[:1000] + bytes([whole[1000] ^ 255]) + whole[1001:])
    assert any(FORCE in p for p in verify_folder(copy / "out").problems)


def test_a_missing_pack_is_a_problem_and_no_traceback(copy: Path) -> None:
    (pack,) = (copy / "records" / "powers.stop_search").glob("*.parquet")
    pack.unlink()
    assert any(FORCE in p for p in verify_folder(copy / "out").problems)


def test_any_altered_byte_is_noticed(copy: Path) -> None:
    out = copy / "out"
    choose = random.Random(7)
    for name in ("index.html", "publication.json", "figures.csv", "manifest.json"):
        whole = (out / name).read_bytes()
        place = choose.randrange(len(whole))
        (out / name).write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            assert verify_folder(out).problems, f"{name}, byte {place}"
        except UserError as error:  # no longer readable as a publication: one line, exit status 2
            assert name in error.line() or "publication" in error.line()
        (out / name).write_bytes(whole)
    assert verify_folder(out).problems == []


def test_what_is_no_publication_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a publication"):
        verify_folder(tmp_path)
