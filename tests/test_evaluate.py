"""A whole run over a small folder: what is asked, what is judged, what is kept."""

from __future__ import annotations

import dataclasses
import json
import re

import pytest

from assistant import figures
from assistant.assistant import Assistant
from assistant.evaluate import Verifier, evaluate, save, write_whole
from assistant.questions import load as load_set
from assistant.records import Citation, Highlight
from assistant.run import Cited, Found, Gold, Outcome, Run, load
from index.errors import KutipError

ARTICLES = {
    "kota/jembatan.txt": """Jembatan Kalimas Dibuka

Surabaya, 14 Mei 2015 - Wali Kota Surabaya Tri Rismaharini membuka Jembatan Kalimas.
Jembatan Kalimas panjangnya 412 meter. Biayanya Rp 95 miliar.
""",
    "kota/jembatan-lagi.txt": """Warga Sambut Jembatan

Surabaya, 15 Mei 2015 - Warga menyambut pembukaan jembatan itu dengan kembang api.
Jembatan Kalimas panjangnya 412 meter.
""",
    "laut/ikan.txt": """Nelayan Tuban Panen

Tuban, 3 Agustus 2020 - Nelayan di Tuban menangkap 30 ton ikan tongkol dalam sepekan.
Harga ikan di pelelangan turun menjadi Rp 12.000 per kilogram.
""",
}


def asked(id, question, answers=(), evidence=(), **rest):
    return {
        "id": id,
        "question": question,
        "answers": list(answers),
        "evidence": [{"file": file, "quote": quote} for file, quote in evidence],
        **rest,
    }


QUESTIONS = [
    asked(
        "panjang",
        "Jembatan Kalimas panjangnya berapa meter?",
        ["412 meter"],
        [("kota/jembatan.txt", "panjangnya 412 meter")],
        kind="how many",
    ),
    asked(
        "biaya",
        "Berapa biayanya?",
        ["Rp 95 miliar"],
        [("kota/jembatan.txt", "Biayanya Rp 95 miliar")],
        follows="panjang",
    ),
    asked(
        "fish",
        "How many tonnes of fish did fishermen in Tuban catch?",
        ["30 ton"],
        [("laut/ikan.txt", "menangkap 30 ton ikan tongkol")],
        kind="how many",
    ),
    asked("kosong", "Siapa juara bulu tangkis Olimpiade?", kind="who"),
]


@pytest.fixture
def put(tmp_path):
    def put(*questions):
        path = tmp_path / "set.jsonl"
        path.write_text("".join(json.dumps(q) + "\n" for q in questions), encoding="utf-8")
        return path

    return put


@pytest.fixture
def assistant(write, open_index, reader):
    write(ARTICLES)
    index = open_index()
    return Assistant(index, index.synchronise(), reader=reader)


def same(run):
    """What must not differ between two runs."""
    return [dataclasses.replace(o, seconds=0.0, steps={}) for o in run.outcomes]


def test_every_question_is_asked_and_judged(assistant, put):
    done = []
    run = evaluate(assistant, put(*QUESTIONS), lambda *now: done.append(now))
    assert [o.id for o in run.outcomes] == ["panjang", "biaya", "fish", "kosong"]
    assert done == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    assert (run.total, run.partial, run.files, run.encoder) == (4, False, 3, "words-hashed")
    long = run.outcomes[0]
    assert (long.language, long.kind, long.answerable, long.first_is_gold) == (
        "id",
        "how many",
        True,
        True,
    )
    assert [g.text for g in long.gold] == ["Jembatan Kalimas panjangnya 412 meter."]
    assert long.verdict == "right"
    assert run.outcomes[2].language == "en"
    assert not run.outcomes[3].answerable
    assert set(long.steps) >= {"search", "write"}
    assert 0 < sum(long.steps.values()) <= long.seconds
    assert 0 < run.asking < run.seconds
    assert long.tokens >= 4
    assert not any(c.fault for o in run.outcomes for c in o.citations)


def test_the_same_sentence_elsewhere_is_as_right_as_the_gold_one(assistant, put):
    """The sentence stands in two articles; the set quotes one, and the search may bring either."""
    run = evaluate(assistant, put(QUESTIONS[0]))
    long = run.outcomes[0]
    assert long.found[0].gold == (0,)
    files = {c.file for c in long.citations if c.gold}
    assert files == {"kota/jembatan.txt", "kota/jembatan-lagi.txt"}
    elsewhere = asked("a", *[QUESTIONS[0][k] for k in ("question", "answers")])
    elsewhere["evidence"] = [{"file": "kota/jembatan-lagi.txt", "quote": "412 meter"}]
    assert evaluate(assistant, put(elsewhere)).outcomes[0].found[0].gold == (0,)


def test_a_follow_up_is_asked_with_what_was_said_before_it(assistant, put, monkeypatch):
    heard = []
    ask = Assistant.ask

    def listen(self, question, history=(), trace=None):
        heard.append((question, list(history)))
        return ask(self, question, history, trace)

    monkeypatch.setattr(Assistant, "ask", listen)
    third = asked("lagi", "Dan siapa yang membukanya?", follows="biaya")
    run = evaluate(assistant, put(third, *QUESTIONS))  # before what it follows
    texts = {o.id: o.text for o in run.outcomes}
    assert [o.id for o in run.outcomes] == ["lagi", "panjang", "biaya", "fish", "kosong"]
    assert len(heard) == 5
    first, second = QUESTIONS[0]["question"], QUESTIONS[1]["question"]
    assert dict(heard)[second] == [(first, texts["panjang"])]
    assert dict(heard)[third["question"]] == [
        (first, texts["panjang"]),
        (second, texts["biaya"]),
    ]
    assert {o.id: o.chain for o in run.outcomes}["lagi"] == "panjang"


def test_the_same_run_twice_gives_the_same_figures(assistant, put):
    path = put(*QUESTIONS)
    one, other = evaluate(assistant, path), evaluate(assistant, path)
    assert same(one) == same(other)
    tables = [figures.tabulate(run.outcomes) for run in (one, other)]
    for group, row in tables[0].items():
        for name, figure in row.items():
            if name not in figures.TIMES:
                assert figure == tables[1][group][name]


def test_ctrl_c_keeps_what_is_done(assistant, put):
    def stop(done, of):
        if done == 2:
            raise KeyboardInterrupt

    run = evaluate(assistant, put(*QUESTIONS), stop)
    assert [o.id for o in run.outcomes] == ["panjang", "biaya"]
    assert (run.partial, run.total) == (True, 4)
    assert figures.tabulate(run.outcomes)["all"]["right"].count == 2


def test_a_set_for_other_articles_is_refused_before_anything_is_asked(assistant, put):
    wrong = asked("x", "Di mana?", ["Bali"], [("bali.txt", "di Bali")])
    asked_any = []
    with pytest.raises(KutipError, match=r"set\.jsonl:2: bali\.txt is no article in"):
        evaluate(assistant, put(QUESTIONS[0], wrong), lambda *now: asked_any.append(now))
    assert asked_any == []


def test_a_saved_run_says_all_that_the_run_did(assistant, put, tmp_path):
    run = evaluate(assistant, put(*QUESTIONS))
    save(run, tmp_path / "run.json")
    assert load(tmp_path / "run.json") == run
    told = json.loads((tmp_path / "run.json").read_text("ascii"))
    assert next(iter(told)) == "format"
    assert set(told["figures"]["all"]) == set(figures.MEASURES)
    assert told["figures"]["language en"]["right"]["count"] == 1
    assert [p.name for p in tmp_path.iterdir() if "partial" in p.name] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Invalid JSON"),
        ("{}", "made: Field required"),
        ('{"format": 2}', "Field required"),
        ("[]", "is no run"),
    ],
)
def test_what_is_no_run_is_refused(tmp_path, text, message):
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(KutipError, match=message):
        load(tmp_path / "run.json")
    with pytest.raises(KutipError, match="cannot be read"):
        load(tmp_path / "none.json")


def test_a_run_of_another_format_is_refused(assistant, put, tmp_path):
    save(evaluate(assistant, put(QUESTIONS[0])), tmp_path / "run.json")
    text = (tmp_path / "run.json").read_text()
    (tmp_path / "run.json").write_text(text.replace('"format": 1', '"format": 99'))
    with pytest.raises(KutipError, match="format: Input should be 1"):
        load(tmp_path / "run.json")


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "new \ud800")
    assert path.read_text() == "old"
    with pytest.raises(KutipError, match="cannot be written"):
        write_whole(tmp_path / "none" / "a.json", "new")
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


# Judging, by hand-made outcomes


def outcome(id="q", **fields):
    gold = fields.pop("gold", (Gold("a.txt", 1, "Kantor itu di Bali."),))
    standard = {
        "chain": id,
        "language": "id",
        "kind": None,
        "follows": None,
        "question": "Di mana?",
        "answers": ("Bali",) if gold else (),
        "answered": True,
        "text": "…",
        "short": None,
        "confidence": 0.5,
        "citations": (),
        "found": (),
        "unverified": (),
        "seconds": 0.1,
        "steps": {},
        "tokens": 3,
    }
    return Outcome(id=id, gold=gold, **{**standard, **fields})


def cited(*gold, label=1, text="Kantor itu di Bali.", fault=""):
    return Cited(label, "a.txt", label, text, gold, fault)


def test_verdicts():
    assert outcome(citations=(cited(), cited(0))).verdict == "right"
    assert outcome(citations=(cited(),)).verdict == "wrong"
    assert outcome(answered=False).verdict == "refused"
    assert outcome(gold=(), answered=False).verdict == "right"
    assert outcome(gold=(), citations=(cited(),)).verdict == "wrong"


def test_scores_apply_where_they_are_defined():
    scores = figures.score(
        [
            outcome(
                "right", short="di Bali", citations=(cited(0),), found=(Found("a.txt", 1, (0,)),)
            ),
            outcome("none", citations=(cited(text="Kantor."),)),
            outcome("refused", answered=False, short="Bali"),
            outcome("empty", gold=(), answered=False),
            outcome("invented", gold=(), citations=(cited(),)),
        ]
    )
    assert scores["right"] == {
        **dict.fromkeys(("right", "hit_1", "hit_5", "mrr_10", "ndcg_10", "exact_match"), 1.0),
        **dict.fromkeys(("f1", "f1_all", "answer_cited"), 1.0),
        **dict.fromkeys(("citation_precision", "citation_recall"), 1.0),
        **dict.fromkeys(("statement_recall", "statement_precision"), None),
        **dict.fromkeys(("tokens_given", "tokens_written"), None),
        "hallucination_rate": None,
        "error_rate": 0.0,
        "tokens": 3.0,
    }
    assert (scores["none"]["f1"], scores["none"]["answer_cited"]) == (0.0, 0.0)
    assert (scores["refused"]["f1"], scores["refused"]["error_rate"]) == (0.0, 1.0)
    assert scores["refused"]["answer_cited"] is None
    assert (scores["empty"]["f1"], scores["empty"]["f1_all"]) == (None, 1.0)
    assert (scores["empty"]["hallucination_rate"], scores["empty"]["right"]) == (0.0, 1.0)
    assert (scores["invented"]["hallucination_rate"], scores["invented"]["f1_all"]) == (1.0, 0.0)
    assert scores["invented"]["citation_precision"] == 0.0
    assert scores["invented"]["hit_1"] is None


def test_the_table_has_a_row_for_each_group():
    table = figures.tabulate(
        [
            outcome("a", kind="who", citations=(cited(0, fault="changed"),)),
            outcome("b", language="en", chain="a", follows="a"),
            outcome("c", gold=(), answered=False),
        ]
    )
    assert list(table) == [
        "all", "language en", "language id", "answerable", "unanswerable", "follow-up",
        "no follow-up", "kind who",
    ]  # fmt: skip
    assert table["all"]["right"].value == pytest.approx(2 / 3)
    assert table["all"]["unverified_citations"].value == 1
    assert table["unanswerable"]["hit_1"].value is None
    assert list(table["all"]) == list(figures.MEASURES)


def test_steps_tell_their_share_of_the_time():
    [search, write] = figures.steps(
        [
            outcome("a", seconds=1.0, steps={"search": 0.75, "write": 0.25}),
            outcome("b", seconds=1.0, steps={"search": 1.0}),
        ]
    )
    assert (search.name, search.p50, search.share) == ("search", 0.875, 0.875)
    assert (write.p50, write.share) == (0.125, 0.125)


def test_the_verifier_finds_each_way_in_which_a_citation_can_be_false(write):
    folder = write({"a.txt": "Satu dua tiga. Empat lima enam."})
    import hashlib

    sha256 = hashlib.sha256((folder / "a.txt").read_bytes()).hexdigest()
    true = Citation(1, "a.txt", 2, 15, 31, "Empat lima enam.", None, None, sha256)
    lit = dataclasses.replace(true, highlight=Highlight(21, 25, "lima"))
    verifier = Verifier(folder)
    assert [verifier.fault(c) for c in (true, lit)] == ["", ""]
    false = [
        dataclasses.replace(true, file="b.txt"),
        dataclasses.replace(true, sha256="0" * 64),
        dataclasses.replace(true, start=14),
        dataclasses.replace(true, start=3, end=3, text=""),
        dataclasses.replace(true, highlight=Highlight(21, 25, "enam")),
        dataclasses.replace(true, highlight=Highlight(0, 4, "Satu")),
    ]
    assert [verifier.fault(c) for c in false] == [
        "unreadable", "changed", "other text", "other text", "highlight", "highlight",
    ]  # fmt: skip


def test_the_docstring_of_the_scores_names_each_of_them():
    names = set(figures.score([outcome()])["q"])
    told = (figures.score.__doc__ or "") + (figures.tabulate.__doc__ or "")
    assert {name for name in names if not re.search(rf"\b{name}\b", told)} <= {"tokens"}
    assert isinstance(Run.__doc__, str)
    assert load_set.__doc__
