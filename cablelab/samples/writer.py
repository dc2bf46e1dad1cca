"""The generator: invented cables one after the other, the same for the same seed on any machine.

Memory does not grow with their number.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from cablelab.samples import affairs, plan
from cablelab.samples.cable_facts import Desk
from cablelab.samples.phrases import Template, Words
from cablelab.samples.plan import Job, Named
from cablelab.samples.truth import Cable, Paragraph, Step
from cablelab.samples.world import FIRST, LAST, Place, Topic, common, department, places, topics

FORM_TAGS = {
    "visa": ("CVIS", "CMGT"),
    "clearance": ("OTRA", "AMGT"),
    "demarche": ("PREL",),
    "scene": ("OVIP", "PREL"),
    "digest": ("PGOV", "KMDR"),
    "candidate": ("PHUM", "PREL"),
    "talk": ("PREL", "PGOV"),
}
FORM_SUBJECTS = {
    "visa": "MONTHLY RETURN OF CONSULAR SERVICES",
    "clearance": "COUNTRY CLEARANCE GRANTED",
    "demarche": "DEMARCHE ON {} DELIVERED",
    "scene": "SCENESETTER FOR THE VISIT OF {}",
    "digest": "WEEKLY DIGEST",
    "candidate": "CANDIDACY OF {}",
    "talk": "AMBASSADOR'S MEETING WITH {}",
}
# so many cables to a matter that is reported on each year
YEARLY = 1_000
# how often a report of an affair repeats the subject, or a sentence, of the one before
SAME_SUBJECT, TOLD_AGAIN = 0.015, 0.5
# how many of the single reports are of a matter of their own, and not of a post's standing ones
SINGLE = 0.88
# how many subjects name what kind of affair it is, as those of its siblings do
OF_KIND = 0.2
# How the text speaks of the first reference, and of the second.
SPOKEN = ("Ref {}", "reftel {}", "ref {}")
CITES_EARLIER = 0.60


def cables(
    count: int = 400,
    seed: int = 7,
    *,
    size: float = 1.0,
    first: int = FIRST,
    last: int = LAST,
    yearly: int | None = None,
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
    yearly
        How many missions' matters are reported on each year; as often as in real cables if left out, which is seldom.

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
    return _Writer(seed, size).write(count, first, last, yearly)


def _named(cable: Cable) -> Named:
    return Named(cable.cable, cable.year, cable.spaced, cable.number)


class _Writer:
    def __init__(self, seed: int, size: float) -> None:
        self.rng = Random(seed)
        self.size = size
        self.desk = Desk(self.rng)
        self.topics = topics()
        self.taken: set[str] = set()
        self.recent: dict[str, deque[Named]] = {p.code: deque(maxlen=40) for p in places()}
        self.circulars: dict[tuple[str, int], Named] = {}
        self.last: dict[str, Cable] = {}
        self.words: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
        self.genres = {
            "assessment": self._assessment,
            "affair": self._affair,
            "circular": self._circular,
            "form": self._form,
        }

    def write(self, count: int, first: int, last: int, yearly: int | None) -> Iterator[Cable]:
        """Write `count` cables of the years `first` to `last`, year by year."""
        wanted = max(1, count // YEARLY) if yearly is None else yearly
        chains = plan.chains(self.rng, min(wanted, count // 3), first, last)
        years = [plan.due(self.rng, chains, year) for year in range(first, last + 1)]
        for year, job in affairs.plan(self.rng, count, first, last, self.taken):
            years[year - first].append(job)
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

    def _affair(self, job: Job, year: int) -> Cable:
        affair, rng = job.affair, self.rng
        if affair is None:
            return self._report(job, year)
        words = {**self._words_of(job.place, job.topic, year), **affair.words}
        # a later report tells what is new, seldom in a sentence of the one before
        fresh = [t for t in affair.kind.sentences if t.key not in affair.told or rng.random() < TOLD_AGAIN]
        known = [t for t in affairs.lore() if t.key not in affair.told or rng.random() < TOLD_AGAIN]
        chosen = self._some(fresh, 2 + self._up_to(1)) + self._some(known, 3 + self._up_to(1))
        affair.told = {t.key for t in chosen}
        other = rng.choice(self.topics)
        strangers = [t for _, templates in self._points(other) for t in self._some(templates, 1)]
        words = {**self._words_of(job.place, other, year), **words}
        sentences = self._say(chosen[1:], words)
        cut = 1 + self._up_to(len(sentences) - 2)
        paragraphs = [
            Paragraph(self._say(chosen[:1], words), "summary"),
            Paragraph(sentences[:cut], heading=f"The {affair.kind.name}"),
            Paragraph([*sentences[cut:], *self._say(strangers[: round(2 * self.size)], words)]),
        ]
        before = affair.earlier[-1] if affair.earlier else None
        now = (year - FIRST) * 365 * plan.DAY + job.minute
        near = now - affair.minute <= affairs.NEWS_DAYS * plan.DAY
        affair.minute = now
        sources = [before] if before and rng.random() < (affairs.CITES_NEWS if near else affairs.CITES_LATER) else []
        if len(affair.earlier) > 1 and rng.random() < 0.3:
            sources.append(affair.earlier[-2])
        if affair.single or rng.random() < 0.3:
            recent = self.recent[job.place.code]
            sources += rng.sample(list(recent), min(len(recent), int(rng.random() * 2.4)))
        if rng.random() < 0.25:
            sources.append(self._stray(job.place, year))
        subject = affair.subject
        if not before or rng.random() > SAME_SUBJECT:
            pool = affair.kind.subjects if rng.random() < OF_KIND else affairs.titles()
            left = [t for t in pool if t.key not in affair.titles]
            title = rng.choice(left or pool)
            affair.titles.add(title.key)
            subject = self._say([title], words)[0] + ("" if left else f", {rng.choice(words['MONTH'])} {year}")
        cable = self.desk.dress(job, year, subject, words, [p for p in paragraphs if p.sentences], sources)
        cable.tags = [*affair.tags[: rng.randint(2, 3)], job.place.tag]
        if affair.single:
            return cable
        cable.step = Step(affair.name, len(affair.earlier), before.cable if before else None, kind="event")
        affair.earlier.append(_named(cable))
        affair.subject = subject
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
        kind = self.rng.choice(
            ("visa", "clearance", "clearance", "demarche", "scene", "scene", "digest", "candidate", "talk", "talk")
        )
        words = self._words_of(job.place, job.topic, year)
        lines = self._say(common()[f"form-{kind}"], words)
        cut = len(lines) // 2
        paragraphs = [Paragraph(lines[:cut]), Paragraph(lines[cut:])]
        subject = f"{words['COUNTRY'][0]}: " + FORM_SUBJECTS[kind].format(
            self.rng.choice(words["PERSON" if kind != "demarche" else "NGO"])
        )
        sources = [] if kind in ("visa", "digest", "scene", "talk") else [self._stray(department(), year)]
        cable = self.desk.dress(job, year, subject, words, paragraphs, sources)
        cable.tags = [*FORM_TAGS[kind], job.place.tag]
        return cable

    def _report(self, job: Job, year: int) -> Cable:
        rng, topic = self.rng, job.topic
        if rng.random() < SINGLE:
            affair = affairs.fresh(rng, job.place, self.taken)
            affair.single = True
            return self._affair(replace(job, affair=affair), year)
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
        sources = rng.sample(list(recent), min(len(recent), int(rng.random() * 2.0)))
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
