"""Foreign Relations of the United States: edited text of telegrams, in TEI or as pages, which is refused by name.

The editors cut class line and header away and write the rest in small letters. Telegrams that a volume prints as they were sent
(`FM`, `TO`, a date-time group) are read like any text.
"""

from __future__ import annotations

import re

EDITION = re.compile(rb"<TEI\b|http://www\.tei-c\.org/ns|class=[\"']tei-|history\.state\.gov/historicaldocuments")
AS_SENT = re.compile(rb"\bFM\s+(?:AM|US|SEC)[A-Z]+")
MESSAGE = (
    "This is Foreign Relations of the United States: the editors cut class line and header away. Look the telegram up by its number and "
    "date in the National Archives' records (Access to Archival Databases) and read the record; or copy the text into a file named after "
    "the telegram's id, such as 77POST123.txt."
)


def is_edition(data: bytes) -> bool:
    """Say whether `data` is a document of the edition that does not print a telegram as it was sent."""
    return (
        data[:64].lstrip()[:1] == b"<" and EDITION.search(data, 0, 20_000) is not None and AS_SENT.search(data) is None
    )
