"""How one message is written: the oddities of real traffic, drawn once for each cable."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Style:
    """The choices of writing for one message.

    `width` is the column at which lines break, 0 where paragraphs are joined into lines of their own. `labels` says
    how a REF list is written, `mark` what stands before a paragraph's text, `fence` how headings are set off,
    `tags` how codes are parted.
    """

    width: int = 68
    blank: str = ""
    gap: str = "  "
    mark: str = "{}. "
    numbered: bool = True
    fence: str = "under"
    summary: str = "Summary"
    ends: bool = True
    labels: str = "(A)"
    ref: str = "REF"
    tags: str = " "
    tags_on_order_line: bool = False
    wrapped_tags: bool = False
    one_line_head: bool = False
    sipdis: int = 1
    ref_gap: bool = False
    years: bool = False
    ids: bool = False
    bullet: str = "-- "
    subject: str = "SUBJECT"
    order: str = "E.O. 12958: "
    classified: str = "title-first"
    trailer: str = ""
    start: bool = True
    lines_a_section: int = 60
    long_year: bool = True

    @property
    def names(self) -> list[str]:
        """Name the oddities, for the truth table."""
        odd = {
            "joined-paragraphs": not self.width,
            "unnumbered": not self.numbered,
            "missing-end": not self.ends,
            "tags-comma": "," in self.tags,
            "tags-on-order-line": self.tags_on_order_line,
            "tags-wrapped": self.wrapped_tags,
            "one-line-head": self.one_line_head,
            "sipdis-twice": self.sipdis > 1,
            "ref-gap": self.ref_gap,
            "ids-in-ref": self.ids,
            "trailer": bool(self.trailer),
            "no-start": not self.start,
            "pilcrow": "¶" in self.mark,
            f"labels-{self.labels}": True,
            f"heading-{self.fence}": True,
            f"classified-{self.classified}": True,
        }
        return [name for name, has in odd.items() if has]


def draw(rng: Random) -> Style:
    """Draw a style, in about the proportions of real traffic."""
    r = rng.random
    joined = r() < 0.12
    width = 0 if joined else rng.randint(64, 69)
    return Style(
        width=width,
        blank="" if joined or r() < 0.5 else " ",
        gap=" " if joined or r() < 0.3 else "  ",
        mark=("{}. ", "{}. ", "{}.  ", "{}. ", "{}.", "{}) ", "¶{}. ")[int(r() * 7)],
        numbered=r() > 0.05,
        fence=("under", "under", "none", "both", "equals")[int(r() * 5)],
        summary=("Summary", "SUMMARY", "Summary", "heading", "BEGIN SUMMARY")[int(r() * 5)],
        ends=r() > 0.08,
        labels=("(A)", "A.", "A)", "(A)", "lines")[int(r() * 5)],
        ref=("REF", "REF", "REF", "REFS", "REFTEL", "Ref")[int(r() * 6)],
        tags=(" ", " ", ", ", ",")[int(r() * 4)],
        tags_on_order_line=r() < 0.04,
        wrapped_tags=r() < 0.08,
        one_line_head=joined and r() < 0.5,
        sipdis=2 if r() < 0.2 else 1,
        ref_gap=r() < 0.1,
        years=r() < 0.2,
        ids=r() < 0.04,
        bullet=("-- ", "-- ", "- ", "A. ", "(a) ")[int(r() * 5)],
        subject="SUBJ" if r() < 0.06 else "SUBJECT",
        order=("E.O. 12958: ", "E.O. 12958: ", "E.O. 12958: ", "EO 12958 ", "E.O.12958: ")[int(r() * 5)],
        classified=("title-first", "name-first", "title-first", "marked", "reason", "upper")[int(r() * 6)],
        trailer=("", "", "", "", "", "", "nnnn", "bt", "passed", "ends")[int(r() * 10)],
        start=r() > 0.08,
        lines_a_section=rng.randint(45, 75),
        long_year=r() > 0.3,
    )
