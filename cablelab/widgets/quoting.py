"""Values written as Python, for the code that views show."""

from __future__ import annotations

from typing import Any


def literal(value: Any) -> str:
    """Write a value as Python does, texts in double quotes where they can be.

    Examples
    --------
    >>> literal(["ELAB", 2])
    '["ELAB", 2]'
    """
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if not isinstance(value, str):
        return repr(value)
    quoted = ascii(value) if not value.isprintable() else repr(value)
    return f'"{quoted[1:-1]}"' if quoted[0] == "'" and '"' not in quoted else quoted
