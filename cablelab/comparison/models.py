"""Three small logistic models: what each asks of two sentences, and how much each answer weighs.

A model gives the log odds that two sentences tell the same: the sum of its answers times their weights. Answers are
numbers between 0 and 1 unless said otherwise. All weights are fitted on real pairs of cables whose links were set by
hand; `python -m tests.benchmarks.fit_links` prints them anew, with what they reach on chains left out of the fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

# 1. Two sentences by themselves.
ALONE = {
    "alike": 8.841,  # are the words the same and in the same order (indel)?
    "shared": -5.484,  # how much of what both tell is common to them (dice of weighed units)?
    "covered": 7.925,  # how much of what the shorter tells does the other tell too?
    "rare": 1.093,  # how many common units does each cable tell once only (0 to 4)?
    "short": -6.73,  # how little does the shorter tell at all?
    "apart": -2.201,  # how far apart do they stand, as shares of their cables?
    "paragraphs": 4.469,  # how alike are their paragraphs?
    "paragraphs_lead": 1.413,  # how far ahead is this pair of paragraphs of its rivals (-1 to 1)?
    "lead_old": 3.549,  # how far ahead is the pair of others with this older sentence (-1 to 1)?
    "lead_new": 3.96,  # how far ahead is it of others with this newer sentence (-1 to 1)?
    "constant": -6.567,
}

# 2. The same two in their surroundings, as the first model sees them.
AROUND = {
    "odds": 0.608,  # the log odds of the first model (-8 to 8)
    "lead_old": 0.25,  # by how much do they exceed those of others with this older sentence (-4 to 4)?
    "lead_new": 0.248,  # and of others with this newer sentence (-4 to 4)?
    "beside": 1.477,  # how likely is a link of one of them with a neighbour of the other?
    "sure": 2.167,  # how near is a sure link, above and below in step?
    "company": 0.146,  # what share of the likely links of these two paragraphs join the two with each other?
    "names": 25.727,  # how much of what the two cables name is common to them (0 to 0.3)?
    "constant": -9.804,
}

# 3. A sentence left over, its neighbour's partner: is it part of a split or a merge?
JOIN = {
    "new": 0.719,  # what share of what it tells does the partner tell, and no other part?
    "fills": 0.614,  # what share of what no other part tells does it tell?
    "weight": 0.883,  # how much is that (logarithm of the weight)?
    "units": 0.786,  # how many units is that (logarithm)?
    "told": 5.321,  # what share of what it tells does the partner tell at all?
    "odds": 0.381,  # the log odds of the second model for this very pair (-8 to 8)
    "lead": 0.177,  # by how much do they exceed those of free partners (-6 to 6)?
    "alike": -1.351,  # does the likeness rise when it is joined to the other parts (-1 to 1)?
    "order": 1.543,  # do its words stand in the partner where its place says (-1 to 1)?
    "next": 1.709,  # does it touch one of the other parts?
    "same": 0.623,  # does it stand in the paragraph of another part?
    "length": 3.281,  # how much longer is the partner than its other parts (logarithm)?
    "constant": -9.555,
}

ACCEPT = 0.35
"""Two sentences are linked from this probability on."""
JOINED = 0.45
"""A left-over sentence joins a split or merge from this probability on."""
FIRM = 0.95
"""Below it a link is weak. Of links at or above it, on chains left out of the fit, 99 in 100 were right."""


@dataclass(frozen=True, slots=True)
class Models:
    """The three models and the three bounds; a fit makes others."""

    alone: Mapping[str, float]
    around: Mapping[str, float]
    join: Mapping[str, float]
    accept: float = ACCEPT
    joined: float = JOINED
    firm: float = FIRM


OURS = Models(ALONE, AROUND, JOIN)


def judge(answers: Mapping[str, Any], model: Mapping[str, float]) -> Numbers:
    """Give the probability that a model finds.

    Parameters
    ----------
    answers
        For each question of the model an array, one number a pair of sentences.
    model
        One of the models above.

    Returns
    -------
    array of float
        Probabilities, 0 to 1.

    Examples
    --------
    >>> float(judge({"x": np.array([0.0])}, {"x": 2.0, "constant": 0.0})[0])
    0.5
    """
    odds = sum(np.asarray(answers[name], float) * weight for name, weight in model.items() if name != "constant")
    return np.asarray(1 / (1 + np.exp(-np.clip(odds + model["constant"], -30, 30))))


def log_odds(probability: Any) -> Numbers:
    """Turn probabilities into log odds, kept between -14 and 14."""
    p = np.clip(np.asarray(probability, float), 1e-6, 1 - 1e-6)
    return np.asarray(np.log(p / (1 - p)))
