"""Filing papers: all of them or none, versions in order, nothing deleted, every taking recorded."""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest
import sqlalchemy as sa
from builders.files import HTML, PDF, PNG, word
from builders.house import AT, House

from core import worker
from core.documents.scanning import NoScanner, scanner_of
from core.domain.finding import Refused
from core.domain.paper import Of, Scan
from core.store import papers, papers_kept
from core.store.database import db
from core.store.tables import AuditRow, Paper, PaperVersion
from core.usecases import filing, paper_files, paper_scanning
from core.usecases.filing import Described, Place

FINDS_VIRUS = "import sys; sys.exit(1 if b'VIRUS' in sys.stdin.buffer.read() else 0)"
BREAKS = "import sys; sys.exit(2)"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def folder(house: House) -> Path:
    return house.app.extensions["permanence"].settings.paper_folder  # type: ignore[no-any-return]


def place(folder: Path, code: str = "", limit: int = 1_000_000) -> Place:
    command = (sys.executable, "-c", code) if code else ()
    return Place(folder, limit, scanner_of(command))


def files(*named: tuple[str, bytes]) -> list[tuple[str, BinaryIO]]:
    return [(name, BytesIO(content)) for name, content in named]


def add(
    house: House,
    child: str,
    where: Place,
    *named: tuple[str, bytes],
    link: str = "",
    role: str = "social.worker",
    title: str = "",
) -> list[str]:
    described = Described(title=title, dated=date(2026, 3, 27))
    registry = house.app.extensions["permanence"].registry
    made = filing.add_papers(
        house.scope(role), registry, Of.CHILD, child, described, files(*named), link, where, AT
    )
    db.session.rollback()
    return made


def column(what: object) -> list[object]:
    found = list(db.session.execute(sa.select(what)).scalars())  # type: ignore[call-overload]
    db.session.rollback()
    return found


def found(house: House, public_id: str, role: str = "social.worker") -> papers.PaperRow:
    paper = papers.find(house.scope(role), public_id)
    db.session.rollback()
    assert paper is not None
    return paper


def take(house: House, folder: Path, public_id: str, *, scanner: bool = False) -> bytes | None:
    paper = found(house, public_id)
    scope = house.scope("social.worker")
    stream = filing.give(scope, paper, paper.latest, folder, AT, scanner=scanner)
    if stream is None:
        return None
    with stream:
        return stream.read()


def test_a_file_is_kept_under_a_random_name_for_its_owner_alone(house: House, folder: Path) -> None:
    _, child = house.child()
    [paper] = add(house, child, place(folder), ("Court report.pdf", PDF))
    [stored] = column(PaperVersion.stored_as)
    assert [path.name for path in folder.iterdir()] == [stored]
    assert "report" not in str(stored) and len(str(stored)) == 32
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / str(stored)).stat().st_mode & 0o077 == 0
    assert found(house, paper).title == "Court report"
    assert take(house, folder, paper) == PDF


@on_sqlite
def test_one_file_that_is_refused_keeps_all_of_them_out(house: House, folder: Path) -> None:
    _, child = house.child()
    with pytest.raises(Refused) as refusal:
        add(house, child, place(folder), ("a.pdf", PDF), ("b.pdf", HTML), ("c.txt", b""))
    said = [finding.message for finding in refusal.value.findings]
    assert [words.split(" is ")[0] for words in said[:2]] == ["b.pdf", "c.txt"]
    assert said[2:] == ["None of the files were added: choose the good ones again"]
    assert column(Paper.id) == [] and list(folder.iterdir()) == []


@on_sqlite
def test_a_file_over_the_limit_is_named_and_not_kept(house: House, folder: Path) -> None:
    _, child = house.child()
    with pytest.raises(Refused, match=r"a\.pdf is larger than 1 MB"):
        add(house, child, place(folder, limit=1_048_576), ("a.pdf", PDF + b" " * 1_100_000))
    assert column(Paper.id) == [] and list(folder.iterdir()) == []


@on_sqlite
@pytest.mark.parametrize("step", ["write", "fsync", "rename", "mkdir"])
def test_storage_that_is_full_is_said_and_nothing_is_half_kept(
    house: House, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    _, child = house.child()
    full = OSError(errno.ENOSPC, "No space left on device")

    def fails(*_given: object, **_also: object) -> None:
        raise full

    class Full(BytesIO):
        read = fails  # type: ignore[assignment]

    named = files(("a.pdf", PDF), ("b.pdf", PDF))
    if step == "write":
        named[1] = ("b.pdf", Full())
    else:
        owner = os if step == "fsync" else Path
        monkeypatch.setattr(owner, step, fails)
    registry = house.app.extensions["permanence"].registry
    scope = house.scope("social.worker")
    with pytest.raises(Refused, match="no room left to keep files"):
        filing.add_papers(
            scope, registry, Of.CHILD, child, Described(), named, "", place(folder), AT
        )
    monkeypatch.undo()
    assert column(Paper.id) == []
    assert not folder.exists() or list(folder.iterdir()) == []


def test_killed_between_the_file_and_the_record_there_is_no_paper_and_the_file_goes_later(
    house: House, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, child = house.child()
    [kept] = add(house, child, place(folder), ("kept.pdf", PDF))

    class Killed(BaseException):
        pass

    def dies(*_given: object, **_also: object) -> None:
        raise Killed

    with monkeypatch.context() as killing:
        killing.setattr(papers_kept, "add", dies)
        killing.setattr(paper_files, "forget", lambda *_: None)  # nothing runs after a kill
        with pytest.raises(Killed):
            add(house, child, place(folder), ("lost.pdf", PDF))
    db.session.rollback()
    (folder / "half-written.part").write_bytes(b"%PDF")
    assert len(column(Paper.id)) == 1 and len(list(folder.iterdir())) == 3
    worker.clear_papers(folder)
    assert len(list(folder.iterdir())) == 3  # they may belong to a request that is still running
    long_ago = time.time() - 90_000
    for path in folder.iterdir():
        os.utime(path, (long_ago, long_ago))
    worker.clear_papers(folder)
    assert [path.name for path in folder.iterdir()] == column(PaperVersion.stored_as)
    assert take(house, folder, kept) == PDF


@on_sqlite
def test_files_of_another_database_are_left_alone(house: House, folder: Path) -> None:
    folder.mkdir()
    theirs = folder / ("0" * 32)
    theirs.write_bytes(PDF)
    os.utime(theirs, (1, 1))
    worker.clear_papers(folder)
    assert theirs.exists()


def test_versions_are_numbered_in_order_and_the_earlier_ones_stay(
    house: House, folder: Path
) -> None:
    _, child = house.child()
    [paper] = add(house, child, place(folder), ("a.pdf", PDF))
    registry = house.app.extensions["permanence"].registry
    scope, where = house.scope("team.manager"), place(folder)
    number = filing.add_version(scope, registry, paper, files(("b.docx", word())), "", where, AT)
    assert number == 2
    link = "https://cases.example/12"
    assert filing.add_version(scope, registry, paper, [], link, where, AT) == 3
    row = found(house, paper)
    versions = papers.versions(house.scope("social.worker"), row.id)
    assert [(v.number, v.name) for v in versions] == [
        (3, "cases.example"),
        (2, "b.docx"),
        (1, "a.pdf"),
    ]
    assert versions[0].added_by == "Team Manager Of Bexley"
    first = filing.give(house.scope("social.worker"), row, versions[2], folder, AT, scanner=False)
    assert first is not None
    with first:
        assert first.read() == PDF


def test_two_who_add_a_version_at_once_get_one_number_each(house: House, folder: Path) -> None:
    _, child = house.child()
    [paper] = add(house, child, place(folder), ("a.pdf", PDF))
    registry = house.app.extensions["permanence"].registry
    scopes = [house.scope("social.worker"), house.scope("team.manager")]
    together, numbers, faults = threading.Barrier(2), [], []

    def one(scope: object) -> None:
        with house.app.app_context():
            together.wait(10)
            try:
                for _ in range(3):
                    numbers.append(
                        filing.add_version(
                            scope,
                            registry,
                            paper,
                            files(("b.pdf", PDF)),
                            "",
                            place(folder),
                            AT,  # type: ignore[arg-type]
                        )
                    )
            except Exception as fault:  # noqa: BLE001 - shown below
                faults.append(fault)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=one, args=(scope,)) for scope in scopes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert sorted(numbers) == [2, 3, 4, 5, 6, 7]


def test_a_paper_taken_out_is_kept_and_not_given_until_it_is_put_back(
    house: House, folder: Path
) -> None:
    _, child = house.child()
    [paper] = add(house, child, place(folder), ("a.pdf", PDF))
    registry = house.app.extensions["permanence"].registry
    scope = house.scope("social.worker")
    with pytest.raises(Refused, match="Say why"):
        filing.take_out(scope, registry, paper, "  ", 1, AT)
    filing.take_out(scope, registry, paper, "It is another child's", 1, AT)
    with pytest.raises(Refused, match="taken out"):
        take(house, folder, paper)
    with pytest.raises(Refused, match="put it back first"):
        filing.add_version(scope, registry, paper, files(("b.pdf", PDF)), "", place(folder), AT)
    assert papers.find(house.scope("inspector"), paper) is not None
    assert papers.find(house.scope("deputy.director"), paper) is None
    assert len(list(folder.iterdir())) == 1
    filing.put_back(scope, registry, paper, 2, AT)
    assert take(house, folder, paper) == PDF


def test_a_paper_saved_as_it_is_is_not_changed(house: House, folder: Path) -> None:
    _, child = house.child()
    [paper] = add(house, child, place(folder), ("a.pdf", PDF))
    registry = house.app.extensions["permanence"].registry
    scope = house.scope("social.worker")
    now = found(house, paper)
    same = Described(now.title, now.dated, now.kind)
    filing.correct(scope, registry, paper, same, now.version, AT)
    assert found(house, paper).version == now.version
    filing.correct(scope, registry, paper, Described("Report of March"), now.version, AT)


def test_whoever_saw_an_older_paper_is_refused(house: House, folder: Path) -> None:
    _, child = house.child()
    [paper] = add(house, child, place(folder), ("a.pdf", PDF))
    registry = house.app.extensions["permanence"].registry
    scope = house.scope("social.worker")
    filing.correct(scope, registry, paper, Described("Report of March"), 1, AT)
    with pytest.raises(filing.PaperMoved) as refusal:
        filing.correct(scope, registry, paper, Described("Report of May"), 1, AT)
    assert refusal.value.now.title == "Report of March"
    assert found(house, paper).title == "Report of March"
    with pytest.raises(Refused):
        filing.take_out(scope, registry, paper, "Why not", 1, AT)


@on_sqlite
@pytest.mark.parametrize("role", ["inspector", "deputy.director", "panel.member", "legal"])
def test_who_only_reads_adds_nothing(house: House, folder: Path, role: str) -> None:
    _, child = house.child()
    with pytest.raises(Refused, match="not yours to add papers to"):
        add(house, child, place(folder), ("a.pdf", PDF), role=role)
    assert column(Paper.id) == [] and not folder.exists()


def test_a_virus_is_never_given_out_and_what_waits_is_scanned_again(
    house: House, folder: Path
) -> None:
    _, child = house.child()
    [bad] = add(house, child, place(folder, FINDS_VIRUS), ("bad.txt", b"A VIRUS"))
    [good] = add(house, child, place(folder, FINDS_VIRUS), ("good.txt", b"Words"))
    [waits] = add(house, child, place(folder, BREAKS), ("waits.txt", b"A VIRUS too"))
    [old] = add(house, child, Place(folder, 10_000, NoScanner()), ("old.txt", b"Older words"))
    scans = {paper: found(house, paper).latest.scan for paper in (bad, good, waits, old)}
    assert list(scans.values()) == ["infected", "clean", "could not scan", "not scanned"]
    assert take(house, folder, good, scanner=True) == b"Words"
    for paper, scanner in ((bad, True), (bad, False), (waits, True), (old, True)):
        with pytest.raises(Refused, match="not given out"):
            take(house, folder, paper, scanner=scanner)
    assert take(house, folder, old, scanner=False) == b"Older words"
    scanner, later = scanner_of((sys.executable, "-c", FINDS_VIRUS)), datetime(2026, 11, 23, 10)
    while paper_scanning.scan_next(folder, scanner, later, later, house.today):
        pass
    assert found(house, waits).latest.scan == Scan.INFECTED
    assert found(house, old).latest.scan == Scan.CLEAN
    assert paper_scanning.scan_next(folder, scanner, later, later, house.today) is False


@on_sqlite
@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_a_file_that_is_gone_or_changed_is_said_and_recorded(
    house: House, folder: Path, damage: str
) -> None:
    _, child = house.child()
    [paper] = add(house, child, place(folder), ("a.png", PNG))
    [path] = folder.iterdir()
    path.unlink() if damage == "gone" else path.write_bytes(PNG + b"x")
    with pytest.raises(Refused, match="cannot be given out"):
        take(house, folder, paper)
    [row] = audited("take refused")
    assert (row.subject, row.subject_id) == ("paper", paper)
    assert row.after["version"] == 1


def test_each_taking_is_one_row_of_the_audit(house: House, folder: Path) -> None:
    _, child = house.child()
    [paper] = add(house, child, place(folder), ("a.pdf", PDF))
    [link] = add(house, child, place(folder), link="https://cases.example/1", title="Genogram")
    assert take(house, folder, paper) == PDF
    assert take(house, folder, link) is None
    rows = audited("take")
    assert [(row.subject, row.subject_id, row.after) for row in rows] == [
        ("paper", public_id, {"version": 1, "children": [child]}) for public_id in (paper, link)
    ]
    looks = [(row.subject_id, row.after["paper"]) for row in audited("look")]
    assert looks == [(child, paper), (child, link)]


def audited(did: str) -> list[AuditRow]:
    query = sa.select(AuditRow).where(AuditRow.did == did).order_by(AuditRow.id)
    rows = list(db.session.execute(query).scalars())
    db.session.expunge_all()
    db.session.rollback()
    return rows


def test_a_change_that_fails_after_the_files_leaves_none(
    house: House, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, child = house.child()

    def fails(*_given: object, **_also: object) -> None:
        raise RuntimeError("the database is away")

    monkeypatch.setattr(papers_kept, "add_version", fails)
    with pytest.raises(RuntimeError):
        add(house, child, place(folder), ("a.pdf", PDF), ("b.pdf", PDF))
    assert column(Paper.id) == [] and list(folder.iterdir()) == []
