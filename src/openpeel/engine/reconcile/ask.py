"""Asking: their file is read, told to be figures or a list of records, and held against ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from openpeel.engine.declare.measures import AnyMeasure, Count, Rate
from openpeel.engine.derive.names import all_names
from openpeel.engine.measure.context import Context
from openpeel.engine.measure.maker import Answers
from openpeel.engine.measure.period import Period
from openpeel.engine.reconcile.figures import reconcile_figures
from openpeel.engine.reconcile.flags import flags_of
from openpeel.engine.reconcile.match import matching_of
from openpeel.engine.reconcile.records import WHICH, Subject, Which, reconcile_records
from openpeel.engine.reconcile.result import Reconciliation
from openpeel.engine.reconcile.theirs import TheirFile, figures_of, read_file
from openpeel.errors import UserError

if TYPE_CHECKING:
    from openpeel.engine.identity.keyfile import ForceKeys


@dataclass(frozen=True)
class Wanted:
    """What is to be held against ours.

    Attributes:
        file: their CSV file.
        force: a force's id, where the file does not say; blank.
        period: whole months, where the file does not say.
        which: which of our records a list of theirs is held against.
        match: their heading -> our column, for a list.
        date: their heading that holds the day, for a list.
        rows: whether the rows behind the parts are wanted.
    """

    file: Path
    force: str = ""
    period: Period | None = None
    which: Which = "denominator"
    match: Mapping[str, str] = field(default_factory=dict)
    date: str = ""
    rows: bool = True


def reconcile_with(
    context: Context,
    measure: AnyMeasure,
    wanted: Wanted,
    resolve: Callable[[str], str],
    record: Callable[[Answers], None] = lambda _answers: None,
) -> Reconciliation:
    """Put our figures or records beside somebody else's file.

    Args:
        context: the opened workspace.
        measure: a count, rate or share of records.
        wanted: their file, and what it does not say itself.
        resolve: gives the id of a force by any spelling.
        record: is given the figures of ours, for the ledger.

    Raises:
        UserError: the file cannot be read or does not fit, or the measure is of another kind.
    """
    flags = flags_of(context, measure)
    file = read_file(wanted.file)
    if file.holds_figures():
        _refuse_list_options(wanted)
        names = [n for n, name in all_names(flags.type).items() if name.type in ("text", "boolean")]
        share = not isinstance(measure, Count | Rate)
        theirs = figures_of(file, names, share, resolve, wanted.force, wanted.period)
        return reconcile_figures(context, flags.measure, theirs, wanted.file.name, wanted.rows, record)
    subject = Subject(_force(file, wanted, resolve), _period(wanted), wanted.which)
    matching = matching_of(flags.type, file, wanted.match, wanted.date, _hashed(context, subject.force))
    return reconcile_records(context, flags.measure, file, subject, matching, resolve, record)


def checked_which(text: str) -> Which:
    """Which of our records, as it is written.

    Raises:
        UserError: it is none of the two.
    """
    found = next((w for w in WHICH if w == text), None)
    if found is None:
        raise UserError(f"there is no `{text}`", "--which", f"use {' or '.join(WHICH)}")
    return found


def _refuse_list_options(wanted: Wanted) -> None:
    if wanted.match or wanted.date:
        option = "--match" if wanted.match else "--date"
        raise UserError("is for a list of records, and this file holds figures", option, "leave it away")


def _force(file: TheirFile, wanted: Wanted, resolve: Callable[[str], str]) -> str:
    if wanted.force:
        return wanted.force
    heading = next((h for h in file.headings if h.casefold() == "force"), "")
    named = {resolve(row[heading]) for row in file.rows if row[heading]} if heading else set()
    if len(named) != 1:
        raise UserError("does not say of which one force it is", str(wanted.file), "name it with --force")
    return named.pop()


def _period(wanted: Wanted) -> Period:
    if wanted.period is None:
        raise UserError("a list of records does not say of which period it is", "--period", "name it")
    return wanted.period


def _hashed(context: Context, force: str) -> Callable[[str, str], str]:
    """Gives the pseudonym of a number of the force's; its key is opened when the first one comes."""
    from openpeel.engine.identity import keys

    opened: list[ForceKeys] = []

    def hashed(stands_for: str, value: str) -> str:
        if not opened:
            opened.append(keys.open_keyring(context.root).keys(force, make=False))
        return keys.pseudonym(opened[0], stands_for, value)

    return hashed
