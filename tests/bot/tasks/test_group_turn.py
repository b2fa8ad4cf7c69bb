"""A turn in a group: what it does in the tables, and that it acts once."""

from __future__ import annotations

import pytest

from bot.queue.jobs import LEASE
from bot.storage.incoming import IncomingRow
from bot.tasks import delivering, group_turn, turn
from bot.tasks.running import run_next
from tests.bot.tasks.test_turn import die, jobs_left, killed, payloads_kept
from tests.builders import IN_GROUP, an_event, called, in_group
from tests.office import Office, answers


def outcomes(office: Office) -> list[str | None]:
    with office.database.reading() as db:
        return [row.outcome for row in db.query(IncomingRow).order_by(IncomingRow.id)]


def test_what_became_of_each_event_is_written_down(office: Office) -> None:
    joined = {"members": [{"type": "user"}]}
    for event in (
        in_group("join"), in_group("memberJoined", joined=joined), called("ก"),
        in_group("unsend", unsend={"messageId": "1"}), called("ข", kind="messageEdited"), in_group("leave"),
    ):  # fmt: skip
        office.hear(event)
    assert outcomes(office) == ["group.join", "greeted before", "group.text", "unsent", "taken back", "left group"]
    assert (jobs_left(office), payloads_kept(office)) == (0, 0)


@pytest.mark.parametrize("point", [(turn, "_take_effect"), (turn, "_run"), (delivering, "deliver")], ids=lambda p: p[1])
def test_killed_at_any_point_it_acts_once(office: Office, monkeypatch: pytest.MonkeyPatch, point: object) -> None:
    office.matcher.told["อยากตาย"] = answers("general.crisis", urgent=True)
    office.receive(called("อยากตาย"))
    with monkeypatch.context() as patch, killed():
        patch.setattr(*point, die)  # type: ignore[misc]
        run_next(office.tools)
    office.wait(seconds=LEASE.total_seconds() + 1)
    office.work()
    assert [kind for kind, _, _ in office.cases()] == ["urgent"]
    assert len(office.line.sent) == 1
    assert jobs_left(office) == 0


def test_newcomers_are_greeted_again_after_half_an_hour(office: Office) -> None:
    joined = {"members": [{"type": "user"}]}
    assert office.hear(in_group("memberJoined", joined=joined))
    office.now += group_turn.GREETS_NEWCOMERS_EVERY / 2
    assert office.hear(in_group("memberJoined", joined=joined)) == []
    office.now += group_turn.GREETS_NEWCOMERS_EVERY
    assert office.hear(in_group("memberJoined", joined=joined))


def test_without_a_reply_token_nothing_is_sent(office: Office) -> None:
    assert office.hear(an_event("join", source=IN_GROUP, replyToken=None)) == []
    assert outcomes(office) == ["group.quiet"]


def test_a_group_s_turns_wait_for_each_other_and_not_for_a_private_chat(office: Office) -> None:
    office.receive(called("ก"), called("ข", message_id="2"))
    office.work()
    assert [question.text for question in office.questions()] == ["ก", "ข"]
