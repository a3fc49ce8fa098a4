"""Verification of a publication: hashes, records, figures, and every digit on the page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpeel.engine.measure.figure import Figure, figure_from_json
from openpeel.engine.measure.recheck import Recheck, Stored, recheck
from openpeel.errors import UserError
from openpeel.report.gather import SHAPE
from openpeel.report.publish import DATA, FIGURES, MANIFEST, PAGE, figures_csv, page_bytes
from openpeel.report.tokens import Token, page_tokens
from openpeel.version import __version__
from openpeel.workspace import is_workspace

#: A file that differs much is not listed to its last digit.
MOST_PROBLEMS = 40


@dataclass
class Verified:
    """The result: no problems means verified. ``basis`` says what the figures were worked out from."""

    figures: int = 0
    basis: str = ""
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def verify_folder(folder: Path, workspace: Path | None = None) -> Verified:
    """Work every figure of a publication out again and compare with what is printed.

    Args:
        folder: the published folder.
        workspace: where its records are; if ``None``, the workspace it names, a parent folder or the
            current one, whichever is a workspace; without any, the published cells are used.

    Raises:
        UserError: the folder is not a publication, or of a shape this openpeel does not know.
    """
    result = Verified()
    publication = _read(folder, result)
    root = _find_workspace(folder, workspace, publication)
    try:
        again = recheck(Stored(**publication["stored"]), root)
        published = [figure_from_json(f) for f in publication["figures"]]
    except UserError as error:
        result.problems.append(f"{folder / DATA}: {error.line()}")
        return result
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        result.problems.append(f"{folder / DATA}: the stored declarations or data are damaged ({error!r})")
        return result
    result.figures = len(published)
    result.basis = f"the records of {root}" if root else "the published cells alone"
    if root is None:
        result.notes.append(
            "the records are not at hand (no workspace found; name it with --workspace): figures are worked out "
            "from the published cells, so an altered record would not be noticed"
        )
    if again.removed:
        result.notes.append(f"{again.removed} rows were lawfully removed since publication")
    _compare_snapshots(again, published, publication, result)
    _compare_figures(again, published, result)
    _compare_page(folder, publication, again.answers.figures, result)
    _compare_table(folder, published, result)
    result.problems = _shortened(list(dict.fromkeys(result.problems)))
    return result


def _read(folder: Path, result: Verified) -> dict[str, Any]:
    """The publication's data; files whose hash differs are noted as problems."""
    manifest = _json(folder, MANIFEST)
    for name in (PAGE, DATA, FIGURES):
        expected = manifest.get("files", {}).get(name) if isinstance(manifest, dict) else None
        try:
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except FileNotFoundError:
            raise UserError(f"has no {name}", str(folder), "publish it again") from None
        if found != expected:
            result.problems.append(f"{folder / name}: is not the file that was published (its hash differs)")
    publication = _json(folder, DATA)
    shape = publication.get("shape") if isinstance(publication, dict) else None
    if shape != SHAPE:
        raise UserError(
            f"is a publication of shape {shape!r}, this openpeel knows {SHAPE}",
            str(folder),
            "use a newer openpeel",
        )
    assert isinstance(publication, dict)
    return publication


def _json(folder: Path, name: str) -> Any:
    file = folder / name
    if not file.is_file():
        raise UserError(
            "is not a publication", str(folder), f"it has no {name}; name a folder that `report` wrote"
        )
    try:
        return json.loads(file.read_bytes())
    except ValueError as error:
        raise UserError(f"cannot be read ({error})", str(file), "publish it again") from None


def _find_workspace(folder: Path, stated: Path | None, publication: dict[str, Any]) -> Path | None:
    if stated is not None:
        if not is_workspace(stated):
            raise UserError("is not an openpeel workspace", str(stated), "check --workspace")
        return stated
    named = folder / str(publication.get("workspace", "."))
    places = [named, *folder.resolve().parents, Path()]
    return next((p for p in places if is_workspace(p)), None)


def _compare_snapshots(
    again: Recheck, published: list[Figure], publication: dict[str, Any], result: Verified
) -> None:
    """Name the figures that rest on altered snapshots, the reported force's first."""
    force = publication["report"]["force"]
    resting = {s: [f for f in published if s in f.snapshots] for s in again.altered}
    found = [(f, s) for s, figures in resting.items() for f in figures]
    found.sort(key=lambda pair: pair[0].force != force)
    result.problems += [f"{_name(f)}: snapshot {s[:16]} {again.altered[s]}" for f, s in found]
    result.problems += [f"snapshot {s[:16]} {what}" for s, what in again.altered.items() if not resting[s]]


def _compare_figures(again: Recheck, published: list[Figure], result: Verified) -> None:
    if again.altered:
        return
    new = {(f.measure, f.force, tuple(sorted(f.breakdown.items()))): f for f in again.answers.figures}
    for figure in published:
        other = new.pop((figure.measure, figure.force, tuple(sorted(figure.breakdown.items()))), None)
        if other is None:
            result.problems.append(f"{_name(figure)}: its declaration is not the one it was worked out by")
        elif other.as_json() != figure.as_json():
            result.problems.append(f"{_name(figure)}: {_difference(figure.as_json(), other.as_json())}")
    result.problems += [f"{_name(f)}: is not among the published figures" for f in new.values()]


def _difference(published: dict[str, Any], again: dict[str, Any]) -> str:
    if published["figure_id"] != again["figure_id"]:
        return "the declaration or question is not the one that was published"
    key = next(k for k in published if published[k] != again[k])
    return f"{key} is published as {published[key]} and comes out as {again[key]}"


def _compare_page(folder: Path, publication: dict[str, Any], figures: list[Figure], result: Verified) -> None:
    """Draw the page again from the figures worked out, and compare it digit by digit."""
    printed = (folder / PAGE).read_bytes()
    names = {f.figure_id: _name(f) for f in figures}
    expected = page_bytes(publication, figures)
    if printed == expected:
        return
    try:
        before, after = page_tokens(printed.decode()), page_tokens(expected.decode())
    except UnicodeDecodeError:
        result.problems.append(f"{folder / PAGE}: is not UTF-8 text")
        return
    differing = list(_differing(before, after, names))
    result.problems += differing
    if publication["software"] != f"openpeel {__version__}":
        result.notes.append(
            f"published by {publication['software']}, verified by openpeel {__version__}: the figures on the page "
            "were compared, not its every byte"
        )
    elif not differing:
        result.problems.append(f"{folder / PAGE}: {_first_difference(printed, expected, names)}")


def _differing(before: list[Token], after: list[Token], names: dict[str, str]) -> Iterable[str]:
    for one, other in zip(before, after, strict=False):
        if one != other:
            what = names.get(other.figure_id) or f"comparison {other.comparison}"
            was, is_ = f"“{one.text}” ({one.raw})", f"“{other.text}” ({other.raw})"
            yield f"{what}: {other.part} is printed as {was} and comes out as {is_}"
    if len(before) != len(after):
        yield f"{PAGE}: {len(before)} numbers are printed where {len(after)} belong"


def _first_difference(printed: bytes, expected: bytes, names: dict[str, str]) -> str:
    place = next(
        (i for i, (a, b) in enumerate(zip(printed, expected, strict=False)) if a != b),
        min(len(printed), len(expected)),
    )
    line = printed[:place].count(b"\n") + 1
    shown = printed[max(0, place - 20) : place + 20].decode(errors="replace")
    earlier = page_tokens(printed[:place].decode(errors="replace"))
    near = next((names[t.figure_id] for t in reversed(earlier) if t.figure_id in names), "")
    after = f", after {near}" if near else ""
    return f"line {line} differs from the page as it comes out{after} (near “{' '.join(shown.split())}”)"


def _compare_table(folder: Path, published: list[Figure], result: Verified) -> None:
    if (folder / FIGURES).read_bytes() != figures_csv(published):
        result.problems.append(f"{folder / FIGURES}: does not hold the published figures")


def _name(figure: Figure) -> str:
    cut = f" ({', '.join(figure.breakdown.values())})" if figure.breakdown else ""
    return f"figure {figure.figure_id}, {figure.measure}{cut} of {figure.force}"


def _shortened(problems: list[str]) -> list[str]:
    if len(problems) <= MOST_PROBLEMS:
        return problems
    return [*problems[:MOST_PROBLEMS], f"and {len(problems) - MOST_PROBLEMS} more"]
