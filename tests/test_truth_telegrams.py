"""What is read from generated telegrams of 1973-79 is what the generator says is true of them, in every form."""

from __future__ import annotations

import polars as pl
import pytest

import cablelab as cl
from cablelab import facts, samples
from cablelab.samples import telegrams

SEEDS = (11, 41)
COUNT = 70
# What a form keeps, one line a form: `text`; `attributes` of the archive; `head` as machines printed it (sections, who drafted it); `level`.
TRAITS = {
    "record": {"text", "attributes", "head", "level"},
    "plusd-page": {"text", "head", "level"},
    "printed": {"text"},
    "json-lines": {"text", "attributes", "level"},
    "register": set(),
}
ALWAYS = ("post", "year", "number", "tags")


@pytest.fixture(scope="module")
def told() -> dict[int, list[telegrams.Telegram]]:
    return {seed: list(telegrams.earlier(COUNT, seed)) for seed in SEEDS}


@pytest.fixture(
    scope="module", params=[(form, seed) for form in telegrams.FORMS for seed in SEEDS], ids=lambda p: f"{p[0]}-{p[1]}"
)
def reading(request, told, tmp_path_factory):
    form, seed = request.param
    before = facts.snapshot()
    samples.add_facts()
    corpus = cl.read(telegrams.write(told[seed], form, tmp_path_factory.mktemp(form)), progress=False)
    held = [t for t in told[seed] if t.text_held or form not in ("plusd-page", "printed")]
    yield form, held, corpus
    facts.restore(before)


def rows(corpus):
    return {row["cable"]: row for row in corpus.cables.iter_rows(named=True)}


def test_every_telegram_is_found_under_its_key(reading):
    _, held, corpus = reading
    assert set(corpus.cables["cable"]) == {t.cable for t in held}


def test_fields(reading):
    form, held, corpus = reading
    found, wrong = rows(corpus), []
    for t in held:
        traits = TRAITS[form] if t.text_held else TRAITS[form] - {"text", "head"}
        names = [*ALWAYS, "subject"]
        names += ["signed_by", "executive_order", "captions", "precedence", "classified_by"] if "text" in traits else []
        names += ["classification"] if "level" in traits else []
        names += ["document_number", "film_number"] if form != "printed" else []
        names += ["drafted_by", "office"] if "attributes" in traits else []
        names += ["sections", "approved_by"] if "head" in traits else []
        names += ["concepts"] if "attributes" in traits else []
        row = found[t.cable]
        for name in names:
            want = getattr(t, name)
            if row[name] != (list(want) if isinstance(want, tuple) else want):
                wrong.append((t.cable, name, row[name], want))
        if row["text_held"] != ("text" in traits):
            wrong.append((t.cable, "text_held", row["text_held"], t.text_held))
    assert wrong == []


def test_time(reading):
    form, held, corpus = reading
    for t in held:
        sent = rows(corpus)[t.cable]["sent"].replace(tzinfo=None)
        assert sent == (t.sent if t.text_held and "text" in TRAITS[form] else t.sent.replace(hour=0, minute=0)), t.cable


def test_references_and_how_their_years_are_known(reading):
    form, held, corpus = reading
    cited = {key: part for (key,), part in corpus.references.partition_by("cable", as_dict=True).items()}
    wrong = []
    for t in held:
        if form == "register":
            continue
        got = cited[t.cable].select("target", "year_from").rows() if t.cable in cited else []
        want = [target for target, _ in t.references]
        if form == "plusd-page":  # neither the message nor the page tells the year of all
            want = [target for target in want if int(target[:2]) == t.year % 100]
            got = [one for one in got if one[0] in want]
        if [target for target, _ in got] != want:
            wrong.append((t.cable, got, want))
        if form == "record" and any(told != "attribute" for _, told in got if t.text_held):
            wrong.append((t.cable, got))
    assert wrong == []


def unbroken(corpus, cable, frame):
    """Give the paragraphs of a cable without the page breaks that may stand inside them."""
    text = corpus.texts.row(by_predicate=pl.col("cable") == cable)[1]
    kept = corpus.spans.filter(cable=cable, role="paragraph").select("start", "end").rows()
    return [
        (
            number,
            " ".join(" ".join(text[max(a, start) : min(b, end)] for a, b in kept if a < end and b > start).split()),
        )
        for number, start, end in frame.select("number", "start", "end").iter_rows()
    ]


def test_paragraphs_hold_the_text_and_nothing_else(reading):
    form, held, corpus = reading
    parts = {key: part for (key,), part in corpus.paragraphs.partition_by("cable", as_dict=True).items()}
    wrong = []
    for t in held:
        want = list(t.paragraphs) if t.text_held and "text" in TRAITS[form] else []
        frame = parts.get(t.cable)
        got = [] if frame is None else unbroken(corpus, t.cable, frame)
        if [(number, " ".join(text.split())) for number, text in got] != [
            (n, f"{n}. {text}") for n, text in enumerate(want, 1)
        ]:
            wrong.append((t.cable, got, want))
    assert wrong == []


def test_spans_partition_every_text(reading):
    _, _, corpus = reading
    spans = {key: part for (key,), part in corpus.spans.partition_by("cable", as_dict=True).items()}
    for cable, text in corpus.texts.select("cable", "text").iter_rows():
        pieces = spans[cable].select("start", "end").rows() if cable in spans else []
        assert "".join(text[a:b] for a, b in pieces) == text


def test_a_form_draws_from_its_own_stream(told, tmp_path):
    """More telegrams, or other forms written before, change no byte of one."""
    few, many = told[11][:20], told[11]
    for form in telegrams.FORMS:
        one, two = (
            telegrams.write(few, form, tmp_path / f"few-{form}"),
            telegrams.write(many, form, tmp_path / f"many-{form}"),
        )
        for path in sorted(one.iterdir()):
            assert (two / path.name).read_bytes().startswith(path.read_bytes())
