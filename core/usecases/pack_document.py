"""A meeting's pack as one document for one reader: made when it is asked for, and not kept."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from core.documents.pack import File, Line, NotMade, PackFacts, Part
from core.documents.pack import pack as made_document
from core.documents.taken_types import BY_MEDIA_TYPE, WORD
from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.domain.paper import withheld
from core.domain.procedure.bodies import AgendaKind
from core.registry import Registry
from core.store import audit, readings
from core.store.database import db, writing
from core.store.decisions import DecisionRow
from core.store.packs import Gone
from core.store.papers import PaperRow
from core.store.scope import Scope
from core.usecases.pack import AgendaPart, Pack, PackItem, PackPaper, pack_of
from core.usecases.pack_words import earlier_words, gone_words, next_words, referral_words
from core.usecases.papers import minutes

CHANGED = Finding(
    "The papers changed while the document was being made, so it is not given out. Ask for it again"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Where files are, what makes PDFs of them, how a version is addressed, when in words."""

    folder: Path
    scanner: bool
    converter: tuple[str, ...]
    address: Callable[[str], str]
    made: str


@dataclass(frozen=True, slots=True)
class PackDocument:
    """A pack that was made, open at its beginning; what of it could not be shown, by title."""

    name: str
    stream: BinaryIO
    pages: int
    left: tuple[str, ...]
    children: tuple[str, ...]


def document(
    scope: Scope, registry: Registry, public_id: str, asked: Asked, at: datetime
) -> PackDocument:
    """Make the pack of a meeting with what the asker may see now; who took it is in the audit.

    The minutes of the meeting before go in where they are the asker's to read. No transaction is
    open while it is made. Raises NoMeeting, and Refused where it cannot be made, or where its
    papers changed meanwhile: one that was withdrawn is never given out.
    """
    pack = pack_of(scope, registry, public_id)
    before = None
    if pack.before is not None and pack.minutes is not None:
        before = minutes(scope, registry, pack.before.public_id, at)
    db.session.rollback()
    with tempfile.TemporaryDirectory(prefix="permanence-minutes-") as folder:
        path = Path(folder) / "minutes.docx"
        if before is not None:
            path.write_bytes(before[1])
        facts = _facts(scope, pack, asked, path if before else None)
        try:
            made = made_document(facts)
        except NotMade as fault:
            raise Refused(Finding(str(fault), field="document")) from fault
    try:
        with writing():
            now = pack_of(scope, registry, public_id)
            if _versions(now) != _versions(pack) or now.children != pack.children:
                raise Refused(CHANGED)
            held = [one for one in pack.all_papers if one.paper.latest.media_type]
            readings.hold(scope, sorted({(p.paper.id, p.paper.latest.number) for p in held}), at)
            said = {
                "papers": sorted({one.paper.public_id for one in held}),
                "cases": [item.item.case_public_id for item in pack.items],
                "children": pack.children,
                "pages": made.pages,
            }
            audit.changed(scope, at, "take pack", "meeting", public_id, after=said)
    except BaseException:
        made.stream.close()
        raise
    held_on = pack.standing.meeting.held_on
    name = f"pack-{held_on.isoformat()}.pdf"
    return PackDocument(name, made.stream, made.pages, made.left, tuple(pack.children))


def _versions(pack: Pack) -> list[tuple[int, int]]:
    return sorted({(one.paper.id, one.paper.latest.number) for one in pack.all_papers})


def _facts(scope: Scope, pack: Pack, asked: Asked, before: Path | None) -> PackFacts:
    meeting, body = pack.standing.meeting, pack.standing.body.title or "Meeting"
    on = f"{meeting.held_on:%A} {day(meeting.held_on)}"
    last: Part | None = None
    if before is not None and pack.before is not None:
        title = f"Minutes of the meeting of {day(pack.before.held_on)}"
        last = Part(title, 2, (), File(str(before), WORD.media_type, ".docx", "Word document", ""))
    parts = list(_agenda(pack, asked, last))
    return PackFacts(
        f"{body}, {on}: pack of {scope.name}",
        body,
        on,
        meeting.place,
        scope.name,
        asked.made,
        tuple(parts),
        asked.converter,
    )


def _agenda(pack: Pack, asked: Asked, minutes: Part | None) -> Iterator[Part]:
    """The agenda in its order, then the papers of the meeting.

    ``own`` says that the page under way is the agenda's own: what is not of a child stands there.
    After minutes, or papers of a child, it goes on with a page of its own. The first case stands
    under its heading, every other begins a page: none holds anything of two children.
    """
    own = False
    for number, part in enumerate(pack.agenda, 1):
        first = minutes if part.rule.kind is AgendaKind.PREVIOUS else None
        begins = first is None and bool(part.items)
        lines = tuple(Line("text", one) for one in _words(pack, part, first))
        yield Part(f"{number}. {part.rule.title}", 1, lines, follows=own and not begins)
        if first is not None:
            yield first
        for item in part.items:
            yield from _item(item, asked, follows=begins and item is part.items[0])
        own = first is None and not part.items
    if pack.papers or pack.gone:
        named = tuple(Line("text", paper_title(one)) for one in pack.papers)
        yield Part("Papers of the meeting", 1, (*_gone(pack.gone), *named), follows=own)
        yield from (_paper(one, asked, 2) for one in pack.papers)


def _words(pack: Pack, part: AgendaPart, minutes: Part | None) -> Iterator[str]:
    """What stands under a heading of the agenda."""
    if part.rule.text:
        yield part.rule.text
    yield from part.statement
    if part.rule.kind is AgendaKind.NEXT_DATE:
        yield next_words(pack)
    if part.rule.kind is AgendaKind.PREVIOUS:
        if minutes is not None:
            yield f"{minutes.title}: on the next page."
        else:
            yield from filter(None, [earlier_words(pack)])


def _item(item: PackItem, asked: Asked, *, follows: bool) -> Iterator[Part]:
    what = "Returning" if item.item.item == "previous" else "Case"
    title = f"{what} {item.number}: {item.names}" if item.number else f"{item.names} (not heard)"
    lines = [Line("text", one) for one in item.child_lines]
    if item.off:
        yield Part(title, 2, (*lines, Line("text", item.off)), follows=follows)
        return
    if item.item.why:
        lines.append(Line("text", item.item.why))
    if item.item.referrer:
        lines.append(Line("fact", item.item.referrer, "Referred by"))
    lines += _gone(item.gone)
    for decision in item.decided:
        lines += _decided(decision)
    yield Part(title, 2, tuple(lines), follows=follows)
    if item.has_form:
        yield Part(item.form_title or "The referral", 3, tuple(_form(item)), follows=True)
    for paper in item.papers:
        yield _paper(paper, asked, 3)


def _form(item: PackItem) -> Iterator[Line]:
    for section in item.form:
        yield Line("heading", section.title)
        for group in section.groups:
            for label, text in group:
                yield Line("fact", text, label)
        if not section.groups:
            yield Line("text", "Nobody is named.")


def _decided(decision: DecisionRow) -> Iterator[Line]:
    yield Line("heading", f"Decided on {day(decision.decided_on)}")
    for outcome in decision.outcomes:
        yield Line("text", f"{outcome.words} ({outcome.force})")
    yield Line("fact", decision.rationale, "Why")
    for referral in decision.referrals:
        what, came = referral_words(referral)
        yield Line("fact", came, what)
    for action in decision.actions:
        done = f"done on {day(action.done_on)}" if action.done_on else "not done yet"
        yield Line("fact", f"{action.owner}, by {day(action.due)}; {done}", action.what)


def _gone(gone: Iterable[Gone]) -> Iterator[Line]:
    for one in gone:
        yield Line("text", f"{gone_words(one)}.")


def paper_title(one: PackPaper) -> str:
    """A paper's title with its date and whose it is: what the contents list."""
    dated = f", {day(one.paper.dated)}" if one.paper.dated else ""
    return f"{one.paper.title}{dated}{f' ({one.of_child})' if one.of_child else ''}"


def _paper(one: PackPaper, asked: Asked, level: int) -> Part:
    paper = one.paper
    version = paper.latest
    found = BY_MEDIA_TYPE.get(version.media_type)
    words = found.words if found else "a link"
    said = _not_given(paper, asked)
    file = File(
        "" if said else str(asked.folder / version.stored_as),
        version.media_type,
        PurePosixPath(version.name).suffix.lower(),
        words,
        asked.address(version.public_id),
        said,
        version.sha256,
    )
    return Part(paper_title(one), level, (), file)


def _not_given(paper: PaperRow, asked: Asked) -> str:
    """Why a paper's file does not go in, "" where it does; its hash is checked as it is read."""
    version = paper.latest
    if not version.media_type:
        return f"It is a link, kept at {version.name}"
    return withheld(version.scan, scanner=asked.scanner)
