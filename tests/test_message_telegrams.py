"""Telegrams of 1973-79 as the core reads them: sections, date-time groups, headers without blank lines; all text is invented."""

from __future__ import annotations

import cablelab as cl
from cablelab.message import parse

SECTION = """CONFIDENTIAL

PAGE 01        KESTRE  00012  {n:02} OF {of:02}  210911Z

ACTION EA-10

INFO  OCT-01  ISO-00  /056 W
                     --------------------- 054819
R 210730Z AUG 75
FM AMEMBASSY KESTREL
TO SECSTATE WASHDC 0112
INFO AMEMBASSY LISBON

C O N F I D E N T I A L SECTION {n} OF {of} KESTREL 0012

EXDIS
{head}
{text}

CONFIDENTIAL

NNN
"""
HEAD = "\nEO 11652: GDS\nTAGS: EFIS, PT\nSUBJECT: FISH\nREF: LISBON 5405\n"


def texts(source):
    return [" ".join(text.split()) for text in cl.parse(source).paragraphs["text"]]


# ---- sections ---------------------------------------------------------------------------------------------------------------------


def test_head_of_a_second_section_is_a_page_break_however_short_the_first_section_is():
    source = SECTION.format(n=1, of=2, head=HEAD, text="1. BOATS ARE CHEAP.\n\n2. NETS ARE DEAR.") + SECTION.format(
        n=2, of=2, head="", text="3. SAILS ARE UNSOLD.\nQUILL"
    )
    message = parse(source)
    assert texts(source) == ["1. BOATS ARE CHEAP.", "2. NETS ARE DEAR.", "3. SAILS ARE UNSOLD."]
    assert (message.number, message.sections, message.signed_by, message.subject) == (12, 2, "QUILL", "FISH")
    assert [(a.role, a.post) for a in message.addressees] == [("from", None), ("to", "STATE"), ("info", "LISBON")]
    assert f"{message.dtg:%Y-%m-%dT%H:%M}" == "1975-08-21T07:30"


def test_of_three_sections_each_head_is_a_page_break():
    source = "".join(
        SECTION.format(n=n, of=3, head=HEAD if n == 1 else "", text=f"{n}. BOATS NUMBER {n}.") for n in (1, 2, 3)
    )
    assert texts(source) == ["1. BOATS NUMBER 1.", "2. BOATS NUMBER 2.", "3. BOATS NUMBER 3."]


def test_sentence_that_two_sections_share_is_joined():
    source = SECTION.format(n=1, of=2, head=HEAD, text="1. BOATS ARE") + SECTION.format(
        n=2, of=2, head="", text="CHEAP.\n\n2. NETS ARE DEAR."
    )
    assert texts(source) == ["1. BOATS ARE CHEAP.", "2. NETS ARE DEAR."]


def test_second_section_that_is_held_alone_keeps_its_head():
    source = SECTION.format(n=2, of=2, head="", text="3. SAILS ARE UNSOLD. SEE SECTION 1.\nQUILL")
    message = parse(source)
    assert (message.post or "KESTREL", message.number, message.classification) == ("KESTREL", 12, "CONFIDENTIAL")
    assert texts(source) == ["3. SAILS ARE UNSOLD. SEE SECTION 1."]


def test_relay_mark_beside_a_level_is_no_classification_line():
    message = parse("CONFIDENTIAL  PTQ1212\n\nUNCLAS KESTREL 000012\n\nSUBJECT: FISH\n\n1. Fell.\n")
    assert (message.classification, message.number) == ("UNCLASSIFIED", 12)
