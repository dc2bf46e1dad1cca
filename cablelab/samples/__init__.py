"""Fictional corpora: the sample that ships with the package, and the generator that wrote it.

Nothing in them is a record. The countries (Velmaria, Drovnia, Ulmaristan, Ombara, San Telmaro, Maruhai, Harudiya,
the Skar Islands), their posts, people, firms and programs do not exist, and no sentence comes from a real cable.
Real are the forms of the messages and the codes for subjects, so that the sample is read by the same code as
anyone's cables.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from cablelab import kept
from cablelab.frames import SCHEMAS

if TYPE_CHECKING:
    from cablelab.corpus import Corpus
    from cablelab.samples.fiction import Fiction, generate, write_csv

__all__ = ["Fiction", "add_facts", "generate", "invented", "sample", "write_csv"]

HERE = Path(__file__).parent
SHIPPED = HERE / "sample.zip"


def sample() -> Corpus:
    """Read the sample corpus: about 400 invented cables of ten posts over seven years, held in eleven forms.

    Its countries and posts exist nowhere else; they are added to what the package knows of posts and TAGS. It is read once a
    version of the package; its frames are kept in the user's cache.

    Returns
    -------
    Corpus
        Two broken files stand in its `problems`, a few cables are held twice.

    Examples
    --------
    >>> import cablelab as cl
    >>> corpus = cl.sample()
    >>> corpus.cables["mission"].n_unique() >= 8
    True
    """
    from cablelab.corpus import Corpus

    add_facts()
    name = f"sample-{_version()}.zip"
    frames = _unpacked(kept.read(name))
    if frames is None:
        frames = _as_read()
        kept.keep(name, _packed(frames))
    return Corpus(frames)


def _as_read() -> dict[str, pl.DataFrame]:
    """Read the sample's captures; sources are named from the zip on, so that the frames are the same wherever the package lies."""
    from cablelab.capture import captures
    from cablelab.reading import read_captures

    outside = len(str(SHIPPED)) - len(SHIPPED.name)
    corpus = read_captures(replace(item, source=item.source[outside:]) for item in captures(SHIPPED))
    return {name: corpus.frame(name) for name in SCHEMAS}


def _version() -> str:
    """Name the state of all of the package's files: with any other, the sample may be read otherwise."""
    files = [path for path in sorted(HERE.parent.rglob("*.*")) if "__pycache__" not in path.parts]
    state = [(str(path), (about := path.stat()).st_size, about.st_mtime_ns) for path in files]
    return hashlib.sha256(repr((state, pl.__version__)).encode()).hexdigest()[:16]


def _packed(frames: dict[str, pl.DataFrame]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, frame in frames.items():
            with archive.open(name, "w") as file:
                file.write(frame.write_ipc(None, compression="zstd").getvalue())
    return packed.getvalue()


def _unpacked(packed: bytes | None) -> dict[str, pl.DataFrame] | None:
    if packed is None:
        return None
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: pl.read_ipc(archive.read(name)) for name in archive.namelist()}


def invented(source: str | None, sha256: str | None) -> bool:
    """Say whether a capture is one of the sample's, by the hash of its bytes.

    Parameters
    ----------
    source, sha256
        As a row of `cables` gives them. Only what was read from a file `sample.zip` is looked up.

    Examples
    --------
    >>> invented("/home/someone/sample.zip!cables.csv#1", "00" * 32)
    False
    """
    return f"{SHIPPED.name}!" in (source or "") and sha256 in _hashes()


@cache
def _hashes() -> frozenset[str]:
    from cablelab.capture import Capture, captures

    return frozenset(item.sha256 for item in captures(SHIPPED) if isinstance(item, Capture))


def add_facts() -> None:
    """Add the invented posts and country tags to those the package knows.

    Examples
    --------
    >>> from cablelab import facts
    >>> add_facts()
    >>> facts.mission_of("ZHARABAD")
    'Ulmaristan'
    """
    from cablelab import facts

    facts.add_posts(HERE / "posts.csv")
    facts.add_tags(HERE / "tags.csv")


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("cablelab.samples.fiction"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
