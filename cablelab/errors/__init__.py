"""Every error the package raises, built from facts in one place; each message offers the cure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from cablelab.errors.cures import CURES
from cablelab.escaping import visible


class CablelabError(Exception):
    """Stand for all errors of the package; the command line prints its message and exits with status 2."""

    def __init__(self, message: str = "") -> None:
        # names of files and ids stand in messages, and messages go to terminals
        super().__init__(visible(message))


def _offer(nearest: Iterable[str]) -> str:
    names = [f"{n!r}" for n in nearest]
    return f" Did you mean {' or '.join(names)}?" if names else ""


def nearest(name: str, candidates: Iterable[str], n: int = 3) -> list[str]:
    """Return up to `n` candidates that look most like `name`, best first.

    Examples
    --------
    >>> nearest("ASTANNA", ["ASTANA", "ANKARA", "OSLO"])
    ['ASTANA']
    """
    return get_close_matches(name, list(candidates), n=n, cutoff=0.7)


class UnknownName(CablelabError):
    """A post, tag, cable or option that nothing here knows, with the nearest known ones."""

    what = "name"

    def __init_subclass__(cls, what: str) -> None:
        cls.what = what

    def __init__(self, name: str, nearest: Iterable[str] = (), cure: str = "") -> None:
        self.name, self.nearest = name, list(nearest)
        super().__init__(f"Unknown {self.what} {name!r}.{_offer(self.nearest)}{' ' + cure if cure else ''}")


class UnknownPost(UnknownName, what="post"):
    """A post code, name or alias that neither the package nor the user's additions know."""


class UnknownMission(UnknownName, what="mission"):
    """A country or mission that no post belongs to."""


class UnknownTag(UnknownName, what="tag"):
    """A TAGS code or meaning that neither the package nor the user's additions know."""


class UnknownCable(UnknownName, what="cable"):
    """An id that the corpus does not hold."""


class UnknownOption(UnknownName, what="option"):
    """An argument that is not one of the allowed values."""


class InvalidDate(CablelabError):
    """A bound that is not a date, or an interval that runs backwards."""

    @classmethod
    def text(cls, value: object) -> InvalidDate:
        """Build the error for a value that is no date."""
        if isinstance(value, int):
            return cls(
                f"{value!r} is not a date but a number. Write it in quotes: '{value}'; or '2004-06', '2004-06-30'."
            )
        return cls(f"{value!r} is not a date. Write '2004', '2004-06', '2004-06-30' or pass a datetime.date.")

    @classmethod
    def order(cls, start: object, end: object) -> InvalidDate:
        """Build the error for an interval that ends before it starts."""
        return cls(f"The interval ends ({end}) before it starts ({start}). Swap the two dates.")


class InvalidQuery(CablelabError):
    """Something to search for that nothing, or everything, would match."""

    @classmethod
    def empty(cls) -> InvalidQuery:
        """Build the error for a query without words, or a pattern that matches the empty string."""
        return cls("The query matches the empty string, and so every place. Give a word, or use + where it has *.")

    @classmethod
    def pattern(cls, query: str, why: object) -> InvalidQuery:
        """Build the error for what is no regular expression."""
        return cls(f"{query!r} is no regular expression: {why}. Leave out regex=True to search for it as it stands.")

    @classmethod
    def context(cls, context: int) -> InvalidQuery:
        """Build the error for a negative context."""
        return cls(f"context is {context}; give the number of characters on each side, 0 or more.")


class InvalidSelection(CablelabError):
    """A file of a saved selection that cannot be read as one."""

    @classmethod
    def unreadable(cls, why: object) -> InvalidSelection:
        """Build the error for a text that is no saved selection."""
        return cls(f"This is no saved selection: {why}. Give a file that the Explorer's `save selection` wrote.")

    @classmethod
    def field(cls, name: str, fields: Iterable[str]) -> InvalidSelection:
        """Build the error for a field that selections do not have."""
        return cls(f"A selection has no {name!r}.{_offer(nearest(name, fields))} Its fields are {', '.join(fields)}.")

    @classmethod
    def value(cls, name: str, value: object) -> InvalidSelection:
        """Build the error for a value of the wrong kind."""
        return cls(f"The saved selection says {name}: {str(value)[:80]!r}, which is none. Save the selection again.")


class NotCitable(CablelabError):
    """A cable or paragraph that cannot be cited in the way asked for."""

    @classmethod
    def paragraph(cls, cable: str, number: int, numbers: Iterable[int]) -> NotCitable:
        """Build the error for a paragraph that the cable does not have."""
        printed = ", ".join(map(str, numbers)) or "none: cite the cable as a whole"
        return cls(f"{cable} has no paragraph numbered {number}. Its numbers are {printed}.")

    @classmethod
    def archival(cls, cable: str, year: int | None) -> NotCitable:
        """Build the error for a cable that the National Archives' form does not fit."""
        return cls(
            f"{cable} ({year or 'without a year'}) is no electronic telegram of 1973-79 with a post and a number. Use"
            " style='chicago'."
        )


class InvalidFacts(CablelabError):
    """A post or tag that the user wants to add but that cannot stand."""

    @classmethod
    def unreadable(cls, source: object, why: object) -> InvalidFacts:
        """Build the error for a table that cannot be read."""
        return cls(f"{str(source)!r} cannot be read as a table: {why}. Pass a CSV in UTF-8 with a header, or a frame.")

    @classmethod
    def column(cls, where: str, column: str, nearest: Iterable[str], columns: Iterable[str]) -> InvalidFacts:
        """Build the error for a column that no field is called by."""
        return cls(f"Unknown column {column!r} in {where}.{_offer(nearest)} Columns are {', '.join(columns)}.")

    @classmethod
    def missing(cls, where: str, column: str) -> InvalidFacts:
        """Build the error for a required value that is not there."""
        return cls(f"No {column!r} in {where}. Give each row one.")

    @classmethod
    def value(cls, where: str, column: str, value: object, wanted: str) -> InvalidFacts:
        """Build the error for a value of the wrong kind."""
        return cls(f"{column} {value!r} in {where} is not {wanted}.")

    @classmethod
    def taken(cls, code: str, alias: str, other: str) -> InvalidFacts:
        """Build the error for an alias that already means another post."""
        return cls(
            f"The alias {alias!r} of {code!r} already means the post {other!r}. Leave it out, or add it to {other!r}."
        )

    @classmethod
    def unknown_post(cls, code: str, column: str, other: str, nearest: Iterable[str]) -> InvalidFacts:
        """Build the error for a row that points at a post nobody knows."""
        return cls(f"{column} of {code!r} is {other!r}, which is no known post.{_offer(nearest)} Add that post too.")


class NothingToRead(CablelabError):
    """No source with a cable in it was found where the user pointed."""

    @classmethod
    def refused(cls, sources: Iterable[object], reasons: Iterable[str]) -> NothingToRead:
        """Build the error for sources that were looked at and gave no cable, with the reasons noted for each."""
        noted = list(reasons)
        were = "was" if len(noted) == 1 else "were"
        first = f" {len(noted)} {were} refused, the first with: {noted[0]}" if noted else ""
        cure = "Point at saved pages, texts, a zip of them or cables.csv."
        return cls(f"No cable was found in {', '.join(map(str, sources))}.{first} {cure}")

    @classmethod
    def inside(cls, folder: object) -> NothingToRead:
        """Build the error for sources that all lie in the folder to write."""
        return cls(
            f"What lies in {str(folder)!r}, the folder to write, is left out, and all that was named lies there. Give another"
            " folder for the corpus."
        )

    @classmethod
    def text(cls, function: str) -> NothingToRead:
        """Build the error for an empty text or path."""
        return cls(f"{function} was given nothing to read. Give the text of a message, or to cl.read a file or folder.")

    @classmethod
    def saved(cls, folder: object) -> NothingToRead:
        """Build the error for a saved corpus that was taken for a folder of cables."""
        return cls(f"{str(folder)!r} is a saved corpus. Open it with `cl.open({str(folder)!r})`.")


class IngestStopped(CablelabError):
    """An ingest that could not go on; the corpus that was in the folder before is untouched."""

    @classmethod
    def at(cls, folder: object, done: int, count: int, cause: object) -> IngestStopped:
        """Build the error for a run of which `done` of `count` batches are finished."""
        return cls(
            f"Stopped after {done} of {count} batches: {cause}. What is finished is kept in {str(folder)!r}; make room"
            " or mend the cause and run the same again, it goes on from there."
        )

    @classmethod
    def worker(cls, folder: object, done: int, count: int) -> IngestStopped:
        """Build the error for a worker process that died."""
        return cls.at(
            folder, done, count, "a worker process ended (killed, out of memory, or a script that starts workers"
            " outside `if __name__ == \"__main__\":`; fewer `workers` need less memory)",
        )  # fmt: skip

    @classmethod
    def unguarded(cls) -> IngestStopped:
        """Build the error for a script whose workers would start workers."""
        return cls(
            "A worker process imports the script that started it, and this one calls `ingest` when it is imported. Put the"
            ' call under `if __name__ == "__main__":`, or pass `workers=1`.'
        )


class NotEnoughMemory(CablelabError):
    """A limit of memory under which a run would end in its middle; nothing has been written."""

    def __init__(self, need: int, limit: int) -> None:
        self.need, self.limit = need, limit
        super().__init__(
            f"This process may take {limit >> 20:,} MiB of memory addresses (ulimit -v), and reading this needs about"
            f" {need >> 20:,} MiB. Raise the limit (ulimit -v unlimited, or the batch system's request for memory), read less at"
            " a time, or set POLARS_MAX_THREADS=1, which needs less."
        )


class UnfitExecutor(CablelabError):
    """An `executor=` that cannot do the work."""

    @classmethod
    def none(cls, given: object) -> UnfitExecutor:
        """Build the error for what is no executor."""
        return cls(
            f"{given!r} is no executor. Pass one of concurrent.futures, or client.get_executor(pure=False) of"
            " dask.distributed; for a number of processes of your own use `workers=`."
        )

    @classmethod
    def forked(cls) -> UnfitExecutor:
        """Build the error for a pool of forked processes."""
        cure = 'Pass ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")).'
        return cls(f"Forked processes hang on the locks of polars' threads. {cure}")


class FolderInUse(CablelabError):
    """A corpus folder that another process is writing to."""

    def __init__(self, folder: object) -> None:
        self.folder = str(folder)
        super().__init__(
            f"Another ingest or save is writing to {str(folder)!r}, and two at once would undo each other. Wait until it has"
            " ended, or give another folder."
        )


class NotReachable(CablelabError):
    """A place on remote storage that cannot be read or written."""

    @classmethod
    def at(cls, place: object, cause: BaseException) -> NotReachable:
        """Build the error from what the client of the storage said."""
        cure = "Check the address, the network and your rights"
        unknown = "(?i)unsupported filesystem|protocol not known"
        if isinstance(cause, ValueError) and re.search(unknown, str(cause)):
            cure = "Write a path of this machine, or a scheme that fsspec knows, such as s3"
        if isinstance(cause, ImportError):
            cure = "Install cablelab[remote], and with it what the scheme needs (s3fs for s3, gcsfs for gs, paramiko for sftp)"
        return cls(f"{str(place)!r} cannot be reached: {str(cause).rstrip('.') or type(cause).__name__}. {cure}.")


class NotACorpus(CablelabError):
    """A folder that `open` cannot read as a saved corpus."""

    def __init__(self, folder: object, found: str, cure: str) -> None:
        self.folder, self.found = str(folder), found
        super().__init__(f"{str(folder)!r} is not a corpus that can be opened: {found}. {cure}")


class NotSaved(CablelabError):
    """A corpus that could not be written; what the folder held before is untouched."""

    def __init__(self, folder: object, found: str, cure: str) -> None:
        self.folder, self.found = str(folder), found
        super().__init__(f"The corpus cannot be saved to {str(folder)!r}: {found}. {cure}")


class SchemaError(CablelabError):
    """A frame whose columns or types are not those of `cablelab.frames.SCHEMAS`."""

    @classmethod
    def differs(cls, name: str, expected: Mapping[str, object], found: Mapping[str, object]) -> SchemaError:
        """Build the error for the frame `name` from both schemas."""
        missing = [c for c in expected if c not in found]
        surplus = [c for c in found if c not in expected]
        wrong = [f"{c} is {found[c]}, not {expected[c]}" for c in expected if c in found and found[c] != expected[c]]
        parts = [f"missing: {', '.join(missing)}"] * bool(missing) + [f"not known: {', '.join(surplus)}"] * bool(
            surplus
        )
        parts += wrong or ([] if parts else ["the columns stand in another order"])
        return cls(
            f"The frame {name!r} does not fit its schema ({'; '.join(parts)}). Select and cast its columns after"
            f" cablelab.frames.describe({name!r}), or start from cablelab.frames.empty({name!r})."
        )

    @classmethod
    def unread(cls, name: str, column: str, kinds: Sequence[str]) -> SchemaError:
        """Build the error for a column of the schema that nothing fills."""
        bearers = f"Give {' or '.join(kinds)} a field or property" if kinds else "Tell it beside the rows"
        return cls(f"Nothing fills the column {column!r} of the frame {name!r}. {bearers} of that name.")


class TooManyMarks(CablelabError):
    """A chart that would carry more rows than a notebook should hold."""

    def __init__(self, rows: int, limit: int, cure: str = "Filter the corpus first.") -> None:
        self.rows, self.limit = rows, limit
        super().__init__(f"The chart would hold {rows:,} rows, more than {limit:,}. {cure}")


class TooFewCables(CablelabError):
    """A comparison of fewer than two cables."""

    def __init__(self, cables: Iterable[str], message: str | None = None) -> None:
        self.cables = tuple(cables)
        named = f"Only {self.cables[0]!r} was named" if self.cables else "No cable was named"
        super().__init__(message or f"{named}, and a comparison needs two or more: compare(corpus, earlier, later).")

    @classmethod
    def unchained(cls, cable: str) -> TooFewCables:
        """Build the error for one cable that stands for no chain."""
        message = f"No chain is proposed for {cable!r}, and a comparison needs two or more cables: name a second one."
        return cls([cable], message)


class NotInstalled(CablelabError):
    """A library that one function needs and the plain installation leaves out."""

    def __init__(self, library: str, extra: str, purpose: str) -> None:
        self.library, self.extra = library, extra
        super().__init__(f'{library} is needed {purpose}, and is not installed. Run: pip install "cablelab[{extra}]"')


class SameCable(CablelabError):
    """A comparison of a cable with itself."""

    def __init__(self, cable: str) -> None:
        self.cable = cable
        super().__init__(f"{cable!r} is named twice, and nothing differs from itself. Name each cable once.")


def _a(kind: str) -> str:
    return f"{'an' if kind[:1] in 'aeiouAEIOU' else 'a'} {kind}"


class WrongKind(CablelabError):
    """Something of another kind than a function takes, such as a frame for a corpus; `wanted` is a key of `cablelab.errors.cures.CURES`."""

    def __init__(self, function: str, wanted: str, given: object) -> None:
        kind, cures = type(given).__name__, CURES[wanted]
        cure = cures.get(kind, cures[""]).format(function=function, given=repr(given)[:80])
        super().__init__(f"{function} takes {wanted}, not {_a(kind)}. {cure}.")


class NotCables(WrongKind):
    """A comparison of what is neither ids nor the steps of a chain."""

    def __init__(self, given: object) -> None:
        super().__init__("A comparison", "ids", given)

    @classmethod
    def chains(cls, names: Sequence[str]) -> NotCables:
        """Build the error for the steps of several chains."""
        error = cls(names)
        sentence = f"The steps are of {len(names)} chains ({', '.join(map(repr, names[:3]))} …); a comparison takes one"
        error.args = (f"{sentence}: steps.filter(pl.col('chain') == {names[0]!r}).",)
        return error
