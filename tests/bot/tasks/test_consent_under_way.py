"""People take back what they agreed to, or may only be kept from now on, while something is on its way to them: it
is not tried again, and nobody telephones instead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conversation import delivery
from bot.events import by_hand
from bot.messages import Failure
from bot.outreach import hear_back, preferences
from bot.privacy import erasing, restricting
from bot.queue import jobs
from bot.queue.jobs import LEASE, Job
from bot.queue.kinds import SERVICE, JobKind
from bot.storage import people
from bot.storage.hear_back import HearBackRow
from bot.storage.jobs import JobRow
from bot.storage.service_messages import DROPPED, SENT, ServiceMessageRow
from bot.tasks import running, service
from bot.tasks.running import run_next
from bot.tasks.table import TASKS
from bot.tasks.tools import Tools
from tests.bot.privacy.test_erasing_under_way import DAY_BEFORE, answer_a_case, ask, go_on, remind, tell_an_answer
from tests.bot.tasks.test_turn import die, killed
from tests.builders import SOMCHAI
from tests.handlers.test_hear_back import ASKED, OFFER, YES, agree, publish, said, states
from tests.office import Office, answers, words_of


def of_somchai(office: Office, act: Callable[[Session, int], object]) -> None:
    with office.database.transaction() as db:
        person = people.find(db, line_user_id=SOMCHAI)
        assert person is not None
        act(db, person.id)


def want_reminders(office: Office, *, wanted: bool) -> None:
    of_somchai(office, lambda db, one: preferences.set_reminders(db, person_id=one, wanted=wanted))


def no_reminders(office: Office) -> None:
    want_reminders(office, wanted=False)


def no_hear_back(office: Office) -> None:
    of_somchai(office, lambda db, one: hear_back.withdraw(db, person_id=one, now=office.now))


def restrict(office: Office) -> None:
    of_somchai(
        office, lambda db, one: restricting.restrict(db, office.vault, person_id=one, way=erasing.STAFF, now=office.now)
    )


def bring_to(office: Office, where: str) -> None:
    if where == "booked":
        return
    run_next(office.tools)
    with office.database.reading() as db:
        assert set(db.scalars(select(JobRow.kind))) & {JobKind.SERVICE_TELL, JobKind.TELL}
    failures = {"in vain": Failure.UNREACHABLE, "in doubt": Failure.AMBIGUOUS}
    if where in failures:
        office.line.failures = [failures[where]]
        run_next(office.tools)
        assert office.line.failures == []
    elif where == "written down":
        with pytest.MonkeyPatch.context() as patch, killed():
            patch.setattr(delivery, "take_step", die)
            office.work()


def kept_of(office: Office) -> list[tuple[str, str]]:
    with office.database.reading() as db:
        assert by_hand.list_calls(db, now=office.now, limit=9) == []
        told = db.scalars(select(ServiceMessageRow).where(ServiceMessageRow.kind == "reminder/1440"))
        return [(row.kind, row.state) for row in told]


def at(*where: str) -> pytest.MarkDecorator:
    """How far it has come: on SQLite, and the last of them on PostgreSQL too."""
    postgres = pytest.param("postgresql", where[-1], marks=pytest.mark.postgres)
    return pytest.mark.parametrize(
        ("database", "where"), [*(("sqlite", one) for one in where), postgres], indirect=["database"]
    )


ANYWHERE = at("booked", "queued", "written down", "in doubt", "in vain")
ON_ITS_WAY = at("queued", "in doubt", "in vain")


@ANYWHERE
def test_of_a_reminder_that_is_not_wanted_any_more_nothing_goes_out_and_nobody_telephones(
    office: Office, where: str
) -> None:
    remind(office)
    bring_to(office, where)
    no_reminders(office)
    office.wait(seconds=LEASE.total_seconds() + 1)
    assert go_on(office) == []
    assert (kept_of(office), office.cases()) == ([("reminder/1440", DROPPED)], [])


@ON_ITS_WAY
def test_of_whoever_may_only_be_kept_no_reminder_goes_out(office: Office, where: str) -> None:
    remind(office)
    bring_to(office, where)
    restrict(office)
    office.wait(seconds=LEASE.total_seconds() + 1)
    assert go_on(office) == []
    assert (kept_of(office), office.cases()) == ([("reminder/1440", DROPPED)], [])


def test_nobody_telephones_about_a_reminder_that_is_not_wanted_although_the_quota_is_gone(office: Office) -> None:
    remind(office)
    bring_to(office, "queued")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "_is_quota_gone", lambda db, now: True)
        no_reminders(office)
        assert go_on(office) == []
    assert (kept_of(office), office.cases()) == ([("reminder/1440", DROPPED)], [])


def test_wanted_again_before_its_time_it_goes_out_once(office: Office) -> None:
    remind(office)
    office.now = DAY_BEFORE - timedelta(hours=1)
    for wanted in (False, True):
        want_reminders(office, wanted=wanted)
    office.now = DAY_BEFORE
    with office.database.transaction() as db:
        jobs.enqueue(db, JobKind.SERVICE_DUE, now=office.now, subject_ids=[(None, None)], priority=SERVICE)
    office.work()
    assert go_on(office) == []
    assert ([way for way, _, _ in office.line.sent], kept_of(office)) == (["push"], [("reminder/1440", SENT)])


@ANYWHERE
def test_what_is_not_to_be_told_any_more_is_not_told_at_all(office: Office, where: str) -> None:
    tell_an_answer(office)
    bring_to(office, where)
    no_hear_back(office)
    office.wait(seconds=LEASE.total_seconds() + 1)
    assert (go_on(office), states(office)) == ([], ["withdrawn"])
    assert said("hear.told", question=ASKED) not in words_of(office.say("ศูนย์คืออะไร"))


@ON_ITS_WAY
def test_of_whoever_may_only_be_kept_nothing_is_told_before_it_is_lifted(office: Office, where: str) -> None:
    tell_an_answer(office)
    bring_to(office, where)
    restrict(office)
    office.wait(seconds=LEASE.total_seconds() + 1)
    assert go_on(office) == []
    assert said("hear.told", question=ASKED) not in words_of(office.say("ศูนย์คืออะไร"))
    of_somchai(office, lambda db, one: restricting.lift(db, office.vault, person_id=one, now=office.now))
    maybe_out = where == "in doubt"
    assert states(office) == ["told" if maybe_out else "answered"], "what LINE may have is not told a second time"
    assert words_of(office.say("ศูนย์คืออะไร")).startswith(said("hear.told", question=ASKED)) is not maybe_out


@ON_ITS_WAY
def test_a_word_typed_while_the_push_is_on_its_way_is_enough(office: Office, where: str) -> None:
    """Of it comes the free reply that would have told it."""
    tell_an_answer(office)
    bring_to(office, where)
    before = len(office.line.sent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "TASKS", {**TASKS, JobKind.TELL: _later})  # the push's own job comes after it
        told = words_of(office.say("ไม่ต้องแจ้งแล้ว"))
    assert told == said("hear.withdrawn")
    assert [way for way, _, _ in office.line.sent[before:] if way != "loading"] == ["reply"]
    office.wait(seconds=LEASE.total_seconds() + 1)
    assert (go_on(office), states(office)) == ([], ["withdrawn"])


def test_of_several_in_one_push_the_others_wait_on_for_the_next_reply(office: Office) -> None:
    """One of them is not to be told any more while LINE does not answer."""
    tell_an_answer_of_two(office)
    bring_to(office, "in vain")
    of_somchai(office, lambda db, one: hear_back.withdraw(db, person_id=one, question_id=first(db), now=office.now))
    office.wait(seconds=LEASE.total_seconds() + 1)
    assert (go_on(office), states(office)) == ([], ["withdrawn", "answered"])
    assert words_of(office.say("เมนู")).startswith(said("hear.told", question="อีกเรื่อง"))


def tell_an_answer_of_two(office: Office) -> None:
    office.matcher.told |= {"ศูนย์คืออะไร": answers("center.what")}
    agree(office)
    office.say("ศูนย์คืออะไร")
    office.press(office.press(office.say("อีกเรื่อง"), OFFER), YES)
    office.matcher.told["อีกเรื่อง"] = answers("center.what")
    publish(office)
    office.wait(days=2)
    with office.database.transaction() as db:
        jobs.enqueue(db, JobKind.HEAR_BACK, now=office.now, subject_ids=[(None, None)])


def first(db: Session) -> int:
    return db.scalars(select(HearBackRow.question_id).order_by(HearBackRow.id)).first() or 0


def _later(tools: Tools, job: Job) -> None:
    with tools.database.transaction() as db:
        jobs.try_later(db, job, at=tools.now() + timedelta(seconds=10), why="later")


@pytest.mark.parametrize("begin", [ask, answer_a_case])
def test_whoever_may_only_be_kept_is_answered_all_the_same(office: Office, begin: Callable[[Office], None]) -> None:
    begin(office)
    office.wait(seconds=2)
    restrict(office)
    office.work()
    assert [way for way, _, _ in office.line.sent] in (["reply"], ["push"])
