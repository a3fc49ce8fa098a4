"""What every area shares: the registers of forces, and residents."""
