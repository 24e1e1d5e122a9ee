"""Annex A, the child-level lists for inspections: lists 8 (in care) and 10 (adoption) are read."""
