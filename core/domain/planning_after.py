"""What follows a planning meeting: to whom its record goes, who was sent it, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from core.domain.procedure.bodies import Body
from core.domain.procedure.escalation import Whom
from core.domain.procedure.on_day import ChildOnDay

IN_APP = "app"
HOW: Mapping[str, str] = MappingProxyType(
    {
        IN_APP: "In the app",
        "email": "By e-mail",
        "post": "By post",
        "hand": "By hand",
    }
)
OTHERWISE = tuple(code for code in HOW if code != IN_APP)


@dataclass(frozen=True, slots=True)
class CopyLine:
    """One of those to whom the record goes, for this child on this day.

    ``applies`` is None where it is not known whether they get a copy; ``why`` says why they do, do
    not, or what is not known.
    """

    code: str
    title: str
    clauses: tuple[str, ...]
    applies: bool | None
    why: str
    whom: tuple[Whom, ...] = ()
    roles: tuple[str, ...] = ()

    @property
    def wanted(self) -> bool:
        """Whether a copy is to be sent: what is not known is asked for until it is."""
        return self.applies is not False


@dataclass(frozen=True, slots=True)
class Sent:
    """A copy that was sent: to whom, how, on which day, and who says so."""

    code: str
    account_id: int | None
    name: str
    how: str
    sent_on: date
    sent_at: datetime
    sent_by: str

    @property
    def said(self) -> str:
        return HOW.get(self.how, self.how)


def copy_lines(body: Body, child: ChildOnDay | None) -> tuple[CopyLine, ...]:
    """Everybody of whom the body's rules say that they get its record, or for which children."""
    return tuple(_lines(body, child))


def _lines(body: Body, child: ChildOnDay | None) -> Iterator[CopyLine]:
    for rule in body.copies:
        found = rule.asks(child) if rule.asks is not None and child is not None else None
        unknown = rule.asks is not None and child is None
        yield CopyLine(
            rule.code,
            rule.title,
            (found.clauses if found is not None else ()) or rule.clauses,
            None if unknown else found.applies if found is not None else True,
            found.words if found is not None else "",
            rule.whom,
            rule.roles,
        )


def of_line(sent: Iterable[Sent], line: CopyLine) -> tuple[Sent, ...]:
    return tuple(one for one in sent if one.code == line.code)


def unsent(lines: Iterable[CopyLine], sent: Iterable[Sent]) -> tuple[CopyLine, ...]:
    """Those to whom a copy is still to be sent."""
    codes = {one.code for one in sent}
    return tuple(line for line in lines if line.wanted and line.code not in codes)


def copied_on(lines: Iterable[CopyLine], sent: Iterable[Sent]) -> date | None:
    """The day on which the last who gets a copy was sent it; None while somebody was not."""
    every, there = tuple(line for line in lines if line.wanted), tuple(sent)
    if not every or unsent(every, there):
        return None
    return max(min(one.sent_on for one in of_line(there, line)) for line in every)
