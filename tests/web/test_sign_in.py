"""Signing in, and the session that ended in the middle of a form."""

from __future__ import annotations

import re

from builders.house import PASSWORD, House


def test_the_sign_in_page_is_open_and_asks_for_both(house: House) -> None:
    client = house.client()
    answer = client.get("/sign-in")
    assert answer.status_code == 200
    assert "I have forgotten my password" in answer.text and "<details" in answer.text
    assert not re.search(r"<details[^>]* open", answer.text)


def test_a_wrong_password_is_refused_beside_the_field(house: House) -> None:
    client = house.client()
    house.app.config["WTF_CSRF_ENABLED"] = False
    answer = client.post("/sign-in", data={"email": "iro@bexley.example", "password": "wrong"})
    assert answer.status_code == 422
    assert "they do not match" in answer.text
    assert re.search(r"<details[^>]* open", answer.text)
    assert 'value="iro@bexley.example"' in answer.text
    answer = client.post("/sign-in", data={"email": "iro@bexley.example", "password": PASSWORD})
    assert answer.status_code == 303
