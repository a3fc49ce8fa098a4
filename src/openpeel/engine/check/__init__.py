"""What is doubtful about the records that are here, found by rules that are declared."""
