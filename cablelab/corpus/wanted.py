"""What is cited and not held, as a list to print or to send to an archive."""

from __future__ import annotations

from cablelab import facts
from cablelab.corpus.cited import missing
from cablelab.frames import Framed

NAMED = 6  # citing cables that are named; more are counted


def request_list(corpus: Framed, least: int = 1) -> str:
    r"""Write what a corpus cites and does not hold as plain text: by post, most cited first, a box to tick before each.

    Parameters
    ----------
    corpus
        A Corpus.
    least
        By how many cables an id must be cited to be listed.

    Returns
    -------
    str; each line names the id, what an archive looks for (number and year of the post's telegrams), by which day it must have been sent
    (that of the first cable that cites it, where it is of that year) and who cites it.

    Examples
    --------
    >>> from datetime import date
    >>> import cablelab as cl
    >>> corpus = cl.parse("UNCLAS OSLO 000002\n\nREF: LIMA 31\n\n1. One.", sent=date(2007, 6, 1))
    >>> print(cl.corpus.request_list(corpus).strip())
    Cables wanted: 1, cited by 1 of 1 cables
    <BLANKLINE>
    LIMA (Lima, Peru): 1
    [ ] 07LIMA31: telegram 31 of 2007, sent by 2007-06-01; cited by 1: 07OSLO2
    """
    wanted = missing(corpus, least)
    citing = wanted["citing"].explode(empty_as_null=False, keep_nulls=False).n_unique() if wanted.height else 0
    lines = [f"Cables wanted: {wanted.height:,}, cited by {citing:,} of {corpus.frame('cables').height:,} cables"]
    order = (
        wanted.group_by("post", maintain_order=True)
        .len()
        .sort("len", "post", descending=[True, False], nulls_last=True)
    )
    for post, count in order.iter_rows():
        lines += ["", f"{_office(post)}: {count:,}"]
        for row in wanted.filter(wanted["post"].eq_missing(post)).iter_rows(named=True):
            first = row["first"]  # later than the year that the id tells, it says nothing
            by = f", sent by {first:%Y-%m-%d}" if first and first.year == row["year"] else ""
            named = ", ".join(sorted(row["citing"])[:NAMED])
            more = len(row["citing"]) - NAMED
            what = (
                f"telegram {row['number']} of {row['year']}"
                if row["number"] is not None and row["year"]
                else "year and number unknown"
            )
            lines.append(
                f"[ ] {row['cable']}: {what}{by}; cited by {row['cited_by']}: {named}{f' and {more} more' if more > 0 else ''}"
            )
    return "\n".join(lines) + "\n"


def _office(code: str | None) -> str:
    post = facts.post(code) if code else None
    if post is None:
        return code or "post unknown"
    return f"{code} ({', '.join(part for part in (post.name, post.mission) if part)})"
