"""Citations of a model's sentences as ALCE counts them: all for recall, one left out for precision."""

from __future__ import annotations

from collections.abc import Sequence

from assistant import metrics
from assistant.cite import cite
from assistant.claims import claims
from assistant.records import Answer
from assistant.statements import statements
from assistant.support import Support
from index.records import Evidence, Sentence

HELD = ["Gempa itu menewaskan 602 orang.", "Gempa terjadi di Cianjur.", "Cuaca cerah."]


class NeedsAll:
    """Bears out what has all of its words in the sources."""

    def judge(self, claim: str, sources: Sequence[str], known: str = "") -> Support:
        held = " ".join([*sources, known]).lower()
        missing = tuple(w for w in claim.lower().strip(".").split() if w not in held)
        return Support(not missing, float(not missing), missing)


def measured(text: str) -> tuple[float | None, float | None]:
    evidence = [
        Evidence(Sentence("a.txt", i, 0, len(t), t), (), (), None, None, "", 0.9, 1.0, 1.0)
        for i, t in enumerate(HELD, 1)
    ]
    answer = Answer(
        "Apa?", text, True, None, "id", 0.9, cite(evidence), model="m", claims=claims(text)
    )
    found = statements(answer, NeedsAll())  # type: ignore[arg-type]
    return (
        metrics.statement_recall([s.supported for s in found]),
        metrics.statement_precision([s.needed for s in found]),
    )


def test_a_sentence_that_its_citation_bears_out():
    assert measured("Gempa itu menewaskan 602 orang [1].") == (1.0, 1.0)


def test_citations_that_bear_it_out_only_together_all_count():
    assert measured("Gempa di Cianjur menewaskan 602 orang [1][2].") == (1.0, 1.0)


def test_a_citation_that_the_others_can_do_without_does_not_count():
    assert measured("Gempa itu menewaskan 602 orang [1][3].") == (1.0, 0.5)


def test_no_citation_counts_where_the_sentence_is_not_borne_out():
    assert measured("Gempa itu menewaskan 900 orang [1][2].") == (0.0, 0.0)


def test_a_sentence_without_citations_counts_for_recall_alone():
    assert measured("Gempa itu menewaskan 602 orang [1]. Sedih sekali.") == (0.5, 1.0)


def test_the_words_of_the_question_need_no_source():
    assert measured("Apa menewaskan 602 orang [1].") == (1.0, 1.0)


def test_a_quoted_answer_has_no_statements():
    assert measured("") == (None, None)
