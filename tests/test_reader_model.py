"""The reader's model: put together from what is shipped, the same in both engines, whatever the company."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from assistant import reader_model
from assistant.reader_model import LONGEST_QUESTION, ReaderModel
from index import bundled, vocabulary
from index.errors import KutipError
from index.packed import read
from index.tokenizer import END, START

QUESTION = "Kapan tol Trans Jawa diresmikan?"
PASSAGES = (
    "Presiden Joko Widodo meresmikan tol Trans Jawa pada 20 Desember 2018.",
    "Harga cabai rawit naik menjadi 80.000 rupiah per kilogram.",
    "Tol itu menghubungkan Jakarta dan Surabaya. Panjangnya 760 kilometer, menurut kementerian.",
)


@pytest.fixture(scope="module")
def model(cache):
    return ReaderModel(reader_model.ensure(cache), vocabulary.load(cache))


def marks(model, question, passages):
    ids = model.tokenizer.ids(passages)
    found = [None] * len(passages)
    for i, own in model.mark(question, ids):
        found[i] = own.copy()
    return ids, found


def test_each_token_is_marked_and_the_best_ones_are_the_answer(model):
    ids, found = marks(model, QUESTION, PASSAGES)
    assert [len(own) for own in found] == [len(own) for own in ids]
    best = max((own.max(axis=0).sum(), i) for i, own in enumerate(found))
    assert best[0] > 0
    assert best[1] == 0
    start, end = found[0].argmax(axis=0)
    _, places = model.tokenizer.pieces(PASSAGES[0])
    assert PASSAGES[0][places[start][0] : places[end][1]].strip(".") == "20 Desember 2018"


def test_marks_do_not_depend_on_the_company(model):
    _, together = marks(model, QUESTION, PASSAGES)
    for passage, own in zip(PASSAGES, together, strict=True):
        _, [alone] = marks(model, QUESTION, [passage])
        assert np.allclose(own, alone, atol=0.25)  # bf16, where the device has it


def test_both_engines_agree(model):
    """OpenVINO's marks are those of the same weights in torch."""
    packed = read(bundled.source())
    torch_model = reader_model.taught(packed).eval()
    words = torch.from_numpy(packed.tensor("emb.word", packed.vocabulary, packed.hidden))
    ids, found = marks(model, QUESTION, PASSAGES)
    asked = model.tokenizer.ids([QUESTION])[0]
    for own, marked in zip(ids, found, strict=True):
        opening = [START, *asked, END, END]
        whole = torch.tensor([[*opening, *own, END]])
        with torch.no_grad():
            [logits] = torch_model(words[whole], torch.ones_like(whole)).numpy()
        off = np.abs(logits[len(opening) : -1] - logits[0] - marked)
        assert off.max() < 0.8  # eight bits, where the device gains by them
        assert off.mean() < 0.3


def test_of_a_long_question_the_end_is_read(model):
    long = "Apa kabar? " * LONGEST_QUESTION + QUESTION
    end = model.tokenizer.ids([long])[0][-LONGEST_QUESTION:]
    _, found = marks(model, long, PASSAGES[:1])
    assert len(end) == LONGEST_QUESTION
    start, end = found[0].argmax(axis=0)
    _, places = model.tokenizer.pieces(PASSAGES[0])
    assert "2018" in PASSAGES[0][places[start][0] : places[end][1]]


def test_nothing_to_read_gives_nothing(model):
    assert list(model.mark(QUESTION, [])) == []
    [(_, own)] = model.mark(QUESTION, [[]])
    assert own.shape == (0, 2)


def test_weights_that_were_not_tested_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(reader_model, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(KutipError, match="is not the file that Kutip was tested with"):
        reader_model.ensure(tmp_path)
    assert not list(tmp_path.glob("models/*reader*"))


def test_a_damaged_reader_is_named(cache, tmp_path):
    (tmp_path / "reader").mkdir()
    with pytest.raises(KutipError, match=r"the reader in .*reader cannot be loaded.*Delete"):
        ReaderModel(tmp_path / "reader", vocabulary.load(cache))
