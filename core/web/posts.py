"""Pages of posts: who holds those of each body on a day, what is found in it, and filling them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.clauses import Clause
from core.domain.finding import Finding, Refused
from core.domain.procedure.membership import Post
from core.domain.staff import GRADES
from core.store import directory
from core.store.posts import PostHeld
from core.usecases import filling, local_figures, posts
from core.usecases.filling import Where
from core.usecases.local_figures import Standing
from core.usecases.post_rules import Term
from core.usecases.posts import NoSuchPost, Posts
from core.web import admin_pages, asker, day_asked, figures, pages
from core.web.access import ACCESS
from core.web.account_admin import grades
from core.web.choosing import by_team
from core.web.clock import now
from core.web.day_asked import Asked
from core.web.typed import boxes, date_boxes, row_id, words

blueprint = Blueprint("posts", __name__)
#: In addresses, where a body has its code.
OFFICES = "offices"
#: The dates of its forms, each as an error says it.
DAYS = {"since": "The first day", "last": "The last day", "remind": "The reminder"}


def _context(asked: Asked) -> dict[str, Any]:
    return {
        "admin_pages": admin_pages.admin_pages(),
        "asked": asked,
        "on_day": asked.on,
        "today": asker.scope().on,
        "address": _address(asked),
        "grade_words": lambda grade: GRADES.get(grade, grade),
        "ends": lambda row: admin_pages.last_day(row.holding.since, row.holding.until),
        "fills": ACCESS["posts.fill"].allows(asker.scope().roles),
        "sees_people": ACCESS["directory.page"].allows(asker.scope().roles),
    }


def _address(asked: Asked) -> Callable[..., str]:
    """The address of a page of posts, with the day that is asked for."""

    def address(endpoint: str, there: Posts | None = None, post: str = "") -> str:
        named = dict(asked.kept)
        if there is not None:
            named |= {"code": there.procedure.code, "body_code": there.code or OFFICES}
        if post:
            named["post_code"] = post
        return url_for(f"posts.{endpoint}", **named)  # type: ignore[arg-type]

    return address


def _answer(template: str, asked: Asked, **context: Any) -> Response:
    if asked.fault:
        return pages.refused(template, asked.findings, **_context(asked), **context)
    return pages.page(template, **_context(asked), **context)


@blueprint.get("/posts")
def listed() -> Response:
    asked = day_asked.asked()
    if (redirected := day_asked.to_one_word(asked)) is not None:
        return redirected
    bodies = posts.on_the_day(asker.scope(), asker.registry(), asked.on)
    return _answer("posts/list.html", asked, bodies=bodies)


@blueprint.get("/posts/<code>/<body_code>")
def body(code: str, body_code: str) -> Response:
    asked = day_asked.asked()
    there = _there(code, body_code, asked.on)
    if (redirected := day_asked.to_one_word(asked, code=code, body_code=body_code)) is not None:
        return redirected
    rows = sorted(there.held, key=lambda row: (row.holding.since, row.id), reverse=True)
    return _answer(
        "posts/body.html",
        asked,
        there=there,
        clauses=_clauses(there, there.posts),
        figures=_figures(there),
        figure_address=figures.address,
        sets=ACCESS["figures.set_figure"].allows(asker.scope().roles),
        others=[row for row in rows if not row.holding.on(asked.on)],
    )


def _figures(there: Posts) -> list[Standing]:
    """What the procedure does not lay down for a body, and how it stands today."""
    laid_down = asker.registry().named(there.procedure.code, there.procedure.edition)
    if laid_down is None or there.body is None:
        return []
    standings = local_figures.standings(asker.scope(), laid_down)
    return [one for one in standings if one.figure.body == there.code]


def _there(code: str, body_code: str, on: date) -> Posts:
    try:
        body_code = "" if body_code == OFFICES else body_code
        return posts.of_body(asker.scope(), asker.registry(), code, body_code, on)
    except NoSuchPost:
        abort(404)


def _clauses(there: Posts, of: tuple[Post, ...]) -> list[Clause]:
    """The clauses on which posts stand, each once."""
    known = there.procedure.clauses
    named = dict.fromkeys(clause for post in of for clause in post.clauses)
    return [known[clause] for clause in named if clause in known]


@blueprint.get("/posts/<code>/<body_code>/<post_code>")
def page(code: str, body_code: str, post_code: str) -> Response:
    asked = day_asked.asked()
    there, post = _post(code, body_code, post_code, asked.on)
    named = {"code": code, "body_code": body_code, "post_code": post_code}
    if (redirected := day_asked.to_one_word(asked, **named)) is not None:
        return redirected
    return _answer("posts/page.html", asked, **_one(there, post))


def _post(code: str, body_code: str, post_code: str, on: date) -> tuple[Posts, Post]:
    there = _there(code, body_code, on)
    post = there.post(post_code)
    if post is None:
        abort(404)
    return there, post


def _one(
    there: Posts, post: Post, typed: Mapping[str, Any] | None = None, opened: str = ""
) -> dict[str, Any]:
    """What the page of a post shows; ``typed`` is put back, and the form ``opened`` stands open."""
    scope = asker.scope()
    held = there.of(post.code)
    people = directory.everybody(scope) if ACCESS["posts.fill"].allows(scope.roles) else []
    chosen = [one for one in people if one.active and one.id != scope.account_id]
    return {
        "there": there,
        "post": post,
        "clauses": _clauses(there, (post,)),
        "found": [f for f in there.findings if _speaks_of(f, post, there)],
        "held": sorted(held, key=lambda row: (row.holding.since, row.id), reverse=True),
        "lasting": [row for row in held if row.holding.shares_a_day(scope.on, None)],
        "people": by_team(scope, chosen),
        "grades": grades(),
        "seen": filling.seen(held),
        "typed": typed or {},
        "typed_of": _typed_of,
        "opened": opened,
    }


def _typed_of(row: PostHeld) -> dict[str, Any]:
    """What the fields of a change show before anything is typed: how the post is held."""
    one = row.holding
    last = admin_pages.last_day(one.since, one.until)
    return {
        "since": boxes(one.since.isoformat()),
        "last": boxes(last.isoformat() if last else ""),
        "remind": boxes(row.remind_on.isoformat() if row.remind_on else ""),
        "grade": row.own_grade,
        "service": one.service,
        "outside": "yes" if one.outside else "no",
    }


def _speaks_of(finding: Finding, post: Post, there: Posts) -> bool:
    """Whether a finding is about this post, or about who holds it."""
    names = [row.holding.name for row in there.now(post.code)]
    return post.title in finding.message or any(name in finding.message for name in names)


def _where(code: str, body_code: str, post_code: str, on: date) -> Where:
    seen = words(request.form.get("seen", ""))
    return Where(code, "" if body_code == OFFICES else body_code, post_code, on, seen)


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was typed, and the days in it that are none."""

    texts: dict[str, Any]
    dates: dict[str, date | None]
    faults: list[Finding]

    def __getitem__(self, name: str) -> Any:
        return self.texts[name]

    @property
    def term(self) -> Term:
        return Term(
            self.dates["last"],
            self.dates["remind"],
            self["grade"],
            self["service"],
            self["outside"] == "yes",
            self["confirmed"],
            self["why"],
        )


def _typed(prefix: str = "") -> Typed:
    """The form of how a post is held; the fields of a change begin with ``prefix``."""
    form = request.form
    texts: dict[str, Any] = {
        name: words(form.get(f"{prefix}{name}", ""))
        for name in ("who", "grade", "service", "outside", "why")
    }
    texts |= {name: form.get(f"{prefix}{name}") == "yes" for name in ("confirmed", "replaces")}
    dates: dict[str, date | None] = {}
    faults = []
    for name, said in DAYS.items():
        texts[name], dates[name], fault = date_boxes(form, f"{prefix}{name}", said)
        if fault:
            faults.append(Finding(fault, field=name))
    return Typed(texts, dates, faults)


@blueprint.post("/posts/<code>/<body_code>/<post_code>/fill")
def fill(code: str, body_code: str, post_code: str) -> Response:
    typed = _typed()

    def act(where: Where) -> None:
        if typed.faults:
            raise Refused(*typed.faults)
        filling.fill(
            asker.scope(),
            asker.registry(),
            where,
            typed["who"],
            typed.dates["since"],
            typed.term,
            typed["replaces"],
            now(),
        )

    return _change((code, body_code, post_code), act, "The post is filled", "fill", typed.texts)


@blueprint.post("/posts/<code>/<body_code>/<post_code>/change")
def change(code: str, body_code: str, post_code: str) -> Response:
    which = words(request.form.get("holding", ""))
    prefix = f"{which}-"
    typed = _typed(prefix)

    def act(where: Where) -> None:
        if typed.faults:
            raise Refused(*typed.faults)
        number = row_id(which) or 0
        since = typed.dates["since"]
        filling.change(asker.scope(), asker.registry(), where, number, since, typed.term, now())

    named = (code, body_code, post_code)
    return _change(named, act, "The change is saved", f"change-{which}", typed.texts, prefix)


@blueprint.post("/posts/<code>/<body_code>/<post_code>/end")
def end(code: str, body_code: str, post_code: str) -> Response:
    which = words(request.form.get("holding", ""))
    prefix = f"{which}-"
    typed, last, fault = date_boxes(request.form, f"{prefix}end-last", DAYS["last"])

    def act(where: Where) -> None:
        if fault:
            raise Refused(Finding(fault, field="end-last"))
        filling.end(asker.scope(), asker.registry(), where, row_id(which) or 0, last, now())

    named = (code, body_code, post_code)
    return _change(named, act, "It has a last day", f"end-{which}", {"end-last": typed}, prefix)


def _change(
    named: tuple[str, str, str],
    act: Callable[[Where], None],
    done: str,
    opened: str,
    typed: Mapping[str, Any],
    prefix: str = "",
) -> Response:
    """Do it to the post as it was seen; refused, its page says why and keeps what was typed."""
    asked = day_asked.asked()
    there, post = _post(*named, asked.on)
    try:
        act(_where(*named, asked.on))
    except NoSuchPost:
        abort(404)
    except Refused as refusal:
        there, post = _post(*named, asked.on)
        findings = [_beside(one, prefix) for one in refusal.findings]
        context = _one(there, post, typed, opened)
        return pages.refused("posts/page.html", findings, **_context(asked), **context)
    flash(done, "success")
    return redirect(_address(asked)("page", there, post.code), 303)  # type: ignore[return-value]


def _beside(finding: Finding, prefix: str) -> Finding:
    """A finding beside its field of the form that was sent; a change does not ask who."""
    if not finding.field or (prefix and finding.field in ("who", "replaces")):
        return replace(finding, field=None)
    return replace(finding, field=f"{prefix}{finding.field}")
