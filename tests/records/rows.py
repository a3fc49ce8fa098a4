"""Rows made from a type's examples: with other keys, other values, other months, and with one thing wrong each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product, zip_longest

from openpeel.engine.declare.records import Column, RecordType
from openpeel.engine.identity.keyfile import ForceKeys
from records import model, supply

Row = dict[str, str]

#: Values that cannot be read as a type, and some that can.
UNREADABLE = {
    "integer": ("twelve", "1.5", "1e3", "9223372036854775808"),
    "number": ("1.2.3", "12,34", "1000000000000"),
    "boolean": ("perhaps", "2"),
    "date": ("2024-02-30", "05/03/2024", "2024-3-5"),
    "instant": ("2024-03-31 01:30:00", "2024-02-30 10:00:00", "05/03/2024 10:00", "2024-03-05 25:00:00"),
    "duration": ("5 min", "0:05:00", "1.5"),
}
READABLE = {
    "integer": ("1", "2", "+3", "1,000", "7.0"),
    "number": ("0.5", "1", ".25", "1,000.125", "1e1", "0.1234565"),
    "boolean": ("yes", "NO", "true", "F", "1", "0.0"),
    "date": ("2024-03-05", "2024-03-06", "1999-12-31", "2030-01-01", "9999-12-31"),
    "instant": (
        "2024-03-04 14:05:00", "2024-03-04T14:05:07.123", "2024-03-05 10:00", "2024-03-05", "2024-03-31T00:30:00Z",
        "2024-06-30T23:30:00+00:00", "2024-06-30T20:00:00-0330", "2024-10-27 01:30:00", "2030-01-01 00:00:00",
    ),
    "duration": ("0", "59", "86400", "1,200"),
    "text": ("Other words", "other words", "Ärger & Söhne", "it's \"quoted\", so", "None of these"),
}  # fmt: skip
KEYS = ForceKeys(supply.FORCE, "2024-01-01T00:00:00+00:00", b"p" * 32, b"s" * 32)


def read(
    record_type: RecordType, row: Mapping[str, str], months: tuple[int, int] | None = None
) -> model.Read:
    """What a row says, by the model and a made-up key."""
    return model.read(record_type, row, KEYS, months)


def is_good(record_type: RecordType, row: Mapping[str, str]) -> bool:
    """Whether nothing is wrong with a row."""
    return not read(record_type, row).faults


def key_of(record_type: RecordType, row: Mapping[str, str]) -> tuple[object, ...]:
    """The key of a row as it is stored."""
    return tuple(read(record_type, row).values[k] for k in record_type.key)


def good_values(column: Column) -> tuple[str, ...]:
    """Some values of a column that can be read, its example first."""
    if column.allowed:
        return (column.example, *column.allowed, column.allowed[-1].upper())
    return tuple(dict.fromkeys([column.example, *READABLE[column.type]]))


def bad_values(column: Column) -> tuple[str, ...]:
    """Some values of a column that cannot be read."""
    return ("something else",) if column.allowed else UNREADABLE.get(column.type, ())


def keyed(record_type: RecordType, row: Row, count: int) -> list[Row]:
    """So many good rows like one, each with a key of its own; a type without key gives equal rows."""
    return with_keys(record_type, [row] * count)


def with_keys(record_type: RecordType, wanted: Sequence[Row], keep: Sequence[str] = ()) -> list[Row]:
    """Some good rows, each with a key of its own.

    Args:
        record_type: their type.
        wanted: the rows; in a type without key they stay as they are.
        keep: for each row a column that stays as it is; where its key is taken then, the row is left out.
    """
    if not record_type.key:
        return [dict(row) for row in wanted]
    taken: set[tuple[object, ...]] = set()
    tries: dict[str, int] = {}
    made = [_with_key(record_type, r, k, taken, tries) for r, k in zip_longest(wanted, keep, fillvalue="")]
    return [row for row in made if row is not None]


def _with_key(
    record_type: RecordType, row: Row, keep: str, taken: set[tuple[object, ...]], tries: dict[str, int]
) -> Row | None:
    """The row with a key that is not taken; ``tries`` says how far values of each column were tried before."""
    for column in sorted(map(record_type.column, record_type.key), key=_how_free):
        for value in [] if column.name == keep else _key_values(column, row[column.name], tries):
            other = row | {column.name: value}
            if is_good(record_type, other) and key_of(record_type, other) not in taken:
                taken.add(key_of(record_type, other))
                return other
    if keep in record_type.key and key_of(record_type, row) not in taken:
        taken.add(key_of(record_type, row))
        return row
    assert keep in record_type.key, f"{record_type.id}: no other key was found"
    return None


def _how_free(column: Column) -> tuple[bool, bool, bool]:
    return bool(column.allowed), column.type in ("date", "instant"), column.type != "text"


def _key_values(column: Column, example: str, tries: dict[str, int]) -> Iterator[str]:
    """Values for a column of a key that were not tried before."""
    if column.allowed:
        yield from column.allowed
        return
    start = tries.get(column.name, 0)
    for n in range(start, start + 60):
        tries[column.name] = n + 1
        if column.type in ("date", "instant"):
            # Back in time keeps the order of most periods; some periods only grow.
            yield moved_text(example, n // 2 * (1 if n % 2 else -1))
        else:
            yield f"{example}-{n}" if column.type == "text" else str(n + 1)


def moved_text(text: str, days: int) -> str:
    """A date or time some days later."""
    day = date.fromisoformat(text[:10]) + timedelta(days)
    return day.isoformat() + text[10:]


def in_another_month(record_type: RecordType, row: Row) -> Row:
    """The same row with its anchor in another month, and the other dates moved with it where rules ask for it."""
    month = read(record_type, row).values["month"]
    dated = [c.name for c in record_type.columns if c.type in ("date", "instant") and row[c.name]]
    dated = [n for n in dated if n not in record_type.key or n == record_type.anchor]
    for days in (-40, 40, -75, 75, -400, 400):
        for names in ([record_type.anchor], dated):
            other = row | {name: moved_text(row[name], days) for name in names}
            told = read(record_type, other)
            if not told.faults and told.values["month"] != month:
                return other
    raise AssertionError(f"{record_type.id}: no row of another month was found")


def changed(record_type: RecordType, row: Row) -> Row:
    """The same row with another value in one column that is neither key nor anchor."""
    before = read(record_type, row).values
    for column in record_type.columns:
        if column.name in (*record_type.key, record_type.anchor) or column.personal == "identity":
            continue
        for value in good_values(column):
            other = row | {column.name: value}
            told = read(record_type, other)
            if not told.faults and told.values != before:
                return other
    raise AssertionError(f"{record_type.id}: no other row was found")


@dataclass(frozen=True)
class Bad:
    """A row with one thing wrong, and the reason for which it must be set aside."""

    row: Row
    reason: str


def bad_rows(record_type: RecordType) -> list[Bad]:
    """A row for each thing that can be wrong with a row of a type by itself."""
    example = supply.example(record_type)
    out = [Bad(dict.fromkeys(example, ""), "the row is empty")]
    for column in record_type.columns:
        out += [
            Bad(example | {column.name: v}, reason) for v, reason in _bad_values(record_type, column).items()
        ]
    for rule in record_type.rules:
        out.append(Bad(breaking(record_type, rule.condition, rule.message), rule.message))
    return out


def _bad_values(record_type: RecordType, column: Column) -> dict[str, str]:
    """Values of a column, and the reason for which each sets its row aside."""
    name = column.name
    out = dict.fromkeys(bad_values(column), f"{name} cannot be read")
    if column.required:
        out |= dict.fromkeys(("", " \u00a0", "n/a"), f"{name} is blank")
    elif name in record_type.key:
        out[""] = "the key is blank"
    if column.low is not None:
        out[f"{column.low - 1:.0f}"] = f"{name} is too small"
    if column.high is not None:
        out[f"{column.high + 1:.0f}"] = f"{name} is too large"
    if column.type == "text" and not column.allowed:
        out["a bell\x07 rings"] = "holds a control character"
    return out


def breaking(record_type: RecordType, condition: str, message: str) -> Row:
    """A row that breaks one rule and nothing else, found by trying.

    Raises:
        AssertionError: there is none among those tried.
    """
    example = supply.example(record_type)
    names = {n if n in example else n.removesuffix("_date") for n in model.columns_of_rule(condition)}
    columns = [c for c in record_type.columns if c.name in names]
    others = [c.name for c in record_type.columns if not c.required and c.name not in names]
    # Other rules may hold some of these columns as well: then what they are held against is left out.
    for row in (example, example | dict.fromkeys(others, "")):
        for values in product(*(_tries(c, columns, example) for c in columns)):
            other = row | dict(zip((c.name for c in columns), values, strict=True))
            if read(record_type, other).faults == [message]:
                return other
    raise AssertionError(f"{record_type.id}: nothing breaks `{condition}` alone")


def _tries(column: Column, together: list[Column], example: Row) -> list[str]:
    """Values of a column with which a rule over some columns might be broken."""
    told = example[column.name]
    if column.type in ("date", "instant"):
        found = [told, *(moved_text(told, days) for days in (-1, 1, -400, 400))]
    elif column.type in ("integer", "number", "duration"):
        found = [told, "0", "1", str(int(float(told)) + 1), "100000"]
    else:
        found = list(good_values(column))
    found += [example[c.name] for c in together if c.type == column.type]
    return list(dict.fromkeys([*found, *([] if column.required else [""])]))
