"""From bytes to text: encodings, NUL bytes and files that are no text at all."""

from __future__ import annotations

import re
from html import unescape

from cablelab.capture.base import Problem

UTF8_BOM = b"\xef\xbb\xbf"
# UTF-32 before UTF-16: its little-endian mark begins with that of UTF-16
WIDE_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
BINARY = (
    (b"%PDF", "a PDF", "Extract its text (for instance with pdftotext) and read that."),
    (b"\x89PNG", "an image", "Read the text of the page instead."),
    (b"\xff\xd8\xff", "an image", "Read the text of the page instead."),
    (b"GIF8", "an image", "Read the text of the page instead."),
    (b"PAR1", "a Parquet file", "A saved corpus is opened with cablelab.open(FOLDER)."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it and read what it holds."),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it and read the folder."),
    (b"BZh", "a bzip2 archive", "Unpack it and read what it holds."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it and read what it holds."),
    (b"\xd0\xcf\x11\xe0", "an old Office document", "Save it as plain text and read that."),
    (b"SQLite format 3", "an SQLite database", "Export its table as CSV and read that."),
    (b"\x85\x01", "an encrypted file", "Decrypt it and read the result."),
)
PROBE = 65536
CONTROL = bytes(c for c in range(32) if c not in b"\t\n\v\f\r\x1a\x1b")
# Python refuses to read a number of 4,301 digits
OVERLONG = re.compile(r"&#[0-9]{20,};?")
ESCAPED = re.compile("[\udc80-\udcff]+")


def binary(data: bytes) -> tuple[str, str] | None:
    """Name what `data` is and the cure, if it is no text; None if it may be one.

    Examples
    --------
    >>> binary(b"%PDF-1.4 ...")
    ('a PDF', 'Extract its text (for instance with pdftotext) and read that.')
    >>> binary(b"UNCLAS PORT KESTREL 000012")
    """
    for magic, kind, cure in BINARY:
        if data.startswith(magic):
            return kind, cure
    probe = data[:PROBE]
    noise = len(probe) - len(probe.translate(None, CONTROL))
    zeros = probe.count(0)
    # a text in which single NULs stand is a text; with a quarter of NULs, or a tenth of other control characters (in more than a
    # few lines a thirtieth), it is none
    if (noise - zeros) * (33 if len(probe) > 2_000 else 10) > len(probe) or zeros * 4 > len(probe):
        return "binary data", "Only text, HTML, CSV and zip are read; leave the file out."
    return None


def plain_bytes(data: bytes) -> tuple[bytes, tuple[Problem, ...]]:
    """Turn UTF-16 and UTF-32 into UTF-8, drop a byte order mark, and say so.

    Parameters
    ----------
    data
        The bytes as captured.

    Returns
    -------
    The bytes, in UTF-8 or in whatever one-byte encoding they were, and the problems met.

    Examples
    --------
    >>> plain_bytes("SIPDIS".encode("utf-16"))
    (b'SIPDIS', (('encoding', None, 'The source is UTF-16; it was converted.'),))
    """
    if data.startswith(UTF8_BOM):
        return data[3:], (("encoding", None, "The source begins with a byte order mark, which was left out."),)
    for mark, name in WIDE_MARKS:
        if data.startswith(mark):
            return _converted(data, name)
    probe = data[:PROBE]
    if b"\0" in probe and len(probe) >= 8 and (zeros := probe.count(0)) * 5 > len(probe) * 2:
        odd = probe[1::2].count(0)
        if odd * 20 > zeros * 19:
            return _converted(data, "utf-16-le")
        if odd * 20 < zeros:
            return _converted(data, "utf-16-be")
    return data, ()


def _converted(data: bytes, name: str) -> tuple[bytes, tuple[Problem, ...]]:
    problem = ("encoding", None, f"The source is {name[:6].upper()}; it was converted.")
    text = data.decode(name, "replace")
    if "\ufffd" in text:
        problem = (
            "encoding",
            None,
            f"The source is damaged {name[:6].upper()}; what could not be converted shows as \ufffd.",
        )
    return text.encode("utf-8", "replace"), (problem,)


def decode(data: bytes) -> tuple[str, tuple[Problem, ...]]:
    r"""Decode UTF-8 in which single bytes may be Windows-1252 or Latin-1, drop NULs, and unify line ends.

    Parameters
    ----------
    data
        Bytes without a byte order mark (see `plain_bytes`).

    Returns
    -------
    The text with `\n` line ends, and the problems `encoding` and `nul-bytes` if there were any.

    Examples
    --------
    >>> decode(b"caf\xe9\r\n")
    ('café\n', (('encoding', None, '1 byte is not UTF-8; read as Windows-1252.'),))
    """
    problems: list[Problem] = []
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text, count = mend(data.decode("utf-8", "surrogateescape"))
        problems.append(
            ("encoding", None, f"{count} byte{'s are' if count > 1 else ' is'} not UTF-8; read as Windows-1252.")
        )
    if "\0" in text:
        problems.append(("nul-bytes", None, f"{text.count(chr(0))} NUL bytes were left out."))
        text = text.replace("\0", "")
    return unified(text), tuple(problems)


def unified(text: str) -> str:
    r"""Write every line end as `\n`; a copy in the wrong mode leaves `\r\r\n`, which ends one line.

    >>> unified("a\rb\r\nc\r\r\nd")
    'a\nb\nc\nd'
    """
    if "\r" not in text:
        return text
    return text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")


def unescaped(text: str) -> str:
    """Unescape HTML entities once; a number that no character can have is `\ufffd`, however many digits it has.

    >>> unescaped("caf&eacute; &#" + "9" * 5_000 + "; &amp;lt;")
    'café \ufffd &lt;'
    """
    return unescape(OVERLONG.sub("\ufffd", text) if "&#" in text else text)


SURROGATES = re.compile("[\ud800-\udfff]")


def clean(text: str) -> tuple[str, tuple[Problem, ...]]:
    r"""Replace halves of characters, which no file can hold, and drop NULs; for texts that were not decoded from bytes.

    >>> clean("so \ud800 far")
    ('so \ufffd far', (('encoding', None, '1 half of a character shows as \ufffd.'),))
    """
    problems: list[Problem] = []
    if not text.isascii() and (count := len(SURROGATES.findall(text))):
        text = SURROGATES.sub("\ufffd", text)
        problems.append(
            (
                "encoding",
                None,
                f"{count} hal{'ves' if count > 1 else 'f'} of a character show{'' if count > 1 else 's'} as \ufffd.",
            )
        )
    if "\0" in text:
        problems.append(("nul-bytes", None, f"{text.count(chr(0))} NUL bytes were left out."))
        text = text.replace("\0", "")
    return text, tuple(problems)


def mend(text: str) -> tuple[str, int]:
    """Read the bytes that `surrogateescape` kept as Windows-1252; return the text and how many they were."""
    count = 0

    def legacy(match: re.Match[str]) -> str:
        nonlocal count
        raw = match[0].encode("utf-8", "surrogateescape")
        count += len(raw)
        try:
            return raw.decode("cp1252")
        except UnicodeDecodeError:
            return raw.decode("latin-1")

    return ESCAPED.sub(legacy, text), count
