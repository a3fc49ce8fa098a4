"""The steps by which a casework database is made and brought up to date."""
