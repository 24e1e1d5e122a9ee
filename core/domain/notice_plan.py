"""What is to be told and what of it is kept: which notices are new, stopped, or on another day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.domain.dates import day
from core.domain.procedure.notices import Each, Notice


class NoticeState(StrEnum):
    """A notice is to come until its day; then it is sent, or had nobody to go to; or is stopped."""

    TO_COME = "to come"
    SENT = "sent"
    NOBODY = "nobody"
    STOPPED = "stopped"


class NoticeKind(StrEnum):
    """The notice itself, or what follows one that was sent: moved, or not to be held."""

    NOTICE = "notice"
    MOVED = "moved"
    CALLED_OFF = "called-off"


#: What has gone out, or had its day.
GONE = frozenset({NoticeState.SENT, NoticeState.NOBODY})


@dataclass(frozen=True, slots=True)
class Subject:
    """What a notice is about: a meeting, and where it is of a case its booking (or referral)."""

    meeting_id: int
    booking_id: int | None = None
    case_id: int | None = None
    turn: int = 0

    def key(self, procedure: str, rule: str) -> str:
        """What is the same notice again after it was stopped or its meeting moved."""
        of = f"b{self.booking_id}-{self.turn}" if self.booking_id else f"c{self.case_id or 0}"
        return f"{procedure}/{rule}/m{self.meeting_id}/{of}"


@dataclass(frozen=True, slots=True)
class WantedNotice:
    """A notice that is to go as things stand: the rule, what it is about, its day and why."""

    key: str
    rule: Notice
    procedure: str
    edition: str
    about: Subject
    held_on: date
    due: date
    reason: str


@dataclass(frozen=True, slots=True)
class KeptNotice:
    """A notice as it is kept; of those of one key the last number stands.

    ``waits``: a message of it has not gone, and may go still.
    """

    id: int
    key: str
    number: int
    kind: NoticeKind
    state: NoticeState
    held_on: date
    due: date
    reason: str
    waits: bool = False

    @property
    def about(self) -> str:
        """The key of the notice that it is, or that it follows."""
        said = "" if self.kind is NoticeKind.NOTICE else f"/{self.kind}"
        return self.key.removesuffix(said)


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice to keep; ``follows`` is the id of the one whose recipients it tells."""

    key: str
    number: int
    kind: NoticeKind
    due: date
    reason: str
    held_on: date
    follows: int | None = None
    wanted: WantedNotice | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """Why what was to be told is not any more, and whether who was told of it is to know."""

    why: str
    tell: bool


@dataclass(slots=True)
class NoticePlan:
    """What changes: ``stopped`` as (id, why), ``redated`` as (id, day, reason).

    ``over`` are those, sent, of which nobody is told any more: what waits of them does not go.
    ``not_so`` says by id why what was told is not so any more.
    """

    new: list[NewNotice] = field(default_factory=list)
    stopped: list[tuple[int, str]] = field(default_factory=list)
    redated: list[tuple[int, date, str]] = field(default_factory=list)
    over: list[int] = field(default_factory=list)
    not_so: dict[int, str] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        return not (self.new or self.stopped or self.redated or self.over)


def plan(
    wanted: Mapping[str, WantedNotice],
    kept: Iterable[KeptNotice],
    gone: Mapping[str, Gone],
    on: date,
) -> NoticePlan:
    """Compare what is to be told with what is kept, by key; ``gone`` says why one is not wanted."""
    rows: dict[str, list[KeptNotice]] = {}
    for row in sorted(kept, key=lambda row: row.number):
        rows.setdefault(row.key, []).append(row)
    found = NoticePlan()
    for key, want in wanted.items():
        _wanted(found, want, rows.get(key, ()), rows, on)
    for key, there in rows.items():
        notices = [row for row in there if row.kind is NoticeKind.NOTICE]
        if notices and key not in wanted:
            found_gone = gone.get(key, Gone("it is not due any more", tell=False))
            _not_wanted(found, notices[-1], found_gone, rows, on)
    return found


def _wanted(
    found: NoticePlan,
    want: WantedNotice,
    there: Sequence[KeptNotice],
    rows: Mapping[str, Sequence[KeptNotice]],
    on: date,
) -> None:
    last = there[-1] if there else None
    number = last.number + 1 if last is not None else 1
    stands = last if last is not None and not _over(last, rows) else None
    if stands is not None and stands.held_on == want.held_on:
        if stands.state is NoticeState.TO_COME and stands.due != want.due:
            found.redated.append((stands.id, want.due, want.reason))
        return
    told = None
    if stands is not None:
        told = stands if stands.state is NoticeState.SENT else _told_before(stands, rows)
        _stop(found, stands, rows, f"the meeting moved to {day(want.held_on)}")
    follows = None
    if told is not None and stands is not None and not _over(told, rows):
        follows = told.id
        if want.due > on:
            moved = f"the meeting moved from {day(stands.held_on)}: who was told is told at once"
            found.new.append(
                NewNotice(
                    f"{want.key}/{NoticeKind.MOVED}",
                    number,
                    NoticeKind.MOVED,
                    on,
                    moved,
                    want.held_on,
                    follows,
                    want,
                )
            )
    found.new.append(
        NewNotice(
            want.key,
            number,
            NoticeKind.NOTICE,
            want.due,
            want.reason,
            want.held_on,
            follows,
            want,
        )
    )


def _over(row: KeptNotice, rows: Mapping[str, Sequence[KeptNotice]]) -> bool:
    """Whether a notice stands no more: stopped, or who was told was told that it is off."""
    off = rows.get(f"{row.key}/{NoticeKind.CALLED_OFF}", ())
    return row.state is NoticeState.STOPPED or any(one.number == row.number for one in off)


def _not_wanted(
    found: NoticePlan,
    last: KeptNotice,
    gone: Gone,
    rows: Mapping[str, Sequence[KeptNotice]],
    on: date,
) -> None:
    _stop(found, last, rows, gone.why)
    if not gone.tell:
        moved = rows.get(f"{last.key}/{NoticeKind.MOVED}", ())
        found.over += [row.id for row in (*rows[last.key], *moved) if row.waits]
        return
    told = last if last.state is NoticeState.SENT else _told_before(last, rows)
    if told is None or _over(told, rows):
        return
    key = f"{last.key}/{NoticeKind.CALLED_OFF}"
    found.new.append(
        NewNotice(key, told.number, NoticeKind.CALLED_OFF, on, gone.why, last.held_on, told.id)
    )


def _stop(
    found: NoticePlan, last: KeptNotice, rows: Mapping[str, Sequence[KeptNotice]], why: str
) -> None:
    """Stop a notice that is to come, and what was to say of it that the meeting moved.

    Of all that went before the same is kept as why it is not so any more.
    """
    moved = rows.get(f"{last.key}/{NoticeKind.MOVED}", ())
    found.not_so |= {one.id: why for one in (*rows[last.key], *moved)}
    for one in (last, *moved):
        if one.state is NoticeState.TO_COME:
            found.stopped.append((one.id, why))


def _told_before(last: KeptNotice, rows: Mapping[str, Sequence[KeptNotice]]) -> KeptNotice | None:
    """The notice sent for an earlier day, where the one for the later day has not gone yet."""
    earlier = [
        row
        for row in rows.get(last.key, ())
        if row.state is NoticeState.SENT and row.number < last.number
    ]
    return earlier[-1] if earlier and last.state is NoticeState.TO_COME else None


def earlier(kept: Iterable[KeptNotice]) -> dict[int, list[KeptNotice]]:
    """By each notice, what may have been told of the same before it, in order.

    What was told before it was called off is over.
    """
    found: dict[int, list[KeptNotice]] = {}
    so_far: dict[str, list[KeptNotice]] = {}
    for one in sorted(kept, key=lambda one: one.id):
        found[one.id] = before = so_far.get(one.about, [])
        so_far[one.about] = [] if one.kind is NoticeKind.CALLED_OFF else [*before, one]
    return found


def subjects(each: Each, about: Iterable[Subject], meeting: Subject) -> Iterator[Subject]:
    """What a rule is about: the meeting once, its booked cases, or its unfinished referrals."""
    if each is Each.MEETING:
        yield meeting
        return
    booked = each is Each.CASE
    yield from (one for one in about if (one.booking_id is not None) == booked)
