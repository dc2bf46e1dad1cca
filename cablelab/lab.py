"""JupyterLab on the project's notebooks: where they are, and how a user's changes to copies of them are kept."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from cablelab.errors import CablelabError, NothingToRead
from cablelab.escaping import visible

if TYPE_CHECKING:
    from cablelab.corpus import Corpus

PACKAGE = Path(__file__).resolve().parent
COPIES = "cablelab-notebooks"
RECORD = ".shipped.json"
FIRST = "01_start.ipynb"
WORKBENCH = "00_workbench.ipynb"


class NoJupyterLab(CablelabError):
    """JupyterLab, or Voilà, is missing from the environment that runs the command."""

    def __init__(self, program: str = "JupyterLab", extra: str = "lab") -> None:
        super().__init__(f"{program} is not installed here. Run: python -m pip install 'cablelab[{extra}]'")


def chosen_corpus(source: str | Path | None = None) -> Corpus:
    """Give the corpus that a notebook shall work on: the user's own, else the sample.

    Parameters
    ----------
    source
        A folder or file of captures, or a saved corpus. None takes what `cablelab lab FOLDER` was given (the
        environment variable `CABLELAB_CORPUS`), and without that the sample.

    Returns
    -------
    Corpus that holds a cable at least.

    Raises
    ------
    NothingToRead
        If the source does not exist, is empty, or holds no cable; the sample never takes its place.

    Examples
    --------
    >>> chosen_corpus("no-such-folder")
    Traceback (most recent call last):
    cablelab.errors.NothingToRead: There is no 'no-such-folder'. Check the path, or leave it out to work on the sample.
    """
    from cablelab.corpus import open as open_corpus
    from cablelab.reading import read
    from cablelab.samples import sample
    from cablelab.storage.manifest import MANIFEST

    source = source or os.environ.get("CABLELAB_CORPUS")
    if not source:
        return sample()
    _existing(source)
    path = Path(source).expanduser()  # as it was given: `source` shows no folder of this machine
    corpus = open_corpus(path) if (path / MANIFEST).is_file() else read(path)
    if corpus.cables.height == 0:
        raise NothingToRead.refused([path], corpus.problems["message"])
    return corpus


def start_page(corpus: str | None = None, port: int | None = None, browser: bool = True) -> int:
    """Start Voilà on the workbench, a page without notebook or code that asks nothing of others, and wait until it ends.

    Parameters
    ----------
    corpus, port, browser
        As for `start_lab`; the port is Voilà's.

    Returns
    -------
    int, the exit status of Voilà.

    Raises
    ------
    NoJupyterLab
        If Voilà is not installed.
    NothingToRead
        If `corpus` does not exist or is an empty folder.
    """
    if find_spec("voila") is None:
        raise NoJupyterLab("Voilà", "class")
    environment = _for(corpus)
    found = [str(PACKAGE / "jupyter"), *filter(None, [environment.get("JUPYTER_PATH")])]
    environment["JUPYTER_PATH"] = os.pathsep.join(found)
    command = [sys.executable, "-m", "voila", str(notebooks() / WORKBENCH), "--template=cablelab"]
    command += [f"--port={port}"] * (port is not None) + ["--no-browser"] * (not browser)
    sys.stdout.flush()
    return subprocess.call(command, env=environment)


def start_lab(corpus: str | None = None, port: int | None = None, browser: bool = True) -> int:
    """Start JupyterLab on the notebooks and wait until it ends.

    Parameters
    ----------
    corpus
        What the notebooks shall read: a folder or file of captures, or a saved corpus. None leaves the choice to the
        environment variable `CABLELAB_CORPUS`, and without that to the sample.
    port
        Where JupyterLab listens; None lets it choose.
    browser
        Open the browser.

    Returns
    -------
    int, the exit status of JupyterLab.

    Raises
    ------
    NoJupyterLab
        If JupyterLab is not installed.
    NothingToRead
        If `corpus` does not exist or is an empty folder.
    """
    if find_spec("jupyterlab") is None:
        raise NoJupyterLab()
    environment = _for(corpus)
    folder = notebooks()
    print(visible(f"Notebooks: {folder}"))
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
    # whoever names cables wants to see them; who names none is shown around first
    first = FIRST if corpus is None else WORKBENCH
    command.append(f"--LabApp.default_url=/lab/tree/{first}")
    if port is not None:
        command.append(f"--ServerApp.port={port}")
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container everyone is root, and JupyterLab would only refuse to start.
        command.append("--allow-root")
    sys.stdout.flush()
    return subprocess.call(command, env=environment)


def _for(corpus: str | None) -> dict[str, str]:
    """Return the environment that names the corpus to the notebooks, and tell which it is."""
    environment = dict(os.environ)
    if corpus is not None:
        environment["CABLELAB_CORPUS"] = str(_existing(corpus))
    chosen = environment.get("CABLELAB_CORPUS")
    print(visible(f"Corpus: {chosen or 'the sample (fictional)'}{_which_is_read(Path(chosen)) if chosen else ''}"))
    return environment


def notebooks(package: Path = PACKAGE, target: Path | None = None) -> Path:
    """Return a folder of notebooks to work in: copies, outside of any repository.

    A notebook that ran on somebody's cables holds their words. Work on the notebooks that a clone tracks, and the next
    commit publishes them.

    Parameters
    ----------
    package
        The folder of the package.
    target
        Where copies go. None takes `cablelab-notebooks` in the current folder, in the home folder where the current one
        lies in a repository or cannot be written, and else a temporary folder.

    Returns
    -------
    Path of a folder that holds the notebooks.

    Raises
    ------
    CablelabError
        If the package came without notebooks.
    """
    clone = package.parent
    cloned = (clone / "pyproject.toml").is_file() and (clone / "notebooks" / FIRST).is_file()
    shipped = sorted((clone if cloned else package).joinpath("notebooks").glob("*.ipynb"))
    if not shipped:
        raise CablelabError("This copy of cablelab holds no notebooks. Install it again from its wheel or a clone.")
    folder = target or _place()
    for name in copy_notebooks(shipped, folder):
        print(visible(f"Kept your own version of {folder / name}; delete or rename it to get the new one."))
    return folder


def _place() -> Path:
    for parent in (Path.cwd(), Path.home()):
        folder = parent / COPIES
        if in_repository(parent):
            continue
        try:
            folder.mkdir(exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError:
            continue
    return Path(tempfile.mkdtemp(prefix=f"{COPIES}-"))


def in_repository(folder: Path) -> bool:
    """Tell whether a folder lies in a repository of git, Mercurial or Subversion, so that its files may be committed.

    Examples
    --------
    >>> import tempfile
    >>> from cablelab.lab import in_repository
    >>> in_repository(Path(tempfile.gettempdir()))
    False
    """
    resolved = folder.resolve()
    return any((parent / kind).exists() for parent in (resolved, *resolved.parents) for kind in (".git", ".hg", ".svn"))


def copy_notebooks(shipped: list[Path], folder: Path) -> list[str]:
    """Copy notebooks into a folder, but never over one that was changed there.

    Parameters
    ----------
    shipped
        The notebooks as the package holds them.
    folder
        Where they go. A record in it holds the sha256 of each copy as it was made: who still has it was not changed.

    Returns
    -------
    list of the names that were left alone because they hold changes and a newer one is there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    record_file = folder / RECORD
    record: dict[str, str] = json.loads(record_file.read_text("utf-8")) if record_file.is_file() else {}
    kept = []
    for source in shipped:
        data, target = source.read_bytes(), folder / source.name
        digest = hashlib.sha256(data).hexdigest()
        present = hashlib.sha256(target.read_bytes()).hexdigest() if target.exists() else None
        if present is None or present == record.get(source.name):
            target.write_bytes(data)
        elif present != digest:
            if digest != record.get(source.name):
                kept.append(source.name)
            continue
        record[source.name] = digest
    record_file.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return kept


def _which_is_read(path: Path) -> str:
    """Say which is read where a folder holds a saved corpus and sources."""
    from cablelab.storage.manifest import others

    beside = others(path)
    if beside is None:
        return ""
    more = f"; what else lies there ({len(beside)}) is not read" if beside else ""
    return f" (the corpus saved there{more})"


def _existing(corpus: str | Path) -> Path:
    path = Path(corpus).expanduser().resolve()
    cure = "or leave it out to work on the sample."
    if not path.exists():
        raise NothingToRead(f"There is no {str(corpus)!r}. Check the path, {cure}")
    if path.is_dir() and not any(path.iterdir()):
        raise NothingToRead(f"The folder {str(corpus)!r} is empty. Put cables in it, {cure}")
    return path
