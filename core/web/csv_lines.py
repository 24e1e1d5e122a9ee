"""Lines of CSV as an answer to download, written as they are read."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from flask import Response, stream_with_context

from core.documents.spreadsheet import guarded


def line(*cells: str) -> str:
    """A line of CSV; what a spreadsheet would take for a formula gets an apostrophe."""
    out = StringIO()
    csv.writer(out).writerow(guarded(cell) for cell in cells)
    return out.getvalue()


def download(name: str, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Response:
    """An answer that downloads a file of rows under headings, made while it is sent."""

    def lines() -> Iterator[str]:
        # The mark without which a spreadsheet reads the accents of names wrongly.
        yield "\ufeff" + line(*headings)
        for row in rows:
            yield line(*row)

    answer = Response(stream_with_context(lines()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
