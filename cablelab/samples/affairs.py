"""Affairs: what a post follows from event to event, each report in words of its own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from random import Random

from cablelab.samples.phrases import Template, compile_template
from cablelab.samples.plan import DAY, Affair, Job, Kind
from cablelab.samples.world import Place, Strings, Topic, affairs_text, places, sections, topics

# of all cables so many are of affairs; a step comes after so many days, the quarters of real ones' gaps
SHARE = 0.37
# chains of two, three and more cables as often as in real posts
LENGTHS = (2,) * 78 + (3,) * 80 + (4,) * 26 + (5,) * 12 + (6,) * 8 + (7,) * 6 + (9,) * 4 + (12,) * 3 + (24,)
# how far apart: news of the same days, or an assessment after a while
NEWS, SOON, LATER, SPREAD = 0.36, 0.1, 122.0, 0.80
NEWS_DAYS = 18
OTHER_TAGS = ("ECON", "PGOV", "PREL", "EFIN", "SENV", "SOCI", "PINR", "ETRD")
CITES_NEWS, CITES_LATER = 0.75, 0.43


@lru_cache(maxsize=1)
def _read() -> tuple[dict[str, Strings], tuple[Kind, ...], dict[str, tuple[Template, ...]]]:
    kinds: list[Kind] = []
    names: dict[str, Strings] = {}
    general: dict[str, tuple[Template, ...]] = {}
    for name, lines in sections(affairs_text()):
        heads = [line.partition(": ") for line in lines]
        if name == "names":
            names = {head: tuple(words.split("|") if "|" in words else words.split()) for head, _, words in heads}
        elif name in ("lore", "titles"):
            general[name] = _compiled(name, lines)
        elif name:
            templates = [line for line in lines if not line.startswith(("tags: ", "subject: "))]
            tags = next(rest for head, _, rest in heads if head == "tags")
            subjects = [rest for head, _, rest in heads if head == "subject"]
            kinds.append(Kind(name, tuple(tags.split()), _compiled(name, subjects), _compiled(name, templates)))
    return names, tuple(kinds), general


def _compiled(name: str, lines: Sequence[str]) -> tuple[Template, ...]:
    return tuple(compile_template(f"affairs/{name}/{i}", line) for i, line in enumerate(lines))


def kinds() -> tuple[Kind, ...]:
    """Return what affairs can be about."""
    return _read()[1]


def lore() -> tuple[Template, ...]:
    """Return sentences that fit any affair, with things of its own."""
    return _read()[2]["lore"]


def titles() -> tuple[Template, ...]:
    """Return subjects that fit any affair."""
    return _read()[2]["titles"]


def plan(rng: Random, count: int, first: int, last: int, taken: set[str]) -> list[tuple[int, Job]]:
    """Plan the cables of affairs among `count`: the year of each, and the job; `taken` holds the names given."""
    out: list[tuple[int, Job]] = []
    here = [p for p in places() if p.kind == "embassy"]
    wanted = round(count * SHARE)
    while len(out) + 2 <= wanted:
        place = rng.choices(here, [p.weight for p in here])[0]
        affair = fresh(rng, place, taken)
        kind = affair.kind
        day = rng.randrange(0, 365 * (last - first + 1) - 10)
        for _ in range(rng.choice(LENGTHS)):
            year, of_year = first + day // 365, 1 + day % 365
            post = _post(place, year, of_year)
            if year > last or post is None or of_year > 363:
                break
            minute = of_year * DAY + rng.randrange(300, 1200)
            out.append((year, Job(minute, "affair", post, _nearest(kind), affair=affair)))
            if rng.random() < NEWS:
                day += rng.randint(1, NEWS_DAYS)
            else:
                day += (
                    rng.randint(21, 50)
                    if rng.random() < SOON
                    else max(21, round(rng.lognormvariate(0, SPREAD) * LATER))
                )
    return out[:wanted]


def fresh(rng: Random, place: Place, taken: set[str]) -> Affair:
    """Begin an affair under a name that the mission has not had; `taken` holds those it has."""
    names, every, _ = _read()
    kind = rng.choice(every)
    name = rng.choice(names["first"]) + rng.choice(names["last"])
    while f"{place.mission}/{name}" in taken:
        name += " " + rng.choice(names["first"]) + rng.choice(names["last"])
    taken.add(f"{place.mission}/{name}")
    tags = tuple(rng.sample(sorted({*kind.tags, *OTHER_TAGS}), 3))
    return Affair(f"{place.mission}/{kind.name} {name}", kind, _words(rng, names, place, name), tags)


def _post(place: Place, year: int, day: int) -> Place | None:
    """Say which embassy of the mission stands at the time; it moves in the middle of a year."""
    here = [p for p in places() if p.mission == place.mission and p.kind == "embassy" and p.first <= year <= p.last]
    if not here:
        return None
    return here[0] if len(here) == 1 or day <= 181 else here[-1]


def _nearest(kind: Kind) -> Topic:
    known = topics()
    return max(known, key=lambda topic: (len(set(topic.tags) & set(kind.tags)), topic.name))


def _words(rng: Random, names: dict[str, Strings], place: Place, name: str) -> dict[str, tuple[str, ...]]:
    who, other = rng.sample(place.words["person"], 2)
    things, trade = rng.sample(names["thing"], 2), rng.choice(names["trade"])
    nouns, qualities = rng.sample(names["noun"], 9), rng.sample(names["quality"], 2)
    city = rng.choice(place.words["city"])
    return {
        "aff": (name,),
        "AFF": (name.upper(),),
        "who": (who,),
        "WHO": (who.split()[-1].upper(),),
        "other": (other,),
        "OTHER": (other.split()[-1].upper(),),
        "thing": tuple(things),
        "trade": (trade,),
        "TRADE": (trade.upper(),),
        "noun": tuple(nouns[:4]),
        "nounb": tuple(nouns[4:7]),
        "nounc": tuple(nouns[7:]),
        "NOUN": tuple(n.upper() for n in nouns[:3]),
        "NOUNB": tuple(n.upper() for n in nouns[4:6]),
        "THING": tuple(t.upper() for t in things),
        "quality": tuple(qualities),
        "QUALITY": tuple(q.upper() for q in qualities),
        "city": (city,),
        "CITY": (city.upper(),),
    }
