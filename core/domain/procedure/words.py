"""The words that an authority's users see for what every authority has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class Words:
    """Renamings by key ("case system", "panel"); what is not renamed keeps the core's word."""

    renamed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def get(self, key: str, usual: str) -> str:
        return self.renamed.get(key, usual)
