"""What is inspected: one folder an area, declarations only."""
