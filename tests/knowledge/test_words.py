from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from knowledge.words import WordSplitter


def test_split_knows_the_domains_words() -> None:
    splitter = WordSplitter(["ศตจปชช", "เฮ็ด", "อะหยัง"])
    assert splitter.split("ศตจปชช เฮ็ดอะหยัง") == ("ศตจปชช", "เฮ็ด", "อะหยัง")


def test_split_loses_no_letter() -> None:
    text = "ศูนย์เปิดกี่โมง abc 123 กขค"
    assert "".join(WordSplitter().split(text)) == text.replace(" ", "")


def test_split_of_nothing_is_nothing() -> None:
    assert WordSplitter().split("") == ()


@pytest.mark.parametrize("text", ["1" * 5_000, "รอกอกนอน" * 625, "่" * 5_000, "ก" * 5_000, "ตากลม" * 1_000])
def test_split_of_a_hostile_text_is_quick(text: str) -> None:
    splitter = WordSplitter()
    splitter.split("ก")
    started = time.process_time()
    splitter.split(text)
    assert time.process_time() - started < 0.3


def test_threads_share_a_splitter() -> None:
    splitter = WordSplitter(["สื่ออาสา"])
    texts = ["สมัครสื่ออาสายังไง", "ศูนย์เปิดกี่โมง", "อยากไปร่วมเวที"] * 50
    expected = [splitter.split(text) for text in texts]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(splitter.split, texts)) == expected
