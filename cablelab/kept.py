"""What is made once and kept: in the user's own cache, each file with its hash, made anew where it is missing or damaged."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from pathlib import Path


def folder() -> Path:
    """Return the folder where what is made once is kept: the user's own, by the habits of the system.

    Examples
    --------
    >>> folder().name
    'cablelab'
    """
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    else:
        base = os.environ.get("XDG_CACHE_HOME")
    return Path(base or Path.home() / ".cache") / "cablelab"


def read(name: str) -> bytes | None:
    """Return what was kept under a name; None if it is missing or was damaged, as the hash in its first line tells.

    Examples
    --------
    >>> read("never-kept") is None
    True
    """
    try:
        digest, _, made = (folder() / name).read_bytes().partition(b"\n")
    except OSError:
        return None
    return made if digest == _digest(made) else None


def keep(name: str, made: bytes) -> None:
    """Keep what was made, in the place of what older versions kept under names that begin alike, up to the first hyphen.

    A home that cannot be written costs the time of making it again, and nothing else.
    """
    path = folder() / name
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, delete=False) as file:
            file.write(_digest(made) + b"\n" + made)
        Path(file.name).replace(path)
        for older in path.parent.glob(f"{name.partition('-')[0]}-*"):
            if older != path:
                older.unlink()


def _digest(made: bytes) -> bytes:
    return b"// " + hashlib.sha256(made).hexdigest().encode()
