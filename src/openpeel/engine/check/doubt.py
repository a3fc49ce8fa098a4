"""A doubt: what a check found, put so that a person can act on it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

#: ``blocking`` doubts keep a return from being signed off until they are answered and accepted.
Severity = Literal["blocking", "warning", "note"]


@dataclass(frozen=True)
class Doubt:
    """What one check found about the records of one force and record type.

    Attributes:
        check: id of the check, such as ``months.missing``.
        force, type: whose records.
        months: first and last month (as ``engine.clock`` numbers them) it speaks of; ``None`` for all.
        severity: see `Severity`.
        subject: what within the type it speaks of (a column, a rule, a total), such as ``closed_at``.
        count: how many records, or months, are concerned.
        rows: the records concerned, each by its key (or source file and row), in order; all of them.
        text: what is doubtful and what to do, in a sentence or two; holds no identity and no pseudonym.
    """

    check: str
    force: str
    type: str
    months: tuple[int, int] | None
    severity: Severity
    subject: str
    count: int
    rows: tuple[str, ...]
    text: str

    @property
    def key(self) -> str:
        """The same for the same doubt in every run, whatever the rows: what a query is known by."""
        told = "\x1f".join((self.check, self.force, self.type, self.subject, repr(self.months)))
        return hashlib.sha256(told.encode()).hexdigest()[:16]
