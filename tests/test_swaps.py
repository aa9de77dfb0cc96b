"""Questions with a name or a year that is another's: see `training/swaps.py`."""

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))
from swaps import swapped

PASSAGE = "Jembatan Kali Sari diresmikan Bupati Rahmat pada 2019. Pembangunannya dimulai pada 2016."


def row(question, answer="Bupati Rahmat", context=PASSAGE, **rest):
    answers = [{"text": answer, "start": context.index(answer)}] if answer else []
    told = {"context_language": "id", "question_language": "id", "source": "facqa"}
    return {"question": question, "context": context, "answers": answers, **told, **rest}


def made(*rows, seed=1):
    return list(swapped(rows, random.Random(seed)))


def test_a_name_becomes_one_that_the_passage_does_not_have():
    lake = row("Siapa yang meresmikan Danau Hitam?", context="Danau Hitam milik Bupati Rahmat.")
    changed, other = made(row("Siapa yang meresmikan Jembatan Kali Sari?"), lake)
    assert changed["question"] == "Siapa yang meresmikan Danau Hitam?"
    assert changed["original"] == "Siapa yang meresmikan Jembatan Kali Sari?"
    assert changed["answers"] == []
    assert changed["source"] == "facqa-swapped"
    assert changed["context"] == PASSAGE
    assert other["question"] == "Siapa yang meresmikan Jembatan Kali Sari?"


@pytest.mark.parametrize("seed", range(8))
def test_a_year_becomes_another_that_is_no_answer(seed):
    (changed,) = made(row("Siapa yang meresmikan jembatan pada 2019?"), seed=seed)
    assert changed["question"].startswith("Siapa yang meresmikan jembatan pada ")
    assert "2019" not in changed["question"]
    asked = "Kapan jembatan yang dimulai pada 2016 itu selesai?"
    (changed,) = made(row(asked, answer="2019"), seed=seed)
    assert "2016" not in changed["question"]
    assert "2019" not in changed["question"]


def test_a_question_is_left_out_where_nothing_can_be_swapped():
    assert not made(row("Siapa yang meresmikannya?"))
    assert not made(row("Siapa yang meresmikan Danau Hitam?"))  # the passage has no such name
    assert not made(row("Siapa yang meresmikan Jembatan Kali Sari?"))  # and no other one is there
    assert not made(row("Siapa yang meresmikannya pada 2019?", answer=""))


def test_the_same_dice_make_the_same_questions():
    rows = [row(f"Siapa yang meresmikan jembatan pada {year}?") for year in (2016, 2019)]
    assert made(*rows) == made(*rows)
