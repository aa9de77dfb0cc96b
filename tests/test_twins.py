"""Near-identical sentences are one piece of evidence; two claims never are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from index.records import Sentence
from index.store import Key, Record
from index.twins import alike, claims, fold


@dataclass(frozen=True)
class Item:
    record: Record


def record(text: str, file: str = "a.txt", vector: tuple[float, ...] = (1, 0)) -> Record:
    row = np.array(vector, np.float32)
    return Record(Key(file, "sha", 0), Sentence(file, 1, 0, len(text), text), row)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Presiden tiba di Medan pada Senin.", "Presiden tiba di Medan pada Senin."),
        ("Presiden tiba di Medan pada Senin.", "Presiden tiba di Medan, pada Senin!"),
        ("Polisi menahan tiga tersangka.", "Tiga tersangka, polisi menahan!"),
    ],
)
def test_what_says_the_same_is_one(a, b):
    assert alike(record(a), record(b))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Kerugian mencapai jutaan dolar.", "Kerugian mencapai miliaran dolar."),
        ("Ada 12 korban di Palu.", "Ada 21 korban di Palu."),
        ("Ia tiba di Medan pada Senin.", "Ia tiba di Medan pada Selasa."),
        ("Ia lahir pada Maret 1990.", "Ia lahir pada April 1990."),
        ("Ia hadir di sidang itu.", "Ia tidak hadir di sidang itu."),
        ("Presiden tiba di Medan.", "Harga cabai rawit naik tajam di pasar."),
    ],
)
def test_what_claims_another_thing_is_not(a, b):
    assert not alike(record(a), record(b))


def test_what_the_encoder_holds_apart_is_not_one():
    assert not alike(record("Presiden tiba."), record("Presiden tiba.", vector=(0, 1)))


def test_groups_open_with_their_best_and_keep_the_order():
    ranked = [
        Item(record("Presiden tiba di Medan.", "1")),
        Item(record("Harga cabai rawit naik tajam.", "2", (0, 1))),
        Item(record("Presiden tiba di Medan!", "3")),
        Item(record("Harga cabai rawit naik tajam!", "4", (0, 1))),
    ]
    groups = fold(ranked)
    assert [[i.record.sentence.file for i in group] for group in groups] == [["1", "3"], ["2", "4"]]
    assert fold([]) == []


def test_claims_are_figures_and_words_that_count():
    assert claims("Pada Senin, 12,5 persen dari tiga juta warga.") >= {"senin", "12,5", "tiga"}
    assert claims("Warga panen padi.") == frozenset()
