"""Measures: declared quantities. What a declaration can say; how it is worked out is in ``engine.measure``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Better = Literal["higher", "lower", "neutral"]
Comparable = Literal["national", "own-definition", "own-recording", "as-rate-only"]

HIGHER: Better = "higher"
LOWER: Better = "lower"
NEUTRAL: Better = "neutral"
NATIONAL: Comparable = "national"
OWN_DEFINITION: Comparable = "own-definition"
OWN_RECORDING: Comparable = "own-recording"
AS_RATE_ONLY: Comparable = "as-rate-only"
NOBODY_YET = "nobody yet"


@dataclass(frozen=True)
class Practice:
    """How a source fills in a column, worked out from its rows.

    ``counts`` are named conditions over the type's columns; each is counted over the rows of a
    source. ``rules`` are tried in order: the first whose condition over those counts holds names
    the practice. A practice either allows the plain value (``reading`` is empty), allows a value
    under a named reading, or allows none (``status`` with the reason).
    """

    id: str
    title: str
    counts: tuple[tuple[str, str], ...]
    rules: tuple[PracticeRule, ...]


@dataclass(frozen=True)
class PracticeRule:
    """One practice. ``when`` is an expression over the counts of its ``Practice``.

    ``reason`` may name counts in braces; they are replaced by their values. ``keep_bounds`` says that
    what is recorded can be trusted as far as it goes, so that bounds still hold without a value.
    """

    id: str
    when: str
    says: str
    reading: str = ""
    status: Literal["", "not-interpretable", "not-supplied"] = ""
    reason: str = ""
    keep_bounds: bool = False


@dataclass(frozen=True)
class Reading:
    """A named way to read blanks: ``met`` replaces the measure's own, and ``says`` explains it."""

    id: str
    met: str
    says: str


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What every measure declares.

    Attributes:
        id: area, dot, name.
        title: heading on page and chart.
        sentence: the sentence for the report; ``{force}``, ``{value}``, ``{x}``, ``{y}``,
            ``{period}`` and ``{category}`` are filled in.
        of: id of the record type.
        where: condition for a record to belong to the denominator; empty: every record.
        by: breakdowns: a column each, or two of them that are crossed.
        better: which direction is better for the public.
        comparable: whether forces can be set side by side, and ``comparable_why`` when not.
        question: the question of the assessment framework it bears on.
        method: page of the manual.
        source: where the records come from.
        captions: cautions that stand with every figure.
        standard: the line it is held against, in its unit (0.9 for 90%), and ``standard_source`` who set it; a force's
            figures are shown beside it, and no word follows from one figure alone.
        checked_by: named practitioner who has checked it, or *nobody yet*.
        reviewed, review_months: date of the last review, and months until the next.
    """

    id: str
    title: str
    sentence: str
    of: str
    unit: str
    better: Better
    comparable: Comparable
    question: str
    method: str
    source: str
    where: str = ""
    by: tuple[str | tuple[str, ...], ...] = ()
    comparable_why: str = ""
    captions: tuple[str, ...] = ()
    standard: float | None = None
    standard_source: str = ""
    checked_by: str = NOBODY_YET
    reviewed: date
    review_months: int = 12
    practice: Practice | None = None


@dataclass(frozen=True, kw_only=True)
class Count(Measure):
    """Number of records for which ``where`` is true."""


@dataclass(frozen=True, kw_only=True)
class Rate(Measure):
    """Number of records per ``per`` residents, for the period (never annualised)."""

    per: int = 1000


@dataclass(frozen=True, kw_only=True)
class Proportion(Measure):
    """Share of records with ``where`` true and ``met`` known for which ``met`` is true."""

    met: str
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Distribution(Measure):
    """Share of each value of ``across`` among the records for which it is known."""

    across: str


@dataclass(frozen=True, kw_only=True)
class RatioOfRates(Measure):
    """Rate per resident of each group against that of the ``reference`` group.

    ``across`` maps the scheme of the population table to the column that sorts records into that
    scheme's groups. ``groups`` are those compared with the reference, shown under ``group_name``.
    ``minimum`` is the fewest records in both groups for a value to be given.
    """

    across: tuple[tuple[str, str], ...]
    groups: tuple[str, ...]
    group_name: str
    reference: str
    minimum: int


@dataclass(frozen=True, kw_only=True)
class ShareWithin(Measure):
    """Share of records served within a limit, of those old enough to say at the as-at moment.

    The as-at moment is the end of the as-at day in Europe/London. A record at least the limit old by
    then is due, and counts as not within while it still waits; a younger one is not yet due, even if
    it has been served. Both the age and the time until a record was served are whole seconds, rounded
    down.

    Attributes:
        start: instant at which the clock starts.
        served: instant at which the record was served; blank: it was not.
        withdrawn: instant at which it was closed or cancelled; where it was not served, it is of a
            category of its own, in no denominator. Empty: there is no such column.
        limit_seconds: the limit, or
        limit: the integer or duration column that holds each record's own limit in seconds.
    """

    start: str
    served: str
    withdrawn: str = ""
    limit_seconds: int | None = None
    limit: str = ""


@dataclass(frozen=True, kw_only=True)
class Quantile(Measure):
    """The p-quantile (R type 7) of a duration, from exact counts for each second.

    ``of_duration`` is a column of type duration; blank or negative is unknown. Waits that are not over
    have no duration: where there may be some, use ``MedianWait``. No interval is claimed.
    """

    of_duration: str
    p: float


@dataclass(frozen=True, kw_only=True)
class MedianWait(Measure):
    """Median time until a record is served, those still waiting taken into account (Kaplan-Meier).

    ``start``, ``served``, ``withdrawn`` and the as-at moment (the end of the as-at day in Europe/London)
    are as in ``ShareWithin``. Where fewer than half are known to have been served the median is *not
    reached*: no value, status *not yet due*. No interval is claimed.
    """

    start: str
    served: str
    withdrawn: str = ""


@dataclass(frozen=True, kw_only=True)
class Mean(Measure):
    """The mean of a number or duration; blank is unknown, and so is a duration below 0.

    Sums are exact. The interval is Student's, of the mean of a process that could have gone differently.
    """

    of_number: str


@dataclass(frozen=True, kw_only=True)
class Backlog(Measure):
    """How many records are open at the end of the period's last day: begun by then, and not ended.

    It needs every month from the force's first to the period's last: arrivals less departures since then.
    What began before the first month held is not seen, which the figure says. A record that ends on the day is
    not open at its end.

    Attributes:
        start: date or instant at which a record begins; instants count by their local date.
        end: date or instant at which it ends; blank: it has not. An end before the start is unknown.
    """

    start: str
    end: str


@dataclass(frozen=True, kw_only=True)
class Flow(Measure):
    """What came in during the period, what went out, and what was open before and after it.

    ``start`` and ``end`` are as in ``Backlog``. Four figures, under ``flow``: open before + in - out = open after.
    """

    start: str
    end: str


@dataclass(frozen=True, kw_only=True)
class AgeOfBacklog(Measure):
    """The p-quantile (R type 7) of the age in days of what is open at the end of the as-at day.

    ``start`` and ``end`` are as in ``Backlog``; records of the months up to the period's last are looked at.
    No interval is claimed.
    """

    start: str
    end: str
    p: float


#: The names of the four figures of a flow.
FLOWS = ("open before", "in", "out", "open after")

AnyMeasure = (
    Count
    | Rate
    | Proportion
    | Distribution
    | RatioOfRates
    | ShareWithin
    | Quantile
    | MedianWait
    | Mean
    | Backlog
    | Flow
    | AgeOfBacklog
)
