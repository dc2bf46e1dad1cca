"""Ids: one reader, one writer, one pivot."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cablelab as cl
from cablelab import ids
from cablelab.corpus import normal_id

PACKAGE = Path(__file__).resolve().parents[1] / "cablelab"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("07ASTANA3256", "07ASTANA3256"),
        ("07 Astana 03256", "07ASTANA3256"),
        ("07 ST. PETERSBURG 12", "07STPETERSBURG12"),
        ("2007st petersburg12", "07STPETERSBURG12"),
        ("2007 PORT-AU-PRINCE 0012", "07PORTAUPRINCE12"),
        ("07 N'DJAMENA 7", "07NDJAMENA7"),
        ("1979MEXICO 12752", "79MEXICO12752"),
        ("1974KA-BUL07553", "74KABUL7553"),
        ("1975OSLO00599_b", "75OSLO599"),
        ("07-Oslo-12", "07OSLO12"),
        ("07_OSLO_12", "07OSLO12"),
        ("(07) OSLO 12", "07OSLO12"),
        ("'75 OSLO 12", "75OSLO12"),
        ("7575LIBREVILLE1895", "75LIBREVILLE1895"),
        ("2009EFTOLONDON2521", "09LONDON2521"),
        ("09EFTOLONDON2521", "09LONDON2521"),
        ("09 EFTO LONDON 2521", "09LONDON2521"),
        ("08SECTION01OF03CAIRO1416", "08CAIRO1416"),
        ("08 SECTION 01 OF 03 CAIRO 001416", "08CAIRO1416"),
        ("09AMEMBASSYHANOI1284", "09HANOI1284"),
        ("06MADRID002583ZFR2585", "06MADRID2583"),
        ("08ACCRA001382SUSPECTEDDUPLICATE1392", "08ACCRA1382"),
        ("90STATE255577TOSEC140323", "90STATE255577"),
        ("61SAIGON488", "61SAIGON488"),
    ],
)
def test_every_spelling_gives_the_key(text, key):
    assert str(ids.read(text)) == normal_id(text) == key


@pytest.mark.parametrize(
    "text",
    ["", "07", "OSLO 12", "092OF5", "07OSLO", "07OSLO0", "07OSLO12/1", "07 OSLO 12 13", "07OSLO12345678", "2007-03-01 OSLO 12",
     "unidentified-0123456789ab", "07XY12", "2207OSLO12", "07OSLO12 and 07OSLO13", "07OSLO12(1)", "٠٧OSLO12", "07" + "OSLO" * 40 + "12"],
)  # fmt: skip
def test_what_is_no_id_as_a_whole_stays_as_it_is(text):
    assert ids.read(text) is None
    assert normal_id(f" {text} ") == text


def test_two_digits_mean_the_same_century_everywhere():
    assert {year: ids.full_year(year % 100) for year in range(1950, 2050)} == {y: y for y in range(1950, 2050)}
    assert ids.read("66OSLO1") == ids.Id(1966, "OSLO", 1)
    assert ids.read("49OSLO1") == ids.Id(2049, "OSLO", 1)


@given(st.integers(1950, 2049), st.from_regex(r"[A-Z]{3,17}", fullmatch=True), st.integers(1, 9_999_999))
def test_what_is_written_is_read_again(year, post, number):
    key = ids.written(year, post, number)
    if not re.search("SECTION|ECTION|EFTO|FOUO|NOFORN|AMEMBASSY|AMCONSUL|USMISSION", post):
        assert ids.read(key) == ids.Id(year, post, number)
    frame = pl.DataFrame({"year": [year], "post": [post], "number": [number]})
    assert frame.select(ids.written_of(pl.col("year"), pl.col("post"), pl.col("number"))).item() == key
    assert ids.apart(pl.Series([key])).row(0) == (f"{year % 100:02d}", post, str(number))


@given(st.text(max_size=40) | st.from_regex(r"[0-9]{0,5}[A-Z .'_-]{0,20}[0-9]{0,9}", fullmatch=True))
def test_any_text_is_read_or_left(text):
    found = ids.read(text)
    assert found is None or ids.read(str(found)) in {found, None}
    assert found is not None or normal_id(text) == text.strip()


def test_a_file_name_of_several_words_is_no_id_unless_it_names_a_post(tmp_path):
    text = "1. Catches fell. The harbour was closed for a day, and the fleet stayed in.\n"
    for name in ("2010-annual-report-12", "2007 port-au-prince 12"):
        (tmp_path / f"{name}.txt").write_text(f"UNCLAS\n\nSUBJECT: {name}\n\n{text}")
    keys = dict(cl.read(tmp_path).cables.select("subject", "cable").iter_rows())
    assert keys["2007 port-au-prince 12"] == "07PORTAUPRINCE12"
    assert keys["2010-annual-report-12"].startswith("unidentified-")


def test_nobody_else_reads_or_writes_ids():
    """A century or a key that is put together elsewhere would disagree one day."""
    own = re.compile(r"% ?100:02d|\+ ?\(?1900|1900 ?\+|\\d\\d\)\(\[A-Z\]")
    found = [
        f"{path.relative_to(PACKAGE)}: {line.strip()}"
        for path in PACKAGE.rglob("*.py")
        if path.name != "ids.py"
        and path.parent.name != "samples"  # the generator is not to share the faults of the reader
        for line in path.read_text("utf-8").splitlines()
        if own.search(line)
    ]
    assert found == []
