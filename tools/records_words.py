"""What the reference pages say alike: before the lists of the index, and of the ways in."""

_DRAFT = "The first command writes a draft of the [mapping](../extracts.md), to be read and completed; the second one "
WITH_KEY = _DRAFT + (
    "imports by it. Scope `changes` puts rows in or replaces them by their key; `complete` replaces whole months."
)
WITHOUT_KEY = _DRAFT + "imports by it, as `complete`: without a key whole months are replaced."
PUBLIC_FILES = (
    "Public files fill the columns that they have, and leave the others blank. For an extract, a draft of the "
    "[mapping](../extracts.md) is to be read and completed."
)
PUBLISHED_TABLES = (
    "The table is read as published, without a mapping; see [public tables](../public-tables.md) for where it comes "
    "from and what is known to be wrong with it."
)
RETURNS = (
    "The first command writes the force's workbook of a collection, in which this is one of the sheets; the second one "
    "reads it back when it is filled in, as `complete` for the force and the months of the collection. See "
    "[returns](../returns.md)."
)

INTRODUCTION = """
# Record types

What records openpeel takes: COUNT record types, each with a page that says what one row is, which kind of system
holds it, what to export, and which measures need which column. These pages are written by `tools/records_docs.py`
from the declarations in `src/openpeel/areas`. To find what to export, look [by area](#by-area) for what is inspected,
or [by kind of system](#by-kind-of-system) for what you have.

## How to read a page

- **Required**: a row without it is set aside. All other columns may be blank, and a column that your system does not
  have may be missing altogether. A blank is not known; it is never *no* and never zero.
- **Anchor date**: decides which month a row belongs to. Local time is that of Europe/London: a call of 30 June,
  23:30 UTC, is one of July.
- **Date and time**: in ISO form (`2024-03-04 14:05:00`), or as the mapping says. The mapping also says whether a time
  without an offset is local or UTC. Keep the seconds: a limit of so many minutes cannot be held against times whose
  seconds are gone.
- **Yes or no**: yes, y, true, t or 1; no, n, false, f or 0; a mapping can name other words.
- **Whole seconds**: 300, or with the mapping's unit `clock` 0:05:00.
- **Which measures need which column**: what cannot be worked out without a column, straight or by way of derived
  columns; and what a measure is broken down by, which it can do without.
- **Example**: a made-up value.
- **Set aside**: kept out of the records, with the reason and, but for numbers and names of persons, the row; see
  the [glossary](../glossary.md).

A force's rows carry their force beside these columns: it comes from the command or from a column of the file.

## Personal data

Each column is of one class. [Identifiers](../identifiers.md) has the whole of it.

| class | what becomes of the value |
|---|---|
| (none) | kept as it is |
| operational reference | a number of the force's own systems: kept as it is, shown to nobody without need |
| pseudonym | the number of a person or an employee: a keyed hash takes its place before anything is written |
| identity | a name, birth date or address: into the sealed store alone, for matching alone |
| special category | ethnicity, health and the like: kept as it is, for breakdowns; small numbers are never published |
| free text | what somebody wrote: kept only where the type says so, shown to those who judge it |

Operational references, pseudonyms, identities and free text are never counted by, printed in a table of figures, or
published.
"""
