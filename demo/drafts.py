"""A child's life while it is made up: episodes that chain, then reviews, plan and meetings."""

from __future__ import annotations

from datetime import date, timedelta

from demo.calendars import age_on, birthday, months_after
from demo.children import (
    AdoptionDecision,
    Episode,
    MadeUpChild,
    Plan,
    Proceedings,
    Referral,
    Review,
    Uasc,
)
from demo.names import given_name
from demo.particulars import disability_words, ethnicity, local_id, postcode, upn, urn
from demo.world import World

NO_PROVIDER = frozenset({"T0", "T1", "T2", "T3", "T4"})
NO_URN = frozenset({"P1", "P3", "R1", "R2", "R5"}) | NO_PROVIDER
_PROVIDERS = {"P1": "PR0", "U1": "PR1", "U2": "PR1", "U3": "PR1", "R2": "PR3", "R5": "PR3"}
_SPEAKING = ("PN1", "PN1", "PN1", "PN2", "PN3", "PN4", "PN5", "PN6", "PN7")
_LEFT_AT_18 = ("E5", "E5", "E17", "E17", "E6", "E7")


class Draft:
    """One life being made up. What would happen after today, or after the 18th birthday, does not.

    The legal status, placement and carer of the last episode stand until something changes them;
    the reason for the new episode (RNE) follows from what changed.
    """

    def __init__(
        self,
        world: World,
        born: date,
        *,
        family: str,
        home: str,
        group: str | None = None,
        need: str = "N1",
        story: str = "",
    ) -> None:
        dice = world.dice
        self.world = world
        self.number = next(world.numbers)
        self.born = born
        self.adult = birthday(born, 18)
        self.given, self.family, self.home = given_name(dice), family, home
        self.sex = dice.choice("MF")
        self.group, self.need, self.story = group, need, story
        self.allocation = dice.choice(world.allocations)
        self.iro = dice.choice(world.iros)
        self.ethnicity = ethnicity(dice)
        self.disability = disability_words(dice)
        self.episodes: list[Episode] = []
        self.reviews: list[Review] = []
        self.period_start: date | None = None
        self.booked_review: date | None = None
        self.uasc: Uasc | None = None
        self.mother_of: date | None = None
        self.adoption_decisions: list[AdoptionDecision] = []
        self.adoption_match: date | None = None
        self.adoption_application: date | None = None
        self.long_term_match: date | None = None
        self.plan: Plan | None = None
        self.proceedings: Proceedings | None = None
        self.family_network_meeting: date | None = None
        self.safety_plan: date | None = None
        self.assessment: date | None = None
        self.ppms: list[date] = []
        self.panels: list[date] = []
        self.residential_not_permanent = ""
        self.iro_agrees_residential: date | None = None
        self.referral: Referral | None = None

    def happens(self, on: date) -> bool:
        """Whether that day has come, and came before the child grew up."""
        return on <= self.world.today and on < self.adult

    @property
    def open(self) -> bool:
        """Whether the child is looked after as the life stands."""
        return bool(self.episodes) and self.episodes[-1].dec is None

    def start(
        self,
        on: date,
        legal_status: str,
        placement: str,
        provider: str | None = None,
        beside: Draft | None = None,
    ) -> None:
        """Begin a period of care when no other is open, if asked with the carers of a sibling."""
        if self.happens(on):
            self.period_start = on
            setting = self._setting(placement, provider)
            if beside is not None and beside.episodes:
                with_them = beside.episodes[0]
                setting = (
                    with_them.placement,
                    with_them.provider,
                    with_them.placement_post,
                    with_them.urn,
                )
            self._open(on, "S", legal_status, *setting)

    def change(
        self,
        on: date,
        *,
        legal_status: str | None = None,
        placement: str | None = None,
        provider: str | None = None,
        same_carer: bool = False,
        reason: str = "CARPL",
    ) -> None:
        """A new legal status, placement or both; nothing where care has ended by that day."""
        last = self.episodes[-1] if self.episodes else None
        if last is None or last.dec is not None or on <= last.decom or not self.happens(on):
            return
        status = legal_status or last.legal_status
        new_status = status != last.legal_status
        setting = (last.placement, last.provider, last.placement_post, last.urn)
        if placement is None:
            if not new_status:
                return
            rne, why = "L", ""
        elif same_carer:
            setting = (placement, *setting[1:])
            rne, why = ("U" if new_status else "T"), "PLACE"
        else:
            setting = self._setting(placement, provider)
            rne, why = ("B" if new_status else "P"), reason
            if placement in NO_PROVIDER or last.placement in NO_PROVIDER:
                why = ""
        self._close(on, "X1", why)
        self._open(on, rne, status, *setting)

    def away(self, on: date, placement: str, days: int) -> None:
        """A temporary placement (T1 to T4) for some days, then back where the child was."""
        last = self.episodes[-1] if self.episodes else None
        if last is None or not self.open or on <= last.decom or not self.happens(on):
            return
        self.change(on, placement=placement)
        back = on + timedelta(days=days)
        if self.happens(back):
            self._close(back, "X1", "")
            self._open(
                back,
                "P",
                last.legal_status,
                last.placement,
                last.provider,
                last.placement_post,
                last.urn,
            )

    def cease(self, on: date, reason: str) -> None:
        """End the period of care for a reason (REC), unless that day is still to come."""
        if self.open and self.happens(on) and on > self.episodes[-1].decom:
            self._close(on, reason, "")

    def care_until(self) -> date:
        """The day the latest period of care ended, or today where it has not."""
        ended = self.episodes[-1].dec if self.episodes else None
        return ended or min(self.world.today, self.adult)

    def grow_up(self) -> None:
        """End care on the 18th birthday where that has come."""
        if self.open and self.adult <= self.world.today:
            self._close(self.adult, self.world.dice.choice(_LEFT_AT_18), "")

    def hold_review(self, on: date) -> None:
        """Record a review held that day, if the child was in care and the day has come."""
        start = self.period_start
        if start is None or not start <= on <= self.care_until() or not self.happens(on):
            return
        code = "PN0" if age_on(self.born, on) < 4 else self.world.dice.choice(_SPEAKING)
        self.reviews.append(Review(on, code))

    def hold_reviews(self, *, late: int = 0, upto: int = 60) -> None:
        """Hold the reviews of the latest period when they fall due (CPPCR reg 33).

        First within 20 working days, second within 3 months of it, then within 6 months. The one
        numbered `late` is some weeks late; none after the one numbered `upto`. The next is booked.
        """
        start, dice, days = self.period_start, self.world.dice, self.world.working_days
        if start is None:
            return
        until = min(self.care_until(), self.world.today)
        number, due = 1, days.after(start, 20)
        while number <= upto:
            if number == late:
                held = days.on_or_before(due + timedelta(days=dice.randint(12, 50)))
            else:
                held = days.on_or_before(due - timedelta(days=dice.randint(0, 5 + number * 2)))
            if held > until:
                if self.open and held > self.world.today and held < self.adult:
                    self.booked_review = held
                return
            self.hold_review(held)
            number += 1
            due = months_after(held, 3 if number == 2 else 6)

    def second_review(self) -> date | None:
        """The second review of the latest period of care, if held."""
        start = self.period_start
        held = [one.held for one in self.reviews if start is not None and one.held >= start]
        return held[1] if len(held) > 1 else None

    def finish(self) -> MadeUpChild:
        """The life as frozen facts."""
        self.grow_up()
        world, born = self.world, self.born
        if not self.open:
            self.booked_review = None
        start = self.period_start or world.today
        return MadeUpChild(
            local_id=local_id(self.number),
            given_name=self.given,
            family_name=self.family,
            born=born,
            unborn=born > world.today,
            sex="" if born > world.today else self.sex,
            ethnicity=self.ethnicity,
            disability="" if born > world.today else self.disability,
            upn=upn(self.number, born, start, world.today, bool(self.uasc)),
            mother_of=self.mother_of if self.sex == "F" else None,
            sibling_group=self.group,
            team=self.allocation.team,
            social_worker=self.allocation.social_worker,
            team_manager=self.allocation.team_manager,
            iro=self.iro,
            episodes=tuple(self.episodes),
            reviews=tuple(self.reviews),
            booked_review=self.booked_review,
            uasc=self.uasc,
            adoption_decisions=tuple(self.adoption_decisions),
            adoption_match=self.adoption_match,
            adoption_application=self.adoption_application,
            long_term_match=self.long_term_match,
            plan=self.plan,
            proceedings=self.proceedings,
            family_network_meeting=self.family_network_meeting,
            safety_plan=self.safety_plan,
            assessment=self.assessment,
            ppm_dates=tuple(self.ppms),
            panel_dates=tuple(self.panels),
            residential_not_permanent=self.residential_not_permanent,
            iro_agrees_residential=self.iro_agrees_residential,
            referral=self.referral,
            story=self.story,
        )

    def _setting(self, placement: str, provider: str | None) -> tuple[str, str, str, str]:
        dice = self.world.dice
        if placement in NO_PROVIDER:
            provider = ""
        elif provider is None:
            provider = _PROVIDERS.get(placement) or dice.choice(("PR1", "PR1", "PR4", "PR5"))
        post = self.home if placement == "P1" else postcode(dice)
        return placement, provider, post, "" if placement in NO_URN else urn(dice)

    def _open(
        self, on: date, rne: str, status: str, placement: str, provider: str, post: str, number: str
    ) -> None:
        self.episodes.append(
            Episode(
                on,
                rne,
                status,
                self.need,
                placement,
                provider,
                None,
                "",
                "",
                self.home,
                post,
                number,
            )
        )

    def _close(self, on: date, reason: str, why: str) -> None:
        last = self.episodes.pop()
        self.episodes.append(
            Episode(
                last.decom,
                last.rne,
                last.legal_status,
                last.category_of_need,
                last.placement,
                last.provider,
                on,
                reason,
                why,
                last.home_post,
                last.placement_post,
                last.urn,
            )
        )
