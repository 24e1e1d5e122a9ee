"""Referring a child, or a case, to another body without a decision of a meeting."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.domain.procedure import Procedure
from core.domain.procedure.forms import LONG_TEXT_MOST, too_long
from core.domain.procedure.forums import Forum
from core.domain.sight import What
from core.registry import Registry
from core.store import audit, cases, children, onward, record_summary
from core.store.children import ChildRow
from core.store.database import writing
from core.store.scope import Scope
from core.usecases import adoption_booking

GONE = "This is not there any more, or not yours to refer"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed: to which forum, when, and what is put to it.

    ``another``: it asks something else than a referral that is open there.
    """

    forum: str
    on: date | None
    words: str
    day_fault: str = ""
    another: bool = False


class ReferredAlready(Refused):
    """It is with that body already: the open referral of ``public_id``.

    ``may_ask``: one that asks something else can be made beside it.
    """

    def __init__(self, public_id: str, message: str, *, may_ask: bool) -> None:
        self.public_id, self.may_ask = public_id, may_ask
        super().__init__(Finding(message, field="forum"))


def forums_of(followed: Iterable[Procedure]) -> list[Forum]:
    """The forums of the procedures that an authority follows: of one code the first."""
    found: dict[str, Forum] = {}
    for procedure in followed:
        for forum in procedure.forums:
            found.setdefault(forum.code, forum)
    return list(found.values())


def hand_on_child(
    scope: Scope,
    forums: Iterable[Forum],
    child_public_id: str,
    asked: Asked,
    at: datetime,
    *,
    registry: Registry | None = None,
) -> str:
    """Refer one child to another body, beside any case; gives the referral's public id.

    With the ``registry``, the authority's procedures are asked whether it may be so.
    """
    with writing():
        child = children.child(scope, child_public_id)
        if child is None or not children.may_change(scope, child_public_id, What.CASES):
            raise Refused(Finding(GONE))
        record_summary.lock(scope, [child.id])
        _may_be_asked(scope, registry, asked, [child.id])
        made = _made(scope, forums, asked, child, child_id=child.id)
        audit.changed(
            scope, at, "refer onward", "child", child_public_id,
            after={"referral": made, "forum": asked.forum},
        )  # fmt: skip
    return made


def hand_on_case(
    scope: Scope,
    forums: Iterable[Forum],
    case_public_id: str,
    asked: Asked,
    at: datetime,
    *,
    registry: Registry | None = None,
) -> str:
    """Refer a case with its children to another body; gives the referral's public id."""
    with writing():
        case = cases.case_by_public_id(scope, case_public_id, lock=True)
        if case is None or not cases.may_change(scope, case.id):
            raise Refused(Finding(GONE))
        _may_be_asked(scope, registry, asked, cases.child_ids(scope, case.id))
        made = _made(scope, forums, asked, None, case_id=case.id)
        audit.changed(
            scope, at, "refer onward", "case", case_public_id,
            after={"referral": made, "forum": asked.forum},
        )  # fmt: skip
    return made


def _may_be_asked(
    scope: Scope, registry: Registry | None, asked: Asked, child_ids: Collection[int]
) -> None:
    """Refuse a referral to the decision maker that no planning meeting came before."""
    if registry is None or asked.forum != adoption_booking.FORUM or asked.on is None:
        return
    if against := adoption_booking.findings(scope, registry, child_ids, asked.on):
        raise Refused(*against)


def _made(
    scope: Scope,
    forums: Iterable[Forum],
    asked: Asked,
    child: ChildRow | None,
    *,
    child_id: int | None = None,
    case_id: int | None = None,
) -> str:
    forum = next((one for one in forums if one.code == asked.forum), None)
    faults = []
    if forum is None:
        faults.append(Finding("Choose to whom it is referred", field="forum"))
    faults += _day_faults(asked, scope.on, child)
    words = asked.words.strip()
    if not words and forum is not None and forum.needs:
        faults.append(
            Finding(
                f"Enter {forum.needs}: without one nothing is referred to the {forum.title}",
                field="asked",
                clauses=forum.needs_clauses,
            )
        )
    elif not words:
        faults.append(Finding("Enter what is asked of them", field="asked"))
    if long := too_long(asked.words, LONG_TEXT_MOST, "question"):
        faults.append(Finding(long, field="asked"))
    if faults or forum is None or asked.on is None:
        raise Refused(*faults)
    _ask_once(scope, forum, asked, child_id, case_id)
    return onward.make(
        scope,
        forum=forum.code,
        forum_words=forum.title,
        clauses=" ".join(forum.clauses),
        asked=words,
        made_on=asked.on,
        child_id=child_id,
        case_id=case_id,
    )


def _ask_once(
    scope: Scope, forum: Forum, asked: Asked, child_id: int | None, case_id: int | None
) -> None:
    """Refuse what is with that body already, unless it asks something else on another day."""
    there = onward.open_with(scope, forum.code, child_id=child_id, case_id=case_id)
    same_day = [one for one in there if one[1] == asked.on]
    if not same_day and (asked.another or not there):
        return
    public_id, on, by = (same_day or there)[0]
    said = f"It is referred to the {forum.title} already, on {day(on)}{f' by {by}' if by else ''}"
    raise ReferredAlready(public_id, f"{said}: that referral is open", may_ask=not same_day)


def _day_faults(asked: Asked, on: date, child: ChildRow | None) -> list[Finding]:
    if asked.on is None:
        fault = asked.day_fault.removeprefix("This date") or " is missing: enter it"
        return [Finding(f"The date of the referral{fault}", field="made_on")]
    if asked.on > on:
        return [Finding("The date of the referral must be today or in the past", field="made_on")]
    if child is not None and child.born is not None and not child.birth_expected:
        # Planning begins in pregnancy, and no earlier.
        if (child.born - asked.on).days > 300:
            return [
                Finding(
                    f"The date of the referral is long before the birth on {day(child.born)}",
                    field="made_on",
                )
            ]
    return []
