"""The views without a browser: what is pressed comes as it would over the wire, what is shown is read from the tree."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import hostile
import polars as pl
import pytest

import cablelab as cl
from cablelab.errors import CablelabError, InvalidDate, InvalidQuery, NotACorpus, UnknownCable
from cablelab.export import csv_text
from cablelab.terms import MASK
from cablelab.widgets import Selection, State, bins, finds, panel, tree
from cablelab.widgets.facets import Facets
from cablelab.widgets.filters import Filters
from cablelab.widgets.tree import find, h, to_html, words


@pytest.fixture(scope="module")
def corpus() -> cl.Corpus:
    return cl.sample()


@pytest.fixture
def explorer(corpus):
    return cl.explore(corpus)


@pytest.fixture(scope="module")
def cited(corpus) -> tuple[str, str]:
    """A cable and one that it cites, both held."""
    return (
        corpus.references.filter(pl.col("held"), pl.col("target") != pl.col("cable")).select("cable", "target").row(0)
    )


def press(view, act: str, value: str = "", given: object = None) -> None:
    """Send what the browser sends when a control is pressed or a field has changed."""
    view._handle_custom_msg({"act": act, "value": value, "given": given}, [])


def rerun(code: str, corpus: cl.Corpus) -> cl.Corpus:
    """Run code as a user does who pastes it into a cell."""
    names: dict[str, object] = {"cl": cl, "pl": pl, "corpus": corpus}
    exec(f"found = {code}", names)
    found = names["found"]
    assert isinstance(found, cl.Corpus)
    return found


def most(corpus: cl.Corpus, column: str) -> str:
    counts = corpus.cables[column].cast(pl.String).drop_nulls().value_counts(sort=True)
    return str(counts[column][0])


def most_tag(corpus: cl.Corpus) -> str:
    return str(corpus.tags["tag"].value_counts(sort=True)["tag"][0])


# The tree


def test_text_is_never_markup():
    node = h(
        "p", {"title": hostile.HOSTILE, "data-hint": hostile.HOSTILE}, hostile.HOSTILE, [h("em", None, hostile.HOSTILE)]
    )
    assert tags_of(to_html(node)) == ["p", "em"]
    assert words(node) == 2 * hostile.HOSTILE


@pytest.mark.parametrize(
    ("tag", "attributes"),
    [("script", {}), ("p", {"onclick": "x"}), ("a", {"href": "javascript:x"}), ("p", {"style": "x"}), ("img", {})],
)
def test_nothing_that_could_run_or_load_can_be_built(tag, attributes):
    with pytest.raises(ValueError, match=r"no view|only into its own page"):
        h(tag, attributes)


def test_the_browser_builds_what_python_builds():
    script = (panel._HERE / "panel.js").read_text(encoding="utf-8")

    def listed(name: str) -> set[str]:
        block = re.search(rf"const {name} = new Set\(\((.*?)\)\.split", script, re.DOTALL)
        assert block is not None
        return set("".join(re.findall(r'"([^"]*)"', block[1])).split())

    assert listed("TAGS") == tree.TAGS
    assert listed("ATTRIBUTES") == tree.ATTRIBUTES
    script = script.replace(
        '"http://www.w3.org/2000/svg"', ""
    )  # the name of a namespace; nothing is fetched from there
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|https?:", script)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.found.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name == "src"], (tag, attrs)


def tags_of(html: str) -> list[str]:
    parser = _Tags()
    parser.feed(html)
    return parser.found


# The selection


def selections(corpus: cl.Corpus) -> list[Selection]:
    post, mission, tag = most(corpus, "post"), most(corpus, "mission"), most_tag(corpus)
    other = corpus.tags.filter(pl.col("tag") != tag)["tag"][0]
    unknown = corpus.tags.filter(pl.col("kind") == "unknown")["tag"][0]
    return [
        Selection(),
        Selection(posts=(post,)),
        Selection(posts=(post,), missions=(mission,)),
        Selection(posts=("", post), bureaus=(most(corpus, "bureau"), "")),
        Selection(tags=(tag, other)),
        Selection(tags=(tag, other), tags_how="all"),
        Selection(tags=(tag, unknown)),
        Selection(tags=(tag, "")),
        Selection(tags=("",)),
        Selection(classifications=("CONFIDENTIAL", "SECRET")),
        Selection(sent=(date(2004, 3, 1), date(2006, 2, 28))),
        Selection(query="labor code"),
        Selection(query=r"\d+ percent", regex=True),
        Selection(partial=True),
        Selection(partial=False, query="quo\"te's"),
        Selection(cables=tuple(corpus.ids[:3])),
        Selection(sent=(date(2004, 3, 1), date(2006, 2, 28)), undated="with"),
        Selection(undated="only"),
        Selection(ranges=(("words", 100, 400), ("paragraphs", 3, 9))),
        Selection(posts=(post,), tags=(tag,), sent=(date(2003, 1, 1), date(2008, 12, 31)), query="the", partial=False),
    ]


def test_code_makes_the_same_corpus_again(corpus):
    sizes = set()
    for selection in selections(corpus):
        state = State(corpus)
        state.selection = selection
        again = rerun(state.code, corpus)
        assert again.ids.to_list() == state.corpus.ids.to_list(), selection
        assert again.ids.to_list() == selection.apply(corpus).ids.to_list()
        assert again.ids.to_list() == corpus.filter(selection.expr(corpus)).ids.to_list()
        assert state.code == selection.code()
        sizes.add(len(again))
    assert len(sizes) > 8
    assert len(corpus) in sizes


def test_code_holds_for_names_that_nothing_knows():
    corpus = hostile.corpus(4)
    for selection in (
        Selection(posts=(hostile.HOSTILE,), bureaus=(hostile.HOSTILE,), missions=(hostile.HOSTILE,)),
        Selection(tags=(hostile.HOSTILE,), query="window.ran"),
        Selection(cables=(f"{hostile.HOSTILE}2", "two\nlines")),
    ):
        found = rerun(selection.code(), corpus)
        assert 0 < len(found) == len(selection.apply(corpus))


def test_the_filtered_corpus_says_how_it_was_chosen(corpus):
    state = State(corpus)
    state.selection = Selection(tags=("ELAB",), partial=False)
    assert state.corpus.filters == ('cl.tagged("ELAB")', '~pl.col("partial")')
    expected = corpus.filter(cl.tagged("ELAB") & ~pl.col("partial"))
    assert "_chosen" not in vars(state.corpus)  # rows are copied for who asks for them
    assert (state.count, state.leaves(expected.ids[0])) == (len(expected), True)
    assert not any(state.leaves(cable) for cable in corpus.ids if cable not in expected)
    assert state.corpus.cables.equals(expected.cables)


def test_a_selection_that_cannot_be_worked_out_is_refused_and_changes_nothing(corpus):
    state = State(corpus)
    state.selection = good = Selection(tags=("ELAB",))
    with pytest.raises(InvalidQuery, match="no regular expression"):
        state.selection = Selection(query="(", regex=True)
    assert (state.selection, state.code) == (good, good.code())
    with pytest.raises(InvalidDate, match="before it starts"):
        Selection(sent=(date(2005, 1, 2), date(2005, 1, 1)))


def test_undo_and_redo_go_through_the_selections(corpus):
    state = State(corpus)
    steps = [Selection(), Selection(tags=("ELAB",)), Selection(tags=("ELAB",), partial=False)]
    for selection in steps[1:]:
        state.selection = selection
    state.undo()
    assert state.selection == steps[1]
    assert len(state.corpus) == len(steps[1].apply(corpus))
    state.undo()
    state.undo()
    assert (state.selection, state.can_undo, state.can_redo) == (steps[0], False, True)
    state.redo()
    assert state.selection == steps[1]
    state.selection = Selection(query="labor")
    assert not state.can_redo


# Facets


@pytest.mark.parametrize("field", ["posts", "missions", "bureaus", "classifications", "tags"])
def test_a_facet_counts_what_a_press_leaves_or_adds(corpus, field):
    facets = Facets(state := State(corpus))
    others = Selection(sent=(date(2003, 1, 1), date(2007, 12, 31)), partial=False)
    state.selection = others
    counts = {value: n for value, n in facets.counts(field).items() if n}
    assert len(counts) > 1
    for value, count in counts.items():
        assert count == len(others.toggled(field, value).apply(corpus)), value
    first = max(counts, key=lambda value: counts[value])
    state.selection = chosen = others.toggled(field, first)
    left = len(chosen.apply(corpus))
    for value in [v for v in counts if v != first][:12]:
        shown = next(v for v in _listed(facets, field) if v.value == value)
        assert (shown.adds, shown.count) == (True, len(chosen.toggled(field, value).apply(corpus)) - left)
        assert f"adds {shown.count:,} cable" in shown.told
    mine = next(v for v in _listed(facets, field) if v.value == first)
    assert (mine.chosen, mine.adds, mine.count) == (True, False, left)


def telegrams() -> cl.Corpus:
    """Telegrams of 1975 whose records name offices and drafters, and one cable of 2007 that names neither."""
    told = [
        ("EUR", "EUR/RPE:WRSEDGE:APD"),
        ("EUR", None),
        ("EB", "EB/ORF:TQTARN:KV"),
        ("eb", "EB/ORF:TQTARN:KV"),
        (None, None),
    ]
    rows = [
        hostile.row("cables", cable=f"75OSLO{n}", post="OSLO", year=1975, office=office, drafted_by=drafter, tags=[])
        for n, (office, drafter) in enumerate(told, 1)
    ]
    return cl.Corpus({"cables": pl.DataFrame(rows, schema=cl.frames.SCHEMAS["cables"], orient="row")})


def test_offices_and_drafters_are_facets_where_records_name_them(corpus):
    for state, shown in ((State(telegrams()), True), (State(corpus), False)):
        drawn = str(Filters(state).draw())
        assert ("Office of action or origin" in drawn, "Drafted by" in drawn) == (shown, shown)
    facets = Facets(state := State(telegrams()))
    assert {v.value: v.count for v in facets.values("offices")[0]} == {"EUR": 2, "": 1, "EB": 1, "eb": 1}
    for field, value in (("offices", "EUR"), ("offices", "eb"), ("offices", ""), ("drafters", "EB/ORF:TQTARN:KV")):
        state.selection = Selection().toggled(field, value)
        left = state.corpus
        assert (
            len(left)
            == facets.counts(field)[value]
            == len(eval(state.code, {"cl": cl, "pl": pl, "corpus": state.whole}))
        )
    assert "EUR/RPE:WRSEDGE:APD" in [v.value for v in facets.values("drafters", "sedge")[0]]


def _listed(facets: Facets, field: str):
    if field in ("posts", "missions"):
        return [v for mission, posts in facets.places(most=500)[0] for v in (mission, *posts) if v.value]
    return facets.values(field, most=2000)[0]


def test_tags_that_must_all_be_there_narrow_each_other(corpus):
    state = State(corpus)
    tag = most_tag(corpus)
    state.selection = Selection(tags=(tag,), tags_how="all")
    counts = Facets(state).counts("tags")
    for value in (v for v in list(counts)[:5] if v != tag):
        assert counts[value] == len(Selection(tags=(tag, value), tags_how="all").apply(corpus))


def test_posts_and_tags_are_found_by_code_and_by_meaning(corpus):
    facets = Facets(State(corpus))
    by_code, by_meaning = ([v.value for v in facets.values("tags", find)[0]] for find in ("elab", "labor sector"))
    assert by_code[0] == by_meaning[0] == "ELAB"
    post = most(corpus, "post")
    mission = str(corpus.cables.filter(post=post)["mission"][0])
    for find_by in (post.lower(), mission):
        listed, _ = facets.places(find_by)
        assert post in [p.value for _, posts in listed for p in posts]
        assert mission in [m.value for m, _ in listed]


def test_values_that_hold_hits_stand_first_and_those_without_are_folded(corpus):
    filters = Filters(state := State(corpus))
    state.selection = Selection(query="labor")
    found = state.corpus
    missing = {*corpus.tags["tag"]} - {*found.tags["tag"]}
    assert missing
    drawn = [e[1]["data-value"].removeprefix("tags ") for e in find(filters._tree, data_row="facet tags")]
    assert drawn
    assert {*drawn} <= {*found.tags["tag"]}
    missions, more = filters.facets.places(most=2000)
    held = [mission.count > 0 or any(post.count for post in posts) for mission, posts in missions]
    assert more == 0
    assert held == sorted(held, reverse=True)
    for _, posts in missions:
        assert [p.count > 0 for p in posts] == sorted((p.count > 0 for p in posts), reverse=True)
    kept, _ = filters.facets.places(most=2000, zeros=False)
    assert [m.value for m, _ in kept] == [m.value for (m, _), has in zip(missions, held, strict=True) if has]
    counts = [v.count > 0 for v in filters.facets.values("tags", most=2000)[0]]
    assert counts == sorted(counts, reverse=True)
    assert not all(counts), "values of no cable can still be had"
    # one cable holds few tags: the rest is folded, said to count nothing, and listed on a press
    cable, tags = corpus.cables.select("cable", "tags").filter(pl.col("tags").list.len().is_between(1, 5)).row(0)
    state.selection = Selection(cables=(cable,))
    more = find(filters._tree, data_act="more", data_value="tags")[0]
    assert "with 0 each" in words(more)
    assert len(find(filters._tree, data_row="facet tags")) == len(tags)
    press(filters, "more", "tags")
    assert len(find(filters._tree, data_row="facet tags")) > 12
    # nothing left: the values are listed as ever
    state.selection = Selection(query="no words of any cable here")
    assert find(Filters(state)._tree, data_row="facet tags")


def test_offices_under_several_codes_are_one_facet():
    rows = [
        hostile.row("cables", cable=f"07{post}{n}", post=post, tags=[])
        for n, post in enumerate(("KIEV", "KYIV", "KYIV"))
    ]
    corpus = cl.Corpus({"cables": pl.DataFrame(rows, schema=cl.frames.SCHEMAS["cables"], orient="row")})
    state = State(corpus)
    counts = Facets(state).counts("posts")
    assert counts == {"KYIV": 3}
    state.selection = Selection(posts=("KYIV",))
    assert len(state.corpus) == 3


# The Explorer


def test_ticking_facets_changes_selection_corpus_code_and_every_view(explorer, corpus):
    post, tag = most(corpus, "post"), most_tag(corpus)
    press(explorer.filters, "tick", f"posts {post}", True)
    press(explorer.filters, "tick", f"tags {tag}", True)
    assert explorer.selection == Selection(posts=(post,), tags=(tag,))
    expected = corpus.filter(cl.from_post(post) & cl.tagged(tag))
    assert explorer.corpus.ids.to_list() == expected.ids.to_list()
    assert rerun(explorer.code, corpus).ids.to_list() == expected.ids.to_list()
    assert f"{len(expected):,} of {len(corpus):,} cables" in words(explorer.toolbar._tree)
    shown = {e[1]["data-value"] for e in find(explorer.results._tree, data_act="open")}
    assert shown <= set(expected.ids)
    assert len(shown) == min(len(expected), 15)
    box = find(explorer.filters._tree, data_act="tick", data_value=f"tags {tag}")[0]
    assert "checked" in box[1]
    told = words(explorer.timeline._tree)
    assert f"{expected.cables['sent'].count():,} of {len(expected):,} cables have a date" in told
    press(explorer.filters, "tick", f"tags {tag}", False)
    assert explorer.selection == Selection(posts=(post,))
    press(explorer.toolbar, "undo")
    press(explorer.toolbar, "undo")
    assert explorer.selection == Selection(posts=(post,))
    press(explorer.toolbar, "redo")
    assert explorer.selection.tags == (tag,)
    press(explorer.toolbar, "clear")
    assert (explorer.selection, explorer.code, len(explorer.corpus)) == (Selection(), "corpus", len(corpus))


def test_a_brush_keeps_whole_bins_and_undo_takes_it_back(explorer, corpus):
    timeline = explorer.timeline
    drawn = timeline.bins
    press(timeline, "brush", "7,3")
    sent = explorer.selection.sent
    assert sent == (drawn.edges[3].date(), drawn.edges[8].date() - timedelta(days=1))
    assert timeline.bins is drawn, "what is drawn does not depend on the days chosen"
    assert explorer.corpus.ids.to_list() == corpus.filter(cl.sent_between(*sent)).ids.to_list()
    assert len(explorer.corpus) == drawn.counts.filter(pl.col("bin").is_between(3, 7))["count"].sum()
    assert [e[1]["value"] for e in find(explorer.filters._tree, data_act="date")] == [day.isoformat() for day in sent]
    assert find(timeline._tree, **{"class": "cl-over"})[0][1]["data-at"] == "3,7"
    outside = find(timeline._tree, **{"class": "cl-bin cl-out"})
    assert len(outside) == drawn.counts.filter(~pl.col("bin").is_between(3, 7))["bin"].n_unique()
    explorer.undo()
    assert explorer.selection.sent is None
    press(timeline, "brush", f"0,{len(drawn.edges) - 2}")
    assert explorer.selection.sent is None, "all bins are no choice"
    for wrong in ("", "3", "a,b", "-1,4"):
        press(timeline, "brush", wrong)
        assert explorer.selection.sent is None


def dated(*sent: datetime | None) -> cl.Corpus:
    rows = [hostile.row("cables", cable=f"07OSLO{n}", post="OSLO", tags=[], sent=at) for n, at in enumerate(sent)]
    return cl.Corpus({"cables": pl.DataFrame(rows, schema=cl.frames.SCHEMAS["cables"], orient="row")})


def test_undated_cables_are_told_and_kept_in_by_one_press():
    corpus = dated(None, None, *(datetime(2004, month, 5, tzinfo=UTC) for month in range(1, 13)))
    explorer = cl.explore(corpus)
    assert "2 cables without a date: counted, not drawn" in words(explorer.timeline._tree)
    press(explorer.timeline, "brush", "0,3")
    without = len(explorer.corpus)
    assert "2 cables without a date: left out" in words(explorer.timeline._tree)
    press(explorer.timeline, "undated", "with")
    assert len(explorer.corpus) == without + 2
    assert len(rerun(explorer.code, corpus)) == without + 2
    press(explorer.timeline, "undated", "only")
    assert explorer.corpus.cables["sent"].to_list() == [None, None]
    press(explorer.timeline, "dates")
    press(explorer.timeline, "undated", "")
    assert len(explorer.corpus) == len(corpus)
    only = cl.explore(dated(None, None))
    assert "No cable with a date is left to draw" in words(only.timeline._tree)


def test_strays_do_not_flatten_the_axis_and_are_counted_at_its_edge():
    bulk = [datetime(2004 + n // 12, n % 12 + 1, 9, tzinfo=UTC) for n in range(48)]
    explorer = cl.explore(dated(datetime(1966, 2, 1, tzinfo=UTC), datetime(1972, 5, 1, tzinfo=UTC), *bulk))
    drawn = explorer.timeline.bins
    assert (drawn.edges[0].year, drawn.before, drawn.after) == (2004, [1966, 1972], [])
    assert "2 far before 2004 (1966 to 1972), not drawn" in words(explorer.timeline._tree)
    press(explorer.timeline, "strays", "all")
    assert explorer.timeline.bins.edges[0].year == 1966
    press(explorer.timeline, "strays", "")
    press(explorer.timeline, "brush", f"0,{len(drawn.edges) - 2}")
    assert len(explorer.corpus) == 48, "all bins drawn leave the strays out"
    assert bins.bulk(pl.Series([], dtype=pl.Datetime)) is None


def test_empty_years_between_two_eras_are_one_narrow_bin_that_says_so():
    days = [
        datetime(year, month, 9, tzinfo=UTC)
        for year in (*range(1973, 1980), *range(2002, 2011))
        for month in (2, 7, 11)
    ]
    explorer = cl.explore(dated(*days))
    drawn = explorer.timeline.bins
    [gap] = drawn.gaps
    assert (drawn.edges[gap].year, drawn.edges[gap + 1].year) == (1980, 2002)
    assert drawn.counts["count"].sum() == len(days)
    assert gap not in drawn.counts["bin"].to_list()
    assert drawn.place(drawn.edges[gap + 1]) - drawn.place(drawn.edges[gap]) == pytest.approx(bins.GAP / 10)
    places = [drawn.place(edge) for edge in drawn.edges]
    assert places == sorted(places)
    assert (places[0], round(places[-1], 1)) == (0, 100)
    assert "none from 1980 to 2001, not drawn" in words(explorer.timeline._tree)
    assert len(find(explorer.timeline._tree, **{"class": "cl-gap"})) == 1
    marks = [words(tick) for tick in find(explorer.timeline._tree, **{"class": "cl-tick"})]
    assert not {str(year) for year in range(1981, 2002)} & set(marks)
    assert {"2004"} <= set(marks)
    press(explorer.timeline, "brush", f"{gap + 1},{len(drawn.edges) - 2}")
    assert len(explorer.corpus) == 27


@pytest.mark.parametrize("by", ["all", "post", "tag", "mission", "bureau", "classification"])
def test_the_bars_count_what_is_there(explorer, corpus, by):
    press(explorer.timeline, "by", "", by)
    drawn = explorer.timeline.bins
    if by in ("all", "classification", "post", "mission"):
        assert drawn.counts["count"].sum() == drawn.dated == corpus.cables["sent"].count()
    assert sum(drawn.totals.values()) >= drawn.dated
    assert len(find(explorer.timeline._tree, **{"class": "cl-lane"})) == (
        1 if by in ("all", "classification") else len(drawn.totals)
    )
    for bar in find(explorer.timeline._tree, **{"class": "cl-bin"}):
        assert 0 <= float(bar[1]["data-x"]) < 100
        assert 0 < float(bar[1]["data-w"]) <= 100


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2004-06", "", '"2004-06-01", '),
        ("", "2006", ', "2006-12-31"'),
        ("2005", "2005-02", '"2005-01-01", "2005-02-28"'),
    ],
)
def test_dates_are_typed(explorer, first, last, code):
    for name, text in (("first", first), ("last", last)):
        press(explorer.filters, "date", name, text)
    assert code in explorer.code
    press(explorer.filters, "dates")
    assert explorer.selection.sent is None


@pytest.mark.parametrize(("act", "value", "given"), [("date", "first", "soon"), ("date", "last", "2004-13")])
def test_what_cannot_be_read_is_said_and_changes_nothing(explorer, act, value, given):
    press(explorer.filters, act, value, given)
    assert explorer.selection == Selection()
    alert = find(explorer.filters._tree, role="alert")[0]
    assert given in words(alert)
    assert "hidden" not in alert[1]
    press(explorer.filters, "tick", "partial x", True)
    assert explorer.filters.error == ""


def test_words_are_searched_marked_and_shown_where_they_stand(explorer, corpus):
    press(explorer.filters, "query", "", "labor  code")
    hits = corpus.search("labor code")
    assert set(explorer.corpus.ids) == set(hits["cable"])
    cells = words(find(explorer.results._tree, **{"class": "cl-results"})[0])
    assert "labor code" in cells
    cable = explorer.corpus.ids[0]
    press(explorer.results, "open", cable)
    assert explorer.current == cable
    marks = find(explorer.reader._tree, **{"class": "cl-hit"})
    places = hits.filter(pl.col("cable") == cable, pl.col("paragraph").is_not_null())
    assert [" ".join(words(m).split()) for m in marks] == places["match"].to_list()
    press(explorer.filters, "regex", "", True)
    press(explorer.filters, "query", "", "lab(")
    assert "no regular expression" in explorer.filters.error


@pytest.fixture
def few(monkeypatch):
    """So few places at a time that the sample has many steps."""
    monkeypatch.setattr(finds, "FIRST", 40)
    monkeypatch.setattr(finds, "STEP", 60)
    monkeypatch.setattr(cl.search, "AT_A_TIME", 20)


def go_on(view) -> bool:
    """Ask for more as the page does after each drawing; say whether it was asked to."""
    asking = [e[1] for e in elements(view._tree) if "data-again" in e[1]]
    for attributes in asking:
        press(view, attributes["data-again"], attributes["data-value"])
    return bool(asking)


def test_every_place_is_listed_the_first_at_once_and_the_rest_in_steps(explorer, corpus, few):
    listed = explorer.finds
    assert "hidden" in listed._tree[1]
    press(explorer.filters, "query", "", "the")
    whole = corpus.search("the")
    told = f"{whole.height:,} places in {whole['cable'].n_unique()} cables"
    assert words(listed._tree) == f"Every place ▸{told}"
    press(listed, "finds")
    assert f"{told}; the first 40 are listed" in words(listed._tree)
    assert listed.hits.equals(whole.head(40))
    assert explorer.hits is listed.hits
    assert not go_on(listed)
    press(listed, "gather")
    bar = find(listed._tree, role="progressbar")[0][1]
    assert (bar["aria-valuenow"], bar["aria-valuemax"]) == ("0", str(whole.height))
    seen = []
    while go_on(listed):
        seen.append(listed.hits.height)
    assert len(seen) > 5
    assert seen == sorted(seen)
    assert explorer.hits.equals(whole)
    assert told in words(listed._tree)
    assert "are listed" not in words(find(listed._tree, **{"aria-live": "polite"})[0])
    assert find(listed._tree, data_act="gather")[0][1]["aria-disabled"] == "true"


def test_who_stops_keeps_what_was_gathered_and_may_go_on(explorer, corpus, few):
    listed = explorer.finds
    press(explorer.filters, "query", "", "the")
    press(listed, "finds")
    press(listed, "gather")
    go_on(listed)
    gathered = listed.hits.height
    press(listed, "on", "0")  # a page that shows the view twice asks twice
    assert listed.hits.height == gathered > 40
    press(listed, "gather")
    assert not go_on(listed)
    assert f"the first {gathered:,} are listed" in words(listed._tree)
    press(listed, "gather")
    go_on(listed)
    whole = corpus.search("the")
    assert gathered < listed.hits.height < whole.height
    assert listed.hits.equals(whole.head(listed.hits.height))
    press(explorer.filters, "tick", "classifications SECRET", True)
    assert not go_on(listed)  # another selection has other places
    assert listed.hits.equals(corpus.filter(classification="SECRET").search("the", limit=40))


def test_what_goes_wrong_while_places_are_gathered_is_said_once(explorer, few, monkeypatch):
    listed = explorer.finds
    press(explorer.filters, "query", "", "the")
    press(listed, "finds")

    def gone(*given, **options):
        yield next(found := cl.search.in_batches(*given, **options))
        yield next(found).clear()
        raise NotACorpus("here", "a part is gone", "Open it again.")

    with monkeypatch.context() as patched:
        patched.setattr(finds, "in_batches", gone)
        press(listed, "gather")
        go_on(listed)
        assert listed.hits.height > 40
        go_on(listed)
    assert "a part is gone" in listed.error
    assert not go_on(listed)
    monkeypatch.setattr(finds, "MOST", 100)
    press(listed, "gather")
    while go_on(listed):
        pass
    assert 100 <= listed.hits.height < listed.total
    assert find(listed._tree, data_act="gather")[0][1]["aria-disabled"] == "true"


def test_places_are_sorted_turned_read_and_taken_away(explorer, corpus, monkeypatch):
    listed = explorer.finds
    press(explorer.filters, "query", "", "labor")
    press(listed, "finds")
    whole = corpus.search("labor")
    assert find(listed._tree, data_act="gather") == []  # there are fewer than a thousand
    press(listed, "sort", "right")
    press(listed, "page", "", "3")
    shown = [words(e) for e in find(listed._tree, **{"class": "cl-kwic-right"})]
    assert shown == [t for t in whole["right"].sort().to_list()[30:45] if t]
    place = find(listed._tree, data_act="open")[0][1]["data-value"]
    press(listed, "open", place)
    assert explorer.current == place.partition("#")[0]
    assert explorer.reader.paragraph == (place if "#" in place else None)
    sent = []
    monkeypatch.setattr(listed, "send", sent.append)
    press(listed, "csv")
    assert sent[0]["download"]["text"] == csv_text(whole)
    press(explorer.filters, "regex", "", True)
    press(explorer.filters, "query", "", "lab.r unions?")
    assert explorer.hits.equals(corpus.search("lab.r unions?", regex=True))
    press(explorer.toolbar, "clear")
    assert (explorer.hits.height, listed.total) == (0, 0)


def test_a_row_of_the_results_says_how_many_places_its_cable_has(explorer, corpus):
    press(explorer.filters, "query", "", "labor")
    counted = dict(cl.search.counts(corpus, "labor").iter_rows())
    for row in find(explorer.results._tree, **{"class": "cl-results"})[0][-1][2:]:
        places = counted[row[1]["key"]]
        assert (f" 1 of {places} places" in words(row)) == (places > 1)


def test_partial_extracts_can_be_had_alone_or_left_out(explorer, corpus):
    partial = int(corpus.cables["partial"].sum())
    press(explorer.filters, "partial", "", "only")
    assert len(explorer.corpus) == partial
    press(explorer.filters, "partial", "", "without")
    assert len(explorer.corpus) == len(corpus) - partial
    press(explorer.filters, "partial", "", "")
    assert explorer.selection == Selection()


def test_results_sort_over_all_cables_and_page(explorer, corpus):
    press(explorer.results, "sort", "subject")
    press(explorer.results, "sort", "subject")
    ranked = corpus.cables.sort("subject", descending=True, nulls_last=True, maintain_order=True)["cable"]
    shown = [e[1]["data-value"] for e in find(explorer.results._tree, data_act="open")]
    assert shown == ranked[:15].to_list()
    press(explorer.results, "turn", "next")
    assert [e[1]["data-value"] for e in find(explorer.results._tree, data_act="open")] == ranked[15:30].to_list()
    press(explorer.results, "turn", "last")
    assert explorer.results.page == explorer.results.pages - 1
    press(explorer.filters, "tick", "classifications SECRET", True)
    assert explorer.results.page == 0
    press(explorer.results, "column", "words", True)
    press(explorer.results, "column", "tags", False)
    heads = [e[1]["data-value"] for e in find(explorer.results._tree, data_act="sort")]
    assert heads == ["cable", "sent", "subject", "post", "classification", "words"]


def test_kept_cables_and_notes_are_exported(explorer, corpus, tmp_path):
    first, second = corpus.ids[0], corpus.ids[5]
    press(explorer.results, "keep", first, True)
    press(explorer.results, "open", second)
    press(explorer.reader, "keep", "", True)
    press(explorer.reader, "note", "", "=see <b>annex</b>")
    assert explorer.kept["cable"].to_list() == [first, second]
    assert explorer.kept["note"].to_list() == ["", "=see <b>annex</b>"]
    sent: list[dict] = []
    explorer.filters.send = sent.append
    press(explorer.filters, "csv")
    press(explorer.filters, "markdown")
    assert [s["download"]["name"] for s in sent] == ["kept.csv", "kept.md"]
    assert "'=see" in sent[0]["download"]["text"]
    assert "&lt;b&gt;" in sent[1]["download"]["text"]
    assert "'=see" in explorer.export(tmp_path / "kept.csv").read_text(encoding="utf-8")
    press(explorer.filters, "only_kept", "", True)
    assert set(explorer.corpus.ids) == {first, second}
    press(explorer.filters, "drop", first)
    assert explorer.kept["cable"].to_list() == [second]


def test_nothing_left_says_what_was_asked_and_how_to_widen_it(explorer, corpus):
    press(explorer.filters, "tick", f"posts {most(corpus, 'post')}", True)
    press(explorer.filters, "query", "", "words that no cable holds")
    assert len(explorer.corpus) == 0
    told = words(explorer.results._tree)
    assert "with the words “words that no cable holds”" in told
    assert f"post {most(corpus, 'post')}" in told
    assert "No cable is left to draw" in words(explorer.timeline._tree)
    ways = {e[1]["data-value"]: words(e) for e in find(explorer.results._tree, data_act="widen")}
    left = corpus.cables.filter(cl.from_post(most(corpus, "post"))).height
    assert ways == {"place": "Without this: 0", "query": f"Without this: {left:,}"}
    press(explorer.results, "widen", "query")
    assert len(explorer.corpus) == left


@pytest.mark.parametrize("number", [0, 1, 2])
def test_few_cables_break_nothing(corpus, number):
    few = corpus.select(corpus.ids[:number])
    explorer = cl.explore(few)
    for by in ("all", "post", "tag", "classification"):
        press(explorer.timeline, "by", "", by)
    press(explorer.timeline, "brush", "0,0")
    press(explorer.filters, "date", "first", "2004")
    press(explorer.filters, "query", "", "nothing of this kind")
    for column in cl.frames.SCHEMAS["cables"]:
        press(explorer.results, "column", column, True)
    press(explorer.toolbar, "clear")
    assert f"{number} of {number} cable" in words(explorer.toolbar._tree)
    assert not any(view.error for view in (explorer.filters, explorer.timeline, explorer.results, explorer.reader))


def test_heads_of_columns_show_and_filter(explorer, corpus):
    press(explorer.results, "column", "words", True)

    def bars(column):
        return find(explorer.results._tree, data_row=f"spark {column}")

    for column in ("post", "classification", "tags", "sent", "words"):
        assert bars(column), column
    for bar in bars("words"):
        press(explorer.results, bar[1]["data-act"], bar[1]["data-value"])
        told = bar[1]["title"]
        assert told.endswith(f": {len(explorer.corpus):,}"), told
        assert rerun(explorer.code, corpus).ids.to_list() == explorer.corpus.ids.to_list()
        press(explorer.results, bar[1]["data-act"], bar[1]["data-value"])
        assert explorer.selection == Selection()
    year = bars("sent")[2]
    press(explorer.results, "days", year[1]["data-value"])
    assert year[1]["title"].endswith(f": {len(explorer.corpus):,}")
    press(explorer.results, "days", year[1]["data-value"])
    post = bars("post")[0]
    press(explorer.results, "tick", post[1]["data-value"])
    assert explorer.selection.posts == (post[1]["data-value"].partition(" ")[2],)
    assert bars("post")[0][1]["aria-pressed"] == "true"


def test_pages_have_a_size_and_can_be_jumped_to(explorer):
    press(explorer.results, "size", "", "60")
    assert len(find(explorer.results._tree, data_act="open")) == 60
    press(explorer.results, "page", "", "3")
    assert explorer.results.page == 2
    press(explorer.results, "page", "", "999999")
    assert explorer.results.page == explorer.results.pages - 1
    press(explorer.results, "page", "", "many")
    assert explorer.results.page == explorer.results.pages - 1
    first = explorer.results.frame(1)["cable"][0]
    press(explorer.results, "size", "", "15")
    assert first in explorer.results.frame()["cable"]


def test_saved_selections_come_back_from_notes_and_from_a_file(explorer, corpus):
    wanted = Selection(
        tags=("ELAB",), sent=(date(2004, 1, 1), date(2005, 12, 31)), partial=False, ranges=(("words", 1, 900),)
    )
    explorer.selection = wanted
    press(explorer.filters, "save", "", " labor   early ")
    sent: list[dict] = []
    explorer.filters.send = sent.append
    press(explorer.filters, "selection")
    press(explorer.toolbar, "clear")
    press(explorer.filters, "load", "labor early")
    assert explorer.selection == wanted
    press(explorer.toolbar, "clear")
    press(explorer.filters, "file", "", sent[0]["download"]["text"])
    assert explorer.selection == wanted
    press(explorer.filters, "forget", "labor early")
    assert not explorer.state.selections
    for selection in selections(corpus):
        assert Selection.from_json(selection.to_json()) == selection


@pytest.mark.parametrize(
    "text",
    ["", "[]", "no json", '{"selection": {}}', *(f'{{"form": "cablelab selection", "selection": {held}}}' for held in (
        '{"post": ["X"]}', '{"posts": "X"}', '{"sent": ["2004", 5]}', '{"ranges": [["subject", 1, 2]]}', '{"undated": "x"}',
        '{"sent": ["2005-01-01", "2004-01-01"]}', '{"partial": 1}', '{"tags": [1]}'))],
)  # fmt: skip
def test_what_is_no_saved_selection_is_said_and_changes_nothing(explorer, text):
    press(explorer.filters, "file", "", text)
    assert explorer.filters.error
    assert explorer.selection == Selection()


def test_notes_outlive_the_session_beside_a_saved_corpus(corpus, tmp_path):
    assert "last as long as this session" in words(cl.explore(corpus).filters._tree)
    corpus.select(corpus.ids[:20]).save(tmp_path / "corpus")
    opened = cl.open(tmp_path / "corpus")
    one, other = cl.explore(opened), cl.explore(cl.open(tmp_path / "corpus"))
    first = one.current
    second = next(cable for cable in opened.ids if cable != first)
    press(one.results, "keep", first, True)
    press(one.reader, "note", "", "<b>see</b>")
    press(other.results, "keep", second, True)
    press(one.results, "column", "words", True)
    again = cl.explore(cl.open(tmp_path / "corpus"))
    assert again.kept.select("cable", "note").rows() == [(first, "<b>see</b>"), (second, "")]
    assert "words" in again.results.columns
    assert str(tmp_path) in words(again.filters._tree)
    part = cl.explore(cl.open(tmp_path / "corpus").filter(pl.col("cable") == second))
    press(part.filters, "drop", second)
    assert cl.explore(cl.open(tmp_path / "corpus")).kept["cable"].to_list() == [first]
    assert cl.open(tmp_path / "corpus").ids.to_list() == opened.ids.to_list(), "notes are no part of the corpus"


@pytest.mark.parametrize("held", [b"no json", b"[]", b"{}", b"\xff"])
def test_a_file_that_is_none_of_ours_is_left_as_it_is(corpus, tmp_path, held):
    corpus.select(corpus.ids[:3]).save(tmp_path / "corpus")
    (tmp_path / "corpus" / "cablelab-notes.json").write_bytes(held)
    explorer = cl.explore(cl.open(tmp_path / "corpus"))
    press(explorer.results, "keep", corpus.ids[0], True)
    assert "cannot be read" in words(explorer.filters._tree)
    assert (tmp_path / "corpus" / "cablelab-notes.json").read_bytes() == held


def test_every_control_has_a_handler_in_the_table(explorer, chain):
    explorer.compare(*chain[:2])
    press(explorer.reader, "keep", "", True)
    press(explorer.filters, "query", "", "the")
    press(explorer.finds, "finds")
    press(explorer.finds, "gather")
    views = (
        explorer.filters,
        explorer.toolbar,
        explorer.timeline,
        explorer.results,
        explorer.finds,
        explorer.reader,
        explorer.comparison,
    )
    for view in views:
        acts = {e[1]["data-act"] for e in elements(view._tree) if "data-act" in e[1]}
        acts |= {e[1][name] for e in elements(view._tree) for name in ("data-brush", "data-again") if name in e[1]}
        assert acts
        assert acts <= view.acts().keys(), view
    assert not [
        path.name for path in panel._HERE.glob("*.py") if 'getattr(self, f"on_' in path.read_text(encoding="utf-8")
    ]


def test_traits_are_set_from_python(explorer, corpus, cited):
    explorer.selection = Selection(classifications=("SECRET",))
    assert len(explorer.corpus) == corpus.cables.filter(classification="SECRET").height
    explorer.current = cited[0].lower()
    assert explorer.reader.current == explorer.current == cited[0]
    with pytest.raises(UnknownCable):
        explorer.current = "07NOWHERE1"
    with pytest.raises(CablelabError):
        explorer.selection = Selection(query="*", regex=True)
    assert explorer.selection == Selection(classifications=("SECRET",))


# The Reader


def test_references_open_when_held_and_say_so_when_not(corpus, cited):
    cable, target = cited
    reader = cl.show(corpus, cable)
    press(reader, "open", target)
    assert reader.current == target
    assert cable in words(find(reader._tree, **{"aria-label": "cited by"})[0])
    press(reader, "back")
    assert reader.current == cable
    press(reader, "back")
    assert reader.current == cable
    press(reader, "forward")
    assert reader.current == target
    lacking = corpus.references.filter(pl.col("held").not_(), pl.col("target").is_not_null()).row(0, named=True)
    page = cl.show(corpus, lacking["cable"])._tree
    assert not find(page, data_act="open", data_value=lacking["target"])
    assert f"{lacking['target']} (this corpus does not hold it)" in words(page)


def test_permalinks_point_at_paragraphs(corpus, cited):
    row = corpus.paragraphs.filter(pl.col("number").is_not_null()).row(-1, named=True)
    link = f"{row['cable']}#par{row['number']}"
    reader = cl.show(corpus, link)
    here = find(reader._tree, **{"aria-current": "location"})
    assert [e[1]["id"] for e in here] == [link]
    assert row["text"].split()[-1] in words(here[0])
    assert find(reader._tree, href=f"#{link}")
    press(reader, "open", cited[0])
    assert reader.paragraph is None


def test_tags_captions_and_markings_are_explained_to_hand_and_ear(corpus):
    cable = corpus.cables.filter(
        pl.col("captions").list.contains("SIPDIS"),
        pl.col("tags").list.contains("PGOV"),
        pl.col("classification") == "CONFIDENTIAL",
        pl.col("cable").is_in(corpus.paragraphs.filter(marking="C")["cable"].implode()),
    )["cable"][0]
    tips = {words(e): e[1] for e in find(cl.show(corpus, cable)._tree, **{"class": "cl-tip"})}
    assert tips["PGOV"]["title"].startswith("internal govern")
    assert "SIPRNet" in tips["SIPDIS"]["title"]
    assert tips["(C)"]["title"] == "confidential"
    assert all(t["tabindex"] == "0" and t["title"] in t["aria-label"] for t in tips.values())


def test_a_cable_is_laid_out_anew_only_where_something_of_it_changes(corpus, cited):
    reader = cl.show(corpus, cited[0])
    shown = reader._content()
    reader.state.keep(cited[0], "a note")
    reader.state.selection = Selection(posts=("nowhere",))
    assert reader._content() is shown
    assert "not among" not in words(reader._tree)
    assert "this one is outside it" in words(reader._tree)
    word = corpus[cited[0]].paragraphs["text"][0].split()[0]
    reader.state.selection = Selection(query=word)
    assert find(h("div", None, reader._content()), **{"class": "cl-hit"})
    reader.read(cited[1])
    assert find(reader._tree, **{"class": "cl-id"})[0][2] == cited[1]


def test_the_source_shows_every_character_under_its_role(corpus):
    for cable in corpus.ids.gather_every(40):
        reader = cl.show(corpus, cable)
        press(reader, "tab", "source")
        pre = find(reader._tree, **{"class": "cl-source"})[0]
        assert words(pre) == corpus[cable].text
        roles = {e[1]["data-role"] for e in pre[2:] if isinstance(e, list) and "data-role" in e[1]}
        legend = words(find(reader._tree, **{"class": "cl-legend"})[0]).split()
        assert roles == set(legend)
        assert set(corpus[cable].spans["role"]) - {"blank"} == roles


def test_redactions_are_marked_as_they_are_counted(corpus):
    for row in corpus.cables.filter(pl.col("redactions") > 0).select("cable", "redactions").iter_rows(named=True):
        reader = cl.show(corpus, row["cable"])
        press(reader, "tab", "source")
        marks = find(reader._tree, **{"class": "cl-redacted"})
        assert len(marks) >= row["redactions"]
        assert all(MASK.fullmatch(words(mark)) for mark in marks)


def test_an_unknown_cable_is_an_error_that_offers_the_nearest(corpus):
    cable = corpus.ids[0]
    with pytest.raises(UnknownCable, match=cable):
        cl.show(corpus, cable + "0000")
    empty = cl.show(cl.Corpus({}))
    assert empty.current is None
    assert "No cable is open" in words(empty._tree)


# Without a kernel, and hostile text


def test_views_show_something_without_a_kernel(explorer, corpus, cited):
    for view, shown in ((explorer, "subject"), (cl.show(corpus, cited[0]), cited[1])):
        data, _ = view._repr_mimebundle_()
        assert data["application/vnd.jupyter.widget-view+json"]["model_id"]
        assert shown in data["text/html"]
        assert re.fullmatch(r"<(Explorer|Reader) [^<>]+>", data["text/plain"])
        assert len(data["text/html"]) < 60_000
        assert not {"script", "img", "iframe", "link"} & set(tags_of(data["text/html"]))


def test_hostile_text_is_text_in_every_view():
    corpus = hostile.corpus()
    explorer = cl.explore(corpus)
    press(explorer.filters, "tick", f"posts {hostile.HOSTILE}", True)
    press(explorer.filters, "tick", f"tags {hostile.HOSTILE}", True)
    press(explorer.filters, "query", "", "window.ran")
    press(explorer.results, "keep", corpus.ids[1], True)
    press(explorer.finds, "finds")
    press(explorer.filters, "find", "tags", hostile.HOSTILE)
    press(explorer.filters, "date", "first", hostile.HOSTILE)
    assert len(explorer.corpus) == len(corpus)
    allowed = tree.TAGS - {"script"}
    for reader_tab in ("read", "source"):
        press(explorer.reader, "tab", reader_tab)
        for view in (explorer.filters, explorer.toolbar, explorer.results, explorer.finds, explorer.reader):
            assert hostile.HOSTILE in words(view._tree) or view is explorer.toolbar
            assert set(tags_of(to_html(view._tree))) <= allowed
    for data in (explorer._repr_mimebundle_()[0], explorer.reader._repr_mimebundle_()[0]):
        assert set(tags_of(data["text/html"])) <= allowed | {"style"}
    assert rerun(explorer.code, corpus).ids.to_list() == explorer.corpus.ids.to_list()


def test_every_control_has_a_name_and_says_what_it_does(explorer, corpus, chain):
    explorer.compare(*chain[:2])
    press(explorer.reader, "keep", "", True)
    press(explorer.comparison, "sentence", "b-0")
    press(explorer.filters, "query", "", "the")
    press(explorer.finds, "finds")
    press(explorer.finds, "gather")
    views = (explorer.filters, explorer.toolbar, explorer.results, explorer.finds, explorer.reader, explorer.comparison)
    controls = [e for view in views for e in elements(view._tree) if e[0] in ("button", "input", "select", "a")]
    assert len(controls) > 60
    labels = [e for view in views for e in elements(view._tree) if e[0] == "label" and (e[1].get("title") or words(e))]
    labelled = {id(child) for label in labels for child in elements(label)}
    for control in controls:
        assert control[1].get("aria-label") or words(control).strip() or id(control) in labelled, control
        assert control[1].get("title") or id(control) in labelled or control[1].get("role") == "tab", control


def elements(node: tree.Node) -> list[list]:
    return [] if isinstance(node, str) else [node, *(e for child in node[2:] for e in elements(child))]


def test_an_opened_and_an_empty_corpus_can_be_explored(corpus, tmp_path):
    corpus.save(tmp_path / "corpus")
    opened = cl.explore(cl.open(tmp_path / "corpus"))
    tag = most_tag(corpus)
    press(opened.filters, "tick", f"tags {tag}", True)
    assert opened.corpus.ids.to_list() == corpus.filter(cl.tagged(tag)).ids.to_list()
    empty = cl.explore(cl.Corpus({}))
    press(empty.filters, "query", "", "labor")
    press(empty.filters, "date", "first", "2004")
    assert (len(empty.corpus), empty.current) == (0, None)
    assert "No cable is left" in words(empty.results._tree)
    press(empty.toolbar, "clear")
    assert "This corpus holds no cable" in words(empty.results._tree)


def test_no_output_widget_and_no_interact_is_used():
    for path in panel._HERE.glob("*.py"):
        assert not re.search(r"\bOutput\b|\binteract", path.read_text(encoding="utf-8")), path.name


# The ComparisonView


@pytest.fixture(scope="module")
def chain(corpus) -> list[str]:
    steps = cl.chains(corpus).filter(rank=1)
    longest = steps["chain"].value_counts().sort("count", "chain")["chain"][-1]
    own = steps.filter(chain=longest)
    return [own["previous"][0], *own["cable"]]


@pytest.fixture
def compared(corpus, chain):
    return cl.widgets.ComparisonView(corpus, *chain)


def test_html_of_our_own_comes_back_from_the_tree(compared):
    html = "<p class='x'>1 &lt; <b title='a&quot;'>2</b><br>3</p>"
    assert (
        to_html(h("div", None, tree.from_html(html)))
        == '<div><p class="x">1 &lt; <b title="a&quot;">2</b><br>3</p></div>'
    )
    with pytest.raises(ValueError, match="no view shows <script>"):
        tree.from_html("<script>x</script>")


def test_a_chain_is_compared_only_as_far_as_it_is_looked_at(corpus, chain):
    view = cl.widgets.ComparisonView(corpus, *chain)
    laid = view.versions.laid
    assert (laid._whole, sorted(laid._read)) == (None, [len(chain) - 3, len(chain) - 2, len(chain) - 1])
    press(view.versions, "step", "-1")
    assert min(laid._read) == len(chain) - 4
    view._repr_mimebundle_()
    assert laid._whole is None
    press(view.versions, "sentence", "b-0")
    assert laid._whole is not None


def test_threads_of_the_chain_lead_to_a_sentence_in_every_version(corpus, chain):
    view = cl.widgets.ComparisonView(corpus, *chain)
    assert find(view.versions._tree, **{"class": "cl-threads"}) == []
    press(view.versions, "threads")
    table = find(view.versions._tree, **{"class": "cl-threads"})[0]
    letters = find(table, data_act="thread")
    longest = view.comparison.threads.sort("cables", descending=True).row(0, named=True)
    assert longest["last_text"][:60] in words(table)
    assert {e[2] for e in letters} <= {"●", "=", "R", "S", "M"}
    shown = view.comparison.threads.sort("cables", "reworded", "thread", descending=[True, True, False]).head(40)
    places = view.comparison.members.join(shown, on="thread", how="semi").unique(["thread", "order"])
    assert len(letters) == places.height
    version, sentence = map(int, letters[0][1]["data-value"].split())
    press(view.versions, "thread", letters[0][1]["data-value"])
    assert view.versions.sentence == (chain[version], sentence)
    for wrong in ("", "0", "99 0", "0 9999", "a b"):
        press(view.versions, "thread", wrong)
        assert view.versions.sentence == (chain[version], sentence)
    press(view.versions, "threads")
    assert find(view.versions._tree, **{"class": "cl-threads"}) == []


def test_steps_go_through_the_chain_one_by_one(compared, chain):
    versions = compared.versions
    last = len(chain) - 1
    assert (versions.old, versions.new) == (last - 1, last)
    for _ in chain:
        press(versions, "step", "-1")
    assert (versions.old, versions.new) == (0, 1)
    for n, step in enumerate(compared.comparison.steps):
        mine = versions.laid.step(n, n + 1)
        told = ("links", "edits", "changes", "remarks", "doubts", "fresh", "gone")
        assert all(getattr(mine, name) == getattr(step, name) for name in told), n
    press(versions, "step", "1")
    assert (versions.step.old.cable, versions.step.new.cable) == (chain[1], chain[2])
    keys = {e[1]["data-key"] for e in find(versions._tree, data_act="step")}
    assert keys == {"ArrowLeft", "ArrowRight"}


def test_any_two_versions_are_compared_and_no_other_pair_is_shown(compared, corpus, chain):
    versions = compared.versions
    press(versions, "old", "", "0")
    press(versions, "new", "", str(len(chain) - 1))
    apart = cl.compare(corpus, chain[0], chain[-1])
    assert [c.new for c in versions.changes()] == [c.new for c in apart.steps[0].changes]
    heads = next(words(e) for e in elements(versions._tree) if e[0] == "header")
    assert chain[0] in heads
    assert chain[-1] in heads
    press(versions, "new", "", "0")
    assert f"Both are {chain[0]}" in words(versions._tree)
    assert versions.step is None
    assert not find(versions._tree, **{"class": "cols"})
    press(versions, "step", "1")
    assert (versions.old, versions.new) == (0, 1)
    press(versions, "old", "", "3")
    assert (versions.old, versions.new) == (1, 3), "the later one is not shown as the older"
    assert f"{chain[1]} is the earlier of the two" in words(versions._tree)


def test_two_cables_that_share_nothing_are_not_ranked():
    head = "UNCLAS OSLO 00000{}\nSUBJECT: {}\n\n1. {}"
    texts = [
        head.format(1, "PORTS", "Cranes at the northern harbour stood idle while dockers slept."),
        head.format(2, "GRAIN", "Farmers harvested barley before August rains flooded their silos."),
    ]
    corpus = cl.parse(texts)
    view = cl.widgets.ComparisonView(corpus, *corpus.ids)
    told = words(view.versions._tree)
    assert "share no passage" in told
    assert not find(view.versions._tree, data_act="change")
    assert "Cranes" in told
    assert "barley" in told
    assert "share no passage" in view.comparison.html()


def test_a_sentence_is_shown_in_every_version(compared, chain):
    threads = [t for t in compared.comparison.thread_list if t.members[-1][1] > 0]
    thread = max(threads, key=lambda t: len({m[0] for m in t.members}))
    place, sentence = thread.members[-1][:2]
    press(compared.versions, "axis", str(max(place, 1)))
    side = "b" if compared.versions.new == place else "a"
    press(compared.versions, "sentence", f"{side}-{sentence}")
    shown = words(find(compared.versions._tree, **{"class": "cl-rail cl-everywhere"})[0])
    for k, s, *_ in thread.members:
        assert compared.comparison.versions[k].sentences[s].text in shown
    assert all(cable in shown for cable in chain)
    links = [e[1]["data-value"] for e in find(compared.versions._tree, data_act="open")]
    press(compared.versions, "open", links[0])
    assert compared.current == links[0].partition("#")[0]
    assert compared.reader.paragraph == (links[0] if "#" in links[0] else None)
    press(compared.versions, "sentence", "")
    assert find(compared.versions._tree, **{"class": "cl-rail"})
    for wrong in ("c-1", "a-", "b-x", "a-99999"):
        press(compared.versions, "sentence", wrong)
        assert compared.versions.sentence is None


@pytest.mark.parametrize("name", ["post's own words", "figures", "new", "dropped", "moved", "marked"])
def test_changes_are_filtered_and_all_can_be_reached(compared, name):
    versions = compared.versions
    everything = versions.changes()
    press(versions, "filter", name)
    found = versions.changes()
    assert len(found) < len(everything)
    assert set(map(id, found)) <= set(map(id, everything))
    assert f"What changed · {len(found)} of {len(everything)}" in words(versions._tree)
    press(versions, "filter", "all")
    while more := find(versions._tree, data_act="more"):
        press(versions, more[0][1]["data-act"])
    assert len(find(versions._tree, data_act="change")) == len(everything)


def test_a_change_leads_to_its_place_in_both_texts(compared):
    versions = compared.versions
    for _ in range(len(versions.changes())):
        press(versions, "next", "1")
        change = versions.changes()[versions.change]
        chosen = {e[1]["data-at"] for e in find(versions._tree, data_act="sentence") if "cl-chosen" in e[1]["class"]}
        wanted = {f"a-{i}" for i in change.sentences_a} | {f"b-{i}" for i in change.sentences_b}
        assert chosen == wanted
        places = [e[1]["data-at"] for e in find(versions._tree, data_act="sentence") if "data-scroll" in e[1]]
        assert len(places) == 1
        assert places[0] in wanted
    press(versions, "next", "1")
    assert versions.change == len(versions.changes()) - 1
    for wrong in ("", "x", "99999"):
        press(versions, "change", wrong)
        assert versions.change == len(versions.changes()) - 1


def test_all_sentences_stand_in_the_columns_once(compared):
    step = compared.versions.step
    found = [e[1]["data-at"] for e in find(compared.versions._tree, data_act="sentence") if "data-at" in e[1]]
    assert len(found) == len(set(found))
    assert {f"b-{s.sentence}" for s in step.new.sentences} <= set(found)
    # what is kept in its place folds to the newer text
    kept = {x.a for x in step.links if x.label == "kept" and not x.moved}
    assert {f"a-{s.sentence}" for s in step.old.sentences if s.sentence not in kept} <= set(found)
    controls = [e for e in find(compared.versions._tree, data_act="sentence") if "data-at" in e[1]]
    assert all(e[1]["role"] == "button" for e in controls)
    assert not [e for control in controls for e in elements(control) if e[0] == "a"]


def test_marks_and_notes_on_changes_are_kept_and_taken_away(corpus, chain, tmp_path):
    corpus.select(chain).save(tmp_path / "corpus")
    view = cl.widgets.ComparisonView(cl.open(tmp_path / "corpus"), *chain)
    versions = view.versions
    first, second, third = versions.changes()[:3]
    press(versions, "mark", "0")
    press(versions, "note", "1", " =see  <i>ref</i> ")
    press(versions, "noise", "2")
    assert versions.changes()[:2] == [first, second]
    assert versions.changes()[-1] is third, "noise goes last"
    assert view.marked["mark"].to_list() == ["marked", ""]
    again = cl.widgets.ComparisonView(cl.open(tmp_path / "corpus"), *chain)
    assert again.marked.rows() == view.marked.rows()
    assert again.marked["note"].to_list() == ["", "=see <i>ref</i>"]
    sent: list[dict] = []
    again.versions.send = sent.append
    for form in ("Markdown", "CSV", "HTML for Word", "nothing"):
        press(again.versions, "take", form)
    markdown, csv, html = (s["download"]["text"] for s in sent)
    assert "'=see" in csv
    assert "&lt;i&gt;" in markdown
    assert "<i>" not in html
    assert {"table", "td", "del", "ins"} <= set(tags_of(html))
    assert all(cable in html for cable in chain[-2:])
    press(again.versions, "mark", "0")
    press(again.versions, "note", "1", "")
    assert again.marked.is_empty()
    assert next(iter(again.state.changes.values()))["mark"] == "noise"


def test_phrases_are_followed_over_the_chain(compared, chain):
    press(compared.versions, "phrases", "", "the,  post , the, %")
    assert compared.versions.phrases == ["the", "post"]
    table = find(compared.versions._tree, **{"class": "cl-phrases"})[0]
    counts = [[words(cell) for cell in elements(row) if cell[0] == "td"] for row in elements(table) if row[0] == "tr"][
        1:
    ]
    for phrase, (*numbers, share) in zip(("the", "post"), counts, strict=True):
        held = dict(compared.comparison.phrase(phrase).group_by("cable").agg(pl.col("count").sum()).iter_rows())
        assert [int(n) for n in numbers] == [held[cable] for cable in chain]
        assert share == f"{sum(n > 0 for n in held.values())} of {len(chain)}"


def test_the_axis_shows_true_gaps_and_steps(compared, chain, corpus):
    sent = dict(corpus.cables.select("cable", "sent").iter_rows())
    dots = find(compared.versions._tree, data_act="axis")
    at = [float(dot[1]["data-x"]) for dot in dots]
    dated = [(place, sent[cable].timestamp()) for place, cable in zip(at, chain, strict=True) if sent[cable]]
    assert len(dated) > 3
    (first, began), (last, ended) = dated[0], dated[-1]
    for place, then in dated:
        assert place == pytest.approx(first + (last - first) * (then - began) / (ended - began), abs=0.1)
    press(compared.versions, "axis", "2")
    assert (compared.versions.old, compared.versions.new) == (1, 2)
    on = [e[1]["data-value"] for e in find(compared.versions._tree, data_act="axis") if "cl-on" in e[1]["class"]]
    assert on == ["1", "2"]


def test_chains_are_there_to_choose_from(corpus, tmp_path):
    view = cl.widgets.ComparisonView(corpus)
    other = list(view.versions.chains)[3]
    press(view.versions, "chain", "", other)
    assert view.comparison.cables == view.versions.chains[other]
    assert view.to_html(tmp_path / "x.html").stat().st_size > 10_000
    data, _ = view._repr_mimebundle_()
    assert {"application/vnd.jupyter.widget-view+json", "text/html"} <= set(data)
    assert "No chain" in words(cl.widgets.ComparisonView(cl.Corpus({})).versions._tree)


def test_the_explorer_compares_what_is_kept_or_the_chain_being_read(explorer, chain):
    explorer.current = chain[1]
    press(explorer.toolbar, "compare")
    assert list(explorer.comparison.comparison.cables) == chain
    assert explorer.comparison in explorer.children
    for cable in (chain[3], chain[0]):
        press(explorer.results, "keep", cable, True)
    press(explorer.toolbar, "compare")
    assert explorer.comparison.comparison.cables == (chain[0], chain[3])
    press(explorer.comparison, "open", f"{chain[0]}#par2")
    assert explorer.current == chain[0]


def test_a_cable_without_a_chain_is_said_to_have_none(explorer, corpus):
    steps = cl.chains(corpus).filter(rank=1)
    alone = corpus.filter(
        ~pl.col("cable").is_in([*steps["cable"], *steps["previous"], *steps["copies"].explode().drop_nulls()])
    )
    explorer.current = alone.ids[0]
    press(explorer.toolbar, "compare")
    assert "needs two or more" in explorer.toolbar.error
    assert explorer.comparison is None


def test_hostile_text_is_text_in_a_comparison():
    corpus = hostile.corpus(3)
    view = cl.widgets.ComparisonView(corpus, *corpus.ids)
    press(view.versions, "phrases", "", hostile.HOSTILE)
    press(view.versions, "mark", "0")
    press(view.versions, "sentence", "b-0")
    assert hostile.HOSTILE in words(view.versions._tree)
    assert set(tags_of(to_html(view.versions._tree))) <= tree.TAGS
    assert not {"script", "img", "svg"} & set(tags_of(view._repr_mimebundle_()[0]["text/html"]))


def test_a_cable_of_the_corpus_can_be_shown_itself():
    corpus = cl.sample()
    wanted = corpus.ids[3]
    assert cl.show(corpus[wanted]).current == wanted


def test_what_was_kept_can_be_undone_like_what_was_selected(explorer, corpus):
    first, second = corpus.ids[:2]
    press(explorer.results, "keep", first, True)
    explorer.state.keep(first, "look again")
    explorer.selection = Selection(tags=("ELAB",))
    press(explorer.results, "keep", second, True)
    press(explorer.toolbar, "undo")
    assert explorer.kept["cable"].to_list() == [first]
    assert explorer.selection.tags == ("ELAB",)
    press(explorer.toolbar, "undo")
    assert explorer.selection == Selection()
    assert explorer.kept.select("cable", "note").rows() == [(first, "look again")]
    press(explorer.toolbar, "undo")
    press(explorer.toolbar, "undo")
    assert explorer.kept.is_empty()
    assert not explorer.state.can_undo
    for _ in range(4):
        press(explorer.toolbar, "redo")
    assert explorer.kept["cable"].to_list() == [first, second]
    assert explorer.selection.tags == ("ELAB",)
    assert not explorer.state.can_redo


# The chain builder


@pytest.fixture
def step(corpus) -> dict[str, object]:
    steps = cl.chains(corpus).filter(rank=1)
    longest = steps["chain"].value_counts(sort=True)["chain"][0]
    return steps.filter(chain=longest).row(0, named=True)


def offered(builder: cl.widgets.ChainBuilder) -> list[str]:
    return [e[1]["data-value"] for e in find(builder.building._tree, data_act="accept")]


def test_a_chain_grows_by_what_is_accepted_and_goes_back(corpus, step):
    builder = cl.widgets.ChainBuilder(corpus, step["cable"])
    pair = f"{step['previous']} {step['cable']}"
    assert pair in offered(builder)
    press(builder.building, "accept", pair)
    assert builder.members == [step["previous"], step["cable"]]
    assert builder.decisions.select("previous", "cable", "verdict").row(0) == (
        step["previous"],
        step["cable"],
        "accepted",
    )
    press(builder.building, "undo")
    assert builder.members == [step["cable"]]
    assert builder.decisions.height == 0


def test_what_is_rejected_is_not_offered_again_and_chains_obey(corpus, step):
    builder = cl.widgets.ChainBuilder(corpus, step["cable"])
    press(builder.building, "reject", f"{step['previous']} {step['cable']}")
    assert f"{step['previous']} {step['cable']}" not in offered(builder)
    told = {"cl": cl, "pl": pl, "corpus": corpus}
    obeyed = eval(builder.building.code, told)  # the code that the view offers must run
    assert not obeyed.filter(previous=step["previous"], cable=step["cable"]).height


def test_the_first_offer_is_accepted_and_rejected_by_keys(corpus, step):
    builder = cl.widgets.ChainBuilder(corpus, step["cable"])
    keys = {e[1]["data-key"]: e[1]["data-act"] for e in find(builder.building._tree) if "data-key" in e[1]}
    assert keys == {"a": "accept", "r": "reject", "u": "undo"}


def test_a_chain_is_saved_beside_the_corpus_and_opened_again(corpus, step, tmp_path):
    corpus.select([step["previous"], step["cable"]]).save(tmp_path / "corpus")
    builder = cl.widgets.ChainBuilder(cl.open(tmp_path / "corpus"), step["cable"])
    press(builder.building, "save")
    assert "needs a name" in builder.building.error
    press(builder.building, "accept", f"{step['previous']} {step['cable']}")
    press(builder.building, "name", "", "my chain")
    press(builder.building, "save")
    again = cl.widgets.ChainBuilder(cl.open(tmp_path / "corpus"), step["cable"])
    press(again.building, "saved", "", "my chain")
    assert again.members == [step["previous"], step["cable"]]
    assert again.decisions.equals(builder.decisions)
    assert again.export(tmp_path / "decisions.csv").read_text("utf-8").count("accepted") == 1


def test_the_explorer_asks_what_a_cable_updated(explorer, step):
    explorer.current = step["cable"]
    press(explorer.toolbar, "build")
    assert explorer.building.members == [step["cable"]]
    assert explorer.children[-2] is explorer.building


def members(reader: cl.widgets.Reader) -> list[str]:
    return [e[1]["data-value"] for e in find(reader._tree) if e[1].get("class") == "cl-member"]


def test_the_reader_builds_a_chain_where_nothing_else_does(corpus, step):
    reader = cl.show(corpus, step["cable"])
    press(reader, "build")
    assert find(reader._tree, data_act="build")[0][1]["aria-expanded"] == "true"
    press(reader, "accept", f"{step['previous']} {step['cable']}")
    assert reader.building.members == [step["previous"], step["cable"]]
    assert len(members(reader)) == 2
    press(reader, "open", step["previous"])
    assert reader.current == step["previous"]
    assert len(members(reader)) == 2  # what is read is one thing, what is built another
    press(reader, "build")
    assert reader.building is None
    assert not members(reader)


@pytest.mark.parametrize("view", ["explore", "workbench", "ComparisonView", "ChainBuilder"])
def test_the_reader_opens_the_builder_of_the_view_it_stands_in(corpus, step, view):
    cables = (step["previous"], step["cable"]) if view == "ComparisonView" else ()
    shown = getattr(cl.widgets, view)(corpus, *cables)
    shown.reader.read(step["cable"])
    press(shown.reader, "build")
    building = shown.builder if view == "workbench" else shown.building
    assert building.members == [step["cable"]]
    assert building in shown.children
    press(building, "accept", f"{step['previous']} {step['cable']}")
    press(building, "together")
    compared = shown.versions if view in ("workbench", "ComparisonView") else shown.comparison
    assert compared.comparison.cables == (step["previous"], step["cable"])
    assert compared in shown.children


def test_a_chain_that_is_compared_can_grow(corpus, step):
    view = cl.widgets.ComparisonView(corpus, step["previous"], step["cable"])
    press(view.versions, "build")
    assert view.building.members == [step["previous"], step["cable"]]
    press(view.building, "undo")
    assert view.building.members == [step["previous"], step["cable"]]


def test_undo_goes_back_to_the_chain_before(corpus, step):
    builder = cl.widgets.ChainBuilder(corpus, step["previous"], step["cable"])
    builder.reader.read(step["cable"])
    press(builder.reader, "build")
    assert builder.members == [step["cable"]]
    press(builder.building, "undo")
    assert builder.members == [step["previous"], step["cable"]]


def test_who_decides_is_given_once_and_noted_with_each_decision(corpus, step, tmp_path):
    corpus.select([step["previous"], step["cable"]]).save(tmp_path / "corpus")
    builder = cl.widgets.ChainBuilder(cl.open(tmp_path / "corpus"), step["cable"])
    press(builder.building, "by", "", " N.  N. ")
    again = cl.widgets.ChainBuilder(cl.open(tmp_path / "corpus"), step["cable"])
    assert find(again.building._tree, data_act="by")[0][1]["value"] == "N. N."
    press(again.building, "accept", f"{step['previous']} {step['cable']}")
    assert again.decisions["by"].to_list() == ["N. N."]
    told = {"cl": cl, "pl": pl, "corpus": corpus}
    assert "accepted by N. N." in eval(again.building.code, told).filter(cable=step["cable"], rank=1)["signals"][0]


def test_what_another_view_decides_shows_at_once(corpus, step):
    bench = cl.workbench(corpus)
    bench.current = step["cable"]
    bench.desk.view = "chain"
    other = cl.widgets.ChainBuilder(bench.state, step["cable"])
    press(other.building, "reject", f"{step['previous']} {step['cable']}")
    assert f"{step['previous']} {step['cable']}" not in [
        e[1]["data-value"] for e in find(bench.builder._tree, data_act="accept")
    ]


def test_the_reader_says_where_its_cable_is_none_of_those_chosen(corpus):
    explorer = cl.explore(corpus)
    first = explorer.current
    assert "is not among" not in words(explorer.reader._tree)
    other = next(p for p in corpus.cables["post"].unique().sort() if p != corpus[first]["post"])
    explorer.selection = Selection(posts=(other,))
    told = f"{first} is not among the {len(explorer.corpus):,} cables selected."
    assert told in words(explorer.reader._tree)
    wanted = explorer.corpus.ids[0]
    press(explorer.reader, "open", wanted)
    assert explorer.current == wanted
    assert "is not among" not in words(explorer.reader._tree)
    explorer.selection = Selection(query="no such phrase anywhere")
    assert "The selection holds no cable" in words(explorer.reader._tree)
    explorer.selection = Selection()
    assert "outside it" not in words(explorer.reader._tree)


def test_the_reader_opens_on_a_cable_with_text(corpus):
    cables = corpus.cables.sort("sent").head(4).with_columns(text_held=pl.Series([False, False, True, True]))
    held = cl.Corpus({"cables": cables, "texts": corpus.texts, "paragraphs": corpus.paragraphs})
    assert cl.explore(held).current == cables["cable"][2]
    assert cl.explore(cl.Corpus({"cables": cables.head(2)})).current == cables["cable"][0]


@pytest.mark.parametrize(
    ("query", "hint"), [('"no such harbour"', "quotation marks"), ("harb* AND", "quotation marks"), ("nosuchword", "")]
)
def test_words_found_nowhere_say_why_where_that_can_be_told(corpus, query, hint):
    explorer = cl.explore(corpus)
    explorer.selection = Selection(query=query)
    shown = words(explorer.results._tree)
    assert "No cable is left" in shown
    assert ("as they stand" in shown) == bool(hint)


def test_a_corpus_without_texts_says_that_nothing_is_searched():
    whole = cl.Corpus({"cables": cl.sample().cables})
    explorer = cl.explore(whole)
    explorer.selection = Selection(query="harbour")
    assert "holds no texts" in words(explorer.results._tree)


def test_days_outside_the_axis_leave_every_bar_pale(corpus):
    explorer = cl.explore(corpus)
    explorer.selection = Selection(sent=(date(2031, 1, 1), date(2031, 12, 31)))
    drawn = to_html(explorer.timeline._tree)
    assert drawn.count("cl-bin cl-out") == drawn.count("cl-bin") > 0
    (brush,) = [node for node in find(explorer.timeline._tree) if node[1].get("class") == "cl-brush"]
    assert "hidden" in brush[1]
    assert "No bar drawn is of those days." in words(explorer.timeline._tree)
