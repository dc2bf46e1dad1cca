"""The invented countries, posts and people, and the topics that their posts report on."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cablelab.samples.phrases import Template, compile_template
from cablelab.terms import MONTH_NAMES

HERE = Path(__file__).parent
# South and Central Asia became a bureau of its own in 2006; the invented Central Asian mission follows.
NEW_BUREAUS = 2006
FIRST, LAST = 2003, 2009

Strings = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One invented post: how ids, headers and REF lines write it, and when it existed."""

    code: str
    spaced: str
    display: str
    kind: str
    plad: str
    routing: str
    mission: str
    tag: str
    bureau: str
    bureau_before_2006: str
    first: int
    last: int
    weight: int
    lat: float
    lon: float
    signers: Strings
    words: dict[str, Strings]

    def bureau_in(self, year: int) -> str:
        """Return the regional bureau to which the post answered in `year`."""
        return self.bureau if year >= NEW_BUREAUS else self.bureau_before_2006

    def signer(self, year: int) -> str:
        """Return who signed the post's messages in `year`."""
        span = self.last - self.first + 1
        return self.signers[min((year - self.first) * len(self.signers) // span, len(self.signers) - 1)]


@dataclass(frozen=True, slots=True)
class Topic:
    """A matter of reporting: its tags, the program that asks for it, and templates by their place in a cable."""

    name: str
    tags: Strings
    level: int
    words: dict[str, Strings]
    periodic: tuple[Template, ...]
    oneoff: tuple[Template, ...]
    summary: tuple[Template, ...]
    points: tuple[tuple[str, tuple[Template, ...]], ...]
    comment: tuple[Template, ...]
    telling: tuple[Template, ...]


@lru_cache(maxsize=1)
def places() -> tuple[Place, ...]:
    """Return the invented posts, in the order of the world file."""
    found = []
    for country in _world()["country"]:
        shared = {
            "mission": country["name"].removeprefix("the "),
            "tag": country["tag"],
            "bureau": country["bureau"],
            "bureau_before_2006": country.get("bureau_before_2006", country["bureau"]),
        }
        for post in country["post"]:
            fields = {name: value for name, value in post.items() if name != "note"}
            words = _words(country, post)
            found.append(Place(**(fields | shared | {"signers": tuple(post["signers"]), "words": words})))
    return tuple(found)


@lru_cache(maxsize=1)
def department() -> Place:
    """Return the addressee of all reports, which also sends the circulars."""
    row = _world()["department"]
    words = {"person": tuple(row.pop("people")), "capital": ("Washington",), "COUNTRY": ("ALL POSTS",), **_calendar()}
    return Place(**(row | {"signers": tuple(row["signers"]), "words": words}))


def _world() -> dict[str, Any]:
    return tomllib.loads((HERE / "world.toml").read_text("utf-8"))


def _calendar() -> dict[str, Strings]:
    return {"month": MONTH_NAMES, "MONTH": tuple(m.upper() for m in MONTH_NAMES)}


def _words(country: dict[str, Any], post: dict[str, Any]) -> dict[str, Strings]:
    name = country["name"]
    capital = country["capital"]
    if post["last"] < NEW_BUREAUS + 1:
        capital = country.get("capital_before_2006", capital)
    plural = {"neighbors": "neighbor", "cities": "city", "people": "person", "parties": "party", "companies": "company"}
    words: dict[str, Strings] = {
        plural.get(k, k[:-1]): tuple(v) for k, v in country.items() if isinstance(v, list) and k != "post"
    }
    words |= {f"m_{k}": (v,) for k, v in country["ministries"].items()}
    words |= {k: (country[k],) for k in ("demonym", "gov", "president", "premier")}
    words |= {"country": (name,), "capital": (capital,), "post": (post["display"],)}
    upper = ("paper", "city", "port", "company", "party", "neighbor", "region", "person", "union", "river", "ngo")
    words |= {k.upper(): tuple(w.upper().removeprefix("THE ") for w in words[k]) for k in upper}
    return words | _calendar() | {"COUNTRY": (name.upper().removeprefix("THE "),), "CAPITAL": (capital.upper(),)}


@lru_cache(maxsize=1)
def topics() -> tuple[Topic, ...]:
    """Return the topics, by name."""
    files = sorted((HERE / "topics").glob("*.txt"))
    return tuple(_topic(path.stem, path.read_text("utf-8")) for path in files if path.stem != "common")


@lru_cache(maxsize=1)
def common() -> dict[str, tuple[Template, ...]]:
    """Return the templates that any topic may use, and those of the form letters, by section."""
    parts = sections((HERE / "topics" / "common.txt").read_text("utf-8"))
    return {name: _compiled(f"common/{name}", lines) for name, lines in parts if name}


def _compiled(key: str, lines: list[str]) -> tuple[Template, ...]:
    return tuple(compile_template(f"{key}/{i}", line) for i, line in enumerate(lines))


def affairs_text() -> str:
    """Return the templates of affairs, see `cablelab.samples.affairs`."""
    return (HERE / "affairs.txt").read_text("utf-8")


def sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """Cut a file of templates into its sections, by name; the first, up to a heading, has none."""
    name = ""
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("== "):
            yield name, lines
            name, lines = line[3:], []
        elif line and not line.startswith("#"):
            lines.append(line)
    yield name, lines


def _topic(name: str, text: str) -> Topic:
    parts = list(sections(text))
    head: dict[str, list[str]] = {}
    for line in parts[0][1]:
        field, _, value = line.partition(": ")
        head.setdefault(field, []).append(value)
    body = dict(parts[1:])
    summary, comment = (_compiled(f"{name}/{part}", body[part]) for part in ("summary", "comment"))
    points = tuple(
        (part.removeprefix("point "), _compiled(f"{name}/{part.removeprefix('point ')}", lines))
        for part, lines in body.items()
        if part.startswith("point ")
    )
    words = {
        "matter": tuple(head["matter"]),
        "program": tuple(head["program"]),
        "PROGRAM": tuple(p.upper().removeprefix("THE ") for p in head["program"]),
        "off": tuple(head["off"][0].split("|")),
    }
    return Topic(
        name,
        tuple(head["tags"][0].split()),
        int(head["level"][0]),
        words,
        _compiled(f"{name}/periodic", head["periodic"]),
        _compiled(f"{name}/oneoff", head["oneoff"]),
        summary,
        points,
        tuple(t for t in comment if not t.telling),
        tuple(t for t in comment if t.telling),
    )
