"""The hooks that a plugin can implement, and the marker with which it does."""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from core.domain.procedure import Procedure

GROUP = "permanence"
hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


@hookspec
def register_procedures() -> Iterable[Procedure]:  # type: ignore[empty-body]
    """Hand over the procedures of this plugin, one for each edition; asked once, at start-up."""
