"""What people agree to when they send a proposal or a story: the very words, with version and hash."""

from __future__ import annotations

import hashlib

from bot.conversation.turn import Scene, Turn
from bot.storage import consents
from handlers import wording

PROPOSAL, STORY, PUBLISHING = "proposal", "story", consents.PUBLISHING
VERSIONS = {PROPOSAL: 1, STORY: 1, PUBLISHING: 1}
"""Raise one when what people agree to changes in substance, not only in words."""
BUTTON, TEXT = "button", "text"


def words(turn: Scene, purpose: str) -> str:
    """Shown before the yes, in the turn's language."""
    return _words(turn, purpose, turn.language)


def hash_of(turn: Scene, purpose: str) -> str:
    """SHA-256 of the words, the answers to choose from included."""
    return _hash(turn, purpose, turn.language)


def is_of_today(turn: Scene, purpose: str, shown: str) -> bool:
    """False where nothing was shown, or the words are others by now."""
    return shown in {_hash(turn, purpose, language) for language in wording.LANGUAGES}


def give(turn: Turn, purpose: str, *, shown: str, way: str) -> None:
    consents.add(
        turn.db, person_id=turn.speaker.person_id, registration_id=None, purpose=purpose, version=VERSIONS[purpose],
        wording_hash=shown, way=way, now=turn.now,
    )  # fmt: skip


def may_be_published(turn: Turn) -> bool:
    return consents.find_in_force(turn.db, person_id=turn.speaker.person_id, purpose=PUBLISHING) is not None


def withdraw_publishing(turn: Turn) -> bool:
    """Of every story of theirs. False: nothing was to be published."""
    return consents.withdraw(turn.db, person_id=turn.speaker.person_id, purpose=PUBLISHING, now=turn.now) > 0


def _words(turn: Scene, purpose: str, language: str) -> str:
    said = wording.load(language)
    match purpose:
        case "proposal":
            key = "intake.consent_proposal"
        case "story":
            key = "intake.consent_story"
        case _:
            key = "intake.publish"
    names = turn.catalogue.pack.centre
    return said.say(key, centre=names.get(language) or names["th"])


def _hash(turn: Scene, purpose: str, language: str) -> str:
    said = wording.load(language)
    answers = (
        ("button.intake_named", "button.intake_unnamed", "button.intake_not_published")
        if purpose == PUBLISHING
        else ("button.intake_send", "button.intake_fix", "button.cancel")
    )
    shown = (_words(turn, purpose, language), *(said.say(key) for key in answers))
    return hashlib.sha256("\n".join(shown).encode()).hexdigest()
