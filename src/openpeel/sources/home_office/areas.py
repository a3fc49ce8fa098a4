"""Whose row it is: a force or body of the register, a region or total of several, or somebody unknown."""

from __future__ import annotations

import re
from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

from openpeel.engine.intake.mapping import normal_heading
from openpeel.register import Register
from openpeel.sources.home_office.common import Rows, is_blank

#: Stands before a name that a layout knows to be a region's or a total's.
TOTAL = "*Total "
_TOTAL = re.compile(r"\*?\s*total\b", re.IGNORECASE)
_AREA_CODE = re.compile(r"(E12|E92|W92|K0\d)\d{6}", re.IGNORECASE)
_AREAS = {
    "england and wales", "england", "wales", "north east", "north west", "yorkshire and the humber",
    "east midlands", "west midlands region", "east", "eastern", "east of england", "london", "south east",
    "south west",
}  # fmt: skip


def is_area(name: str) -> bool:
    """Whether a name is that of a region, the nation, or a total."""
    return bool(_TOTAL.match(name.strip())) or normal_heading(name) in _AREAS


def settle_forces(rows: Rows, register: Register) -> None:
    """Put register ids into ``force``; leave regions and totals out, set unknown names aside, and say so."""
    rows.columns["_name"] = rows.columns["force"]
    if "code" not in rows.columns:
        rows.columns["code"] = pa.array([""] * len(rows.numbers), pa.string())

    def settled(code: str, name: str) -> tuple[str, str]:
        return _owner(code, name, register)

    rows.work_out(["force", "_doubt"], ["code", "_name"], settled)
    _leave_out_areas(rows)
    doubtful = pc.not_equal(rows.columns["_doubt"], "")
    rows.set_aside(doubtful, "the force is not known", lambda r: r["_doubt"])
    for helper in ("_name", "_doubt", "code"):
        del rows.columns[helper]
    rows.notes += _bodies(rows, register) + _missing(rows, register)


def _owner(code: str, name: str, register: Register) -> tuple[str, str]:
    """The id, and what is doubtful; a region or total has neither id nor doubt."""
    coded = not is_blank(code)
    by_code = register.find(code) if coded else None
    if coded and by_code is None:
        return ("", "") if _AREA_CODE.fullmatch(code) else ("", f"`{code}` is not the code of a force")
    by_name = None if is_blank(name) or _TOTAL.match(name) else register.find(name)
    if by_code and by_name and by_code.id != by_name.id:
        return "", f"code {code} is {by_code.name} and the name is {name}"
    entry = by_code or by_name
    if entry:
        return entry.id, ""
    if is_area(name):
        return "", ""
    return "", "no force is given" if is_blank(name) else f"`{name}` is not a force of the register"


def _leave_out_areas(rows: Rows) -> None:
    area = pc.and_(pc.equal(rows.columns["force"], ""), pc.equal(rows.columns["_doubt"], ""))
    count = pc.sum(area).as_py() or 0
    if not count:
        return
    written = pc.unique(rows.columns["_name"].filter(area)).to_pylist()
    names = sorted({_TOTAL.sub("", n.strip(), count=1).strip() or "Total" for n in written})
    rows.keep(pc.invert(area))
    rows.notes.append(f"{count:,} rows of regions and totals are left out: {', '.join(names)}")


def _bodies(rows: Rows, register: Register) -> list[str]:
    counts = Counter({v["values"]: v["counts"] for v in pc.value_counts(rows.columns["force"]).to_pylist()})
    bodies = [
        f"{register.name_of(i)} ({n:,} rows)" for i, n in sorted(counts.items()) if not register.in_scope(i)
    ]
    return [f"kept and compared with nobody, since they are no forces: {', '.join(bodies)}"] if bodies else []


def _missing(rows: Rows, register: Register) -> list[str]:
    """The forces without a row: absent is not zero."""
    end = "period_end" if "period_end" in rows.columns else "counted_on"
    joint = pc.binary_join_element_wise(rows.columns[end], rows.columns["force"], "|")
    there = set(pc.unique(joint).to_pylist())
    ends = sorted(pc.unique(rows.columns[end]).to_pylist())
    out = []
    for force in register.ids():
        gaps = [e for e in ends if f"{e}|{force}" not in there]
        if gaps:
            when = (
                "" if len(gaps) == len(ends) else f" for {gaps[0]}" + (" and later dates" if gaps[1:] else "")
            )
            out.append(register.name_of(force) + when)
    return [f"no rows (which is not zero) of {', '.join(out)}"] if out else []
