"""The manifest of a corpus: which parts make it up, and which columns they have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cablelab.errors import NotACorpus
from cablelab.frames import NAMES, SCHEMAS
from cablelab.storage.folders import listing, read_whole
from cablelab.storage.remote import located

MANIFEST = "manifest.json"
NOTES = "cablelab-notes.json"  # what a reader noted in the views
VERSION = 2  # of the manifest's own form; the columns stand in it, so that a corpus with other columns is told from one with these
_NAME = re.compile(r"[a-z]+-[0-9a-f]{16}\.parquet")
_PART = re.compile(rf"(?:{'|'.join(NAMES)})-[0-9a-f]{{16}}\.parquet")
OURS = re.compile(rf"{_PART.pattern}|\.(?:{'|'.join(NAMES)}|manifest)-[0-9a-f]{{32}}\.tmp")
READ_AGAIN = "Read the sources again and save the corpus anew."
_OPEN_PARENT = (
    "Pass the folder that `save` or `cablelab read -o` wrote; cables themselves are read with `cl.read`, or in a terminal with"
    " `cablelab read FOLDER -o CORPUS`."
)


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One Parquet file of a frame: the frame's name, the file's name, its rows, bytes, sha256, and what is quicker to compare, CRC-32."""

    frame: str
    file: str
    rows: int
    bytes: int
    sha256: str
    crc32: int = -1


def others(folder: Path) -> list[str] | None:
    """Name the files and folders beside the corpus in a folder that are no part of it, hidden ones and its notes left out.

    None where no corpus lies, or the manifest of something else.
    """
    try:
        ours = {MANIFEST, NOTES, *(part.file for part in manifest(folder, older=True))}
    except NotACorpus:
        return None
    return sorted(path.name for path in folder.iterdir() if path.name not in ours and path.name[0] != ".")


def written(rows: Mapping[str, int], parts: Iterable[Part]) -> bytes:
    """Write a manifest: the form's version, the columns of each frame, rows and parts."""
    content = {
        "corpus": "cablelab", "version": VERSION, "columns": _columns(), "rows": rows, "parts": [asdict(p) for p in parts]
    }  # fmt: skip
    return json.dumps(content, indent=1).encode()


def _columns() -> dict[str, list[list[str]]]:
    return {name: [[column, str(kind)] for column, kind in columns.items()] for name, columns in SCHEMAS.items()}


def _unlike(columns: Any) -> str:
    """Name the columns that a manifest lacks, and those of another type, as far as it tells."""
    try:
        found = {name: dict(columns.get(name, ())) for name in SCHEMAS}
    except (AttributeError, TypeError, ValueError):
        return "one that did not note its columns"
    lacking = [f"{n}.{c}" for n, ours in SCHEMAS.items() for c in ours if c not in found[n]]
    more = [f"{n}.{c}" for n, theirs in found.items() for c in theirs if c not in SCHEMAS[n]]
    other = [
        f"{n}.{c}" for n, ours in SCHEMAS.items() for c, kind in ours.items() if found[n].get(c, str(kind)) != str(kind)
    ]
    differences = [
        f"{what} {', '.join(names[:6])}{' and more' * (len(names) > 6)}"
        for what, names in (("it lacks", lacking), ("it has also", more), ("of another type are", other))
        if names
    ]
    return "; ".join(differences) or "its columns stand in another order"


def _again(folder: Path) -> str:
    return (
        f"Read its sources again into it: `cablelab read SOURCE -o {folder} --replace`, or in Python `cl.read(SOURCE).save(...)`. Its old"
        " parts name them: pl.read_parquet(folder + '/cables-*.parquet')['source']."
    )


def manifest(folder: str | Path, older: bool = False) -> tuple[Part, ...]:
    """Read which parts make up the corpus in `folder`.

    Parameters
    ----------
    folder
        Its folder, or a URL.
    older
        Take one whose columns are not those of this version, too, as who replaces it does.

    Raises
    ------
    NotACorpus
        If there is no manifest, it cannot be read, or a version of the package wrote it whose columns are others.
    """
    folder = located(folder)
    try:
        content = json.loads(read_whole(folder / MANIFEST))
    except (FileNotFoundError, NotADirectoryError):
        found = "it is a file" if folder.is_file() else "there is no such folder"
        found = f"it has no {MANIFEST}" if folder.is_dir() else found
        raise NotACorpus(folder, found, _OPEN_PARENT) from None
    except OSError as error:
        raise NotACorpus(folder, f"its {MANIFEST} cannot be read ({error.strerror})", READ_AGAIN) from error
    except (
        ValueError,
        RecursionError,
    ):  # no UTF-8, no JSON, a number of more digits than Python reads, brackets without end
        raise NotACorpus(folder, f"its {MANIFEST} cannot be read", READ_AGAIN) from None
    if not isinstance(content, dict) or content.get("corpus") != "cablelab":
        raise NotACorpus(folder, f"its {MANIFEST} is not one of ours", _OPEN_PARENT)
    version, columns = content.get("version"), content.get("columns")
    if not isinstance(version, int) or version > VERSION:
        cure = "Open it with the cablelab that wrote it, or install a newer one."
        raise NotACorpus(folder, f"its version is {version!r}, this package reads {VERSION}", cure)
    if not older and columns != _columns():
        raise NotACorpus(folder, f"another version of cablelab wrote it: {_unlike(columns)}", _again(folder))
    try:
        parts = tuple(Part(**part) for part in content["parts"])
    except (KeyError, TypeError):
        raise NotACorpus(folder, f"its {MANIFEST} lacks entries", READ_AGAIN) from None
    if not all(_is_sound(part) for part in parts) or len({part.file for part in parts}) != len(parts):
        raise NotACorpus(folder, f"its {MANIFEST} lists other files than a corpus has", READ_AGAIN)
    if older:
        return parts
    rows = {name: sum(part.rows for part in parts if part.frame == name) for name in NAMES}
    if {part.frame for part in parts} != set(NAMES) or rows != content.get("rows"):
        raise NotACorpus(folder, f"its {MANIFEST} lists other files than a corpus has", READ_AGAIN)
    return parts


def _is_sound(part: Part) -> bool:
    """Say whether an entry is of the right types and names the file after its frame and content, and so none outside the folder."""
    return (
        all(isinstance(value, str) for value in (part.frame, part.file, part.sha256))
        and all(isinstance(value, int) for value in (part.rows, part.bytes, part.crc32))
        and _NAME.fullmatch(part.file) is not None
        and part.file == f"{part.frame}-{part.sha256[:16]}.parquet"
    )


def listed(folder: Path) -> set[str]:
    """Name the files that the manifest in a folder lists, if there is one.

    Raises
    ------
    NotACorpus
        If it is not ours, or cannot be read.
    """
    if MANIFEST not in listing(folder):
        return set()
    try:
        return {part.file for part in manifest(folder, older=True)}
    except NotACorpus as error:
        cure = "Save to another folder, or remove that manifest if nothing else needs it."
        raise NotACorpus(folder, f"it already holds a {MANIFEST}: {error.found}", cure) from error
