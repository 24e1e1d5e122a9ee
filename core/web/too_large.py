"""What is said of a request that is larger than is taken: how much is, and what to do instead."""

from __future__ import annotations

from flask import Response, make_response, request

from core.settings import MEBIBYTE
from core.web import asker, pages
from core.web.guard import FORM_MOST, PAPER_UPLOADS, UPLOADS


def too_large() -> Response:
    """The page; for htmx its words alone, which the script puts beside the files."""
    files, words = request.endpoint in UPLOADS, _words()
    if pages.wants_block():
        answer = make_response(words, 413)
        answer.mimetype = "text/plain"
        return answer
    return pages.page("errors/413.html", status=413, title=_title(), files=files, words=words)


def _too_many() -> bool:
    """Whether a form has more parts than are read, though what was sent is not large."""
    sent, most = request.content_length, request.max_content_length
    return sent is not None and most is not None and sent <= most


def _title() -> str:
    if request.endpoint not in UPLOADS:
        return "The text is too large"
    return "There are too many files" if _too_many() else "The files are too large"


def _words() -> str:
    if request.endpoint not in UPLOADS:
        return (
            f"What you typed is larger than this service takes at once: {_mb(FORM_MOST)}. Nothing "
            "has been changed. Go back, and send it in parts"
        )
    settings, papers = asker.parts().settings, request.endpoint in PAPER_UPLOADS
    each = settings.paper_most_bytes if papers else settings.import_most_bytes
    whole = (request.max_content_length or 0) - FORM_MOST
    instead = (
        "choose fewer files at a time, or add a link to a large one"
        if papers
        else "choose fewer files at a time"
    )
    if _too_many():
        return (
            f"There are too many files: {request.max_form_parts:,} are taken at once at most, with "
            f"the other answers of the form. None was taken: {instead}"
        )
    return (
        f"The files are too large: each may have {_mb(each)}, and all that are sent at once "
        f"{_mb(whole)}. None was taken: {instead}"
    )


def _mb(size: int) -> str:
    return f"{size // MEBIBYTE} MB"
