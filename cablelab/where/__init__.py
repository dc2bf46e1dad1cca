"""Conditions on cables, as polars expressions over the frame `cables`.

All are Boolean, false where the column is null, and combine by `&`, `|` and `~` with each other and with the user's own
expressions. Each is named after the call that made it, so that `cablelab.as_code.code` can write it down again.
"""

from cablelab.where.columns import (
    about,
    captioned,
    classified,
    drafted_by,
    from_bureau,
    from_mission,
    from_office,
    from_post,
    sent_between,
    tagged,
)
from cablelab.where.references import cited_by, cites

__all__ = [
    "about", "captioned", "cited_by", "cites", "classified", "drafted_by", "from_bureau", "from_mission", "from_office", "from_post",
    "sent_between", "tagged",
]  # fmt: skip
