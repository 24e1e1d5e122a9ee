"""A rule: anything a procedure declares, with the clauses it stands on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Rule:
    """``code`` comes from the shared vocabulary (docs/codes.md); ``clauses`` are clause ids."""

    code: str
    clauses: tuple[str, ...]
    title: str = ""
