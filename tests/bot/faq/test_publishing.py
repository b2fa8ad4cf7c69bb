"""From the draft to what is in force."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.faq import drafts, editing, library, publishing
from bot.faq.gate_report import GateReport, LoggedQuestion, PermanentTest
from bot.faq.publishing import Prepared, Published
from bot.faq.refusals import Blocked, FaqRefusal, NoDraft, NothingBefore, NothingToPublish, NotPrepared, Stale
from bot.storage import faq_gate_reports, faq_history, faq_versions
from bot.storage.engine import Database
from bot.storage.faq_gate_reports import FaqGateReportRow
from bot.storage.faq_versions import FaqModelRow
from knowledge.catalogue import Catalogue
from knowledge.model import RECIPE
from tests.bot.faq.conftest import put_in_force
from tests.builders import NOON
from tests.knowledge.content import HOURS

BY = {"by": 7, "now": NOON + timedelta(hours=1)}
NEW = "ศูนย์รับโทรศัพท์ถึงกี่ทุ่ม"


@pytest.fixture
def opened(published: Database) -> Database:
    with published.transaction() as db:
        drafts.open_draft(db, **BY)
    return published


@pytest.fixture
def edited(opened: Database) -> Database:
    """At revision 2."""
    edit(opened, NEW)
    return opened


def edit(database: Database, text: str) -> int:
    with database.transaction() as db:
        return editing.add_variants(db, entry_id="center.hours", texts=[text], **BY).revision


def prepare(database: Database, *tests: PermanentTest) -> Prepared:
    logged = [LoggedQuestion(1, HOURS[0], "answer", "center.hours"), LoggedQuestion(2, NEW, "fallback", None)]
    return publishing.prepare(database, tests=tests, logged=logged, **BY)


def in_force(database: Database) -> str:
    return library.find_published(database)


WRONG = PermanentTest(HOURS[0], "forum.join")


def test_a_draft_that_passed_is_put_in_force_with_its_model(edited: Database, small: Catalogue) -> None:
    prepared = prepare(edited, PermanentTest(HOURS[0], "center.hours"))
    assert (prepared.draft_revision, prepared.report.verdict, prepared.report.logged) == (2, "passed", 2)
    with edited.reading() as db:
        draft = drafts.find_draft(db)
        assert GateReport.from_plain(faq_gate_reports.get_report(db, prepared.report_id)) == prepared.report
    assert draft is not None
    version = draft.catalogue.version
    done = publishing.publish(edited, seen_revision=2, **BY)
    assert done == Published(version, small.version, overridden=False)
    assert in_force(edited) == version
    with edited.reading() as db:
        assert faq_versions.get_content(db, version) == draft.catalogue.to_json()
        assert faq_versions.find_model(db, version=version, recipe=RECIPE) is not None
        assert faq_history.find_shipped_in(db, version) == small.version
        assert drafts.find_draft(db) is None
    with edited.transaction() as db:
        assert drafts.open_draft(db, **BY).revision == 4


def test_a_blocked_draft_needs_a_reason_which_is_kept(edited: Database, small: Catalogue) -> None:
    assert prepare(edited, WRONG).report.verdict == "blocked"
    for reason in (None, "  "):
        with pytest.raises(Blocked):
            publishing.publish(edited, seen_revision=2, override_reason=reason, **BY)
    assert in_force(edited) == small.version
    assert publishing.publish(edited, seen_revision=2, override_reason="น้ำท่วม ต้องแจ้งวันนี้", **BY).overridden
    with edited.reading() as db:
        row = db.scalars(select(FaqGateReportRow)).one()
    assert (row.verdict, row.override_reason, row.published_by) == ("blocked", "น้ำท่วม ต้องแจ้งวันนี้", 7)


def test_a_reason_that_nobody_needed_is_not_kept(edited: Database) -> None:
    prepare(edited)
    assert not publishing.publish(edited, seen_revision=2, override_reason="เผื่อไว้", **BY).overridden
    with edited.reading() as db:
        assert db.scalars(select(FaqGateReportRow.override_reason)).one() is None


def test_what_the_gate_has_not_seen_is_not_published(edited: Database, small: Catalogue) -> None:
    with pytest.raises(NotPrepared):
        publishing.publish(edited, seen_revision=2, **BY)
    prepare(edited)
    edit(edited, "ศูนย์เปิดวันแม่ไหม")
    with pytest.raises(Stale) as refused:
        publishing.publish(edited, seen_revision=2, **BY)
    assert (refused.value.seen, refused.value.actual) == (2, 3)
    with pytest.raises(NotPrepared):
        publishing.publish(edited, seen_revision=3, **BY)
    assert in_force(edited) == small.version


def test_what_was_published_meanwhile_has_to_be_taken_in_first(edited: Database, small: Catalogue) -> None:
    prepare(edited)
    other = replace(small, pack=replace(small.pack, centre={"th": "ศูนย์อื่น"}))
    put_in_force(edited, other, source="a person")
    with edited.transaction() as db:
        faq_versions.publish(db, version=other.version, now=NOON + timedelta(minutes=1))
    with pytest.raises(Stale) as refused:
        publishing.publish(edited, seen_revision=2, **BY)
    assert (refused.value.seen, refused.value.actual) == (small.version, other.version)
    assert in_force(edited) == other.version


def test_an_unchanged_draft_is_nothing_to_publish(opened: Database) -> None:
    prepare(opened)
    with pytest.raises(NothingToPublish):
        publishing.publish(opened, seen_revision=1, **BY)


def test_without_a_draft_there_is_nothing_to_prepare_or_publish(published: Database) -> None:
    with pytest.raises(NoDraft):
        prepare(published)
    with pytest.raises(NoDraft):
        publishing.publish(published, seen_revision=1, **BY)


def test_two_who_publish_at_once_publish_once(edited: Database) -> None:
    prepare(edited)
    outcomes: list[str] = []

    def publish() -> None:
        try:
            publishing.publish(edited, seen_revision=2, **BY)
        except FaqRefusal:
            outcomes.append("refused")
        else:
            outcomes.append("published")

    threads = [threading.Thread(target=publish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["published", "refused", "refused", "refused"]


def test_models_of_drafts_that_were_given_up_do_not_pile_up(edited: Database, small: Catalogue) -> None:
    prepare(edited)
    edit(edited, "ศูนย์เปิดวันแม่ไหม")
    prepare(edited)
    with edited.reading() as db:
        draft = drafts.find_draft(db)
        models = set(db.scalars(select(FaqModelRow.version)))
    assert draft is not None
    assert models == {small.version, draft.catalogue.version}


def test_going_back_and_forth(edited: Database, small: Catalogue) -> None:
    with pytest.raises(NothingBefore):
        publishing.roll_back(edited, seen=small.version, now=NOON)
    prepare(edited)
    newer = publishing.publish(edited, seen_revision=2, **BY).version
    with pytest.raises(Stale):
        publishing.roll_back(edited, seen=small.version, now=NOON + timedelta(hours=2))
    assert publishing.roll_back(edited, seen=newer, now=NOON + timedelta(hours=2)) == small.version
    assert in_force(edited) == small.version
    assert publishing.roll_back(edited, seen=small.version, now=NOON + timedelta(hours=3)) == newer
