from __future__ import annotations

import csv
import io
import json
import re
import string
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from bot.cases import opening, thread
from bot.cases.kinds import CaseKind
from bot.outreach import audience, audit
from bot.privacy import erasing, held, held_file, links
from bot.privacy import held_cases as cases_held
from bot.privacy.held_tree import Held, as_json, lines
from bot.privacy.held_words import LANGUAGES, sentences_of
from bot.storage import data_links, data_requests, people, registrations
from bot.storage.engine import Database
from bot.storage.tables import METADATA
from bot.vault import Vault
from tests.bot.events.making import a_form, make_event, sign_up
from tests.bot.privacy.holding import PHONE, TITLE, Somebody, use_everything
from tests.builders import MALEE, NOON, SOMCHAI
from tests.office import shipped

REFERS = frozenset({"person_id", "asker", "lane", "registration_id", "case_id", "case_message_id", "question_id"})
THEIRS = frozenset({"people", "registrations", "cases", "case_messages", "questions"})


def filled(database: Database, vault: Vault) -> Somebody:
    with database.transaction() as db:
        return use_everything(db, vault)


def shown(database: Database, vault: Vault, person_id: int, *, language: str = "th", most: int = held.MOST) -> Held:
    with database.reading() as db:
        return held.collect(db, vault, person_id, catalogue=shipped(), now=NOON, language=language, most=most)


def told(found: Held) -> str:
    return "\n".join(" | ".join(line) for line in lines(found))


def values(found: Held, part: str) -> list[dict[str, str]]:
    return [
        {row.name: row.value for row in record.rows}
        for one in found.parts
        if one.name == part
        for record in one.records
    ]


def note(db: Session, vault: Vault, action: str, person_id: int, *, at: datetime = NOON) -> None:
    audit.record(db, vault, actor=audit.COMMAND_LINE, action=action, subject=("person", person_id), now=at)


# Completeness.


def test_every_table_is_shown_or_said_to_hold_nothing_of_anybody() -> None:
    tables = set(METADATA.tables)
    assert {
        "forgotten": tables - held.COVERED.keys() - held.NOT_PERSONAL.keys(),
        "unknown": (held.COVERED.keys() | held.NOT_PERSONAL.keys()) - tables,
        "both": held.COVERED.keys() & held.NOT_PERSONAL.keys(),
        "without a reason": {name for name, reason in held.NOT_PERSONAL.items() if not reason},
    } == {"forgotten": set(), "unknown": set(), "both": set(), "without a reason": set()}


def test_every_table_that_leads_to_a_person_is_shown() -> None:
    """By a foreign key to people, or to what is theirs, and by the hashes and numbers that stand for them."""
    leads = {
        table.name
        for table in METADATA.tables.values()
        if REFERS & {column.name for column in table.columns}
        or THEIRS & {key.column.table.name for key in table.foreign_keys}
    }
    numbers_of_questions = {"review_groups", "review_marks"}  # a group's first question, how far the review has come
    assert leads - held.COVERED.keys() == numbers_of_questions


def test_everything_of_somebody_who_used_everything_is_shown(database: Database, vault: Vault) -> None:
    someone = filled(database, vault)
    for language in LANGUAGES:
        found = shown(database, vault, someone.person_id, language=language)
        everything = told(found)
        assert {what: canary for what, canary in someone.canaries.items() if canary not in everything} == {}


def test_each_part_that_a_table_names_has_something_of_somebody_who_used_everything(
    sqlite_database: Database, vault: Vault
) -> None:
    someone = filled(sqlite_database, vault)
    found = shown(sqlite_database, vault, someone.person_id)
    assert {part.name for part in found.parts} == set(held.COVERED.values())


def test_nothing_of_anybody_else_is_shown(sqlite_database: Database, vault: Vault) -> None:
    filled(sqlite_database, vault)
    with sqlite_database.transaction() as db:
        other = people.find_or_create(db, line_user_id=MALEE, now=NOON).id
    found = shown(sqlite_database, vault, other)
    assert [part.name for part in found.parts] == ["person"]
    assert MALEE in told(found)
    assert SOMCHAI not in told(found)


def test_that_somebody_was_erased_before_is_shown_to_them_when_they_are_back(
    sqlite_database: Database, vault: Vault
) -> None:
    someone = filled(sqlite_database, vault)
    with sqlite_database.transaction() as db:
        erasing.erase(db, vault, person_id=someone.person_id, way=erasing.LINE, now=NOON)
        again = people.find_or_create(db, line_user_id=SOMCHAI, now=NOON).id
    found = shown(sqlite_database, vault, again)
    assert [part.name for part in found.parts] == ["person", "requests"]
    assert values(found, "requests") == [{"erased_at": "24 พฤศจิกายน 2569 เวลา 12:00 น."}]


def test_what_was_done_about_somebody_who_had_the_same_number_before_is_not_shown(
    database: Database, vault: Vault
) -> None:
    """SQLite gives the number of the newest person, once erased, to the next who comes."""
    with database.transaction() as db:
        former = people.find_or_create(db, line_user_id=SOMCHAI, now=NOON).id
        note(db, vault, "person.exported", former)
        erasing.erase(db, vault, person_id=former, way=erasing.STAFF, now=NOON)
        note(db, vault, "person.erased", former)
    with database.transaction() as db:
        comer = people.find_or_create(db, line_user_id=MALEE, now=NOON + timedelta(minutes=1)).id
        assert (comer == former) == database.is_sqlite
        note(db, vault, "person.restricted", comer, at=NOON + timedelta(minutes=2))
    (line,) = values(shown(database, vault, comer), "log")
    assert line["action"] == sentences_of("th")["value.action.person.restricted"]


def test_nobody_is_not_shown(sqlite_database: Database, vault: Vault) -> None:
    with sqlite_database.reading() as db, pytest.raises(NoResultFound):
        held.collect(db, vault, 99, catalogue=shipped(), now=NOON)


# The words.


def test_both_languages_say_the_same_with_the_same_facts() -> None:
    thai, english = (
        {
            key: {name for _, name, _, _ in string.Formatter().parse(said) if name}
            for key, said in sentences_of(one).items()
        }
        for one in LANGUAGES
    )
    assert thai == english


@pytest.mark.parametrize("word", ["(?<!เ)ท่าน", "กรุณา", "ดำเนินการ", "ครับ", "ข้าพเจ้า", "  "])
def test_thai_is_plain(word: str) -> None:
    assert [key for key, sentence in sentences_of("th").items() if re.search(word, sentence)] == []


def test_it_is_said_in_plain_words(sqlite_database: Database, vault: Vault) -> None:
    someone = filled(sqlite_database, vault)
    found = shown(sqlite_database, vault, someone.person_id)
    (place,) = values(found, "registrations")
    wanted = ("event_when", "registration_state", "phone", "district", "minor", "party_size", "stars", "check_in")
    assert {name: place[name] for name in wanted} == {
        "event_when": "วันอังคารที่ 1 ธันวาคม 2569 เวลา 12:00–15:00 น.", "registration_state": "ได้ที่นั่งแล้ว",
        "phone": "089-777-6655", "district": "แม่สาย", "minor": "ไม่ใช่", "party_size": "3", "stars": "4",
        "check_in": "1 ธันวาคม 2569 เวลา 12:00 น. มากัน 2 คน (สแกนบัตร)",
    }  # fmt: skip
    (wishes,) = values(found, "wishes")
    assert (wishes["quiet_hours"], wishes["programmes"]) == ("08:00–17:00 น.", "เวทีแลกเปลี่ยนเรียนรู้")


def test_language_is_the_persons_own_unless_another_is_asked_for(sqlite_database: Database, vault: Vault) -> None:
    someone = filled(sqlite_database, vault)
    with sqlite_database.transaction() as db:
        people.get(db, someone.person_id).language = "en"
    with sqlite_database.reading() as db:
        own = held.collect(db, vault, someone.person_id, catalogue=shipped(), now=NOON)
    assert (own.language, own.title) == ("en", "What the centre holds about you")
    assert shown(sqlite_database, vault, someone.person_id).title == "ข้อมูลของคุณที่ศูนย์เก็บไว้"


def test_what_no_key_opens_is_said_so(sqlite_database: Database, vault: Vault) -> None:
    someone = filled(sqlite_database, vault)
    with sqlite_database.reading() as db:
        found = held.collect(
            db, Vault(["another secret, with which nothing was sealed"]), someone.person_id, catalogue=None, now=NOON
        )
    (place,) = values(found, "registrations")
    assert place["name"] == "เปิดอ่านไม่ได้"


def test_an_answer_that_was_taken_back_is_told_and_no_id_of_a_message(sqlite_database: Database, vault: Vault) -> None:
    form = {"place": "ป่าแดด", "message_ids": {"place": "message-17"}, "taken_back": ["who", "may_publish"]}
    with sqlite_database.transaction() as db:
        person_id = people.find_or_create(db, line_user_id=SOMCHAI, now=NOON).id
        audience.set_called(db, vault, person_id=person_id, words="ป้าคำ", message_id="message-18")
        opening.open_case(
            db, CaseKind.PROPOSAL, now=NOON, person_id=person_id, form=thread.seal_form(vault, form)
        )  # fmt: skip
        found = held.collect(db, vault, person_id, catalogue=None, now=NOON)
    rows = [(row.name, row.value) for part in found.parts for record in part.records for row in record.rows]
    assert ("form.taken_back", "เกี่ยวกับใคร, ให้เผยแพร่ได้") in rows
    assert ("called", "ป้าคำ") in rows
    assert "message-1" not in str(rows)


def test_forgotten_registration_says_that_its_words_are_gone(sqlite_database: Database, vault: Vault) -> None:
    someone = filled(sqlite_database, vault)
    with sqlite_database.transaction() as db:
        row = registrations.find(db, someone.registration_id)
        assert row is not None
        registrations.change(db, row, forgotten=True)
    (place,) = values(shown(sqlite_database, vault, someone.person_id), "registrations")
    assert place["name"] == "ลบข้อความไปแล้ว"


def test_questions_are_found_after_a_change_of_key(sqlite_database: Database, vault: Vault) -> None:
    someone = filled(sqlite_database, vault)
    changed = Vault(["the key that is in force now, long enough", "a secret for tests, long enough to pass"])
    with sqlite_database.reading() as db:
        found = held.collect(db, changed, someone.person_id, catalogue=shipped(), now=NOON)
        assert held.count(db, changed, someone.person_id, now=NOON) == held.Counts(2, 1, 1, 1)
    assert [one["question"] for one in values(found, "questions")] == [
        someone.canaries["earlier_question"], someone.canaries["question"]
    ]  # fmt: skip


def test_of_very_much_the_latest_is_shown_and_said_to_be_not_all(sqlite_database: Database, vault: Vault) -> None:
    someone = filled(sqlite_database, vault)
    found = shown(sqlite_database, vault, someone.person_id, most=1)
    (part,) = [one for one in found.parts if one.name == "questions"]
    assert (len(part.records), "1 รายการล่าสุด" in part.more) == (1, True)


def test_of_very_many_messages_the_latest_are_shown_and_an_export_has_all(
    sqlite_database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = filled(sqlite_database, vault)

    def messages(found: Held) -> list[str]:
        cases = [part for part in found.parts if part.name == "cases"]
        return [row.value for part in cases for one in part.records for row in one.rows if row.name == "message"]

    everything = messages(shown(sqlite_database, vault, someone.person_id))
    monkeypatch.setattr(cases_held, "MOST_MESSAGES", 2)
    page = shown(sqlite_database, vault, someone.person_id, most=2)
    (part,) = [one for one in page.parts if one.name == "cases"]
    assert len(everything) > 2
    assert (messages(page), "2 รายการล่าสุด" in part.more) == (everything[-2:], True)
    export = shown(sqlite_database, vault, someone.person_id, most=1_000_000)
    assert messages(export) == everything


def test_the_number_of_statements_does_not_grow_with_what_there_is(sqlite_database: Database, vault: Vault) -> None:
    someone = filled(sqlite_database, vault)

    def count() -> int:
        seen: list[str] = []
        sqlalchemy_event.listen(
            sqlite_database.engine, "before_cursor_execute", lambda _c, _k, statement, *_: seen.append(statement)
        )
        shown(sqlite_database, vault, someone.person_id)
        return len(seen)

    before = count()
    with sqlite_database.transaction() as db:
        for number in range(3):
            sign_up(db, vault, make_event(db, title=f"งาน {number}"), someone.person_id)
    assert count() == before


# By a telephone number.


def test_registrations_made_by_others_are_found_by_their_number(sqlite_database: Database, vault: Vault) -> None:
    with sqlite_database.transaction() as db:
        event = make_event(db, title=TITLE)
        sign_up(db, vault, event, None, form=a_form("ยายคำ", phone=PHONE), way="staff")
    with sqlite_database.reading() as db:
        found = held.list_by_phone(db, Vault(["a new key, long enough for a vault", *_secrets()]), PHONE)
        shown_here = held.collect_registrations(db, vault, found, catalogue=shipped(), now=NOON)
    assert [part.name for part in shown_here.parts] == ["consents", "registrations"]
    assert values(shown_here, "registrations")[0]["name"] == "ยายคำ"


def _secrets() -> tuple[str, ...]:
    return ("a secret for tests, long enough to pass",)


# To take away.


def test_json_has_everything_and_exact_moments(sqlite_database: Database, vault: Vault) -> None:
    someone = filled(sqlite_database, vault)
    found = shown(sqlite_database, vault, someone.person_id)
    read = json.loads(held_file.write_json(found))
    assert read == as_json(found)
    (person,) = [part for part in read["parts"] if part["name"] == "person"]
    rows = {row["name"]: row for row in person["records"][0]["rows"]}
    assert rows["first_seen_at"]["exact"] == (NOON - timedelta(days=40)).isoformat()
    assert [one["picture"] for part in read["parts"] for one in part["records"] if "picture" in one] == [
        f"picture-{someone.picture_id}.jpg"
    ]


def test_table_opens_in_excel_and_runs_nothing(sqlite_database: Database, vault: Vault) -> None:
    someone = filled(sqlite_database, vault)
    with sqlite_database.transaction() as db:
        people.get(db, someone.person_id).called = vault.seal(b'=HYPERLINK("https://evil.example")')
    written = held_file.write_csv(shown(sqlite_database, vault, someone.person_id)).decode()
    assert written.startswith("\ufeffหัวข้อ,รายการ,ข้อมูล,รายละเอียด")
    cells = [cell for row in csv.reader(io.StringIO(written)) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert '\'=HYPERLINK("https://evil.example")' in cells


# Links.


def test_link_leads_to_its_person_for_an_hour(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        person_id = people.find_or_create(db, line_user_id=SOMCHAI, now=NOON).id
        token = links.open_link(db, person_id=person_id, now=NOON)
        just_before, after = NOON + timedelta(minutes=59), NOON + timedelta(hours=1)
        assert links.find_by_token(db, token, now=just_before) == links.Open(person_id, "th", after)
        assert links.find_by_token(db, token, now=after) == links.Over()
        assert links.find_by_token(db, f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}", now=NOON) is None
        assert links.find_by_token(db, "' OR 1=1", now=NOON) is None


def test_token_itself_is_kept_nowhere(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        person_id = people.find_or_create(db, line_user_id=SOMCHAI, now=NOON).id
        token = links.open_link(db, person_id=person_id, now=NOON)
        (row,) = data_links.list_of_person(db, person_id)
    assert token not in (row.token_hash, str(row.id))
    assert len(token) == 43


def test_of_many_links_the_latest_three_work(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        person_id = people.find_or_create(db, line_user_id=SOMCHAI, now=NOON).id
        tokens = [links.open_link(db, person_id=person_id, now=NOON) for _ in range(5)]
        works = [links.find_by_token(db, token, now=NOON) is not None for token in tokens]
    assert works == [False, False, True, True, True]


def test_asking_again_within_a_day_is_one_request(database: Database) -> None:
    with database.transaction() as db:
        person_id = people.find_or_create(db, line_user_id=SOMCHAI, now=NOON).id
        for hours in (0, 1, 23, 25):
            links.open_link(db, person_id=person_id, now=NOON + timedelta(hours=hours))
        found = data_requests.list_of_person(db, person_id, limit=9)
    assert [(row.kind, row.way, row.outcome, row.received_at) for row in found] == [
        ("access", "line", "done", NOON + timedelta(hours=25)), ("access", "line", "done", NOON)
    ]  # fmt: skip


def test_expired_links_are_forgotten(database: Database) -> None:
    with database.transaction() as db:
        person_id = people.find_or_create(db, line_user_id=SOMCHAI, now=NOON).id
        links.open_link(db, person_id=person_id, now=NOON)
        links.open_link(db, person_id=person_id, now=NOON + timedelta(hours=2))
        assert data_links.forget_expired(db, before=NOON + timedelta(hours=2)) == 1
        assert len(data_links.list_of_person(db, person_id)) == 1
