"""The three classes of identifier: what becomes of numbers and names, and how records leave for good."""
