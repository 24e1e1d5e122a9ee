"""Walking every route with the ids of records, and what is wrong with how they refuse."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

import html5lib
from builders.records import TRACES
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from core.store.database import db
from core.web.access import ACCESS

NOBODY = "a2b3c4d5e6f7g8"
NAMED = {
    "code": "BEX",
    "clause_id": "BEX-1.6",
    "statement_code": "principles",
    "body_code": "permanence-panel",
    "post_code": "adoption",
    "identity_field": "sex",
    "care_kind": "review",
    "kind": "gateway",
    "field": "determination",
    "filename": "permanence.css",
    "name": "case-list",
    "token": "no-such-token",
    "body": "permanence-panel",
    "rule": "most-cases",
    "what": "most",
    "part": "rationale",
    "file_kind": "csv",
    "staged_kind": "toy-letter",
    "suggestion_key": "step-slipped.no-such",
}
#: What stands for a record seen by way of a child; meetings and imports have their own sight.
OF_A_CHILD = {
    "record",
    "reasons",
    "children",
    "cases",
    "items",
    "actions",
    "onward",
    "disputes",
    "staged",
    "planning-meetings",
    "people",
    "papers",
    "paper-versions",
}
#: The elements of a form whose values are sent.
BOXES = ("input", "select", "textarea", "button")
TOKEN = re.compile(r'(name="csrf_token"[^>]*value=|"X-CSRFToken": ?)"[^"]*"')
#: How many seconds a session still lasts, which every page tells its script.
LASTS = re.compile(r'data-most="\d+"')


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
    if name == "other_public_id":
        return ids["other"]
    if name in ("person_public_id", "view_public_id"):
        return ids["record"]
    if name == "child_public_id":
        return ids["children"]
    if name == "kind" and noun in ("imports", "actions", "onward", "hand_offs"):
        return "csv"
    return NAMED[name]


def offered(page: str, address: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The forms of a page that post: where to, and each field with the value that it offers.

    A box to type in offers none; of several choices it is the last.
    """
    for form in html5lib.parse(page, namespaceHTMLElements=False).iter("form"):
        if form.get("method", "").lower() != "post":
            continue
        fields: dict[str, str] = {}
        for field in form.iter():
            name, kind = field.get("name"), field.get("type")
            if field.tag not in BOXES or not name or name == "csrf_token" or kind == "file":
                continue
            if field.tag == "select":
                values = [option.get("value", "") for option in field.iter("option")]
                fields[name] = next((value for value in reversed(values) if value), "")
            elif field.tag == "button" or kind in ("hidden", "radio", "checkbox", "submit"):
                fields[name] = field.get("value", "")
            else:
                fields[name] = ""
        yield urljoin(address, form.get("action") or address).partition("?")[0], fields


def ask(client: FlaskClient, asked: Asked) -> TestResponse:
    typed = None if asked.method == "GET" else {"nothing": "typed"}
    answer = client.open(asked.address, method=asked.method, data=typed)
    db.session.rollback()
    return answer


def words(answer: TestResponse) -> str:
    """What an answer says; of a Word file what its parts say, of a PDF what its pages do."""
    data = answer.get_data()
    if data.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(data))
        outline = [str(one.title) for one in reader.outline if not isinstance(one, list)]
        return "\n".join([*outline, *(page.extract_text() for page in reader.pages)])
    if not data.startswith(b"PK"):
        return data.decode("utf-8")
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


def body(answer: TestResponse, ids: Mapping[str, str]) -> str:
    """The page without what must differ: the token of its form, and the ids that were asked for."""
    text = LASTS.sub("", TOKEN.sub('""', words(answer)))
    for public_id in {*ids.values(), NOBODY}:
        text = text.replace(public_id, "ID")
    return text


def traces(answer: TestResponse) -> list[str]:
    text = words(answer) + str(answer.headers)
    return [trace for trace in TRACES if trace.lower() in text.lower()]


def guessed(ids: Mapping[str, str]) -> dict[str, str]:
    return dict.fromkeys(ids, NOBODY)


def refusals(
    client: FlaskClient,
    app: Flask,
    ids: Mapping[str, str],
    wanted: Callable[[Asked], bool],
    status: int,
    *,
    guess: bool = True,
) -> list[str]:
    """What is wrong with how the routes wanted refuse, beside how they refuse a guessed id.

    The guess is made on every route; where another role did that, once for each part of the pages.
    """
    wrong: list[str] = []
    once: dict[str, TestResponse] = {}
    for real, guessed_too in zip(routes(app, ids), routes(app, guessed(ids)), strict=True):
        if not wanted(real):
            continue
        there = ask(client, real)
        if there.status_code != status:
            wrong.append(f"{real}: {there.status_code} where the record exists")
        wrong += [f"{real}: shows {trace}" for trace in traces(there)]
        if not real.has_id:
            continue
        part = real.endpoint.partition(".")[0]  # the navigation shows in which part one is
        if guess or part not in once:
            once[part] = ask(client, guessed_too)
            if once[part].status_code != status:
                wrong.append(f"{real}: {once[part].status_code} where it does not")
        if body(there, ids) != body(once[part], ids):
            wrong.append(f"{real}: tells whether the record exists")
    return wrong


def trails(
    client: FlaskClient,
    app: Flask,
    ids: Mapping[str, str],
    *,
    guess: bool = False,
    but: frozenset[str] = frozenset(),
) -> list[str]:
    """Where somebody finds a child whom they do not see: by an id, or on a page of something else.

    The endpoints ``but`` are left out; the meeting and item before are asked for too.
    """
    found = refusals(
        client,
        app,
        ids,
        lambda asked: asked.has_id and asked.noun in OF_A_CHILD and asked.endpoint not in but,
        status=404,
        guess=guess,
    )
    before = {**ids, "meetings": ids["held"], "items": ids["heard"]}
    found += refusals(
        client, app, before, lambda asked: asked.noun == "items", status=404, guess=False
    )
    for named, nouns in ((ids, None), (before, {"meetings"})):
        found += [
            f"{asked}: shows {trace}"
            for asked in routes(app, named)
            if not ACCESS[asked.endpoint].open
            and (asked.noun not in OF_A_CHILD or not asked.has_id)
            and (nouns is None or asked.noun in nouns)
            and asked.endpoint not in but
            for trace in traces(ask(client, asked))
        ]
    return found
