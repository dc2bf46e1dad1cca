"""Sphinx's settings, and the pages that are made from the package itself: reference, columns of the frames, gallery."""

from __future__ import annotations

import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(HERE))

from gallery import PICTURES, TABLES, draw, table  # noqa: E402

import cablelab as cl  # noqa: E402
from cablelab.frames import NAMES, describe  # noqa: E402

project = "cablelab"
author = copyright = "the cablelab team"
version = release = cl.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "**/.ipynb_checkpoints"]
myst_enable_extensions = ["deflist", "colon_fence"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "cablelab"
html_copy_source = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # signatures of polars and altair run over lines; docstrings say shapes and types
napoleon_google_docstring = False
MADE = HERE / "made"


def promised() -> dict[str, list[str]]:
    """Read the public paths from paths.md: a module to its names."""
    rows = re.findall(r"^\| `(cl[.\w]*)` \| (.+) \|$", (HERE / "paths.md").read_text(encoding="utf-8"), re.MULTILINE)
    return {module: re.findall(r"`(\w+)`", names) for module, names in rows}


def reference() -> None:
    """Write a page for each public name and a list of them."""
    folder = MADE / "reference"
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for module, names in promised().items():
        page = module.removeprefix("cl.").replace("cl", "top") if module == "cl" else module.removeprefix("cl.")
        real = "cablelab" if module == "cl" else f"cablelab.{module.removeprefix('cl.')}"
        pages = []
        for name in names:
            value = getattr(cl if module == "cl" else getattr(cl, module.removeprefix("cl.")), name)
            kind = "autoclass" if isinstance(value, type) else "autofunction"
            members = "   :members:\n" if kind == "autoclass" else ""
            body = (
                f"# {module}.{name}\n\n```{{eval-rst}}\n.. {kind}:: {value.__module__}.{value.__qualname__}\n{members}"
            )
            body += "   :no-index:\n```\n"
            (folder / f"{page}.{name}.md").write_text(body, encoding="utf-8")
            pages.append(f"{page}.{name}")
        doc = (sys.modules[real].__doc__ or "").split("\n\n")[0].replace("\n", " ")
        toc = "\n".join(pages)
        (folder / f"{page}.md").write_text(f"# {module}\n\n{doc}\n\n```{{toctree}}\n{toc}\n```\n", encoding="utf-8")
        entries.append(page)
    listed = "\n".join(entries)
    (folder / "index.md").write_text(
        f"# Reference\n\nEvery public name, `import cablelab as cl` at the top of each.\n\n```{{toctree}}\n{listed}\n```\n",
        encoding="utf-8",
    )


def columns() -> None:
    """Write the columns of every frame."""
    parts = [
        '# Frames and their columns\n\nWhat a `Corpus` holds; `cl.frames.describe("cables")` says the same in a notebook.\n'
    ]
    for name in NAMES:
        rows = "\n".join(f"| `{c}` | {t.replace('|', ' ')} | {m} |" for c, t, m in describe(name).iter_rows())
        parts.append(f"\n## {name}\n\n| column | type | meaning |\n|---|---|---|\n{rows}\n")
    (MADE / "frames.md").write_text("".join(parts), encoding="utf-8")


def pictures() -> None:
    """Draw the gallery: each picture and each table beside the code that made it."""
    parts = ["# Gallery\n\nEach picture and each table is made by the lines above it, from the sample corpus.\n"]
    for name, title, code in PICTURES:
        (MADE / f"{name}.svg").write_text(draw(code), encoding="utf-8")
        parts.append(f"\n## {title}\n\n```python\n{code.strip()}\n```\n\n![{title}]({name}.svg)\n")
    for _, title, code in TABLES:
        parts.append(f"\n## {title}\n\n```python\n{code.strip()}\n```\n\n{table(code)}\n")
    (MADE / "gallery.md").write_text("".join(parts), encoding="utf-8")


def make(_: object) -> None:
    """Write what is made from the package."""
    MADE.mkdir(exist_ok=True)
    reference()
    columns()
    pictures()


def setup(app: object) -> None:
    """Have the pages made before Sphinx looks for them."""
    app.connect("builder-inited", make)  # type: ignore[attr-defined]
