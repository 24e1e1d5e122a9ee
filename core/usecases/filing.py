"""Filing papers: added to a child, a case or a meeting, given new versions, taken out and given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from core.documents.scanning import Scanner
from core.domain.finding import Finding, Moved, Refused
from core.domain.paper import (
    FILES_MOST,
    OTHER,
    TOLD,
    Of,
    Scan,
    dated_findings,
    link_host,
    plain,
    title_findings,
    withheld,
)
from core.domain.reason import reason_given
from core.registry import Registry
from core.store import audit, authorities, papers, papers_kept, readings
from core.store.database import db, writing
from core.store.papers import PaperRow, VersionRow
from core.store.scope import Scope
from core.usecases import paper_files, paper_withdrawn
from core.usecases.paper_files import Kept, NotThere
from core.usecases.paper_owner import Owner, owner_of

Uploads = Iterable[tuple[str, BinaryIO]]

NOT_YOURS = Finding("This is no longer here, or is not yours to add papers to")
TAKEN_OUT = Finding("This paper was taken out: it is not given out unless it is put back")
NO_LINK = "Enter a web address that begins with https:// or http://, without a name and password"
ONE_OR_OTHER = "Choose files or enter a link, not both: add them one after the other"
NOTHING = "Choose a file, or enter a link to where the paper is kept"


class PaperMoved(Moved[PaperRow]):
    """Somebody else changed the paper first."""

    def __init__(self, now: PaperRow) -> None:
        message = "Somebody else changed this paper first: what they saved is below. Look again"
        super().__init__(now, message)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files go, how large each may be, and what scans them."""

    folder: Path
    limit_bytes: int
    scanner: Scanner


@dataclass(frozen=True, slots=True)
class Described:
    """What is said of papers as they are added; an empty title is the file's name."""

    title: str = ""
    dated: date | None = None
    kind: str = OTHER


def add_papers(
    scope: Scope,
    registry: Registry,
    of: Of,
    owner: str,
    described: Described,
    uploads: Uploads,
    link: str,
    place: Place,
    at: datetime,
    *,
    then: Callable[[list[str]], None] | None = None,
) -> list[str]:
    """Add files (each a paper) or one link to what has the public id ``owner``; their public ids.

    All of them or none. ``then`` is called with those ids in the same transaction: refused there,
    nothing is added. Raises Refused with what is wrong with each.
    """
    kinds = _kept_by(scope, registry, of, owner).kinds
    db.session.rollback()
    named = list(uploads)
    title = plain(described.title)
    wrong = [*title_findings(title), *_source_findings(named, link)]
    wrong += dated_findings(described.dated, scope.on)
    if described.kind and described.kind not in kinds:
        wrong.append(Finding("Choose the kind of paper from the list", field="kind"))
    if title and len(named) > 1:
        wrong.append(
            Finding("Leave the title empty: each of several files has its own name", field="title")
        )
    if link and not title and not named:
        wrong.append(Finding("Enter a title for what the link leads to", field="title"))
    if wrong:
        raise Refused(*wrong, *choose_again(named))
    kept = paper_files.keep(named, place.folder, place.scanner, limit_bytes=place.limit_bytes)
    versions = [_file(file, at) for file in kept] or [_link(link)]
    made = []
    try:
        with writing():
            if of is Of.CHILD:  # Who waits here may wait for a merge: the child is found after it.
                authorities.lock(scope)
            owner_id = _kept_by(scope, registry, of, owner).id
            for version in versions:
                paper_title = title or _title(version["name"])
                paper_id, public_id = papers_kept.add(
                    scope,
                    of,
                    owner_id,
                    title=paper_title,
                    dated=described.dated,
                    kind=described.kind,
                )
                papers_kept.add_version(scope, paper_id, at, **version)
                made.append(public_id)
                said = {
                    of.value: owner,
                    "title": paper_title,
                    "dated": described.dated.isoformat() if described.dated else "",
                    "kind": described.kind,
                }
                after = said | _audited(version, 1)
                audit.changed(scope, at, "add", "paper", public_id, after=after)
            if then is not None:
                then(made)
    except BaseException:
        paper_files.forget(kept, place.folder)
        raise
    return made


def add_version(
    scope: Scope,
    registry: Registry,
    public_id: str,
    uploads: Uploads,
    link: str,
    place: Place,
    at: datetime,
) -> int:
    """Add a new version of a paper, one file or a link; gives its number.

    Two that are added at once get numbers one after the other. What was signed is the version
    before: a new one is unsigned until somebody says that it is signed.
    """
    named = list(uploads)
    wrong = _source_findings(named, link)
    if len(named) > 1:
        wrong.append(Finding("Choose one file: a version is one file", field="files"))
    if wrong:
        raise Refused(*wrong, *choose_again(named))
    _changeable(scope, registry, public_id)
    db.session.rollback()
    kept = paper_files.keep(named, place.folder, place.scanner, limit_bytes=place.limit_bytes)
    version = _file(kept[0], at) if kept else _link(link)
    try:
        with writing():
            paper = _changeable(scope, registry, public_id, lock=True)
            number, _ = papers_kept.add_version(scope, paper.id, at, **version)
            before = {"signed_by": paper.signed_by} if paper.signed_at else None
            if before:
                papers_kept.change(scope, paper.id, paper.version, signed_by=None, signed_at=None)
            after = _audited(version, number)
            audit.changed(scope, at, "add version", "paper", public_id, before=before, after=after)
    except BaseException:
        paper_files.forget(kept, place.folder)
        raise
    return number


def correct(
    scope: Scope,
    registry: Registry,
    public_id: str,
    described: Described,
    seen: int,
    at: datetime,
) -> None:
    """Correct what is said of a paper, against the version that was seen of it."""
    title = plain(described.title)
    wrong = [*title_findings(title), *dated_findings(described.dated, scope.on)]
    if not title:
        wrong.append(Finding("Enter a title", field="title"))
    with writing():
        paper = _changeable(scope, registry, public_id, lock=True)
        kinds = _kept_by(scope, registry, paper.of, paper.owner).kinds
        if described.kind not in {OTHER, paper.kind, *kinds}:
            wrong.append(Finding("Choose the kind of paper from the list", field="kind"))
        if wrong:
            raise Refused(*wrong)
        new = {"title": title, "dated": described.dated, "kind": described.kind}
        old = {"title": paper.title, "dated": paper.dated, "kind": paper.kind}
        if new == old:
            return
        if not papers_kept.change(scope, paper.id, seen, **new):
            raise PaperMoved(paper)
        audit.changed(
            scope, at, "correct", "paper", public_id, before=_plain(old), after=_plain(new)
        )


def take_out(
    scope: Scope,
    registry: Registry,
    public_id: str,
    why: str,
    seen: int,
    at: datetime,
    told: str = "",
) -> int:
    """Take a paper out, with a reason: it is kept, marked, and not given out any more.

    ``told`` is what readers of a pack are told of the reason, by its code in TOLD. Gives how many
    are told to delete their copy: who had it, where it went out with an agenda.
    """
    reason = reason_given(why, asked="Say why it is taken out")
    if told not in TOLD:
        raise Refused(Finding("Choose what readers of the pack are told", field="told"))
    with writing():
        paper = _changeable(scope, registry, public_id, lock=True)
        if not papers_kept.change(
            scope,
            paper.id,
            seen,
            taken_out_at=at,
            taken_out_by=scope.account_id,
            taken_out_why=reason,
            taken_out_told=told,
        ):
            raise PaperMoved(paper)
        audit.changed(scope, at, "take out", "paper", public_id, why=reason)
        return paper_withdrawn.tell(scope, paper, at)


def put_back(scope: Scope, registry: Registry, public_id: str, seen: int, at: datetime) -> None:
    """Put a paper back that was taken out."""
    with writing():
        paper = papers.find(scope, public_id, lock=True)
        if paper is None:
            raise Refused(NOT_YOURS)
        _kept_by(scope, registry, paper.of, paper.owner)
        if paper.taken_out_at is None:
            raise Refused(Finding("This paper is not taken out"))
        before = {"taken_out_why": paper.taken_out_why, "taken_out_by": paper.taken_out_by}
        if not papers_kept.change(
            scope,
            paper.id,
            seen,
            taken_out_at=None,
            taken_out_by=None,
            taken_out_why="",
            taken_out_told="",
        ):
            raise PaperMoved(paper)
        audit.changed(scope, at, "put back", "paper", public_id, before=before)


def give(
    scope: Scope,
    paper: PaperRow,
    version: VersionRow,
    folder: Path,
    at: datetime,
    *,
    scanner: bool,
) -> BinaryIO | None:
    """The file of a version, open for reading, or None for a link; the taking is in the audit.

    Raises Refused where it is not given out: taken out, infected, not yet scanned, or not there
    any more. That is in the audit too.
    """
    children = papers.children_of(scope, paper)
    said: dict[str, Any] = {"version": version.number, "children": children}
    fault: Finding | None = None
    stream: BinaryIO | None = None
    db.session.rollback()
    if paper.taken_out_at is not None:
        fault = TAKEN_OUT
    elif version.media_type:
        if words := withheld(version.scan, scanner=scanner):
            fault = Finding(words)
        else:
            try:
                stream = paper_files.opened(folder, version.stored_as, version.sha256)
            except NotThere as missing:
                fault = Finding(
                    f"The file of this paper cannot be given out: {missing}. Tell whoever runs "
                    "this service, who can bring it back from a backup"
                )
    try:
        with writing():
            did = "take" if fault is None else "take refused"
            why = fault.message if fault is not None else ""
            audit.changed(scope, at, did, "paper", paper.public_id, after=said, why=why)
            for child in children if fault is None else ():
                looked = {"page": "paper taken", "paper": paper.public_id}
                audit.changed(scope, at, "look", "child", child, after=looked)
            if fault is None:
                held = bool(version.media_type)
                readings.taken(scope, paper.id, version.number, at, file=held)
    except BaseException:
        if stream is not None:
            stream.close()
        raise
    if fault is not None:
        raise Refused(fault)
    return stream


def _kept_by(scope: Scope, registry: Registry, of: Of, public_id: str) -> Owner:
    """What the papers belong to, for who may keep them; refused for anybody else."""
    owner = owner_of(scope, registry, of, public_id)
    if owner is None or not owner.keeps:
        raise Refused(NOT_YOURS)
    return owner


def _changeable(
    scope: Scope, registry: Registry, public_id: str, *, lock: bool = False
) -> PaperRow:
    paper = papers.find(scope, public_id, lock=lock)
    if paper is None:
        raise Refused(NOT_YOURS)
    _kept_by(scope, registry, paper.of, paper.owner)
    if paper.taken_out_at is not None:
        raise Refused(Finding("This paper was taken out: put it back first"))
    return paper


def _source_findings(named: list[tuple[str, BinaryIO]], link: str) -> list[Finding]:
    if named and link:
        return [Finding(ONE_OR_OTHER, field="link")]
    if not named and not link:
        return [Finding(NOTHING, field="files")]
    if len(named) > FILES_MOST:
        return [Finding(f"Choose at most {FILES_MOST} files at a time", field="files")]
    if link and not link_host(link):
        return [Finding(NO_LINK, field="link")]
    return []


def choose_again(named: list[tuple[str, BinaryIO]]) -> list[Finding]:
    """A browser forgets which files were chosen."""
    if not named:
        return []
    return [
        Finding("Choose the file again", field="files")
        if len(named) == 1
        else paper_files.NONE_ADDED
    ]


def _file(file: Kept, at: datetime) -> dict[str, Any]:
    return {
        "name": file.name,
        "stored_as": file.stored_as,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "scan": file.scan.value,
        "scanned_at": None if file.scan is Scan.NOT_SCANNED else at,
    }


def _link(link: str) -> dict[str, Any]:
    return {"name": link_host(link), "link": link}


def _title(name: str) -> str:
    """A title out of a file's name: without the end that says its type."""
    return PurePosixPath(name).stem


def _audited(version: Mapping[str, Any], number: int) -> dict[str, Any]:
    kept = ("name", "media_type", "size", "sha256", "link", "scan")
    return {"version": number} | {key: version[key] for key in kept if version.get(key)}


def _plain(values: Mapping[str, Any]) -> dict[str, str]:
    return {k: v.isoformat() if isinstance(v, date) else str(v or "") for k, v in values.items()}
