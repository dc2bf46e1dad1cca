"""What reading will need of memory and disk, and whether the limit of this process leaves it that much."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from cablelab.errors import NotEnoughMemory

__all__ = ["Needs", "check", "needs"]

MIB = 1 << 20
# Addresses of one process, which a limit counts though most are never filled: 393 MiB after `import polars`, after the first query 743
# to 805 with 1 thread of polars, 817 to 1,031 with 2, 1,243 to 1,287 with 4 and 8, 1,321 with 16. At its end an ingest of 1.2 MB in small
# files stood at 1,084 to 1,262 (2 threads) and 1,313 (8); under a limit of 850 to 1,050 MiB it now ended well and now aborted, never above.
# Measured 2026-11-28 on two cores of x86-64 Linux with polars 2.1, by /proc/self/status and RLIMIT_AS.
ADDRESSES, THREAD, THREADS = 900 * MIB, 150 * MIB, 4
# The same runs, per byte of sources: `read` of a CSV of 70 MB stood at 1,450 MiB of addresses and held 443 MiB, 1.2 MB 1,025 and 125: 6 a byte.
# `ingest` in one process of 20 MB 1,155 and 173 MiB, of 70 MB 1,276 and 208: 4 a byte of what is in hand, and little for the rest.
WHOLE, IN_HAND, REST = 6, 4, 0.3
HELD = 130 * MIB  # memory of one process with little to read: 104 to 128 MiB
DISK = 0.5  # bytes of a corpus for a byte of sources, as in the table of docs/scale.md, whose memory this gives within a sixth


@dataclass(frozen=True, slots=True)
class Needs:
    """What a run needs, about, in bytes: addresses of one process, memory of all processes together, room on disk."""

    sources: int
    processes: int
    addresses: int
    memory: int
    disk: int

    def __str__(self) -> str:
        """Say it in one line."""
        many = f"{self.processes} processes" if self.processes > 1 else "1 process"
        return (
            f"Reading {_size(self.sources)} in {many} needs about {_size(self.memory)} of memory"
            f" ({_size(self.addresses)} of addresses a process) and {_size(self.disk)} on disk; more if sources are packed."
        )


def needs(sources: int, in_hand: int | None = None, workers: int = 1) -> Needs:
    """Estimate what a run needs.

    Parameters
    ----------
    sources
        Bytes of all sources.
    in_hand
        Bytes of the largest batch; None if all frames are held in memory, as by `cablelab.read`.
    workers
        Processes that read; with more than one the process that starts them is another.

    Examples
    --------
    >>> print(needs(70_000_000, in_hand=32_000_000, workers=2))
    Reading 70 MB in 3 processes needs about 0.7 GB of memory (... of addresses a process) and 35 MB on disk; ...
    """
    import polars as pl

    processes = workers + 1 if workers > 1 else 1
    if in_hand is None:
        rows = memory = WHOLE * sources
        disk = 0
    else:
        rest = int(REST * sources)
        rows, memory, disk = IN_HAND * in_hand + rest, workers * IN_HAND * in_hand + rest, int(DISK * sources)
    threads = min(pl.thread_pool_size(), THREADS)
    return Needs(sources, processes, ADDRESSES + THREAD * threads + rows, processes * HELD + memory, disk)


def check(wanted: Needs) -> None:
    """Refuse a run for which the limit of this process leaves too little: it would end in the middle, without a word.

    Raises
    ------
    NotEnoughMemory
        Naming the limit, the need and the cure. Where the system knows no limit, nothing is refused.

    Examples
    --------
    >>> check(needs(1_000))
    """
    limit = _limit()
    if limit is None:
        return
    empty = needs(0).addresses
    # what other work of this process has taken is not there for this
    need = max(empty, _used()) + wanted.addresses - empty
    if need > limit:
        raise NotEnoughMemory(need, limit)


def _limit() -> int | None:
    if sys.platform == "win32":
        return None
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY or limit < 0 else limit


def _used() -> int:
    """Tell how many bytes of addresses this process has; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource

    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return 0


def _size(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 500e6 else f"{max(1, round(count / 1e6)):,} MB"
