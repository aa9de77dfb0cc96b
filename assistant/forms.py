"""The form of answer that a question wants: a few words, a list, or a whole clause."""

from __future__ import annotations

import re
from enum import StrEnum

from index.rank import KINDS


class Form(StrEnum):
    """What an answer looks like.

    WORDS is a name, place, date or figure; LIST several of them; REASON, MANNER and SPEECH (why, how,
    what was said) are clauses, which make no sense cut off.
    """

    WORDS = "words"
    LIST = "list"
    REASON = "reason"
    MANNER = "manner"
    SPEECH = "speech"

    @property
    def clause(self) -> bool:
        """Whether the answer is a clause or a sentence."""
        return self in (Form.REASON, Form.MANNER, Form.SPEECH)


_SAYING = (
    r"say|says|said|tell|tells|told|ask|asks|asked|comment\w*|promis\w+|repl(?:y|ied|ies)|argu\w+|claim\w*|"
    r"warn\w*|announc\w+|declar\w+|urg\w+|stress\w*|think|thinks|thought|answer\w*"
)
_NUMBER = r"two|three|four|five|six|seven|eight|nine|ten|\d+"
_AUXILIARY = r"are|were|did|do|does|have|had|can|could|will|would|should|must"
# Words before the plural in "which Turkish sides did", and that plural; "which sport's rules" asks for one.
_BEFORE = rf"(?!(?:is|was|has|of|kind|type|sort|price|time|share|{_AUXILIARY})\b)[\w-]+(?!['’]) "
_PLURAL = (
    r"(?!(?:was|is|has|does|his|this|its|plus|versus|us|as|across|always|perhaps|less|class|pass|loss|boss|press|"
    r"business|process|address|princess|bus|virus|gas|status|campus|series|species|focus|success|crisis|news|"
    r"politics|tennis|previous|famous)\b)(?:[a-z]{2,}[^\Wsui]s|people|men|women|children)"
)
_LIST = re.compile(
    r"\b(?:apa|siapa|mana|kapan|berapa) saja\b|\b(?:apa-apa|siapa-siapa)\b"
    r"|^\W*(?:tolong )?(?:sebut(?:kan)?|daftar(?:kan)?)\b|^\W*(?:please )?(?:name|list|enumerate)\b(?! of)"
    rf"|\bwhich (?:(?:{_NUMBER}|other|of the) )?{_PLURAL}\b"
    rf"|\b(?:which|what) (?:{_NUMBER}) (?:{_BEFORE}){{0,3}}?{_PLURAL}\b"
    rf"|\b(?:which|what) (?:{_BEFORE}){{0,3}}?{_PLURAL} (?:{_AUXILIARY})\b"
    r"|\bwho else\b|\bwho (?:are|were) the (?:[\w'’-]+ ){0,2}\w+s\b|\bwhat (?:are|were) the (?:\w+ )?\w+s\b",
    re.IGNORECASE,
)
_FORMS = {  # of two that begin at the same word, the first counts
    Form.WORDS: "|".join(KINDS[kind] for kind in ("when", "number", "who", "where"))
    + r"|what (?:time|share|percent\w*|proportion|price|number)",
    Form.REASON: rf"{KINDS['why']}|(?:untuk|demi|dengan tujuan) apa|how come|what for|"
    r"apa (?:\w+ )?(?:yang )?(?:penyebab|pemicu|tujuan|maksud|menyebabkan)\w*",
    Form.MANNER: r"bagaimana(?:kah)?|gimana|gmn|bgmn|(?:dengan|lewat|melalui) (?:cara )?apa|"
    r"how(?! (?:many|much|long|far|old|tall|high|big|large|often|fast|deep|wide|heavy|soon|late|early|close|"
    r"strong|young|few|expensive|quickly|come|frequently|small|hot|cold|loud|steep|rich))",
    Form.SPEECH: r"apa (?:kata|ujar|ucapan|komentar|tanggapan|jawaban|pesan|pernyataan|pendapat|janji|"
    r"imbauan|seruan|permintaan)|apa (?:saja )?(?:yang )?(?:\w+ )?di(?:kata|sampai|ucap|ungkap|tegas|pesan|"
    r"janji|minta|nyata|jelas|tutur|imbau|serukan|umum)\w*|"
    rf"what [^?]{{0,60}}?\b(?:{_SAYING})",
}
_ASKED = [(form, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for form, words in _FORMS.items()]
_REPORTED = re.compile(
    r"\b(?:menurut\w*|according to|in (?:(?:the )?[\w-]+['’]s?|his|her|their) words)\b",
    re.IGNORECASE,
)
_WHICH = re.compile(r"\b(?:mana|which|apa nama\w*|what (?:is|was) the name)\b", re.IGNORECASE)


def form(question: str) -> Form:
    """The form of answer that a question wants.

    The first words that ask decide: "how did he honour the man who stayed" asks how, not who.
    """
    if _LIST.search(question):
        return Form.LIST
    asked = [
        (found.start(), wanted) for wanted, words in _ASKED if (found := words.search(question))
    ]
    if asked:
        return min(asked, key=lambda one: one[0])[1]
    reported = _REPORTED.search(question) and not _WHICH.search(question)
    return Form.SPEECH if reported else Form.WORDS
