"""What somebody's calendar is to hold of a meeting, and what it takes to bring it there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from core.domain.dates import day
from core.domain.procedure.bodies import Body

#: How long a meeting lasts where its procedure lays no minutes down: set here.
USUAL_MINUTES = 120
#: How far ahead people are asked to meetings; of made-up data no further than it is looked at.
AHEAD, AHEAD_IN_DEMO = timedelta(days=366), timedelta(days=90)


class Method(StrEnum):
    """What an invitation asks of a calendar (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Told:
    """What one person's calendar holds of a meeting; no child's name is in it.

    ``on`` and ``starts`` are London's; ``name`` and ``address`` are the person's.
    """

    title: str
    on: date
    starts: time
    minutes: int
    place: str
    name: str
    address: str

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.on, self.starts)

    @property
    def ends(self) -> datetime:
        """By the clock on the wall; no meeting lasts into the next day."""
        last = datetime.combine(self.on, time(23, 59))
        return min(self.begins + timedelta(minutes=self.minutes), last)

    @property
    def when(self) -> str:
        """When and where, in words."""
        at = f", at {self.place}" if self.place else ""
        return f"{self.on:%A} {day(self.on)}, {self.starts:%H:%M} to {self.ends:%H:%M}{at}"

    def kept(self) -> dict[str, Any]:
        """As it is kept, to be compared with what is to be told next."""
        return {
            **asdict(self), "on": self.on.isoformat(), "starts": self.starts.isoformat()
        }  # fmt: skip

    @classmethod
    def of_kept(cls, kept: Mapping[str, Any]) -> Told:
        told = cls(**kept)
        return replace(
            told, on=date.fromisoformat(kept["on"]), starts=time.fromisoformat(kept["starts"])
        )


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody's calendar was told last; ``ended``: and that it is not to be there.

    ``known`` is what had reached them before that; ``queued`` that what was told last has not gone.
    """

    sequence: int
    told: Told
    ended: bool
    went: bool
    """Whether any of it may have reached them."""
    known: Told | None = None
    queued: bool = False

    @property
    def knows(self) -> Told | None:
        """What they were told last of what was sent, or may have been; None of nothing."""
        if not self.went:
            return None
        if self.queued:
            return self.known
        return None if self.ended else self.told


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be told now: ``method`` None where only what has not gone out yet is stopped.

    ``known`` is what they know until then, as far as anything reached them.
    """

    sequence: int
    told: Told
    method: Method | None
    known: Told | None = None

    @property
    def before(self) -> Told | None:
        """When and where it was to be, as they know it, where that is another now."""
        return None if self.again else self.known

    @property
    def again(self) -> bool:
        """Whether they know when and where, and are told it anew."""
        return self.known is not None and self.known.when == self.told.when


def change(held: Held | None, wanted: Told | None) -> Change | None:
    """What brings a calendar from what it holds to what is wanted; None where it is there."""
    if wanted is not None:
        if held is None:
            return Change(0, wanted, Method.REQUEST)
        # Their name alone changes nothing in a calendar: they are not told of a year's meetings.
        if not held.ended and replace(held.told, name=wanted.name) == wanted:
            return None
        return Change(held.sequence + 1, wanted, Method.REQUEST, held.knows)
    if held is None or held.ended:
        return None
    last = replace(held.knows or held.told, name=held.told.name, address=held.told.address)
    method = Method.CANCEL if held.went else None
    return Change(held.sequence + 1, last, method, held.knows)


def minutes(body: Body) -> int:
    """How long a meeting of a body lasts: its cases, as many and as long as they may be."""
    if body.timing is None or body.most_cases is None:
        return USUAL_MINUTES
    return body.timing.minutes * body.most_cases.most
