"""The page of a run: whole in itself, true to the run, harmless whatever the articles hold."""

from __future__ import annotations

import re
import tomllib
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from markupsafe import Markup

from assistant import figures, report
from assistant.compare import compare
from assistant.run import Cited, Found, Gold, Outcome, Run

LANGUAGES = ("id", "en")
HOSTILE = (
    "</script><script>window.ran=1</script><img src=x onerror=\"window.ran=1\"> {{ 7 * 7 }} & 'x'"
)
GOLD = (Gold("kota/a.txt", 3, "Jembatan itu 412 meter."),)


def outcome(id="a", **fields):
    standard = {
        "chain": id,
        "language": "id",
        "kind": "how many",
        "follows": None,
        "question": f"Berapa panjang jembatan {id}?",
        "answers": ("412 meter",),
        "gold": GOLD,
        "answered": True,
        "text": "Menurut artikel: “Jembatan itu 412 meter.” [1]",
        "short": None,
        "confidence": 0.75,
        "citations": (Cited(1, "kota/a.txt", 3, "Jembatan itu 412 meter.", (0,)),),
        "found": (Found("kota/a.txt", 3, (0,)),),
        "unverified": (),
        "seconds": 0.25,
        "steps": {"search": 0.2, "write": 0.05},
        "tokens": 7,
    }
    return Outcome(id=id, **{**standard, **fields})


def run(*outcomes, **fields):
    standard = {
        "made": "2026-05-06T07:08:09+00:00",
        "version": "1.2",
        "encoder": "kutip-e5-small",
        "articles": "berita",
        "files": 34,
        "questions": "set.jsonl",
        "questions_sha256": "",
        "total": len(outcomes),
        "seconds": 2.0,
        "memory": 450_000_000,
    }
    return Run(outcomes=outcomes, **{**standard, **fields})


WRONG = outcome("salah", citations=(Cited(1, "b.txt", 1, "Lain.", ()),), found=())
REFUSED = outcome("tolak", answered=False, citations=(), text="Artikel tidak memuat.")
NOTHING = outcome("kosong", gold=(), answers=(), answered=False, citations=(), found=())
ALL = (outcome("betul", language="en"), WRONG, REFUSED, NOTHING)


class Page(HTMLParser):
    """A page's tags and attributes, and its text outside style and script."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text, self._inside = [], [], "", ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        self._inside = tag

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        if self._inside not in ("style", "script"):
            self.text += data


def texts(language):
    return tomllib.loads(
        files("assistant").joinpath("pages", f"{language}.toml").read_text("utf-8")
    )


def places(text):
    return sorted(re.findall(r"{(\w+)}", text))


def test_both_languages_say_the_same_things():
    one, other = map(texts, LANGUAGES)
    assert list(one) == list(other)
    for key, text in one.items():
        if isinstance(text, str):
            assert places(text) == places(other[key]), key
        else:
            assert list(text) == list(other[key]) == list(figures.MEASURES), key


def test_every_text_is_used():
    source = files("assistant").joinpath("pages", "report.html").read_text("utf-8")
    source += files("assistant").joinpath("report.py").read_text("utf-8")
    built = ("card_", "group_", "step_", "kind_", "verdict_", "compared_", "besides_", "fault_")
    built += ("changed_", "more_is", "less_is")
    for key in texts("en"):
        assert key.startswith(built) or re.search(rf"""["'_.]{key}\b""", source), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_tells_the_run_in_its_language(language):
    page = Page(report.page(run(*ALL), language))
    assert ("lang", language) in page.attributes
    expected = {
        "id": ["2 dari 4 pertanyaan dijawab dengan benar (50%)", "6 Mei 2026", "0,75", "450 MB"],
        "en": ["2 of 4 questions answered correctly (50%)", "6 May 2026", "0.75", "450 MB"],
    }[language]
    for text in [*expected, "kutip-e5-small", "kota/a.txt", "Jembatan itu 412 meter."]:
        assert text in page.text, text
    assert ("Semua angka" in page.text) == (language == "id")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_other_language_is_left_in(language):
    other = texts(LANGUAGES[1 - LANGUAGES.index(language)])
    page = Page(report.page(run(*ALL), language, compared=compare(run(*ALL), run(*ALL)))).text
    own = texts(language)
    long = [t for key, t in other.items() if isinstance(t, str) and len(t) > 15 and t != own[key]]
    assert [text for text in long if re.split(r"{\w+}", text)[0] and text in page] == []


def test_what_failed_stands_first():
    page = report.page(run(*ALL), "en")
    assert re.findall(r'data-outcome="(\w+)"', page) == ["wrong", "refused", "right", "right"]


def test_gold_and_cited_sentences_say_what_became_of_them():
    two = (*GOLD, Gold("kota/c.txt", 9, "Panjangnya 412 meter."), Gold("d.txt", 1, "412 meter."))
    found = (Found("b.txt", 1, ()), Found("kota/a.txt", 3, (0,)), Found("kota/c.txt", 9, (1,)))
    shown = outcome(gold=two, found=found, citations=(Cited(1, "b.txt", 1, "X.", (), "changed"),))
    page = Page(report.page(run(shown), "en")).text
    assert "found at rank 2, not cited" in page
    assert "found at rank 3, not cited" in page
    assert "not found among the first ten" in page
    assert "not a right one" in page
    assert "not verified: the file has changed" in page
    right = Page(report.page(run(outcome()), "en")).text
    assert "not a right one" not in right


def test_a_follow_up_links_to_the_question_before():
    follow_up = outcome("lagi", follows="betul", chain="betul", citations=())
    page = report.page(run(outcome("betul"), follow_up), "en")
    assert 'href="#q2"' in page  # the one that was wrong stands first
    assert re.search(r'id="q2"[^>]*>.*?betul', page, re.DOTALL)


def test_a_run_that_was_stopped_says_so():
    page = report.page(run(outcome(), total=9), "en")
    assert "This run was stopped: 1 of 9 questions were asked." in page
    assert "was stopped" not in report.page(run(outcome()), "en")


def test_a_comparison_is_told_with_the_questions_it_changed():
    old = run(outcome("betul", language="en"), outcome("salah"), REFUSED, NOTHING, files=33)
    new = run(*ALL)
    page = report.page(new, "en", compared=compare(old, new))
    assert re.findall(r'data-changed="(\w+)"', page) == ["lost", "same", "same", "same"]
    assert "before: right" in page
    assert "Before, 33 articles were searched; now 34." in page
    assert "No difference in right answers" in page
    assert "data-changed" not in report.page(new, "en")


def test_what_articles_and_questions_hold_stays_text():
    shown = outcome(
        HOSTILE,
        question=HOSTILE,
        text=HOSTILE,
        answers=(HOSTILE,),
        gold=(Gold(HOSTILE, 1, HOSTILE),),
        short=HOSTILE,
        citations=(Cited(1, HOSTILE, 1, HOSTILE, ()),),
        unverified=(HOSTILE,),
        kind=HOSTILE,
        steps={HOSTILE: 0.1},
    )
    hostile = run(shown, questions=HOSTILE, encoder=HOSTILE, version=HOSTILE)
    page = report.page(hostile, "en")
    read = Page(page)
    assert read.tags.count("script") == 1
    assert "img" not in read.tags
    assert not [name for name, _ in read.attributes if name.startswith("on")]
    assert "{{ 7 * 7 }}" in read.text
    assert read.text.count("<script>window.ran=1</script>") >= 8


def test_characters_that_turn_text_around_or_steer_never_reach_the_page():
    page = report.page(
        run(outcome(text="satu \u202etuab\u202c \x1b[31mdua\x00\n\ntiga \ud800")), "en"
    )
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800]", page)
    assert "satu tuab �[31mdua�\n\ntiga �" in page


def test_the_page_fetches_nothing_and_lets_nothing_else_run():
    page = report.page(run(*ALL), "en")
    read = Page(page)
    assert not [value for name, value in read.attributes if name == "src"]
    links = [value for name, value in read.attributes if name == "href"]
    assert {link[:5] for link in links} <= {"data:", "#q1", "#q2"}
    assert "@import" not in page
    assert "url(" not in page
    [policy] = [v for name, v in read.attributes if name == "content" and "default-src" in v]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "style" not in [name for name, _ in read.attributes]  # the policy forbids them


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "outcomes",
    [(NOTHING,), (outcome(),), (outcome(answered=False, citations=(), found=(), kind=None),)],
)
def test_a_run_without_some_figures_has_a_page_all_the_same(language, outcomes):
    page = report.page(run(*outcomes, memory=None), language)
    assert not re.search(r">None|None<|\bnan\b", page.replace(texts(language)["cited_none"], ""))


def test_a_short_answer_is_shown_and_measured():
    page = Page(report.page(run(outcome(short="412 meter")), "en")).text
    assert "Short answer" in page
    assert "no short answers in this run" not in page
    assert "no short answers in this run" in Page(report.page(run(outcome()), "en")).text


def test_a_long_run_makes_a_curve_of_few_points():
    many = [outcome(f"q{i}", confidence=i / 2000, citations=()) for i in range(2000)]
    points = report._risk(many)["points"].split()
    assert len(points) <= report.MOST_POINTS + 1
    assert points[-1].startswith("340.0,")


def test_the_page_is_written_whole(tmp_path):
    report.write(run(*ALL), tmp_path / "a.html", "en")
    assert (tmp_path / "a.html").read_text("utf-8") == report.page(run(*ALL), "en")
    assert [p.name for p in tmp_path.iterdir()] == ["a.html"]


def test_only_the_pages_own_parts_are_markup():
    assert isinstance(report._harmless(Markup("<b>")), Markup)
    assert report._harmless("a\u202eb") == "ab"
    assert report._harmless(3) == 3
