"""Import altair without the two seconds that a grammar of web addresses costs, which no chart asks for.

Altair imports jsonschema, and that `rfc3987_syntax`, which builds a grammar with Lark as it is imported, for the sake of
one function that checks the format `iri`. While altair is imported, a module stands in for it whose function does
the import when it is called. Afterwards the stand-in is gone: who imports `rfc3987_syntax` gets the real one, and
jsonschema checks what it always did.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

NAME = "rfc3987_syntax"


def import_altair() -> None:
    """Import altair; where jsonschema is loaded already, or its helper is missing or loaded, nothing else happens.

    Examples
    --------
    >>> from cablelab.charts import quickly
    >>> quickly.import_altair()
    """
    if "jsonschema" in sys.modules or NAME in sys.modules or find_spec(NAME) is None:
        import_module("altair")
        return
    standing_in = ModuleType(NAME)

    def is_valid_syntax(term: str, value: str) -> bool:
        return bool(import_module(NAME).is_valid_syntax(term, value))

    standing_in.is_valid_syntax = is_valid_syntax  # type: ignore[attr-defined]
    sys.modules[NAME] = standing_in
    try:
        import_module("altair")
    finally:
        if sys.modules.get(NAME) is standing_in:
            del sys.modules[NAME]


import_altair()
