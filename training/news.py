"""Questions made of news sentences: what the reader learns of why, how, what was said, and lists from.

The data's own questions ask for names, dates and figures, mostly in encyclopaedias. In Indonesian a statement
turns into a question when the part asked for gives way to a question word at the front: "Layanan dihentikan
karena hujan" into "Mengapa layanan dihentikan?". Some words of the question are left out, so that it is not
found by its words alone. (An answer taken out of its own sentence: Lewis, Denoyer and Riedel, 2019.)
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.sentences import split

_MONTHS = "Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember"
_DAYS = "Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu"
_DATE = (
    rf"(?:(?:\d{{1,2}} )?(?:{_MONTHS})(?: \d{{4}})?|(?:{_DAYS}) ?\([^)]{{3,20}}\)|tahun \d{{4}}|"
    r"pukul [\d. ]+\d(?: WI[BT]A?)?)"
)
_NAME = r"[A-Z][\w'-]+(?: [A-Z][\w.'-]+)*"
_SAY = (
    r"mengatakan|menyatakan|menyebut|menegaskan|menilai|mengaku|menjelaskan|menuturkan|mengungkapkan|"
    r"menambahkan"
)
_ACT = r"(?:me(?:m|n|ng|ny)?[a-z]{4,}|ber[a-z]{4,})"
# What is asked for is the group "answer"; what is asked about, all else of the clause.
_FORMS: list[tuple[re.Pattern[str], tuple[str, ...]]] = [
    (
        re.compile(rf"(?:^| )(?P<answer>(?:(?:pada|sejak|hingga) )?(?:hari )?{_DATE})(?=[ ,.])"),
        ("Kapan {}?", "Sejak kapan {}?", "{} kapan?"),
    ),
    (
        re.compile(rf"^(?P<answer>{_NAME} {_NAME}) (?=(?!{_SAY}){_ACT}\b)"),
        ("Siapa yang {}?", "Siapa {}?"),
    ),
    (
        re.compile(r",? (?P<answer>(?:karena|sebab|lantaran|akibat) [^.;]{12,})(?=[.;]|$)"),
        ("Mengapa {}?", "Kenapa {}?", "Apa sebabnya {}?", "Apa alasan {}?"),
    ),
    (
        re.compile(r",? (?P<answer>(?:untuk|agar|demi|guna) [^.;,]{12,})(?=[.;,]|$)"),
        ("Mengapa {}?", "Untuk apa {}?", "Apa tujuan {}?"),
    ),
    (
        re.compile(
            r",? (?P<answer>(?:dengan cara|dengan me\w+|melalui|lewat) [^.;,]{8,})(?=[.;,]|$)"
        ),
        ("Bagaimana {}?", "Bagaimana cara {}?", "Dengan cara apa {}?"),
    ),
]
# Several things at once: the answer is all of them.
_THING = r"[^\s,;:.()\"“”]+(?: (?!dan\b|serta\b|atau\b)[^\s,;:.()\"“”]+){0,4}"
_LISTS: list[tuple[re.Pattern[str], tuple[str, ...]]] = [
    (
        re.compile(
            rf"^(?P<answer>{_NAME}(?:, {_NAME})*,? (?:dan|serta) {_NAME}) (?=(?!{_SAY}){_ACT}\b)"
        ),
        ("Siapa saja yang {}?", "Sebutkan siapa yang {}."),
    ),
    (
        re.compile(
            rf"(?:,? (?:yakni|yaitu|antara lain|meliputi|mencakup|terdiri (?:atas|dari)|di antaranya|seperti)"
            rf"(?: ?:|,)? )(?P<answer>{_THING}(?:, {_THING})*,? (?:dan|serta|hingga) {_THING})(?=[.;]|$)"
        ),
        ("Apa saja {}?", "Sebutkan {}.", "Sebutkan semua {}.", "{} apa saja?", "Mana saja {}?"),
    ),
    (
        re.compile(
            rf" di (?P<answer>{_NAME}(?:, {_NAME})*,? (?:dan|serta|hingga) {_NAME})(?=[ ,.])"
        ),
        ("Di mana saja {}?", "Sebutkan tempat {}.", "Daerah mana saja {}?"),
    ),
]
_SAID = re.compile(
    rf"^(?P<who>[^,“”\"]{{3,70}}?) (?:{_SAY})(?: bahwa|,)? (?P<answer>[^“”\"]{{25,}}?)(?=\.?$)"
)
_QUOTED = re.compile(
    rf"^[“\"] ?(?P<answer>[^“”\"]{{20,}}?),? ?[”\"],? (?:kata|ujar|tutur|ucap|ungkap|jelas|tegas)(?:nya)? "
    rf"(?P<who>(?:[A-Za-z]+ ){{0,5}}{_NAME})"
)
_SPEECH = (
    "Apa kata {who} tentang {}?",
    "Apa yang dikatakan {who} soal {}?",
    "Apa kata {who} soal {}?",
)
_OPENING = re.compile(r"^[A-Z][\w ,./]{2,40}(?:\([^)]{3,30}\))? ?(?:-|–|—|- -) ")
_LOOSE = frozenset("namun selain itu, padahal meski sehingga kemudian, , kata".split())
_SMALL = frozenset(
    "yang dan di ke dari itu ini dengan untuk pada adalah oleh juga akan telah sudah".split()
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and where in the text it was made of the answer begins and ends.

    `several`: whether it asks for a list.
    """

    question: str
    start: int
    end: int
    several: bool = False


def asked(text: str) -> Iterator[Asked]:
    """Questions about an article, at most one a sentence, for a list where it has one."""
    for sentence in split(text):
        if not sentence.furniture and 40 <= len(sentence.text) <= 300:
            made = [one for one in _of(sentence.text) if one.question.count(" ") >= 2]
            if made:
                one = random.choice([one for one in made if one.several] or made)
                start, end = sentence.start + one.start, sentence.start + one.end
                yield replace(one, start=start, end=end)


def _of(sentence: str) -> Iterator[Asked]:
    skipped = found.end() if (found := _OPENING.match(sentence)) else 0
    clause = sentence[skipped:]
    for pattern, templates in _FORMS + _LISTS:
        several = (pattern, templates) in _LISTS
        for match in pattern.finditer(clause):
            about = _about(clause[: match.start()], clause[match.end() :])
            if len(about.split()) >= 3:
                question = random.choice(templates).format(about)
                start, end = match.span("answer")
                question = question[0].upper() + question[1:]
                yield Asked(question, skipped + start, skipped + end, several)
    for pattern in (_SAID, _QUOTED):
        if match := pattern.match(clause):
            topic = [w.strip(",.") for w in match["answer"].split() if len(w) > 5]
            words = " ".join(random.sample(topic, min(len(topic), random.randint(1, 2))))
            if words:
                question = random.choice(_SPEECH).format(words, who=match["who"].strip())
                start, end = match.span("answer")
                yield Asked(question, skipped + start, skipped + end)


def _about(before: str, after: str) -> str:
    """The rest of a clause, some of its words left out, as it goes on within a question."""
    words = f"{before} {after}".replace('"', " ").strip(" ,.;-").split()
    if words and words[0].istitle() and words[0].lower() in _SMALL:
        words[0] = words[0].lower()
    if len(words) > 14:  # what stands next to the answer is what the question is about
        near = len(before.split())
        low = max(0, min(near - 10, len(words) - 14))
        words = words[low : low + 14]
    share = random.choice((0.0, 0.2, 0.4))
    kept = [word for word in words if random.random() >= share and word.lower() not in _LOOSE]
    return " ".join(kept).strip(" ,.;-")
