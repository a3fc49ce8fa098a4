"""The area *the workforce*: declarations only."""
