"""Every form sent what nobody would type: it is refused, redirected or not found, never a fault."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import date

import pytest
import sqlalchemy as sa
from builders.house import AT, BODY, House
from builders.records import whole_record
from builders.sitting import HELD, book, sit
from builders.walks import filled, offered, routes
from flask.testing import FlaskClient

from core.store.database import db, writing
from core.store.tables import Answer, CaseChild, PanelCase
from core.web.access import ACCESS
from core.web.typed import boxes, date_boxes, joined, page_number, version, whole, words

ROLES = (
    "panel.chair",
    "panel.administrator",
    "social.worker",
    "team.manager",
    "authority.administrator",
)
DIGITS = "9" * 5_000
PARTS = ("day", "month", "year")
ARABIC, HEBREW = "\u0663\u0664", "\u202e\u05e9\u05dc\u05d5\u05dd"
#: The fields of every form, and some that no form has; dates are three boxes of their own.
WORDS = (
    "rationale", "discussion", "agreed", "action-0001-abcd.what", "action-0001-abcd.owner",
    "outcome-refer-mother.chosen", "outcome-refer-mother.person-name",
    "outcome-refer-mother.person", "outcome-continue-care-plan.chosen",
    "outcome-continue-care-plan.force", "sought", "criteria", "worker", "family-0001-abcd.name",
    "meeting", "children", "progress", "done", "done_words", "answer", "what", "reason",
    "withdraw-reason", "send-back-reason", "defer-reason", "defer-meeting", "business", "place",
    "starts-at", "body", "do", "who-chair", "state", "asked-by", "decided-by", "goes-ahead",
    "leave-seen", "chair", "booking", "move", "confirm", "add", "remove", "year", "file", "email",
    "password", "nobody-asked", "no.such.row.field", ".", "outcome-.chosen", "action-.what",
)  # fmt: skip
DATES = ("return-by", "action-0001-abcd.due", "answered_on", "on", "first", "until", "as-at")
NUMBERS = ("version", "member", "seen", "business-seen", "page", "position", "clash")
#: What settles something comes last, so that the rest meets it unsettled.
SETTLES = (
    "/submit",
    "/accept",
    "/defer",
    "/send-back",
    "/withdraw",
    "/ask-to-withdraw",
    "/keep",
    "/hearing",
    "/withdrawal",
    "/table",
    "/decision",
    "/close",
)
SEEN = (*WORDS[:14], "return-by", "action-0001-abcd.due", "meeting", "children")

Posted = dict[str, str | list[str]]


def posted(text: str, on: tuple[str, str, str], number: str) -> Posted:
    """Every field there is with one text, one date and one number."""
    sent: Posted = dict.fromkeys((*WORDS, *NUMBERS), text)
    for name in DATES:
        sent |= {f"{name}-{part}": box for part, box in zip(PARTS, on, strict=True)}
    sent |= {f"{name}-{kind}": number for name in SEEN for kind in ("seen", "clash")}
    return sent | dict.fromkeys(NUMBERS, number) | {"post": "chair"}


HOSTILE: Mapping[str, Posted] = {
    "digits": posted(DIGITS, (DIGITS, DIGITS, DIGITS), DIGITS),
    "no such day": posted("31/02", ("31", "02", "2027"), "2147483648"),
    "emoji": posted("\U0001f476\U0001f3fd", ("\U0001f476", "1", "2027"), "\U0001f51f"),
    "right to left": posted(HEBREW, (ARABIC, ARABIC, HEBREW), ARABIC),
    "50,000 characters": posted("w" * 50_000, ("w" * 50_000, "1", "2027"), "0"),
    "negative": posted("-1", ("-1", "-1", "-2027"), "-1"),
    "no numbers": posted("yes", ("\u00b2", "May", "9999"), "\u00b2"),
    "nothing": {},
    "unknown": {"nobody-asked": "yes", "__class__": "x", "a.b.c.d": "e", "-seen": "1"},
    "twice": {name: ["one", "two"] for name in (*WORDS, *NUMBERS)} | {"rationale-seen": ["0", "7"]},
    "kept": posted("mine", ("1", "1", "2027"), "0") | {f"{n}-keep": "mine" for n in SEEN},
}
#: What is sent in the fields that the pages of an address show, over the fields above: the text of
#: the boxes, the parts of a date and a number; the choices as they are offered, and not.
TYPED: Mapping[str, tuple[str, tuple[str, str, str], str]] = {
    "digits": (DIGITS, (DIGITS, DIGITS, DIGITS), DIGITS),
    "nul": ("a\x00b\ufffe", ("0", "0", "0"), "-1"),
    "markup": ("<script>;{{7*7}}'\"--", ("31", "2", "2027"), "0"),
    "right to left": (HEBREW, (ARABIC, ARABIC, HEBREW), ARABIC),
    "20,000 characters": ("w" * 20_000, ("1", "1", "2026"), "1"),
    "sound": ("Quennell", ("1", "6", "2026"), "1"),
}


@pytest.fixture
def ids(house: House) -> Mapping[str, str]:
    """A whole record; its meeting is one that sits, and a draft referral is there to be written."""
    house.app.config["WTF_CSRF_ENABLED"] = False
    house.app.testing = False  # a fault is an answer here, as in a server
    made = dict(whole_record(house))
    child_id, _ = house.child("0909", "Wim", "Quennell")
    meeting_id, made["sits"] = house.meeting(HELD, state="open")
    sit(house, meeting_id)
    made["sat"], case_id = book(house, meeting_id, (child_id,))
    with writing():
        made["draft"] = db.session.execute(
            sa.update(PanelCase)
            .where(PanelCase.id == case_id)
            .values(state="draft", meeting_id=None)
            .returning(PanelCase.public_id)
        ).scalar_one()
    return made


def addresses(house: House, ids: Mapping[str, str], role: str) -> Iterator[str]:
    """Every address to which a role may post, with each id that fits it."""
    more = {"cases": ("draft",), "meetings": ("sits",), "items": ("sat",)}
    adapter = house.app.url_map.bind("localhost")
    for rule in house.app.url_map.iter_rules():
        access = ACCESS[rule.endpoint]
        if "POST" not in (rule.methods or ()) or access.open or role not in access.roles:
            continue
        if rule.endpoint == "sign_in.leave_everywhere":  # what is sent after it would be refused
            continue
        noun = rule.rule.strip("/").split("/")[0]
        if not rule.arguments:
            yield adapter.build(rule.endpoint, {})
        for key in (noun, *more.get(noun, ())) if rule.arguments else ():
            which = {**ids, noun: ids[key]} if key in ids else ids
            address = adapter.build(
                rule.endpoint, {name: filled(rule, name, noun, which) for name in rule.arguments}
            )
            field = "?field=rationale" if noun == "items" else "?field=sought"
            yield address + (field if rule.endpoint.endswith("save_field") else "")


def send(client: FlaskClient, address: str, data: Posted) -> int:
    sent = dict(data)
    if address == "/imports":
        sent["file"] = (io.BytesIO(b"\xff\xfe\x00no zip"), "a.zip")  # type: ignore[assignment]
    status = client.post(address, data=sent).status_code
    db.session.rollback()
    return status


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ROLES)
def test_no_form_fails_whatever_is_sent(house: House, ids: Mapping[str, str], role: str) -> None:
    client, failed, found = house.client(role), [], set()
    ordered = sorted(addresses(house, ids, role), key=lambda address: address.endswith(SETTLES))
    for address in ordered:
        for kind, data in HOSTILE.items():
            status = send(client, address, data)
            found.add(status)
            if status >= 500:
                failed.append(f"{status} {address} {kind}")
    assert failed == []
    assert {303, 422} <= found


def shown(client: FlaskClient, house: House, ids: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The fields of every form on every page that somebody may open: by address, name and value."""
    found: dict[str, dict[str, str]] = {}
    for asked in routes(house.app, ids):
        if asked.method == "GET":
            answer = client.get(asked.address)
            db.session.rollback()
            if answer.mimetype == "text/html":
                for action, fields in offered(answer.text, asked.address):
                    found.setdefault(action, {}).update(fields)
    return found


def as_typed(
    fields: Mapping[str, str], text: str, on: tuple[str, str, str], number: str, *, choices: bool
) -> Posted:
    """The fields of a form, filled; what is chosen and not typed as the form offers it, or not."""
    sent: Posted = {}
    for name, value in fields.items():
        part = name.rpartition("-")[2]
        if part in PARTS:
            sent[name] = on[PARTS.index(part)]
        elif value and choices:
            sent[name] = value
        else:
            sent[name] = number if part in ("seen", "version", "clash") else text
    return sent


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("choices", [True, False], ids=["offered", "not-offered"])
@pytest.mark.parametrize("role", ROLES)
def test_no_form_that_is_shown_fails_whatever_is_typed_in_it(
    house: House, ids: Mapping[str, str], role: str, choices: bool
) -> None:
    client, failed, found = house.client(role), [], set()
    forms = shown(client, house, ids)
    for address in sorted(forms, key=lambda action: (action.endswith(SETTLES), action)):
        if address.startswith("/sign-out"):  # what is sent after it would be refused
            continue
        for kind, (text, on, number) in TYPED.items():
            data = as_typed(forms[address], text, on, number, choices=choices)
            status = send(client, address, data)
            found.add(status)
            if status >= 500:
                failed.append(f"{status} {address} {kind}")
    assert failed == []
    assert {303, 422} <= found and len(forms) > 20


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("text", [DIGITS, "-1", "0", ARABIC, "\u00b2", "1e9", "", "\U0001f476"])
def test_no_list_fails_whatever_page_is_asked_for(house: House, text: str) -> None:
    house.app.testing = False
    client = house.client("panel.administrator")
    for address in ("/actions", "/meetings", "/children"):
        assert client.get(address, query_string={"page": text}).status_code in (200, 422)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), ("60", 60), ("61", None), ("0", None), ("-1", None), ("", None), (DIGITS, None),
     ("\u0663", None), ("\u00b2", None), ("1.0", None), (" 1", None)],
)  # fmt: skip
def test_a_whole_number_stands_between_two_others(text: str, number: int | None) -> None:
    assert whole(text, 1, 60) == number


def test_a_version_or_a_page_that_is_no_number_is_one_that_nobody_has_seen() -> None:
    assert [version(text) for text in ("7", "-7", DIGITS, "x")] == [7, 0, 0, 0]
    assert [page_number(text) for text in ("7", "0", DIGITS, "x")] == [7, 1, 1, 1]


@pytest.mark.parametrize(
    ("typed", "on", "fault"),
    [
        (("", "", ""), None, ""),
        (("27", "3", "2027"), date(2027, 3, 27), ""),
        (("01", "01", "1900"), date(1900, 1, 1), ""),
        (("31", "12", "2100"), date(2100, 12, 31), ""),
        (("31", "12", "1899"), None, "in the years 1900 to 2100"),
        (("1", "1", "2101"), None, "in the years 1900 to 2100"),
        (("31", "2", "2027"), None, "a real date"),
        (("3", "12", "26"), None, "a year of four figures"),
        ((DIGITS, "1", "2027"), None, "a real date"),
        (("1", "1", DIGITS), None, "a real date"),
        (("1", "", ""), None, "include a month and a year"),
    ],
)
def test_three_boxes_are_a_day_or_say_what_is_wrong(
    typed: tuple[str, str, str], on: date | None, fault: str
) -> None:
    named = {f"due-{part}": box for part, box in zip(PARTS, typed, strict=True)}
    parts, found, said = date_boxes(named, "due")
    assert found == on
    assert fault in said and bool(said) == bool(fault)
    assert boxes(joined(parts)) == dict(zip(PARTS, typed, strict=True))


def rows(first: int, last: int) -> dict[str, str]:
    """Rows of the family in a post of the referral's form, never shown by any page."""
    sent = {}
    for number in range(first, last + 1):
        name = f"family-{number:04d}-abcd.name"
        sent |= {name: f"Relative {number};", f"{name}-seen": "0"}
    return sent


@pytest.fixture
def referral(house: House) -> str:
    house.app.config["WTF_CSRF_ENABLED"] = False
    child_id, _ = house.child()
    with writing():
        case_id, public_id = db.session.execute(
            sa.insert(PanelCase)
            .values(
                authority_id=house.authority_id,
                procedure_code=house.code,
                procedure_edition="",
                body_code=BODY,
                form_code="referral",
                referrer_id=house.accounts["social.worker"],
                state="draft",
                opened_at=AT,
            )
            .returning(PanelCase.id, PanelCase.public_id)
        ).one()
        db.session.execute(
            sa.insert(CaseChild).values(
                authority_id=house.authority_id, case_id=case_id, child_id=child_id
            )
        )
    return f"/cases/{public_id}/referral"


def names_kept() -> set[str]:
    found = set(db.session.execute(sa.select(Answer.value).where(Answer.field == "name")).scalars())
    db.session.rollback()
    return found


def test_sixty_rows_of_a_section_are_kept_and_the_rest_refused_and_shown(
    house: House, referral: str
) -> None:
    client = house.client("social.worker")
    answer = client.post(referral, data=rows(1, 62))
    assert answer.status_code == 422
    assert "At most 60 rows can be kept" in answer.text and 'href="#family"' in answer.text
    assert "Relative 61;" in answer.text and "Relative 62;" in answer.text
    assert names_kept() == {f"Relative {number};" for number in range(1, 61)}
    page = client.get(referral).text
    assert "There is no room for another" in page
    one = client.post(f"{referral}/field?field=family-0061-abcd.name", data=rows(61, 61))
    assert one.status_code == 422 and len(names_kept()) == 60
    room = {"family-0001-abcd.name": "", "family-0001-abcd.name-seen": "1"}
    assert client.post(referral, data=room | rows(61, 61)).status_code == 303
    assert "Relative 61;" in names_kept() and "Relative 1;" not in names_kept()


@pytest.mark.parametrize(
    "row", ["family-1-abcd", "family-0001-ABCD", "family-x-0001-abcd", "family-", "family-0001-a"]
)
def test_a_row_whose_id_is_none_of_ours_is_left(house: House, referral: str, row: str) -> None:
    client = house.client("social.worker")
    sent = {f"{row}.name": "Nobody", f"{row}.name-seen": "0"}
    assert client.post(referral, data=sent).status_code == 303
    assert names_kept() == set()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Wren\x01\x08 Quill\x7f\x9f", "Wren Quill"),
        ("\u202eWren\u202c \u2066Quill\u2069", "Wren Quill"),
        ("Wren\ufffe\uffff\ufdd0\ufdef\U0001ffff", "Wren"),
        ("one\r\ntwo\rthree\tfour", "one\ntwo\nthree\tfour"),
        *((name, name) for name in ("Ó Súilleabháin \u200eעדן", "王\u200d", "👩\u200d👧")),
    ],
)
def test_what_nobody_can_read_is_not_kept(typed: str, kept: str) -> None:
    assert words(typed) == kept
