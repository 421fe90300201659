"""Comparison: what a figure may be set beside, how certain it is, and what a change of it is made of."""
