"""What made-up people have recorded of the children: plans, proceedings, views, meetings."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from core.domain.record.plan import OPTIONS
from core.domain.record.proceedings import DETERMINATIONS
from core.settings import Settings
from core.store import returns
from core.store.scope import Scope
from core.usecases import importing
from core.usecases.record_many import NewEntry, add_many
from demo.assessed import assessed, planning_meetings
from demo.children import MadeUpChild, Plan

AUNTS = ("Zephira", "Quillon", "Marvella", "Osbertine", "Thaddea", "Ivorine")
BEFORE = timedelta(days=6)
OWN_PANELS = timedelta(days=28)
"""Panels of longer ago were held before this system; later ones are meetings here."""
SAID = (
    "I like my room and I want to stay at my school.",
    "I want to know when I will see my brother again.",
    "I do not want to move again before my birthday.",
    "Please ask my nan. She knows what I like.",
    "I want somebody to tell me what the judge said.",
)
EMOTIONAL = "Turns to the carer when upset; speaks of their home as “ours”."
PHYSICAL = "Has lived here since the last move; the carers would keep the child to 18."
LEGAL = {
    "adoption": "An adoption order, after a placement order.",
    "sgo": "A special guardianship order to the connected person.",
    "long-term-fostering": "The care order stays; the match is to be ratified.",
    "return-home": "No order once the child is settled at home, or a supervision order.",
}
BECAUSE = {
    "supported": "Assessed, and it meets what the child needs to 18 and beyond.",
    "considered": "Still assessed beside the plan, so that no time is lost if it fails.",
    "ruled-out": "Considered at the planning meeting: nobody in the family could be approved.",
}


def write(
    settings: Settings,
    scope: Scope,
    people: Mapping[str, int],
    children: Sequence[MadeUpChild],
    today: date,
    clock: Callable[[], datetime],
    followed: Collection[str] = (),
) -> int:
    """Record it, each entry typed by the child's own worker, and beside some of it a tracker.

    Of the children ``followed``, by local id, no later planning meetings are told of: theirs are
    meetings here. Gives how many entries were typed.
    """
    typed = _type(scope, people, children, today, followed)
    as_at = today - timedelta(days=21)
    rows = list(_tracked(children, as_at))
    if rows:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "tracker.csv")
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, rows[0])
                writer.writeheader()
                writer.writerows(rows)
            importing.import_paths(
                scope,
                [path],
                settings.upload_folder,
                clock,
                limit_bytes=settings.import_most_bytes,
                as_at=as_at,
            )
    return typed


def _tracked(children: Iterable[MadeUpChild], as_at: date) -> Iterator[dict[str, str]]:
    """What the authority's old tracker says of every sixth child: some of it otherwise."""
    for number, child in enumerate(children):
        plan, court = child.plan, child.proceedings
        if number % 6 or plan is None or plan.identified > as_at:
            continue
        other = "adoption" if plan.primary == "long-term-fostering" else "long-term-fostering"
        issued = court.issued if court is not None and court.issued <= as_at else None
        says = DETERMINATIONS["pre-proceedings" if number % 4 else "issue"]
        yield {
            "Local ID": child.local_id,
            "Plan": OPTIONS[other if number % 18 == 0 else plan.primary],
            "Plan date": _written(plan.identified),
            "Proceedings issued": _written(issued),
            "LGM date": _written(issued - BEFORE if issued else None),
            "LGM determination": says if issued else "",
        }


def _written(on: date | None) -> str:
    return f"{on:%d/%m/%Y}" if on else ""


def _type(
    scope: Scope,
    people: Mapping[str, int],
    children: Iterable[MadeUpChild],
    today: date,
    followed: Collection[str],
) -> int:
    ids = {local: known.id for local, known in returns.known_children(scope).items()}
    entries = []
    for number, child in enumerate(children):
        if child.local_id not in ids:
            continue
        worker = people[child.social_worker]

        def typed(
            kind: str,
            on: date,
            values: Mapping[str, str],
            child_id: int = ids[child.local_id],
            by: int = worker,
            parts: tuple[NewEntry, ...] = (),
        ) -> NewEntry:
            return NewEntry(child_id, kind, values, by, _moment(on, values, today), parts)

        later = () if child.local_id in followed else planning_meetings(child, number, today)
        for kind, on, values, parts in _of(child, number, today, later):
            within = tuple(typed(part, on, said) for part, said in parts)
            entries.append(typed(kind, on, values, parts=within))
    return add_many(scope, entries)


Said = tuple[str, date, dict[str, str], tuple[tuple[str, dict[str, str]], ...]]


def _moment(on: date, values: Mapping[str, str], today: date) -> datetime:
    """When it was typed: that day, or the latest day that it tells of and that has come."""
    told = {value for code, value in values.items() if code.endswith("_on")}
    days = [day for day in (date.fromisoformat(value) for value in told if value) if day <= today]
    last = max([on, *days])
    return datetime.combine(last, time(15, 20) if last < today else time(7, 30))


def _of(child: MadeUpChild, number: int, today: date, later: Iterable[date]) -> Iterator[Said]:
    """Everything recorded of one child: kind, the day it was typed, values and parts."""
    if child.plan is not None:
        yield "plan", child.plan.identified, _plan(child.plan, child), tuple(_weighed(child.plan))
    yield from _court(child, today)
    if child.family_network_meeting is not None:
        met = child.family_network_meeting
        values = {
            "held_on": met.isoformat(),
            "kind": "fnm" if number % 3 else "fgc",
            "who": f"{AUNTS[number % 6]} {child.family_name} (aunt), and a family friend",
            "outcome": "The family will help at weekends, and the aunt asks to be assessed.",
            "agreed": "yes",
            "safety_plan": "yes" if child.safety_plan else "no",
        }
        yield "family-meeting", met, values, ()
    for held in child.ppm_dates[-1:]:
        age = today.year - child.born.year
        if age >= 4 and not child.unborn:
            values = {
                "whose": "child",
                "said_on": held.isoformat(),
                "about": "plan",
                "how": "told" if number % 2 else "drawn",
                "words": SAID[number % len(SAID)],
            }
            yield "view", held, values, ()
        values = {
            "whose": "mother",
            "said_on": held.isoformat(),
            "about": "plan",
            "how": "meeting",
            "words": "She would like more time with the child, and agrees to the assessment.",
        }
        yield "view", held, values, ()
    if child.long_term_match is not None:
        values = {
            "matched_on": child.long_term_match.isoformat(),
            "for": "long-term-fostering",
            "provision": "in-house" if number % 2 else "agency",
            "decided_by": "Agency decision maker, on the fostering panel's recommendation",
        }
        yield "match", child.long_term_match, values, ()
    yield from _adoption(child)
    yield from _met(child, later, today)
    for kind, on, values in assessed(child, number, today):
        yield kind, on, values, ()
    if child.episodes and number % 2 == 0:
        contact = {
            "name": f"{AUNTS[number % 6]} {child.family_name}",
            "relation": "Aunt",
            "responsibility": "no",
            "phone": f"020 7946 0{number % 1000:03}",
        }
        yield "contact", child.episodes[0].decom, contact, ()


def _plan(plan: Plan, child: MadeUpChild) -> dict[str, str]:
    values = {
        "primary": plan.primary,
        "contingencies": ",".join(code for code in OPTIONS if code in plan.contingencies),
        "state": "agreed" if plan.agreed else "provisional",
        "identified_on": plan.identified.isoformat(),
        "legal": LEGAL.get(plan.primary, ""),
        "emotional": EMOTIONAL if plan.agreed else "",
        "physical": PHYSICAL if plan.agreed else "",
    }
    if plan.agreed:
        by = "The permanence panel" if plan.agreed in child.panel_dates else "The child's review"
        values |= {"agreed_on": plan.agreed.isoformat(), "agreed_by": by}
    return values


def _weighed(plan: Plan) -> Iterator[tuple[str, dict[str, str]]]:
    """The options weighed beside the plan, and its steps."""
    weighed = [
        (plan.primary, "supported"),
        *((code, "considered") for code in plan.contingencies),
        *((code, "ruled-out") for code in plan.ruled_out),
    ]
    for option, conclusion in weighed:
        yield (
            "plan-option",
            {
                "option": option,
                "conclusion": conclusion,
                "why": BECAUSE[conclusion],
                "considered_on": plan.identified.isoformat(),
            },
        )
    for step in plan.steps:
        yield (
            "plan-step",
            {
                "what": step.title,
                "due_on": step.due.isoformat(),
                "done_on": step.done.isoformat() if step.done else "",
                "words": f"The date was moved {step.moved} times." if step.moved > 1 else "",
            },
        )


def _court(child: MadeUpChild, today: date) -> Iterator[Said]:
    """The legal gateway meeting before proceedings, and the proceedings."""
    court = child.proceedings
    if court is None:
        return
    before = court.issued - BEFORE
    if before >= child.born or child.unborn:
        gateway = {
            "held_on": before.isoformat(),
            "meeting": "lgm",
            "determination": "issue",
            "recommended": "To issue, with an interim care order",
        }
        yield "gateway", before, gateway, ()
    values = {"application": "care-order", "issued_on": court.issued.isoformat()}
    if court.final_hearing:
        values["final_hearing_on"] = court.final_hearing.isoformat()
        values["final_evidence_on"] = (court.final_hearing - timedelta(days=42)).isoformat()
    if court.concluded and court.concluded <= today:
        values |= {"ended_on": court.concluded.isoformat(), "order": "care-order"}
    yield "proceedings", min(today, court.issued), values, ()


def _met(child: MadeUpChild, later: Iterable[date], today: date) -> Iterator[Said]:
    """The planning meetings of the child, and the panels before this system."""
    before = [on for on in child.panel_dates if on <= today - OWN_PANELS]
    meetings = (*child.ppm_dates, *later)
    for meeting, days in (("ppm", meetings), ("panel", before)):
        for on in days:
            yield "earlier-meeting", on, {"meeting": meeting, "held_on": on.isoformat()}, ()


def _adoption(child: MadeUpChild) -> Iterator[Said]:
    if not child.adoption_decisions:
        return
    decided, values = child.adoption_decisions[-1], {}
    if child.adoption_match:
        values["matched_on"] = child.adoption_match.isoformat()
    if child.adoption_application:
        values["application_on"] = child.adoption_application.isoformat()
    if values:
        yield "adoption", decided.decided, values, ()
