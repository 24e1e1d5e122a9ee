"""The SSDA903 code lists: each code's plain meaning and the years in which it is valid."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """One code; `first` and `last` are collection years (the year it ends in), None is no limit."""

    code: str
    meaning: str
    first: int | None = None
    last: int | None = None

    def valid_in(self, year: int | None) -> bool:
        """Whether the code may be used in that collection year; an unknown year accepts any."""
        if year is None:
            return True
        return (self.first is None or year >= self.first) and (
            self.last is None or year <= self.last
        )


def _codes(text: str, first: int | None = None, last: int | None = None) -> dict[str, Code]:
    pairs = (line.split(" ", 1) for line in text.strip().splitlines())
    return {code: Code(code, meaning, first, last) for code, meaning in pairs}


RNE = _codes("""
S Started to be looked after
L Legal status changed, placement did not
P Placement and carer changed, legal status did not
T Placement changed with the same carer, legal status did not
B Legal status, placement and carer all changed
U Legal status and placement changed with the same carer
""")

LEGAL_STATUS = _codes("""
C1 Interim care order
C2 Full care order
D1 Freeing order
E1 Placement order
V2 Accommodated under section 20
V3 Short breaks, each break recorded
V4 Short breaks, agreement recorded
L1 Police protection
L2 Emergency protection order
L3 Child assessment order
J1 Remanded to accommodation or youth detention accommodation
J2 Accommodated under the Police and Criminal Evidence Act
J3 Youth rehabilitation order with residence or intensive fostering
""")

CATEGORY_OF_NEED = _codes("""
N1 Abuse or neglect
N2 Child's disability
N3 Parental illness or disability
N4 Family in acute stress
N5 Family dysfunction
N6 Socially unacceptable behaviour
N7 Low income
N8 Absent parenting
""")

PLACEMENT = {
    **_codes("""
A3 Placed for adoption with parental consent, with current foster carer
A4 Placed for adoption with parental consent, not with current foster carer
A5 Placed for adoption under a placement order, with current foster carer
A6 Placed for adoption under a placement order, not with current foster carer
U1 Foster care with a relative or friend, long term
U2 Foster care with a relative or friend who is also an approved adopter
U3 Foster care with a relative or friend, not long term
U4 Foster care with another carer, long term
U5 Foster care with another carer who is also an approved adopter
U6 Foster care with another carer, not long term
P1 With own parents or another person with parental responsibility
P3 Residential employment
K1 Secure children's home
K2 Children's home
R1 Residential care home
R2 Health trust or other medical or nursing establishment
R3 Family centre or mother and baby unit
R5 Young offender institution
S1 Residential school
T0 Temporary move
T1 Temporarily in hospital
T2 Temporarily away on holiday
T3 Temporary placement while the usual foster carer is on holiday
T4 Temporary placement of up to 7 days
"""),
    **_codes("P2 Independent living", last=2025),
    **_codes("H5 Semi-independent living", last=2025),
    **_codes("Z1 Other placement", last=2025),
    **_codes("K3 Registered supported accommodation", first=2025),
    **_codes(
        """
Z11 Other placement
Z12 Other placement
Z13 Other placement
Z14 Other placement
""",
        first=2026,
    ),
}

PROVIDER = _codes("""
PR0 Parent or person with parental responsibility
PR1 Own provision
PR2 Another local authority
PR3 Another public body
PR4 Private provider
PR5 Voluntary provider
""")

REASON_CEASED = {
    **_codes("""
X1 A new episode starts the same day
E11 Adopted, application not opposed
E12 Adopted, consent dispensed with
E2 Died
E3 Care taken over by another local authority
E4A Returned home, as planned
E4B Returned home, not as part of the plan
E13 Left to live with someone without parental responsibility
E41 Child arrangements order
E5 Independent living with formal support
E6 Independent living without formal support
E7 Moved to adult residential care
E8 Left care for another reason
E9 Sentenced to custody
E14 Accommodation on remand ended
E15 Found to be 18 or over
E16 Moved abroad
E17 18 or over and stayed with current carers
"""),
    **_codes(
        """
E43 Special guardianship order to the former foster carer
E44 Special guardianship order to another carer
""",
        last=2018,
    ),
    **_codes(
        """
E45 Special guardianship order to a former foster carer who is a relative or friend
E46 Special guardianship order to a former foster carer who is not a relative or friend
E47 Special guardianship order to another carer who is a relative or friend
E48 Special guardianship order to another carer who is not a relative or friend
""",
        first=2019,
    ),
}

REASON_PLACE_CHANGE = {
    **_codes("""
CARPL Change to, or carrying out, the care plan
CLOSE Carer resigned or placement closed
ALLEG Allegation
STAND Standards of care concern
APPRR Approval removed
CREQB Carer asked, because of the child's behaviour
CREQO Carer asked, for another reason
CHILD Child asked
LAREQ Responsible or area authority asked
PLACE Change of placement status only
OTHER Other reason
"""),
    **_codes("CUSTOD Custody", first=2019),
}

PARTICIPATION = _codes("""
PN0 Under 4 at the review
PN1 Attended and spoke
PN2 Attended, an advocate spoke
PN3 Attended, gave views without speaking
PN4 Attended, did not contribute
PN5 Did not attend, briefed an advocate
PN6 Did not attend, gave views another way
PN7 Did not attend, views not given
""")

SEX = {
    **_codes("1 Male\n2 Female", last=2024),
    **_codes("M Male\nF Female\nU Unknown", first=2025),
}

ETHNICITY = _codes("""
WBRI White British
WIRI White Irish
WIRT Traveller of Irish heritage
WROM Gypsy or Roma
WOTH Any other White background
MWBC White and Black Caribbean
MWBA White and Black African
MWAS White and Asian
MOTH Any other mixed background
AIND Indian
APKN Pakistani
ABAN Bangladeshi
AOTH Any other Asian background
BCRB Caribbean
BAFR African
BOTH Any other Black background
CHNE Chinese
OOTH Any other ethnic group
REFU Refused
NOBT Not yet obtained
""")

DECISION_REVERSED = _codes("""
RD1 The child's needs changed
RD2 The court made no placement order
RD3 Adopters could not be found
RD4 Any other reason
""")

FOSTER_CARE = _codes("""
0 Not adopted by a former foster carer
1 Adopted by a former foster carer
""")

ADOPTERS = _codes("""
1 One adopter
2 Two adopters
""")

SEX_OF_ADOPTERS = _codes("""
M1 One man
F1 One woman
MM Two men
FF Two women
MF A man and a woman
""")

STATUS_OF_ADOPTERS = _codes("""
L0 Single
L11 Married, of different sexes
L12 Married, of the same sex
L2 Civil partners
L3 Not married, of different sexes
L4 Neither married nor civil partners, of the same sex
""")

PREVIOUS_PERMANENCE = _codes("""
P1 Adoption
P2 Special guardianship order
P3 Residence or child arrangements order
P4 Not known which
Z1 None
""")

#: Codes met in systems but in no year's list here: kept, flagged, never given a meaning.
LEGACY: dict[str, frozenset[str]] = {
    "PLACE": frozenset(
        {"A1", "F1", "F2", "F3", "F4", "F5", "F6", "Q1", "Q2"}
        | {"H1", "H2", "H3", "H4", "M1", "M2", "M3", "R4"}
    ),
    "REC": frozenset({"E1", "E4", "E42"}),
}
#: Reasons written by a repair tool and not by the authority.
REPAIRED = frozenset({"E99", "LIIAF"})

LISTS: dict[str, dict[str, Code]] = {
    "RNE": RNE,
    "LS": LEGAL_STATUS,
    "CIN": CATEGORY_OF_NEED,
    "PLACE": PLACEMENT,
    "PLACE_PROVIDER": PROVIDER,
    "REC": REASON_CEASED,
    "REASON_PLACE_CHANGE": REASON_PLACE_CHANGE,
    "REVIEW_CODE": PARTICIPATION,
    "SEX": SEX,
    "ETHNIC": ETHNICITY,
    "REASON_PLACED_CEASED": DECISION_REVERSED,
    "FOSTER_CARE": FOSTER_CARE,
    "NB_ADOPTR": ADOPTERS,
    "SEX_ADOPTR": SEX_OF_ADOPTERS,
    "LS_ADOPTR": STATUS_OF_ADOPTERS,
    "PREV_PERM": PREVIOUS_PERMANENCE,
}

SHORT_BREAKS = frozenset({"V3", "V4"})
TEMPORARY = frozenset({"T0", "T1", "T2", "T3", "T4"})
OTHER_PLACEMENTS = frozenset({"Z1", "Z11", "Z12", "Z13", "Z14"})
FOR_ADOPTION = frozenset({"A3", "A4", "A5", "A6"})
FOSTER_TO_ADOPT = frozenset({"U2", "U5"})
"""Fostered by carers who are approved as adopters too, before a placement for adoption."""
ADOPTED = frozenset({"E11", "E12"})
SAME_CARERS = frozenset({"T", "U"})
"""The reasons for a new episode by which another placement is with the carers of the last one."""
SECTION_20 = "V2"
"""The legal status of a child accommodated by agreement (Children Act 1989, section 20)."""
PLACEMENT_ORDERS = frozenset({"E1", "D1"})
LONG_TERM_FOSTERING = frozenset({"U1", "U4"})
RESIDENTIAL = frozenset({"K2", "R1"})
WITH_PARENTS = frozenset({"P1"})
CONNECTED_FOSTERING = frozenset({"U1", "U2", "U3"})
SPECIAL_GUARDIANSHIP = frozenset({"E43", "E44", "E45", "E46", "E47", "E48"})
CHILD_ARRANGEMENTS = frozenset({"E41"})


def is_valid(column: str, code: str, year: int | None) -> bool:
    """Whether `code` is in the column's list for that collection year (any year if None)."""
    entry = LISTS[column].get(code)
    return entry is not None and entry.valid_in(year)


def words(column: str, code: str | None) -> str:
    """The code in plain words, the code itself last: "Full care order (C2)"; "Not recorded"."""
    if not code:
        return "Not recorded"
    entry = LISTS.get(column, {}).get(code)
    if entry is not None:
        return f"{entry.meaning} ({entry.code})"
    if code in LEGACY.get(column, frozenset()):
        return f"Older code, meaning not confirmed ({code})"
    if column == "REC" and code in REPAIRED:
        return f"Ended by a repair tool, not by the authority ({code})"
    return f"Not in the national list ({code})"


def known(column: str, code: str) -> bool:
    """Whether it is a code of the column, of today, of years ago or of a repair tool, and no
    other words."""
    return (
        code in LISTS.get(column, {})
        or code in LEGACY.get(column, frozenset())
        or (column == "REC" and code in REPAIRED)
    )


def meaning(column: str, code: str) -> str:
    """The code's meaning alone, for a form that a person reads; what is no code stays as it is."""
    entry = LISTS.get(column, {}).get(code)
    return entry.meaning if entry is not None else code
