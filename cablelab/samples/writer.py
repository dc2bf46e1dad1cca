"""The generator: invented cables one after the other, the same for the same seed on any machine, in memory that does not grow."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from cablelab.samples import style
from cablelab.samples.phrases import Template, Words
from cablelab.samples.truth import Addressee, Cable, Paragraph, Reference, Step
from cablelab.samples.versions import Assessment
from cablelab.samples.world import Place, Topic, common, department, places, topics

FIRST, LAST = 2003, 2009
NAMES = ("Ruth", "Calvin", "Ellen", "Morris", "Joyce", "Stuart", "Naomi", "Dwight", "Paula", "Vernon")
SURNAMES = ("Applecroft", "Binghurst", "Castleton-Ray", "Dunmore", "Eversfield", "Fallowby", "Garroway", "Hexham", "Inglethorpe", "Kirkbride")
TITLES = ("Ambassador", "Deputy Chief of Mission", "Political Counselor", "Economic Counselor", "Charge d'Affaires", "Pol/Econ Chief")
AGENCIES = (
    ("RUEHC", "DEPT OF LABOR WASHDC"), ("RUCPDOC", "USDOC WASHDC"), ("RUEATRS", "DEPT OF TREASURY WASHDC"), ("RHEHNSC", "NSC WASHDC"),
    ("RUEKJCS", "SECDEF WASHDC"), ("RUEAIIA", "CIA WASHDC"), ("RHEBAAA", "DEPT OF ENERGY WASHDC"),
)  # fmt: skip
COLLECTIVES = {
    "EUR": ("RUCQNLC", "NORTHERN LITTORAL COLLECTIVE"), "SCA": ("RUCQSTC", "INLAND STEPPE COLLECTIVE"), "AF": ("RUCQGLC", "GREAT LAKE COLLECTIVE"),
    "WHA": ("RUCQSTL", "SOUTHERN TRADE LANES COLLECTIVE"), "EAP": ("RUCQOAC", "OUTER ATOLLS COLLECTIVE"), "NEA": ("RUCQOAS", "OASES COLLECTIVE"),
}  # fmt: skip
PASSING = ("STATE PASS USTR", "DEPT FOR {}/PD - {}", "DEPARTMENT FOR {}, DRL/IL {}", "STATE FOR {}; NSC FOR {}", "PLEASE PASS TO {} - {}")
MARKS = {"UNCLASSIFIED": ("U",), "CONFIDENTIAL": ("C", "C", "C", "C", "SBU", "U"), "SECRET": ("S", "S", "S", "C", "S/NF")}
FORM_TAGS = {"visa": ("CVIS", "CMGT"), "clearance": ("OTRA", "AMGT"), "demarche": ("PREL",)}
SPOKEN = ("Ref A", "reftel A", "ref A", "Reftel A")


@dataclass(slots=True)
class Chain:
    """One recurring assessment: who reports on what, when in the year, and its state."""

    name: str
    posts: tuple[Place, ...]
    topic: Topic
    day: int
    start: int
    state: Assessment
    subject: Template
    earlier: list[tuple[str, int, str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Job:
    """One cable to be written: when, by whom, and of which kind."""

    minute: int
    genre: str
    place: Place
    topic: Topic
    chain: Chain | None = None


def cables(count: int = 400, seed: int = 7, *, size: float = 1.0, first: int = FIRST, last: int = LAST) -> Iterator[Cable]:
    """Write invented cables, year by year in order of time.

    Parameters
    ----------
    count
        How many cables.
    seed
        The same seed gives the same cables on any machine.
    size
        How long they are: 1 is about 3,500 characters of text each.
    first, last
        Years.

    Yields
    ------
    Cable
        Each with all that is true of it.

    Examples
    --------
    >>> ids = [c.cable for c in cables(count=50, seed=1)]
    >>> len(ids) == len(set(ids)) == 50
    True
    """
    return _Writer(seed, size).write(count, first, last)


class _Writer:
    def __init__(self, seed: int, size: float) -> None:
        self.rng = Random(seed)
        self.size = size
        self.topics = topics()
        self.numbers: dict[tuple[str, int], tuple[int, int]] = {}
        self.recent: dict[str, deque[tuple[str, int, str, int]]] = {p.code: deque(maxlen=40) for p in places()}
        self.circulars: dict[tuple[str, int], tuple[str, int, str, int]] = {}
        self.serial: dict[str, int] = {}
        self.last: dict[str, Cable] = {}
        self.words: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}

    def write(self, count: int, first: int, last: int) -> Iterator[Cable]:
        chains = self._chains(count, first, last)
        years = [self._fixed(chains, year) for year in range(first, last + 1)]
        spare = count - sum(len(jobs) for jobs in years)
        left = count
        for i, jobs in enumerate(years):
            share = spare * (i + 1) // len(years) - spare * i // len(years)
            jobs += self._others(first + i, share, {c.name for c in chains})
            jobs.sort(key=lambda j: (j.minute, j.place.code, j.topic.name))
            for job in jobs[:left]:
                yield self._cable(job, first + i)
            left -= len(jobs)

    def _chains(self, count: int, first: int, last: int) -> list[Chain]:
        """Choose which mission reports on which topics each year; about a third of a corpus."""
        rng = self.rng
        missions: dict[str, list[Place]] = {}
        for place in places():
            if place.kind == "embassy":
                missions.setdefault(place.mission, []).append(place)
        years = last - first + 1
        wanted = max(1, min(len(topics()) * len(missions), count // (3 * years)))
        pairs = [(m, t) for m in missions for t in topics()]
        rng.shuffle(pairs)
        out = []
        for n, (mission, topic) in enumerate(pairs[:wanted]):
            state = Assessment(topic, rng, circular=n % 5 < 3)
            start = first if rng.random() < 0.7 or years < 4 else first + rng.randint(1, 2)
            out.append(Chain(f"{mission}/{topic.name}", tuple(missions[mission]), topic, rng.randint(90, 330), start, state, rng.choice(topic.periodic)))
        return out

    def _fixed(self, chains: list[Chain], year: int) -> list[Job]:
        """Plan the circulars of a year and the assessments that are due."""
        rng = self.rng
        jobs = []
        asked: dict[str, int] = {}
        for chain in chains:
            if year < chain.start or (year > chain.start and rng.random() < 0.05):
                continue
            day = min(358, max(60, chain.day + rng.randint(-18, 18)))
            place = _on_duty(chain.posts, year, day)
            if place is None:
                continue
            jobs.append(Job(day * 1440 + rng.randrange(360, 1080), "assessment", place, chain.topic, chain))
            if chain.state.circular:
                asked[chain.topic.name] = min(day, asked.get(chain.topic.name, 400))
        by_name = {t.name: t for t in topics()}
        for name, day in sorted(asked.items()):
            jobs.append(Job(max(2, day - rng.randint(25, 50)) * 1440 + rng.randrange(600, 1300), "circular", department(), by_name[name]))
        return jobs

    def _others(self, year: int, count: int, taken: set[str]) -> list[Job]:
        """Plan single reports, form letters and texts sent twice."""
        rng = self.rng
        active = [p for p in places() if p.first <= year <= p.last]
        weights = [p.weight for p in active]
        subjects = topics()
        jobs = []
        for place in rng.choices(active, weights, k=count):
            topic = subjects[int(rng.random() * len(subjects))]
            if f"{place.mission}/{topic.name}" in taken:
                topic = subjects[int(rng.random() * len(subjects))]
            roll = rng.random()
            genre = "form" if roll < 0.09 else "resend" if roll < 0.105 else "report"
            day = rng.randint(1, 364)
            if place.last == year and year < LAST:
                day = 1 + day // 2
            elif place.first == year > FIRST:
                day = 182 + day // 2
            jobs.append(Job(day * 1440 + rng.randrange(300, 1200), genre, place, topic))
        return jobs

    def _cable(self, job: Job, year: int) -> Cable:
        if job.genre == "resend" and (old := self.last.get(job.place.code)) and not old.step:
            return self._again(old, job, year)
        build = {"assessment": self._assessment, "circular": self._circular, "form": self._form}.get(job.genre, self._report)
        cable = build(job, year)
        if job.place.code != "STATE":
            self.recent[job.place.code].append((cable.cable, year, cable.spaced, cable.number))
            self.last[job.place.code] = cable
        return cable

    def _number(self, code: str, year: int, minute: int) -> int:
        before, at = self.numbers.get((code, year), (0, 0))
        number = before + 1 + int((minute - at) / 1440 * (2 + 4 * self.rng.random()))
        self.numbers[code, year] = (number, minute)
        return number

    def _words_of(self, place: Place, topic: Topic, year: int) -> dict[str, tuple[str, ...]]:
        words = self.words.get((place.code, topic.name))
        if words is None:
            words = self.words[place.code, topic.name] = {**place.words, **topic.words}
        return {**words, "year": (str(year),), "lastyear": (str(year - 1),)}

    def _sentences(self, templates: Sequence[Template], words: Words) -> list[str]:
        r = self.rng.random
        out: list[str] = []
        for t in templates:
            out += t.sentences([r() for _ in range(t.draws)], words, r() < 0.6)
        return out

    def _sample(self, templates: Sequence[Template], n: int) -> list[Template]:
        return self.rng.sample(templates, min(n, len(templates)))

    # The kinds of cable

    def _assessment(self, job: Job, year: int) -> Cable:
        chain = job.chain
        assert chain is not None
        rng = self.rng
        circular = self.circulars.get((job.topic.name, year)) if chain.state.circular else None
        cites = bool(chain.earlier) and rng.random() < 0.88
        sources = [circular] if circular else []
        if cites:
            sources += chain.earlier[::-1][: rng.randint(1, 3)]
        labels = "ABCDEF"
        second = labels[1 if circular else 0]
        words = self._words_of(job.place, job.topic, year)
        words |= {"refa": SPOKEN, "refb": (f"Ref {second}", f"reftel {second}", f"ref {second}") if len(sources) > 1 else ("reftel", "Reftel")}
        paragraphs, links, dropped, added, planted = chain.state.version(words, cites)
        cable = self._dress(job, year, chain.subject, words, paragraphs, sources, shorten=False)
        previous = chain.earlier[-1][0] if chain.earlier else None
        cable.step = Step(chain.name, chain.state.order, previous, links, dropped, added, planted)
        chain.earlier.append((cable.cable, year, cable.spaced, cable.number))
        return cable

    def _circular(self, job: Job, year: int) -> Cable:
        words = self._words_of(job.place, job.topic, year)
        lines = self._sentences(common()["circular"], words)
        paragraphs = [Paragraph(lines[:1]), Paragraph(lines[1:4], "summary")] + [Paragraph([s]) for s in lines[4:]]
        paragraphs[0].opens = ""
        last = self.circulars.get((job.topic.name, year - 1))
        subject = Template("", ((f"REQUEST FOR {year} REPORTING UNDER {job.topic.words['PROGRAM'][0]}",),), "", "", 0, (), (), ())
        cable = self._dress(job, year, subject, words, paragraphs, [last] if last else [], shorten=False)
        self.circulars[job.topic.name, year] = (cable.cable, year, cable.spaced, cable.number)
        return cable

    def _form(self, job: Job, year: int) -> Cable:
        kind = self.rng.choice(("visa", "visa", "clearance", "demarche"))
        words = self._words_of(job.place, job.topic, year)
        lines = self._sentences(common()[f"form-{kind}"], words)
        cut = len(lines) // 2
        paragraphs = [Paragraph(lines[:cut]), Paragraph(lines[cut:])]
        subject = {
            "visa": "MONTHLY RETURN OF CONSULAR SERVICES",
            "clearance": "COUNTRY CLEARANCE GRANTED",
            "demarche": "DEMARCHE DELIVERED: REPLY OF THE FOREIGN MINISTRY",
        }[kind]
        title = Template("", ((f"{job.place.words['COUNTRY'][0]}: {subject}",),), "", "", 0, (), (), ())
        sources = [] if kind == "visa" else [self._stray(department(), year)]
        cable = self._dress(job, year, title, words, paragraphs, sources)
        cable.tags = [*FORM_TAGS[kind], *cable.tags[-1:]]
        return cable

    def _report(self, job: Job, year: int) -> Cable:
        rng, topic = self.rng, job.topic
        words = self._words_of(job.place, topic, year)
        meeting = common()["meeting"]
        wanted = max(2, round((2.4 + 2.2 * rng.random()) * self.size))
        points = rng.sample(topic.points, min(len(topic.points), wanted))
        for _ in range(wanted - len(points)):
            # a long report goes on to other matters
            other = self.topics[int(rng.random() * len(self.topics))]
            points.append(other.points[int(rng.random() * len(other.points))])
        facts = [t for _, ts in points for t in self._sample(ts, 1)]
        lead = self._sample(meeting, 1) + self._sample(topic.summary, 2 + int(rng.random() * 2)) + facts[:1]
        used = {t.key for t in lead}
        paragraphs = [Paragraph(self._sentences(lead, words), "summary")]
        for heading, templates in points:
            chosen = [t for t in self._sample(templates, 3 + int(rng.random() * 3)) if t.key not in used]
            lines = self._sentences(chosen, words)
            if rng.random() < 0.35:
                lines += self._sentences(self._sample(meeting, 1), words)
            if rng.random() < 0.08 and len(lines) > 2:
                paragraphs.append(Paragraph(lines, heading=heading, items=True))
            else:
                paragraphs.append(Paragraph(lines, heading=heading))
        comment = self._sample(topic.comment, 2 + int(rng.random() * 2)) + self._sample(topic.telling, int(rng.random() * 2))
        comment = [t for t in comment if t.key not in used] + self._sample(common()["closing"], int(rng.random() * 2))
        paragraphs.append(Paragraph(self._sentences(comment, words), "comment"))
        if rng.random() < 0.06:
            paragraphs.append(Paragraph(self._sentences(common()["action"], words), "action"))
        recent = self.recent[job.place.code]
        sources = rng.sample(list(recent), min(len(recent), int(rng.random() * 3.2)))
        if rng.random() < 0.15:
            sources.append(self._stray(job.place, year))
        return self._dress(job, year, rng.choice(topic.oneoff), words, paragraphs, sources)

    def _again(self, old: Cable, job: Job, year: int) -> Cable:
        """Send the text of `old` once more under a new number."""
        number = self._number(job.place.code, year, job.minute)
        fresh = {name: getattr(old, name) for name in Cable.__slots__}
        fresh |= {
            "cable": f"{year % 100:02d}{job.place.code}{number}",
            "number": number,
            "year": year,
            "sent": _moment(year, job.minute),
            "copy_of": old.cable,
            "genre": "resend",
            "oddities": list(old.oddities),
            "post": job.place.code,
        }
        # a reference without a year means the year of its own cable, so each year is written out when the text is sent again
        fresh["references"] = [Reference(r.kind, _dated(r, old.year) if old.year != year else r.raw, r.target, r.label, r.note) for r in old.references]
        return Cable(**fresh)

    def _stray(self, place: Place, year: int) -> tuple[str, int, str, int]:
        """Name a cable that the corpus does not hold."""
        number = self.rng.randint(30001, 99999) if place.code == "STATE" else self.rng.randint(9001, 9899)
        return f"{year % 100:02d}{place.code}{number}", year, place.spaced, number

    # What all cables have

    def _dress(
        self,
        job: Job,
        year: int,
        subject: Template,
        words: Words,
        paragraphs: list[Paragraph],
        sources: list[tuple[str, int, str, int]],
        shorten: bool = True,
    ) -> Cable:
        rng, place = self.rng, job.place
        how = style.draw(rng)
        number = self._number(place.code, year, job.minute)
        sent = _moment(year, job.minute)
        level, handling = _classify(rng, 1 if job.genre in ("circular", "form") else job.topic.level)
        classified = level in ("CONFIDENTIAL", "SECRET")
        precedence = _weighted_precedence(rng)
        by = f"{rng.choice(NAMES)} {rng.choice(SURNAMES)}" if classified else None
        r = rng.random()
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
            released=datetime(2011, 8, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(44000)),
            topic=job.topic.name,
            genre=job.genre,
            classification=level,
            handling=handling,
            captions=["SIPDIS"] if r < 0.9 else ["EXDIS"] if r > 0.98 and classified else [],
            precedence=precedence,
            addressees=self._addressees(place, year, precedence),
            subject=self._sentences([subject], words)[0],
            tags=[*job.topic.tags[: rng.randint(2, len(job.topic.tags))], *([place.tag] if place.tag else [])],
            references=self._references(rng, sources, year, how),
            executive_order="12958",
            declassify_on=date(year + 10, sent.month, min(sent.day, 28)) if classified else None,
            classified_by=by,
            classified_title=rng.choice(TITLES) if by else None,
            classified_reason=f"1.{5 if year == FIRST else 4} (b) and (d)" if by else None,
            passing=_passing(rng, place.bureau_in(year)),
            paragraphs=paragraphs,
            signed_by=place.signer(year),
            partial=rng.random() < 0.1,
            corrected=rng.random() < 0.015,
            style=how,
        )
        cable.oddities = how.names
        if cable.partial and shorten and len(paragraphs) > 2 and rng.random() < 0.5:
            del paragraphs[len(paragraphs) // 2 + 1 :]
        if classified and shorten and rng.random() < 0.2:
            _redact(cable, words)
        _mark(rng, cable)
        return cable

    def _addressees(self, place: Place, year: int, precedence: list[str]) -> list[Addressee]:
        rng = self.rng
        action = precedence[0] if precedence[0] != "ROUTINE" else None
        info = precedence[-1] if precedence[-1] != "ROUTINE" and rng.random() < 0.4 else None
        out = [Addressee("from", place.plad, None, place.code)]
        others = [p for p in places() if p.first <= year <= p.last and p is not place]
        if place.code == "STATE":
            near = others
            out += [Addressee("to", p.plad, p.routing, p.code, action, self._count(p.code)) for p in near[:4]]
            near = near[4:]
        else:
            out.append(Addressee("to", "SECSTATE WASHDC", "RUEHC", "STATE", action, self._count(place.code)))
            if rng.random() < 0.3:
                routing, name = rng.choice(AGENCIES)
                out.append(Addressee("to", name, routing, None, action))
            near = rng.sample(others, rng.randint(0, 4))
        out += [Addressee("info", p.plad, p.routing, p.code, info, self._count(place.code + p.code)) for p in near]
        if place.code != "STATE" and rng.random() < 0.5:
            routing, name = COLLECTIVES[place.bureau]
            out.append(Addressee("info", name, routing, None, info, self._count(name) if rng.random() < 0.5 else None))
        if near and rng.random() < 0.4:
            routing, name = rng.choice(AGENCIES)
            out.append(Addressee("info", name, routing, None, info, self._count(name)))
        return out

    def _count(self, key: str) -> int:
        self.serial[key] = self.serial.get(key, self.rng.randint(10, 900)) + self.rng.randint(1, 9)
        return self.serial[key] % 10000 or 1

    def _references(self, rng: Random, sources: list[tuple[str, int, str, int]], year: int, how: style.Style) -> list[Reference]:
        seen: set[str] = set()
        items = []
        for target, its_year, spaced, number in sources:
            if target in seen:
                continue
            seen.add(target)
            dated = its_year != year or how.years
            note = "NOTAL" if rng.random() < 0.04 else "AND PREVIOUS" if rng.random() < 0.03 else None
            items.append(Reference("cable", f"{its_year % 100:02d} {spaced} {number}" if dated else f"{spaced} {number}", target, None, note))
        if items and rng.random() < 0.05:
            day = f"{rng.randint(1, 12):02d}/{rng.randint(1, 28):02d}/{year}"
            items.append(Reference("mail", f"{rng.choice(SURNAMES).upper()}-{rng.choice(SURNAMES).upper()} E-MAIL OF {day}"))
        if len(items) == 1:
            return items
        return [Reference(r.kind, r.raw, r.target, "ABCDEFGH"[i], r.note) for i, r in enumerate(items)]


def _dated(r: Reference, year: int) -> str:
    return r.raw if r.kind != "cable" or r.raw[:2].isdigit() else f"{year % 100:02d} {r.raw}"


def _moment(year: int, minute: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC) + timedelta(minutes=minute - 1440)


def _on_duty(posts: Sequence[Place], year: int, day: int) -> Place | None:
    """Return the embassy at work on a day; in the year of a move the old one until the end of June."""
    here = [p for p in posts if p.first <= year <= p.last]
    if not here:
        return None
    return here[0] if len(here) == 1 or day <= 181 else here[-1]


def _classify(rng: Random, level: int) -> tuple[str, list[str]]:
    roll = rng.random()
    if level == 1:
        return ("UNCLASSIFIED", []) if roll < 0.6 else ("UNCLASSIFIED", ["SENSITIVE"]) if roll < 0.92 else ("CONFIDENTIAL", [])
    if roll < 0.15:
        return "UNCLASSIFIED", []
    if roll < 0.4:
        return "UNCLASSIFIED", ["SENSITIVE"]
    if roll < 0.9:
        return "CONFIDENTIAL", ["NOFORN"] if roll > 0.86 else []
    return "SECRET", ["NOFORN"] if roll > 0.96 else []


def _weighted_precedence(rng: Random) -> list[str]:
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


def _mark(rng: Random, cable: Cable) -> None:
    """Number the paragraphs, mark them, and put the words around summary and comment."""
    how = cable.style
    marks = MARKS[cable.classification]
    if "SENSITIVE" in cable.handling:
        marks = ("SBU", "SBU", "SBU", "U")
    marked = cable.classification != "UNCLASSIFIED" or ("SENSITIVE" in cable.handling and rng.random() < 0.8) or rng.random() < 0.15
    if marked and "NOFORN" in cable.handling:
        marks = (*marks, f"{marks[0]}/NF")
    for i, p in enumerate(cable.paragraphs):
        p.number = i + 1 if how.numbered else None
        p.marking = marks[int(rng.random() * len(marks))] if marked else None
        if not how.numbered or how.fence == "none" and rng.random() < 0.3:
            p.heading = None
        if p.heading:
            p.heading = p.heading.upper() if how.fence != "none" or rng.random() < 0.5 else p.heading
        if p.part == "summary":
            if how.summary == "heading" and how.numbered and not p.heading:
                p.heading = "SUMMARY"
            else:
                word = how.summary if how.summary != "heading" else "Summary"
                p.opens = f"{word}:"
                p.closes = "END SUMMARY." if word.isupper() else "End summary." if how.ends else ""
        elif p.part == "comment":
            if how.summary == "heading" and how.numbered and not p.heading:
                p.heading = "COMMENT"
            else:
                p.opens = "COMMENT:" if how.summary.isupper() else "Comment:"
                p.closes = ("END COMMENT." if how.summary.isupper() else "End comment.") if how.ends else ""
        elif p.part == "action":
            p.opens = ""


def _redact(cable: Cable, words: Words) -> None:
    """Black out one name wherever it stands."""
    for name in words["person"]:
        count = sum(s.count(name) for p in cable.paragraphs for s in p.sentences)
        if count:
            for p in cable.paragraphs:
                p.sentences = [s.replace(name, "X" * 12) for s in p.sentences]
            cable.redactions = count
            return
