"""The declaration types: what an area may say about its records, derivations and measures."""
