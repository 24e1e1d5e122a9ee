"""What people say: views, family network meetings, and who is to be reached."""

from __future__ import annotations

from core.domain.record.kind import PREGNANCY, FactField, FactType, Kind

WHOSE = {
    "child": "The child",
    "mother": "Mother",
    "father": "Father",
    "parent": "Another person with parental responsibility",
    "sibling": "Brother or sister",
    "family": "Another family member",
    "carer": "Carer",
    "guardian": "Children's guardian",
    "iro": "Independent reviewing officer",
    "advocate": "Advocate",
    "other": "Somebody else",
}

VIEW = Kind(
    code="view",
    title="Views",
    one="a view",
    order="said_on",
    key=("whose", "said_on"),
    apart=("name", "about"),
    fields=(
        FactField(code="whose", label="Whose", type=FactType.CHOICE, choices=WHOSE, required=True,
                  main=True),
        FactField(code="name", label="Name", hint="Not needed for the child"),
        FactField(code="said_on", label="When", type=FactType.DAY, required=True, main=True,
                  before_birth=PREGNANCY),
        FactField(
            code="about", label="About what", type=FactType.CHOICE,
            choices={
                "plan": "The plan for permanence",
                "home": "Where the child lives",
                "family-time": "Time with family",
                "school-health": "School or health",
                "other": "Something else",
            },
        ),
        FactField(
            code="how", label="How it was given", type=FactType.CHOICE,
            choices={
                "told": "Told to a worker",
                "meeting": "At a meeting",
                "written": "In writing",
                "drawn": "Drawn, or through play",
                "recorded": "Sound or video recording",
                "observed": "Observed",
                "advocate": "Through an advocate",
                "not-given": "Asked, and not given",
            },
        ),
        FactField(code="words", label="What was said", type=FactType.LONG_TEXT, required=True,
                  main=True),
        FactField(code="paper", label="File", paper=True),
    ),
)  # fmt: skip

FAMILY_MEETING = Kind(
    code="family-meeting",
    title="Family network meetings",
    one="a family network meeting",
    order="held_on",
    key=("held_on",),
    fields=(
        FactField(code="held_on", label="Held on", type=FactType.DAY, required=True, main=True,
                  before_birth=PREGNANCY),
        FactField(
            code="kind", label="Which", type=FactType.CHOICE, main=True,
            choices={
                "fnm": "Family network meeting",
                "fgc": "Family group conference",
                "other": "Another family meeting",
            },
        ),
        FactField(code="who", label="Who came", type=FactType.LONG_TEXT),
        FactField(code="outcome", label="What the family proposed", type=FactType.LONG_TEXT,
                  main=True),
        FactField(code="agreed", label="Accepted by the local authority", type=FactType.YES_NO),
        FactField(code="safety_plan", label="A safety plan is in place", type=FactType.YES_NO),
        FactField(code="connected", label="Who came forward to care for the child",
                  type=FactType.LONG_TEXT),
        FactField(code="next_on", label="To meet again on", type=FactType.DAY, future=True,
                  before_birth=PREGNANCY),
    ),
)  # fmt: skip

CONTACT = Kind(
    code="contact",
    title="People to reach",
    one="a person to reach",
    key=("name",),
    apart=("relation",),
    fields=(
        FactField(code="name", label="Name", required=True, main=True),
        FactField(code="relation", label="Who they are to the child", required=True, main=True),
        FactField(code="responsibility", label="Has parental responsibility",
                  type=FactType.YES_NO, main=True),
        FactField(code="phone", label="Telephone", type=FactType.PHONE, main=True),
        FactField(code="email", label="E-mail", type=FactType.EMAIL),
        FactField(code="address", label="Address", type=FactType.LONG_TEXT),
        FactField(code="words", label="What to know before reaching them",
                  type=FactType.LONG_TEXT),
        FactField(code="until_on", label="Not to be reached from", type=FactType.DAY),
    ),
)  # fmt: skip

SIBLING_ARRANGEMENT = Kind(
    code="sibling-arrangement",
    title="Brothers and sisters: together or apart",
    one="an arrangement for brothers and sisters",
    order="decided_on",
    key=("with",),
    apart=("decided_on",),
    fields=(
        FactField(code="with", label="With whom", required=True, main=True),
        FactField(
            code="arrangement", label="Together or apart", type=FactType.CHOICE, required=True,
            main=True, choices={"together": "Together", "apart": "Apart", "partly": "Partly"},
        ),
        FactField(code="decided_on", label="Since", type=FactType.DAY, main=True),
        FactField(code="why", label="Why", type=FactType.LONG_TEXT, main=True),
        FactField(code="time_together", label="How they spend time together",
                  type=FactType.LONG_TEXT),
    ),
)  # fmt: skip
