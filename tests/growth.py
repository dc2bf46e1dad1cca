"""Pump the patterns of the package: inputs, built from each one's parse tree, over which it could backtrack, and how its time grows."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from re import _constants as op
from re import _parser
from types import ModuleType
from typing import Any

import cablelab

ALPHABET = " -\n0Aa.\t=*,:;/()[]\"'<>_¶\\#~xX1é"
ENDS = ("\x01", "\n", "", "A", "0")  # what a repeat is followed by, so that the rest of the pattern fails
WAYS = {"match": "match", "fullmatch": "fullmatch", "pattern": "match"} | dict.fromkeys(
    ("search", "finditer", "findall", "sub", "subn", "split"), "search"
)
REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}
MANY = 60  # a repeat of at most so many is a constant
LONG = 3_000  # characters at which every input is tried, after shorter ones that show what is exponential


def modules() -> Iterator[ModuleType]:
    """Import every module of the package."""
    for info in pkgutil.walk_packages(cablelab.__path__, "cablelab."):
        if not info.name.endswith("__main__"):
            yield importlib.import_module(info.name)


def patterns() -> dict[str, tuple[re.Pattern[Any], set[str]]]:
    """List every compiled pattern by one of its names, with how it is used: match, fullmatch, search."""
    names: dict[re.Pattern[Any], str] = {}
    ways: dict[re.Pattern[Any], set[str]] = {}
    for module in modules():
        for name, value in vars(module).items():
            for pattern in _held(value):
                if pattern not in names or value_is_own(module, name):
                    names[pattern] = f"{module.__name__.removeprefix('cablelab.')}.{name}"
    for module in modules():
        if module.__file__ is None:
            continue
        tree = ast.parse(Path(module.__file__).read_text("utf-8"))
        loops = [node for node in ast.walk(tree) if isinstance(node, ast.For | ast.comprehension)]
        turns = {
            node.target.id: [_resolved(module, one) for one in getattr(node.iter, "elts", [node.iter])]
            for node in loops
            if isinstance(node.target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in WAYS:
                value = turns.get(node.value.id) if isinstance(node.value, ast.Name) else None
                for pattern in _held(value or _resolved(module, node.value)):
                    ways.setdefault(pattern, set()).add(WAYS[node.attr])
            if isinstance(node, ast.Call) and (told := _inline(node)):
                pattern, way = told
                names.setdefault(pattern, f"{module.__name__.removeprefix('cablelab.')}:{node.lineno}")
                ways.setdefault(pattern, set()).add(way)
    # of one that is reached through a name of the moment (`for pattern in (A, B)`) nothing is known: every way is tried
    return {name: (pattern, ways.get(pattern) or {"match", "fullmatch", "search"}) for pattern, name in names.items()}


def value_is_own(module: ModuleType, name: str) -> bool:
    """Tell whether a module defines a name itself, rather than importing it."""
    return re.search(rf"^{name}\b.*=", Path(module.__file__ or "").read_text("utf-8"), re.MULTILINE) is not None


def _held(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict | tuple | list | set | frozenset) and depth < 3:
        for one in [*value.values(), *value.keys()] if isinstance(value, dict) else value:
            yield from _held(one, depth + 1)
    elif callable(value) and isinstance(getattr(value, "__self__", None), re.Pattern):
        yield value.__self__  # a bound method kept under a name


def _resolved(module: ModuleType, node: ast.expr) -> object:
    """Give what an expression of names, attributes and subscripts stands for at the top of a module; None if it is of the moment."""
    if isinstance(node, ast.Name):
        return vars(module).get(node.id)
    if isinstance(node, ast.Attribute):
        return getattr(_resolved(module, node.value), node.attr, None)
    return _resolved(module, node.value) if isinstance(node, ast.Subscript) else None


def _inline(node: ast.Call) -> tuple[re.Pattern[Any], str] | None:
    """Compile the pattern that stands in a call of `re` itself."""
    call = node.func
    if not (isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name) and call.value.id == "re"):
        return None
    if call.attr not in WAYS or not node.args or not isinstance(node.args[0], ast.Constant):
        return None
    flags = [
        *(node.args[{"sub": 4, "subn": 4, "split": 3}.get(call.attr, 2) :]),
        *(k.value for k in node.keywords if k.arg == "flags"),
    ]
    return re.compile(node.args[0].value, eval(ast.unparse(flags[0]), {"re": re}) if flags else 0), WAYS[call.attr]


def pumped(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str]]:
    """Give what may stand before a part that repeats without bound, and what that part repeats."""
    written = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    seen = set()
    for before, units in _repeats(_parser.parse(written, pattern.flags & ~re.UNICODE), [""]):
        for unit in units[:8]:
            for pair in [
                *((prefix, unit) for prefix in before[:3]),
                ("", before[0] + unit),
                ("", unit),
                ("", unit + before[0]),
            ]:
                if pair not in seen and pair[1]:
                    seen.add(pair)
                    yield pair


def _repeats(tree: Any, before: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    for kind, value in tree:
        if kind in REPEATS and value[1] > MANY:
            yield before, _samples(value[2])
        for part in _parts(kind, value):
            yield from _repeats(part, before)
        here = _sample(kind, value)
        before = list(dict.fromkeys(b + h for b in before[:3] for h in here[:3])) or before


def _parts(kind: Any, value: Any) -> list[Any]:
    if kind in REPEATS:
        return [value[2]]
    if kind is op.SUBPATTERN:
        return [value[3]]
    if kind is op.ATOMIC_GROUP:
        return [value]
    if kind is op.BRANCH:
        return list(value[1])
    if kind is op.GROUPREF_EXISTS:
        return [part for part in value[1:] if part is not None]
    return [value[1]] if kind in {op.ASSERT, op.ASSERT_NOT} else []


def _samples(tree: Any) -> list[str]:
    made = [""]
    for kind, value in tree:
        made = [m + s for m in made[:6] for s in _sample(kind, value)[:10]] or made
    return list(dict.fromkeys(made))


def _sample(kind: Any, value: Any) -> list[str]:
    """Give short strings that a part of a pattern matches."""
    if kind is op.LITERAL:
        return [chr(value)]
    if kind in {op.NOT_LITERAL, op.ANY, op.IN}:
        return [c for c in ALPHABET if _fits(kind, value, c)][:10] or [
            chr(value[0][1] if value[0][0] is op.LITERAL else value[0][1][0])
        ]
    if kind in REPEATS:
        some = _samples(value[2])
        return [s * value[0] for s in some[:8]] if value[0] else ["", *some[:5]]
    if kind is op.BRANCH:
        return [s for part in value[1][:12] for s in _samples(part)[:3]]
    if kind in {op.SUBPATTERN, op.ATOMIC_GROUP}:
        return _samples(_parts(kind, value)[0])
    return [""]


def _fits(kind: Any, value: Any, char: str) -> bool:
    if kind is op.ANY:
        return char != "\n"
    if kind is op.NOT_LITERAL:
        return ord(char) != value
    negated = value[0][0] is op.NEGATE
    return negated != any(_one(what, of, char) for what, of in value if what is not op.NEGATE)


def _one(kind: Any, value: Any, char: str) -> bool:
    if kind is op.LITERAL:
        return ord(char) == value
    if kind is op.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    name = str(value).rpartition("_")
    letter = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[name[2]]
    return re.match("\\" + (letter.upper() if "NOT" in name[0] else letter), char) is not None


def took(call: Callable[[], object], times: int = 1) -> int:
    """Measure nanoseconds of processor time, the least of several."""
    least = 1 << 62
    for _ in range(times):
        began = time.process_time_ns()
        call()
        least = min(least, time.process_time_ns() - began)
    return least


def use(pattern: re.Pattern[Any], way: str, text: str) -> Callable[[], object]:
    """Use a pattern on a text as the package does; a search goes over all that it finds."""
    given = text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text
    return (
        (lambda: sum(1 for _ in pattern.finditer(given))) if way == "search" else lambda: getattr(pattern, way)(given)
    )


def grows(run: Callable[[int], Callable[[], object]], longest: int, floor: int = 800_000) -> str | None:
    """Say how the time of `run(n)()` grows if it is more than linearly in n; None if it is not.

    Lengths go up by steps, so that what is exponential is seen while it is short. What takes long beside its length is judged by n,
    2n and 4n, if it is longer than `floor` nanoseconds: four times the length must take less than seven times the time, of the
    least of several, in one of five trials.
    """
    n = 3
    while n < longest:
        n = min(n * 5 // 4 + 1 if n < 60 else n * 4, longest)
        most = floor + 100 * n
        # once may be the machine's doing, the least of five is the pattern's
        if took(run(n)) > most and took(run(n), 5) > most and _confirmed(run, n):
            return f"n = {n // 4}, {n // 2}, {n}: {[took(run(k), 3) // 1000 for k in (n // 4, n // 2, n)]} µs"
    return None


def _confirmed(run: Callable[[int], Callable[[], object]], n: int) -> bool:
    for _ in range(5):
        one, two, four = (took(run(k), 3) for k in (n // 4, n // 2, n))
        if four < 7 * max(one, 1) or four < 2.4 * max(two, 1):
            return False
    return True


def worst(pattern: re.Pattern[Any], ways: set[str], long: int = LONG, floor: int = 800_000) -> str | None:
    """Give the first input over which a pattern's time grows more than its length; None if there is none."""
    for prefix, unit in pumped(pattern):
        for end in ENDS:
            for way in sorted(ways):

                def run(
                    n: int, prefix: str = prefix, unit: str = unit, end: str = end, way: str = way
                ) -> Callable[[], object]:
                    return use(pattern, way, prefix + unit * n + end)

                if told := grows(run, max(long // len(unit), 1), floor):
                    return f"{way} of {prefix!r} + {unit!r} * n + {end!r}: {told}"
    return None
