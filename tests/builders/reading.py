"""Pages as they are read: their words, without what only a screen reader says, and their parts."""

from __future__ import annotations

import re

from builders.house import House


def words(html: str) -> str:
    """The words of a page, those of links and dates in their sentence."""
    html = re.sub(r'<span class="govuk-visually-hidden">.*?</span>', "", html, flags=re.S)
    html = re.sub(r"</?(?:a|time|strong)\b[^>]*>", "", html)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def part(html: str, title: str) -> str:
    """The words of one part of a page, from its heading to the next; "" where there is none."""
    found = re.search(rf"<h2 [^>]*>{title}.*?(?=<h2 |</main>)", html, re.S)
    return words(found[0]) if found else ""


def get(house: House, address: str, role: str = "social.worker", status: int = 200) -> str:
    """A page as somebody gets it."""
    answer = house.client(role).get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.get_data(as_text=True)
