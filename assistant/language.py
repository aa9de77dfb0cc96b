"""In which of the two languages a question is asked, so that it is answered in the same one.

Questions are short and full of names ("Who is Abadi?", "apa itu air defence system?"), and names
mislead every detector: the best one alone is right on 95 of 100. So names are left out where capital
letters show them, the words one asks with decide first, then the other function words, and only
where there are none ("MRT Jakarta route length?") what simplemma's dictionaries know.
`benchmarks/language.py` measures this beside the detectors alone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from index.words import stems

Language = Literal["id", "en"]

DEFAULT: Language = "id"
"""Where nothing tells: an empty question, a number, an emoji. The articles are Indonesian."""


def _vocabulary(words: str) -> frozenset[str]:
    return frozenset(words.split())


# The words one asks with. Spellings of chat ("gmn", "brp") stand beside the dictionary's. Left out
# are words that both languages write, such as "as" (AS, the United States) and "air" (water).
_ASKING: dict[Language, frozenset[str]] = {
    "id": _vocabulary(
        """
        apa apaan siapa sapa kapan dimana kemana darimana mana berapa seberapa brapa brp mengapa
        kenapa knp knapa kenape bagaimana gimana gmn gmana gimn kpn kpan dmn dmana spa sp bgmn
        sebutkan jelaskan tuliskan ceritakan ringkas ringkaskan rangkum carikan cari tolong
        """
    ),
    "en": _vocabulary(
        """
        what whats what's who whos who's when where wheres where's why how hows how's which
        whose whom whn whne wat wht hwo wich whcih does did is are was were has have had can could
        should would do explain describe summarise summarize tell please find give
        """
    ),
}

# Words that carry grammar and are seldom part of a name.
_FUNCTION: dict[Language, frozenset[str]] = {
    "id": _vocabulary(
        """
        yang yg dan atau tetapi tapi dengan dgn dari dr untuk utk pada di ke oleh dalam sebagai
        tentang soal mengenai terhadap antara sejak sampai hingga karena krn agar supaya jika kalau
        kalo klo bila ketika saat setelah sebelum lalu terus kemudian itu ini tersebut adalah ialah
        merupakan tidak tdk tak nggak gak ga bukan belum sudah sdh telah akan sedang masih pernah
        harus bisa dapat ada juga hanya lagi sih dong kah ya kok emang memang saja aja jumlah nama
        arti alasan isi kata menurut saya kami kita mereka dia ia kamu anda para sang si tahun bulan
        tanggal hari jam orang lebih paling sangat banyak boleh benar betul
        """
    ),
    "en": _vocabulary(
        """
        the of and or but with from for to in on at by into about against between since until
        because if then than that this these those it its not no be been being will shall may might
        must there their they he she his her him we our you your my me an any some all many much
        more most number name meaning reason according says said year month date day hour people
        """
    ),
}

# Names that both languages spell alike and the dictionaries know in one of them only.
_NAMES = _vocabulary(
    """
    indonesia jakarta bandung surabaya medan bali java sumatra lombok malaysia vietnam thailand iran
    israel china australia pakistan afghanistan qatar kuwait oman ukraina london washington moscow
    trump putin obama biden messi ronaldo google facebook twitter samsung apple lion premier league
    """
)

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")  # "who's" is one word, "al-Abadi" two


def detect(question: str) -> Language:
    """The language of a question: "id" or "en", and `DEFAULT` where nothing tells.

    Source of the dictionaries: simplemma (https://github.com/adbar/simplemma), in its package.
    """
    words = _ordinary_words(question)
    lowered = [word.lower().replace("’", "'").removesuffix("kah") for word in words]  # "apakah"
    return _vote(lowered, _ASKING) or _vote(lowered, _FUNCTION) or _known(words) or DEFAULT


def _ordinary_words(question: str) -> list[str]:
    """The words that are not names by their capitals: the first one, and those in small letters.

    An acronym is no word even in front (WHO is an organisation, AS a country). A question all in
    capitals, or with no other word, keeps all of its words.
    """
    words = _WORD.findall(question)
    if question.isupper():
        return [word.lower() for word in words]
    ordinary = [word for word in words[1:] if word.islower()]
    if words and (len(words[0]) == 1 or not words[0].isupper()):
        ordinary.insert(0, words[0])
    return ordinary or words


def _vote(words: list[str], vocabulary: dict[Language, frozenset[str]]) -> Language | None:
    """The language more of these words belong to; the first word's on a tie; None without any."""
    votes: list[Language] = [
        language for word in words for language, known in vocabulary.items() if word in known
    ]
    return max(votes, key=votes.count, default=None)  # max keeps the first of equals


def _known(words: list[str]) -> Language | None:
    """The language whose dictionary knows more of these words; None where both know as many."""
    from simplemma import langdetect

    telling = " ".join(word for word in words if word.lower() not in _NAMES)
    scores = dict(langdetect(telling, ("id", "en"))) if telling else {}
    indonesian, english = scores.get("id", 0.0), scores.get("en", 0.0)
    if indonesian == english:
        return None
    return "id" if indonesian > english else "en"


@lru_cache(4096)
def common(word: str) -> bool:
    """Whether a word in small letters, or its stem, is in a dictionary of either language: no name."""
    from simplemma import is_known

    return any(is_known(form, lang) for form in (word, *stems(word)) for lang in ("id", "en"))
