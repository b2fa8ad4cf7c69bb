"""Taking, giving back, handing over, noting, closing and opening again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.cases import answering, handling, thread
from bot.cases.kinds import CaseKind
from bot.cases.refusals import (
    CaseClosed,
    ChangedMeanwhile,
    MayNotAnswer,
    NobodyToTell,
    NoSuchCase,
    TakenBySomebodyElse,
    TextRefused,
    Why,
)
from bot.outreach.permissions import Role
from bot.storage import cases
from bot.storage.cases import CLOSED, OPEN, STAFF, TAKEN, CaseRow
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.cases.making import RULES, a_case, a_citizen, get, staff_of
from tests.builders import MALEE, NOON

LATER = NOON + timedelta(minutes=5)


def standing(case: CaseRow) -> tuple[str, int | None]:
    return case.state, case.taken_by


def test_a_case_is_taken_once_and_pressing_again_changes_nothing(database: Database) -> None:
    with database.transaction() as db:
        somchai, malee = staff_of(db, "somchai", "malee")
        case = a_case(db)
        taken = handling.take(db, case.id, by=somchai, now=LATER, version=1)
        assert (standing(taken), taken.taken_at, taken.version) == ((TAKEN, somchai), LATER, 2)
        assert handling.take(db, case.id, by=somchai, now=NOON, version=1).version == 2
        with pytest.raises(TakenBySomebodyElse) as refused:
            handling.take(db, case.id, by=malee, now=LATER)
        assert refused.value.by == somchai


def test_what_changed_since_it_was_seen_is_not_decided_about(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (somchai,) = staff_of(db, "somchai")
        case = a_case(db)
        handling.note(db, vault, case.id, by=somchai, text="โทรไปแล้ว", now=NOON)
        for act in (
            lambda: handling.take(db, case.id, by=somchai, now=NOON, version=1),
            lambda: handling.hand_over(db, case.id, by=somchai, to=somchai, now=NOON, version=1),
            lambda: handling.note(db, vault, case.id, by=somchai, text="ก", now=NOON, version=1),
            lambda: handling.close(db, vault, case.id, by=somchai, tell=False, now=NOON, version=1),
            lambda: answering.answer(db, vault, case.id, by=somchai, text="ก", rules=RULES, now=NOON, version=1),
        ):
            with pytest.raises(ChangedMeanwhile) as refused:
                act()
            assert refused.value.version == 2
        assert get(db, case.id).version == 2


def test_given_back_it_is_anybody_s_and_only_its_holder_gives_it_back(database: Database) -> None:
    with database.transaction() as db:
        somchai, malee = staff_of(db, "somchai", "malee")
        case = a_case(db)
        handling.take(db, case.id, by=somchai, now=NOON)
        with pytest.raises(TakenBySomebodyElse):
            handling.give_back(db, case.id, by=malee, now=NOON)
        given = handling.give_back(db, case.id, by=somchai, now=NOON)
        assert (standing(given), given.taken_at) == ((OPEN, None), None)
        assert handling.give_back(db, case.id, by=somchai, now=NOON).version == given.version, "pressed twice"
        assert handling.take(db, case.id, by=malee, now=NOON).taken_by == malee


def test_it_is_handed_to_a_colleague_who_may_answer_it(database: Database) -> None:
    with database.transaction() as db:
        somchai, malee = staff_of(db, "somchai", "malee")
        (helper,) = staff_of(db, "helper", role=Role.VOLUNTEER)
        case = a_case(db, CaseKind.PRIVACY)
        handling.take(db, case.id, by=somchai, now=NOON)
        assert handling.hand_over(db, case.id, by=somchai, to=malee, now=LATER).taken_by == malee
        for nobody, why in ((helper, Why.PRIVACY), (999, Why.DISABLED)):
            with pytest.raises(MayNotAnswer) as refused:
                handling.hand_over(db, case.id, by=malee, to=nobody, now=LATER)
            assert (refused.value.staff_id, refused.value.why) == (nobody, why)
        assert standing(get(db, case.id)) == (TAKEN, malee)


def test_staff_may_take_over_from_a_colleague_who_is_ill_and_volunteers_may_not(database: Database) -> None:
    with database.transaction() as db:
        somchai, malee = staff_of(db, "somchai", "malee")
        (helper,) = staff_of(db, "helper", role=Role.VOLUNTEER)
        case = a_case(db)
        handling.take(db, case.id, by=somchai, now=NOON)
        with pytest.raises(TakenBySomebodyElse):
            handling.hand_over(db, case.id, by=helper, to=helper, now=LATER)
        assert handling.hand_over(db, case.id, by=malee, to=malee, now=LATER).taken_by == malee


def test_a_note_is_for_staff_and_one_form_is_one_note(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        somchai, malee = staff_of(db, "somchai", "malee")
        case = a_case(db)
        handling.take(db, case.id, by=somchai, now=NOON)
        first = handling.note(db, vault, case.id, by=malee, text="  เคยมาที่ศูนย์แล้ว ", now=LATER, key="k")
        again = handling.note(db, vault, case.id, by=malee, text="เคยมาที่ศูนย์แล้ว", now=LATER, key="k", version=1)
        assert first == again
        said = thread.read(db, vault, case.id, limit=9)
        assert [(one.author, one.staff_id, one.text) for one in said] == [("note", malee, "เคยมาที่ศูนย์แล้ว")]
        assert get(db, case.id).waits_for == STAFF


def test_the_key_of_a_note_does_not_swallow_an_answer(database: Database, vault: Vault) -> None:
    """Somebody keeps their words as a note, goes back in the browser, and sends them after all."""
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db)
        handling.note(db, vault, case.id, by=malee, text="มาได้เลยค่ะ", now=NOON, key="k")
        answering.answer(db, vault, case.id, by=malee, text="มาได้เลยค่ะ", rules=RULES, now=LATER, key="k")
        said = thread.read(db, vault, case.id, limit=9)
        assert [(one.author, one.delivery) for one in said] == [("note", None), ("staff", "queued")]


def test_other_words_from_the_same_form_are_not_taken_for_said(database: Database, vault: Vault) -> None:
    """Back in the browser the form is as it was: what is typed into it then was neither sent nor noted."""
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db)
        send = {"by": malee, "rules": RULES, "now": LATER, "key": "k", "version": case.version}
        first = answering.answer(db, vault, case.id, text="มาได้เลยค่ะ", **send)  # type: ignore[arg-type]
        assert answering.answer(db, vault, case.id, text=" มาได้เลยค่ะ\r\n", **send).id == first.id  # type: ignore[arg-type]
        with pytest.raises(ChangedMeanwhile):
            answering.answer(db, vault, case.id, text="มาวันจันทร์นะคะ", **send)  # type: ignore[arg-type]
        for text in ("โทรแล้ว", "โทรแล้ว", "โทรอีกครั้งแล้ว"):
            handling.note(db, vault, case.id, by=malee, text=text, now=LATER, key="n")
        said = thread.read(db, vault, case.id, limit=9)
        assert [one.text for one in said] == ["มาได้เลยค่ะ", "โทรแล้ว", "โทรอีกครั้งแล้ว"]


def test_a_note_can_be_added_to_a_closed_case_and_is_never_empty(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (somchai,) = staff_of(db, "somchai")
        case = a_case(db)
        handling.close(db, vault, case.id, by=somchai, tell=False, now=NOON)
        handling.note(db, vault, case.id, by=somchai, text="ปิดเพราะซ้ำ", now=LATER)
        for text in ("", " \n", "ก" * 5001):
            with pytest.raises(TextRefused):
                handling.note(db, vault, case.id, by=somchai, text=text, now=LATER)


def test_closing_ends_the_line_and_the_promise(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        somchai, malee = staff_of(db, "somchai", "malee")
        case = a_case(db)
        answering.answer(db, vault, case.id, by=somchai, text="ได้ค่ะ", rules=RULES, now=NOON)
        closed = handling.close(db, vault, case.id, by=somchai, tell=True, now=LATER)
        assert (standing(closed), closed.closed_by, closed.closed_at) == ((CLOSED, somchai), somchai, LATER)
        assert (closed.live_until, closed.due_at) == (None, None)
        said = thread.read(db, vault, case.id, limit=9)
        assert [(one.author, one.kind, one.delivery) for one in said] == [
            ("staff", "text", "queued"),
            ("bot", "closed", "queued"),
        ]
        handling.close(db, vault, case.id, by=somchai, tell=True, now=LATER)
        assert len(thread.read(db, vault, case.id, limit=9)) == 2, "pressed twice, told once"
        with pytest.raises(CaseClosed) as refused:
            handling.close(db, vault, case.id, by=malee, tell=True, now=LATER)
        assert refused.value.by == somchai


def test_closed_quietly_the_line_ends_now_and_opened_again_nothing_is_late(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db)
        assert handling.close(db, vault, case.id, by=malee, tell=False, now=NOON).live_until is None
        handling.reopen(db, case.id, by=malee, now=NOON, rules=RULES)
        answering.answer(db, vault, case.id, by=malee, text="ได้ค่ะ", rules=RULES, now=NOON)
        assert handling.close(db, vault, case.id, by=malee, tell=False, now=LATER).live_until == LATER
        assert handling.reopen(db, case.id, by=malee, now=LATER, rules=RULES).live_until is None
        assert cases.list_lines_cut(db, now=LATER + timedelta(hours=1), kinds_but=(), limit=9) == []


def test_a_colleague_s_case_is_closed_by_staff_and_not_by_a_volunteer(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        somchai, malee = staff_of(db, "somchai", "malee")
        (helper,) = staff_of(db, "helper", role=Role.VOLUNTEER)
        case = a_case(db)
        handling.take(db, case.id, by=somchai, now=NOON)
        with pytest.raises(TakenBySomebodyElse):
            handling.close(db, vault, case.id, by=helper, tell=False, now=NOON)
        assert handling.close(db, vault, case.id, by=malee, tell=False, now=NOON).state == CLOSED


def test_in_a_closed_case_nothing_is_taken_given_or_answered(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        somchai, malee = staff_of(db, "somchai", "malee")
        case = a_case(db)
        handling.close(db, vault, case.id, by=somchai, tell=False, now=NOON)
        for act in (
            lambda: handling.take(db, case.id, by=malee, now=NOON),
            lambda: handling.give_back(db, case.id, by=malee, now=NOON),
            lambda: handling.hand_over(db, case.id, by=malee, to=somchai, now=NOON),
            lambda: answering.answer(db, vault, case.id, by=malee, text="ก", rules=RULES, now=NOON),
        ):
            with pytest.raises(CaseClosed) as refused:
                act()
            assert refused.value.by == somchai


def test_opened_again_it_goes_back_to_who_had_it(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        somchai, malee = staff_of(db, "somchai", "malee")
        case = a_case(db)
        handling.take(db, case.id, by=somchai, now=NOON)
        handling.close(db, vault, case.id, by=somchai, tell=False, now=NOON)
        again = handling.reopen(db, case.id, by=malee, now=LATER, rules=RULES)
        assert (standing(again), again.closed_at, again.closed_by, again.waits_for) == (
            (TAKEN, somchai), None, None, STAFF,
        )  # fmt: skip
        assert again.due_at is not None
        assert handling.reopen(db, case.id, by=malee, now=LATER, rules=RULES).version == again.version


def test_a_case_with_nobody_behind_it_is_taken_noted_and_closed_but_not_answered(
    database: Database, vault: Vault
) -> None:
    with database.transaction() as db:
        (somchai,) = staff_of(db, "somchai")
        case = a_case(db, CaseKind.STORM, person_id=None)
        handling.take(db, case.id, by=somchai, now=NOON)
        handling.note(db, vault, case.id, by=somchai, text="น้ำท่วม", now=NOON)
        with pytest.raises(NobodyToTell):
            answering.answer(db, vault, case.id, by=somchai, text="ก", rules=RULES, now=NOON)
        with pytest.raises(NobodyToTell):
            handling.close(db, vault, case.id, by=somchai, tell=True, now=NOON)
        closed = handling.close(db, vault, case.id, by=somchai, tell=False, now=NOON)
        assert closed.state == CLOSED
        assert handling.reopen(db, case.id, by=somchai, now=NOON, rules=RULES).due_at is None


def test_nothing_is_done_with_a_case_that_does_not_exist(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (somchai,) = staff_of(db, "somchai")
        for act in (
            lambda: handling.take(db, 99, by=somchai, now=NOON),
            lambda: handling.note(db, vault, 99, by=somchai, text="ก", now=NOON),
            lambda: handling.reopen(db, 99, by=None, now=NOON),
        ):
            with pytest.raises(NoSuchCase):
                act()


def test_a_volunteer_does_nothing_with_a_request_about_data(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (helper,) = staff_of(db, "helper", role=Role.VOLUNTEER)
        case = a_case(db, CaseKind.PRIVACY, person_id=a_citizen(db, MALEE))

        def refused(act: object) -> Why:
            with pytest.raises(MayNotAnswer) as why:
                act()  # type: ignore[operator]
            return why.value.why

        assert {
            refused(act)
            for act in (
                lambda: handling.take(db, case.id, by=helper, now=NOON),
                lambda: handling.give_back(db, case.id, by=helper, now=NOON),
                lambda: handling.note(db, vault, case.id, by=helper, text="ก", now=NOON),
                lambda: handling.close(db, vault, case.id, by=helper, tell=False, now=NOON),
                lambda: handling.reopen(db, case.id, by=helper, now=NOON),
                lambda: answering.answer(db, vault, case.id, by=helper, text="ก", rules=RULES, now=NOON),
            )
        } == {Why.PRIVACY}
        assert (get(db, case.id).state, get(db, case.id).version) == (OPEN, 1)
