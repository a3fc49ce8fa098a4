"""Police powers and treating the public fairly and respectfully."""
