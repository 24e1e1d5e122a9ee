"""A list as a file to download: an Excel file or CSV."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, send_file

from core.documents.spreadsheet import MEDIA, Sheet, as_file

AT_ONCE = 500


def batches(ids: list[int]) -> Iterator[list[int]]:
    """The ids of a file's rows, so many at a time as are read at once."""
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def most_notes(count: int, most: int) -> list[str]:
    """What stands at the top of a file that has as many rows as a file may have."""
    return [f"{count:,} rows; a file has {most:,} at most"] if count >= most else []


def download(sheet: Sheet, name: str, kind: str) -> Response:
    """An answer that downloads a list as a file of a kind of MEDIA; ``name`` has no ending.

    It is made before it is sent, so that what its rows note for the audit is noted.
    """
    made = as_file(sheet, kind)
    return send_file(made, mimetype=MEDIA[kind], as_attachment=True, download_name=f"{name}.{kind}")
