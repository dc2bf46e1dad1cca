"""Which sources a corpus on disk was read from, as they were given."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from cablelab import storage
from cablelab.capture.sources import Source
from cablelab.storage.folders import read_whole
from cablelab.storage.remote import is_remote, located, without_password

SAME = ".sources.json"
_END = os.sep


def absolute(sources: Iterable[Source]) -> list[str]:
    """Write sources so that they mean the same from any folder: whole paths, and URLs without a password.

    Examples
    --------
    >>> absolute(["s3://key:secret@bucket/cables", "s3://bucket/cables/"])
    ['s3://bucket/cables']
    """
    return list(dict.fromkeys(_absolute(os.fspath(source)) for source in sources))


def remembered(folder: str | Path) -> list[str] | None:
    """Give the sources that the corpus in `folder` was read from; None if it does not tell, as after `Corpus.save`.

    Examples
    --------
    >>> remembered("no-such-folder") is None
    True
    """
    home = located(folder)
    try:
        record = json.loads(read_whole(home / SAME))
        manifest = hashlib.sha256(read_whole(home / storage.MANIFEST)).hexdigest()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    if not isinstance(record, dict) or record.get("manifest") != manifest or not isinstance(record.get("given"), list):
        return None
    return [str(source) for source in record["given"]]


def not_among(before: Iterable[str], sources: Iterable[Source]) -> list[str]:
    """Give those of the sources `before` that are not among `sources` now, nor lie in a folder that is.

    Examples
    --------
    >>> not_among(["s3://bucket/2006/a.txt", "s3://bucket/b.txt"], ["s3://bucket/2006"])
    ['s3://bucket/b.txt']
    """
    now = absolute(sources)
    inside = tuple(source.rstrip(_END) + _END if not is_remote(source) else f"{source}/" for source in now)
    return [source for source in before if source not in now and not source.startswith(inside)]


def _absolute(source: str) -> str:
    if is_remote(source):
        return without_password(source).rstrip("/")
    return os.path.abspath(located(source).expanduser())  # noqa: PTH100 - `..` goes, links stay
