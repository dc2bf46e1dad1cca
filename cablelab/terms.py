"""Months, levels of classification, masks: written once, for all rooms."""

from __future__ import annotations

import re

# Not from the calendar module, whose names follow the locale.
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MONTHS = {name[:3].upper(): number for number, name in enumerate(MONTH_NAMES, 1)}
# A pattern; whoever reads small letters too says so.
MONTH = f"(?:{'|'.join(MONTHS)})"
# The lowest first.
LEVELS = ("UNCLASSIFIED", "LIMITED OFFICIAL USE", "CONFIDENTIAL", "SECRET", "TOP SECRET")
# A pattern for a level as pages write it, letters together. What holds another's words comes first.
LEVEL = f"(?:{'|'.join(LEVELS[::-1])})"
# What a copy puts over words that it hides.
MASK = re.compile(r"XXXX+|xxxx+|[█▇■]{2,}")
