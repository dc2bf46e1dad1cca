"""Where a corpus lies: its parts and their manifest, folders and locks, and storage reached by a URL."""

from cablelab.storage.manifest import MANIFEST, Part, manifest
from cablelab.storage.opened import Opened, scan, verify
from cablelab.storage.parts import commit, read_part, refusal, save, sweep, write_part

__all__ = [
    "MANIFEST",
    "Opened",
    "Part",
    "commit",
    "manifest",
    "read_part",
    "refusal",
    "save",
    "scan",
    "sweep",
    "verify",
    "write_part",
]
