"""Documents of word processors and printers: RTF, Word and PDF, each read by a library that is an extra; a scan is refused.

What comes out is text, which is read as any text is.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import BinaryIO

from cablelab.capture.base import Problem

RTF, PDF = b"{\\rtf", b"%PDF"
LARGEST = 1 << 26  # bytes of a document's unpacked text
NEEDS = 'This is {}. Install what reads it (pip install "cablelab[{}]") or {}.'
SCAN = "This is a PDF of images without text. Have its pages read by machine (for instance with ocrmypdf) and read the result."
SPACES = re.compile(r"(?<![ \t])[ \t]+$", re.MULTILINE)


class Refused(Exception):
    """A document that gives no text: a code and a message with the cure."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def detect(data: bytes) -> bool:
    """Say whether `data` opens an RTF or PDF document."""
    return data.startswith((RTF, PDF)) or data[:1024].lstrip().startswith((RTF, PDF))


def text_of(data: bytes) -> tuple[str, str, tuple[Problem, ...]]:
    """Give a document's text, its kind (`rtf` or `pdf`), and what was odd; pages are parted by form feeds.

    Raises
    ------
    Refused
        If the library is not installed, the document is broken or locked, or holds no text.
    """
    return (_rtf(data), "rtf", ()) if data.lstrip().startswith(RTF) else _pdf(data)


def _rtf(data: bytes) -> str:
    try:
        from striprtf.striprtf import rtf_to_text
    except ImportError:
        raise Refused(
            "binary", NEEDS.format("an RTF document", "office", "save it as plain text and read that")
        ) from None
    try:
        text = rtf_to_text(data.decode("latin-1"), encoding="cp1252", errors="replace")
    except Exception as error:  # what a broken document raises is the library's own affair
        raise Refused(
            "broken-document", f"The RTF document is broken ({error}). Save it as plain text and read that."
        ) from None
    return SPACES.sub("", text.replace("\r\n", "\n").replace("\xa0", " "))


def _pdf(data: bytes) -> tuple[str, str, tuple[Problem, ...]]:
    try:
        import pypdfium2
    except ImportError:
        raise Refused(
            "binary", NEEDS.format("a PDF", "pdf", "extract its text (for instance with pdftotext) and read that")
        ) from None
    try:
        document = pypdfium2.PdfDocument(data[data.index(PDF) :])
        try:
            pages = [page.get_textpage().get_text_range() for page in document]
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        cure = "Remove its password" if "assword" in str(error) else "Download it again"
        raise Refused("broken-document", f"The PDF cannot be opened ({error}). {cure} and read it anew.") from None
    pages = [SPACES.sub("", page.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")) for page in pages]
    blank = [number for number, page in enumerate(pages, 1) if len(page.split()) < 3]
    if len(blank) == len(pages):
        raise Refused("scan", SCAN)
    problems: list[Problem] = []
    if blank:
        listed = ", ".join(map(str, blank[:10]))
        problems.append(("scan", None, f"Pages without text (of {len(pages)}: {listed}) are images and were not read."))
    return "\f".join(pages), "pdf", tuple(problems)


def is_office(names: list[str]) -> str | None:
    """Name the office format of a zip's members; None if they are none."""
    if "[Content_Types].xml" in names:
        return "docx" if "word/document.xml" in names else "an Office document"
    if "mimetype" in names and "content.xml" in names:
        return "an OpenDocument file"
    return None


def docx_text(stream: BinaryIO) -> str:
    """Give the text of a Word document, a line for each paragraph and line break.

    Raises
    ------
    Refused
        If the library is not installed or the document is broken or too large.
    """
    try:
        from docx import Document
    except ImportError:
        raise Refused(
            "binary", NEEDS.format("a Word document", "office", "save it as plain text and read that")
        ) from None
    try:
        stream.seek(0)
        data = io.BytesIO(stream.read())
        with zipfile.ZipFile(data) as archive:
            if sum(info.file_size for info in archive.infolist()) > LARGEST:
                raise Refused(
                    "zip-bomb",
                    "The Word document would expand to more than 64 MiB. Save it as plain text if you trust it.",
                )
        document = Document(data)
        lines = []
        for block in document.iter_inner_content():
            if hasattr(block, "rows"):
                lines += ["\t".join(cell.text for cell in row.cells) for row in block.rows]
            else:
                lines.append(block.text)
    except Refused:
        raise
    except Exception as error:  # what a broken document raises is the library's own affair
        raise Refused(
            "broken-document", f"The Word document is broken ({type(error).__name__}). Save it as plain text."
        ) from None
    return SPACES.sub("", "\n".join(lines).replace("\xa0", " "))
