"""Which permission each page needs, decided a second time."""

from __future__ import annotations

from bot.outreach.permissions import Permission
from tests.bot.console.test_access import needs
from tests.bot.console.visiting import Site

OPEN_TO_ALL = {
    "doors.static_file", "doors.sign_in", "doors.sign_out", "doors.second_factor", "doors.join", "home.without_slash",
}  # fmt: skip
OPEN_ROOMS = {"line_login"}
"""Doors in rooms of their own."""
DECIDED = {
    "home.show": Permission.OWN_ACCOUNT,
    "try_it.show": Permission.SEE_QUESTIONS,
    "audit_log.index": Permission.SEE_AUDIT,
    "accounts.index": Permission.MANAGE_STAFF,
    "accounts.add": Permission.MANAGE_STAFF,
    "accounts.change": Permission.MANAGE_STAFF,
    "cases.act": Permission.ANSWER_CASES,
    "cases.answer": Permission.ANSWER_CASES,
    "cases.canned": Permission.ANSWER_CASES,
    "cases.contact": Permission.SEE_PEOPLE,
    "cases.delete_canned": Permission.EDIT_FAQ,
    "cases.edit_canned": Permission.EDIT_FAQ,
    "cases.index": Permission.SEE_CASES,
    "cases.lines": Permission.SEE_CASES,
    "cases.new_canned": Permission.EDIT_FAQ,
    "cases.now": Permission.SEE_CASES,
    "cases.picture": Permission.SEE_CASES,
    "cases.show": Permission.SEE_CASES,
    "cases.to_faq": Permission.EDIT_FAQ,
    "check_in.count": Permission.CHECK_IN,
    "check_in.index": Permission.CHECK_IN,
    "check_in.paper": Permission.CHECK_IN,
    "check_in.roster": Permission.CHECK_IN,
    "check_in.send": Permission.CHECK_IN,
    "check_in.shell": Permission.CHECK_IN,
    "check_in.show": Permission.CHECK_IN,
    "check_in.wall": Permission.CHECK_IN,
    "check_in.wall_now": Permission.CHECK_IN,
    "check_in.worker": Permission.CHECK_IN,
    "events.call_off": Permission.MANAGE_EVENTS,
    "safety.confirm": Permission.RUN_SYSTEM,
    "safety.index": Permission.RUN_SYSTEM,
    "events.copy": Permission.MANAGE_EVENTS,
    "events.edit": Permission.MANAGE_EVENTS,
    "events.index": Permission.SEE_EVENTS,
    "events.new": Permission.MANAGE_EVENTS,
    "events.publish": Permission.MANAGE_EVENTS,
    "events.remove": Permission.MANAGE_EVENTS,
    "events.show": Permission.SEE_EVENTS,
    "faq.check": Permission.PUBLISH_FAQ,
    "faq.delete_topic": Permission.EDIT_FAQ,
    "faq.discard": Permission.EDIT_FAQ,
    "faq.draft": Permission.EDIT_FAQ,
    "faq.draft_from": Permission.EDIT_FAQ,
    "faq.export": Permission.EDIT_FAQ,
    "faq.files": Permission.EDIT_FAQ,
    "faq.go_back": Permission.PUBLISH_FAQ,
    "faq.index": Permission.EDIT_FAQ,
    "faq.merge": Permission.EDIT_FAQ,
    "faq.messages": Permission.EDIT_FAQ,
    "faq.messages_of_kind": Permission.EDIT_FAQ,
    "faq.new_topic": Permission.EDIT_FAQ,
    "faq.override": Permission.OVERRIDE_GATE,
    "faq.preview_topic": Permission.EDIT_FAQ,
    "faq.publish": Permission.PUBLISH_FAQ,
    "faq.start": Permission.PUBLISH_FAQ,
    "faq.topic": Permission.EDIT_FAQ,
    "faq.undo": Permission.EDIT_FAQ,
    "faq.version": Permission.EDIT_FAQ,
    "faq.versions": Permission.EDIT_FAQ,
    "faq.word": Permission.EDIT_FAQ,
    "faq.words": Permission.EDIT_FAQ,
    "faq.words_of_group": Permission.EDIT_FAQ,
    "figures.download": Permission.EXPORT_FIGURES,
    "figures.index": Permission.SEE_FIGURES,
    "figures.public": Permission.SEE_FIGURES,
    "figures.public_download": Permission.EXPORT_FIGURES,
    "figures.public_index": Permission.SEE_FIGURES,
    "figures.to_print": Permission.SEE_FIGURES,
    "notices.approve": Permission.APPROVE_NOTICES,
    "notices.audience": Permission.WRITE_NOTICES,
    "notices.call_back": Permission.WRITE_NOTICES,
    "notices.counted": Permission.WRITE_NOTICES,
    "notices.edit": Permission.WRITE_NOTICES,
    "notices.export": Permission.SEND_NOTICES,
    "notices.go_on": Permission.SEND_NOTICES,
    "notices.index": Permission.WRITE_NOTICES,
    "notices.new": Permission.WRITE_NOTICES,
    "notices.pause": Permission.SEND_NOTICES,
    "notices.preview": Permission.WRITE_NOTICES,
    "notices.progress": Permission.WRITE_NOTICES,
    "notices.remove": Permission.WRITE_NOTICES,
    "notices.renew_quota": Permission.APPROVE_NOTICES,
    "notices.results": Permission.WRITE_NOTICES,
    "notices.send_back": Permission.APPROVE_NOTICES,
    "notices.show": Permission.WRITE_NOTICES,
    "notices.stop": Permission.SEND_NOTICES,
    "registrants.act": Permission.MANAGE_EVENTS,
    "registrants.add": Permission.MANAGE_EVENTS,
    "registrants.admit_several": Permission.MANAGE_EVENTS,
    "registrants.claim": Permission.MANAGE_EVENTS,
    "registrants.download": Permission.EXPORT_PEOPLE,
    "registrants.index": Permission.SEE_EVENTS,
    "registrants.reveal": Permission.SEE_EVENTS,
    "registrants.roster": Permission.SEE_PEOPLE,
    "registrants.search": Permission.SEE_EVENTS,
    "registrants.settle": Permission.MANAGE_EVENTS,
    "registrants.show": Permission.SEE_EVENTS,
    "registrants.telephone": Permission.SEE_PEOPLE,
    "registrants.told": Permission.MANAGE_EVENTS,
    "review.decide": Permission.PROPOSE_DECISION,
    "review.group": Permission.SEE_QUESTIONS,
    "review.index": Permission.SEE_QUESTIONS,
    "review.judge": Permission.DECIDE_QUESTIONS,
    "review.merge": Permission.DECIDE_QUESTIONS,
    "review.new_entry": Permission.PROPOSE_DECISION,
    "review.part": Permission.DECIDE_QUESTIONS,
    "review.reading": Permission.SEE_QUESTIONS,
    "review.retire": Permission.DECIDE_QUESTIONS,
    "review.sample": Permission.SEE_QUESTIONS,
    "review.skip": Permission.SEE_QUESTIONS,
    "review.tests": Permission.SEE_QUESTIONS,
    "review.undo": Permission.DECIDE_QUESTIONS,
    "review.word": Permission.EDIT_FAQ,
}
"""A second time, by hand: the map of addresses believes what a page says of itself."""


def test_only_the_doors_are_open_to_all(site: Site) -> None:
    found = {name for name, wanted in needs(site).items() if not isinstance(wanted, Permission)}
    assert {name for name in found if name.partition(".")[0] not in OPEN_ROOMS} == OPEN_TO_ALL


def test_pages_need_what_was_decided(site: Site) -> None:
    rooms = {"account", "doors", *OPEN_ROOMS}
    found = {name: wanted for name, wanted in needs(site).items() if name.partition(".")[0] not in rooms}
    assert {name: wanted for name, wanted in found.items() if name not in OPEN_TO_ALL} == DECIDED
    own = {wanted for name, wanted in needs(site).items() if name.startswith("account.")}
    assert own == {Permission.OWN_ACCOUNT}
