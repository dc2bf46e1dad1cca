"""No pattern of the package takes more than linear time: each is pumped with what its own parse tree repeats."""

from __future__ import annotations

import re

import pytest
from growth import patterns, worst

PATTERNS = patterns()
# Those that go over the end of a line or a text only, with the most characters that their callers cut for them; the tests of
# `tests/test_trust.py` pump the callers.
WINDOWS = {
    "message.closing._ALONE": 110,
    "message.closing._CAPITALS": 70,
    "message.closing._GLUED": 70,
    "message.closing._IN_ADVERT": 400,
    "message.headings._BETWEEN": 130,
    "message.glued._GLUED_BETWEEN": 260,
    "message.glued._LAST_WORD": 125,
    "message.page_breaks._BEFORE_OF": 70,
    "message.page_breaks._BESIDE": 100,
    "message.trailers._ADVERT": 400,
    "message.trailers._FIELDS": 160,
    "message.trailers._MINIMIZE": 30,
    "message.trailers._ON_LINE": 160,
    "message.trailers._TRAILER": 400,
}


@pytest.mark.parametrize("name", PATTERNS)
def test_time_of_a_pattern_grows_with_the_length(name):
    if name in WINDOWS:  # what is quadratic in so few characters is nothing; what is worse would be seen
        assert worst(*PATTERNS[name], long=WINDOWS[name], floor=20_000_000) is None
    else:
        assert worst(*PATTERNS[name]) is None


def test_all_patterns_are_found():
    assert len(PATTERNS) > 300
    assert {"message.references._CABLE", "capture.blog.ROW", "capture.telegram.RELAY"} <= set(PATTERNS)
    assert set(WINDOWS) <= set(PATTERNS)
    assert PATTERNS["capture.telegram.RELAY"][1] == {"fullmatch"}
    assert PATTERNS["capture.nara.MARKER"][1] == {"search"}


@pytest.mark.parametrize(
    ("pattern", "way"),
    [
        (r"(?:a+)+$", "match"),
        (r"(?:[-=_*]{3,}[ ]?)+[-=_*]*$", "match"),
        (r"(?:(?:ab|a)(?:c|bc)?)+$", "match"),
        (r"x[ \t]*:?[ \t]*$", "match"),
        (r"\s+$", "search"),
        (r"<\w+[^<>]*>", "match"),
        (r"FROM .*\d+$", "fullmatch"),
    ],
)
def test_pattern_that_backtracks_is_told(pattern, way):
    assert worst(re.compile(pattern), {way}) is not None


@pytest.mark.parametrize(
    ("pattern", "way"),
    [(r"x[ \t]*+:?[ \t]*+$", "match"), (r"(?<!\s)\s+$", "search"), (r"(?:a{1,30}b)+$", "match"), (r"a+\Z", "match")],
)
def test_pattern_that_does_not_is_not(pattern, way):
    assert worst(re.compile(pattern), {way}) is None
