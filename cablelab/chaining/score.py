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
    "cited": 1.728,
    "alone": 0.783,
    "coupled": 0.956,
    "body": 6.755,
    "theme": 3.900,
    "subject": 5.277,
    "rare": 0.376,
    "tags": 2.045,
    "addressees": 1.003,
    "nearer_earlier": -0.615,
    "nearer_later": -0.542,
    "nearer_subject": -0.237,
    "meetings": -3.756,
    "form_later": -0.376,
    "form_earlier": -0.282,
    "demarches": -1.192,
    "cue": 0.308,
    "apart": -0.234,
    "one_off": -10.002,
    "other_genre": -1.195,
    "scene": -10.000,
}
CONSTANT = -7.972
# the second pass knows what the first found: whether a third cable, before or after both, goes with both; how likely
# another cable continues the earlier one; and that a few cables were chosen, so that more of their pairs are steps
AGAIN = {"logit": 1.093, "before": 1.942, "after": 1.376, "rival": -0.153, "few": 1.568}
CONSTANT_AGAIN = -0.596
MANY = 150
# what is less likely than this is no link for the second pass, and a rival less likely (log odds) is none
FAINT, UNLIKELY = 0.01, -5.0


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
        decided = (
            found.select("a", "b").join(known, on=["a", "b"], how="left", maintain_order="left")["likely"].to_numpy()
        )
        likely = np.where(np.isnan(decided), likely, decided)
    again = logistic(context(found, likely), AGAIN, CONSTANT_AGAIN)
    return found.with_columns(score=pl.Series(again).round(4))


def logistic(values: Array, weights: dict[str, float], constant: float) -> Array:
    """Turn weighed values into probabilities."""
    return np.asarray(1 / (1 + np.exp(-(values @ np.array(list(weights.values())) + constant))))


def context(found: pl.DataFrame, likely: Array) -> Array:
    """Columns of `AGAIN`: the first pass, cables that go with both, another that continues a, how small the mission."""
    a, b = found["a"].to_numpy(), found["b"].to_numpy()
    rows, flat = np.unique(np.concatenate([a, b]), return_inverse=True)
    at_a, at_b = flat[: len(a)], flat[len(a) :]
    some = likely >= FAINT
    links = sp.csr_matrix((likely[some], (at_a[some], at_b[some])), shape=(len(rows), len(rows)))
    turned = links.T.tocsr()
    clipped = np.clip(likely, 1e-6, 1 - 1e-6)
    logit = np.log(clipped / (1 - clipped))
    return np.column_stack(
        [
            logit,
            np.log1p(5 * products(turned, turned, at_a, at_b)),
            np.log1p(5 * products(links, links, at_a, at_b)),
            _rivals(found["a"], logit),
            np.maximum(0, np.log(MANY / found["size"].to_numpy())),
        ]
    )


def _rivals(a: pl.Series, logit: Array) -> Array:
    """Give for each pair the largest value of another pair with the same earlier cable."""
    value = pl.col("value")
    largest, next_to_it = value.max().over("a"), value.top_k(2).min().over("a")
    other = pl.when(pl.len().over("a") == 1).then(UNLIKELY).when(value == largest).then(next_to_it).otherwise(largest)
    frame = pl.DataFrame({"a": a, "value": logit})
    return frame.select(other.clip(lower_bound=UNLIKELY)).to_series().to_numpy()
