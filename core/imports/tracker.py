"""The existing tracker, a template of the project: plan, panels, proceedings and open actions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from core.domain.record.plan import NATIONAL_ONLY, OPTIONS, STATES
from core.domain.record.proceedings import DETERMINATIONS
from core.imports import case_list
from core.imports.annex_a import values
from core.imports.gathered import Gathered
from core.imports.layout import Column, Layout, plain
from core.imports.row import SheetRow
from core.imports.stated import StatedAction

FORMAT = "tracker"
_DAY = "A date, such as 05/04/2018."
_SEVERAL = re.compile(r"\s*[;\n|]\s*")

OWN: tuple[Column, ...] = (
    Column(code="plan", heading="Plan", hint="The permanence plan, such as Adoption.",
           also=("Permanence plan", "Primary plan", "Permanency plan", "Current plan")),
    Column(code="plan_on", heading="Plan date", hint=f"When the plan was identified. {_DAY}",
           also=("Date of plan", "Plan identified", "Plan identified on", "Permanence plan date")),
    Column(code="plan_state", heading="Plan state", also=("Plan status", "Status of plan"),
           hint="Provisional, Agreed, Achieved, or No longer the plan."),
    Column(code="contingency", heading="Contingency",
           also=("Contingency plan", "Parallel plan", "Contingencies"),
           hint="Further plans, with semicolons between."),
    Column(code="ppm_on", heading="Last PPM", hint=f"The last permanence planning meeting. {_DAY}",
           also=("Last PPM date", "Date of last PPM", "PPM date", "PPM")),
    Column(code="panel_on", heading="Last panel", hint=f"The last permanence panel. {_DAY}",
           also=("Last panel date", "Date of last panel", "Panel date")),
    Column(code="issued_on", heading="Proceedings issued", hint=_DAY,
           also=("Proceedings issue date", "Date proceedings issued", "Issue date",
                 "Court proceedings issued")),
    Column(code="final_hearing_on", heading="Final hearing", hint=f"{_DAY} It may lie ahead.",
           also=("Final hearing date", "Date of final hearing")),
    Column(code="ended_on", heading="Proceedings ended",
           hint=f"When the final order was made. {_DAY}",
           also=("Final order", "Final order date", "Date of final order", "Proceedings end date",
                 "Proceedings final date")),
    Column(code="lgm_on", heading="LGM date", hint=f"The legal gateway meeting. {_DAY}",
           also=("LGM", "Date of LGM", "Legal gateway meeting", "Legal gateway meeting date",
                 "LPM date", "Legal planning meeting date")),
    Column(code="lgm_determination", heading="LGM determination",
           also=("LGM outcome", "Legal gateway determination", "LGM decision",
                 "Legal gateway meeting outcome"),
           hint="Such as Issue proceedings, Pre-proceedings, or Threshold not met."),
    Column(code="matched_on", heading="Match date", hint=_DAY,
           also=("Matched on", "Date of match", "Match", "Matching date")),
    Column(code="approved_on", heading="Carers' approval date", hint=_DAY,
           also=("Carers approval", "Carers approved", "Approval of carers",
                 "Carer approval date", "Carers' approval")),
    Column(code="action", heading="Action", hint="One open action a row.",
           also=("Actions", "Open action", "Outstanding action", "Action required")),
    Column(code="action_owner", heading="Action owner", also=("Owner", "Action for", "By whom"),
           hint="Their name."),
    Column(code="action_owner_email", heading="Action owner e-mail",
           also=("Owner e-mail", "Owner email", "Action owner email"),
           hint="Their e-mail here; it decides whose account is meant."),
    Column(code="action_owner_staff_number", heading="Action owner staff number",
           also=("Owner staff number",), hint="Their staff number; either decides."),
    Column(code="action_due", heading="Action due", also=("Due", "Due date", "Action due date",
           "Deadline", "By when"), hint=f"Needed for an action. {_DAY}"),
)  # fmt: skip

LAYOUT = Layout(
    code=FORMAT,
    title="Tracker",
    sheet=r"tracker|tracking",
    telling=frozenset(column.code for column in OWN),
    known_by=2,
    own_id=True,
    columns=(case_list.LOCAL_ID, *OWN, *case_list.COLUMNS),
)

#: Patterns on plain words, the first that fits.
_DETERMINED: values.Words = (
    (r"not met|no threshold", "threshold-not-met"),
    (r"\b(not|no|don t)\b.*(issue|proceedings)", ""),
    (r"pre proceedings|\bplo\b|public law outline", "pre-proceedings"),
    (r"discharge|revoke", "discharge"),
    (r"issue|care proceedings|threshold met|start proceedings", "issue"),
    (r"section 20|\bs ?20\b|accommodat", "s20"),
    (r"continue|come back|review", "continue"),
)
_BY_TITLE: Mapping[str, str] = {
    plain(title): code for code, title in {**OPTIONS, **NATIONAL_ONLY}.items()
} | {plain(code): code for code in OPTIONS}
_ALSO: Mapping[str, str] = {
    "sgo": "sgo",
    "special guardianship": "sgo",
    "cao": "cao",
    "ltf": "long-term-fostering",
    "connected carer": "connected-fostering",
    "kinship fostering": "connected-fostering",
    "return home": "return-home",
    "return home under a supervision order": "return-home-supervision-order",
    "reunification": "return-home",
    "rehabilitation": "return-home",
}


def read(row: SheetRow, out: Gathered, as_at: date) -> None:
    """A row of a child: the facts are of the child, the action is of the row."""
    child = row.local_id("child")
    if not child:
        return
    out.child(child)
    case_list.who(row, out, child, as_at)
    _plan(row, out, child)
    days = {code: row.day(code) for code in (
        "ppm_on", "panel_on", "issued_on", "final_hearing_on", "ended_on", "lgm_on", "matched_on",
        "approved_on",
    )}  # fmt: skip
    for code, value in days.items():
        if value is not None and value > as_at and code != "final_hearing_on":
            row.warning(
                code, "impossible date", "The day lies after the day of the file. Check it."
            )
    for code, meeting in (("ppm_on", "ppm"), ("panel_on", "panel")):
        if held := days[code]:
            key = f"{meeting} {held.isoformat()}"
            out.fact(child, "earlier-meeting", "meeting", meeting, code, key)
            out.fact(child, "earlier-meeting", "held_on", held, code, key)
    issued, ended = days["issued_on"], days["ended_on"]
    if issued and ended and ended < issued:
        row.warning("ended_on", "impossible date", "Proceedings end before they start. Check both.")
    key = issued.isoformat() if issued else ""
    for code in ("issued_on", "final_hearing_on", "ended_on"):
        out.fact(child, "proceedings", code, days[code], code, key)
    _gateway(row, out, child, days["lgm_on"])
    for code, kind in (("matched_on", "match"), ("approved_on", "carers-approval")):
        if found := days[code]:
            out.fact(child, kind, code, found, code, found.isoformat())
    _action(row, out, child)


def plan_of(text: str) -> tuple[str, bool]:
    """The code of a plan and whether its words are known: an option's name, or local words."""
    said = plain(text)
    code = _BY_TITLE.get(said) or _ALSO.get(said)
    return (code, True) if code else values.plan(text)


def _plan(row: SheetRow, out: Gathered, child: str) -> None:
    text, since = row.text("plan", 1_000), row.day("plan_on")
    key = since.isoformat() if since else ""
    if text:
        code, known = plan_of(text)
        if not known:
            row.warning(
                "plan",
                "unrecognised",
                "The plan is in words that are not known. It is kept as a plan that is not "
                "specified, with the words.",
            )
        out.fact(child, "plan", "primary", code, "plan", key)
        if code == "unspecified":
            out.fact(child, "plan", "primary_words", text, "plan", key)
        out.fact(child, "plan", "identified_on", since, "plan_on", key)
    elif since:
        row.warning("plan", "blank", "There is a day of a plan and no plan. Give the plan.")
        return
    if state := row.line_of_text("plan_state"):
        said = plain(state)
        found = next((c for c, words in STATES.items() if said in (plain(words), plain(c))), "")
        if not found:
            row.warning(
                "plan_state", "unrecognised",
                "The state is left out. Give Provisional, Agreed, Achieved or No longer the plan.",
            )  # fmt: skip
        elif text:
            out.fact(child, "plan", "state", found, "plan_state", key)
    if contingency := row.text("contingency", 1_000):
        _contingency(row, out, child, contingency, key)


def _contingency(row: SheetRow, out: Gathered, child: str, text: str, key: str) -> None:
    """Known options as their codes; what is not one of them stays as words."""
    codes: list[str] = []
    unknown = False
    for part in filter(None, _SEVERAL.split(text)):
        code, _ = plan_of(part)
        if code in OPTIONS and code not in codes:
            codes.append(code)
        elif code not in OPTIONS:
            unknown = True
    if unknown:
        row.warning(
            "contingency",
            "unrecognised",
            "Not all of the contingency is in words that are known. The words are kept.",
        )
        out.fact(child, "plan", "contingency_words", text, "contingency", key)
    out.fact(child, "plan", "contingencies", ",".join(sorted(codes)), "contingency", key)


def _gateway(row: SheetRow, out: Gathered, child: str, held: date | None) -> None:
    text = row.text("lgm_determination", 1_000)
    if held is None:
        if text:
            row.warning(
                "lgm_on", "blank",
                "There is a determination and no day of the meeting. It is left out. Give the day.",
            )  # fmt: skip
        return
    key = held.isoformat()
    out.fact(child, "gateway", "held_on", held, "lgm_on", key)
    if not text:
        return
    said = plain(text)
    titles = {plain(words): code for code, words in DETERMINATIONS.items()}
    code = titles.get(said) or next((c for p, c in _DETERMINED if re.search(p, said)), "")
    if not code:
        row.warning(
            "lgm_determination", "unrecognised",
            "The determination is in words that are not known. It is kept as another one, with "
            "the words.",
        )  # fmt: skip
    out.fact(child, "gateway", "determination", code or "other", "lgm_determination", key)
    if titles.get(said) is None:
        out.fact(child, "gateway", "words", text, "lgm_determination", key)


def _action(row: SheetRow, out: Gathered, child: str) -> None:
    what, due = row.text("action"), row.day("action_due")
    if not what:
        if due:
            row.warning("action", "blank", "There is a day and no action. Give what is to be done.")
        return
    name, mail, number = case_list.person(row, "action_owner")
    if due is None:
        if row.cell("action_due") == "":
            row.error(
                "action_due", "no day",
                "The action has no day by which it is due, so it is not loaded. Give the day.",
            )  # fmt: skip
        return
    if not (name or mail or number):
        row.warning("action_owner", "blank", "Nobody owns this action. Give who does it.")
    out.action(StatedAction(child, what, due, row.source, name, mail, number), "action_due")
