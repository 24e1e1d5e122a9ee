"""Fetches the pinned browser libraries, without GOV.UK's marks, into static/, and a font.

Run it with ``python -m core.web.vendoring`` when a version changes; it needs npm. What it writes
is committed, so that nobody needs node to run the application. An authority is not on GOV.UK: the
design system may be used there, the crown, the crest, the logos and the typeface may not.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).parent / "static"
FONTS = Path(__file__).parents[1] / "documents" / "fonts"
FONT = "var(--app-font-family,arial,sans-serif)"

# Whatever matches these is GOV.UK's or a ministry's own mark, and its rule is left out.
MARKS = re.compile(r"crest|crown|logotype|logo-dot|licence-logo|copyright-logo|probation", re.I)
# The parts of the MoJ library that the templates use; the rest of it is left out.
# What is laid out for a script that is not taken (a filter that slides in) goes too.
MOJ_PARTS = re.compile(
    r"^(?!\.js-enabled|.*(__close|__legend button))"
    r".*\.moj-(timeline|badge|filter|sub-navigation)(?![a-z])",
    re.S,
)
LEFT_OVER = re.compile(
    r"gds[ -]?transport|@font-face|crest|crown|logotype|logo-dot|licence-logo"
    r"|/assets|url\(\s*['\"]?/|sourceMappingURL|margaret calvert",
    re.I,
)


class VendoringError(Exception):
    """A package is not the one that was pinned, or a mark of GOV.UK was left in its files."""


@dataclass(frozen=True, slots=True)
class Package:
    """A published package: its name and version, its tarball's SHA-512, the files taken from it.

    `files` pairs a path inside the package with a path under `into`, which is static/ but for the
    font of documents.
    """

    spec: str
    sha512: str
    files: tuple[tuple[str, str], ...]
    into: Path = STATIC


PACKAGES = (
    Package(
        "govuk-frontend@6.3.0",
        "717210c66e4f1c2b1b89ce3b19766b54166101e7ac8532d12fa6412a294bb11e"
        "ab3028c9b966fb16bbaad1550d30124594993fb2bb118ffabc7796ccf5c80aa0",
        (
            ("dist/govuk/govuk-frontend.min.css", "govuk-frontend.min.css"),
            ("dist/govuk/govuk-frontend.min.js", "govuk-frontend.min.js"),
        ),
    ),
    Package(
        "@ministryofjustice/frontend@11.1.0",
        "d5b9146e6d8ce03a5ca57fe93a6ba641106c6c9728f56d91c2626fe61fd90bf6"
        "6aac03a7dbf163a45f80eef4b482cee8317062cebf4ee61b83ad261b2f1ef737",
        (
            ("moj/moj-frontend.min.css", "moj-frontend.min.css"),
            *(
                (f"moj/assets/images/{icon}.svg", f"images/{icon}.svg")
                for icon in (
                    "icon-tag-remove-cross",
                    "icon-tag-remove-cross-white",
                    "icon-document",
                )
            ),
        ),
    ),
    Package(
        "htmx.org@2.0.11",
        "4e1c7f5ada5e390a92aea042c3f0357301891a0e14ad56b7fac5b41a6accde9e"
        "202603bcf5e707e2ab5b9f2cc30d616f053aa39c83028042d336deb7e9db5a98",
        (("dist/htmx.min.js", "htmx.min.js"), ("LICENSE", "licences/htmx.txt")),
    ),
    Package(
        "dejavu-fonts-ttf@2.37.3",
        "7f585dee325b7906b5556730f8ad8aad35d2e74cd331a1e9542e1720a26935c0"
        "de611e5a8ccb63fe22e540360dbcb38a6a6501dc04555427fbf65370355ced49",
        (
            ("ttf/DejaVuSans.ttf", "DejaVuSans.ttf"),
            ("ttf/DejaVuSans-Bold.ttf", "DejaVuSans-Bold.ttf"),
            ("LICENSE", "licence.txt"),
        ),
        FONTS,
    ),
)


def rules(css: str) -> Iterator[tuple[str, str | None]]:
    """Split minified CSS into (prelude, body) pairs; body is None for a statement such as @charset.

    Comments are dropped. Braces inside strings are not expected in the pinned files.
    """
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    at = 0
    while at < len(css):
        found = re.compile(r"[{;]").search(css, at)
        if found is None:
            return
        prelude = css[at : found.start()].strip()
        if found.group() == ";":
            yield prelude, None
            at = found.end()
            continue
        depth, end = 1, found.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        yield prelude, css[found.end() : end - 1]
        at = end


def keep(css: str, wanted: Callable[[str], bool]) -> str:
    """Return the CSS with only the selectors that are wanted; @font-face is never kept."""
    kept: list[str] = []
    for prelude, body in rules(css):
        if body is None:
            kept.append(f"{prelude};")
        elif prelude.startswith("@font-face"):
            continue
        elif prelude.startswith(("@media", "@supports")):
            inner = keep(body, wanted)
            if inner:
                kept.append(f"{prelude}{{{inner}}}")
        elif prelude.startswith("@"):
            kept.append(f"{prelude}{{{body}}}")
        else:
            # A list inside :not(…) or :is(…) must not be cut: such a rule is judged whole.
            selectors = [prelude] if "(" in prelude else prelude.split(",")
            chosen = ",".join(one for one in selectors if wanted(one))
            if chosen:
                kept.append(f"{chosen}{{{body}}}")
    return "".join(kept)


def without_marks(css: str) -> str:
    """Return a stylesheet with no typeface, crest or logo, its asset addresses made relative."""
    css = re.sub(r"\"?GDS Transport\"?,\s*arial,\s*sans-serif", FONT, css, flags=re.I)
    css = keep(css, lambda selector: not MARKS.search(selector))
    return re.sub(r"url\((['\"]?)/assets/", r"url(\1", css)


def cleaned(text: str, name: str) -> str:
    """Return the text of one file as it goes into static/, by the kind of file it is."""
    text = re.sub(r"\s*(//|/\*)# sourceMappingURL=.*", "", text)
    if name.startswith("moj-"):
        text = keep(text, lambda selector: bool(MOJ_PARTS.search(selector)))
    return without_marks(text) if name.endswith(".css") else text


def assert_nothing_left(text: str, name: str, taken: Collection[str]) -> None:
    """Raise VendoringError where a mark of GOV.UK, or an absolute asset address, is still there.

    `taken` names every file that is taken from the same package: a picture must be one of them.
    """
    found = LEFT_OVER.search(text)
    if found and not name.startswith("licences/"):
        raise VendoringError(f"{name} still holds {found.group()!r}")
    for picture in re.findall(r"url\(['\"]?([^)'\"]+)", text if name.endswith(".css") else ""):
        if not picture.startswith("data:") and picture not in taken:
            raise VendoringError(f"{name} asks for {picture}, which is not taken")


def fetch(package: Package, into: Path) -> Path:
    """Download a package with npm, check its SHA-512 and unpack it; return the unpacked folder."""
    npm = shutil.which("npm")
    if npm is None:
        raise VendoringError("npm is not installed: it is needed to fetch the browser libraries")
    command = [npm, "pack", "--silent", package.spec]
    packed = subprocess.run(command, cwd=into, check=True, capture_output=True, text=True)
    tarball = into / packed.stdout.split()[-1]
    if hashlib.sha512(tarball.read_bytes()).hexdigest() != package.sha512:
        raise VendoringError(f"{package.spec} is not the package that was pinned")
    folder = into / tarball.stem
    with tarfile.open(tarball) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def vendor(package: Package, into: Path, static: Path | None = None) -> list[Path]:
    """Write one package's files where they go, or under `static`; return the paths written.

    Every file is cleaned and checked before the first is written, so a refusal changes nothing. A
    font is taken as it is.
    """
    source, static = fetch(package, into), static or package.into
    fonts = {name: source / inside for inside, name in package.files if name.endswith(".ttf")}
    texts = {
        name: cleaned((source / inside).read_text(encoding="utf-8"), name)
        for inside, name in package.files
        if name not in fonts
    }
    for name, text in texts.items():
        assert_nothing_left(text, name, texts)
    for name, text in texts.items():
        (static / name).parent.mkdir(parents=True, exist_ok=True)
        (static / name).write_text(text.rstrip() + "\n", encoding="utf-8", newline="\n")
    for name, font in fonts.items():
        shutil.copyfile(font, static / name)
    return [static / name for name in (*texts, *fonts)]


def main() -> int:
    """Fetch and write every pinned package; return 0, or 1 with one line on standard error."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            for package in PACKAGES:
                for path in vendor(package, Path(folder)):
                    print(f"{package.spec}: {path.relative_to(package.into)}")
        except (VendoringError, subprocess.CalledProcessError) as refused:
            print(refused, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
