"""What happens around every request: what no person can type, headers, looks, stale forms."""

from __future__ import annotations

import html
import re

import pytest
import sqlalchemy as sa
from builders.house import PASSWORD, House

from core.store.database import db
from core.store.tables import AuditRow


def token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    return html.unescape(found.group(1))


@pytest.mark.parametrize("address", ["/children/%00", "/children?sort=%00", "/cases/a%00b"])
def test_a_null_byte_in_an_address_is_nowhere(house: House, address: str) -> None:
    assert house.client("panel.administrator").get(address).status_code == 404


def test_a_null_byte_or_another_kind_of_body_is_refused(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    client = house.client("panel.administrator")
    assert client.post("/children/search", data={"words": "a\x00"}).status_code == 400
    assert client.post("/children/search", json={"words": "a"}).status_code == 400
    assert house.client().post("/sign-in", data={"email": "a\x00b"}).status_code == 400


def test_a_form_of_many_megabytes_is_refused_and_an_upload_is_not_a_form(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    client = house.client("panel.administrator")
    answer = client.post("/children/search", data={"words": "a" * 5_000_000})
    assert answer.status_code == 413
    assert "larger than this service takes at once: 4 MB" in answer.text


@pytest.mark.parametrize(
    "address",
    ["//[", "http://[", "https://other.example/", "/\\x", "//x", "/sign-out", "/no-such-page",
     "/sign-in", "/..//evil.example", "/children/../..//evil.example", "/./\t/evil.example"],
)  # fmt: skip
def test_only_addresses_of_this_site_are_gone_on_to(house: House, address: str) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    data = {"email": "iro@bexley.example", "password": PASSWORD, "next_page": address}
    answer = house.client().post("/sign-in", data=data, headers={"Referer": address})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_a_page_of_this_site_is_gone_on_to_with_its_query(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    data = {"email": "iro@bexley.example", "password": PASSWORD, "next_page": "/children?page=2"}
    assert house.client().post("/sign-in", data=data).headers["Location"] == "/children?page=2"


@pytest.mark.parametrize("kept", ['{"to":"/x","fields":[["a","\\ud800"]]}', "[" * 100_000, "{}"])
def test_kept_text_that_is_none_is_left_out(house: House, kept: str) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    data = {"email": "iro@bexley.example", "password": PASSWORD, "kept": kept}
    assert house.client().post("/sign-in", data=data).status_code == 303


def test_a_form_whose_token_is_stale_comes_back_with_what_was_typed(house: House) -> None:
    client = house.client("panel.administrator")
    answer = client.post("/children/search", data={"words": "Thistle", "csrf_token": "old"})
    assert answer.status_code == 422
    assert "What you typed is here" in answer.text
    again = client.post(
        "/children/search", data={"words": "Thistle", "csrf_token": token(answer.text)}
    )
    assert again.status_code == 303


def test_a_sign_in_page_that_was_open_too_long_asks_once_more(house: House) -> None:
    client = house.client()
    answer = client.post("/sign-in", data={"email": "iro@bexley.example", "password": PASSWORD})
    assert answer.status_code == 422
    assert "open for too long" in answer.text
    data = {
        "email": "iro@bexley.example",
        "password": PASSWORD,
        "csrf_token": token(answer.text),
    }
    assert client.post("/sign-in", data=data).status_code == 303


def test_another_site_cannot_have_its_words_offered(house: House) -> None:
    answer = house.client().post(
        "/children/search", data={"words": "theirs"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 401
    assert "theirs" not in answer.text


def test_signing_out_ends_every_copy_of_the_session(house: House) -> None:
    client, copy, other = house.client("iro"), house.client(), house.client("iro")
    cookie = client.get_cookie("session")
    assert cookie is not None
    copy.set_cookie("session", cookie.value)
    assert copy.get("/").status_code == 200
    page = client.get("/").text
    assert client.post("/sign-out", data={"csrf_token": token(page)}).status_code == 303
    assert copy.get("/").status_code == 401
    assert other.get("/").status_code == 200


def test_a_page_that_refuses_is_a_look_too(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    _, child = house.child()
    client = house.client("social.worker")
    case = client.post(f"/children/{child}/refer").headers["Location"].split("/")[2]
    before = looks()
    assert client.post(f"/cases/{case}/withdraw", data={}).status_code == 422
    assert looks() > before


def looks() -> int:
    count = sa.select(sa.func.count()).select_from(AuditRow).where(AuditRow.did == "look")
    found = db.session.execute(count).scalar_one()
    db.session.rollback()
    return int(found)


def test_every_answer_bears_the_policy_and_is_never_kept(house: House) -> None:
    answer = house.client("iro").get("/")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "HX-Request" in answer.headers["Vary"]
