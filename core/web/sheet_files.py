"""A list as a file to download: an Excel file or CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Response, send_file

from core.documents.spreadsheet import MEDIA, Sheet, as_file

AT_ONCE = 500
MOST = 100_000
"""So many rows a file has at most."""


def batches(ids: list[int]) -> Iterator[list[int]]:
    """The ids of a file's rows, so many at a time as are read at once."""
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def within(found: list[int]) -> tuple[list[int], list[str]]:
    """The ids that a file takes of those found, and what stands at its top where it lacks some.

    One more than ``MOST`` is to be asked for: it tells that there are more.
    """
    return found[:MOST], [cut_note()] if len(found) > MOST else []


def cut_note() -> str:
    """What a file says that has not every row."""
    return f"The first {MOST:,} rows: there are more. Filter the list to have the others"


def download(sheet: Sheet, name: str, kind: str, more: Sequence[Sheet] = ()) -> Response:
    """An answer that downloads a list as a file of a kind of MEDIA; ``name`` has no ending.

    ``more`` are further sheets of an Excel file.

    It is made before it is sent, so that what its rows note for the audit is noted.
    """
    made = as_file(sheet, kind, more)
    return send_file(made, mimetype=MEDIA[kind], as_attachment=True, download_name=f"{name}.{kind}")
