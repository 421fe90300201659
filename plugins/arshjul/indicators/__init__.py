"""Indicators: compute the catalogue for a period, protect what may reveal a person, export and trace."""
