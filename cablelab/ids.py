"""Ids of cables, the message reference numbers: how they are read, how they are written, and which century two digits mean.

The key under which a corpus holds a cable is its id as the field writes it: two-digit year, post, number without leading zeros
(`07ASTANA3256`). Whoever reads or writes an id does it here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

PIVOT = (
    50  # two-digit years from here on are of the 1900s: telegrams are cited from the 1950s on, and none is of the 2050s
)

_APART = r"[\s_.,:'’/\u2010-\u2015-]"  # what people write between the parts of an id, and within the names of posts
_YEAR = r"[(']?(?P<year>[0-9]{4}|[0-9]{2})\)?"
_ID = re.compile(
    rf"{_YEAR}{_APART}{{0,3}}(?P<post>[A-Z](?:{_APART}{{0,2}}[A-Z]){{2,23}}){_APART}{{0,3}}0{{0,9}}(?P<number>[0-9]{{1,7}})(?:_[A-E])?"
)
# Ids that were cut from a classification line wrongly: the section, EFTO or the office's kind got into them, or a suffix after the number.
_DEBRIS = re.compile(
    r"(?:S[A-Z]{0,7}TIO?N?[0-9]{1,2}OF[0-9]{1,2}|[A-Z]{0,20}ECTION[0-9]{0,2}O?F?[0-9]{0,2}|E?EFTO|FOUO|NOFORN|AMEMBASSY|AMCONSUL|USMISSION(?=[A-Z]{3}))"
)
_SUFFIX = re.compile(r"(?<=[0-9])(?:Z[DF][A-Z].*|SUSPECTEDDUPLICATE.*|TOSEC[0-9]+)$")
_SEPARATOR = re.compile(_APART)
_OPENING = re.compile(r"[0-9]{4}(?=[^0-9])|[0-9]{2}")
_NOT_LETTER = re.compile(r"[^A-Z]")
_LONGEST = 120  # characters; nothing longer is an id


@dataclass(frozen=True, slots=True)
class Id:
    """An id: year with four digits, post code, number."""

    year: int
    post: str
    number: int

    def __str__(self) -> str:
        return written(self.year, self.post, self.number)


def read(text: str | None) -> Id | None:
    """Read an id as pages, tables, file names and people write it; mend the known kinds of damage.

    Returns
    -------
    Id, or None if the text as a whole is none.

    Examples
    --------
    >>> str(read("07ASTANA3256")), str(read("2007ASTANA03256_a")), str(read("07 St. Petersburg 12"))
    ('07ASTANA3256', '07ASTANA3256', '07STPETERSBURG12')
    >>> str(read("08SECTION01OF03CAIRO1416")), str(read("2009EFTOLONDON2521")), str(read("7575LIBREVILLE1895")), read("092OF5")
    ('08CAIRO1416', '09LONDON2521', '75LIBREVILLE1895', None)
    """
    if not text or len(text) > _LONGEST:
        return None
    word = text.strip().upper()
    found = _ID.fullmatch(word)
    if found is None or _DEBRIS.match(_letters(found["post"])):
        found = _ID.fullmatch(_mended(word))
        if found is None:
            return None
    year, number = _year(found["year"]), int(found["number"])
    return Id(year, _letters(found["post"]), number) if number and 1900 <= year <= 2100 else None


def _letters(post: str) -> str:
    return _NOT_LETTER.sub("", post)


def _mended(word: str) -> str:
    """Take out what got into an id by mistake; a word in which nothing of the kind is found is no id, and gives none."""
    word = _SEPARATOR.sub("", word)
    if (digits := _OPENING.match(word)) is None:
        return ""
    rest = word[digits.end() :]
    mended = _SUFFIX.sub("", _DEBRIS.sub("", rest))
    return digits[0] + mended if mended != rest else ""


def _year(digits: str) -> int:
    if len(digits) == 4 and digits[:2] == digits[2:] and digits[:2] not in {"19", "20"}:
        digits = digits[:2]  # copies write it twice
    return int(digits) if len(digits) == 4 else full_year(int(digits))


def full_year(two: int) -> int:
    """Turn a two-digit year into one with four; one with four stays.

    >>> full_year(7), full_year(66), full_year(1975)
    (2007, 1966, 1975)
    """
    return two if two > 99 else 1900 + two if two >= PIVOT else 2000 + two


def written(year: int, post: str, number: int) -> str:
    """Write an id as a corpus's key; the year may have two or four digits.

    >>> written(2007, "ASTANA", 3256)
    '07ASTANA3256'
    """
    return f"{year % 100:02d}{post}{number}"


def written_of(year: pl.Expr, post: pl.Expr, number: pl.Expr) -> pl.Expr:
    """Write ids from columns, as `written` does.

    >>> columns = {"year": [2007], "post": ["ASTANA"], "number": [3256]}
    >>> pl.DataFrame(columns).select(written_of(pl.col("year"), pl.col("post"), pl.col("number"))).item()
    '07ASTANA3256'
    """
    return pl.format("{}{}{}", (year % 100).cast(pl.String).str.zfill(2), post, number)


def apart(keys: pl.Series) -> pl.DataFrame:
    """Part keys into columns `year` (two digits), `post` and `number`, all String; null where a key is no id.

    >>> apart(pl.Series(["07ASTANA3256", "unidentified-0123456789ab"])).rows()
    [('07', 'ASTANA', '3256'), (None, None, None)]
    """
    pattern = r"^(?<year>[0-9]{2})(?<post>[A-Z]+)(?<number>[0-9]+)$"
    return keys.str.extract_groups(pattern).struct.unnest()


def normal_id(text: str) -> str:
    """Write a cable's id as the key is written: two-digit year, post, number without leading zeros.

    Parameters
    ----------
    text
        An id such as `"07 ASTANA 3256"`, `"07ASTANA03256"`, `"2007astana3256"`; anything else comes back stripped.

    Examples
    --------
    >>> normal_id("07 Astana 03256")
    '07ASTANA3256'
    """
    found = read(text)
    return text.strip() if found is None else str(found)
