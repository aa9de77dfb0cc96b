"""Question to evidence: nearest in meaning, widened by shared words, twins folded."""

from __future__ import annotations

import pytest

NEWS = {
    "satu.txt": "Gempa mengguncang Palu pada Senin. Warga mengungsi ke bukit. Listrik padam.\n",
    "dua.txt": "Harga cabai naik di Kramat Jati. Pedagang mengeluh soal pasokan.\n",
    "tiga.txt": "Gempa mengguncang Palu pada Senin! Bantuan tiba dari Makassar.\n",
}


@pytest.fixture
def index(open_index, write):
    write(NEWS)
    opened = open_index()
    opened.synchronise()
    return opened


def test_the_best_comes_first_with_both_scores(index):
    best = index.search("Harga cabai naik di mana?")[0]
    assert best.sentence.text == "Harga cabai naik di Kramat Jati."
    assert best.bm25 > 0
    assert -1 <= best.cosine <= 1.001


def test_the_count_bounds_the_evidence(index):
    assert len(index.search("gempa", 2)) == 2
    assert len(index.search("gempa", 50)) <= 7


def test_the_same_sentence_in_two_files_is_one_piece_with_a_twin(index):
    found = index.search("Gempa mengguncang Palu pada hari apa?")
    first = found[0]
    assert {first.sentence.file, *(twin.sentence.file for twin in first.twins)} == {
        "satu.txt",
        "tiga.txt",
    }
    places = [(item.sentence.file, item.sentence.number) for item in found]
    places += [(t.sentence.file, t.sentence.number) for item in found for t in item.twins]
    assert len(places) == len(set(places))


def test_neighbours_are_those_of_the_same_file_in_order(index):
    for item in index.search("gempa", 8):
        around = [*item.before, item.sentence, *item.after]
        assert {sentence.file for sentence in around} == {item.sentence.file}
        starts = [sentence.start for sentence in around]
        assert starts == sorted(starts)


def test_a_rare_word_brings_its_sentence_however_far_its_meaning(open_index, write):
    """Among many sentences nearer to the question in meaning."""
    write({f"{i}.txt": f"Warga desa memanen padi di sawah bagian {i}.\n" for i in range(80)})
    write({"langka.txt": "Xerxesia " + " ".join(f"kata{i}" for i in range(60)) + ".\n"})
    index = open_index(index="langka")
    index.synchronise()
    found = index.search("Warga desa memanen padi di sawah Xerxesia", 200)
    places = [item.sentence.file for item in found]
    places += [twin.sentence.file for item in found for twin in item.twins]
    assert "langka.txt" in places


def test_asking_again_gives_the_same(index):
    assert index.search("Warga mengungsi ke mana?") == index.search("Warga mengungsi ke mana?")


def test_of_two_sentences_alike_the_one_whose_article_says_the_rest_goes_first(open_index, write):
    """Though the two stand as far from what it says as from one another."""
    rest = " ".join(f"Hujan turun pada hari ke-{i}." for i in range(80))
    write({"gempa.txt": f"Gempa melanda Lombok.\n\n{rest}\n\nBantuan tiba kemarin sore.\n"})
    write({"banjir.txt": f"Banjir melanda Garut.\n\n{rest}\n\nBantuan tiba kemarin pagi.\n"})
    index = open_index(index="bantuan")
    index.synchronise()
    for place, file in (("Lombok", "gempa.txt"), ("Garut", "banjir.txt")):
        found = index.search(f"Kapan bantuan untuk {place} tiba kemarin?", 20)
        [first, *_] = [e for e in found if e.sentence.text.startswith("Bantuan")]
        assert first.sentence.file == file
        assert first.said == 1


def test_of_two_sentences_alike_the_one_by_which_the_article_has_said_the_rest_goes_first(
    open_index, write
):
    rest = "\n\n".join(f"Hujan turun pada hari ke-{i}." for i in range(6))
    write({"gempa.txt": f"Bantuan tiba.\n\n{rest}\n\nLombok gempa.\n\n{rest}\n\nBantuan tiba.\n"})
    index = open_index(index="bantuan")
    index.synchronise()
    found = index.candidates("Kapan bantuan gempa Lombok tiba?")
    late, early = (c for c in found if c.record.sentence.text == "Bantuan tiba.")
    assert late.record.key.place > early.record.key.place
    assert early.said == late.said == late.so_far == 1 > early.so_far
