"""Charts in altair: offline, in UTC, in both themes, at most 5,000 rows, saying what they count and leave out."""

from __future__ import annotations

from cablelab.charts import quickly as quickly  # before anything imports altair
from cablelab.charts.base import enable, live
from cablelab.charts.chain import chain
from cablelab.charts.coverage import coverage, coverage_table
from cablelab.charts.lineage import lineage
from cablelab.charts.lost import gaps
from cablelab.charts.map import map, map_table
from cablelab.charts.matrix import matrix
from cablelab.charts.network import network
from cablelab.charts.saving import save
from cablelab.charts.swimlanes import swimlanes
from cablelab.charts.timeline import timeline, timeline_table
from cablelab.charts.versions import carry_over, phrase, similarity, threads
from cablelab.charts.words import keyness, phrases

__all__ = [
    "carry_over",
    "chain",
    "coverage",
    "coverage_table",
    "enable",
    "gaps",
    "keyness",
    "lineage",
    "live",
    "map",
    "map_table",
    "matrix",
    "network",
    "phrase",
    "phrases",
    "save",
    "similarity",
    "swimlanes",
    "threads",
    "timeline",
    "timeline_table",
]
