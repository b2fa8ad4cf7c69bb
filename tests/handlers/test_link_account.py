"""A code typed in the chat makes a LINE account that of somebody of the staff."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.outreach import audience, audit, line_linking, staff
from bot.outreach.audit import Verified
from bot.outreach.permissions import Role
from bot.outreach.sign_in import hash_password
from bot.outreach.staff import Account
from bot.storage import audit as audit_lines
from bot.storage.group_chats import GroupChatRow
from handlers import wording
from handlers.link_account import find_code
from handlers.wording import SaidTwice, sentences_of
from tests.builders import MALEE, SOMCHAI, an_event, called
from tests.office import Office, answers, shipped, words_of

PASSWORD = hash_password("ต้นสัก ต้นยาง ต้นไผ่", login="nobody", name="nobody")


def said(key: str, **facts: str) -> str:
    return wording.load("th").say(key, centre=shipped().pack.centre["th"], **facts)


@pytest.fixture
def chat(office: Office) -> Office:
    """Somchai and Malee have been told about their data."""
    for user_id in (SOMCHAI, MALEE):
        office.say("เมนู", user_id=user_id)
    return office


def add_account(office: Office, login: str = "somchai", role: Role = Role.STAFF) -> Account:
    with office.database.transaction() as db:
        invited = staff.add_account(db, name=login.title(), login=login, role=role, by=None, now=office.now)
        return staff.accept_invitation(db, token=invited.token, password_hash=PASSWORD, now=office.now)


def make_code(office: Office, account: Account) -> str:
    with office.database.transaction() as db:
        return line_linking.make_code(db, office.vault, staff_id=account.id, now=office.now)


def linked(office: Office, user_id: str = SOMCHAI) -> Account | None:
    """Who this LINE account is in the staff: what rights in the chat are decided by."""
    with office.database.reading() as db:
        person = audience.find(db, line_user_id=user_id)
        assert person is not None
        return line_linking.find_by_person(db, person.id)


def logged(office: Office) -> list[str | None]:
    return [row.text for row in office.questions()]


def lines(office: Office) -> list[Any]:
    with office.database.reading() as db:
        return audit_lines.list_entries(db, action_prefix="staff.line", before_id=None, limit=9)


def thai(code: str) -> str:
    return code.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))


@pytest.mark.parametrize(
    "written",
    [
        "เชื่อม 1234 5678", "เชื่อม 12345678", "เชื่อม12345678", "เชื่อม ๑๒๓๔ ๕๖๗๘", "เชื่อม LINE 12345678",
        "เชื่อมไลน์ 1234-5678", "เชื่อมต่อบัญชีกับ LINE: 1234 5678", "link 12345678", "Link LINE 1234 5678",
        "พิมพ์ว่า เชื่อม 1234 5678 ค่ะ", "สวัสดีค่ะ\nเชื่อม\n1234\n5678", "เชื่อม \u200b1234\u200b 5678", "เชื่อม “1234 5678”",
        "เชื่อม 1234 5678 ได้ไหม", "เชื่อม １２３４５６７８",
    ],
)  # fmt: skip
def test_a_code_is_read_however_it_is_written(written: str) -> None:
    found = find_code(written)
    assert found is not None
    assert "".join(one for one in found if one.isdigit()) == "12345678"


@pytest.mark.parametrize(
    "written",
    [
        "12345678", "๑๒๓๔ ๕๖๗๘", "เชื่อม", "เชื่อม 1669", "เชื่อมต่อกับศูนย์ยังไง", "เชื่อม 0812345678", "เชื่อม 081 234 5678",
        "โครงการเชื่อมใจ 12345678", "https://example.org/link/12345678", "blink 12345678", "",
    ],
)  # fmt: skip
def test_what_is_no_code_is_left_to_the_others(written: str) -> None:
    assert find_code(written) is None


def test_looking_for_a_code_takes_no_time_however_long_the_message() -> None:
    for piece in ("เชื่อม ", "เชื่อม" + " " * 50, "link line ", "1 ", "เชื่อม 1 2 3 4 5 6 "):
        assert find_code((piece * 5000)[:5000]) is None


@pytest.mark.parametrize("role", list(Role))
def test_who_sends_the_code_is_linked_and_told_as_what(chat: Office, role: Role) -> None:
    account = add_account(chat, role=role)
    code = make_code(chat, account)

    heard = chat.say(f"เชื่อม {thai(code[:4])} {thai(code[4:])}")

    assert words_of(heard) == said("linking.linked", role=said(f"linking.{role}"))
    assert (linked(chat).id, linked(chat, MALEE)) == (account.id, None)
    assert logged(chat) == []
    assert chat.cases() == []


def test_linking_is_audited_without_saying_which_line_account(chat: Office) -> None:
    account = add_account(chat)
    chat.say(f"เชื่อม {make_code(chat, account)}")

    (line,) = lines(chat)
    assert (line.action, line.subject_kind, line.subject_id) == ("staff.line_linked", "staff", str(account.id))
    assert (line.actor_id, line.actor, line.address_hash) == (account.id, "Somchai", None)
    assert line.after["linked"] is True
    assert str(line.after["person_id"]).startswith("hash:")
    assert SOMCHAI not in str(line.after)
    assert isinstance(audit.verify(chat.database, chat.vault), Verified)


def test_a_wrong_code_is_told_what_to_do_and_not_in_the_same_words_twice(chat: Office) -> None:
    code = make_code(chat, add_account(chat))
    wrong = f"{(int(code) + 1) % 10**8:08}"

    assert words_of(chat.say(f"เชื่อม {wrong}")) == said("linking.wrong")
    assert words_of(chat.say(f"เชื่อม {wrong[:7]}")) == said("linking.wrong.again")
    assert (linked(chat), logged(chat), lines(chat)) == (None, [], [])


def test_a_code_works_once_and_for_ten_minutes(chat: Office) -> None:
    account = add_account(chat)
    code = make_code(chat, account)
    chat.say(f"เชื่อม {code}")
    assert words_of(chat.say(f"เชื่อม {code}", user_id=MALEE)) == said("linking.wrong")

    late = make_code(chat, account)
    chat.wait(minutes=10)
    assert words_of(chat.say(f"เชื่อม {late}", user_id=MALEE)) == said("linking.wrong.again")
    assert (linked(chat).id, linked(chat, MALEE)) == (account.id, None)


def test_after_five_wrong_codes_even_the_right_one_has_to_wait(chat: Office) -> None:
    account = add_account(chat)
    for number in range(5):
        chat.say(f"เชื่อม 0000 000{number}")
    fifth_at = chat.now

    heard = words_of(chat.say(f"เชื่อม {make_code(chat, account)}"))

    until = fifth_at + timedelta(minutes=15, hours=7)
    assert heard == said("linking.too_many", until=f"{until:%H:%M} น.")
    assert linked(chat) is None
    chat.wait(minutes=16)
    chat.say(f"เชื่อม {make_code(chat, account)}")
    assert linked(chat).id == account.id


def test_in_english_the_hour_is_written_in_english(chat: Office) -> None:
    for number in range(5):
        chat.say(f"link 0000 000{number}")
    heard = words_of(chat.say("link LINE 1234 5678"))
    assert (heard.startswith("Several wrong codes"), "น." in heard) == (True, False)


def test_a_line_account_belongs_to_one_account_only(chat: Office) -> None:
    mine, other = add_account(chat), add_account(chat, "malee")
    chat.say(f"เชื่อม {make_code(chat, mine)}")

    assert words_of(chat.say(f"เชื่อม {make_code(chat, other)}")) == said("linking.taken")
    assert linked(chat).id == mine.id


def test_an_account_has_one_line_account_the_latest(chat: Office) -> None:
    account = add_account(chat)
    chat.say(f"เชื่อม {make_code(chat, account)}")
    chat.say(f"เชื่อม {make_code(chat, account)}", user_id=MALEE)

    assert (linked(chat), linked(chat, MALEE).id) == (None, account.id)


def test_digits_alone_are_a_question_like_any_other(chat: Office) -> None:
    code = make_code(chat, add_account(chat))
    chat.say(code)
    assert (linked(chat), len(logged(chat))) == (None, 1)


def test_what_follows_in_the_same_breath_does_not_lay_the_code_open(chat: Office) -> None:
    code = make_code(chat, add_account(chat))
    chat.wait(seconds=5)
    now = int(chat.now.timestamp() * 1000)
    first = _text(f"เชื่อม {code}", message_id="11", timestamp=now)
    second = _text("ได้หรือยังคะ", message_id="12", timestamp=now + 300)
    chat.receive(first, second)
    chat.wait(seconds=5)
    chat.work()

    assert linked(chat) is not None
    assert [text for text in logged(chat) if text and code in text] == []


def test_a_code_waits_for_nothing_to_follow(chat: Office) -> None:
    code = make_code(chat, add_account(chat))
    chat.wait(seconds=5)
    chat.receive(_text(f"เชื่อม {code}", message_id="11"))
    chat.work()
    assert linked(chat) is not None


def test_a_dialogue_that_waits_goes_on_and_does_not_take_the_code_for_a_word(chat: Office) -> None:
    code = make_code(chat, add_account(chat))
    assert words_of(chat.press(chat.say("เมนู"), "คุยกับเจ้าหน้าที่")) == said("leave.person")

    heard = chat.say(f"เชื่อม {code}")

    assert words_of(heard).endswith(said("leave.waiting"))
    assert (linked(chat) is not None, chat.cases()) == (True, [])


def test_danger_comes_before_a_code(chat: Office) -> None:
    chat.matcher.told["เชื่อม 12345678 อยากตาย"] = answers("general.crisis", urgent=True)
    chat.say("เชื่อม 12345678 อยากตาย")
    assert [(kind, urgent) for kind, urgent, _ in chat.cases()] == [("urgent", True)]


@pytest.mark.parametrize("way", ["unlinked", "disabled", "reset", "linked elsewhere"])
def test_whoever_loses_the_link_loses_every_right_in_the_chat_at_once(chat: Office, way: str) -> None:
    boss, account = add_account(chat, "boss", Role.ADMINISTRATOR), add_account(chat)
    chat.say(f"เชื่อม {make_code(chat, account)}")
    assert linked(chat).role is Role.STAFF

    with chat.database.transaction() as db:
        if way == "unlinked":
            line_linking.unlink(db, staff_id=account.id)
        elif way == "disabled":
            staff.disable(db, staff_id=account.id, by=boss.id, now=chat.now)
        elif way == "reset":
            staff.reset(db, staff_id=account.id, by=boss.id, now=chat.now)
    if way == "linked elsewhere":
        chat.say(f"เชื่อม {make_code(chat, account)}", user_id=MALEE)

    assert linked(chat) is None


def test_a_code_of_somebody_disabled_is_worth_nothing(chat: Office) -> None:
    account = add_account(chat)
    code = make_code(chat, account)
    with chat.database.transaction() as db:
        staff.disable(db, staff_id=account.id, by=None, now=chat.now)
    assert words_of(chat.say(f"เชื่อม {code}")) == said("linking.wrong")
    assert linked(chat) is None


def test_a_code_in_a_group_is_refused_and_not_logged(chat: Office) -> None:
    account = add_account(chat)
    code = make_code(chat, account)

    heard = chat.hear(called(f"เชื่อม {code}"))

    assert words_of(heard) == said("linking.in_group")
    assert (linked(chat), logged(chat)) == (None, [])
    with chat.database.reading() as db:
        assert db.query(GroupChatRow).count() == 1
    chat.matcher.told["เชื่อม 12345678 อยากตาย"] = answers("general.crisis", urgent=True)
    assert "1323" in words_of(chat.hear(called("เชื่อม 12345678 อยากตาย", message_id="2")))
    assert words_of(chat.hear(called("อะไรนะ", message_id="3"))) == said("group.unsure")


def test_sentences_come_from_several_files_and_never_twice(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    assert {"menu.title", "linking.linked"} <= sentences_of("th").keys()
    (tmp_path / "th.yaml").write_text("a.b: one", encoding="utf-8")
    (tmp_path / "more.th.yaml").write_text("a.b: two", encoding="utf-8")
    monkeypatch.setattr(wording.resources, "files", lambda _package: tmp_path)
    with pytest.raises(SaidTwice):
        sentences_of.__wrapped__("th")


def _text(words: str, *, message_id: str, **more: Any) -> dict[str, Any]:
    return an_event("message", message={"type": "text", "id": message_id, "quoteToken": "q", "text": words}, **more)
