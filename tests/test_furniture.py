"""Page furniture is known by whole lines; sentences that hold the same words are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.furniture import furniture, is_sign_off, sign_off_at
from index.sentences import spans, split

FURNITURE = """
Foto: Pasukan Irak berjaga di Baghdad
(Foto: Antara/Rudi)
Ilustrasi. Foto: Reuters/Omar Sanadiki
Ilustrasi sidang. (Foto: dok. pengadilan)
Foto ilustrasi: pekerja di ladang minyak
Tentara Irak di Ramadi (Foto: AFP)
0
17
Story Code : 1043895
Monday 27 February 2023 - 23:20
Rabu, 30 Januari 2019 14:05 WIB
Kamis, 21/05/2015 | 18:42 WIB
30 Januari 2019
14:05 WIB
3 jam yang lalu
Baca juga : Lavrov Terima Menlu Irak di Moskow
BACA JUGA: Irak Buka Perundingan S-400
(Baca juga: Menhan Irak Kunjungi Teheran)
Baca Juga Putin Terima Abadi di Kremlin
Lihat juga: Peta Serangan Udara di Suriah
Simak juga
SIMAK JUGA - Sanksi Baru Menanti Baghdad
[Gambas:Video 20detik]
0 komentar:
12 Komentar
Belum ada komentar
Posting Komentar
Tulis Komentar Anda
Komentar
Comment
Leave a Reply
Be the first to comment
Jadilah yang pertama berkomentar!
Alamat email Anda tidak akan dipublikasikan. Ruas yang wajib ditandai *
Top
sumber: Press TV
Sumber: https://contoh.id/berita/1
oleh: Budi Santoso
Penulis: Rina Wulandari
Editor: Ahmad Fauzi | Redaktur: Sari
Reporter: Dian/Antara
(ARN)
[IT/AR]
(dtk/abc)
(Antara)
IKUTI TELEGRAM KAMI
IKUTI KAMI DI GOOGLE NEWS
About Redaksi 31360 Articles
Media Islam Terpercaya dan Terdepan
Tajam, Akurat, Terpercaya
This site uses Akismet to reduce spam. Learn how your comment data is processed.
Situs ini menggunakan Akismet untuk mengurangi spam. Pelajari bagaimana data komentar Anda diproses.
Bagikan
Share on Facebook
Tweet
WhatsApp
Facebook Twitter WhatsApp Telegram
Home » Internasional » Timur Tengah
Beranda > Nasional > Politik
Tag: irak, rusia, suriah
Tags
#irak #rusia
Copyright © 2023 Contoh.com. All rights reserved.
Hak Cipta © 2021 Contoh Media
© 2020 Contoh
Dilarang mengambil dan/atau menayangkan ulang sebagian artikel ini tanpa izin redaksi.
Advertisement
Iklan
ADVERTISEMENT SCROLL TO CONTINUE WITH CONTENT
Halaman selanjutnya
Halaman 1 2 3 Selanjutnya
Selengkapnya
Loading...
Dibaca 1.203 kali
1.204 views
Dapatkan update berita pilihan dan breaking news setiap hari dari kami.
Gabung di grup Telegram Contoh untuk kabar terbaru.
Cek Berita dan Artikel yang lain di Google News
« Irak Rayakan Kemenangan
Next: Menlu Irak Bertemu Blinken
Artikel sebelumnya
Silakan login untuk memberi komentar
Belum punya akun? Daftar di sini
Lupa password?
* * *
Diperbarui: 28 Februari 2023, 08:15 WIB
""".strip().splitlines()

ARTICLE = """
Ia menulis komentar: "Saya tidak setuju dengan keputusan itu."
Sumber di kepolisian mengatakan pelaku sudah ditangkap.
Menurut sumber: pasar akan pulih pada akhir tahun.
Oleh karena itu, pemerintah menunda kenaikan tarif.
Oleh warga setempat, bangunan itu dipakai sebagai balai desa.
Top skor liga musim ini masih dipegang pemain Brasil.
Foto itu diambil di Baghdad pada 2017.
Foto-foto korban disebar lewat media sosial.
Ilustrasi di sampul buku itu dibuat oleh adiknya.
Baca juga buku-buku lama agar wawasanmu luas.
Ia meminta siswa membaca juga karya sastra daerah.
Simak penjelasan lengkap menteri dalam wawancara berikut.
Lihat saja betapa cepat harga berubah.
Komentar presiden itu memicu protes.
Komentarnya singkat.
Editor surat kabar itu ditahan polisi.
Penulis novel itu meninggal pada usia 80 tahun.
Reporter kami melaporkan langsung dari Teheran.
Tag harga di toko itu tidak pernah diperbarui.
Iklan rokok dilarang tayang sebelum pukul 21.30.
Share pasar perusahaan itu naik menjadi 30 persen.
Home industri di desa itu mempekerjakan 40 orang.
Telegram diblokir pemerintah pada 2017.
WhatsApp mengumumkan fitur baru untuk pengguna Indonesia.
Facebook, Twitter, dan WhatsApp sepakat bekerja sama dengan pemerintah.
Ikuti aturan lalu lintas agar selamat.
Bagikan bantuan itu kepada warga yang berhak!
Masuk ke gedung itu harus menunjukkan kartu identitas.
Daftar penerima bantuan diumumkan besok.
Selengkapnya, aturan itu memuat lima pasal.
Selanjutnya, hakim membacakan putusan.
Halaman rumahnya dipenuhi bunga.
Halaman 12 laporan itu menyebut nama pejabat.
Dibaca berulang kali, surat itu tetap membingungkan.
Sebanyak 1.203 orang membaca petisi itu dalam sehari.
Gabung dengan klub baru, ia langsung mencetak gol.
Dapatkan izin dari orang tua sebelum berangkat.
Cek kesehatan gratis digelar di balai kota.
Copyright lagu itu dipegang keluarga penciptanya.
Hak cipta lagu itu dimiliki keluarganya.
Dilarang merokok di ruangan ini.
Rabu, 30 Januari 2019, Lavrov menerima Al Hakim di Moskow.
Pada 30 Januari 2019 keduanya bertemu.
Senin itu hujan turun deras.
Tiga jam yang lalu kapal itu masih terlihat.
3 jam yang lalu kapal itu masih terlihat.
Media Islam terbesar di negeri itu menutup kantornya.
Tajam dan akurat, tendangannya membuat kiper terpaku.
Situs berita itu diretas dua kali.
Akurat menurut ahli, data itu dipakai pemerintah.
Spam menjadi masalah besar bagi penyedia surel.
Silakan duduk, kata hakim kepada saksi.
Harap bersabar, ujar petugas itu.
Belum ada komentar dari pihak istana.
Video itu memperlihatkan serangan udara di Suriah.
Gambar satelit menunjukkan pangkalan itu kosong.
Terkait kasus itu, polisi memeriksa lima saksi.
Terpopuler di antaranya ialah rendang.
Rekomendasi tim itu diserahkan kepada gubernur.
Kategori film terbaik dimenangi sutradara muda.
Topik utama pertemuan itu ialah keamanan kawasan.
Laporan tahunan bank itu terbit kemarin.
Terbit pada 5 Mei 2020, buku itu laris di pasaran.
Tayang pada 12 Juni 2021, film itu ditonton sejuta orang.
Iran dan Irak sepakat bekerja sama (lihat tabel).
Ia bergabung dengan Organisasi Kerja Sama Islam (OKI)
Harga emas naik dua persen (sumber: Antam).
Menteri itu tertawa (sinis).
Tentang penulis itu, tidak banyak yang diketahui.
Kontak senjata terjadi di perbatasan.
Tutup toko itu sebelum malam!
Next, kata pembawa acara itu, penonton akan melihat kejutan.
Rusia Dukung Irak Perangi ISIS
Siapa Sumber Dana ISIS?
Komentar Menlu Irak soal Pasukan AS Disesalkan
1. Kuras bak mandi seminggu sekali.
Jakarta
Pasal 5
""".strip().splitlines()


def _flags(text: str, title: str | None = None) -> list[bool]:
    return furniture(text, spans(text), title)


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_is_known(line: str) -> None:
    assert all(_flags(line))


@pytest.mark.parametrize("line", ARTICLE)
def test_an_article_keeps_its_sentences(line: str) -> None:
    assert not any(_flags(line))


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_takes_no_neighbour_with_it(line: str) -> None:
    text = f"Perang itu berakhir pada 2017.\n{line}\nBaghdad kembali tenang."
    sentences = split(text)
    assert [s.text for s in sentences if not s.furniture] == [
        "Perang itu berakhir pada 2017.",
        "Baghdad kembali tenang.",
    ]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\n\n"])
def test_a_repeated_headline_is_evidence_once(line_end: str) -> None:
    title = "Rusia Dukung Irak Perangi ISIS"
    text = line_end.join(
        [f"{title} - Contoh.com", title, "Moskow berjanji membantu.", title.upper()]
    )
    assert _flags(text, title) == [False, True, False, True]


def test_a_headline_repeats_without_being_told_the_title() -> None:
    text = "Rusia Dukung Irak\n\nRusia Dukung Irak\n\nMoskow berjanji. Moskow berjanji."
    assert _flags(text) == [False, True, False, False]


def test_a_sentence_that_begins_like_the_headline_is_no_headline() -> None:
    text = "Banjir\n\nBanjir di Demak surut.\n\nRusia dukung Irak sejak lama."
    assert _flags(text, "Banjir") == [False, False, False]
    assert _flags("Rusia Dukung Irak\n\nRusia dukung Irak sejak lama.", "Rusia Dukung Irak") == [
        False,
        False,
    ]


def test_a_table_may_repeat_its_lines() -> None:
    table = "\n".join(f"Pembalap Nomor {n} - finis {n}" for n in range(12))
    assert not any(_flags(f"{table}\n\nPembalap Nomor 9 - finis 9"))


def test_links_under_a_header_go_with_it() -> None:
    text = (
        "Perang usai.\nBACA JUGA:\nIrak Menang atas ISIS\nSiapa Sumber Dana ISIS?\n\n"
        "Babak Baru\nBaghdad membangun kembali."
    )
    assert _flags(text) == [False, True, True, True, False, False]


def test_a_sentence_under_a_header_is_no_link() -> None:
    assert _flags("Baca juga:\n\nBaghdad membangun kembali kota itu.") == [True, False]


@pytest.mark.parametrize(
    "lead",
    ["(Baca juga: Harga Beras Naik)", "Baca juga: Harga Beras Naik.", "Foto: Antara."],
)
def test_sentences_behind_a_link_or_a_credit_are_evidence(lead: str) -> None:
    own = ["Presiden mengatakan inflasi 3,5 persen.", "Bank menaikkan bunga menjadi 5 persen."]
    text = " ".join([lead, *own])
    places = [*spans(text)]
    flags = furniture(text, places)
    kept = [text[slice(*place)] for place, flag in zip(places, flags, strict=True) if not flag]
    assert kept == own


def test_a_link_in_the_middle_of_a_line_is_furniture_alone() -> None:
    text = "Perang usai. (Baca juga: Irak Menang) Baghdad kembali tenang."
    assert _flags(text) == [False, True, False]


@pytest.mark.parametrize(
    "mark", ["(ARN)", "[IT/AR]", "(dtk/abc)", "(ugo / djm)", "(Antara)", "[rnd]"]
)
def test_writers_marks_are_sign_offs(mark: str) -> None:
    text = f"Baghdad kembali tenang. {mark}"
    assert is_sign_off(mark)
    assert sign_off_at(text) == text.index(mark)


@pytest.mark.parametrize(
    "text", ["(30/1)", "(4 / 5 bintang)", "(lihat tabel di bawah)", "[...]", "()"]
)
def test_other_brackets_are_no_sign_offs(text: str) -> None:
    assert not is_sign_off(text)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.none() | st.text())
def test_every_span_gets_a_flag(text: str, title: str | None) -> None:
    assert len(_flags(text, title)) == len(spans(text))


@pytest.mark.parametrize(
    "line",
    ["share " * 50, "a & b » " * 38, "#a" * 150, "Foto " * 60, "A, " * 100, "x " * 155, "(" * 310],
    ids=lambda line: line[:8],
)
def test_no_line_is_slow_to_match(line: str) -> None:
    text = "\n\n".join([line] * 200)
    assert len(_flags(text)) >= 200
