"""ตั้งค่า: how it stands, what can be changed, and that each press shows it as it is then."""

from __future__ import annotations

from typing import Any

import pytest

from bot.outreach import hear_back, preferences
from bot.outreach.preferences import EXPLICIT_PURPOSE
from bot.storage.engine import Database
from bot.vault import Vault
from tests.builders import an_event
from tests.handlers.registered import Door
from tests.handlers.wishes import ALL, NO, SOME, consents_of, said, wishes_of
from tests.office import Office, answers, labels, shipped, words_of

TOPICS, DISTRICT, HOURS, PAUSE, OFF, ON = (
    said(f"button.prefer_{name}") for name in ("topics", "district", "hours", "pause", "off", "on")
)
FORUM, SCHOOL, ETHNIC, MEDIA = (programme.name["th"] for programme in shipped().pack.programmes)
MAE_SAI = {"type": "location", "id": "9", "latitude": 20.428, "longitude": 99.8833, "address": "อ.แม่สาย จ.เชียงราย"}
NOWHERE = {"type": "location", "id": "9", "latitude": 0.0, "longitude": 0.0, "address": ""}


@pytest.fixture
def chat(sqlite_database: Database, vault: Vault) -> Office:
    """Somchai has been told about his data, and hears of everything."""
    return agreed(Office(sqlite_database, vault))


def agreed(office: Office) -> Office:
    office.matcher.told = {
        "ศูนย์เปิดกี่โมงคะ": answers("center.hours"),
        "อยากเสนอเรื่อง": answers("forum.propose"),
        "เลิกส่งข่าวยังไง": answers("event.notices"),
    }
    agree(office)
    return office


def agree(office: Office, **more: Any) -> None:
    person_id = Door(office).person()
    with office.database.transaction() as db:
        preferences.agree(
            db, person_id=person_id, wording_hash="0" * 64, way="button", now=office.now, sensitive=frozenset(), **more
        )


def topics(chat: Office) -> list[dict[str, Any]]:
    return chat.press(chat.say("ตั้งค่าข่าว"), TOPICS)


def ticked(messages: list[dict[str, Any]]) -> list[str]:
    return [label.removeprefix("✅ ") for label in labels(messages) if label.startswith("✅")]


@pytest.mark.parametrize("text", ["ตั้งค่าข่าว", "ตั้งค่าข่าวค่ะ", "ตั้งค่าการรับข่าว", "ตั้งค่ารับข่าว", "News settings"])
def test_the_settings_say_how_it_stands(chat: Office, text: str) -> None:
    heard = chat.say(text)
    language = "en" if " " in text else "th"
    for key in ("title", "is_on", "state_on", "everything", "no_district", "no_hours"):
        assert said(f"preferences.{key}", language) in words_of(heard)
    keys = ("topics", "district", "hours", "pause", "off")
    assert labels(heard)[:5] == [said(f"button.prefer_{key}", language) for key in keys]


def test_the_button_under_the_answer_about_news_leads_here(chat: Office) -> None:
    heard = chat.press(chat.say("เลิกส่งข่าวยังไง"), "ตั้งค่าการรับข่าว")
    assert said("preferences.title") in words_of(heard)


# On and off.


def test_who_never_agreed_sees_that_nothing_is_sent_and_gets_the_words_first(office: Office) -> None:
    Door(office).person()
    shown = office.say("ตั้งค่าข่าว")
    assert said("preferences.is_off") in words_of(shown)
    assert labels(shown)[:1] == [ON]

    asked = office.press(shown, ON)
    assert words_of(asked) == f"{said('preferences.ask_title')}\n{said('preferences.ask', most='4')}"
    assert labels(asked)[:3] == [ALL, SOME, NO]
    assert (wishes_of(office).wants, consents_of(office)) == (False, [])

    assert said("preferences.agreed") in words_of(office.press(asked, ALL))
    assert wishes_of(office).wants


def test_a_yes_to_some_is_to_the_one_that_is_pressed(office: Office) -> None:
    Door(office).person()
    asked = office.press(office.say("รับข่าว"), SOME)
    ethnic = said("preferences.sensitive_named", topic=ETHNIC)
    text = "\n\n".join((said("preferences.ask", most="4"), said("preferences.ask_some"), ethnic))
    rows = [FORUM, SCHOOL, ETHNIC, MEDIA, NO]
    assert labels(asked)[:5] == rows
    office.press(asked, ETHNIC)
    wishes = wishes_of(office)
    shown = hear_back.hash_of("\n".join((said("preferences.ask_title"), text, *rows)))
    assert (wishes.wants, wishes.everything, wishes.programmes) == (True, False, ("ethnic",))
    assert consents_of(office) == [("notices", shown, "button"), (EXPLICIT_PURPOSE, shown, "button")]


@pytest.mark.parametrize("text", ["รับข่าว", "ขอรับข่าวค่ะ", "subscribe"])
def test_asking_for_news_that_one_gets_changes_nothing(chat: Office, text: str) -> None:
    assert said("preferences.on_already") in words_of(chat.say(text))
    assert len(consents_of(chat)) == 1


@pytest.mark.parametrize(
    "text",
    [
        *("ไม่รับข่าว", "ไม่รับข่าวแล้วค่ะ", "เลิกรับข่าวครับ", "หยุดส่งข่าว", "ยกเลิกรับข่าว", "unsubscribe", "Stop news."),
        *("“ไม่รับข่าว”", '"ไม่รับข่าว"ค่ะ', "ไม่รับข่าวเเล้ว", "ไม่รับข่าวแล้วนะ", "ไม่เอาข่าว", "ไม่อยากได้ข่าว"),
        *("ไม่ต้องส่งข่าวมาแล้ว", "อย่าส่งข่าวมาอีก", "บ่ฮับข่าว", "บ่เอาข่าว"),
    ],
)
def test_a_word_ends_it_at_once(chat: Office, text: str) -> None:
    heard = chat.say(text)
    assert words_of(heard) == said("preferences.withdrawn", "en" if " " in text else "th")
    assert (wishes_of(chat).wants, consents_of(chat)) == (False, [])


@pytest.mark.parametrize("text", ["หยุด", "หยุดค่ะ", "ไม่รับค่ะ", "ไม่ต้องส่งมาแล้ว", "stop"])
def test_a_mere_stop_is_asked_what_it_means_of_those_who_get_news(chat: Office, text: str) -> None:
    heard = chat.say(text)
    assert said("preferences.stop_what") in words_of(heard)
    assert OFF in labels(heard)
    chat.press(heard, OFF)
    assert not wishes_of(chat).wants
    assert said("preferences.stop_what") not in words_of(chat.say(text))


def test_a_stop_in_a_dialogue_ends_the_dialogue(chat: Office) -> None:
    chat.press(chat.say("อยากเสนอเรื่อง"), "เสนอเรื่อง")
    assert words_of(chat.say("หยุด")) == said("menu.left")
    assert wishes_of(chat).wants


# What it is about.


def test_programmes_are_ticked_and_unticked(chat: Office) -> None:
    shown = topics(chat)
    assert said("preferences.topics_all") in words_of(shown)
    assert (ticked(shown), ALL in labels(shown)) == ([], False)

    shown = chat.press(chat.press(shown, f"⬜ {MEDIA}"), f"⬜ {FORUM}")
    assert (ticked(shown), wishes_of(chat).programmes) == ([FORUM, MEDIA], ("forum", "media"))

    shown = chat.press(shown, f"✅ {FORUM}")
    assert (ticked(shown), wishes_of(chat).programmes) == ([MEDIA], ("media",))

    card = chat.press(shown, said("button.prefer_done"))
    assert MEDIA in words_of(card)
    card = chat.press(shown, ALL)
    assert said("preferences.changed") in words_of(card)
    assert (wishes_of(chat).everything, wishes_of(chat).programmes) == (True, ())


def test_the_last_one_unticked_leaves_none_and_says_so(chat: Office) -> None:
    shown = chat.press(chat.press(topics(chat), f"⬜ {FORUM}"), f"✅ {FORUM}")
    assert (ticked(shown), wishes_of(chat).everything) == ([], False)
    assert said("preferences.nothing_chosen") in words_of(chat.press(shown, said("button.prefer_done")))


def test_a_row_pressed_twice_or_long_after_sets_what_it_says(chat: Office) -> None:
    shown = topics(chat)
    for _ in range(2):
        heard = chat.press(shown, f"⬜ {FORUM}")
        assert ticked(heard) == [FORUM]
    chat.wait(days=400)
    unticked = [chat.press(heard, f"✅ {FORUM}") for _ in range(2)]
    assert [ticked(messages) for messages in unticked] == [[], []]
    chat.press(heard, ALL)
    assert said("preferences.topics_all") in words_of(chat.press(heard, f"✅ {FORUM}"))
    assert wishes_of(chat).everything


def test_a_sensitive_programme_is_kept_with_the_words_that_say_so(chat: Office) -> None:
    shown = topics(chat)
    assert said("preferences.sensitive_named", topic=ETHNIC) in words_of(shown)
    heard = chat.press(shown, f"⬜ {ETHNIC}")
    keys = ("preferences.topics_title", "preferences.topics_all", "preferences.topics_kept")
    title, *lines = (said(key) for key in keys)
    text = "\n\n".join((*lines, said("preferences.sensitive_named", topic=ETHNIC)))
    assert consents_of(chat)[1:] == [(EXPLICIT_PURPOSE, hear_back.hash_of(f"{title}\n{text}"), "button")]
    chat.press(heard, f"⬜ {FORUM}")
    assert wishes_of(chat).programmes == ("ethnic", "forum")
    chat.press(heard, f"✅ {ETHNIC}")
    assert [purpose for purpose, _, _ in consents_of(chat)] == ["notices"]


def test_without_the_words_a_sensitive_programme_is_not_kept(chat: Office) -> None:
    heard = Door(chat).press("prefer_topic", p="ethnic", v=1)
    assert said("preferences.topics_all") in words_of(heard)
    assert (wishes_of(chat).everything, len(consents_of(chat))) == (True, 1)


def test_a_topic_that_was_asked_for_can_be_let_go_of(chat: Office) -> None:
    agree(chat, topic="forum.what")
    title = shipped().entries["forum.what"].title["th"]
    shown = topics(chat)
    assert ticked(shown) == [title]
    assert ticked(chat.press(shown, f"✅ {title}")) == []
    assert wishes_of(chat).topics == ()


def test_a_programme_that_is_no_more_is_not_kept(chat: Office) -> None:
    Door(chat).press("prefer_topic", p="no_such_programme", v=1)
    assert wishes_of(chat).everything


# Where somebody lives.


@pytest.mark.parametrize("typed", ["แม่สาย", "อำเภอแม่สายค่ะ", "mae sai"])
def test_a_district_is_typed(chat: Office, typed: str) -> None:
    asked = chat.press(chat.say("ตั้งค่าข่าว"), DISTRICT)
    assert said("preferences.ask_district") in words_of(asked)
    heard = words_of(chat.say(typed))
    assert (said("preferences.changed") in heard or said("preferences.changed", "en") in heard) is True
    assert wishes_of(chat).district == "mae_sai"


def test_a_district_is_pressed_and_taken_back(chat: Office) -> None:
    asked = chat.press(chat.say("ตั้งค่าข่าว"), DISTRICT)
    assert "แม่สาย" in words_of(chat.press(asked, "แม่สาย"))
    assert wishes_of(chat).district == "mae_sai"
    assert said("preferences.no_district") in words_of(chat.press(asked, said("button.prefer_nowhere")))
    assert wishes_of(chat).district is None
    assert said("menu.nothing_to_leave") not in words_of(chat.say("ศูนย์เปิดกี่โมงคะ"))


def test_a_place_on_the_map_is_its_district_and_nothing_more(chat: Office) -> None:
    chat.press(chat.say("ตั้งค่าข่าว"), DISTRICT)
    heard = chat.hear(an_event("message", message=NOWHERE))
    assert said("preferences.district_unseen") in words_of(heard)
    chat.hear(an_event("message", message=MAE_SAI))
    assert wishes_of(chat).district == "mae_sai"


def test_no_district_may_be_typed_too(chat: Office) -> None:
    chat.press(chat.say("ตั้งค่าข่าว"), DISTRICT)
    chat.say("แม่สาย")
    chat.press(chat.say("ตั้งค่าข่าว"), DISTRICT)
    chat.say("ไม่ระบุค่ะ")
    assert wishes_of(chat).district is None


@pytest.mark.parametrize(
    ("typed", "key"), [("บ้านนอก", "preferences.district_unread"), ("แม่สายกับพาน", "preferences.district_several")]
)
def test_what_names_no_one_district_is_asked_once_more(chat: Office, typed: str, key: str) -> None:
    chat.press(chat.say("ตั้งค่าข่าว"), DISTRICT)
    assert words_of(chat.say(typed)) == said(key, province="เชียงราย")
    chat.say("พาน")
    assert wishes_of(chat).district == "phan"


def test_a_question_in_between_is_answered_and_the_district_asked_again(chat: Office) -> None:
    chat.press(chat.say("ตั้งค่าข่าว"), DISTRICT)
    heard = chat.say("ศูนย์เปิดกี่โมงคะ")
    assert words_of(heard).endswith(said("preferences.district_waiting"))
    chat.say("เทิง")
    assert wishes_of(chat).district == "thoeng"


@pytest.mark.parametrize("way", ["typed", "pressed"])
def test_leaving_changes_nothing_and_says_so(chat: Office, way: str) -> None:
    asked = chat.press(chat.say("ตั้งค่าข่าว"), DISTRICT)
    heard = chat.say("ยกเลิก") if way == "typed" else chat.press(asked, "ยกเลิก")
    assert said("preferences.kept") in words_of(heard)
    assert (wishes_of(chat).wants, wishes_of(chat).district) == (True, None)


def test_another_button_of_the_settings_ends_the_question(chat: Office) -> None:
    card = chat.say("ตั้งค่าข่าว")
    chat.press(card, DISTRICT)
    chat.press(card, HOURS)
    chat.say("แม่สาย")
    assert wishes_of(chat).district is None


def test_another_dialogue_goes_on_after_the_settings(chat: Office) -> None:
    card = chat.say("ตั้งค่าข่าว")
    Door(chat).press("staff")
    for label in (DISTRICT, HOURS, TOPICS, PAUSE):
        assert words_of(chat.press(card, label)).endswith(said("leave.waiting"))
    assert words_of(chat.say("ตั้งค่าข่าว")).endswith(said("leave.waiting"))
    chat.say("ถนนหน้าโรงเรียนมืดมาก")
    assert [kind for kind, _, _ in chat.cases()] == ["wants_person"]


# When they want to be left alone.


def test_quiet_hours_are_chosen_and_taken_back(chat: Office) -> None:
    choices = chat.press(chat.say("ตั้งค่าข่าว"), HOURS)
    assert said("preferences.ask_hours", begin="08:00", end="20:00") in words_of(choices)
    always = said("button.prefer_always")
    assert always not in labels(choices)
    assert "18:00–08:00" in words_of(chat.press(choices, said("button.prefer_evening")))
    assert wishes_of(chat).quiet == (18 * 60, 8 * 60)
    choices = chat.press(chat.say("ตั้งค่าข่าว"), HOURS)
    assert said("preferences.no_hours") in words_of(chat.press(choices, always))
    assert wishes_of(chat).quiet is None


def test_a_pause_of_thirty_days_can_be_ended_earlier(chat: Office) -> None:
    paused = chat.press(chat.say("ตั้งค่าข่าว"), PAUSE)
    assert said("preferences.state_paused", date="24 ธันวาคม 2569") in words_of(paused)
    assert wishes_of(chat).is_paused(chat.now)
    resumed = chat.press(paused, said("button.prefer_resume"))
    assert said("preferences.state_on") in words_of(resumed)
    assert not wishes_of(chat).is_paused(chat.now)


def test_a_pause_that_is_over_is_not_shown_as_one(chat: Office) -> None:
    chat.press(chat.say("ตั้งค่าข่าว"), PAUSE)
    chat.wait(days=31)
    heard = chat.say("ตั้งค่าข่าว")
    assert (said("preferences.state_on") in words_of(heard), PAUSE in labels(heard)) == (True, True)


def test_old_buttons_of_somebody_who_left_show_that_nothing_is_sent(chat: Office) -> None:
    card = chat.say("ตั้งค่าข่าว")
    districts, hours, rows = (chat.press(card, label) for label in (DISTRICT, HOURS, TOPICS))
    chat.say("ไม่รับข่าว")
    pressed = [
        (card, TOPICS), (card, DISTRICT), (card, HOURS), (card, PAUSE), (districts, "แม่สาย"),
        (hours, said("button.prefer_work")), (rows, f"⬜ {FORUM}"),
    ]  # fmt: skip
    for messages, label in pressed:
        assert said("preferences.is_off") in words_of(chat.press(messages, label)), label
    assert (wishes_of(chat).wants, wishes_of(chat).district, wishes_of(chat).programmes) == (False, None, ())


def test_every_button_of_the_settings_is_ours_and_answers(chat: Office) -> None:
    seen: set[str] = set()
    elsewhere = {"เมนู", "คุยกับเจ้าหน้าที่", "ยกเลิก", said("button.prefer_here"), said("button.prefer_data")}
    elsewhere |= {said("button.prefer_english")}
    elsewhere |= {district.name["th"] for district in shipped().pack.districts[:-1]}
    waiting = [chat.say("ตั้งค่าข่าว")]
    while waiting:
        messages = waiting.pop()
        for label in labels(messages):
            if label in seen or label in elsewhere:
                continue
            seen.add(label)
            heard = chat.press(messages, label)
            assert said("stale.button") not in words_of(heard), label
            waiting.append(heard)
    assert {OFF, ALL, NO, SOME, f"⬜ {FORUM}", "ดอยหลวง"} <= seen
