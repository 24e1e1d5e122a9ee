"""Panels of the made-up authority: the two held last, and referrals for the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.domain.meeting import Presence
from core.domain.procedure.bodies import Body
from core.domain.procedure.forms import Place
from core.registry import Registry
from core.store import (
    accounts,
    answers,
    cases,
    items,
    meeting_days,
    outbox_sending,
    returns,
    seats,
)
from core.store import meetings as planned
from core.store.database import db, writing
from core.store.scope import Scope
from core.usecases import (
    acceptance,
    attendance,
    calendar,
    circulation,
    decision,
    declaration,
    meetings,
    noticing,
    opening,
    own_notices,
    referral,
)
from demo.calendars import panel_days
from demo.children import MadeUpChild
from demo.followed import SAID, SENT, follow
from demo.referrals import CRITERIA, written

BODY = "BEX:permanence-panel"
AHEAD = timedelta(days=240)
ABSENT = frozenset({"placements", "vice-chair"})


@dataclass(frozen=True, slots=True)
class Hand:
    """Does things as a person, on a day: the same use cases as from the pages."""

    whole: Scope
    registry: Registry
    people: Mapping[str, int]
    children: Mapping[str, str]

    def scope(self, who: str, on: date) -> Scope:
        """The scope of an account on a day; its address is ``who`` at the authority's domain."""
        email = next(e for e in self.people if e == who or e.partition("@")[0] == who)
        found = accounts.scope_of(self.whole, self.people[email], on)
        db.session.rollback()
        return found

    def refer(
        self, child: MadeUpChild, panel: date, on: date, *, submit: bool, complete: bool = True
    ) -> str:
        """Write a referral as the child's social worker, and submit it where asked."""
        scope, at = self.scope(child.social_worker, on), _at(on, 15)
        case = opening.open_referral(scope, self.registry, self.children[child.local_id], at)
        listed = cases.case_by_public_id(scope, case)
        assert listed is not None
        seen = {place: kept.version for place, kept in answers.load(scope, listed.id).items()}
        meeting = next(
            choice.public_id
            for choice in cases.meetings_to_choose(
                scope, listed.procedure_code, listed.body_code, most=100
            )
            if choice.held_on == panel
        )
        db.session.rollback()
        referral.save_referral(
            scope,
            self.registry,
            case,
            referral.Typed(written(child, complete=complete), seen, ("", meeting), None),
            at,
        )
        if submit:
            referral.submit(scope, self.registry, case, at + timedelta(minutes=20))
        return case

    def accept(self, case: str, on: date) -> None:
        acceptance.accept(self.scope("panel.chair", on), self.registry, case, _at(on, 16))

    def tell(self, on: date, hour: int = 18) -> None:
        """What the worker does at the end of a day: what is due goes out, and is shown as such."""
        whole, at = Scope.of_authority(self.whole.authority_id, on), _at(on, hour)
        noticing.bring_up_to_date(whole, at)
        while noticing.work_on(whole, at):
            pass
        own_notices.work_on(whole, at)
        with writing():
            outbox_sending.stop_needless(at)
            outbox_sending.show_made_up(at, every=True)

    def pass_days(self, first: date, last: date) -> None:
        """What goes out from one day to another on which nobody does anything."""
        for number in range((last - first).days + 1):
            self.tell(first + timedelta(days=number))


def hold(
    scope: Scope,
    registry: Registry,
    people: Mapping[str, int],
    children: Iterable[MadeUpChild],
    today: date,
) -> None:
    """Make the dates, hold the last two panels, and bring referrals in every state to the next.

    A child whom the first of the two heard comes back to the second.
    """
    made_up = list(children)
    known = returns.known_children(scope)
    db.session.rollback()
    addresses = {local: child.public_id for local, child in known.items()}
    hand = Hand(scope, registry, people, addresses)
    before = _held(today)
    after = list(panel_days(today, today + AHEAD))
    open_to_referrals = next(on for on in after if on >= today + timedelta(days=4))
    administrator = hand.scope("panel.administrator", before[-3])
    place = "Meeting room 3, Civic Offices"
    kept = frozenset(after)  # also those that fall on a day off
    dates = calendar.Dates(BODY, before[-2], after[-1], time(10, 0), place, keep=kept)
    seen = calendar.propose(administrator, registry, dates).mark
    calendar.make_dates(administrator, registry, dates, seen, _at(before[-3], 9))
    referred = _referred(made_up)
    back = returning(made_up, today)
    if back is not None:
        _panel_before(hand, back[0], before[-2], before[-1])
    _last_panel(hand, referred[:3], before[-1], after[0], today)
    yesterday = today - timedelta(days=1)  # Nothing that is made up lies later than now.
    written = min(yesterday, after[0] - timedelta(days=7))
    hand.pass_days(before[-1], written - timedelta(days=1))
    for child in referred[3:5]:
        hand.accept(hand.refer(child, after[0], written, submit=True), written)
        hand.tell(written)
    if referred[3:5]:
        _circulate(hand, after[0], yesterday)
    _bring(hand, referred[5:11], open_to_referrals, yesterday)
    hand.tell(yesterday)


def returning(made_up: Iterable[MadeUpChild], today: date) -> tuple[MadeUpChild, date] | None:
    """The child whom two panels heard, with the day of the first; None where there are too few."""
    panel = _held(today)[-2]
    found = (
        child
        for child in _referred(made_up)[11:]
        if child.episodes and child.episodes[0].decom <= panel - timedelta(days=60)
    )
    child = next(found, None)
    return (child, panel) if child is not None else None


def _held(today: date) -> list[date]:
    """The days of the panels of the last two months, of which the last two are held."""
    return list(panel_days(today - timedelta(days=60), today - timedelta(days=1)))


def _referred(made_up: Iterable[MadeUpChild]) -> list[MadeUpChild]:
    """Who is referred, by their social workers: of the first eleven the referrals are written."""
    referred = [c for c in made_up if c.referral and c.referral.criterion in CRITERIA]
    return sorted(referred, key=lambda child: child.social_worker)


def _at(on: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(on, time(hour, minute))


def _meeting(scope: Scope, on: date) -> planned.MeetingRow:
    listed = (*meeting_days.upcoming(scope, 100), *meeting_days.past(scope, 1, 100)[0])
    found = next(meeting for meeting in listed if meeting.held_on == on)
    meeting = planned.find(scope, found.public_id)
    assert meeting is not None
    db.session.rollback()
    return meeting


def _circulate(hand: Hand, panel: date, on: date) -> None:
    """Circulate a panel's agenda: its members see the cases from then on."""
    administrator = hand.scope("panel.administrator", on)
    meeting = _meeting(administrator, panel)
    circulation.circulate(administrator, meeting.public_id, _at(on, 17))


def _last_panel(
    hand: Hand, children: list[MadeUpChild], on: date, following: date, today: date
) -> None:
    """The panel that was held: three cases heard, with what came of each."""
    before = on - timedelta(days=6)
    new = [hand.refer(child, on, before, submit=True) for child in children]
    for case in new:
        hand.accept(case, before)
    if children:
        _circulate(hand, on, before)
    hand.tell(before)
    administrator, meeting = _opened(hand, on)
    booked = items.of_meeting(administrator, meeting.id)
    db.session.rollback()
    for item in booked:
        if item.case_public_id not in new:
            _continues(hand, item.public_id, on, None)
    for number, item in enumerate(one for one in booked if one.case_public_id in new):
        at = _at(on, 10, 5) + timedelta(minutes=25 * number)
        child = children[number]
        if number == 0:
            members = items.members(administrator, meeting.id)
            db.session.rollback()
            declaration.declare(
                administrator, hand.registry, item.public_id, members[-1].id,
                "Met the family once, two years ago, in another role", at,
            )  # fmt: skip
        decision.record_decision(
            administrator, hand.registry, item.public_id,
            _decided(hand, child, number, on, following), {}, at,
        )  # fmt: skip
    business = "The panel welcomed its new administrator."
    meetings.note_business(administrator, meeting.public_id, business, 1, _at(on, 12))
    meetings.close(administrator, meeting.public_id, _at(on, 12, 10))
    owners = dict(zip(SAID, (child.social_worker for child in _owning(children)), strict=False))
    follow(hand.scope, hand.registry, owners, on, today - timedelta(days=1))


def _panel_before(hand: Hand, child: MadeUpChild, on: date, following: date) -> None:
    """The panel before the last: one case heard, which comes back, and its minutes ratified."""
    before = on - timedelta(days=6)
    hand.accept(hand.refer(child, on, before, submit=True), before)
    _circulate(hand, on, before)
    hand.tell(before)
    administrator, meeting = _opened(hand, on)
    booked = items.of_meeting(administrator, meeting.id)
    db.session.rollback()
    for item in booked:
        _continues(hand, item.public_id, on, following)
    meetings.close(administrator, meeting.public_id, _at(on, 11))
    later = on + timedelta(days=2)
    hand.pass_days(on, later - timedelta(days=1))
    circulation.ratify(hand.scope("panel.chair", later), meeting.public_id, _at(later, 9))
    hand.tell(later)


def _opened(hand: Hand, on: date) -> tuple[Scope, planned.MeetingRow]:
    """Mark who is there on the day of a panel and read the statement, as its administrator."""
    administrator = hand.scope("panel.administrator", on)
    meeting = _meeting(administrator, on)
    for seat in seats.seats(administrator, meeting, _body(hand, on)):
        db.session.rollback()
        state = Presence.APOLOGIES if seat.post.code in ABSENT else Presence.PRESENT
        if seat.holder is not None:
            mark = attendance.Mark(seat.key, state, None, seat.version)
            attendance.mark_seat(
                administrator, hand.registry, meeting.public_id, mark, _at(on, 9, 58)
            )
    meetings.read_statement(administrator, meeting.public_id, _at(on, 10, 2))
    return administrator, meeting


def _continues(hand: Hand, item: str, on: date, following: date | None) -> None:
    """Record that a case goes on as it is, and where a day is given comes back by then."""
    said = {
        Place("discussion"): "The earlier action was asked after. Nobody has spoken with them yet.",
        Place("rationale"): "Nothing is decided until the family has been asked.",
        Place("chosen", "outcome-continue-care-plan"): "yes",
        Place("force", "outcome-continue-care-plan"): "recommendation",
    }
    if following is not None:
        said[Place("return-by")] = following.isoformat()
    scope = hand.scope("panel.administrator", on)
    decision.record_decision(scope, hand.registry, item, said, {}, _at(on, 10, 4))


def _owning(children: list[MadeUpChild]) -> list[MadeUpChild]:
    """Whose social workers own the actions that are followed, in the order of what is said."""
    return [children[number] for number in (0, 2, 1) if number < len(children)]


def _decided(
    hand: Hand, child: MadeUpChild, number: int, on: date, following: date
) -> dict[Place, str]:
    """What the panel made of a case: a review meeting, a referral onward, work with the family."""
    scope = hand.scope("panel.administrator", on)
    (worker,) = accounts.colleagues(scope, [hand.people[child.social_worker]])
    db.session.rollback()
    said = {
        Place("discussion"): "The social worker summarised the case and answered questions.",
        Place("rationale"): (
            "The child needs to know where home will be. The plan is right; its timescales are "
            "not, and nobody has been named for two of its steps."
        ),
    }

    def outcome(code: str, **fields: str) -> None:
        said[Place("chosen", f"outcome-{code}")] = "yes"
        said[Place("force", f"outcome-{code}")] = fields.pop("force", "recommendation")
        for field, value in fields.items():
            said[Place(field.replace("_", "-"), f"outcome-{code}")] = value

    if number == 0:
        outcome("care-planning-review", owner=worker.public_id)
        outcome("refer-legal-planning", force="decision drift-and-delay")
        said[Place("return-by")] = following.isoformat()
    elif number == 1:
        outcome("refer-agency-decision-maker")
        outcome("refer-family-finding")
        row = "action-0001-made"
        further = {"what": SENT, "owner": worker.public_id, "due": following.isoformat()}
        further["done-means"] = "The adoption team has the questions in writing"
        said |= {Place(field, row): value for field, value in further.items()}
    else:
        due = (on + timedelta(days=10)).isoformat()
        met = "The family network has met and said what it offers"
        outcome("work-with-family", owner=worker.public_id, due=due, done_means=met)
        outcome("continue-care-plan")
    return said


def _bring(hand: Hand, children: list[MadeUpChild], panel: date, last: date) -> None:
    """Two accepted, one waiting, one incomplete, one sent back, one still being written."""
    early = min(last, panel - timedelta(days=7))
    for child in children[:2]:
        hand.accept(hand.refer(child, panel, early, submit=True), early)
    for child, complete in zip(children[2:4], (True, False), strict=False):
        hand.refer(child, panel, early, submit=True, complete=complete)
    for child in children[4:5]:
        case = hand.refer(child, panel, early, submit=True)
        acceptance.send_back(
            hand.scope("panel.chair", early), hand.registry, case,
            "Please say what has been tried with the wider family.", _at(early, 17),
        )  # fmt: skip
    for child in children[5:6]:
        hand.refer(child, panel, last, submit=False, complete=False)


def _body(hand: Hand, on: date) -> Body:
    procedure = hand.registry.edition("BEX", on)
    assert procedure is not None
    return procedure.bodies[0]
