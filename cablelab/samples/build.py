"""Write the shipped sample: `python -m cablelab.samples.build`."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from cablelab.samples import HERE, SHIPPED
from cablelab.samples.fiction import Fiction, generate
from cablelab.samples.world import places

CABLES, SEED, SIZE, YEARLY = 412, 7, 1.3, 8
POST_COLUMNS = (
    "code",
    "name",
    "kind",
    "mission",
    "tags_country",
    "bureau",
    "bureau_before_2006",
    "lat",
    "lon",
    "predecessor",
    "successor",
    "first_year",
    "last_year",
    "aliases",
    "note",
)


def shipped() -> Fiction:
    """Generate what ships."""
    return generate(CABLES, SEED, size=SIZE, yearly=YEARLY)


def posts_table() -> str:
    """Return the invented posts as CSV, with the columns that `facts.add_posts` takes."""
    rows: list[tuple[object, ...]] = []
    for p in places():
        kin = [q for q in places() if q.mission == p.mission and q.kind == p.kind and q is not p]
        before = next((q.code for q in kin if q.first < p.first), "")
        after = next((q.code for q in kin if q.first > p.first), "")
        note = "invented, for the sample corpus"
        rows.append(
            (
                p.code,
                p.display,
                p.kind,
                p.mission,
                p.tag,
                p.bureau,
                p.bureau_before_2006,
                p.lat,
                p.lon,
                before,
                after,
                p.first,
                p.last,
                p.code[:6] if len(p.code) > 6 else "",  # as the archive of 1973-79 cuts it
                note,
            )
        )
    return _csv(POST_COLUMNS, rows)


def tags_table() -> str:
    """Return the invented country tags as CSV, with the columns that `facts.add_tags` takes."""
    missions = {p.tag: p.mission for p in places()}
    return _csv(
        ("code", "kind", "meaning", "confidence"),
        [(tag, "country", mission, "known") for tag, mission in missions.items()],
    )


def _csv(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(columns)
    table.writerows(rows)
    return out.getvalue()


def build(folder: Path = HERE) -> Path:
    """Write sample.zip, posts.csv and tags.csv into `folder` and return the path of the first."""
    (folder / "posts.csv").write_text(posts_table(), "utf-8")
    (folder / "tags.csv").write_text(tags_table(), "utf-8")
    return shipped().write_zip(folder / SHIPPED.name)


if __name__ == "__main__":
    print(f"{build().name}: {SHIPPED.stat().st_size:,} bytes")
