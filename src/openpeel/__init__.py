"""openpeel: the open PEEL inspection system."""

__version__ = "0.1.0"
