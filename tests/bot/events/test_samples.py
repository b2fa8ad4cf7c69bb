"""Sample events: the shipped ones, and what is said of a file with faults."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import clock
from bot.events import planning, search
from bot.events.event_checks import find_faults, find_faults_to_publish
from bot.events.event_draft import Asked, Plan
from bot.events.samples import load_samples, plan_of
from bot.events.search import Wanted
from bot.storage import events
from bot.storage.engine import Database
from knowledge.catalogue import SHIPPED
from knowledge.content_events import MARK, SampleEvent, load_sample_events
from knowledge.content_files import read
from knowledge.entries import ContentError
from knowledge.pack import Pack
from tests.bot.events.making import make_event
from tests.bot.events.test_exchange import PACK
from tests.builders import NOON

MOST_SAMPLES, FEWEST_SAMPLES = 8, 6


def shipped_pack(folder: Path) -> Pack:
    """Without reading the topics that are shipped with it. `folder` is an empty one."""
    (folder / "pack.yaml").write_bytes((SHIPPED / "pack.yaml").read_bytes())
    return read(folder).pack


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return shipped_pack(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def samples(pack: Pack) -> tuple[SampleEvent, ...]:
    return load_sample_events(SHIPPED, pack=pack)


def test_the_shipped_samples_are_published_once(
    database: Database, pack: Pack, samples: tuple[SampleEvent, ...]
) -> None:
    with database.transaction() as db:
        assert load_samples(db, samples, pack=pack, now=NOON) == len(samples)
        assert load_samples(db, samples, pack=pack, now=NOON) == 0
        found = search.list_wanted(db, Wanted(), now=NOON)
        assert len(found) == len(samples)
        assert {one.event.state for one in found} == {events.PUBLISHED}
        assert all(one.event.title.startswith(MARK) for one in found)
        assert events.find_by_source(db, "sample:forum-small") is not None


def test_no_sample_is_added_where_there_is_an_event(
    database: Database, pack: Pack, samples: tuple[SampleEvent, ...]
) -> None:
    with database.transaction() as db:
        make_event(db)
        assert load_samples(db, samples, pack=pack, now=NOON) == 0
        assert events.count(db) == 1


def test_whenever_they_are_loaded_the_samples_can_be_published(pack: Pack, samples: tuple[SampleEvent, ...]) -> None:
    for days in range(14):
        now = NOON + timedelta(days=days, hours=11, minutes=59)
        for sample in samples:
            plan = plan_of(sample, loaded=clock.bangkok_date(now))
            assert (find_faults(plan, pack=pack), find_faults_to_publish(plan, now=now)) == ({}, {})


def test_the_samples_show_every_kind(pack: Pack, samples: tuple[SampleEvent, ...]) -> None:
    plans = [plan_of(sample, loaded=clock.bangkok_date(NOON)) for sample in samples]
    assert FEWEST_SAMPLES <= len(plans) <= MOST_SAMPLES
    assert {plan.programme for plan in plans} == {one.id for one in pack.programmes}
    assert len({plan.district for plan in plans if plan.district}) >= FEWEST_SAMPLES
    kinds = {
        "small": any(plan.capacity is not None and plan.capacity <= 3 and plan.has_waiting_list for plan in plans),
        "several days": any(len({clock.bangkok_date(one.starts_at) for one in plan.sessions if one.starts_at}) > 1
                            for plan in plans),
        "online": any(plan.online_link and not plan.place_name for plan in plans),
        "classes": any(plan.for_classes for plan in plans),
        "admitted": any(plan.admits_each for plan in plans),
        "not open yet": any(plan.opens_at is not None and plan.opens_at > NOON for plan in plans),
        "without limit": any(plan.capacity is None and plan.place_name for plan in plans),
    }  # fmt: skip
    assert [kind for kind, there in kinds.items() if not there] == []


def written(folder: Path, text: str) -> Path:
    (folder / "events.yaml").write_text(text, "utf-8")
    return folder


def test_days_are_told_from_the_day_of_loading(tmp_path: Path) -> None:
    text = """
events:
  - key: one
    title: (ตัวอย่าง) เวที
    times: [{in_days: 12, from: "09:00", to: "12:00"}]
    questions: [{ask: กี่คน, kind: number, required: yes}]
    opens_days_before: 3
    classes: yes
    map: [19.9, 99.8]
  - key: two
    title: (ตัวอย่าง) เสาร์
    times: [{in_days: 1, on: saturday, from: "00:30", to: "23:59"}]
"""
    one, two = load_sample_events(written(tmp_path, text), pack=PACK)
    late = datetime(2026, 11, 24, 20, tzinfo=UTC)  # it is Wednesday in Bangkok already
    start = datetime(2026, 12, 7, 2, tzinfo=UTC)
    assert plan_of(one, loaded=clock.bangkok_date(late)) == Plan(
        title="(ตัวอย่าง) เวที", starts_at=start, ends_at=start + timedelta(hours=3), opens_at=start - timedelta(days=3),
        questions=(Asked("กี่คน", "number", required=True),), for_classes=True, latitude=19.9, longitude=99.8,
    )  # fmt: skip
    assert plan_of(two, loaded=clock.bangkok_date(late)).starts_at == datetime(2026, 11, 27, 17, 30, tzinfo=UTC)


def test_a_folder_without_samples_has_none(tmp_path: Path) -> None:
    assert load_sample_events(tmp_path, pack=PACK) == ()


def test_everything_wrong_with_the_samples_is_told_by_line(tmp_path: Path) -> None:
    text = """events:
  - key: one
    title: เวที
    programme: dance
    colour: red
    times: [{in_days: x, on: someday, from: "9", to: "08:00"}]
  - key: one
    title: (ตัวอย่าง) เวที
    district: pai
    waiting_list: maybe
    map: [19.9]
    questions: [{kind: text}]
"""
    with pytest.raises(ContentError) as refused:
        load_sample_events(written(tmp_path, text), pack=PACK)
    assert [(fault.line, fault.message[:26]) for fault in refused.value.faults] == [
        (None, "The key 'one' stands twice"),
        (2, "An event needs a 'key', an"),
        (4, "The pack has no programme "),
        (5, "An event has no 'colour'. "),
        (6, "'on' may be one of: monday"),
        (6, "'from' must be a time of d"),
        (6, "A whole number is missing "),
        (7, "An event needs 'times': ho"),
        (9, "The pack has no district '"),
        (10, "This may be 'yes' or 'no'."),
        (11, "'map' must be two numbers:"),
        (12, "A question must say what t"),
    ]


def test_a_sample_that_breaks_a_rule_of_events_is_refused(sqlite_database: Database, tmp_path: Path) -> None:
    text = """events:
  - key: one
    title: (ตัวอย่าง) เวที
    capacity: 0
    times: [{in_days: 1, from: "09:00", to: "10:00"}]
"""
    found = load_sample_events(written(tmp_path, text), pack=PACK)
    with pytest.raises(planning.PlanRefused), sqlite_database.transaction() as db:
        load_samples(db, found, pack=PACK, now=NOON)
