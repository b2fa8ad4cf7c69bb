"""ตั้งค่า, the whole: reminders, being told later, the language, how to be addressed; each as easily ended as begun."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.cases.kinds import CaseKind
from bot.events import booking
from bot.outreach import hear_back, preferences, review_intake
from bot.queue import jobs
from bot.queue.kinds import SERVICE, JobKind
from bot.storage import hear_back as awaited
from bot.storage import people, registrations, service_messages
from bot.storage.people import PersonRow
from bot.storage.questions import QuestionRow
from tests.builders import SOMCHAI
from tests.handlers.registered import Door, door, either_door, said
from tests.handlers.wishes import called_of, wishes_of
from tests.office import Office, answers, labels, words_of

__all__ = ["door", "either_door"]
REMINDERS = said("preferences.reminders")
TICKED, FREE = said("preferences.row_ticked", topic=REMINDERS), said("preferences.row_free", topic=REMINDERS)
CALL_ME, DATA = said("preferences.row_call_me"), said("button.prefer_data")
DAY_BEFORE = "reminder/1440"


@pytest.fixture
def chat(door: Door) -> Door:
    door.person()
    return door


def news(state: str, language: str = "th") -> str:
    return said("preferences.row_news", language, state=said(f"preferences.state_{state}", language))


def hears(count: int, language: str = "th") -> str:
    return said("preferences.row_hear", language, count=str(count))


def restrict(office: Office) -> None:
    with office.database.transaction() as db:
        db.execute(update(PersonRow).where(PersonRow.line_user_id == SOMCHAI).values(restricted_at=office.now))


# The card


@pytest.mark.parametrize("text", ["ตั้งค่า", "ตั้งค่าค่ะ", "การตั้งค่า", "เปลี่ยนภาษา", "Settings"])
def test_everything_stands_on_one_card(chat: Door, text: str) -> None:
    heard = chat.say(text)
    assert said("preferences.all_title") in words_of(heard)
    assert labels(heard)[:6] == [news("off"), TICKED, hears(0), CALL_ME, said("button.prefer_english"), DATA]


def test_nothing_optional_is_on_before_it_is_chosen(chat: Door) -> None:
    chat.say("ตั้งค่า")
    wishes = wishes_of(chat.office)
    assert (wishes.wants, wishes.programmes, wishes.district, called_of(chat)) == (False, (), None, "")


def test_the_row_of_the_news_leads_to_the_news_and_back(chat: Door) -> None:
    shown = chat.tap(chat.say("ตั้งค่า"), news("off"))
    assert said("preferences.is_off") in words_of(shown)
    assert said("preferences.all_title") in words_of(chat.tap(shown, said("button.prefer_all_back")))


def test_the_row_of_ones_data_leads_there(chat: Door) -> None:
    heard = chat.tap(chat.say("ตั้งค่า"), DATA)
    assert words_of(heard) == words_of(chat.say("ข้อมูลของฉัน")) != ""


def test_each_row_answers_and_any_other_dialogue_goes_on(chat: Door) -> None:
    card = chat.say("ตั้งค่า")
    waiting = words_of(chat.press("staff"))
    for label in labels(card)[1:4]:
        heard = words_of(chat.tap(card, label))
        assert (said("stale.button") in heard, heard.endswith(said("leave.waiting"))) == (False, True), label
    chat.say("ถนนมืดมาก")
    assert [kind for kind, _, _ in chat.office.cases()] == [CaseKind.WANTS_PERSON]
    assert waiting == said("leave.person")


# Reminders


def test_reminders_go_off_and_on_again(chat: Door) -> None:
    off = chat.tap(chat.say("ตั้งค่า"), TICKED)
    assert said("preferences.reminders_off") in words_of(off)
    assert (FREE in labels(off), wishes_of(chat.office).reminders) == (True, False)
    chat.tap(off, FREE)
    assert wishes_of(chat.office).reminders


def test_a_row_pressed_twice_sets_what_it_says(chat: Door) -> None:
    card = chat.say("ตั้งค่า")
    for _ in range(2):
        assert FREE in labels(chat.tap(card, TICKED))


def test_whoever_wants_no_reminders_gets_none_but_is_told_of_their_place(door: Door) -> None:
    place = door.place(door.event())
    with door.office.database.transaction() as db:
        registration = registrations.find(db, place)
        assert registration is not None
        booking.tell(db, registration, booking.CHANGED, now=door.office.now + timedelta(days=1))
    assert door.tell(place, DAY_BEFORE) != []
    door.tap(door.say("ตั้งค่า"), TICKED)
    assert (door.tell(place, DAY_BEFORE), door.tell(place, booking.CHANGED) != []) == ([], True)
    door.tap(door.say("ตั้งค่า"), FREE)
    assert door.tell(place, DAY_BEFORE) != []


def test_a_reminder_that_nobody_wants_is_dropped_when_it_is_due(either_door: Door) -> None:
    door = either_door
    place = door.place(door.event())
    person_id = door.person()
    with door.office.database.transaction() as db:
        preferences.set_reminders(db, person_id=person_id, wanted=False)
    assert due(door, place) == {DAY_BEFORE: "dropped"}
    assert door.office.line.sent == []


def test_a_reminder_that_is_wanted_is_sent(either_door: Door) -> None:
    door = either_door
    place = door.place(door.event())
    assert due(door, place) == {DAY_BEFORE: "sent"}


def due(door: Door, place: int) -> dict[str, str]:
    """What has become of the reminder of the day before, when it was due."""
    with door.office.database.reading() as db:
        rows = {row.kind: row for row in db.scalars(select(service_messages.ServiceMessageRow))}
    door.office.now = rows[DAY_BEFORE].due_at + timedelta(minutes=1)
    with door.office.database.transaction() as db:
        jobs.enqueue(db, JobKind.SERVICE_DUE, now=door.office.now, subject_ids=[(None, booking.LANE)], priority=SERVICE)
    door.office.work()
    with door.office.database.reading() as db:
        found = db.scalars(select(service_messages.ServiceMessageRow))
        return {row.kind: row.state for row in found if row.kind == DAY_BEFORE and row.registration_id == place}


# Being told later


def waits_for(chat: Door, *texts: str) -> None:
    for text in texts:
        chat.tap(chat.tap(chat.say(text), said("button.hear_offer")), said("button.hear_yes"))


def test_what_is_waited_for_is_counted_and_ended_at_once(chat: Door) -> None:
    waits_for(chat, "มีรถรับส่งบ้านปางห้าไหม", "ขอยืมเต็นท์ได้ไหม")
    card = chat.say("ตั้งค่า")
    shown = chat.tap(card, hears(2))
    assert said("preferences.hear_some", count="2") in words_of(shown)
    ended = chat.tap(shown, said("button.prefer_hear_end"))
    assert said("preferences.hear_ended") in words_of(ended)
    assert hears(0) in labels(ended)
    with chat.office.database.reading() as db:
        person = people.find(db, line_user_id=SOMCHAI)
        assert person is not None
        assert awaited.count_open(db, person_id=person.id) == 0
    assert said("preferences.hear_none") in words_of(chat.tap(shown, said("button.prefer_hear_end")))


def test_who_waits_for_nothing_is_told_how_it_would_come_about(chat: Door) -> None:
    shown = chat.tap(chat.say("ตั้งค่า"), hears(0))
    assert said("preferences.hear_none") in words_of(shown)
    assert said("button.prefer_hear_end") not in labels(shown)


# The language


@pytest.mark.parametrize("text", ["English", "ภาษาอังกฤษ", "in english"])
def test_the_whole_bot_then_speaks_it(chat: Door, text: str) -> None:
    assert said("preferences.language_now", "en") in words_of(chat.say(text))
    assert words_of(chat.say("เมนู")) == words_of(chat.say("menu"))
    assert said("menu.text", "en") in words_of(chat.say("เมนู"))
    assert said("preferences.language_now") in words_of(chat.say("ภาษาไทย"))
    assert said("menu.text") in words_of(chat.say("เมนู"))


def test_it_is_pressed_in_its_own_words(chat: Door) -> None:
    english = chat.tap(chat.say("ตั้งค่า"), said("button.prefer_english"))
    assert said("preferences.all_title", "en") in words_of(english)
    assert labels(english)[:2] == [
        news("off", "en"),
        said("preferences.row_ticked", topic=said("preferences.reminders", "en")),
    ]
    thai = chat.tap(english, said("button.prefer_thai"))
    assert said("preferences.all_title") in words_of(thai)


def test_a_language_that_we_do_not_speak_changes_nothing(chat: Door) -> None:
    assert said("preferences.all_title") in words_of(chat.press("prefer_language", v="fr"))


# Whose data may only be kept


def test_they_are_answered_and_nothing_of_it_is_logged_for_review(either_door: Door) -> None:
    door = either_door
    door.person()
    door.office.matcher.told = {"ศูนย์เปิดกี่โมงคะ": answers("center.hours")}
    restrict(door.office)
    assert words_of(door.say("ศูนย์เปิดกี่โมงคะ")) != ""
    assert said("button.hear_offer") not in labels(door.say("มีรถรับส่งบ้านปางห้าไหม"))
    with door.office.database.reading() as db:
        kept = [(row.text, row.words, row.asker, row.message_id) for row in db.scalars(select(QuestionRow))]
    assert kept == [(None, [], None, None)] * 2
    door.office.wait(minutes=5)
    with door.office.database.transaction() as db:
        gathered = review_intake.gather(db, now=door.office.now, limit=9, words_of=str.split)
    assert gathered.opened == 0


def test_they_are_neither_reminded_nor_asked_how_it_was(either_door: Door) -> None:
    door = either_door
    place = door.place(door.event())
    restrict(door.office)
    assert due(door, place) == {DAY_BEFORE: "dropped"}


def test_they_are_not_told_what_they_waited_for_before_it_is_lifted(chat: Door) -> None:
    waits_for(chat, "มีรถรับส่งบ้านปางห้าไหม")
    with chat.office.database.transaction() as db:
        asked = hear_back.list_unanswered(db, version="v2", limit=9)
        hear_back.note_checked(db, asked, {asked[0].id: "center.hours"}, version="v2", now=chat.office.now)
    restrict(chat.office)
    later = chat.office.now + timedelta(days=6, hours=1)
    with chat.office.database.transaction() as db:
        assert hear_back.list_due(db, now=later, limit=9) == []
        hear_back.tidy(db, now=chat.office.now)
    assert said("hear.alt") not in words_of(chat.say("เมนู"))
    assert hears(1) in labels(chat.say("ตั้งค่า")), "it is kept, and nothing else is done with it"
    with chat.office.database.transaction() as db:
        db.execute(update(PersonRow).values(restricted_at=None))
    assert "มีรถรับส่งบ้านปางห้าไหม" in words_of(chat.say("เมนู"))


def test_the_settings_say_so(chat: Door) -> None:
    restrict(chat.office)
    assert said("preferences.restricted") in words_of(chat.say("ตั้งค่า"))


def test_they_are_not_asked_whether_they_want_news(chat: Door) -> None:
    person_id = chat.person()
    later = chat.office.now + timedelta(days=2)
    with chat.office.database.transaction() as db:
        assert preferences.may_ask(db, person_id=person_id, now=later)
    restrict(chat.office)
    with chat.office.database.transaction() as db:
        assert not preferences.may_ask(db, person_id=person_id, now=later)
