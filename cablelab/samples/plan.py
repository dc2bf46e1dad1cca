"""What is to be written in a year: which assessments are due, who asks for them, and all the single reports between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import NamedTuple

from cablelab.samples.phrases import Template
from cablelab.samples.versions import Assessment
from cablelab.samples.world import FIRST, LAST, Place, Topic, department, places, topics

DAY = 1440
# The day of the year on which an embassy that moves stops sending from the old city.
MOVING_DAY = 181
SKIPPED, FORMS, RESENT = 0.05, 0.16, 0.06


class Named(NamedTuple):
    """A cable as others name it."""

    cable: str
    year: int
    spaced: str
    number: int


@dataclass(slots=True)
class Chain:
    """One recurring assessment: who reports on what, when in the year, and its state; `region` narrows it."""

    name: str
    posts: tuple[Place, ...]
    topic: Topic
    region: str | None
    day: int
    start: int
    state: Assessment
    subject: Template
    earlier: list[Named] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kind:
    """What an affair can be about: TAGS, subjects and sentences."""

    name: str
    tags: tuple[str, ...]
    subjects: tuple[Template, ...]
    sentences: tuple[Template, ...]


@dataclass(slots=True)
class Affair:
    """One affair: its name and people, and what was written of it."""

    name: str
    kind: Kind
    words: dict[str, tuple[str, ...]]
    tags: tuple[str, ...]
    earlier: list[Named] = field(default_factory=list)
    minute: int = 0
    subject: str = ""
    told: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    single: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """One cable to be written: at which minute of the year, by whom, and of which kind."""

    minute: int
    genre: str
    place: Place
    topic: Topic
    chain: Chain | None = None
    affair: Affair | None = None


def chains(rng: Random, wanted: int, first: int, last: int) -> list[Chain]:
    """Choose which mission reports on which matters each year."""
    missions: dict[str, list[Place]] = {}
    for place in places():
        if place.kind == "embassy":
            missions.setdefault(place.mission, []).append(place)
    years = last - first + 1
    whole = [(m, t, None) for m, t in product(missions, topics())]
    rng.shuffle(whole)
    parts = [(m, t, region) for m, t, _ in whole for region in missions[m][0].words["region"]]
    out = []
    for n, (mission, topic, region) in enumerate([*whole, *parts][:wanted]):
        state = Assessment(topic, rng, circular=n % 5 < 3)
        start = first if rng.random() < 0.7 or years < 4 else first + rng.randint(1, 2)
        name = "/".join(p for p in (mission, topic.name, region) if p)
        posts, subject = tuple(missions[mission]), rng.choice(topic.periodic)
        out.append(Chain(name, posts, topic, region, rng.randint(90, 330), start, state, subject))
    return out


def due(rng: Random, active: Sequence[Chain], year: int) -> list[Job]:
    """Plan the assessments that are due in a year and the circulars that ask for them."""
    jobs = []
    asked: dict[str, int] = {}
    for chain in active:
        if year < chain.start or (year > chain.start and rng.random() < SKIPPED):
            continue
        day = min(358, max(60, chain.day + rng.randint(-18, 18)))
        place = _on_duty(chain.posts, year, day)
        if place is None:
            continue
        jobs.append(Job(day * DAY + rng.randrange(360, 1080), "assessment", place, chain.topic, chain))
        if chain.state.circular:
            asked[chain.topic.name] = min(day, asked.get(chain.topic.name, day))
    by_name = {t.name: t for t in topics()}
    for name, day in sorted(asked.items()):
        minute = max(2, day - rng.randint(25, 50)) * DAY + rng.randrange(600, 1300)
        jobs.append(Job(minute, "circular", department(), by_name[name]))
    return jobs


def others(rng: Random, year: int, count: int, taken: set[str]) -> list[Job]:
    """Plan single reports, form letters and texts sent twice; reports keep mostly off the matters in `taken`."""
    active = [p for p in places() if p.first <= year <= p.last]
    subjects = topics()
    jobs = []
    for place in rng.choices(active, [p.weight for p in active], k=count):
        topic = subjects[int(rng.random() * len(subjects))]
        if f"{place.mission}/{topic.name}" in taken:
            topic = subjects[int(rng.random() * len(subjects))]
        roll = rng.random()
        genre = "form" if roll < FORMS else "resend" if roll < FORMS + RESENT else "report"
        day = rng.randint(1, 364)
        if place.last == year and year < LAST:
            day = 1 + day // 2
        elif place.first == year > FIRST:
            day = MOVING_DAY + 1 + day // 2
        jobs.append(Job(day * DAY + rng.randrange(300, 1200), genre, place, topic))
    return jobs


def _on_duty(posts: Sequence[Place], year: int, day: int) -> Place | None:
    here = [p for p in posts if p.first <= year <= p.last]
    if not here:
        return None
    return here[0] if len(here) == 1 or day <= MOVING_DAY else here[-1]
