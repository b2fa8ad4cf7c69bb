"""What the staff see of a group of questions in LINE: a card with what was asked, and what a tap may make of it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.conversation.postback import read_number
from bot.conversation.turn import Turn
from bot.faq.wordings import key_of
from bot.line.cutting import shorten
from bot.messages import Card, Message, Press, Text
from bot.outreach import line_linking, permissions, review
from bot.outreach import staff as accounts
from bot.outreach.permissions import Permission
from bot.outreach.review import Decision, DecisionKind, Group
from bot.outreach.staff import Account, UnknownAccount
from handlers.desk import Desk
from knowledge.entries import SMALL_TALK

BEST, WORDINGS, LATEST = 2, 3, 20
LONGEST_WORDING = 200
A_PAGE, MOST_PAGES = 20, 5
NEVER_BEST = SMALL_TALK | {"general.crisis"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A group as its card shows it: only the wordings that were seen are decided about."""

    group: Group
    texts: tuple[str, ...]

    @property
    def id(self) -> int:
        return self.group.line.group.id

    @property
    def version(self) -> int:
        return self.group.line.group.version

    @property
    def proposal(self) -> Mapping[str, Any] | None:
        return self.group.line.group.proposal

    @property
    def seal(self) -> str:
        return hashlib.sha256("\n".join(self.texts).encode()).hexdigest()[:12]


def find_reviewer(turn: Turn) -> Account | None:
    """Asked at every step: who was disabled or unlinked a moment ago is nobody here."""
    account = line_linking.find_by_person(turn.db, turn.speaker.person_id)
    allowed = account is not None and permissions.may(account.role, Permission.PROPOSE_DECISION)
    return account if allowed else None


def may_of(account: Account) -> Callable[[str], bool]:
    return lambda permission: permissions.may(account.role, Permission(permission))


def draw_next(turn: Turn, desk: Desk, account: Account, *, after: int | None) -> tuple[Message, ...]:
    """The card of the group that comes after this one, wherever that went; or that there is no more."""
    found = _find_next(turn, account, after=after)
    if found is not None:
        return (draw(turn, desk, account, found),)
    key = "review.none" if after is None else "review.end"
    return (Text(desk.say(turn, key), desk.short_buttons(turn)),)


def _find_next(turn: Turn, account: Account, *, after: int | None) -> Shown | None:
    """Left out are groups whose words were all taken back, and those that wait for somebody else."""
    previous = review.find_group(turn.db, after, items=1, wordings=1) if after is not None else None
    cursor = previous.line.cursor if previous is not None else None
    for _ in range(MOST_PAGES):
        page = review.list_groups(turn.db, after=cursor, limit=A_PAGE)
        for line in page:
            waits_elsewhere = line.group.proposal is not None and not (
                may_of(account)(review.DECIDE) and line.group.proposal["kind"] != DecisionKind.NEW_ENTRY
            )
            shown = find_shown(turn, line.group.id) if line.label is not None and not waits_elsewhere else None
            if shown is not None:
                return shown
        if len(page) < A_PAGE:
            return None
        cursor = page[-1].cursor
    return None


def find_shown(turn: Turn, group_id: int) -> Shown | None:
    """None where nothing is left to read. A proposal is about its own wordings, as far as they are still there."""
    group = review.find_group(turn.db, group_id, items=LATEST, wordings=WORDINGS * 2)
    if group is None:
        return None
    there = [text for text, _ in group.wordings if text]
    proposed = {key_of(text) for text in (group.line.group.proposal or {}).get("texts", ())}
    texts = [text for text in there if key_of(text) in proposed] or there
    return Shown(group, tuple(texts[:WORDINGS])) if texts else None


def draw(turn: Turn, desk: Desk, account: Account, shown: Shown) -> Card:
    wordings = "\n".join(f'"{shorten(text, units=LONGEST_WORDING)}"' for text in shown.texts)
    people = shown.group.line.group.people
    lines = [wordings, desk.say(turn, "review.people", count=str(people))]
    if shown.proposal is not None:
        what = phrase(turn, desk, proposed(shown))
        name = name_of(turn, desk, shown.group.line.group.proposed_by)
        lines.append(desk.say(turn, "review.proposal", name=name, what=what))
    return Card(
        title=desk.say(turn, "review.title", count=str(review.count_waiting(turn.db))),
        text="\n\n".join(lines),
        actions=_buttons(turn, desk, account, shown),
        alt=desk.say(turn, "review.alt"),
    )


def _buttons(turn: Turn, desk: Desk, account: Account, shown: Shown) -> tuple[Press, ...]:
    about = {"r": str(shown.id), "v": str(shown.version), "w": shown.seal}
    accepts = shown.proposal is not None and may_of(account)(review.DECIDE)
    proposed = [desk.button(turn, "button.review_proposed", "review", d="proposed", **about)] if accepts else []
    best = [
        desk.press(turn, desk.title(turn, turn.catalogue.entries[entry]), "review", d="entry", e=entry, **about)
        for entry in _best(turn, shown)
    ]
    return (
        *proposed,
        *best,
        desk.button(turn, "button.review_new", "review", d="new", **about),
        desk.button(turn, "button.review_not_ours", "review", d="not_ours", **about),
        desk.button(turn, "button.review_skip", "review", d="skip", **about),
        desk.button(turn, "button.review_enough", "review", d="enough", **about),
    )


def _best(turn: Turn, shown: Shown) -> list[str]:
    """The entries that came to mind most often when these questions were asked."""
    scores: Counter[str] = Counter()
    for item in shown.group.items:
        for candidate in item.question.candidates:
            scores[candidate["entry"]] += candidate["score"]
    known = [entry for entry, _ in scores.most_common() if entry in turn.catalogue.entries and entry not in NEVER_BEST]
    return known[:BEST]


def proposed(shown: Shown) -> Decision:
    """What is taught no words needs none kept."""
    kept = shown.proposal or {}
    kind = DecisionKind(kept["kind"])
    texts = shown.texts if kind in review.TEACHES else ()
    return Decision(kind, kept["entry"], kept["scope"], kept["title"], texts)


def phrase(turn: Turn, desk: Desk, decision: Decision) -> str:
    """What becomes of the question."""
    entry = turn.catalogue.entries.get(decision.entry or "")
    match decision.kind:
        case DecisionKind.ADD_TO:
            title = desk.title(turn, entry) if entry is not None else decision.entry or ""
            return desk.say(turn, "review.as_entry", title=title)
        case DecisionKind.NEW_ENTRY:
            return desk.say(turn, "review.as_new")
        case DecisionKind.SMALL_TALK:
            return desk.say(turn, "review.as_small_talk")
        case DecisionKind.OUT_OF_SCOPE:
            return desk.say(turn, "review.as_not_ours")
        case DecisionKind.IGNORE:
            return desk.say(turn, "review.as_ignored")
        case DecisionKind.NEEDS_PERSON:
            return desk.say(turn, "review.as_person")


def name_of(turn: Turn, desk: Desk, by: str | None) -> str:
    """Decisions name people by their account's number."""
    try:
        return accounts.get_account(turn.db, read_number(by) or 0).name
    except UnknownAccount:
        return desk.say(turn, "review.somebody")
