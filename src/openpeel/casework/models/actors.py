"""Who acts."""

from __future__ import annotations

from django.db import models


class Actor(models.Model):
    """A person, or a team, known by a handle; exists before there are accounts.

    Attributes:
        handle: short name, in every event; never changed.
        name: name in words; blank where it was erased.
        role: see `openpeel.casework.actors.ROLES`.
        force: whose actor it is; blank for the inspectorate's.
        event: number of the event that added it.
    """

    handle: models.CharField[str, str] = models.CharField(primary_key=True, max_length=40)
    name: models.CharField[str, str] = models.CharField(max_length=200, blank=True)
    role: models.CharField[str, str] = models.CharField(max_length=20)
    force: models.CharField[str, str] = models.CharField(max_length=60, blank=True)
    event: models.BigIntegerField[int, int] = models.BigIntegerField(unique=True)
    objects: models.Manager[Actor]

    class Meta:
        """Listed by handle."""

        ordering = ("handle",)
