"""The area *responding to the public*: declarations only."""
