"""What is known of one made-up child: SSDA903 rows, and facts that SSDA903 does not carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Episode:
    """One row of SSDA903 Episodes but for CHILD; fields in the order of the file."""

    decom: date
    rne: str
    legal_status: str
    category_of_need: str
    placement: str
    provider: str
    dec: date | None
    reason_ceased: str
    reason_place_change: str
    home_post: str
    placement_post: str
    urn: str


@dataclass(frozen=True, slots=True)
class Review:
    """One statutory review that was held, with its SSDA903 participation code."""

    held: date
    participation: str


@dataclass(frozen=True, slots=True)
class Uasc:
    """An unaccompanied asylum-seeking child; `ceased` is when that status ended (DUC)."""

    ceased: date | None = None


@dataclass(frozen=True, slots=True)
class AdoptionDecision:
    """The agency's decision that the child should be placed for adoption, and its end if any."""

    decided: date
    ceased: date | None = None
    reason_ceased: str = ""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of a permanence plan; `moved` counts the changes of its date."""

    title: str
    due: date
    moved: int = 0
    done: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A permanence plan by the core's option codes; `ruled_out` holds those given up."""

    primary: str
    identified: date
    agreed: date | None = None
    contingencies: tuple[str, ...] = ()
    ruled_out: tuple[str, ...] = ()
    steps: tuple[PlanStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Proceedings:
    """Care proceedings; `final_hearing` may lie ahead, `concluded` is the final order's day."""

    issued: date
    final_hearing: date | None = None
    concluded: date | None = None


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral to panel under a criterion ("1.4.e"), received for a panel on a day."""

    criterion: str
    received: date
    panel: date
    referrer: str
    reason: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class MadeUpChild:
    """One made-up child on the generator's "today".

    `born` is a date of birth, or where `unborn` an expected date. `disability` is in words, or
    empty. Dates that lie after today are `booked_review`, `proceedings.final_hearing`, dates of
    plan steps and `referral.panel`; all others have happened.
    `story` says which rule and which side of it the life was made for; empty for the others.
    """

    local_id: str
    given_name: str
    family_name: str
    born: date
    unborn: bool
    sex: str
    ethnicity: str
    disability: str
    upn: str
    mother_of: date | None
    sibling_group: str | None
    team: str
    social_worker: str
    team_manager: str
    iro: str
    episodes: tuple[Episode, ...]
    reviews: tuple[Review, ...]
    booked_review: date | None
    uasc: Uasc | None
    adoption_decisions: tuple[AdoptionDecision, ...]
    adoption_match: date | None
    adoption_application: date | None
    long_term_match: date | None
    plan: Plan | None
    proceedings: Proceedings | None
    family_network_meeting: date | None
    safety_plan: date | None
    assessment: date | None
    ppm_dates: tuple[date, ...]
    panel_dates: tuple[date, ...]
    residential_not_permanent: str
    iro_agrees_residential: date | None
    referral: Referral | None
    story: str
