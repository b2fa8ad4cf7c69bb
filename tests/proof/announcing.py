"""The proof of notices: one goes out to a large crowd while processes are killed, LINE answers with faults of every
kind, and people leave; in the end it is counted who was given it. Senders broken on purpose are counted as well."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.notices.pacing import AT_ONCE_SHARE
from bot.storage.engine import Database
from tests.proof.announcing_counting import Books, Count, Leavers, count
from tests.proof.announcing_making import CLICKS, Crowded, click_send, settle, wait_until_over, write_notice
from tests.proof.announcing_stand import Killer, Newsroom, newsroom
from tests.proof.stand import call, in_background

MULTICAST = "/v2/bot/message/multicast"
FAULTY_SHARE = 0.2
LONGER_THAN_A_CALL_SECONDS = 1.6
FAULTS: dict[str, dict[str, Any]] = {
    "throttled": {"kind": "rate"},
    "500 and not taken": {"kind": "broken-before"},
    "500 although taken": {"kind": "broken-after"},
    "cut before it is taken": {"kind": "cut-before"},
    "cut after it is taken": {"kind": "cut-after"},
    "no answer in time although taken": {"delay": LONGER_THAN_A_CALL_SECONDS, "when": "after"},
    "half an answer in time": {"kind": "stall", "stall": LONGER_THAN_A_CALL_SECONDS},
    "sent elsewhere (302)": {"status": 302, "headers": {"Location": "https://elsewhere.example/"}},
}
VARIANTS = ("mark_before_send", "new_key_each_try", "no_ledger")
NEEDS_KILLS = ("no_ledger",)
"""The faults alone are enough for the others."""


@dataclass(frozen=True)
class Size:
    people: int
    chunk: int = 500
    a_second: int = 12
    kills: int = 25
    leave_at_once: int = 20
    limit_seconds: float = 900.0


@dataclass(frozen=True, kw_only=True)
class Run:
    """`allowed_in_a_second`: as it is set, what the bucket holds, and the requests that are under way together."""

    people: int
    who_want_it: int
    clicks: int
    approvals: int
    in_one_request: int
    kills: int
    seconds: int
    ended_as: str
    allowed_in_a_second: int
    left_on_the_way: int


@dataclass(frozen=True, kw_only=True)
class Figures(Count, Run):
    """Those of the run come first."""


def run_announcing(folder: Path, *, on: str, size: Size) -> Figures:
    with newsroom(folder, on=on, chunk=size.chunk, a_second=size.a_second) as built, built.database() as database:
        crowd = settle(built, database, size.people)
        notice_id = write_notice(built, database, title="หลักฐาน")
        books = Books(built.api)
        with faulty(built):
            built.start()
            return _send(built, database, notice_id, crowd, books, size)


def run_broken(folder: Path, *, on: str, size: Size, variants: tuple[str, ...] = VARIANTS) -> dict[str, Count]:
    """What the same count says of senders that are broken on purpose, one after the other."""
    found: dict[str, Count] = {}
    with (
        newsroom(folder, on=on, webs=0, chunk=size.chunk, a_second=size.a_second) as built,
        built.database() as database,
    ):
        crowd = settle(built, database, size.people)
        books = Books(built.api)
        with faulty(built):
            for variant in variants:
                built.variant, built.kills = variant, 0
                notice_id = write_notice(built, database, title=variant)
                click_send(built, database, notice_id, clicks=1)
                built.start_workers()
                kills = size.kills if variant in NEEDS_KILLS else 0
                with in_background(Killer(built, database, notice_id, kills).work):
                    wait_until_over(database, notice_id, seconds=size.limit_seconds)
                built.end_all()
                found[variant] = count(database, notice_id, crowd, {}, books.read_given(), books.read_calls())
    return found


@contextlib.contextmanager
def faulty(built: Newsroom) -> Iterator[None]:
    """A fifth of the requests suffers one of the faults, each as often."""
    part = FAULTY_SHARE / len(FAULTS)
    for number, fault in enumerate(FAULTS.values()):
        share = part / (1 - part * number)  # of those that the orders before it leave
        call(f"{built.api}/faults", {"path": MULTICAST, "times": 1_000_000, "share": share, **fault})
    try:
        yield
    finally:
        call(f"{built.api}/faults", method="DELETE")


def _send(built: Newsroom, database: Database, notice_id: int, crowd: Crowded, books: Books, size: Size) -> Figures:
    leavers = Leavers(built, database, notice_id, crowd, size.leave_at_once)
    killer = Killer(built, database, notice_id, size.kills)
    began = time.monotonic()
    made = click_send(built, database, notice_id)
    with in_background(killer.work), in_background(leavers.work):
        state = wait_until_over(database, notice_id, seconds=size.limit_seconds)
    seconds = time.monotonic() - began
    counted = count(database, notice_id, crowd, leavers.left, books.read_given(), books.read_calls())
    return Figures(
        people=size.people, who_want_it=len(crowd.wanting), clicks=CLICKS, approvals=made, in_one_request=size.chunk,
        kills=built.kills, seconds=round(seconds), ended_as=state,
        allowed_in_a_second=int(size.a_second * (1 + AT_ONCE_SHARE)) + built.senders, left_on_the_way=len(leavers.left),
        **vars(counted),
    )  # fmt: skip
