"""Every route, asked by everybody who may not use it: 404, with no trace of the child in it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.records import FAMILY, GIVEN, LOCAL, MOTHER, TRACES, whole_record
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from core.domain.sight import ROLES, Relation, relations
from core.store.database import db, writing
from core.store.tables import PostHolder
from core.web import guard
from core.web.access import ACCESS
from core.web.guard import RouteWithoutAccess, check_every_route

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOBODY = "a2b3c4d5e6f7g8"
NAMED = {
    "code": "BEX",
    "clause_id": "BEX-1.6",
    "statement_code": "principles",
    "kind": "gateway",
    "field": "determination",
    "filename": "permanence.css",
}
#: What stands for a record seen by way of a child; meetings and imports have their own sight.
OF_A_CHILD = {"record", 
    "children",
    "cases",
    "items",
    "actions",
    "onward",
    "people",
    "papers",
    "paper-versions",
}
TOKEN = re.compile(r'(name="csrf_token"[^>]*value=|"X-CSRFToken": ?)"[^"]*"')


@dataclass(frozen=True)
class Asked:
    """A route and its address: ``noun`` is the first part, ``has_id`` says it names a record."""

    endpoint: str
    method: str
    address: str
    noun: str
    has_id: bool

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}"


def routes(app: Flask, ids: Mapping[str, str]) -> Iterator[Asked]:
    """Every route and method, its address filled with these public ids."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        noun = rule.rule.strip("/").split("/")[0]
        values = {name: filled(rule, name, noun, ids) for name in rule.arguments}
        address = adapter.build(rule.endpoint, values)
        has_id = any(name.endswith("public_id") for name in rule.arguments)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Asked(rule.endpoint, method, address, noun, has_id)


def filled(rule: Rule, name: str, noun: str, ids: Mapping[str, str]) -> str:
    if name == "public_id":
        return ids[noun]
    if name == "child_public_id":
        return ids["children"]
    return NAMED[name]


def ask(client: FlaskClient, asked: Asked) -> TestResponse:
    typed = None if asked.method == "GET" else {"nothing": "typed"}
    answer = client.open(asked.address, method=asked.method, data=typed)
    db.session.rollback()
    return answer


def words(answer: TestResponse) -> str:
    """What an answer says; of a Word file, what its parts say."""
    data = answer.get_data()
    if not data.startswith(b"PK"):
        return data.decode("utf-8")
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


def body(answer: TestResponse, ids: Mapping[str, str]) -> str:
    """The page without what must differ: the token of its form, and the ids that were asked for."""
    text = TOKEN.sub('""', words(answer))
    for public_id in {*ids.values(), NOBODY}:
        text = text.replace(public_id, "ID")
    return text


def traces(answer: TestResponse) -> list[str]:
    text = words(answer) + str(answer.headers)
    return [trace for trace in TRACES if trace.lower() in text.lower()]


@pytest.fixture
def bexley(house: House) -> House:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house


@pytest.fixture
def ids(bexley: House) -> Mapping[str, str]:
    return whole_record(bexley)


def guessed(ids: Mapping[str, str]) -> dict[str, str]:
    return dict.fromkeys(ids, NOBODY)


def refusals(
    client: FlaskClient, app: Flask, ids: Mapping[str, str], wanted: object, status: int
) -> list[str]:
    """What is wrong with how the routes wanted refuse: with real ids, and with guessed ones."""
    wrong: list[str] = []
    pairs = zip(routes(app, ids), routes(app, guessed(ids)), strict=True)
    for real, guess in pairs:
        if not wanted(real):  # type: ignore[operator]
            continue
        there, not_there = ask(client, real), ask(client, guess)
        if there.status_code != status:
            wrong.append(f"{real}: {there.status_code} where the record exists")
        if real.has_id and not_there.status_code != status:
            wrong.append(f"{real}: {not_there.status_code} where it does not")
        wrong += [f"{real}: shows {trace}" for trace in traces(there)]
        if real.has_id and body(there, ids) != body(not_there, ids):
            wrong.append(f"{real}: tells whether the record exists")
    return wrong


def test_every_route_has_a_decision_and_every_decision_a_route(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ACCESS)
    check_every_route(app)
    assert [e for e, access in ACCESS.items() if not access.open and not access.roles] == []
    assert [e for e, access in ACCESS.items() if access.roles - set(ROLES)] == []


def test_a_route_without_a_decision_is_refused_by_name(app: Flask) -> None:
    app.add_url_rule("/forgotten", endpoint="forgotten.page", view_func=lambda: "")
    with pytest.raises(RouteWithoutAccess, match="no access decision for: forgotten.page"):
        check_every_route(app)


def test_a_decision_without_a_route_is_refused_by_name(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "ACCESS", {**ACCESS, "gone.page": ACCESS["home.page"]})
    with pytest.raises(RouteWithoutAccess, match="an access decision for no route: gone.page"):
        check_every_route(app)


def test_nobody_who_is_not_signed_in_is_shown_anything(
    bexley: House, ids: Mapping[str, str]
) -> None:
    client = bexley.client()
    found = refusals(
        client, bexley.app, ids, lambda asked: not ACCESS[asked.endpoint].open, status=401
    )
    assert found == []


@pytest.mark.parametrize("role", ROLES)
def test_the_wrong_role_gets_404_on_every_route(
    bexley: House, ids: Mapping[str, str], role: str
) -> None:
    found = refusals(
        bexley.client(role),
        bexley.app,
        ids,
        lambda asked: not ACCESS[asked.endpoint].allows(frozenset({role})),
        status=404,
    )
    assert found == []


@pytest.mark.parametrize("role", ROLES)
def test_another_authority_gets_404_on_every_record(
    bexley: House, ids: Mapping[str, str], role: str
) -> None:
    other = House(bexley.app, bexley.today, "TOY", "toyshire")
    client = other.client(role)
    assert refusals(client, bexley.app, ids, lambda asked: asked.has_id, status=404) == []
    shown = [
        f"{asked}: shows {trace}"
        for asked in routes(bexley.app, ids)
        if not asked.has_id and not ACCESS[asked.endpoint].open
        for trace in traces(ask(client, asked))
    ]
    assert shown == []


BY_RELATION = [r for r in ROLES if Relation.EVERY_CHILD not in relations(frozenset({r}))]


@pytest.mark.parametrize("role", BY_RELATION)
def test_a_child_whom_somebody_does_not_see_is_not_there_for_them(bexley: House, role: str) -> None:
    with writing():
        db.session.execute(sa.update(PostHolder).values(until=bexley.today))
    ids = whole_record(bexley, "deputy.director", worker=None, iro=None, team="No such team")
    client = bexley.client(role)
    before = {**ids, "meetings": ids["held"], "items": ids["heard"]}
    for named in (ids, before):
        of_a_child = refusals(
            client,
            bexley.app,
            named,
            lambda asked: asked.has_id and asked.noun in OF_A_CHILD,
            status=404,
        )
        assert of_a_child == []
        elsewhere = [
            f"{asked}: shows {trace}"
            for asked in routes(bexley.app, named)
            if not ACCESS[asked.endpoint].open
            and (asked.noun not in OF_A_CHILD or not asked.has_id)
            for trace in traces(ask(client, asked))
        ]
        assert elsewhere == []


@pytest.mark.parametrize("role", BY_RELATION)
def test_a_search_finds_nobody_whom_the_searcher_does_not_see(bexley: House, role: str) -> None:
    ids = whole_record(bexley, "deputy.director", worker=None, iro=None, team="No such team")
    with writing():
        db.session.execute(sa.update(PostHolder).values(until=bexley.today))
    answer = bexley.client(role).post(
        "/children/search", data={"words": FAMILY}, follow_redirects=True
    )
    assert answer.status_code == 200
    text = words(answer)
    assert [t for t in (GIVEN, LOCAL, MOTHER, ids["children"]) if t in text] == []


def test_a_search_finds_the_child_for_somebody_who_does(
    bexley: House, ids: Mapping[str, str]
) -> None:
    answer = bexley.client("social.worker").post(
        "/children/search", data={"words": FAMILY}, follow_redirects=True
    )
    assert GIVEN in words(answer)
    assert ids["children"] in words(answer)


def test_every_page_opens_for_each_role_that_may_use_it_and_sees_the_child(
    bexley: House, ids: Mapping[str, str]
) -> None:
    """Without this, a route that gave 404 to everybody would pass every test above."""
    sees_all = {role for role in ROLES if role not in BY_RELATION}
    held = {**ids, "meetings": ids["held"], "items": ids["heard"]}
    wrong = [
        f"{asked} as {role}: {status}"
        for role in sorted(sees_all)
        for client in [bexley.client(role)]
        for asked in routes(bexley.app, held)
        if asked.method == "GET" and role in ACCESS[asked.endpoint].roles
        if (status := client.get(asked.address, follow_redirects=True).status_code) != 200
    ]
    assert wrong == []


def test_the_childs_own_page_shows_what_the_other_tests_look_for(
    bexley: House, ids: Mapping[str, str]
) -> None:
    answer = bexley.client("social.worker").get(f"/children/{ids['children']}")
    assert {GIVEN, FAMILY, LOCAL} <= set(traces(answer))


def test_the_words_of_a_word_file_are_looked_through_too(
    bexley: House, ids: Mapping[str, str]
) -> None:
    client = bexley.client("panel.administrator")
    address = f"/items/{ids['heard']}/children/{ids['children']}/decision.docx"
    answer = client.get(address)
    assert answer.get_data().startswith(b"PK")
    assert FAMILY in traces(answer)
