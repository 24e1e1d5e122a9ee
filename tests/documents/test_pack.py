"""A pack as one PDF: contents with right numbers, every kind of paper, files broken on purpose."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from builders.files import PDF as BROKEN
from builders.packed import NAMES, RUNS, pdf, texts, with_note, word
from PIL import Image
from pypdf import PdfReader

from core.documents import converting
from core.documents import pack as packs
from core.documents.pack import File, Line, NotMade, PackFacts, Part, pack
from core.documents.taken_types import EXCEL, JPEG, PDF, PNG, TEXT, WORD

READER = "Łukasz Ọláwálé"
AT = "https://service.example/paper-versions/abc"


def file(folder: Path, name: str, content: bytes, kind: str = PDF.media_type) -> File:
    path = folder / name
    path.write_bytes(content)
    return File(str(path), kind, Path(name).suffix, "a file", AT)


def made(*parts: Part, converter: tuple[str, ...] = ()) -> tuple[packs.Made, bytes]:
    facts = PackFacts(
        "Pack of the panel",
        "Permanence Panel",
        "Thursday 3 December 2026",
        "Room 3",
        READER,
        "23 November 2026 at 09:00",
        parts,
        converter,
    )
    done = pack(facts)
    with done.stream:
        return done, done.stream.read()


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> tuple[packs.Made, bytes]:
    """A pack with a paper of each kind, good ones and those that cannot be shown."""
    folder = tmp_path_factory.mktemp("every")
    photo = BytesIO()
    Image.new("RGB", (300, 200), "red").save(photo, "JPEG")
    return made(
        Part("1. Statement", 1, (Line("text", "Be kind."),)),
        Part("2. Next date", 1, (Line("text", "In two weeks."),), follows=True),
        Part(f"Case 1: {NAMES}", 1, (Line("fact", NAMES, "Who"), Line("fact", "", "Why"))),
        Part("A report", 2, (), file(folder, "a.pdf", pdf("Court report", 3))),
        Part("Turned", 2, (), file(folder, "t.pdf", pdf("Turned page", turned=90))),
        Part("Noted", 2, (), file(folder, "n.pdf", with_note())),
        Part("Statement", 2, (), file(folder, "w.docx", word(NAMES), WORD.media_type)),
        Part("Photo", 2, (), file(folder, "p.jpg", photo.getvalue(), JPEG.media_type)),
        Part("Note", 2, (), file(folder, "n.txt", NAMES.encode(), TEXT.media_type)),
        Part("Costs", 2, (), file(folder, "c.xlsx", b"PK", EXCEL.media_type)),
        Part("Locked", 2, (), file(folder, "l.pdf", pdf(locked=True))),
        Part("Broken", 2, (), file(folder, "b.pdf", BROKEN)),
        Part("Withheld", 2, (), File("", PDF.media_type, ".pdf", "a PDF", AT, "A virus was found")),
    )


Every = tuple[packs.Made, bytes]


def test_every_kind_of_paper_stands_where_the_contents_say(every: Every) -> None:
    done, content = every
    assert done.left == ("Costs", "Locked", "Broken", "Withheld")
    said = texts(content)
    assert len(said) == done.pages
    on = dict(done.contents)
    for title, words in {
        "1. Statement": "Be kind.",
        "2. Next date": "In two weeks.",
        f"Case 1: {NAMES}": "Not answered",
        "A report": "Court report 1",
        "Turned": "Turned page 1",
        "Noted": "Noted here",
        "Statement": "In a cell",
        "Note": NAMES,
        "Locked": "locked with a password",
        "Broken": "Its file is broken",
        "Withheld": "A virus was found",
        "Costs": AT,
    }.items():
        assert words in said[on[title] - 1], title
    assert on["2. Next date"] == on["1. Statement"] and on["Turned"] - on["A report"] == 3
    assert NAMES in said[on["Statement"] - 1] and NAMES in said[on[f"Case 1: {NAMES}"] - 1]
    for number, page in enumerate(said, 1):
        assert f"Page {number} of {done.pages}" in page
        assert READER in page and "Confidential" in page and "3 December 2026" in page
    for title, number in done.contents:
        assert title in said[1] and f"{number}" in said[1]


def test_it_has_a_title_a_language_an_outline_and_links_that_lead_there(every: Every) -> None:
    done, content = every
    reader: Any = PdfReader(BytesIO(content))
    assert reader.metadata.title == "Pack of the panel"
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    first, second, third, under = reader.outline
    found = [first, second, third, *under]
    numbers = [reader.get_destination_page_number(one) + 1 for one in found]
    assert list(zip([one.title for one in found], numbers, strict=True)) == list(done.contents)
    pages = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages, 1)}
    links = [note.get_object()["/Dest"][0] for note in reader.pages[1]["/Annots"]]
    to = [page.indirect_reference.idnum for page in (link.get_object() for link in links)]
    assert [pages[one] for one in to] == [number for _, number in done.contents]


def test_what_a_paper_would_run_or_open_does_not_come_with_it(every: Every) -> None:
    for name in (b"/JavaScript", b"/OpenAction", b"/EmbeddedFile", RUNS.encode()):
        assert name not in every[1]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not here")
def test_other_programs_read_it(every: Every, tmp_path: Path) -> None:
    done, content = every
    path = tmp_path / "pack.pdf"
    path.write_bytes(content)
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True)
    assert NAMES in text.stdout.decode() and not text.stderr
    number = str(dict(done.contents)["Turned"])
    command = ["pdftoppm", "-r", "30", "-png", "-singlefile", "-f", number, path, tmp_path / "page"]
    assert not subprocess.run(command, capture_output=True, check=True).stderr
    with Image.open(tmp_path / "page.png") as turned:
        assert turned.width > turned.height
        upper = turned.convert("L").crop((0, 0, turned.width, turned.height - 20))
        assert len(upper.getcolors() or []) > 1  # something is drawn on it above the foot


def test_contents_of_several_pages_keep_the_right_numbers() -> None:
    parts = [Part(f"Part {n} of many", 1, (Line("text", f"Here is {n}."),)) for n in range(90)]
    done, content = made(*parts)
    said = texts(content)
    assert done.contents[0] == ("Part 0 of many", 5)
    for n, (_title, number) in enumerate(done.contents):
        assert f"Here is {n}." in said[number - 1]
    assert "Contents" in said[1] and "Part 89 of many" in said[3]


def loop() -> bytes:
    """A PDF whose tree of pages names itself."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )


def deep() -> bytes:
    """A PDF whose resources are ten thousand lists in one another."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</X "
        + b"[" * 10_000
        + b"]" * 10_000
        + b">>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )


def swollen() -> bytes:
    """A Word file whose text unpacks to far more than it is."""
    made = BytesIO(word())
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/more.xml", b"<a>" + b" " * 30_000_000 + b"</a>")
    return made.getvalue()


def test_files_that_are_hostile_cost_a_page_that_says_so(tmp_path: Path) -> None:
    wide = BytesIO()
    Image.new("1", (9_000, 9_000)).save(wide, "PNG")
    done, content = made(
        Part("Loop", 1, (), file(tmp_path, "1.pdf", loop())),
        Part("Deep", 1, (), file(tmp_path, "2.pdf", deep())),
        Part("Swollen", 1, (), file(tmp_path, "3.docx", swollen(), WORD.media_type)),
        Part("Wide", 1, (), file(tmp_path, "4.png", wide.getvalue(), PNG.media_type)),
        Part("Not there", 1, (), File(str(tmp_path / "no"), PDF.media_type, ".pdf", "a PDF", AT)),
        Part("Good", 1, (), file(tmp_path, "5.pdf", pdf("It is here"))),
    )
    assert set(done.left) == {"Loop", "Deep", "Swollen", "Wide", "Not there"}
    assert "It is here 1" in texts(content)[dict(done.contents)["Good"] - 1]


def test_a_converter_makes_a_pdf_of_what_is_not_laid_out_here(tmp_path: Path) -> None:
    (tmp_path / "as.pdf").write_bytes(pdf("Converted"))
    program = tmp_path / "convert.py"
    program.write_text(
        "import shutil, sys\n"
        f"shutil.copy({str(tmp_path / 'as.pdf')!r}, sys.argv[-2] + '/paper.pdf')\n"
    )
    costs = Part("Costs", 1, (), file(tmp_path, "c.xlsx", b"PK", EXCEL.media_type))
    done, content = made(costs, converter=(sys.executable, str(program)))
    assert not done.left and "Converted 1" in texts(content)[dict(done.contents)["Costs"] - 1]
    done, _ = made(costs, converter=("false",))
    assert done.left == ("Costs",)


def test_one_file_is_converted_as_often_as_it_stands_there_each_with_its_own_limit_of_memory(
    tmp_path: Path,
) -> None:
    (tmp_path / "as.pdf").write_bytes(pdf("Converted"))
    program, said = tmp_path / "convert.py", tmp_path / "said"
    program.write_text(
        "import resource, shutil, sys\n"
        f"open({str(said)!r}, 'a').write(f'{{resource.getrlimit(resource.RLIMIT_AS)[0]}} ')\n"
        f"shutil.copy({str(tmp_path / 'as.pdf')!r}, sys.argv[-2] + '/paper.pdf')\n"
    )
    costs = file(tmp_path, "c.xlsx", b"PK", EXCEL.media_type)
    parts = [Part("Of the first case", 1, (), costs), Part("Of the second", 1, (), costs)]
    done, content = made(*parts, converter=(sys.executable, str(program)))
    assert not done.left and "".join(texts(content)).count("Converted 1") == 2
    assert said.read_text() == f"{converting.MEMORY} " * 2


def test_a_file_is_shown_only_as_it_was_kept(tmp_path: Path) -> None:
    kept = file(tmp_path, "a.pdf", pdf("As kept"))
    kept = replace(kept, sha256=sha256(Path(kept.path).read_bytes()).hexdigest())
    other = replace(file(tmp_path, "b.pdf", pdf("Changed")), sha256=kept.sha256)
    gone = replace(kept, path=str(tmp_path / "gone"))
    done, content = made(
        Part("Kept", 1, (), kept), Part("Changed", 1, (), other), Part("Gone", 1, (), gone)
    )
    assert done.left == ("Changed", "Gone")
    said = texts(content)
    assert "As kept 1" in said[dict(done.contents)["Kept"] - 1]
    assert "it is not as it was" in said[dict(done.contents)["Changed"] - 1]
    assert "it is missing" in said[dict(done.contents)["Gone"] - 1]


def test_what_takes_too_long_is_ended_and_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    facts = PackFacts("Pack", "Panel", "a day", "", READER, "now", (Part("One"),))
    with pytest.raises(NotMade, match="took too long"):
        pack(facts, seconds=0.01)
    with pack(facts).stream:
        assert list(tmp_path.iterdir()) == []
