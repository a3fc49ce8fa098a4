"""One act of work: everything it changes and the events that tell of it, in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error, connection, transaction

from openpeel.casework.setup import database_error, opened_root

#: Number of the PostgreSQL lock that one writer at a time holds; a lock is the database's own.
_WRITING = 7_315_002


@contextmanager
def act() -> Iterator[None]:
    """A transaction in which nobody else writes, so that what it reads holds until it is done.

    SQLite gives that by itself (immediate transactions). On PostgreSQL it is a lock, taken before anything is
    read: state and end of the log are then seen as the last writer left them, and the chain cannot fork.

    Raises:
        UserError: the database fails; nothing of the act is kept.
    """
    opened_root()
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITING])
            yield
    except Error as error:
        raise database_error(error) from None


@contextmanager
def look() -> Iterator[None]:
    """Reading, with a database's failure as one line.

    Raises:
        UserError: the database fails.
    """
    opened_root()
    try:
        yield
    except Error as error:
        raise database_error(error) from None
