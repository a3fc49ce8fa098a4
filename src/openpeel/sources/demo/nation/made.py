"""How a table of the nation is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Made:
    """One table: the records of a type, or something others hang on.

    Attributes:
        name: id of the record type, or a plain name for a table that is no record type.
        sql: a SELECT over tables made before it. Of a record type it gives ``force``, declared columns by
            their names (those it leaves out are blank on every row), and columns that begin with ``_``, which
            nobody sees: ``_k`` for draws of rows that hang on it, ``_true_…`` for what is true of the row.
        later: instant or date column -> columns that are not known before that moment either. A row is known
            from its anchor on; of a row as known on a day, what lies after the day is blank.
        monthly: made anew for each month; else once, from the list of forces.
    """

    name: str
    sql: str
    later: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    monthly: bool = True
