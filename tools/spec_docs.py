"""Write ``docs/spec``: each measure's tables and figures, as the tests in ``tests/spec`` hold them.

Run it after a change there; a test fails while the pages lag behind.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "spec")]

if TYPE_CHECKING:
    from spec import Case, Expected, Spec


def page(spec: Spec) -> str:
    """The page of one measure."""
    from openpeel.catalogue import shipped

    measure = shipped().measures[spec.measure]
    lines = [
        f"# {measure.title}: worked by hand",
        "",
        f"`{spec.measure}`, defined in [{Path(measure.method).name}](../methods/{Path(measure.method).name}).",
        *_about(spec),
        "",
        spec.says,
    ]
    for number, case in enumerate(spec.cases, 1):
        lines += ["", f"## {number}. {case.title}", "", *_table(case), "", *_figures(case)]
    return "\n".join(lines) + "\n"


def _about(spec: Spec) -> Iterator[str]:
    from records_of import Records

    table = spec.cases[0].table
    if isinstance(table, Records):
        yield f"Written by `tools/spec_docs.py` from the tables in `tests/spec` of `{table.of}`, which hold openpeel to"
        yield "these figures. The period is January 2024, by local time: `9 10:00` is the 9th of it, `12-09` a day of"
        yield "December before, `02-05` of February after. Records are here from October on, as supplied on 10"
        yield "February; ages are those of 29 February. What a table does not name is blank, but for numbers."
        return
    name = f"test_spec_{spec.measure.split('.')[1]}.py"
    yield f"Written by `tools/spec_docs.py` from `tests/spec/{name}`, which holds"
    yield "openpeel to these figures. Columns that a table does not name are filled in alike on every row; what the"
    yield "short words stand for is in [words.md](words.md)."


def words_page() -> str:
    """The page that says what the short words stand for, and what stands where a table says nothing."""
    from spec import COLUMNS, DEFAULTS, RESIDENTS, WORDS

    lines = [
        "# What the words in these tables stand for",
        "",
        "Written by `tools/spec_docs.py`. Words not listed stand in the file as they are.",
        "",
        "| column | in a police.uk file | where a table has no such column |",
        "|---|---|---|",
    ]
    lines += [f"| {short} | {long} | {DEFAULTS[short]} |" for short, long in COLUMNS.items()]
    lines += ["| times | so many searches alike | 1 |", "| month | first or second month of the period | 1 |"]
    lines += ["", "| column | word | wording in the file |", "|---|---|---|"]
    lines += [f"| {c} | {w} | {t} |" for c, words in WORDS.items() for w, t in words.items()]
    people = ", ".join(f"{n:,} {g}" for g, n in RESIDENTS.items())
    lines += ["", f"Residents of every force: {people}; {sum(RESIDENTS.values()):,} in all."]
    return "\n".join(lines) + "\n"


def _table(case: Case) -> Iterator[str]:
    from records_of import Records

    yield from _lines(case.rows())
    if isinstance(case.table, Records):
        for table in (case.table, *case.table.beside):
            if table is not case.table:
                yield from ("", f"And of `{table.of}`:", "", *_lines(table.rows()))
            if table.alike:
                alike = ", ".join(f"`{k}` {v or '*(blank)*'}" for k, v in table.alike.items())
                yield from ("", f"Alike on every row: {alike}.")


def _lines(rows: list[dict[str, str]]) -> Iterator[str]:
    yield _row(rows[0])
    yield "|" + "---|" * len(rows[0])
    for row in rows:
        yield _row(w or "*(blank)*" for w in row.values())


def _figures(case: Case) -> Iterator[str]:
    notes = [f"a period of {case.months} months"] if case.months > 1 else []
    notes += [f"asked for the month {_months(case.back)} January"] if case.back else []
    notes += [f"broken down by `{case.by}`"] if case.by else []
    notes += [] if case.residents else ["no population table here"]
    if notes:
        yield f"({'; '.join(notes)})"
        yield ""
    yield _row(["of", "how", "value", "numerator", "denominator", "unknown", "not known whether it belongs",
                "bounds", "status", "reading"])  # fmt: skip
    yield "|" + "---|" * 10
    yield from (_row(_figure(e)) for e in case.expected)


def _months(back: int) -> str:
    return "before" if back == 1 else f"{back} months before"


def _figure(e: Expected) -> list[str]:
    counts = ["–" if n is None else f"{n:,}" for n in (e.numerator, e.denominator, e.unknown, e.unsure)]
    bounds = " to ".join(b or "no end" for b in e.bounds) if e.bounds else "–"
    of = ", ".join(e.cut.values()) or "all"
    values = [of, e.why, e.value or "–", *counts, bounds, e.status, e.reading or "–"]
    return [v.replace("*", "×") for v in values]


def _row(cells: object) -> str:
    return "| " + " | ".join(cells) + " |"  # type: ignore[call-overload]


def pages() -> dict[str, str]:
    """Every page: name -> text."""
    from spec import all_specs

    return {f"{s.measure}.md": page(s) for s in all_specs()} | {"words.md": words_page()}


def main() -> None:
    """Write the pages, and remove those of measures that are no more."""
    folder = ROOT / "docs" / "spec"
    folder.mkdir(exist_ok=True)
    wanted = pages()
    for file in folder.glob("*.md"):
        if file.name not in wanted:
            file.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
