"""The area *managing offenders and suspects*: declarations only."""
