"""JupyterLab in a real browser, on loopback: a server in temporary folders, pages that note what would leave."""

from __future__ import annotations

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
from contextlib import contextmanager
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
    # Belt and braces: WebSockets do not pass through the routes that note the requests.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
SETTINGS = {
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
}
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
READY = """() => {
    const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
    return Boolean(context?.isReady && context.session?.kernel?.connectionStatus === "connected");
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

    def open(self, name: str, timeout: float = 30) -> None:
        self.page.goto(f"{self.server.url}/lab/tree/{name}?reset&token={self.server.token}")
        self.page.wait_for_function(READY, timeout=timeout * 1000)

    def run_all(self, timeout: float = 120) -> list[dict[str, Any]]:
        """Run all cells from a clean slate; return source, prompt, text and outputs of each, raise what failed."""
        self.command("notebook:clear-all-cell-outputs")
        self.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            cells = [cell for cell in self.page.evaluate(CELLS) if cell["source"].strip()]
            for cell in cells:
                for output in cell["outputs"]:
                    if output["output_type"] == "error":
                        raise AssertionError("\n".join([cell["source"], *output["traceback"]]))
            if all(cell["prompt"].strip("[]: ").isdigit() for cell in cells):
                return cells
            self.page.wait_for_timeout(100)
        raise AssertionError(f"cells still not run after {timeout} s: {[cell['prompt'] for cell in cells]}")

    def python(self, expression: str) -> str:
        """Evaluate an expression in the notebook's kernel and return its repr."""
        result = self.page.evaluate(EXPRESSION, expression)
        if result["status"] != "ok":
            raise AssertionError(f"{expression}: {result['ename']}: {result['evalue']}")
        return str(result["data"]["text/plain"])

    def command(self, name: str, arguments: dict[str, Any] | None = None) -> None:
        self.page.evaluate("([name, args]) => window.jupyterapp.commands.execute(name, args)", [name, arguments or {}])

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


@contextmanager
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


@pytest.fixture
def open_notebook(lab_server: Server, browser: Any) -> Iterator[Callable[..., LabPage]]:
    """Open a notebook (a path, or a list of code cells) in a page of its own, in a time zone and a theme.

    The test fails at its end if any page asked for anything outside this machine.
    """
    opened: list[LabPage] = []
    contexts = []

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
        context = browser.new_context(timezone_id=timezone, viewport={"width": size[0], "height": size[1]})
        contexts.append(context)
        page = LabPage(context.new_page(), lab_server, [])
        opened.append(page)
        context.route("**/*", lambda route: _guard(route, page.foreign))
        page.page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.open(name)
        page.theme(dark)
        return page

    yield open_one
    for page in opened:
        page.page.evaluate("() => window.jupyterapp?.shell.currentWidget?.sessionContext.shutdown()")
    for context in contexts:
        context.close()
    foreign = sorted({request for page in opened for request in page.foreign})
    assert not foreign, f"requests that would have left this machine: {foreign}"


def _guard(route: Any, foreign: list[str]) -> None:
    address = urlsplit(route.request.url)
    if address.scheme in LOCAL_SCHEMES or address.hostname in LOOPBACK:
        route.continue_()
    else:
        foreign.append(route.request.url)
        route.abort()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path, timeout: float = 60) -> None:
    end = time.monotonic() + timeout
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start: {log.read_text('utf-8', 'replace')[-2000:]}")
