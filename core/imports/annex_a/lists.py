"""The columns of Annex A lists 8 and 10, under the headings that authorities give them."""

from __future__ import annotations

from core.imports.layout import Column, Layout

FORMAT_8, FORMAT_10 = "annex-a-8", "annex-a-10"
FORMATS = (FORMAT_8, FORMAT_10)


def _left(code: str, heading: str, *also: str, pattern: str = "") -> Column:
    return Column(code=code, heading=heading, also=also, pattern=pattern, left=True)


_CHILD = Column(
    code="child",
    heading="Child Unique ID",
    also=("Child ID", "Child's unique ID", "Unique child ID", "Child identifier", "Person ID",
          "Child", "ID"),
    pattern=r"^child.*\bid\b|child.*(unique|identif)",
    needed=True,
)  # fmt: skip
_SEX = Column(code="sex", heading="Gender", also=("Sex",), pattern=r"^(gender|sex)\b")
_ETHNICITY = Column(
    code="ethnicity", heading="Ethnicity", also=("Ethnic origin",), pattern=r"ethnic"
)
_BORN = Column(
    code="born", heading="Date of Birth", also=("DOB", "Birth date"), pattern=r"date.*birth|\bdob\b"
)
_AGE = _left("age", "Age of Child (Years)", "Age", pattern=r"^age\b")
_DISABILITY = Column(
    code="disability", heading="Does the Child have a Disability", also=("Disability",),
    pattern=r"disabilit",
)  # fmt: skip

LIST_8 = Layout(
    code=FORMAT_8,
    title="Annex A list 8",
    sheet=r"\blist 0?8\b|children in care|looked after",
    telling=frozenset({"started_on", "legal_status", "placement", "plan", "ceased_on"}),
    known_by=3,
    columns=(
        _CHILD, _SEX, _ETHNICITY, _BORN, _AGE,
        Column(code="asylum",
               heading="Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)",
               also=("UASC", "Unaccompanied Asylum Seeking Child"), pattern=r"uasc|asylum"),
        _DISABILITY,
        Column(code="started_on", heading="Date Started to be Looked After", needed=True,
               also=("Date started looked after", "LAC start date", "Date became looked after"),
               pattern=r"^(?!.*(ceas|reason|period|end)).*(date|start).*(looked after|\blac\b)"),
        Column(code="need", heading="Child's Category of Need", also=("Category of need",),
               pattern=r"category.*need|need.*code"),
        _left("second_period", "Is this a second or subsequent period of being a Looked After "
              "Child within the last 12 months (Y/N)", pattern=r"second.*period|subsequent"),
        Column(code="legal_status_since", heading="Start date of current legal status",
               pattern=r"(date|start).*legal status"),
        Column(code="legal_status", heading="Child's Legal Status", also=("Legal status",),
               pattern=r"legal status"),
        Column(code="latest_review_on", heading="Date of Latest Statutory Review",
               also=("Date of latest review",), pattern=r"date.*review"),
        _left("visit", "Date of Last Social Work Visit", pattern=r"social work.*visit"),
        Column(code="plan", heading="What is the permanence plan for this child?",
               also=("Permanence plan", "Permanency plan"), pattern=r"perman\w* plan"),
        _left("iro_visit", "Date of Last IRO Visit / Contact to the Child", pattern=r"\biro\b"),
        Column(code="health", heading="Date of Last Health Assessment", pattern=r"health"),
        _left("dental", "Date of Last Dental Check", pattern=r"dental"),
        _left("placements", "Number of Placements in the Last 12 months",
              pattern=r"number.*placements"),
        Column(code="ceased_on", heading="Date Ceased to be Looked After",
               also=("LAC end date",), pattern=r"date.*ceas|ceas.*date"),
        Column(code="ceased_why", heading="Reason Ceased to be Looked After",
               pattern=r"reason.*ceas|ceas.*reason"),
        Column(code="placement_since", heading="Start Date of Most Recent Placement",
               also=("Placement start date",), pattern=r"(date|start).*placement"),
        Column(code="placement", heading="Placement Type", pattern=r"placement type"),
        Column(code="provider", heading="Placement Provider", pattern=r"placement provider"),
        _left("postcode", "Placement postcode", pattern=r"post ?code"),
        _left("urn", "URN of Placement", pattern=r"\burn\b"),
        _left("where", "Placement Location", pattern=r"placement location"),
        _left("la", "LA of Placement", pattern=r"(\bla\b|authority).*placement"),
        _left("missing", "Number of Episodes the Child has been 'Missing' from their Placement in "
              "the last 12 months", pattern=r"missing.*from"),
        _left("absent", "Number of Episodes the Child has been 'Absent' from their Placement in "
              "the last 12 months", pattern=r"absent"),
        _left("offered", "Was the child offered a Return Interview after their last missing "
              "episode (Y/N)?", pattern=r"offered.*interview"),
        _left("accepted", "Did the child accept a Return Interview after their last missing "
              "episode (Y/N)?", pattern=r"accept.*interview"),
        Column(code="team", heading="Allocated Team", also=("Team",), pattern=r"\bteam\b"),
        Column(code="worker", heading="Allocated Worker",
               also=("Worker", "Social worker", "Allocated social worker"),
               pattern=r"(allocated|social) worker"),
    ),
)  # fmt: skip

LIST_10 = Layout(
    code=FORMAT_10,
    title="Annex A list 10",
    sheet=r"\blist 10\b|adoption",
    telling=frozenset({"decided_on", "matched_on", "placed_on", "order_on", "reversed_on"}),
    known_by=3,
    columns=(
        _CHILD,
        _left("family", "Family identifier", pattern=r"family.*id"),
        _SEX, _ETHNICITY, _BORN, _AGE, _DISABILITY,
        Column(code="started_on", heading="Date the Child Entered Care",
               pattern=r"date.*(entered care|looked after)"),
        Column(code="reversed_why", heading="Reason Why Child No Longer Placed for Adoption",
               also=("Reason why child should no longer be placed for adoption",),
               pattern=r"reason.*no longer"),
        Column(code="reversed_on",
               heading="Date of Decision that Child Should No Longer be Placed for Adoption",
               pattern=r"date.*no longer"),
        Column(code="decided_on", needed=True,
               heading="Date of Decision that Child Should be Placed for Adoption",
               pattern=r"date.*decision.*(?:should|to) be placed"),
        Column(code="placement_order_on", heading="Date of Placement Order",
               pattern=r"date.*placement order"),
        Column(code="matched_on", heading="Date of Matching Child and Prospective Adopters",
               pattern=r"date.*match"),
        Column(code="placed_on", heading="Date Placed for Adoption",
               pattern=r"date.*placed for adoption$"),
        Column(code="order_on", heading="Date of Adoption Order", pattern=r"date.*adoption order"),
        Column(code="ffa_placed_on",
               heading="Date the child was placed for fostering in FFA or concurrent planning "
               "placement",
               pattern=r"date.*(ffa|fostering for adoption|concurrent)"),
    ),
)  # fmt: skip

LISTS = (LIST_8, LIST_10)
TITLES = {
    1: "contacts", 2: "early help", 3: "referrals", 4: "assessments",
    5: "section 47 enquiries and conferences", 6: "children in need", 7: "child protection plans",
    9: "care leavers", 11: "prospective adopters",
}  # fmt: skip
#: What tells a list that is not loaded where no sheet is named: a pattern of one of its headings.
TOLD_BY = {
    1: r"date of contact|contact source",
    3: r"referral nfa|date of referral",
    4: r"continuous assessment",
    5: r"strategy discussion|number of icpcs",
    6: r"cin (start|closure)|primary need code",
    7: r"child protection plan (start|end)",
    9: r"eligibility category|suitability of accom",
    11: r"prospective adopter|adopter id",
}
