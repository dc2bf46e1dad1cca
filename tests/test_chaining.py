import datetime as dt
import io
import pickle
import random
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

import polars as pl
import pytest

from cablelab import chaining, frames
from cablelab.chaining import chain_of, chains
from cablelab.chaining.shared_text import passages, shared
from cablelab.corpus import Corpus
from cablelab.errors import UnknownCable

SYLLABLES = ["ka", "lo", "mi", "ter", "ran", "sol", "ved", "por", "gan", "dis", "mel", "tor", "bin", "far", "cor"]


def sentences(seed, count):
    """Write sentences of made-up words, long and short, so that nothing is shared by accident."""
    source = random.Random(seed)
    words = ["".join(source.choices(SYLLABLES, k=source.choice((1, 2, 3, 5)))) for _ in range(400)]
    return [" ".join(source.choices(words, k=14)).capitalize() + "." for _ in range(count)]


def cable(key, sent, subject, text, tags=("ELAB",), cites=(), mission="Norland"):
    post = "".join(c for c in key if c.isalpha())
    return {
        "row": {
            "cable": key,
            "cable_from": "page",
            "post": post,
            "mission": mission,
            "year": 2000 + int(key[:2]),
            "number": int(key[2 + len(post) :]),
            "sent": sent and dt.datetime.fromisoformat(sent).replace(tzinfo=dt.UTC),
            "subject": subject,
            "tags": list(tags),
        },
        "text": text,
        "cites": cites,
    }


def corpus_of(*cables):
    held = {c["row"]["cable"] for c in cables}

    def frame(name, records):
        schema = frames.schema(name)
        return pl.DataFrame([{column: r.get(column) for column in schema} for r in records], schema=schema)

    return Corpus(
        {
            "cables": frame("cables", [c["row"] for c in cables]),
            "paragraphs": frame(
                "paragraphs",
                [
                    {"cable": c["row"]["cable"], "position": i, "part": "body", "text": f"{i + 1}. (U) {sentence}"}
                    for c in cables
                    for i, sentence in enumerate(c["text"])
                ],
            ),
            "references": frame(
                "references",
                [
                    {"cable": c["row"]["cable"], "position": i, "kind": "cable", "target": t, "held": t in held}
                    for c in cables
                    for i, t in enumerate(c["cites"])
                ],
            ),
        }
    )


def steps(corpus, **options):
    return [(row["previous"], row["cable"]) for row in chains(corpus, **options).iter_rows(named=True)]


OLD, NEW, OTHER, FURTHER = (sentences(seed, 12) for seed in range(4))


def yearly():
    """Three yearly reports, the last from the post to which the embassy moved, between cables on other matters."""
    return [
        cable("04ALMA10", "2004-12-01", "NORLAND: CHILD LABOR INFORMATION", OLD),
        cable(
            "05ALMA7", "2005-12-04", "NORLAND: UPDATE OF CHILD LABOR INFORMATION", OLD[:8] + NEW[:4], cites=["04ALMA10"]
        ),
        cable("05ALMA30", "2005-12-20", "ELECTION COMMISSION NAMED", OTHER, tags=["PGOV"]),
        cable(
            "06ASTRA3",
            "2006-11-30",
            "INFORMATION ON FORMS OF CHILD LABOR",
            OLD[:6] + NEW[:6],
            cites=["04ALMA10", "05ALMA7"],
        ),
        cable("06ASTRA4", "2006-12-01", "GRAIN HARVEST AND RAIL TARIFFS", FURTHER, tags=["EAGR"]),
    ]


def test_yearly_reports_form_one_chain_across_a_moved_embassy():
    found = chains(corpus_of(*yearly()))
    assert found.schema == pl.Schema(chaining.STEPS)
    assert found.select("chain", "order", "previous", "cable").rows() == [
        ("04ALMA10", 1, "04ALMA10", "05ALMA7"),
        ("04ALMA10", 2, "05ALMA7", "06ASTRA3"),
    ]
    assert found["signals"].to_list() == [["reference", "subject", "tags", "passages", "season"]] * 2
    assert found["gap"].to_list() == [368, 361]
    assert found["shared"].is_between(0.5, 1).all()


def test_a_missing_year_leaves_a_step_over_the_gap():
    assert steps(corpus_of(*(c for c in yearly() if c["row"]["cable"] != "05ALMA7"))) == [("04ALMA10", "06ASTRA3")]


def test_order_of_the_rows_does_not_matter():
    assert chains(corpus_of(*reversed(yearly()))).equals(chains(corpus_of(*yearly())))


@pytest.mark.parametrize("asked", ["04ALMA10", "05 Alma 0007", "06ASTRA3"])
def test_chain_of_gives_the_whole_chain_oldest_first(asked):
    assert chain_of(corpus_of(*yearly()), asked) == ["04ALMA10", "05ALMA7", "06ASTRA3"]


def test_chain_of_a_cable_in_no_chain_is_empty():
    corpus = corpus_of(*yearly())
    assert chain_of(corpus, "05ALMA30") == []
    with pytest.raises(UnknownCable):
        chain_of(corpus, "05ALMA31")


def test_missions_are_kept_apart():
    one, two = yearly()[0], yearly()[1]
    two["row"]["mission"], two["cites"] = "Sudland", ()
    assert steps(corpus_of(one, two)) == []
    one["row"]["mission"] = two["row"]["mission"] = None
    assert steps(corpus_of(one, two)) == [("04ALMA10", "05ALMA7")]


def test_undated_cables_are_ordered_by_the_year_of_their_id():
    first, second = yearly()[:2]
    first["row"]["sent"] = None
    found = chains(corpus_of(first, second))
    assert found.select("previous", "cable", "gap").rows() == [("04ALMA10", "05ALMA7", None)]


def test_an_undated_cable_is_earlier_than_the_one_that_names_it():
    first, second = yearly()[:2]
    first["row"] |= {"sent": None, "year": 2005}
    second["row"]["sent"] = dt.datetime(2005, 3, 1, tzinfo=dt.UTC)
    assert steps(corpus_of(first, second)) == [("04ALMA10", "05ALMA7")]


def test_one_text_sent_twice_is_a_copy_and_no_step():
    again = cable(
        "05ALMA9", "2005-12-06", "NORLAND: UPDATE OF CHILD LABOR INFORMATION", OLD[:8] + NEW[:4], cites=["05ALMA7"]
    )
    found = chains(corpus_of(*yearly(), again))
    assert found["cable"].to_list() == ["05ALMA7", "06ASTRA3"]
    assert found["copies"].to_list() == [["05ALMA9"], []]
    assert chain_of(corpus_of(*yearly(), again), "05ALMA9") == ["04ALMA10", "05ALMA7", "06ASTRA3"]


def test_running_news_of_one_event_is_no_step():
    news = [
        cable("06ASTRA50", "2006-03-01", "MINE ACCIDENT AT TERSOL", OTHER),
        cable("06ASTRA51", "2006-03-05", "MINE ACCIDENT AT TERSOL", OTHER[:8] + NEW, cites=["06ASTRA50"]),
    ]
    assert steps(corpus_of(*news)) == []
    assert steps(corpus_of(*news), days=3) == [("06ASTRA50", "06ASTRA51")]


def test_instructions_from_washington_are_left_out():
    letters = [
        cable(f"0{year}STATE1", f"200{year}-05-01", "LABOR REPORTS DUE", OLD, mission="Norland") for year in (5, 6)
    ]
    assert steps(corpus_of(*letters)) == []


def test_a_form_that_many_cables_share_makes_no_chain():
    forms = [
        cable(
            f"07ASTRA{n}", str(dt.date(2007, 1, 1) + dt.timedelta(days=40 * n)), f"CASE {sentences(n + 90, 1)[0]}", OLD
        )
        for n in range(1, chaining.MOST_HOLDING + 3)
    ]
    assert steps(corpus_of(*forms)) == []


def test_an_empty_corpus_has_no_chains():
    found = chains(Corpus({}))
    assert found.height == 0
    assert found.schema == pl.Schema(chaining.STEPS)


def texts(*pairs):
    return pl.DataFrame(pairs, schema={"row": pl.UInt32, "text": pl.String}, orient="row")


def test_passages_do_not_depend_on_what_stands_around_them():
    sentence = "Government inspectors visited the southern farms in late summer again"
    alone = set(passages(texts((0, sentence)))["passage"])
    among = set(passages(texts((0, f"3. (C) In 2007, {sentence}, and in 2008 twice.")))["passage"])
    assert alone
    assert alone <= among


def test_passages_end_with_the_cable_and_cross_paragraphs():
    half, rest = "Government inspectors visited the", "southern farms in late summer"
    assert passages(texts((0, half), (1, rest))).height == 0
    assert passages(texts((0, half), (0, rest))).height == 2


def test_batches_do_not_change_what_is_found(monkeypatch):
    rows = texts(*((n, sentence) for n in range(6) for sentence in sentences(n, 5)))
    whole = passages(rows).sort("row", "passage")
    assert whole["row"].n_unique() == 6
    monkeypatch.setattr("cablelab.chaining.shared_text.BLOCK", 100)
    assert passages(rows).sort("row", "passage").equals(whole)


def test_shared_counts_within_a_group_only():
    held = pl.DataFrame(
        [(0, 1), (1, 1), (1, 2), (2, 1), (3, 1), (3, 2)], schema={"row": pl.UInt32, "passage": pl.UInt64}, orient="row"
    )
    groups = pl.DataFrame([(0, 0), (1, 0), (2, 1), (3, 0)], schema={"row": pl.UInt32, "group": pl.UInt32}, orient="row")
    assert shared(held, groups, most=20).rows() == [(0, 1, 1, 1, 2), (0, 3, 1, 1, 2), (1, 3, 2, 2, 2)]
    assert shared(held, groups, most=2).rows() == [(1, 3, 1, 1, 1)]
    assert shared(held, groups, most=20, least=2).rows() == [(1, 3, 2, 2, 2)]


def truth_as_corpus(truth):
    """Make a corpus of what is true, so that parsing has no part in the measure."""

    def fit(name, frame):
        return frame.select(
            (pl.col(column) if column in frame.columns else pl.lit(None).alias(column)).cast(kind)
            for column, kind in frames.SCHEMAS[name].items()
        )

    held = pl.col("target").is_in(truth.cables["cable"].implode())
    return Corpus(
        {
            "cables": fit("cables", truth.cables),
            "paragraphs": fit("paragraphs", truth.paragraphs),
            "references": fit("references", truth.references.with_columns(held=held)),
        }
    )


@pytest.mark.parametrize("seed", [21, 22])
def test_generated_chains_are_found_and_few_others(seed):
    from cablelab.samples import generate

    truth = generate(cables=400, seed=seed).truth
    true = set(truth.chains.drop_nulls("previous").select("previous", "cable").rows())
    proposed = set(steps(truth_as_corpus(truth)))
    assert len(true) > 50
    assert len(true & proposed) >= 0.90 * len(true)
    assert len(true & proposed) >= 0.85 * len(proposed)


def in_bytes(steps):
    file = io.BytesIO()
    steps.write_ipc(file)
    return file.getvalue()


@contextmanager
def dask():
    distributed = pytest.importorskip(
        "distributed", reason="dask.distributed is not installed; see the extra `cluster`"
    )
    local = {"processes": True, "n_workers": 2, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    with distributed.LocalCluster(**local) as cluster, distributed.Client(cluster, set_as_default=False) as client:
        assert len(client.scheduler_info()["workers"]) == 2
        yield client.get_executor(pure=False)


class Watching(Executor):
    """Does a task when its result is asked for; notes the size of each message and how many tasks wait at most."""

    def __init__(self):
        self.sizes, self.waiting, self.most = [], 0, 0

    def submit(self, function, *arguments):
        self.sizes.append(len(pickle.dumps((function, arguments))))
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        future = Future()

        def result(timeout=None):
            self.waiting -= 1
            return function(*arguments)

        future.result = result
        return future


@pytest.fixture
def small_blocks(monkeypatch):
    """Cut a small corpus into many blocks, and missions too."""
    monkeypatch.setattr("cablelab.chaining.shared_text.BLOCK", 3_000)
    monkeypatch.setattr("cablelab.chaining.shared_text.PASSAGES", 800)


@pytest.fixture(scope="module")
def generated():
    from cablelab.samples import generate

    corpus = truth_as_corpus(generate(cables=300, seed=23).truth)
    found = chains(corpus)
    assert found.height > 30
    return corpus, in_bytes(found)


@pytest.mark.parametrize(
    "pool",
    [
        lambda: ThreadPoolExecutor(3),
        lambda: ProcessPoolExecutor(2, get_context("spawn")),
        pytest.param(dask, marks=[pytest.mark.slow, pytest.mark.filterwarnings("default")]),
    ],
    ids=["threads", "processes", "dask"],
)
def test_any_executor_gives_the_same_chains(pool, generated, small_blocks):
    corpus, expected = generated
    with pool() as executor:
        assert in_bytes(chains(corpus, executor=executor)) == expected


def test_messages_to_workers_are_small_and_few_wait(generated, small_blocks, monkeypatch):
    monkeypatch.setattr("cablelab.chaining.shared_text.WAITING", 5)
    corpus, expected = generated
    watching = Watching()
    assert in_bytes(chains(corpus, executor=watching)) == expected
    assert len(watching.sizes) > 25
    assert watching.most == 5
    # seven bytes a word and sixteen a passage, up to twice over, and what a message of a frame always has
    assert max(watching.sizes) < 2 * 7 * 3_000 + 4_000


def test_what_a_worker_raises_is_raised_and_the_rest_is_not_done(generated, small_blocks, monkeypatch):
    corpus, _ = generated
    futures = []

    class Failing(Executor):
        def submit(self, function, *arguments):
            futures.append(Future())
            if len(futures) == 1:
                futures[0].set_exception(MemoryError("no room"))
            return futures[-1]

    with pytest.raises(MemoryError, match="no room"):
        chains(corpus, executor=Failing())
    assert all(future.cancelled() for future in futures[1:])


@pytest.mark.parametrize("least", [1, 2, 3])
def test_cutting_the_groups_does_not_change_what_is_shared(least, monkeypatch):
    source = random.Random(5)
    drawn = sorted({(source.randrange(60), source.randrange(40)) for _ in range(900)})
    held = pl.DataFrame(drawn, schema={"row": pl.UInt32, "passage": pl.UInt64}, orient="row")
    groups = pl.DataFrame(
        [(row, min(row // 7, 5)) for row in range(60)], schema={"row": pl.UInt32, "group": pl.UInt32}, orient="row"
    )
    whole = shared(held, groups, most=6, least=least)
    assert whole.height > 10
    for size in (1, 30, 150):
        monkeypatch.setattr("cablelab.chaining.shared_text.PASSAGES", size)
        assert shared(held, groups, most=6, least=least).equals(whole)


def test_the_seeds_alone_are_one_step(shared):
    import cablelab as cl

    found = chains(cl.read(shared / "cables" / "seeds"))
    assert found.height == 1
    assert found["signals"][0].to_list() == ["reference", "subject", "tags", "passages"]


def test_the_seeds_and_their_kin_are_one_chain(shared):
    import cablelab as cl

    corpus = cl.read(shared / "cables" / "seeds", shared / "cables" / "forms")
    chain = chain_of(corpus, cl.read(shared / "cables" / "seeds").ids[0])
    assert len(chain) == 4
    assert chain == sorted(chain)
    assert corpus.select(chain).cables["mission"].n_unique() == 1
    assert chains(corpus).height == 3
