"""What fuzzing found stays found; and a few hundred damaged inputs each time, so that the rules of the fuzzer run too."""

from __future__ import annotations

import importlib.util
import random
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent / "fuzz"
FOUND = sorted(p for p in (HERE / "found").glob("*") if p.suffix != ".md")
_spec = importlib.util.spec_from_file_location("fuzz_rules", HERE / "fuzz.py")
fuzz = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(fuzz)


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_found_input_passes(path):
    fuzz.check(path.name.partition("-")[0], path.read_bytes())


@pytest.mark.parametrize("target", list(fuzz.TARGETS))
def test_damaged_inputs_pass(target):
    rng = random.Random(f"fuzz {target}")
    seeds = fuzz.seeds(target)
    for seed in seeds:
        fuzz.check(target, seed)
    for _ in range(60):
        data = bytearray(rng.choice(seeds)[:4_000])
        for _ in range(rng.randrange(1, 6)):
            place, length = rng.randrange(len(data) + 1), rng.randrange(1, 40)
            match rng.randrange(4):
                case 0:
                    del data[place : place + length]
                case 1:
                    data[place:place] = rng.choice(fuzz.WORDS).encode()
                case 2:
                    data[place : place + length] = rng.randbytes(length)
                case 3:
                    other = rng.choice(seeds)
                    start = rng.randrange(len(other))
                    data[place:place] = other[start : start + 10 * length]
        fuzz.check(target, bytes(data))


def test_rules_can_fail(monkeypatch):
    from cablelab.message import core

    real = core.parse

    def forgetful(text, *bounds):
        message = real(text, *bounds)
        message.spans = message.spans[:-1]
        return message

    monkeypatch.setattr("cablelab.message.parse", forgetful)
    with pytest.raises(AssertionError, match="characters are lost"):
        fuzz.check("core", fuzz.seeds("core")[0])
