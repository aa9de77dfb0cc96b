"""`kutip eval` as a user runs it: the real encoder, a real index, few questions."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant import metrics
from assistant.cli import cli
from assistant.run import load

ROOT = Path(__file__).parent.parent
BRIDGE = """Jembatan Kalimas Dibuka

SURABAYA - Wali Kota Surabaya membuka Jembatan Kalimas pada Kamis pagi. Jembatan Kalimas
panjangnya 412 meter dan dibangun selama dua tahun. Biayanya Rp 95 miliar.
"""
LONG = {
    "id": "panjang",
    "question": "Berapa panjang Jembatan Kalimas?",
    "answers": ["412 meter"],
    "evidence": [{"file": "jembatan.txt", "quote": "panjangnya 412 meter"}],
    "kind": "how many",
}
COST = {
    "id": "biaya",
    "question": "How much did the Kalimas bridge cost?",
    "answers": ["Rp 95 miliar"],
    "evidence": [{"file": "jembatan.txt", "quote": "Biayanya Rp 95 miliar"}],
}


@pytest.fixture
def folder(tmp_path):
    """A folder of one article and a set of two questions, as the working directory."""
    (tmp_path / "berita").mkdir()
    (tmp_path / "berita" / "jembatan.txt").write_text(BRIDGE, encoding="utf-8")
    put(tmp_path, LONG, COST)
    return tmp_path


def put(folder, *questions):
    lines = [q if isinstance(q, str) else json.dumps(q) for q in questions]
    (folder / "set.jsonl").write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def evaluate(folder, cache):
    def evaluate(*arguments):
        where = ["--articles", "berita", "--index", str(folder / "index")]
        return CliRunner().invoke(cli, ["eval", *arguments, *where], env={"COLUMNS": "100"})

    return evaluate


def test_a_set_is_asked_reported_written_compared_and_drawn_again(evaluate, folder):
    (folder / "floors.toml").write_text("[all]\nright = 0.5\nunverified_citations = 0\n")
    first = evaluate(
        "set.jsonl", "--json", "a.json", "--html", "a.html", "--fail-under", "floors.toml"
    )
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout.startswith("2 questions (1 Indonesian, 1 English) over 1 articles")
    assert "Right answers" in first.stdout
    assert "Unverified citations" in first.stdout
    assert "Model's sentences" not in first.stdout  # no model, no such figure
    assert "kind how many" in first.stdout
    assert "Steps, median / 95th percentile: understand" in first.stdout
    assert max(map(len, first.stdout.splitlines()[1:-3])) <= 80
    run = load("a.json")
    chance = f"{metrics.calibration_by_chance([o.confidence for o in run.outcomes]):.3f}"
    assert f"a perfect confidence has {chance} here, by chance alone" in first.stdout
    assert [o.verdict for o in run.outcomes] == ["right", "right"]
    page = Path("a.html").read_text("utf-8")
    assert "2 dari 2 pertanyaan dijawab dengan benar" in page
    assert f"pun berjarak {chance.replace('.', ',')} karena kebetulan" in page
    assert "Kalimat yang didukung" not in page

    again = evaluate("set.jsonl", "--json", "b.json", "--baseline", "a.json")
    assert again.exit_code == 0
    assert "Compared with the baseline over 2 questions" in again.stdout
    assert "no difference that chance would not make" in again.stdout

    drawn = evaluate("a.json", "--html", "again.html")
    assert drawn.exit_code == 0
    assert Path("again.html").read_bytes() == Path("a.html").read_bytes()
    # All but the last lines, which tell what this very run took, are the same.
    assert drawn.stdout.splitlines()[:-1] == first.stdout.splitlines()[:-1]
    english = evaluate("a.json", "--html", "en.html", "--language", "en")
    assert english.exit_code == 0
    page = Path("en.html").read_text("utf-8")
    assert "2 of 2 questions answered correctly" in page
    assert f"chance alone gives a perfect confidence {chance}" in page

    (folder / "floors.toml").write_text("[all]\nhit_1 = 1.1\n[language.en]\nseconds_p95 = 0\n")
    low = evaluate("a.json", "--fail-under", "floors.toml")
    assert low.exit_code == 5
    assert low.stderr.splitlines()[0] == "all: hit_1 is 1, below 1.1"
    assert low.stderr.splitlines()[1].startswith("language en: seconds_p95 is ")


def test_check_names_every_line_that_is_wrong_and_changes_nothing(evaluate, folder):
    assert evaluate("set.jsonl", "--check").stdout == "2 questions, nothing wrong with them\n"
    lost = {**COST, "evidence": [{"file": "jembatan.txt", "quote": "Biayanya Rp 59 miliar"}]}
    put(folder, LONG, "{", lost, {**LONG, "answers": ["421 meter"]})
    result = evaluate("set.jsonl", "--check")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert [line.split(": ")[0] for line in lines] == [
        "set.jsonl:2", "set.jsonl:3", "set.jsonl:4", "set.jsonl:4",
    ]  # fmt: skip
    assert 'sentence 4 comes near: "Biayanya Rp 95 miliar."' in lines[1]
    assert "stands in line 1 already" in lines[2]
    assert "none of the answers" in lines[3]
    assert result.stderr == "Problems: 4\n"
    assert not (folder / "index").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.jsonl"], "none.jsonl: cannot be read: No such file"),
        (["wrong.jsonl"], "wrong.jsonl:1: is not JSON"),
        (["empty.jsonl"], "empty.jsonl: the question set is empty"),
        (["other.jsonl"], "other.jsonl:1: lain.txt is no article in berita"),
        (["set.jsonl", "--json", "none/a.json"], "there is no folder none"),
        (["set.jsonl", "--html", "berita"], "berita: is a folder"),
        (["set.jsonl", "--baseline", "none.json"], "none.json: cannot be read"),
        (["set.jsonl", "--baseline", "set.jsonl"], "set.jsonl: is no run"),
        (["set.jsonl", "--fail-under", "set.jsonl"], "set.jsonl: is not TOML"),
    ],
)
def test_what_cannot_work_is_told_before_the_work_and_leaves_nothing(
    evaluate, folder, arguments, message
):
    (folder / "wrong.jsonl").write_text("{")
    (folder / "empty.jsonl").write_text("\n")
    other = {**LONG, "evidence": [{"file": "lain.txt", "quote": "412 meter"}]}
    (folder / "other.jsonl").write_text(json.dumps(other))
    out = [] if "--json" in arguments else ["--json", "out.json"]
    result = evaluate(*arguments, *out)
    assert (result.exit_code, result.stdout) == (1, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert not (folder / "out.json").exists()


STOPPED = """if True:
    import os, signal, sys
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from assistant import cli
    from assistant.assistant import Assistant
    ask, limit = Assistant.ask, int(sys.argv.pop(1))

    def counted(self, *arguments):
        global limit
        if not limit:
            os.kill(os.getpid(), signal.SIGINT)  # as a terminal's Ctrl-C does
        limit -= 1
        return ask(self, *arguments)

    Assistant.ask = counted
    sys.argv[0] = "kutip"
    cli.main()
"""


@pytest.mark.parametrize("answered", [0, 1])
def test_ctrl_c_reports_and_writes_what_is_done(folder, cache, answered):
    arguments = ["eval", "set.jsonl", "--articles", "berita", "--index", "index"]
    done = subprocess.run(
        [sys.executable, "-c", STOPPED, str(answered), *arguments, "--json", "a.json"],
        env={"PYTHONPATH": str(ROOT), "KUTIP_CACHE": str(cache), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=250,
    )
    assert done.returncode == 128 + signal.SIGINT
    assert "Traceback" not in done.stderr
    if answered:
        assert done.stdout.startswith("1 of 2 questions")
        assert done.stderr == "Stopped: 1 of 2 questions were asked.\n"
        assert [o.id for o in load("a.json").outcomes] == ["panjang"]
        assert load("a.json").partial
    else:
        assert (done.stdout, Path("a.json").exists()) == ("", False)
        assert done.stderr == "Stopped before the first question was answered.\n"


def test_what_is_asked_never_steers_the_terminal(evaluate, folder):
    put(folder, {**LONG, "id": "\x1b[31mred", "answers": ["x"]})
    assert "\x1b" not in evaluate("set.jsonl", "--check").output
