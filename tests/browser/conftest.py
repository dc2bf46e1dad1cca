"""JupyterLab in a real browser, on loopback: a server in temporary folders, pages that note what would leave."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
LOCAL_SCHEMES = {"data", "blob", "about"}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing leaves; what would have is noted by `watched`.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
SETTINGS = {
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
}
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
READY = """name => {
    const notebook = window.jupyterapp?.shell.currentWidget, session = notebook?.sessionContext;
    return Boolean(notebook?.context?.path === name && session.isReady && session.session?.kernel?.connectionStatus === "connected");
}"""
# The notebook alone, as in a page that was loaded for it.
ALONE = """() => {
    const shell = window.jupyterapp.shell;
    [...shell.widgets("main")].filter(widget => widget !== shell.currentWidget).forEach(widget => widget.dispose());
    shell.expandLeft();
}"""
CLOSE = """async () => {
    const notebook = window.jupyterapp?.shell.currentWidget;
    await notebook?.sessionContext?.shutdown();
    notebook?.dispose();
    return Boolean(window.jupyterapp) && !document.querySelector(".jp-Dialog");
}"""
RUN = """() => {
    window.cellsRun = false;
    window.jupyterapp.commands.execute("notebook:run-all-cells").finally(() => { window.cellsRun = true; });
}"""
CELLS = """() => window.jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === "code")
    .map(cell => ({
        source: cell.model.sharedModel.getSource(),
        prompt: cell.node.querySelector(".jp-InputPrompt")?.textContent.trim() ?? "",
        text: cell.outputArea.node.innerText,
        outputs: cell.model.outputs.toJSON(),
    }))"""
# What follows from a change of size is laid out after one frame, and drawn after two.
DRAWN = "() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(() => drawn())))"
EXPRESSION = """async code => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const future = kernel.requestExecute({code: "", silent: true, store_history: false, user_expressions: {it: code}});
    return (await future.done).content.user_expressions.it;
}"""
# Asks until the kernel gives what is wanted, or an error, or the time is over.
UNTIL = f"""async ([code, wanted, patience]) => {{
    const began = performance.now();
    for (;;) {{
        const found = await ({EXPRESSION})(code);
        if (found.status !== "ok" || found.data["text/plain"] === wanted || performance.now() - began > patience) return found;
        await new Promise(requestAnimationFrame);
    }}
}}"""


@dataclass(frozen=True)
class Server:
    """A running JupyterLab: its address, the token, and the folder it shows."""

    url: str
    token: str
    folder: Path


@dataclass
class LabPage:
    """One notebook open in one browser page; `page` is Playwright's, `foreign` the requests that would have left."""

    page: Any
    server: Server
    foreign: list[str]
    errors: list[str] = field(default_factory=list)

    def open(self, name: str, timeout: float = 60) -> None:
        if self.page.url == "about:blank":
            self.page.goto(f"{self.server.url}/lab/tree/{name}?reset&token={self.server.token}")
        else:
            self.command("docmanager:open", {"path": name})
        self.page.wait_for_function(READY, arg=name, timeout=timeout * 1000)
        self.page.evaluate(ALONE)

    def close(self) -> None:
        """End the notebook and its kernel; the page stays for the next one, unless something is in the way."""
        if not self.page.evaluate(CLOSE):
            self.page.goto("about:blank")

    def run_all(self, timeout: float = 120) -> list[dict[str, Any]]:
        """Run all cells from a clean slate; return source, prompt, text and outputs of each, raise what failed."""
        self.command("notebook:clear-all-cell-outputs")
        self.page.evaluate(RUN)
        self.page.wait_for_function("() => window.cellsRun", timeout=timeout * 1000)
        cells = [cell for cell in self.page.evaluate(CELLS) if cell["source"].strip()]
        for cell in cells:
            for output in cell["outputs"]:
                if output["output_type"] == "error":
                    raise AssertionError("\n".join([cell["source"], *output["traceback"]]))
        assert all(cell["prompt"].strip("[]: ").isdigit() for cell in cells), [cell["prompt"] for cell in cells]
        return cells

    def python(self, expression: str) -> str:
        """Evaluate an expression in the notebook's kernel and return its repr."""
        return _repr(expression, self.page.evaluate(EXPRESSION, expression))

    def until(self, expression: str, wanted: str = "True", timeout: float = 60) -> None:
        """Wait until the kernel gives `wanted` for an expression, as a repr, and the page has drawn what came with it."""
        found = _repr(expression, self.page.evaluate(UNTIL, [expression, wanted, timeout * 1000]))
        assert found == wanted, f"{expression} is {found}, not {wanted}"
        self.drawn()

    def command(self, name: str, arguments: dict[str, Any] | None = None) -> None:
        # What a command gives is a widget at times, which would be sent here with all that it holds.
        run = "async ([name, args]) => { await window.jupyterapp.commands.execute(name, args); }"
        self.page.evaluate(run, [name, arguments or {}])

    def theme(self, dark: bool) -> None:
        self.command("apputils:change-theme", {"theme": f"JupyterLab {'Dark' if dark else 'Light'}"})
        self.page.wait_for_function(f"document.body.dataset.jpThemeLight === '{str(not dark).lower()}'")
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")

    def drawn(self) -> None:
        """Wait until what a change of size brings is laid out and drawn."""
        self.page.evaluate(DRAWN)

    def grow(self) -> None:
        """Make the page as high as the notebook, so that a picture shows all of it."""
        height = self.page.evaluate("document.querySelector('.jp-Notebook .jp-WindowedPanel-outer').scrollHeight")
        width = self.page.viewport_size["width"]
        self.page.set_viewport_size({"width": width, "height": min(height + 200, 12_000)})
        self.page.evaluate("document.querySelector('.jp-Notebook .jp-WindowedPanel-outer').scrollTop = 0")
        self.drawn()

    def screenshot(self, name: str, selector: str | None = None) -> Path:
        """Save a picture in the folder that CABLELAB_SCREENSHOTS names, else among the temporary files."""
        folder = Path(os.environ.get("CABLELAB_SCREENSHOTS") or self.server.folder.parent / "screenshots")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        (self.page.locator(selector).first if selector else self.page).screenshot(path=path)
        return path


def _repr(expression: str, result: dict[str, Any]) -> str:
    if result["status"] != "ok":
        raise AssertionError(f"{expression}: {result['ename']}: {result['evalue']}")
    return str(result["data"]["text/plain"])


def _lacking(what: str, cure: str) -> NoReturn:
    """Skip what needs a browser on a machine that has none; only CI insists that there is one."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} in CI, where the browser tests must run; .ci/run installs it")
    pytest.skip(f"{what}: {cure}")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser to drive: Debian's, else Playwright's own; the program that drives it is seen to start."""
    from playwright.sync_api import sync_playwright

    own = None
    try:
        with sync_playwright() as playwright:
            own = playwright.chromium.executable_path
    except Exception as error:
        # Its node needs a library that a slim Debian lacks; what the loader says of it went to stderr.
        started = str(error)
    if own is None:
        _lacking(f"Playwright's driver does not start ({started})", "apt-get install libatomic1")
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None and Path(own).is_file():
        found = own
    if found is None:
        _lacking("no chromium", "apt-get install chromium, or python -m playwright install chromium")
    return found


def offline_home(home: Path) -> dict[str, str]:
    """Give the environment of a server with an empty home that reaches nothing outside this machine."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "CABLELAB"))}
    return environment | {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        # What the kernel asks the outside fails too; port 9 of loopback answers nobody.
        "HTTP_PROXY": "http://127.0.0.1:9",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "NO_PROXY": "127.0.0.1,localhost",
    }


def free_port() -> int:
    """Find a port of loopback on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextlib.contextmanager
def served(command: Sequence[str], environment: Mapping[str, str], home: Path, url: str) -> Iterator[None]:
    """Run a server until the tests of it are over; begin when it answers at `url`. What it writes goes to a log in `home`."""
    log = home / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, cwd=home, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )  # fmt: skip
    try:
        _wait_for(url, process, log)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # the server may be a child of the command
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab on a free port of loopback with an empty home; `folder` is what it shows."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "notebooks"
    folder.mkdir()
    for name, values in SETTINGS.items():
        path = home / "settings" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    port = free_port()
    token = secrets.token_hex(16)
    url = f"http://127.0.0.1:{port}"
    environment = offline_home(home) | {
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    command += [f"--ServerApp.root_dir={folder}", "--LabApp.expose_app_in_browser=True"]
    with served(command, environment, home, f"{url}/api/status?token={token}"):
        yield Server(url, token, folder)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """A browser for the tests of one module; Playwright's event loop must not outlive them."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # CI hides the machine's fonts from Python (see .ci/run); a browser without any shows no page.
        environment = {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS, headless=True, env=environment)
        yield running
        running.close()


@pytest.fixture(scope="module")
def lab_in(lab_server: Server, browser: Any) -> Callable[[str], LabPage]:
    """Give the page of a time zone: JupyterLab is loaded once for the tests of a module, which takes longer than most of them."""

    @functools.cache
    def lab_in_zone(timezone: str) -> LabPage:
        context = browser.new_context(timezone_id=timezone)
        foreign = watched(context)
        lab = LabPage(context.new_page(), lab_server, foreign)
        lab.page.on("pageerror", lambda error: lab.errors.append(str(error)))
        return lab

    return lab_in_zone


@pytest.fixture
def open_notebook(lab_server: Server, lab_in: Callable[[str], LabPage]) -> Iterator[Callable[..., LabPage]]:
    """Open a notebook (a path, or a list of code cells) in the page of a time zone, where it is alone, in a theme.

    The test fails at its end if any page asked for anything outside this machine.
    """
    opened: list[LabPage] = []

    def open_one(
        notebook: Path | list[str], *, timezone: str = "UTC", dark: bool = False, size: tuple[int, int] = (1400, 1000)
    ) -> LabPage:
        name = f"{secrets.token_hex(4)}-{notebook.name if isinstance(notebook, Path) else 'test.ipynb'}"
        target = lab_server.folder / name
        if isinstance(notebook, Path):
            shutil.copyfile(notebook, target)
        else:
            cells = [nbformat.v4.new_code_cell(source) for source in notebook]
            nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=KERNEL), target)
        lab = lab_in(timezone)
        opened.append(lab)
        lab.page.set_viewport_size({"width": size[0], "height": size[1]})
        lab.open(name)
        lab.theme(dark)
        return lab

    yield open_one
    foreign = sorted({request for lab in opened for request in lab.foreign})
    for lab in opened:
        lab.close()
        lab.foreign.clear()
        lab.errors.clear()
    assert not foreign, f"requests that would have left this machine: {foreign}"


def watched(context: Any) -> list[str]:
    """Return a list that grows by each address outside this machine that pages of a context ask for.

    What is asked for is heard of, not let through one by one: that would take the cache from the browser.
    """
    foreign: list[str] = []

    def note(asked: Any) -> None:
        address = urlsplit(asked.url)
        if address.scheme not in LOCAL_SCHEMES and address.hostname not in LOOPBACK:
            foreign.append(asked.url)

    context.on("request", note)
    context.on("page", lambda page: page.on("websocket", note))
    return foreign


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path, timeout: float = 60) -> None:
    end = time.monotonic() + timeout
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start: {log.read_text('utf-8', 'replace')[-2000:]}")
