"""The event log. Rows are added and never changed; the database refuses it, and the chain shows it."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """Something that somebody did. Free words of people stand in its payload, since they may have to be erased.

    Attributes:
        seq: 1, 2, 3 ... without a gap.
        version: which canonical form its hash has.
        at: moment in UTC, as text, so that what is hashed is what is kept.
        actor: handle of who did it.
        kind: what was done, such as ``query.answered``.
        subject_kind, subject_id: to what, such as ``query`` and ``Q-0042``.
        payload_hash: of its payload.
        previous_hash: hash of the event before it; unique, so that a fork cannot be stored.
        hash: of all the fields above.
    """

    seq: models.BigIntegerField[int, int] = models.BigIntegerField(primary_key=True)
    version: models.IntegerField[int, int] = models.IntegerField()
    at: models.CharField[str, str] = models.CharField(max_length=40)
    actor: models.CharField[str, str] = models.CharField(max_length=40)
    kind: models.CharField[str, str] = models.CharField(max_length=40, db_index=True)
    subject_kind: models.CharField[str, str] = models.CharField(max_length=20)
    subject_id: models.CharField[str, str] = models.CharField(max_length=130)
    payload_hash: models.CharField[str, str] = models.CharField(max_length=64)
    previous_hash: models.CharField[str, str] = models.CharField(max_length=64, unique=True)
    hash: models.CharField[str, str] = models.CharField(max_length=64, unique=True)
    objects: models.Manager[Event]

    class Meta:
        """In the order they happened; found by what they are about."""

        ordering = ("seq",)
        indexes = (models.Index(fields=["subject_kind", "subject_id"], name="event_subject"),)


class EventPayload(models.Model):
    """What an event says beyond its fields; its row leaves when it is erased, its hash stays in the event.

    Attributes:
        seq: number of its event.
        salt: random, hashed with the content, so that the hash gives no guess of an erased content away.
        content: canonical JSON.
    """

    seq: models.BigIntegerField[int, int] = models.BigIntegerField(primary_key=True)
    salt: models.CharField[str, str] = models.CharField(max_length=32)
    content: models.TextField[str, str] = models.TextField()
    objects: models.Manager[EventPayload]


class Anchor(models.Model):
    """A head of the log that was written down elsewhere.

    Attributes:
        seq, hash: the last event there was.
        at: moment in UTC, as text.
        file: name of the anchor's file in the workspace.
    """

    seq: models.BigIntegerField[int, int] = models.BigIntegerField(primary_key=True)
    hash: models.CharField[str, str] = models.CharField(max_length=64)
    at: models.CharField[str, str] = models.CharField(max_length=40)
    file: models.CharField[str, str] = models.CharField(max_length=200)
    objects: models.Manager[Anchor]
