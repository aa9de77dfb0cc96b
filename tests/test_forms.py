"""Which form of answer a question wants, told from its words in both languages."""

from __future__ import annotations

import pytest

from assistant.forms import Form, form

ASKED = {
    Form.WORDS: [
        "Kapan pasar itu terbakar?",
        "Siapa yang meresmikan bendungan?",
        "Berapa harga telur?",
        "Di mana kapal itu tenggelam?",
        "Menurut bupati, berapa rumah yang rusak?",
        "Kota mana yang menjadi tuan rumah?",
        "How fast did the train go?",
        "How many people fled?",
        "What time did the fire start?",
        "On what date did the mayor announce the plan?",
        "Which newspaper reported it?",
        "Which previous president resigned?",
        "What does a ticket cost?",
        "Which gas was used?",
        "Which sport's rules will govern the fight?",
        "What kind of graduates should universities produce?",
        "Which actor plays the king in the film?",
        "",
    ],
    Form.LIST: [
        "Apa saja yang dibawa pengungsi?",
        "Siapa saja yang hadir?",
        "Negara mana saja yang ikut?",
        "Sebutkan kota yang dilewati kereta.",
        "Which countries signed the treaty?",
        "Which two provinces did they win?",
        "Name the ministers who came.",
        "Who were the winners?",
        "What diseases did it cause?",
        "Which Turkish sides did the former left-back manage?",
        "Which two old foes end up side by side?",
        "What red elements are always found on a laptop?",
        "Who else attended the ceremony?",
        "Who are the two attackers of the minister?",
    ],
    Form.REASON: [
        "Mengapa sekolah diliburkan?",
        "Kenapa harga naik?",
        "Untuk apa dana itu dipakai?",
        "Apa penyebab kebakaran itu?",
        "Why did the minister resign?",
        "According to the regent, why was the road closed?",
    ],
    Form.MANNER: [
        "Bagaimana warga menyeberangi sungai?",
        "Lalu bagaimana tanggapan pemerintah?",
        "Dengan cara apa umur fosil ditentukan?",
        "How did they honour the man who stayed?",
        "How was the singer rescued?",
    ],
    Form.SPEECH: [
        "Apa kata gubernur soal banjir?",
        "Apa yang dikatakan menteri?",
        "Menurut pengamat, apa yang harus dilakukan?",
        "What did al-Husseini tell the ambassador when they met?",
        "What does the West want, in the general's words?",
        "According to the director, what matters most?",
    ],
}


@pytest.mark.parametrize(
    ("question", "wanted"), [(q, wanted) for wanted, questions in ASKED.items() for q in questions]
)
def test_the_words_that_ask_tell_the_form(question: str, wanted: Form) -> None:
    assert form(question) is wanted


@pytest.mark.parametrize("wanted", Form)
def test_capital_letters_change_nothing(wanted: Form) -> None:
    assert [form(question.upper()) for question in ASKED[wanted]] == [wanted] * len(ASKED[wanted])


def test_reasons_manners_and_speech_are_clauses() -> None:
    assert [wanted for wanted in Form if wanted.clause] == [Form.REASON, Form.MANNER, Form.SPEECH]
