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
from cablelab.chaining import assembling, candidates, chain_of, chains, decide
from cablelab.corpus import Corpus
from cablelab.errors import SchemaError, UnknownCable, UnknownOption

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
    """Give the likeliest steps as pairs."""
    return chains(corpus, **options).filter(rank=1).select("previous", "cable").rows()


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
    assert found.select("chain", "order", "previous", "cable", "rank", "gap").rows() == [
        ("04ALMA10", 1, "04ALMA10", "05ALMA7", 1, 368),
        ("04ALMA10", 2, "05ALMA7", "06ASTRA3", 1, 361),
        ("04ALMA10", 2, "04ALMA10", "06ASTRA3", 2, 729),
    ]
    assert found["score"].is_between(0.9, 1).all()
    assert found["alike"].is_between(0.5, 1).all()


def test_signals_name_what_speaks_for_a_step_with_its_words():
    found = chains(corpus_of(*yearly()))["signals"].to_list()
    assert found[0][:2] == ["cites it alone", "subject: child, information, labor"]
    assert found[1][:2] == ["cites it second of two", "subject: child, information, labor"]
    assert found[1][-2:] == ["TAGS: ELAB", "both cite 04ALMA10"]
    told, words = found[0][2].split(": ")
    assert told == "text"
    held = " ".join(["Norland: update of child labor information", *OLD[:8], *NEW[:4]]).lower()
    assert all(word in held for word in words.split(", "))


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
    found = chains(corpus_of(*yearly(), again)).filter(rank=1)
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


def row_of(*subjects, days=60, cites=False):
    """Cables of one post that repeat half their text, in order, one every so many days."""
    first = dt.date(2005, 1, 1)
    return [
        cable(
            f"05ASTRA{n}",
            f"{first + dt.timedelta(days * n)}",
            subject,
            OLD[:8] + sentences(n + 60, 5),
            cites=[f"05ASTRA{n - 1}"] if cites and n > 1 else (),
        )
        for n, subject in enumerate(subjects, 1)
    ]


NAMES = [sentences(n + 90, 1)[0][:20].upper() for n in range(4)]


@pytest.mark.parametrize(
    "kind",
    [
        "SCENESETTER FOR THE VISIT OF {}",
        "Norland scene-setter: {}",
        "YOUR FORTHCOMING TRIP TO {}",
        "COUNTRY CLEARANCE FOR {}",
        "WEEKLY DIGEST: {}",
        "NORTHERN SCIENCE NEWS, NUMBER {}",
        "NORLAND SUPPORTS U.S. CANDIDATE FOR {}",
    ],
)
def test_a_genre_whose_every_cable_has_another_object_makes_no_chain(kind):
    assert steps(corpus_of(*row_of(*(kind.format(name) for name in NAMES)))) == []


@pytest.mark.parametrize(
    "subject", ["GOOD NEWS ON CHILD LABOR", "CANDIDATES SILENT ON CHILD LABOR", "LAND MINE CLEARANCE"]
)
def test_words_of_such_a_genre_alone_forbid_no_chain(subject):
    assert steps(corpus_of(*row_of(subject, subject, subject))) == [("05ASTRA1", "05ASTRA2"), ("05ASTRA2", "05ASTRA3")]


@pytest.mark.parametrize("mark", ["(PART {} OF 3)", "- PART {}: ON THE GROUND", "SECTION {}"])
def test_parts_of_one_report_are_no_steps(mark):
    parts = [f"CHILD LABOR IN NORLAND {mark.format(n)}" for n in (1, 2, 3)]
    assert steps(corpus_of(*row_of(*parts, days=1, cites=True)), days=0) == []
    assert len(steps(corpus_of(*row_of(*parts, cites=True)))) == 2
    unlike = ["CHILD LABOR IN NORLAND PART 1", "MINES OF NORLAND PART 2"]
    assert len(steps(corpus_of(*row_of(*unlike, days=1, cites=True)), days=0)) == 1


def test_strangers_of_one_post_are_no_chain():
    others = [
        cable(f"07ASTRA{n}", f"2007-{n:02}-01", sentences(n + 30, 1)[0][:40], sentences(n + 50, 9), tags=[f"T{n}"])
        for n in range(1, 9)
    ]
    assert steps(corpus_of(*others)) == []
    assert steps(corpus_of(*others[:2])) == []


def test_a_second_predecessor_is_offered_and_makes_no_chain_of_its_own():
    found = chains(corpus_of(*yearly()))
    assert found.filter(rank=2).select("previous", "cable").rows() == [("04ALMA10", "06ASTRA3")]
    assert found["chain"].n_unique() == 1


SCORES = {
    "direct": [(0, 2, 0.96), (1, 2, 0.6), (0, 1, 0.7)],
    "the two do not go together": [(0, 2, 0.96), (1, 2, 0.6), (0, 1, 0.4)],
    "less likely than not": [(0, 2, 0.96), (1, 2, 0.49), (0, 1, 0.7)],
    "far less likely": [(0, 2, 0.99), (1, 2, 0.6), (0, 1, 0.7)],
    "certain, as a yearly report is": [(0, 2, 1.0), (1, 2, 0.97), (0, 1, 0.7)],
    "both certain": [(0, 2, 1.0), (1, 2, 1.0), (0, 1, 0.7)],
    "a person said so": [(0, 2, 1.0), (1, 2, 0.9), (0, 1, 0.9)],
}


@pytest.mark.parametrize("case", SCORES)
def test_a_cable_follows_the_last_of_those_that_surely_continue_one_another(case):
    said = [(case == "a person said so") and (a, b) == (0, 2) for a, b, _ in SCORES[case]]
    pairs = pl.DataFrame(SCORES[case], ["a", "b", "score"], orient="row").with_columns(person=pl.Series(said))
    ranked = assembling.ranked(pairs, pairs.filter(pl.col("score") >= assembling.SURE))
    expected = [1, 0] if case in ("direct", "both certain") else [0, 1]
    assert ranked.filter(b=2).sort("rank")["a"].to_list() == expected


@pytest.mark.parametrize(
    ("later", "continues"),
    [
        ("VISIT OF THE MINISTER OF FISHERIES", False),
        ("MEETING WITH THE MINISTER OF FISHERIES ON QUOTAS", False),
        ("MINISTER OF FISHERIES CUTS QUOTAS", True),
    ],
)
def test_what_is_reported_of_a_visit_does_not_continue_its_scenesetter(later, continues):
    earlier = cable("05ALMA1", "2005-03-01", "SCENESETTER: MINISTER OF FISHERIES AND QUOTAS", OLD)
    report = cable("05ALMA9", "2005-04-01", later, OLD[:8] + NEW[:4], cites=["05ALMA1"])
    found = steps(corpus_of(earlier, report, *yearly()))
    assert (("05ALMA1", "05ALMA9") in found) == continues


def test_a_scenesetter_continues_nothing():
    earlier = cable("05ALMA1", "2005-03-01", "MINISTER OF FISHERIES AND QUOTAS", OLD)
    for subject, continues in (("FISHERIES QUOTAS: SCENESETTER FOR YOUR VISIT", False), ("FISHERIES AND QUOTAS", True)):
        later = cable("05ALMA9", "2005-04-01", subject, OLD[:8] + NEW[:4], cites=["05ALMA1"])
        assert (("05ALMA1", "05ALMA9") in steps(corpus_of(earlier, later, *yearly()))) == continues


def test_an_empty_corpus_has_no_chains():
    found = chains(Corpus({}))
    assert found.height == 0
    assert found.schema == pl.Schema(chaining.STEPS)


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
def test_generated_chains_are_found(seed):
    from cablelab.samples import generate

    truth = generate(cables=400, seed=seed, yearly=5).truth
    sent = dict(truth.cables.select("cable", "sent").iter_rows())
    proposed = set(steps(truth_as_corpus(truth)))
    for kind, least in (("periodic", 0.85), ("event", 0.55)):
        true = set(truth.chains.filter(kind=kind).drop_nulls("previous").select("previous", "cable").rows())
        far = {(a, b) for a, b in true if (sent[b] - sent[a]).days > 20}
        assert len(far) > 20
        assert len(far & proposed) >= least * len(far)


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
    monkeypatch.setattr("cablelab.chaining.gathering.BLOCK", 30_000)
    monkeypatch.setattr("cablelab.chaining.gathering.BATCH", 40)


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
    monkeypatch.setattr("cablelab.chaining.gathering.WAITING", 5)
    corpus, expected = generated
    watching = Watching()
    assert in_bytes(chains(corpus, executor=watching)) == expected
    assert len(watching.sizes) > 4
    assert watching.most <= 5


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


def decisions(*rows):
    made = None
    for previous, later, verdict in rows:
        made = decide(made, previous, later, verdict, by="N. N.", at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    return made


def test_an_accepted_step_stands_and_says_who_accepted_it():
    said = decisions(("05ALMA30", "06ASTRA4", "accepted"))
    assert ("05ALMA30", "06ASTRA4") not in steps(corpus_of(*yearly()))
    found = chains(corpus_of(*yearly()), decided=said)
    step = found.filter(cable="06ASTRA4").row(0, named=True)
    assert (step["previous"], step["score"], step["signals"][0]) == ("05ALMA30", 1.0, "accepted by N. N.")
    assert chain_of(corpus_of(*yearly()), "06ASTRA4", decided=said) == ["05ALMA30", "06ASTRA4"]


def test_an_accepted_step_stands_whatever_the_gap_the_mission_and_the_post():
    close = cable("06ASTRA5", "2006-12-02", "RAIL", OTHER)
    abroad = cable("06OTHER5", "2006-12-20", "RAIL", OTHER, mission="Sudland")
    letter = cable("06STATE5", "2007-12-20", "RAIL", FURTHER, mission="United States")
    said = decisions(*(("06ASTRA4", key, "accepted") for key in ("06ASTRA5", "06OTHER5", "06STATE5")))
    found = chains(corpus_of(*yearly(), close, abroad, letter), decided=said)
    assert found.filter(previous="06ASTRA4", rank=1)["cable"].to_list() == ["06ASTRA5", "06OTHER5", "06STATE5"]


def test_a_rejected_step_is_never_proposed_again():
    said = decisions(("05ALMA7", "06ASTRA3", "rejected"))
    assert steps(corpus_of(*yearly()), decided=said) == [("04ALMA10", "05ALMA7"), ("04ALMA10", "06ASTRA3")]
    assert "05ALMA7" not in candidates(corpus_of(*yearly()), "06ASTRA3", decided=said)["candidate"].to_list()


def test_decisions_about_cables_that_are_not_held_do_nothing():
    said = decisions(("99NONE1", "99NONE2", "accepted"), ("04ALMA10", "99NONE3", "rejected"))
    assert chains(corpus_of(*yearly()), decided=said).equals(chains(corpus_of(*yearly())))


def test_the_later_of_two_decisions_about_a_pair_counts():
    said = decisions(("05ALMA7", "06ASTRA3", "rejected"), ("05ALMA7", "06ASTRA3", "accepted"))
    assert said.height == 1
    assert said.schema == pl.Schema(chaining.DECISIONS)
    assert said["verdict"].to_list() == ["accepted"]


def test_decisions_that_go_round_in_a_circle_end():
    said = decisions(("04ALMA10", "05ALMA7", "accepted"), ("05ALMA7", "04ALMA10", "accepted"))
    assert set(steps(corpus_of(*yearly()), decided=said)) >= {("04ALMA10", "05ALMA7"), ("05ALMA7", "04ALMA10")}


@pytest.mark.parametrize(
    "wrong",
    [pl.DataFrame({"previous": ["a"]}), pl.DataFrame({"previous": ["a"], "cable": ["b"], "verdict": ["maybe"]})],
)
def test_a_frame_that_is_none_of_decisions_is_refused(wrong):
    with pytest.raises(SchemaError, match=r"chaining\.decide"):
        chains(corpus_of(*yearly()), decided=wrong)
    with pytest.raises(UnknownOption, match="perhaps"):
        decide(None, "a", "b", "perhaps")


def test_candidates_give_earlier_and_later_ones_with_reasons():
    found = candidates(corpus_of(*yearly()), "05 Alma 7")
    assert found.schema == pl.Schema(chaining.CANDIDATES)
    best = found.group_by("side", maintain_order=True).first()
    assert best.select("side", "candidate", "previous", "cable", "rank").rows() == [
        ("earlier", "04ALMA10", "04ALMA10", "05ALMA7", 1),
        ("later", "06ASTRA3", "05ALMA7", "06ASTRA3", 1),
    ]
    assert best["signals"][0].to_list()[:2] == ["cites it alone", "subject: child, information, labor"]
    assert found.group_by("side").len()["len"].max() <= 10
    assert candidates(corpus_of(*yearly()), "05ALMA7", 1).height == 2
    with pytest.raises(UnknownCable):
        candidates(corpus_of(*yearly()), "05ALMA8")


def test_a_cable_that_cannot_stand_in_a_chain_has_no_candidates():
    letter = cable("06STATE5", "2007-12-20", "RAIL", FURTHER, mission="United States")
    assert candidates(corpus_of(letter), "06STATE5").schema == pl.Schema(chaining.CANDIDATES)


def test_the_seeds_alone_are_one_step(shared):
    import cablelab as cl

    found = chains(cl.read(shared / "cables" / "seeds"))
    assert found.height == 1
    assert found["score"][0] > 0.9
    signals = found["signals"][0].to_list()
    assert signals[0].startswith("cites it")
    assert "child" in signals[1]


def test_the_seeds_and_their_kin_are_one_chain(shared):
    import cablelab as cl

    corpus = cl.read(shared / "cables" / "seeds", shared / "cables" / "forms")
    chain = chain_of(corpus, cl.read(shared / "cables" / "seeds").ids[0])
    assert len(chain) == 4
    assert chain == sorted(chain)
    assert corpus.select(chain).cables["mission"].n_unique() == 1
    assert chains(corpus).filter(rank=1).height == 3
