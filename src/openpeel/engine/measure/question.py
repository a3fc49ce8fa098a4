"""What a figure answers: the question, its id, and the version of the measure it is asked of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from openpeel.engine.declare.measures import AnyMeasure
from openpeel.engine.declare.records import RecordType
from openpeel.engine.declare.serial import digest, to_plain
from openpeel.engine.derive.layer import needed
from openpeel.engine.measure.practices import check
from openpeel.engine.measure.predicates import compile_measure

#: Raised when the engine works the same declaration out in another way (interval method, rounding).
METHODS = {
    "proportion interval": "wilson",
    "rate interval": "poisson-exact",
    "ratio interval": "exact-conditional, inflated by sqrt-dispersion-log",
    "bounds": "every unknown record counted against, then for",
    "quantile": "R type 7",
    "age": "whole seconds, rounded down, to the end of the as-at day in Europe/London",
    "median wait": "kaplan-meier",
    "mean interval": "student-t",
    "open": "begun by the end of the day by local dates, and not ended by then",
}

#: Methods that came later count only in the versions of the kinds that use them, so that others stay what they were.
_USED_BY = {"mean interval": ("Mean",), "open": ("Backlog", "Flow", "AgeOfBacklog")}

#: What a declaration says in words, which a version does not depend on.
_PROSE = {
    "title", "sentence", "better", "comparable", "comparable_why", "question", "method", "source", "captions",
    "checked_by", "reviewed", "review_months", "by", "says", "meaning", "personal", "where", "met", "when",
    "reason", "standard_source",
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """Everything that decides a figure, and no value.

    ``first`` and ``last`` are months as text; ``breakdown`` is sorted (name, category) pairs;
    ``generation`` is the SHA-256 of the generation file.
    """

    measure: str
    version: str
    force: str
    first: str
    last: str
    breakdown: tuple[tuple[str, str], ...]
    generation: str
    as_at: str
    recorded_by: str | None
    population: str
    policies: str

    def id(self) -> str:
        """The figure id: a hash of the question, so that it gives no value away."""
        return "fig-" + digest(asdict(self))[:40]

    def plain(self) -> dict[str, Any]:
        """The question as plain data."""
        return asdict(self) | {"breakdown": dict(self.breakdown)}


def version(
    measure: AnyMeasure,
    record_type: RecordType,
    methods: Mapping[str, str] = METHODS,
    extra: tuple[str, ...] = (),
) -> str:
    """The hash of a measure's resolved declaration.

    It covers the conditions in normal form, the derivations they rest on, the record type's schema,
    the reading and practice rules, and the engine's methods; not the wording around them.

    Args:
        measure: the measure.
        record_type: the type it is of.
        methods: the engine's methods; those of the time, for a figure that was published earlier.
        extra: breakdowns beyond those declared, whose derivations count too.
    """
    compiled = compile_measure(measure, record_type, [(column,) for column in extra])
    kind = type(measure).__name__
    return digest(
        {
            "kind": kind,
            "of": [record_type.id, [list(c) for c in record_type.stored()]],
            "counts": compiled.counts,
            "derivations": [to_plain(d) for d in needed(record_type, compiled.columns)],
            "rest": _without_prose(_with_its_standard(to_plain(measure))),
            "practice": _practice(measure),
            "methods": {m: how for m, how in methods.items() if kind in _USED_BY.get(m, (kind,))},
            # Only where there are any, so that the versions of measures without stay what they were.
            **({"seconds": compiled.bins} if compiled.bins else {}),
            **({"totals": [list(t) for t in compiled.totals.values()]} if compiled.totals else {}),
        }
    )


def _with_its_standard(plain: Any) -> Any:
    """A standard counts only where there is one, so that the versions of measures without stay what they were."""
    return {k: v for k, v in plain.items() if k != "standard" or v is not None}


def _without_prose(plain: Any) -> Any:
    if isinstance(plain, dict):
        return {k: _without_prose(v) for k, v in plain.items() if k not in _PROSE}
    if isinstance(plain, list):
        return [_without_prose(v) for v in plain]
    return plain


def _practice(measure: AnyMeasure) -> list[list[str]]:
    if measure.practice is None:
        return []
    return [[rule, sql] for rule, sql in check(measure.practice, measure.id).items()]
