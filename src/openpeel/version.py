"""The version of openpeel."""

__version__ = "0.1.0"
