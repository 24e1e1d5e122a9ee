"""The pages of a child's record: every kind shown, added, corrected; wrong input; two at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.domain.finding import Refused
from core.domain.record import KINDS, FactField, FactType, Kind
from core.store import record, record_stated
from core.store.database import db, writing
from core.store.record_stated import StatedRow
from core.store.tables import CaseChild, ImportFile, ImportRun, PanelCase
from core.usecases.record_new import add as add_entry

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
GATEWAY = {"held_on": "2026-02-03", "determination": "issue"}
SEEN = re.compile(r'name="(fact-[a-z_]+-seen)" value="(\d+)"')


@pytest.fixture
def bexley(house: House) -> House:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house


@pytest.fixture
def child(bexley: House) -> tuple[int, str]:
    return bexley.child()


@pytest.fixture
def client(bexley: House) -> FlaskClient:
    return bexley.client("social.worker")


def text(answer: TestResponse) -> str:
    plain = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return " ".join(plain.replace("&#39;", "'").split())


def sample(field: FactField, second: bool = False) -> str:
    """A value that a field can have, and another."""
    match field.type:
        case FactType.DAY:
            return "2026-10-02" if second else "2026-10-01"
        case FactType.CHOICE:
            return list(field.choices)[1 if second else 0]
        case FactType.CHOICES:
            return list(field.choices)[3 if second else 2]
        case FactType.EMAIL:
            return "later@example.org" if second else "first@example.org"
        case FactType.PHONE:
            return "020 7946 0001" if second else "020 7946 0000"
        case FactType.PARTIAL_DAY:
            return "2019" if second else "March 2018"
        case FactType.YES_NO:
            return "no" if second else "yes"
        case FactType.NUMBER:
            return "2" if second else "1"
        case _:
            return f"{'Later' if second else 'First'} words of {field.code}"


def typed(values: Mapping[str, str], kind: Kind) -> dict[str, str]:
    """Values as the form of a kind posts them."""
    form = {f"fact-{field.code}-seen": "0" for field in kind.typed_here}
    for code, value in values.items():
        field = kind.field(code)
        if field is not None and field.type is FactType.DAY:
            year, month, day = value.split("-")
            form |= {f"fact-{code}-{p}": v for p, v in zip(PARTS, (day, month, year), strict=True)}
        else:
            form[f"fact-{code}"] = value
    return form


PARTS = ("day", "month", "year")


def form_of(answer: TestResponse) -> dict[str, str]:
    """What a page's form carries of what was seen."""
    return dict(SEEN.findall(answer.get_data(as_text=True)))


def queries(client: FlaskClient, address: str) -> int:
    asked = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)


def new(house: House, child: tuple[int, str], kind: str, **values: str) -> str:
    made = add_entry(house.scope("social.worker"), child[1], kind, values, AT)
    db.session.rollback()
    return made.public_id


def imported(house: House, child: tuple[int, str], said: str = "s20") -> None:
    own = {"authority_id": house.authority_id}
    with writing():
        made = sa.insert(ImportRun).values(
            **own, state="applied", asked_at=AT, changed_at=AT, counts={}
        )
        run = db.session.execute(made.returning(ImportRun.id)).scalar_one()
        named = sa.insert(ImportFile).values(**own, run_id=run, name="tracker.csv", size=1)
        file = db.session.execute(named.returning(ImportFile.id)).scalar_one()
        march = date(2026, 3, 31)
        values = {"held_on": "2026-02-03", "determination": said}
        record_stated.put(
            house.whole,
            [
                StatedRow(child[0], "gateway", "", code, value, "tracker", march, file, 7)
                for code, value in values.items()
            ],
            AT,
        )


@pytest.mark.parametrize(
    "kind", [one for one in KINDS.values() if one.typed], ids=lambda kind: kind.code
)
def test_every_kind_is_added_shown_and_corrected(
    bexley: House, child: tuple[int, str], client: FlaskClient, kind: Kind
) -> None:
    client = bexley.client("head.of.service") if kind.typed_by else client
    of = new(bexley, child, "plan", primary="sgo") if kind.part_of else ""
    values = {field.code: sample(field) for field in kind.typed_here}
    if kind.code == "plan":
        del values["ended_on"]  # a plan that is over is listed, and no more
        values["state"] = "achieved"
    if kind.code == "household-check":
        del values["unchecked"], values["unchecked_why"]  # asked of nobody who was checked
    address = f"/children/{child[1]}/record/add/{kind.code}"
    assert client.get(address, query_string={"of": of}).status_code == 200
    answer = client.post(address, data={**typed(values, kind), "of": of})
    assert answer.status_code == 303, text(answer)
    entry = record.entries(bexley.whole, child[0])[-1]
    db.session.rollback()
    assert {code: used.value for code, used in entry.values.items()} == values
    page = text(client.get(f"/children/{child[1]}/record"))
    for field in kind.typed_here:
        if field.main and field.type in (FactType.TEXT, FactType.LONG_TEXT):
            assert values[field.code] in page
    assert client.get(f"/record/{entry.public_id}").status_code == 200
    changed = next(f for f in reversed(kind.typed_here) if f.type is not FactType.DAY)
    form = client.get(f"/record/{entry.public_id}/correct")
    other = {**values, changed.code: sample(changed, second=True)}
    posted = {**typed(other, kind), **form_of(form), "reason": "It was put wrongly"}
    assert client.post(f"/record/{entry.public_id}/correct", data=posted).status_code == 303
    history = text(client.get(f"/record/{entry.public_id}"))
    assert "It was put wrongly" in history
    (now,) = [e for e in record.entries(bexley.whole, child[0]) if e.id == entry.id]
    assert {code: used.value for code, used in now.values.items()} == other


@pytest.mark.parametrize(
    ("kind", "typed_in", "said"),
    [
        ("gateway", {"fact-held_on-day": "3"}, "must include a month and a year"),
        ("gateway", {"fact-held_on-day": "31", "fact-held_on-month": "2",
                     "fact-held_on-year": "2026"}, "must be a real date"),
        ("gateway", {"fact-held_on-day": "1", "fact-held_on-month": "2",
                     "fact-held_on-year": "2027"}, "must be today or in the past"),
        ("gateway", {"fact-held_on-day": "9" * 5000, "fact-held_on-month": "٣",
                     "fact-held_on-year": "-1"}, "must be a real date"),
        ("gateway", {"fact-determination": "guess"}, "choose one of the answers"),
        ("plan", {"fact-contingencies": "x,y"}, "choose among the answers"),
        ("plan", {"fact-primary": "sgo", "fact-state": "agreed"}, "Agreed on: enter the day"),
        ("adoption", {"fact-adopters": "1e9"}, "must be a whole number"),
        ("contact", {"fact-name": "n" * 300, "fact-relation": "aunt"}, "too long"),
        ("family-meeting", {"fact-agreed": "perhaps"}, "choose yes or no"),
        ("adoption", {}, "Enter something"),
    ],
)  # fmt: skip
def test_wrong_input_is_said_beside_its_field_and_kept(
    child: tuple[int, str], client: FlaskClient, kind: str, typed_in: dict[str, str], said: str
) -> None:
    posted = {**typed({}, KINDS[kind]), **typed_in}
    answer = client.post(f"/children/{child[1]}/record/add/{kind}", data=posted)
    assert answer.status_code == 422
    assert said in text(answer)
    if "fact-name" in typed_in:
        assert "n" * 300 in answer.get_data(as_text=True)


def test_a_typed_and_an_imported_fact_that_disagree_are_both_shown(
    bexley: House, child: tuple[int, str], client: FlaskClient
) -> None:
    entry = new(bexley, child, "gateway", **GATEWAY)
    imported(bexley, child)
    page = client.get(f"/children/{child[1]}/record")
    assert "1 fact on which sources do not agree" in text(page)
    says = "The file tracker.csv of 31 March 2026 says otherwise: The child stays accommodated"
    assert says in text(page)
    assert "Threshold met: issue proceedings Typed by Social Worker" in text(page)
    address = f"/record/{entry}/file-says/determination"
    assert address in page.get_data(as_text=True)
    form = client.get(address)
    seen = re.search(r'name="seen" value="(\d+)"', form.get_data(as_text=True))
    assert seen is not None
    assert client.post(address, data={"seen": seen[1], "reason": ""}).status_code == 422
    posted = {"seen": seen[1], "reason": "The minutes say so"}
    assert client.post(address, data=posted).status_code == 303
    page = client.get(f"/children/{child[1]}/record")
    assert "otherwise" not in text(page)
    assert "Imported from tracker.csv, line 7" in text(page)
    history = text(client.get(f"/record/{entry}"))
    assert "Taken back" in history
    assert "The minutes say so" in history
    assert client.get(address).status_code == 404


def test_two_people_who_change_one_field_see_both_texts(
    bexley: House, child: tuple[int, str], client: FlaskClient
) -> None:
    entry = new(bexley, child, "gateway", words="As it was", **GATEWAY)
    address = f"/record/{entry}/correct"
    shown = form_of(client.get(address))
    kind = KINDS["gateway"]
    theirs = {**typed({**GATEWAY, "words": "What she wrote"}, kind), **shown, "reason": "Hers"}
    assert bexley.client("iro").post(address, data=theirs).status_code == 303
    mine = {**typed({**GATEWAY, "words": "What he wrote"}, kind), **shown, "reason": "His"}
    answer = client.post(address, data=mine)
    assert answer.status_code == 422
    assert "Iro Of Bexley changed this while you were" in text(answer)
    assert {"What she wrote", "What he wrote"} <= {
        part for part in ("What she wrote", "What he wrote") if part in text(answer)
    }
    again = client.post(address, data={**mine, **form_of(answer)})
    assert again.status_code == 303
    history = text(client.get(f"/record/{entry}"))
    assert all(words in history for words in ("As it was", "What she wrote", "Hers", "His"))


def test_an_entry_taken_out_is_history_and_can_be_put_back(
    bexley: House, child: tuple[int, str], client: FlaskClient
) -> None:
    entry = new(bexley, child, "gateway", words="Only here", **GATEWAY)
    out = f"/record/{entry}/take-out"
    assert client.get(out).status_code == 200
    assert client.post(out, data={"version": "1", "reason": " "}).status_code == 422
    assert client.post(out, data={"version": "9", "reason": "x"}).status_code == 422
    assert client.post(out, data={"version": "1", "reason": "Not theirs"}).status_code == 303
    page = text(client.get(f"/children/{child[1]}/record"))
    assert "Only here" not in page
    assert "In use" not in text(client.get(f"/record/{entry}"))
    assert "Taken out of the record" in page
    assert "Not theirs" in page
    assert client.get(f"/record/{entry}/correct").status_code == 303
    assert client.post(f"/record/{entry}/put-back", data={"version": "2"}).status_code == 303
    assert "Only here" in text(client.get(f"/children/{child[1]}/record"))
    assert client.post(f"/record/{entry}/put-back", data={"version": "3"}).status_code == 422


def test_a_new_plan_says_that_it_takes_the_place_of_the_one_before(
    bexley: House, child: tuple[int, str], client: FlaskClient
) -> None:
    new(bexley, child, "plan", primary="adoption", identified_on="2025-01-10")
    posted = typed({"primary": "sgo", "identified_on": "2026-01-10"}, KINDS["plan"])
    answer = client.post(
        f"/children/{child[1]}/record/add/plan", data=posted, follow_redirects=True
    )
    assert "The plan before it is kept" in text(answer)
    assert "Plans before it Adoption No longer the plan" in text(answer)
    assert "Achieved on" not in text(answer)


def test_a_plan_of_a_file_stands_beside_the_typed_one_whatever_its_day(
    bexley: House, child: tuple[int, str], client: FlaskClient
) -> None:
    new(bexley, child, "plan", primary="return-home", identified_on="2026-09-17")
    said = {"primary": "return-home", "identified_on": "2026-11-01", "contingencies": "adoption"}
    with writing():
        record_stated.put(
            bexley.whole,
            [
                StatedRow(child[0], "plan", "x", *one, "tracker", bexley.today)
                for one in said.items()
            ],
            AT,
        )
    page = text(client.get(f"/children/{child[1]}/record"))
    assert "1 fact on which sources do not agree" in page
    assert "says otherwise: Return to parents, with the contingency Adoption" in page
    assert "If it is right, record a new plan." in page
    assert "Contingency not recorded" in page
    assert "Plans before it" not in page
    vague = {"primary": "unspecified", "identified_on": "2026-11-02"}
    with writing():
        record_stated.put(
            bexley.whole,
            [
                StatedRow(child[0], "plan", "y", *one, "tracker", bexley.today)
                for one in vague.items()
            ],
            AT,
        )
    page = text(client.get(f"/children/{child[1]}/record"))
    assert "Primary plan Return to parents" in page
    assert "Other plans A plan that the file does not specify" in page


def test_a_reader_sees_the_record_and_nothing_that_writes(
    bexley: House, child: tuple[int, str]
) -> None:
    entry = new(bexley, child, "gateway", **GATEWAY)
    imported(bexley, child)
    reader = bexley.client("inspector")
    for address in (f"/children/{child[1]}/record", f"/record/{entry}"):
        page = reader.get(address).get_data(as_text=True)
        assert "says otherwise" in page
        assert not re.search(r"/correct|/take-out|/add/|/file-says", page)


def test_who_sees_a_child_for_one_case_reads_and_changes_nothing(bexley: House) -> None:
    child = bexley.child("0404", worker=None, team="No such team")
    made = add_entry(bexley.scope("head.of.service"), child[1], "gateway", GATEWAY, AT)
    own = {"authority_id": bexley.authority_id}
    with writing():
        case = db.session.execute(
            sa.insert(PanelCase)
            .values(
                **own,
                procedure_code="BEX",
                procedure_edition="",
                body_code="permanence-panel",
                form_code="referral",
                referrer_id=bexley.accounts["social.worker"],
                state="submitted",
                opened_at=AT,
            )
            .returning(PanelCase.id)
        ).scalar_one()
        db.session.execute(sa.insert(CaseChild).values(**own, case_id=case, child_id=child[0]))
    client = bexley.client("social.worker")
    for address in (f"/children/{child[1]}/record", f"/record/{made.public_id}"):
        page = client.get(address)
        assert page.status_code == 200
        assert not re.search(r"/correct|/take-out|/add/", page.get_data(as_text=True))
    assert client.get(f"/record/{made.public_id}/correct").status_code == 404
    assert client.get(f"/children/{child[1]}/record/add/view").status_code == 404
    out = f"/record/{made.public_id}/take-out"
    assert client.post(out, data={"version": "1", "reason": "x"}).status_code == 404
    with pytest.raises(Refused, match="not in the record"):
        add_entry(bexley.scope("social.worker"), child[1], "gateway", GATEWAY, AT)


def test_nobody_of_another_authority_finds_an_entry(bexley: House, child: tuple[int, str]) -> None:
    entry = new(bexley, child, "gateway", **GATEWAY)
    other = House(bexley.app, bexley.today, "TOY", "toyshire").client("social.worker")
    assert other.get(f"/record/{entry}").status_code == 404
    posted = typed(GATEWAY, KINDS["gateway"])
    address = f"/children/{child[1]}/record/add/gateway"
    assert other.post(address, data=posted).status_code == 404


@pytest.mark.parametrize(
    "address", ["add/nothing", "add/plan-step", "?kind=nothing", "?kind=plan-step"]
)
def test_what_there_is_not_is_404(
    child: tuple[int, str], client: FlaskClient, address: str
) -> None:
    slash = "" if address.startswith("?") else "/"
    assert client.get(f"/children/{child[1]}/record{slash}{address}").status_code == 404


def test_a_long_record_is_paged_and_asks_no_more_queries(
    bexley: House, child: tuple[int, str], client: FlaskClient
) -> None:
    new(bexley, child, "view", whose="child", said_on="2026-01-01", words="One view")
    address = f"/children/{child[1]}/record"
    before = queries(client, address)
    for number in range(2, 27):
        new(
            bexley, child, "view", whose="child", said_on=f"2026-01-{number:02}", words=f"V{number}"
        )
    assert queries(client, address) == before <= 16
    first = text(client.get(address))
    assert "V26" in first
    assert "V20" not in first
    assert "All 26" in first
    second = text(client.get(f"{address}?kind=view&page=2"))
    assert "V6" in second
    assert "V26" not in second


def test_the_childs_first_page_says_the_plan_and_the_next_hearing(
    bexley: House, child: tuple[int, str], client: FlaskClient
) -> None:
    page = text(client.get(f"/children/{child[1]}"))
    assert "Permanence plan not recorded" in page
    new(
        bexley, child, "plan", primary="sgo", contingencies="cao", state="agreed",
        identified_on="2026-01-10", agreed_on="2026-01-12", agreed_by="The panel",
    )  # fmt: skip
    new(bexley, child, "proceedings", issued_on="2026-10-01", final_hearing_on="2027-01-15")
    page = text(client.get(f"/children/{child[1]}"))
    assert "Permanence plan Special guardianship order Agreed agreed on 12 January 2026" in page
    assert "Otherwise: Child arrangements order" in page
    assert "final hearing 15 January 2027" in page
