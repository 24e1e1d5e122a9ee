"""The seam for a virus scanner: its command is run without a shell, and its status says what is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from core.documents.scanning import CommandScanner, scanner_of
from core.domain.paper import Scan

#: A made-up scanner: it reads the file as its input, and knows one virus.
SCANNER = "import sys; sys.exit(1 if b'VIRUS' in sys.stdin.buffer.read() else 0)"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "paper; touch made-by-a-shell"
    path.write_bytes(b"Nothing bad")
    return path


def python(*code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", *code)


def test_what_the_status_says(paper: Path) -> None:
    scanner = scanner_of(python(SCANNER))
    assert scanner.scan(paper) is Scan.CLEAN
    paper.write_bytes(b"x" * 5_000_000 + b"VIRUS")
    assert scanner.scan(paper) is Scan.INFECTED
    assert scanner_of(python("import sys; sys.exit(2)")).scan(paper) is Scan.COULD_NOT


def test_no_scanner_says_that_nothing_was_scanned(paper: Path) -> None:
    assert scanner_of(()).scan(paper) is Scan.NOT_SCANNED


def test_a_scanner_that_is_not_there_or_hangs_or_a_file_that_is_gone(paper: Path) -> None:
    assert scanner_of(("/no/such/scanner",)).scan(paper) is Scan.COULD_NOT
    hangs = CommandScanner(python("import time; time.sleep(60)"), seconds=0.3)
    assert hangs.scan(paper) is Scan.COULD_NOT
    assert scanner_of(python(SCANNER)).scan(paper.with_name("gone")) is Scan.COULD_NOT


def test_the_command_is_not_read_by_a_shell(paper: Path, tmp_path: Path) -> None:
    made = tmp_path / "made"
    scanner = scanner_of((*python(SCANNER), f"; touch {made}", f"$(touch {made})"))
    assert scanner.scan(paper) is Scan.CLEAN
    assert not made.exists()
