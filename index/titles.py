"""The headline of an article, where its text has one.

A headline is told from what stands around it (section, motto, breadcrumb, date, byline, caption) by
its place before the first paragraph and by its words, which come back in the story.
"""

from __future__ import annotations

import re
from itertools import pairwise

from index.dates import is_date_line

LONGEST = 160
"""Characters; what is longer is a paragraph."""

_HEAD = 20_000  # characters read: a headline further down is another page's
_LINES = 120  # lines read

_NOISE = re.compile(
    r"""
    ^\W*(?:
        \d+ (?:\s*(?:komentar|comments?|shares?|views?|kali\ dibaca|x\ dibaca).*)?
      | (?:home|beranda|depan)\s*[»›>/|→-].*
      | .*[»›].*
      | (?:story\ code|kode\ berita|news\ (?:id|code)|id\ berita)\b.*
      | (?:oleh|by|penulis|reporter|editor|pewarta|laporan|kontributor|redaktur|author)\b\s*:?\s.{0,80}
      | (?:foto|photo|gambar|ilustrasi|image|video|infografis)\s*[:/(].*
      | (?:sumber|source|tags?|topik|label|kategori|kanal|rubrik|category)\s*:.*
      | (?:baca|lihat|simak|read)\ (?:juga|pula|also|more)\b.*
      | (?:(?:bagikan|share|tweet|print|cetak|email|komentar|comments?|iklan|advertisement|menu|search
          |cari|login|masuk|daftar|top|loading|facebook|twitter|whatsapp|telegram|copy\ link
          |salin\ tautan|ikuti\ kami|follow\ us|skip\ to\ content|langsung\ ke\ konten)\b[\s,|/·•:-]*)+
      | scroll\b.* | ikuti\ .* | waktu\ baca.* | (?:https?://|www\.)\S+ | \S+@\S+\.\S+
      | (?:diterbitkan|dipublikasikan|published|posted|updated|diperbarui|terbit|tayang)\b.*
      | (?:berita|kabar|news|warta)?\s*(?:inter|nasional|internasional|dunia|mancanegara|global|politik
          |hukum|ekonomi|bisnis|olahraga|sport|sports|bola|teknologi|tekno|hiburan|gaya\ hidup
          |lifestyle|kesehatan|health|pendidikan|sains|budaya|daerah|regional|metro|megapolitan
          |peristiwa|opini|kolom|editorial|tajuk\ utama|headline|news|berita|terkini|timur\ tengah)
    )?\W*$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CREDIT = re.compile(
    r"(?:[(/]\s*|\b(?=\w+\s*:))(?:foto|photo|ilustrasi|dok|istimewa|reuters|afp|ap|antara)\b.*$",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"^[A-Z][\w.,/ ()-]{2,40}\s[-–—]{1,2}\s+\S")
_PLAIN = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W_]{3,}")


def title(text: str) -> str | None:
    """The headline in an article's text, with the spaces around it left off, or None.

    Of the lines before the first paragraph that look like a headline, the first that shares about
    as many of its words with the story as the best does.
    """
    lines = [line.strip()[: 2 * LONGEST] for line in text[:_HEAD].splitlines()[:_LINES]]
    candidates = _candidates(lines)
    story = {word for line in lines if line not in candidates for word in _words(line)}
    shares = {line: _share(line, story) for line in candidates}
    enough = 0.7 * max(shares.values(), default=0)
    return next((line for line, share in shares.items() if share >= enough), None)


def _candidates(lines: list[str]) -> list[str]:
    """Lines before the first paragraph that may be the headline: three words or more, no noise.

    A site's or a section's name is shorter, or has three words in capitals.
    """
    candidates = []
    for line, after in pairwise([*lines, ""]):
        if not line or _NOISE.match(line) or is_date_line(line):
            continue
        wrapped = after[:1].islower() and not _NOISE.match(after)
        if wrapped or _is_prose(line, lines):
            break
        if not _CREDIT.search(line) and len(_PLAIN.findall(line)) > (3 if line.isupper() else 2):
            candidates.append(line)
    return candidates


def _is_prose(line: str, lines: list[str]) -> bool:
    """Whether a line is a paragraph, or the beginning of one, rather than a headline."""
    if len(line) > LONGEST or line.endswith((",", ";", ".”", '."')):
        return True
    if line.endswith(".") and not line.endswith("..") and lines.count(line) < 2:
        return len(line.split()) > 6  # a motto may have its full stop
    return len(line) > 60 and bool(_DATELINE.match(line))


def _share(line: str, story: set[str]) -> float:
    """The share of a line's words that are in the story too; half counts like all of them."""
    words = _words(line)
    return min(len(words & story) / max(len(words), 1), 0.5)


def _words(line: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(line)}
