"""Words that carry a full stop in Indonesian news, and whether that full stop may end a sentence.

`ends_sentence` is the one question asked of this module; the tables under it are plain word lists,
made to be added to.
"""

from __future__ import annotations

import re


def _words(*rows: str) -> frozenset[str]:
    return frozenset(word for row in rows for word in row.split())


# What follows one of these always belongs to it: a name, a place, a number, an amount.
JOINING = _words(
    # titles and forms of address
    "dr drs dra drg prof dipl ing sp ir hj kh k.h tn ny nn sdr sdri bpk bp ust ustz ustadz pdt",
    "rd tgk apt ns moh muh mohd abd almh alm dok",
    "mr mrs ms mgr rev hon gov sen rep st ste mt ft yth",
    # military and police ranks, and the corps after them
    "jend jen gen letjen mayjen brigjen kol letkol may kapt capt lettu letda lt col maj sgt cpt",
    "peltu pelda serma serka sertu serda kopka koptu kopda praka pratu prada",
    "laks laksda laksdya laksma marsda marsdya marsma komjen irjen kombes akbp kompol akp iptu",
    "ipda aiptu aipda bripka brig brigpol briptu bripda pol inf kav arh arm czi cpl ckm caj purn",
    # places and addresses
    "jl jln gg ds dsn kp komp perum kab kec kel prov prop ged dit ditjen dirjen plt plh pjs",
    # companies, amounts, references
    "pt p.t cv c.v ud u.d fa pte sdn rp no nr nos jo juncto vs v",
    "a.n a/n u.p u.b d.a d/a d.h s.d s/d q.q c.q cq a.l al. mis cth i.e e.g cf viz",
    "yg dgn dng dg utk krn spt sbb sda",
)

# Other words in capitals are institutions: BPK is not "Bpk.", and FA no firm.
_IN_CAPITALS = _words("PT CV UD KH DR DRS DRA IR PROF HJ TN NY NO JL RP AKBP AKP IPDA IPTU KOMBES")

# The same, but an ordinary word too ("kol" is a cabbage, "sen" a cent) unless it has a capital.
ONLY_WITH_CAPITAL = _words(
    "kol may sen rep mt ft lt gen st al fa no v col maj ms pol komp ds arm ir sp ing"
)

# Belongs to a number behind it; before a word, it ends the sentence like any other word.
BEFORE_NUMBER = _words(
    "no cat hal hlm tgl pkl pk ps psl art vol jil cet ed bag lamp gb gbr tab fig sec pp km kav lt",
    "ext telp tel tlp faks fax hp wa min maks sk rt rw thn th bln ca approx",
    "jan feb mar apr mei jun jul agu agt ags agust aug sep sept okt oct nov des dec",
)

# Stands at the end of what it belongs to, so that a capital behind it begins a sentence.
CLOSING = _words(
    "dll dkk dsb dst dsj tsb ybs tbk etc inc ltd corp bhd jr sr esq wib wita wit swt saw",
    "a.m p.m spp sp d.l.l d.k.k d.s.b d.s.t t.t.d ttd kg cm mm ha",
)

# Part of a name as often as the end of one: a sentence begins only before a usual first word.
UNSURE = _words("co bros ave blvd rd u.s a.s.a u.k d.c u.n a.s r.a min r.i")

# Academic degrees. Behind a name they close it; before one, the same letters are initials.
DEGREES = _words(
    "s.h s.e s.t s.s s.ip s.sos s.pd s.si s.kom s.psi s.hut s.ked s.kep s.ag s.i.k s.th s.sn s.tp",
    "s.ft s.gz s.pt s.p s.hum s.stp s.i.kom s.pd.i s.h.i s.th.i s.farm s.k.m m.h m.hum m.si m.t",
    "m.m",
    "m.a m.sc m.pd m.kom m.kes m.ag m.eng m.ed m.phil m.psi m.e m.ak m.sn m.th m.i.kom m.ikom m.p",
    "m.m.r m.b.a m.kn m.p.h m.han m.tr m.ap m.div b.a b.sc b.ed b.eng ll.m ll.b ph.d d.phil d.sc",
    "a.md a.ma sp.a sp.b sp.og sp.pd sp.jp sp.p sp.s sp.m sp.kj sp.an sp.rad sp.tht sp.ot lc",
    "lic mba",
)

# A letter behind one of these is a name of its own ("vitamin C.", "Serie A."), not an initial.
LETTERED = _words(
    "vitamin hepatitis influenza grup group blok serie seri golongan kelas kelompok tipe type",
    "plan rencana gate terminal pintu sektor opsi pilihan huruf nilai kategori darah paket poin",
    "butir",
    "tribun gerbang zona zone tim divisi liga lapis varian virus jenis kuartal triwulan",
    "semester bab",
    "tahap jilid bagian angka kolom lampiran tabel sim kamar ruang gedung menara jalur rute lantai",
    "sumbu titik kota lajur model sinar dan atau",
)

# Words that begin a sentence far more often than they are a name, in lower case.
STARTERS = _words(
    "ia dia mereka kami kita saya aku kamu anda beliau ini itu hal tersebut begitu demikian",
    "namun tetapi tapi akan akibatnya sebab karena oleh sehingga maka jadi selain sementara",
    "sedangkan adapun meski meskipun walau walaupun kendati jika kalau bila apabila ketika saat",
    "setelah sesudah sebelum sebelumnya sejak selama sambil seusai usai kemudian lalu selanjutnya",
    "akhirnya awalnya kini sekarang nanti kemarin besok hari pada di dalam dari ke kepada untuk",
    "bagi",
    "dengan tanpa secara menurut seperti sebagai hingga sampai antara atas bahwa para semua",
    "seluruh",
    "setiap tiap banyak beberapa sebagian sebanyak sekitar sedikitnya hanya bahkan juga pun lagi",
    "masih sudah telah belum tidak tak bukan jangan apa apakah siapa kapan mengapa kenapa",
    "bagaimana",
    "berapa mana dan atau salah satu ada adalah bila pihak pihaknya pemerintah presiden menteri",
    "polisi hakim jaksa warga harga saham perusahaan perseroan hasil data jumlah angka nilai",
    "sisanya",
    "keduanya ketiganya keputusan kejadian peristiwa pertemuan acara laga pertandingan gedung",
    "rapat",
    "iya ya nah makanya padahal meskipun intinya artinya tujuannya nantinya belakangan terakhir",
    "the he she it they we this that in on at but and however after when",
)

_DOTTED = re.compile(r"[^\W\d_]{1,3}(?:\.[^\W\d_]{1,4})+")
_CONSONANTS = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ][bcdfghjklmnpqrstvwxz]{1,3}")
_ROMAN = re.compile(r"[IVX]+")


def starts_sentence(word: str) -> bool:
    """Whether a word is a usual first word of a sentence, written as one."""
    return word[:1].isupper() and word.casefold() in STARTERS


def is_degree(word: str) -> bool:
    """Whether a word, with or without its last full stop, is an academic degree."""
    return word.rstrip(".,").casefold() in DEGREES


def ends_sentence(word: str, before: str, after: str) -> bool | None:
    """Whether the full stop behind `word` ends a sentence; None where nothing is known of the word.

    `word` is written without that full stop; `before` is the word in front of it with its
    punctuation ("" at the start of a sentence), `after` the word that follows, which is taken to
    begin with a capital, a digit or an opening mark.
    """
    if len(word) == 1 and word.isalpha():
        return _letter(word, before, after)
    folded = word.casefold()
    if folded in DEGREES:
        return _degree(before, after)
    if folded in UNSURE:
        return starts_sentence(after)
    if folded in CLOSING:
        return not is_degree(after)
    if _is_joining(word):
        return False
    if folded in BEFORE_NUMBER:
        return not any(c.isdigit() for c in after) and not _is_joining(before.rstrip("."))
    if _DOTTED.fullmatch(word):
        return bool(before) and starts_sentence(after)
    if _CONSONANTS.fullmatch(word) and not before[-1:].isdigit():
        return bool(before) and starts_sentence(after)
    return None


def _is_joining(word: str) -> bool:
    if word.isupper() and word.isalpha() and word not in _IN_CAPITALS:
        return False
    word = word.rpartition("-")[2]  # "se-Kab."
    folded = word.casefold()
    return folded in JOINING and (folded not in ONLY_WITH_CAPITAL or word[:1].isupper())


def _letter(word: str, before: str, after: str) -> bool:
    """An initial (B. Habibie), a list mark (a.), a unit (Rp 5 M.) or a name (vitamin C.)."""
    if not before:
        return False
    if before.casefold() in LETTERED or before[-1].isdigit():
        return True
    if _ROMAN.fullmatch(word) and before[:1].islower():
        return True
    return starts_sentence(after)


def _degree(before: str, after: str) -> bool:
    if is_degree(after):
        return False
    if before.endswith(","):
        return True
    return before[:1].isupper() and starts_sentence(after)
