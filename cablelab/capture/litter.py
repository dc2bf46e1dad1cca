"""Files that no one put there: of the system, hidden, or the scripts and pictures that a browser saves beside a page.

No cable lies in them. They are left out, and one row says so for a folder or an archive, not one for each file.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

LITTER = frozenset(
    ("__MACOSX", "Thumbs.db", "thumbs.db", "ehthumbs.db", "desktop.ini", "Desktop.ini", "Icon\r", "$RECYCLE.BIN")
)
# what browsers call the folder beside a page that was saved whole, by language
ASIDE = (
    "_files",
    ".files",
    "-Dateien",
    "_fichiers",
    "_archivos",
    "_file",
    "_bestanden",
    "-filer",
    "_pliki",
    "_ficheiros",
)
PAGES = (".htm", ".html", ".xhtml", ".shtml", ".php", ".asp", ".aspx")
HIDDEN = (
    "{} files or folders whose names begin with a dot were left out, as a shell does. Rename them if they are cables."
)


def is_aside(folder: str, names: Collection[str]) -> bool:
    """Say whether a folder holds what a browser saved beside a page of the same name.

    >>> is_aside("cable_files", ["cable.htm"]), is_aside("old_files", ["cable.htm"])
    (True, False)
    """
    ending = next((ending for ending in ASIDE if folder.endswith(ending)), None)
    return ending is not None and any(folder.removesuffix(ending) + page in names for page in PAGES)


def is_litter(name: str) -> bool:
    r"""Say whether a member of an archive is hidden or the system's, or the twin that a Mac packs beside each file.

    >>> is_litter("__MACOSX/a/._x.html"), is_litter("a/Thumbs.db"), is_litter("..\\x.txt"), is_litter("..x/y.txt")
    (True, True, False, False)
    """
    parts = name.replace("\\", "/").split("/")
    return any(part in LITTER or (part.startswith(".") and not part.startswith("..") and part != ".") for part in parts)


def left_out(names: Sequence[str]) -> str:
    r"""Say what was left out.

    >>> left_out(["a/Thumbs.db"])
    "Left out: Thumbs.db, which holds no cable: it is the system's, or what a browser saved beside a page."
    """
    shown = ", ".join(name.replace("\\", "/").rstrip("/").rpartition("/")[2] for name in names[:3])
    if len(names) == 1:
        return f"Left out: {shown}, which holds no cable: it is the system's, or what a browser saved beside a page."
    more = ", ..." if len(names) > 3 else ""
    return (
        f"Left out: {len(names)} files or folders of the system or that a browser saved beside pages ({shown}{more})."
    )
