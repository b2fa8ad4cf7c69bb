"""What a volunteer chooses while announcing: the event, the words, for whom; and what they see of it."""

from __future__ import annotations

import pytest

from bot.notices import approval, drafting
from bot.notices.rules import Rules
from bot.storage import events, preferences
from bot.storage.people import PersonRow
from handlers import wording
from tests.builders import NOON, SOMCHAI, a_press
from tests.handlers.announcing import (
    CANCEL,
    EVERYONE,
    FREE,
    LOOK,
    MORE,
    OF_DISTRICT,
    OF_PROGRAMME,
    OFF,
    OTHER,
    REGISTERED,
    SUBMIT,
    THIS,
    TO,
    WORDS,
    WRITTEN,
    agree,
    furnish,
    know_quota,
    link,
    notices_of,
    summed_up,
)
from tests.handlers.registered import TITLE, Door, door, said
from tests.office import answers, labels, words_of

__all__ = ["door"]


def test_each_audience_with_its_number(door: Door) -> None:
    event_id = door.event()
    link(door)
    furnish(door, notice_rules=Rules(smallest_segment=2))
    agree(door, 2, programme="forum")
    agree(door, 3, first=200, district="mae_sai")
    agree(door, 1, first=300, programme="media")
    door.place(event_id, f"U{300:032x}")
    audiences = door.tap(door.tap(door.say("ประกาศ"), THIS), TO)
    counted = words_of(audiences).split("\n")
    found = [line for line in counted if line.endswith("คน") or line.startswith(("คน", "ทุกคน"))]
    assert found == [
        "ทุกคนที่ตกลงรับข่าว", "5 คน", "คนที่สนใจเวทีแลกเปลี่ยนเรียนรู้", "5 คน", "คนในอำเภอแม่สาย", "3 คน",
        "คนที่ลงทะเบียนงานนี้", "1 คน",
    ]  # fmt: skip
    groups = []
    for label in (OF_PROGRAMME, OF_DISTRICT, REGISTERED):
        door.tap(door.tap(audiences, label), SUBMIT)
        groups.append(notices_of(door)[-1].audience["groups"])
        audiences = door.tap(door.tap(door.say("ประกาศ"), THIS), TO)
    assert groups == [[["programme", "forum"]], [["district", "mae_sai"]], [["registered", str(event_id)]]]


def test_an_event_of_no_programme_and_place_has_fewer_audiences(door: Door) -> None:
    door.event(programme=None, district=None)
    link(door)
    audiences = door.tap(door.tap(door.say("ประกาศ"), THIS), TO)
    assert labels(audiences)[:2] == [EVERYONE, REGISTERED]


def test_an_interest_of_few_is_neither_counted_out_nor_chosen(door: Door) -> None:
    door.event()
    link(door)
    agree(door, 3, programme="forum")
    audiences = door.tap(door.tap(door.say("ประกาศ"), THIS), TO)
    assert said("announce.fewer", count="50") in words_of(audiences)
    heard = door.tap(audiences, OF_PROGRAMME)
    assert said("announce.too_small", smallest="50") in words_of(heard)
    assert labels(heard)[0] == EVERYONE, "and another can be chosen"


@pytest.mark.parametrize(
    ("limit", "key", "facts"),
    [
        (500, "announce.quota_after", {"left": "487"}),
        (12, "announce.quota_short", {"left": "2", "needed": "3"}),
        (None, "announce.quota_without_limit", {}),
    ],
)
def test_what_it_leaves_of_the_quota(door: Door, limit: int | None, key: str, facts: dict[str, str]) -> None:
    door.event()
    link(door)
    agree(door, 3)
    know_quota(door, limit, used=10)
    assert said(key, **facts) in words_of(summed_up(door))


def test_what_was_promised_to_another_notice_is_not_left(door: Door) -> None:
    door.event()
    author = link(door)
    agree(door, 3)
    know_quota(door, 500, used=10)
    door.tap(summed_up(door), SUBMIT)
    (notice,) = notices_of(door)
    with door.office.database.transaction() as db:
        approval.approve(db, notice.id, seen=1, approver_id=author.id, rules=Rules(), now=door.office.now)
    assert said("announce.quota_after", left="484") in words_of(summed_up(door))


def test_one_s_own_words_take_the_place_of_the_text(door: Door) -> None:
    door.event()
    link(door)
    agree(door, 1)
    asked = door.tap(door.tap(door.say("ประกาศ"), THIS), WORDS)
    assert words_of(asked) == said("announce.words")
    own = "พรุ่งนี้มาเจอกันไหมคะ เก้าโมงเช้า ที่หอประชุม"
    door.office.matcher.told[own] = answers("center.hours")
    preview = door.say(own)
    assert own in words_of(preview), "although it asks something that the bot could answer"
    assert door.office.questions() == []
    assert WRITTEN in labels(preview)
    door.tap(door.tap(door.tap(preview, TO), EVERYONE), SUBMIT)
    (bubble,) = drafting.plan_of(notices_of(door)[0]).content.bubbles
    assert (bubble.text, bubble.title) == (own, TITLE)


def test_the_written_words_can_be_had_back(door: Door) -> None:
    door.event()
    link(door)
    written = door.tap(door.say("ประกาศ"), THIS)
    own = door.say("มากันเยอะ ๆ นะคะ") if door.tap(written, WORDS) else []
    back = door.tap(own, WRITTEN)
    assert words_of(back) == words_of(written)
    assert WRITTEN not in labels(back)


def test_words_left_as_they_are(door: Door) -> None:
    door.event()
    link(door)
    written = door.tap(door.say("ประกาศ"), THIS)
    assert words_of(door.tap(door.tap(written, WORDS), "ไม่แก้แล้ว")) == words_of(written)


def test_english_words_do_not_make_the_dialogue_english(door: Door) -> None:
    door.event()
    link(door)
    door.tap(door.tap(door.say("ประกาศ"), THIS), WORDS)
    assert TO in labels(door.say("Please come and join us"))


@pytest.mark.parametrize(
    ("text", "key", "detail"),
    [
        ("ดูที่ bit.ly/abc นะคะ", "announce.fault_short_link", "bit.ly/abc"),
        ("ดูที่ http://www.centre.go.th นะคะ", "announce.fault_scheme", "http://www.centre.go.th"),
        ("ดูที่ https://evil.example/a นะคะ", "announce.fault_link", "https://evil.example/a"),
        ("ดูที่ https://centre.go.th@evil.example นะคะ", "announce.fault_disguise", "https://centre.go.th@evil.example"),
        ("เรียน {name} ค่ะ", "announce.fault_braces", "{name}"),
        ("ก" * 1_001, "announce.fault_long", "1001/1000"),
    ],
)
def test_words_that_cannot_be_sent_are_told_kindly(door: Door, text: str, key: str, detail: str) -> None:
    door.event()
    link(door)
    agree(door, 1)
    furnish(door, notice_rules=Rules(link_domains=frozenset({"centre.go.th"})))
    door.tap(door.tap(door.say("ประกาศ"), THIS), WORDS)
    heard = door.say(text)
    assert words_of(heard).split("\n\n") == [
        said("announce.faults"), said(key, detail=detail), said("announce.words_again"),
    ]  # fmt: skip
    better = door.say("ดูที่ https://www.centre.go.th/news นะคะ")
    assert labels(better)[-5:-3] == [TO, WORDS], "and the next text is taken"


def test_the_way_out_in_the_preview_takes_nothing_away(door: Door) -> None:
    door.event()
    link(door)
    person_id = door.person()
    with door.office.database.transaction() as db:
        preferences.save(db, person_id, wants_notices=True, asked_at=NOON)
    preview = door.tap(door.say("ประกาศ"), THIS)
    heard = door.tap(preview, OFF)
    assert words_of(heard).startswith(said("announce.sample"))
    assert TO in labels(heard), "and one goes on from there"
    with door.office.database.reading() as db:
        found = preferences.find(db, person_id)
    assert found is not None
    assert found.wants_notices


def test_the_button_for_the_event_is_answered_and_the_dialogue_goes_on(door: Door) -> None:
    door.event()
    link(door)
    preview = door.tap(door.say("ประกาศ"), THIS)
    heard = door.tap(preview, "ดูงานและลงทะเบียน")
    assert labels(heard)[-5:] == [TO, LOOK, WORDS, OTHER, CANCEL]


def test_free_words_are_written_in_the_console(door: Door) -> None:
    door.event()
    link(door)
    heard = door.tap(door.say("ประกาศ"), FREE)
    assert words_of(heard) == f"{said('announce.free')}\nhttp://127.0.0.1:8000/console/notices/new"


def test_with_nothing_to_come_the_console_is_named(door: Door) -> None:
    link(door)
    heard = door.say("ประกาศ")
    assert words_of(heard).startswith(said("announce.none"))
    door.say("อะไรก็ได้")
    assert door.office.questions()[-1].text == "อะไรก็ได้", "nothing is waited for"


def test_many_events_are_leafed_through(door: Door) -> None:
    link(door)
    for number in range(12):
        door.event(title=f"งานที่ {number:02}")
    first = door.say("ประกาศ")
    assert labels(first).count(THIS) == 10
    second = door.tap(first, MORE)
    assert labels(second) == [THIS, THIS, FREE, CANCEL]
    assert "งานที่ 11" in words_of(second)


def test_drafts_and_past_events_are_not_offered(door: Door) -> None:
    link(door)
    door.event(title="ยังเป็นร่าง", state=events.DRAFT)
    door.event(title="จบไปแล้ว", starts_at=NOON.replace(day=1), ends_at=NOON.replace(day=2))
    assert words_of(door.say("ประกาศ")).startswith(said("announce.none"))


def test_another_event_begins_with_its_own_words(door: Door) -> None:
    door.event()
    door.event(title="งานอื่น", starts_at=NOON.replace(month=12, day=20))
    link(door)
    door.tap(door.tap(door.say("ประกาศ"), THIS), WORDS)
    own = door.say("มากันเยอะ ๆ นะคะ")
    listed = door.tap(own, OTHER)
    data = [card["footer"]["contents"][0]["action"]["data"] for card in listed[-1]["contents"]["contents"]]
    preview = door.hear(a_press(data[1], user_id=SOMCHAI))
    assert "งานอื่น" in words_of(preview)
    assert "มากันเยอะ ๆ นะคะ" not in words_of(preview)


def test_every_sentence_fits_with_its_facts(door: Door) -> None:
    """The longest names and texts there may be, all at once: five bubbles at most, and nothing is cut from the card."""
    event_id = door.event(title="งาน" * 60, summary="สรุป" * 400, bring="ปิ่นโต" * 80, place_name="หอประชุม" * 20)
    link(door)
    agree(door, 1)
    preview = door.tap(door.say("ประกาศ"), THIS)
    assert len(preview) == 3
    assert labels(preview)[-4:] == [TO, WORDS, OTHER, CANCEL]
    done = door.tap(door.tap(door.tap(preview, TO), EVERYONE), SUBMIT)
    assert said("announce.submitted") in words_of(done)
    (notice,) = notices_of(door)
    assert (notice.event_id, len(notice.title)) == (event_id, 120)


def test_in_english_too(door: Door) -> None:
    assert wording.load("en").say("announce.which").startswith("Which event")
    door.event()
    link(door)
    person_id = door.person()
    with door.office.database.transaction() as db:
        db.get_one(PersonRow, person_id).language = "en"
    heard = door.say("announce")
    assert labels(heard) == ["Announce this", "Something else", "Cancel"]
    assert labels(door.tap(heard, "Announce this"))[-4:] == [
        "Choose people", "Change the text", "Another event", "Cancel",
    ]  # fmt: skip
