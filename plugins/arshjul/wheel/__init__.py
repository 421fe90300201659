"""The årshjul: which activities a year has, when they fall due, and how they went."""
