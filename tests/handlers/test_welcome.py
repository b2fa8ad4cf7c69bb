"""First contact: three sentences about people's data, told once a version, and needed for nothing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from bot.outreach import audience
from bot.storage import consents, people
from bot.storage.engine import Database
from bot.storage.people import PersonRow
from bot.vault import Vault
from handlers import wording
from tests.builders import SOMCHAI, a_follow
from tests.handlers.registered import Door, said
from tests.office import Office, answers, words_of


@pytest.fixture
def office(sqlite_database: Database, vault: Vault) -> Office:
    built = Office(sqlite_database, vault)
    built.matcher.told = {"ศูนย์เปิดกี่โมงคะ": answers("center.hours"), "What are your hours?": answers("center.hours")}
    return built


def notice(office: Office, language: str = "th") -> str:
    return said("welcome.notice", language, url=f"{office.desk.base_url}/privacy")


def texts(messages: list[dict[str, Any]]) -> list[str]:
    return [message.get("text", "") for message in messages]


def set_version(office: Office, version: int) -> None:
    with office.database.transaction() as db:
        db.execute(update(PersonRow).where(PersonRow.line_user_id == SOMCHAI).values(notice_version=version))


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_the_notice_is_three_sentences_with_the_whole_of_it_and_what_may_be_typed(
    office: Office, language: str
) -> None:
    _, *sentences = notice(office, language).splitlines()
    assert len(sentences) == 3
    assert "http://127.0.0.1:8000/privacy" in sentences[2]
    words = ("ข้อมูลของฉัน", "ลบข้อมูลของฉัน") if language == "th" else ("my data", "delete my data")
    assert [f'"{word}"' in sentences[2] for word in words] == [True, True]


def test_a_new_friend_gets_it_at_once(office: Office) -> None:
    assert texts(office.hear(a_follow())) == [said("welcome.hello"), notice(office)]


def test_a_friend_from_before_gets_it_with_the_first_answer(office: Office) -> None:
    first = office.say("ศูนย์เปิดกี่โมงคะ")
    assert texts(first)[0] == f"{said('welcome.first')}\n\n{notice(office)}"
    assert notice(office) not in words_of(office.say("ศูนย์เปิดกี่โมงคะ"))


def test_whoever_was_told_an_earlier_one_is_told_once_more_in_front_of_the_next_answer(office: Office) -> None:
    office.hear(a_follow())
    set_version(office, audience.NOTICE_VERSION - 1)
    again = office.say("ศูนย์เปิดกี่โมงคะ")
    assert texts(again)[0] == f"{said('welcome.renewed')}\n\n{notice(office)}"
    assert len(again) > 1
    assert notice(office) not in words_of(office.say("ศูนย์เปิดกี่โมงคะ"))


def test_everything_works_for_whoever_agreed_to_nothing(office: Office) -> None:
    office.hear(a_follow())
    assert said("answer.fits") in words_of(office.say("ศูนย์เปิดกี่โมงคะ"))
    with office.database.reading() as db:
        person = people.find(db, line_user_id=SOMCHAI)
        assert person is not None
        assert consents.list_of_person(db, person.id) == []


def test_who_comes_back_is_greeted_as_they_wish(office: Office) -> None:
    office.hear(a_follow())
    assert words_of(office.hear(a_follow())) == said("welcome.back")
    person_id = Door(office).person()
    with office.database.transaction() as db:
        audience.set_called(db, office.vault, person_id=person_id, words="ป้าคำ")
    assert words_of(office.hear(a_follow())) == said("welcome.back_named", name="ป้าคำ")


def test_a_name_that_no_key_opens_any_more_is_none(office: Office) -> None:
    office.hear(a_follow())
    with office.database.transaction() as db:
        db.execute(update(PersonRow).values(called=Vault(["another secret, long enough to pass"]).seal(b"Kham")))
    assert words_of(office.hear(a_follow())) == said("welcome.back")
