"""The report of the check before publishing, in words: what would be answered otherwise, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bot.console import faq_sentences
from bot.console.faq_working import Working
from bot.faq.gate_report import ChangedQuestion, GateReport, Outcome, Reason, TestFinding
from bot.storage import faq_gate_reports, questions
from bot.storage.faq_gate_reports import StoredVerdict

A_PAGE = 50
MOST_FINDINGS = 500
FIGURES = {
    "right": "ตอบถูกเรื่อง", "helped": "ตอบถูก หรือมีเรื่องที่ใช่ให้เลือก", "wrong": "ตอบผิดเรื่อง",
    "false_answer": "ตอบทั้งที่ไม่ใช่เรื่องของเรา", "asked": "ถามกลับทั้งที่ไม่ใช่เรื่องของเรา",
}  # fmt: skip
REFUSALS = {"political": "วางตัวเป็นกลาง ไม่ตอบ", "abuse": "ไม่ตอบคำด่า"}
WITHDRAWN = "(ผู้ถามยกเลิกข้อความแล้ว)"


@dataclass(frozen=True, slots=True)
class Finding:
    text: str
    expected: str
    old: str
    new: str
    standing: str
    words: str


@dataclass(frozen=True, slots=True)
class Changed:
    text: str
    old: str
    new: str
    reasons: tuple[str, ...]
    urgent_lost: bool


@dataclass(frozen=True, slots=True)
class Figure:
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Report:
    tests: int
    logged: int
    failing: tuple[Finding, ...]
    others: tuple[Finding, ...]
    """Mended, and weaker."""
    counts: tuple[Figure, ...]
    figures: tuple[Figure, ...]
    changed: tuple[Changed, ...]
    """One page of them."""
    changed_in_all: int
    begin: int
    next: int | None


def open_report(db: Session, working: Working, verdict: StoredVerdict, *, begin: int) -> Report:
    report = GateReport.from_plain(faq_gate_reports.get_report(db, verdict.id))
    begin = max(begin, 0)
    shown = report.changed[begin : begin + A_PAGE]
    texts = questions.find_texts(db, [question.question_id for question in shown])
    titles = working.titles
    failing, others = report.failing, [one for one in report.findings if one not in report.failing]
    return Report(
        tests=report.tests,
        logged=report.logged,
        failing=tuple(_finding(one, titles) for one in failing[:MOST_FINDINGS]),
        others=tuple(_finding(one, titles) for one in others[:MOST_FINDINGS]),
        counts=tuple(_counts(report)),
        figures=tuple(_figures(report.figures)),
        changed=tuple(_changed(question, texts, titles) for question in shown),
        changed_in_all=len(report.changed),
        begin=begin,
        next=begin + A_PAGE if begin + A_PAGE < len(report.changed) else None,
    )


def _finding(one: TestFinding, titles: Mapping[str, str]) -> Finding:
    expected = "ไม่ตอบเรื่องใด" if one.expect is None else f"ตอบ “{titles.get(one.expect, one.expect)}”"
    words = faq_sentences.VERDICTS[one.standing]
    return Finding(one.text, expected, outcome(one.old, titles), outcome(one.new, titles), one.standing, words)


def _changed(question: ChangedQuestion, texts: Mapping[int, str], titles: Mapping[str, str]) -> Changed:
    return Changed(
        text=texts.get(question.question_id, WITHDRAWN),
        old=outcome(question.old, titles),
        new=outcome(question.new, titles),
        reasons=tuple(reasons(question.reason, titles)),
        urgent_lost=question.old.urgent and not question.new.urgent,
    )


def outcome(one: Outcome, titles: Mapping[str, str]) -> str:
    if one.kind == "answer":
        named = " และ ".join(f"“{titles.get(name, name)}”" for name in (one.entry or "", *one.also))
        return f"ตอบ {named}" + (" (เรื่องด่วน)" if one.urgent else "")
    if one.kind == "clarify":
        return "ถามกลับ: " + ", ".join(titles.get(name, name) for name in one.choices)
    return REFUSALS.get(one.refusal or "", "บอกว่ายังตอบไม่ได้")


def reasons(why: Reason, titles: Mapping[str, str]) -> Iterator[str]:
    before, after = why.wording_of
    if before != after:
        yield _wording(before, after, titles)
    old, new = why.right
    if old is not None and new is not None and _percent(old) != _percent(new):
        yield f"ความมั่นใจในเรื่องที่ใกล้ที่สุด {_percent(old)} → {_percent(new)}"
    old, new = why.out_of_scope
    if old is not None and new is not None and _percent(old) != _percent(new):
        yield f"โอกาสที่ไม่ใช่เรื่องของเรา {_percent(old)} → {_percent(new)}"
    if why.reject[0] != why.reject[1] and why.reject[1]:
        yield f"ตอนนี้คล้าย “{faq_sentences.subject(why.reject[1], titles)}” มากกว่า"
    if why.telling[0] != why.telling[1] and why.telling[1]:
        yield f"คำที่ชี้เรื่อง: {', '.join(why.telling[1])}"


def _wording(before: str | None, after: str | None, titles: Mapping[str, str]) -> str:
    old, new = (faq_sentences.subject(name, titles) if name else "" for name in (before, after))
    if old and new:
        return f"ข้อความนี้ย้ายจาก “{old}” ไป “{new}”"
    return f"ข้อความนี้เพิ่งเพิ่มไว้ที่ “{new}”" if new else f"ข้อความนี้ถูกลบจาก “{old}”"


def _counts(report: GateReport) -> Iterator[Figure]:
    old, new = report.counts
    for label, before, after in (
        ("ตอบเลย", old.answer, new.answer),
        ("ถามกลับ", old.clarify, new.clarify),
        ("บอกว่ายังตอบไม่ได้", old.fallback, new.fallback),
    ):
        yield Figure(label, f"{before:,}", f"{after:,}")


def _figures(figures: tuple[Mapping[str, Any], Mapping[str, Any]]) -> Iterator[Figure]:
    for name, label in FIGURES.items():
        if name in figures[0] and name in figures[1]:
            yield Figure(label, _share(figures[0][name]), _share(figures[1][name]))


def _share(share: Mapping[str, Any]) -> str:
    return f"{100 * share['value']:.1f}% ({share['hits']:,} จาก {share['total']:,})"


def _percent(value: float) -> str:
    return f"{100 * value:.0f}%"
