"""The body of a message: signatures and what surrounds them, previews, redactions, fragments, nothing left over; all text is invented."""

from __future__ import annotations

import pytest

from cablelab.message import parse

HEAD = "UNCLAS PORT KESTREL 000012\n\nSIPDIS\n\nE.O. 12958: N/A\nTAGS: EFIS, NO\nSUBJECT: FISH\n\n"
FIRST = "1. (U) Catches fell by a third.\n\n"


def body(text: str, head: str = HEAD):
    return parse(head + text)


def texts(message, source):
    return [" ".join(source[p.start : p.end].split()) for p in message.paragraphs]


# ---- signatures -------------------------------------------------------------------------------------------------------------------

ADVERT = "Visit Kestrel's Classified Website: "
SIGNED = {
    "a stop": ("2. (U) It reopened.\n\nBRANT.", "BRANT"),
    "a stop apart": ("2. (U) It reopened.\n\nBRANT .", "BRANT"),
    "three stops": ("2. (U) It reopened.\nBRANT ...", "BRANT"),
    "advert and mask": (f"2. (U) It reopened. {ADVERT}XXXXXXXXXXXX BRANT", "BRANT"),
    "advert and mask glued": (f"2. (U) It reopened. {ADVERT}XXXXXXXXXXXXBRANT", "BRANT"),
    "advert on its lines": (f"2. (U) It reopened.\n\n{ADVERT}at:\nhttp://www.example.gov/p/kestrel/index.c fm\nBrant", "Brant"),
    "advert between stars": (f"2. (U) It reopened.\n\n{'*' * 40}\n{ADVERT}\nhttp://www.example.gov/kestrel/\n{'*' * 40}\n\nBrant", "Brant"),
    "advert with a broken address": (f"2. (U) It reopened.\n{ADVERT}http://www.example.gov/wiki/Portal:Kes trel BRANT", "BRANT"),
    "advert below": ("2. (U) It reopened.\nBrant\n\n  \"Visit Kestrel's Classified Web Site at http://www.example.s\ngov.gov/wiki\"", "Brant"),
    "relay's end": ("2. (U) It reopened.\n\nBRANT\nNNNN\nEnd Cable Text", "BRANT"),
    "relay's end on the line": ("2. (U) It reopened. BRANT NNNN End Cable Text", "BRANT"),
    "break and serial": ("2. (U) It reopened. BRANT BT #0012 NNNN", "BRANT"),
    "publisher's line": ("2. (U) It reopened.\nBRANT\nNNNN  2008PORTKE00012 - Classification: UNCLASSIFIED", "BRANT"),
    "note of the relay": ("2. (U) It reopened.\n\nBRANT\n\nNOTE BY OC/T: HEADING AS RECEIVED. CORRECTION TO FOLLOW.", "BRANT"),
    "stamp": ("2. (U) It reopened.\n\nBRANT\n\nDeclassified/Released US Department of State EO\nSystematic Review 01 JAN 2006", "BRANT"),
    "page number": ("2. (U) It reopened.\n\nBRANT\n\n- 3 -\n\fPage 4 of 4\n", "BRANT"),
    "bare number": ("2. (U) It reopened.\n\nBRANT\n\f\n4\n", "BRANT"),
    "date": ("2. (U) It reopened.\n\nBRANT\n\n3 June 2008", "BRANT"),
    "date in figures": ("2. (U) It reopened.\n\nBRANT\n2008-06-03 10:11:00", "BRANT"),
    "code fence": ("2. (U) It reopened.\n\nBRANT\n```\n", "BRANT"),
    "slashes": ("2. (U) It reopened.\nBRANT\n/\n/\n/", "BRANT"),
    "credit": ("2. (U) It reopened. End comment.\nBRANT\n\nDESK @ THE KESTREL HERALD", "BRANT"),
    "mail's end": ("2. (U) It reopened.\n\nBRANT\n\n-- \nIda Quill\nHarbour Society\n+00 555 0100", "BRANT"),
    "behind End Comment": ("2. (U) It reopened. The owner will sell. End Comment BRANT", "BRANT"),
    "behind a year": ("2. (U) The letter is dated June 3, 2008 BRANT", "BRANT"),
    "behind words": ("2. (U) The letter was shown by a mate of the first ferry BRANTLEY", "BRANTLEY"),
    "behind a page break": ("2. (U) Crew list: Ada Tarn, mate\n  PORT KESTREL 00000012  002 OF 002    Brant", "Brant"),
    "minimize considered": ("2. (U) It reopened.\n\nMINIMIZE CONSIDERED BRANT", "BRANT"),
    "twice, small and large": ("2. (U) It reopened. Brant\n\nBRANT", "BRANT"),
    "twice, large and small": ("2. (U) It reopened.\n\nBRANT\nBrant", "BRANT"),
    "twice on a line": ("2. (U) It reopened.\n\nBRANT  BRANT", "BRANT"),
    "twice on a line in two ways": ("2. (U) It reopened.\n\nBRANT Brant", "BRANT"),
    "junior": ("2. (U) It reopened.\nBrant Jr", "Brant Jr"),
    "particle": ("2. (U) It reopened.\n\nvan Brant", "van Brant"),
    "behind a second header": (
        "2. (U) It reopened.\n\nBRANT\n\nVZCZCXRO5501\nOO RUEHFL RUEHKW\nDE RUEHLS #0413 1821402\nZNY CCCCC ZZH\nFM AMEMBASSY KESTREL\n",
        "BRANT",
    ),
    "behind a second record": ("2. (U) It reopened.\nBRANT\n\n300112\t2008-07-01 10:10:00\t08PORTKESTREL13\tEmbassy\tUNCLASSIFIED\t\tVZCZC", "BRANT"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SIGNED)
def test_signature_is_found_and_stands_in_no_paragraph(kind):
    text, name = SIGNED[kind]
    message = body(FIRST + text)
    assert message.signed_by == name
    assert len(message.paragraphs) == 2
    last = texts(message, HEAD + FIRST + text)[-1]
    assert last in {
        "2. (U) It reopened.",
        "2. (U) It reopened. The owner will sell. End Comment",
        "2. (U) The letter is dated June 3, 2008",
        "2. (U) The letter was shown by a mate of the first ferry",
        "2. (U) Crew list: Ada Tarn, mate",
        "2. (U) It reopened. End comment.",
    }


UNSIGNED = {
    "a sentence that breaks off": "2. (U) The boats stayed in harbour for nine days. The",
    "another that breaks off": "2. (U) The boats stayed in harbour for nine days. However",
    "an organisation": "2. (U) The boats were paid for by a fund of UNESCO",
    "the last word of a wrapped line": "2. (U) The boats stayed in harbour for nine days of the month of May, says\nLusaka.",
    "a table": "2. (U) Landings:\n\nKESTREL\n300\nTARN\n200",
    "an agency named before": "2. (U) The AGENCY paid the boats. It was founded by the owners of the AGENCY",
}


@pytest.mark.parametrize("kind", UNSIGNED)
def test_words_that_end_a_text_are_no_signature(kind):
    assert body(FIRST + UNSIGNED[kind]).signed_by is None


def test_surname_of_the_officer_signs_though_no_stop_stands_before_it():
    head = HEAD + "Classified By: DCM Ivo Quill for reasons 1.4 (b).\n\n"
    assert body(FIRST + "2. (U) The list ends with Ada Tarn\nand Source - The Herald Quill", head).signed_by == "Quill"
    assert body(FIRST + "2. (U) The list was written by Ivo Quill", head).signed_by is None


def test_second_message_is_told_with_its_place():
    text = HEAD + FIRST + SIGNED["behind a second header"][0]
    [problem] = [p for p in parse(text).problems if p.code == "second-message"]
    assert text[problem.start : problem.end].startswith("VZCZCXRO5501")


# ---- previews and repeated heads ------------------------------------------------------------------------------------------------------

OPEN = "C O N F I D E N T I A L SECTION 01 OF 02 PORT KESTREL 000019"
FLAT = f"{OPEN} SIPDIS E.O. 12958: DECL: 08/01/2018 TAGS: PREL MARR NO"
LONG = "\n".join(
    f"¶{n}. (C) The harbour master keeps two books, and shows neither to anyone who asks." for n in range(1, 9)
)


def preview(fields: str) -> str:
    return f"{OPEN}\n\nSIPDIS\n\nE.O. 12958: DECL: 08/01/2018\nTAGS: PREL MARR NO\n{fields}...\n\n{FLAT}\n{LONG}\n"


def test_preview_gives_what_the_full_copy_lacks():
    message = parse(
        preview(
            "SUBJECT: THE FERRY\n\nREF: OSLO 500\n\nClassified By: DCM Ida Quill for reasons 1.4 (b).\n\n¶1. (C) The har"
        )
    )
    assert (message.subject, message.classified_by, message.classified_reason) == ("THE FERRY", "Ida Quill", "1.4 (b)")
    assert [(r.post, r.number) for r in message.references] == [("OSLO", 500)]
    assert len(message.paragraphs) == 8


def test_word_that_a_preview_cuts_is_kept_of_a_subject_alone():
    assert parse(preview("SUBJECT: THE FERRY MINI")).subject == "THE FERRY MINI..."
    assert parse(preview("SUBJECT: THE FERRY\n\nREF: OSLO 500\nSTATE 12")).references[-1].post == "OSLO"
    assert parse(preview("SUBJECT: THE FERRY\n\nClassified By: DCM Ida Qu")).classified_by is None
    message = parse(preview("EFIS, PGOV\nSUBJECT: THE F"))
    assert message.tags == ["PREL", "MARR", "NO", "EFIS", "PGOV"]


def test_of_two_subjects_the_whole_one_counts():
    text = HEAD.replace("SUBJECT: FISH", "SUBJECT: FISH: WHO BUYS\nSUBJECT: FISH: WHO BUYS IT") + FIRST
    assert parse(text).subject == "FISH: WHO BUYS IT"


def test_header_that_a_relay_repeats_stands_in_no_paragraph():
    import cablelab as cl

    repeated = (
        "UNCLASSIFIED\nPAGE 01  PORT KESTREL 00012  02 OF 02  230911Z\nACTION AF-00\n\nP 230910Z JUL 02\nFM AMEMBASSY PORT KESTREL\n"
        "TO SECSTATE WASHDC PRIORITY 6001\n\nUNCLAS SECTION 02 OF 02 PORT KESTREL 000012\n\nSIPDIS\n\nE.O. 12958: N/A\nTAGS: EFIS, NO\n"
    )
    head = HEAD.replace("UNCLAS PORT", "UNCLAS SECTION 01 OF 02 PORT")
    read = cl.parse(
        f"{head}1. (U) The ferry is late.\n\n2. (U) The owner is abroad\n{repeated}\nand sent no word.\n\nBRANT"
    )
    assert [" ".join(text.split()) for text in read.paragraphs["text"]][
        -1
    ] == "2. (U) The owner is abroad and sent no word."
    assert read.cables["signed_by"].item() == "BRANT"


def test_body_ends_where_the_same_message_begins_again():
    text = f"{HEAD}{FIRST}2. (U) It reopened on Monday, and all the boats went out.\n\nUNCLAS PORT KESTREL 000012 SIPDIS E.O. 12958: N/A TAGS: EFIS"
    message = parse(text)
    assert [p.number for p in message.paragraphs] == [1, 2]
    assert text[message.paragraphs[1].start : message.paragraphs[1].end].endswith("went out.")


# ---- numbers, comments, summaries -------------------------------------------------------------------------------------------------------

NUMBERS = {
    "no stop": ("1. (U) Boats.\n\n2 (U) Nets.\n\n3. (U) Sails.", [1, 2, 3]),
    "no stop at the first": ("1 (U) Boats.\n\n2. (U) Nets.", [1, 2]),
    "inside a line": ("1. (U) Boats are cheap. 2. Nets are dear. 3. (U) Sails are unsold.", [1, 2, 3]),
    "brackets inside a line": ("1) (U) Boats are cheap.\n\n2) (U) Nets are dear. 3) (U) Sails are unsold.", [1, 2, 3]),
    "behind a fence": (
        "1. (U) Boats are cheap.\n\nNETS ----- 2 (U) Nets are dear.\n\n3. (U) Sails are unsold.",
        [1, 2, 3],
    ),
    "alone on its line": ("1. (U) Boats are cheap.\n\n2.\n\nNets are dear.\n\n3. (U) Sails are unsold.", [1, 2, 3]),
    "a number that is none": ("1. (U) Boats cost 2 crowns, or 2.5 in May.\n\n3. (U) Sails are unsold.", [1, 3]),
    "comment outside": ("1. (U) Boats are cheap.\n\n2. (U) Nets are dear.\n\nCOMMENT: We doubt it.", [1, 2, None]),
    "comment inside": ("1. (U) Boats are cheap. Comment: We doubt it.\n\n2. (U) Nets are dear.", [1, 2]),
    "summary behind its number": ("1.\n\nSUMMARY: Boats are cheap. END SUMMARY.\n\n2. (U) Nets are dear.", [1, 2]),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_numbers(kind):
    text, numbers = NUMBERS[kind]
    assert [p.number for p in body(f"{text}\n\nBRANT").paragraphs] == numbers


@pytest.mark.parametrize(
    "label", ["Summary and Action Request. ", "SUMMARY AND ACTION REQUEST: ", "Summary/Comment: ", "Summary: "]
)
def test_label_is_no_part_of_the_summary(label):
    assert (
        body(f"1. (U) {label}The ferry is late. End {label.rstrip('.: ')}.\n\n2. (U) Pay the crew.").summary
        == "The ferry is late."
    )


def test_heading_glued_behind_a_short_summary_is_no_part_of_it():
    message = body("1.(U) Summary: The ferry is late. -------- Crew --------\n\n2.(U) Unpaid.")
    assert message.summary == "The ferry is late."
    assert message.paragraphs[1].heading == "Crew"


# ---- redactions ---------------------------------------------------------------------------------------------------------------------------

HIDDEN = {
    "large": ("1. (U) Owner XXXXXXXXXXXX met XXXXXXX at noon.", ["mask", "mask"]),
    "small": ("1. (U) Owner xxxxxxxxxxxx met xxxxxxxxxxxx at noon.", ["mask", "mask"]),
    "short": ("1. (U) Owner XXXX met XXXXX, and xxxx.", ["mask", "mask", "mask"]),
    "a telephone": ("1. (U) He is reached at 00-xxx-xxxx and XX-XXX-XXXX.", ["mask", "mask"]),
    "numerals": ("1. (U) Chapter XXX of volume XX was not read.", []),
    "a note": ("1. (U) Owner [name redacted] met (text removed) at noon.", ["note", "note"]),
    "words in brackets": ("1. (U) The owner (who removed his nets) left [sic].", []),
    "a black bar": ("1. (U) Owner ██████ met ███ at noon.", ["mask", "mask"]),
    "margins": ("1. (U) The owner said          B1, 1.4(D)\n\n\n2. (U) He left.     B6", ["margin", "margin"]),
    "a margin on its line": ("1. (U) The owner said\n\n          1.4(B)\n\n2. (U) He left.", ["margin"]),
    "words like codes": ("1. (U) The road B1 is closed for reasons 1.4 (b).", []),
}


@pytest.mark.parametrize("kind", HIDDEN)
def test_redactions(kind):
    text, kinds = HIDDEN[kind]
    text = f"{HEAD}{text}\n\nBRANT"
    message = parse(text)
    assert [r.kind for r in message.redactions] == kinds
    for found in message.redactions:
        words = text[found.start : found.end]
        assert words == words.strip()
        if found.paragraph is not None:
            paragraph = message.paragraphs[found.paragraph]
            assert paragraph.start <= found.start < found.end <= paragraph.end


def test_frame_of_redactions_agrees_with_their_number_and_the_text(tmp_path):
    import cablelab as cl
    from cablelab.ingest import ingest

    (tmp_path / "07PORTKESTREL12.txt").write_text(f"{HEAD}1. (U) Owner XXXX met xxxxxx.\n\nXXXXXXX\n")
    for corpus in (cl.read(tmp_path), ingest(tmp_path, to=tmp_path.parent / "corpus", workers=1)):
        assert corpus.cables["redactions"].to_list() == [3]
        found = corpus.redactions.join(corpus.texts, on="cable")
        assert [r["text"][r["start"] : r["end"]] for r in found.iter_rows(named=True)] == ["XXXX", "xxxxxx", "XXXXXXX"]
        assert found["paragraph"].to_list() == [0, 0, None]


# ---- fragments, and nothing left over ---------------------------------------------------------------------------------------------------

TWO = HEAD.replace("UNCLAS PORT", "UNCLAS SECTION 01 OF 02 PORT")
LINE = "The boats stayed in harbour for nine days of the month, and the owners"
PARTIAL = {
    "summary never closed": HEAD + "1. (U) SUMMARY: The boats stayed in harbour.\n",
    "second section missing": TWO + FIRST,
    "later pages missing": TWO + "1. (U) The boats\n\nPORT KESTREL 00000012  002 OF 004\n\nwere cheap.\n",
    "points": HEAD + "1. (U) The boats were ...",
    "points in the head": HEAD.rstrip() + " AND BO...",
    "preview and a head": HEAD.rstrip() + " AND BO...\n\nUNCLAS PORT KESTREL 000012 SIPDIS E.O. 12958: N/A TAGS: EFIS",
    "inside a sentence": f"{HEAD}{FIRST}2. (U) {LINE}",
    "a section said to be missing": HEAD + FIRST + "2. (U) He has become a\n\n**** * Missing Section 002 * ****",
}
WHOLE = {
    "signed": HEAD + FIRST + "BRANT",
    "signed with an open summary": HEAD + "1. (U) SUMMARY: The boats stayed in harbour.\n\nBRANT",
    "two sections, signed": TWO + FIRST + "BRANT",
    "two sections, all pages": TWO + "1. (U) The boats\n\nPORT KESTREL 00000012  002 OF 002\n\nwere cheap.\n",
    "unsigned": HEAD + FIRST + "2. (U) It reopened.",
    "summary closed": HEAD + "1. (U) SUMMARY: The boats stayed in harbour. END SUMMARY.",
    "points inside": HEAD + "1. (U) The boats were ... cheap.",
}


@pytest.mark.parametrize("kind", PARTIAL)
def test_message_that_breaks_off_is_partial(kind):
    assert parse(PARTIAL[kind]).partial


@pytest.mark.parametrize("kind", WHOLE)
def test_whole_message_is_not_partial(kind):
    assert not parse(WHOLE[kind]).partial


def remarks(text):
    return [(p.code, text[p.start : p.end] if p.start is not None else None) for p in parse(text).problems]


def test_text_that_nothing_holds_is_told_with_its_place():
    text = (
        HEAD + "Contents: prices of boats, nets and sails\n\nand of ropes\n\n" + FIRST + "2. (U) It reopened.\n\nBRANT"
    )
    assert remarks(text) == [("text-left-over", "Contents: prices of boats, nets and sails\n\nand of ropes")]
    assert remarks(HEAD + FIRST + "BRANT") == []
    handling = (
        HEAD + "(U) This message is sensitive but unclassified; please protect accordingly.\n\n" + FIRST + "BRANT"
    )
    assert remarks(handling) == []


def test_numbers_that_are_missing_are_told():
    text = HEAD + "1. (U) Boats.\n\nNETS\n----\n\n4. (U) Nets.\n\nBRANT"
    [(code, words)] = remarks(text)
    assert (code, words.strip()) == ("number-missing", "")
    assert "numbers 2 to 3 are missing" in parse(text).problems[0].message
    [(code, words)] = remarks(HEAD + "3. (U) Boats.\n\n4. (U) Nets.\n\nBRANT")
    assert (code, words) == ("number-missing", "3. (U) Boats.")


def test_first_paragraph_that_lost_its_number_stays_one():
    message = body("(U) The boats stayed in harbour for nine days.\n\n2. (U) Nets were cheap.\n\nBRANT")
    assert [(p.number, p.marking) for p in message.paragraphs] == [(None, "U"), (2, "U")]
    message = body(
        ". (U) The boats stayed in harbour:\n\n- all of May\n\n- and in June.\n\n2. (U) Nets were cheap.\n\nBRANT"
    )
    assert [p.number for p in message.paragraphs] == [None, 2]


def test_head_alone_is_told():
    assert ("no-body", None) in remarks(HEAD)


def test_message_without_labels_keeps_its_paragraphs():
    message = parse(
        "UNCLAS PORT KESTREL 000012\n\nSIPDIS\n\nThe boats stayed in harbour.\n\nThe market closed.\n\nBRANT"
    )
    assert [p.number for p in message.paragraphs] == [None, None]
    assert message.signed_by == "BRANT"


def test_all_that_follows_a_comment_outside_a_number_belongs_to_it():
    text = (
        HEAD
        + FIRST
        + "2. (U) Nets.\n\nComment: We doubt it.\n\nPrices of boats\n\nThey rose in May, and fell in June.\n\nBRANT"
    )
    message = parse(text)
    assert [p.number for p in message.paragraphs] == [1, 2, None]
    assert texts(message, text)[-1].endswith("and fell in June.")
    assert message.problems == []
