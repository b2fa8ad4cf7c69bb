"""Whose LINE account is whose in the staff."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.outreach import audience, line_linking, staff
from bot.outreach.line_linking import LinkedToAnother
from bot.outreach.permissions import Role
from bot.outreach.sign_in import TooManyTries
from bot.outreach.staff import Account, AccountDisabled, UnknownAccount
from bot.storage.engine import Database
from bot.storage.people import PersonRow
from bot.storage.staff import LineLinkCodeRow
from bot.vault import Vault
from tests.bot.outreach.accounts import (
    an_account,
    outcomes_of_two_at_once,
)
from tests.builders import MALEE, NOON, SOMCHAI

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


class Chat:
    """Two people who write to the bot, and what becomes of the codes that they type."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database, self.vault, self.now = database, vault, NOON
        with database.transaction() as db:
            self.malee, self.somchai = (audience.meet(db, line_user_id=who, now=NOON).id for who in (MALEE, SOMCHAI))
            self.account = an_account(db, role=Role.VOLUNTEER)

    def code(self, account: Account | None = None) -> str:
        with self.database.transaction() as db:
            return line_linking.make_code(db, self.vault, staff_id=(account or self.account).id, now=self.now)

    def type(self, code: str, *, person_id: int | None = None) -> Account | None:
        with self.database.transaction() as db:
            return line_linking.redeem(db, self.vault, code=code, person_id=person_id or self.malee, now=self.now)

    def who_is(self, person_id: int) -> str | None:
        with self.database.reading() as db:
            found = line_linking.find_by_person(db, person_id)
        return found.login if found else None


@pytest.fixture
def chat(database: Database, vault: Vault) -> Chat:
    return Chat(database, vault)


def test_the_code_that_the_console_showed_links_whoever_types_it(chat: Chat) -> None:
    assert (chat.who_is(chat.malee), chat.who_is(chat.somchai)) == (None, None)
    linked = chat.type(chat.code())
    assert linked is not None
    assert (linked.id, linked.person_id, linked.linked_at) == (chat.account.id, chat.malee, NOON)
    assert (chat.who_is(chat.malee), chat.who_is(chat.somchai)) == ("malee", None)


@pytest.mark.parametrize("written", ["{0} {1}", "{0}-{1}", "รหัส {0}{1} ค่ะ"])
def test_a_code_may_be_typed_with_gaps_words_and_thai_digits(chat: Chat, written: str) -> None:
    code = chat.code()
    assert (len(code), code.isdecimal()) == (8, True)
    thai = code.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    assert chat.type(written.format(thai[:4], thai[4:])) is not None


def test_a_code_works_once_for_ten_minutes_and_the_newest_alone(chat: Chat) -> None:
    older, newer = chat.code(), chat.code()
    assert chat.type(older) is None
    assert chat.type(newer) is not None
    assert chat.type(newer) is None
    late = chat.code()
    chat.now = NOON + 10 * MINUTE
    assert chat.type(late) is None
    chat.now -= SECOND
    assert chat.type(late) is not None


def test_the_code_itself_is_not_stored(chat: Chat) -> None:
    code = chat.code()
    with chat.database.reading() as db:
        assert db.scalars(select(LineLinkCodeRow.code_hash)).all() == [
            chat.vault.keyed_hash("line-link/code", code, length=64)
        ]


def test_five_wrong_codes_slow_one_person_down_and_nobody_else(chat: Chat) -> None:
    code = chat.code()
    assert [chat.type("nothing") for _ in range(5)] == [None] * 5
    with pytest.raises(TooManyTries) as refused:
        chat.type(code)
    assert refused.value.until == NOON + 15 * MINUTE
    assert chat.type(code, person_id=chat.somchai) is not None
    chat.now = NOON + 15 * MINUTE
    assert chat.type(chat.code()) is not None
    assert chat.who_is(chat.malee) == "malee"


def test_a_right_code_clears_the_wrong_ones(chat: Chat) -> None:
    assert [chat.type("1") for _ in range(4)] == [None] * 4
    assert chat.type(chat.code()) is not None
    assert [chat.type("1") for _ in range(4)] == [None] * 4


def test_a_new_line_account_takes_the_place_of_the_old(chat: Chat) -> None:
    chat.type(chat.code())
    chat.type(chat.code(), person_id=chat.somchai)
    assert (chat.who_is(chat.malee), chat.who_is(chat.somchai)) == (None, "malee")


def test_one_line_account_is_not_two_of_the_staff(chat: Chat) -> None:
    chat.type(chat.code())
    with chat.database.transaction() as db:
        other = an_account(db, "other")
    code = chat.code(other)
    with pytest.raises(LinkedToAnother):
        chat.type(code)
    assert chat.who_is(chat.malee) == "malee"
    with chat.database.transaction() as db:
        line_linking.unlink(db, staff_id=chat.account.id)
    assert chat.type(code) is not None, "the refusal did not use it up"
    assert chat.who_is(chat.malee) == "other"


def test_unlinking_counts_at_once_and_calls_an_open_code_off(chat: Chat) -> None:
    chat.type(chat.code())
    code = chat.code()
    with chat.database.transaction() as db:
        line_linking.unlink(db, staff_id=chat.account.id)
        after = staff.get_account(db, chat.account.id)
    assert (after.person_id, after.linked_at, chat.who_is(chat.malee)) == (None, None, None)
    assert chat.type(code) is None


def test_nobody_disabled_or_unknown_gets_a_code(chat: Chat) -> None:
    with chat.database.transaction() as db:
        staff.disable(db, staff_id=chat.account.id, by=None, now=NOON)
        with pytest.raises(AccountDisabled):
            line_linking.make_code(db, chat.vault, staff_id=chat.account.id, now=NOON)
        with pytest.raises(UnknownAccount):
            line_linking.make_code(db, chat.vault, staff_id=9999, now=NOON)


def test_one_code_typed_by_two_at_once_links_one(chat: Chat) -> None:
    code, answers = chat.code(), []

    def redeem(person_id: int) -> object:
        def of(db: object) -> None:
            found = line_linking.redeem(db, chat.vault, code=code, person_id=person_id, now=NOON)  # type: ignore[arg-type]
            answers.append(found is not None)

        return of

    outcomes_of_two_at_once(chat.database, redeem(chat.malee), redeem(chat.somchai))  # type: ignore[arg-type]
    assert sorted(answers) == [False, True]


def test_a_person_who_is_forgotten_is_nobody_in_the_staff(chat: Chat) -> None:
    chat.type(chat.code())
    with chat.database.transaction() as db:
        db.delete(db.get_one(PersonRow, chat.malee))
        db.flush()
        assert staff.get_account(db, chat.account.id).person_id is None
