"""The case list, a template of the project: who a child is, and who works with them."""

from __future__ import annotations

from datetime import date

from core.domain.naming import EMAIL
from core.imports.annex_a import values
from core.imports.gathered import Gathered
from core.imports.layout import Column, Layout
from core.imports.row import SheetRow

FORMAT = "case-list"
GROUP = "imported: "
PEOPLE = ("worker", "manager", "iro")

LOCAL_ID = Column(
    code="child", heading="Local ID", needed=True,
    also=("Child ID", "Child Unique ID", "Client ID", "Person ID", "Case ID", "Child", "ID",
          "Local identifier", "Mosaic ID", "LCS ID", "Liquidlogic ID", "Child number"),
    pattern=r"^(local|child|client|person)\w* (id|number|ref\w*)\b",
    hint="The child's number in your case system, as in your returns. Format the column as text.",
)  # fmt: skip


def _of(who: str, *also: str) -> tuple[Column, Column, Column]:
    """The three columns by which a person is named: in words, by e-mail, by staff number."""
    name = who.capitalize() if who != "iro" else "IRO"
    return (
        Column(
            code=who, heading=f"{name} name",
            also=(name, *also, *(f"{a} name" for a in also)), hint="Their name, as people know it.",
        ),
        Column(
            code=f"{who}_email", heading=f"{name} e-mail",
            also=tuple(f"{a} {mail}" for a in (name, *also) for mail in ("email", "e-mail address",
                                                                       "email address")),
            hint="Their e-mail here; it decides whose account is meant.",
        ),
        Column(
            code=f"{who}_staff_number", heading=f"{name} staff number",
            also=tuple(f"{a} {number}" for a in (name, *also)
                       for number in ("staff number", "employee number", "staff no", "staff id",
                                      "payroll number")),
            hint="Their staff number, where accounts have one; either decides.",
        ),
    )  # fmt: skip


COLUMNS: tuple[Column, ...] = (
    Column(code="given_name", heading="Given name", hint="The child's first name.",
           also=("First name", "Forename", "Forenames", "Given names", "Child first name",
                 "Child forename")),
    Column(code="family_name", heading="Family name", hint="The child's last name.",
           also=("Surname", "Last name", "Child surname", "Child last name")),
    Column(code="born", heading="Date of birth", hint="A date, such as 05/04/2018.",
           also=("DOB", "Born", "Birth date"), pattern=r"date.*birth"),
    Column(code="sex", heading="Sex", also=("Gender",), hint="Male or Female."),
    Column(code="team", heading="Team", hint="The team that holds the case.",
           also=("Allocated team", "Team name")),
    Column(code="service", heading="Service", hint="The service of the team.",
           also=("Service area", "Service name")),
    *_of("worker", "Social worker", "Allocated worker", "Allocated social worker", "Key worker",
         "SW"),
    *_of("manager", "Team manager", "Supervisor", "Line manager"),
    *_of("iro", "Independent reviewing officer", "Reviewing officer"),
    Column(code="sibling_group", heading="Sibling group",
           also=("Siblings", "Family group", "Sibling group ID"),
           hint="The same word or number for brothers and sisters; no other child has it."),
)  # fmt: skip

LAYOUT = Layout(
    code=FORMAT,
    title="Case list",
    sheet=r"case ?list",
    telling=frozenset(
        {"given_name", "family_name", "team", "service", "sibling_group", "worker",
         "worker_email", "worker_staff_number", "manager", "manager_email", "iro", "iro_email",
         "iro_staff_number"}
    ),
    known_by=2,
    own_id=True,
    columns=(LOCAL_ID, *COLUMNS),
)  # fmt: skip


def read(row: SheetRow, out: Gathered, as_at: date) -> None:
    """A row of a child; a sheet may have several rows of one child."""
    child = row.local_id("child")
    if child:
        out.child(child)
        who(row, out, child, as_at)


def who(row: SheetRow, out: Gathered, child: str, as_at: date) -> None:
    """What the columns of a case list say of a child, in whichever sheet they stand."""
    for code in ("given_name", "family_name"):
        out.identity(child, code, row.line_of_text(code, 100), code)
    born = row.day("born")
    if born is not None and born > as_at:
        row.warning(
            "born", "born later", "The date of birth is after the day of the file. Check it."
        )
    out.identity(child, "born", born, "born")
    if text := row.line_of_text("sex"):
        sex = values.sex(text)
        if sex is None:
            row.warning("sex", "unrecognised", "The sex is left out. Give Male or Female.")
        out.identity(child, "sex", sex or "", "sex")
    if group := row.line_of_text("sibling_group", 30):
        out.identity(child, "sibling_group", GROUP + group.casefold(), "sibling_group")
    out.team(child, row.line_of_text("team"), row.line_of_text("service"))
    for relation in PEOPLE:
        name, mail, number = person(row, relation)
        out.person(child, relation, name, mail, number)


def person(row: SheetRow, who: str) -> tuple[str, str, str]:
    """A person's name, e-mail and staff number as the row gives them."""
    name = row.line_of_text(who)
    mail = row.line_of_text(f"{who}_email", 254).casefold().removeprefix("mailto:")
    if not mail and EMAIL.fullmatch(name):
        name, mail = "", name.casefold()
    if mail and not EMAIL.fullmatch(mail):
        row.warning(
            f"{who}_email", "e-mail", "This is no e-mail address and is left out. Give one."
        )
        mail = ""
    return name, mail, row.line_of_text(f"{who}_staff_number", 64)
