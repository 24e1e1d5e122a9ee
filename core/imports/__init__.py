"""Readers of other systems' files: a file in, facts and problems out."""
