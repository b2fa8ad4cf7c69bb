"""What the data is for, before anything is asked; and the yes to it, with the hash of the very words."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from bot.conversation.turn import Reply, Turn
from bot.events.asking import CLASS, NEIGHBOUR
from bot.events.registration import Consent
from bot.messages import Card
from bot.storage.events import EventRow
from handlers import wording
from handlers.desk import Desk
from handlers.sign_up_form import Filling, Sheet, begin

CONSENT_STEP = "sign_up:consent"
WORDING_VERSION = 1
"""Raise it when the notice changes in substance."""
BUTTON, TEXT = "button", "text"
FOR_OTHERS = {NEIGHBOUR: "signup.notice_neighbour", CLASS: "signup.notice_class"}


def ask(turn: Turn, desk: Desk, sheet: Sheet, *, opening: str = "") -> Reply:
    filling = replace(sheet.filling, shown=hash_of(turn, sheet.event, sheet.filling.kind, turn.language))
    sheet = replace(sheet, filling=filling)
    return Reply((draw(turn, desk, sheet, opening=opening),), begin(turn, CONSENT_STEP, filling))


def draw(turn: Turn, desk: Desk, sheet: Sheet, *, opening: str = "") -> Card:
    event, kind = sheet.event, sheet.filling.kind
    text = notice(turn, event, kind, turn.language)
    about = {"i": str(event.id), "k": kind, "w": hash_of(turn, event, kind, turn.language)}
    return Card(
        title=desk.say(turn, "signup.notice_title"),
        text="\n\n".join(filter(None, (opening, text))),
        actions=(
            desk.button(turn, "button.signup_agree", "sign_up_ok", **about),
            desk.button(turn, "button.signup_disagree", "sign_up_no", i=str(event.id)),
        ),
        alt=desk.say(turn, "signup.notice_alt", title=event.title),
    )


def notice(turn: Turn, event: EventRow, kind: str, language: str) -> str:
    """What for, how long, who sees it, how to take it back."""
    centre = turn.catalogue.pack.centre
    words = wording.load(language)
    facts = {
        "centre": centre.get(language) or centre["th"],
        "title": event.title,
        "purpose": event.purpose or words.say("signup.purpose"),
        "days": str(event.retention_days),
    }
    keys = ("signup.notice_what", "signup.notice_kept", "signup.notice_seen", "signup.notice_back")
    lines = [words.say(key, **facts) for key in keys]
    if kind in FOR_OTHERS:
        lines.append(words.say(FOR_OTHERS[kind], **facts))
    return "\n\n".join(lines)


def hash_of(turn: Turn, event: EventRow, kind: str, language: str) -> str:
    """SHA-256 of all that is read before the yes, the two buttons included."""
    words = wording.load(language)
    buttons = (words.say("button.signup_agree"), words.say("button.signup_disagree"))
    return hashlib.sha256("\n".join((notice(turn, event, kind, language), *buttons)).encode()).hexdigest()


def is_of_today(turn: Turn, event: EventRow, kind: str, wording_hash: str) -> bool:
    """False where nothing was agreed to, or the notice says something else by now."""
    return wording_hash in {hash_of(turn, event, kind, language) for language in wording.LANGUAGES}


def of(filling: Filling) -> Consent:
    return Consent(WORDING_VERSION, filling.consent, filling.way)
