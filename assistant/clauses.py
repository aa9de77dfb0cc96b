"""Questions made of Indonesian news sentences: the part that is asked for gives way to a question word.

"Layanan dihentikan karena hujan" becomes "Mengapa layanan dihentikan?". Only clauses that stand by
themselves are turned; most sentences give no question, and that is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant import exonyms
from assistant.people import LONGEST, people

_MONTHS = "Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember"
_DAYS = "Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu"
_DATE = (
    rf"(?:(?:\d{{1,2}} )?(?:{_MONTHS})(?: \d{{4}})?|(?:{_DAYS}) ?\(\d[^)]{{2,20}}\)|(?:tahun )?(?:19|20)\d\d|"
    rf"pukul \d[\d.:]*(?: WI[BT]A?)?|(?:{_DAYS}) (?:pagi|siang|sore|malam))"
)
_DATELINE = re.compile(r"^[A-Z][\w ,./]{2,40}(?:\([^)]{3,30}\))? ?[-–—] ")
_CLAUSE = (
    r"^(?P<clause>[\w%/.’'-]+(?: [\w%/.’'-]+){1,13}?),?"  # words without a sign that parts them
)
_MEASURE = (
    r"Harga|Jumlah|Nilai|Panjang|Luas|Tinggi|Umur|Usia|Tarif|Biaya|Anggaran|Suhu|Lebar|Kapasitas|Jarak|"
    r"Kecepatan|Kekuatan|Kedalaman|Bobot|Berat"
)
_MEASURES = frozenset(_MEASURE.split("|"))
_FORMS = (
    (rf"{_CLAUSE} (?:(?:pada|sejak) )?(?:hari )?{_DATE}(?: lalu)?(?=[.,;]|$)", "Kapan {}?"),
    (rf"{_CLAUSE} (?:karena|lantaran) [^.;]{{12,}}", "Mengapa {}?"),
    (rf"{_CLAUSE} (?:agar|supaya|guna|untuk me\w+) [^.;]{{8,}}", "Untuk apa {}?"),
    (rf"{_CLAUSE} di [A-Z][\w'-]+(?: [A-Z][\w'-]+)*(?=[.,;]|$)", "Di mana {}?"),
    (
        rf"^(?P<clause>(?:{_MEASURE})(?: [\w-]+){{1,7}}?) (?:naik|turun|menjadi|mencapai|adalah|diperkirakan|"
        r"tercatat|sebesar|hanya|sekitar|kini|berkisar|ditetapkan|dipatok) [^.;]*\d",
        "Berapa {}?",
    ),
)
_ASKED = tuple((re.compile(form), asking) for form, asking in _FORMS)
_VERB = re.compile(
    r"(?<![\w-])(?!menit|meter|menteri|medali|media|metode|merek|mesin|metro|meja|merah|berita|beras|berat|"
    r"beberapa|berbagai|bersama|berikut|bersejarah|berwarna|dinas|digit|dini|diri|dialog|diplomat|direktur|"
    r"dibanding|ter(?:parah|besar|banyak|tinggi|panjang|tua|baru|baik|dalam|kecil|akhir|hadap|utama|masuk|lalu|"
    r"dekat|jauh|kenal|kemuka|us))(?:(?:me|di|ber|ter)[a-z]{3,}|naik|turun|tiba|lahir|ada)\b"
)
# What means something only where it is said, reports, or leads into another clause.
_LOOSE = re.compile(
    r"\b(?:ia|dia|mereka|beliau|kami|kita|saya|aku|anda|tersebut|begitu|demikian|tadi|kemarin|besok|lalu|"
    r"sebelumnya|juga|pun|bahwa|yakni|yaitu|namun|tetapi|sedangkan|sementara|seperti|jika|kalau|meski\w*|"
    r"ketika|saat|setelah|sesudah|sebelum|sejak|tidak|bukan|belum|silam|memang|bahkan|kata|ujar|mengatakan|"
    r"menyatakan|menyebut\w*|menegaskan|menilai|mengaku|menjelaskan|menuturkan|mengungkapkan|menambahkan|"
    r"memperkirakan|memastikan|berharap|berpendapat|mengingatkan|menuntut|merujuk|adalah|"
    r"dan (?:me|di|ber|ter)[a-z]{3,})\b|\w{3,}nya\b",
    re.IGNORECASE,
)
_POINTING = re.compile(r"(?:itu|ini)\b")
_PLACED = re.compile(r" (?:di|dalam) |\b(?:pertama|ter\w+)$")  # "di" behind these tells of them
# No clause ends so: something of it was cut off.
_UNFINISHED = re.compile(
    r"(?:\b(?:pada|di|ke|dari|dalam|untuk|oleh|dengan|sampai|hingga|dan|atau|yang|tahun|no\.?|nomor|sekitar|"
    rf"upacara|akan|telah|sudah)|[\d.,/-]+|\b(?:{_DAYS}|{_MONTHS}))$",
    re.IGNORECASE,
)
_OPENING = frozenset(
    """
    pada di ke dari dalam dengan untuk karena menurut selain adapun akibat lewat melalui bagi atas
    hingga sampai selama sebagai kemudian yang dan atau hal sebab maka para apa siapa mengapa kapan
    bagaimana berapa baca foto simak semula waktu sekitar tanggal hari tahun bulan salah satu dua
    tiga empat lima enam tujuh delapan sembilan sepuluh puluhan ratusan ribuan sebagian sejumlah
    beberapa masih sudah akan
    """.split()
)
_BEHIND = re.compile(
    r"[,;:()“”\"]|\.(?:\s|$)| (?:karena|setelah|ketika|saat|sambil|sehingga|untuk|dan) "
)
_LEAST, _MOST = 3, 12  # words of a clause


class Clauses:
    """Makes questions of the sentences of one article, which show what its names are."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self._people = [person.name for person in people(sentences)]
        inner = [word for sentence in sentences for word in sentence.split()[1:]]
        self._names = {word for word in inner if word.istitle()} - {
            word.title() for word in inner if word.islower()
        }

    def of(self, sentence: str) -> Iterator[str]:
        """The questions that a sentence answers."""
        if len(sentence) > LONGEST:
            return
        whole = _DATELINE.sub("", " ".join(sentence.split()))
        for form, asking in _ASKED:
            if (match := form.match(whole)) and _sound(match["clause"], asking):
                said = re.sub(r" ada$", " berada", self._lowered(match["clause"]))
                yield asking.format(said)
        for name in self._people:
            if whole.startswith(f"{name} ") and (did := _did(whole.removeprefix(f"{name} "))):
                yield f"Siapa yang {did}?"

    def _lowered(self, clause: str) -> str:
        """A clause as it goes on within a question: its first word small, unless it is a name or a title."""
        first, _, rest = clause.partition(" ")
        named = first in self._names and first not in _MEASURES and not _POINTING.match(rest)
        named |= rest[:1].isupper() and exonyms.generic(first)
        small = first[1:].islower() or "-" in first
        return f"{first.lower()} {rest}" if small and not named and _is_word(first) else clause


def _sound(clause: str, asking: str) -> bool:
    """Whether a clause stands by itself: a subject first, then a verb, and nothing that hangs in the air."""
    first, *others = clause.split()
    if (
        not _LEAST <= len(others) + 1 <= _MOST
        or first.lower() in _OPENING
        or not first[0].isupper()
    ):
        return False
    if _LOOSE.search(clause) or _UNFINISHED.search(clause):
        return False
    where = asking.startswith("Di mana")
    if first in _MEASURES or (where and _PLACED.search(clause)):
        return not where
    # The verb of a relative clause is not the clause's own.
    return bool(_VERB.search(" ".join(others).partition("yang ")[0]))


def _did(rest: str) -> str | None:
    """What somebody did, up to the first sign that parts it from what else is said."""
    clause = _BEHIND.split(rest)[0].strip()
    short = _LEAST <= len(clause.split()) <= _MOST and re.match(r"(?:me|ber)[a-z]{3,}", clause)
    return (
        clause if short and not _LOOSE.search(clause) and not _UNFINISHED.search(clause) else None
    )


@lru_cache(2048)
def _is_word(word: str) -> bool:
    from simplemma import is_known

    from index.words import stems

    lowered = word.lower().partition("-")[0]
    return any(is_known(form, "id") for form in (lowered, *stems(lowered)))
