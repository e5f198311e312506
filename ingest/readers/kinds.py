"""What a file is: decided by its bytes first and by its ending second.

Government sites hand out web pages named .doc, docx named .doc, and error pages named .pdf, so the content wins wherever it is certain:

* a zip that holds word/document.xml is docx, %PDF is pdf, whatever the ending;
* text that opens with <!doctype html>, <html>, <head> or <body> is a page, also under .txt and .doc;
* text under .html without a single tag is plain text; so is text without a known ending;
* a picture of a kind that scanners write is a scan, an old Word file (.doc) a document to convert, whatever the ending;
* a spreadsheet, a picture of another kind or an archive other than zip is refused with the way out.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Literal

from ingest.readers import encoding
from ingest.readers.limits import CannotRead

Kind = Literal["txt", "html", "docx", "pdf", "jsonl", "zip", "ole", "image"]
HEAD_BYTES = 4096

_TEXT = {"", ".txt", ".text", ".md", ".markdown", ".mdown"}
_PAGE = {".html", ".htm", ".shtml", ".xhtml", ".jhtml", ".phtml", ".jsp", ".asp", ".aspx", ".php", ".do"}
ROW_ENDINGS = {".jsonl", ".ndjson", ".jl"}
# Word opens pages and plain text under these names without a word of complaint, so they come about
_NAMED_LIKE_OFFICE = {".doc", ".docx", ".dot", ".rtf", ".wps", ".wpt", ".xls", ".xlsx", ".et", ".pdf", ".ofd", ".odt"}
_PAGE_START = re.compile(r"[\s\ufeff]*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<(?:p|div|br|span|html|body|table|td|h[1-6]|meta|title|head|a|section|article|font|li)\b[^>]*>", re.IGNORECASE)

_AS_TEXT = "Save it as .docx or .txt and ingest that."
_UNPACK = "Unpack it and ingest the folder, or pack it as .zip."
_PICTURE = "Read its text with OCR, save that as .txt and ingest it."
_EXPORT = "Save the report as .docx, .pdf with a text layer, or .txt and ingest that."
_PICTURE_ENDINGS = {".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".svg", ".ico"}

# start of the file, what it is, what to do
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"{\\rtf", "It is rich text (RTF).", _AS_TEXT),
    (b"Rar!\x1a\x07", "It is a RAR archive.", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "It is a 7-Zip archive.", _UNPACK),
    (b"\x1f\x8b", "It is a gzip archive.", _UNPACK),
    (b"BZh", "It is a bzip2 archive.", _UNPACK),
    (b"\xfd7zXZ\x00", "It is an xz archive.", _UNPACK),
    (b"GIF8", "It is a picture (GIF).", _PICTURE),
    (b"SQLite format 3\x00", "It is a SQLite database.", "Export its reports as jsonl with key and text and ingest that."),
    (b"PAR1", "It is a Parquet file.", "Export its reports as jsonl with key and text and ingest that."),
    (b"\x7fELF", "It is a program.", "Leave it out."),
    (b"MZ\x90\x00", "It is a program.", "Leave it out."),
)
_PAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"II*\x00", b"MM\x00*")  # JPEG, PNG, TIFF: what scanners write
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# names of the streams inside an OLE file, which lie there in UTF-16
_OLE_STREAMS: tuple[tuple[str, str, str, str], ...] = (
    ("EncryptedPackage", "encrypted", "It is protected by a password.", "Open it, save it without the password and ingest that."),
    ("WpsDocument", "unsupported", "It is a WPS file (.wps).", _AS_TEXT),
    ("WordDocument", "unsupported", "It is an old Word or WPS file (.doc, .wps).", _AS_TEXT),
    ("Workbook", "unsupported", "It is an old Excel file (.xls).", _EXPORT),
    ("Book", "unsupported", "It is an old Excel file (.xls).", _EXPORT),
    ("PowerPoint Document", "unsupported", "It is an old PowerPoint file (.ppt).", _EXPORT),
)


def ending_of(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def kind_of(name: str, head: bytes) -> Kind:
    """What to read ``name`` with, from its first HEAD_BYTES bytes. A zip may still turn out to be docx, see ``archives.is_docx``,
    and ole is refused by ``refuse_ole`` once all bytes are there. Raises CannotRead for what no reader takes.
    """
    if not head:
        raise CannotRead("empty", "It has 0 bytes.", "Download or save it again.")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return "zip"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(_OLE):
        return "ole"
    if head.startswith(_PAGES) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP") or (head.startswith(b"BM") and ending_of(name) == ".bmp"):
        return "image"
    for signature, reason, cure in _SIGNATURES:
        if head.startswith(signature):
            raise CannotRead("unsupported", reason, cure)
    ending = ending_of(name)
    if ending in _PICTURE_ENDINGS:
        raise CannotRead("unsupported", f"It is a picture ({ending}).", _PICTURE)
    if ending in ROW_ENDINGS:
        return "jsonl"
    if ending == ".zip":
        raise CannotRead("damaged", "It is not a zip archive, or its start is broken.", "Download or pack it again.")
    return _kind_of_text(ending, head)


def _kind_of_text(ending: str, head: bytes) -> Kind:
    marked = encoding.mark_of(head)
    if not marked and b"\0" in head:
        raise CannotRead("binary", "It is a binary file of no known kind.", _EXPORT)
    # tags are ASCII in every encoding that is taken here, so any decoding shows them
    start = head.decode(marked or "latin-1", "replace")
    if _PAGE_START.match(start):
        return "html"
    if start.lstrip("\ufeff").startswith(("MIME-Version:", "From: <Saved by")):
        raise CannotRead("unsupported", "It is a page saved as MHTML.", "Save the page as .html and ingest that.")
    if ending in _PAGE or ending in _NAMED_LIKE_OFFICE:
        return "html" if _TAG.search(start) else "txt"
    if ending in _TEXT or not ending[1:].isalnum() or not ending.isascii() or ending[1:].isdigit():
        return "txt"
    if ending == ".json":
        raise CannotRead("unsupported", "It is a JSON file.", "Write one object with key and text or html on each line, name it .jsonl and ingest that.")
    raise CannotRead("unsupported", f"Files of the ending {ending} are not read.", _EXPORT)


def refuse_ole(raw: bytes) -> CannotRead:
    """Why an OLE file is not read: password, old Word, old Excel …"""
    for stream, kind, reason, cure in _OLE_STREAMS:
        if stream.encode("utf-16-le") in raw:
            return CannotRead(kind, reason, cure)
    return CannotRead("unsupported", "It is an old Office file.", _AS_TEXT)
