"""A condition where Python wants one truth."""

from __future__ import annotations

from cablelab.errors import CablelabError

__all__ = ["NoTruth"]


class NoTruth(CablelabError, TypeError):
    """A condition that `and`, `or`, `not` or `if` was to decide about."""

    def __init__(self, condition: object) -> None:
        super().__init__(
            f"{condition} is true of some cables and false of others, so that Python's and, or, not and if cannot use it."
            " Write & for and, | for or, ~ for not: cl.tagged('ELAB') & cl.from_post('OSLO')."
        )
