"""Search by words: stems, stop words, and an index on disk that is whole or made anew."""

from __future__ import annotations

import pytest

from index.lexicon import meanings
from index.store import Filed, Key
from index.words import FOLDER, KEYS, Words, state, stems

TEXTS = [
    "Menteri Retno Marsudi mengumumkan bantuan ke Palestina.",
    "Bantuan itu diterima warga di Gaza.",
    "Harga cabai rawit naik menjadi 80.000 rupiah.",
]


def catalogue(files: int = 3) -> dict[str, Filed]:
    return {f"{i}.txt": Filed(f"{i}.txt", f"sha{i}", 1, None, None) for i in range(files)}


def keyed(texts=TEXTS):
    return [(Key(f"{i}.txt", f"sha{i}", 0), text) for i, text in enumerate(texts)]


def found(words: Words, question: str) -> list[str]:
    return [key.file for key, _ in words.best(question, 10)]


@pytest.fixture
def words(tmp_path):
    return Words.build(tmp_path, catalogue(), keyed())


def test_forms_of_a_word_meet():
    assert stems("pengumuman")[0] == stems("mengumumkan")[0] or stems("diumumkan") == stems(
        "umumkan"
    )
    assert stems("Harga-harga HARGA") == ["harga", "harga", "harga"]


def test_function_and_question_words_of_both_languages_do_not_count():
    assert stems("Siapa yang dan di mana apakah") == []
    assert stems("Who is the and where what") == []


def test_numbers_are_words():
    assert "80.000" in stems("menjadi 80.000 rupiah")


def test_a_question_in_english_finds_the_indonesian_words(words):
    assert found(words, "How expensive is chilli, at what price?")[:1] == ["2.txt"]
    assert found(words, "Who received the aid?")[:1] == ["1.txt"]


def test_an_indonesian_word_is_not_taken_for_an_english_one():
    assert meanings(["air", "bank", "hari", "retno"]) == []
    assert meanings(["price", "minister"]) == stems("harga menteri")


def test_a_rare_name_finds_its_sentence(words):
    assert found(words, "Apa kata Retno Marsudi?") == ["0.txt"]


def test_the_best_come_first_and_those_without_a_shared_word_not_at_all(words):
    assert found(words, "bantuan warga Gaza") == ["1.txt", "0.txt"]
    assert found(words, "kata yang tak pernah ada: xyzzy") == []
    assert words.best("bantuan", 1)[0][1] > 0


@pytest.mark.parametrize("question", ["", "?", "dan yang", "🙂", "\x00"])
def test_a_question_without_words_finds_nothing(words, question):
    assert found(words, question) == []


def test_what_is_kept_finds_the_same(tmp_path, words):
    kept = Words.load(tmp_path, catalogue())
    assert kept is not None
    assert kept.best("bantuan warga", 5) == words.best("bantuan warga", 5)


def test_the_words_of_another_state_are_not_used(tmp_path, words):
    assert Words.load(tmp_path, catalogue(2)) is None
    changed = catalogue() | {"0.txt": Filed("0.txt", "other", 1, None, None)}
    assert Words.load(tmp_path, changed) is None


@pytest.mark.parametrize(
    "file",
    [
        KEYS,
        "data.csc.index.npy",
        "indices.csc.index.npy",
        "indptr.csc.index.npy",
        "vocab.index.json",
        "params.index.json",
    ],
)
@pytest.mark.parametrize("how", ["gone", "empty", "cut", "garbled", "null"])
def test_files_that_are_not_whole_are_not_used(tmp_path, words, file, how):
    path = tmp_path / FOLDER / file
    whole = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        broken = {"empty": b"", "cut": whole[:-3], "garbled": b"\xa5" + whole[1:], "null": b"null"}
        path.write_bytes(broken[how])
    assert Words.load(tmp_path, catalogue()) is None
    assert found(Words.build(tmp_path, catalogue(), keyed()), "cabai") == ["2.txt"]
    assert Words.load(tmp_path, catalogue()) is not None


@pytest.mark.parametrize("texts", [[], ["!!!"], ["dan yang"]])
def test_an_index_without_any_word_can_be_kept(tmp_path, texts):
    held = catalogue(len(texts))
    Words.build(tmp_path, held, keyed(texts))
    kept = Words.load(tmp_path, held)
    assert kept is not None
    assert kept.best("cabai", 5) == []


def test_what_a_killed_write_left_does_not_hinder(tmp_path, words):
    (tmp_path / f"{FOLDER}.partial").mkdir()
    (tmp_path / f"{FOLDER}.partial" / "data").write_text("half")
    assert found(Words.build(tmp_path, catalogue(), keyed()), "cabai") == ["2.txt"]


def test_the_state_changes_with_every_part_of_it():
    base = catalogue()
    others = [
        Filed("0.txt", "other", 1, None, None),
        Filed("0.txt", "sha0", 2, None, None),
        Filed("00.txt", "sha0", 1, None, None),
    ]
    states = {state({**base, "0.txt": other}) for other in others} | {state(base)}
    assert len(states) == 4
    assert state(dict(reversed(base.items()))) == state(base)


ARTICLES = {
    "menteri.txt": ["Menteri Retno tiba di Gaza.", "Warga menerima bantuan."],
    "bupati.txt": ["Bupati tiba di pasar.", "Warga menerima bantuan."],
    "harga.txt": ["Harga cabai naik.", "Warga mengeluh."],
}


@pytest.fixture
def articles(tmp_path):
    keys = [
        (Key(file, "sha", place), text)
        for file, texts in ARTICLES.items()
        for place, text in enumerate(texts)
    ]
    return Words.build(tmp_path / "articles", {}, keys)


def test_an_article_says_what_any_of_its_sentences_says(articles):
    scores = articles.scores("Siapa menerima bantuan dari Retno di Gaza?")
    assert scores.said("menteri.txt") == 1
    assert 0 < scores.said("bupati.txt") < 1
    assert scores.said("harga.txt") == 0
    assert scores.said("tidak-ada.txt") == 0


def test_an_article_has_said_more_the_farther_it_is_read(articles):
    scores = articles.scores("Siapa menerima bantuan dari Retno di Gaza?")
    first, second = (scores.so_far(Key("menteri.txt", "sha", place)) for place in (0, 1))
    assert 0 < first < second == scores.said("menteri.txt")
    assert scores.so_far(Key("bupati.txt", "sha", 0)) == 0 < scores.said("bupati.txt")
    assert scores.so_far(Key("tidak-ada.txt", "sha", 0)) == 0


def test_what_is_said_in_the_article_before_is_not_said_in_this(articles):
    """Though its sentences stand right before this one's in the index."""
    assert articles.scores("pasar").so_far(Key("harga.txt", "sha", 1)) == 0


def test_rarer_words_count_for_more(articles):
    scores = articles.scores("bantuan cabai")
    assert scores.said("harga.txt") > 0.5 > scores.said("bupati.txt") > 0
    assert scores.said("harga.txt") + scores.said("bupati.txt") == pytest.approx(1)


def test_a_name_counts_double_unless_it_is_the_first_word(articles):
    once = articles.scores("gaza pasar").said("menteri.txt")
    assert articles.scores("Gaza pasar").said("menteri.txt") == once == 0.5
    assert articles.scores("pasar Gaza").said("menteri.txt") == pytest.approx(2 / 3)


def test_an_article_says_english_words_by_their_meaning(articles):
    assert articles.scores("What price?").said("harga.txt") == 1


def test_where_nothing_is_asked_after_every_article_says_it(articles, tmp_path):
    scores = articles.scores("Siapa?")
    assert scores.said("harga.txt") == scores.so_far(Key("harga.txt", "sha", 0)) == 1
    assert Words.build(tmp_path, {}, []).scores("padi").said("harga.txt") == 0


def test_what_an_article_says_does_not_depend_on_the_scope(articles):
    scores = articles.scores("bantuan cabai")
    assert scores.within({"bupati.txt"}).said("harga.txt") == scores.said("harga.txt")


def test_sentences_that_the_store_has_lost_leave_the_others_in_their_places(tmp_path):
    held = {f"{name}.txt": Filed(f"{name}.txt", f"sha-{name}", 4, None, None) for name in "ab"}
    texts = [
        (Key("a.txt", "sha-a", 0), "Gempa mengguncang Palu."),
        (Key("a.txt", "sha-a", 3), "Warga mengungsi ke bukit."),
        (Key("b.txt", "sha-b", 1), "Harga cabai naik."),
    ]
    for words in (Words.build(tmp_path, held, texts), Words.load(tmp_path, held)):
        assert words is not None
        for key, text in texts:
            scores = words.scores(text)
            assert [found for found, _ in scores.best(9)] == [key]
            assert scores.near(key, 0) > 0
            assert scores.so_far(key) == 1
            if key.place:
                assert scores.so_far(Key(key.file, key.sha256, key.place - 1)) == 0
