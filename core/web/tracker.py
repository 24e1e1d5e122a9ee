"""The tracker: every action until it is done, filtered and sorted by its address, and exported."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, request, url_for

from core.documents.spreadsheet import MEDIA, Column, Sheet, Value
from core.domain.dates import day
from core.domain.finding import Finding
from core.domain.naming import child_name
from core.store import actions, children
from core.store.actions import PAGE, ActionRow, Wanted
from core.store.paging import pages_of
from core.web import action_words, asker, pages, sheet_files
from core.web.rules_here import rules_here
from core.web.typed import whole, words

WHOSE = {
    "mine": "Mine",
    "team": "Of my team or service",
    "nobody": "Nobody’s: the owner has left, may not see the child, or there is none",
    "all": "All that I can see",
}
SHOW = {
    "open": "Open",
    "late": "Late",
    "said": "Waiting for acceptance",
    "done": "Done",
    "ended": "Ended without being done",
    "all": "Open, done and ended",
}
SORTS = {
    "due": "Due",
    "first-due": "First due",
    "owner": "Owner",
    "rolled": "Rolled most often",
    "moved": "Moved most often",
}
#: What is said of what is none of the choices of a box.
CHOOSE = {
    "whose": "Choose from the list whose actions to show",
    "show": "Choose from the list which actions to show",
    "rolled": "Choose from the list how often they were rolled",
    "body": "Choose from the list which meeting made them",
    "theme": "Choose a cohort from the list",
    "sort": "Choose an order from the list",
    "group": "Choose from the list how they are grouped",
}
NO_PAGE = "There is no such page of the actions. Pages are counted from 1"
#: These keep nothing off the list.
WHOLE = (WHOSE["all"], SHOW["all"])
ROLLED = {"1": "Once or more", "2": "Twice or more", "3": "Three times or more"}
MANAGES = ("team.manager", "service.manager")
COLUMNS = (
    Column("Local ID", 14),
    Column("Child", 26),
    Column("What", 50),
    Column("What done looks like", 50),
    Column("Owner", 24),
    Column("First due", 20),
    Column("Due", 20),
    Column("State", 18),
    Column("Times rolled", 10),
    Column("Times moved", 10),
    Column("Latest progress", 50),
    Column("Made by", 30),
    Column("Made on", 20),
    Column("Cohort or theme", 20),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, as it is kept in every link of the page."""

    whose: str
    show: str
    rolled: str
    body: str
    theme: str
    child: str
    sort: str
    group: str

    @property
    def args(self) -> dict[str, str]:
        """What is not as it is where nothing is asked for."""
        usual = Asked("mine", "open", "", "", "", "", "due", "")
        return {
            name: getattr(self, name)
            for name in self.__slots__
            if getattr(self, name) != getattr(usual, name)
        }


def asked() -> tuple[Asked, list[Finding]]:
    """What the address asks for, and what in it is none of the choices."""
    findings: list[Finding] = []

    def one(name: str, allowed: Collection[str], usual: str) -> str:
        value = request.args.get(name, "").strip() or usual
        if value == usual or value in allowed:
            return value
        findings.append(Finding(CHOOSE[name], field=name))
        return usual

    what = Asked(
        whose=one("whose", WHOSE, "mine"),
        show=one("show", SHOW, "open"),
        rolled=one("rolled", ROLLED, ""),
        body=one("body", _bodies(), ""),
        theme=one("theme", _themes(), ""),
        child=words(request.args.get("child", ""))[:16],
        sort=one("sort", SORTS, "due"),
        group=one("group", ("child",), ""),
    )
    return what, findings


def wanted(what: Asked, number: int = 1) -> tuple[Wanted, str]:
    """What the store is asked for, and the name of the child that is asked for, or "".

    A child whom the asker does not see is as one who is not there: the list is empty.
    """
    child_id, name = None, ""
    if what.child:
        child = children.child(asker.scope(), what.child)
        child_id = child.id if child else 0
        name = child_name(child.given_name, child.family_name, child.local_id) if child else ""
    procedure, _, body = what.body.partition(".")
    found = Wanted(
        whose=what.whose,
        show=what.show,
        rolled=whole(what.rolled, 1, 9) or 0,
        body=(procedure, body) if body else None,
        theme=what.theme,
        child_id=child_id,
        sort=what.sort,
        by_child=what.group == "child",
        page=number,
    )
    return found, name


def page() -> Response:
    scope = asker.scope()
    what, findings = asked()
    number = whole(request.args.get("page") or "1", 1, 100_000)
    if number is None:
        findings.append(Finding(NO_PAGE))
    query, child_name = wanted(what, number or 1)
    shared: dict[str, Any] = {
        "asked": what,
        "child_name": child_name,
        "choices": _choices(),
        "manages": scope.has(*MANAGES),
    }
    if findings or number is None:
        shown = [what.child] if child_name else []
        pages.listed("actions", shown, **what.args)
        return pages.refused("actions/list.html", findings, block="listed", count=None, **shared)
    rows, count = actions.listed(scope, query)
    of_rows = actions.children_of(scope, rows)
    shown = [child.public_id for found in of_rows.values() for child in found]
    if child_name:
        shown.append(what.child)
    pages.listed("actions", shown, **what.args, page=number)
    last = pages_of(count, PAGE)
    return pages.page(
        "actions/list.html",
        block="listed",
        rows=[_shown(row, of_rows.get(row.id, [])) for row in rows],
        count=count,
        filtered=_filtered(what),
        narrowed=_narrowed(what),
        every=url_for("actions.open", whose="all", show="all"),
        page_number=number,
        last=last,
        exports={kind: _address("actions.export", what, kind=kind) for kind in MEDIA},
        addresses=lambda n: _address("actions.open", what, page=n),
        **shared,
    )


def _filtered(what: Asked) -> list[str]:
    """What keeps actions off the list, in the words of its boxes; nothing where all are asked for.

    Of a child the page says so itself.
    """
    first = (("Whose", WHOSE[what.whose]), ("Show", SHOW[what.show]))
    return [f"{label}: {text}" for label, text in first if text not in WHOLE] + _narrowed(what)


def _narrowed(what: Asked) -> list[str]:
    """What keeps actions off the list besides whose they are and how they stand."""
    boxes = (
        ("rolled", "Rolled", ROLLED),
        ("body", "Made by", _bodies()),
        ("theme", "Cohort of the meeting", _themes()),
    )
    chosen = ((label, texts.get(getattr(what, name), "")) for name, label, texts in boxes)
    return [f"{label}: {text}" for label, text in chosen if text]


def _address(endpoint: str, what: Asked, **more: object) -> str:
    values: dict[str, Any] = {**what.args, **more}
    return url_for(endpoint, **values)


def exported(kind: str) -> Response | None:
    """The whole list as a file; None for a kind of file that is not made.

    What is asked wrongly is said on the page.
    """
    if kind not in MEDIA:
        return None
    scope = asker.scope()
    what, findings = asked()
    if findings:
        typed = {name: text for name, text in request.args.items() if name in Asked.__slots__}
        return redirect(url_for("actions.open", **typed))  # type: ignore[return-value,arg-type]
    query, child_name = wanted(what)
    whose, show = (words[:1].lower() + words[1:] for words in (WHOSE[what.whose], SHOW[what.show]))
    of_child = [f"Of {child_name} alone" if child_name else "Of one child"] * bool(what.child)
    about = "; ".join(
        (f"Actions as at {day(scope.on)}: {whose}, {show}", *_narrowed(what), *of_child)
    )
    ids, notes = sheet_files.within(actions.ids(scope, query, sheet_files.MOST + 1))
    sheet = Sheet("Actions", about, COLUMNS, _cells(ids), notes)
    return sheet_files.download(sheet, f"actions-{scope.on.isoformat()}", kind)


def _cells(ids: list[int]) -> Iterator[tuple[Value, ...]]:
    scope = asker.scope()
    for some in sheet_files.batches(ids):
        rows = actions.of_ids(scope, some)
        of_rows = actions.children_of(scope, rows)
        shown = (child.public_id for found in of_rows.values() for child in found)
        pages.listed("actions, exported", shown)
        for row in rows:
            there = of_rows.get(row.id, [])
            yield (
                ", ".join(child.local_id for child in there),
                ", ".join(child.name for child in there),
                row.what,
                row.done_means,
                row.owner,
                row.first_due,
                row.due,
                action_words.state(row, scope.on)[0],
                row.rolled,
                row.moved,
                row.progress,
                _made_by(row),
                row.decided_on or row.as_at,
                _theme(row),
            )


def _shown(row: ActionRow, there: list[Any]) -> dict[str, Any]:
    state, colour = action_words.state(row, asker.scope().on)
    return {
        "action": row,
        "children": there,
        "names": ", ".join(child.name for child in there),
        "state": state,
        "colour": colour,
        "made_by": _made_by(row),
        "theme": _theme(row),
    }


def _made_by(row: ActionRow) -> str:
    return action_words.body(row) if row.procedure_code else "An imported tracker"


def _theme(row: ActionRow) -> str:
    return _themes().get(row.theme or "", row.theme or "")


def _choices() -> dict[str, list[dict[str, str]]]:
    """What each box offers; of bodies and themes those of the procedures that are followed."""

    def of(named: dict[str, str]) -> list[dict[str, str]]:
        return [{"value": value, "text": text} for value, text in named.items()]

    whose = dict(WHOSE)
    if not asker.scope().has(*MANAGES):
        del whose["team"]
    return {
        "whose": of(whose),
        "show": of(SHOW),
        "rolled": of(ROLLED),
        "body": of(_bodies()),
        "theme": of(_themes()),
        "sort": of(SORTS),
    }


def _bodies() -> dict[str, str]:
    """The bodies of the procedures that are followed: "code.body" and title."""
    return {
        f"{procedure.code}.{body.code}": body.title or "Meeting"
        for procedure in rules_here().followed(asker.scope().on)
        for body in procedure.bodies
    }


def _themes() -> dict[str, str]:
    """The themes that go in turn at the meetings of a body, such as cohorts."""
    return {
        theme.code: theme.title
        for procedure in rules_here().followed(asker.scope().on)
        for body in procedure.bodies
        if body.schedule is not None
        for theme in body.schedule.themes
    }
