"""The page about the record names every kind that there is, and no other."""

from __future__ import annotations

import re

from builders.written import DOCS

from core.domain.record import KINDS


def test_every_kind_is_named_in_the_page_about_the_record() -> None:
    text = (DOCS / "record.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    assert {code for row in rows for code in re.findall(r"`([a-z-]+)`", row)} == set(KINDS)
