"""What every cable has: number, time, classification, addressees, references, and who stands behind it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

from cablelab.samples import style
from cablelab.samples.marking import mark, redact
from cablelab.samples.phrases import Words
from cablelab.samples.plan import DAY, Job, Named
from cablelab.samples.style import Style
from cablelab.samples.truth import Addressee, Cable, Paragraph, Reference
from cablelab.samples.world import FIRST, Place, places

NAMES = ("Ruth", "Calvin", "Ellen", "Morris", "Joyce", "Stuart", "Naomi", "Dwight", "Paula", "Vernon")
SURNAMES = (
    "Applecroft",
    "Binghurst",
    "Castleton-Ray",
    "Dunmore",
    "Eversfield",
    "Fallowby",
    "Garroway",
    "Hexham",
    "Inglethorpe",
    "Kirkbride",
)
TITLES = (
    "Ambassador",
    "Deputy Chief of Mission",
    "Political Counselor",
    "Economic Counselor",
    "Charge d'Affaires",
    "Pol/Econ Chief",
)
REASONS = ("(b) and (d)", "(b) and (d)", "(b,d)", "(b), (d)", "(d)", "(b), (c) and (d)")
# Real offices in Washington and their routing indicators, as every header names them.
AGENCIES = (
    ("RUEHC", "DEPT OF LABOR WASHDC"),
    ("RUCPDOC", "USDOC WASHDC"),
    ("RUEATRS", "DEPT OF TREASURY WASHDC"),
    ("RHEHNSC", "NSC WASHDC"),
    ("RUEKJCS", "SECDEF WASHDC"),
    ("RUEAIIA", "CIA WASHDC"),
    ("RHEBAAA", "DEPT OF ENERGY WASHDC"),
)
COLLECTIVES = {
    "EUR": ("RUCQNLC", "NORTHERN LITTORAL COLLECTIVE"),
    "SCA": ("RUCQSTC", "INLAND STEPPE COLLECTIVE"),
    "AF": ("RUCQGLC", "GREAT LAKE COLLECTIVE"),
    "WHA": ("RUCQSTL", "SOUTHERN TRADE LANES COLLECTIVE"),
    "EAP": ("RUCQOAC", "OUTER ATOLLS COLLECTIVE"),
    "NEA": ("RUCQOAS", "OASES COLLECTIVE"),
}
PASSING = (
    "STATE PASS USTR",
    "DEPT FOR {}/PD - {}",
    "DEPARTMENT FOR {}, DRL/IL {}",
    "STATE FOR {}; NSC FOR {}",
    "PLEASE PASS TO {} - {}",
)
# Posts write words of their own among the TAGS; readers should keep them, as unknown.
OWN_WORDS = ("POLITICAL", "ECONOMIC", "LABORAFFAIRS")
RELEASED = datetime(2011, 8, 1, tzinfo=UTC)
# A circular goes to so many posts for action, to the rest for information.
ACTION_POSTS = 4


class Desk:
    """Dress cables; keeps the running numbers of posts and of addressees."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.numbers: dict[tuple[str, int], tuple[int, int]] = {}
        self.serials: dict[str, int] = {}

    def number(self, code: str, year: int, minute: int) -> int:
        """Return the next number of a post; numbers rise by two to six a day."""
        before, at = self.numbers.get((code, year), (0, 0))
        number = before + 1 + int((minute - at) / DAY * (2 + 4 * self.rng.random()))
        self.numbers[code, year] = (number, minute)
        return number

    def dress(
        self, job: Job, year: int, subject: str, words: Words, paragraphs: list[Paragraph], sources: list[Named]
    ) -> Cable:
        """Make a cable of its paragraphs; single reports and forms may be cut short or have a name blacked out."""
        rng, place = self.rng, job.place
        how = style.draw(rng)
        number = self.number(place.code, year, job.minute)
        sent = moment(year, job.minute)
        level, handling = _classify(rng, 1 if job.genre in ("circular", "form") else job.topic.level)
        classified = level != "UNCLASSIFIED"
        precedence = _precedence(rng)
        by = f"{rng.choice(NAMES)} {rng.choice(SURNAMES)}" if classified else None
        tags = [*job.topic.tags[: rng.randint(2, len(job.topic.tags))], *([place.tag] if place.tag else [])]
        if place.tag and rng.random() < 0.02:
            tags.append(rng.choice(OWN_WORDS))
        cable = Cable(
            cable=f"{year % 100:02d}{place.code}{number}",
            post=place.code,
            spaced=place.spaced,
            routing=place.routing,
            mission=place.mission,
            bureau=place.bureau_in(year),
            year=year,
            number=number,
            sent=sent,
            released=RELEASED + timedelta(minutes=rng.randrange(44000)),
            topic=job.topic.name,
            genre=job.genre,
            classification=level,
            handling=handling,
            captions=_captions(rng.random(), classified),
            precedence=precedence,
            addressees=self._addressees(place, year, precedence),
            subject=subject,
            tags=tags,
            references=_references(rng, sources, year, how),
            executive_order="12958",
            declassify_on=date(year + 10, sent.month, min(sent.day, 28)) if classified else None,
            classified_by=by,
            classified_title=rng.choice(TITLES) if by else None,
            classified_reason=f"1.{5 if year == FIRST else 4} {rng.choice(REASONS)}" if by else None,
            passing=_passing(rng, place.bureau_in(year)),
            paragraphs=paragraphs,
            signed_by=place.signer(year),
            partial=rng.random() < 0.1,
            corrected=rng.random() < 0.015,
            style=how,
            oddities=how.names,
        )
        if job.genre in ("report", "form"):
            if cable.partial and len(paragraphs) > 2 and rng.random() < 0.5:
                del paragraphs[len(paragraphs) // 2 + 1 :]
            if rng.random() < (0.35 if classified else 0.08):
                redact(cable, words["person"])
        mark(rng, cable)
        return cable

    def again(self, old: Cable, job: Job, year: int) -> Cable:
        """Send the text of `old` once more under a new number."""
        number = self.number(job.place.code, year, job.minute)
        fresh = {name: getattr(old, name) for name in Cable.__slots__}
        fresh |= {
            "cable": f"{year % 100:02d}{job.place.code}{number}",
            "number": number,
            "year": year,
            "sent": moment(year, job.minute),
            "copy_of": old.copy_of or old.cable,
            "genre": "resend",
            "oddities": list(old.oddities),
            "bureau": job.place.bureau_in(year),
        }
        if old.year != year:
            # a reference without a year means the year of its own cable
            fresh["references"] = [_dated(r, old.year) for r in old.references]
        return Cable(**fresh)

    def _addressees(self, place: Place, year: int, precedence: list[str]) -> list[Addressee]:
        rng = self.rng
        action = precedence[0] if precedence[0] != "ROUTINE" else None
        info = precedence[-1] if precedence[-1] != "ROUTINE" and rng.random() < 0.4 else None
        out = [Addressee("from", place.plad, None, place.code)]
        near = [p for p in places() if p.first <= year <= p.last and p is not place]
        if place.code == "STATE":
            to, near = near[:ACTION_POSTS], near[ACTION_POSTS:]
            out += [Addressee("to", p.plad, p.routing, p.code, action, self._serial(p.code)) for p in to]
        else:
            out.append(Addressee("to", "SECSTATE WASHDC", "RUEHC", "STATE", action, self._serial(place.code)))
            if rng.random() < 0.3:
                routing, name = rng.choice(AGENCIES)
                out.append(Addressee("to", name, routing, None, action))
            near = rng.sample(near, rng.randint(0, 4))
        out += [Addressee("info", p.plad, p.routing, p.code, info, self._serial(place.code + p.code)) for p in near]
        if place.code != "STATE" and rng.random() < 0.5:
            routing, name = COLLECTIVES[place.bureau]
            out.append(Addressee("info", name, routing, None, info, self._serial(name) if rng.random() < 0.5 else None))
        if near and rng.random() < 0.4:
            routing, name = rng.choice(AGENCIES)
            out.append(Addressee("info", name, routing, None, info, self._serial(name)))
        if near and rng.random() < 0.06:
            spared = rng.choice(near)
            out.append(Addressee("exempt", spared.plad, None, spared.code))
        return out

    def _serial(self, key: str) -> int:
        self.serials[key] = self.serials.get(key, self.rng.randint(10, 900)) + self.rng.randint(1, 9)
        return self.serials[key] % 10000 or 1


def moment(year: int, minute: int) -> datetime:
    """Return the time at a minute of a year, counted from its first day as day 1."""
    return datetime(year, 1, 1, tzinfo=UTC) + timedelta(minutes=minute - DAY)


def _references(rng: Random, sources: list[Named], year: int, how: Style) -> list[Reference]:
    found = list(dict.fromkeys(sources))
    if len(found) > 1 and {(s.year, s.spaced) for s in found} == {(year, found[0].spaced)} and rng.random() < 0.5:
        return _listed(sorted(found, key=lambda s: s.number))
    items = []
    for s in found:
        note = "NOTAL" if rng.random() < 0.04 else "AND PREVIOUS" if rng.random() < 0.03 else None
        raw = f"{s.spaced} {s.number}"
        if how.ids and note is None:
            raw = s.cable
        elif s.year != year or how.years:
            raw = f"{s.year % 100:02d} {raw}"
        items.append(Reference("cable", raw, s.cable, None, note))
    if items and rng.random() < 0.1:
        items.append(_unsent(rng, year))
    if len(items) == 1:
        return items
    return [Reference(r.kind, r.raw, r.target, "ABCDEFGH"[i], r.note) for i, r in enumerate(items)]


def _listed(found: list[Named]) -> list[Reference]:
    """Write several cables of one post and year as a list of numbers behind its name."""
    first, *rest = found
    head = Reference("cable", f"{first.spaced} {first.number}", first.cable)
    return [head, *(Reference("cable", str(s.number), s.cable) for s in rest)]


def _unsent(rng: Random, year: int) -> Reference:
    """Write a reference that is no cable: a mail, a call, a report of intelligence."""
    names = f"{rng.choice(SURNAMES).upper()}-{rng.choice(SURNAMES).upper()}"
    day = f"{rng.randint(1, 12):02d}/{rng.randint(1, 28):02d}/{year}"
    roll = rng.random()
    if roll < 0.5:
        return Reference("mail", f"{names} E-MAIL OF {day}")
    if roll < 0.8:
        return Reference("telcon", f"{names} TELCON {day}")
    return Reference("report", f"IIR 6 {rng.randint(100, 999)} {rng.randint(1000, 9999)} {year % 100:02d}")


def _dated(r: Reference, year: int) -> Reference:
    if r.kind != "cable" or r.target is None or r.raw.startswith(f"{r.target[:2]} ") or r.raw == r.target:
        return r
    if r.raw.isdigit():
        # an item of a list of numbers takes post and year from the first
        return r
    return Reference(r.kind, f"{year % 100:02d} {r.raw}", r.target, r.label, r.note)


def _classify(rng: Random, level: int) -> tuple[str, list[str]]:
    roll = rng.random()
    if level == 1:
        if roll < 0.92:
            return "UNCLASSIFIED", ["SENSITIVE"] if roll > 0.6 else []
        return "CONFIDENTIAL", []
    if roll < 0.4:
        return "UNCLASSIFIED", ["SENSITIVE"] if roll > 0.15 else []
    if roll < 0.9:
        return "CONFIDENTIAL", ["NOFORN"] if roll > 0.86 else []
    return "SECRET", ["NOFORN"] if roll > 0.96 else []


def _captions(roll: float, classified: bool) -> list[str]:
    if roll < 0.9:
        return ["SIPDIS"]
    if not classified or roll < 0.95:
        return []
    return ["EXDIS"] if roll < 0.97 else ["NODIS"] if roll < 0.98 else ["LIMDIS", "SIPDIS"]


def _precedence(rng: Random) -> list[str]:
    roll = rng.random()
    if roll < 0.45:
        return ["ROUTINE"]
    if roll < 0.75:
        return ["PRIORITY"]
    if roll < 0.92:
        return ["IMMEDIATE"]
    return ["IMMEDIATE", "PRIORITY"] if roll < 0.96 else ["PRIORITY", "ROUTINE"]


def _passing(rng: Random, bureau: str) -> list[str]:
    if rng.random() < 0.4:
        return []
    return [p.format(bureau, rng.choice(SURNAMES).upper()) for p in rng.sample(PASSING, rng.randint(1, 2))]
