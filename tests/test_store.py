"""Sentences and articles in Chroma: what is written is what is found, and only what counts."""

from __future__ import annotations

import hashlib
from datetime import date

import numpy as np
import pytest

from index import chroma
from index import store as stores
from index.errors import DamagedIndex, KutipError
from index.records import Article, Sentence
from index.store import Identity, Key, Store

IDENTITY = Identity("words-hashed", "1", 1024)


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "index", "kutip", IDENTITY)
    yield opened
    opened.close()


def filing(hashed, file, *texts, version="", published=None):
    """An article of these sentences, with their vectors."""
    text = " ".join(texts)
    sha256 = hashlib.sha256(f"{version}{text}".encode()).hexdigest()
    sentences, start = [], 0
    for number, each in enumerate(texts, 1):
        sentences.append(Sentence(file, number, start, start + len(each), each))
        start += len(each) + 1
    rows = [hashed.passages([[each]])[0] for each in texts]
    vectors = np.concatenate(rows) if rows else np.empty((0, hashed.dimension), np.float32)
    return Article(file, text, None, published, sha256), sentences, vectors


def texts(store):
    return sorted(text for _, text in store.texts())


def test_the_nearest_record_comes_first_with_its_cosine(store, hashed):
    store.put([filing(hashed, "a.txt", "Gempa mengguncang Palu.", "Harga cabai naik.")])
    record, cosine = store.nearest(hashed.query("harga cabai"), 2)[0]
    assert record.sentence == Sentence("a.txt", 2, 24, 41, "Harga cabai naik.")
    assert cosine == pytest.approx(float(record.vector @ hashed.query("harga cabai")), abs=1e-3)


@pytest.mark.parametrize(
    "file",
    [
        "kutipan \"ganda\" 'tunggal'.txt",
        "bagian/berita hari ini.txt",
        "新聞/été 🙂.txt",
        "%_\\.txt",
    ],
)
def test_any_file_name_comes_back_as_it_was(file, store, hashed):
    store.put([filing(hashed, file, "Gempa mengguncang Palu.")])
    assert list(store.catalogue) == [file]
    (key, _), *_ = store.texts()
    assert store.get([key])[key].sentence.file == file
    store.remove([file])
    assert store.catalogue == {}
    assert texts(store) == []


def test_dates_and_titles_are_kept(tmp_path, store, hashed):
    article, sentences, vectors = filing(hashed, "a.txt", "Satu.", published=date(2019, 1, 30))
    store.put([(article, sentences, vectors)])
    store.close()
    again = Store(tmp_path / "index", "kutip", IDENTITY)
    filed = again.catalogue["a.txt"]
    assert (filed.published, filed.title, filed.sentences) == (date(2019, 1, 30), None, 1)
    again.close()


def test_the_new_version_is_whole_before_the_old_one_goes(store, hashed, monkeypatch):
    store.put([filing(hashed, "a.txt", "Versi lama.", "Kalimat kedua.")])

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "_delete_sentences", cut)
    with pytest.raises(KeyboardInterrupt):
        store.put([filing(hashed, "a.txt", "Versi baru.")])
    assert texts(store) == ["Versi baru."]
    found = store.nearest(hashed.query("versi lama kalimat"), 5)
    assert {record.sentence.text for record, _ in found} == {"Versi baru."}
    monkeypatch.undo()
    store.sweep()
    assert store._sentences.count() == 1


def test_a_write_cut_off_before_its_article_is_never_seen(store, hashed, monkeypatch):
    store.put([filing(hashed, "a.txt", "Versi lama.")])

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "_upsert_articles", cut)
    with pytest.raises(KeyboardInterrupt):
        store.put([filing(hashed, "a.txt", "Versi baru."), filing(hashed, "b.txt", "Berita lain.")])
    assert texts(store) == ["Versi lama."]
    assert len(store.nearest(hashed.query("versi baru"), 5)) == 1
    store.sweep()
    assert store._sentences.count() == 1


def test_an_article_that_lacks_sentences_is_forgotten_so_that_it_is_indexed_again(store, hashed):
    store.put([filing(hashed, "a.txt", "Satu.", "Dua."), filing(hashed, "b.txt", "Tiga.")])
    filed = store.catalogue["a.txt"]
    store._sentences.delete(ids=[str(Key("a.txt", filed.sha256, 1))])
    store.sweep()
    assert list(store.catalogue) == ["b.txt"]
    assert store._sentences.count() == 1


def test_one_text_in_two_files_is_two_articles(store, hashed):
    store.put([filing(hashed, name, "Gempa mengguncang Palu.") for name in ("a.txt", "b.txt")])
    assert len(store.nearest(hashed.query("gempa Palu"), 5)) == 2
    store.remove(["a.txt"])
    assert [r.sentence.file for r, _ in store.nearest(hashed.query("gempa"), 5)] == ["b.txt"]


def test_an_article_without_evidence_is_known(store, hashed):
    store.put([filing(hashed, "kosong.txt")])
    assert store.catalogue["kosong.txt"].sentences == 0
    assert texts(store) == []


def test_more_records_than_chroma_takes_at_once(tmp_path, hashed):
    small = type(hashed)(dimension=8)
    store = Store(tmp_path / "index", "kutip", Identity(small.name, "1", 8))
    store.put([filing(small, "a.txt", *(f"Kalimat ke-{i}." for i in range(6000)))])
    assert store._sentences.count() == 6000
    store.remove(["a.txt"])
    assert store._sentences.count() == 0
    store.close()


def test_a_request_is_held_small(monkeypatch):
    rows = ["x" * 3] * 10 + ["y" * 100] + ["z"] * 5
    monkeypatch.setattr(stores, "BATCH_BYTES", 10)
    monkeypatch.setattr(stores, "BATCH", 4)
    parts = list(stores._parts(rows, len))
    assert [row for part in parts for row in part] == rows
    assert all(len(p) <= 4 and (sum(map(len, p)) <= 10 or len(p) == 1) for p in parts)


def test_a_snapshot_keeps_its_catalogue_while_the_store_goes_on(store, hashed):
    store.put([filing(hashed, "a.txt", "Satu.")])
    before = store.snapshot()
    store.put([filing(hashed, "b.txt", "Dua.")])
    store.remove(["a.txt"])
    assert list(before.catalogue) == ["a.txt"]
    assert list(store.catalogue) == ["b.txt"]


def test_a_store_opened_anew_sees_what_another_wrote(tmp_path, store, hashed):
    other = Store(tmp_path / "index", "kutip", IDENTITY)
    other.put([filing(hashed, "a.txt", "Gempa mengguncang Palu.")])
    assert store.catalogue == {}
    third = Store(tmp_path / "index", "kutip", IDENTITY)
    assert len(third.nearest(hashed.query("gempa"), 5)) == 1
    other.close()
    third.close()


def test_whole_vectors_pass_the_check_and_an_empty_index_does(store, hashed):
    store.check()
    store.put([filing(hashed, "a.txt", *(f"Kalimat {i} sama." for i in range(30)))])
    store.check()


@pytest.mark.parametrize(
    "address", ["localhost:8000", "ftp://localhost", "http://", "http://localhost:99999", "x"]
)
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(KutipError, match="is not like http"):
        Store(address, "kutip", IDENTITY)


def test_the_causes_that_mean_damage_are_told_from_those_that_do_not(tmp_path):
    for cause in (
        "database disk image is malformed",
        "Error loading hnsw index",
        "Error finding id",
    ):
        assert chroma._judged(tmp_path, cause)[0] is DamagedIndex
    for cause in (
        "database or disk is full",
        "attempt to write a readonly database",
        "hnsw: Too many open files",
        "database is locked",
        "Connection refused",
        "successfully did nothing",
    ):
        assert chroma._judged(tmp_path, cause)[0] is KutipError
