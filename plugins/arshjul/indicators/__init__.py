"""Indicators: compute the catalogue for a period, protect what may reveal a person, compare, export and trace."""
