"""The published table of 999 call answering times, by force and month."""
