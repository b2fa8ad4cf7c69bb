"""The gate compares two matchers. Here they say what they are told to say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from bot.faq import gate
from bot.faq.gate_report import Counts, GateReport, LoggedQuestion, Outcome, PermanentTest, Reason
from bot.faq.library import Knowledge
from knowledge.catalogue import Catalogue
from knowledge.decision import Candidate, Decision
from knowledge.evaluation import Labelled
from knowledge.matcher import Matcher
from tests.knowledge.content import HOURS, JOIN

HELD = Decision("fallback", None, (), why={"text": "ลับ", "right": 0.1, "reject": "far", "telling": []})


def answering(entry: str, *also: str, urgent: bool = False) -> Decision:
    why = {"text": "ลับ", "right": 0.9, "out_of_scope": -1.0, "reject": None, "telling": ["เปิด"]}
    return Decision("answer", entry, (Candidate(entry, 0.9),), also=also, urgent=urgent, why=why)


def asking(*entries: str) -> Decision:
    return Decision("clarify", None, tuple(Candidate(entry, 0.3) for entry in entries))


@dataclass
class Told:
    decisions: Mapping[str, Decision]
    asked: list[str] = field(default_factory=list)

    def decide(self, text: str, *, earlier: Sequence[str] = ()) -> Decision:
        self.asked.append(text)
        return self.decisions.get(text, HELD)


def side(catalogue: Catalogue, decisions: Mapping[str, Decision]) -> Knowledge:
    return Knowledge(catalogue.version, catalogue, cast(Matcher, Told(decisions)))


def report_on(
    small: Catalogue,
    old: Mapping[str, Decision],
    new: Mapping[str, Decision],
    *,
    tests: Sequence[PermanentTest] = (),
    logged: Sequence[LoggedQuestion] = (),
    labelled: Sequence[Labelled] = (),
) -> GateReport:
    return gate.compare(
        in_force=side(small, old), draft=side(small, new), tests=tests, logged=logged, labelled=labelled
    )


def test_each_permanent_test_stands_where_it_should(small: Catalogue) -> None:
    old = {
        "ล้ม": answering("a.a"), "ล้มอยู่": answering("b.b"), "ดีขึ้น": HELD, "อ่อนลง": answering("a.a"), "ดี": answering("a.a"),
        "สอง": answering("a.a"), "ไม่ใช่": HELD, "ไม่ใช่ก็ถาม": HELD,
    }  # fmt: skip
    new = {
        "ล้ม": answering("b.b"), "ล้มอยู่": HELD, "ดีขึ้น": answering("a.a"), "อ่อนลง": asking("b.b", "a.a"),
        "ดี": answering("a.a"), "สอง": answering("b.b", "a.a"), "ไม่ใช่": answering("a.a"), "ไม่ใช่ก็ถาม": asking("a.a"),
    }  # fmt: skip
    tests = [PermanentTest(text, None if text.startswith("ไม่ใช่") else "a.a") for text in old]
    report = report_on(small, old, new, tests=tests)
    assert [(finding.text, finding.standing) for finding in report.findings] == [
        ("ล้ม", "newly failing"),
        ("ล้มอยู่", "still failing"),
        ("ดีขึ้น", "mended"),
        ("อ่อนลง", "weaker"),
        ("ไม่ใช่", "newly failing"),
        ("ไม่ใช่ก็ถาม", "weaker"),
    ]
    assert [finding.text for finding in report.failing] == ["ล้ม", "ล้มอยู่", "ไม่ใช่"]
    assert (report.tests, report.verdict) == (8, "blocked")


def test_what_is_only_weaker_or_mended_does_not_block(small: Catalogue) -> None:
    tests = [PermanentTest("ก", "a.a"), PermanentTest("ข", "a.a")]
    report = report_on(small, {"ก": answering("a.a")}, {"ก": asking("a.a"), "ข": answering("a.a")}, tests=tests)
    assert ([finding.standing for finding in report.findings], report.verdict) == (["weaker", "mended"], "passed")


def test_changed_questions_are_listed_old_beside_new_with_the_reason(small: Catalogue) -> None:
    logged = [
        LoggedQuestion(1, HOURS[0], "fallback", None),
        LoggedQuestion(2, "ก", "answer", "a.a"),
        LoggedQuestion(3, "ข", "answer", "a.a"),
        LoggedQuestion(4, "ค", "clarify", None),
        LoggedQuestion(5, HOURS[0], "fallback", None),
    ]
    old = {"ก": answering("a.a"), "ข": answering("a.a", urgent=True), "ค": asking("a.a", "b.b")}
    new = {"ก": answering("a.a"), "ข": answering("a.a"), "ค": asking("b.b"), HOURS[0]: answering("center.hours")}
    report = report_on(small, old, new, logged=logged)
    assert [question.question_id for question in report.changed] == [3, 1, 5]
    first = report.changed[1]
    assert (first.asked, first.old, first.new) == (
        ("fallback", None),
        Outcome("fallback", None),
        Outcome("answer", "center.hours"),
    )
    assert first.reason == Reason(
        wording_of=("center.hours", "center.hours"),
        right=(0.1, 0.9),
        out_of_scope=(None, -1.0),
        reject=("far", None),
        because=(None, None),
        telling=((), ("เปิด",)),
    )
    assert report.counts == (Counts(2, 1, 2), Counts(4, 1, 0))
    assert (report.logged, report.verdict) == (5, "passed")


def test_the_report_survives_being_stored_and_holds_no_words_of_logged_questions(small: Catalogue) -> None:
    labelled = [Labelled("1", "ก", (), ("a.a",), "plain")]
    report = report_on(
        small,
        {"เธอบอกความลับ": answering("a.a")},
        {"ก": answering("a.a")},
        tests=[PermanentTest("ข", "a.a")],
        logged=[LoggedQuestion(1, "เธอบอกความลับ", "answer", "a.a")],
        labelled=labelled,
    )
    text = json.dumps(report.to_plain(), ensure_ascii=False)
    assert GateReport.from_plain(json.loads(text)) == report
    assert ("ความลับ" in text, "ลับ" in text) == (False, False)
    assert [figures["right"]["hits"] for figures in report.figures] == [0, 1]


def test_each_wording_is_decided_once_a_side_and_progress_is_told(small: Catalogue) -> None:
    old, new = side(small, {}), side(small, {})
    told: list[tuple[int, int]] = []
    logged = [LoggedQuestion(number, JOIN[number % 3], "fallback", None) for number in range(120)]
    gate.compare(
        in_force=old, draft=new, tests=[], logged=logged, progress=lambda done, total: told.append((done, total))
    )
    assert [len(cast(Told, knowledge.matcher).asked) for knowledge in (old, new)] == [3, 3]
    assert told == [(50, 120), (100, 120), (120, 120)]
