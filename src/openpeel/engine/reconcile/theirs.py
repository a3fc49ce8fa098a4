"""Somebody else's file: a CSV of figures, or a list of records. Read as it is, and nothing in it guessed at."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

from openpeel.engine.measure.period import Period, parse_period
from openpeel.errors import UserError

#: Headings that make a file one of figures.
AMOUNTS = ("count", "numerator", "denominator", "value")
#: Headings of a file of figures that say of what a number is.
ABOUT = ("force", "period", "month", "note")
#: A field of theirs may be as long as a free text is.
_LONGEST = 1 << 24


@dataclass(frozen=True)
class TheirFile:
    """Headings and rows of their file; blank rows are left out. ``lines`` are the rows' lines in it."""

    path: Path
    headings: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    lines: tuple[int, ...]

    def holds_figures(self) -> bool:
        """Whether it holds figures rather than a list of records."""
        known = {plain_heading(h) for h in self.headings}
        return bool(known & {"count", "numerator", "value"})


@dataclass(frozen=True)
class TheirFigure:
    """One figure of theirs.

    Attributes:
        line: where it stands in the file.
        force: a force's id.
        period: whole months.
        breakdown: the category it is of; empty for the whole.
        amounts: its numbers.
        rounded: how far a number may lie from the one that was rounded to it, both ways.
    """

    line: int
    force: str
    period: Period
    breakdown: Mapping[str, str]
    amounts: Mapping[str, Fraction]
    rounded: Mapping[str, Fraction]


def read_file(path: Path) -> TheirFile:
    """Read a CSV file.

    Raises:
        UserError: it cannot be read, has no headings or no rows, or a heading is there twice.
    """
    csv.field_size_limit(_LONGEST)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines)
            headings = tuple(h.strip() for h in next(reader, []))
            rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserError(f"cannot be read ({reason})", str(path), "give a CSV file in UTF-8") from None
    if not any(headings) or not rows:
        raise UserError("holds no rows under a line of headings", str(path), "give a CSV file with headings")
    twice = sorted({h for h in headings if headings.count(h) > 1})
    if twice:
        raise UserError(f"has two columns `{twice[0]}`", str(path), "rename one of them")
    ragged = next((number for number, row in rows if len(row) != len(headings)), None)
    if ragged is not None:
        raise UserError(f"line {ragged} has not as many fields as there are headings", str(path), "mend it")
    made = tuple(dict(zip(headings, (c.strip() for c in row), strict=True)) for _, row in rows)
    return TheirFile(path, headings, made, tuple(number for number, _ in rows))


def figures_of(
    file: TheirFile,
    breakdowns: Sequence[str],
    share: bool,
    resolve: Callable[[str], str],
    force: str,
    period: Period | None,
) -> list[TheirFigure]:
    """The figures of a file.

    Args:
        file: the file.
        breakdowns: columns that a heading may name.
        share: whether their value is a share, so that ``78.4%`` is 0.784.
        resolve: gives the id of a force by any spelling.
        force: the force of all rows, where no column says so.
        period: the period of all rows, where no column says so.

    Raises:
        UserError: a heading, number, force or period cannot be read, or there is no number at all.
    """
    columns = {plain_heading(h): h for h in file.headings}
    cuts = {b: columns.pop(b) for b in breakdowns if b in columns}
    unknown = [h for name, h in columns.items() if name not in (*AMOUNTS, *ABOUT)]
    if unknown:
        raise UserError(
            f"there is no breakdown `{unknown[0]}`", str(file.path),
            f"headings are force, period or month, {', '.join(AMOUNTS)}, note, or a breakdown of the measure",
        )  # fmt: skip
    out = []
    for line, row in zip(file.lines, file.rows, strict=True):
        where = f"{file.path}, line {line}"
        said = {name: row[heading] for name, heading in columns.items()}
        amounts = {n: _number(said[n], share and n == "value", where) for n in AMOUNTS if said.get(n)}
        if not amounts:
            raise UserError(
                "has no number", where, f"fill in {', '.join(a for a in AMOUNTS if a in columns)}"
            )
        out.append(
            TheirFigure(
                line,
                _force(said.get("force") or force, where, resolve),
                _period(said.get("period") or said.get("month") or "", period, where),
                {b: row[h] for b, h in cuts.items() if row[h]},
                {n: a for n, (a, _) in amounts.items()},
                {n: r for n, (_, r) in amounts.items()},
            )
        )
    return out


def plain_heading(heading: str) -> str:
    """A heading as our columns are called: small letters, words joined by underscores."""
    return "_".join(heading.casefold().replace("-", " ").replace("_", " ").split())


def _force(text: str, where: str, resolve: Callable[[str], str]) -> str:
    if not text:
        raise UserError("says of no force", where, "add a column force, or name one with --force")
    return resolve(text)


def _period(text: str, given: Period | None, where: str) -> Period:
    if not text and given is None:
        raise UserError("says of no period", where, "add a column period or month, or name one with --period")
    if not text:
        assert given is not None
        return given
    try:
        return parse_period(text, None)
    except UserError as error:
        raise UserError(error.what, where, error.do) from None


def _number(text: str, share: bool, where: str) -> tuple[Fraction, Fraction]:
    """A number as it is written, and half a unit of its last place where it has decimals or is a share."""
    bare = text.replace(",", "").removesuffix("%").strip()
    try:
        number = Decimal(bare)
        places = number.as_tuple().exponent
    except InvalidOperation:
        raise UserError(f"`{text}` is not a number", where, "write 1234, 0.784 or 78.4%") from None
    if not isinstance(places, int):
        raise UserError(f"`{text}` is not a number", where, "write 1234, 0.784 or 78.4%")
    percent = text.rstrip().endswith("%")
    exact, rounded = Fraction(number), Fraction(1, 2) * Fraction(10) ** min(places, 0)
    if percent and share:
        return exact / 100, rounded / 100
    if percent or (share and exact > 1):
        raise UserError(
            f"`{text}` is {'no share' if percent else 'above 1, so it is no share'}", where,
            "write the measure's own unit: a share as 0.784 or 78.4%",
        )  # fmt: skip
    return exact, rounded if share or places < 0 else Fraction(0)
