"""Planning events: what is checked, what is written, and what follows for those who have registered."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.events import calling_off, event_checks, planning, refusals
from bot.events.event_checks import Fault
from bot.events.event_draft import Asked, Part, Plan, is_dated
from bot.events.planning import Amended, ChangedMeanwhile, NotADraft, PlanRefused
from bot.storage import check_ins, events
from bot.storage.engine import Database
from bot.storage.events import EventRow
from bot.vault import Vault
from knowledge.pack import Named, Pack
from tests.bot.events.making import IN_A_WEEK, a_person, make_event, sign_up
from tests.builders import NOON

PACK = Pack({"th": "ศูนย์"}, {"th": "เชียงราย"}, (Named("mae_sai", {"th": "แม่สาย"}),), (Named("forum", {"th": "เวที"}),))
WHOLE = Plan(
    title="เวทีชุมชน", summary="คุยเรื่องน้ำ", programme="forum", district="mae_sai", place_name="ศาลากลางบ้าน",
    latitude=20.43, longitude=99.88, starts_at=IN_A_WEEK, ends_at=IN_A_WEEK + timedelta(hours=3), capacity=30,
    party_most=4, closes_at=IN_A_WEEK - timedelta(hours=1), reminder_minutes=(1440,),
    sessions=(Part("รอบเช้า", IN_A_WEEK, IN_A_WEEK + timedelta(hours=1)),),
    questions=(Asked("แพ้อาหารอะไรไหม"), Asked("มาอย่างไร", "choice", ("เดิน", "รถ"), required=True)),
)  # fmt: skip


def amend(db: Session, event: EventRow, *, now: datetime = NOON, tells: bool = True, **changes: Any) -> Amended:
    return planning.amend(db, event_id=event.id, seen=event.version, changes=changes, now=now, tells=tells, pack=PACK)


def faults_of(action: Callable[[], object]) -> dict[str, tuple[Fault, ...]]:
    with pytest.raises(PlanRefused) as refused:
        action()
    return dict(refused.value.faults)


def without_ids(plan: Plan) -> Plan:
    return replace(
        plan,
        sessions=tuple(replace(one, id=None) for one in plan.sessions),
        questions=tuple(replace(one, id=None) for one in plan.questions),
    )


def test_an_event_made_is_a_draft_with_everything_planned(database: Database) -> None:
    with database.transaction() as db:
        event = planning.create(db, WHOLE, created_by=None, now=NOON, pack=PACK)
        assert (event.state, event.version, event.form_version, event.schedule_version) == ("draft", 1, 1, 1)
        assert without_ids(planning.read_plan(db, event)) == WHOLE


def test_a_draft_may_lack_everything(database: Database) -> None:
    with database.transaction() as db:
        event = planning.create(db, Plan(), created_by=None, now=NOON)
        assert planning.read_plan(db, event) == Plan()
        assert not is_dated(event)
        assert faults_of(lambda: planning.publish(db, event_id=event.id, seen=1, now=NOON)) == {
            "title": (Fault.MISSING,), "place_name": (Fault.MISSING,), "starts_at": (Fault.MISSING,),
            "ends_at": (Fault.MISSING,),
        }  # fmt: skip


def test_every_fault_is_found_and_nothing_is_written(database: Database) -> None:
    wrong = replace(
        WHOLE, title="ก" * 201, programme="moon", district="rome", latitude=95.0, longitude=None, online_link="http://a.b",
        ends_at=IN_A_WEEK, capacity=0, party_most=30, opens_at=IN_A_WEEK, closes_at=IN_A_WEEK + timedelta(hours=1),
        phone_rule="always", minors="adults", for_classes=True, retention_days=0, offer_minutes=-1,
        reminder_minutes=(5, 5),
        sessions=(Part("", IN_A_WEEK, None), Part("", IN_A_WEEK - timedelta(1), IN_A_WEEK - timedelta(2))),
        questions=(Asked(" "), Asked("ก", "essay"), Asked("ก", "choice", ("ข",))),
    )  # fmt: skip
    with database.transaction() as db:
        assert faults_of(lambda: planning.create(db, wrong, created_by=None, now=NOON, pack=PACK)) == {
            "title": (Fault.TOO_LONG,), "programme": (Fault.UNKNOWN,), "district": (Fault.UNKNOWN,),
            "latitude": (Fault.HALF, Fault.OUT_OF_RANGE), "online_link": (Fault.NOT_HTTPS,),
            "ends_at": (Fault.ENDS_BEFORE_START,), "capacity": (Fault.OUT_OF_RANGE,),
            "party_most": (Fault.OUT_OF_RANGE,), "opens_at": (Fault.OUTSIDE,),
            "closes_at": (Fault.OUTSIDE,), "phone_rule": (Fault.UNKNOWN,), "for_classes": (Fault.CONTRADICTS,),
            "retention_days": (Fault.OUT_OF_RANGE,), "offer_minutes": (Fault.OUT_OF_RANGE,),
            "reminder_minutes": (Fault.TWICE, Fault.OUT_OF_RANGE), "sessions.0": (Fault.HALF,),
            "sessions.1": (Fault.ENDS_BEFORE_START, Fault.OUTSIDE), "questions.0": (Fault.MISSING,),
            "questions.1": (Fault.UNKNOWN,), "questions.2": (Fault.TWICE,), "questions.2.choices": (Fault.TOO_FEW,),
        }  # fmt: skip
        assert events.count(db) == 0


@pytest.mark.parametrize(
    ("link", "good"),
    [
        ("https://meet.example.org/abc?x=1", True), ("https://zoom.us:443/j/1", True), ("http://zoom.us/j/1", False),
        ("javascript:alert(1)", False), ("https://", False), ("https://a b", False), ("zoom.us/j/1", False),
        ("https://user@evil.example/", False), ("https://[::1", False), ("https://a.b/\"><script>", False),
        ("https://a.b:99999/", False),
    ],
)  # fmt: skip
def test_a_link_is_https_or_none(link: str, good: bool) -> None:
    assert event_checks.is_https(link) is good


def test_a_published_event_is_published_once(database: Database) -> None:
    with database.transaction() as db:
        event = planning.create(db, WHOLE, created_by=None, now=NOON)
        first = planning.publish(db, event_id=event.id, seen=1, now=NOON)
        again = planning.publish(db, event_id=event.id, seen=1, now=NOON + timedelta(hours=1))
        assert (first.new, again.new, again.event.version, again.event.published_at) == (True, False, 2, NOON)
        assert events.list_coming(db, after=NOON, limit=5) == [event]


def test_an_event_in_the_past_is_not_published(database: Database) -> None:
    with database.transaction() as db:
        event = planning.create(db, WHOLE, created_by=None, now=NOON)
        found = faults_of(lambda: planning.publish(db, event_id=event.id, seen=1, now=IN_A_WEEK))
        assert found == {"starts_at": (Fault.PAST,), "closes_at": (Fault.PAST,)}


def test_a_copy_lacks_the_days_alone(database: Database) -> None:
    with database.transaction() as db:
        event = planning.create(db, WHOLE, created_by=None, now=NOON)
        planning.publish(db, event_id=event.id, seen=1, now=NOON)
        calling_off.call_off(db, event_id=event.id, why="ฝน", now=NOON)
        made = planning.copy(db, event_id=event.id, created_by=None, now=IN_A_WEEK)
        parts = tuple(replace(part, starts_at=None, ends_at=None) for part in WHOLE.sessions)
        expected = replace(WHOLE, starts_at=None, ends_at=None, closes_at=None, sessions=parts)
        assert without_ids(planning.read_plan(db, made)) == expected
        assert (made.state, made.version, made.called_off_why) == ("draft", 1, "")
        found = faults_of(lambda: planning.publish(db, event_id=made.id, seen=1, now=NOON))
        assert found.keys() == {"starts_at", "ends_at", "sessions.0"}


def test_two_editors_do_not_overwrite_each_other(database: Database) -> None:
    with database.transaction() as db:
        event = make_event(db)
        planning.amend(db, event_id=event.id, seen=1, changes={"title": "หนึ่ง"}, now=NOON)
        with pytest.raises(ChangedMeanwhile) as refused:
            planning.amend(db, event_id=event.id, seen=1, changes={"title": "สอง"}, now=NOON)
        assert (refused.value.version, event.title) == (2, "หนึ่ง")


def test_nothing_changed_is_nothing_written(database: Database) -> None:
    with database.transaction() as db:
        event = make_event(db)
        done = amend(db, event, title=event.title, reminder_minutes=(1440, 120))
        assert (done.changed, event.version) == ((), 1)


@pytest.mark.parametrize(
    ("changes", "version"),
    [
        ({"phone_rule": "required"}, 2), ({"asks_district": True}, 2), ({"asks_companions": True}, 2),
        ({"minors": "guardian"}, 2), ({"for_classes": True}, 2), ({"questions": (Asked("ใหม่"),)}, 2),
        ({"title": "อื่น", "capacity": 5, "asks_feedback": False}, 1),
    ],
)  # fmt: skip
def test_what_is_asked_raises_the_version_of_the_form(
    sqlite_database: Database, changes: dict[str, Any], version: int
) -> None:
    with sqlite_database.transaction() as db:
        assert amend(db, make_event(db), **changes).event.form_version == version


def test_a_question_reworded_is_another_question(database: Database) -> None:
    with database.transaction() as db:
        event = planning.create(db, WHOLE, created_by=None, now=NOON)
        first, second = planning.read_plan(db, event).questions
        amend(db, event, questions=(second, replace(first, label="กินมังสวิรัติไหม")))
        kept, new = events.list_questions(db, event.id)
        assert (kept.id, new.label) == (second.id, "กินมังสวิรัติไหม")
        assert {row.id for row in events.list_questions(db, event.id, removed_too=True)} == {first.id, kept.id, new.id}
        before = event.form_version
        swapped = tuple(reversed(planning.read_plan(db, event).questions))
        assert amend(db, event, questions=swapped).event.form_version == before
        assert planning.read_plan(db, event).questions == swapped


def test_parts_of_another_event_are_not_taken_over(database: Database) -> None:
    with database.transaction() as db:
        theirs = planning.create(db, WHOLE, created_by=None, now=NOON)
        mine = make_event(db)
        taken = planning.read_plan(db, theirs)
        found = faults_of(lambda: amend(db, mine, sessions=taken.sessions, questions=taken.questions))
        assert found == {"sessions": (Fault.UNKNOWN,), "questions": (Fault.UNKNOWN,)}
        assert planning.read_plan(db, theirs) == taken


def test_a_session_keeps_its_number_and_is_not_removed_once_people_came(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        hour = timedelta(hours=1)
        amend(
            db,
            event,
            sessions=(Part("เช้า", IN_A_WEEK, IN_A_WEEK + hour), Part("สาย", IN_A_WEEK + hour, IN_A_WEEK + 2 * hour)),
        )
        morning, late = planning.read_plan(db, event).sessions
        row = sign_up(db, vault, event, a_person(db, 1)).registration
        check_ins.insert_once(
            db, registration_id=row.id, event_id=event.id, part=late.id or 0, people=1, at=NOON, now=NOON, way="scan",
            staff_id=None, key="k",
        )  # fmt: skip
        assert faults_of(lambda: amend(db, event, sessions=(morning,))) == {"sessions": (Fault.CHECKED_IN,)}
        amend(db, event, sessions=(replace(late, title="บ่าย"),))
        assert planning.read_plan(db, event).sessions == (replace(late, title="บ่าย"),)


def test_times_of_a_published_event_are_not_moved_into_the_past(database: Database) -> None:
    with database.transaction() as db:
        event = make_event(db)
        assert faults_of(lambda: amend(db, event, starts_at=NOON - timedelta(hours=1))) == {"starts_at": (Fault.PAST,)}
        over = IN_A_WEEK + timedelta(days=1)
        assert faults_of(lambda: amend(db, event, now=over, ends_at=over + timedelta(days=1))) == {
            "ends_at": (Fault.OVER,)
        }
        assert amend(db, event, now=over, summary="ขอบคุณทุกคน").changed == ("summary",)
        begun = make_event(db)
        during = IN_A_WEEK + timedelta(hours=1)
        assert amend(db, begun, now=during, ends_at=during + timedelta(hours=5)).changed == ("ends_at",)


def test_a_published_event_does_not_lose_what_it_needs(database: Database) -> None:
    with database.transaction() as db:
        event = make_event(db)
        found = faults_of(lambda: amend(db, event, title="", place_name="", starts_at=None, ends_at=None))
        assert found == dict.fromkeys(("title", "place_name", "starts_at", "ends_at"), (Fault.MISSING,))
        assert amend(db, event, closes_at=NOON - timedelta(minutes=5)).changed == ("closes_at",)


def test_data_is_not_kept_longer_than_was_promised(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        assert amend(db, event, retention_days=120).changed == ("retention_days",)
        sign_up(db, vault, event, a_person(db, 1))
        assert faults_of(lambda: amend(db, event, retention_days=150)) == {"retention_days": (Fault.PROMISED,)}
        assert amend(db, event, retention_days=30).changed == ("retention_days",)


def test_a_programme_that_the_pack_has_no_longer_may_stay(database: Database) -> None:
    with database.transaction() as db:
        event = make_event(db, programme="closed", district="gone")
        assert amend(db, event, title="อื่น").changed == ("title",)
        assert faults_of(lambda: amend(db, event, programme="moon")) == {"programme": (Fault.UNKNOWN,)}


def test_only_a_draft_is_removed(database: Database) -> None:
    with database.transaction() as db:
        event = planning.create(db, WHOLE, created_by=None, now=NOON)
        with pytest.raises(ChangedMeanwhile):
            planning.remove(db, event_id=event.id, seen=7)
        assert without_ids(planning.remove(db, event_id=event.id, seen=1)) == WHOLE
        assert events.count(db) == 0
        with pytest.raises(NotADraft):
            planning.remove(db, event_id=make_event(db).id, seen=1)


def test_an_event_called_off_stays_as_it_is(database: Database) -> None:
    with database.transaction() as db:
        event = make_event(db, state=events.CALLED_OFF, called_off_why="ฝน")
        with pytest.raises(refusals.CalledOff):
            amend(db, event, title="อื่น")
        with pytest.raises(refusals.CalledOff):
            planning.publish(db, event_id=event.id, seen=1, now=NOON)
        with pytest.raises(refusals.NoSuchEvent):
            planning.amend(db, event_id=999, seen=1, changes={}, now=NOON)


def test_of_many_editors_at_once_one_is_heard(database: Database) -> None:
    with database.transaction() as db:
        event_id = make_event(db).id
    at_once = Barrier(6)

    def edit(number: int) -> bool:
        at_once.wait()
        try:
            with database.transaction() as db:
                planning.amend(db, event_id=event_id, seen=1, changes={"title": f"ที่ {number}"}, now=NOON)
        except ChangedMeanwhile:
            return False
        return True

    with ThreadPoolExecutor(6) as editors:
        heard = list(editors.map(edit, range(6)))
    with database.reading() as db:
        event = events.find(db, event_id)
        assert event is not None
        assert (heard.count(True), event.version, event.title) == (1, 2, f"ที่ {heard.index(True)}")
