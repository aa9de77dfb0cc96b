"""Signs that a claim turns round what its source says: a word of the opposite, a negation, swapped roles.

Each is a guess from words alone; how much it counts is fitted (training/support.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from assistant import exonyms

# One side against the other, in both languages; "*" stands for the rest of a word. An
# indented line goes on with the one above.
_OPPOSITES = """
naik menaikkan dinaikkan kenaikan meningkat* bertambah melonjak menambah rise* rose risen rising raise*
  increas* jump* soar* grew grow* climb* gain* up higher | turun menurun* diturunkan penurunan berkurang
  merosot menyusut anjlok melandai fall* fell drop* declin* cut cuts lower* decreas* shrank shrink* reduc*
  down
menang kemenangan mengalahkan menundukkan menjuarai win winn* won beat* defeat* victor* | kalah
  kekalahan takluk dikalahkan lose loses losing lost loser*
menerima diterima menyetujui disetujui mengabulkan mendukung setuju persetujuan accept* agree* approv*
  back backed support* favour | menolak ditolak penolakan menentang reject* refus* oppos* against deni*
  turned
membuka dibuka pembukaan open* reopen* | menutup ditutup penutupan clos* shut*
pertama first | terakhir last
membebaskan dibebaskan bebas acquit* freed releas* | menghukum dihukum hukuman bersalah convict*
  sentenc* guilty jailed
mengimpor impor import* | mengekspor ekspor export*
sebelum before | sesudah setelah after
membantah dibantah menyangkal deny denied denies | mengaku mengakui admit* confess*
lebih_dari melebihi sedikitnya setidaknya paling_sedikit sekurang-kurangnya more_than at_least over |
  kurang_dari paling_banyak less_than fewer_than at_most under
di_atas above | di_bawah below
separuh setengah half | dua_kali twice double*
memperpanjang diperpanjang melanjutkan dilanjutkan extend* continu* prolong* | mengakhiri diakhiri
  berakhir menghentikan dihentikan end ended ending stop*
memasukkan dimasukkan masuk includ* added put | mengeluarkan dikeluarkan remov* exclud* struck
memperkuat menguat strengthen* | melemah memperlemah weaken*
membaik memperbaiki improv* better | memburuk worsen* worse deteriorat*
terbesar terbanyak largest biggest most highest | terkecil smallest least fewest lowest
terpanjang paling_lama longest | terpendek paling_singkat shortest
tertua oldest | termuda youngest
selamat surviv* | meninggal tewas terbunuh died killed dies dead
merekrut mengangkat menunjuk hire* hiring recruit* appoint* | memberhentikan memecat mencopot fire*
  dismiss* sack* laid_off
membeli beli pembelian buy* bought purchas* | menjual jual penjualan sell* sold sale*
mengizinkan membolehkan diizinkan boleh allow* permit* | melarang dilarang larangan ban banned bans
  forbid* prohibit*
tanpa without | dengan with
mulai dimulai begin* began begun start* | selesai berakhir usai finish* ended over
belum not_yet yet | sudah telah already
bertahan tinggal stay* remain* | pergi keluar meninggalkan leave* left withdraw* withdrew
"""
_NEGATION = re.compile(
    r"\b(?:tidak|tak|bukan|belum|tanpa|tiada|gagal|jangan|not|no|never|without|none|nobody|neither|nor|cannot|"
    r"fail(?:s|ed)?|ruled out|stay(?:s|ed)? away|absen)\b|n['’]t\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?!dirinya|diplomat|dini)(?:di[a-z]{4,}|oleh)\b|\b(?:was|were|been|being|is|are|be)\s+(?:\w+ly\s+)?\w+(?:ed|en|t)\b|\bby\b(?!\s+\w+ing)"
)
_NAME = re.compile(r"\b[A-Z][\w'’]+")
_DEED = re.compile(r"(?<![\w-])(?!yang|dari|with|from|dengan)[a-z]{4,}")  # there may be a verb
_PLACE = re.compile(r"\b(?:in|at|on|near|from|of|di|ke|dari|pada)\s+(?:[\w-]+\s+){0,2}$")
_TIMES = frozenset(
    "senin selasa rabu kamis jumat sabtu minggu januari februari maret april mei juni juli agustus september "
    "oktober november desember january february march may june july august october december".split()
)


def negated(text: str) -> list[int]:
    """Where the negations of a text end."""
    return [match.end() for match in _NEGATION.finditer(text)]


def opposite(claim: str, sources: Sequence[str]) -> bool:
    """Whether the claim has one word of a pair of opposites, and the sources the other alone."""
    given = " \n ".join(sources)
    for one, other in _pairs():
        sides = [(bool(one.search(text)), bool(other.search(text))) for text in (claim, given)]
        if sides in ([(True, False), (False, True)], [(False, True), (True, False)]):
            return True
    return False


def swapped(claim: str, sources: Sequence[str]) -> bool:
    """Whether two names that the claim shares with a source come in another order than there.

    A passive between them turns the order round: "A beat B" is "B was beaten by A". Names behind "in" or
    "from" are places, which may stand anywhere.
    """
    said = _order(claim)
    for source in sources:
        told = dict(_order(source))
        shared = [(name, at) for name, at in said if name in told]
        for (one, at), (other, behind) in pairwise(shared):
            low, high = sorted((told[one], told[other]))
            between, there = claim[at:behind], source[low:high]
            if not (_DEED.search(between) and _DEED.search(there)):
                continue
            passive = bool(_PASSIVE.search(between)) != bool(_PASSIVE.search(there))
            if (told[one] > told[other]) != passive:
                return True
    return False


def _order(text: str) -> list[tuple[str, int]]:
    """The names of a text that may do something or have it done to them, each once, with its place."""
    found: dict[str, int] = {}
    table, rest = exonyms.known_forms(text)
    places = [(name, text.find(written)) for name, written in table]
    places += [(m[0].lower(), m.start()) for m in _NAME.finditer(rest) if not exonyms.generic(m[0])]
    for name, at in sorted(places, key=lambda place: place[1]):
        if name not in _TIMES and not _PLACE.search(text[:at]):
            found.setdefault(name, at)
    return list(found.items())


@cache
def _pairs() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    whole = _OPPOSITES.strip().replace("\n  ", " ")
    lines = (line.split(" | ") for line in whole.splitlines())
    return tuple((_any(one), _any(other)) for one, other in lines)


def _any(words: str) -> re.Pattern[str]:
    forms = (re.escape(w).replace(r"\*", r"\w*").replace("_", r"\s+") for w in words.split())
    return re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE)
