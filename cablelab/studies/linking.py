"""Who cites whom: the network of references, and what is cited and not held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from cablelab.corpus.cited import cited_pairs, filled
from cablelab.errors import InvalidQuery, NotInstalled
from cablelab.errors.arguments import of_corpus
from cablelab.frames import UTC

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

NODES: dict[str, Any] = {
    "cable": pl.String, "held": pl.Boolean, "post": pl.String, "year": pl.Int16, "number": pl.Int32, "sent": UTC,
    "subject": pl.String, "cited_by": pl.Int32, "cites": pl.Int32, "distance": pl.Int32,
}  # fmt: skip
EDGES: dict[str, Any] = {
    "cable": pl.String,
    "target": pl.String,
    "label": pl.String,
    "note": pl.String,
    "lag": pl.Int32,
}


@dataclass(frozen=True, slots=True)
class Network:
    """References as a graph.

    `nodes` has one row a cable: `cable`, `held` (Boolean), `post`, `year`, `number`, `sent` (UTC, null where not held or undated),
    `subject`, `cited_by` and `cites` (Int32: cables within this network), `distance` (Int32: steps from the cables asked for; 0 where
    all were). `edges` has one row a citing cable and target: `cable`, `target`, `label`, `note` (as `references`), `lag` (Int32: days
    from the target to the citing cable; null where one is undated).
    """

    nodes: pl.DataFrame
    edges: pl.DataFrame

    def __repr__(self) -> str:
        in_corpus = int(self.nodes["held"].sum())
        return f"<Network {self.nodes.height:,} cables, {in_corpus:,} held · {self.edges.height:,} references>"

    def to_graphml(self, path: str | Path) -> Path:
        """Write the network as GraphML, which Gephi, yEd, igraph and networkx read.

        Raises
        ------
        NotInstalled
            Without networkx: install `cablelab[graph]`.

        Examples
        --------
        >>> import tempfile, pathlib
        >>> import cablelab as cl
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     cl.network(cl.sample()).to_graphml(pathlib.Path(folder, "network.graphml")).stat().st_size > 1000
        True
        """
        graph = self.to_networkx()
        import networkx

        target = Path(path)
        networkx.write_graphml(graph, str(target))
        return target

    def to_networkx(self) -> Any:
        """Give the network as a `networkx.DiGraph`; dates as ISO text, empty fields left out.

        Raises
        ------
        NotInstalled
            Without networkx: install `cablelab[graph]`.

        Examples
        --------
        >>> import cablelab as cl
        >>> cl.network(cl.sample()).to_networkx().is_directed()
        True
        """
        try:
            import networkx
        except ImportError as error:
            raise NotInstalled("networkx", "graph", "to export a network as a graph") from error
        graph = networkx.DiGraph()
        nodes = self.nodes.with_columns(pl.col("sent").dt.strftime("%Y-%m-%dT%H:%MZ"))
        for row in nodes.iter_rows(named=True):
            graph.add_node(row["cable"], **{k: v for k, v in row.items() if v is not None and k != "cable"})
        for row in self.edges.iter_rows(named=True):
            rest = {k: v for k, v in row.items() if v is not None and k not in {"cable", "target"}}
            graph.add_edge(row["cable"], row["target"], **rest)
        return graph


@of_corpus
def network(corpus: Corpus, cables: str | Iterable[str] | None = None, depth: int = 2) -> Network:
    """Gather the references of a corpus, or of the surroundings of some cables, as a graph.

    Parameters
    ----------
    corpus
        A Corpus.
    cables
        Ids, in any spelling, from which to follow references both ways; None takes all that cite or are cited.
    depth
        How many steps to follow, 1 or more; without `cables` it says nothing.

    Returns
    -------
    Network; a cable that is cited and not held is a node too. What cites nothing and is not cited is none, unless asked for.

    Raises
    ------
    InvalidQuery
        If `depth` is below 1.
    UnknownCable
        If the corpus does not hold one of `cables`.

    Notes
    -----
    Only references whose target could be read are edges; cables that others cite often are not for that reason important ones:
    background and instructions are cited most.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> cl.network(corpus, corpus.references["cable"][0], depth=1).nodes["distance"].max()
    1
    """
    if depth < 1:
        raise InvalidQuery(f"A network of depth {depth} holds nothing. Give the number of steps to follow, 1 or more.")
    edges = cited_pairs(corpus)
    if cables is None:
        distance = _ends(edges).with_columns(distance=pl.lit(0, pl.Int32))
    else:
        start = [corpus.key(cable) for cable in ([cables] if isinstance(cables, str) else cables)]
        distance = _reached(edges, start, depth)
        inside = distance["cable"].implode()
        edges = edges.filter(pl.col("cable").is_in(inside) & pl.col("target").is_in(inside))
    return _network(corpus, edges, distance)


def _ends(edges: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([edges.select("cable"), edges.select(cable="target")]).unique(maintain_order=True)


def _reached(edges: pl.DataFrame, start: list[str], depth: int) -> pl.DataFrame:
    """Walk from the cables asked for, both ways; `distance` is the fewest steps."""
    both = pl.concat([edges.select("cable", other="target"), edges.select(cable="target", other="cable")])
    found = pl.DataFrame({"cable": start}, schema={"cable": pl.String}).unique(maintain_order=True)
    found = found.with_columns(distance=pl.lit(0, pl.Int32))
    edge = found
    for step in range(1, depth + 1):
        near = both.join(edge, on="cable", how="semi").select(cable="other").unique(maintain_order=True)
        edge = near.join(found, on="cable", how="anti").with_columns(distance=pl.lit(step, pl.Int32))
        found = pl.concat([found, edge])
    return found


def _network(corpus: Corpus, edges: pl.DataFrame, distance: pl.DataFrame) -> Network:
    about = corpus.cables.select("cable", "post", "year", "number", "sent", "subject").with_columns(held=pl.lit(True))
    nodes = (
        filled(distance.join(about, on="cable", how="left", maintain_order="left"))
        .with_columns(pl.col("held").fill_null(False))
        .join(edges.group_by(cable="target").agg(cited_by=pl.len().cast(pl.Int32)), on="cable", how="left")
        .join(edges.group_by("cable").agg(cites=pl.len().cast(pl.Int32)), on="cable", how="left")
        .with_columns(pl.col("cited_by", "cites").fill_null(0))
        .sort("distance", "year", "post", "number", "cable", nulls_last=True)
        .select(*NODES)
    )
    when = about.select("cable", "sent")
    lagged = (
        edges.join(when, on="cable", how="left", maintain_order="left")
        .join(when.select(target="cable", before="sent"), on="target", how="left", maintain_order="left")
        .with_columns(lag=(pl.col("sent") - pl.col("before")).dt.total_days().cast(pl.Int32))
        .select(*EDGES)
    )
    return Network(nodes, lagged)
