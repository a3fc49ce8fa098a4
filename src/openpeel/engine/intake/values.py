"""From one value as written to one value as stored, in SQL: blanks, words, numbers, dates and times.

A value that cannot be read gives NULL here although something stands there; whoever uses these
expressions notices the difference and sets the row aside.
"""

from __future__ import annotations

from dataclasses import dataclass

from openpeel.engine import clock
from openpeel.engine.declare.records import STORED, Column, date_of
from openpeel.engine.intake.looks import UNKNOWN, Look
from openpeel.engine.intake.mapping import FALSE_WORDS, HEADING, SERIAL, TRUE_WORDS, Mapping, Rule
from openpeel.engine.sql import quote, text, texts

_DAY = r"^[1-9]\d{3}-\d{2}-\d{2}$"
_STAMP = _DAY[:-1] + r"[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?"
_OFFSET = r"(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)$"
_NUMBER = r"^[+-]?((\d+|\d{1,3}(,\d{3})+)(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"
_WHOLE = r"^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.0+)?$"
_CLOCK = r"^\d{1,5}:[0-5]\d:[0-5]\d$"
_SERIAL = r"^\d{1,6}(\.\d+)?$"
_SPACE = "' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(65279)"
#: Longest text of figures that is read the same way at once as in two steps.
_SHORT = 11
CONTROL = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]"


def clean(value: str, mapping: Mapping, look: Look = UNKNOWN) -> str:
    """A text without white space round it; NULL where it is a word for unknown.

    Args:
        value: SQL of the text.
        mapping: says which words mean unknown.
        look: what the texts look like; steps that would change none of them are left out.
    """
    words = mapping.blank_words()
    trimmed = value if look.neat else f"trim({value}, {_SPACE})"
    whole = f"CASE WHEN upper({trimmed}) IN ({texts(words)}) THEN NULL ELSE {trimmed} END"
    longest = max(len(w.encode()) for w in words)
    if not look.neat:
        return whole
    if look.shortest <= longest:
        return f"CASE WHEN strlen({value}) > {longest} THEN {value} ELSE {whole} END"
    return f"nullif({value}, '')" if look.empty else value


def written(column: Column, mapping: Mapping, look: Look = UNKNOWN) -> str:
    """The text that stands for a column in a row, cleaned, before it is translated and read."""
    rule = mapping.rule(column.name)
    if rule.constant is not None:
        value = text(rule.constant)
    elif rule.join:
        known = ", ".join(clean(quote(HEADING + h), mapping) for h in rule.join)
        value = f"nullif(concat_ws({text(rule.glue)}, {known}), '')"
    else:
        value = clean(quote(column.name), mapping, look)
    return f"coalesce({value}, {text(rule.blank)})" if rule.blank else value


def translated(value: str, rule: Rule) -> str:
    """The cleaned text of a column by the mapping's own words."""
    if rule.contains:
        words = "|".join(_literally(w) for w in rule.contains)
        held = f"regexp_matches({value}, {text(f'(?i)(^|[^0-9A-Za-z])({words})([^0-9A-Za-z]|$)')})"
        return f"CASE WHEN {held} THEN 'yes' WHEN {value} IS NOT NULL THEN 'no' END"
    if rule.values:
        plain = f"lower(regexp_replace({value}, '\\s+', ' ', 'g'))"
        cases = " ".join(
            f"WHEN {text(' '.join(k.lower().split()))} THEN {text(v) if v else 'NULL'}"
            for k, v in rule.values.items()
        )
        rest = f" ELSE {value}" if rule.other == "keep" else ""
        return f"CASE {plain} {cases}{rest} END"
    return value


def _literally(word: str) -> str:
    """A word for a regular expression of RE2."""
    return "".join(c if c.isalnum() else f"\\{c}" if c.isascii() else c for c in word)


@dataclass(frozen=True)
class Typed:
    """SQL of what is stored of one column, in three steps, so that nothing is worked out twice.

    Each step may use the names of the one before it: ``read`` the text, ``settled`` what was read,
    ``dated`` the instants.
    """

    read: list[tuple[str, str]]
    settled: list[tuple[str, str]]
    dated: list[tuple[str, str]]


def typed(column: Column, mapping: Mapping, value: str, look: Look = UNKNOWN) -> Typed:
    """What is stored of one column, from its translated text.

    An instant gives two columns: the moment in UTC and the local date.
    """
    rule = mapping.rule(column.name)
    if column.type == "instant":
        return _instant(column.name, mapping, rule, value, look)
    sql = _date(rule, value) if column.type == "date" else _plain(column, rule, value, look)
    return _same(column.name, sql)


def _same(name: str, sql: str) -> Typed:
    return Typed([(name, sql)], [(name, quote(name))], [(name, quote(name))])


def _plain(column: Column, rule: Rule, value: str, look: Look) -> str:
    if column.type == "text" and column.allowed:
        cases = " ".join(f"WHEN {text(a.lower())} THEN {text(a)}" for a in column.allowed)
        return f"CASE lower({value}) {cases} END"
    if column.type == "text":
        return value
    if column.type == "boolean":
        yes, no = (f"WHEN lower({value}) IN ({texts(words)})" for words in (TRUE_WORDS, FALSE_WORDS))
        return f"CASE {yes} THEN true {no} THEN false END"
    if column.type == "duration" and rule.unit == "clock":
        return _clock(value)
    # A text with a point is no whole number as it stands; it takes the long way, as does a long one.
    plain = look.figures and look.longest <= _SHORT and not rule.values
    if plain and (column.type == "number" or not look.points):
        return f"try_cast({value} AS {STORED[column.type]})"
    pattern, stored = (_NUMBER, "DECIMAL(18,6)") if column.type == "number" else (_WHOLE, "BIGINT")
    digits = f"replace({value}, ',', '')"
    number = f"try_cast(try_cast({digits} AS DECIMAL(38,10)) AS {stored})"
    return f"CASE WHEN regexp_matches({value}, '{pattern}') THEN {number} END"


def _clock(value: str) -> str:
    """H:MM:SS as seconds; hours may go beyond a day. H:MM is not exact to the second, and not read."""
    parts = [f"try_cast(split_part({value}, ':', {n}) AS BIGINT)" for n in (1, 2, 3)]
    seconds = f"{parts[0]} * 3600 + {parts[1]} * 60 + {parts[2]}"
    return f"CASE WHEN regexp_matches({value}, '{_CLOCK}') THEN {seconds} END"


def _date(rule: Rule, value: str) -> str:
    if rule.formats:
        return _first([f"CAST({_by_format(f, value)} AS DATE)" for f in rule.formats], "DATE")
    return f"CASE WHEN regexp_matches({value}, '{_DAY}') THEN try_cast({value} AS DATE) END"


def _first(read: list[str], stored: str) -> str:
    """The first reading that gives something; a year of two figures taken for one of the first century is none."""
    first = f"coalesce({', '.join(read)})" if len(read) > 1 else read[0]
    return f"CASE WHEN {first} >= {stored} '1000-01-01' THEN {first} END"


def _by_format(format_: str, value: str) -> str:
    """A text by one format as a timestamp; NULL where it is not written so."""
    if format_ == SERIAL:
        days = f"try_cast({value} AS DOUBLE)"
        micros = f"CAST(round(({days} - 25569) * 86400000) AS BIGINT) * 1000"
        # Before March 1900 spreadsheets count a day that never was.
        return f"CASE WHEN regexp_matches({value}, '{_SERIAL}') AND {days} >= 61 THEN make_timestamp({micros}) END"
    return f"try_strptime({value}, {text(format_)})"


def _instant(name: str, mapping: Mapping, rule: Rule, value: str, look: Look) -> Typed:
    moment, local, only = (quote(f"_{part}_{name}") for part in ("moment", "local", "day"))
    read = _formatted(rule, value) if rule.formats else _iso(mapping, value, look)
    settled = f"coalesce({moment}, {local if mapping.zone == 'UTC' else clock.utc_of_local_sql(local)})"
    day = f"coalesce({clock.local_date_of_utc_sql(quote(name))}, {only})"
    if rule.plus_seconds:
        added = clean(quote(HEADING + rule.plus_seconds), mapping)
        number = f"try_cast(try_cast({added} AS DECIMAL(18,1)) AS BIGINT)"
        whole = f"CASE WHEN regexp_matches({added}, '{_WHOLE}') THEN {number} END"
        settled, day = f"({settled} + to_seconds({whole}))", clock.local_date_of_utc_sql(quote(name))
    return Typed(
        list(zip((f"_moment_{name}", f"_local_{name}", f"_day_{name}"), read, strict=True)),
        [(name, settled), (f"_day_{name}", only)],
        [(name, quote(name)), (date_of(name), day)],
    )


def _formatted(rule: Rule, value: str) -> tuple[str, str, str]:
    """Moment, local time and day of a text by the mapping's formats; those without hours give a day."""
    timed = [f for f in rule.formats if f == SERIAL or any(p in f for p in ("%H", "%I", "%X", "%c", "%-H"))]
    days = [f"CAST({_by_format(f, value)} AS DATE)" for f in rule.formats if f not in timed]
    local = _first([_by_format(f, value) for f in timed], "TIMESTAMP") if timed else "CAST(NULL AS TIMESTAMP)"
    return "CAST(NULL AS TIMESTAMP)", local, _first(days, "DATE") if days else "CAST(NULL AS DATE)"


def _iso(mapping: Mapping, value: str, look: Look) -> tuple[str, str, str]:
    """Moment, local time and day of an ISO text."""
    stamp = f"try_cast({value} AS TIMESTAMP)"
    if look.stamps and mapping.zone != "offset":
        local = f"CASE WHEN {value} BETWEEN '1' AND ':' THEN {stamp} END"
        return "CAST(NULL AS TIMESTAMP)", local, "CAST(NULL AS DATE)"
    zoned = f"timezone('UTC', try_cast({value} AS TIMESTAMPTZ))"
    moment = f"CASE WHEN regexp_matches({value}, '{_STAMP}{_OFFSET}') THEN {zoned} END"
    local = "CAST(NULL AS TIMESTAMP)"
    if mapping.zone != "offset":
        local = f"CASE WHEN regexp_matches({value}, '{_STAMP}$') THEN {stamp} END"
    day = f"CASE WHEN length({value}) = 10 AND regexp_matches({value}, '{_DAY}') THEN try_cast({value} AS DATE) END"
    return moment, local, day


def of_arrow(column: Column, mapping: Mapping, kind: str, value: str) -> Typed | None:
    """As ``typed``, for a value that the file itself holds typed; ``None`` if it must be read as a text.

    Args:
        column: the column.
        mapping: its mapping.
        kind: ``boolean``, ``integer``, ``date``, ``local`` (a timestamp without a zone) or ``moment``
            (a timestamp with one).
        value: the SQL of the value.
    """
    if mapping.rule(column.name) != Rule():
        return None
    if column.type == "instant" and kind in ("local", "moment"):
        return _arrow_instant(column.name, mapping, kind, value)
    fits = {("boolean", "boolean"), ("integer", "integer"), ("duration", "integer"), ("date", "date")}
    if (column.type, kind) in fits:
        return _same(column.name, f"CAST({value} AS {STORED[column.type]})")
    return None


def _arrow_instant(name: str, mapping: Mapping, kind: str, value: str) -> Typed:
    if kind == "moment":
        utc = f"timezone('UTC', {value})"
    elif mapping.zone == "offset":
        utc = "CAST(NULL AS TIMESTAMP)"  # nobody said what it means
    else:
        utc = f"CAST({value} AS TIMESTAMP)"
    settled = (
        clock.utc_of_local_sql(quote(name)) if kind == "local" and mapping.zone == "local" else quote(name)
    )
    return Typed(
        [(name, utc), (f"_given_{name}", value)],
        [(name, settled)],
        [(name, quote(name)), (date_of(name), clock.local_date_of_utc_sql(quote(name)))],
    )
