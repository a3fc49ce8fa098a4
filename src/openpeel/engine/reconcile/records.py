"""A list of records of theirs: each row that only one side has is put to the one rule that explains it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from openpeel.engine import clock
from openpeel.engine.declare.measures import Distribution
from openpeel.engine.measure.build import answer
from openpeel.engine.measure.context import Context
from openpeel.engine.measure.maker import Answers
from openpeel.engine.measure.period import Period
from openpeel.engine.reconcile.candidates import copies
from openpeel.engine.reconcile.elsewhere import Elsewhere
from openpeel.engine.reconcile.flags import UTC, Flags, Held, Rows, flags_of
from openpeel.engine.reconcile.match import Key, Matching, day_of
from openpeel.engine.reconcile.result import Line, Part, Reconciliation, Row, Verdict
from openpeel.engine.reconcile.rules import Asked, Rule, Seen, answer_of, belonging, in_period
from openpeel.engine.reconcile.theirs import TheirFile
from openpeel.errors import UserError

#: Which of our records are held against the list.
Which = Literal["numerator", "denominator"]
WHICH: tuple[Which, ...] = ("numerator", "denominator")
#: A date of ours is taken for theirs if at least so many of the rows that both have agree with it.
_AGREE = 0.9


@dataclass(frozen=True)
class Theirs:
    """A row of their list: its line, the values it is matched by, its day and its force where it says so."""

    line: int
    key: Key
    raw: Key
    day: date | None
    force: str


@dataclass(frozen=True)
class Subject:
    """What the list is held against: one force, whole months, and which of the measure's records."""

    force: str
    period: Period
    which: Which = "denominator"


def reconcile_records(
    context: Context,
    measure: Held,
    file: TheirFile,
    subject: Subject,
    matching: Matching,
    resolve: Callable[[str], str],
    record: Callable[[Answers], None] = lambda _answers: None,
) -> Reconciliation:
    """Put the records that we count beside a list of theirs, and each that only one side has to one rule.

    Args:
        context: the opened workspace.
        measure: a measure of a kind whose records can be told one by one.
        file: their list.
        subject: what it is held against.
        matching: how rows are known again.
        resolve: gives the id of a force by any spelling.
        record: is given the figure of ours, for the ledger.

    Raises:
        UserError: a column to match by is not there, a day cannot be read, or the measure has another kind.
    """
    across = measure.across if isinstance(measure, Distribution) else ""
    if across and subject.which == "numerator":
        raise UserError(
            f"{measure.id} has a numerator for each {across}",
            "--which",
            "hold the list against the denominator",
        )
    flags = flags_of(context, measure)
    answers = answer(context, [measure], [subject.force], subject.period)
    record(answers)
    figure = answers.figures[0]
    about = (subject.force, (str(subject.period.start()), str(subject.period.end())), dict[str, str]())
    theirs = _theirs(file, matching, subject.force, resolve)
    total = {"count": Fraction(len(theirs))}
    if figure.numerator is None:
        reason = figure.reason or figure.status
        line = Line(*about, {}, total, [], "no-figure", figure.figure_id, reason)
        return Reconciliation(measure.id, file.path.name, "records", [line])
    work = _Work(
        context,
        flags,
        subject,
        matching,
        theirs,
        Asked(subject.period.first, subject.period.last, {}, flags.reading(figure.reading), across),
    )
    ours, found = work.ours(), work.differences()
    parts = _parts(found)
    rest = any(not p.explains for p in parts)
    verdict: Verdict = "not-explained" if rest else "explained" if parts else "agrees"
    line = Line(*about, {"count": Fraction(ours)}, total, parts, verdict, figure.figure_id)
    _must_add_up(line)
    both = ours - sum(1 for r in found if r.side == "ours")
    notes = [f"{both} records are in both; matched by {', '.join(matching.columns())}", *work.notes]
    return Reconciliation(
        measure.id, file.path.name, "records", [line], list(dict.fromkeys(p.rule for p in parts if p.explains)),
        notes=notes, rows=found,
    )  # fmt: skip


def _theirs(file: TheirFile, matching: Matching, force: str, resolve: Callable[[str], str]) -> list[Theirs]:
    out = []
    for line, row in zip(file.lines, file.rows, strict=True):
        where = f"{file.path}, line {line}"
        said = row[matching.force] if matching.force else ""
        day = day_of(row[matching.date], where) if matching.date else None
        out.append(
            Theirs(
                line, matching.key_of(row, where), matching.raw_of(row), day, resolve(said) if said else force
            )
        )
    return out


def _parts(found: Sequence[Row]) -> list[Part]:
    """A part a rule and side: ours alone are taken away, theirs alone are added."""
    counted = Counter((r.side, r.rule, r.says) for r in found)
    order = {key: place for place, key in enumerate(dict.fromkeys((r.side, r.rule, r.says) for r in found))}
    return [
        Part(
            rule,
            f"{'only ours' if side == 'ours' else 'only theirs'}: {says}",
            {"count": Fraction(-n if side == "ours" else n)},
            rule not in UNEXPLAINED,
            n,
        )
        for (side, rule, says), n in sorted(
            counted.items(), key=lambda c: (c[0][1] in UNEXPLAINED, order[c[0]])
        )
    ]


def _must_add_up(line: Line) -> None:
    """Every row that one side has alone is in one part: none is left over, none is in two."""
    if line.ours["count"] + sum(p.change["count"] for p in line.parts) != line.theirs["count"]:
        raise ValueError("the rows of the parts are not the difference")


#: Where no rule explains a row.
NOT_IN_LIST, NOT_HELD = "not-in-their-list", "not-held"
UNEXPLAINED = {NOT_IN_LIST}


class _Work:
    """One list being held against our records."""

    def __init__(
        self,
        context: Context,
        flags: Flags,
        subject: Subject,
        matching: Matching,
        theirs: Sequence[Theirs],
        asked: Asked,
    ) -> None:
        self.context, self.flags, self.subject, self.matching = context, flags, subject, matching
        self.theirs, self.notes = theirs, list[str]()
        self.asked = asked
        entries = [e for e in context.view.of(flags.type.id) if e.force == subject.force]
        rows = Rows(context, flags, entries, matching.ours_sql(flags.type))
        self.dates = list(flags.dates)
        months = f"_month BETWEEN {subject.period.first} AND {subject.period.last}"
        wanted = matching.among_sql(context.con, {t.key for t in theirs if t.force == subject.force})
        # Our own records of the period, and of other months those that they list.
        self.held = list(rows.rows(self.dates, f"({months}) OR {wanted}"))
        self.by_key: dict[Key, list[dict[str, Any]]] = defaultdict(list)
        for given in self.held:
            self.by_key[matching.held_key(given)].append(given)
        for same in self.by_key.values():
            same.sort(key=lambda g: (not self.counted(g["seen"]), not in_period(g["seen"], self.asked)))
        self.pairs, self.alone = self._pair()
        self.dated_by = self._dated_by()

    def counted(self, seen: Seen) -> bool:
        """Whether a record of ours is among those that the list is held against."""
        if not in_period(seen, self.asked) or belonging(seen) is not True:
            return False
        answer_ = answer_of(seen, self.asked)
        return answer_ == "yes" or (self.subject.which == "denominator" and answer_ == "no")

    def ours(self) -> int:
        """How many of ours the list is held against."""
        return sum(self.counted(g["seen"]) for g in self.held)

    def _pair(self) -> tuple[list[tuple[Theirs, dict[str, Any]]], list[Theirs]]:
        """Rows of theirs with the record each is; those that find none."""
        pairs, alone, used = [], [], Counter[Key]()
        for theirs in self.theirs:
            same = (
                self.by_key.get(theirs.key, []) if theirs.force == self.subject.force and theirs.key else []
            )
            if used[theirs.key] < len(same):
                pairs.append((theirs, same[used[theirs.key]]))
                used[theirs.key] += 1
            else:
                alone.append(theirs)
        return pairs, alone

    def _dated_by(self) -> str:
        """The date of ours that their day is, by the records that both have; blank: the anchor's, or not known."""
        dated = [(t.day, g) for t, g in self.pairs if t.day]
        if not dated:
            return ""
        agree = {n: sum(day == g["d_" + n] for day, g in dated) for n in self.dates}
        best = max(self.dates, key=lambda n: (agree[n], -self.dates.index(n)))
        if agree[best] < _AGREE * len(dated) or agree[best] == agree[""]:
            return ""
        said = f"{self._date_says(best)} on {agree[best]} of the {len(dated)} rows that are here"
        self.notes.append(f"their day is {said}; {self.flags.type.anchor} is it on {agree['']}")
        return best

    def _date_says(self, name: str) -> str:
        return f"{self.flags.type.anchor} in UTC" if name == UTC else name

    def differences(self) -> list[Row]:
        """Every row that only one side has, with its rule."""
        out = [self._ours_alone(g) for g in self._unlisted()]
        out += [
            self._row(t, *self._not_counted(t, g), g) for t, g in self.pairs if not self.counted(g["seen"])
        ]
        where = Elsewhere(self.context, self.flags.type, self.matching, self.subject.force)
        lost = [t for t in self.alone if t.force == self.subject.force and t.key and t.key not in self.by_key]
        found = where.look({t.key: t.raw for t in lost})
        for t in self.alone:
            out.append(self._row(t, *self._not_here(t, found)))
        return out

    def _unlisted(self) -> list[dict[str, Any]]:
        listed = {id(g) for _, g in self.pairs}
        return [g for g in self.held if self.counted(g["seen"]) and id(g) not in listed]

    def _ours_alone(self, given: Mapping[str, Any]) -> Row:
        rule, says = self._why_unlisted(given)
        month = clock.month_text(given["_month"])
        return Row("ours", rule, says, self.subject.force, month, given["_id"])

    def _why_unlisted(self, given: Mapping[str, Any]) -> tuple[str, str]:
        seen: Seen = given["seen"]
        if seen.copy or len(self.by_key[self.matching.held_key(given)]) > 1:
            return "duplicates-kept", f"{copies(self.flags)} are there more than once, and each counts here"
        if self.dated_by and not in_period(seen, self.asked, [Rule("", "", "period", self.dated_by)]):
            return "period", f"outside the period by {self._date_says(self.dated_by)}, which is their day"
        if UTC in self.dates and not in_period(seen, self.asked, [Rule("", "", "period", UTC)]):
            return "period-by-utc", f"outside the period by {self._date_says(UTC)}, and not in local time"
        return NOT_IN_LIST, "not in their list, and no rule says why"

    def _not_counted(self, theirs: Theirs, given: Mapping[str, Any]) -> tuple[str, str]:
        """Why a record of theirs that we hold is none of those we count."""
        seen: Seen = given["seen"]
        if not in_period(seen, self.asked):
            return self._other_month(theirs, seen)
        told = list(zip(self.flags.conditions, seen.conditions, strict=True))
        left_out = next((c.says for c, held in told if held is False), "")
        if left_out:
            return "scope", f"out of scope: we count records with {left_out}"
        unsure = next((c.says for c, held in told if held is None), "")
        if unsure:
            return "eligibility-unknown", f"not known whether {unsure}"
        answer_ = answer_of(seen, self.asked)
        if answer_ == "unknown":
            return "unknown", f"the answer is not known, so it is in no {self.subject.which}"
        if answer_ == "no":
            return "answer", "the answer is no, so it is not in the numerator"
        return "not-due", "withdrawn or not yet due, so it is in no denominator"

    def _other_month(self, theirs: Theirs, seen: Seen) -> tuple[str, str]:
        anchor = self.flags.type.anchor
        if UTC in self.dates and in_period(seen, self.asked, [Rule("", "", "period", UTC)]):
            return "period-by-utc", f"within the period by {anchor} in UTC, and not in local time"
        for name in [n for n in (self.dated_by, *self.dates) if n not in ("", UTC)]:
            month = seen.months.get(name)
            by = in_period(seen, self.asked, [Rule("", "", "period", name)])
            if by and (theirs.day is None or clock.month_of(theirs.day) == month):
                return f"period-by-{name}", f"within the period by {name}, and not by {anchor}"
        if theirs.day and not self.asked.first <= clock.month_of(theirs.day) <= self.asked.last:
            return "period", f"outside the period by their own day and by {anchor}"
        return "period", f"outside the period by {anchor}"

    def _not_here(self, theirs: Theirs, found: Mapping[Key, tuple[str, str]]) -> tuple[str, str]:
        """Why a row of theirs is no record of the force's that we hold."""
        if theirs.force != self.subject.force:
            return "other-force", "of another force, by their own file"
        if not theirs.key:
            return "not-named", f"it has no {', '.join(self.matching.columns())} to know it by"
        if theirs.key in self.by_key:
            return "listed-twice", "in their list more often than we hold it"
        return found.get(theirs.key, (NOT_HELD, "in no snapshot: it was never supplied under that name"))

    def _row(self, theirs: Theirs, rule: str, says: str, given: Mapping[str, Any] | None = None) -> Row:
        month = clock.month_text(given["_month"]) if given else ""
        id_ = given["_id"] if given else ""
        return Row("theirs", rule, says, theirs.force, month, id_, theirs.line)
