"""Returns: which are expected, what was received, where each stands, and sign-off."""
