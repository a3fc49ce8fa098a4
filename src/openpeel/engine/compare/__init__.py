"""Comparison: peers and funnels."""
