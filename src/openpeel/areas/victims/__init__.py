"""The area *what victims are owed*: declarations only."""
