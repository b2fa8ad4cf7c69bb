"""Staff answer people in LINE: for free while the citizen's own message is fresh, by one push otherwise, once."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

import pytest
from sqlalchemy import select, update

from bot import clock
from bot.cases import answering
from bot.cases.rules import CaseRules
from bot.outreach.permissions import Role
from bot.storage import staff as staff_table
from bot.storage.case_messages import STAFF, CaseMessageRow
from bot.storage.case_pictures import CasePictureRow
from bot.storage.cases import CaseRow
from bot.storage.jobs import RUNNING, JobRow
from bot.storage.people import PersonRow
from bot.vault import Vault
from tests.bot.outreach.accounts import an_account
from tests.office import words_of
from tests.scenarios.house import House, wait_for
from tests.scenarios.phone import SENDING, Phone

REPLY, PUSH = SENDING
FIRST, SECOND = "สวัสดีค่ะ ดูเรื่องให้แล้วนะคะ", "ได้ค่ะ พรุ่งนี้โทรกลับนะคะ"


@dataclass
class Counter:
    """Where staff of one house answer one citizen's case."""

    house: House
    phone: Phone
    staff_id: int
    since: int
    """A place in LINE's journal, before anything was answered."""

    @property
    def vault(self) -> Vault:
        return Vault([self.house.environment["CIVICBOT_SECRET_KEY"]])

    def case(self) -> CaseRow:
        statement = (
            select(CaseRow)
            .join(PersonRow, PersonRow.id == CaseRow.person_id)
            .where(PersonRow.line_user_id == self.phone.user_id)
            .order_by(CaseRow.id.desc())
        )
        with self.house.db.reading() as db:
            return db.scalars(statement).first() or pytest.fail("no case was opened")

    def answer(self, text: str) -> int:
        """As the console does. The message's id."""
        case_id = self.case().id
        with self.house.db.transaction() as db:
            return answering.answer(
                db, self.vault, case_id, by=self.staff_id, text=text, rules=CaseRules(), now=clock.now()
            ).id  # fmt: skip

    def wait_until_said(self, message_id: int) -> tuple[str | None, bool]:
        """What became of an answer, once that is written down."""

        def look() -> tuple[str | None, bool] | None:
            with self.house.db.reading() as db:
                row = db.get_one(CaseMessageRow, message_id)
                return (row.delivery, row.pushed) if row.delivery != "queued" else None

        return wait_for(look, what="the end of an answer is written down")

    def ways(self, text: str) -> list[str]:
        """How LINE was given this text, each time that it took it."""
        rows = self.house.calls(after=self.since, of=self.phone.user_id)
        given = [row for row in rows if row["path"] in SENDING and row["delivered"]]
        return [row["path"].split("/")[-1] for row in given if text in words_of(row["request"]["messages"])]

    def seen(self, text: str) -> int:
        """How often it stands on the citizen's screen."""
        return sum(text in words_of([bubble]) for bubble in self.phone.bubbles())


@pytest.fixture
def counter(house: House, known: Phone) -> Counter:
    """Somebody has asked for a person of the centre."""
    known.press("คุยกับเจ้าหน้าที่", on=known.say("เมนู"))
    known.say("อยากปรึกษาเรื่องที่ดินทำกินค่ะ")
    return Counter(house, known, an_answering_account(house), house.mark())


def an_answering_account(house: House, *, linked_to: Phone | None = None) -> int:
    with house.db.transaction() as db:
        count = len(staff_table.list_all(db, limit=999))
        account = an_account(db, f"counter{count}", role=Role.STAFF, now=clock.now())
        if linked_to is not None:
            person = db.scalars(select(PersonRow).where(PersonRow.line_user_id == linked_to.user_id)).one()
            staff_table.change(db, account.id, person_id=person.id, linked_at=clock.now())
        return account.id


def kill_the_worker(house: House) -> None:
    """And start another one, to which the kernel has given its lock and the database its lease."""
    house.processes[1].kill()
    house.processes[1].wait()
    house.mend_line()
    with house.db.transaction() as db:
        db.execute(update(JobRow).where(JobRow.status == RUNNING).values(due_at=clock.now()))
    with (house.folder / "work.log").open("ab") as log:
        house.processes[1] = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "work"],
            env=house.environment, process_group=house.processes[0].pid, stderr=log,
        )  # fmt: skip


def test_staff_and_a_citizen_talk_and_only_what_comes_late_is_billed(counter: Counter) -> None:
    assert counter.wait_until_said(counter.answer(FIRST)) == ("sent", True)
    assert counter.phone.send_in_vain("text", text="แล้วต้องทำอะไรต่อคะ") == "with_person"
    assert counter.wait_until_said(counter.answer(SECOND)) == ("sent", False)
    assert (counter.ways(FIRST), counter.ways(SECOND)) == (["push"], ["reply"])
    assert (counter.seen(FIRST), counter.seen(SECOND)) == (1, 1)


def test_a_word_that_has_grown_old_is_answered_by_a_push(counter: Counter) -> None:
    counter.wait_until_said(counter.answer(FIRST))
    counter.phone.send_in_vain("text", text="แล้วต้องทำอะไรต่อคะ")
    with counter.house.line_later(seconds=61):  # LINE does not take the token, which we think is young
        assert counter.wait_until_said(counter.answer(SECOND)) == ("sent", True)
    assert (counter.ways(SECOND), counter.seen(SECOND)) == (["push"], 1)


def test_killed_between_lines_yes_and_ours_it_is_not_said_twice(counter: Counter) -> None:
    counter.wait_until_said(counter.answer(FIRST))
    counter.phone.send_in_vain("text", text="แล้วต้องทำอะไรต่อคะ")
    house, since = counter.house, counter.house.mark()
    house.break_line(REPLY, when="after", stall=6)

    message_id = counter.answer(SECOND)
    wait_for(lambda: counter.seen(SECOND), what="LINE takes it, and keeps us waiting for its answer")
    kill_the_worker(house)

    assert counter.wait_until_said(message_id) == ("sent", False)
    assert [row["status"] for row in house.calls(after=since, path=REPLY)][1:] == [400], "it was asked again, in vain"
    assert (counter.ways(SECOND), counter.seen(SECOND)) == (["reply"], 1)


def test_who_blocked_the_account_gets_nothing_and_staff_see_that(counter: Counter) -> None:
    house, since = counter.house, counter.house.mark()
    house.break_line(PUSH, status=429, headers={"Retry-After": "2"})
    message_id = counter.answer(FIRST)
    wait_for(lambda: house.calls(after=since, path=PUSH), what="the first try")
    counter.phone.block()
    assert counter.wait_until_said(message_id) == ("failed", False)
    assert [row["status"] for row in house.calls(after=since, path=PUSH)] == [429]
    assert counter.case().waits_for == STAFF


def test_a_picture_sent_to_staff_is_fetched_and_kept(counter: Counter) -> None:
    counter.wait_until_said(counter.answer(FIRST))
    counter.phone.send_in_vain("image")

    def look() -> CasePictureRow | None:
        with counter.house.db.reading() as db:
            return db.scalar(
                select(CasePictureRow).where(
                    CasePictureRow.case_id == counter.case().id, CasePictureRow.state != "wanted"
                )
            )

    picture = wait_for(look, what="the picture is fetched")
    assert picture.state == "kept"
    assert counter.vault.open(picture.body or b"").startswith(b"\xff\xd8")


def test_linked_staff_hear_of_danger_at_once(house: House, known: Phone) -> None:
    colleague = Phone.of_a_friend(house)
    an_answering_account(house, linked_to=colleague)
    before = len(colleague.bubbles())
    known.say("ฉันอยากตาย")
    number = Counter(house, known, 0, 0).case().id
    told = colleague.wait_for_bubbles(before + 1)
    assert str(number) in words_of(told[before:])
    house.wait_until_idle()
    pushed = [row for row in house.ledger(of=colleague.user_id) if row["way"] == "push"]
    assert len(pushed) == 1
