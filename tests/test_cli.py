"""The command line: what it writes, what it says, and with which status it ends."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import polars as pl
import pytest

import cablelab as cl
from cablelab import lab
from cablelab.cli import CLOSED, LISTED, main
from cablelab.storage.parts import MANIFEST

ROOT = Path(__file__).resolve().parents[1]
OLD = """UNCLAS PORT KESTREL 000012

SIPDIS

E.O. 12958: N/A
TAGS: ELAB, EFIS
SUBJECT: HARBOR LABOR REPORT

1. (SBU) The harbor office very strongly recommends against a new quota. Crews worked through the spring.

BRANT
"""
NEW = (
    OLD.replace("000012", "000034")
    .replace("very strongly recommends", "recommends")
    .replace("SUBJECT: HARBOR LABOR REPORT", "SUBJECT: HARBOR LABOR REPORT\n\nREF: 06 PORT KESTREL 12")
)


@pytest.fixture
def cables(tmp_path):
    folder = tmp_path / "cables"
    folder.mkdir()
    (folder / "06PORTKESTREL12.txt").write_text(OLD)
    (folder / "07PORTKESTREL34.txt").write_text(NEW)
    return folder


@pytest.fixture
def saved(cables, tmp_path, capsys):
    folder = tmp_path / "corpus"
    assert main(["read", str(cables), "-o", str(folder)]) == 0
    capsys.readouterr()
    return folder


def one_line(capsys) -> str:
    """The only line on the standard error, after a command that failed, but for what `read` says before it starts."""
    out, err = capsys.readouterr()
    assert out == ""
    if err.startswith("cablelab: Reading "):
        err = err.partition("\n")[2]
    assert err.count("\n") == 1
    assert err.startswith("cablelab: ")
    return err


# read


def test_read_writes_a_corpus_and_ends_with_a_summary(cables, tmp_path, capsys):
    folder = tmp_path / "corpus"
    assert main(["read", str(cables), "-o", str(folder)]) == 0
    out, err = capsys.readouterr()
    assert err.count("\n") == 1
    assert re.fullmatch(
        r"cablelab: Reading 1 MB in \d process(es)? needs about .* of memory .* and .* on disk; .*\n", err
    )
    assert out.splitlines()[0] == f"2 cables of 1 post, 2006-2007 -> {folder}"
    assert cl.open(folder).cables["cable"].sort().to_list() == ["06PORTKESTREL12", "07PORTKESTREL34"]


def test_read_counts_copies_and_what_it_refused(cables, tmp_path, capsys):
    (cables / "06PORTKESTREL12.txt").unlink()
    (cables / "more").mkdir()
    (cables / "more" / "07PORTKESTREL34.txt").write_text(NEW)
    (cables / "list.txt").write_text("Milk, bread and eggs.")
    (cables / "empty.txt").write_bytes(b"")
    assert main(["read", str(cables), "-o", str(tmp_path / "corpus")]) == 0
    assert capsys.readouterr().out.startswith("1 cable of 1 post, 2007, 1 further copy, 2 refused -> ")


def test_read_goes_on_past_what_it_cannot_read(cables, tmp_path, capsys):
    (cables / "holiday.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(200))
    folder = tmp_path / "corpus"
    assert main(["read", str(cables), "-o", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "2 cables" in out
    assert f"cablelab info {folder}" in out
    assert cl.open(folder).problems.filter(pl.col("source").str.contains("holiday")).height == 1


def test_read_of_nothing_but_pictures_fails_and_says_why(tmp_path, capsys):
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for name in ("beach.jpg", "hill.jpg"):
        (pictures / name).write_bytes(b"\xff\xd8\xff\xe0" + bytes(200))
    assert main(["read", str(pictures), "-o", str(tmp_path / "corpus")]) == 2
    assert "2 were refused" in one_line(capsys)
    assert not (tmp_path / "corpus").exists()


def test_read_of_a_path_that_is_not_there_fails(tmp_path, capsys):
    assert main(["read", str(tmp_path / "nowhere"), "-o", str(tmp_path / "corpus")]) == 2
    assert "nowhere" in one_line(capsys)


def test_read_into_a_place_that_cannot_be_written_fails(cables, tmp_path, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert main(["read", str(cables), "-o", str(blocked / "corpus")]) == 2
    assert "file" in one_line(capsys)
    assert blocked.read_text() == "not a folder"


@pytest.fixture
def others(tmp_path):
    folder = tmp_path / "others"
    folder.mkdir()
    (folder / "07PORTKESTREL56.txt").write_text(NEW.replace("000034", "000056"))
    return folder


def test_read_of_other_sources_does_not_replace_a_corpus_unasked(saved, cables, others, capsys):
    assert main(["read", str(others), "-o", str(saved)]) == 2
    said = one_line(capsys)
    assert all(told in said for told in ("2 cables", str(cables), "--replace", "another folder", "all sources"))
    assert len(cl.open(saved)) == 2
    assert main(["read", str(others), "-o", str(saved), "--replace"]) == 0
    assert "2 cables that the folder held before are no longer in it: 0" in capsys.readouterr().out
    assert cl.open(saved).ids.to_list() == ["07PORTKESTREL56"]


def test_read_adds_when_all_sources_are_named(saved, cables, others, monkeypatch, capsys):
    monkeypatch.chdir(cables.parent)  # the same source, named otherwise
    assert main(["read", cables.name, str(others), "-o", str(saved)]) == 0
    assert "no longer" not in capsys.readouterr().out
    assert len(cl.open(saved)) == 3
    assert main(["read", str(cables.parent / "*s"), "-o", str(saved)]) == 2  # the pattern may match them or not
    capsys.readouterr()
    assert main(["read", str(cables.parent), "-o", str(saved)]) == 0  # they lie in it


def test_read_again_says_what_went_with_a_file(saved, cables, capsys):
    (cables / "06PORTKESTREL12.txt").unlink()
    assert main(["read", str(cables), "-o", str(saved)]) == 0
    assert "1 cable that the folder held before is no longer in it: 06PORTKESTREL12" in capsys.readouterr().out


def test_read_does_not_replace_a_corpus_that_was_saved(saved, cables, capsys):
    cl.open(saved).select(["06PORTKESTREL12"]).save(saved)
    assert main(["read", str(cables), "-o", str(saved)]) == 2
    assert "does not say" in one_line(capsys)
    assert len(cl.open(saved)) == 1


def test_read_says_that_what_lies_in_the_output_is_left_out(cables, saved, capsys):
    for folder in (cables, saved):
        assert main(["read", str(folder), "-o", str(folder)]) == 2
        assert "left out" in one_line(capsys)
    assert main(["read", str(cables / "*.txt"), "-o", str(cables)]) == 2
    assert "left out" in one_line(capsys)
    assert len(cl.open(saved)) == len(list(cables.iterdir())) == 2


def test_a_saved_corpus_among_the_sources_is_one_problem(cables, tmp_path, capsys):
    cl.read(cables).save(cables / "earlier")
    (cables / "earlier" / "notes.txt").write_text(NEW.replace("000034", "000056"))
    (cables / "foreign").mkdir()
    (cables / "foreign" / MANIFEST).write_text('{"name": "app"}')
    assert main(["read", str(cables), "-o", str(tmp_path / "corpus")]) == 0
    corpus = cl.open(tmp_path / "corpus")
    assert len(corpus) == 3
    refused = corpus.problems.filter(pl.col("cable").is_null()).select("source", "code").rows()
    assert refused == [
        (str(cables / "earlier" / MANIFEST), "saved-corpus"),
        (f"{cables / 'foreign' / MANIFEST}#1", "no-cable"),  # JSON is read as records
    ]


@pytest.mark.parametrize("workers", ["0", "-3", "many"])
def test_read_needs_a_worker(cables, tmp_path, capsys, workers):
    with pytest.raises(SystemExit):
        main(["read", str(cables), "-o", str(tmp_path / "corpus"), f"--workers={workers}"])
    assert "1 or more" in capsys.readouterr().err


# info


def test_info_counts_and_shows_an_example_of_each_problem(cables, tmp_path, capsys):
    (cables / "empty.txt").write_bytes(b"")
    folder = tmp_path / "corpus"
    main(["read", str(cables), "-o", str(folder)])
    capsys.readouterr()
    assert main(["info", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "2  UNCLASSIFIED" in out
    assert "1  empty: " in out
    problems = cl.open(folder).problems
    assert all(f"  {code}: " in out for code in problems["code"].unique())


def test_info_says_what_it_leaves_out(saved, capsys):
    corpus = cl.open(saved)
    row = corpus.cables.head(1)
    rows = [row.with_columns(cable=pl.lit(f"06OSLO{n}"), mission=pl.lit(f"Mission {n:02d}")) for n in range(40)]
    cl.Corpus({"cables": pl.concat(rows)}).save(saved)
    assert main(["info", str(saved)]) == 0
    out = capsys.readouterr().out
    assert out.count("Mission ") == LISTED
    assert f"{40 - LISTED:>10,}  in {40 - LISTED} more\n" in out


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_a_reader_that_has_enough_is_no_error(saved):
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "cablelab", "info", str(saved)]
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (done.returncode, done.stderr) == (CLOSED, b"")


def test_info_of_a_file_says_that_it_is_one(cables, capsys):
    assert main(["info", str(cables / "06PORTKESTREL12.txt")]) == 2
    assert "it is a file" in one_line(capsys)


def test_info_of_no_corpus_fails(tmp_path, capsys):
    assert main(["info", str(tmp_path)]) == 2
    assert "cablelab read" in one_line(capsys)


# compare


def test_compare_names_the_change_and_writes_a_page(saved, tmp_path, capsys):
    page = tmp_path / "page.html"
    assert main(["compare", str(saved), "06PORTKESTREL12", "07PORTKESTREL34", "--html", str(page)]) == 0
    assert "very strongly" in capsys.readouterr().out
    html = page.read_text("utf-8")
    assert "06PORTKESTREL12" in html
    assert 'http-equiv="refresh"' not in html
    assert "<script src" not in html


def test_compare_with_an_unknown_cable_offers_the_nearest(saved, capsys):
    assert main(["compare", str(saved), "06PORTKESTREL12", "07PORTKESTREL35"]) == 2
    assert "07PORTKESTREL34" in one_line(capsys)


def test_compare_takes_one_cable_for_its_chain_and_says_which(tmp_path, capsys):
    sample = cl.sample()
    chain = cl.chains(sample).filter(pl.col("rank") == 1)["chain"].value_counts(sort=True)["chain"][0]
    sample.save(tmp_path / "corpus")
    assert main(["compare", str(tmp_path / "corpus"), chain]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"Chosen: the chain of {chain}, {chain}, ")
    assert told.count("## ") >= 2


def test_compare_of_one_without_a_chain_needs_a_second(tmp_path, capsys):
    cl.parse("UNCLAS OSLO 000001\nSUBJECT: PORTS\n\n1. All is well.").save(tmp_path / "corpus")
    assert main(["compare", str(tmp_path / "corpus"), *cl.open(tmp_path / "corpus").ids]) == 2
    told = one_line(capsys)
    assert "No chain is proposed for '" in told
    assert "name a second one" in told


# lab


@pytest.fixture
def started(monkeypatch):
    """What `lab` would have started: the command and its environment."""
    calls = []

    def call(command, env):
        calls.append((command, env))
        return 0

    monkeypatch.setattr(lab.subprocess, "call", call)
    monkeypatch.setattr(lab, "find_spec", lambda name: object())
    monkeypatch.delenv("CABLELAB_CORPUS", raising=False)
    return calls


def test_lab_from_a_clone_works_on_copies_outside_of_it(started, capsys, monkeypatch, tmp_path):
    """What ran on somebody's cables must not lie where the next commit takes it along."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert lab.in_repository(ROOT)
    assert main(["lab", "--no-browser", "--port", "9009"]) == 0
    ((command, environment),) = started
    assert f"--ServerApp.root_dir={tmp_path / 'cablelab-notebooks'}" in command
    copies = {path.name for path in (tmp_path / "cablelab-notebooks").glob("*.ipynb")}
    assert copies == {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert {"--no-browser", "--ServerApp.port=9009"} <= set(command)
    assert "CABLELAB_CORPUS" not in environment
    assert "sample" in capsys.readouterr().out


def test_copies_go_where_they_can_be_written_and_never_into_a_repository(tmp_path, monkeypatch):
    tracked, home = tmp_path / "tracked" / "inner", tmp_path / "home"
    tracked.mkdir(parents=True)
    home.mkdir()
    (tracked.parent / ".git").mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(tracked)
    assert lab.notebooks() == home / "cablelab-notebooks"
    (home / ".git").mkdir()
    elsewhere = lab.notebooks()
    assert not lab.in_repository(elsewhere)
    assert (elsewhere / "01_start.ipynb").is_file()
    shutil.rmtree(elsewhere)


def test_lab_hands_the_folder_to_the_notebooks(started, cables, monkeypatch):
    monkeypatch.chdir(cables.parent)
    assert main(["lab", "cables"]) == 0
    assert started[0][1]["CABLELAB_CORPUS"] == str(cables)
    assert f"--LabApp.default_url=/lab/tree/{lab.WORKBENCH}" in started[0][0]
    assert (ROOT / "notebooks" / lab.WORKBENCH).is_file()


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_lab_on_a_missing_or_empty_folder_fails_and_starts_nothing(started, tmp_path, capsys, name):
    (tmp_path / "empty").mkdir()
    assert main(["lab", str(tmp_path / name)]) == 2
    assert "sample" in one_line(capsys)
    assert started == []


def test_lab_without_jupyterlab_says_what_to_install(started, monkeypatch, capsys):
    monkeypatch.setattr(lab, "find_spec", lambda name: None)
    assert main(["lab"]) == 2
    assert "cablelab[lab]" in one_line(capsys)
    assert started == []


def test_copies_follow_the_package_until_the_user_changes_them(tmp_path):
    package, copies = tmp_path / "cablelab", tmp_path / "cablelab-notebooks"
    shipped = package / "notebooks"
    shipped.mkdir(parents=True)
    (shipped / "01_start.ipynb").write_text("first")
    (shipped / "02_more.ipynb").write_text("second")
    assert lab.notebooks(package, copies) == copies
    assert (copies / "01_start.ipynb").read_text() == "first"

    (copies / "02_more.ipynb").write_text("second, mine")
    (shipped / "01_start.ipynb").write_text("first, newer")
    (shipped / "02_more.ipynb").write_text("second, newer")
    kept = lab.copy_notebooks(sorted(shipped.glob("*.ipynb")), copies)
    assert kept == ["02_more.ipynb"]
    assert (copies / "01_start.ipynb").read_text() == "first, newer"
    assert (copies / "02_more.ipynb").read_text() == "second, mine"


def test_a_file_of_the_same_name_that_was_there_before_is_kept(tmp_path):
    shipped, copies = tmp_path / "01_start.ipynb", tmp_path / "copies"
    shipped.write_text("shipped")
    copies.mkdir()
    (copies / "01_start.ipynb").write_text("mine")
    assert lab.copy_notebooks([shipped], copies) == ["01_start.ipynb"]
    assert (copies / "01_start.ipynb").read_text() == "mine"


@pytest.mark.slow
def test_lab_really_starts(tmp_path):
    """The command as users type it serves the first notebook."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTER")}
    environment |= {"HOME": str(tmp_path), "JUPYTER_TOKEN": "t", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "cablelab", "lab", "--no-browser", "--port", str(port)]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    try:
        url = f"http://127.0.0.1:{port}/api/contents?token=t"
        names = [entry["name"] for entry in json.loads(_fetch(url, process, tmp_path / "log"))["content"]]
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # JupyterLab is a child of the command
        process.wait(timeout=30)
    assert lab.FIRST in names


def _fetch(url: str, process: subprocess.Popen[bytes], log: Path) -> bytes:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.read()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(log.read_text("utf-8", "replace"))


# the command itself


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["read"], ["lab", "--port", "x"]])
def test_wrong_use_ends_with_status_2(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: cablelab" in capsys.readouterr().err


def test_module_and_script_are_the_same_command(cables, tmp_path):
    command = [sys.executable, "-m", "cablelab", "read", str(cables), "-o", str(tmp_path / "corpus")]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)  # what it needs
    script = shutil.which("cablelab", path=str(Path(sys.executable).parent))
    if script is None:
        pytest.skip("cablelab is not installed in this environment, so there is no script beside its python")
    assert "compare" in subprocess.run([script, "--help"], capture_output=True, text=True, check=True).stdout
