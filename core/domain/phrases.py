"""Words as they stand inside a sentence."""

from __future__ import annotations


def inside(words: str) -> str:
    """Words with a small first letter, unless they begin with an abbreviation such as CLA."""
    return words if words[1:2].isupper() else f"{words[:1].lower()}{words[1:]}"
