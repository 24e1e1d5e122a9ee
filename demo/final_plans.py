"""A made-up final care plan half-way through its stages, and what the court page shows with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from core.domain.staged import AUTHOR
from core.registry import Registry
from core.store import accounts, record, returns, staged
from core.store.scope import Scope
from core.usecases import approving, record_new
from core.usecases import record as recording
from core.usecases.staged import kinds
from demo.children import MadeUpChild

KIND = "final-care-plan"
FIRST = (
    "The local authority asks for a care order. The plan is long-term fostering with the present "
    "carers, who have said that they want to care until 18 and beyond."
)
SECOND = (
    f"{FIRST}\n\nThe maternal aunt was assessed and withdrew. Time with the mother: six times a "
    "year, in the community. The child’s words: “I want to stay where my bed is.”"
)
BACK = "What became of the assessment of the aunt, and the child’s own words, are missing."
VIEWS = (
    (40, "The aunt is to be assessed before the final evidence; a return home beside it."),
    (12, "Agrees with a care order, and asks that the child sees the brother every month."),
)


def write(
    scope: Scope,
    registry: Registry,
    people: Mapping[str, int],
    made_up: Sequence[MadeUpChild],
    slug: str,
    today: date,
    clock: Callable[[], datetime],
) -> str:
    """Sent back once, approved by the team manager, reviewed by the IRO, now with legal.

    Gives the plan's public id, "" where no child is in proceedings or nothing has stages.
    """
    legal = people.get(f"legal@{slug}.example")
    child = next((one for one in made_up if in_court(one, today)), None)
    if child is None or legal is None or all(one.code != KIND for _, one in kinds(scope, registry)):
        return ""
    public_id = returns.known_children(scope)[child.local_id].public_id

    def who(email: str, days: int) -> tuple[Scope, datetime]:
        on = today - timedelta(days=days)
        return accounts.scope_of(scope, people[email], on), clock() - timedelta(days=days)

    worker, at = who(child.social_worker, 0)
    court = court_says(worker, public_id, today + timedelta(days=21), at)
    for days, words in VIEWS:
        said = (today - timedelta(days=days)).isoformat()
        values = {"whose": "guardian", "said_on": said, "about": "plan", "words": words}
        record_new.add(who(child.social_worker, days)[0], public_id, "view", values, clock())
    worker, at = who(child.social_worker, 9)
    made = approving.start(worker, registry, public_id, KIND, FIRST, court, at)
    approving.ask(worker, registry, made, 1, "", at)
    manager, at = who(child.team_manager, 8)
    approving.send_back(manager, registry, made, "team-manager", AUTHOR, BACK, 1, at)
    worker, at = who(child.social_worker, 6)
    approving.write(worker, registry, made, SECOND, 1, at)
    _invite(worker, registry, made, legal, at)
    approving.ask(worker, registry, made, 2, "Both are in now.", at)
    manager, at = who(child.team_manager, 5)
    approving.answer(manager, registry, made, "team-manager", 2, "", at)
    officer, at = who(child.iro, 3)
    approving.answer(
        officer, registry, made, "reviewing-officer", 2, "It is what the last review agreed.", at
    )
    return made


def in_court(child: MadeUpChild, today: date) -> bool:
    """In proceedings for some months, and not at their end."""
    court = child.proceedings
    if court is None or child.unborn or court.concluded is not None:
        return False
    return timedelta(days=60) <= today - court.issued <= timedelta(days=150)


def court_says(worker: Scope, child: str, evidence: date, at: datetime) -> str:
    """Record when the final evidence is due, and that parallel planning is needed.

    Gives the public id of the proceedings; "" where none are recorded.
    """
    found = record.child(worker, child)
    entries = record.entries(worker, found.id, "proceedings") if found is not None else []
    entry = next((one for one in reversed(entries) if one.stands), None)
    if entry is None:
        return ""
    typed = {"final_evidence_on": evidence.isoformat(), "parallel": "yes"}
    seen = {code: one.statement.id for code, one in entry.values.items() if code in typed}
    why = "The court has set it" if seen else ""
    recording.correct(worker, entry.public_id, typed, {**dict.fromkeys(typed, 0), **seen}, why, at)
    return entry.public_id


def _invite(worker: Scope, registry: Registry, made: str, legal: int, at: datetime) -> None:
    able = accounts.colleagues(worker, [legal], roles={staged.INVITED_ROLE})
    for one in able:
        approving.invite(worker, registry, made, one.public_id, at)
