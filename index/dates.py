"""The day an article was published, read from where web pages put it.

Own patterns and month names rather than dateparser, which fills a missing day or year in from
today's date; a citation with an invented date is worse than one without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from index.furniture_patterns import HEADER

EARLIEST = 1900  # an older year is an event of the story, not its publication
_TOP = 12  # lines that are not empty
_LEAD = 800  # characters of prose

_MONTHS = """
januari january jan | februari february pebruari feb peb | maret march mar mrt | april apr | mei may
| juni june jun | juli july jul | agustus august aug ags agt agu agst | september sept sep
| oktober october okt oct | november nopember nov nop | desember december des dec
"""
_MONTH = {
    name: number for number, names in enumerate(_MONTHS.split("|"), 1) for name in names.split()
}
_WEEKDAYS = """
senin monday mon sen | selasa tuesday tue tues sel | rabu wednesday wed rab | kamis thursday thu
thur thurs kam | jumat jum'at jum’at friday fri jum | sabtu saturday sat sab | minggu ahad sunday
sun min mgg
"""
_WEEKDAY = {
    name: number for number, names in enumerate(_WEEKDAYS.split("|")) for name in names.split()
}
_ENGLISH_WEEKDAYS = {name for name in _WEEKDAY if name.endswith("day")}


def _any_of(names: dict[str, int]) -> str:
    """A pattern for any of these names, the longest first."""
    return "|".join(sorted(names, key=len, reverse=True))


_DAY_NAME = rf"(?:(?P<weekday>{_any_of(_WEEKDAY)})\.?\b[\s,(]*)?"
_NAMED = rf"(?P<month>{_any_of(_MONTH)})\b\.?"
_SEP = r"\s{0,2}[-/.]\s{0,2}"
_DATE = [
    # ASCII, or any letter that a case maps to "i" or "s" would pass for it (Turkish, old German).
    re.compile(rf"\b{_DAY_NAME}(?<![\d/.:-]){form}", re.IGNORECASE | re.ASCII)
    for form in (
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]{{1,3}}{_NAMED}[\s,-]{{1,3}}(?P<year>\d{{4}})\b",
        rf"{_NAMED}\s{{1,2}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,2}}(?P<year>\d{{4}})\b",
        r"(?P<year>\d{4})[-/](?P<month>\d{2})[-/](?P<day>\d{2})(?![\d/-])",
        rf"(?P<day>\d{{1,2}}){_SEP}(?P<month>\d{{1,2}}){_SEP}(?P<year>\d{{4}})(?![\d/-])",
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{2})(?![\d/-])",
    )
]
_YEAR = re.compile(r"\d{4}|/\d\d\b")

# What else a line may hold that only tells when, where or by whom it was published.
_TIME = re.compile(
    r"T?\b\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?\s*(?:Z\b|[+-]\d{2}:?\d{2})?(?:\s*[ap]\.?m\b\.?)?"
    r"|\b(?:WIB|WITA|WIT|GMT|UTC)\b(?:\s*[+-]\d{1,2})?|\b(?:pukul|jam)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\W*(?:di(?:terbitkan|publikasikan|tayangkan|unggah|posting|tulis)|terbit|tayang|publi[sk]\w+|"
    r"publish(?:ed)?|post(?:ed)?|tanggal|tgl|date|dated|waktu terbit|rilis)\b[^:\d]{0,20}[:\s]",
    re.IGNORECASE,
)
_UPDATE = re.compile(
    r"(?:\b(?:last|terakhir)\s+)?(?:diper?bar(?:u|aha?r)\w*|\bupdated?\b|\bmodified\b|\bedited\b)",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"^\W*(?:oleh|by|penulis|reporter|editor|laporan|redaksi|kontributor)\b", re.IGNORECASE
)
_SITE = re.compile(r"\b[\w-]+\.(?:com|co|id|net|org|news|tv|info)\b|[|»]", re.IGNORECASE)
_NOT_OURS = re.compile(
    r"^\W*(?:baca|lihat|simak|read|see|berita|artikel|related|terkait|event|acara|jadwal|kick)\b"
    r"|^\W*waktu\s*:|lahir|copyright|©|hak cipta",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    r"^\W*(?:\d*\s*(?:komentar|comments?)\s*:?$|posting komentar|be the first|leave a|tinggalkan)",
    re.IGNORECASE,
)
_LINKS = re.compile(
    r"(?:berita|artikel|news)\s+(?:terkait|lainnya|terkini|terbaru|terpopuler|pilihan|serupa)\s*:?",
    re.IGNORECASE,
)
_PROSE = 80  # characters: longer lines are the story's
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_PLACE = re.compile(r"^[\W]*[A-Z][\w.'’/-]*(?:[ ,(]+[A-Z][\w.'’/-]*){0,4}\s*[,(/|:–—-]\s*$")
_ANOTHER_DAY = re.compile(
    r"\b(?:akan|bakal|rencana\w*|dijadwalkan|will|lahir|born)\b"
    r"|\b(?:pada|sejak|sampai|hingga|digelar|mulai|dimulai|periode|besok|depan|lalu|on|since|until)"
    r"(?:\s+hari)?[\s,(]*$",
    re.IGNORECASE,
)
_ANOTHER_DAY_AFTER = re.compile(
    r"[\s)]*(?:lalu|silam|mendatang|nanti|besok|depan|dan|sampai|hingga|pukul)\b", re.IGNORECASE
)


class _Rank(IntEnum):
    """Where a date stands, the surest place first."""

    TOP_LINE = 1
    DATELINE = 2
    END_LINE = 3
    LEAD = 4
    AMONG_STORY = 5
    UPDATE = 6


@dataclass(frozen=True, slots=True)
class _Found:
    """A full date in a line, `line[start:end]`, its weekday's name with it."""

    start: int
    end: int
    day: date
    weekday_named: bool
    weekday_agrees: bool


def published(text: str, today: date | None = None) -> date | None:
    """The publication date that an article's text tells in full, or None.

    Looked for in this order: a line of its own near the top, a dateline (`JAKARTA, 28 Mei 2015 –`),
    a line of its own at the end, a date with its weekday or in parentheses in the first paragraphs
    (`Jumat (21/5/2021)`), a line of its own among these, which may head a chronology, a line that says when
    the page was updated. Links to other articles have dates of their own, which do not count. Numbers are
    read day first. Dates after `today` (default: this day; one more is allowed for time zones) do not count.
    """
    latest = (today or date.today()) + timedelta(days=1)
    ranked = [
        (rank, order, found.day)
        for order, (rank, found) in enumerate(_candidates(text))
        if found.day <= latest
    ]
    return min(ranked)[2] if ranked else None


def is_date_line(line: str) -> bool:
    """Whether a line only tells a date, perhaps with time, label, author or site."""
    return any(_stands_alone(line, found) for found in _dates(line))


def _candidates(text: str) -> Iterator[tuple[_Rank, _Found]]:
    """The dates that may be the publication's, with the place each stands in, in reading order."""
    lines = _lines(text)
    end = max(_TOP, len(lines) - 4)
    story = _story(lines)
    prose = 0  # characters of it above the line
    for number, line in enumerate(lines):
        for found in _dates(line) if number < _TOP or number >= end or prose < _LEAD else []:
            rank = _rank(line, found, number < _TOP, number >= end, prose < _LEAD)
            if rank is _Rank.TOP_LINE and number > story and not _LABEL.match(line):
                rank = _Rank.AMONG_STORY
            if rank:
                yield rank, found
        prose += len(line) if len(line) > 40 else 0


def _story(lines: Sequence[str]) -> int:
    """The number of the first line of prose."""
    return next((n for n, line in enumerate(lines) if len(line) > _PROSE), len(lines))


def _lines(text: str) -> list[str]:
    """The first and last lines that are not empty, each cut to where a date may tell something.

    Reading stops where the comments begin; what refers to other pages and addresses is blanked.
    """
    head, tail = text[:20_000], text[20_000:][-5_000:]
    lines = [line.strip()[:2_000] for line in (head + "\n" + tail).splitlines() if line.strip()]
    story = _story(lines)
    comments = (n for n, line in enumerate(lines) if n > story and _COMMENTS.match(line))
    ours = []
    linked = False  # below the header of links to other articles
    for number, line in enumerate(lines[: next(comments, len(lines))]):
        linked = len(line) <= _PROSE and (linked or (number > story and _is_links(line)))
        other = linked or _NOT_OURS.search(line[:60])
        ours.append("" if other else _URL.sub(" ", line))
    return ours


def _is_links(line: str) -> bool:
    """Whether links to other articles follow a line."""
    return HEADER.fullmatch(line) is not None or _LINKS.fullmatch(line) is not None


def _rank(line: str, found: _Found, top: bool, end: bool, lead: bool) -> _Rank | None:
    """The place a date stands in; None where it is most likely another event's."""
    if (top or end) and _stands_alone(line, found):
        if _UPDATE.search(line[: found.start]):
            return _Rank.UPDATE
        return _Rank.TOP_LINE if top else _Rank.END_LINE
    if top and _is_dateline(line, found):
        return _Rank.DATELINE
    if lead and found.weekday_agrees and _is_reported_day(line, found):
        return _Rank.LEAD
    return None


def _is_reported_day(line: str, found: _Found) -> bool:
    """Whether prose gives the date as the day of the news: `, Jumat (21/5/2021)`, `(30/01/2019)`.

    What is planned, or told as the day of something else, is not. In IndoSum (3,463 articles with
    the time of their collection), 306 of the 343 dates that pass are that day's or up to three
    days before it.
    """
    in_parentheses = (
        "(" in line[max(0, found.start - 2) : found.end] and ")" in line[found.end :][:3]
    )
    sentence = line[: found.start].rpartition(". ")[2]
    another = _ANOTHER_DAY.search(sentence) or _ANOTHER_DAY_AFTER.match(line, found.end)
    return (found.weekday_named or in_parentheses) and not another


def _stands_alone(line: str, found: _Found) -> bool:
    """Whether the line is there to tell this date: little else, or words of publication."""
    rest = _TIME.sub(" ", line[: found.start] + " " + line[found.end :])
    words = re.findall(r"[^\W\d_]+", _LABEL.sub(" ", _UPDATE.sub(" ", rest)))
    if not words:
        return True
    if len(line) > 120 or len(words) > 10 or line.endswith((".", "?", "!")):
        return False
    timed = found.weekday_named or _TIME.search(line[found.end :][:12])
    signed = _BYLINE.match(line) or _SITE.search(line) or _LABEL.match(line)
    return bool(signed or (timed and len(words) <= 5))


def _is_dateline(line: str, found: _Found) -> bool:
    """`JAKARTA, 28 Mei 2015 –` or `Moskow, Warta.com (30/1/2019) -`, or such a line by itself."""
    before, after = line[: found.start], line[found.end :]
    if not _PLACE.match(before):
        return False
    return bool(re.match(r"\)?\s*(?:[–—/-]|$)", after))


def _dates(line: str) -> list[_Found]:
    """Every full, possible date in a line, left to right."""
    found: list[_Found] = []
    if not _YEAR.search(line):  # most lines; saves four fifths of the time
        return found
    plain = line.replace("\u00a0", " ")  # of the same length
    for pattern in _DATE:
        for match in pattern.finditer(plain):
            day, agrees = _day(match)
            if day:
                named = match["weekday"] is not None
                found.append(_Found(match.start(), match.end(), day, named, agrees))
    return sorted(found, key=lambda one: one.start)


def _day(match: re.Match[str]) -> tuple[date | None, bool]:
    """The date a match stands for, and whether its weekday agrees (yes where none is named).

    Numbers are day first, as Indonesians write, unless only month first is a date, or it alone
    agrees with a weekday in English. (Indonesian writers sooner mistake the weekday.)
    """
    name, year, day = match["month"].lower(), int(match["year"]), int(match["day"])
    year += 2000 if len(match["year"]) == 2 else 0
    readings = [_real(year, _MONTH[name] if name in _MONTH else int(name), day)]
    if name.isdigit() and match.start("year") > match.start("day"):
        readings.append(_real(year, day, int(name)))
    possible = [reading for reading in readings if reading]
    if not possible or not match["weekday"]:
        return next(iter(possible), None), True
    weekday = match["weekday"].lower()
    if weekday in _ENGLISH_WEEKDAYS:
        possible.sort(key=lambda one: one.weekday() != _WEEKDAY[weekday])
    return possible[0], possible[0].weekday() == _WEEKDAY[weekday]


def _real(year: int, month: int, day: int) -> date | None:
    """The date, or None where there is no such day or it is too long ago."""
    try:
        return date(year, month, day) if year >= EARLIEST else None
    except ValueError:
        return None
