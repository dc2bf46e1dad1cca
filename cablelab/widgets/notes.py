"""What a reader noted, in a small file beside the corpus: kept cables, selections, marks on changes, decided chains."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cablelab.errors import CablelabError
from cablelab.storage.folders import locked, read_whole, write_whole
from cablelab.storage.manifest import NOTES
from cablelab.storage.remote import is_remote

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

FORM = "cablelab notes"
SECTIONS = ("kept", "selections", "changes", "chains", "codes", "view")
_IN_MEMORY = (
    "Notes last as long as this session: corpus.save(folder), then cl.open(folder), keeps them beside the corpus."
)

Section = dict[str, Any]


class Notes:
    """Sections of names and values that outlive the session where the corpus lies in a folder of this machine.

    Parameters
    ----------
    corpus
        The corpus; `folder` says where it lies, if it was opened.

    Attributes
    ----------
    path
        The file, None while notes are held in memory only.
    told
        Where notes are kept, in a sentence for the reader.
    """

    def __init__(self, corpus: Corpus) -> None:
        folder = None if corpus.folder is None or is_remote(corpus.folder) else Path(corpus.folder)
        self.path = folder / NOTES if folder is not None else None
        self.told = f"Kept in {self.path}" if self.path is not None else _IN_MEMORY
        self._held: dict[str, Section] = {name: {} for name in SECTIONS}
        if self.path is not None:
            try:
                self._held = self._read()
            except (OSError, ValueError, RecursionError) as error:
                self._in_memory(
                    f"{self.path} cannot be read ({error}); it is left as it is, move it away to begin anew."
                )

    def section(self, name: str) -> Section:
        """Return what is noted under a name of `SECTIONS`."""
        return dict(self._held[name])

    def note(self, name: str, now: Section) -> None:
        """Make a section hold `now`. Only what differs is written: what another session noted meanwhile stays."""
        before = self._held[name]
        changed = {key: value for key, value in now.items() if key not in before or before[key] != value}
        gone = before.keys() - now.keys()
        if not changed and not gone:
            return
        self._held[name] = dict(now)
        if self.path is None:
            return
        try:
            with locked(self.path.parent):
                sections = self._read()
                sections[name] = {key: value for key, value in sections[name].items() if key not in gone} | changed
                write_whole(self.path, json.dumps({"form": FORM, **sections}, indent=1).encode())
        except (OSError, ValueError, RecursionError, CablelabError) as error:
            self._in_memory(f"{self.path} cannot be written ({error}).")

    def _read(self) -> dict[str, Section]:
        sections: dict[str, Any] = {}
        assert self.path is not None
        with suppress(FileNotFoundError):
            sections = json.loads(read_whole(self.path))
            if not isinstance(sections, dict) or sections.get("form") != FORM:
                raise ValueError("it is no file of notes")
        return {name: found if isinstance(found := sections.get(name), dict) else {} for name in SECTIONS}

    def _in_memory(self, why: str) -> None:
        self.path, self.told = None, f"{why} {_IN_MEMORY}"
