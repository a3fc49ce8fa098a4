"""Specifications: a table that a person can check with a pencil, and the figures that come of it.

A case is a table of searches that states only the columns that matter; everything else is filled in
alike for every row. All cases of all measures are imported in one go, the ordinary way (a police.uk
file for each force and month), each as the records of one force, and every figure is then compared
with what the case expects. ``tools/spec_docs.py`` prints the same cases as ``docs/spec``.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from helpers import HEADINGS, new_workspace, run_here, write_search_file
from openpeel.catalogue import shipped
from openpeel.engine.clock import month_number, month_text
from openpeel.engine.intake.generations import Vintage
from openpeel.engine.measure.build import answer
from openpeel.engine.measure.context import Context, open_context
from openpeel.engine.measure.figure import Figure
from openpeel.engine.measure.period import Period
from openpeel.register import load_register
from records_of import AS_AT, MONTH, SUPPLIED, Records, lines_of

#: Residents of every force of the examples, by group: easy to divide by.
RESIDENTS = {"White": 90_000, "Asian": 5_000, "Black": 2_000, "Mixed": 2_000, "Other": 1_000}

#: Short heading of a table -> heading of a police.uk file, and the file's heading in words for the docs.
COLUMNS = {
    "type": "Type",
    "gender": "Gender",
    "age": "Age range",
    "ethnicity": "Self-defined ethnicity",
    "power": "Legislation",
    "object": "Object of search",
    "outcome": "Outcome",
    "linked": "Outcome linked to object of search",
    "clothing": "Removal of more than just outer clothing",
}

#: Short words of a table -> wording of a police.uk file, by short heading. Other words stand as they are.
WORDS: dict[str, dict[str, str]] = {
    "type": {"person": "Person search", "vehicle": "Vehicle search", "both": "Person and Vehicle search"},
    "power": {
        "section 1": "Police and Criminal Evidence Act 1984 (section 1)",
        "section 23": "Misuse of Drugs Act 1971 (section 23)",
        "section 60": "Criminal Justice and Public Order Act 1994 (section 60)",
        "firearms": "Firearms Act 1968 (section 47)",
    },
    "ethnicity": {
        "White": "White - English/Welsh/Scottish/Northern Irish/British",
        "Irish": "White - Irish",
        "Black": "Black/African/Caribbean/Black British - African",
        "Caribbean (old wording)": "Black or Black British - Caribbean (B1)",
        "Asian": "Asian/Asian British - Pakistani",
        "Chinese": "Asian/Asian British - Chinese",
        "Mixed": "Mixed/Multiple ethnic groups - White and Asian",
        "Arab": "Other ethnic group - Arab",
        "not stated": "Other ethnic group - Not stated",
        "not stated (NS)": "Not Stated (NS)",
    },
    "object": {"drugs": "Controlled drugs", "weapons": "Offensive weapons", "stolen": "Stolen goods"},
    "outcome": {
        "nothing": "A no further action disposal",
        "nothing (old wording)": "Nothing found - no further action",
        "arrest": "Arrest",
        "arrest (old wording)": "Suspect arrested",
        "warning": "Khat or Cannabis warning",
        "resolution": "Community resolution",
        "found, detail unavailable": "Article found - Detailed outcome unavailable",
    },
    "linked": {"yes": "True", "no": "False"},
    "clothing": {"yes": "True", "no": "False"},
}

#: What stands in a row where the table has no such column.
DEFAULTS = {
    "type": "person",
    "gender": "Male",
    "age": "18-24",
    "ethnicity": "White",
    "power": "section 23",
    "object": "drugs",
    "outcome": "nothing",
    "linked": "no",
    "clothing": "no",
}


@dataclass(frozen=True)
class Expected:
    """A figure as worked out by hand.

    Numbers are fractions as one writes them (``"3/8"``); ``None`` is no value. ``why`` says how a
    person gets there. ``reason`` is a part of the figure's reason.
    """

    why: str
    value: str | None
    numerator: int | None
    denominator: int | None
    unknown: int | None = 0
    unsure: int | None = 0
    bounds: tuple[str, str | None] | None = None
    status: str = "ok"
    reading: str | None = None
    reason: str = ""
    cut: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One table and the figures that come of it.

    ``table`` has one line a search, columns between bars; a column ``times`` stands for so many equal
    searches, a column ``month`` (1 or 2) makes a period of two months. ``months`` is the length of
    the period; ``by`` a breakdown asked for; ``residents`` whether a population table is here.
    Of other record types it is a ``Records``, which several cases may share; the period is its month,
    or the month ``back`` months before that.
    """

    title: str
    table: str | Records
    expected: tuple[Expected, ...]
    by: str = ""
    months: int = 1
    residents: bool = True
    back: int = 0

    def rows(self) -> list[dict[str, str]]:
        """The lines of the table: short heading -> short word."""
        if isinstance(self.table, Records):
            return self.table.rows()
        out = lines_of(self.table)
        assert set(out[0]) <= {*COLUMNS, "times", "month"}, out[0]
        return out

    def searches(self, month: int) -> Iterator[dict[str, str]]:
        """The searches of one month as rows of a police.uk file, without their dates."""
        for row in self.rows():
            if int(row.get("month", "1")) == month:
                full = DEFAULTS | {k: v for k, v in row.items() if k in COLUMNS}
                cells = {COLUMNS[k]: WORDS.get(k, {}).get(v, v) for k, v in full.items()}
                yield from [cells] * int(row.get("times", "1"))


@dataclass(frozen=True)
class Spec:
    """Everything a measure is held to."""

    measure: str
    says: str
    cases: tuple[Case, ...]


def all_specs() -> list[Spec]:
    """The specifications in the files beside this one, in the order of the catalogue."""
    listed = list(_found())
    found = {s.measure: s for s in listed}
    assert len(found) == len(listed), "a measure is specified twice"
    assert not found.keys() - shipped().measures.keys(), "a specification of no measure"
    return [found[m] for m in shipped().measures if m in found]


def _found() -> Iterator[Spec]:
    """The specifications: one in ``SPEC`` of a module, or several of one subject in ``SPECS``."""
    for m in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if m.name.startswith("test_spec_") and m.name != "test_spec_pages":
            module = importlib.import_module(m.name)
            yield from getattr(module, "SPECS", None) or (module.SPEC,)


class World:
    """One workspace with the tables of every case, each as the records of one force."""

    first = month_number(2019, 7)

    def __init__(self, folder: Path) -> None:
        self.root = new_workspace(folder / "workspace")
        forces = load_register("england-and-wales").ids()
        # Cases with residents from the front, cases without from the back.
        self.places: dict[int, tuple[str, int]] = {}
        used = {True: 0, False: 0}
        cases = [c for s in all_specs() for c in s.cases]
        for case in (c for c in cases if not isinstance(c.table, Records)):
            block, place = divmod(used[case.residents], len(forces) - 3 if case.residents else 3)
            used[case.residents] += 1
            force = forces[place] if case.residents else forces[-1 - place]
            self.places[id(case)] = (force, self.first + 2 * block)
            self._write(folder / "files", case, force, self.first + 2 * block)
        self._residents(folder / "population.csv", forces[:-3])
        for verb, source in (("police-uk", "files"), ("population", "population.csv")):
            done = run_here("import", verb, folder / source, "--workspace", self.root, cwd=folder)
            assert done.returncode == 0, done.stderr
        self.context = _open(self.root)
        # Records of other types lie in a workspace of their own, which is asked as at a day of their time.
        other = new_workspace(folder / "records")
        done = run_here(
            "import", "population", folder / "population.csv", "--supplied", f"{SUPPLIED}",
            "--workspace", other, cwd=folder,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        self.tables: dict[int, str] = {}
        for table in (c.table for c in cases if isinstance(c.table, Records)):
            if id(table) not in self.tables:
                self.tables[id(table)] = forces[len(self.tables)]
                table.bring(other, self.tables[id(table)])
        self.records = open_context(other, shipped(), Vintage(AS_AT))

    @staticmethod
    def _write(folder: Path, case: Case, force: str, first: int) -> None:
        for offset in range(case.months):
            month = month_text(first + offset)
            rows = [
                {h: row.get(h, "") for h in HEADINGS}
                | {"Date": f"{month}-10T{n // 60:02d}:{n % 60:02d}:00+00:00"}
                for n, row in enumerate(case.searches(offset + 1))
            ]
            write_search_file(folder / f"{month}-{force}-stop-and-search.csv", rows)

    @staticmethod
    def _residents(file: Path, forces: Sequence[str]) -> None:
        lines = ["Census Year,Police Force Area,Self-defined ethnicity,Population"]
        lines += [f'2021,{f},{g},"{n:,}"' for f in forces for g, n in RESIDENTS.items()]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def figures(self, spec: Spec, case: Case) -> list[Figure]:
        """The figures of one case."""
        measure = shipped().measures[spec.measure]
        by = [case.by] if case.by else []
        if isinstance(case.table, Records):
            force = self.tables[id(case.table)]
            month = MONTH - case.back
            return answer(self.records, [measure], [force], Period(month, month), by).figures
        force, first = self.places[id(case)]
        period = Period(first, first + case.months - 1)
        return answer(self.context, [measure], [force], period, by).figures

    def check(self, spec: Spec) -> None:
        """Hold a measure to its specification; every difference is told in one go."""
        wrong = [line for case in spec.cases for line in self._differences(spec, case)]
        assert not wrong, "\n".join(wrong)

    def _differences(self, spec: Spec, case: Case) -> Iterator[str]:
        found = {tuple(sorted(f.breakdown.items())): f for f in self.figures(spec, case)}
        for expected in case.expected:
            figure = found.get(tuple(sorted(expected.cut.items())))
            if figure is None:
                yield f"{case.title}: no figure for {dict(expected.cut)}; there are {sorted(found)}"
                continue
            yield from (f"{case.title} {dict(expected.cut)}: {d}" for d in differences(figure, expected))


def differences(figure: Figure, expected: Expected) -> Iterator[str]:
    """What is not as expected, part by part."""
    low, high = expected.bounds or (None, None)
    pairs: dict[str, tuple[Any, Any]] = {
        "value": (figure.value, number(expected.value)),
        "numerator": (figure.numerator, expected.numerator),
        "denominator": (figure.denominator, expected.denominator),
        "unknown": (figure.unknown, expected.unknown),
        "unknown eligibility": (figure.unknown_eligibility, expected.unsure),
        "lower bound": (figure.bounds and figure.bounds.low, number(low)),
        "upper bound": (figure.bounds and figure.bounds.high, number(high)),
        "status": (figure.status, expected.status),
        "reading": (figure.reading, expected.reading),
    }
    for part, (is_, ought) in pairs.items():
        same = abs(is_ - ought) <= 1e-12 * abs(ought) if isinstance(ought, float) and is_ else is_ == ought
        if not same:
            yield f"{part} is {is_}, worked out by hand {ought}"
    if expected.reason not in (figure.reason or ""):
        yield f"reason is {figure.reason!r}, without {expected.reason!r}"
    if figure.value is None and figure.interval is not None:
        yield "an interval without a value"


def number(text: str | None) -> float | None:
    """A fraction as written by hand, as the nearest floating-point number."""
    if text is None:
        return None
    value = Fraction(1)
    for place, part in enumerate(text.replace(",", "").split("*")):
        value = Fraction(part) if place == 0 else value * Fraction(part)
    return float(value)


def _open(root: Path) -> Context:
    from openpeel.engine.clock import now

    return open_context(root, shipped(), Vintage(now().date()))
