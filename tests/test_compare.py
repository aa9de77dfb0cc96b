"""Two runs against each other, and against floors."""

from __future__ import annotations

import dataclasses

import pytest
from scipy.stats import binomtest

from assistant import figures
from assistant.compare import below, compare, load_floors, paired_test
from assistant.evaluate import Found
from assistant.run import Cited, Gold, Outcome, Run
from index.errors import KutipError

GOLD = (Gold("a.txt", 1, "Kantor itu di Bali."),)


def outcome(id, right=True, **fields):
    """A question that was answered rightly or not."""
    standard = {
        "chain": id,
        "language": "id",
        "kind": "where",
        "follows": None,
        "question": f"Di mana kantor {id}?",
        "answers": ("Bali",),
        "gold": GOLD,
        "answered": True,
        "text": "…",
        "short": "Bali" if right else "Jawa",
        "confidence": 0.7,
        "citations": (Cited(1, "a.txt", 1, "Kantor itu di Bali.", (0,) if right else ()),),
        "found": (Found("a.txt", 1, (0,) if right else ()),),
        "unverified": (),
        "seconds": 0.1,
        "steps": {"search": 0.1},
        "tokens": 3,
    }
    return Outcome(id=id, **{**standard, **fields})


def run(*outcomes, **fields):
    standard = {
        "made": "2026-01-02T03:04:05+00:00",
        "version": "1",
        "encoder": "e5",
        "articles": "berita",
        "files": 3,
        "questions": "set.jsonl",
        "questions_sha256": "",
        "total": len(outcomes),
        "seconds": 1.0,
        "memory": None,
    }
    return Run(outcomes=outcomes, **{**standard, **fields})


def test_questions_are_won_lost_or_the_same():
    old = run(outcome("a", False), outcome("b"), outcome("c"), outcome("d", False))
    new = run(outcome("a"), outcome("b", False), outcome("c"), outcome("d", False))
    found = compare(old, new)
    right = found.changes["right"]
    assert (found.count, found.besides) == (4, {})
    assert (right.won, right.lost, right.unchanged) == (1, 1, 2)
    assert (right.old, right.new, right.difference.value) == (0.5, 0.5, 0.0)
    assert found.verdicts["a"] == ("wrong", "right")
    assert "hallucination_rate" not in found.changes  # no question without an answer


def test_less_is_a_win_where_less_is_better():
    old = run(outcome("a", gold=(), answers=()))
    new = run(outcome("a", gold=(), answers=(), answered=False, citations=()))
    change = compare(old, new).changes["hallucination_rate"]
    assert (change.won, change.lost) == (1, 0)
    assert change.difference.value == -1


def test_a_run_does_not_differ_from_itself():
    one = run(outcome("a"), outcome("b", False))
    for change in compare(one, one).changes.values():
        assert (change.won, change.lost, change.p, change.sure) == (0, 0, 1.0, False)


def test_many_wins_and_no_loss_are_no_chance():
    ids = [f"q{i}" for i in range(12)]
    won = compare(run(*[outcome(i, False) for i in ids]), run(*map(outcome, ids))).changes["right"]
    assert won.sure
    assert won.p == pytest.approx(2 / 2**12)
    few = compare(run(*[outcome(i, False) for i in ids[:3]]), run(*map(outcome, ids[:3])))
    assert not few.changes["right"].sure


def test_of_questions_right_or_wrong_it_is_mcnemars_exact_test():
    gains = [1.0] * 9 + [-1.0] * 3 + [0.0] * 20
    expected = binomtest(9, 12, 0.5).pvalue
    assert paired_test(gains, [str(i) for i in range(32)]) == pytest.approx(expected)


def test_a_conversation_counts_once():
    gains = [1.0] * 12
    assert paired_test(gains, [str(i // 4) for i in range(12)]) == pytest.approx(2 / 2**3)
    assert paired_test(gains, ["one"] * 12) == 1.0


def test_many_differences_are_drawn_and_drawn_the_same_each_time():
    gains = [0.1 * (i % 5 - 1) for i in range(60)]
    chains = [str(i) for i in range(60)]
    assert paired_test(gains, chains) == paired_test(gains, chains) < 0.001


def test_only_questions_that_are_the_same_are_compared():
    old = run(outcome("a"), outcome("b"), outcome("c", question="Kapan?"), outcome("e"), files=2)
    other = (Gold("a.txt", 1, "Lain."),)
    new = run(outcome("a"), outcome("b", gold=other), outcome("c"), outcome("d"), encoder="mini")
    found = compare(old, new)
    assert (found.count, list(found.verdicts)) == (1, ["a"])
    assert found.besides == {
        "questions": ("4", "4"),
        "articles": ("2", "3"),
        "encoder": ("e5", "mini"),
    }


def test_runs_without_a_question_in_common_cannot_be_compared():
    with pytest.raises(KutipError, match="no question is in both"):
        compare(run(outcome("a")), run(outcome("b")))


# Floors


@pytest.fixture
def floors(tmp_path):
    def put(text):
        path = tmp_path / "floors.toml"
        path.write_text(text, encoding="utf-8")
        return load_floors(path)

    return put


def test_floors_hold_or_break_by_which_way_is_better(floors):
    table = figures.tabulate([outcome("a"), outcome("b", False)])
    held = floors("[all]\nright = 0.5\nunverified_citations = 0\naurc = 0.9\n")
    assert below(table, held) == []
    assert below(table, floors('[kind.where]\nright = 0.51\n[language."id"]\nright = 0.1')) == [
        "kind where: right is 0.5, below 0.51"
    ]
    broken = figures.tabulate([dataclasses.replace(outcome("a", False), seconds=3.0)])
    assert below(broken, floors("[all]\nseconds_p95 = 2\naurc = 1\n")) == [
        "all: seconds_p95 is 3, above 2"
    ]


def test_a_figure_that_the_run_does_not_have_is_below_its_floor(floors):
    table = figures.tabulate([outcome("a")])
    assert len(below(table, floors("[unanswerable]\nhallucination_rate = 1\n"))) == 1
    assert len(below(table, floors("[all]\nhallucination_rate = 1\n"))) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[all]\nrigth = 0.5", r"floors\.toml: \[all\] rigth is no figure; there are right, hit_1"),
        ("right = 0.5", "right stands in the file, outside a table"),
        ("[language.de]\nright = 0.5", r"right stands in \[language de\]; the groups are"),
        ("[all]\nright = 'high'", r"\[all\] right is 'high', not a number"),
        ("[all]\nright = true", "not a number"),
        ("[all\n", r"is not TOML: .*line 1"),
        ("", "names no floor"),
    ],
)
def test_floors_that_say_nothing_are_refused(floors, text, message):
    with pytest.raises(KutipError, match=message):
        floors(text)


def test_floors_that_are_not_there_are_refused(tmp_path):
    with pytest.raises(KutipError, match="cannot be read"):
        load_floors(tmp_path / "none.toml")
