"""From very many files, or a CSV too large for memory, to a corpus on disk: batches, worker processes, resume."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import current_process, get_context, parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from time import monotonic
from typing import Any

import polars as pl

from cablelab import facts, storage
from cablelab.capture.sources import Source
from cablelab.corpus import Corpus
from cablelab.corpus import open as open_corpus
from cablelab.errors import IngestStopped, NotACorpus, NothingToRead, NotReachable, NotSaved
from cablelab.errors.arguments import check_executor
from cablelab.ingest.batches import Task, plan
from cablelab.ingest.given import SAME, absolute, not_among
from cablelab.ingest.joining import join
from cablelab.ingest.work import Done, begin, finished, read_task
from cablelab.reading.memory import Needs, check, needs
from cablelab.storage.folders import LOCK, listing, locked, make_folder, read_whole, remove, write_whole
from cablelab.storage.remote import is_remote, located

__all__ = ["Needs", "Progress", "ingest"]

RAW = ".ingest"
ENOUGH = 20_000_000  # bytes from which a terminal gets a bar


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest has come: batches and bytes done and in all, copies read, seconds since this run began.

    `skipped` are the bytes of batches that an earlier run had finished.
    """

    batches: int
    batches_in_all: int
    bytes: int
    bytes_in_all: int
    copies: int
    skipped: int
    seconds: float

    @property
    def rate(self) -> float:
        """Bytes a second in this run."""
        return (self.bytes - self.skipped) / self.seconds if self.seconds else 0.0

    @property
    def left(self) -> float | None:
        """Seconds left at this rate; None before the first batch is finished."""
        return (self.bytes_in_all - self.bytes) / self.rate if self.rate else None


def ingest(
    *sources: Source,
    to: str | Path,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: bool | Callable[[Progress], object] | None = None,
    resume: bool = True,
    announce: Callable[[Needs], object] | None = None,
) -> Corpus:
    r"""Read cables into a corpus on disk, in several processes and in bounded memory.

    The frames are those of `cablelab.read(*sources)`, whatever the number of workers. Until the new corpus is whole
    the folder holds the old one; a run that was interrupted, killed or out of space goes on where it stopped, and a
    run over sources that have not changed since only opens what is there. In a script, call it under
    `if __name__ == "__main__":`, since worker processes import the script.

    Parameters
    ----------
    sources
        As for `cablelab.read`, but what lies in `to` is left out. A file counts as changed if its size or its time of
        change differ.
    to
        The corpus's folder; all that is written lies in it. Other sources replace what the folder held; to add, name
        all. Also one on shared or remote storage, by a URL that fsspec knows, such as `s3://bucket/corpus` (see the
        extra `remote`). There is no lock there: let one ingest at a time write to it.
    workers
        How many processes read; None takes one a core, 1 reads in this one.
    executor
        Any `concurrent.futures.Executor` to read in instead, such as `Client.get_executor(pure=False)` of
        `dask.distributed`; a `ProcessPoolExecutor` needs `mp_context=multiprocessing.get_context("spawn")`.
        Its workers need the same sources and folder under the same paths or URLs.
    progress
        True or False for a bar or none, or a function that is given a `Progress` after each batch; None shows a bar
        in a terminal or notebook if there is enough to read.
    resume
        Take over the batches that an interrupted run finished; False reads everything again.
    announce
        A function that is given what the run needs of memory and disk, before it starts, such as `print`.

    Returns
    -------
    Corpus, opened from the folder.

    Raises
    ------
    NothingToRead
        If a path does not exist, a pattern matches nothing, no source holds a cable, or all lie in `to`.
    IngestStopped
        If the folder cannot be written or a worker process died; finished batches are kept.
    NotSaved
        If the folder's path is longer than the system allows.
    NotACorpus
        If the folder is a file, or holds a manifest that is not ours.
    UnfitExecutor
        If `executor` is none, or its processes would be forked.
    FolderInUse
        If another ingest is writing to the folder.
    NotReachable
        If a URL leads nowhere, or what its scheme needs is not installed.
    NotEnoughMemory
        If a limit of this process (`ulimit -v`) leaves too little; nothing has been written.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from cablelab.ingest import ingest
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     source = pathlib.Path(folder, "07PORTKESTREL12.txt")
    ...     size = source.write_text("UNCLAS PORT KESTREL 000012\n\n1. Catches fell.")
    ...     ingest(source, to=pathlib.Path(folder, "corpus")).ids.to_list()
    ['07PORTKESTREL12']
    """
    if getattr(
        current_process(), "_inheriting", False
    ):  # a worker that imports the script, as the standard library asks
        raise IngestStopped.unguarded()
    check_executor(executor)
    home, additions = located(to).absolute(), facts.snapshot()
    tasks = plan(sources, additions, to if is_remote(to) else home)
    if sources and not not_among(absolute(sources), [to]):
        raise NothingToRead.inside(to)
    _check_home(home)
    if resume and _is_same(home, tasks, sources):
        return open_corpus(home)
    readers = 1 if executor is not None else _count(workers, len(tasks))
    wanted = needs(sum(task.bytes for task in tasks), max((task.bytes for task in tasks), default=0), readers)
    check(wanted)
    if announce is not None:
        announce(wanted)
    raw, count = home / RAW, 0
    try:
        with locked(home):
            if not is_remote(raw) and raw.is_symlink():
                raise OSError(f"{RAW} is a link, and nothing is written outside the folder")
            if not resume:
                remove(raw, folder=True)
            make_folder(raw)
            there, parts = listing(raw), listing(home)
            done = [finished(task, raw, there, parts) for task in tasks]
            with _workers(executor, workers, len(tasks), additions) as pool, _Bar(tasks, done, progress) as bar:
                missing = [i for i, record in enumerate(done) if record is None]
                calls = [(home, raw, tasks[i], additions) for i in missing]
                count = len(tasks) - len(missing)
                for i, record in _as_done(pool, read_task, calls):
                    done[missing[i]] = record
                    count += 1
                    bar.step(tasks[missing[i]], record)
                records = [record for record in done if record is not None]
                if not any(record.copies for record in records):
                    raise _nothing(sources, records, raw)
                storage.commit(home, join(tasks, records, raw, home, lambda f, calls: _in_order(pool, f, calls)))
            _remember(home, tasks, sources)
            remove(raw, folder=True)
    except KeyboardInterrupt as error:
        error.add_note(f"{count} of {len(tasks)} batches are kept; run the same again, and it goes on from there.")
        raise
    except BrokenExecutor as error:
        raise IngestStopped.worker(home, count, len(tasks)) from error
    except MemoryError as error:
        raise IngestStopped.at(home, count, len(tasks), "memory ran out") from error
    except (OSError, NotReachable, pl.exceptions.PolarsError) as error:
        raise IngestStopped.at(home, count, len(tasks), error) from error
    return open_corpus(home)


def _nothing(sources: Sequence[Source], records: Sequence[Done], raw: Path) -> NothingToRead:
    """Build the error for sources without a cable, and leave the folder as it was."""
    pieces = [piece for record in records for piece in record.pieces]
    reasons = [text for p in pieces for text in storage.read_part(raw / p.narrow["problems"])["message"]]
    home = raw.parent
    remove(raw, folder=True)
    storage.sweep(home)
    if not is_remote(home) and {path.name for path in home.iterdir()} == {LOCK}:
        shutil.rmtree(home, ignore_errors=True)  # Windows keeps a file that is open
    return NothingToRead.refused(sources, reasons)


def _check_home(home: Path) -> None:
    """Refuse before hours of reading what `commit` would refuse after them."""
    try:
        file = not is_remote(home) and home.exists() and not home.is_dir()
    except OSError as error:
        raise NotSaved(home, *storage.refusal(error)) from error
    if file:
        raise NotACorpus(home, "it is a file", "Give the name of a folder, which is made if it does not exist.")
    if storage.MANIFEST in listing(home):
        try:
            storage.manifest(home, older=True)
        except NotACorpus as error:
            cure = "Give another folder, or remove that manifest if nothing else needs it."
            raise NotACorpus(home, f"it already holds a {storage.MANIFEST}: {error.found}", cure) from error


@contextmanager
def _workers(
    executor: Executor | None, workers: int | None, tasks: int, additions: facts.Additions
) -> Iterator[Executor | None]:
    count = _count(workers, tasks)
    if executor is not None or count <= 1:
        yield executor
        return
    # a forked process would inherit the locks of polars' threads
    context = get_context("spawn")
    over, open_end = context.Pipe(duplex=False)
    with open_end, over, ProcessPoolExecutor(count, context, _start, (additions, over)) as pool:
        try:
            yield pool
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                open_end.close()
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _count(workers: int | None, tasks: int) -> int:
    return min(workers or os.cpu_count() or 1, tasks)


def _start(additions: facts.Additions, over: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers
    # a parent that was killed can end nobody, and its workers would wait for work for ever
    if (parent := parent_process()) is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel, over), daemon=True).start()
    begin(additions)


def _end_with(parent: int, over: Connection) -> None:
    """End this process with its parent, or at once when the parent lets go: what is half written is swept later."""
    wait([parent, over])
    os._exit(1)


def _as_done(
    pool: Executor | None, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]
) -> Iterator[tuple[int, Any]]:
    if pool is None:
        yield from ((i, function(*call)) for i, call in enumerate(calls))
        return
    futures: dict[Future[Any], int] = {pool.submit(function, *call): i for i, call in enumerate(calls)}
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        for future in futures:
            future.cancel()


def _in_order(pool: Executor | None, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
    results = dict(_as_done(pool, function, calls))
    return (results[i] for i in range(len(calls)))


def _is_same(home: Path, tasks: Sequence[Task], sources: Sequence[Source]) -> bool:
    """Say whether the corpus in the folder is what an ingest of the same sources wrote."""
    try:
        if json.loads(read_whole(home / SAME)) != _told(home, tasks, sources):
            return False
        storage.scan(home)
    except (FileNotFoundError, NotADirectoryError, ValueError, NotACorpus):
        return False
    return True


def _remember(home: Path, tasks: Sequence[Task], sources: Sequence[Source]) -> None:
    write_whole(home / SAME, json.dumps(_told(home, tasks, sources)).encode())


def _told(home: Path, tasks: Sequence[Task], sources: Sequence[Source]) -> dict[str, str | list[str]]:
    keys = "\n".join(task.key for task in tasks)
    return {
        "sources": hashlib.sha256(keys.encode()).hexdigest(),
        "manifest": hashlib.sha256(read_whole(home / storage.MANIFEST)).hexdigest(),
        "given": absolute(sources),
    }


class _Bar:
    """Tells of progress in the way asked for."""

    def __init__(
        self,
        tasks: Sequence[Task],
        done: Sequence[Done | None],
        wanted: bool | Callable[[Progress], object] | None,
    ) -> None:
        self.tell = wanted if callable(wanted) else None
        ready = [task for task, record in zip(tasks, done, strict=True) if record is not None]
        self.count, self.all = len(ready), len(tasks)
        self.bytes, self.bytes_in_all = sum(task.bytes for task in ready), sum(task.bytes for task in tasks)
        self.copies, self.skipped, self.began = sum(r.copies for r in done if r is not None), self.bytes, monotonic()
        self.bar: Any = None
        seen = sys.stderr.isatty() or "ipykernel" in sys.modules
        if wanted is True or (wanted is None and seen and self.bytes_in_all - self.bytes > ENOUGH):
            from tqdm.auto import tqdm

            self.bar = tqdm(
                total=self.bytes_in_all, initial=self.bytes, unit="B", unit_scale=True, desc="Reading cables",
                # tqdm draws nothing in a terminal that does not tell its width, which this takes for 80
                ncols=shutil.get_terminal_size().columns if sys.stderr.isatty() else None,
            )  # fmt: skip

    def __enter__(self) -> _Bar:
        return self

    def step(self, task: Task, done: Done) -> None:
        """Tell that a batch is finished."""
        self.count, self.bytes, self.copies = self.count + 1, self.bytes + task.bytes, self.copies + done.copies
        if self.bar is not None:
            self.bar.update(task.bytes)
        if self.tell is not None:
            seconds = monotonic() - self.began
            self.tell(
                Progress(
                    self.count, self.all, self.bytes, self.bytes_in_all, self.copies, self.skipped, seconds
                )
            )  # fmt: skip

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.close()
