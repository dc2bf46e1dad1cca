"""Who is named in which cable: signer, classifier, drafter, approver, and who is addressed by name."""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from cablelab.errors.arguments import of_corpus
from cablelab.frames import UTC, Framed

ROLES = ("signer", "classifier", "drafter", "approver", "addressee")
Role = pl.Enum(ROLES)
MENTIONS: dict[str, Any] = {
    "cable": pl.String,
    "role": Role,
    "name": pl.String,
    "title": pl.String,
    "post": pl.String,
    "sent": UTC,
}
_COLUMNS = (("signer", "signed_by", None), ("classifier", "classified_by", "classified_title"), ("drafter", "drafted_by", None),
            ("approver", "approved_by", None))  # fmt: skip
_RANK = r"(?:AMB(?:ASSADOR)?|DCM|CHARGE|A/S|DAS|U/S|D/S|SECRETARY|ASSISTANT SECRETARY|UNDER SECRETARY|GENERAL|ADMIRAL|CONSUL GENERAL|DIRECTOR)"
_ADDRESSED = re.compile(
    rf"\bFOR[ ]+(?:THE[ ]+)?(?P<title>{_RANK}\.?)[ ]+(?P<name>[A-Z][A-Z'’\-]{{2,20}})(?=[ ]*(?:$|[,.;\n]|FROM\b|AND\b))",
    re.MULTILINE,
)


@of_corpus
def mentions_of_people(corpus: Framed) -> pl.DataFrame:
    """List who is named in which cable, and as what.

    Returns
    -------
    DataFrame, one row a cable, role and name: `cable`, `role` (signer, classifier, drafter, approver, addressee), `name` and `title` as
    written (String), `post` (of the cable), `sent` (UTC). Also as `corpus.people`.

    Examples
    --------
    >>> import cablelab as cl
    >>> cl.sample().people.columns
    ['cable', 'role', 'name', 'title', 'post', 'sent']
    """
    cables = corpus.frame("cables")
    parts = [pl.DataFrame(schema=MENTIONS)]
    for role, column, title in _COLUMNS:
        if column not in cables.columns:
            continue
        named = cables.filter(pl.col(column).str.strip_chars() != "")
        parts.append(
            named.select(
                "cable",
                pl.lit(role).cast(Role).alias("role"),
                pl.col(column).str.replace_all(r"\s+", " ").str.strip_chars(" .,;").alias("name"),
                (pl.col(title) if title else pl.lit(None, pl.String)).alias("title"),
                "post",
                "sent",
            )
        )
    parts.append(_addressed(corpus))
    return (
        pl.concat(parts).filter(~pl.col("name").str.contains("(?i)^x{2,}$")).sort("cable", "role", maintain_order=True)
    )


def _addressed(corpus: Framed) -> pl.DataFrame:
    """Read the officers that passing lines and subjects name: `FOR AMBASSADOR ADLER FROM ...`."""
    passing = (
        corpus.frame("spans")
        .filter(pl.col("role").is_in(["passing", "caption"]))
        .join(corpus.frame("texts"), on="cable")
        .select("cable", line=pl.col("text").str.slice(pl.col("start"), pl.col("end") - pl.col("start")))
    )
    lines = pl.concat([passing, corpus.frame("cables").select("cable", line="subject").drop_nulls()])
    rows = [
        (cable, found["name"].title(), found["title"].rstrip("."))
        for cable, line in lines.iter_rows()
        for found in _ADDRESSED.finditer(line)
    ]
    found = pl.DataFrame(rows, schema={"cable": pl.String, "name": pl.String, "title": pl.String}, orient="row").unique(
        ["cable", "name"], keep="first", maintain_order=True
    )
    return found.join(corpus.frame("cables").select("cable", "post", "sent"), on="cable", maintain_order="left").select(
        "cable", pl.lit("addressee").cast(Role).alias("role"), "name", "title", "post", "sent"
    )
