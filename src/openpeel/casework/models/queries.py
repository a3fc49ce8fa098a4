"""Queries and their answers."""

from __future__ import annotations

import json

from django.db import models

from openpeel.casework.models.returns import Return


class Query(models.Model):
    """A doubt put to a force, and where it stands.

    Attributes:
        number: 42 of ``Q-0042``.
        key: of the doubt; a doubt is one query, however often it is found.
        check_id, force, type, first_month, last_month, severity, subject, count, text: see
            `openpeel.engine.check.doubt.Doubt`.
        rows_json: its rows, as JSON.
        rows_hash: of rows and count, by which a change is told.
        owner: handle of who deals with it; blank: nobody in particular at the force.
        state: see `openpeel.casework.queries.states`.
        of: the return it belongs to, if there is one.
        raised_at, found_at: when it was raised, and when a check last found it; UTC, as text.
        gone_at: the check that no longer found it; blank while it is found.
        settled_rows_hash: the rows that it is settled for, while it is; ``none`` if it was settled as mended and
            the doubt went: whatever rows are found then were not settled.
        rows_event: number of the event that last told its rows and text.
    """

    number: models.IntegerField[int, int] = models.IntegerField(primary_key=True)
    key: models.CharField[str, str] = models.CharField(max_length=64, unique=True)
    check_id: models.CharField[str, str] = models.CharField(max_length=120)
    force: models.CharField[str, str] = models.CharField(max_length=60, db_index=True)
    type: models.CharField[str, str] = models.CharField(max_length=120)
    first_month: models.IntegerField[int | None, int | None] = models.IntegerField(null=True)
    last_month: models.IntegerField[int | None, int | None] = models.IntegerField(null=True)
    severity: models.CharField[str, str] = models.CharField(max_length=20)
    subject: models.TextField[str, str] = models.TextField(blank=True)
    count: models.BigIntegerField[int, int] = models.BigIntegerField()
    rows_json: models.TextField[str, str] = models.TextField()
    rows_hash: models.CharField[str, str] = models.CharField(max_length=64)
    text: models.TextField[str, str] = models.TextField()
    owner: models.CharField[str, str] = models.CharField(max_length=40, blank=True)
    state: models.CharField[str, str] = models.CharField(max_length=20, db_index=True)
    of: models.ForeignKey[Return | None, Return | None] = models.ForeignKey(
        Return, on_delete=models.PROTECT, related_name="queries", null=True
    )
    raised_at: models.CharField[str, str] = models.CharField(max_length=40)
    found_at: models.CharField[str, str] = models.CharField(max_length=40)
    gone_at: models.CharField[str, str] = models.CharField(max_length=40, blank=True)
    settled_rows_hash: models.CharField[str, str] = models.CharField(max_length=64, blank=True)
    rows_event: models.BigIntegerField[int, int] = models.BigIntegerField()
    objects: models.Manager[Query]
    of_id: int | None

    class Meta:
        """By number."""

        ordering = ("number",)

    @property
    def id_(self) -> str:
        """The id that people say, such as ``Q-0042``."""
        return f"Q-{self.number:04d}"

    @property
    def rows(self) -> list[str]:
        """The records concerned."""
        return [str(row) for row in json.loads(self.rows_json)]


class QueryAnswer(models.Model):
    """What a force says to a query.

    Attributes:
        query: the query.
        kind: explained, corrected or withdrawn.
        text: the words; blank where they were erased.
        intake: the correction's intake, if one was named.
        by, at: who answered, and when (UTC, as text).
        rows_hash: the query's rows as they were when it was answered.
        event: number of its event.
    """

    query: models.ForeignKey[Query, Query] = models.ForeignKey(
        Query, on_delete=models.PROTECT, related_name="answers"
    )
    kind: models.CharField[str, str] = models.CharField(max_length=20)
    text: models.TextField[str, str] = models.TextField(blank=True)
    intake: models.CharField[str, str] = models.CharField(max_length=80, blank=True)
    by: models.CharField[str, str] = models.CharField(max_length=40)
    at: models.CharField[str, str] = models.CharField(max_length=40)
    rows_hash: models.CharField[str, str] = models.CharField(max_length=64)
    event: models.BigIntegerField[int, int] = models.BigIntegerField(unique=True)
    objects: models.Manager[QueryAnswer]
    query_id: int

    class Meta:
        """In the order they were given."""

        ordering = ("query", "event")
