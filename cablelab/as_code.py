"""Conditions that can be written down again as the Python code that made them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NoReturn

import polars as pl

from cablelab.errors.conditions import NoTruth

# Every condition that can be written down again, by the path under which notebooks call it; a test finds one that is forgotten.
PATHS = {
    "about": "cl.about",
    "captioned": "cl.where.captioned",
    "cited_by": "cl.cited_by",
    "cites": "cl.cites",
    "classified": "cl.classified",
    "drafted_by": "cl.where.drafted_by",
    "from_bureau": "cl.from_bureau",
    "from_mission": "cl.from_mission",
    "from_office": "cl.where.from_office",
    "from_post": "cl.from_post",
    "mentions": "cl.search.mentions",
    "sent_between": "cl.sent_between",
    "tagged": "cl.tagged",
}
_OWN = re.compile(rf"({'|'.join(PATHS)})(\(.*\))", re.DOTALL)
_OPERATORS = ("&", "|", "==", "!=", ">=", "<=", ">", "<")


def named(expr: pl.Expr, function: str, values: Iterable[object], **options: object) -> pl.Expr:
    """Give a condition the call that made it as its name, and make it false where it is null.

    Parameters
    ----------
    expr
        The condition.
    function, values, options
        The call: its name, its positional and its named arguments; options that are None are left out.

    Examples
    --------
    >>> import polars as pl
    >>> named(pl.col("post") == "OSLO", "from_post", ["Oslo"]).meta.output_name()
    'from_post("Oslo")'
    """
    arguments = [_literal(v) for v in values] + [
        f"{name}={_literal(v)}" for name, v in options.items() if v is not None
    ]
    condition = expr.fill_null(False).alias(f"{function}({', '.join(arguments)})")
    condition.__class__ = Condition
    return condition


class Condition(pl.Expr):
    """A condition that says what to write where Python's `and`, `or` and `not` were meant."""

    def __bool__(self) -> NoReturn:
        raise NoTruth(self.meta.output_name())


def _literal(value: object) -> str:
    if isinstance(value, Verbatim):
        return str(value)
    if isinstance(value, str):
        quoted = repr(value)
        return f'"{quoted[1:-1]}"' if quoted[0] == "'" and '"' not in value else quoted
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    return repr(value)


class Verbatim(str):
    """Words that go into code as they are, such as the name of a variable."""


def code(condition: pl.Expr) -> str | None:
    """Write the Python code that makes a condition again.

    Parameters
    ----------
    condition
        An expression of `cablelab.where`; any such joined by `&`, `|`, `~`; comparisons of a column with a plain value.

    Returns
    -------
    Code that runs after `import cablelab as cl` and `import polars as pl`, or None where polars keeps too little of an
    expression to write it down again.

    Examples
    --------
    >>> import polars as pl
    >>> from cablelab.as_code import code
    >>> from cablelab.where import from_post, tagged
    >>> code(tagged("ELAB") & ~from_post("Oslo") & (pl.col("words") > 500))
    '(cl.tagged("ELAB") & ~cl.from_post("Oslo")) & (pl.col("words") > 500)'
    """
    shown, parts = str(condition), condition.meta.pop()
    if len(parts) == 1:
        name = condition.meta.output_name(raise_if_undetermined=False)
        call = _OWN.fullmatch(name) if name is not None else None
        if call and shown.endswith(f'.alias("{name}")'):
            return PATHS[call[1]] + call[2]
        inner = code(parts[0]) if shown == f"{parts[0]}.not()" else None
        return None if inner is None else f"~{_bracketed(inner)}"
    if len(parts) == 2:
        right, left = parts
        for sign in _OPERATORS:
            if shown == f"[({left}) {sign} ({right})]":
                sides = [code(left), code(right)]
                return None if None in sides else f" {sign} ".join(_bracketed(m) for m in sides if m is not None)
    return _plain(shown)


def _plain(shown: str) -> str | None:
    if found := re.fullmatch(r'col\("([^"\\]*)"\)', shown):
        return f"pl.col({_literal(found[1])})"
    if found := re.fullmatch(r"dyn (?:int|float): (-?[0-9.]+)|(true|false)|\"([^\"\\]*)\"", shown):
        number, flag, text = found.groups()
        return number or (flag.capitalize() if flag else _literal(text))
    return None


def _bracketed(written: str) -> str:
    return f"({written})" if re.search(r" (?:[&|<>]|[=!<>]=) ", re.sub(r"\"[^\"]*\"|'[^']*'", "", written)) else written
