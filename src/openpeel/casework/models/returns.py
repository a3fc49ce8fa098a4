"""Returns, what was received of them, and their sign-off."""

from __future__ import annotations

from datetime import date

from django.db import models


class Return(models.Model):
    """One force's return of one collection. Its state is worked out, never stored.

    Attributes:
        collection: id of the collection, such as ``2024-autumn``.
        force: whose.
        first_month, last_month: the period, months as ``engine.clock`` numbers them.
        due: last day on which it is not late.
    """

    collection: models.CharField[str, str] = models.CharField(max_length=60)
    force: models.CharField[str, str] = models.CharField(max_length=60)
    first_month: models.IntegerField[int, int] = models.IntegerField()
    last_month: models.IntegerField[int, int] = models.IntegerField()
    due: models.DateField[date, date] = models.DateField()
    objects: models.Manager[Return]
    id: int

    class Meta:
        """One for each collection and force."""

        ordering = ("collection", "force")
        constraints = (models.UniqueConstraint(fields=["collection", "force"], name="one_return"),)


class Receipt(models.Model):
    """One time that a return, or a correction of it, came in.

    Attributes:
        of: the return.
        number: 1 for the first receipt of the return.
        received: the day it came in.
        by: handle of who brought it in.
        file: its name.
        file_hash: SHA-256 of the file.
        intakes: ids of the intakes it became.
        event: number of its event.
    """

    of: models.ForeignKey[Return, Return] = models.ForeignKey(
        Return, on_delete=models.PROTECT, related_name="receipts"
    )
    number: models.IntegerField[int, int] = models.IntegerField()
    received: models.DateField[date, date] = models.DateField()
    by: models.CharField[str, str] = models.CharField(max_length=40)
    file: models.TextField[str, str] = models.TextField(blank=True)
    file_hash: models.CharField[str, str] = models.CharField(max_length=64)
    intakes: models.JSONField[list[str], list[str]] = models.JSONField()
    event: models.BigIntegerField[int, int] = models.BigIntegerField(unique=True)
    objects: models.Manager[Receipt]
    of_id: int

    class Meta:
        """Numbered within its return."""

        ordering = ("of", "number")
        constraints = (models.UniqueConstraint(fields=["of", "number"], name="receipt_number"),)


class SignOff(models.Model):
    """An analyst's word that what was received of a return can be used.

    Attributes:
        of: the return.
        by: handle of the analyst.
        at: moment in UTC, as text.
        receipts: how many receipts it covers: 1 to this number.
        intakes: ids of the intakes it covers.
        event: number of its event.
        undone_by, undone_at, undone_reason: who took it back, when and why; blank while it stands.
        undone_event: number of that event.
    """

    of: models.ForeignKey[Return, Return] = models.ForeignKey(
        Return, on_delete=models.PROTECT, related_name="sign_offs"
    )
    by: models.CharField[str, str] = models.CharField(max_length=40)
    at: models.CharField[str, str] = models.CharField(max_length=40)
    receipts: models.IntegerField[int, int] = models.IntegerField()
    intakes: models.JSONField[list[str], list[str]] = models.JSONField()
    event: models.BigIntegerField[int, int] = models.BigIntegerField(unique=True)
    undone_by: models.CharField[str, str] = models.CharField(max_length=40, blank=True)
    undone_at: models.CharField[str, str] = models.CharField(max_length=40, blank=True)
    undone_reason: models.TextField[str, str] = models.TextField(blank=True)
    #: What the analyst should know, said once when it is given: not kept.
    note = ""
    undone_event: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(
        unique=True, null=True
    )
    objects: models.Manager[SignOff]
    of_id: int

    class Meta:
        """In the order they were given."""

        ordering = ("of", "event")
