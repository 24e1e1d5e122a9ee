"""The types of file that are taken in as papers, and how a file that is none of them is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileType:
    """A type that is taken: in words, its media type, and the ends of names; the first is usual."""

    words: str
    media_type: str
    endings: tuple[str, ...]


class NotTaken(Exception):
    """A file that is not taken: ``what`` it really is ("a program"), and what to do instead."""

    def __init__(self, what: str, instead: str = "") -> None:
        super().__init__(what)
        self.what, self.instead = what, instead


OPEN_XML = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."

PDF = FileType("a PDF", "application/pdf", (".pdf",))
WORD = FileType("a Word document", f"{OPEN_XML}wordprocessingml.document", (".docx",))
EXCEL = FileType("an Excel workbook", f"{OPEN_XML}spreadsheetml.sheet", (".xlsx",))
SLIDES = FileType("a PowerPoint file", f"{OPEN_XML}presentationml.presentation", (".pptx",))
ODT = FileType("an OpenDocument text", f"{OPEN_DOCUMENT}text", (".odt",))
ODS = FileType("an OpenDocument spreadsheet", f"{OPEN_DOCUMENT}spreadsheet", (".ods",))
ODP = FileType("an OpenDocument presentation", f"{OPEN_DOCUMENT}presentation", (".odp",))
TEXT = FileType("plain text", "text/plain", (".txt", ".csv", ".ics", ".vcf"))
JPEG = FileType("a JPEG image", "image/jpeg", (".jpg", ".jpeg", ".jfif", ".jpe"))
PNG = FileType("a PNG image", "image/png", (".png",))
GIF = FileType("a GIF image", "image/gif", (".gif",))
TIFF = FileType("a TIFF image", "image/tiff", (".tif", ".tiff"))
HEIC = FileType("a HEIC image", "image/heic", (".heic", ".heif"))
EMAIL = FileType("an e-mail", "message/rfc822", (".eml",))
OUTLOOK = FileType("an Outlook message", "application/vnd.ms-outlook", (".msg",))

TAKEN = (
    PDF,
    WORD,
    EXCEL,
    SLIDES,
    ODT,
    ODS,
    ODP,
    TEXT,
    JPEG,
    PNG,
    GIF,
    TIFF,
    HEIC,
    EMAIL,
    OUTLOOK,
)
BY_MEDIA_TYPE = {one.media_type: one for one in TAKEN}

SAID = "PDF, Word, Excel, PowerPoint, OpenDocument, plain text, e-mails and images"
AS_PDF = "Save it as PDF, and add that"
ONE_BY_ONE = "Take out the papers that are in it, and add those"
