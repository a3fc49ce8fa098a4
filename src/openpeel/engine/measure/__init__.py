"""Measures: plan, cubes, cells, figures."""
