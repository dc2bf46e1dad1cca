"""The forms that people hold beside pages and `cables.csv`: records, archives' records, mail, documents, prints, several in one."""

from __future__ import annotations

import base64
import bz2
import csv
import gzip
import io
import json
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

import cablelab as cl
from cablelab.capture import Capture, Unreadable, capture_bytes, captures
from cablelab.reading import read_captures

IDS = ["05PORTKESTREL221", "08LINDEN87"]
HEADERS = [
    "VZCZCXRO1547\nRR RUEHAA\nDE RUEHKS #0221 0341820\nZNR UUUUU ZZH\nR 031820Z FEB 05\nFM AMEMBASSY PORT KESTREL\nTO RUEHC/SECSTATE WASHDC 4471",
    "VZCZCXRO0609\nRR RUEHAA\nDE RUEHLD #0087 0920805\nZNR UUUUU ZZH\nR 010805Z APR 08\nFM AMEMBASSY LINDEN\nTO RUEHC/SECSTATE WASHDC 4471",
]
BODIES = [
    "UNCLAS PORT KESTREL 000221\n\nSIPDIS\n\nE.O. 12958: N/A\nTAGS: ELAB EFIS\nSUBJECT: VELDANIA: DOCKERS SETTLE\n\n"
    "1. The dockers' union settled on May 3.\n\n2. The cranes moved again by nightfall.\n\nMARLOWE",
    "UNCLAS LINDEN 000087\n\nSIPDIS\n\nE.O. 12958: N/A\nTAGS: EAGR\nSUBJECT: LINDEN: BARLEY IS SHORT\n\n"
    '1. Barley is "short" again.\n\n2. The mill closed.\n\nBAYLOR',
]
TEXTS = [f"{header}\n\n{body}" for header, body in zip(HEADERS, BODIES, strict=True)]
DATES = ["2005-02-03 18:20:00", "2008-04-01 08:05:00"]
RECORDS = [
    {"refid": i, "date_sent": d, "office": "Embassy", "classification": "UNCLASSIFIED", "header": h, "body": b}
    for i, d, h, b in zip(IDS, DATES, HEADERS, BODIES, strict=True)
]


def read(data: bytes | str, name: str = "x") -> cl.Corpus:
    return read_captures(capture_bytes(data.encode() if isinstance(data, str) else data, name))


def whole(corpus: cl.Corpus, ids: list[str] = IDS) -> None:
    """Hold that both cables are there, each with its two paragraphs, its signer and its minute."""
    rows = corpus.cables.sort("sent")
    assert rows["cable"].to_list() == ids
    assert rows["paragraphs"].to_list() == [2] * len(ids)
    assert rows["signed_by"].to_list() == ["MARLOWE", "BAYLOR"][: len(ids)]
    assert [f"{sent:%Y-%m-%d %H:%M:%S}" for sent in rows["sent"]] == DATES[: len(ids)]


def sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def mysql(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"


def table(header: list[str] | None, rows: list[list[str]], **dialect: object) -> str:
    out = io.StringIO()
    writer = csv.writer(out, **dialect)  # type: ignore[arg-type]
    writer.writerows([header, *rows] if header else rows)
    return out.getvalue()


NAMED = [[i, d, "Embassy", "UNCLASSIFIED", h, b] for i, d, h, b in zip(IDS, DATES, HEADERS, BODIES, strict=True)]
COLUMNS = ["reference id", "created", "origin", "classification", "header", "body"]
FORMS = {
    "json lines": "\n".join(map(json.dumps, RECORDS)),
    "json array": json.dumps(RECORDS, indent=1),
    "json under ids": json.dumps({r["refid"]: {"date": r["date_sent"], "text": t} for r, t in zip(RECORDS, TEXTS, strict=True)}),
    "solr's json": json.dumps({"responseHeader": {"status": 0}, "response": {"numFound": 2, "docs": RECORDS}}),
    "a search engine's hits": json.dumps({"hits": {"hits": [{"_id": r["refid"], "_source": r} for r in RECORDS]}}),
    "bulk lines": "\n".join(json.dumps(x) for r in RECORDS for x in ({"index": {"_id": r["refid"]}}, r)),
    "mongo": "\n".join(
        json.dumps({"_id": {"$oid": "5f" * 12}, "identifier": i, "date": {"$date": d.replace(" ", "T") + "Z"}, "text": t})
        for i, d, t in zip(IDS, DATES, TEXTS, strict=True)
    ),
    "line ends escaped twice": json.dumps([{"cable_id": i, "message": t.replace("\n", "\\n")} for i, t in zip(IDS, TEXTS, strict=True)]),
    "named columns": table(COLUMNS, NAMED),
    "semicolons": table(COLUMNS, NAMED, delimiter=";"),
    "tabs": table(COLUMNS, NAMED, delimiter="\t"),
    "a spreadsheet's first line": "sep=;\n" + table(COLUMNS, NAMED, delimiter=";"),
    "an index column": table(["", *COLUMNS], [[str(n), *row] for n, row in enumerate(NAMED)]),
    "quotes escaped": table(COLUMNS, NAMED, doublequote=False, escapechar="\\"),
    "no names": table(None, NAMED),
    "eight columns, semicolons": table(
        None, [[str(n), "2/3/2005 18:20" if n == 1 else "4/1/2008 08:05", i, "Embassy", "UNCLASSIFIED", "", h, b]
               for n, (i, h, b) in enumerate(zip(IDS, HEADERS, BODIES, strict=True), 1)], delimiter=";", quoting=csv.QUOTE_ALL,
    ),
    "eight columns, doubled quotes": table(
        None, [[str(n), "2/3/2005 18:20" if n == 1 else "4/1/2008 08:05", i, "Embassy", "UNCLASSIFIED", "", h, b]
               for n, (i, h, b) in enumerate(zip(IDS, HEADERS, BODIES, strict=True), 1)], quoting=csv.QUOTE_ALL,
    ),
    "the text alone": table(["text", "note"], [[t, "x"] for t in TEXTS]),
    "mysql": "-- MySQL dump\nCREATE TABLE `cable` (\n  `id` int(11) NOT NULL,\n  `date` datetime,\n  `refid` varchar(250),\n  `content` longtext,\n"
    "  PRIMARY KEY (`id`)\n) ENGINE=MyISAM;\nINSERT INTO `cable` VALUES "
    + ",".join(f"({n},'{d}','{i}',{mysql(t)})" for n, (d, i, t) in enumerate(zip(DATES, IDS, TEXTS, strict=True))) + ";\n",
    "postgres": "--\n-- PostgreSQL database dump\n--\nCOPY public.cables (id, refid, sent, body) FROM stdin;\n"
    + "".join(f"{n}\t{i}\t{d}\t{t.replace(chr(10), chr(92) + 'n')}\n" for n, (i, d, t) in enumerate(zip(IDS, DATES, TEXTS, strict=True))) + "\\.\n",
    "postgres inserts": "-- dump\nINSERT INTO public.cable (id, refid, date_sent, level, content) VALUES "
    + ", ".join(f"({n}, {sql(i)}, {sql(d)}, NULL, {sql(t)})" for n, (i, d, t) in enumerate(zip(IDS, DATES, TEXTS, strict=True))) + ";\n",
    "sqlite": "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE cable (id INTEGER PRIMARY KEY, refid TEXT, body TEXT);\n"
    + "".join(f"INSERT INTO cable VALUES({n},{sql(i)},replace({sql(t.replace(chr(10), chr(92) + 'n'))},'\\n',char(10)));\n"
              for n, (i, t) in enumerate(zip(IDS, TEXTS, strict=True))),
    "solr": "<add>" + "".join(
        f'<doc><field name="id">{i}</field><field name="tag">ELAB</field><field name="tag">EFIS</field><field name="content">{t}</field></doc>'
        for i, t in zip(IDS, TEXTS, strict=True)) + "</add>",
    "rows of a database in xml": '<?xml version="1.0"?><table_data>' + "".join(
        f'<row><field name="id">1</field><field name="refid">{i}</field><field name="body"><![CDATA[{t}]]></field></row>'
        for i, t in zip(IDS, TEXTS, strict=True)) + "</table_data>",
    "elements by name": "<cables>" + "".join(f"<cable><id>{i}</id><body>{t}</body></cable>" for i, t in zip(IDS, TEXTS, strict=True)) + "</cables>",
    "one after another": "\n\n\n".join(TEXTS),
    "under headings": "\n\n".join(f"## {i}\n\n{t}" for i, t in zip(IDS, TEXTS, strict=True)),
    "between rules": "\n\n==========\n\n".join(TEXTS),
    "on pages": "\f".join(TEXTS),
    "in pre blocks": "<html><body>" + "".join(f"<h2>x</h2><pre>{t}</pre>" for t in TEXTS) + "</body></html>",
    "a mailbox": "\n".join(
        f"From a@example.org Mon Mar  1 09:15:0{n} 2011\nFrom: a@example.org\nMessage-ID: <{n}@x.org>\nSubject: x\n\nLook.\n\n{t}\n\n-- \nLena\n"
        for n, t in enumerate(TEXTS)),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_form_gives_both_cables(form):
    corpus = read(FORMS[form])
    whole(corpus)
    assert len(set(corpus.cables["source"])) == 2
    assert set(corpus.problems["code"]) <= {"record-fields"}


@pytest.mark.parametrize("form", ["json lines", "mysql", "postgres", "sqlite", "named columns", "solr"])
def test_form_is_streamed_whatever_the_pieces(form, monkeypatch):
    for module in ("json_records", "sql"):
        monkeypatch.setattr(f"cablelab.capture.{module}.AT_A_TIME", 7)
    whole(read(FORMS[form]))


def test_records_say_what_they_lack_once():
    corpus = read(FORMS["the text alone"])
    [said] = corpus.problems["message"].to_list()
    assert (
        said
        == "No field of the record is known to hold its id, date, classification, origin; rename the field if one does."
    )


def test_what_all_records_of_a_file_lack_is_told_once(tmp_path):
    records = [
        {"id": f"05OSLO{n}", "subject": "FISH", "date": "2005-03-01", **({"note": "x"} if n % 2 else {})}
        for n in range(1, 8)
    ]
    (tmp_path / "list.json").write_text(json.dumps(records), encoding="utf-8")
    corpus = cl.read(tmp_path / "list.json")
    assert corpus.cables["text_held"].to_list() == [False] * 7
    by_code = {row["code"]: row for row in corpus.problems.to_dicts()}
    assert len(by_code) == corpus.problems.height
    assert by_code["no-text"]["source"].endswith("list.json#1")
    assert (
        "Other records of the file of which this holds, too: 6; cables.filter(~pl.col('text_held')) lists them"
        in by_code["no-text"]["message"]
    )
    again = corpus + cl.read(tmp_path / "list.json")
    assert again.problems["code"].value_counts().filter(code="no-text")["count"].to_list() == [1]


def test_records_without_text_are_cables_of_which_none_is_held():
    lines = "\n".join(json.dumps({k: v for k, v in r.items() if k not in ("header", "body")}) for r in RECORDS)
    corpus = read(lines)
    assert corpus.cables.select("cable", "text_held", "partial", "words").rows() == [(i, False, True, 0) for i in IDS]
    assert set(corpus.problems["code"]) == {"no-text", "record-fields"}
    reader = cl.show(corpus, corpus.ids[0])
    for told in (
        str(corpus[corpus.ids[0]]),
        cl.cite(corpus, corpus.ids[0]),
        reader._repr_mimebundle_()[0]["text/html"],
    ):
        assert "record without text" in told
        assert "partial extract" not in told
    checks = {row["check"]: row for row in cl.doctor.doctor(corpus).iter_rows(named=True)}
    for name in ("whole", "same-text"):
        assert (checks[name]["of"], checks[name]["count"], checks[name]["example"]) == (0, 0, None)


def test_records_that_are_none_are_told_and_the_others_read():
    broken = "\n".join([json.dumps(RECORDS[0]), '{"refid": "06', json.dumps(RECORDS[1])])
    corpus = read(broken)
    whole(corpus)
    assert corpus.problems["code"].to_list() == ["json"]
    assert read('[{"refid": "05OSLO12", "body": "UNCLAS').problems["code"].to_list() == ["json"]
    assert read('{"name": "left-pad", "version": "1.0"}').problems["code"].to_list() == ["no-cable"]
    assert read("[" * 100_000).problems.height == 1


def test_tables_of_a_dump_that_hold_no_cable_are_named():
    corpus = read(FORMS["postgres inserts"] + "INSERT INTO public.tag (cable, tag) VALUES ('a','b'),('c','d');\n")
    assert "The table tag holds no texts of cables" in corpus.problems["message"][-1]


def test_halves_of_characters_become_a_mark_and_a_row():
    corpus = read('{"refid":"05OSLO221","body":"UNCLAS OSLO 000221\\n\\nSUBJECT: A\\ud800B\\n\\n1. Fish."}')
    assert corpus.cables["subject"].item() == "A\ufffdB"
    assert "encoding" in corpus.problems["code"].to_list()


# --- several messages in one text, and what only looks so


def test_a_repeat_within_quotes_is_one_cable():
    text = f"UNCLAS OSLO 000012\n\nSUBJECT: REPEAT\n\n1. Following repeat of Linden 87.\n\nQUOTE\n{BODIES[1]}\nUNQUOTE\n\nBRANT"
    assert len(read(text)) == 1


def test_sections_are_one_cable():
    text = TEXTS[0].replace("UNCLAS PORT", "UNCLAS SECTION 01 OF 02 PORT")
    more = f"{HEADERS[0]}\nUNCLAS SECTION 02 OF 02 PORT KESTREL 000221\n\n3. More.\n\nMARLOWE"
    assert len(read(f"{text}\n\n{more}")) == 1


def test_what_cannot_be_told_apart_is_said():
    text = f"{BODIES[0].removesuffix('MARLOWE')} and so it went on,\nsays\n{BODIES[1]}"
    corpus = read(text)
    assert len(corpus) == 1
    assert "several-messages" in corpus.problems["code"].to_list()


# --- stamps and furniture

STAMP = "UNCLASSIFIED   U.S. Department of State   Case No. F-2006-00001   Doc No. C10000001   Date: 07/02/2012"
REVIEW = "Ann B. Sample Declassified/Released US Department of State EO Systematic Review 04 MAY 2006"


@pytest.mark.parametrize(
    ("between", "role"),
    [
        (f"\n{STAMP}\n\f{STAMP}\n", "stamp"),
        (f"\n{REVIEW}\n{REVIEW}\n", "stamp"),
        (
            "\nAnn B. Sample\nDeclassified/Released\nUS Department of State\nEO Systematic Review\n04 MAY 2006\n",
            "stamp",
        ),
        ("\n2\n\f", "furniture"),
        ("\n- 2 -\n\f", "furniture"),
        ("\nPage 2 of 5\n\fHarbor Papers, vol. 3\n", "furniture"),
        ("\n\n \f", "furniture"),
    ],
)
def test_what_printers_and_reviewers_add_is_in_no_paragraph(between, role):
    body = BODIES[0].replace("The cranes moved again by nightfall.", f"The cranes{between}moved again by nightfall.")
    text = f"Harbor Papers, vol. 3\n\n{HEADERS[0]}\n\n{body}\n\fHarbor Papers, vol. 3\n"
    corpus = read(text)
    [whole_text] = corpus.texts["text"]
    last = corpus.paragraphs["text"][-1]
    assert " ".join(last.split()) == "2. The cranes moved again by nightfall."
    start, end = corpus.paragraphs.select("start", "end").rows()[-1]
    assert len(last) == end - start
    assert role in corpus.spans["role"].to_list()
    assert "".join(whole_text[a:b] for a, b in corpus.spans.select("start", "end").rows()) == whole_text
    assert corpus.cables["signed_by"].item() == "MARLOWE"


def test_release_marks_are_stamps_and_margins_stay():
    corpus = read(
        f"RELEASE IN PART\nB1,1.4(D)\n{TEXTS[0]}".replace("settled on May 3.", "settled on          B1, 1.4(D)")
    )
    roles = corpus.spans.filter(cl_role("stamp"))
    [text] = corpus.texts["text"]
    assert [text[a:b] for a, b in roles.select("start", "end").rows()] == ["RELEASE IN PART\nB1,1.4(D)"]
    assert "B1, 1.4(D)" in corpus.paragraphs["text"][0]


def cl_role(role: str):
    import polars as pl

    return pl.col("role") == role


# --- telegrams of 1973-79

HEAD = """\
CONFIDENTIAL

PAGE 01        OSLO  02119  110940Z

50
ACTION EUR-12

INFO  OCT-01  ISO-00  /060 W
DRAFTED BY EUR/NE:AQSAMPLE:XY
APPROVED BY EUR:BTEST
                     ---------------------     077310
R 110940Z JUN 74
FM AMEMBASSY OSLO
TO SECSTATE WASHDC 2871

C O N F I D E N T I A L OSLO 2119

E.O. 11652: GDS
TAGS: EFIS, NO
SUBJECT: FISH
REF: STATE 118220

1. CATCHES FELL.

CONFIDENTIAL


CONFIDENTIAL

PAGE 02        OSLO  02119  110940Z

2. PRICES ROSE.

BRANT

CONFIDENTIAL

NNN
"""
ATTRIBUTES = f"""\
Message Attributes

 Automatic Decaptioning: X
 Capture Date: 01 JAN 1994
 Concepts: FISHING, PORTS
 Draft Date: 11 JUN 1974
 Document Number: 1974OSLO02119
 Film Number: D740150-0456
 From: OSLO
 Office: ACTION EUR
 Original Classification: CONFIDENTIAL
 Original Handling Restrictions: n/a
 Reference: 73 STATE 118220
 Subject: FISH
 TAGS: EFIS, NO
 To: STATE
 Type: TE
 Markings: {REVIEW}
"""
RECORD = f"{REVIEW}\n\nMessage Text\n\n\n{HEAD}\n\n{ATTRIBUTES}"


def test_record_of_the_archives():
    corpus = read(RECORD)
    [row] = corpus.cables.to_dicts()
    assert (row["cable"], row["document_number"], row["film_number"]) == ("74OSLO2119", "1974OSLO02119", "D740150-0456")
    assert (row["office"], row["drafted_by"], row["approved_by"]) == ("EUR", "EUR/NE:AQSAMPLE:XY", "EUR:BTEST")
    assert (row["concepts"], row["text_held"], row["paragraphs"]) == (["FISHING", "PORTS"], True, 2)
    assert f"{row['released']:%Y-%m-%d}" == "2006-05-04"
    assert corpus.references.select("target", "year_from").rows() == [("73STATE118220", "attribute")]
    body = "\n".join(corpus.paragraphs["text"])
    assert not [word for word in ("PAGE 02", "CONFIDENTIAL", "Message", "Sample", "NNN", "Draft") if word in body]
    assert {"stamp", "distribution", "drafting", "relay", "attributes"} <= set(corpus.spans["role"])
    assert corpus.problems.is_empty()


def test_several_records_in_one_file():
    second = RECORD.replace("02119", "02120").replace("2119", "2120")
    corpus = read(RECORD + "\n" + second)
    assert corpus.ids.to_list() == ["74OSLO2119", "74OSLO2120"]
    assert [name.rpartition("#")[2] for name in corpus.cables["source"]] == ["1", "2"]


def test_record_whose_heading_is_lost_or_in_capitals_is_read_like_any():
    whole = read(RECORD).paragraphs["text"].to_list()
    for source in (RECORD.replace("Message Text", "").replace(REVIEW, "", 1), RECORD.replace("Message", "MESSAGE")):
        corpus = read(source)
        assert (corpus.ids.to_list(), corpus.cables["sent_from"].item()) == (["74OSLO2119"], "dtg")
        assert corpus.paragraphs["text"].to_list() == whole
    bare = f"{HEAD}\n\n{ATTRIBUTES}"
    second = bare.replace("02119", "02120").replace("2119", "2120")
    assert read(f"{bare}\n{second}").cables.select("cable", "paragraphs", "signed_by").rows() == [
        ("74OSLO2119", 2, "BRANT"),
        ("74OSLO2120", 2, "BRANT"),
    ]


def test_date_time_group_without_blanks_ends_what_stands_above_the_message():
    for group in ("R 110940Z JUN74", "R110940ZJUN 74", "R 11 0940 Z JUN 74", "R 1109402 JUN 74"):
        corpus = read(RECORD.replace("R 110940Z JUN 74", group))
        assert str(corpus.cables["sent"].item())[:16] == "1974-06-11 09:40", group
        assert corpus.addressees["post"].to_list() == ["OSLO", "STATE"]


def test_list_of_a_record_is_taken_where_the_message_cites_nothing():
    corpus = read(RECORD.replace("REF: STATE 118220\n", ""))
    assert corpus.references.select("target", "year_from", "start", "end").rows() == [
        ("73STATE118220", "attribute", 0, 0)
    ]


@pytest.mark.parametrize("end", ["\r", "\r\n", "\r\r\n"])
def test_line_ends_of_any_kind_end_lines(end):
    columns = ["cable", "subject", "tags", "paragraphs", "signed_by", "format", "sent"]
    whole_record = read(RECORD).cables.select(columns)
    assert read(RECORD.replace("\n", end)).cables.select(columns).equals(whole_record)
    in_memory = cl.parse(RECORD.replace("\n", end)).cables.select(columns)
    assert in_memory.equals(cl.parse(RECORD).cables.select(columns))


def test_record_in_memory_is_parsed_without_what_surrounds_its_message():

    corpus = cl.parse([RECORD, HEAD])
    assert corpus.ids.to_list() == ["74OSLO2119"]
    assert corpus.copies["source"].to_list() == ["text-1"]
    body = "\n".join(corpus.paragraphs["text"])
    assert not [word for word in ("ACTION", "DRAFTED", "Message", "Document") if word in body]


def test_record_without_text_tells_what_its_attributes_say():
    for text in (
        "",
        "Message Text\n\nMRN: 1974OSLO002119  ERROR READING TEXT INDEX FILE; TELEGRAM TEXT FOR THIS MRN IS UNAVAILABLE\n\n",
    ):
        corpus = read(text + ATTRIBUTES)
        [row] = corpus.cables.to_dicts()
        assert (row["cable"], row["text_held"], row["tags"], row["subject"]) == (
            "74OSLO2119",
            False,
            ["EFIS", "NO"],
            "FISH",
        )
        assert corpus.references["target"].to_list() == ["73STATE118220"]
        assert corpus.addressees.select("role", "post").rows() == [("from", "OSLO"), ("to", "STATE")]
        assert corpus.problems["code"].to_list() == ["no-text"]


def test_record_that_contradicts_its_message_is_told():
    corpus = read(RECORD.replace("TAGS: EFIS, NO\n To", "TAGS: EAIR\n To").replace("D740150", "D870150"))
    assert sorted(corpus.problems["code"]) == ["alien-record", "attributes-differ"]


def sections() -> list[str]:
    """One telegram whose three sections stand in records of their own."""
    top = HEAD.partition("E.O.")[0].replace("110940Z\n\n50", "{n:02} OF 03  110940Z\n\n50")
    top = top.replace("C O N F I D E N T I A L OSLO", "C O N F I D E N T I A L SECTION {n:02} OF 03 OSLO")
    head = "E.O. 11652: GDS\nTAGS: EFIS, NO\nSUBJECT: FISH\nREF: STATE 118220\n\n"
    bodies = [head + "1. CATCHES FELL.\n\n2. PRICES", "ROSE.\n\n3. NETS ARE DEAR.", "4. BOATS ARE CHEAP.\n\nBRANT"]
    return [
        f"Message Text\n\n\n{top.format(n=n)}{body}\n\nCONFIDENTIAL\n\nNNN\n\n\n{ATTRIBUTES}"
        for n, body in enumerate(bodies, 1)
    ]


def ingested(folder, tmp_path):
    from cablelab.ingest import ingest

    return ingest(folder, to=tmp_path / "corpus", workers=1, progress=False)


@pytest.mark.parametrize("way", ["read", "ingest"])
def test_sections_in_separate_records_are_one_cable(tmp_path, way):

    folder = tmp_path / "records"
    folder.mkdir()
    for number, record in enumerate(sections()):
        (folder / f"1974OSLO02119{f'-{number}' if number else ''}.txt").write_text(record)
    corpus = cl.read(folder) if way == "read" else ingested(folder, tmp_path)
    [row] = corpus.cables.to_dicts()
    assert (row["cable"], row["sections"], row["partial"], row["signed_by"], row["paragraphs"]) == (
        "74OSLO2119",
        3,
        False,
        "BRANT",
        4,
    )
    assert row["source"].endswith("1974OSLO02119.txt + 1974OSLO02119-1.txt + 1974OSLO02119-2.txt")
    told = [" ".join(text.split()) for text in corpus.paragraphs["text"]]
    assert told == ["1. CATCHES FELL.", "2. PRICES ROSE.", "3. NETS ARE DEAR.", "4. BOATS ARE CHEAP."]
    [text] = corpus.texts["text"]
    assert "".join(text[a:b] for a, b in corpus.spans.select("start", "end").rows()) == text
    assert text[corpus.references["start"].item() : corpus.references["end"].item()] == "STATE 118220"
    assert corpus.references.select("target", "year_from").rows() == [("73STATE118220", "attribute")]
    assert corpus.addressees.select("role", "post").rows() == [("from", "OSLO"), ("to", "STATE")]
    assert corpus.copies.select("preferred", "partial").rows() == [("74OSLO2119", True)] * 3


def test_cable_of_which_a_section_is_missing_is_partial(tmp_path):
    first, second, third = sections()
    for held in ([first, second], [first, third], [second, third], [third]):
        corpus = read("\n".join(held))
        [row] = corpus.cables.to_dicts()
        assert (row["cable"], row["partial"], row["sections"]) == ("74OSLO2119", True, 3)
        assert len(corpus.copies) == (len(held) if len(held) > 1 else 0)


def test_copies_that_hold_the_same_sections_are_not_joined():
    first, second, _ = sections()
    corpus = read("\n".join([first, first]))
    assert (len(corpus), len(corpus.copies), corpus.cables["paragraphs"].item()) == (1, 1, 2)
    again = read("\n".join([first, second, first]))
    assert (again.cables["paragraphs"].item(), len(again.copies)) == (3, 3)


def test_paper_document_is_no_telegram():
    corpus = read(ATTRIBUTES.replace("Type: TE", "Type: AG"))
    assert len(corpus) == 0
    assert corpus.problems["code"].to_list() == ["not-a-telegram"]


AIRGRAM = """UNCLASSIFIED
A-114
TO: DEPARTMENT OF STATE
INFO: AMCONSUL ALEXANDRIA
FROM: AMEMBASSY CAIRO
DATE: MARCH 28, 1975
SUBJECT: FISH MARKET
REF: STATE 12345
TAGS: EFIS, EG

1. CATCHES FELL.

2. PRICES ROSE.

BRANT
"""


def test_airgram_is_read_under_its_labels_and_its_number_makes_no_key():
    corpus = read(AIRGRAM)
    [row] = corpus.cables.to_dicts()
    assert row["cable"].startswith("unidentified-")
    assert (row["post"], row["year"], str(row["sent"])[:10], row["sent_from"]) == ("CAIRO", 1975, "1975-03-28", "page")
    assert (row["classification"], row["subject"], row["tags"], row["signed_by"]) == (
        "UNCLASSIFIED",
        "FISH MARKET",
        ["EFIS", "EG"],
        "BRANT",
    )
    assert corpus.references["target"].to_list() == ["75STATE12345"]
    assert corpus.addressees.select("role", "post").rows() == [("from", "CAIRO"), ("to", "STATE")]
    assert corpus.paragraphs["number"].to_list() == [1, 2]
    assert "airgram" in corpus.problems["code"].to_list()


def test_register_without_texts():
    rows = [
        [
            "https://example.org/?a=1&b=2",
            "11 JUN 1974",
            "1974OSLO02119",
            "D740150-0456",
            "OSLO",
            "FISH",
            "EFIS, NO",
            "STATE",
        ]
    ]
    corpus = read(table(["URL", "Draft Date", "Document Number", "Film Number", "From", "Subject", "TAGS", "To"], rows))
    [row] = corpus.cables.to_dicts()
    assert (row["cable"], row["film_number"], row["tags"], row["text_held"]) == (
        "74OSLO2119",
        "D740150-0456",
        ["EFIS", "NO"],
        False,
    )


# --- PlusD


def plusd_html(content: str, raw: str) -> str:
    return f"""<html><head><title>Cable: 1974OSLO02119_b</title></head><body><table id="synopsis">
<tr><td colspan="2">FISH</td></tr>
<tr><td><div class="s_key"><a>Date:</a></div><div class="s_val">1974 June 11, 09:40 (Tuesday)</div></td>
<td><div class="s_key"><a>Canonical ID:</a></div><div class="s_val">1974OSLO02119_b</div></td></tr>
<tr><td><div class="s_key"><a>Original Classification:</a></div><div class="s_val">CONFIDENTIAL</div></td></tr>
<tr><td><div class="s_key"><a>Office Action:</a></div><div class="s_val">ACTION EUR - Bureau</div></td></tr>
<tr><td><div class="s_key"><a>TAGS:</a></div><div class="s_val">EFIS - Fish | NO - Norway</div></td></tr></table>
<div class="pane-tab"><div class="pane-header">Content</div><div class="pane-content">{content}</div></div>
<div class="pane-tab"><div class="pane-header">Raw content</div><div class="pane-content"><div class="text-content">{raw}</div></div></div>
<div class="pane-tab"><div class="pane-header">Metadata</div><div class="pane-content"><div class="text-content">---
Document Number: 1974OSLO02119
Film Number: D740150-0456
</div></div></div><p>If the reference is ambiguous all possibilities are listed.</p></body></html>"""


@pytest.mark.parametrize("raw", [HEAD, ""])
def test_plusd_page_as_saved(raw):
    top, _, rest = HEAD.partition("\n\n1. ")
    content = f'<div class="text-header hidden">{top}</div><div id="showhide">Show&nbsp;Headers</div><div class="text-content">\n1. {rest}</div>'
    corpus = read(plusd_html(content, raw))
    [row] = corpus.cables.to_dicts()
    assert (row["cable"], row["paragraphs"], row["signed_by"], row["office"], row["film_number"]) == (
        "74OSLO2119", 2, "BRANT", "EUR", "D740150-0456",
    )  # fmt: skip
    assert corpus.problems.is_empty()


def test_plusd_page_without_text():
    [row] = read(plusd_html("", "")).cables.to_dicts()
    assert (row["cable"], row["text_held"], row["subject"], row["tags"]) == (
        "74OSLO2119",
        False,
        "FISH",
        ["EFIS", "NO"],
    )


def test_plusd_page_as_copied_with_the_button_amid_the_message():
    top, _, rest = HEAD.partition("REF: ")
    text = f"FISH\n\nDate:\n\n1974 June 11, 09:40 (Tuesday)\n\nCanonical ID:\n\n1974OSLO02119_b\n\nContent\n{top}Hide Headers\nREF: {rest}\nRaw content\n\nMetadata\n\nPrint\nShare"  # noqa: E501
    corpus = read(text)
    assert corpus.cables.select("cable", "paragraphs", "signed_by").row(0) == ("74OSLO2119", 2, "BRANT")
    assert corpus.references["target"].to_list() == ["74STATE118220"]


# --- SMART, mail, documents


SMART = """UNCLASSIFIED / SBU

MRN:          12 PORT KESTREL 345
Date/DTG:     Mar 02, 2012 / 021345Z MAR 12
From:         AMEMBASSY PORT KESTREL
Action:       WASHDC, SECSTATE ROUTINE
E.O.:         13526
TAGS:         EFIS, ETRD
Captions:     SENSITIVE
Reference:    A) 12 STATE 11002
              B) 11 LINDEN 912
Subject:      Fish are short
              again

1. (SBU) Summary: Fish are short. End summary.

2. (U) Prices rose.

Signature:    Whartle

Drafted By:       PORT KESTREL:Example, Jo
Cleared By:       POL:Sample, Ann
"""


def test_print_of_the_later_system():
    corpus = read(SMART + "\n\n" + SMART.replace(" 345", " 346"))
    assert corpus.ids.to_list() == ["12PORTKESTREL345", "12PORTKESTREL346"]
    [row, _] = corpus.cables.to_dicts()
    assert (f"{row['sent']:%Y-%m-%d %H:%M}", row["classification"], row["tags"]) == (
        "2012-03-02 13:45",
        "UNCLASSIFIED",
        ["EFIS", "ETRD"],
    )
    assert (row["subject"], row["signed_by"], row["paragraphs"]) == ("Fish are short again", "Whartle", 2)
    assert "Example" not in "".join(corpus.paragraphs["text"])


def mail(text: str, kind: str = "text/plain", encoding: str = "8bit") -> str:
    return f"From: a@example.org\nMessage-ID: <1@example.org>\nMIME-Version: 1.0\nContent-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n{text}"  # noqa: E501


def test_mail_in_any_dress():
    quoted = "Look at this.\n\nOn 5 Sep 2011, Desk wrote:\n" + "".join(f"> {line}\n" for line in TEXTS[0].split("\n"))
    markup = (
        "<html><body><p>Look.</p>"
        + "".join(f"<div>{line or '<br>'}</div>" for line in TEXTS[0].split("\n"))
        + "</body></html>"
    )
    encoded = base64.encodebytes(f"Look.\n\n{TEXTS[0]}\n\n-- \nJo Example\n".encode()).decode()
    for data in (
        mail(quoted),
        mail(quoted).replace("\n", "\r\n"),
        mail(markup, "text/html"),
        mail(encoded, encoding="base64"),
    ):
        whole(read(data), IDS[:1])


def test_mail_without_a_cable_is_one_row():
    assert read(mail("See you on Friday.")).problems["code"].to_list() == ["no-cable"]


def test_attached_cables_are_read():
    data = mail(f"--zz\nContent-Type: text/plain\n\nAs promised.\n--zz\nContent-Type: text/plain\nContent-Disposition: attachment; filename=\"a.txt\"\n\n{TEXTS[0]}\n--zz--\n",  # noqa: E501
                'multipart/mixed; boundary="zz"')  # fmt: skip
    whole(read(data), IDS[:1])


def test_rtf_is_read():
    pytest.importorskip("striprtf")
    body = "".join(f"{line}\\par\n" for line in TEXTS[0].split("\n"))
    whole(
        read("{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fmodern Courier New;}}\\f0\\fs20 " + body + "}"),
        IDS[:1],
    )


def test_word_document_is_read(tmp_path):
    docx = pytest.importorskip("docx")
    document = docx.Document()
    for line in TEXTS[0].split("\n"):
        document.add_paragraph(line)
    document.save(tmp_path / "a.docx")
    whole(cl.read(tmp_path), IDS[:1])


def test_word_page_has_a_paragraph_for_each_line():
    lines = "".join(
        f"<p class=MsoNormal><span lang=EN-US>{line or '<o:p>&nbsp;</o:p>'}</span></p>\n\n"
        for line in TEXTS[0].split("\n")
    )
    whole(read(f"<html><body>{lines}</body></html>"), IDS[:1])


def test_page_whose_line_ends_are_a_style_is_read():
    whole(read(f"<html><body><div class='x'>{TEXTS[0]}</div></body></html>"), IDS[:1])


def test_pdf_with_text_is_read_and_a_scan_is_refused():
    pytest.importorskip("pypdfium2")
    whole(read(pdf(TEXTS[0])), IDS[:1])
    [row] = read(pdf("")).problems.to_dicts()
    assert row["code"] == "scan"
    assert "images" in row["message"]


def pdf(text: str) -> bytes:
    """Write a PDF of one page, line by line."""
    lines = "".join(
        f"({line.replace(chr(92), '').replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj T*\n"
        for line in text.split("\n")
    )
    stream = f"BT /F1 9 Tf 11 TL 40 800 Td\n{lines}ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table_at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table_at)


def test_edited_telegrams_are_refused_by_name():
    tei = '<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0"><text><p>1. Fish fell.</p></text></TEI>'
    [row] = read(tei).problems.to_dicts()
    assert row["code"] == "edited-text"
    assert "Foreign Relations" in row["message"]


# --- archives and folders


def tarred(path: Path, mode: str) -> None:
    with tarfile.open(path, mode) as archive:
        for name, text in zip(IDS, TEXTS, strict=True):
            info = tarfile.TarInfo(f"in/{name}.txt")
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
        link = tarfile.TarInfo("in/link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_tar_and_its_kin(tmp_path, mode):
    tarred(tmp_path / "a.tar", mode)
    corpus = cl.read(tmp_path / "a.tar")
    whole(corpus)
    assert corpus.problems["code"].to_list() == ["link"]


def test_packed_files(tmp_path):
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(TEXTS[0].encode()))
    (tmp_path / "b.json.bz2").write_bytes(bz2.compress(json.dumps(RECORDS[1]).encode()))
    whole(cl.read(tmp_path))
    (tmp_path / "c.gz").write_bytes(gzip.compress(b" " * (1 << 29))[:400_000])
    assert "zip-b" in cl.read(tmp_path / "c.gz").problems["code"].item()


def test_names_in_a_zip_that_lead_out_of_it_are_read_in_place(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(f"..\\{IDS[0]}.txt", TEXTS[0])
        archive.writestr(f"..x/{IDS[1]}.txt", TEXTS[1])
    corpus = cl.read(tmp_path / "a.zip")
    whole(corpus)
    assert corpus.problems["code"].to_list() == ["zip-path"]


def test_what_systems_and_browsers_add_is_one_row(tmp_path):
    (tmp_path / "cable.htm").write_text(f"<html><body><pre>{TEXTS[0]}</pre></body></html>")
    (tmp_path / "cable_files").mkdir()
    for name in ("cable_files/a.css", "cable_files/b.js", "Thumbs.db", ".DS_Store"):
        (tmp_path / name).write_bytes(b"x")
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("a.txt", TEXTS[1])
        for name in ("__MACOSX/._a.txt", ".DS_Store", "Thumbs.db", "p_files/x.js", "p.html"):
            archive.writestr(name, "UNCLAS OSLO 000012\n\n1. Fish." if name == "p.html" else b"\0\5")
    corpus = cl.read(tmp_path)
    assert corpus.problems.filter(cl_code("left-out"))["source"].to_list() == [str(tmp_path / "z.zip"), str(tmp_path)]
    assert len(corpus) == 3


def cl_code(code: str):
    import polars as pl

    return pl.col("code") == code


def test_a_folder_of_hidden_files_says_so(tmp_path):
    (tmp_path / ".a.txt").write_text(TEXTS[0])
    [item] = captures(tmp_path)
    assert isinstance(item, Unreadable)
    assert item.code == "left-out"


def test_patterns_follow_no_links_and_end(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (inside / "a.txt").write_text(TEXTS[0])
    (outside / "b.txt").write_text(TEXTS[1])
    (inside / "away").symlink_to(outside)
    (inside / "c.txt").symlink_to(outside / "b.txt")
    for name in ("x", "y", "z"):
        (inside / name).symlink_to(".")
    for pattern in ("*", "**/*.txt", "**/*"):
        found = list(captures(str(inside / pattern)))
        assert [item.source for item in found if isinstance(item, Capture)] == [str(inside / "a.txt")]
        assert {item.code for item in found if isinstance(item, Unreadable)} == {"link"}


def test_a_file_that_became_a_pipe_does_not_wait(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXTS[0])
    found = captures(path)
    path.unlink()
    os.mkfifo(path)
    [item] = found
    assert isinstance(item, Unreadable)
    assert item.code == "unreadable-file"


# --- blocks of pages


def page(number: int, body: str) -> str:
    cells = "".join(
        f"<td>{cell}</td>"
        for cell in (f"07PORTKESTREL{number}", "2007-01-01 10:10", "2011-08-30 01:44", "UNCLASSIFIED", "Embassy")
    )
    return (
        f"<html><h3>Viewing cable 07PORTKESTREL{number}, FISH</h3><table class='cable'><tr>{cells}</tr></table>"
        f"<code><pre>R 010000Z JAN 07\nFM AMEMBASSY PORT KESTREL\n</pre></code>\n<code><pre>UNCLAS PORT KESTREL {number:06}\n\nSUBJECT: FISH\n\n{body}\n</pre></code></html>\n"  # noqa: E501
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("1. One fell.</pre></code><code><pre>2. THEN another.", "THEN"),
        ("1. One <pre>in</pre> AFTER it.", "AFTER"),
        ("1. One under <SOME and more> fell.", "<SOME and more>"),
    ],
)
def test_no_block_of_a_page_is_lost(body, words):
    [text] = read(page(1, body)).texts["text"]
    assert words in text


def test_pages_put_into_one_file():
    corpus = read(page(1, "1. One fell.") + page(2, "1. One rose."))
    assert corpus.ids.to_list() == ["07PORTKESTREL1", "07PORTKESTREL2"]
    assert corpus.problems.is_empty()


def test_block_without_marks_is_told():
    corpus = read(f"<html><body><pre>{TEXTS[0]}</pre><pre>words beside it</pre></body></html>")
    assert corpus.problems["code"].to_list() == ["text-left-out"]


def test_a_field_of_a_table_that_is_not_utf_8_is_read_as_the_text_is(tmp_path):
    head = b"URL,Draft Date,Document Number,Film Number,From,Subject,TAGS,To\r\n"
    row = b'"u?rid=1",03 JAN 1975,1975KESTRE00123,D750003-0456,KESTREL,"HARBOR BOARD","EWWT","ROME, S\xc3O PAULO, C\xd4TE"\r\n'
    (tmp_path / "list.csv").write_bytes(head + row)
    corpus = cl.read(tmp_path / "list.csv")
    assert "CÔTE" in " ".join(corpus.addressees["name"])
    assert "encoding" in corpus.problems["code"].to_list()
    (tmp_path / "half.jsonl").write_text('{"id": "07OSLO12", "origin": "Oslo", "subject": "a\\ud83db"}\n')
    assert cl.read(tmp_path / "half.jsonl").cables["subject"].to_list() == ["a\ufffdb"]
