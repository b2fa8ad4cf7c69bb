"""Whether somebody wants notices: asked once, at a fitting moment, with nothing chosen for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.outreach import hear_back, preferences
from bot.outreach.preferences import EXPLICIT_PURPOSE, Wishes
from bot.storage import people
from bot.storage import preferences as table
from bot.storage.engine import Database
from bot.storage.preferences import PROGRAMME
from bot.vault import Vault
from knowledge.care import Care
from knowledge.decision import Decision
from tests.builders import MALEE, SOMCHAI
from tests.handlers.registered import Door
from tests.handlers.signing_up import Citizen
from tests.handlers.wishes import ALL, NO, SOME, THIS, consents_of, said, wishes_of
from tests.office import Office, answers, labels, shipped, words_of

TITLE = said("preferences.ask_title")
QUESTION = said("preferences.ask", most="4")


@pytest.fixture
def chat(sqlite_database: Database, vault: Vault) -> Office:
    """Somchai and Malee are known since yesterday, and have been told about their data."""
    return of_yesterday(Office(sqlite_database, vault))


@pytest.fixture
def anywhere(office: Office) -> Office:
    return of_yesterday(office)


def of_yesterday(office: Office) -> Office:
    office.matcher.told = {
        "เวทีคืออะไร": answers("forum.what"),
        "ไปเวทียังไง": answers("forum.join"),
        "งานชาติพันธุ์คืออะไร": answers("ethnic.what"),
        "เรื่องป่าชุมชน": answers("issue.resources"),
        "ชาติพันธุ์มีปัญหา": answers("issue.ethnic"),
        "เรื่องสุขภาพ": answers("issue.health"),
        "เรื่องคนพิการ": answers("issue.children_women_disabled"),
        "แก้จนคืออะไร": answers("poverty.what"),
        "ศูนย์คืออะไร": answers("center.what"),
        "สองเรื่อง": answers("center.what", also=("center.contact",)),
        "สวัสดี": answers("general.greeting"),
        "อยากคุยกับคน": answers("general.human"),
        "เลิกส่งข่าวยังไง": answers("event.notices"),
        "ขอข้อมูลของผม": answers("general.privacy"),
        "อยากตาย": answers("general.crisis", urgent=True),
        "เลือกพรรคไหน": Decision("fallback", None, (), refusal="political"),
    }
    for user_id in (SOMCHAI, MALEE):
        Door(office).person(user_id)
    office.wait(days=1)
    return office


def asks(messages: list[dict[str, Any]]) -> bool:
    return TITLE in words_of(messages)


def test_after_a_clear_answer_on_a_later_day_the_question_comes_once(anywhere: Office) -> None:
    heard = anywhere.say("ศูนย์คืออะไร")
    assert asks(heard)
    assert QUESTION in words_of(heard)
    assert labels(heard[-1:])[:2] == [ALL, NO]
    assert wishes_of(anywhere) == Wishes(asked_at=anywhere.now)
    assert consents_of(anywhere) == []
    anywhere.wait(days=30)
    assert not asks(anywhere.say("เวทีคืออะไร"))


def test_the_choices_of_the_answer_stay_in_reach(chat: Office) -> None:
    asked = chat.say("ศูนย์คืออะไร")
    chat.wait(days=1)
    plain = chat.say("ศูนย์คืออะไร")
    assert [item["action"]["label"] for item in asked[-1]["quickReply"]["items"]] == labels(plain[-1:])
    assert words_of(asked[:-1]) == words_of(plain)


@pytest.mark.parametrize(
    "text", ["สวัสดี", "อยากคุยกับคน", "เลิกส่งข่าวยังไง", "ขอข้อมูลของผม", "อยากตาย", "เลือกพรรคไหน", "ไม่รู้จัก", "เมนู"]
)
def test_at_no_other_moment_is_anybody_asked(chat: Office, text: str) -> None:
    assert not asks(chat.say(text))
    assert asks(chat.say("ศูนย์คืออะไร", user_id=MALEE))


def test_not_on_the_first_day_nor_right_after_a_miss(chat: Office) -> None:
    newcomer = "U" + "7" * 32
    chat.say("เมนู", user_id=newcomer)
    assert not asks(chat.say("ศูนย์คืออะไร", user_id=newcomer))
    chat.say("ไม่รู้จัก")
    assert not asks(chat.say("ศูนย์คืออะไร"))
    assert asks(chat.say("เวทีคืออะไร"))


def test_not_beside_the_privacy_notice(chat: Office) -> None:
    with chat.database.transaction() as db:
        people.find_or_create(db, line_user_id="U" + "7" * 32, now=chat.now)
    chat.wait(days=1)
    first = chat.say("ศูนย์คืออะไร", user_id="U" + "7" * 32)
    notice = said("welcome.notice", url=f"{chat.desk.base_url}/privacy")
    assert (notice in words_of(first), asks(first)) == (True, False)
    assert asks(chat.say("ศูนย์คืออะไร", user_id="U" + "7" * 32))


def test_not_beside_news(chat: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    chat.say("มีรถไหม")
    with chat.database.transaction() as db:
        person = people.find(db, line_user_id=SOMCHAI)
        question = chat.questions()[-1]
        assert person is not None
        hear_back.agree(
            db, chat.vault, person_id=person.id, question_id=question.id, wording_hash="0" * 64, way="button",
            now=chat.now,
        )  # fmt: skip
        waiting = hear_back.list_unanswered(db, version="v2", limit=9)
        hear_back.note_checked(db, waiting, {waiting[0].id: "center.hours"}, version="v2", now=chat.now)
    chat.wait(hours=1)
    heard = chat.say("ศูนย์คืออะไร")
    assert (said("hear.told", question="มีรถไหม") in words_of(heard), asks(heard)) == (True, False)
    assert asks(chat.say("ศูนย์คืออะไร"))


def test_not_where_the_answer_is_not_to_be_said_today(chat: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = replace(shipped().entries["center.what"], care=Care(valid_from="2099-01-01"))
    monkeypatch.setitem(shipped().entries, "center.what", entry)  # type: ignore[arg-type]
    assert not asks(chat.say("ศูนย์คืออะไร"))


def test_not_in_a_storm(chat: Office) -> None:
    chat.storm_misses = 1
    chat.__post_init__()
    chat.say("ไม่รู้จัก", user_id=MALEE)
    assert not asks(chat.say("ศูนย์คืออะไร"))


def test_not_while_a_dialogue_waits(chat: Office) -> None:
    chat.matcher.told["เปิดกี่โมง"] = answers("center.hours")
    chat.matcher.told["อยากเสนอ"] = answers("forum.propose")
    proposing = chat.say("อยากเสนอ")
    assert asks(proposing)  # the answer that leads to the dialogue is an answer like others
    proposing = chat.say("อยากเสนอ", user_id=MALEE)
    with chat.database.transaction() as db:
        person = people.find(db, line_user_id=MALEE)
        assert person is not None
        table.save(db, person.id, asked_at=None)
    chat.press(proposing, "เสนอเรื่อง", user_id=MALEE)
    assert not asks(chat.say("เปิดกี่โมง", user_id=MALEE))


def test_the_question_fits_beside_the_longest_answer(chat: Office) -> None:
    heard = chat.say("สองเรื่อง")
    assert (asks(heard), len(heard)) == (True, 4)


# What is offered, and what a yes leaves behind.


@pytest.mark.parametrize(
    ("text", "programmes", "topics"),
    [
        ("เวทีคืออะไร", ("forum",), ()),
        ("ไปเวทียังไง", ("forum",), ("forum.join",)),
        ("เรื่องป่าชุมชน", ("forum",), ("issue.resources",)),
        ("แก้จนคืออะไร", (), ("poverty.what",)),
    ],
)
def test_of_what_was_asked_a_narrower_yes_is_offered(
    chat: Office, text: str, programmes: tuple[str, ...], topics: tuple[str, ...]
) -> None:
    asked = chat.say(text)
    names = [known.name["th"] for known in shipped().pack.programmes if known.id in programmes]
    names += [shipped().entries[topic].title["th"] for topic in topics]
    assert [name for name in names if f"“{name}”" not in words_of(asked[-1:])] == []
    assert labels(asked[-1:])[:3] == [THIS, ALL, NO]
    heard = chat.press(asked, THIS)
    assert said("preferences.agreed") in words_of(heard)
    wishes = wishes_of(chat)
    assert (wishes.wants, wishes.everything, wishes.programmes, wishes.topics) == (True, False, programmes, topics)


def test_of_the_house_itself_there_is_no_narrower_yes(chat: Office) -> None:
    assert THIS not in labels(chat.say("ศูนย์คืออะไร"))


@pytest.mark.parametrize("text", ["งานชาติพันธุ์คืออะไร", "ชาติพันธุ์มีปัญหา", "เรื่องสุขภาพ", "เรื่องคนพิการ"])
def test_what_may_tell_of_somebodys_origin_or_health_is_said_to_do_so_and_kept_with_an_explicit_yes(
    chat: Office, text: str
) -> None:
    asked = chat.say(text)
    assert said("preferences.ask_sensitive") in words_of(asked)
    chat.press(asked, THIS)
    assert [purpose for purpose, _, _ in consents_of(chat)] == ["notices", EXPLICIT_PURPOSE]
    assert said("preferences.ask_sensitive") not in words_of(chat.say("เวทีคืออะไร", user_id=MALEE))


def test_a_yes_is_kept_with_the_hash_of_the_very_words_and_buttons(anywhere: Office) -> None:
    asked = anywhere.say("ศูนย์คืออะไร")
    heard = anywhere.press(asked, ALL)
    assert said("preferences.agreed") in words_of(heard)
    shown = hear_back.hash_of("\n".join((TITLE, QUESTION, ALL, NO)))
    assert consents_of(anywhere) == [("notices", shown, "button")]
    anywhere.press(asked, ALL)
    assert (consents_of(anywhere), wishes_of(anywhere).everything) == ([("notices", shown, "button")], True)


def test_the_words_say_how_often_at_most(chat: Office) -> None:
    object.__setattr__(chat.desk, "notice_rules", replace(chat.desk.notice_rules, weekly_cap=2))
    assert said("preferences.ask", most="2") in words_of(chat.say("ศูนย์คืออะไร"))


def test_a_no_is_remembered_and_also_takes_back_a_yes(chat: Office) -> None:
    asked = chat.say("ศูนย์คืออะไร")
    assert said("preferences.declined") in words_of(chat.press(asked, NO))
    assert (wishes_of(chat).wants, wishes_of(chat).asked_at is None) == (False, False)
    chat.press(asked, ALL)
    assert wishes_of(chat).wants
    chat.wait(days=700)
    chat.press(asked, NO)
    assert not wishes_of(chat).wants


def test_a_yes_to_words_of_an_earlier_version_is_asked_for_again(chat: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = chat.say("ศูนย์คืออะไร")
    monkeypatch.setattr(preferences, "VERSION", preferences.VERSION + 1)
    heard = chat.press(asked, ALL)
    assert (asks(heard), wishes_of(chat).wants) == (True, False)
    chat.press(heard, ALL)
    assert wishes_of(chat).wants


@pytest.mark.parametrize("about", [{"p": "no_such_programme"}, {"e": "no.such_topic"}, {"as": "noted"}])
def test_a_yes_to_what_is_gone_is_asked_for_again(chat: Office, about: dict[str, str]) -> None:
    door = Door(chat)
    heard = door.press("notice_yes", w="0" * 64, v=preferences.VERSION, **about)
    assert (asks(heard), wishes_of(chat).wants) == (True, False)


@pytest.mark.parametrize(
    ("question", "typed", "wants", "topics"),
    [
        ("ศูนย์คืออะไร", "รับค่ะ", True, ()),
        ("ศูนย์คืออะไร", "รับทุกเรื่องครับ", True, ()),
        ("ไปเวทียังไง", "รับข่าวเรื่องนี้", True, ("forum.join",)),
        ("เวทีคืออะไร", "ไม่รับค่ะ", False, ()),
        ("ศูนย์คืออะไร", "ไม่รับข่าว", False, ()),
    ],
)
def test_the_answer_may_be_typed(chat: Office, question: str, typed: str, wants: bool, topics: tuple[str, ...]) -> None:
    chat.say(question)
    heard = words_of(chat.say(typed))
    assert said("preferences.agreed" if wants else "preferences.declined") in heard
    assert (wishes_of(chat).wants, wishes_of(chat).topics) == (wants, topics)
    assert [way for _, _, way in consents_of(chat)] == (["text"] if wants else [])


def test_a_mere_yes_where_two_were_offered_is_asked_which(chat: Office) -> None:
    chat.say("เวทีคืออะไร")
    heard = chat.say("รับค่ะ")
    assert labels(heard[-1:])[:3] == [ALL, SOME, NO]
    assert not wishes_of(chat).wants


@pytest.mark.parametrize("text", ["ได้", "ใช่ค่ะ", "ไม่"])
def test_what_may_be_meant_for_the_answer_is_no_answer_to_this(chat: Office, text: str) -> None:
    chat.say("ศูนย์คืออะไร")
    chat.say(text)
    assert (wishes_of(chat).wants, consents_of(chat)) == (False, [])


def test_typed_later_it_is_a_message_like_any_other(chat: Office) -> None:
    chat.say("ศูนย์คืออะไร")
    chat.say("เวทีคืออะไร")
    chat.say("รับทุกเรื่อง")
    assert not wishes_of(chat).wants


def test_somebody_else_s_button_is_their_own_yes(chat: Office) -> None:
    asked = chat.say("ศูนย์คืออะไร")
    chat.press(asked, ALL, user_id=MALEE)
    assert (wishes_of(chat).wants, wishes_of(chat, MALEE).wants) == (False, True)


# People whom a file made known.


def test_what_a_file_noted_is_said_and_kept_only_with_a_yes(chat: Office) -> None:
    newcomer = "U" + "7" * 32
    noted, alone = newcomer, "U" + "8" * 32
    for user_id, programmes in ((noted, ("school", "media")), (alone, ())):
        propose(chat, user_id, *programmes)
    asked = chat.say("เวทีคืออะไร", user_id=noted)
    assert "“" not in words_of(asked[-1:])
    assert "คุณสนใจ สื่ออาสาประชาสังคม, ประชาธิปไตยในโรงเรียน คุณอยู่อำเภอพาน" in words_of(asked)
    chat.press(asked, said("button.prefer_noted"), user_id=noted)
    wishes = wishes_of(chat, noted)
    assert (wishes.wants, wishes.programmes, wishes.district) == (True, ("media", "school"), "phan")

    asked = chat.say("เวทีคืออะไร", user_id=alone)
    chat.press(asked, ALL, user_id=alone)
    assert (wishes_of(chat, alone).wants, wishes_of(chat, alone).district) == (True, None)


def propose(chat: Office, user_id: str, *programmes: str) -> None:
    """Of today, and told about their data."""
    person_id = Door(chat).person(user_id)
    with chat.database.transaction() as db:
        table.save(db, person_id, imported=True, everything=not programmes, district="phan")
        for programme in programmes:
            table.add_interest(db, person_id, kind=PROGRAMME, value=programme)


# At the end of a registration.


def register(citizen: Citizen, **event: Any) -> str:
    citizen.make_event(phone_rule="no", party_most=1, **event)
    citizen.agree()
    citizen.say("มาลี")
    return citizen.press("ยืนยัน")


@pytest.fixture
def citizen(sqlite_database: Database, vault: Vault) -> Citizen:
    return Citizen(sqlite_database, vault)


def test_after_a_place_is_confirmed_the_question_comes_on_the_first_day_too(citizen: Citizen) -> None:
    assert TITLE in register(citizen)
    assert said("preferences.ask_this", topic="เวทีแลกเปลี่ยนเรียนรู้") in words_of(citizen.heard)
    assert {"กิจกรรมของฉัน", "เมนู"} <= set(citizen.labels)
    assert citizen.press(THIS).startswith(f"{said('preferences.title')}\n{said('preferences.agreed')}")
    assert TITLE not in register(citizen, title="อีกงาน")


def test_an_event_of_no_programme_offers_everything_only(citizen: Citizen) -> None:
    register(citizen, programme=None)
    assert citizen.labels[-10:].count(THIS) == 0
    assert {ALL, NO} <= set(citizen.labels)


@pytest.mark.parametrize("event", [{"admits_each": True}, {"capacity": 0, "has_waiting_list": True}])
def test_without_a_confirmed_place_nobody_is_asked(citizen: Citizen, event: dict[str, Any]) -> None:
    assert TITLE not in register(citizen, **event)
    assert citizen.states()
