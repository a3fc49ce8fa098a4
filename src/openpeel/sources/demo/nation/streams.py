"""Streams of events: how many there are in a force's month, and when they happen."""

from __future__ import annotations

from openpeel.sources.demo.nation.draws import salt, text_sql, u

#: A row's month as ``202404``, for references.
YEAR_MONTH = "strftime(make_date((month // 12)::INTEGER, (1 + month % 12)::INTEGER, 1), '%Y%m')"


def stream(name: str, a_year: str, per: str = "residents / 1000.0") -> str:
    """SQL for the rows of one stream of events, ``a_year`` for each thousand residents (or for each ``per``).

    Gives every column of ``forces`` and ``months``, ``n`` (number of the event within force and month), ``_k``,
    and ``moment`` (UTC), drawn by how busy the hours of the month are. Counts scatter about as Poisson's do.
    """
    mean = f"(({a_year}) * {per} / 12 * season)"
    scatter = " + ".join(u(f"count/{i}", "_c") for i in range(4))
    count = (
        f"greatest(0, floor({mean} + sqrt({mean}) * (({scatter}) - 2.0) * 1.7320508 + {u('count', '_c')}))"
    )
    return f"""
        SELECT t.* EXCLUDE (_c, slot), h.hour + to_seconds(floor({u("second")} * 3600)::BIGINT) AS moment
        FROM (SELECT *, floor({u("slot")} * slots)::BIGINT AS slot
              FROM (SELECT *, hash(xor(_c, hash(n))) AS _k
                    FROM (SELECT *, unnest(range(1, 1 + {count}::BIGINT)) AS n
                          FROM (SELECT f.* EXCLUDE (_k), m.* EXCLUDE (_k),
                                       hash(xor(f._k, xor(m._k, {salt(name)}))) AS _c
                                FROM forces f, months m)))) t
        JOIN hours h USING (month, slot)"""


def reference(prefix: str, width: int = 6) -> str:
    """SQL for the reference of an event of a stream: ``T-202404-000123``."""
    return f"({text_sql(prefix)} || {YEAR_MONTH} || '-' || lpad(n::VARCHAR, {width}, '0'))"


def further(parent: str, by: int | str) -> str:
    """SQL for a reference of the same shape as one that ends in two figures: those two, higher by so many.

    A force's references of one kind look alike, the first of an incident and the second.
    """
    return f"(left({parent}, -2) || lpad((right({parent}, 2)::BIGINT + {by})::VARCHAR, 2, '0'))"
