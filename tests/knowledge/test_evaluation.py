from __future__ import annotations

import pytest

from knowledge.catalogue import Catalogue
from knowledge.cross_validation import hold_out
from knowledge.decision import Candidate, Decision
from knowledge.evaluation import BadLabels, Share, evaluate, outcome_of, read_labelled


def candidates(*entries: str) -> tuple[Candidate, ...]:
    return tuple(Candidate(entry, 0.5) for entry in entries)


@pytest.mark.parametrize(
    ("decision", "expect", "outcome"),
    [
        (Decision("answer", "a.b", candidates("a.b")), ["a.b", "c.d"], "right"),
        (Decision("answer", "c.d", candidates("c.d")), ["a.b"], "wrong"),
        (Decision("clarify", None, candidates("x.y", "z.z", "a.b")), ["a.b"], "offered"),
        (Decision("clarify", None, candidates("x.y", "z.z", "q.q", "a.b")), ["a.b"], "missed"),
        (Decision("fallback", None, candidates("a.b")), ["a.b"], "missed"),
        (Decision("answer", "a.b", candidates("a.b")), [], "false answer"),
        (Decision("clarify", None, candidates("a.b")), [], "asked"),
        (Decision("fallback", None, ()), [], "refused"),
    ],
)
def test_outcomes(decision: Decision, expect: list[str], outcome: str) -> None:
    assert outcome_of(decision, expect) == outcome


def test_the_four_figures() -> None:
    labelled = read_labelled(
        [
            '{"id": "1", "text": "ก", "expect": ["a.b"], "style": "plain"}',
            '{"id": "2", "text": "ข", "expect": ["a.b"], "style": "teen"}',
            "",
            '{"id": "3", "turns": ["ก", "ค"], "expect": [], "kind": "oos"}',
        ]
    )
    answers = {
        "ก": Decision("answer", "a.b", ()),
        "ข": Decision("answer", "c.d", ()),
        "ค": Decision("fallback", None, ()),
    }
    report = evaluate(lambda text, earlier: answers[text], labelled)
    figures = {name: (share.hits, share.total) for name, share in report.figures().items()}
    assert figures == {"right": (1, 2), "helped": (1, 2), "wrong": (1, 2), "false_answer": (0, 1), "asked": (0, 1)}
    assert report.confusions() == [("a.b", "c.d", 1)]
    assert list(report.by_style()) == ["oos", "plain", "teen"]
    assert list(report.by_topic()) == ["a.b"]
    assert labelled[2].earlier == ("ก",)
    assert report.plain()["figures"]["right"]["value"] == 0.5


def test_wilson_interval() -> None:
    low, high = Share(9, 10).interval
    assert (round(low, 4), round(high, 4)) == (0.5958, 0.9821)
    assert Share(0, 0).interval == (0.0, 1.0)
    assert Share(10, 10).interval[1] == pytest.approx(1.0)


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"text": "ก"}', '{"text": 3, "expect": []}', '{"turns": [], "expect": []}']
)
def test_bad_labels_name_their_line(line: str) -> None:
    with pytest.raises(BadLabels, match="file:2"):
        read_labelled(['{"text": "ก", "expect": []}', line], source="file")


def test_hold_out_deals_every_message_exactly_once(small: Catalogue) -> None:
    held = [item.text for fold in range(5) for item in hold_out(small, fold)[1]]
    everything = [text for entry in small.entries.values() for text in entry.variants]
    everything += [text for part in (small.out_of_scope, small.refusals) for texts in part.values() for text in texts]
    assert sorted(held) == sorted(everything)
    kept, taken = hold_out(small, 0)
    assert not {item.text for item in taken} & {text for entry in kept.entries.values() for text in entry.variants}
