"""What is said in made-up planning meetings: of options, of progress, and what is to be done."""

from __future__ import annotations

from dataclasses import dataclass

HOME = (
    "Both parents were asked and assessed. What they would have to change cannot be done in the "
    "time that the child has; it is looked at again at each meeting."
)
NO_MEETING = "The parents did not agree to one. They are asked again before the next meeting."
LATER = "The team manager was called to court; the most senior of those who came chaired."

WHY = {
    "return-home": "The mother has kept every visit since the spring. The home is not safe yet.",
    "return-home-supervision-order": "With an order the visits would go on for a year.",
    "adoption": "The child is young, and no relative has been found who could be approved.",
    "long-term-fostering": "The carers want to care until 18 and beyond; the child calls it home.",
    "connected-fostering": "The aunt is known to the child since birth, and lives near the school.",
    "connected-fostering-to-sgo": "The aunt is approved first; an order can follow in a year.",
    "sgo": "The aunt wants the child to be hers to bring up, with the family’s agreement.",
    "sgo-existing-carer": "The carers have asked what an order would change for them.",
    "cao": "The father’s family would take part; the court may ask for it.",
    "residential": "Only while no foster home can be found that holds.",
    "": "It fits what the child needs, and has not been tried.",
    "rationale": (
        "The child has lived here since the last move and does not want another. No relative "
        "could be approved, and each of the assessments comes to the same."
    ),
}
"""Why an option is supported or still considered; "" for those without words of their own."""

OUT = {
    "return-home": "The last assessment of both parents says no, and nothing has changed since.",
    "adoption": "The child sees both parents and the brothers, and wants to go on with that.",
    "residential": "The child needs a family, and has one.",
    "": "Considered and ruled out: it does not give the child a home to 18 with these people.",
}


@dataclass(frozen=True, slots=True)
class Meeting:
    """What was said at one meeting; an action is what, in how many days, and when it is done."""

    progress: str
    discussion: str
    rationale: str
    agreed: str
    actions: tuple[tuple[str, int, str], ...] = ()

    @property
    def words(self) -> dict[str, str]:
        return {
            "progress": self.progress,
            "discussion": self.discussion,
            "rationale": self.rationale,
            "agreed": self.agreed,
        }


FIRST = Meeting(
    "The first meeting: the child has settled, sleeps through, and has begun at the school.",
    "Everybody said who matters to the child. The aunt and a family friend were named. The "
    "school says that the mornings after visits are hard.",
    "The child has to know soon where home will be. The family is asked first.",
    "The aunt is assessed\nTwo plans are worked on side by side",
    (
        ("Ask for the viability assessment of the aunt", 21, "The assessor has the papers"),
        ("Write the child’s life story with them, a chapter a month", 35, "The first is read"),
    ),
)
SECOND = Meeting(
    "The assessment of the aunt was asked for late, and has begun. The child met her twice.",
    "The aunt asked what she would be paid and who would help her. The guardian wants the "
    "assessment before the next hearing.",
    "The aunt can do it with help. The other plan stays until her assessment is signed.",
    "The plan stays as it is\nHelp for the aunt is put in writing",
    (("Put the help for the aunt in writing, and give it to her", 28, "She has the letter"),),
)
THIRD = Meeting(
    "The assessment is signed and says yes. The letter about help has not gone out.",
    "The child drew the aunt’s house with a bed in it. The brother’s visits go on each month.",
    "Everything that was open at the last meeting is answered but for the help.",
    "The aunt goes to the fostering panel\nThe contingency is not worked on further for now",
    (("Book the fostering panel for the aunt", 14, "The day is in everybody’s diary"),),
)
YOUNG = Meeting(
    "The last two relatives were ruled out. The carers have said that they want to stay.",
    "Whether so young a child should grow up in foster care was asked by everybody in turn.",
    "The child has been in this home since the first night, with a brother, and no relative "
    "could be approved. Another move would cost more than it could give.",
    "Long-term fostering with the present carers, once the head of service has approved it",
    (("Ask the head of service", 3, "The answer is in the record"),),
)
GOING_ON = (
    "Since the last meeting the child has seen the mother four times. The brother asks about "
    "them every week."
)
OPEN_WORDS = "The guardian sends word that she agrees with what the school says."
