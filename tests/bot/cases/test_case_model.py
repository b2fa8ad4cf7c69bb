"""Whatever staff, the citizen and the clock do, in whatever order: a case stays true to itself, and a refusal changes
nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.cases import answering, handling, hearing, inbox, satisfaction, thread
from bot.cases.inbox import Filter
from bot.cases.kinds import CaseKind
from bot.cases.refusals import CaseRefused
from bot.outreach.permissions import Role
from bot.queue.kinds import JobKind
from bot.storage.case_messages import BOT, FAILED, SENT, STAFF, UNKNOWN
from bot.storage.cases import CITIZEN, CLOSED, TAKEN, CaseRow
from bot.storage.engine import Database
from bot.storage.jobs import JobRow
from bot.vault import Vault
from tests.bot.cases.making import RULES, a_case, get, staff_of, wrote
from tests.builders import NOON

WHO = st.integers(0, 2)
ANY = st.booleans()
KINDS = st.sampled_from([CaseKind.WANTS_PERSON, CaseKind.URGENT, CaseKind.PRIVACY, CaseKind.UNDELIVERABLE])


class OneCase(RuleBasedStateMachine):
    """Two of the staff, a volunteer and a citizen at one case. Nothing of it is committed, which is quicker."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.db = self.open.enter_context(self.database.reading())
        self.vault = Vault(["a secret for tests, long enough to pass"])
        self.now, self.seen, self.heard = NOON, 1, 0

    @initialize(kind=KINDS)
    def begin(self, kind: CaseKind) -> None:
        helper = staff_of(self.db, "helper", role=Role.VOLUNTEER)
        self.staff = [*staff_of(self.db, "malee", "somchai"), *helper]
        case = a_case(self.db, kind)
        self.case_id, self.person_id = case.id, case.person_id or 0

    def act(self, what: Callable[[Session], object]) -> None:
        before = as_dict(self.case())
        try:
            what(self.db)
        except CaseRefused:
            assert as_dict(self.case()) == before
        assert self.case().version >= before["version"]  # type: ignore[operator]

    def case(self) -> CaseRow:
        return get(self.db, self.case_id)

    def version(self, *, checked: bool) -> int | None:
        return self.seen if checked else None

    @rule()
    def look(self) -> None:
        self.seen = self.case().version

    @rule(minutes=st.sampled_from([1, 29, 31, 60 * 24, 60 * 24 * 8]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(who=WHO, checked=ANY)
    def take(self, who: int, checked: bool) -> None:
        version = self.version(checked=checked)
        self.act(lambda db: handling.take(db, self.case_id, by=self.staff[who], now=self.now, version=version))

    @rule(who=WHO)
    def give_back(self, who: int) -> None:
        self.act(lambda db: handling.give_back(db, self.case_id, by=self.staff[who], now=self.now))

    @rule(who=WHO, to=WHO)
    def hand_over(self, who: int, to: int) -> None:
        by, given_to = self.staff[who], self.staff[to]
        self.act(lambda db: handling.hand_over(db, self.case_id, by=by, to=given_to, now=self.now))

    @rule(who=WHO, checked=ANY, key=st.sampled_from([None, "a", "b"]))
    def answer(self, who: int, checked: bool, key: str | None) -> None:
        version, by = self.version(checked=checked), self.staff[who]
        self.act(
            lambda db: answering.answer(
                db, self.vault, self.case_id, by=by, text="ได้ค่ะ", rules=RULES, now=self.now, version=version, key=key
            )
        )

    @rule(who=WHO, tell=ANY)
    def close(self, who: int, tell: bool) -> None:
        self.act(lambda db: handling.close(db, self.vault, self.case_id, by=self.staff[who], tell=tell, now=self.now))

    @rule(who=WHO)
    def note(self, who: int) -> None:
        self.act(lambda db: handling.note(db, self.vault, self.case_id, by=self.staff[who], text="ก", now=self.now))

    @rule(who=WHO)
    def reopen(self, who: int) -> None:
        self.act(lambda db: handling.reopen(db, self.case_id, by=self.staff[who], now=self.now, rules=RULES))

    @rule(again=ANY)
    def write(self, again: bool) -> None:
        self.heard += 0 if again else 1
        incoming = wrote(message_id=f"m{self.heard}", at=self.now)

        def hear(db: Session) -> None:
            hearing.hear(db, self.vault, get(db, self.case_id), incoming, text="ก", now=self.now, rules=RULES)

        self.act(hear)

    @rule(satisfied=ANY)
    def judge(self, satisfied: bool) -> None:
        self.act(
            lambda db: satisfaction.say(
                db, self.case_id, person_id=self.person_id, satisfied=satisfied, now=self.now, rules=RULES
            )
        )

    @rule(status=st.sampled_from([SENT, FAILED, UNKNOWN]))
    def deliver(self, status: str) -> None:
        """What was queued first."""
        said = thread.read(self.db, self.vault, self.case_id, limit=99)
        queued = [one.id for one in said if one.delivery == "queued"]
        if queued:
            answering.note_said(self.db, queued[0], status=status, pushed=True)

    @rule()
    def end(self) -> None:
        self.act(lambda db: hearing.end_live(db, self.case_id))

    @invariant()
    def it_is_true_to_itself(self) -> None:
        if not hasattr(self, "case_id"):
            return
        case = self.case()
        assert (case.taken_by is not None) == (case.taken_at is not None)
        if case.state == CLOSED:
            assert case.due_at is None
            assert case.live_until is None or case.live_until <= self.now, "over, and the citizen is still to be told"
            assert case.closed_at is not None
            return
        assert (case.state == TAKEN) == (case.taken_by is not None)
        assert (case.closed_at, case.closed_by) == (None, None)
        assert case.waits_for != CITIZEN or case.due_at is None

    @invariant()
    def what_is_said_is_queued_once_and_no_volunteer_works_on_a_request_about_data(self) -> None:
        if not hasattr(self, "case_id"):
            return
        said = thread.read(self.db, self.vault, self.case_id, limit=999)
        queued = self.db.scalar(select(func.count()).select_from(JobRow).where(JobRow.kind == JobKind.CASE_SAY))
        line = inbox.list_cases(self.db, Filter(), now=self.now, limit=9, may_see_privacy=True)
        case = self.case()
        assert queued == len([one for one in said if one.author in {STAFF, BOT}])
        assert len({one.id for one in said}) == len(said)
        assert [one.case.id for one in line] == ([] if case.state == CLOSED else [self.case_id])
        if case.kind == CaseKind.PRIVACY:
            assert self.staff[2] not in {one.staff_id for one in said} | {case.taken_by, case.closed_by}

    def teardown(self) -> None:
        self.open.close()


def as_dict(case: CaseRow) -> dict[str, object]:
    return {column.name: getattr(case, column.name) for column in CaseRow.__table__.columns}


def test_a_case_stays_true_to_itself_whatever_is_done_with_it(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OneCase, "database", sqlite_database, raising=False)
    run_state_machine_as_test(OneCase, settings=settings(max_examples=20, stateful_step_count=25, deadline=None))
