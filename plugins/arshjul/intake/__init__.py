"""Landed file → checked → typed → loaded, the rest quarantined; the receipt."""
