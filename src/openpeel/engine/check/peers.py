"""Forces whose number of records, for their size, lies far from the mean of forces: notes, never more.

The mean is the unweighted mean of forces, as in a comparison. Beyond two standard deviations lie about one in
twenty by construction, so that such a note is a question and not a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import mean, stdev

from openpeel.engine.check.doubt import Doubt
from openpeel.engine.check.held import Held
from openpeel.engine.declare.records import RecordType
from openpeel.engine.measure import population as residents


def residents_of(held: Held, record_type: RecordType | None) -> dict[str, float]:
    """Force -> residents by the latest estimate known; empty where no population is here."""
    if record_type is None or not held.store.view.of(record_type.id):
        return {}
    known = residents.load(held.con, held.store.root, record_type, held.store.view, "latest")
    out = {}
    for force in sorted({e.area for e in known.estimates}):
        estimate = known.find(force, held.store.view.vintage.as_at)
        if estimate is not None and not estimate.lacks:
            out[force] = float(estimate.total())
    return out


def outliers(held: Held, people: Mapping[str, float]) -> Iterator[Doubt]:
    """A note for each force whose rate lies far from the others'."""
    if held.is_count or held.type.kind == "reference" or held.window is None:
        return
    base, by = _base(held, people)
    first, last = held.window
    counts = {f: sum(n for m, n in held.series(f).items() if first <= m <= last) for f in held.counts}
    least = held.settings.peer_records
    rates = {f: n / base[f] for f, n in counts.items() if n >= least and base.get(f)}
    if len(rates) < held.settings.peer_forces:
        return
    middle, spread = mean(rates.values()), stdev(rates.values())
    for force, rate in rates.items():
        if spread and abs(rate - middle) > held.settings.peer_sd * spread:
            told = (
                f"{counts[force]} records {by} are {'many' if rate > middle else 'few'}: {rate / middle:.2f} times the "
                f"mean of {len(rates)} forces, more than {held.settings.peer_sd:g} standard deviations away. It may "
                "well be so; say whether all are here and nothing stands twice."
            )
            yield held.told_months(
                "peers.rate", "note", force, (first, last), "all rows", told, counts[force]
            )


def _base(held: Held, people: Mapping[str, float]) -> tuple[Mapping[str, float], str]:
    """What counts are divided by: residents, else the records of the largest reference type they lead to."""
    if people:
        return people, "for its residents"
    held_of = {
        r.to: sum(e.rows for e in held.store.entries_of(r.to))
        for r in held.type.references
        if held.store.types[r.to].kind == "reference" and r.to != held.type.id
    }
    largest = max(sorted(held_of), key=lambda t: held_of[t], default="")
    out: dict[str, float] = {}
    for entry in held.store.entries_of(largest) if largest else []:
        out[entry.force] = out.get(entry.force, 0.0) + entry.rows
    title = held.store.types[largest].title.lower() if largest else ""
    return out, f"for its number of {title}"
