"""How figures are worked out. Nothing in here knows a policing word."""
