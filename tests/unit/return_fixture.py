"""Returns as a force would send them: a small collection, its workbook, cells filled in by openpyxl, and the import."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import openpyxl

from openpeel.catalogue import load_catalogue
from openpeel.register import load_register
from openpeel.sources.returns import grid, worker
from openpeel.sources.returns.bring import import_returns
from openpeel.sources.returns.collections import collection_named
from openpeel.sources.returns.layout import BookPlan, plan_of
from openpeel.sources.returns.taken import Taken
from openpeel.sources.returns.workbook import write_workbook

TRIAL = """
id = "trial"
months = "2024-04..2024-05"
due = 2024-06-30
tables = ["Calls", "Bail", "Digital exhibits", "Finance"]
"""
Cells = Mapping[str, Mapping[str, Any]]
Book = Any


def declare(root: Path, text: str = TRIAL, name: str = "trial") -> None:
    """Give a workspace a collection of its own."""
    (root / "collections").mkdir(exist_ok=True)
    (root / "collections" / f"{name}.toml").write_text(text, encoding="utf-8")


def plan(root: Path | None, collection: str = "trial", force: str = "kent") -> BookPlan:
    return plan_of(collection_named(collection, root), force, load_catalogue(root).types)


def template(root: Path, collection: str = "trial", force: str = "kent") -> bytes:
    return write_workbook(plan(root, collection, force), load_register("england-and-wales").name_of(force))


def changed(data: bytes, change: Callable[[Book], object]) -> bytes:
    """A workbook after openpyxl has opened it, something was done to it, and it was saved again."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def filled(data: bytes, cells: Cells) -> bytes:
    """A workbook with some cells filled in: sheet -> cell -> value."""

    def fill(book: Book) -> None:
        for sheet, values in cells.items():
            for cell, value in values.items():
                book[sheet][cell] = value

    return changed(data, fill)


def bring(root: Path, *books: bytes | Path, names: Sequence[str] = (), **more: Any) -> Taken:
    """Import some workbooks, read in this process, which takes a fraction of the time."""
    paths = []
    for at, book in enumerate(books):
        path = book if isinstance(book, Path) else root.parent / (names[at] if names else f"return{at}.xlsx")
        if isinstance(book, bytes):
            path.write_bytes(book)
        paths.append(path)
    register = load_register("england-and-wales")
    with patch.object(grid, "_ask", _here):
        return import_returns(root, register, load_catalogue(root).types, paths, **more)


def _here(books: Sequence[tuple[str, bytes]], _: object) -> list[dict[str, Any]]:
    return [worker.respond(data) for _, data in books]


def why(taken: Taken) -> str:
    """Why the only workbook was refused, its path left away; nothing of it is here."""
    assert taken.returns == [] and len(taken.refused) == 1, taken
    error = taken.refused[0]
    assert error.where.endswith("return0.xlsx") and error.do
    return error.what
