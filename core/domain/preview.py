"""What somebody was shown before a change: a mark that tells whether it would be the same now."""

from __future__ import annotations

from hashlib import sha256

AGAIN = "Somebody changed something in the meantime: what is below is as it stands now. Look again"


def mark_of(*shown: object) -> str:
    """A mark of facts that say themselves the same way each time (frozen facts, days, texts)."""
    return sha256(repr(shown).encode()).hexdigest()[:32]
