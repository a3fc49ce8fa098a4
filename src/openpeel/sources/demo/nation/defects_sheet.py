"""A delivered file as records of text, which can be changed, put in and taken out; what nobody touches keeps its bytes."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path


class Sheet:
    """One CSV file: its headings, and its records as they stand in it."""

    def __init__(self, file: Path, sent: date) -> None:
        first, *records = _records(file.read_bytes().decode())
        self.file, self.sent, self.headings, self._first = file, sent, fields_of(first), first
        self.records: list[str] = records
        self._after: dict[int, list[str]] = defaultdict(list)
        self._gone: set[int] = set()
        self._changed = False

    @property
    def label(self) -> str:
        """Folder and name, which tell the deliveries apart."""
        return f"{self.file.parent.name}/{self.file.name}"

    def put(self, at: int, record: str) -> None:
        """Let a record stand in place of the one there."""
        self.records[at], self._changed = record, True

    def insert(self, at: int, record: str) -> int:
        """Put a record behind the one there, and behind those put there before; says which of them it is."""
        self._after[at].append(record)
        self._changed = True
        return len(self._after[at])

    def remove(self, at: int) -> None:
        """Take a record out."""
        self._gone.add(at)
        self._changed = True

    def number(self, at: int, nth: int = 0) -> int:
        """The row number that something has in the end: the record there, or the nth of those put in behind it."""
        before = sum(len(more) for place, more in self._after.items() if place < at)
        return 1 + at + nth + before - sum(place < at for place in self._gone)

    def write(self) -> None:
        """Write the file, if anything in it has changed."""
        if not self._changed:
            return
        out = [self._first]
        for at, record in enumerate(self.records):
            out += [] if at in self._gone else [record]
            out += self._after.get(at, ())
        self.file.write_bytes("".join(f"{record}\n" for record in out).encode())


def _records(text: str) -> list[str]:
    """The records of a CSV file; one whose quotation mark is still open goes on in the next line."""
    out: list[str] = []
    is_open = False
    for line in text.removesuffix("\n").split("\n"):
        if is_open:
            out[-1] += f"\n{line}"
        else:
            out.append(line)
        is_open ^= bool(line.count('"') % 2)
    return out


def fields_of(record: str) -> list[str]:
    """The fields of a record."""
    return next(csv.reader(io.StringIO(record, newline="")))


def record_of(fields: Iterable[str]) -> str:
    """A record of these fields."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(fields)
    return out.getvalue()
