"""How pages say what a paper's file is: its type, its size, and what the virus scanner found."""

from __future__ import annotations

from core.documents.taken_types import BY_MEDIA_TYPE
from core.domain.paper import Scan
from core.store.papers import VersionRow

KILO, MEGA = 1024, 1024 * 1024
SCANS: dict[str, tuple[str, str]] = {
    Scan.NOT_SCANNED: ("Not scanned", "grey"),
    Scan.CLEAN: ("Clean", "green"),
    Scan.INFECTED: ("Infected: not given out", "red"),
    Scan.COULD_NOT: ("Could not be scanned", "orange"),
}


def type_words(version: VersionRow) -> str:
    """The type of a version's file without its article: "PDF", "Word document"."""
    found = BY_MEDIA_TYPE.get(version.media_type)
    if found is None:
        return "file"
    article, _, rest = found.words.partition(" ")
    return rest if article in {"a", "an"} else found.words


def size_words(size: int) -> str:
    """A size as people say it: "340 bytes", "12 KB", "1.4 MB"."""
    if size < KILO:
        return f"{size} bytes"
    if size < MEGA:
        return f"{round(size / KILO)} KB"
    return f"{size / MEGA:.1f} MB"


def scan_tag(version: VersionRow) -> tuple[str, str] | None:
    """The words and colour for what a scanner found; None for a link, which has no file."""
    return SCANS.get(version.scan) if version.media_type else None


def alarming(version: VersionRow, *, scanner: bool) -> bool:
    """Whether a list should say how the scan of a file stands."""
    usual = {Scan.CLEAN} if scanner else {Scan.CLEAN, Scan.NOT_SCANNED}
    return bool(version.media_type) and version.scan not in usual
