"""Sending against a model that is simple enough to be believed: whatever fails, whoever leaves, and however it is
steered, nobody hears it twice, and nobody is forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.messages import Failure, Receipt, Rendered
from bot.notices import ledger, steering
from bot.notices.audience import Audience
from bot.notices.refusals import NotInThatState
from bot.storage import notice_recipients
from bot.storage.engine import Database
from bot.storage.notice_audience import Group
from bot.storage.notices import FINISHED, HELD, PAUSED, STOPPED
from bot.vault import Vault
from tests.bot.notices.making import (
    DAY,
    MINUTE,
    PERSONAL,
    WORDS,
    Board,
    StubbornMessenger,
    a_board,
    address,
    block,
    erase,
    know_quota,
    make_people,
    opt_out,
)
from tests.builders import NOON

PEOPLE = 9
FAILURES = (
    None,
    Failure.AMBIGUOUS,
    Failure.UNREACHABLE,
    Failure.RATE_LIMITED,
    Failure.QUOTA_SPENT,
    Failure.UNAUTHORISED,
)
NEVER_SENT = ("waiting", "refused", "stopped")


class Killed(BaseException):
    pass


@dataclass
class DeadlyMessenger(StubbornMessenger):
    """Kills whoever sends, before or after LINE has it."""

    kills: str = ""

    def push(self, recipient: str, messages: Rendered, *, retry_key: str, unit: str | None = None) -> Receipt:
        self._kill("before")
        receipt = StubbornMessenger.push(self, recipient, messages, retry_key=retry_key, unit=unit)
        self._kill("after")
        return receipt

    def multicast(
        self, recipients: Sequence[str], messages: Rendered, *, retry_key: str, unit: str | None = None
    ) -> Receipt:
        self._kill("before")
        receipt = StubbornMessenger.multicast(self, recipients, messages, retry_key=retry_key, unit=unit)
        self._kill("after")
        return receipt

    def _kill(self, when: str) -> None:
        if self.kills == when:
            self.kills = ""
            raise Killed


class Sending(RuleBasedStateMachine):
    board: ClassVar[Board]
    run: ClassVar[int] = 0

    @property
    def line(self) -> DeadlyMessenger:
        assert isinstance(self.board.line, DeadlyMessenger)
        return self.board.line

    @initialize(
        personal=st.booleans(), bad=st.sets(st.integers(0, PEOPLE - 1), max_size=2),
        quiet=st.sets(st.integers(0, PEOPLE - 1), max_size=3), per_day=st.sampled_from([None, None, 4]),
        takes=st.booleans(),
    )  # fmt: skip
    def approve(self, personal: bool, bad: set[int], quiet: set[int], per_day: int | None, takes: bool) -> None:
        type(self).run += 1
        office = self.board.office
        office.line = self.board.office.line = DeadlyMessenger(takes_in_doubt=takes)
        office.now = NOON + 40 * self.run * DAY
        office.__post_init__()
        self.names = [address(self.run * 100 + number) for number in range(PEOPLE)]
        self.line.bad = {self.names[number] for number in bad}
        self.left: dict[str, bool] = {}
        with office.database.transaction() as db:
            know_quota(db, now=office.now)
            district = f"d{self.run}"
            self.ids = [
                make_people(
                    db, self.run * 100 + number, district=district,
                    **({"quiet_from": 11 * 60, "quiet_to": 13 * 60} if number in quiet else {}),
                )[0]
                for number in range(PEOPLE)
            ]  # fmt: skip
            make_people(db, self.run * 100 + 99, district=district, wants_notices=False)
        self.notice_id = self.board.approve(
            audience=Audience((Group("district", district),)), content=PERSONAL if personal else WORDS, per_day=per_day
        )

    @rule(
        minutes=st.sampled_from([0, 1, 1, 5, 30, 125, 60 * 12, 60 * 25, -90]),
        failures=st.lists(st.sampled_from(FAILURES), max_size=4), kills=st.sampled_from(["", "", "before", "after"]),
    )  # fmt: skip
    def time_passes(self, minutes: int, failures: list[Failure | None], kills: str) -> None:
        self.board.office.now += timedelta(minutes=minutes)
        self.line.failures, self.line.kills = list(failures), kills
        self._work()
        self.line.failures, self.line.kills = [], ""

    def _work(self) -> None:
        try:
            self.board.work()
        except Killed:
            return

    @rule(who=st.integers(0, PEOPLE - 1), how=st.sampled_from([opt_out, block, erase]))
    def leave(self, who: int, how: object) -> None:
        """Of whoever leaves, LINE may have been asked before."""
        if self.names[who] in self.left:
            return
        self.left[self.names[who]] = self._was_asked_for(self.names[who])
        with self.board.office.database.transaction() as db:
            how(db, self.ids[who])  # type: ignore[operator]

    def _was_asked_for(self, name: str) -> bool:
        return any(name in recipients for _, recipients in self.line.asked) or self._died_over(name)

    def _died_over(self, name: str) -> bool:
        with self.board.office.database.reading() as db:
            return any(
                name == found
                for chunk in self.board.chunks(self.notice_id)
                if chunk.state == "trying"
                for _, found in notice_recipients.list_addresses(
                    db, notice_id=self.notice_id, portion=chunk.portion, first=chunk.first, last=chunk.last
                )
            )

    @rule(what=st.sampled_from(["pause", "go_on", "go_on", "go_on", "stop"]), sure=st.integers(0, 3))
    def steer(self, what: str, sure: int) -> None:
        if what == "stop" and sure:
            return
        try:
            with self.board.office.database.transaction() as db:
                if what == "go_on":
                    self._go_on(db)
                else:
                    getattr(steering, what)(db, self.notice_id, now=self.board.now)
        except NotInThatState:
            return

    def _go_on(self, db: object) -> None:
        steering.go_on(db, self.notice_id, by=self.board.approver, rules=self.board.rules, now=self.board.now)  # type: ignore[arg-type]

    @invariant()
    def nobody_hears_it_twice_and_line_agrees_with_the_ledger(self) -> None:
        if not hasattr(self, "notice_id"):
            return
        heard = Counter(self.line.delivered)
        assert max(heard.values(), default=0) <= 1
        assert set(heard) <= set(self.names) - self.line.bad
        assert not [name for name, was_asked in self.left.items() if heard[name] and not was_asked]
        for name, state in self._states().items():
            assert heard[name] == 1 if state == "accepted" else not (heard[name] and state in NEVER_SENT), name

    def _states(self) -> dict[str, str]:
        """What the ledger says of each person who is in it; the later request of somebody who was in two."""
        found = {}
        with self.board.office.database.reading() as db:
            for chunk in self.board.chunks(self.notice_id):
                if chunk.state in ("split", "empty"):
                    continue
                for _, name in notice_recipients.list_addresses(
                    db, notice_id=self.notice_id, portion=chunk.portion, first=chunk.first, last=chunk.last
                ):
                    assert name not in found, f"{name} is in two requests"
                    found[name] = chunk.state
        return found

    def teardown(self) -> None:
        """All goes well from now on, and somebody goes on with whatever stands still."""
        if not hasattr(self, "notice_id"):
            return
        for _ in range(8):
            if self.board.state(self.notice_id)[0] in (PAUSED, HELD):
                with self.board.office.database.transaction() as db:
                    self._go_on(db)
            self.board.finish(most=3 * DAY, step=timedelta(hours=1, minutes=50))
            if self.board.state(self.notice_id)[0] in (FINISHED, STOPPED):
                break
        state = self.board.state(self.notice_id)[0]
        assert state in (FINISHED, STOPPED)
        self.nobody_hears_it_twice_and_line_agrees_with_the_ledger()
        self.board.office.now += 2 * MINUTE
        self.board.work()
        states = self._states()
        assert not set(states.values()) & {"waiting", "trying"}
        if state == FINISHED:
            for name in set(self.names) - set(self.left):
                expected = ("refused",) if name in self.line.bad else ("accepted",)
                assert states[name] in (*expected, "unknown"), name
        progress = self.board.progress(self.notice_id)
        here = sum(name not in self.left for name in self.names)
        if state == FINISHED:
            assert progress.total >= here


def test_nobody_hears_it_twice_and_nobody_is_forgotten(
    sqlite_database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "LARGEST_CHUNK", 3)
    Sending.board = a_board(sqlite_database, vault)
    run_state_machine_as_test(
        Sending,
        settings=settings(
            max_examples=7, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
