"""The area *investigating crime*: declarations only."""
