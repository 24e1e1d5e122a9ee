"""One's own account, links that open one, codes at the door, and sessions, as pages."""

from __future__ import annotations

import re
import time

import pyotp
import pytest
import sqlalchemy as sa
from builders.house import AT, PASSWORD, House
from flask.testing import FlaskClient

from core.store.database import db, writing
from core.store.tables import Account, Authority
from core.usecases.account_links import make_link
from core.web.caller import device, network

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
GOOD = "kettle marmot violin"
IRO = "iro@bexley.example"


@pytest.fixture(autouse=True)
def _without_tokens(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False


def link(house: House, kind: str = "invitation") -> str:
    administrator = house.scope("authority.administrator")
    return make_link(administrator, house.accounts["iro"], kind, AT.replace(hour=0))  # type: ignore[arg-type]


def enter(client: FlaskClient, email: str = IRO, password: str = PASSWORD, **more: str) -> int:
    data = {"email": email, "password": password, **more}
    return int(client.post("/sign-in", data=data).status_code)


def secret(house: House, role: str = "iro") -> pyotp.TOTP:
    query = sa.select(Account.codes_secret).where(Account.id == house.accounts[role])
    found = db.session.execute(query).scalar_one()
    db.session.rollback()
    return pyotp.TOTP(found)


def real_code(totp: pyotp.TOTP, later: int = 0) -> str:
    return totp.at(int(time.time()) + 30 * later)


def require_codes(house: House) -> None:
    with writing():
        db.session.execute(sa.update(Authority).values(codes_required=True))


def test_a_link_shows_whose_it_is_and_lets_choose_once(house: House) -> None:
    client, token = house.client(), link(house)
    shown = client.get(f"/welcome/{token}")
    assert shown.status_code == 200
    assert IRO in shown.text
    chosen = client.post(f"/welcome/{token}", data={"password": GOOD, "again": GOOD})
    assert (chosen.status_code, chosen.headers["Location"]) == (303, "/sign-in")
    assert enter(client, password=GOOD) == 303
    again = client.post(f"/welcome/{token}", data={"password": GOOD, "again": GOOD})
    assert again.status_code == 404


def test_a_used_an_ended_and_a_wrong_link_are_one_page(house: House) -> None:
    client, first = house.client(), link(house)
    used = link(house)
    client.post(f"/welcome/{used}", data={"password": GOOD, "again": GOOD})
    pages = [house.client().get(f"/welcome/{token}") for token in (first, used, "wrong", "x" * 900)]
    assert {page.status_code for page in pages} == {404}
    assert len({re.sub(r'"[^"]*csrf[^"]*"|\{"X-CSRFToken[^}]*\}', "", p.text) for p in pages}) == 1


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [("", "", "at least 12"), (GOOD, "other", "not the same"), ("iro of bexley", "", "your name")],
)
def test_a_password_that_is_refused_is_not_sent_back(
    house: House, password: str, again: str, said: str
) -> None:
    answer = house.client().post(
        f"/welcome/{link(house)}", data={"password": password, "again": again}
    )
    assert answer.status_code == 422
    assert said in answer.text
    assert GOOD not in answer.text


def test_a_stale_token_on_the_page_of_a_link_asks_once_more(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = True
    token = link(house)
    answer = house.client().post(f"/welcome/{token}", data={"password": GOOD, "again": GOOD})
    assert answer.status_code == 422
    assert "open for too long" in answer.text
    assert GOOD not in answer.text


def test_too_many_tries_are_refused_at_the_field(house: House) -> None:
    client = house.client()
    for _ in range(5):
        assert enter(client, password="a guess") == 422
    answer = client.post("/sign-in", data={"email": IRO, "password": PASSWORD})
    assert answer.status_code == 422
    assert "Wait 5 minutes" in answer.text


def test_ones_account_lists_where_one_is_signed_in(house: House) -> None:
    client = house.client()
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
    client.post(
        "/sign-in", data={"email": IRO, "password": PASSWORD}, headers={"User-Agent": agent}
    )
    other = house.client()
    assert enter(other) == 303
    shown = client.get("/account", headers={"User-Agent": agent})
    assert shown.status_code == 200
    assert shown.text.count("Firefox on Windows") == 1
    assert shown.text.count("This one") == 1
    left = client.post("/sign-out-everywhere", headers={"User-Agent": agent})
    assert left.status_code == 303
    assert other.get("/").status_code == 401


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("", "A browser that is not known"),
        ("x" * 100_000, "A browser that is not known"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) AppleWebKit/605 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/141.0 Safari/537.36 Edg/141.0", "Edge on Windows"),
    ],
)
def test_a_device_is_said_as_its_person_knows_it(agent: str, said: str) -> None:
    assert device(agent) == said


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:aaaa::9", "2001:db8:1:2::/64"),
        ("none of them", "none of them"),
        ("", ""),
    ],
)
def test_tries_are_counted_by_the_network_of_an_address(address: str, counted: str) -> None:
    assert network(address) == counted


def test_changing_ones_password_as_a_page(house: House) -> None:
    client, other = house.client("iro"), house.client("iro")
    wrong = client.post("/account/password", data={"old_password": "a guess", "new_password": GOOD})
    assert wrong.status_code == 422
    assert "This is not your password" in wrong.text
    assert GOOD not in wrong.text
    data = {"old_password": PASSWORD, "new_password": GOOD, "again": GOOD}
    assert client.post("/account/password", data=data).status_code == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 401


def test_empty_passwords_are_asked_for_and_are_no_tries(house: House) -> None:
    client = house.client("iro")
    empty = {"old_password": "", "new_password": "", "again": ""}
    for _ in range(6):
        answer = client.post("/account/password", data=empty)
        assert answer.status_code == 422
        assert "Enter the password you have now" in answer.text
        assert "Enter a new password" in answer.text
        without_new = client.post("/account/password", data={"old_password": "a guess"})
        assert "This is not your password" not in without_new.text
    data = {"old_password": PASSWORD, "new_password": GOOD, "again": GOOD}
    assert client.post("/account/password", data=data).status_code == 303


def test_turning_required_codes_off_leads_to_setting_them_up(house: House) -> None:
    client = house.client("iro")
    client.post("/account/codes")
    client.post("/account/codes/confirm", data={"code": real_code(secret(house))})
    require_codes(house)
    assert "requires codes" in client.get("/account/codes").text
    off = client.post("/account/codes/off", data={"password": PASSWORD})
    assert (off.status_code, off.headers["Location"]) == (303, "/sign-in")
    assert "your authority requires them" in client.get("/sign-in").text
    assert client.get("/children").status_code == 401
    assert (
        "Set up one-time codes"
        in client.post("/sign-in", data={"email": IRO, "password": PASSWORD}).text
    )
    assert client.get("/children").status_code == 401


def test_codes_are_turned_on_and_asked_for(house: House) -> None:
    client = house.client("iro")
    assert client.get("/account/codes").status_code == 200
    assert client.post("/account/codes").status_code == 303
    shown = client.get("/account/codes").text
    totp = secret(house)
    assert " ".join(re.findall("....", totp.secret)) in shown
    assert 'src="data:image/svg+xml' in shown
    assert client.post("/account/codes/confirm", data={"code": "1"}).status_code == 422
    done = client.post("/account/codes/confirm", data={"code": real_code(totp, -1)})
    assert done.status_code == 303
    assert totp.secret[:4] not in client.get("/account/codes").text
    fresh = house.client()
    asked = fresh.post(
        "/sign-in", data={"email": IRO, "password": PASSWORD, "next_page": "/account"}
    )
    assert asked.status_code == 200
    assert "Enter your one-time code" in asked.text
    assert fresh.get("/").status_code == 401  # half signed in is not signed in
    assert fresh.get("/account/codes").status_code == 401
    assert fresh.post("/sign-in/code", data={"code": "000000"}).status_code == 422
    entered = fresh.post("/sign-in/code", data={"code": real_code(totp), "next_page": "/account"})
    assert (entered.status_code, entered.headers["Location"]) == (303, "/account")
    assert fresh.get("/account").status_code == 200
    replayed = house.client()
    enter(replayed)
    assert replayed.post("/sign-in/code", data={"code": real_code(totp)}).status_code == 422
    off = client.post("/account/codes/off", data={"password": PASSWORD})
    assert off.status_code == 303
    assert enter(house.client()) == 303


def test_a_code_without_a_password_before_it_asks_for_the_password(house: House) -> None:
    answer = house.client().post("/sign-in/code", data={"code": "123456"})
    assert answer.status_code == 422
    assert "sign in once more" in answer.text


def test_half_a_sign_in_lasts_ten_minutes(house: House) -> None:
    require_codes(house)
    client = house.client()
    assert enter(client) == 200
    with client.session_transaction() as session:
        session["half"] = [*session["half"][:3], int(time.time()) - 601]
    answer = client.post("/sign-in/code", data={"code": real_code(secret(house))})
    assert answer.status_code == 422
    assert client.get("/").status_code == 401


def test_where_codes_are_required_signing_in_sets_them_up_first(house: House) -> None:
    require_codes(house)
    client = house.client()
    shown = client.post("/sign-in", data={"email": IRO, "password": PASSWORD})
    assert "Set up one-time codes" in shown.text
    assert client.get("/children").status_code == 401
    assert client.post("/sign-in/code", data={"code": "12"}).status_code == 422
    assert client.post("/sign-in/code", data={"code": real_code(secret(house))}).status_code == 303
    assert client.get("/children").status_code == 200


def test_what_was_typed_comes_through_the_code_too(house: House) -> None:
    require_codes(house)
    client = house.client()
    kept = '{"to": "/cases/a2b3c4d5e6f7g8/referral", "fields": [["sought", "Quillfeather"]]}'
    enter(client)
    client.post("/sign-in/code", data={"code": real_code(secret(house), -1)})
    client.delete_cookie("session")
    asked = client.post("/sign-in", data={"email": IRO, "password": PASSWORD, "kept": kept})
    assert "Quillfeather" in asked.text
    whose = client.get_cookie("whose")
    assert whose is not None
    offer = client.post(
        "/sign-in/code",
        data={"code": real_code(secret(house)), "kept": kept, "whose": whose.value},
    )
    assert offer.status_code == 200
    assert 'name="sought" value="Quillfeather"' in offer.text


def test_passwords_and_codes_are_never_carried(house: House) -> None:
    data = {"old_password": "secret one", "new_password": "secret two", "code": "314159", "x": "y"}
    answer = house.client().post("/account/password", data=data)
    assert answer.status_code == 401
    assert "secret" not in answer.text
    assert "314159" not in answer.text


def test_requiring_codes_is_the_administrators(house: House) -> None:
    client = house.client("authority.administrator")
    assert client.get("/admin/security").status_code == 200
    assert house.client("team.manager").get("/admin/security").status_code == 404
    assert client.post("/admin/security", data={}).status_code == 422
    first = client.post("/admin/security", data={"required": "yes"})
    assert first.status_code == 422
    assert "your own one-time codes" in first.text
    client.post("/account/codes")
    totp = secret(house, "authority.administrator")
    client.post("/account/codes/confirm", data={"code": real_code(totp)})
    without = house.client("iro")
    assert client.post("/admin/security", data={"required": "yes"}).status_code == 303
    assert without.get("/").status_code == 401
    assert client.get("/admin/security").status_code == 200


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(house: House) -> None:
    client = house.client("iro")
    assert client.get("/session/stay").status_code == 200
    with client.session_transaction() as session:
        session["since"] = time.time() - 12 * 60 * 60 - 1
    assert client.get("/").status_code == 401
    with client.session_transaction() as session:
        del session["since"]
    assert client.get("/").status_code == 401


def test_a_page_writes_nothing_and_finds_the_person_in_three_queries(house: House) -> None:
    client = house.client("iro")
    client.get("/account/password")
    said: list[str] = []

    def seen(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", seen)
    try:
        client.get("/session/stay")
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", seen)
    said = [statement for statement in said if not statement.startswith("BEGIN")]
    assert 1 <= len(said) <= 3
    assert all(statement.startswith("SELECT") for statement in said)


def test_an_administrator_turns_a_colleagues_codes_off(house: House) -> None:
    iro, client = house.client("iro"), house.client("authority.administrator")
    iro.post("/account/codes")
    iro.post("/account/codes/confirm", data={"code": real_code(secret(house))})
    query = sa.select(Account.public_id).where(Account.id == house.accounts["iro"])
    address = f"/staff/{db.session.execute(query).scalar_one()}"
    db.session.rollback()
    off = f"{address}/codes/off"
    assert off in client.get(address).text
    assert house.client("team.manager").post(off).status_code == 404
    assert client.post("/staff/nobody/codes/off").status_code == 404
    assert client.post(off).status_code == 303
    assert off not in client.get(address).text
    assert iro.get("/").status_code == 401
    assert enter(house.client()) == 303
    own = sa.select(Account.public_id).where(
        Account.id == house.accounts["authority.administrator"]
    )
    mine = f"/staff/{db.session.execute(own).scalar_one()}/codes/off"
    db.session.rollback()
    refused = client.post(mine)
    assert refused.status_code == 422
    assert "the page of your account" in refused.text
