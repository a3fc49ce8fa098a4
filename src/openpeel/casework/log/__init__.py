"""The event log: written as a chain of hashes, verified, anchored elsewhere, and erased from where the law asks."""
