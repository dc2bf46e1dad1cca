"""Names beside the marks of a map: the largest marks first, each where it covers no other name and least of the marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import asin, cos, pi, radians, sin, sqrt

from cablelab.charts import fonts

SIZE = 10  # of the letters, pixels
GAP = 3
_EQUAL_EARTH = (1.340264, -0.081106, 0.000893, 0.003796)  # Šavrič, Patterson, Jenny 2018
Box = tuple[float, float, float, float]


def projected(lon: float, lat: float) -> tuple[float, float]:
    """Return the place of a point in the Equal Earth projection of a sphere of radius 1, y upwards.

    Examples
    --------
    >>> from cablelab.charts.naming import projected
    >>> [round(part, 3) for part in projected(180, 0)]
    [2.707, 0.0]
    """
    a, b, c, d = _EQUAL_EARTH
    theta = asin(sqrt(3) / 2 * sin(radians(lat)))
    square = theta * theta
    sixth = square**3
    x = radians(lon) * cos(theta) / (sqrt(3) / 2 * (a + 3 * b * square + sixth * (7 * c + 9 * d * square)))
    return x, theta * (a + b * square + sixth * (c + d * square))


def fitted(
    points: Sequence[tuple[float, float]], others: Iterable[tuple[float, float]], width: float, height: float
) -> list[tuple[float, float]]:
    """Return where points lie in a drawing that just holds them and others, pixels from its upper left corner.

    Examples
    --------
    >>> from cablelab.charts.naming import fitted
    >>> [[round(part) for part in place] for place in fitted([(0, 0)], [(-180, 0), (180, 0)], 640, 320)]
    [[320, 160]]
    """
    placed = [projected(*point) for point in points]
    across, up = zip(*placed, *(projected(*point) for point in others), strict=True)
    wide, high = max(across) - min(across) or 1, max(up) - min(up) or 1e-9
    scale = min(width / wide, height / high)
    left, top = (width - scale * wide) / 2, (height - scale * high) / 2
    return [(left + scale * (x - min(across)), top + scale * (max(up) - y)) for x, y in placed]


def offsets(
    names: Sequence[str], at: Sequence[tuple[float, float]], areas: Sequence[float], most: int, width: float
) -> list[tuple[float, float] | None]:
    """Return how far from its mark the middle of each name stands, None for a name that finds no room.

    Parameters
    ----------
    names, at, areas
        Of the marks, those that most need a name first: name, middle in pixels, area in square pixels.
    most
        How many names are set at most.
    width
        Of the drawing, pixels; no name reaches out of it.

    Examples
    --------
    >>> from cablelab.charts.naming import offsets
    >>> offsets(["OSLO", "ROME"], [(50, 50), (50, 64)], [80, 80], 2, 640)[0][1] < 0
    True
    """
    radii = [sqrt(area / pi) for area in areas]
    marks = [(x - r, y - r, x + r, y + r) for (x, y), r in zip(at, radii, strict=True)]
    set_names: list[Box] = []
    found: list[tuple[float, float] | None] = []
    for name, (x, y), r in list(zip(names, at, radii, strict=True))[:most]:
        half = (fonts.width(name, SIZE) or SIZE * 0.6 * len(name)) / 2
        near = r * 0.7 + GAP
        places = [(0, -r - SIZE / 2 - GAP), (0, r + SIZE / 2 + GAP), (r + half + GAP, 0), (-r - half - GAP, 0)]
        places += [(side * (near + half), up * (near + SIZE / 2)) for up in (-1, 1) for side in (1, -1)]
        best = None
        for order, (dx, dy) in enumerate(places):
            box = (x + dx - half, y + dy - SIZE / 2, x + dx + half, y + dy + SIZE / 2)
            if box[0] < 0 or box[2] > width or any(_shared(box, other) for other in set_names):
                continue
            covered = sum(_shared(box, mark) for mark in marks)
            if best is None or (covered, order) < best[0]:
                best = (covered, order), (dx, dy), box
        if best is not None:
            set_names.append(best[2])
        found.append(best[1] if best is not None else None)
    return found


def _shared(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across * down if across > 0 and down > 0 else 0.0
