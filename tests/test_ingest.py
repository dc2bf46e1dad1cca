"""Ingest: the same frames as reading, whatever the workers, and nothing lost or half-written however it ends."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import polars as pl
import pytest
from test_capture_forms import sections

from cablelab import facts
from cablelab.chaining import chains
from cablelab.corpus import open as open_corpus
from cablelab.errors import FolderInUse, IngestStopped, NotACorpus, NothingToRead, UnfitExecutor
from cablelab.frames import NAMES
from cablelab.ingest import Progress, batches, ingest, joining, work
from cablelab.reading import read
from cablelab.samples import add_facts, generate
from cablelab.samples.telegrams import earlier, write
from cablelab.storage import MANIFEST, manifest, verify
from cablelab.storage.folders import LOCK

resource = pytest.importorskip("resource", reason="limits of a process and its ends are those of POSIX")

ROOT = Path(__file__).resolve().parents[1]
RUN = """
import sys
from cablelab.ingest import batches, ingest
from cablelab.samples import add_facts
batches.BYTES, batches.FILES = 30_000, 12
add_facts()
if __name__ == "__main__":
    ingest(sys.argv[1], to=sys.argv[2], workers=int(sys.argv[3]), progress=False)
"""

SLOW = """
import sys, time
from cablelab.ingest import batches, ingest, work
from cablelab.samples import add_facts
batches.BYTES, batches.FILES = 30_000, 12
add_facts()
read = work.captures_of
def slowly(task):
    if __name__ == "__mp_main__" and task.items[0].name > "f":
        time.sleep(600)
    yield from read(task)
work.captures_of = slowly
if __name__ == "__main__":
    ingest(sys.argv[1], to=sys.argv[2], workers=2, progress=False)
"""


@pytest.fixture(autouse=True)
def _invented_posts():
    before = facts.snapshot()
    add_facts()
    yield
    facts.restore(before)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    monkeypatch.setattr(batches, "BYTES", 60_000)
    monkeypatch.setattr(batches, "FILES", 25)


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> Path:
    return generate(120, 11).write(tmp_path_factory.mktemp("sources"))


def same(one, other) -> None:
    for name in NAMES:
        a, b = one.frame(name), other.frame(name)
        assert a.schema == b.schema, name
        assert a.equals(b, null_equal=True), name


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def start(sources: Path, to: Path, workers: int = 1, **options) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", RUN, str(sources), str(to), str(workers)]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, **options)


def test_equals_reading_with_one_worker_and_with_two(sources, tmp_path):
    expected = read(sources, progress=False)
    assert expected.copies.height
    assert expected.problems.height
    told: list[Progress] = []
    same(ingest(sources, to=tmp_path / "one", workers=1, progress=told.append), expected)
    same(ingest(sources, to=tmp_path / "two", workers=2), expected)
    assert files(tmp_path / "one") == files(tmp_path / "two")
    verify(tmp_path / "one")
    assert not (tmp_path / "one" / ".ingest").exists()
    last = told[-1]
    assert len(told) == last.batches == last.batches_in_all > 4
    assert last.bytes == last.bytes_in_all == sum(p.stat().st_size for p in sources.rglob("*") if p.is_file())
    assert last.copies == expected.cables.height + expected.copies.height
    assert last.rate > 0
    assert last.left == 0
    assert told[0].left > 0


class Backwards(ThreadPoolExecutor):
    """Starts what it is given last first, once nothing more comes for a moment."""

    def __init__(self) -> None:
        super().__init__(1)
        self.waiting: list[tuple[Future, object, tuple]] = []

    def submit(self, function, /, *arguments, **named):
        future: Future = Future()
        self.waiting.append((future, function, arguments))
        super().submit(self.run, len(self.waiting))
        return future

    def run(self, count: int) -> None:
        time.sleep(0.05)
        if len(self.waiting) != count:
            return
        while self.waiting:
            future, function, arguments = self.waiting.pop()
            future.set_result(function(*arguments))


def test_takes_any_executor_and_order_does_not_matter(sources, tmp_path):
    expected = read(sources, progress=False)
    with Backwards() as executor:
        same(ingest(sources, to=tmp_path / "corpus", executor=executor), expected)


def rows(count: int, seed: int = 3) -> str:
    """CSV rows whose bodies hold quotes, line ends and what looks like another row."""
    rng = random.Random(seed)
    lines = []
    for n in range(1, count + 1):
        body = "\n".join(
            rng.choice(
                (
                    '1. (U) Catches fell. He said \\"enough\\".',
                    '\\"12\\",\\"3/4/2005 10:00\\",\\"no row\\"',
                    "",
                    "   7. Trailing words \\\\ and a comma, too",
                    "ümläute ¶ 2.",
                )
            )
            for _ in range(rng.randrange(2, 30))
        )
        text = f"UNCLAS PORT KESTREL {n:06d}\n\nSUBJECT: FISH {n}\n\n{body}\n\nBRANT"
        lines.append(
            f'"{n}","{n % 12 + 1}/4/2005 10:00","05PORTKESTREL{n}","Embassy","UNCLASSIFIED","","VZCZC","{text}"'
        )
    return "\n".join(lines) + "\n"


def test_csv_is_cut_only_where_rows_open(tmp_path):
    path = tmp_path / "cables.csv"
    path.write_bytes(rows(400).encode())
    tasks = batches.plan([path], facts.snapshot())
    assert len(tasks) > 3
    assert [t.start for t in tasks[1:]] == [t.end for t in tasks[:-1]]
    data = path.read_bytes()
    assert all(data[t.start : t.start + 1] == b'"' and data[t.start - 1 : t.start] == b"\n" for t in tasks[1:])
    expected = read(path, progress=False)
    assert expected.cables["source"].str.ends_with("#400").any()
    same(ingest(path, to=tmp_path / "corpus", workers=1), expected)


def test_csv_with_header_bad_rows_and_open_quotes_is_read_as_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("cablelab.capture.collect.AT_ONCE", 4096)  # read it as a large file is
    lines = rows(150).replace("\r", "").split('\n"')
    rng = random.Random(5)
    for n in rng.sample(range(2, 140), 20):
        lines[n] = lines[n].rstrip('"')  # its last quote is missing
    for n in rng.sample(range(2, 140), 20):
        lines[n] = f'{lines[n]}\n\n"{n}","1/1/2005 1:00","three columns"'
    bad = "".join(f'"{n}","1/1/2005 1:00","short"\n' for n in range(1_000, 1_130))
    head = '"id","date","cable","origin","classification","refs","header","body"\n'
    path = tmp_path / "cables.csv"
    path.write_bytes(
        b"\xef\xbb\xbf" + (head + '\n"'.join(lines) + bad + rows(150, 9)).encode() + b'"9","1/1/2005 1:00",\xff'
    )
    expected = read(path, progress=False)
    assert expected.problems.filter(pl.col("message").str.contains("further rows")).height == 1
    assert len(batches.plan([path], facts.snapshot())) > 2
    same(ingest(path, to=tmp_path / "corpus", workers=1), expected)


def test_csv_without_quoted_numbers_stays_whole(tmp_path):
    path = tmp_path / "cables.csv"
    path.write_text(rows(300).replace('\n"', "\n").removeprefix('"').replace('","', ',"', 1), "utf-8")
    assert len(batches.plan([path], facts.snapshot())) == 1


def test_pieces_of_one_large_source_are_numbered_through(sources, tmp_path, monkeypatch):
    monkeypatch.setattr(work, "COPIES", 7)
    monkeypatch.setattr(work, "PIECE", 20)
    packed = generate(90, 4).write_zip(tmp_path / "cables.zip")
    same(ingest(packed, to=tmp_path / "corpus", workers=1), read(packed, progress=False))


def test_what_is_settled_piece_by_piece_is_what_is_settled_at_once(sources, tmp_path, monkeypatch):
    """Copies, sections held apart, inferred ids, ids of no one and lost rows lie in other pieces than what settles them."""
    monkeypatch.setattr(joining, "PIECE", 9)
    monkeypatch.setattr(batches, "BYTES", 8_000)
    folder = tmp_path / "mixed"
    for name in ("a", "z"):
        write(earlier(40), "json-lines", folder / name)
    write(earlier(40), "record", folder / "m")
    for number, record in enumerate(sections()):
        (folder / "amz"[number] / f"1974OSLO02119{f'-{number}' if number else ''}.txt").write_text(record)
    (folder / "a" / "undated.txt").write_text("UNCLAS STOCKHOLM 000007\n\nREF: OSLO 99\n\n1. Nets were mended.\n")
    (folder / "z" / "citing.txt").write_text(
        "R 010900Z MAR 07\nFM AMEMBASSY OSLO\n\nUNCLAS OSLO 000012\n\nREF: STOCKHOLM 7\n\n1. So.\n"
    )
    (folder / "m" / "nobody.txt").write_text("UNCLAS\n\nSUBJECT: NETS\n\n1. Nobody signed this.\n")
    for number in (1, 2):
        (folder / f"rows{number}.csv").write_text(rows(60, number) + "7,no cable\n" * 150)
    expected = read(folder, progress=False)
    same(ingest(folder, to=tmp_path / "corpus", workers=1, progress=False), expected)
    assert len([part for part in manifest(tmp_path / "corpus") if part.frame == "cables"]) > 9
    assert {"inferred", "none"} <= set(expected.cables["cable_from"].cast(pl.String))
    assert expected.cables.filter(pl.col("source").str.contains(" + ", literal=True)).height == 1
    assert {"another-copy", "unidentified"} <= set(expected.problems["code"])
    assert expected.problems["message"].str.contains("further records|further rows").any()


def test_second_run_opens_what_is_there_and_a_change_is_seen(sources, tmp_path, monkeypatch):
    ingest(sources, to=tmp_path / "corpus", workers=1)
    before = (tmp_path / "corpus" / MANIFEST).stat().st_mtime_ns
    with monkeypatch.context() as patched:
        patched.setattr("cablelab.ingest.read_task", None)
        ingest(sources, to=tmp_path / "corpus", workers=1)
    assert (tmp_path / "corpus" / MANIFEST).stat().st_mtime_ns == before
    more = generate(60, 12).write(tmp_path / "more")
    new = ingest(sources, more, to=tmp_path / "corpus", workers=1)
    same(new, read(sources, more, progress=False))
    listed = {part["file"] for part in json.loads((tmp_path / "corpus" / MANIFEST).read_bytes())["parts"]}
    assert {p.name for p in (tmp_path / "corpus").glob("*.parquet")} == listed


def test_finished_batches_are_taken_over(sources, tmp_path, monkeypatch):
    real, seen = work.read_task, []

    def failing(home, raw, task, additions):
        if len(seen) == 3:
            raise OSError(28, "No space left on device")
        seen.append(task.key)
        return real(home, raw, task, additions)

    to = tmp_path / "corpus"
    with monkeypatch.context() as patched:
        patched.setattr("cablelab.ingest.read_task", failing)
        with pytest.raises(IngestStopped, match=r"after 3 of .*No space left.*goes on"):
            ingest(sources, to=to, workers=1)
    with pytest.raises(NotACorpus):
        open_corpus(to)
    again = []

    def counting(home, raw, task, additions):
        again.append(task.key)
        return real(home, raw, task, additions)

    monkeypatch.setattr("cablelab.ingest.read_task", counting)
    same(ingest(sources, to=to, workers=1), read(sources, progress=False))
    assert not set(again) & set(seen)
    assert set(again) | set(seen) == {t.key for t in batches.plan([sources], facts.snapshot())}


def test_other_facts_are_another_batch(sources):
    with facts.added(posts=[{"code": "ZENDA", "mission": "Ruritania"}]):
        other = {t.key for t in batches.plan([sources], facts.snapshot())}
    assert not other & {t.key for t in batches.plan([sources], facts.snapshot())}


@pytest.mark.parametrize("limit", [1_000, 8_000, 20_000])
def test_full_disk_keeps_the_old_corpus(sources, tmp_path, limit):
    to = tmp_path / "corpus"
    old = ingest(generate(20, 2).write(tmp_path / "old"), to=to, workers=1)
    expected = {name: old.frame(name) for name in NAMES}
    before = {name: data for name, data in files(to).items() if name.endswith((".parquet", MANIFEST))}

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    process = start(sources, to, preexec_fn=no_room)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert b"IngestStopped: Stopped after" in said
    after = files(to)
    assert {name: after[name] for name in before} == before
    verify(to)
    now = open_corpus(to)
    assert all(now.frame(name).equals(frame) for name, frame in expected.items())
    assert not [name for name in after if name.endswith(".tmp")]
    same(ingest(sources, to=to, workers=1), read(sources, progress=False))


def test_killed_at_any_moment_it_goes_on(sources, tmp_path):
    to, expected = tmp_path / "corpus", read(sources, progress=False)
    rng = random.Random(8)
    began = time.monotonic()
    process = start(sources, to)
    while not (to / ".ingest").is_dir():
        time.sleep(0.005)
        assert time.monotonic() - began < 30
    for _ in range(5):
        time.sleep(rng.uniform(0, 0.25))
        process.kill()
        process.communicate()
        finished = {p.name for p in (to / ".ingest").glob("*.json") if p.name != "placed.json"}
        if not (to / MANIFEST).exists():
            with pytest.raises(NotACorpus):
                open_corpus(to)
        else:
            same(open_corpus(to), expected)
        process = start(sources, to)
        while process.poll() is None and not (to / ".ingest").is_dir():
            time.sleep(0.005)
        kept = {p.name for p in (to / ".ingest").glob("*.json")}
        assert finished <= kept or (to / MANIFEST).exists()
        time.sleep(0.4)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    same(open_corpus(to), expected)
    assert not (to / ".ingest").exists()
    listed = {part["file"] for part in json.loads((to / MANIFEST).read_bytes())["parts"]}
    assert {p.name for p in to.glob("*.parquet")} == listed


def test_dead_worker_is_told_and_finished_batches_stay(sources, tmp_path):
    to = tmp_path / "corpus"

    def kill_one(progress: Progress) -> None:
        if progress.batches == 2:
            import multiprocessing

            os.kill(multiprocessing.active_children()[0].pid, signal.SIGKILL)

    batches.FILES = 5
    with pytest.raises(IngestStopped, match="worker process ended"):
        ingest(sources, to=to, workers=2, progress=kill_one)
    assert len(list((to / ".ingest").glob("*.json"))) >= 2
    same(ingest(sources, to=to, workers=1), read(sources, progress=False))


def interrupted(sources: Path, to: Path, after: int) -> None:
    """Interrupt an ingest once so many batches are finished."""

    def interrupt(progress: Progress) -> None:
        if progress.batches == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(sources, to=to, workers=1, progress=interrupt)


def test_interrupt_ends_the_run_and_keeps_what_is_finished(sources, tmp_path):
    to = tmp_path / "corpus"
    interrupted(sources, to, 2)
    assert len(list((to / ".ingest").glob("*.json"))) == 2
    same(ingest(sources, to=to, workers=1), read(sources, progress=False))


def test_bad_files_are_problems_and_names_stay_inside(tmp_path):
    root = tmp_path / "source"
    root.mkdir()
    (root / "07PORTKESTREL12.txt").write_text("UNCLAS PORT KESTREL 000012\n\n1. Catches fell.")
    (root / "empty.txt").write_bytes(b"")
    (root / "noise.bin").write_bytes(bytes(range(256)) * 20)
    (root / "link.txt").symlink_to("/etc/passwd")
    for name in ("..%2f..%2fescape.txt", "a\nb.txt", "-rf *.txt", "<img src=x onerror=alert(1)>.txt", "$(touch x).txt"):
        (root / name).write_text(f"UNCLAS PORT KESTREL 0000{len(name)}\n\n1. Catches fell.")
    (root / os.fsdecode(b"\xff\xfe.txt")).write_text("UNCLAS PORT KESTREL 000099\n\n1. Catches fell.")
    before = {p for p in tmp_path.rglob("*") if p != root}
    to = tmp_path / "corpus"
    corpus = ingest(root, to=to, workers=1)
    same(corpus, read(root, progress=False))
    assert set(corpus.problems["code"]) >= {"empty", "link", "binary"}
    assert corpus.cables.height == 6
    made = {p for p in tmp_path.rglob("*") if p != root} - before
    assert all(p == to or p.parent == to for p in made)
    assert all(p.name in {MANIFEST, ".sources.json", LOCK} or p.suffix == ".parquet" for p in made if p.is_file())


def test_nothing_to_read_leaves_the_old_corpus(tmp_path):
    good = tmp_path / "07PORTKESTREL12.txt"
    good.write_text("UNCLAS PORT KESTREL 000012\n\n1. Catches fell.")
    to = tmp_path / "corpus"
    ingest(good, to=to)
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    with pytest.raises(NothingToRead, match=r"No cable was found.*empty"):
        ingest(empty, to=to)
    assert open_corpus(to).ids.to_list() == ["07PORTKESTREL12"]
    with pytest.raises(NothingToRead):
        ingest(tmp_path / "absent", to=to)


def test_foreign_manifest_is_refused_before_reading(sources, tmp_path):
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / MANIFEST).write_text('{"name": "app"}')
    with pytest.raises(NotACorpus, match="already holds"):
        ingest(sources, to=tmp_path / "web", workers=1)
    assert files(tmp_path / "web") == {MANIFEST: b'{"name": "app"}'}


def test_workers_end_with_a_killed_parent(sources, tmp_path):
    process = start(sources, tmp_path / "corpus", workers=2, start_new_session=True)
    while not list((tmp_path / "corpus" / ".ingest").glob("*.json")):
        time.sleep(0.01)
        assert process.poll() is None
    process.kill()
    # standard error is shared with the workers: it ends when the last of them has
    process.communicate(timeout=20)
    same(ingest(sources, to=tmp_path / "corpus", workers=1), read(sources, progress=False))


def test_corpus_among_its_sources_is_no_source(tmp_path):
    sources = generate(30, 5).write(tmp_path / "sources")
    expected = read(sources, progress=False)
    for _ in range(2):
        same(ingest(sources, to=sources / "corpus", workers=1), expected)


def test_damaged_corpus_is_made_anew(tmp_path):
    sources = generate(30, 5).write(tmp_path / "sources")
    expected = ingest(sources, to=tmp_path / "corpus", workers=1)
    frames = {name: expected.frame(name) for name in NAMES}
    next((tmp_path / "corpus").glob("spans-*")).write_bytes(b"short")
    again = ingest(sources, to=tmp_path / "corpus", workers=1)
    assert all(again.frame(name).equals(frame) for name, frame in frames.items())
    verify(tmp_path / "corpus")


def test_nothing_is_written_through_a_link(sources, tmp_path):
    outside, to = tmp_path / "outside", tmp_path / "corpus"
    outside.mkdir()
    to.mkdir()
    (to / ".ingest").symlink_to(outside)
    with pytest.raises(IngestStopped, match="is a link"):
        ingest(sources, to=to, workers=1)
    with pytest.raises(IngestStopped, match="is a link"):
        ingest(sources, to=to, workers=1, resume=False)
    assert not list(outside.iterdir())


def test_batch_with_a_damaged_record_or_part_is_read_again(sources, tmp_path):
    to = tmp_path / "corpus"
    interrupted(sources, to, 4)
    one, other, third, _ = sorted((to / ".ingest").glob("*.json"))
    one.write_text('{"pieces": [{}]}')
    other.write_bytes(b"{")
    part = json.loads(third.read_bytes())["pieces"][0]["wide"]["texts"]["file"]
    (to / part).write_bytes(b"PAR1")
    told: list[Progress] = []
    same(ingest(sources, to=to, workers=1, progress=told.append), read(sources, progress=False))
    assert len(told) == told[-1].batches_in_all - 1


HOLD = """
import sys, time
from pathlib import Path
from cablelab.storage.folders import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_two_at_once_are_refused_and_a_killed_one_is_not_waited_for(sources, tmp_path):
    to = tmp_path / "corpus"
    command = [sys.executable, "-c", HOLD, str(to)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout.readline() == b"held\n"
            with pytest.raises(FolderInUse, match="Wait until"):
                ingest(sources, to=to, workers=1)
            with pytest.raises(FolderInUse, match="another folder"):
                read(sources, progress=False).save(to)
            assert files(to) == {LOCK: b""}
        finally:
            process.kill()
    expected = read(sources, progress=False)
    same(ingest(sources, to=to, workers=1), expected)
    expected.save(to)


def test_what_killed_runs_left_is_swept_and_nothing_else(sources, tmp_path):
    to = tmp_path / "corpus"
    (to / "cables-0123456789abcdef.parquet").mkdir(parents=True)  # a folder is not ours, whatever its name
    digest = hashlib.sha256(b"x").hexdigest()[:16]  # parts are named after what they hold
    orphans = [f"{name}-{digest}.parquet" for name in NAMES if name != "cables"]
    orphans += [f".{name}-{'a' * 32}.tmp" for name in (*NAMES, "manifest")]
    mine = [
        "notes.txt",
        "cables.parquet",
        "cables-2007.parquet",
        f"texts-{'0' * 16}.parquet",
        f"posts-{'0' * 16}.parquet",
        ".mine.tmp",
        ".cables-1.tmp",
    ]
    for name in (*orphans, *mine):
        (to / name).write_bytes(b"x")
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    ingest(sources, to=to, workers=1)
    left = set(files(to)) - {part.file for part in manifest(to)}
    assert left == {*mine, MANIFEST, ".sources.json", LOCK}
    with pytest.raises(NothingToRead):
        ingest(empty, to=to, workers=1)
    assert set(files(to)) - {part.file for part in manifest(to)} == left
    verify(to)


def test_what_a_stopped_run_wrote_is_swept_by_the_next_save(sources, tmp_path):
    def interrupt(progress: Progress) -> None:
        if progress.batches == 3:
            raise KeyboardInterrupt

    to = tmp_path / "corpus"
    with pytest.raises(KeyboardInterrupt):
        ingest(sources, to=to, workers=1, progress=interrupt)
    assert list(to.glob("texts-*.parquet"))
    read(sources, progress=False).save(to)
    assert {p.name for p in to.glob("*.parquet")} == {part.file for part in manifest(to)}
    # its records are void now, and the batches are read again
    same(ingest(sources, to=to, workers=1), read(sources, progress=False))


def test_less_is_read_in_smaller_batches_so_that_workers_share_it(sources, monkeypatch):
    one = generate(300, 5).write(sources.parent / "shared")
    monkeypatch.setattr(batches, "BYTES", 1 << 30)
    monkeypatch.setattr(batches, "FILES", 1 << 12)
    count = sum(path.is_file() for path in one.rglob("*"))
    [least] = {batches._share(1 << 12, n) for n in (1, 100, 4_000)}
    assert least == (1 << 12) // batches.SHARES
    assert batches._share(1 << 12, 8 << 12) == 1 << 12
    assert len(batches.plan([one], facts.snapshot())) == -(-count // least)


def test_what_cannot_work_is_refused_at_once(sources, tmp_path):
    with ProcessPoolExecutor(1, get_context("fork")) as forked:
        for unfit, message in ((forked, "spawn"), (2, r"client\.get_executor"), (ThreadPoolExecutor, "no executor")):
            with pytest.raises(UnfitExecutor, match=message):
                ingest(sources, to=tmp_path / "corpus", executor=unfit)
            with pytest.raises(UnfitExecutor, match=message):
                chains(read(sources, progress=False), executor=unfit)
    file = tmp_path / "cables.csv"
    file.write_text("mine")
    with pytest.raises(NotACorpus, match="is a file"):
        ingest(sources, to=file)
    assert file.read_text() == "mine"
    assert not (tmp_path / "corpus").exists()


def test_interrupt_does_not_wait_for_the_batches_in_hand(sources, tmp_path):
    to = tmp_path / "corpus"
    script = tmp_path / "long.py"
    script.write_text(SLOW)
    process = subprocess.Popen(
        [sys.executable, str(script), str(sources), str(to)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
    )
    began = time.monotonic()
    while not list(to.glob(".ingest/*.json")) and time.monotonic() - began < 60:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)  # the batches in hand would take ten minutes
    assert process.returncode
    assert b"batches are kept; run the same again" in said
    same(ingest(sources, to=to, workers=1), read(sources, progress=False))


def test_script_without_a_guard_is_told_so(sources, tmp_path):
    script = tmp_path / "unguarded.py"
    script.write_text(SLOW.replace('if __name__ == "__main__":', "if True:").replace("time.sleep(600)", "pass"))
    command = [sys.executable, str(script), str(sources), str(tmp_path / "corpus")]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"Put the call under `if __name__" in done.stderr
    assert b"FolderInUse" not in done.stderr


def test_batch_that_is_finished_is_not_read_again(sources, tmp_path, monkeypatch):
    home, raw = tmp_path / "corpus", tmp_path / "corpus" / ".ingest"
    raw.mkdir(parents=True)
    task = batches.plan([sources], facts.snapshot())[0]
    done = work.read_task(home, raw, task, facts.snapshot())
    before = files(home)
    with monkeypatch.context() as patched:
        patched.setattr(work, "captures_of", None)
        assert work.read_task(home, raw, task, facts.snapshot()) == done
    assert files(home) == before
    (raw / done.pieces[0].narrow["cables"]).unlink()
    assert work.read_task(home, raw, task, facts.snapshot()) == done
    assert files(home) == before
