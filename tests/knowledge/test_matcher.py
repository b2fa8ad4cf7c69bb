"""The matcher on the shipped content. Floors stand a little below what was measured: see docs/understanding.md."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import evaluation_set
from knowledge.evaluation import Report, evaluate, read_labelled
from knowledge.matcher import Matcher

DATA = Path(__file__).parent / "data"
SHIPPED = Path(evaluation_set.__file__).parent / "labelled"


def report_on(matcher: Matcher, name: str) -> Report:
    folder = SHIPPED if name in evaluation_set.FILES else DATA
    labelled = read_labelled((folder / name).read_text("utf-8").splitlines(), source=name)
    return evaluate(lambda text, earlier: matcher.decide(text, earlier=earlier), labelled)


def test_development_messages(matcher: Matcher) -> None:
    figures = report_on(matcher, "dev.jsonl").figures()
    assert figures["right"].value >= 0.93
    assert figures["helped"].value >= 0.96
    assert figures["wrong"].value <= 0.04
    assert figures["false_answer"].value <= 0.05
    assert figures["asked"].value <= 0.15


@pytest.mark.parametrize(
    ("name", "right", "helped"), [("followups-dev.jsonl", 0.84, 0.93), ("followups-own.jsonl", 0.95, 0.98)]
)
def test_conversations(matcher: Matcher, name: str, right: float, helped: float) -> None:
    figures = report_on(matcher, name).figures()
    assert figures["right"].value >= right
    assert figures["helped"].value >= helped
    assert figures["false_answer"].value == 0


@pytest.mark.parametrize("text", ["อยากตาย", "ใค่ต๋ายแล้วเจ้า", "โดนผัวซ้อมเลือดออก ช่วยด้วย", "I want to die"])
def test_a_crisis_is_urgent(matcher: Matcher, text: str) -> None:
    decision = matcher.decide(text)
    assert (decision.kind, decision.entry, decision.urgent) == ("answer", "general.crisis", True)
    assert decision.candidates[0].entry == "general.crisis"


def test_a_crisis_is_heard_wherever_it_stands_and_whatever_came_before(matcher: Matcher) -> None:
    long = "วันนี้ไปตลาดมา ซื้อผักซื้อปลา " * 60
    assert matcher.decide(f"{long} อยากตาย {long}").urgent
    assert matcher.decide("ไม่อยากอยู่แล้ว", earlier=("ศูนย์เปิดกี่โมง",)).urgent


@pytest.mark.parametrize("text", ["หิวจะตาย", "ตลกตายแล้ว 555", "ขำอยากตาย", "ร้อนจะตายอยู่แล้ว", "สถิติการฆ่าตัวตายของไทย"])
def test_a_manner_of_speaking_is_not(matcher: Matcher, text: str) -> None:
    assert not matcher.decide(text).urgent


@pytest.mark.parametrize(("text", "refusal"), [("เลือกตั้งรอบนี้เลือกพรรคไหนดี", "political"), ("ไอ้บอตโง่เอ๊ย", "abuse")])
def test_refusals_are_named(matcher: Matcher, text: str, refusal: str) -> None:
    decision = matcher.decide(text)
    assert (decision.kind, decision.entry, decision.refusal) == ("fallback", None, refusal)


@pytest.mark.parametrize("text", ["ศูนย์อยู่ที่ไหนและเปิดกี่โมง", "ศูนย์อยู่ที่ไหน\nเปิดกี่โมงคะ"])
def test_two_needs_give_the_first_and_the_second(matcher: Matcher, text: str) -> None:
    decision = matcher.decide(text)
    assert (decision.entry, decision.also) == ("center.location", ("center.hours",))
    assert decision.candidates[0].entry == "center.location"


def test_a_need_at_the_end_of_a_long_message_is_found(matcher: Matcher) -> None:
    chatter = "วันนี้ไปตลาดมากับลูกสาว ซื้อผักซื้อปลามาเต็มรถ แดดก็ร้อน คนก็เยอะ " * 70
    decision = matcher.decide(f"{chatter} อยากถามว่าศูนย์เปิดกี่โมงคะ")
    assert decision.entry == "center.hours"


def test_the_wrong_keyboard_is_read(matcher: Matcher) -> None:
    assert matcher.decide("l^opN0yfgxbffujF,").entry == "center.hours"


def test_a_conversation_explains_what_a_message_leaves_out(matcher: Matcher) -> None:
    decision = matcher.decide("สมัครยังไง", earlier=("สื่ออาสาคืออะไร",))
    assert decision.entry == "media.join"
    assert decision.explain()["subject"]["entry"] == "media.what"


def test_asking_what_it_costs_does_not_end_the_talk_of_a_programme(matcher: Matcher) -> None:
    before = ("ประชาธิปไตยในโรงเรียนคืออะไร", "ต้องเสียค่าใช้จ่ายไหม")
    decision = matcher.decide("งั้นสมัครตรงไหน", earlier=before)
    assert decision.entry == "school.apply"
    assert decision.explain()["subject"]["entry"] == "school.what"


def test_thanks_between_do_not_end_a_subject(matcher: Matcher) -> None:
    before = ("โครงการสื่ออาสาคืออะไร", "ขอบคุณค่ะ")
    assert matcher.decide("สมัครยังไง", earlier=before).entry == "media.join"


def test_a_change_of_subject_is_followed(matcher: Matcher) -> None:
    assert matcher.decide("ว่าแต่ศูนย์เปิดกี่โมงคะ", earlier=("สื่ออาสาคืออะไร",)).entry == "center.hours"
    assert matcher.decide("พรุ่งนี้ฝนจะตกไหม", earlier=("สื่ออาสาคืออะไร",)).kind == "fallback"


@pytest.mark.parametrize("text", ["", "   ", "👋👋", "\u200b", "...", "\ud800"])
def test_a_message_without_words_falls_back(matcher: Matcher, text: str) -> None:
    assert matcher.decide(text).kind == "fallback"


def test_scores_are_likelihoods_best_first(matcher: Matcher) -> None:
    for text in ("ศูนย์เปิดกี่โมง", "เสียตังค์มั้ย", "หวยออกอะไร", "สมัคร"):
        scores = [candidate.score for candidate in matcher.decide(text).candidates]
        assert scores == sorted(scores, reverse=True)
        assert all(0.0 <= score <= 1.0 for score in scores)


def test_explain_tells_how_it_came_about(matcher: Matcher) -> None:
    explained = matcher.decide("เฮ็ดจะใดเถิงจะได้เป๋นสื่ออาสา").explain()
    assert "ทำ" in explained["words"]
    assert {"text", "right", "offered", "out_of_scope", "reject", "telling"} <= explained.keys()


def test_threads_decide_alike(matcher: Matcher) -> None:
    texts = ["ศูนย์เปิดกี่โมง", "สมัครสื่ออาสา", "หวยออกอะไร", "อยากตาย"] * 25
    expected = [matcher.decide(text) for text in texts]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(matcher.decide, texts)) == expected


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=400))
def test_any_text_is_decided(matcher: Matcher, text: str) -> None:
    decision = matcher.decide(text, earlier=(text, "ศูนย์เปิดกี่โมง"))
    assert (decision.entry is not None) == (decision.kind == "answer")
    assert decision.refusal is None or decision.kind == "fallback"


def test_messages_are_decided_quickly(matcher: Matcher) -> None:
    lines = (SHIPPED / "dev.jsonl").read_text("utf-8").splitlines()
    texts = [item.text for item in read_labelled(lines)]
    started = time.process_time()
    for text in texts:
        matcher.decide(text)
    assert (time.process_time() - started) / len(texts) < 0.005


@pytest.mark.parametrize("text", ["1" * 5_000, "รอกอกนอน" * 625, "่" * 5_000, "และศูนย์เปิดกี่โมง" * 260, "ก" * 40_000])
def test_a_hostile_text_is_decided_in_time(matcher: Matcher, text: str) -> None:
    started = time.process_time()
    matcher.decide(text)
    assert time.process_time() - started < 0.2
