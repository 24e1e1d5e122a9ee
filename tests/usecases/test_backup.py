"""A backup restored: every row, paper and chain as it was, from either database into either."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from builders.databases import empty_postgresql
from builders.house import AT, House
from builders.records import whole_record
from conftest import PLUGINS, TODAY, settings
from flask import Flask

from core.app import create_app
from core.domain.finding import Refused
from core.store import audit, audit_chain, backup, revisions
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import AuditRow, Child, Paper, PaperVersion
from core.usecases.account_links import make_link
from core.usecases.backup import back_up
from core.usecases.facts import facts
from core.usecases.restoring import audit_faults, restore

NAME = "Wolferine «Ü» 雨 \\u0041 \" '"


def contents() -> dict[str, list[Any]]:
    """Every row of every table, but for sessions and links, which end with a restoration."""
    with backup.snapshot() as snapshot:
        return {
            shape.name: sorted(json.dumps(row) for row in snapshot.rows(shape.name))
            for shape in snapshot.shapes()
            if shape.name not in ("account_session", "account_link")
        }


@contextmanager
def another(folder: Path, url: str) -> Iterator[Flask]:
    made = create_app(settings(folder, url), PLUGINS)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    made = {name: tmp_path / "here" / name for name in ("imports", "papers")}
    for folder in made.values():
        folder.mkdir(parents=True)
    return made


@pytest.fixture
def filled(house: House, folders: dict[str, Path]) -> House:
    """A record with a paper, words that are hard to carry, and an audit of all kinds of values."""
    whole_record(house)
    child_id, public_id = house.child("9", NAME, "Quillfeather\nof\tMarl")
    scope = house.scope("social.worker")
    for name in db.session.scalars(sa.select(PaperVersion.stored_as)).all():
        (folders["papers"] / name).write_bytes(b"a paper of the record")
    (folders["papers"] / "abcdef.pdf").write_bytes(b"%PDF-1.4 " + bytes(range(256)) * 5000)
    (folders["imports"] / "waiting.csv").write_bytes(b"CHILD\n9\n")
    with writing():
        own = {"authority_id": house.authority_id}
        paper = db.session.execute(
            sa.insert(Paper).values(**own, child_id=child_id, title="A view").returning(Paper.id)
        ).scalar_one()
        db.session.execute(
            sa.insert(PaperVersion).values(
                **own,
                paper_id=paper,
                number=1,
                name="view.pdf",
                stored_as="abcdef.pdf",
                added_at=AT,
                added_by=scope.account_id,
            )
        )
        after = {"b": 1.5, "a": [None, True, "ü\u2028"], "nested": {}}
        audit.changed(scope, AT, "edit", "child", public_id, before=None, after=after, why=NAME)
    return house


@pytest.fixture
def other_url(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path, migrated_sqlite: Path
) -> str:
    """The address of an empty database: of the kind that ``database_url`` is not, where it can."""
    copy = tmp_path / "other.sqlite3"
    shutil.copy(migrated_sqlite, copy)
    template: sa.URL | None = request.getfixturevalue("migrated_postgres")
    if database_url.startswith("sqlite") and template is not None:
        empty_postgresql(template)
        return template.render_as_string(hide_password=False)
    return f"sqlite:///{copy}"


def test_everything_comes_back_in_the_other_database_and_in_this_one(
    filled: House, folders: dict[str, Path], other_url: str, database_url: str, tmp_path: Path
) -> None:
    scope = Scope.of_authority(filled.authority_id, TODAY)
    before, known = contents(), list(facts(scope, TODAY))
    ends = audit_chain.ends()
    db.session.rollback()
    path = tmp_path / "one.zip"
    report = back_up(path, folders, AT)
    assert report.missing == ()
    assert report.files == sum(len(list(folder.iterdir())) for folder in folders.values()) >= 2
    assert path.stat().st_mode & 0o077 == 0
    there = {name: tmp_path / "there" / name for name in folders}
    with another(tmp_path / "there", other_url):
        restored = restore(path, there, AT)
        assert restored == report
        assert contents() == before
        assert list(facts(scope, TODAY)) == known
        assert audit_chain.ends() == ends
        assert audit_faults() == 0
        db.session.rollback()
        for folder, name in (("papers", "abcdef.pdf"), ("imports", "waiting.csv")):
            kept = [(top[folder] / name).read_bytes() for top in (folders, there)]
            assert kept[0] == kept[1]
        again = tmp_path / "two.zip"
        back_up(again, there, AT)
        goes_on(scope)
    if database_url.startswith("postgresql"):
        empty_postgresql(sa.make_url(database_url))
        third = database_url
    else:
        third = f"sqlite:///{tmp_path / 'third.sqlite3'}"  # without any tables yet
    with another(tmp_path / "third", third):
        restore(again, {name: tmp_path / "third" / name for name in folders}, AT)
        assert contents() == before
        assert audit_faults() == 0
        goes_on(scope)


def goes_on(scope: Scope) -> None:
    """New rows get new ids, references are held to, and the audit stays as it is."""
    with writing():
        highest = db.session.scalar(sa.select(sa.func.max(Child.id)))
        made = db.session.execute(
            sa.insert(Child)
            .values(authority_id=scope.authority_id, local_id="new", given_name="", family_name="")
            .returning(Child.id)
        ).scalar_one()
        assert made == highest + 1
        audit.changed(scope, AT, "create", "child", "new")
    assert audit_faults() == 0
    with pytest.raises(sa.exc.IntegrityError), writing():
        db.session.execute(
            sa.insert(Child).values(authority_id=999, local_id="x", given_name="", family_name="")
        )
    with pytest.raises(sa.exc.DBAPIError, match="only added to"), writing():
        db.session.execute(sa.update(AuditRow).values(why="changed"))


def test_sessions_and_links_that_were_open_are_over_after_it(
    house: House, folders: dict[str, Path], tmp_path: Path, migrated_sqlite: Path
) -> None:
    house.session("iro")
    make_link(house.scope("authority.administrator"), house.accounts["iro"], "reset", AT)
    path = tmp_path / "one.zip"
    back_up(path, folders, AT)
    copy = tmp_path / "other.sqlite3"
    shutil.copy(migrated_sqlite, copy)
    with another(tmp_path / "there", f"sqlite:///{copy}"):
        restore(path, {name: tmp_path / "there" / name for name in folders}, AT)
        with db.engine.connect() as connection:
            for table in ("account_session", "account_link"):
                query = sa.text(f"SELECT count(*), count(ended_at) FROM {table}")
                every, over = connection.execute(query).one()
                assert every == over > 0


def test_a_database_with_anything_in_it_is_left_alone(
    filled: House, folders: dict[str, Path], tmp_path: Path
) -> None:
    path = tmp_path / "one.zip"
    back_up(path, folders, AT)
    before = contents()
    with pytest.raises(Refused, match="not empty"):
        restore(path, folders, AT)
    assert contents() == before
    with pytest.raises(Refused, match="there already"):
        back_up(path, folders, AT)


def test_it_is_one_moment_while_others_write(
    house: House, folders: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two tables somebody writes into both: neither row is in the backup."""
    house.child("1")
    db.session.rollback()
    read = backup.Snapshot.rows
    wrote = threading.Event()

    def write() -> None:
        with house.app.app_context():
            house.child("2", "Later")
            db.session.remove()

    def slowly(self: backup.Snapshot, name: str) -> Iterator[list[Any]]:
        yield from read(self, name)
        if not wrote.is_set():
            wrote.set()
            thread = threading.Thread(target=write)
            thread.start()
            thread.join(30)

    monkeypatch.setattr(backup.Snapshot, "rows", slowly)
    back_up(tmp_path / "one.zip", folders, AT)
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert b"Later" not in archive.read("tables/child.jsonl")
        assert len(archive.read("tables/care_summary.jsonl").splitlines()) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Child)) == 2


def test_a_paper_whose_file_is_gone_is_said(
    filled: House, folders: dict[str, Path], tmp_path: Path
) -> None:
    (folders["papers"] / "abcdef.pdf").unlink()
    assert back_up(tmp_path / "one.zip", folders, AT).missing == ("abcdef.pdf",)


def test_the_manifest_says_what_is_in_it_and_no_secret_is(
    filled: House, folders: dict[str, Path], tmp_path: Path
) -> None:
    path = tmp_path / "one.zip"
    back_up(path, folders, AT)
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for part in [*manifest["tables"], *manifest["files"]]:
            assert hashlib.sha256(archive.read(part["name"])).hexdigest() == part["sha256"]
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert manifest["revision"] == revisions.newest()
    assert manifest["made_at"] == AT.isoformat()
    assert [end["chain"] for end in manifest["audit"]] == [filled.authority_id]
    assert b"only for tests" not in everything
