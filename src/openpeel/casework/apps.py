"""The Django application."""

from __future__ import annotations

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """People's work on returns and queries."""

    name = "openpeel.casework"
    label = "casework"
