"""What every capture form yields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cablelab.capture.furniture import set_aside
from cablelab.capture.telegram import Aside

Problem = tuple[str, str | None, str]


@dataclass(frozen=True, slots=True)
class Page:
    """What the page or record around a message says about it; all may be missing.

    `created` is naive UTC; `created_to` says how far it can be trusted: `"day"`, `"hour"` or `"minute"`. What an archive's
    record says of a telegram of 1973-79 stands in the fields from `document_number` on, `references` as ids with their
    years; `text_held` is false where the record has no text.
    """

    cable: str | None = None
    created: datetime | None = None
    created_to: str = "hour"
    released: datetime | None = None
    classification: str | None = None
    origin: str | None = None
    title: str | None = None
    document_number: str | None = None
    film_number: str | None = None
    office: str | None = None
    drafted_by: str | None = None
    approved_by: str | None = None
    concepts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    executive_order: str | None = None
    references: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    text_held: bool = True


NO_PAGE = Page()


@dataclass(frozen=True, slots=True)
class Capture:
    """One copy of one cable: the text that all offsets refer to, and what was said around it.

    `start` and `end` (characters; `end` None is the end) bound the message proper inside `text`: what lies outside is
    chrome of the page. `source` is the path, `path#row`, or `text-N`; `sha256` is the hash of the captured bytes;
    `stem` a file name without its ending, which may carry the id. `problems` are (code, field, message) that arose
    while the bytes were read. `asides` are (start, end, role), sorted and apart: what stands among the lines of the message
    and is none of it.
    """

    text: str
    format: str
    source: str
    sha256: str
    page: Page = NO_PAGE
    start: int = 0
    end: int | None = None
    stem: str | None = None
    problems: tuple[Problem, ...] = ()
    asides: tuple[Aside, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A source that gave no cable: its name, a code, and a message that names the cause and the cure."""

    source: str
    code: str
    message: str


def failed(source: str, error: Exception) -> Unreadable:
    """Build the row for a source on which the reader itself failed, so that all others are read.

    >>> failed("odd.html", ValueError("too many digits")).message
    'Reading it failed (ValueError: too many digits). Report it, with the file, as a fault of cablelab; the rest was read.'
    """
    if isinstance(error, OSError):
        sentence = f"It cannot be read ({error.strerror or error}). Check the disk and your rights."
        return Unreadable(source, "unreadable-file", sentence)
    cause = f"{type(error).__name__}: {str(error)[:200]}".rstrip(": ")
    return Unreadable(
        source,
        "failed",
        f"Reading it failed ({cause}). Report it, with the file, as a fault of cablelab; the rest was read.",
    )


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a capture's bytes come from: what every form copies into what it yields."""

    source: str
    sha256: str
    stem: str | None = None
    problems: tuple[Problem, ...] = ()

    def capture(
        self,
        text: str,
        form: str,
        page: Page = NO_PAGE,
        start: int = 0,
        end: int | None = None,
        problems: tuple[Problem, ...] = (),
        asides: tuple[Aside, ...] = (),
        printed: bool = True,
    ) -> Capture:
        """Build the capture of `text`, read as `form`, with this origin's name, hash and problems.

        What is to be set aside is looked for, except in a text that no printer or reviewer can have touched (not `printed`).
        """
        return Capture(
            text, form, self.source, self.sha256, page, start, end, self.stem, (*self.problems, *problems),
            set_aside(text, asides) if printed else asides,
        )  # fmt: skip

    def unreadable(self, code: str, message: str) -> Unreadable:
        """Build the row for bytes that hold no cable."""
        return Unreadable(self.source, code, message)
