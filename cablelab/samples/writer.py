"""The generator: invented cables one after the other, the same for the same seed on any machine.

Memory does not grow with their number.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from cablelab.samples import plan
from cablelab.samples.cable_facts import Desk
from cablelab.samples.phrases import Template, Words
from cablelab.samples.plan import Job, Named
from cablelab.samples.truth import Cable, Paragraph, Step
from cablelab.samples.world import FIRST, LAST, Place, Topic, common, department, places, topics

FORM_TAGS = {"visa": ("CVIS", "CMGT"), "clearance": ("OTRA", "AMGT"), "demarche": ("PREL",)}
FORM_SUBJECTS = {
    "visa": "MONTHLY RETURN OF CONSULAR SERVICES",
    "clearance": "COUNTRY CLEARANCE GRANTED",
    "demarche": "DEMARCHE DELIVERED: REPLY OF THE FOREIGN MINISTRY",
}
# How the text speaks of the first reference, and of the second.
SPOKEN = ("Ref {}", "reftel {}", "ref {}")
CITES_EARLIER = 0.88


def cables(
    count: int = 400, seed: int = 7, *, size: float = 1.0, first: int = FIRST, last: int = LAST
) -> Iterator[Cable]:
    """Write invented cables, year by year in order of time.

    Parameters
    ----------
    count
        How many cables.
    seed
        The same seed gives the same cables on any machine.
    size
        How long single reports are: 1 is about 2,400 characters of text each.
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


def _named(cable: Cable) -> Named:
    return Named(cable.cable, cable.year, cable.spaced, cable.number)


class _Writer:
    def __init__(self, seed: int, size: float) -> None:
        self.rng = Random(seed)
        self.size = size
        self.desk = Desk(self.rng)
        self.topics = topics()
        self.recent: dict[str, deque[Named]] = {p.code: deque(maxlen=40) for p in places()}
        self.circulars: dict[tuple[str, int], Named] = {}
        self.last: dict[str, Cable] = {}
        self.words: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
        self.genres = {"assessment": self._assessment, "circular": self._circular, "form": self._form}

    def write(self, count: int, first: int, last: int) -> Iterator[Cable]:
        """Write `count` cables of the years `first` to `last`, year by year."""
        chains = plan.chains(self.rng, count, first, last)
        years = [plan.due(self.rng, chains, year) for year in range(first, last + 1)]
        spare = max(0, count - sum(len(jobs) for jobs in years))
        taken = {c.name for c in chains}
        left = count
        for i, jobs in enumerate(years):
            share = spare * (i + 1) // len(years) - spare * i // len(years)
            jobs += plan.others(self.rng, first + i, share, taken)
            jobs.sort(key=lambda j: (j.minute, j.place.code, j.topic.name))
            for job in jobs[:left]:
                yield self._cable(job, first + i)
            left = max(0, left - len(jobs))

    def _cable(self, job: Job, year: int) -> Cable:
        if job.genre == "resend":
            if (old := self.last.get(job.place.code)) and not old.step:
                return self.desk.again(old, job, year)
            job = replace(job, genre="report")
        cable = self.genres.get(job.genre, self._report)(job, year)
        if cable.post in self.recent:
            self.recent[cable.post].append(_named(cable))
            self.last[cable.post] = cable
        return cable

    def _words_of(self, place: Place, topic: Topic, year: int) -> dict[str, tuple[str, ...]]:
        words = self.words.get((place.code, topic.name))
        if words is None:
            words = self.words[place.code, topic.name] = {**place.words, **topic.words}
        return {**words, "year": (str(year),), "lastyear": (str(year - 1),)}

    def _say(self, templates: Sequence[Template], words: Words) -> list[str]:
        r = self.rng.random
        out: list[str] = []
        for t in templates:
            out += t.sentences([r() for _ in range(t.draws)], words, r() < 0.6)
        return out

    def _some(self, templates: Sequence[Template], n: int) -> list[Template]:
        pool, r = list(templates), self.rng.random
        size = len(pool)
        for i in range(min(n, size)):
            j = i + int(r() * (size - i))
            pool[i], pool[j] = pool[j], pool[i]
        return pool[:n]

    def _up_to(self, n: int) -> int:
        return int(self.rng.random() * (n + 1))

    def _assessment(self, job: Job, year: int) -> Cable:
        chain, rng = job.chain, self.rng
        if chain is None:
            return self._report(job, year)
        asked = self.circulars.get((job.topic.name, year)) if chain.state.circular else None
        cites = bool(chain.earlier) and rng.random() < CITES_EARLIER
        sources = [asked] if asked else []
        if cites:
            sources += chain.earlier[::-1][: rng.randint(1, 3)]
        words = self._words_of(job.place, job.topic, year)
        words["refa"] = tuple(s.format("A") for s in SPOKEN)
        words["refb"] = tuple(s.format("AB"[bool(asked)]) for s in SPOKEN) if len(sources) > 1 else ("reftel", "Reftel")
        if chain.region:
            words["region"] = (chain.region,)
        paragraphs, links, dropped, added, planted = chain.state.version(words, cites)
        subject = self._say([chain.subject], words)[0]
        if chain.region:
            subject += f", {chain.region.upper()}"
        cable = self.desk.dress(job, year, subject, words, paragraphs, sources)
        previous = chain.earlier[-1].cable if chain.earlier else None
        cable.step = Step(chain.name, chain.state.order, previous, links, dropped, added, planted)
        chain.earlier.append(_named(cable))
        return cable

    def _circular(self, job: Job, year: int) -> Cable:
        words = self._words_of(job.place, job.topic, year)
        lines = self._say(common()["circular"], words)
        paragraphs = [Paragraph(lines[:2]), Paragraph(lines[2:5], "summary"), *(Paragraph([s]) for s in lines[5:])]
        before = self.circulars.get((job.topic.name, year - 1))
        subject = f"REQUEST FOR {year} REPORTING UNDER {words['PROGRAM'][0]}"
        cable = self.desk.dress(job, year, subject, words, paragraphs, [before] if before else [])
        self.circulars[job.topic.name, year] = _named(cable)
        return cable

    def _form(self, job: Job, year: int) -> Cable:
        kind = self.rng.choice(("visa", "visa", "clearance", "demarche"))
        words = self._words_of(job.place, job.topic, year)
        lines = self._say(common()[f"form-{kind}"], words)
        cut = len(lines) // 2
        paragraphs = [Paragraph(lines[:cut]), Paragraph(lines[cut:])]
        subject = f"{words['COUNTRY'][0]}: {FORM_SUBJECTS[kind]}"
        sources = [] if kind == "visa" else [self._stray(department(), year)]
        cable = self.desk.dress(job, year, subject, words, paragraphs, sources)
        cable.tags = [*FORM_TAGS[kind], job.place.tag]
        return cable

    def _report(self, job: Job, year: int) -> Cable:
        rng, topic = self.rng, job.topic
        words = self._words_of(job.place, topic, year)
        points = self._points(topic)
        lead = self._some(common()["meeting"], 1) + self._some(topic.summary, 2 + self._up_to(1))
        lead += self._some(points[0][1], 1)
        used = {t.key for t in lead}
        paragraphs = [Paragraph(self._say(lead, words), "summary")]
        for heading, templates in points:
            lines = self._say([t for t in self._some(templates, 3 + self._up_to(2)) if t.key not in used], words)
            if rng.random() < 0.35:
                lines += self._say(self._some(common()["meeting"], 1), words)
            paragraphs.append(Paragraph(lines, heading=heading, items=rng.random() < 0.08 and len(lines) > 2))
        comment = self._some(topic.comment, 2 + self._up_to(1)) + self._some(topic.telling, self._up_to(1))
        comment += self._some(common()["closing"], self._up_to(1))
        paragraphs.append(Paragraph(self._say([t for t in comment if t.key not in used], words), "comment"))
        if rng.random() < 0.06:
            paragraphs.append(Paragraph(self._say(common()["action"], words), "action"))
        if rng.random() < 0.06:
            note = Paragraph(self._say(self._some(common()["note"], 2), words), "note")
            paragraphs.insert(1 + self._up_to(len(points) - 1), note)
        recent = self.recent[job.place.code]
        sources = rng.sample(list(recent), min(len(recent), int(rng.random() * 3.2)))
        if rng.random() < 0.15:
            sources.append(self._stray(job.place, year))
        subject = self._say([rng.choice(topic.oneoff)], words)[0]
        return self.desk.dress(job, year, subject, words, paragraphs, sources)

    def _points(self, topic: Topic) -> list[tuple[str, tuple[Template, ...]]]:
        """Choose the matters of a report; a long one goes on to other topics'."""
        wanted = max(2, round((2.4 + 2.2 * self.rng.random()) * self.size))
        points = self.rng.sample(topic.points, min(len(topic.points), wanted))
        for _ in range(wanted - len(points)):
            other = self.rng.choice(self.topics)
            points.append(self.rng.choice(other.points))
        return points

    def _stray(self, place: Place, year: int) -> Named:
        """Name a cable of the year before that the corpus does not hold: its number is too high."""
        number = self.rng.randint(30001, 99999) if place.code == "STATE" else self.rng.randint(9001, 9899)
        return Named(f"{(year - 1) % 100:02d}{place.code}{number}", year - 1, place.spaced, number)
