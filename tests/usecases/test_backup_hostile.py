"""Backups that are damaged, newer or made to do harm: refused, and nothing is restored of them."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from conftest import TODAY
from flask import Flask

from core.domain.finding import Refused
from core.store import backup, revisions
from core.store.database import db
from core.usecases.backup import back_up
from core.usecases.restoring import restore

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Members = dict[str, bytes]


@pytest.fixture(scope="module")
def kept() -> dict[str, Members]:
    """The members of one good backup, made once for the module."""
    return {}


@pytest.fixture
def good(kept: dict[str, Members], app: Flask, tmp_path: Path, migrated_sqlite: Path) -> Members:
    """The members of a good backup, and an empty database."""
    if not kept:
        House(app, TODAY)
        papers = tmp_path / "made" / "papers"
        papers.mkdir(parents=True)
        (papers / "abc").write_bytes(b"a paper " * 1000)
        path = tmp_path / "made.zip"
        back_up(path, {"papers": papers}, AT)
        with zipfile.ZipFile(path) as archive:
            kept["members"] = {name: archive.read(name) for name in archive.namelist()}
        db.session.remove()
        db.engine.dispose()
        for old in tmp_path.glob("permanence.sqlite3*"):
            old.unlink()
        shutil.copy(migrated_sqlite, tmp_path / "permanence.sqlite3")
    return dict(kept["members"])


@pytest.fixture
def empty(app: Flask, tmp_path: Path) -> dict[str, Path]:
    """The folders into which papers would be restored, beside the database, which is empty."""
    assert app
    return {"papers": tmp_path / "there"}


def written(path: Path, members: Members) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def manifest(members: Members) -> Any:
    return json.loads(members["manifest.json"])


def with_manifest(members: Members, said: Any) -> Members:
    return {**members, "manifest.json": json.dumps(said).encode()}


def with_rows(members: Members, table: str, data: bytes, rows: int) -> Members:
    """The backup with other rows in a table, of which the manifest knows."""
    said = manifest(members)
    (part,) = (part for part in said["tables"] if part["table"] == table)
    part.update(size=len(data), rows=rows, sha256=hashlib.sha256(data).hexdigest())
    return with_manifest({**members, part["name"]: data}, said)


def nothing_there(folders: dict[str, Path]) -> None:
    assert backup.filled() == []
    assert revisions.reached() == revisions.newest()
    for folder in folders.values():
        assert not folder.exists() or list(folder.iterdir()) == []


def renamed(name: str) -> Callable[[Members], Members]:
    def change(members: Members) -> Members:
        said = manifest(members)
        said["files"][0]["name"] = name
        return with_manifest({**members, name: members.pop("files/papers/abc")}, said)

    return change


def said(**values: Any) -> Callable[[Members], Members]:
    return lambda members: with_manifest(members, {**manifest(members), **values})


def without(name: str) -> Callable[[Members], Members]:
    return lambda members: {key: data for key, data in members.items() if key != name}


def first_account(members: Members) -> list[Any]:
    row: list[Any] = json.loads(members["tables/account.jsonl"].splitlines()[0])
    return row


def account_columns(members: Members) -> list[str]:
    (part,) = (part for part in manifest(members)["tables"] if part["table"] == "account")
    columns: list[str] = part["columns"]
    return columns


def account_with(value: Any) -> Callable[[Members], Members]:
    def change(members: Members) -> Members:
        row = first_account(members)
        row[account_columns(members).index("id")] = value
        return with_rows(members, "account", json.dumps(row).encode() + b"\n", 1)

    return change


HARM: dict[str, tuple[Callable[[Members], Members], str]] = {
    "a row changed": (lambda m: {**m, "tables/child.jsonl": b"[]\n"}, "damaged"),
    "a paper changed": (lambda m: {**m, "files/papers/abc": b"another"}, "damaged"),
    "a paper far longer than it says": (
        lambda m: {**m, "files/papers/abc": b"\0" * 50_000_000},
        "damaged",
    ),
    "a table gone": (without("tables/account.jsonl"), "damaged"),
    "a paper gone": (without("files/papers/abc"), "damaged"),
    "no manifest": (without("manifest.json"), "damaged"),
    "a manifest that is none": (lambda m: {**m, "manifest.json": b"[]"}, "damaged"),
    "a manifest of nothing": (lambda m: {**m, "manifest.json": b"{}"}, "damaged"),
    "a manifest nested for ever": (lambda m: {**m, "manifest.json": b"[" * 100_000}, "damaged"),
    "more than the manifest says": (lambda m: {**m, "files/papers/x": b"x"}, "damaged"),
    "a newer kind of backup": (said(edition=2), "newer version"),
    "newer tables": (said(revision="9999"), "newer version"),
    "fewer tables": (said(tables=[]), "damaged"),
    "a name that climbs": (renamed("files/papers/../../abc"), "damaged"),
    "a name from the root": (renamed("files/papers//tmp/abc"), "damaged"),
    "a name of another folder": (renamed("files/elsewhere/abc"), "damaged"),
    "a name that hides": (renamed("files/papers/.ssh/abc"), "damaged"),
    "a name with a backslash": (renamed("files/papers/..\\abc"), "damaged"),
    "rows that are no JSON": (lambda m: with_rows(m, "child", b"[1,\n", 1), "damaged"),
    "rows that are no lists": (lambda m: with_rows(m, "child", b'{"a": 1}\n', 1), "damaged"),
    "rows that are too short": (lambda m: with_rows(m, "child", b"[1]\n", 1), "damaged"),
    "rows that are not counted": (lambda m: with_rows(m, "child", b"", 3), "damaged"),
    "a key that is a word": (account_with("one"), "damaged"),
    "a key that is a list": (account_with([1]), "damaged"),
}


def test_a_backup_that_was_tampered_with_is_refused(
    good: Members, empty: dict[str, Path], tmp_path: Path
) -> None:
    for what, (change, words) in HARM.items():
        path = written(tmp_path / "bad.zip", change(dict(good)))
        try:
            restore(path, empty, AT)
        except Refused as refusal:
            assert words in str(refusal), what
        else:
            pytest.fail(f"{what}: restored")
        nothing_there(empty)
        assert not (tmp_path / "abc").exists(), what


def test_what_is_no_backup_or_was_cut_is_refused(
    good: Members, empty: dict[str, Path], tmp_path: Path
) -> None:
    path = written(tmp_path / "bad.zip", good)
    whole = path.read_bytes()
    cut = [whole[: int(len(whole) * part)] for part in (0.3, 0.9, 0.999)]
    for data in (b"", b"PK\x03\x04", b"not a zip at all" * 100, *cut):
        path.write_bytes(data)
        with pytest.raises(Refused, match="damaged"):
            restore(path, empty, AT)
    nothing_there(empty)


def test_a_reference_to_what_is_not_there_leaves_nothing_behind(
    good: Members, empty: dict[str, Path], tmp_path: Path
) -> None:
    row = first_account(good)
    row[account_columns(good).index("authority_id")] = 999
    path = written(
        tmp_path / "bad.zip",
        with_rows(good, "account", json.dumps(row).encode() + b"\n", 1),
    )
    with pytest.raises(sa.exc.DBAPIError):
        restore(path, empty, AT)
    nothing_there(empty)


def test_a_paper_that_is_there_already_and_another_is_left_alone(
    good: Members, empty: dict[str, Path], tmp_path: Path
) -> None:
    empty["papers"].mkdir()
    (empty["papers"] / "abc").write_bytes(b"somebody's")
    with pytest.raises(Refused, match="another file"):
        restore(written(tmp_path / "good.zip", good), empty, AT)
    assert (empty["papers"] / "abc").read_bytes() == b"somebody's"
    assert backup.filled() == []


def test_the_backup_that_these_are_made_of_is_a_good_one(
    good: Members, empty: dict[str, Path], tmp_path: Path
) -> None:
    restore(written(tmp_path / "good.zip", good), empty, AT)
    assert "account" in backup.filled()
    assert (empty["papers"] / "abc").read_bytes() == b"a paper " * 1000


def test_a_full_disk_leaves_no_half_a_backup(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    folder = tmp_path / "backups"
    folder.mkdir()
    monkeypatch.setattr("core.usecases.backup.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        back_up(folder / "one.zip", {}, AT)
    assert list(folder.iterdir()) == []
