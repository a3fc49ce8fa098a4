"""Intake: bring records in, set aside what cannot be read, account for every row."""
