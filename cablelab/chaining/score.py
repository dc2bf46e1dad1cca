"""How likely a pair is a step: a logistic probability, in two passes.

The constants are fitted on real chains by `python -m tests.benchmarks.fit_chains`, which prints this table anew.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import scipy.sparse as sp

from cablelab.chaining.features import FEATURES
from cablelab.chaining.vectors import products

Array = np.ndarray[Any, Any]

WEIGHTS: dict[str, float] = {
    "cited": 1.552,
    "alone": 1.082,
    "coupled": 0.985,
    "body": 5.745,
    "theme": 3.972,
    "subject": 2.945,
    "rare": 0.330,
    "tags": 1.900,
    "addressees": 1.206,
    "nearer_earlier": -0.684,
    "nearer_later": -0.653,
    "nearer_subject": -0.479,
    "meetings": -3.970,
    "form_later": -0.830,
    "form_earlier": -0.501,
    "demarches": -1.142,
    "cue": 0.490,
    "words": -0.028,
    "one_off": -3.052,
}
CONSTANT = -8.348
# the second pass knows what the first found: whether a third cable, before or after both, goes with both; and that a
# collection of a few cables was chosen, so that more of its pairs are steps
AGAIN = {"logit": 1.116, "before": 1.519, "after": 0.556, "few": 1.529}
CONSTANT_AGAIN = -0.037
MANY = 150
# what is less likely than this is no link for the second pass
FAINT = 0.01


def scored(found: pl.DataFrame, known: pl.DataFrame | None = None) -> pl.DataFrame:
    """Add `score`, the probability that a pair of `features.pairs` is a step.

    Parameters
    ----------
    found
        The pairs of whole missions.
    known
        What somebody decided: a, b, likely (1.0 or 0.0); the second pass reckons with it.
    """
    likely = logistic(found.select(FEATURES).to_numpy(), WEIGHTS, CONSTANT)
    if known is not None and known.height:
        said = found.select("a", "b").join(known, on=["a", "b"], how="left", maintain_order="left")["likely"].to_numpy()
        likely = np.where(np.isnan(said), likely, said)
    again = logistic(context(found, likely), AGAIN, CONSTANT_AGAIN)
    return found.with_columns(score=pl.Series(again).round(4))


def logistic(values: Array, weights: dict[str, float], constant: float) -> Array:
    """Turn weighed values into probabilities."""
    return np.asarray(1 / (1 + np.exp(-(values @ np.array(list(weights.values())) + constant))))


def context(found: pl.DataFrame, likely: Array) -> Array:
    """Columns of `AGAIN`: the first pass, how strongly earlier and later cables go with both, how small the mission."""
    a, b = found["a"].to_numpy(), found["b"].to_numpy()
    rows, flat = np.unique(np.concatenate([a, b]), return_inverse=True)
    at_a, at_b = flat[: len(a)], flat[len(a) :]
    links = sp.csr_matrix((np.where(likely >= FAINT, likely, 0), (at_a, at_b)), shape=(len(rows), len(rows)))
    turned = links.T.tocsr()
    clipped = np.clip(likely, 1e-6, 1 - 1e-6)
    return np.column_stack(
        [
            np.log(clipped / (1 - clipped)),
            np.log1p(5 * products(turned, turned, at_a, at_b)),
            np.log1p(5 * products(links, links, at_a, at_b)),
            np.maximum(0, np.log(MANY / found["size"].to_numpy())),
        ]
    )
