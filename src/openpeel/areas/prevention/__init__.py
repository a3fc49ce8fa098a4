"""The area *preventing crime*: declarations only."""
