"""What a return's workbook says to whoever fills it in, and what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator

from openpeel.engine.clock import last_day
from openpeel.sources.returns.collections import day_text
from openpeel.sources.returns.layout import ABOUT, NOTES, TEMPLATE, BookPlan, SheetPlan

#: The headings of the sheet of notes, and how wide they are.
NOTES_HEADINGS = (("Sheet", 24), ("Row or month", 22), ("Note", 90))
NOTES_SAY = (
    "For what a number needs in order to be understood: how your own grades or codes were brought to the words here, "
    "what changed, what is estimated. No names, and no numbers of persons or cases."
)
#: The labels of the sheet that says which workbook this is.
WHICH, COLLECTION, FORCE, EDITION, LAYOUT = "Template", "Collection", "Force", "Edition", "Layout"


def about_lines(plan: BookPlan, force_name: str) -> list[tuple[str, str]]:
    """What the workbook says of itself, for the import to read: label and value."""
    return [
        (WHICH, TEMPLATE),
        (COLLECTION, plan.collection.id),
        (FORCE, plan.force),
        (EDITION, str(plan.collection.edition)),
        (LAYOUT, plan.seal()),
        ("Force's name", force_name),
        ("", "By these lines a return is recognised when it comes back. Please leave them as they are."),
    ]


def instruction_lines(plan: BookPlan, force_name: str) -> Iterator[tuple[str, str]]:
    """The instructions: label and text, or a title and nothing."""
    collection = plan.collection
    yield f"{collection.title}: {force_name}", ""
    yield "Collection", f"{collection.id}, edition {collection.edition} of the workbook"
    yield "Force", force_name
    yield "Period", collection.period()
    yield "Due", day_text(collection.due)
    yield (
        "Goes back to",
        f"Send this file itself, filled in, to {collection.return_to}.",
    )
    if collection.assumption:
        yield "Please note", collection.assumption
    yield "How to fill it in", ""
    yield "Cells to fill", "The light yellow ones. All others are locked, so that the rows can be read back."
    yield "Not known", "Leave the cell blank. A blank is read as not known, and never as zero."
    yield "None", "Write 0. It says that somebody looked, and that there were none."
    yield (
        "Does not apply",
        "Write: not applicable. For instance for a channel that the force does not have.",
    )
    yield (
        "Totals",
        "Bold rows are totals. Give the total from your system and do not add the rows up here: the two "
        "are held against each other, and a difference shows what was missed.",
    )
    yield (
        "Numbers",
        "As numbers, without units or signs such as ~ and <. Give every count, the small ones too: they are "
        "protected before anything is published. Formulas are taken by the value that was stored with them.",
    )
    yield (
        "Rows and columns",
        "Do not add, remove, rename, move or merge any, nor any sheet. A workbook whose layout was changed is "
        "refused whole.",
    )
    yield "Notes", f"What a number needs in order to be understood goes into the sheet {NOTES}."
    yield "The sheets", ""
    for sheet in plan.sheets:
        yield sheet.name, f"{sheet.type.title}. {_rows_said(plan, sheet)}"
    yield ABOUT, "Says which workbook this is. Please leave it as it is."


def _rows_said(plan: BookPlan, sheet: SheetPlan) -> str:
    if not sheet.rows:
        months = f"one row each, up to {sheet.asked.lines}"
        year = " of the financial year the period lies in" if sheet.asked.span == "financial year" else ""
        return f"Rows{year} to be filled, {months}; all of them, since they replace those given before."
    if sheet.asked.rows == "monthly":
        return f"One row for each month{_each(sheet)}."
    each = _each(sheet).removeprefix(" and ")
    return f"As at {day_text(last_day(plan.collection.last))}{f', one row for each {each}' if each else ''}."


def _each(sheet: SheetPlan) -> str:
    others = [name.replace("_", " ") for name in sheet.type.key if name != sheet.type.anchor]
    return f" and {' and '.join(others)}" if others else ""
