"""A list as a file to download: an Excel file or CSV."""

from __future__ import annotations

from flask import Response, send_file

from core.documents.spreadsheet import MEDIA, Sheet, as_file


def download(sheet: Sheet, name: str, kind: str) -> Response:
    """An answer that downloads a list as a file of a kind of MEDIA; ``name`` has no ending.

    It is made before it is sent, so that what its rows note for the audit is noted.
    """
    made = as_file(sheet, kind)
    return send_file(made, mimetype=MEDIA[kind], as_attachment=True, download_name=f"{name}.{kind}")
