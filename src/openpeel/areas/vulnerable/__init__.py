"""The area *protecting vulnerable people*: declarations only."""
