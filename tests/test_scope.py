"""Which articles a question is asked of, and that a search finds the best there is in them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from index import search as searching
from index import store as stores
from index.errors import KutipError
from index.scope import WHOLE, Scope, folders
from index.store import Filed, Key
from index.words import Words

HELD = {
    file: Filed(file, "sha", 1, None, published)
    for file, published in {
        "a.txt": date(2017, 1, 1),
        "ekonomi/b.txt": date(2017, 12, 31),
        "ekonomi/pasar/c.txt": None,
        "ekonomi2/d.txt": date(2018, 1, 1),
        "nasional/ekonomi/e.txt": date(2016, 12, 31),
    }.items()
}
YEAR = {"since": date(2017, 1, 1), "until": date(2017, 12, 31)}


@pytest.mark.parametrize(
    ("scope", "files"),
    [
        (Scope(), set(HELD)),
        (Scope("ekonomi"), {"ekonomi/b.txt", "ekonomi/pasar/c.txt"}),
        (Scope("/ekonomi/"), {"ekonomi/b.txt", "ekonomi/pasar/c.txt"}),
        (Scope("ekonomi/pasar"), {"ekonomi/pasar/c.txt"}),
        (Scope("ekon"), set()),
        (Scope("Ekonomi"), set()),
        (Scope("ekonomi/b.txt"), set()),
        (Scope(".."), set()),
        (Scope(**YEAR), {"a.txt", "ekonomi/b.txt"}),
        (Scope(since=date(2017, 12, 31)), {"ekonomi/b.txt", "ekonomi2/d.txt"}),
        (Scope(until=date(2017, 1, 1)), {"a.txt", "nasional/ekonomi/e.txt"}),
        (Scope("ekonomi", **YEAR), {"ekonomi/b.txt"}),
        (Scope(since=date(2017, 1, 1), until=date(2017, 1, 1)), {"a.txt"}),
        (Scope(since=date(2030, 1, 1)), set()),
    ],
)
def test_a_scope_holds_a_folder_with_its_subfolders_and_the_days_named(scope, files):
    assert scope.files(HELD) == files


def test_only_a_scope_that_names_nothing_is_whole():
    assert WHOLE.whole
    assert Scope("/").whole
    for scope in (Scope("a"), Scope(since=date(2017, 1, 1)), Scope(until=date(2017, 1, 1))):
        assert not scope.whole


def test_days_in_the_wrong_order_are_refused_with_both_of_them():
    with pytest.raises(KutipError, match=r"2018-01-01.*2017-12-31.*must not come after"):
        Scope(since=date(2018, 1, 1), until=date(2017, 12, 31))


def test_folders_are_told_with_those_that_hold_them():
    assert folders(HELD) == [
        *("ekonomi", "ekonomi/pasar", "ekonomi2", "nasional", "nasional/ekonomi"),
    ]
    assert folders(["jauh/di/dalam/x.txt"]) == ["jauh", "jauh/di", "jauh/di/dalam"]
    assert folders(["a.txt"]) == []


def test_words_outside_do_not_count(tmp_path):
    texts = [("a.txt", "padi"), ("a.txt", "jagung"), ("b.txt", "padi"), ("c.txt", "padi padi")]
    keys = [(Key(file, "sha", place), text) for place, (file, text) in enumerate(texts)]
    scores = Words.build(tmp_path, {}, keys).scores("padi jagung")
    assert {key.file for key, _ in scores.best(9)} == {"a.txt", "b.txt", "c.txt"}
    inside = scores.within({"a.txt", "c.txt", "tidak-ada.txt"})
    assert sorted(key.file for key, _ in inside.best(9)) == ["a.txt", "a.txt", "c.txt"]
    assert dict(inside.best(9)).items() <= dict(scores.best(9)).items()
    assert scores.within(set()).best(9) == []
    assert Words.build(tmp_path, {}, []).scores("padi").within({"a.txt"}).best(9) == []


# Searching

FARM = "Warga memanen padi"


def harvest(number: int) -> str:
    """An article of some sentences that every question about the harvest is near to."""
    day = f"{number % 28 + 1} Mei {2000 + number % 20}"
    told = " ".join(f"{FARM} {'subur ' * (number % 7)}di sawah{number}x{i}." for i in range(4))
    return f"Panen nomor{number}\n{day}\n\n{told}\n"


@pytest.fixture
def index(write, open_index):
    """119 articles that are alike, of five sentences each, in folders of very different sizes."""
    sizes = {"besar": 90, "sedang": 22, "sedang/dalam": 5, "kecil": 2}
    names = [folder for folder, size in sizes.items() for _ in range(size)]
    write({f"{name}/{i}.txt": harvest(i) for i, name in enumerate(names)})
    opened = open_index()
    opened.synchronise()
    return opened


SCOPES = [
    *(Scope("besar"), Scope("sedang"), Scope("sedang/dalam"), Scope("kecil")),
    *(Scope(since=date(2001, 1, 1)), Scope(until=date(2000, 12, 31))),
    Scope("besar", date(2005, 1, 1), date(2006, 12, 31)),
]
QUESTIONS = [f"{FARM} di sawah7x2", "Panen nomor115 di sawah115x1"]


def exact(index, question: str, scope: Scope) -> list[float]:
    """The highest cosines in a scope, by comparing with every sentence in it."""
    store = index._store
    inside = [key for key, _ in store.texts() if scope.holds(store.catalogue[key.file])]
    vectors = np.stack([record.vector for record in store.get(inside).values()])
    cosines = sorted((vectors @ index.encoder.query(question)).tolist(), reverse=True)
    return cosines[: searching.DENSE]


def near(index, question: str, scope: Scope) -> list[float]:
    """The cosines of what is found by meaning in a scope; all of it in there, nothing twice."""
    files = scope.files(index.catalogue)
    found = searching._nearest(index._store, index.encoder.query(question), files)
    assert {record.key.file for record, _ in found} <= files
    assert len({record.key for record, _ in found}) == len(found)
    return [cosine for _, cosine in found]


def test_what_is_nearest_in_a_scope_is_found_whatever_else_is_nearer(index):
    # Chroma, which searches wider ones, may miss some.
    narrow = [scope for scope in SCOPES if 5 * len(scope.files(index.catalogue)) <= searching.FEW]
    assert len(narrow) == len(SCOPES) - 1
    for scope in narrow:
        for question in QUESTIONS:
            best = exact(index, question, scope)
            assert near(index, question, scope) == pytest.approx(best, abs=1e-4)


def test_where_a_scope_holds_much_the_search_is_approximate_and_fills_up(index, monkeypatch):
    monkeypatch.setattr(searching, "FEW", 0)
    for wide in (searching.WIDE, 0):  # what Chroma finds among all, and among these files
        monkeypatch.setattr(searching, "WIDE", wide)
        for scope in (Scope("besar"), Scope(since=date(2001, 1, 1))):
            for question in QUESTIONS:
                best = exact(index, question, scope)
                found = near(index, question, scope)
                assert len(found) == searching.DENSE
                assert found == sorted(found, reverse=True)
                assert sum(cosine >= best[-1] - 1e-4 for cosine in found) > searching.DENSE / 2


def test_a_scope_that_few_of_the_nearest_belong_to_is_searched_to_its_end(
    write, open_index, monkeypatch
):
    monkeypatch.setattr(searching, "FEW", 0)
    monkeypatch.setattr(searching, "WIDE", 100)
    write({f"dekat/{i}.txt": f"{FARM} di sawah{i}. {FARM} lagi di ladang{i}." for i in range(60)})
    write({f"jauh/{i}.txt": f"Nelayan{i} melaut. Ombak{i} tinggi." for i in range(60)})
    index = open_index()
    index.synchronise()
    assert len(near(index, FARM, Scope("jauh"))) > searching.DENSE / 2


def test_more_files_than_one_request_takes_are_asked_in_several(index, monkeypatch):
    monkeypatch.setattr(searching, "FEW", 0)
    monkeypatch.setattr(searching, "WIDE", 0)
    monkeypatch.setattr(stores, "FILES", 7)
    found = near(index, QUESTIONS[1], Scope("sedang"))
    assert len(found) == searching.DENSE
    assert found == sorted(found, reverse=True)


def test_evidence_comes_from_the_scope_and_best_first(index):
    found = index.search(f"{FARM} di sawah3x1", 8, scope=Scope("kecil"))
    inside = {"kecil/117.txt", "kecil/118.txt"}
    assert {item.sentence.file for item in found} == inside
    assert {twin.sentence.file for item in found for twin in item.twins} <= inside
    assert [item.score for item in found] == sorted((i.score for i in found), reverse=True)


def test_a_scope_that_holds_everything_finds_what_no_scope_finds(index):
    question = f"{FARM} di sawah100x1"
    assert index.search(question, scope=Scope(since=date(1999, 1, 1))) == index.search(question)


def test_a_scope_that_holds_nothing_finds_nothing(index):
    for folder in ("tidak-ada", "$in", "a' OR '1'='1", "besar\x00", "新聞", "\ud800", "%"):
        assert index.search(FARM, scope=Scope(folder)) == []
    assert index.search(FARM, scope=Scope(since=date(2050, 1, 1))) == []
    assert index.candidates(FARM, Scope("tidak-ada")) == []


def test_a_scope_follows_what_is_indexed_anew(index, write):
    scope = Scope("kecil")
    write({"kecil/baru.txt": "Nelayan melaut ke Natuna.\n"})
    assert not any(i.sentence.file == "kecil/baru.txt" for i in index.search("Natuna", scope=scope))
    index.synchronise()
    assert index.search("Natuna", scope=scope)[0].sentence.file == "kecil/baru.txt"
