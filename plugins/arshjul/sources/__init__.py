"""How a delivery gets here: found, never interpreted."""
