"""Review inside LINE, for those of the staff whose LINE account is linked: `ทบทวน` shows what many asked, and one tap
decides it, or proposes. To everybody else these words and buttons mean nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.conversation.postback import read_number
from bot.conversation.turn import Reply, Turn
from bot.faq import drafts, editing
from bot.faq.refusals import FaqRefusal
from bot.faq.wordings import key_of, owners
from bot.messages import Message, Text
from bot.outreach import audit, review
from bot.outreach.audit import Actor
from bot.outreach.review import (
    OUT_OF_SCOPE,
    AlreadyDecided,
    Changed,
    Decided,
    Decision,
    DecisionKind,
    Edit,
    GroupChanged,
    NoWording,
)
from bot.outreach.staff import Account
from handlers import fallback
from handlers.desk import Desk
from handlers.review_card import (
    Shown,
    draw,
    draw_next,
    find_reviewer,
    find_shown,
    may_of,
    name_of,
    phrase,
    proposed,
)
from knowledge.catalogue import Catalogue

WORDS = frozenset({"ทบทวน", "ทบทวนคำถาม", "review"})
REVIEW = "review"
NOT_OURS = "near"
"""The kind of out-of-scope messages that is taken for those of no other kind."""

Outcome = Decided | Changed | review.Refusal | NoWording | None


class _Refused(Exception):
    def __init__(self, outcome: Outcome) -> None:
        super().__init__(type(outcome).__name__)
        self.outcome = outcome


def begin(turn: Turn, desk: Desk) -> Reply:
    """`ทบทวน`, typed by somebody who may."""
    account = find_reviewer(turn)
    if account is None:
        return fallback.stale_button(turn, desk)
    return Reply(draw_next(turn, desk, account, after=None), turn.memory.without_step())


def tapped(turn: Turn, desk: Desk) -> Reply:
    """A button of a card, and then the next card."""
    account = find_reviewer(turn)
    arguments = turn.pressed.arguments if turn.pressed else {}
    group_id = read_number(arguments.get("r"))
    if account is None or group_id is None:
        return fallback.stale_button(turn, desk)
    match arguments.get("d", ""):
        case "enough":
            messages = _thank(turn, desk, account)
        case "skip":
            messages = draw_next(turn, desk, account, after=group_id)
        case what:
            messages = _tap(turn, desk, account, group_id, what=what)
    return Reply(messages, turn.memory.without_step()) if messages else fallback.stale_button(turn, desk)


def _thank(turn: Turn, desk: Desk, account: Account) -> tuple[Message, ...]:
    key = "review.thanks" if may_of(account)(review.DECIDE) else "review.thanks_proposed"
    return (Text(desk.say(turn, key), desk.short_buttons(turn)),)


def _tap(turn: Turn, desk: Desk, account: Account, group_id: int, *, what: str) -> tuple[Message, ...]:
    """Nothing is decided about wordings that were not on the card. No messages: the button stands for nothing."""
    arguments = turn.pressed.arguments if turn.pressed else {}
    shown = find_shown(turn, group_id)
    if shown is None:
        return _told_and_next(turn, desk, account, desk.say(turn, "review.gone"), after=group_id)
    if shown.group.line.group.state == "open" and arguments.get("w") != shown.seal:
        return (Text(desk.say(turn, "review.changed")), draw(turn, desk, account, shown))
    decision = _decision(shown, what, arguments.get("e"))
    if decision is None:
        return ()
    return _decide(turn, desk, account, shown, decision, seen=read_number(arguments.get("v")) or 0)


def _decide(
    turn: Turn, desk: Desk, account: Account, shown: Shown, decision: Decision, *, seen: int
) -> tuple[Message, ...]:
    """What staff tap is done, in the FAQ's draft too; what volunteers tap is put down for staff, and so is a new entry
    for whoever sits at a screen: an answer cannot be tapped."""
    decides = may_of(account)(review.DECIDE) and decision.kind is not DecisionKind.NEW_ENTRY
    outcome = _outcome(turn, account, shown.id, decision, seen=seen, decides=decides)
    told = _told(turn, desk, account, decision, outcome)
    if not isinstance(outcome, Decided | Changed | AlreadyDecided):
        again = find_shown(turn, shown.id)
        if again is not None:
            return (Text(told), draw(turn, desk, account, again))
    messages = _told_and_next(turn, desk, account, told, after=shown.id)
    if isinstance(outcome, Decided | Changed):
        taken_from = {placed.place for placed in outcome.conflicts} if isinstance(outcome, Decided) else set()
        audit.record(
            turn.db, desk.vault, actor=Actor(account.id, account.name),
            action=f"{REVIEW}.{'decided' if decides else 'proposed'}", subject=("review_group", shown.id),
            after=_kept(decision) | {"taken_from": sorted(taken_from)}, now=turn.now,
        )  # fmt: skip
    return messages


def _outcome(turn: Turn, account: Account, group_id: int, decision: Decision, *, seen: int, decides: bool) -> Outcome:
    """Whatever is not done is not half done: the group and the draft change together, or neither. None: the draft did
    not take it."""
    try:
        with turn.db.begin_nested():
            outcome = (_settle if decides else _propose)(turn, account, group_id, decision, seen=seen)
            if not isinstance(outcome, Decided | Changed):
                raise _Refused(outcome)
            return outcome
    except _Refused as refused:
        return refused.outcome
    except FaqRefusal:
        return None


def _settle(turn: Turn, account: Account, group_id: int, decision: Decision, *, seen: int) -> Outcome:
    """The draft is held before the group, as everywhere. Raises FaqRefusal."""
    places = {}
    if decision.kind in review.TEACHES:
        draft = drafts.open_draft(turn.db, by=account.id, now=turn.now)
        places = _owners_of(draft.catalogue, decision.texts)
    outcome = review.decide(
        turn.db, group_id=group_id, seen_version=seen, decision=decision, by=str(account.id), may=may_of(account),
        now=turn.now, owners_of=places,
    )  # fmt: skip
    if isinstance(outcome, Decided):
        _apply(turn, outcome.edit, by=account.id)
    return outcome


def _propose(turn: Turn, account: Account, group_id: int, decision: Decision, *, seen: int) -> Outcome:
    return review.propose(
        turn.db, group_id=group_id, seen_version=seen, decision=decision, by=str(account.id), may=may_of(account),
        now=turn.now,
    )  # fmt: skip


def _apply(turn: Turn, edit: Edit, *, by: int) -> None:
    """Adding a wording takes it away wherever else it stood."""
    for place in dict.fromkeys(placed.place for placed in edit.add):
        texts = [placed.text for placed in edit.add if placed.place == place]
        if place.startswith(OUT_OF_SCOPE):
            kind = place.removeprefix(OUT_OF_SCOPE)
            editing.add_out_of_scope(turn.db, kind=kind, texts=texts, by=by, now=turn.now)
        else:
            editing.add_variants(turn.db, entry_id=place, texts=texts, by=by, now=turn.now)


def _owners_of(catalogue: Catalogue, texts: Sequence[str]) -> dict[str, str]:
    wanted = {key_of(text) for text in texts}
    return {
        key: owner if owner in catalogue.entries else f"{OUT_OF_SCOPE}{owner}"
        for owner, each in owners(catalogue)
        for key in wanted.intersection(map(key_of, each))
    }


def _decision(shown: Shown, what: str, entry: str | None) -> Decision | None:
    """What the button stands for. None: for nothing, or no longer."""
    match what:
        case "entry" if entry:
            return Decision(DecisionKind.ADD_TO, entry=entry, texts=shown.texts)
        case "new":
            return Decision(DecisionKind.NEW_ENTRY, entry=f"new.question{shown.id}", texts=shown.texts)
        case "not_ours":
            return Decision(DecisionKind.OUT_OF_SCOPE, scope=NOT_OURS, texts=shown.texts)
        case "proposed" if shown.proposal is not None:
            return proposed(shown)
    return None


def _told(turn: Turn, desk: Desk, account: Account, decision: Decision, outcome: Outcome) -> str:
    match outcome:
        case Decided():
            return desk.say(turn, "review.decided", what=phrase(turn, desk, decision))
        case Changed() if may_of(account)(review.DECIDE):
            return desk.say(turn, "review.new_kept")
        case Changed():
            return desk.say(turn, "review.proposed", what=phrase(turn, desk, decision))
        case AlreadyDecided():
            return desk.say(turn, "review.decided_before", name=name_of(turn, desk, outcome.by))
        case GroupChanged():
            return desk.say(turn, "review.changed")
    return desk.say(turn, "review.failed")


def _told_and_next(turn: Turn, desk: Desk, account: Account, told: str, *, after: int) -> tuple[Message, ...]:
    return (Text(told), *draw_next(turn, desk, account, after=after))


def _kept(decision: Decision) -> dict[str, Any]:
    """What the audit log keeps: no words that may be a citizen's."""
    kept = {"kind": decision.kind.value, "entry": decision.entry, "scope": decision.scope}
    return {**kept, "wordings": len(decision.texts), "way": "line"}
