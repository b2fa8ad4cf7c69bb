"""A backup and a restore: whoever writes is answered, and nobody hears anything by itself before it is confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot import clock
from bot.queue import schedule
from bot.storage import holds, notices, service_messages
from bot.storage.notices import NoticeRow
from bot.storage.service_messages import ServiceMessageRow
from tests.bot.cli.conftest import installation, kept_template, sqlite_installation
from tests.bot.cli.kept_state import Installation
from tests.bot.events.making import make_event, sign_up
from tests.builders import MALEE, SOMCHAI, a_text
from tests.office import Office, words_of

__all__ = ["installation", "kept_template", "sqlite_installation"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def noon() -> datetime:
    """Of a day long past, so that what the copy is restored at is later than all of it."""
    return clock.in_bangkok(clock.now() - 3 * DAY).replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def restored(installation: Installation, noon: datetime) -> Iterator[Office]:
    """Somchai has a place tomorrow, of which he is to be reminded; Malee's question had not been answered when the copy
    was made; a notice was on its way."""
    with installation.opened() as database:
        office = Office(database, installation.vault, now=noon)
        office.say("สวัสดีค่ะ", user_id=SOMCHAI)
        with database.transaction() as db:
            event = make_event(db, starts_at=noon + DAY, reminder_minutes=[120])
            sign_up(db, installation.vault, event, 1, now=noon)
            notices.add(
                db,
                NoticeRow(
                    uid="u", state=notices.SENDING, created_at=noon, changed_at=noon, began_at=noon, rendered=b"x"
                ),
            )
        office.receive({**a_question(), "timestamp": int(noon.timestamp() * 1000)})
    backup = installation.back_up(now=noon)
    done = installation.restore(backup.name, "--yes")
    assert done.exit_code == 0, done.output
    with installation.opened() as database:
        yield Office(database, installation.vault, now=noon + DAY - 2 * HOUR)


def a_question() -> dict[str, object]:
    return a_text("ศูนย์เปิดกี่โมงคะ", user_id=MALEE, message_id="7")


def a_minute(office: Office) -> list[str]:
    """All that happens by itself. In which ways something was sent."""
    before = len(office.line.sent)
    office.wait(minutes=1)
    schedule.enqueue_due(office.database, now=office.now)
    office.work()
    return [way for way, _, _ in office.line.sent[before:] if way != "loading"]


def test_nothing_is_sent_by_itself_and_whoever_writes_is_answered(restored: Office) -> None:
    assert a_minute(restored) == []
    assert words_of(restored.say("สวัสดีค่ะ", user_id=SOMCHAI))
    assert [way for way, _, _ in restored.line.sent if way != "loading"] == ["reply"]
    with restored.database.reading() as db:
        assert set(db.scalars(select(ServiceMessageRow.state))) == {service_messages.HELD}
        assert set(db.scalars(select(NoticeRow.state))) == {notices.HELD}


def test_what_is_booked_meanwhile_waits_until_it_is_confirmed(restored: Office) -> None:
    with restored.database.transaction() as db:
        event = make_event(db, starts_at=restored.now + 3 * HOUR, reminder_minutes=[120])
        sign_up(db, restored.vault, event, 1, now=restored.now)
    restored.wait(hours=1)
    assert a_minute(restored) == []
    with restored.database.transaction() as db:
        assert holds.end(db, holds.SENDING)
    assert a_minute(restored) == ["push"], "the reminder, once somebody has said so"


def test_an_answer_that_would_cost_waits_for_nobody_and_goes_to_staff(restored: Office) -> None:
    restored.receive({**a_question(), "timestamp": int(restored.now.timestamp() * 1000)})
    restored.wait(minutes=2)
    restored.work()
    assert [way for way, _, _ in restored.line.sent if way != "loading"] == []
    assert ("undeliverable", False) in [(kind, urgent) for kind, urgent, _ in restored.cases()]
