"""Putting records and residents into a workspace and asking it, as short as can be."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers import run_here, write_search_file
from openpeel.catalogue import shipped

CHINESE = "Asian/Asian British - Chinese"
WHITE = "White - English/Welsh/Scottish/Northern Irish/British"
BLACK = "Black/African/Caribbean/Black British - African"
NOT_STATED = "Other ethnic group - Not stated"
NFA = "A no further action disposal"
LINKED = "Outcome linked to object of search"
ETHNICITY = "Self-defined ethnicity"
RESIDENTS = {"White": 90_000, "Asian": 5_000, "Black": 2_000, "Mixed": 2_000, "Other": 1_000}

Rows = Sequence[Mapping[str, str]]


def rows(count: int, **same: str) -> list[dict[str, str]]:
    """So many equal searches; underscores in names stand for blanks, ``Outcome_linked`` apart."""
    return [{k.replace("_", " "): v for k, v in same.items()}] * count


def put(root: Path, force: str, month: str, searches: Rows, *more: str) -> None:
    """Import one month of a force's searches, each given its own minute."""
    dated = [{"Date": f"{month}-10T{n // 60:02d}:{n % 60:02d}:00+00:00", **s} for n, s in enumerate(searches)]
    file = write_search_file(root.parent / "files" / f"{month}-{force}-stop-and-search.csv", dated)
    done = run_here("import", "police-uk", file, *more, cwd=root)
    assert done.returncode == 0, done.stderr
    assert f"{len(searches)} rows read = {len(searches)} accepted" in done.stdout, done.stdout


def settle(
    root: Path,
    residents: Mapping[str, Mapping[str, int]],
    *more: str,
    year: str = "2021",
    census: bool = True,
) -> None:
    """Import residents: force -> group -> number."""
    head = f"{'Census Year' if census else 'Year'},Police Force Area,Self-defined ethnicity,Population"
    lines = [head, *(f"{year},{f},{g},{n}" for f, groups in residents.items() for g, n in groups.items())]
    file = root.parent / f"population-{year}-{len(list(root.parent.glob('population*')))}.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = run_here("import", "population", file, *more, cwd=root)
    assert done.returncode == 0, done.stderr


def totals(root: Path, year: int, numbers: Mapping[str, int], *more: str) -> None:
    """Import mid-year estimates of all residents: force -> number."""
    file = root.parent / f"totals-{year}-{len(list(root.parent.glob('totals*')))}.csv"
    file.write_text(
        "Year,Police Force Area,Population\n" + "".join(f"{year},{f},{n}\n" for f, n in numbers.items()),
        encoding="utf-8",
    )
    done = run_here("import", "population", file, *more, cwd=root)
    assert done.returncode == 0, done.stderr


def ask(root: Path, *args: str | Path) -> Any:
    """What a verb prints as JSON."""
    done = run_here(*args, "--format", "json", cwd=root)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


#: The shipped measures of stop searches, the records that ``put`` makes.
OF_SEARCHES = tuple(m.id for m in shipped().measures.values() if m.of == "powers.stop_search")


def figures(root: Path, measure: str, *args: str) -> list[dict[str, Any]]:
    """The figures of a measure."""
    found: list[dict[str, Any]] = ask(root, "measure", measure, *args)
    return found


def one(root: Path, measure: str, *args: str) -> dict[str, Any]:
    """The one figure there is."""
    (figure,) = figures(root, measure, *args)
    return figure


def of_group(root: Path, group: str, *args: str) -> dict[str, Any]:
    """The figure of one ethnic group."""
    found = figures(root, "powers.disproportionality", *args)
    (figure,) = [f for f in found if f["breakdown"] == {"ethnic_group": group}]
    return figure
