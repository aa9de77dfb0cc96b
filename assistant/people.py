"""Who is named in an Indonesian article: people, and those whose words it gives.

Only such as the words around them show, by a title, an office or a calling before the name, or a word of
saying beside it. What cannot be told from an office or a place is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant import exonyms

_WORD = r"(?:[A-Z][a-z]{0,3}\.(?= )|[A-Z][a-z]+(?:['’-][A-Za-z]?[a-z]+)*|[A-Z]{2,})"
_RUN = rf"{_WORD}(?: (?:{_WORD}|al-[A-Z][a-z]+|bin|binti))*"
_CALLINGS = (
    r"(?:presiden|raja|ratu|putra mahkota|(?:perdana )?menteri|menlu|menhan|menko|menkes|gubernur|bupati|"
    r"wali ?kota|camat|ketua|kepala|direktur|dirut|komisaris|juru bicara|jubir|sekretaris|panglima|komandan|"
    r"jenderal|kolonel|kapten|duta besar|dubes|ahli|pakar|pengamat|peneliti|ilmuwan|dosen|profesor|prof|"
    r"dokter|dr|pelatih|pemain|atlet|pelari|perenang|pesilat|pebulu tangkis|pemanjat|lifter|petinju|"
    r"pembalap|kiper|penyerang|penyanyi|penulis|sutradara|aktor|aktris|seniman|pelukis|penari|dalang|"
    r"perajin|pengusaha|pedagang|petani|nelayan|warga|anggota|utusan|koordinator|manajer|pendiri|pemilik|"
    r"pengelola|pemimpin|tokoh|aktivis|pengacara|hakim|jaksa|diplomat|astronom|arkeolog|ekonom)\b"
)
_CALLING = re.compile(rf"\b{_CALLINGS}", re.IGNORECASE)
_IS_CALLING = re.compile(
    rf"(?:(?:mantan|eks|wakil|pelaksana tugas|plt\.?|seorang) )*{_CALLINGS}", re.IGNORECASE
)
_SAYS = (
    r"mengatakan|menyatakan|menyebut|menegaskan|menilai|mengaku|menjelaskan|menuturkan|mengungkapkan|"
    r"menambahkan|memastikan|berpendapat|berharap|mengingatkan|memperkirakan"
)
_SPEAKER = (
    re.compile(
        r"\b(?:kata|ujar|tutur|ucap|ungkap|imbuh|[Mm]enurut) (?!dalam |dari |yang |itu |ini |di )"
        rf"(?:[a-z]+ ){{0,5}}(?P<run>{_RUN})"
    ),
    re.compile(rf"(?P<run>{_RUN})(?:, [^,.;“”\"]{{3,60}},)? (?:juga )?(?:{_SAYS})\b"),
)
# Words of offices, institutions, places and days: a name has none of them.
_OTHER = frozenset(
    """
    presiden raja ratu perdana menteri luar dalam negeri gubernur bupati wali kota walikota camat
    ketua kepala direktur utama komisaris juru bicara sekretaris jenderal panglima komandan kolonel
    marsekal laksamana kapten duta besar prof dr ir hj pol kombes irjen brigjen badan dinas
    kementerian lembaga komisi dewan komite majelis parlemen pusat bank universitas university
    institut institute journal republik nasional negara serikat bangsa-bangsa saudi selatan utara
    timur barat tengah tenggara papua maluku bali raya jakarta korea laut pulau gunung sungai jalan
    stadion pasar istana rumah sakit piala dunia wakil partai kabar harian hukum bidang koordinator
    pertahanan kesehatan pendidikan perhubungan uni pm unit pasukan tim data kebudayaan informasi
    keuangan olimpiade internasional polda polri tni provinsi kabupaten januari februari maret april
    mei juni juli agustus september oktober november desember senin selasa rabu kamis jumat sabtu
    minggu menurut surabaya bandung semarang medan makassar palembang yogyakarta denpasar bogor
    depok bekasi tangerang malang palu banten aceh riau lampung jambi bengkulu gorontalo ambon
    manado padang pekanbaru pontianak banjarmasin balikpapan samarinda mataram kupang jayapura
    surakarta cirebon
    """.split()
)
_OF_A_PLACE = frozenset("bupati gubernur kota walikota".split())  # "Bupati Cianjur Herman Suherman"
_LONGEST = (
    4  # words of a name; what is longer is a title with it, of which the last two are the name
)


LONGEST = (
    600  # characters of a sentence that is looked at; longer ones are lists, or no language at all
)


@dataclass(frozen=True, slots=True)
class Person:
    """A name as the article writes it, its title left out; `speaks`: the article gives their words."""

    name: str
    speaks: bool


def people(sentences: Iterable[str]) -> list[Person]:
    """The people that these sentences name, each once, in their order."""
    found: dict[str, bool] = {}
    for sentence in sentences:
        flat = " ".join(sentence.split())
        if len(flat) <= LONGEST and flat.endswith(
            (".", "?", "!", "”", '"')
        ):  # in headlines every word has a capital
            for name, speaks in _named(flat):
                found[name] = found.get(name, False) or speaks
    return [Person(name, speaks) for name, speaks in found.items()]


def is_calling(words: str) -> bool:
    """Whether words say what somebody is: "Kepala BMKG", "ahli penanggalan"."""
    return bool(_IS_CALLING.match(words.strip()))


def speaks(name: str, sentence: str) -> bool:
    """Whether a sentence gives words of this person, by their last name."""
    flat, last = " ".join(sentence[:LONGEST].split()), name.split()[-1]
    runs = (match["run"] for pattern in _SPEAKER for match in pattern.finditer(flat))
    return any(run.split()[-1] == last for run in runs)


def _named(sentence: str) -> Iterator[tuple[str, bool]]:
    for match in re.finditer(_RUN, sentence):
        before = sentence[: match.start()].split()[-3:]
        words = match[0].split()
        if _CALLING.search(" ".join([*before, *words[:-2]])) and (name := _name(words)):
            yield name, False
    for pattern in _SPEAKER:
        for match in pattern.finditer(sentence):
            if name := _name(match["run"].split()):
                yield name, True


def _name(run: list[str]) -> str | None:
    """The name that ends a run of words in capitals, None where that is no person's."""
    cut = max((i + 1 for i, word in enumerate(run) if _is_other(word)), default=0)
    own = run[cut:] if len(run[cut:]) <= _LONGEST else run[-2:]
    if cut and run[cut - 1].lower() in _OF_A_PLACE and len(own) > 2:
        own = own[1:]
    written = len(own) >= 2 and all(len(word) > 1 and not word.isupper() for word in own)
    name = " ".join(own)
    if not written or exonyms.known_forms(name)[0] or all(map(_in_dictionary, own)):
        return None
    return name


def _is_other(word: str) -> bool:
    lowered = word.strip(".").lower()
    office = lowered in _OTHER or lowered.startswith("kemen") or _CALLING.fullmatch(lowered)
    return bool(office or exonyms.known_forms(word)[0])


@lru_cache(2048)
def _in_dictionary(word: str) -> bool:
    from simplemma import is_known

    return any(is_known(word.lower(), language) for language in ("id", "en"))
