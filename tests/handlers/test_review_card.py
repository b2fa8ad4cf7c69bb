"""Review inside LINE: the card, the taps, and that nobody else ever learns of either."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.faq import drafts
from bot.outreach import audience, line_linking, review_intake, staff
from bot.outreach.permissions import Role
from bot.outreach.sign_in import hash_password
from bot.outreach.staff import Account
from bot.privacy import erasing
from bot.storage import audit as audit_lines
from bot.storage import faq_versions
from bot.storage.faq_tests import FaqTestRow
from bot.storage.reviews import ReviewGroupRow
from handlers import review_taps, wording
from knowledge.decision import Candidate, Decision
from tests.bot.privacy.making import where
from tests.bot.storage.hear_back_table import migrated_postgres, sqlite_database
from tests.builders import MALEE, NOON, SOMCHAI, a_press, a_text, an_event
from tests.office import Office, data_of, labels, shipped, words_of

__all__ = ["migrated_postgres", "sqlite_database"]
PASSWORD = hash_password("ต้นสัก ต้นยาง ต้นไผ่", login="nobody", name="nobody")
NEW, NOT_OURS, SKIP, ENOUGH, ACCEPT = "ใหม่", "ไม่ใช่เรื่องของเรา", "ข้าม", "พอแล้ว", "ทำตามที่เสนอ"
ALONE = "สิบเอ็ดสิบสองปั๊มลมจักรยานตรงไหน"
FIRST, SECOND = "หกเจ็ดแปดรถรับส่งถึงบ้าน", "ขอกุญแจห้องประชุมชั้นสอง"
NEAREST = Decision("fallback", None, (Candidate("center.hours", 0.3), Candidate("center.contact", 0.2)))


def said(key: str, **facts: str) -> str:
    return wording.load("th").say(key, centre=shipped().pack.centre["th"], **facts)


def title(entry: str) -> str:
    return shipped().entries[entry].title["th"]


def everybody(number: int) -> str:
    return "U" + f"{number:032x}"


@pytest.fixture
def desk(office: Office) -> Office:
    """The shipped FAQ is in force; two people asked one thing that it does not know, one another."""
    with office.database.transaction() as db:
        faq_versions.add(db, version=shipped().version, content=shipped().to_json(), source="shipped files", now=NOON)
        faq_versions.publish(db, version=shipped().version, now=NOON)
    office.matcher.told = {FIRST: NEAREST, SECOND: NEAREST}
    office.say(FIRST, user_id=everybody(1))
    office.say(FIRST, user_id=everybody(2))
    office.say(SECOND, user_id=everybody(3))
    office.wait(minutes=5)
    with office.database.transaction() as db:
        review_intake.gather(db, now=office.now, limit=9, words_of=office.matcher.words)
    return office


def link(office: Office, role: Role = Role.STAFF, user_id: str = SOMCHAI, *, name: str = "สมชาย") -> Account:
    office.say("เมนู", user_id=user_id)
    with office.database.transaction() as db:
        invited = staff.add_account(db, name=name, login=f"login{user_id[-3:]}", role=role, by=None, now=office.now)
        account = staff.accept_invitation(db, token=invited.token, password_hash=PASSWORD, now=office.now)
        code = line_linking.make_code(db, office.vault, staff_id=account.id, now=office.now)
        person = audience.find(db, line_user_id=user_id)
        assert person is not None
        line_linking.redeem(db, office.vault, code=code, person_id=person.id, now=office.now)
    return account


def groups(office: Office) -> list[ReviewGroupRow]:
    with office.database.reading() as db:
        return list(db.scalars(select(ReviewGroupRow).order_by(ReviewGroupRow.id)))


def draft_places(office: Office, text: str) -> list[str]:
    """Where the draft has this wording."""
    with office.database.reading() as db:
        draft = drafts.find_draft(db)
    if draft is None:
        return []
    found = [entry.id for entry in draft.catalogue.entries.values() if text in entry.variants]
    return found + [kind for kind, texts in draft.catalogue.out_of_scope.items() if text in texts]


def permanent_tests(office: Office) -> list[tuple[str, str | None]]:
    with office.database.reading() as db:
        return [(row.text, row.expect) for row in db.scalars(select(FaqTestRow).order_by(FaqTestRow.id))]


def audited(office: Office) -> list[tuple[str, str, str]]:
    with office.database.reading() as db:
        found = audit_lines.list_entries(db, action_prefix="review.", before_id=None, limit=9)
    return [(line.action, line.actor, line.subject_id) for line in found]


def test_the_card_shows_what_most_people_asked(desk: Office) -> None:
    link(desk)
    heard = desk.say("ทบทวน")
    assert f'"{FIRST}"' in words_of(heard)
    assert said("review.title", count="2") in words_of(heard)
    assert said("review.people", count="2") in words_of(heard)
    best = [title("center.hours"), title("center.contact")]
    assert labels(heard) == [*best, NEW, NOT_OURS, SKIP, ENOUGH]


@pytest.mark.parametrize("word", ["ทบทวน", "ทบทวนคำถาม", "review", "Review!"])
def test_the_words_that_begin(desk: Office, word: str) -> None:
    link(desk)
    before = len(desk.questions())
    assert f'"{FIRST}"' in words_of(desk.say(word))
    assert len(desk.questions()) == before


def test_to_everybody_else_the_word_is_a_question_like_any_other(desk: Office) -> None:
    desk.say("เมนู")
    heard = desk.say("ทบทวน")
    assert (desk.questions()[-1].text, desk.questions()[-1].decision) == ("ทบทวน", "fallback")
    assert words_of(heard) == words_of(_fresh(desk, "คำอื่นใด"))


def _fresh(office: Office, text: str) -> list[dict[str, Any]]:
    office.say("เมนู", user_id=MALEE)
    return office.say(text, user_id=MALEE)


def test_a_tap_decides_in_group_draft_and_tests_at_once(desk: Office) -> None:
    account = link(desk)
    heard = desk.press(desk.say("ทบทวน"), title("center.hours"))

    assert words_of(heard).startswith(said("review.decided", what=said("review.as_entry", title=title("center.hours"))))
    assert f'"{SECOND}"' in words_of(heard), "and the next one follows"
    first = groups(desk)[0]
    assert (first.state, first.decided_by) == ("decided", str(account.id))
    assert draft_places(desk, FIRST) == ["center.hours"]
    assert permanent_tests(desk) == [(FIRST, "center.hours")]
    assert audited(desk) == [("review.decided", "สมชาย", str(first.id))]


def test_not_ours_goes_to_what_is_out_of_scope(desk: Office) -> None:
    link(desk)
    desk.press(desk.say("ทบทวน"), NOT_OURS)
    assert (draft_places(desk, FIRST), permanent_tests(desk)) == (["near"], [(FIRST, None)])


def test_a_wording_leaves_the_place_where_it_stood(desk: Office) -> None:
    link(desk)
    desk.press(desk.say("ทบทวน"), NOT_OURS)
    with desk.database.transaction() as db:
        row = db.get_one(ReviewGroupRow, groups(desk)[0].id)
        row.state, row.version = "open", 1
    desk.press(desk.say("ทบทวน"), title("center.hours"))
    assert draft_places(desk, FIRST) == ["center.hours"]


def test_volunteers_propose_and_staff_take_it_up_with_one_tap(desk: Office) -> None:
    malee = link(desk, Role.VOLUNTEER, MALEE, name="มาลี")
    link(desk)
    heard = desk.press(desk.say("ทบทวน", user_id=MALEE), title("center.contact"), user_id=MALEE)
    what = said("review.as_entry", title=title("center.contact"))
    assert words_of(heard).startswith(said("review.proposed", what=what))
    assert f'"{SECOND}"' in words_of(heard)
    assert f'"{FIRST}"' not in words_of(desk.say("ทบทวน", user_id=MALEE)), "that one waits for staff"
    assert (groups(desk)[0].proposed_by, draft_places(desk, FIRST)) == (str(malee.id), [])

    card = desk.say("ทบทวน")
    assert said("review.proposal", name="มาลี", what=what) in words_of(card)
    desk.press(card, ACCEPT)
    assert (groups(desk)[0].state, draft_places(desk, FIRST)) == ("decided", ["center.contact"])
    assert [action for action, _, _ in audited(desk)] == ["review.decided", "review.proposed"]


def test_a_new_entry_is_noted_for_the_page_where_its_answer_is_written(desk: Office) -> None:
    link(desk)
    heard = desk.press(desk.say("ทบทวน"), NEW)
    assert words_of(heard).startswith(said("review.new_kept"))
    first = groups(desk)[0]
    assert first.proposal is not None
    assert (first.state, first.proposal["kind"], first.proposal["texts"]) == ("open", "new_entry", [FIRST])
    assert f'"{SECOND}"' in words_of(desk.say("ทบทวน")), "in LINE it is out of the way"


def test_no_words_of_a_question_outlive_it_in_what_a_tap_leaves_behind(desk: Office) -> None:
    """Neither in the proposal nor in the audit log; only one person asked this."""
    link(desk)
    desk.press(desk.press(desk.say("ทบทวน"), SKIP), NEW)
    assert where(desk.database, desk.vault, {"second": SECOND}) == {
        "second": {"questions.text", "review_groups.proposal", "dialogues.memory"}
    }
    assert (groups(desk)[1].proposal or {})["title"] is None, "whoever writes the answer writes the title"
    with desk.database.transaction() as db:
        person = audience.find(db, line_user_id=everybody(3))
        assert person is not None
        erasing.erase(db, desk.vault, person_id=person.id, way=erasing.LINE, now=desk.now)
    assert where(desk.database, desk.vault, {"second": SECOND, "its beginning": SECOND[:12]}) == {}


def test_what_is_unsent_is_taken_out_of_what_a_tap_proposed(desk: Office) -> None:
    """That others have just said the same to the bot is theirs, and forgotten with their conversation."""
    link(desk)
    desk.hear(a_text(ALONE, user_id=everybody(4), message_id="a1"))
    desk.wait(minutes=5)
    with desk.database.transaction() as db:
        review_intake.gather(db, now=desk.now, limit=9, words_of=desk.matcher.words)
    card = desk.say("ทบทวน")
    while ALONE not in words_of(card):
        card = desk.press(card, SKIP)
    desk.press(card, NEW)
    desk.hear(an_event("unsend", unsend={"messageId": "a1"}, user_id=everybody(4)))
    assert where(desk.database, desk.vault, {"alone": ALONE, "its beginning": ALONE[:12]}) == {}


def test_skipping_leads_on_and_changes_nothing(desk: Office) -> None:
    link(desk)
    second = desk.press(desk.say("ทบทวน"), SKIP)
    assert f'"{SECOND}"' in words_of(second)
    assert words_of(desk.press(second, SKIP)) == said("review.end")
    assert [(group.state, group.version) for group in groups(desk)] == [("open", 1), ("open", 1)]


def test_enough_ends_it_kindly(desk: Office) -> None:
    link(desk)
    assert words_of(desk.press(desk.say("ทบทวน"), ENOUGH)) == said("review.thanks")
    link(desk, Role.VOLUNTEER, MALEE, name="มาลี")
    heard = desk.press(desk.say("ทบทวน", user_id=MALEE), ENOUGH, user_id=MALEE)
    assert words_of(heard) == said("review.thanks_proposed")


def test_who_comes_second_is_told_who_decided_and_goes_on(desk: Office) -> None:
    link(desk)
    link(desk, Role.STAFF, MALEE, name="มาลี")
    mine, hers = desk.say("ทบทวน"), desk.say("ทบทวน", user_id=MALEE)
    desk.press(hers, title("center.contact"), user_id=MALEE)

    heard = desk.press(mine, title("center.hours"))

    assert words_of(heard).startswith(said("review.decided_before", name="มาลี"))
    assert f'"{SECOND}"' in words_of(heard)
    assert draft_places(desk, FIRST) == ["center.contact"]
    assert len(audited(desk)) == 1


def test_a_second_tap_on_the_same_card_changes_nothing(desk: Office) -> None:
    link(desk)
    card = desk.say("ทบทวน")
    desk.press(card, NOT_OURS)
    desk.press(card, title("center.hours"))
    assert (draft_places(desk, FIRST), len(audited(desk))) == (["near"], 1)


@pytest.mark.parametrize("way", ["unlinked", "disabled", "volunteer no more linked"])
def test_whoever_lost_the_right_has_a_button_that_means_nothing(desk: Office, way: str) -> None:
    account = link(desk)
    card = desk.say("ทบทวน")
    with desk.database.transaction() as db:
        if way == "disabled":
            db.connection().exec_driver_sql(f"UPDATE staff SET disabled_at = created_at WHERE id = {account.id}")
        else:
            line_linking.unlink(db, staff_id=account.id)
    assert words_of(desk.press(card, NOT_OURS)) == said("stale.button")
    assert [group.state for group in groups(desk)] == ["open", "open"]
    desk.say("ทบทวน")
    assert desk.questions()[-1].text == "ทบทวน"


def test_somebody_else_s_press_means_nothing(desk: Office) -> None:
    link(desk)
    data = data_of(desk.say("ทบทวน"), NOT_OURS)
    desk.say("เมนู", user_id=MALEE)
    assert words_of(desk.hear(a_press(data, user_id=MALEE))) == said("stale.button")
    assert draft_places(desk, FIRST) == []


def test_a_volunteer_with_a_staff_card_only_proposes(desk: Office) -> None:
    link(desk)
    link(desk, Role.VOLUNTEER, MALEE, name="มาลี")
    desk.hear(a_press(data_of(desk.say("ทบทวน"), NOT_OURS), user_id=MALEE))
    assert (groups(desk)[0].state, groups(desk)[0].proposed_by is not None) == ("open", True)
    assert draft_places(desk, FIRST) == []


def test_buttons_grow_old(desk: Office) -> None:
    link(desk)
    card = desk.say("ทบทวน")
    desk.wait(days=8)
    assert words_of(desk.press(card, NOT_OURS)) == said("stale.button")


def test_nothing_is_decided_about_wordings_that_were_not_on_the_card(desk: Office) -> None:
    link(desk)
    card = desk.say("ทบทวน")
    desk.matcher.told[f"{FIRST}ครับ"] = NEAREST
    desk.say(f"{FIRST}ครับ", user_id=everybody(4))
    desk.wait(minutes=5)
    with desk.database.transaction() as db:
        review_intake.gather(db, now=desk.now, limit=9, words_of=desk.matcher.words)
    assert len(groups(desk)) == 2, "the wording joined the group"
    heard = desk.press(card, title("center.hours"))
    assert words_of(heard).startswith(said("review.changed"))
    assert draft_places(desk, FIRST) == []
    desk.press(heard, title("center.hours"))
    assert [draft_places(desk, text) for text in (FIRST, f"{FIRST}ครับ")] == [["center.hours"]] * 2


def test_what_the_draft_does_not_take_leaves_the_group_as_it_was(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Decision and edit stand or fall together: without that the group would be decided and the FAQ not taught."""
    link(desk)
    card = desk.say("ทบทวน")
    monkeypatch.setattr(review_taps, "NOT_OURS", "no such kind")
    heard = desk.press(card, NOT_OURS)
    assert words_of(heard).startswith(said("review.failed"))
    assert (groups(desk)[0].state, permanent_tests(desk), audited(desk)) == ("open", [], [])
    with desk.database.reading() as db:
        assert drafts.find_draft(db) is None
    assert desk.deliveries().keys() == {"sent"}


def test_words_that_were_taken_back_are_on_no_card(desk: Office) -> None:
    link(desk)
    with desk.database.transaction() as db:
        db.connection().exec_driver_sql(f"UPDATE questions SET text = NULL WHERE text = '{FIRST}'")
    assert f'"{SECOND}"' in words_of(desk.say("ทบทวน"))


def test_masked_words_stay_masked_on_the_card(desk: Office) -> None:
    link(desk)
    text = "โทรหาผมที่ 081 234 5678 เรื่องรถรับส่ง"
    for number in (5, 6, 7):
        desk.say(text, user_id=everybody(number))
    desk.wait(minutes=5)
    with desk.database.transaction() as db:
        review_intake.gather(db, now=desk.now, limit=9, words_of=desk.matcher.words)
    heard = words_of(desk.say("ทบทวน"))
    assert "5678" not in heard
    assert "เรื่องรถรับส่ง" in heard


def test_with_nothing_to_review_that_is_said(office: Office) -> None:
    link(office)
    assert words_of(office.say("ทบทวน")) == said("review.none")


def test_in_english_too(desk: Office) -> None:
    link(desk)
    assert labels(desk.say("review"))[2:] == [NEW, NOT_OURS, SKIP, ENOUGH]
    assert wording.load("en").say("review.end").startswith("That was all")
