"""To whom the record of a meeting goes: who gets a copy, and for which children."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.domain.procedure.escalation import Whom
from core.domain.procedure.on_day import ChildOnDay, Reason
from core.domain.procedure.rule import Rule


@dataclass(frozen=True, kw_only=True)
class Copy(Rule):
    """Somebody who is sent the record of a meeting about one child.

    ``asks`` says of a child on the meeting's day whether they are, and why; without it they always
    are. ``whom`` is who that is by what they are to the child, ``roles`` those of whom one gets it
    where the child has nobody of their own.
    """

    asks: Callable[[ChildOnDay], Reason] | None = None
    whom: tuple[Whom, ...] = ()
    roles: tuple[str, ...] = ()
