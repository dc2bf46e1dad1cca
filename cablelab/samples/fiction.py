"""A generated corpus as a whole: its cables, their truth, and the files that hold them."""

from __future__ import annotations

import hashlib
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path

import polars as pl

from cablelab.samples import forms, truth, writer
from cablelab.samples.forms import Held
from cablelab.samples.render import Message, render
from cablelab.samples.truth import Cable, Truth
from cablelab.samples.world import FIRST, LAST

# How a mixed collection is held, by weight; `csv` are rows of one file. A form that is added takes its share from all the others, and
# what it leaves them stays as it was: each form draws its own lot for each cable.
SHARES = {
    "cablegate-html": 36,
    "cablegate-text": 6,
    "five-line": 10,
    "blog": 7,
    "mirror": 6,
    "flattened": 5,
    "plusd": 5,
    "press": 5,
    "plain": 9,
    "markdown": 4,
    "csv": 7,
}
# These forms say neither year nor full id; a name that says nothing leaves the id to be found by inference.
ANONYMOUS = ("markdown", "plusd")
COPIES = 0.03
# One page in so many contradicts its message: by turns another level, another day.
CONTRADICTS = 40
CSV = "cables.csv"
BROKEN = (
    ("damaged/empty.txt", b""),
    (
        "damaged/half-a-page.html",
        b"<html><head><title>Cable Viewer</title></head><body><div class='main'><p>The download broke off he",
    ),
)


@dataclass(frozen=True)
class Fiction:
    """A generated corpus: `cables` in order of time, written from `seed`."""

    cables: list[Cable]
    seed: int

    def __repr__(self) -> str:
        return f"<Fiction {len(self.cables)} cables · seed {self.seed}>"

    @cached_property
    def messages(self) -> dict[str, Message]:
        """The text of each cable."""
        return {c.cable: render(c) for c in self.cables}

    @cached_property
    def truth(self) -> Truth:
        """What is true of the cables, as frames."""
        _ = self.messages
        return truth.frames(self.cables)

    @cached_property
    def held(self) -> list[Held]:
        """The captures of a mixed collection, in order of name; some cables are held twice, two files are broken."""
        return [h for h, _ in self._held]

    @cached_property
    def captures(self) -> pl.DataFrame:
        """Which file holds which cable in which form; for rows of the CSV the name is `cables.csv#row`."""
        rows = [(h.name, h.form, c) for h, cables in self._held for c in cables if h.name != CSV]
        rows += [(f"{CSV}#{i}", "csv", c) for h, cables in self._held if h.name == CSV for i, c in enumerate(cables, 1)]
        return pl.DataFrame(rows, schema={"name": pl.String, "form": pl.String, "cable": pl.String}, orient="row")

    @cached_property
    def _held(self) -> list[tuple[Held, list[str]]]:
        cited = {r.target for c in self.cables for r in c.references if r.target}
        years = Counter(
            target[2:] for target in cited
        )  # of a post and number that two years share nothing can be inferred
        out: list[tuple[Held, list[str]]] = []
        rows: list[Cable] = []
        for n, cable in enumerate(self.cables):
            form = max(SHARES, key=lambda name: self._lot(name, cable) ** (1 / SHARES[name]))
            others = [name for name in SHARES if name not in {form, "csv"}]
            again = max(others, key=lambda name: self._lot(f"again {name}", cable))
            for one in (form, again) if self._lot("twice", cable) < COPIES else (form,):
                if one == "csv":
                    rows.append(cable)
                    continue
                nameless = (
                    one in ANONYMOUS
                    and cable.cable in cited
                    and years[cable.cable[2:]] == 1
                    and self._lot("nameless", cable) < 0.5
                )
                source = self._contradicting(cable, n) if one == "cablegate-html" else cable
                copy = _aged(self._hold(source, one, f"note-{n:03d}" if nameless else None), n)
                out.append((replace(copy, name=f"{one}/{copy.name}"), [cable.cable]))
        text = "".join(forms.csv_row(c, self.messages[c.cable], i) for i, c in enumerate(rows, 1))
        out.append((Held(CSV, text.encode(), "csv"), [c.cable for c in rows]))
        out += [(Held(name, data, "broken"), []) for name, data in BROKEN]
        return sorted(out, key=lambda pair: pair[0].name)

    def _lot(self, what: str, cable: Cable) -> float:
        """Draw a number from 0 to 1 that depends on nothing else that is drawn."""
        digest = hashlib.sha256(f"{self.seed} {what} {cable.cable}".encode()).digest()
        return int.from_bytes(digest[:6]) / (1 << 48)

    def _hold(self, cable: Cable, form: str, name: str | None = None) -> Held:
        return forms.hold(cable, self.messages[cable.cable], form, name)

    def _contradicting(self, cable: Cable, n: int) -> Cable:
        """Return `cable` as its page gives it wrongly; the message stays."""
        if cable.partial or n % CONTRADICTS:
            return cable
        if n % (2 * CONTRADICTS):
            return replace(cable, sent=cable.sent - timedelta(days=3))
        level = "SECRET" if cable.classification == "CONFIDENTIAL" else "CONFIDENTIAL"
        return replace(cable, classification=level, handling=[])

    def write(self, folder: str | Path) -> Path:
        """Write the mixed collection into `folder`, one folder a form, and return it."""
        root = Path(folder)
        for copy in self.held:
            path = root / copy.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(copy.data)
        return root

    def write_zip(self, path: str | Path) -> Path:
        """Write the mixed collection as one zip file with the same bytes each time, and return its path."""
        with zipfile.ZipFile(path, "w") as archive:
            for copy in self.held:
                info = zipfile.ZipInfo(copy.name, (1980, 1, 1, 0, 0, 0))
                info.external_attr = 0o644 << 16
                info.create_system = 3
                archive.writestr(info, copy.data, zipfile.ZIP_DEFLATED, 9)
        return Path(path)

    def write_form(self, folder: str | Path, form: str) -> Path:
        """Write every cable into `folder` in one form, a file each, named by its id; `csv` gives one file."""
        root = Path(folder)
        root.mkdir(parents=True, exist_ok=True)
        if form == "csv":
            text = "".join(forms.csv_row(c, self.messages[c.cable], i) for i, c in enumerate(self.cables, 1))
            (root / CSV).write_text(text, "utf-8", newline="")
            return root
        for cable in self.cables:
            copy = self._hold(cable, form)
            (root / copy.name).write_bytes(copy.data)
        return root


def _aged(copy: Held, n: int) -> Held:
    """Give some plain texts the bytes of an old Windows editor: its code page, its line ends."""
    if copy.form not in ("plain", "press") or n % 4:
        return copy
    text = copy.data.decode()
    return replace(copy, data=text.encode("cp1252") if n % 8 else text.replace("\n", "\r\n").encode())


def generate(
    cables: int = 400,
    seed: int = 7,
    *,
    size: float = 1.0,
    first: int = FIRST,
    last: int = LAST,
    yearly: int | None = None,
) -> Fiction:
    """Generate a corpus of invented cables with known truth.

    Countries, posts, people and events are made up; only the forms and the codes of subjects are real.

    Parameters
    ----------
    cables
        How many.
    seed
        The same seed gives the same bytes on any machine.
    size
        How long the reports are; 1 is about 2,500 characters of text, 5.8 about 6,800 (as real cables have).
    first, last
        Years.
    yearly
        How many matters are reported on each year, in texts that are carried over from year to year; as seldom as in
        real cables if left out.

    Returns
    -------
    Fiction

    Examples
    --------
    >>> fiction = generate(cables=60, seed=3)
    >>> fiction
    <Fiction 60 cables · seed 3>
    >>> fiction.truth.links.columns
    ['chain', 'a', 'b', 'sentence_a', 'sentence_b', 'label', 'moved']
    """
    return Fiction(list(writer.cables(cables, seed, size=size, first=first, last=last, yearly=yearly)), seed)


def write_csv(
    path: str | Path,
    cables: int = 268_000,
    seed: int = 7,
    *,
    size: float = 5.8,
    progress: Callable[[int], object] | None = None,
) -> Path:
    """Write a `cables.csv` of any length; memory does not grow with it.

    Parameters
    ----------
    path
        The file to write.
    cables, seed, size
        As for `generate`.
    progress
        Called with the number of rows after each thousand.

    Returns
    -------
    Path
    """
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        for i, row in enumerate(rows(cables, seed, size=size), 1):
            file.write(row)
            if progress is not None and i % 1000 == 0:
                progress(i)
    return Path(path)


def rows(cables: int, seed: int = 7, *, size: float = 5.8) -> Iterator[str]:
    """Yield the rows of a `cables.csv` one by one."""
    for i, cable in enumerate(writer.cables(cables, seed, size=size), 1):
        yield forms.csv_row(cable, render(cable), i)
