"""Reading is a pure function of bytes: the same input gives the same frames under any locale, time zone and hash seed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
READ = """
import hashlib, locale, sys, time
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:  # the system lacks it: the variables still stand
    pass
from cablelab.frames import NAMES
from cablelab.reading import parse, read
from cablelab.samples import SHIPPED, sample

def digest(corpus):
    whole = hashlib.sha256()
    for name in NAMES:
        frame = corpus.frame(name)
        whole.update(f"{frame.schema}{frame.write_ndjson()}".encode())
    return whole.hexdigest()

text = "UNCLAS PORT KESTREL 000012\\n\\nSUBJECT: \\u0130STANBUL FISH\\n\\nREF: OSLO 7\\n\\n1. Catches fell in I\\u0307zmir."
print(digest(sample()), digest(parse(text)), hash("seed") if len(sys.argv) > 1 else "")
"""
PLACES = {
    "Turkish": {"LC_ALL": "tr_TR.UTF-8", "TZ": "Europe/Istanbul"},
    "C": {"LC_ALL": "C", "LANG": "C", "TZ": "America/New_York", "PYTHONUTF8": "0"},
    "seed": {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati"},
    "other seed": {"PYTHONHASHSEED": "4242", "TZ": "Asia/Kolkata", "LC_ALL": "ja_JP.UTF-8"},
    "one thread": {"POLARS_MAX_THREADS": "1", "PYTHONHASHSEED": "7"},
}


def digests(extra: dict[str, str], *arguments: str) -> str:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "TZ", "PYTHONHASHSEED"))}
    command = [sys.executable, "-W", "error", "-c", READ, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=kept | extra, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def usual() -> str:
    return digests({"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"})


@pytest.mark.parametrize("place", list(PLACES))
def test_same_bytes_give_the_same_frames(place, usual):
    assert digests(PLACES[place]) == usual


def test_hash_seed_takes_effect_and_digests_tell_frames_apart(usual):
    one, other = (digests({"PYTHONHASHSEED": seed}, "hash").split() for seed in ("1", "2"))
    assert one[2] != other[2]
    assert one[:2] == other[:2] == usual.split()
    assert one[0] != one[1]
