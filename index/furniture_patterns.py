"""The words and forms of page furniture: a table to read and to add to.

`index.furniture` decides with them what is furniture in its place.
"""

from __future__ import annotations

import re

# A flush line names a kind; each indented line under it is a pattern that must match the whole text
# of a line, in any case. A blank in a pattern stands for any white space. Names in <> stand for the
# pieces below. A kind with a star may also be one sentence among others on its line.
_TABLE = r"""
link to read *
    [(\[]? ?<VIEW>[ _]*<ALSO> ?[\])]?
    [(\[]? ?<VIEW>[ _]*<ALSO> ?[:–—|»>-].*
    (?-i:BACA|SIMAK|LIHAT)[ _](?-i:JUGA) .*
    [(\[] ?<VIEW>(?: juga| selengkapnya)? ?: .{3,200}[)\]]\.?
link on its line
    (?-i:Baca|Simak|Lihat|Tonton)[ _](?-i:[Jj]uga|[Pp]ula) (?-i:[A-Z]).{3,150}[^.]
    (?:<VIEW>|klik|video|pilihan(?: editor| redaksi)?|related|see also) ?: .{3,160}[^.,;]
    <VIEW> ?:?
list of links
    <NEWS> (?:terkait|terkini|terbaru|terpopuler|populer|lainnya|pilihan|selanjutnya|serupa) ?:?
    (?:terpopuler|terkini|terkait|rekomendasi(?: untuk anda)?|trending(?: now)?) ?:?
    (?:most (?:read|popular)|(?:related|popular|recent) (?:posts?|<NEWS>)|you may also like) ?:?
    cek (?:<NEWS>|berita dan artikel) (?:yang )?(?:lain|lainnya)\b.{0,60}
    artikel ini telah (?:tayang|terbit) .{3,200}
embedded media *
    \[ ?gambas ?:[^\]]*\]
    \[video\].*\[/video\]
    \[video(?: \d+ detik)?\]
    / ?/ ?(?:<! ?\[ ?cdata ?\[|\]\]).*
    (?:\(adsbygoogle|window\.|document\.|function ?\(|var \w+ ?=|googletag).*
photo credit *
    [(\[]? ?<PHOTO> ?[:/] ?.{2,200}
    <PHOTO> ?:
    (?:foto )?ilustrasi(?: ?[:(] ?.{2,160}|\.)?
photo caption
    [^.?!:]{3,200}[.?!]? ?[(\[] ?(?:ilustrasi ?/ ?)?<PHOTO> ?[:./] ?.{2,80}[)\]]\.?
    [^.?!:]{3,200}[(\[] ?sumber ?: ?.{2,60}[)\]]
    (?:foto )?ilustrasi[ .,:(].{0,120}<PHOTO> ?[:/] ?.{2,80}
    (?:foto )?ilustrasi(?: [\w/&-]+){1,8}[.,]? ?\(.{3,60}\)
    (?:foto )?ilustrasi(?: [\w/&-]+){1,6}\.? (?:<STOCK>|\w+\.com)
    (?:foto )?ilustrasi(?: (?!<POINTING>\b)[\w/&-]+){1,5}\.?
    video(?: \d+ detik)? ?:?
byline
    <AUTHOR> ?: ?(?:<NAMES>|\w+(?: ?/ ?\w+){1,2})?
    (?:oleh|by) ?: ?\w+(?: \w+){0,3}
    (?-i:[–—-][A-Z]\w+(?: [A-Z]\w+){0,3}) berkontribusi .{5,80}
published
    <PUBLISHED> ?(?:on|at|pada|tanggal)? ?:? ?(?:<STAMP>|<CLOCK>)?(?: ?[|,–-]? ?<BY> .{2,40})?
source *
    sumber(?: berita| artikel| asli)? ?(?:: ?(?:https?:|www\.)\S+)?
    sumber(?: berita| artikel| asli)? ?: ?[^.:;?!]{1,50}(?:\.\w{2,4}){0,2}\.?
    sumber(?: berita)? ?: ?(?:[\w.]+,? ?(?:dan|&)? ?){1,6}\. gambar header.{0,60}
    (?-i:Sumber) (?:gambar|foto|header|gambar header) (?-i:[A-Z])[^;]{1,70}
    (?-i:Sumber) berita(?: dan (?:gambar|header|foto)\w*)? (?-i:[A-Z0-9])[^.;]{1,70}\.?
time stamp
    <STAMP>
    (?:<DAY> ?[,/|]? ?)?<CLOCK>
    (?:sekitar )?\d+ <UNIT> (?:(?:yang )?lalu|ago)
story code
    (?:story code|news (?:id|code)|kode berita|(?:article|post|berita) id) ?:? ?#?\d+
comments
    <COUNT>? ?(?:komentar|comments?|tanggapan|repl(?:y|ies)|balasan)(?: ?\(\d+\))? ?[:»]?
    (?:posting|tulis|beri|berikan|kirim|tambah|tambahkan|tinggalkan|buat) komentar(?: anda)? ?:?
    (?:post a|leave a|add a|write a|view|show)(?: all)? (?:comments?|reply) ?:?
    be the first (?:one )?to comment.*
    jadilah (?:yang |orang )*pertama (?:yang )?(?:berkomentar|mengomentari|memberi komentar).*
    (?:your email address will not be published|required fields are marked).*
    (?:alamat (?:email|surel) anda tidak akan dipublikasikan|ruas yang wajib ditandai).*
    (?:nama|name|email|surel|e-mail|situs web|website) ?\*
    comments? (?:are|is) closed.*|komentar (?:telah )?ditutup\.?|batalkan balasan|cancel reply
spam filter *
    .*\bakismet\b.*
    (?:this|situs|blog|laman) (?:site|ini) .{0,20}(?:uses?|menggunakan|memakai) .{0,60}\bspam\b.*
    learn how your comment data is .*
    (?:pelajari|ketahui) (?:bagaimana|cara) data komentar .*
counter
    <READ>(?: (?:this|artikel ini))? ?:? ?(?:sebanyak )?\d[\d.,]* ?(?:k|m|rb|jt)? ?(?:kali|x|orang)?
    \d[\d.,]* ?(?:k|m|rb|jt)? ?(?:x |kali )?<READ>
    \d{1,3}
share buttons
    <SHARE>(?:[ ,:|/•·+&–-]+<SHARE>)*[ :|.…]*
navigation
    <BUTTON>(?: ?\| ?<BUTTON>)* ?(?:\.{2,}|[…»«>›→←:]*)
    <PAGE> ?:? ?\d+(?: \d+)*(?: dari \d+| ?/ ?\d+)?(?: selanjutnya| next| semua)?
    [«‹<←] ?.{3,160}
    .{3,160} ?[»›→]
    (?:prev(?:ious)?|next|<ASIDE>)(?: <NEWS>| post)? ?[:»«›‹→←|] ?.{0,160}
breadcrumb
    (?:home|beranda|depan) ?[»›>/|→] ?.{1,200}
    (?:[^\W_][\w&'-]*(?: [\w&'-]+){0,4} ?[»›] ?){1,6}[^\W_].{1,160}
tags
    (?:tags?|labels?|kata kunci|keywords?|hashtags?|kategori|kanal|rubrik) ?[:#].{0,250}
    (?:categor(?:y|ies)|filed under|posted in|tagged(?: with)?|topik(?: terkait)?) ?:.{0,250}
    tags?|labels?|hashtags?|kata kunci|keywords?
    #\w+(?:[ ,]+#\w+)*
copyright
    (?:copyright|©|\(c\))[ :©]*(?:\(c\) ?)?(?:\d{4}|<SITE>|by)\b.{0,160}
    hak cipta ?[:©@]? ?(?:\d{4}|dilindungi)\b.{0,60}
    .{0,100}(?:all rights? reserved|hak cipta dilindungi(?: undang-undang)?)\.?
    dilarang (?:keras )?(?:mengambil|menyalin|mengutip|memperbanyak) .{0,200}<LEAVE>.{0,80}
    © ?.{2,100}
advertisement
    [ –—-]*<ADVERT>[ –—-]*(?:(?:scroll|gulir).{0,80})?:?
    (?:scroll|gulir) (?:to|untuk|down|ke) (?:continue|resume|melanjutkan|membaca|bawah).{0,60}
    powered by .{2,40}
newsletter
    (?:dapatkan|baca|ikuti|cek|temukan|simak|nikmati) .{0,120}\b<CHANNEL>\b.{0,160}
    (?:dapatkan|ikuti|baca) (?:update |informasi |info |kabar )?berita (?:pilihan|ter\w+) .{0,200}
    <JOIN> .{0,60}\b<CHANNEL>\b.{0,160}
    <JOIN> (?:di |ke )?(?:aplikasi|newsletter|akun) .{0,60}(?:kami|sekarang|gratis|di sini)\b.{0,40}
follow
    (?-i:IKUTI|FOLLOW|GABUNG|SUBSCRIBE|KUNJUNGI) (?-i:[A-Z0-9@][^a-z]{1,60}.{0,60})
    (?:ikuti|follow|temukan) (?:kami|us|akun (?:kami|resmi)|berita kami|media sosial kami)\b.{0,120}
    like (?:fanpage|halaman) .{0,80}
    (?:https?://)?t\.me/\S+|@\w{2,30}
author box
    (?:about|tentang) .{1,60} \d[\d.,]* (?:articles?|artikel|posts?|tulisan)
    (?:view all posts|lihat semua (?:artikel|tulisan|pos))\b.{0,60}
    (?:tentang|about the|profil) (?:penulis|author)
motto
    (?:<SITE> ?[–—|:-] ?)?<MEDIUM> <KIND>\b[^.:]{0,60}<PRAISE>[^.:]{0,40}
    (?:<SITE> ?[–—|:-] ?)?<PRAISE>(?:(?: ?[,&|•-] ?|,? dan )<PRAISE>)+[.!]?
login
    (?:silakan|silahkan|please|harap|anda harus|you must) <ENTER>\b.{0,100}
    (?:sudah|belum) punya akun\?.{0,60}|lupa (?:password|kata sandi)\??|forgot (?:your )?password\??
    masuk (?:dengan|menggunakan) (?:google|facebook|akun) ?.{0,40}
    (?:konten|artikel) ini (?:khusus|hanya) untuk (?:pelanggan|pembaca|anggota)\b.{0,60}
"""

_PIECES = {
    "VIEW": r"(?:baca|simak|lihat|tonton|saksikan|read)",
    "ALSO": r"(?:juga|pula|also|more)",
    "NEWS": r"(?:berita|artikel|topik|konten|video|tulisan|news|articles?)",
    "PHOTO": r"(?:foto|photo|image|gambar|grafis|infografis|dok(?:umentasi)?\.?|foto oleh|credit"
    r"|sumber (?:foto|gambar)|kredit foto|photo credit|gambar header|courtesy|getty images)",
    "STOCK": r"(?:pinterest|shutterstock|pixabay|unsplash|freepik|pexels|istock)",
    "POINTING": r"(?:ini|itu|yang|tersebut|karya|di|buku|adalah)",
    "AUTHOR": r"(?:oleh|(?:tim )?penulis|(?:co-)?editor|reporter|redaktur|penyunting|pewarta|by"
    r"|jurnalis|wartawan|kontributor|laporan|author|writer|penerjemah|translator|publisher)",
    "NAMES": r"(?-i:[A-Z@][\w.'’@-]*(?:[\s,/&|():-]+(?:[A-Z@][\w.'’@-]*|<JOINT>))*\)?)",
    "JOINT": r"(?:dan|bin|binti|van|al)",
    "BY": r"(?:oleh|by)",
    "LEAVE": r"(?:izin|persetujuan|seizin)",
    "PUBLISHED": r"(?:posted|published|updated|last updated|diterbitkan|diperbarui|dipublikasikan"
    r"|terbit|tayang|update)",
    "STAMP": r"(?:(?:<DAY> ?[,/|]? ?)?\(?<DATE>\)?(?: ?[–—|,@•·/-]* ?<CLOCK>)?)",
    "DAY": r"(?:(?:senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|ahad|(?:mon|tues?|wed(?:nes)?"
    r"|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\b)",
    "DATE": r"(?:\d{1,2} <MONTH> \d{4}|<MONTH> \d{1,2},? \d{4}|\d{4}-\d{2}-\d{2}"
    r"|\d{1,2} ?[/.-] ?\d{1,2} ?[/.-] ?\d{2,4})",
    "MONTH": r"(?:(?:jan(?:uari|uary)?|[fp]eb(?:ruari|ruary)?|mar(?:et|ch)?|apr(?:il)?|mei|may"
    r"|jun[ei]?|jul[iy]?|agus(?:tus)?|agu|agt|aug(?:ust)?|sept?(?:ember)?|o[kc]t(?:ober)?"
    r"|nov(?:ember)?|de[sc](?:ember)?)\.?)",
    "CLOCK": r"(?:(?:pukul|jam|at) )?\d{1,2} ?[:.] ?\d{2}(?: ?[:.] ?\d{2})? ?<ZONE>?",
    "ZONE": r"(?:wib|wita|wit|gmt|utc|am|pm)",
    "UNIT": r"(?:(?:detik|menit|jam|hari|minggu|pekan|bulan|tahun)"
    r"|(?:second|minute|hour|day|week|month|year)s?)",
    "COUNT": r"(?:\d[\d.,]*|belum ada|tidak ada|no|lihat(?: semua)?|muat)",
    "READ": r"(?:(?:telah )?(?:dibaca|dilihat|dibagikan|ditonton|disukai)|pembaca|klik"
    r"|(?:view|hit|share|like|tweet)s?)",
    "SHARE": r"(?:(?:bagikan|share|tweet|whatsapp|wa|facebook|fb|twitter|x|telegram|line|linkedin"
    r"|email|e-mail|pinterest|pin it|print|cetak|instagram|youtube|tiktok|threads|copy link|like"
    r"|more|salin (?:link|tautan)|subscribe|google\+|reddit|messenger|follow)"
    r"(?: (?:ini|this|it|on|di|ke|via|to|berita|artikel|article|facebook|twitter|whatsapp))*)",
    "ASIDE": r"(?:berikutnya|sebelumnya|selanjutnya)",
    "PAGE": r"(?:halaman|laman|page)",
    "BUTTON": r"(?:top|home|beranda|menu|(?:back|scroll) to top|(?:kembali )?ke atas|search|cari"
    r"|skip to content|pencarian|log ?in|masuk|daftar|sign (?:in|up)|log ?out|keluar|register|next"
    r"|prev(?:ious)?|<ASIDE>|lanjutkan(?: membaca)?|(?:next|previous|newer|older) (?:post|page)s?"
    r"|(?:artikel|pos|posting|postingan|berita|<PAGE>) (?:<ASIDE>|lama|lebih (?:baru|lama)|utama)"
    r"|(?:baca )?selengkapnya|continue reading|(?:read|load|view|show) (?:more|all)|loading|memuat"
    r"|muat lebih banyak|tampilkan (?:semua|lebih banyak)|lihat (?:semua|lainnya)|tutup|close"
    r"|terms(?: of (?:use|service))?|privacy policy|kebijakan privasi|tentang kami|about us"
    r"|hubungi kami|contact us|redaksi|pedoman media siber|disclaimer|sitemap|peta situs|indeks"
    r"|info iklan|karier|kontak)",
    "ADVERT": r"(?:advertisements?|iklan|sponsored|promoted|advertorial|pariwara|ads by .{1,30})",
    "CHANNEL": r"(?:google news|whatsapp channel|newsletter|app store|play store|telegram kami"
    r"|(?:grup|group|kanal|channel|saluran) (?:telegram|whatsapp|wa|youtube)|youtube kami)",
    "JOIN": r"(?:(?:ayo|mari|yuk,?) )?(?:gabung|bergabung|bergabunglah|join|subscribe|langganan"
    r"|berlangganan|follow|instal|install|unduh|download)",
    "SITE": r"(?:[\w-]+\.(?:com|co\.id|id|net|org|news|tv)|(?-i:[A-Z][\w.]*))",
    "MEDIUM": r"(?:media|portal|situs|website|kantor)",
    "KIND": r"(?:berita|informasi|islam|warta|online)",
    "PRAISE": r"(?:cerdas|tajam|aktual|terpercaya|tepercaya|akurat|cepat|lugas|berani|jujur|kritis"
    r"|berimbang|independen|terdepan|objektif|terkini|mencerahkan|mencerdaskan|inspiratif)",
    "ENTER": r"(?:log ?in|masuk|be logged in|sign in|daftar)",
}


def _expand(pattern: str) -> str:
    while match := re.search(r"<([A-Z]+)>", pattern):
        pattern = pattern.replace(match[0], _PIECES[match[1]])
    return pattern.replace(" ?", r"\s*").replace(" ", r"\s+")


def _compile(starred: bool) -> re.Pattern[str]:
    """One alternation of the whole table, or of its starred kinds alone."""
    patterns, wanted = [], True
    for row in _TABLE.strip().splitlines():
        if not row.startswith(" "):
            wanted = not starred or row.endswith("*")
        elif wanted:
            patterns.append(f"(?:{_expand(row.strip())})")
    return re.compile("|".join(patterns), re.IGNORECASE | re.DOTALL)


LINE = _compile(starred=False)
ANYWHERE = _compile(starred=True)

# Announces links on the lines below it.
HEADER = re.compile(
    r"(?:(?:baca|simak|lihat|tonton)[ _]*(?:juga|pula)|(?:berita|artikel) (?:terkait|lainnya)"
    r"|related (?:posts?|news|articles?)|terpopuler|rekomendasi)\s*[:–—-]?",
    re.IGNORECASE,
)
# The writers' mark at the end of an article, in brackets.
SIGN_OFF = re.compile(
    r"[(\[]\s*(?:[^\W\d_][\w. ]{0,25}(?:\s*[/|-]\s*\w[\w. -]{0,20}){1,3}|[*]\s*/\s*\w+|[*]{1,3}"
    r"|[a-z]{1,6}|[A-Z]{1,6}|[A-Z][a-z]{1,12}|[A-Z]\w+(?: [A-Z]\w+){1,2}|\w+\. ?[A-Z]\d{3}"
    r"|(?:ed|rep|red)\s*:.{1,40}|[A-Z][\w.]*\.(?:com|co\.id|id|net|org))\s*[)\]]\.?"
)
# Without a full stop in front, only what no headline ends with.
PLAIN_SIGN_OFF = re.compile(
    r"\(\s*[a-z]{2,8}(?:\s*/\s*[a-z]{2,8}){1,3}\s*\)"
    r"|\[\s*(?:[a-z]{2,4}|[A-Za-z]{2,8}(?:\s*/\s*[A-Za-z]{2,8}){1,3})\s*\]"
)
