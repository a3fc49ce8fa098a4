"""Published counts: tables of the Home Office and the ONS, one row a count, kept apart from records."""

from openpeel.sources.home_office.reader import KINDS, read_parts

__all__ = ["KINDS", "read_parts"]
