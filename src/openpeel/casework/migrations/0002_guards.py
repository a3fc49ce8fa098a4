"""Guards of the database itself: events are added at the end, and neither changed nor deleted.

They keep honest programs from slips. Whoever owns the database can take them away, so that
``openpeel log check`` does not rely on them.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_NO_CHANGE = ("casework_event", "casework_anchor")
_PAYLOAD = "casework_eventpayload"
_ERASURE = (
    "EXISTS (SELECT 1 FROM casework_event WHERE kind = 'payload.erased' "
    "AND subject_kind = 'event' AND subject_id = CAST(OLD.seq AS varchar(20)))"
)


def _sqlite() -> list[str]:
    at_end = "NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM casework_event)"
    return [
        *(_sqlite_guard(table, "UPDATE", "1", "rows are never changed") for table in (*_NO_CHANGE, _PAYLOAD)),
        *(_sqlite_guard(table, "DELETE", "1", "rows are never deleted") for table in _NO_CHANGE),
        _sqlite_guard(_PAYLOAD, "DELETE", f"NOT {_ERASURE}", "a payload leaves by an erasure alone"),
        _sqlite_guard("casework_event", "INSERT", at_end, "events are added at the end"),
    ]


def _sqlite_guard(table: str, act: str, when: str, what: str) -> str:
    return (
        f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: {what}'); END"
    )


def _postgresql() -> list[str]:
    return [
        "CREATE FUNCTION casework_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '%: rows are never changed', TG_TABLE_NAME; END $$",
        "CREATE FUNCTION casework_erasure_alone() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF NOT {_ERASURE} THEN RAISE EXCEPTION '%: a payload leaves by an erasure alone', TG_TABLE_NAME; "
        "END IF; RETURN OLD; END $$",
        *(_postgresql_guard(table, "UPDATE OR DELETE", "ROW", "casework_refuse") for table in _NO_CHANGE),
        *(
            _postgresql_guard(table, "TRUNCATE", "STATEMENT", "casework_refuse")
            for table in (*_NO_CHANGE, _PAYLOAD)
        ),
        _postgresql_guard(_PAYLOAD, "UPDATE", "ROW", "casework_refuse"),
        _postgresql_guard(_PAYLOAD, "DELETE", "ROW", "casework_erasure_alone"),
    ]


def _postgresql_guard(table: str, act: str, each: str, function: str) -> str:
    name = f"{table}_{act.lower().replace(' ', '_')}"
    return f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"


def _put_up(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _postgresql() if editor.connection.vendor == "postgresql" else _sqlite():
        editor.execute(statement, None)


class Migration(migrations.Migration):
    """Triggers, in the words of each database."""

    dependencies = (("casework", "0001_initial"),)
    operations = (migrations.RunPython(_put_up),)
