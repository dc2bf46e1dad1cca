"""Every form of capture, on fictional cables; bad and hostile input; and the real samples where they are at hand."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import random
import re
import time
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cablelab.capture import Capture, Unreadable, capture_bytes, captures
from cablelab.capture.base import Origin
from cablelab.capture.cables_csv import LONGEST, ROW_OPENS, read, rows
from cablelab.capture.collect import LARGE, capture_stream
from cablelab.capture.decode import mend
from cablelab.errors import NothingToRead

HEADER = """\
VZCZCXRO4410
RR RUEHKS RUEHLD
DE RUEHKS #0231 1241015
ZNR UUUUU ZZH
R 041015Z MAY 06
FM AMEMBASSY PORT KESTREL
TO RUEHC/SECSTATE WASHDC 0412
INFO RUEHLD/AMEMBASSY LINDEN 0007"""
BODY = """\
UNCLAS PORT KESTREL 000231

SIPDIS

E.O. 12958: N/A
TAGS: ELAB EFIS VL
SUBJECT: VELDANIA: DOCKERS <SETTLE> & RETURN TO WORK

REF: (A) LINDEN 12 (B) 05 PORT KESTREL 410

1. Summary: The dockers' union of Port Kestrel settled on May 3.
End summary.

2. The harbor board kept its word, and the cranes moved again by
nightfall.

MARLOWE"""
MESSAGE = f"{HEADER}\n\n{BODY}"


def one(data: bytes | str, source: str = "source", stem: str | None = None) -> Capture:
    found = list(capture_bytes(data.encode() if isinstance(data, str) else data, source, stem))
    assert len(found) == 1, found
    assert isinstance(found[0], Capture), found
    return found[0]


def refused(data: bytes | str) -> str:
    found = list(capture_bytes(data.encode() if isinstance(data, str) else data, "source"))
    assert len(found) == 1, found
    assert isinstance(found[0], Unreadable), found
    assert found[0].source == "source"
    assert len(found[0].message) > 20
    return found[0].code


def message(capture: Capture) -> str:
    return capture.text[capture.start : capture.end]


def escape(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "&#x000A;")
    return re.sub(r"^(TAGS: )(\w+)", r"\1<a href='/tag/\2_0.html'>\2</a>", text)


def cablegate(*blocks: str, created: str = "2006-05-04 10:10") -> str:
    cells = (
        ("cable/2006/05/06PORTKESTREL231", "06PORTKESTREL231"),
        ("date/2006-05_0", created),
        ("reldate/2011-08-30_0", "2011-08-30 01:44"),
        ("classification/1_0", "UNCLASSIFIED"),
        ("origin/1_0", "Embassy Port Kestrel"),
    )
    table = "".join(f"<td>\n<a href='/{link}.html'>{text}</a>\n</td>\n" for link, text in cells)
    pre = "\n".join(f"<code><pre>{escape(block)}</pre></code>" for block in blocks)
    return (
        "<?xml version='1.0'?>\n<html><head><title>Cable Viewer</title></head><body><a href='/x'>browse</a>\n"
        "<h3>Viewing cable 06PORTKESTREL231, VELDANIA: DOCKERS &lt;SETTLE&gt; &amp; RETURN</h3>\n"
        "<table class='cable'><tr><th>Reference ID</th><th>Created</th><th>Released</th><th>Classification</th>"
        f"<th>Origin</th></tr><tr>{table}</tr></table>\n{pre}\n</body></html>"
    )


def row(*cells: str) -> str:
    return ",".join('"' + re.sub(r'(["\\\n])', r"\\\1", cell) + '"' for cell in cells) + "\n"


CABLE_ROW = (
    "7",
    "5/4/2006 10:15",
    "06PORTKESTREL231",
    "Embassy Port Kestrel",
    "UNCLASSIFIED",
    "06LINDEN12",
    HEADER,
    BODY,
)


# --- Cablegate pages and their text rendering


def test_cablegate_page_gives_header_body_and_fields():
    found = one(cablegate(HEADER, BODY), "folder/06PORTKESTREL231.html", "06PORTKESTREL231")
    assert found.format == "cablegate-html"
    assert found.text == MESSAGE
    assert (found.start, found.end, found.problems) == (0, None, ())
    page = found.page
    assert (page.cable, page.origin, page.classification) == (
        "06PORTKESTREL231",
        "Embassy Port Kestrel",
        "UNCLASSIFIED",
    )
    assert page.title == "VELDANIA: DOCKERS <SETTLE> & RETURN"
    assert (page.created, page.created_to) == (datetime(2006, 5, 4, 10, 10), "hour")
    assert page.released == datetime(2011, 8, 30, 1, 44)
    assert found.stem == "06PORTKESTREL231"


def test_cablegate_page_with_one_block_has_only_the_body():
    assert one(cablegate(BODY)).text == BODY


def test_cablegate_page_without_a_time_is_known_to_the_day():
    assert one(cablegate(BODY, created="2006-05-04 00:00")).page.created_to == "day"


def test_cablegate_page_with_a_false_date_says_so():
    found = one(cablegate(BODY, created="2006-13-54 10:10"))
    assert found.page.created is None
    assert [(code, field) for code, field, _ in found.problems] == [("date", "sent")]


def test_cablegate_page_with_double_quotes_and_crlf():
    page = cablegate(HEADER, BODY).replace("class='cable'", 'id="a" class="cable"').replace("&#x000A;", "\r\n")
    assert one(page).text == MESSAGE
    assert one(page).page.cable == "06PORTKESTREL231"


def test_entities_are_unescaped_once():
    assert "AT&amp;T" in one(cablegate(BODY.replace("cranes", "AT&amp;T"))).text


def test_truncated_cablegate_page_keeps_what_it_has():
    page = cablegate(HEADER, BODY)
    found = one(page[: page.index("The harbor board")])
    assert found.text.startswith(HEADER)
    assert "dockers' union" in found.text
    assert [code for code, _, _ in found.problems] == ["truncated"]


def test_cablegate_page_with_a_short_table_says_so():
    found = one(re.sub(r"<td>\n<a href='/origin.*?</td>", "", cablegate(BODY), flags=re.S))
    assert found.text == BODY
    assert [code for code, _, _ in found.problems] == ["page-fields"]


def test_text_rendering():
    body = escape(BODY).replace("&#x000A;", "\n").replace("1. Summary", "<a id='par1' href='#par1'>¶</a>1. Summary")
    found = one(f"<code><pre>{body}</pre></code>")
    assert found.format == "cablegate-text"
    assert found.text == BODY.replace("1. Summary", "¶1. Summary")
    assert found.page.cable is None


def test_text_rendering_with_the_date_line_of_a_newspaper():
    found = one(f"<code><pre>Thursday, 04 May 2006, 12:03\n{escape(BODY)}</pre></code>")
    assert message(found).startswith("UNCLAS PORT KESTREL")
    assert (found.page.created, found.page.created_to) == (datetime(2006, 5, 4), "day")


# --- text forms


def test_plain_text_is_kept_whole():
    found = one(MESSAGE)
    assert (found.format, found.text, found.start, found.end) == ("text", MESSAGE, 0, None)


def test_markdown_marks_are_taken_off():
    text = (
        BODY.replace("ELAB EFIS VL", "[ELAB](#) [EFIS](#) [VL](https://example.org/a_(b))")
        .replace("1. Summary", "**¶1.** Summary")
        .replace("2. The", "**¶2.** The")
        .replace("SIPDIS", "DEPARTMENT FOR DRL  \nLABOR FOR ILAB  ")
    )
    found = one(text)
    assert found.format == "markdown"
    assert "TAGS: ELAB EFIS VL\n" in found.text
    assert "\n¶1. Summary: The" in found.text
    assert "DEPARTMENT FOR DRL\nLABOR FOR ILAB\n" in found.text
    assert not re.search(r"\]\(|\*\*| \n", found.text)


CHROMES = {
    "wordpress": "Wikileaks\n\nAdvertisements\nPost a comment or leave a trackback: Trackback URL.\n\nLeave a Reply\n",
    "other wording": "Share this:\n\nTwitter\nFacebook\n\nLike this:\n\nLoading...\n\nRelated\n\nAn older one\n",
    "blogger": "Posted by Somebody at 4:15 PM\n\nNo comments:\n\nPost a Comment\n\nNewer Post\nOlder Post\nHome\n",
    "unknown words": "Our friends at the harbor museum have a new show.\n\nWrite to the editors.\n",
    "numbered comments": "2 Comments\n\n1. Ann says: how true.\n\n2. Bob says: no it is not.\n",
    "nothing": "",
}


@pytest.mark.parametrize("chrome", CHROMES.values(), ids=CHROMES)
@pytest.mark.parametrize(
    "trailer", ["", "\n\nNNNN", "\nBT\n#0231\n\nNNNN", "\n\nNOTE: NOT PASSED TO ABOVE ADDRESSEE(S)\nNNNN"]
)
@pytest.mark.parametrize("opening", ["VZCZC", "UNCLAS", "This record"])
def test_blog_copy_bounds_the_message(chrome, trailer, opening):
    notice = (
        "This record is a partial extract of the original cable. The full text of the original cable is not available."
    )
    cable = {"VZCZC": MESSAGE, "UNCLAS": BODY, "This record": f"{notice}\n\n{BODY}"}[opening] + trailer
    head = (
        "06PORTKESTREL231, VELDANIA: DOCKERS SETTLE\xa0AND\n\nWikiLeaks Link\n\nTo understand the ...\n"
        "Discussing cables\nReference ID Created Released Classification Origin\n"
        "06PORTKESTREL231 2006-05-04 10:15 2011-08-30 01:44 UNCLASSIFIED//FOR OFFICIAL USE ONLY "
        "Embassy Port Kestrel\n\n"
    )
    found = one(f"{head}{cable}\n\n{chrome}")
    assert found.format == "blog"
    assert message(found) == cable
    assert found.text == f"{head}{cable}\n\n{chrome}"
    page = found.page
    assert (page.cable, page.title) == ("06PORTKESTREL231", "VELDANIA: DOCKERS SETTLE AND")
    assert (page.classification, page.origin) == ("UNCLASSIFIED//FOR OFFICIAL USE ONLY", "Embassy Port Kestrel")
    assert (page.created, page.created_to) == (datetime(2006, 5, 4, 10, 15), "hour")
    assert page.released == datetime(2011, 8, 30, 1, 44)


def test_blog_copy_without_signature_ends_before_the_chrome():
    unsigned = MESSAGE.removesuffix("\n\nMARLOWE")
    fields = "Reference ID: 06PORTKESTREL231\nCreated: 2006-05-04 10:15\nClassification: SECRET\nOrigin: Embassy\n"
    found = one(f"{fields}\n{unsigned}\n\n{CHROMES['wordpress']}")
    assert found.format == "blog"
    assert message(found) == unsigned
    assert found.page.classification == "SECRET"


def test_a_heading_in_capitals_is_not_taken_for_the_signature():
    cable = MESSAGE.replace("MARLOWE", "COMMENT\n\nThe peace may hold.\n\nMARLOWE")
    found = one(
        f"Reference ID Created Classification Origin\n06PORTKESTREL231 2006-05-04 SECRET Embassy\n\n{cable}\n\nTweet\n"
    )
    assert message(found) == cable


def test_five_lines():
    found = one(
        "06PORTKESTREL231\nVELDANIA: DOCKERS SETTLE\nThu May 04 00:00:00 +0200 2006\nUNCLASSIFIED\nEmbassy\n"
        + HEADER
        + BODY
    )
    assert found.format == "five-line"
    assert message(found) == MESSAGE
    assert (found.page.created, found.page.created_to) == (datetime(2006, 5, 4), "day")
    assert (found.page.cable, found.page.title) == ("06PORTKESTREL231", "VELDANIA: DOCKERS SETTLE")


def test_five_lines_with_a_notice_glued_to_the_body():
    notice = (
        "This record is a partial extract of the original cable. The full text of the original cable is not available."
    )
    found = one(f"06PORTKESTREL231\nDOCKERS\nThu May 04 00:00:00 +0200 2006\nUNCLASSIFIED\nEmbassy\n{notice}{BODY}\n")
    assert message(found) == f"{notice}\n\n{BODY}\n"


@pytest.mark.parametrize("flat", [False, True])
def test_mirror_page(flat):
    cable = MESSAGE.replace(HEADER, HEADER.replace("\n", " ")) if flat else MESSAGE
    head = (
        "Identifier\nCreated\nClassification\nOrigin\n"
        "06PORTKESTREL231\n2006-05-04 10:15:00\nUNCLASSIFIED\nEmbassy Port Kestrel\n"
        "Cable title:  \n\nVELDANIA: DOCKERS SETTLE\n\nTags:  ELAB EFIS VL \npdf how-to read a cable\n"
    )
    found = one(f"{head}{cable}\n\n© 2012 Some mirror\n")
    assert found.format == "mirror"
    assert message(found) == cable
    assert (found.page.created, found.page.created_to) == (datetime(2006, 5, 4, 10, 15), "minute")
    assert (found.page.title, found.page.origin) == ("VELDANIA: DOCKERS SETTLE", "Embassy Port Kestrel")


def test_mirror_page_all_on_one_line():
    values = "06PORTKESTREL231 2006-05-04 10:15:00 UNCLASSIFIED Embassy Port Kestrel"
    head = f"Identifier Created Classification Origin {values} Cable title: DOCKERS"
    found = one(f"{head} {' '.join(MESSAGE.split())}")
    assert found.page.cable == "06PORTKESTREL231"
    assert (found.page.origin, found.page.title) == ("Embassy Port Kestrel", "DOCKERS")
    assert message(found).startswith("VZCZCXRO4410 RR")


PLUSD = """\
VELDANIA: DOCKERS SETTLE
2006 May 4, 10:15 (Thursday)
06PORTKESTREL231_a
UNCLASSIFIED,FOR OFFICIAL USE ONLY
UNCLASSIFIED,FOR OFFICIAL USE ONLY
Canonical ID:
06PORTKESTREL231_a
Original Classification:
UNCLASSIFIED,FOR OFFICIAL USE ONLY
Handling Restrictions
-- Not Assigned --
Character Count:
812
TAGS:
ELAB - Economic Affairs--Labor Sector
From:
Veldania Port Kestrel
To:
Department of State
Content
Show Headers
"""
KEY = "Key fingerprint 0\n\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQINBFZZ\n-----END PGP PUBLIC KEY BLOCK-----\n"


@pytest.mark.parametrize("key", ["", KEY])
def test_plusd_with_fields(key):
    found = one(f"{key}{PLUSD}{BODY}\n\nRaw content\nMetadata\nPrint\nShare\n")
    assert found.format == "plusd"
    assert message(found) == BODY
    assert (found.page.cable, found.page.title) == ("06PORTKESTREL231", "VELDANIA: DOCKERS SETTLE")
    assert found.page.classification == "UNCLASSIFIED//FOR OFFICIAL USE ONLY"
    assert (found.page.created, found.page.created_to) == (datetime(2006, 5, 4, 10, 15), "minute")


def test_plusd_with_fields_below_the_message():
    found = one(
        f"Show Headers\n{BODY}\n\nMetadata\nCanonical ID: 06PORTKESTREL231_a\nOriginal Classification: UNCLASSIFIED\n"
    )
    assert message(found) == BODY
    assert (found.page.cable, found.page.classification) == ("06PORTKESTREL231", "UNCLASSIFIED")


def test_plusd_without_fields_behind_the_key():
    found = one(f"{KEY}\nLeaks\nNews\nAbout\n\n{BODY}\n")
    assert (found.format, message(found)) == ("plusd", BODY)
    assert found.page.cable is None


@pytest.mark.parametrize("credit", ["", "Thursday, 4 May 2006, 10:15 am\nCable: Wikileaks\n\n"])
def test_press_page(credit):
    found = one(f"Cablegate: Veldania: Dockers Settle\n{credit}{MESSAGE}\n\n© Scoop Media\n")
    assert (found.format, message(found)) == ("press", MESSAGE)
    assert found.page.title == "Veldania: Dockers Settle"
    assert (found.page.created, found.page.created_to) == (datetime(2006, 5, 4, 10, 15) if credit else None, "day")


def test_labelled_lines():
    found = one(
        "US embassy cable - 06PORTKESTREL231\n\nVELDANIA: DOCKERS SETTLE\n\nIdentifier:\t06PORTKESTREL231\n"
        "Wikileaks:\tView 06PORTKESTREL231 at Wikileaks.org\nOrigin:\tEmbassy Port Kestrel\n"
        "Created:\t2006-05-04 10:15:00\nClassification:\tCONFIDENTIAL//NOFORN\n"
        f"Tags:\tELAB EFIS VL\nRedacted:\tThis cable was not redacted.\n\n{MESSAGE}\n"
    )
    assert (found.format, message(found)) == ("labelled", MESSAGE)
    page = found.page
    assert (page.cable, page.title, page.origin) == (
        "06PORTKESTREL231",
        "VELDANIA: DOCKERS SETTLE",
        "Embassy Port Kestrel",
    )
    assert (page.classification, page.created_to) == ("CONFIDENTIAL//NOFORN", "minute")


def test_text_that_is_no_cable_is_refused():
    assert refused("# Shopping\n\nMilk, bread and a newspaper.\n") == "no-cable"


# --- HTML of unknown make


def test_unknown_html_with_pre_blocks():
    header, body = escape(HEADER).replace("&#x000A;", "\n"), escape(BODY).replace("&#x000A;", "\n")
    found = one(
        f"<!DOCTYPE html><html><body><nav>Home</nav><pre>{header}</pre><pre>{body}</pre><p>Comments</p></body></html>"
    )
    assert (found.format, found.text) == ("html", MESSAGE)


def test_unknown_html_with_several_cables():
    body = escape(BODY).replace("&#x000A;", "\n")
    found = list(capture_bytes(f"<html><pre>{body}</pre><p>and</p><pre>{body}</pre></html>".encode(), "page.html"))
    assert [item.source for item in found] == ["page.html#1", "page.html#2"]
    assert all(isinstance(item, Capture) and item.text == BODY for item in found)


def test_html_of_a_blog_is_read_as_its_text():
    lines = "<br />\n".join(escape(line) for line in MESSAGE.split("\n"))
    page = (
        "<html><head><title>x</title><script>var TAGS = 1;</script></head>"
        "<body><div><h1>06PORTKESTREL231, DOCKERS SETTLE</h1>"
        "<table><tr><th>Reference ID</th><th>Created</th><th>Released</th><th>Classification</th><th>Origin</th></tr>"
        "<tr><td>06PORTKESTREL231</td><td>2006-05-04 10:15</td><td>2011-08-30 01:44</td><td>UNCLASSIFIED</td>"
        "<td>Embassy Port Kestrel</td>"
        f"</tr></table><p>{lines}</p><div>Leave a Reply</div></div></body></html>"
    )
    found = one(page)
    assert (found.format, found.page.cable) == ("blog", "06PORTKESTREL231")
    assert message(found) == MESSAGE


def test_html_without_a_message_is_refused():
    assert refused("<html><body><p>Nothing to see.</p><pre>print('hello')</pre></body></html>") == "no-message-block"
    assert refused("Appears in these articles:<br />\n") == "no-message-block"
    assert refused("<code><pre>print('hello')</pre></code>") == "no-message-block"
    assert refused(cablegate("", " ")) == "no-message-block"


def test_cablegate_page_whose_blocks_lost_their_code_tags_is_read_as_its_text():
    found = one(re.sub(r"</?code>", "", cablegate(HEADER, BODY)))
    assert (found.format, found.page.cable) == ("blog", "06PORTKESTREL231")
    assert message(found) == MESSAGE


# --- cables.csv


def test_csv_row():
    found = one(row(*CABLE_ROW), "cables.csv")
    assert (found.format, found.source, found.text) == ("csv", "cables.csv#1", MESSAGE)
    page = found.page
    assert (page.created, page.created_to) == (datetime(2006, 5, 4, 10, 15), "minute")
    assert (page.cable, page.origin, page.classification) == CABLE_ROW[2:5]
    assert page.title is None


def test_csv_escapes():
    body = 'UNCLAS PORT KESTREL 1\n1. He said "no", twice: C:\\dock, and\n\n"yes".\n\nMARLOWE'
    found = one(row(*CABLE_ROW[:6], "", body))
    assert found.text == body
    assert found.problems == ()


def test_csv_header_row_is_passed_over():
    names = "id,datetime,reference id,origin,classification,references,header,body\n"
    assert one(names + row(*CABLE_ROW)).source == "source#1"


@given(
    st.lists(
        st.tuples(*[st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff"))] * 2), min_size=1, max_size=5
    )
)
def test_csv_round_trip(texts):
    rows = [(*CABLE_ROW[:6], header, f"x{body}x") for header, body in texts]
    found = list(capture_bytes("".join(row(*cells) for cells in rows).encode(), "t"))
    assert [item.text for item in found] == ["\n\n".join(part for part in cells[6:] if part.strip()) for cells in rows]
    assert [item.source for item in found] == [f"t#{n}" for n in range(1, len(rows) + 1)]


def test_csv_row_hash_is_that_of_the_row_alone():
    alone, twice = one(row(*CABLE_ROW)), list(capture_bytes((row(*CABLE_ROW) * 2).encode(), "t"))
    assert {item.sha256 for item in twice} == {alone.sha256}


def test_csv_with_wrong_columns_is_refused_row_by_row_and_then_counted():
    good, bad = row(*CABLE_ROW), row(*CABLE_ROW[:5])
    found = list(capture_bytes((bad + good + bad * 300).encode(), "t"))
    assert [item.source for item in found if isinstance(item, Capture)] == ["t#2"]
    refusals = [item for item in found if isinstance(item, Unreadable)]
    assert refusals[0].source == "t#1"
    assert {item.code for item in refusals} == {"csv-columns"}
    assert refusals[-1].message.startswith("201 further rows")


def test_csv_with_an_open_quote_loses_one_row_only():
    good = row(*CABLE_ROW)
    broken = good.replace('"UNCLASSIFIED"', '"UNCLASSIFIED')
    found = list(capture_bytes((good + broken + good * 2).encode(), "t"))
    assert [type(item) for item in found] == [Capture, Unreadable, Capture, Capture]


def test_csv_cut_off_in_its_last_row():
    found = one(row(*CABLE_ROW)[:-30])
    assert [code for code, _, _ in found.problems] == ["truncated"]


def test_csv_with_latin_1_and_nul_bytes_and_a_bad_date():
    data = row(*CABLE_ROW[:1], "someday", *CABLE_ROW[2:]).encode().replace(b"nightfall", b"caf\xe9\0")
    found = one(data)
    assert "café." in found.text
    assert {code for code, _, _ in found.problems} == {"encoding", "nul-bytes", "date"}


def test_csv_is_streamed(monkeypatch):
    class Counting(io.BytesIO):
        asked = 0

        def read(self, size=-1, /):
            Counting.asked = max(Counting.asked, len(data := super().read(size)))
            return data

        def read1(self, size=-1, /):
            Counting.asked = max(Counting.asked, len(data := super().read1(size)))
            return data

    rows = read(Counting(row(*CABLE_ROW).encode() * 2000), Origin("t", ""))
    assert next(rows).source == "t#1"
    assert Counting.asked <= 65536
    assert sum(1 for _ in rows) == 1999


def test_csv_row_without_an_end_is_given_up_in_bounded_memory(monkeypatch):
    monkeypatch.setattr("cablelab.capture.cables_csv.LONGEST", 1000)
    endless = row(*CABLE_ROW).replace('"UNCLASSIFIED"', '"UNCLASSIFIED').replace("MARLOWE", "MARLOWE" * 2000)
    found = list(capture_bytes((endless + row("8", *CABLE_ROW[1:])).encode(), "t"))
    assert [getattr(item, "code", None) for item in found] == ["large", None]
    assert csv.field_size_limit() > LONGEST


def line_by_line(data: bytes) -> list[tuple[list[str], bytes]]:
    """Read rows as slowly and plainly as can be: a row takes lines until it is whole or another one opens."""
    found: list[tuple[list[str], bytes]] = []
    lines = re.findall(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", data)
    while lines:
        taken = [lines.pop(0)]
        while lines and not (lines[0][:1] == b'"' and ROW_OPENS.match(lines[0].decode("utf-8", "replace"))):
            probe = [line.decode("utf-8", "surrogateescape") for line in taken]
            reader = csv.reader([*probe, "\0"], escapechar="\\", doublequote=True)
            next(reader)
            if reader.line_num == len(taken):
                break
            taken.append(lines.pop(0))
        probe = [line.decode("utf-8", "surrogateescape") for line in taken]
        cells = next(csv.reader(probe, escapechar="\\", doublequote=True), [])
        if any(cells):
            found.append((cells, b"".join(taken)))
    return found


CSV_PIECES = (
    b'"', b"\\", b",", b"\n", b"\r", b"\r\n", b"\n\n", b'"\n', b'"\r', b'","', b'\\"', b"\\\n", b"\\\r\n", b"\0", b"\xe9", b"x",
    "é—".encode(), b'"7","5/4/2006 10:15",', b'\n"7","5/4/2006 10:15",', b"\n8,2006-05-04,", b'\r"9",5/4/2006,', b"words and words",
    row(*CABLE_ROW).encode(), row(*CABLE_ROW[:7], "1. One.\n\n2. Two.").encode(),
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.sampled_from(CSV_PIECES), max_size=40).map(b"".join), st.sampled_from((3, 64, 1 << 16)))
def test_csv_rows_are_those_found_line_by_line(data, at_a_time):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cablelab.capture.cables_csv.AT_A_TIME", at_a_time)
        found = [item for _, item in rows(io.BytesIO(data), Origin("t", ""), head=False)]
    expected = line_by_line(data)
    for item, (cells, raw) in zip(found, expected, strict=True):
        if isinstance(item, Capture):
            assert item.sha256 == hashlib.sha256(raw).hexdigest()
            assert item.page.cable == (mend(cells[2])[0].replace("\0", "").strip() or None)
        else:
            assert (item.code == "csv-columns") == (len(cells) != 8)


def test_csv_row_that_is_too_long_is_given_up_and_the_next_ones_read(monkeypatch):
    monkeypatch.setattr("cablelab.capture.cables_csv.LONGEST", 2_000)
    monkeypatch.setattr("cablelab.capture.cables_csv.AT_A_TIME", 300)
    good, unquoted = row(*CABLE_ROW), row(*CABLE_ROW).replace('"7"', "7", 1)
    endless = good.replace("MARLOWE", "MARLOWE\n" * 2000).replace('"UNCLASSIFIED"', '"UNCLASSIFIED')
    for next_one in (good, unquoted):
        found = list(read(io.BytesIO((good + endless + next_one + good).encode()), Origin("t", "")))
        assert [getattr(item, "code", None) for item in found] == [None, "large", None, None]
        assert {item.text for item in found if isinstance(item, Capture)} == {MESSAGE}
    assert [getattr(item, "code", None) for item in read(io.BytesIO(endless.encode()), Origin("t", ""))] == ["large"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_the_mark_of_a_csv_is_told_once(encoding):
    found = list(capture_bytes((row(*CABLE_ROW) * 3).encode(encoding), "t"))
    assert [[code for code, _, _ in item.problems] for item in found] == [["encoding"], [], []]
    assert [item.page.cable for item in found] == [CABLE_ROW[2]] * 3
    assert {item.sha256 for item in found} == {one(row(*CABLE_ROW)).sha256}


# --- encodings and bad bytes


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"])
@pytest.mark.parametrize("page", [MESSAGE, cablegate(HEADER, BODY)], ids=["text", "html"])
def test_encodings_are_read_and_reported(encoding, page):
    text = page.replace("nightfall", "café")
    found = one(text.encode(encoding))
    assert found.text == MESSAGE.replace("nightfall", "café")
    assert [code for code, _, _ in found.problems] == ["encoding"]


def test_windows_quotes_among_utf_8():
    found = one(MESSAGE.replace("nightfall", "café").encode().replace(b"cranes", b"\x93cranes\x94"))
    assert "“cranes” moved again by\ncafé" in found.text


def test_nul_bytes_are_left_out_and_reported():
    found = one(MESSAGE.encode().replace(b"harbor", b"har\0\0bor"))
    assert found.text == MESSAGE
    assert [(code, text[:2]) for code, _, text in found.problems] == [("nul-bytes", "2 ")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t\0\0", "empty"),
        (b"\xef\xbb\xbf\n", "empty"),
        (b"%PDF-1.7\n1. (C) UNCLAS", "broken-document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "binary"),
        (b"\xff\xd8\xff\xe0JFIF", "binary"),
        (b"\x7fELF" + bytes(range(32)) * 20, "binary"),
        (b"PK\x03\x04 and so on", "nested-zip"),
    ],
)
def test_what_is_no_text_is_refused(data, code):
    assert refused(data) == code


@settings(max_examples=300)
@given(
    st.binary(max_size=400)
    | st.text(alphabet=st.sampled_from('<pre>/code\n",\\¶1.()[*]AZ#- \0é'), max_size=300).map(str.encode)
)
def test_any_bytes_give_something_and_raise_nothing(data):
    found = list(capture_bytes(data, "any"))
    assert found
    for item in found:
        if isinstance(item, Capture):
            end = len(item.text) if item.end is None else item.end
            assert 0 <= item.start <= end <= len(item.text)
            item.text.encode()
        else:
            assert item.code
            assert item.message


ROWS = "Reference ID Created Released Classification Origin\n06PORTKESTREL231 2006-05-04 2011-08-30 SECRET Embassy\n\n"
WHOLE = [
    cablegate(HEADER, BODY),
    MESSAGE,
    MESSAGE.replace("1. ", "**¶1.** "),
    row(*CABLE_ROW) * 2,
    PLUSD + BODY,
    KEY + BODY,
    f"Cablegate: X\n{MESSAGE}\n\n© Y",
    f"Identifier Created Classification Origin 06PORTKESTREL231 2006-05-04 SECRET Embassy\n{MESSAGE}",
    f"{ROWS}{MESSAGE}\n\nShare this",
]


@settings(max_examples=300)
@given(st.sampled_from(WHOLE), st.data())
def test_damaged_captures_raise_nothing(whole, data):
    raw = whole.encode()
    cut = data.draw(st.integers(0, len(raw)))
    gap = data.draw(st.integers(0, 40))
    noise = data.draw(st.binary(max_size=8))
    found = list(capture_bytes(raw[:cut] + noise + raw[cut + gap :], "any"))
    assert found
    assert all(isinstance(item, Capture | Unreadable) for item in found)


LINES = (
    "A", " ", "<", "<a", "<pre>", "<code><pre>", "[", "[a](", "**", "*", "1.", "1. (", "¶", "A ", "A\n", "MARLOWE\n\n",
    "\n", "E.O", "R 0", '"', '","', '"1","1/1/2001","\n', "Identifier", "Reference ID ", "Created\n", "&#x", "&", "\\",
    "-----BEGIN PGP PUBLIC KEY BLOCK-----", "T O P ", "S E C R E T ", "RR RUEHAA ", "Share", "© ", "06AA1 ", "\t|",
    "2006-05-04 ", "Cablegate: ", "é",
)  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_a_megabyte_of_anything_takes_linear_time(line):
    opener = f"{ROWS}UNCLAS PORT KESTREL 1\n1. "
    for lead in ("", opener):
        small, large = (_seconds(lead + line * (size // len(line))) for size in (250_000, 1_000_000))
        if large > 0.2 and large > 7 * small:  # once more, should the machine have been busy
            small, large = (_seconds(lead + line * (size // len(line))) for size in (250_000, 1_000_000))
            assert large <= 7 * small


def _seconds(text: str) -> float:
    data = text.encode()
    started = time.process_time()
    assert list(capture_bytes(data, "long"))
    return time.process_time() - started


# --- sources


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.html").write_text(cablegate(HEADER, BODY), encoding="utf-8")
    (tmp_path / "b" / "three.txt").write_text(MESSAGE, encoding="utf-8")
    (tmp_path / "a.csv").write_text(row(*CABLE_ROW) * 3, encoding="utf-8")
    (tmp_path / "c.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / ".hidden").write_text(MESSAGE, encoding="utf-8")
    return tmp_path


def names(found) -> list[str]:
    return [Path(item.source).name for item in found]


def test_folder_is_read_in_order_and_counted(folder):
    reading = captures(folder)
    found = list(reading)
    assert names(found) == ["a.csv#1", "a.csv#2", "a.csv#3", "three.txt", "two.html", "c.png"]
    assert reading.files == 4
    assert reading.done == reading.bytes == sum(path.stat().st_size for path in folder.rglob("[a-z]*.*"))
    assert names(reading) == names(found)
    assert [getattr(item, "stem", None) for item in found[3:5]] == ["three", "two"]


def test_file_glob_and_list(folder):
    assert names(captures(str(folder / "b" / "two.html"))) == ["two.html"]
    assert names(captures(f"{folder}/*/*.*")) == names(captures(f"{folder}/b/**")) == ["three.txt", "two.html"]
    assert names(captures([folder / "b", folder / "b" / "two.html", folder / "a.csv"])) == [
        "three.txt",
        "two.html",
        "a.csv#1",
        "a.csv#2",
        "a.csv#3",
    ]


@pytest.mark.parametrize("source", ["no/such/folder", "no-such-*.html", "https://example.org/cable.html", "bad\0name"])
def test_a_source_that_is_not_there_is_named(source):
    with pytest.raises(NothingToRead, match=re.escape(repr(source))):
        captures(source)


def test_links_out_of_the_folder_are_reported_and_others_read_once(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.txt").write_text(MESSAGE, encoding="utf-8")
    (folder / "b" / "out.txt").symlink_to(outside / "secret.txt")
    (folder / "b" / "outer").symlink_to(outside)
    (folder / "b" / "in.txt").symlink_to(folder / "b" / "three.txt")
    (folder / "b" / "loop").symlink_to(folder)
    (folder / "b" / "dead.txt").symlink_to(folder / "b" / "gone.txt")
    found = list(captures(folder / "b"))
    assert [(Path(item.source).name, getattr(item, "code", "read")) for item in found] == [
        ("dead.txt", "link"),
        ("loop", "link"),
        ("out.txt", "link"),
        ("outer", "link"),
        ("three.txt", "read"),
        ("two.html", "read"),
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a system with pipes")
def test_pipes_are_not_opened(folder):
    os.mkfifo(folder / "pipe")
    assert [item.code for item in captures(folder) if Path(item.source).name == "pipe"] == ["not-a-file"]


def test_large_text_is_refused_and_large_csv_streamed(tmp_path, monkeypatch):
    monkeypatch.setattr("cablelab.capture.collect.LARGE", 2_000_000)
    big = tmp_path / "big.txt"
    big.write_text(MESSAGE * 5000, encoding="utf-8")
    rows = tmp_path / "cables.csv"
    rows.write_text(row(*CABLE_ROW) * 3000, encoding="utf-8")
    assert [(item.code, item.source) for item in captures(big)] == [("large", str(big))]
    reading = captures(rows)
    parts = iter(reading)
    next(parts)
    assert 0 < reading.done < reading.bytes
    assert sum(1 for _ in parts) == 2999
    assert reading.done == reading.bytes
    assert LARGE == 1 << 26


# --- zip


def zipped(path: Path, **members: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_zip_members_are_read_in_place(tmp_path):
    path = zipped(
        tmp_path / "c.bin",
        **{"z.txt": MESSAGE, "in/06PORTKESTREL231.html": cablegate(HEADER, BODY), "__MACOSX/x": b"\0", "e/": ""},
    )
    found = list(captures(tmp_path))
    assert [item.source for item in found] == [f"{path}!in/06PORTKESTREL231.html", f"{path}!z.txt", str(path)]
    assert isinstance(found.pop(), Unreadable)  # one row for what a Mac packs beside the files
    assert [item.stem for item in found] == ["06PORTKESTREL231", "z"]
    assert [item.text for item in found] == [MESSAGE, MESSAGE]
    assert [p.name for p in tmp_path.iterdir()] == ["c.bin"]


def test_zip_with_paths_outside_writes_nothing_and_says_so(tmp_path):
    (tmp_path / "in").mkdir()
    zipped(tmp_path / "in" / "evil.zip", **{"../../escape.txt": MESSAGE, "/abs.txt": MESSAGE})
    found = list(captures(tmp_path / "in"))
    assert [item.source.rpartition("!")[2] for item in found] == ["../../escape.txt", "/abs.txt"]
    assert [[code for code, _, _ in item.problems] for item in found] == [["zip-path"], ["zip-path"]]
    assert [p.name for p in tmp_path.rglob("*")] == ["in", "evil.zip"]


def test_zip_bomb_is_refused_and_the_rest_read(tmp_path):
    path = zipped(tmp_path / "bomb.zip", **{"bomb.txt": b" " * 50_000_000, "fine.txt": MESSAGE})
    found = list(captures(path))
    assert [getattr(item, "code", "read") for item in found] == ["zip-bomb", "read"]


def test_zip_in_zip_is_read_once(tmp_path):
    inner = zipped(tmp_path / "inner.zip", **{"a.txt": MESSAGE})
    middle = zipped(tmp_path / "middle.zip", **{"inner.zip": inner.read_bytes()})
    outer = zipped(tmp_path / "outer.zip", **{"middle.zip": middle.read_bytes()})
    assert [item.source for item in captures(middle)] == [f"{middle}!inner.zip!a.txt"]
    assert [item.code for item in captures(outer)] == ["nested-zip"]


def test_zip_that_is_broken_or_encrypted(tmp_path):
    path = zipped(tmp_path / "c.zip", **{"a.txt": MESSAGE * 3, "b.txt": MESSAGE})
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert [item.code for item in captures(path)] == ["zip-broken"]
    at = whole.index(b"a.txt") + 20
    path.write_bytes(whole[:at] + bytes(b ^ 0x55 for b in whole[at : at + 8]) + whole[at + 8 :])
    assert [getattr(item, "code", "read") for item in captures(path)] == ["zip-broken", "read"]
    locked = bytearray(whole)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[whole.index(signature) + offset] |= 1
    path.write_bytes(locked)
    assert [getattr(item, "code", "read") for item in captures(path)] == ["zip-encrypted", "read"]


def test_office_document_is_refused(tmp_path):
    path = zipped(tmp_path / "a.docx", **{"[Content_Types].xml": "<x/>", "word/document.xml": MESSAGE})
    assert [item.code for item in captures(path)] == ["broken-document"]


@settings(max_examples=100)
@given(st.data())
def test_damaged_zip_raises_nothing(data):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", MESSAGE)
        archive.writestr("b.html", cablegate(BODY))
    raw = bytearray(memory.getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(4, len(raw) - 1))] = data.draw(st.integers(0, 255))
    assert list(capture_stream(io.BytesIO(raw), len(raw), "z.zip"))


# --- the real samples


def test_all_real_pages_are_read(shared):
    found = list(captures(shared / "cables" / "wikileaks"))
    files = list((shared / "cables" / "wikileaks").rglob("*.html"))
    assert len(found) == len(files) > 400
    for item in found:
        assert isinstance(item, Capture)
        assert item.format == "cablegate-html"
        assert item.page.cable == item.stem
        assert item.page.created is not None
        assert item.page.created_to == "hour"
        assert item.page.origin
        assert item.problems == ()
        assert not re.search(r"</?(?:a|pre|code)\b|&#x000A;", item.text)


def test_real_text_renderings(shared):
    found = list(captures(shared / "cables" / "text"))
    assert {item.format for item in found if isinstance(item, Capture)} == {"cablegate-text"}
    refusals = [item for item in found if isinstance(item, Unreadable)]
    assert {item.code for item in refusals} == {"no-message-block"}
    for item in refusals:  # pages that list articles and hold no cable
        assert "<pre>" not in Path(item.source).read_text(encoding="utf-8")


def test_real_forms(shared):
    found = {Path(item.source).name.split("_")[0]: item for item in captures(shared / "cables" / "forms")}
    assert {name: item.format for name, item in found.items()} == {
        "five-line": "five-line",
        "flattened-page": "mirror",
        "mirror-page": "mirror",
        "plusd": "text",  # cut out of its page, nothing tells it from any message
        "press": "press",
    }
    for name in ("five-line", "flattened-page", "mirror-page"):
        assert found[name].page.cable == found[name].stem.split("_")[1]
        assert found[name].page.title


def test_seed_copied_from_a_blog(shared):
    [seed] = [item for item in captures(shared / "cables" / "seeds") if item.format == "blog"]
    text = message(seed)
    assert text.startswith("VZCZC")
    assert text.endswith("MILAS")
    assert seed.page.cable == "07ASTANA3256"
    assert seed.page.released == datetime(2011, 8, 30, 1, 44)
    assert not re.search(r"(?i)wikileaks|advertisement|leave a reply|bloggers", text)
    assert re.search(r"(?i)leave a reply", seed.text)


def test_seed_in_markdown(shared):
    [seed] = [item for item in captures(shared / "cables" / "seeds") if item.format == "markdown"]
    assert "TAGS: EIND ELAB ETRD PHUM SOCI KZ POLITICAL\n" in seed.text
    assert [line[:3] for line in seed.text.splitlines() if "¶" in line] == ["¶1.", "¶2.", "¶3."]
    assert not re.search(r"\]\(|\*\*", seed.text)


@pytest.mark.parametrize("data", [b"a\rb,c", b'1,"x\ry"\rz', b"07OSLO12\r\rUNCLAS"])
def test_a_lone_carriage_return_is_no_reason_to_fail(data):
    assert list(capture_bytes(data, "a.txt", "a"))


def test_random_bytes_are_refused_as_binary():
    noise = random.Random(3).randbytes(5_000)
    (found,) = capture_bytes(noise, "picture.pdf", "picture")
    assert isinstance(found, Unreadable)
    assert found.code == "binary"
