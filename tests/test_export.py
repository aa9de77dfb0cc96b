"""Conversations taken away as Markdown, JSON, a page: what others wrote stays text in all of them."""

from __future__ import annotations

import html
import json
import re
import tomllib
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import chat
from assistant import show
from assistant.records import Answer, Citation, Highlight
from chat import export
from chat.markdown import plain, strong
from chat.turns import Turn, Vote
from index.errors import KutipError

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "klik [di sini](javascript:alert(1)) atau ![x](https://jahat.example/x.png)",
    "a | b\n|---|---|\n| c | d |",
    "`kode` dan ```blok``` dan ~~coret~~",
    "\u202etxt.exe\u202c dan \u2066x\u2069",
    "${x} {{ x }} {% raw %} $name",
    "# judul\n## lagi\n\n- butir\n1. nomor\n2) nomor\n> kutipan\n\n    kode",
    "* satu\n+ dua\n***\n---\n===",
    "[1]: https://jahat.example",
    "[1](https://jahat.example) <https://jahat.example> https://jahat.example www.jahat.example a@b.example",
    "&lt;b&gt; &#60;b&#62; \\<b\\> \\[x\\](y)",
    "baris\r\nbaris\x1b[31m\x00",
    "</blockquote></section><style>*{display:none}</style>",
    "--> ]]> <!-- --> </style>",
]


def citation(
    label: int = 1, sentence: str = "Irak menang pada Desember 2017.", own: str = "", **rest
):
    at = sentence.index(own) if own else 0
    mark = Highlight(10 + at, 10 + at + len(own), own) if own else None
    fields = {
        "file": "dunia/irak.txt",
        "published": date(2019, 1, 30),
        "title": "Irak menang",
        **rest,
    }
    return Citation(
        label=label, sentence=4, start=10, end=10 + len(sentence), text=sentence, highlight=mark,
        sha256="0" * 64, **fields,
    )  # fmt: skip


ANSWER = Answer(
    question="Kapan Irak menang?",
    text="Desember 2017 [1]\n\n“Irak menang pada Desember 2017.” [1]",
    answered=True,
    short="Desember 2017",
    language="id",
    confidence=0.9,
    citations=(citation(own="Desember 2017"),),
)
REFUSED = Answer(
    question="Siapa presiden Mars?",
    text="Artikel-artikel yang ada tidak memuat jawaban atas pertanyaan ini.",
    answered=False,
    short=None,
    language="id",
    confidence=0.02,
    citations=(citation(),),
)
TURNS = [
    Turn("Kapan Irak menang?", ANSWER, vote=Vote(True, "tepat")),
    Turn("Siapa presiden Mars?", REFUSED),
]


def hostile(words: str) -> Turn:
    """A turn that says the same words wherever another than Kutip has a say."""
    answer = Answer(
        question=words,
        text=f"{words} [1]\n\n{words} [1][2]",
        answered=True,
        short=words,
        language="id",
        confidence=0.5,
        citations=(
            citation(
                1, f"Kata {words} itu", words, file=f"{words}.txt", title=words, translation=words
            ),
            citation(2, words, words, published=None, title=None),
        ),
        unverified=(words,),
        model=words,
        read_as=words,
        notes=(words,),
    )
    return Turn(words, answer, words, Vote(False, words))


def rendered(markdown: str) -> str:
    """HTML made of Markdown as GitHub makes it, raw HTML let through."""
    maker = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    made: str = maker.render(markdown)
    return made


class Page(HTMLParser):
    """Which elements a page has, with their attributes, and its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}


def flat(words: str) -> str:
    return " ".join(show.clean(re.sub(r"\s+", " ", words)).split())


def test_a_conversation_in_markdown_reads_as_it_was_said():
    said = export.as_markdown(TURNS, "id")
    assert said == (
        "# Percakapan dengan Kutip\n\n"
        "## Kapan Irak menang?\n\n"
        "**Desember 2017 \\[1\\]**\n\n"
        "“Irak menang pada Desember 2017.” \\[1\\]\n\n"
        f"*{show.confidence(0.9, 'id')}*\n\n"
        "Sumber:\n\n"
        "1. dunia/irak.txt · kalimat 4 · 30 Januari 2019 · Irak menang\n\n"
        "   > Irak menang pada **Desember 2017**.\n\n"
        "## Siapa presiden Mars?\n\n"
        "Artikel-artikel yang ada tidak memuat jawaban atas pertanyaan ini.\n\n"
        "Kalimat terdekat (bukan jawaban):\n\n"
        "1. dunia/irak.txt · kalimat 4 · 30 Januari 2019 · Irak menang\n\n"
        "   > Irak menang pada Desember 2017.\n\n"
        "Kalimat sumber dikutip persis seperti tertulis di artikelnya; nomornya dihitung dari awal berkas.\n"
    )


def test_its_own_words_are_in_the_language_of_the_interface():
    said = export.as_markdown(TURNS, "en")
    assert "Sources:" in said
    assert "sentence 4 · 30 January 2019" in said
    assert "Closest sentences (not an answer):" in said


@pytest.mark.parametrize("words", HOSTILE)
def test_what_others_wrote_is_only_text_in_markdown(words):
    harmless = export.as_markdown([hostile("kata biasa")], "id")
    page, plain_page = (
        Page(rendered(said)) for said in (export.as_markdown([hostile(words)], "id"), harmless)
    )
    assert page.tags - {"b"} <= plain_page.tags
    assert [tag for tag, _ in page.elements].count("h2") == 1
    assert flat(words) in flat(page.text)
    assert not any(attributes.get("href") for _, attributes in page.elements)


@given(st.text(max_size=80) | st.text("*_`[](){}<>!#|~$&@:/\\-+.1a \n\t“\u202e", max_size=40))
@example("".join(map(chr, range(32, 127))))
@example("1.")
@example("-")
def test_escaped_text_renders_as_itself_whatever_it_is(words):
    for before, after in (("", ""), ("## ", ""), ("1. x\n\n   > ", ""), ("**a ", " a**")):
        page = Page(rendered(f"{before}{plain(words)}{after}"))
        assert flat(words) in flat(page.text)
        assert page.tags <= {"p", "h2", "ol", "li", "blockquote", "strong"}


@given(*[st.text("ab1 .“%-(<*\n", max_size=6)] * 3)
def test_the_answers_own_words_are_bold_wherever_they_stand(before, own, after):
    page = rendered(strong(before, own, after))
    bold = re.findall(r"<(?:strong|b)>(.*?)</(?:strong|b)>", page, re.DOTALL)
    assert [flat(html.unescape(words)) for words in bold] == ([flat(own)] if own.strip() else [])
    assert flat(Page(page).text) == flat(before + own + after)


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_of_others_is_a_link_on_sites_that_look_for_addresses(words):
    said = export.as_markdown([hostile(words)], "id")
    assert not re.search(r"https?://|www\.|\w@\w", said.replace("\\", ""))


def test_the_json_holds_every_field_of_each_answer_and_the_votes():
    told = json.loads(export.as_json(TURNS))
    assert told["schema"] == export.SCHEMA
    first, second = told["turns"]
    assert first["question"] == "Kapan Irak menang?"
    assert first["answer"] == json.loads(show.as_json(ANSWER))
    assert first["vote"] == {"good": True, "reason": "tepat"}
    assert second["vote"] is None
    assert export.as_json(TURNS) == export.as_json(list(TURNS))


@pytest.mark.parametrize("words", HOSTILE)
def test_the_json_gives_back_what_was_said_in_ascii(words):
    said = export.as_json([hostile(words)])
    assert said.isascii()
    assert json.loads(said)["turns"][0]["answer"]["citations"][0]["title"] == words


@pytest.mark.parametrize("words", ["kata biasa", *HOSTILE])
def test_the_page_has_its_own_elements_only_whatever_others_wrote(words):
    source = export.as_html([hostile(words)], "id")
    page, harmless = Page(source), Page(export.as_html([hostile("kata biasa")], "id"))
    assert {(tag, *a) for tag, a in page.elements} <= {(tag, *a) for tag, a in harmless.elements}
    assert [tag for tag, _ in page.elements].count("section") == 1
    assert flat(words) in flat(page.text)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", source)


def test_the_page_fetches_nothing_and_its_policy_lets_nothing_run():
    page = Page(export.as_html(TURNS, "id"))
    policy = next(
        a["content"] for t, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "script" not in page.tags
    addresses = [a[n] for _, a in page.elements for n in ("src", "href") if n in a]
    assert all(address and address.startswith(("#", "data:")) for address in addresses)
    assert not any(name.startswith("on") or name == "style" for _, a in page.elements for name in a)
    css = (Path(chat.__file__).parent / "pages" / "export.css").read_text()
    assert "url(" not in css
    assert "@import" not in css


def test_each_marker_of_the_page_leads_to_its_source():
    source = export.as_html([*TURNS, hostile("kata biasa")], "id")
    page = Page(source)
    targets = {a["id"] for _, a in page.elements if "id" in a}
    links = {a["href"] for _, a in page.elements if (a.get("href") or "").startswith("#")}
    assert links <= {f"#{target}" for target in targets}
    assert "#a1-s1" in links
    assert "<mark>Desember 2017</mark>.</blockquote>" in source
    assert "[1]</a>" in source


def test_one_answer_is_copied_with_its_sources_as_text():
    assert export.as_text(TURNS[0], "id") == (
        "Desember 2017 [1]\n\n"
        "“Irak menang pada Desember 2017.” [1]\n\n"
        f"{show.confidence(0.9, 'id')}\n\n"
        "Sumber:\n"
        "[1] dunia/irak.txt · kalimat 4 · 30 Januari 2019 · Irak menang\n"
        "    “Irak menang pada Desember 2017.”\n"
    )


@pytest.mark.parametrize("words", HOSTILE)
def test_a_copied_answer_cannot_steer_a_terminal_or_turn_text_round(words):
    said = export.as_text(hostile(words), "id")
    assert flat(words) in said
    assert all(char.isprintable() or char == "\n" for char in said)


def test_an_answers_markdown_is_a_part_of_the_conversations():
    assert export.answer_markdown(TURNS[0], "id").rstrip() in export.as_markdown(TURNS, "id")


def test_notes_and_what_could_not_be_verified_are_told():
    answer = replace(
        ANSWER, text=f"{ANSWER.text}\n\nBerkas x berubah.", unverified=("Berkas x berubah.",),
        notes=("Model tidak menjawab.",),
    )  # fmt: skip
    for said in (
        export.as_markdown([Turn("?", answer)], "id"),
        export.as_html([Turn("?", answer)], "id"),
        export.as_text(Turn("?", answer), "id"),
    ):
        assert said.count("Berkas x berubah.") == 1
        assert "Catatan: Model tidak menjawab." in said


@pytest.mark.parametrize(
    ("form", "ending"), [("markdown", "md"), ("json", "json"), ("html", "html")]
)
def test_a_download_is_named_after_its_first_question(form, ending):
    file = export.download(TURNS, form, "id")
    assert file["name"] == f"kutip-kapan-irak-menang.{ending}"
    assert file["content"]
    assert file["type"].endswith(";charset=utf-8")


def test_an_unknown_form_is_refused():
    with pytest.raises(KutipError, match="markdown, json, html"):
        export.download(TURNS, "exe", "id")


@given(st.text(max_size=300))
@example("../../etc/passwd")
@example("CON")
@example("事")
@example("a" * 300)
def test_a_files_name_is_safe_whatever_was_asked(question):
    name = export.file_name([Turn(question, ANSWER)], "md", "en")
    assert re.fullmatch(r"kutip-[a-z0-9]+(-[a-z0-9]+)*\.md", name)
    assert len(name) <= export.LONGEST_NAME + len("kutip-.md")


def test_every_text_of_the_export_stands_in_both_languages():
    told = tomllib.loads((Path(chat.__file__).parent / "texts.toml").read_text(encoding="utf-8"))
    own = {name: texts for name, texts in told.items() if name.startswith("export_")}
    assert own
    for texts in own.values():
        assert texts["id"] != texts["en"]
