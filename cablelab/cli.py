"""The command `cablelab`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cablelab.errors import CablelabError, NotACorpus
from cablelab.escaping import ALONE, visible

if TYPE_CHECKING:
    import polars as pl

    from cablelab.corpus import Corpus

FAILED = 2
INTERRUPTED = 130
CLOSED = 141  # as of those that the signal SIGPIPE ends
HEADINGS = {
    "completeness": "How complete (held of all)",
    "gate": "Statements that should agree (failures of all)",
    "odd": "Odd (of all)",
    "problem": "Noted while reading (of all that was read: cables, further copies, refused sources; one example each)",
}
NAMED = 3  # sources that a message names
GONE = 5  # ids of cables that went with a run
LISTED = 12  # missions, classifications or formats
SHOWN = 10  # changes of each step that a terminal gets; the page has all


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Parameters
    ----------
    arguments
        What follows the command's name; None takes them from the process.

    Returns
    -------
    int: 0, or 2 after an error that one line on the standard error names with its cure.
    """
    chosen = _parser().parse_args(arguments)
    try:
        status: int = chosen.run(chosen)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read our words has had enough, such as `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # for what Python has yet to write when it ends
        return CLOSED
    except (CablelabError, OSError) as error:
        print(visible(f"cablelab: {_one_line(error)}"), file=sys.stderr)
        return FAILED
    except MemoryError:
        print(
            "cablelab: memory ran out. Close what else runs, or raise the limit of this process (ulimit -v).",
            file=sys.stderr,
        )
        return FAILED
    except KeyboardInterrupt as error:
        print(visible(" ".join(["cablelab: interrupted.", *getattr(error, "__notes__", [])])), file=sys.stderr)
        return INTERRUPTED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cablelab", description="Read, chart and compare U.S. diplomatic cables.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    lab = commands.add_parser("lab", help="start JupyterLab on the notebooks")
    lab.add_argument("corpus", nargs="?", metavar="FOLDER", help="cables or a saved corpus; left out: the sample")
    lab.add_argument("--port", type=int, help="where it listens")
    lab.add_argument("--no-browser", action="store_true", help="open no browser")
    lab.add_argument("--page", action="store_true", help="the workbench as a page without code, by Voilà, for a class")
    lab.set_defaults(run=_lab)

    read = commands.add_parser(
        "read",
        help="read cables into a corpus on disk",
        description="Read cables into a corpus on disk. Other sources replace what the folder held; to add, name all.",
    )
    read.add_argument("sources", nargs="+", metavar="SOURCE", help="file, folder, glob, zip or cables.csv")
    read.add_argument("-o", "--output", required=True, metavar="CORPUS", help="the folder to write")
    read.add_argument("--replace", action="store_true", help="replace a corpus that was read from other sources")
    read.add_argument("--workers", type=_workers, help="processes that read; left out: one a core")
    read.add_argument("--again", action="store_true", help="read everything, though an earlier run finished some")
    read.set_defaults(run=_read)

    info = commands.add_parser("info", help="say what a corpus holds and what was odd about it")
    info.add_argument("corpus", metavar="CORPUS", help="a folder that `cablelab read` wrote")
    info.set_defaults(run=_info)

    doctor = commands.add_parser("doctor", help="examine how complete and consistent a corpus is")
    doctor.add_argument("corpus", metavar="CORPUS", help="a folder that `cablelab read` wrote")
    doctor.set_defaults(run=_doctor)

    compare = commands.add_parser("compare", help="compare successive cables of a corpus")
    compare.add_argument("corpus", metavar="CORPUS", help="a folder that `cablelab read` wrote")
    compare.add_argument(
        "cables", nargs="+", metavar="CABLE", help="ids, the earliest first; one alone stands for its chain"
    )
    compare.add_argument("--html", metavar="FILE", help="write one self-contained page")
    compare.set_defaults(run=_compare)
    return parser


def _lab(chosen: argparse.Namespace) -> int:
    from cablelab.lab import start_lab, start_page

    start = start_page if chosen.page else start_lab
    return start(chosen.corpus, port=chosen.port, browser=not chosen.no_browser)


def _workers(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes; give 1 or more")
    return int(text)


def _read(chosen: argparse.Namespace) -> int:
    from cablelab.corpus.lookup import counted
    from cablelab.ingest import ingest
    from cablelab.reading.memory import check, needs

    check(needs(0))  # before anything is opened, which takes most of it
    seen = None if sys.stderr.isatty() else False
    before = _ids_before(chosen)
    corpus = ingest(
        *chosen.sources, to=chosen.output, workers=chosen.workers, progress=seen, resume=not chosen.again,
        announce=lambda wanted: print(f"cablelab: {wanted}", file=sys.stderr, flush=True),
    )  # fmt: skip
    print(visible(f"{_summary(corpus)} -> {chosen.output}"))
    gone = before.filter(~before.is_in(corpus.ids.implode()))
    if len(gone):
        named = f"{', '.join(gone[:GONE])}{', ...' if len(gone) > GONE else ''}"
        was = f"{counted(len(gone), 'cable')} that the folder held before {'is' if len(gone) == 1 else 'are'} no longer in it"
        print(visible(f"{was}: {named}"))
    if problems := corpus.problems.height:
        print(visible(f"{counted(problems, 'problem')} noted; see: cablelab info {chosen.output}"))
    return 0


def _ids_before(chosen: argparse.Namespace) -> pl.Series:
    """Give the ids that the folder holds, unless they came from sources that are not named again."""
    import polars as pl

    from cablelab.corpus import open as open_corpus
    from cablelab.corpus.lookup import counted
    from cablelab.ingest.given import absolute, not_among, remembered
    from cablelab.storage import manifest

    ids, nothing = None, pl.Series(dtype=pl.String)
    try:
        ids = open_corpus(chosen.output).ids
    except NotACorpus:
        try:
            manifest(chosen.output, older=True)
        except NotACorpus:  # nothing is there, or `ingest` says what is
            return nothing
    before = remembered(chosen.output)
    left_out = [] if before is None else not_among(before, chosen.sources)
    inside = not not_among(absolute(chosen.sources), [chosen.output])  # which `ingest` refuses
    if inside or chosen.replace or (ids is not None and not len(ids)) or (before is not None and not left_out):
        return nothing if ids is None else ids
    cables = "cables that an older version read" if ids is None else counted(len(ids), "cable")
    holds = f"{chosen.output!r} already holds {cables}"
    if before is None:
        raise CablelabError(f"{holds} and does not say from where. Give another folder, or replace it with --replace.")
    raise CablelabError(
        f"{holds} read from {_names(before)}; not named now, so that what came from there would go: {_names(left_out)}."
        " Name all sources to add to it, give another folder, or replace it with --replace."
    )


def _names(sources: Sequence[str]) -> str:
    return f"{', '.join(sources[:NAMED])}{f' and {len(sources) - NAMED:,} more' if len(sources) > NAMED else ''}"


def _doctor(chosen: argparse.Namespace) -> int:
    from cablelab.corpus import open as open_corpus
    from cablelab.doctor import doctor

    checks = doctor(open_corpus(chosen.corpus))
    for (part,), rows in checks.group_by("part", maintain_order=True):
        print(visible(f"{HEADINGS[str(part)]}:"))
        for row in rows.iter_rows(named=True):
            example = f" ({_one_line(row['example'])})" if row["example"] else ""
            words = f"{_one_line(row['check'])}: {_one_line(row['meaning'])}{example}"
            print(visible(f"  {row['count']:>9,} of {row['of']:>9,}  {words}"))
        print()
    return 0


def _info(chosen: argparse.Namespace) -> int:
    import polars as pl

    from cablelab.corpus import open as open_corpus

    corpus = open_corpus(chosen.corpus)
    cables = corpus.cables
    print(visible(_summary(corpus)))
    for column in ("mission", "classification", "format"):
        counts = cables[column].cast(pl.String).fill_null("unknown").value_counts(sort=True, name="cables")
        print(visible(f"\n{column}:"))
        counts = counts.sort("cables", column, descending=[True, False])
        print(visible("\n".join(f"  {count:>8,}  {_one_line(name)}" for name, count in counts.head(LISTED).rows())))
        more = counts.slice(LISTED)
        if more.height:
            print(f"  {more['cables'].sum():>8,}  in {more.height:,} more")
    undated = cables["sent"].null_count()
    print(visible(f"\npartial extracts: {cables['partial'].sum():,}    without a date: {undated:,}"))
    print("\nproblems:")
    problems = corpus.problems
    for (code,), group in problems.sort("code", "source").group_by("code", maintain_order=True):
        example = group.row(0, named=True)
        words = ": ".join(_one_line(part) for part in (code, example["source"], example["message"]))
        print(visible(f"  {group.height:>8,}  {words}"))
    if not problems.height:
        print("         none")
    return 0


def _compare(chosen: argparse.Namespace) -> int:
    from cablelab.comparison import compare
    from cablelab.corpus import open as open_corpus

    comparison = compare(open_corpus(chosen.corpus), *chosen.cables)
    if len(chosen.cables) == 1:
        print(visible(f"Chosen: the chain of {chosen.cables[0]}, {', '.join(comparison.cables)}\n"))
    table = comparison.to_markdown(limit=SHOWN)
    if sys.stdout.isatty():  # where nothing sets formulas, and a dollar is easier to read as such
        table = table.replace(ALONE.format(ord("$")), "$")
    print(visible(f"{comparison}\n\n{table}"))
    if chosen.html:
        print(visible(f"\nWritten: {comparison.to_html(Path(chosen.html))}"))
    return 0


def _summary(corpus: Corpus) -> str:
    from cablelab.corpus.lookup import counted
    from cablelab.doctor import read_in_all

    cables, copies, refused = read_in_all(corpus)
    years = corpus.cables["year"].drop_nulls().unique().sort()
    span = [f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0])] if len(years) else []
    posts = counted(corpus.cables["post"].drop_nulls().n_unique(), "post")
    copied = [f"{copies:,} further {'copy' if copies == 1 else 'copies'}"] if copies else []
    return ", ".join(
        [f"{counted(cables, 'cable')} of {posts}", *span, *copied, *([f"{refused:,} refused"] if refused else [])]
    )


def _one_line(text: object) -> str:
    return " ".join(str(text).split())
