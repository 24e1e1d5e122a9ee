"""Pages of papers: those of a child, a case or a meeting; one with its versions; taking one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    request,
    send_file,
    url_for,
)

from core.documents.scanning import scanner_of
from core.documents.taken_types import SAID, TAKEN
from core.domain.finding import Finding, Refused
from core.domain.paper import FILES_MOST, SEES_TAKEN_OUT, TOLD, Of
from core.store import papers
from core.store.paging import pages_of
from core.store.papers import PAGE, PaperRow
from core.usecases import filing, paper_signing, paper_withdrawn
from core.usecases.filing import Described, Place
from core.usecases.paper_owner import Owner, kinds_enabled, owner_of
from core.web import asker, pages, paper_words
from core.web.child_pages import child_pages
from core.web.clock import now
from core.web.paper_owners import Heading, heading, note_list, note_paper
from core.web.typed import boxes, date_boxes, page_number, version, words

blueprint = Blueprint("papers", __name__)
ACCEPT = ",".join(ending for one in TAKEN for ending in one.endings)

LIST, PAPER = "papers/list.html", "papers/page.html"
LISTS = {Of.CHILD: "papers.of_child", Of.CASE: "papers.of_case", Of.MEETING: "papers.of_meeting"}
ADDS = {
    Of.CHILD: "papers.add_to_child",
    Of.CASE: "papers.add_to_case",
    Of.MEETING: "papers.add_to_meeting",
}
NO_DATE = {"day": "", "month": "", "year": ""}


@blueprint.get("/children/<public_id>/papers")
def of_child(public_id: str) -> Response:
    """The papers of a child and those of its cases that the asker sees."""
    return _list(_owner(Of.CHILD, public_id))


@blueprint.get("/cases/<public_id>/papers")
def of_case(public_id: str) -> Response:
    return _list(_owner(Of.CASE, public_id))


@blueprint.get("/meetings/<public_id>/papers")
def of_meeting(public_id: str) -> Response:
    return _list(_owner(Of.MEETING, public_id))


@blueprint.post("/children/<public_id>/papers")
def add_to_child(public_id: str) -> Response:
    return _add(_owner(Of.CHILD, public_id))


@blueprint.post("/cases/<public_id>/papers")
def add_to_case(public_id: str) -> Response:
    return _add(_owner(Of.CASE, public_id))


@blueprint.post("/meetings/<public_id>/papers")
def add_to_meeting(public_id: str) -> Response:
    return _add(_owner(Of.MEETING, public_id))


def _owner(of: Of, public_id: str) -> Owner:
    found = owner_of(asker.scope(), asker.registry(), of, public_id)
    if found is None:
        abort(404)
    return found


def _list(owner: Owner, *, refused: Iterable[Finding] = (), **typed: Any) -> Response:
    scope = asker.scope()
    out = request.args.get("show") == "taken-out" and scope.has(*SEES_TAKEN_OUT)
    number = page_number(request.args.get("page", "1"))
    rows, total = papers.listed(scope, owner.of, owner.id, taken_out=out, page=number)
    last = pages_of(total, PAGE)
    if number > last:
        abort(404)
    taken_out = 0
    if scope.has(*SEES_TAKEN_OUT):
        taken_out = papers.count(scope, owner.of, owner.id, taken_out=True)
    head = heading(owner)
    note_list(owner, head, rows, number, taken_out=out)

    def address(shown: int) -> str:
        show = "taken-out" if out else None
        return url_for(LISTS[owner.of], public_id=owner.public_id, show=show, page=shown)

    context: dict[str, Any] = {
        "owner": owner,
        "head": head,
        "rows": rows,
        "total": total,
        "kinds": kinds_enabled(scope, asker.registry()) | dict(owner.kinds),
        "page_number": number,
        "last": last,
        "address": address,
        "here": url_for(LISTS[owner.of], public_id=owner.public_id),
        "add_address": url_for(ADDS[owner.of], public_id=owner.public_id),
        "showing_out": out,
        "taken_out": taken_out,
        "child_pages": child_pages(owner.public_id) if owner.of is Of.CHILD else [],
        "typed": {"title": "", "link": "", "kind": "", "dated": NO_DATE},
        **_said(),
    } | typed
    if refused:
        return pages.refused(LIST, refused, block="add", **context)
    return pages.page(LIST, **context)


def _said() -> dict[str, Any]:
    """What every page of papers says them with."""
    settings = asker.parts().settings
    return {
        "said": paper_words,
        "scanner": bool(settings.scanner),
        "swapped": pages.wants_block(),
        "most": settings.paper_most_mebibytes,
        "most_files": FILES_MOST,
        "taken_types": SAID,
        "accept": ACCEPT,
    }


def place_here() -> Place:
    settings = asker.parts().settings
    return Place(settings.paper_folder, settings.paper_most_bytes, scanner_of(settings.scanner))


def uploads() -> list[tuple[str, BinaryIO]]:
    files = request.files.getlist("files")
    return [(file.filename or "", file.stream) for file in files if file.filename]  # type: ignore[misc]


def _described() -> tuple[dict[str, Any], Described, list[Finding]]:
    """What was typed of a paper: as it was typed, as it is kept, and what is wrong with it."""
    parts, dated, fault = date_boxes(request.form, "dated")
    typed = {
        name: words(request.form.get(name, "")).strip() for name in ("title", "link", "kind", "why")
    }
    wrong = [Finding(fault.replace("This date", "The date"), field="dated")] if fault else []
    described = Described(typed["title"], dated, typed["kind"])
    return {**typed, "dated": parts}, described, wrong


def _add(owner: Owner) -> Response:
    if not owner.keeps:
        abort(404)
    typed, described, wrong = _described()
    try:
        if wrong:
            raise Refused(*wrong, *filing.choose_again(uploads()))
        made = filing.add_papers(
            asker.scope(),
            asker.registry(),
            owner.of,
            owner.public_id,
            described,
            uploads(),
            typed["link"],
            place_here(),
            now(),
        )
    except Refused as refusal:
        return _list(owner, refused=refusal.findings, typed=typed)
    flash("1 paper was added" if len(made) == 1 else f"{len(made)} papers were added", "success")
    return _gone_on(url_for(LISTS[owner.of], public_id=owner.public_id))


def _gone_on(address: str) -> Response:
    if pages.wants_block():
        return make_response("", 200, {"HX-Redirect": address})
    return redirect(address, 303)  # type: ignore[return-value]


@blueprint.get("/papers/<public_id>")
def page(public_id: str) -> Response:
    """A paper with its versions, and what can be done with it."""
    return _page(_seen(public_id))


def _seen(public_id: str) -> PaperRow:
    paper = papers.find(asker.scope(), public_id)
    if paper is None:
        abort(404)
    return paper


def _kept(public_id: str) -> PaperRow:
    """A paper that the asker may change; nobody else learns that it is there."""
    paper = _seen(public_id)
    if not _owner(paper.of, paper.owner).keeps:
        abort(404)
    return paper


def _page(
    paper: PaperRow, *, refused: Iterable[Finding] = (), block: str | None = None, **more: Any
) -> Response:
    scope = asker.scope()
    owner = _owner(paper.of, paper.owner)
    head: Heading = heading(owner)
    note_paper(paper, head)
    kinds = kinds_enabled(scope, asker.registry()) | dict(owner.kinds)
    context: dict[str, Any] = {
        "paper": paper,
        "versions": papers.versions(scope, paper.id),
        "owner": owner,
        "head": head,
        "kinds": kinds,
        "back": url_for(LISTS[owner.of], public_id=owner.public_id),
        "keeps": owner.keeps,
        "signs": paper_signing.may_sign(scope, paper, keeps=owner.keeps),
        "corrected": {
            "title": paper.title,
            "kind": paper.kind,
            "dated": boxes(paper.dated.isoformat()) if paper.dated else NO_DATE,
        },
        "typed": {"link": "", "why": "", "told": ""},
        "told_items": [{"value": code, "text": text} for code, text in TOLD.items()],
        "had_it": paper_withdrawn.had_it(scope, paper) if paper.taken_out_at else [],
        "moved": False,
        **_said(),
    } | more
    if refused:
        return pages.refused(PAPER, refused, block=block, **context)
    return pages.page(PAPER, block=block, **context)


@blueprint.post("/papers/<public_id>/versions")
def add_version(public_id: str) -> Response:
    paper = _kept(public_id)
    link = words(request.form.get("link", "")).strip()
    try:
        number = filing.add_version(
            asker.scope(), asker.registry(), public_id, uploads(), link, place_here(), now()
        )
    except Refused as refusal:
        typed = {"link": link, "why": "", "told": ""}
        return _page(_seen(paper.public_id), refused=refusal.findings, block="paper", typed=typed)
    flash(f"Version {number} was added", "success")
    return _gone_on(url_for("papers.page", public_id=public_id))


@blueprint.post("/papers/<public_id>")
def correct(public_id: str) -> Response:
    paper = _kept(public_id)
    typed, described, wrong = _described()
    seen = version(request.form.get("version", ""))
    try:
        if wrong:
            raise Refused(*wrong)
        filing.correct(asker.scope(), asker.registry(), public_id, described, seen, now())
    except Refused as refusal:
        moved = isinstance(refusal, filing.PaperMoved)
        again = _seen(paper.public_id)
        return _page(again, refused=refusal.findings, corrected=typed, moved=moved)
    flash("The paper is corrected", "success")
    return _gone_on(url_for("papers.page", public_id=public_id))


@blueprint.post("/papers/<public_id>/take-out")
def take_out(public_id: str) -> Response:
    paper = _kept(public_id)
    why, told = words(request.form.get("why", "")), request.form.get("told", "")
    seen = version(request.form.get("version", ""))
    try:
        many = filing.take_out(asker.scope(), asker.registry(), public_id, why, seen, now(), told)
    except Refused as refusal:
        typed = {"link": "", "why": why, "told": told}
        return _page(_seen(paper.public_id), refused=refusal.findings, typed=typed)
    who = (
        "" if not many else f". {many} who had it {'is' if many == 1 else 'are'} told to delete it"
    )
    flash(f"The paper is taken out. It is kept, and can be put back{who}", "success")
    return _gone_on(url_for("papers.page", public_id=public_id))


@blueprint.post("/papers/<public_id>/put-back")
def put_back(public_id: str) -> Response:
    paper = _kept(public_id)
    seen = version(request.form.get("version", ""))
    try:
        filing.put_back(asker.scope(), asker.registry(), public_id, seen, now())
    except Refused as refusal:
        return _page(_seen(paper.public_id), refused=refusal.findings)
    flash("The paper is put back", "success")
    return _gone_on(url_for("papers.page", public_id=public_id))


@blueprint.post("/papers/<public_id>/sign")
def sign(public_id: str) -> Response:
    return _sign(public_id, signed=True)


@blueprint.post("/papers/<public_id>/unsign")
def unsign(public_id: str) -> Response:
    return _sign(public_id, signed=False)


def _sign(public_id: str, *, signed: bool) -> Response:
    _kept(public_id)
    seen = version(request.form.get("version", ""))
    try:
        paper_signing.sign(asker.scope(), asker.registry(), public_id, seen, now(), signed=signed)
    except Refused as refusal:
        return _page(_seen(public_id), refused=refusal.findings)
    flash("The paper is signed" if signed else "The paper is not signed any more", "success")
    return _gone_on(url_for("papers.page", public_id=public_id))


@blueprint.get("/paper-versions/<public_id>")
def take(public_id: str) -> Response:
    """Give out a version: its file to be saved, never shown in the page; or where its link leads.

    Where it cannot be given out the paper's page says why.
    """
    found = papers.find_version(asker.scope(), public_id)
    if found is None:
        abort(404)
    paper, wanted = found
    settings = asker.parts().settings
    try:
        stream = filing.give(
            asker.scope(),
            paper,
            wanted,
            settings.paper_folder,
            now(),
            scanner=bool(settings.scanner),
        )
    except Refused as refusal:
        return _page(_seen(paper.public_id), refused=refusal.findings)
    if stream is None:
        return redirect(wanted.link, 303)  # type: ignore[return-value]
    answer = send_file(
        stream,
        mimetype=wanted.media_type,
        as_attachment=True,
        download_name=wanted.name,
        conditional=False,
        etag=False,
    )
    answer.headers["Content-Type"] = wanted.media_type
    answer.headers["Content-Length"] = str(wanted.size)
    return answer
