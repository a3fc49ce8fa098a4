"""Queries: doubts put to a force, answered, and accepted or reopened."""
