from __future__ import annotations

import pytest

from bot.cases import canned
from bot.cases.refusals import ChangedMeanwhile, NoSuchCannedAnswer, TextRefused, TitleRefused, UnknownGaps
from bot.storage.canned_answers import CannedAnswerRow
from bot.storage.engine import Database
from tests.bot.cases.making import staff_of
from tests.builders import NOON

FACTS = {"name": "คุณป้าคำ", "number": 12, "staff": "มาลี", "centre": "ศูนย์ฯ", "hours": "จันทร์ถึงศุกร์ 8.30–16.30 น."}


def test_an_answer_is_kept_changed_and_deleted(database: Database) -> None:
    with database.transaction() as db:
        malee, somchai = staff_of(db, "malee", "somchai")
        one = canned.save(db, answer_id=None, title=" ขอบ  คุณ ", text=" ขอบคุณค่ะ ", by=malee, now=NOON)
        two = canned.save(db, answer_id=None, title="กำลังดูให้", text="กำลังดูให้นะคะ", by=malee, now=NOON)
        assert [row.title for row in canned.list_all(db)] == ["กำลังดูให้", "ขอบ คุณ"]
        changed = canned.save(db, answer_id=one.id, title="ขอบ คุณ", text="ขอบคุณมากค่ะ", by=somchai, now=NOON, version=1)
        assert (changed.text, changed.changed_by, changed.version) == ("ขอบคุณมากค่ะ", somchai, 2)
        with pytest.raises(ChangedMeanwhile) as refused:
            canned.save(db, answer_id=one.id, title="ก", text="ก", by=malee, now=NOON, version=1)
        assert refused.value.version == 2
        with pytest.raises(ChangedMeanwhile):
            canned.delete(db, one.id, version=1)
        assert [canned.delete(db, two.id), canned.delete(db, two.id)] == [True, False]
        with pytest.raises(NoSuchCannedAnswer):
            canned.save(db, answer_id=two.id, title="ข", text="ข", by=malee, now=NOON)
        assert [row.id for row in canned.list_all(db)] == [one.id]


@pytest.mark.parametrize(("title", "taken"), [("ขอบคุณ", True), ("", False), ("ก" * 81, False)])
def test_a_title_is_there_and_stands_for_one_answer(database: Database, title: str, taken: bool) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        canned.save(db, answer_id=None, title="ขอบคุณ", text="ขอบคุณค่ะ", by=malee, now=NOON)
        with pytest.raises(TitleRefused) as refused:
            canned.save(db, answer_id=None, title=title, text="ข", by=malee, now=NOON)
        assert refused.value.taken is taken


@pytest.mark.parametrize(
    ("text", "refusal"), [("", TextRefused), ("ก" * 5001, TextRefused), ("{ชื่อ} {เบอร์โทร}", UnknownGaps)]
)
def test_what_could_not_be_sent_is_not_kept(sqlite_database: Database, text: str, refusal: type[Exception]) -> None:
    with sqlite_database.transaction() as db:
        with pytest.raises(refusal):
            canned.save(db, answer_id=None, title="ก", text=text, by=0, now=NOON)
        assert db.query(CannedAnswerRow).all() == []


def test_gaps_are_filled_in() -> None:
    text = "สวัสดีค่ะ {ชื่อ} เรื่องที่ { เลขเรื่อง } {เจ้าหน้าที่}จาก{ศูนย์}รับแล้วค่ะ ({เวลาทำการ})"
    assert canned.fill(text, **FACTS) == (  # type: ignore[arg-type]
        "สวัสดีค่ะ คุณป้าคำ เรื่องที่ 12 มาลีจากศูนย์ฯรับแล้วค่ะ (จันทร์ถึงศุกร์ 8.30–16.30 น.)"
    )


def test_a_gap_for_a_name_that_nobody_knows_goes_with_its_blank() -> None:
    assert canned.fill("สวัสดีค่ะ {ชื่อ} ยินดีค่ะ", **{**FACTS, "name": " "}) == "สวัสดีค่ะ ยินดีค่ะ"  # type: ignore[arg-type]
    assert canned.fill("{ชื่อ} สวัสดีค่ะ", **{**FACTS, "name": ""}) == "สวัสดีค่ะ"  # type: ignore[arg-type]


def test_what_a_gap_is_filled_with_is_not_filled_again() -> None:
    assert canned.fill("{ชื่อ}", **{**FACTS, "name": "{ศูนย์}\0"}) == "{ศูนย์}"  # type: ignore[arg-type]


def test_unknown_gaps_are_refused_with_their_names() -> None:
    with pytest.raises(UnknownGaps) as refused:
        canned.fill("{ชื่อ} {นามสกุล} {} {นามสกุล}", **FACTS)  # type: ignore[arg-type]
    assert refused.value.names == ("นามสกุล", "")


def test_braces_that_are_no_gap_stay() -> None:
    assert canned.fill("a { b\nc } d {", **FACTS) == "a { b\nc } d {"  # type: ignore[arg-type]
