"""Returns: the workbooks that forces fill in for a collection, written and read back."""
