"""The area *leadership and force management*: declarations only."""
