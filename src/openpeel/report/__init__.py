"""What is published: the content of a report, its numbers, charts and pages."""
