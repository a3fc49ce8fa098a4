"""The national table of 999 answer times: calls by force, month and band.

No copy of the published table is at hand, so this layout is openpeel's own until there is one:

    Force,Month,Calls,Under 10 seconds,10 to under 60 seconds,60 seconds or more,Mean seconds

with counts in the bands. Columns ``Percent under 10 seconds`` and so on may stand beside them; they are held
against the counts and not kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from openpeel.areas.responding.published import ANSWER_TIMES
from openpeel.engine.clock import month_of, now, parse_month
from openpeel.engine.intake.containers import Member, sha256
from openpeel.engine.intake.mapping import BLANK_WORDS, Mapping, Part, match_headings, normal_heading
from openpeel.engine.intake.read import Delimited, Malformed, read_delimited
from openpeel.errors import UserError
from openpeel.register import Register
from openpeel.sources.members import is_csv, members_of

_BANDS = {
    "within_10_seconds": "Under 10 seconds",
    "from_10_to_60_seconds": "10 to under 60 seconds",
    "over_60_seconds": "60 seconds or more",
}
#: Months are put in or replaced by key: a table never claims to be all there is.
ANSWER_TIME_TABLES = Mapping(
    type=ANSWER_TIMES,
    headings={
        "force": ("Force", "Police force"),
        "month_on": ("Month",),
        "calls": ("Calls", "Calls answered"),
        **{column: (heading,) for column, heading in _BANDS.items()},
        "mean_seconds": ("Mean seconds",),
    },
    needed=("force", "month_on", "calls", *_BANDS),
    scope="changes",
)
_PERCENT = re.compile(r"[0-9]+(?:\.([0-9]+))?%?")
_WHOLE = re.compile(r"[0-9]+(?:\.0+)?")

Row = dict[str, str]


def read_parts(
    paths: list[Path],
    register: Register,
    refused: list[UserError],
    skipped: list[str],
    progress: Callable[[str], None],
) -> Iterator[Part]:
    """Answer times by force and month as parts of a supply, for the mapping ``ANSWER_TIME_TABLES``.

    Args:
        paths: files, folders, archives.
        register: the forces.
        refused: errors of files that cannot be used are added here.
        skipped: a line for each file of another format is added here.
        progress: called with each file's name.

    Raises:
        UserError: a path does not exist.
    """
    for member, meant in members_of(paths, refused, progress):
        if not is_csv(member.name):
            if meant:
                refused.append(UserError("is not a CSV file", member.label, "save it as CSV UTF-8"))
            else:
                skipped.append(f"{member.label}: not a CSV file")
            continue
        try:
            yield _part(member, register)
        except UserError as error:
            refused.append(error)


def _part(member: Member, register: Register) -> Part:
    data = member.read()
    content = read_delimited(data, member.label)
    # Compared without punctuation, "% under 10 seconds" would be taken for a column of counts.
    headings = [h.replace("%", " percent ") for h in content.headings]
    columns, unused = match_headings(ANSWER_TIME_TABLES, headings, member.label)
    percents = _percents(headings)
    _refuse_what_has_no_counts(columns, headings, member.label)
    rows = [dict(zip(columns, values, strict=True)) for values in _values(content, list(columns.values()))]
    asides = [
        _aside(row, register) or _against_percents(row, stated)
        for row, stated in zip(rows, _stated(content, percents), strict=True)
    ]
    kept = [i for i, aside in enumerate(asides) if aside is None]
    numbers = content.rows.to_pylist()
    malformed = [
        Malformed(numbers[i], *aside, ", ".join(rows[i].values()))
        for i, aside in enumerate(asides)
        if aside is not None
    ]
    return Part(
        label=member.label,
        sha256=sha256(data),
        size=len(data),
        force="",
        first=None,
        last=None,
        table=_table([rows[i] for i in kept], list(columns), register),
        rows=pa.array([numbers[i] for i in kept], pa.int64()),
        malformed=content.malformed + malformed,
        notes=_notes(unused, [headings[place] for place in percents.values()], columns),
    )


def _percents(headings: list[str]) -> dict[str, int]:
    """Band -> where its percentages stand, if the table has them."""
    found = {}
    for column, heading in _BANDS.items():
        plain = normal_heading(heading)
        for place, other in enumerate(headings):
            if normal_heading(other) in (f"percent {plain}", f"{plain} percent"):
                found[column] = place
    return found


def _refuse_what_has_no_counts(columns: dict[str, int], headings: list[str], label: str) -> None:
    missing = [ANSWER_TIME_TABLES.headings[c][0] for c in ANSWER_TIME_TABLES.needed if c not in columns]
    if not missing:
        return
    shares = any("percent" in h.lower() for h in headings)
    if shares and ("force" in columns or "month_on" in columns):
        raise UserError(
            f"holds percentages without counts (no column {', '.join(missing)}): a percentage is worked out from "
            "counts, and those of several months are never averaged",
            label,
            "give the table with the number of calls in each band",
        )
    raise UserError(
        f"is not a table of 999 answer times (no column {', '.join(missing)})",
        label,
        "see its layout in the manual",
    )


def _values(content: Delimited, places: list[int]) -> list[tuple[str, ...]]:
    picked = [[v.strip() for v in content.table.column(place).to_pylist()] for place in places]
    return list(zip(*picked, strict=True))


def _stated(content: Delimited, percents: dict[str, int]) -> list[Row]:
    if not percents:
        return [{} for _ in range(content.table.num_rows)]
    return [dict(zip(percents, values, strict=True)) for values in _values(content, list(percents.values()))]


def _aside(row: Row, register: Register) -> tuple[str, str] | None:
    """Why a row cannot be taken, with a detail; nothing if it can."""
    if not any(row.values()):
        return "the row is empty", ""
    if row["force"] and register.find(row["force"]) is None:
        return "the force is not one of the register", row["force"]
    try:
        month = parse_month(row["month_on"])
    except UserError:
        return None  # typing sets the row aside, with its text
    if month > month_of(now().date()):
        return "the month lies in the future", row["month_on"]
    return None


def _against_percents(row: Row, stated: Row) -> tuple[str, str] | None:
    """Percentages against the counts, to half a unit of the last digit that is printed."""
    calls = _count(row["calls"])
    for band, text in stated.items():
        count, percent = _count(row[band]), _PERCENT.fullmatch(text)
        if text.upper() in BLANK_WORDS or calls is None or count is None or not calls:
            continue
        if not percent:
            return "a percentage cannot be read", f"{_BANDS[band]}: {text[:60]}"
        digits = len(percent[1] or "")
        off = abs(Decimal(text.rstrip("%")) * calls - 100 * count)
        if off * 2 * 10**digits > calls:
            return "a percentage is not that of the counts", f"{_BANDS[band]}: {text}"
    return None


def _count(text: str) -> int | None:
    plain = text.replace(",", "")
    return int(Decimal(plain)) if _WHOLE.fullmatch(plain) else None


def _table(rows: list[Row], columns: list[str], register: Register) -> pa.Table:
    """The rows as strings, the force as its id and the month as its first day."""
    owners = [register.find(row["force"]) for row in rows]
    days = [re.sub(r"^([0-9]{4}-[0-9]{2})$", r"\1-01", row["month_on"]) for row in rows]
    made = {"force": pa.array([owner.id if owner else None for owner in owners], pa.string())}
    for column in columns:
        if column != "force":
            values = days if column == "month_on" else [row[column] for row in rows]
            made[column] = pa.array(values, pa.string())
    return pa.table(made)


def _notes(unused: list[str], checked: list[str], columns: dict[str, int]) -> list[str]:
    notes = []
    if checked:
        notes.append(
            "percentages were held against the counts and are not kept: they are worked out from them"
        )
    rest = [h.strip() for h in unused if h and h not in checked]
    if rest:
        notes.append(f"columns not used: {', '.join(rest)}")
    if "mean_seconds" not in columns:
        notes.append("columns not in the file, unknown on every row: Mean seconds")
    return notes
