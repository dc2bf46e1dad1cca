"""A progress bar over what is read, if there is anyone to see it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from cablelab.capture import Capture, Captures, Unreadable

ENOUGH = 20_000_000  # bytes from which a terminal or notebook gets a bar


class Bar:
    """The captures of some sources, with a progress bar over their bytes."""

    def __init__(self, found: Captures, wanted: bool | None) -> None:
        self.found, self.bar = found, None
        seen = sys.stderr.isatty() or "ipykernel" in sys.modules
        if wanted or (wanted is None and seen and found.bytes > ENOUGH):
            from tqdm.auto import tqdm

            self.bar = tqdm(total=found.bytes, unit="B", unit_scale=True, desc="Reading cables")

    def __enter__(self) -> Bar:
        return self

    def __iter__(self) -> Iterator[Capture | Unreadable]:
        for item in self.found:
            yield item
            if self.bar is not None:
                self.bar.update(self.found.done - self.bar.n)

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.update(self.found.done - self.bar.n)
            self.bar.close()
