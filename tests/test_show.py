"""What the terminal shows of an answer and of problems, without a command run for it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant import show
from assistant.records import Answer, Citation, Highlight
from index.articles import Skipped
from index.synchronise import Report

BRIDGE = """Penantian Warga Berakhir
Kamis, 14 Mei 2015

SURABAYA - Wali Kota Surabaya membuka Jembatan Kalimas pada Kamis pagi. Jembatan Kalimas
panjangnya 412 meter dan dibangun selama dua tahun. Biayanya Rp 95 miliar.

Warga sudah lama menunggu jembatan tersebut.
"""


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "berita"
    folder.mkdir()
    (folder / "jembatan.txt").write_text(BRIDGE, encoding="utf-8")
    return folder


def _answer(**fields: object) -> Answer:
    values: dict[str, object] = {
        "question": "Berapa panjang Jembatan Kalimas?",
        "text": "Artikel-artikel yang ada tidak memuat jawaban atas pertanyaan ini.",
        "answered": False,
        "short": None,
        "language": "id",
        "confidence": 0.1,
    }
    return Answer(**(values | fields))  # type: ignore[arg-type]


def _citation(text: str, quote: str, highlight: str | None = None, **fields: object) -> Citation:
    start = text.index(quote)
    at = text.index(highlight) if highlight else 0
    values: dict[str, object] = {
        "label": 1,
        "file": "jembatan.txt",
        "sentence": 4,
        "start": start,
        "end": start + len(quote),
        "text": quote,
        "highlight": Highlight(at, at + len(highlight), highlight) if highlight else None,
        "published": None,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }
    return Citation(**(values | fields))  # type: ignore[arg-type]


@pytest.fixture
def draw(
    articles: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    def draw(answer: Answer, **variables: str) -> str:
        for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        show.show_answer(answer, articles, show.Terminal())
        return capsys.readouterr().out

    return draw


def test_a_refusal_is_its_text_alone(draw: Callable[..., str]) -> None:
    refusal = _answer()
    assert draw(refusal) == f"{refusal.text}\n"


@pytest.mark.parametrize(
    ("language", "heading"),
    [("id", "Kalimat terdekat (bukan jawaban):"), ("en", "Closest sentences (not an answer):")],
)
def test_a_refusals_nearest_sentences_stand_below_words_that_say_they_are_no_answer(
    draw: Callable[..., str], language: str, heading: str
) -> None:
    citation = _citation(BRIDGE, "Biayanya Rp 95 miliar.")
    shown = draw(_answer(citations=(citation,), text="Tidak ada. [1]", language=language))
    said, rest = shown.split(f"\n\n{heading}\n\n")
    assert said == "Tidak ada. [1]"
    assert "»Biayanya Rp 95 miliar.«" in rest
    assert "Confidence" not in rest
    assert "Keyakinan" not in rest


def test_an_answers_sources_have_no_such_heading(draw: Callable[..., str]) -> None:
    citation = _citation(BRIDGE, "Biayanya Rp 95 miliar.")
    shown = draw(_answer(answered=True, citations=(citation,), text="Rp 95 miliar [1]"))
    assert "terdekat" not in shown


def test_the_short_answer_is_bold_and_a_text_that_does_not_open_with_it_is_not(
    draw: Callable[..., str],
) -> None:
    text = "Rp 95 miliar [1]\n\n“Biayanya Rp 95 miliar.” [1]"
    for short, bold in (("Rp 95 miliar", True), ("Rp 95", False), (None, False)):
        answer = _answer(answered=True, short=short, text=text)
        coloured = draw(answer, FORCE_COLOR="1", TERM="xterm")
        assert coloured.startswith("\x1b[1mRp 95 miliar [1]\x1b[0m\n\n“Biayanya") is bold
        assert draw(answer).startswith(text)


def test_the_answers_own_words_are_underlined_within_the_sentence(draw: Callable[..., str]) -> None:
    citation = _citation(BRIDGE, "Biayanya Rp 95 miliar.", "Rp 95 miliar")
    answer = _answer(answered=True, citations=(citation,), text="Rp 95 miliar [1]")
    coloured = draw(answer, FORCE_COLOR="1", TERM="xterm")
    assert "\x1b[1mBiayanya \x1b[0m\x1b[1;4mRp 95 miliar\x1b[0m\x1b[1m.\x1b[0m" in coloured
    assert "»Biayanya Rp 95 miliar.«" in draw(answer)


def test_a_file_that_changed_since_shows_the_checked_sentence_alone(
    draw: Callable[..., str], articles: Path
) -> None:
    citation = _citation(BRIDGE, "Biayanya Rp 95 miliar.", "Rp 95 miliar")
    answer = _answer(answered=True, citations=(citation,))
    (articles / "jembatan.txt").write_text("Lain sama sekali.", encoding="utf-8")
    assert "\n    »Biayanya Rp 95 miliar.«\n" in draw(answer)
    (articles / "jembatan.txt").unlink()
    assert "\n    »Biayanya Rp 95 miliar.«\n" in draw(answer)


def test_notes_are_shown_once_after_the_citations_and_in_yellow(draw: Callable[..., str]) -> None:
    notes = ("Berkas a.txt sudah berubah.", "Berkas b.txt hilang.")
    answer = _answer(text="\n\n".join(["Menurut artikel: …", *notes]), unverified=notes)
    shown = draw(answer, FORCE_COLOR="1", TERM="xterm")
    assert [shown.count(note) for note in notes] == [1, 1]
    assert shown.endswith("".join(f"\x1b[33m{note}\x1b[0m\n" for note in notes))


def test_an_endless_paragraph_is_cut_at_words_around_the_sentence(
    draw: Callable[..., str], articles: Path
) -> None:
    text = "kata " * 5000 + "Biayanya Rp 95 miliar. " + "lagi " * 5000
    (articles / "jembatan.txt").write_text(text, encoding="utf-8")
    shown = draw(_answer(answered=True, citations=(_citation(text, "Biayanya Rp 95 miliar."),)))
    assert re.search(r"    … (kata )+»Biayanya Rp 95 miliar\.« (lagi )+…\n", shown)
    assert len(shown) < 2000


def test_a_file_name_keeps_to_its_line_and_stays_findable() -> None:
    assert show.name("laut/ikan [1].txt") == "laut/ikan [1].txt"
    assert show.name("a\u202etxt.exe\x1b") == "a\\u202etxt.exe\\x1b"


def test_confidence_is_told_in_three_words_in_both_languages() -> None:
    assert [show.confidence(v, "en") for v in (1.0, 0.8, 0.79, 0.5, 0.49, 0.0)] == [
        "Confidence: high",
        "Confidence: high",
        "Confidence: medium",
        "Confidence: medium",
        "Confidence: low",
        "Confidence: low",
    ]
    assert show.confidence(0.6, "id") == "Keyakinan: sedang"


def test_dates_are_written_out_in_both_languages() -> None:
    days = [date(2015, month, 14) for month in range(1, 13)]
    assert len({show.day(each, "id") for each in days}) == 12
    assert show.day(date(2021, 8, 3), "id") == "3 Agustus 2021"
    assert show.day(date(2021, 12, 31), "en") == "31 December 2021"


def test_problems_are_told_by_name_and_reason(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(skipped=[Skipped("a[b].txt", "is empty")], warnings=["c.txt is not UTF-8"])
    show.show_problems(report, show.Terminal())
    assert capsys.readouterr().out == "Warning: c.txt is not UTF-8\nSkipped: a[b].txt is empty\n"


def test_a_runs_summary_counts_what_was_left_out_only_where_something_was() -> None:
    assert show.summary(Report(new=1, sentences=1), 0.5) == (
        "1 new, 0 changed, 0 unchanged, 0 removed; 1 sentence indexed in 0.5 s"
    )
    report = Report(new=2, sentences=0, orders=3, skipped=[Skipped("a.txt", "is empty")])
    assert show.summary(report, 2) == (
        "2 new, 0 changed, 0 unchanged, 0 removed, 1 skipped; "
        "3 sentences left out that give orders to a language model; 0 sentences indexed in 2.0 s"
    )
    assert "1 sentence left out that gives orders" in show.summary(Report(orders=1), 1)
