"""Whatever one source does, the others are read and it is a row of problems; no input takes more than linear time."""

from __future__ import annotations

import io
import random
import time
import zipfile

import pytest

import cablelab as cl
from cablelab.capture import cablegate, capture_bytes
from cablelab.capture.collect import capture_stream
from cablelab.ingest import ingest
from cablelab.message import core, parse
from cablelab.reading import rows

CABLE = "UNCLAS PORT KESTREL 000001\n\nSUBJECT: A\n\n1. Catches fell.\n"


def page(words: str) -> bytes:
    return f"<code><pre>UNCLAS PORT KESTREL 000009\n\n1. {words}\n</pre></code>".encode()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "07PORTKESTREL1.txt").write_text(CABLE)
    (tmp_path / "zz.txt").write_text(CABLE.replace("000001", "000002"))
    return tmp_path


@pytest.mark.parametrize("digits", ["9" * 4_301, "0" * 5_000 + "65", "x" + "f" * 9_000])
def test_number_that_no_character_has_is_a_sign_and_ends_nothing(folder, digits):
    (folder / "odd.html").write_bytes(page(f"fell &#{digits}; end"))
    read = cl.read(folder)
    assert read.cables.height == 3
    assert any("fell \ufffd end" in text for text in read.texts["text"])


@pytest.mark.parametrize(
    "error", [ValueError("no"), RecursionError(), KeyError("x"), ZeroDivisionError(), AssertionError()]
)
@pytest.mark.parametrize("where", ["page", "message", "zip"])
def test_source_on_which_the_reader_fails_is_a_row(folder, monkeypatch, error, where, tmp_path_factory):
    name = "odd.zip" if where == "zip" else "odd.html"
    if where == "zip":
        with zipfile.ZipFile(folder / name, "w") as packed:
            packed.writestr("a.html", page("fell"))
            packed.writestr("b.txt", CABLE.replace("000001", "000003"))
    else:
        (folder / name).write_bytes(page("fell"))

    def fail(*_):
        raise error

    real = rows.parse
    if where == "message":
        monkeypatch.setattr(rows, "parse", lambda text, *more: fail() if "000009" in text else real(text, *more))
    else:
        monkeypatch.setattr(cablegate, "read", fail)
    read = cl.read(folder)
    assert read.cables.height == 2 + (where == "zip")
    [row] = read.problems.filter(code="failed").iter_rows(named=True)
    assert name in row["source"]
    assert type(error).__name__ in row["message"]
    assert "Report it" in row["message"]
    ingested = ingest(folder, to=tmp_path_factory.mktemp("corpus") / "c", workers=1)
    assert ingested.problems.equals(read.problems)


def test_running_out_of_memory_is_not_blamed_on_a_source(folder, monkeypatch):
    def fail(*_):
        raise MemoryError

    monkeypatch.setattr(rows, "parse", fail)
    with pytest.raises(MemoryError):
        cl.read(folder)


def test_row_on_which_the_reader_fails_is_a_row(tmp_path, monkeypatch):
    from cablelab.capture import cables_csv

    line = '"{}","12/28/2006 18:48","06PORTKESTREL{}","Embassy Port Kestrel","UNCLASSIFIED","","","' + CABLE + '"\n'
    (tmp_path / "cables.csv").write_text("".join(line.format(n, n) for n in range(1, 4)))
    real = cables_csv.row_date
    seen = []

    def fail(written):
        seen.append(written)
        if len(seen) == 2:
            raise RuntimeError("odd")
        return real(written)

    monkeypatch.setattr(cables_csv, "row_date", fail)
    read = cl.read(tmp_path)
    assert read.cables.height == 2
    [row] = read.problems.filter(code="failed").iter_rows(named=True)
    assert row["source"].endswith("cables.csv#2")


def test_half_of_a_character_is_a_sign_and_a_row():
    read = cl.parse([CABLE, CABLE.replace("1. C", "1. \ud800C")])
    assert read.texts.height == 2
    assert "1. \ufffdCatches" in read.texts["text"][1]
    assert "encoding" in read.problems["code"].to_list()


# ---- time ---------------------------------------------------------------------------------------------------------------------------


def _took(run) -> int:
    least = 1 << 62
    for _ in range(3):
        began = time.process_time_ns()
        run()
        least = min(least, time.process_time_ns() - began)
    return least


def _cells(n):
    data = ("<table class='cable'><tr>" + "<td>" * n + f"</table><code><pre>{CABLE}</pre></code>").encode()
    return lambda: list(capture_bytes(data, "x", None))


def _nested(tag, closed=True):
    def make(n):
        data = ("<html><body>" + f"<{tag}>" * n + CABLE + f"</{tag}>" * (n * closed)).encode()
        return lambda: list(capture_bytes(data, "x", None))

    return make


def _line(line):
    def make(n):
        text = CABLE.replace("1. C", f"1. B\n{line(n)}\n\n2. C")
        return lambda: parse(text)

    return make


def _zip_in_zip(n):
    chance, inner, outer = random.Random(1), io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as packed:
        for i in reversed(range(n // 20)):
            packed.writestr(f"{i:05}.txt", CABLE + "".join(chance.choice("abcdefgh ") for _ in range(6_000)))
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("in.zip", inner.getvalue())
    data = outer.getvalue()
    return lambda: list(capture_stream(io.BytesIO(data), len(data), "x.zip"))


GROWING = {
    "cells never closed": _cells,
    "nested elements": _nested("div"),
    "nested elements never closed": _nested("section", closed=False),
    "nested spans": _nested("span"),
    "a fence before a letter": _line(lambda n: "-" * n + "X"),
    "a fence of several signs before a letter": _line(lambda n: "-=" * n + "\n" + "_ " * n + "x"),
    "stars before a heading": _line(lambda n: "*" * n + " HEADING\n" + "*" * n),
    "fences about words": _line(lambda n: f"Fell. {'-' * n} BOATS {'- ' * n} THE SOCIETY {'=' * n}"),
    "blanks": _line(lambda n: "fell" + " " * n + "."),
    "brackets": _line(lambda n: "(" * n + "C" + ")" * n),
    "captions on a classification line": lambda n: lambda: parse("TOP SECRET " + "NOFORN " * (n // 4) + "\n\n" + CABLE),
    "blanks above a classification line": lambda n: lambda: parse(" " * n + "\nUNCLAS PORT KESTREL 000012\n"),
    "blank lines": lambda n: lambda: parse(CABLE + "B1" + "\n\n " * n + "2. So be it."),
    "blanks before codes": lambda n: lambda: parse(CABLE + "B1" + " " * n + "so.\n2. It ended   B1"),
    "zip in zip, last name first": _zip_in_zip,
}


@pytest.mark.parametrize("kind", GROWING)
def test_time_grows_with_the_length(kind):
    """Eight times the length may take twelve times as long; the least of three measures, and a second trial for a busy machine."""
    small, large = GROWING[kind](2_500), GROWING[kind](20_000)
    assert any(_took(large) < 12 * max(_took(small), 200_000) for _ in range(3))


@pytest.mark.parametrize("dashes", range(24, 60, 4))
def test_two_fenced_headings_on_a_line_end(dashes):
    line = (
        f"1. (U) Catches fell near the quay. {'-' * dashes} --- BOATS {'-' * dashes} --- The Harbour Society {'-' * 40}"
    )
    message = parse(f"{CABLE.partition('1. ')[0]}{line}\n\n2. (U) It reopened.\n")
    assert [p.number for p in message.paragraphs] == [1, 2]
    assert core.parse is parse
