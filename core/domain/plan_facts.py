"""What is known of a plan on the day it is to be agreed; what a new entry stands beside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from core.domain.dates import age_on
from core.domain.record.going_home import CHECKED_FROM, HOME_OPTIONS, PARTS, TOO_YOUNG
from core.domain.record.recorded import FIRST, Recorded

OPEN = ("considered", "supported")


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan as it would be agreed ``on`` a day, with what the child's record says by then.

    ``statuses`` are the codes of the legal statuses of that day, None where none is known.
    ``approved`` are the codes of the approvals that were given for this primary plan. ``plan_id``
    is the entry that is agreed, None for a new plan; ``weighed_in`` the plan whose options are
    those weighed for it, and ``whys`` what a meeting says of options that are no entries yet.
    """

    on: date
    values: Mapping[str, str]
    born: date | None = None
    unborn: bool = False
    statuses: frozenset[str] | None = None
    entries: tuple[Recorded, ...] = ()
    approved: frozenset[str] = frozenset()
    plan_id: int | None = None
    weighed_in: int | None = None
    whys: Mapping[str, str] = field(default_factory=dict)

    @property
    def primary(self) -> str:
        return self.values.get("primary", "")

    @property
    def contingencies(self) -> tuple[str, ...]:
        return tuple(filter(None, self.values.get("contingencies", "").split(",")))

    @property
    def goes_home(self) -> bool:
        return self.primary in HOME_OPTIONS

    @property
    def age(self) -> int | None:
        """Whole years on the day, -1 before birth; None where the birth is not known."""
        if self.unborn:
            return -1
        if self.born is None:
            return None
        return -1 if self.on < self.born else age_on(self.born, self.on)

    @property
    def rationale(self) -> str:
        """Why this plan: in its own words, or as an option that was weighed and not ruled out."""
        own = (self.values.get("primary_words", ""), self.whys.get(self.primary, ""))
        if said := next((words.strip() for words in own if words.strip()), ""):
            return said
        weighed = [
            entry
            for entry in self._there("plan-option")
            if entry.value("option") == self.primary
            and entry.parent_id == self.weighed_in
            and (entry.day("considered_on") or FIRST) <= self.on
        ]
        last = max(
            weighed, key=lambda one: (one.day("considered_on") or FIRST, one.id), default=None
        )
        if last is None or last.value("conclusion") not in OPEN:
            return ""
        return last.value("why").strip()

    @property
    def home(self) -> Recorded | None:
        """The assessment of a return home that counts: the latest since one was achieved."""
        achieved = max(
            (
                on
                for plan in self._there("plan")
                if plan.value("primary") in HOME_OPTIONS
                and plan.id != self.plan_id
                and (on := plan.day("achieved_on")) is not None
                and on < self.on
            ),
            default=FIRST,
        )
        found = [
            (begun, entry.id, entry)
            for entry in self._there("return-home")
            if (begun := entry.day("considered_on")) is not None
            and achieved < begun <= self.on
            and not self._over(entry, "ended_on")
        ]
        return max(found, key=lambda one: one[:2])[2] if found else None

    @property
    def assessed(self) -> bool:
        """Whether the assessment of the return home was done by the day."""
        home = self.home
        done = home.day("assessed_on") if home is not None else None
        return done is not None and done <= self.on

    @property
    def empty_parts(self) -> tuple[str, ...]:
        """The parts of a return home that nothing is written in, in words."""
        home = self.home
        return tuple(
            words for code, words in PARTS.items() if home is None or not home.value(code).strip()
        )

    @property
    def household(self) -> tuple[Recorded, ...]:
        """Who lives in the home on the day."""
        found = self._there("household-check")
        return tuple(entry for entry in found if not self._over(entry, "left_on"))

    @property
    def unchecked(self) -> tuple[str, ...]:
        """The names of those in the household without a DBS check, and what it says, by the day.

        None is asked for of who is too young on the day.
        """
        return tuple(
            member.value("name")
            for member in self.household
            if not too_young(member, self.on)
            and (
                (done := member.day("dbs_on")) is None
                or done > self.on
                or not member.value("result").strip()
            )
        )

    def _there(self, kind: str) -> list[Recorded]:
        return [entry for entry in self.entries if entry.kind == kind and entry.stands]

    def _over(self, entry: Recorded, code: str) -> bool:
        end = entry.day(code)
        return end is not None and end <= self.on


def too_young(member: Recorded, on: date) -> bool:
    """Whether somebody of a household is too young for a DBS check on a day, as it is recorded.

    By the date of birth where that is known, else because it is said of them.
    """
    born = member.day("born_on")
    said = member.value("unchecked") == TOO_YOUNG
    return said and (born is None or age_on(born, on) < CHECKED_FROM)


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """An entry as it would stand, beside the others of its kind that stand."""

    kind: str
    values: Mapping[str, str]
    others: tuple[Recorded, ...] = field(default=())


#: Of these relations a child has one, however the name is written.
ONE_OF = frozenset({"mother", "father"})


def same_parent(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two assessments are of the same person: the name, or the child's one mother."""
    names = [" ".join(said.get("name", "").split()).casefold() for said in (one, other)]
    alike = one.get("relation", "") in ONE_OF and one.get("relation") == other.get("relation")
    return alike or (bool(names[0]) and names[0] == names[1])


def assessed_too(facts: EntryFacts) -> tuple[Recorded, ...]:
    """The other assessments of the person whom an assessment is of, whatever their days."""
    return tuple(
        other
        for other in facts.others
        if same_parent(facts.values, {code: used.value for code, used in other.values.items()})
    )


def _whys(group: Sequence[Recorded]) -> Iterator[str]:
    """Why each further one was asked for; the first where it was recorded after another."""
    first, *others = [one.value("why_another").strip() for one in group]
    for why in others:
        yield why or first


def counted(entries: Iterable[Recorded]) -> list[tuple[str, int, tuple[str, ...]]]:
    """Assessments by person: who, how many, and why each further one was asked for."""
    groups: list[list[Recorded]] = []
    listed = [one for one in entries if one.kind == "expert-assessment" and one.stands]
    for entry in sorted(listed, key=lambda one: (one.value("asked_on"), one.id)):
        said = {code: used.value for code, used in entry.values.items()}
        for group in groups:
            if any(same_parent(said, {c: u.value for c, u in o.values.items()}) for o in group):
                group.append(entry)
                break
        else:
            groups.append([entry])
    return [
        (
            ", ".join(dict.fromkeys(one.value("name") for one in group)),
            len(group),
            tuple(_whys(group)),
        )
        for group in groups
    ]
