"""What of late actions and disputes needs somebody: an answer, a decision, a post to fill."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import url_for

from core.domain.dates import day, london_day
from core.domain.dispute import ABOUT_SHORT
from core.domain.escalating import ANSWER_COUNTED
from core.store import disputes, escalated, late_actions
from core.store.disputes import DisputeRow
from core.store.escalated import ToAnswer
from core.store.scope import Scope
from core.web import pages
from core.web.access import ACCESS
from core.web.needs import More, Need, listed, more


def needs(scope: Scope) -> Iterator[Need | More]:
    """Late actions to answer, disputes to answer or decide, and posts that nobody holds.

    At most nine queries, and six more for who administers the authority.
    """
    since = late_actions.answers_since(scope)
    if ACCESS["escalations.answer"].allows(scope.roles):
        yield from _to_answer(scope, since)
    if ACCESS["disputes.answer"].allows(scope.roles):
        yield from _addressed(scope)
    if ACCESS["disputes.decide"].allows(scope.roles):
        yield from _to_decide(scope)
    if ACCESS["teams.tree"].allows(scope.roles):
        yield from _unheld(scope, since)


def _to_answer(scope: Scope, since: datetime) -> Iterator[Need | More]:
    found = escalated.to_answer(scope, since)
    for one in found:
        listed(one.children)
        names = ", ".join(child.name for child in one.children)
        again = ""
        if one.answered_at is not None:
            again = f"It was answered on {day(london_day(one.answered_at))}, which holds for "
            again += f"{ANSWER_COUNTED}: say anew what happens next. "
        yield Need(
            one.due,
            f"Late since {day(one.due)}: {one.what}{f': {names}' if names else ''}",
            f"{_came(one)}. {again}Its owner is {one.owner or 'nobody'}; {one.why}",
            one.clauses,
            url_for("escalations.page", public_id=one.public_id),
            "Answer it",
        )
    words = ("late action came to you", "late actions came to you")
    address = url_for("actions.open", whose="all", show="late")
    yield from more(found, *words, address, "See what is late")


def _came(one: ToAnswer) -> str:
    """As whom it came to them and when; where it was reached on another day, both days."""
    if one.told_on == one.reached_on:
        return f"It came to you on {day(one.told_on)} as: {one.title}"
    days = f"reached on {day(one.reached_on)}, told on {day(one.told_on)}"
    return f"It came to you as: {one.title}, {days}"


def _addressed(scope: Scope) -> Iterator[Need | More]:
    found = disputes.addressed(scope)
    for row in found:
        pages.listed("what needs me", [row.child_public_id])
        yield Need(
            row.due,
            f"Answer the dispute on {row.child_name}: {ABOUT_SHORT[row.about].lower()}",
            f"{row.opened_by or 'A reviewing officer'} opened it on {day(row.opened_on)}. "
            f"Stage: {row.stage}",
            row.clauses,
            url_for("disputes.page", public_id=row.public_id, _anchor="answer-it"),
            "Answer it",
        )
    words = ("dispute is for you to answer", "disputes are for you to answer")
    yield from more(found, *words, url_for("disputes.listed"), "See the disputes")


def _to_decide(scope: Scope) -> Iterator[Need | More]:
    found = disputes.to_decide(scope)
    for row in found:
        pages.listed("what needs me", [row.child_public_id])
        answered = row.answered_on is not None
        if row.outside and not answered:
            yield _outside(row)
            continue
        why = f"answered on {day(row.answered_on)}" if row.answered_on else "not answered in time"
        yield Need(
            row.answered_on or row.due,
            f"Say how the dispute on {row.child_name} goes on",
            f"Its stage is {why}: {row.stage}",
            row.clauses,
            url_for("disputes.page", public_id=row.public_id, _anchor="decide"),
            "Decide on it",
            due=not answered,
        )
    words = ("dispute is for you to decide on", "disputes are for you to decide on")
    yield from more(found, *words, url_for("disputes.listed"), "See the disputes")


def _outside(row: DisputeRow) -> Need:
    """A stage that the reviewing officer takes outside the authority themselves."""
    return Need(
        row.due,
        f"Take the dispute on {row.child_name} outside the authority, and write down the answer",
        f"Its stage is put to nobody here: {row.stage}",
        row.clauses,
        url_for("disputes.page", public_id=row.public_id, _anchor="answer-it"),
        "Write the answer down",
    )


def _unheld(scope: Scope, since: datetime) -> Iterator[Need | More]:
    found = escalated.unheld(scope, since)
    for one in found:
        many = f"{one.actions} late {'action' if one.actions == 1 else 'actions'}"
        address = (
            url_for("allocations.page", public_id=one.child_public_id)
            if one.child_public_id
            else url_for("teams.tree")
        )
        yield Need(
            None,
            one.words,
            f"{many} came to nobody for want of it",
            (),
            address,
            "Allocate somebody" if one.child_public_id else "Fill it",
        )
    words = (
        "post that nobody holds kept late actions from somebody: fill these, and it comes here",
        "posts that nobody holds kept late actions from somebody: fill these, and they come here",
    )
    yield from more(found, *words, url_for("children.register"), "See the children")
