"""Look for inputs that break the reading of cables, guided by coverage.

    python tests/fuzz/fuzz.py TARGET [--seconds 600] [--inputs FOLDER]

TARGET is `core` (texts), `captures` (the bytes of one file), or `archives` (zip files). Seeds are generated cables in
every form. An input that breaks a rule below is written to `tests/fuzz/found/`, where the test suite reads it from then on.
Needs atheris; `python tests/fuzz/fuzz.py TARGET --replay FILE ...` does not.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
import zipfile
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parents[1]))

FOUND = HERE / "found"
LONGEST = 1 << 14
SLOW = 1.5  # seconds of processor time for an input of at most LONGEST bytes; a usual one takes a thousandth
TIMES, ENOUGH = (
    50,
    100,
)  # an input may take so many times the median of the last inputs of its size, once so many were seen
NOTED = 0.2  # seconds below which that is the machine's doing
_times: dict[tuple[str, int], deque[float]] = defaultdict(lambda: deque(maxlen=500))
STEM = "07PORTKESTREL12"
WORDS = (
    "UNCLAS ", "C O N F I D E N T I A L ", "SECTION 01 OF 02 ", "SIPDIS", "E.O. 12958: DECL: ", "TAGS: ", "SUBJECT: ", "REF: A. ",
    "Classified By: ", "REASON: 1.4 (B)", "\n1. (C) ", "\n¶2. (U) ", "SUMMARY", "END SUMMARY", "COMMENT", "DE RUEHTA #3256 3371154",
    "ZNY CCCCC ZZH", "R 031154Z DEC 07", "FM AMEMBASSY ", "TO RUEHC/SECSTATE WASHDC ", "INFO ", "NNNN", "#3256", "PAGE 02 ", "PORT KESTREL 000012",
    "(NOTAL)", "AND PREVIOUS", "XXXXXXXXXXXX", "<pre>", "</pre>", "<code>", "<a href='", "&amp;", "&#10;", "&#x110000;", '","', '\\"', "\xef\xbb\xbf",
    "Message Text", "Message Attributes", "Reference ID", "Created", "Released",
)  # fmt: skip


def core(data: bytes) -> None:
    """A text is cut into spans that give it back, and all offsets lie in it."""
    from cablelab.message import parse

    text = data.decode("utf-8", "surrogateescape")
    message = parse(text)
    assert "".join(text[a:b] for a, b, _ in message.spans) == text, "characters are lost"
    assert all(before[1] == after[0] for before, after in pairwise(message.spans)), "spans are not in order"
    for p in message.paragraphs:
        assert 0 <= p.start < p.end <= len(text), "a paragraph lies outside the text"
    assert all(a.end <= b.start for a, b in pairwise(message.paragraphs)), "paragraphs overlap"
    for r in message.references:
        assert 0 <= r.start <= r.end <= len(text), "a reference lies outside the text"
    _frames([text])


def captures(data: bytes) -> None:
    """Whatever the bytes of a file are, they give captures or the reason why not."""
    from cablelab.capture import Unreadable, capture_bytes

    items = list(capture_bytes(data, "fuzz.txt", STEM))
    assert items, "neither a capture nor a reason"
    for item in items:
        if isinstance(item, Unreadable):
            assert item.code, "a reason without a code"
            assert item.message, "a reason without words"
        else:
            assert 0 <= item.start <= (len(item.text) if item.end is None else item.end) <= len(item.text)
    assert items == list(capture_bytes(data, "fuzz.txt", STEM)), "read twice, it reads differently"
    _add(items)


def archives(data: bytes) -> None:
    """A zip is read in place, however broken."""
    from cablelab.capture.collect import capture_stream

    _add(list(capture_stream(io.BytesIO(data), len(data), "fuzz.zip")))


def _frames(texts: list[str]) -> None:
    from cablelab.corpus import Corpus
    from cablelab.reading import parse

    corpus = parse([text.encode("utf-8", "replace").decode() for text in texts])
    assert isinstance(corpus, Corpus)
    assert corpus.cables.height + corpus.copies.height == len(texts), "a text is neither a cable nor a copy"


def _add(items: Iterable[object]) -> None:
    from cablelab.capture import Capture, Unreadable
    from cablelab.reading.rows import Batch
    from cablelab.reading.settle import settle

    batch, count = Batch(), 0
    for item in items:
        if isinstance(item, Capture):
            batch.add(item)
            count += 1
        else:
            assert isinstance(item, Unreadable)
            batch.refuse(item)
    frames = settle([batch.frames()])
    assert frames["cables"].height + frames["copies"].height == count, "a capture is neither a cable nor a copy"


TARGETS: dict[str, Callable[[bytes], None]] = {"core": core, "captures": captures, "archives": archives}


def check(target: str, data: bytes) -> None:
    """Assert what must hold for `data`, in bounded time."""
    began = time.process_time()
    TARGETS[target](data)
    seconds = time.process_time() - began
    assert seconds < SLOW or len(data) > LONGEST, f"{len(data)} bytes took {seconds:.1f} s"
    usual = _times[target, len(data).bit_length()]
    if len(usual) >= ENOUGH and seconds > NOTED:
        assert seconds < TIMES * median(usual), (
            f"{len(data)} bytes took {seconds:.2f} s, {median(usual):.4f} s are usual"
        )
    usual.append(seconds)


def seeds(target: str) -> list[bytes]:
    """Generate inputs from which to start."""
    from cablelab.samples import generate

    fiction = generate(60, 6, size=0.4)
    if target == "core":
        return [h.data for h in fiction.held if h.form in {"plain", "press", "cablegate-text"}]
    held = {h.form: h.data for h in fiction.held}
    if target == "captures":
        return list(held.values())
    out = []
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", method) as archive:
            for name in ("plain", "blog"):
                archive.writestr(f"{name}/../{STEM}.txt", held[name])
        out.append(packed.getvalue())
    return out


def main() -> None:
    """Read the command line and fuzz, or replay."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=list(TARGETS))
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--inputs", type=Path, help="folder in which inputs that reach new code are kept")
    parser.add_argument("--replay", type=Path, nargs="+", help="only check these files")
    chosen = parser.parse_args()
    if chosen.replay:
        for path in chosen.replay:
            check(chosen.target, path.read_bytes())
            print(f"{path}: passes")
        return
    atheris = import_module("atheris")  # not among what the tests need
    with atheris.instrument_imports(include=["cablelab"]):  # only what is imported in here tells what an input reached
        for name in ("message", "capture.collect", "reading.settle"):
            import_module(f"cablelab.{name}")

    FOUND.mkdir(exist_ok=True)
    with TemporaryDirectory() as temporary:
        inputs = chosen.inputs or Path(temporary, "inputs")
        inputs.mkdir(parents=True, exist_ok=True)
        for i, data in enumerate(seeds(chosen.target)):
            (inputs / f"seed-{i}").write_bytes(data[:LONGEST])
        words = Path(temporary, "words")
        escaped = ("".join(f"\\x{byte:02x}" for byte in word.encode("latin-1", "replace")) for word in WORDS)
        words.write_text("".join(f'"{word}"\n' for word in escaped))
        options = [f"-max_total_time={chosen.seconds}", f"-max_len={LONGEST}", f"-dict={words}"]
        # `check` asks for processor time; these go by the clock, and a busy machine is no finding
        options += ["-timeout=300", "-report_slow_units=300"]
        options += ["-len_control=0", f"-artifact_prefix={FOUND}/{chosen.target}-", "-print_final_stats=1", str(inputs)]
        atheris.Setup([sys.argv[0], *options], lambda data: check(chosen.target, data))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
