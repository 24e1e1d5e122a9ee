"""What the tree and its files may be named, how long they are, and what never stands in them."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = ("core", "plugins", "demo")
BANNED = {"utils", "common", "helpers", "manager", "base"}
MOST_LINES = 400
AUTHORITIES = re.compile(r"somerset|bexley|bournemouth|\bbcp\b", re.IGNORECASE)
TEST_PACKAGES = {"tests/toyshire/__init__.py", "tests/builders/__init__.py"}
MACHINE_PATHS = re.compile(r"(?:^|[\s\"'`=(:])/(?:home|root|work|tmp|Users|mnt|private)/\w", re.M)
REGISTRY_HOSTS = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs\.org|registry\.yarnpkg\.com"
    r"|--(?:extra-)?index-url\s+\S|^\s*registry\s*=\s*https?:",
    re.M,
)
MARKS = re.compile(r"crown|crest|royal-arms|govuk-logotype|\.woff2?\b|@font-face", re.IGNORECASE)


@cache
def tracked() -> tuple[Path, ...]:
    """The files of the project: those git keeps, and new ones that it would."""
    named = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = [ROOT / name for name in named.split("\0") if name]
    return tuple(path for path in found if path.is_file())


def below(*folders: str, suffix: str = "") -> list[Path]:
    parts = [path.relative_to(ROOT) for path in tracked()]
    return [p for p in parts if p.parts[0] in folders and (not suffix or p.suffix == suffix)]


def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def test_the_project_is_found_at_all() -> None:
    assert Path("core/app.py") in below("core", suffix=".py")


def test_no_module_bears_a_name_that_says_nothing() -> None:
    code = below(*CODE, "tests", "benchmarks")
    assert [str(p) for p in code if BANNED & {p.stem, *p.parts[:-1]}] == []


@pytest.mark.parametrize("folder", [*CODE, "tests", "benchmarks"])
def test_every_module_begins_with_a_sentence_on_what_is_in_it(folder: str) -> None:
    generated = Path("core/store/migrations/versions")
    without = [
        str(path)
        for path in below(folder, suffix=".py")
        if path.parent != generated and not (ast.get_docstring(ast.parse(text(path))) or "").strip()
    ]
    assert without == []


def test_the_core_and_the_templates_name_no_authority() -> None:
    named = [
        f"{path}: {match.group()}"
        for path in below("core", "templates")
        for match in AUTHORITIES.finditer(f"{path}\n{text(path)}")
    ]
    assert named == []


def test_no_file_of_code_is_longer_than_a_person_reads() -> None:
    long = {
        str(path): lines
        for path in below(*CODE, suffix=".py")
        if (lines := len(text(path).splitlines())) > MOST_LINES
        and path.parent != Path("core/store/migrations/versions")
    }
    assert long == {}


def test_tests_are_no_package() -> None:
    inits = {path.as_posix() for path in below("tests") if path.name == "__init__.py"}
    assert inits <= TEST_PACKAGES


def left_out(source: str) -> list[int]:
    """The lines that skip a test, or expect it to fail, without saying why."""
    names = {"skip", "skipif", "xfail"}
    nodes = list(ast.walk(ast.parse(source)))
    reasoned = set()
    for call in (node for node in nodes if isinstance(node, ast.Call)):
        reasons = [word.value for word in call.keywords if word.arg == "reason"]
        if isinstance(call.func, ast.Attribute) and not is_mark(call.func):
            reasons += call.args[:1]
        if any(not isinstance(r, ast.Constant) or str(r.value).strip() for r in reasons):
            reasoned.add(id(call.func))
    return [
        node.lineno
        for node in nodes
        if isinstance(node, ast.Attribute)
        and node.attr in names
        and id(node) not in reasoned
        and (is_mark(node) or getattr(node.value, "id", "") == "pytest")
    ]


def is_mark(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Attribute) and node.value.attr == "mark"


def test_a_test_that_is_left_out_says_why() -> None:
    bare = [
        f"{path}:{line}" for path in below("tests", suffix=".py") for line in left_out(text(path))
    ]
    assert bare == []


def test_the_scan_for_reasons_sees_a_bare_skip() -> None:
    source = (
        "@pytest.mark.skip\ndef a(): ...\n"
        "@pytest.mark.xfail(strict=True)\ndef b(): ...\n"
        "@pytest.mark.skipif(True, reason='no server')\ndef c(): ...\n"
        "def d(): pytest.skip()\ndef e(): pytest.skip('no server')\n"
    )
    assert left_out(source) == [1, 3, 7]


INLINE = {
    "a script in the page": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "a style in the page": re.compile(r"<style\b|\bstyle\s*=\s*[\"']", re.IGNORECASE),
    "a handler in the page": re.compile(r"[\s\"']on[a-z]+\s*=\s*[\"']|\bhx-on\b", re.IGNORECASE),
    "a script as an address": re.compile(r"javascript:", re.IGNORECASE),
}


@pytest.mark.parametrize("what", INLINE)
def test_nothing_in_a_template_is_inline(what: str) -> None:
    found = [
        f"{path}: {match.group().strip()}"
        for path in below("templates")
        for match in INLINE[what].finditer(text(path))
    ]
    assert found == []


def test_no_file_names_a_path_of_one_machine_or_a_package_registry() -> None:
    this = Path(__file__).relative_to(ROOT)
    found = [
        f"{path.relative_to(ROOT)}: {match.group().strip()}"
        for path in tracked()
        if path.relative_to(ROOT) != this and path.suffix not in {".png", ".docx"}
        for pattern in (MACHINE_PATHS, REGISTRY_HOSTS)
        for match in pattern.finditer(text(path.relative_to(ROOT)))
    ]
    assert found == []


def test_what_the_browser_is_sent_bears_no_crown_crest_or_typeface_of_government() -> None:
    static = [path for path in below("core") if path.parts[:3] == ("core", "web", "static")]
    assert static
    found = [
        f"{path}: {match.group()}"
        for path in static
        if "licences" not in path.parts
        for match in MARKS.finditer(f"{path}\n{text(path)}")
    ]
    assert found == []
