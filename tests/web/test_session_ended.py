"""A session that ends in the middle of a form: every word is offered back after signing in."""

from __future__ import annotations

import html
import re
import sqlite3
import time
from io import BytesIO
from typing import Any

import pytest
from builders.house import PASSWORD, House
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.domain.record import KINDS
from core.store.database import OperationalError
from core.web import kept_text
from core.web.page_names import name_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TYPED = {"sought": 'Line one\nline "two" & <three> – über', "family-1.name": "Marl Quillfeather"}
ADDRESS = "/cases/a2b3c4d5e6f7g8/referral"


def hidden(answer: TestResponse) -> dict[str, str]:
    """The hidden fields of a page, as a browser would send them."""
    inputs = re.findall(r"<input[^>]*>", answer.get_data(as_text=True))
    found: dict[str, str] = {}
    for one in inputs:
        parts = {name: html.unescape(value) for name, value in re.findall(r'(\w+)="([^"]*)"', one)}
        if parts.get("type") == "hidden":
            found[parts["name"]] = parts.get("value", "")
    return found


def ended(house: House) -> FlaskClient:
    """A browser in which somebody was signed in, until the session ended."""
    client = house.client()
    sign_in(client, client.get("/sign-in"))
    client.delete_cookie("session")
    return client


def interrupted(client: FlaskClient, **headers: str) -> TestResponse:
    """A form is sent by somebody whose session has ended, with the token of that session."""
    return client.post(ADDRESS, data={**TYPED, "csrf_token": "of a session that ended"}, **headers)


def sign_in(client: FlaskClient, shown: TestResponse, kept: str | None = None) -> TestResponse:
    fields = hidden(shown)
    if kept is not None:
        fields["kept"] = kept
    return client.post(
        "/sign-in", data={**fields, "email": "iro@bexley.example", "password": PASSWORD}
    )


def test_what_was_typed_comes_back_after_signing_in(house: House) -> None:
    client = ended(house)
    shown = interrupted(client)
    assert shown.status_code == 401
    assert "What you typed is kept" in shown.text and "could not be tied" not in shown.text
    offer = sign_in(client, shown)
    assert offer.status_code == 200
    assert f'action="{ADDRESS}"' in offer.get_data(as_text=True)
    fields = hidden(offer)
    assert fields.pop("csrf_token") != "of a session that ended"
    assert fields == TYPED


def test_a_wrong_password_keeps_it_for_the_next_try(house: House) -> None:
    client = ended(house)
    shown = interrupted(client)
    again = client.post(
        "/sign-in", data={**hidden(shown), "email": "iro@bexley.example", "password": "wrong"}
    )
    assert again.status_code == 422
    fields = hidden(sign_in(client, again))
    assert {name: fields[name] for name in TYPED} == TYPED


@pytest.mark.parametrize(
    ("fault", "status", "why"),
    [("database or disk is full", 507, "no room left"), ("database is locked", 503, "is busy")],
)
@pytest.mark.parametrize("step", ["/sign-in", "/sign-in/code"])
def test_where_nobody_can_be_let_in_it_is_kept_for_the_next_try(
    house: House, monkeypatch: pytest.MonkeyPatch, fault: str, status: int, why: str, step: str
) -> None:
    def fail(*_given: Any, **_also: Any) -> None:
        raise OperationalError("", {}, sqlite3.OperationalError(fault))

    client = ended(house)
    shown = interrupted(client)
    with client.session_transaction() as session:
        session["half"] = [1, "proof", False, int(time.time())]
    fields = {**hidden(shown), "email": "iro@bexley.example", "password": PASSWORD, "code": "1"}
    with monkeypatch.context() as broken:
        broken.setattr("core.usecases.sign_in.sign_in", fail)
        broken.setattr("core.usecases.sign_in.enter_code", fail)
        again = client.post(step, data=fields)
    assert again.status_code == status and why in again.text
    assert PASSWORD not in again.text and "What you typed is kept" in again.text
    fields = hidden(sign_in(client, again))
    assert {name: fields[name] for name in TYPED} == TYPED


def test_where_nobody_can_tell_whose_it_was_it_is_not_shown(house: House) -> None:
    client = house.client()
    shown = interrupted(client)
    assert "could not be tied to you, so it is not kept" in shown.text
    assert "What you typed is kept" not in shown.text and "Quillfeather" not in shown.text
    answer = sign_in(client, shown)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "Quillfeather" not in client.get("/").text


def test_htmx_is_told_to_put_the_sign_in_page_in_place_of_the_whole(house: House) -> None:
    shown = interrupted(house.client(), headers={"HX-Request": "true"})
    assert shown.status_code == 401
    assert shown.headers["HX-Retarget"] == "body"
    assert "<h1" in shown.get_data(as_text=True)
    assert "sought" in hidden(shown)["kept"]


def test_nothing_of_it_is_kept_in_the_session(house: House) -> None:
    client = house.client()
    interrupted(client)
    with client.session_transaction() as session:
        assert "Quillfeather" not in str(dict(session))


@pytest.mark.parametrize(
    "kept",
    [
        "not json",
        "[]",
        '{"to": "https://elsewhere.example/", "fields": [["a", "b"]]}',
        '{"to": "//elsewhere.example/", "fields": [["a", "b"]]}',
        '{"to": "/children", "fields": []}',
    ],
)
def test_kept_text_that_was_tampered_with_is_left_out(house: House, kept: str) -> None:
    client = house.client()
    answer = sign_in(client, client.get("/sign-in"), kept)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"


def test_files_are_said_to_be_chosen_again_before_and_after_signing_in(house: House) -> None:
    _, child = house.child()
    client = ended(house)
    data = {
        "title": "A title typed",
        "files": [(BytesIO(b"%PDF-1.7"), "plan <1>.pdf"), (BytesIO(b"%PDF-1.7"), "letter.pdf")],
    }
    address = f"/children/{child}/papers"
    shown = client.post(address, data=data, content_type="multipart/form-data")
    assert shown.status_code == 401
    assert "Files are not kept: choose plan -1-.pdf, letter.pdf again" in shown.text
    again = client.post("/sign-in", data={**hidden(shown), "email": "iro@x", "password": "wrong"})
    assert "choose plan -1-.pdf, letter.pdf again" in again.text
    offer = sign_in(client, again)
    assert "These files are not kept" in offer.text
    assert "letter.pdf" in offer.text and "A title typed" in offer.text
    assert "Everything else on the form" in offer.text


def test_a_form_of_files_alone_says_so_too(house: House) -> None:
    client = ended(house)
    data = {"files": (BytesIO(b"a,b"), "return.csv")}
    shown = client.post("/imports/new", data=data, content_type="multipart/form-data")
    assert "Your session had ended. Files are not kept: choose return.csv again" in shown.text


def test_choices_that_say_nothing_are_sent_and_not_shown(house: House) -> None:
    client = ended(house)
    data = {
        "away": "3keev7j5rc2kza",
        "place": "team wmtj9shxfqdywj",
        "version": "4",
        "why": "Annual leave",
    }
    offer = sign_in(client, client.post("/covers", data=data))
    assert {name: hidden(offer)[name] for name in data} == data
    told = re.findall(r"<d[td][^>]*>([^<]*)<", offer.text)
    assert told == ["Why", "Annual leave"]
    assert "It goes to: <strong>Away and covered</strong>" in offer.text


def test_fields_of_the_record_are_called_as_on_their_form(house: House) -> None:
    client = ended(house)
    data = {
        "fact-state-seen": "0",
        "fact-state": "ended",
        "fact-primary_words-seen": "0",
        "fact-primary_words": "With her aunt",
        "fact-contingencies": ["adoption", "cao"],
        "fact-ended_on-day": "3",
        "fact-ended_on-month": "2",
        "fact-ended_on-year": "2026",
        "why": "well-being",
    }
    offer = sign_in(client, client.post("/record/a2b3c4d5e6f7g8/correct", data=data))
    plan = KINDS["plan"].by_code
    told = [html.unescape(one) for one in re.findall(r"<d[td][^>]*>([^<]*)<", offer.text)]
    assert told == [
        plan["state"].label, "No longer the plan",
        plan["primary_words"].label, "With her aunt",
        plan["contingencies"].label, "Adoption\nChild arrangements order",
        "Why", "well-being",
        plan["ended_on"].label, "3 February 2026",
    ]  # fmt: skip


def test_fields_that_kinds_call_otherwise_and_those_of_none_are_words(house: House) -> None:
    assert kept_text.shown([("fact-ended_on-day", "3")])[0][0] == "Ended on"
    assert kept_text.shown([("fact-none_of_ours", "x")]) == [("None of ours", "x")]


def test_the_kind_of_a_paper_is_said_by_its_title(house: House) -> None:
    _, child = house.child()
    titles = {
        paper.code: paper.title
        for registered in house.app.extensions["permanence"].registry
        for paper in registered.procedure.papers
    }
    code, title = next(one for one in titles.items() if "-" in one[0])
    for kind, words in ((code, title), ("kind-of-another", "Kind of another")):
        client = ended(house)
        typed = {"title": "A title", "kind": kind}
        offer = sign_in(client, client.post(f"/children/{child}/papers", data=typed))
        told = re.findall(r"<d[td][^>]*>([^<]*)<", offer.text)
        assert [html.unescape(one) for one in told] == ["Title", "A title", "Kind", words]


def test_every_noun_to_which_something_is_sent_has_a_name(house: House) -> None:
    sent = [
        rule.endpoint for rule in house.app.url_map.iter_rules() if "POST" in (rule.methods or ())
    ]
    assert [endpoint for endpoint in sent if not name_of(endpoint)] == []
