"""Bodies to which a child is referred: which answers each gives, and what each records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from core.domain.phrases import inside
from core.domain.record.matching import MATCH
from core.domain.record.proceedings import DETERMINATIONS

LONG_OPEN = 20
"""Working days after which an open referral needs somebody: set here, not by a procedure."""


class Records(StrEnum):
    """Which fact of the child's record an answer makes."""

    NOTHING = "nothing"
    ADOPTION_DECISION = "the agency decision for adoption"
    GATEWAY = "a legal gateway or planning meeting"
    MATCH = "a match"
    FAMILY_FINDING = "the day on which family finding began"
    DECISION = "a decision of another body"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its words, and the fact that it makes; ``value`` is that fact's own code."""

    code: str
    title: str
    records: Records = Records.NOTHING
    value: str = ""

    @property
    def needs_words(self) -> bool:
        """Whether what was said has to be typed with it: its title alone says too little."""
        return self.records in (Records.NOTHING, Records.DECISION) or self.value == "other"


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers that bodies of one sort give; ``carers``: with whom is asked too."""

    answers: tuple[Answer, ...]
    carers: bool = False

    def answer(self, code: str) -> Answer | None:
        return next((one for one in self.answers if one.code == code), None)


SENT_BACK = Answer("sent-back", "Sent back: more is needed before it is answered")
WITHDRAWN = Answer("withdrawn", "Withdrawn: no answer is wanted any more")
NO_FACT = (SENT_BACK, WITHDRAWN)
IN_WORDS = (
    Answer("agreed", "Agreed", Records.DECISION),
    Answer("agreed-in-part", "Agreed in part", Records.DECISION),
    Answer("not-agreed", "Not agreed", Records.DECISION),
    Answer("advice", "Advice or direction given", Records.DECISION),
)
MATCHED = tuple(
    Answer(f"matched-{code}", f"Matched for: {inside(title)}", Records.MATCH, code)
    for code, title in MATCH.by_code["for"].choices.items()
)

#: By the sort of body: what it answers.
SORTS: Mapping[str, Answers] = MappingProxyType(
    {
        "adoption-decision": Answers(
            (
                Answer(
                    "should-be-placed",
                    "The child should be placed for adoption",
                    Records.ADOPTION_DECISION,
                ),
                Answer(
                    "should-not-be-placed",
                    "The child should not be placed for adoption",
                    Records.DECISION,
                ),
                Answer("not-decided", "Not decided yet: it comes back", Records.DECISION),
                *NO_FACT,
            )
        ),
        "legal": Answers(
            (
                *(
                    Answer(f"determined-{code}", title, Records.GATEWAY, code)
                    for code, title in DETERMINATIONS.items()
                ),
                *NO_FACT,
            )
        ),
        "match": Answers(
            (*MATCHED, Answer("not-matched", "Not matched", Records.DECISION), *NO_FACT),
            carers=True,
        ),
        "family-finding": Answers(
            (
                Answer("begun", "Family finding has begun", Records.FAMILY_FINDING),
                Answer("not-begun", "Family finding is not begun", Records.DECISION),
                *NO_FACT,
            )
        ),
        "words": Answers((*IN_WORDS, *NO_FACT)),
        "person": Answers(
            (
                Answer("taken-up", "Taken up"),
                Answer("not-taken-up", "Not taken up"),
                Answer("answered", "Another answer"),
                *NO_FACT,
            )
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Sort:
    """What a body is: the sort of its answers, and how the record names it.

    ``meeting`` is the code of a legal meeting (record: gateway), ``body`` that of a body whose
    decision is recorded (record: decision-elsewhere).
    """

    answers: str
    meeting: str = ""
    body: str = "other"


#: By the shared code of a forum.
FORUMS: Mapping[str, Sort] = MappingProxyType(
    {
        "agency-decision-maker": Sort("adoption-decision", body="adm"),
        "adoption-team": Sort("family-finding"),
        "fostering-panel": Sort("match", body="fostering-panel"),
        "adoption-panel": Sort("match", body="adoption-panel"),
        "legal-planning-meeting": Sort("legal", meeting="lpm"),
        "legal-gateway-meeting": Sort("legal", meeting="lgm"),
        "legal-gateway-panel": Sort("legal", meeting="lgp"),
        "legal-tracking-meeting": Sort("legal"),
        "area-gateway-panel": Sort("legal", meeting="lgp"),
        "county-gateway-panel": Sort("legal", meeting="lgp"),
        "resource-panel": Sort("words", body="resource-panel"),
        "placement-and-resource-panel": Sort("words", body="resource-panel"),
        "complex-cases-panel": Sort("words", body="complex-cases"),
        "case-management-review": Sort("words", body="case-management-review"),
        "accommodation-pathway-panel": Sort("words", body="accommodation-panel"),
    }
)


def sort_of(forum: str, *, of_person: bool = False) -> Sort:
    """What a forum is; one of a procedure's own answers in words, one about a person likewise."""
    return Sort("person") if of_person else FORUMS.get(forum, Sort("words"))


def answers_of(forum: str, *, of_person: bool = False) -> Answers:
    return SORTS[sort_of(forum, of_person=of_person).answers]


def answer_words(forum: str, code: str, words: str, *, of_person: bool = False) -> str:
    """Which answer was given and what was said of it: "Not agreed: not before the review"."""
    found = answers_of(forum, of_person=of_person).answer(code)
    said = words.strip()
    if found is None:
        return said
    return f"{found.title}: {said}" if said and said != found.title else found.title


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as it is recorded: the day, which one, the words, and with whom (a match)."""

    on: date
    answer: Answer
    words: str
    carers: str = ""


def values_of(forum: str, forum_words: str, asked: str, said: Said) -> tuple[str, dict[str, str]]:
    """The kind of entry of the record that an answer makes, and its values by field.

    A decision for adoption is a row of care and not an entry: its kind is "adoption-decision".
    ("", {}) where the answer makes no fact.
    """
    on, sort = said.on.isoformat(), sort_of(forum)
    words = said.words.strip()
    match said.answer.records:
        case Records.ADOPTION_DECISION:
            return "adoption-decision", {"decided_on": on}
        case Records.GATEWAY:
            found = {
                "held_on": on,
                "meeting": sort.meeting,
                "determination": said.answer.value,
                "recommended": asked,
                "words": words,
            }
            return "gateway", {code: value for code, value in found.items() if value}
        case Records.MATCH:
            found = {
                "matched_on": on,
                "for": said.answer.value,
                "carers": said.carers,
                "decided_by": forum_words[:200],
                "words": words,
            }
            return "match", {code: value for code, value in found.items() if value}
        case Records.FAMILY_FINDING:
            return "adoption", {"family_finding_on": on}
        case Records.DECISION:
            decided = f"{said.answer.title}. {words}" if words else said.answer.title
            named = f"{forum_words}: {decided}" if sort.body == "other" else decided
            return "decision-elsewhere", {
                "body": sort.body,
                "decided_on": on,
                "decision": named,
            }
    return "", {}
