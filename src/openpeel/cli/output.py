"""Printing: tables for people, CSV and JSON for programs. Data on stdout, everything else on stderr."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

_live: list[Any] = []


def note(text: str) -> None:
    """A line for the user on stderr."""
    print(text, file=sys.stderr)


def progress(text: str) -> None:
    """Tell what is being done, where somebody is looking."""
    if _live:
        _live[-1].update(text)


@contextmanager
def busy(text: str) -> Iterator[Callable[[str], None]]:
    """Show progress on stderr while a block runs; silent where stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield progress
        return
    from rich.console import Console

    with Console(stderr=True).status(text) as status:
        _live.append(status)
        try:
            yield progress
        finally:
            _live.pop()


def print_json(value: Any) -> None:
    """JSON alone on stdout, numbers unrounded."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def print_rows(columns: Sequence[str], rows: Sequence[Sequence[str]], kind: str, title: str = "") -> None:
    """A table for people, or the same as CSV."""
    if kind == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, box=box.SIMPLE, title_justify="left")
    for place, column in enumerate(columns):
        numeric = all(_is_number(r[place]) for r in rows) and bool(rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(c) for c in row))
    # Nothing is cut where output goes to a file or a pipe.
    width = None if sys.stdout.isatty() else 200
    Console(width=width, highlight=False).print(table)


def _is_number(text: str) -> bool:
    return not text or text[0].isdigit() or text[0] in "-–±"
