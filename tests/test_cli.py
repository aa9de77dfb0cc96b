"""The command line, run as a user runs it: real processes, the real encoder, a real index."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from platformdirs import user_cache_path
from typer.testing import CliRunner, Result

from assistant.cli import cli

ROOT = Path(__file__).parent.parent
COMMANDS = {
    "index": ["ARTICLES", "--index", "--rebuild", "--quiet"],
    "ask": [
        *("QUESTION", "--articles", "--index", "--folder", "--since", "--until", "--json"),
    ],
    "eval": [
        *("QUESTIONS", "--articles", "--index", "--json", "--html", "--language", "--baseline"),
        *("--fail-under", "--check"),
    ],
    "serve": ["--articles", "--index", "--host", "--port"],
}
BRIDGE = """Penantian Warga Berakhir
Kamis, 14 Mei 2015

SURABAYA - Wali Kota Surabaya membuka Jembatan Kalimas pada Kamis pagi. Jembatan Kalimas
panjangnya 412 meter dan dibangun selama dua tahun. Biayanya Rp 95 miliar.

Warga sudah lama menunggu jembatan tersebut.
"""
FISH = """Nelayan Tuban Panen Ikan Tongkol
Senin, 3 Agustus 2020

TUBAN - Nelayan di Tuban menangkap 30 ton ikan tongkol dalam sepekan. Harga ikan di pelelangan
turun menjadi Rp 12.000 per kilogram.
"""
# A page that tries to colour the terminal, to read as rich's markup, and to turn the text around.
HOSTILE = """Warga Menyelamatkan Diri
Jumat, 4 Desember 2020

LUMAJANG - Gunung Semeru erupsi \x1b[31mpukul 14.50\x1b[0m WIB dan [bold red]abu
vulkanik[/bold red] \u202ejatuh\u202c di Lumajang. Warga mengungsi ke [/] balai desa.
"""
QUESTION = "Berapa panjang Jembatan Kalimas?"

# What `python -m assistant` does. A test runner in the background hands on that Ctrl-C is ignored.
KUTIP = """if True:
    import runpy, signal
    signal.signal(signal.SIGINT, signal.default_int_handler)
    runpy.run_module("assistant", run_name="__main__")
"""


@pytest.fixture(scope="session")
def cache() -> Path:
    """The folder with the models, built once."""
    return Path(os.environ.get("KUTIP_CACHE") or user_cache_path("kutip"))


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "berita"
    (folder / "laut").mkdir(parents=True)
    (folder / "jembatan.txt").write_text(BRIDGE, encoding="utf-8")
    (folder / "laut" / "ikan.txt").write_text(FISH, encoding="utf-8")
    return folder


@pytest.fixture
def environment(tmp_path: Path, cache: Path) -> dict[str, str]:
    """No setting of the developer's own gets in; terminals and colours are as in a pipe."""
    ours = ("KUTIP_", "COLUMNS", "NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {
        "KUTIP_CACHE": str(cache),
        "KUTIP_ARTICLES": str(tmp_path / "berita"),
        "KUTIP_INDEX": str(tmp_path / "index"),
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }


Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Starts `kutip` with arguments, in a folder without a kutip.toml."""
    started: list[subprocess.Popen[bytes]] = []

    def run(*arguments: str, **variables: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-c", KUTIP, *arguments],
            cwd=tmp_path,
            env=environment | variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(start: Start) -> Run:
    """Runs `kutip` to its end: exit code, standard output, standard error."""

    def run(*arguments: str, given: bytes = b"", **variables: str) -> tuple[int, str, str]:
        process = start(*arguments, **variables)
        out, err = process.communicate(given)
        return process.returncode, out.decode(), err.decode()

    return run


@pytest.fixture
def invoke(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Runs a command in this process."""
    monkeypatch.chdir(tmp_path)
    for variable in list(os.environ):
        if variable not in environment:
            monkeypatch.delenv(variable)

    def invoke(*arguments: str, **variables: str) -> Result:
        return CliRunner().invoke(cli, list(arguments), env=environment | variables)

    return invoke


# Help


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_explains_every_argument_and_shows_an_example(
    invoke: Callable[..., Result], command: str
) -> None:
    result = invoke(command, "--help")
    assert result.exit_code == 0
    for name in COMMANDS[command]:
        explained = re.search(rf"^  {name}\b.* {{2,}}\w+", result.stdout, re.MULTILINE)
        assert explained, f"{name} is not explained"
    assert f"  kutip {command}" in result.stdout.partition("Examples:")[2]
    assert "Exit codes: 0" in result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_no_option_that_is_not_listed_here(
    invoke: Callable[..., Result], command: str
) -> None:
    listed = re.findall(r"^  (--[\w-]+)", invoke(command, "--help").stdout, re.MULTILINE)
    assert {*listed} - {"--json"} == {o for o in COMMANDS[command] if o[0] == "-"} - {"--json"}


def test_help_of_kutip_names_each_command_and_has_examples(invoke: Callable[..., Result]) -> None:
    result = invoke("--help")
    assert result.exit_code == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command} +\w+[^.]*\.$", result.stdout, re.MULTILINE), command
        assert f"kutip {command} " in result.stdout.partition("Examples:")[2]


def test_help_is_the_same_in_each_environment_that_python_starts_in(run: Run) -> None:
    everywhere = [
        run("ask", "--help"),
        run("ask", "--help", NO_COLOR="1"),
        run("ask", "--help", FORCE_COLOR="1"),
        run("ask", "--help", PYTHONIOENCODING="ascii"),
    ]
    assert everywhere[0][0] == 0
    assert everywhere[0][1].isascii()
    assert len(set(everywhere)) == 1


def test_help_waits_for_nothing_heavy(environment: dict[str, str]) -> None:
    code = """if True:
        import sys
        from assistant.cli import cli
        try:
            cli(["--help"])
        except SystemExit:
            pass
        heavy = {"chromadb", "openvino", "pydantic", "rich", "numpy", "torch", "gradio"}
        heavy |= {"jinja2", "scipy", "ir_measures"}
        print(sorted(heavy & set(sys.modules)), file=sys.stderr)
    """
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert "ask" in done.stdout
    assert done.stderr == "[]\n"


def test_version_is_told(invoke: Callable[..., Result]) -> None:
    result = invoke("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("kutip")


# Index


def test_index_tells_what_it_did(invoke: Callable[..., Result], articles: Path) -> None:
    first = invoke("index")
    assert first.exit_code == 0
    assert first.stdout.startswith("2 new, 0 changed, 0 unchanged, 0 removed; ")
    (articles / "jembatan.txt").write_text(BRIDGE.replace("412", "413"), encoding="utf-8")
    (articles / "laut" / "ikan.txt").unlink()
    (articles / "semeru.txt").write_text(HOSTILE, encoding="utf-8")
    assert invoke("index").stdout.startswith("1 new, 1 changed, 0 unchanged, 1 removed; ")
    assert invoke("index").stdout.startswith(
        "0 new, 0 changed, 2 unchanged, 0 removed; 0 sentences"
    )
    again = invoke("index", "--rebuild")
    assert again.stdout.startswith("2 new, 0 changed, 0 unchanged, 0 removed; ")
    assert again.stderr == ""


def test_index_names_each_file_that_it_skips_and_each_that_it_doubts(
    invoke: Callable[..., Result], articles: Path
) -> None:
    (articles / "gambar.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\0")
    (articles / "kosong.txt").write_bytes(b"")
    (articles / "lama.txt").write_bytes("Harga kopi naik — kata “petani” di Gayo.".encode("cp1252"))
    result = invoke("index")
    assert result.exit_code == 3
    assert result.stdout.startswith("3 new, 0 changed, 0 unchanged, 0 removed, 2 skipped; ")
    told = result.stderr.splitlines()
    assert any(line.startswith("Warning: lama.txt is not UTF-8") for line in told)
    assert any(line.startswith("Skipped: gambar.txt is a PNG image") for line in told)
    assert any(line.startswith("Skipped: kosong.txt is empty") for line in told)
    assert len(told) == 3


def test_quiet_index_tells_problems_only(invoke: Callable[..., Result], articles: Path) -> None:
    assert (invoke("index", "--quiet").stdout, invoke("index", "--quiet").stderr) == ("", "")
    (articles / "kosong.txt").write_bytes(b"")
    result = invoke("index", "--quiet")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("Skipped: kosong.txt")


def test_errors_that_a_user_can_mend_are_one_message_without_traceback(
    run: Run, articles: Path, tmp_path: Path
) -> None:
    missing = run("index", str(tmp_path / "tidak-ada"))
    assert missing[:2] == (1, "")
    assert missing[2].startswith("kutip: ")
    assert "does not exist" in missing[2]
    wrong = run("ask", QUESTION, KUTIP_PORT="99999999")
    assert wrong[:2] == (1, "")
    assert "port" in wrong[2]
    assert "Traceback" not in missing[2] + wrong[2]


def test_rebuild_spares_the_index_when_the_articles_folder_is_wrong(
    invoke: Callable[..., Result], articles: Path, tmp_path: Path
) -> None:
    assert invoke("index").exit_code == 0
    empty = tmp_path / "kosong"
    empty.mkdir()
    for wrong in (tmp_path / "tidak-ada", empty):
        assert invoke("index", str(wrong), "--rebuild").exit_code == 1
    assert "2 unchanged" in invoke("index").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        *(["ask"], ["ask", " \n"], ["ask", "-5 derajat?"], ["asks"], ["serve", "--port", "65536"]),
        ["ask", QUESTION, "--since", "kemarin"],
        ["ask", QUESTION, "--until", "2017-02-30"],
        ["ask", QUESTION, "--since", "2018-01-01", "--until", "2017-12-31"],
    ],
)
def test_wrong_usage_ends_with_2(invoke: Callable[..., Result], arguments: list[str]) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert "Error: " in result.stderr


# Ctrl-C


def test_interrupted_index_is_whole_and_the_next_run_goes_on(
    start: Start, run: Run, articles: Path, tmp_path: Path
) -> None:
    for number in range(160):
        text = f"Kabar ke-{number}\n\n" + "".join(
            f"Kota nomor {number} punya {number * 7 + line} sekolah dan pasar {line}. "
            for line in range(12)
        )
        (articles / f"{number}.txt").write_text(text, encoding="utf-8")
    process = start("index")
    stored = tmp_path / "index" / "chroma" / "chroma.sqlite3"
    while not stored.exists() or stored.stat().st_size < 1_000_000:  # the first of several chunks
        assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, out) == (130, b"")
    stopped = re.fullmatch(
        r"Stopped; (\d+) articles are in the index; run it again to go on\.\n", err.decode()
    )
    assert stopped, err
    kept = int(stopped[1])
    assert 0 < kept < 162
    code, out_again, _ = run("index")
    assert code == 0
    assert out_again.startswith(f"{162 - kept} new, 0 changed, {kept} unchanged, 0 removed; ")


def test_ctrl_c_while_waiting_for_another_process_ends_without_traceback(
    start: Start, articles: Path, tmp_path: Path
) -> None:
    (tmp_path / "index").mkdir()
    with FileLock(tmp_path / "index" / "writer.lock"):
        process = start("ask", QUESTION)
        assert process.stderr
        assert b"waiting for it" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out) == (130, b"")
    assert err == b"Stopped; run it again to go on.\n"


# Ask


def test_json_is_one_line_with_every_field(invoke: Callable[..., Result], articles: Path) -> None:
    result = invoke("ask", QUESTION, "--json")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.count("\n") == 1
    assert result.stdout.isascii()
    answer = json.loads(result.stdout)
    assert list(answer) == [
        "schema", "question", "text", "answered", "short", "language", "confidence", "citations",
        "unverified", "model", "claims", "read_as", "notes",
    ]  # fmt: skip
    assert answer["schema"] == 1
    assert (answer["question"], answer["language"]) == (QUESTION, "id")
    assert answer["answered"] is True
    assert answer["unverified"] == []
    assert 0 <= answer["confidence"] <= 1
    [cited] = [c for c in answer["citations"] if "412 meter" in c["text"]]
    assert set(cited) == {
        "label", "file", "sentence", "start", "end", "text", "highlight", "published", "sha256",
        "translation",
        "title",
    }  # fmt: skip
    assert f"[{cited['label']}]" in answer["text"]
    assert (cited["file"], cited["published"]) == ("jembatan.txt", "2015-05-14")
    assert BRIDGE[cited["start"] : cited["end"]] == cited["text"]
    assert cited["sha256"] == hashlib.sha256(BRIDGE.encode()).hexdigest()
    assert cited["title"] == "Penantian Warga Berakhir"


def test_json_documents_each_of_its_fields(invoke: Callable[..., Result], articles: Path) -> None:
    help = invoke("ask", "--help").stdout.partition("--json prints")[2]
    answer = json.loads(invoke("ask", QUESTION, "--json").stdout)
    for field in [*answer, *answer["citations"][0]]:
        assert re.search(rf"\b{field}\b", help), field


def test_an_answer_shows_file_sentence_title_date_and_the_sentence_in_its_paragraph(
    invoke: Callable[..., Result], articles: Path
) -> None:
    result = invoke("ask", QUESTION)
    assert result.exit_code == 0
    said, cited = result.stdout.split("\n\n")[0], _unwrapped(result.stdout)
    assert "412 meter" in said
    assert "[1]" in said
    assert re.search(
        r"\[\d\] jembatan\.txt · kalimat \d+ · Penantian Warga Berakhir · 14 Mei 2015\n",
        result.stdout,
    )
    # The line end within the sentence is a space, and the rest of the paragraph stands around it.
    assert "pada Kamis pagi. »Jembatan Kalimas panjangnya 412 meter dan" in cited
    assert "dua tahun.« Biayanya Rp 95 miliar." in cited
    assert "Warga sudah lama" not in cited.partition("»")[2].partition("Rp 95")[2].split("[")[0]
    assert re.search(r"^Keyakinan: (tinggi|sedang|rendah)$", result.stdout, re.MULTILINE)


def test_when_the_articles_do_not_say_the_exit_code_tells(
    invoke: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "berita").mkdir()
    (tmp_path / "berita" / "a.txt").write_text("Baca juga: Harga ikan turun\n", encoding="utf-8")
    shown = invoke("ask", "Berapa harga ikan?")
    assert (shown.exit_code, shown.stderr) == (4, "")
    assert shown.stdout == "Artikel-artikel yang ada tidak memuat jawaban atas pertanyaan ini.\n"
    told = invoke("ask", "What does fish cost?", "--json")
    assert told.exit_code == 4
    assert json.loads(told.stdout)["text"] == "The articles do not say."
    assert json.loads(told.stdout)["answered"] is False


def test_a_folder_and_days_are_asked_alone(invoke: Callable[..., Result], articles: Path) -> None:
    everywhere = ["ask", QUESTION, "--json"]
    for options, answered in {
        ("--folder", "laut"): False,
        ("--since", "2015-05-14", "--until", "2015-05-14"): True,
        ("--since", "2015-05-15"): False,
        ("--until", "2015-05-13"): False,
    }.items():
        result = invoke(*everywhere, *options)
        assert result.exit_code == (0 if answered else 4), options
        answer = json.loads(result.stdout)
        assert answer["answered"] is answered
        assert answered or "jembatan.txt" not in {cited["file"] for cited in answer["citations"]}


def test_a_folder_without_articles_is_said_with_those_that_have_some(
    invoke: Callable[..., Result], articles: Path
) -> None:
    result = invoke("ask", QUESTION, "--folder", "darat")
    assert (result.exit_code, result.stdout) == (1, "")
    assert re.match(r"kutip: no article is in the folder 'darat' .*: laut\.\n$", result.stderr)
    for number in range(30):
        (articles / f"bagian{number:02}").mkdir()
        (articles / f"bagian{number:02}" / "a.txt").write_text(FISH, encoding="utf-8")
    many = invoke("ask", QUESTION, "--folder", "darat").stderr
    assert "bagian19 and 11 more." in many
    assert "bagian20" not in many


def test_a_day_that_is_none_is_said_with_an_example(invoke: Callable[..., Result]) -> None:
    result = invoke("ask", QUESTION, "--since", "1/2/2017")
    assert "'--since': '1/2/2017' is no date such as 2017-12-31" in result.stderr


def test_an_answer_speaks_the_language_of_the_question(
    invoke: Callable[..., Result], articles: Path
) -> None:
    shown = invoke("ask", "How long is the Kalimas bridge?").stdout
    assert "· sentence " in shown
    assert "· 14 May 2015" in shown
    assert "Confidence: " in shown
    assert "Keyakinan" not in shown


def test_the_question_may_come_from_standard_input_or_after_two_dashes(
    run: Run, articles: Path
) -> None:
    by_argument = run("ask", "--json", "--", QUESTION)
    by_input = run("ask", "-", "--json", given=f"{QUESTION}\n".encode())
    assert by_argument[0] == 0
    assert by_argument == by_input
    assert json.loads(run("ask", "--json", "--", "-5 derajat di mana?")[1])["question"][0] == "-"
    assert run("ask", "-", given=b" \n")[0] == 2
    assert run("ask", "-", given=b"apa \xff itu?")[0] in (0, 4)


def test_skipped_files_are_mentioned_beside_an_answer(
    invoke: Callable[..., Result], articles: Path
) -> None:
    (articles / "kosong.txt").write_bytes(b"")
    result = invoke("ask", QUESTION, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["answered"]
    assert result.stderr == "Skipped files: 1; kutip index names them\n"


@pytest.mark.parametrize("variables", [{}, {"FORCE_COLOR": "1", "TERM": "xterm"}])
def test_what_articles_hold_never_steers_the_terminal(
    invoke: Callable[..., Result], articles: Path, variables: dict[str, str]
) -> None:
    (articles / "semeru.txt").write_text(HOSTILE, encoding="utf-8")
    result = invoke("ask", "Kapan Gunung Semeru erupsi?", **variables)
    assert result.exit_code == 0
    shown = re.sub(r"\x1b\[[\d;]*m", "", result.stdout)
    assert "�[31mpukul 14.50�[0m" in _unwrapped(shown)
    assert "[bold red]abu vulkanik[/bold red] jatuh" in _unwrapped(shown)
    assert "ke [/] balai" in _unwrapped(shown)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert "\x1b[31m" not in result.stdout  # ours are bold, dim, cyan and yellow


def test_output_is_plain_unless_colours_are_wanted(
    invoke: Callable[..., Result], articles: Path
) -> None:
    assert "\x1b" not in invoke("ask", QUESTION).stdout
    assert "\x1b" not in invoke("ask", QUESTION, FORCE_COLOR="1", NO_COLOR="1").stdout
    coloured = invoke("ask", QUESTION, FORCE_COLOR="1", TERM="xterm").stdout
    assert "\x1b[1mJembatan Kalimas panjangnya" in coloured
    assert "»" not in coloured


def test_lines_keep_to_a_narrow_terminal(invoke: Callable[..., Result], articles: Path) -> None:
    shown = invoke("ask", QUESTION, COLUMNS="40").stdout
    assert max(map(len, shown.splitlines())) <= 40
    assert "14 Mei 2015" in _unwrapped(shown)
    assert "»Jembatan Kalimas panjangnya 412 meter dan dibangun selama dua tahun.«" in _unwrapped(
        shown
    )


def test_a_terminal_without_unicode_gets_like_characters(run: Run, articles: Path) -> None:
    code, shown, errors = run("ask", QUESTION, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert (code, errors) == (0, "")
    assert shown.isascii()
    assert ">Jembatan Kalimas panjangnya" in shown
    assert 'tahun." [1]' in shown


def test_a_reader_that_goes_away_is_no_error(start: Start, run: Run, articles: Path) -> None:
    assert run("index")[0] == 0
    for arguments in (["ask", QUESTION], ["ask", QUESTION, "--json"], ["index"]):
        process = start(*arguments)
        assert process.stdout
        assert process.stderr
        process.stdout.close()  # before anything is written
        errors = process.stderr.read()
        assert (process.wait(), errors) == (141, b"")


def _unwrapped(shown: str) -> str:
    return " ".join(shown.split())
