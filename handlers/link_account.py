"""The code that somebody of the staff types in the chat: from then on LINE knows them as who they are here."""

from __future__ import annotations

import re
from dataclasses import replace

from bot import masking, thai_dates
from bot.conversation.turn import GroupTurn, Reply, Turn
from bot.messages import Message, Text
from bot.outreach import audit, line_linking
from bot.outreach.audit import Actor
from bot.outreach.line_linking import LinkedToAnother
from bot.outreach.permissions import Role
from bot.outreach.sign_in import TooManyTries
from handlers import group
from handlers.desk import Desk

SUBJECT = "staff"
ROLES = {
    Role.VOLUNTEER: "linking.volunteer",
    Role.STAFF: "linking.staff",
    Role.ADMINISTRATOR: "linking.administrator",
}
# One digit too few or too many is still meant as a code: it is answered as a wrong one, and never taken for a question.
_CODE = re.compile(
    r"(?:เชื่อม(?:ต่อ)?|\blink)(?:\s?บัญชี)?(?:\s?กับ)?(?:\s?(?:line|ไลน์|ไลน))?(?:\s?(?:รหัส|code))?"
    r"[\s:=\"'“”‘’-]{0,5}(?P<code>[0-9](?:[\s-]{0,2}[0-9]){6,8})(?![0-9])",
    re.IGNORECASE,
)


def find_code(text: str) -> str | None:
    """The code in `เชื่อม 1234 5678`, in any digits. Digits without the word are none."""
    found = _CODE.search(masking.plain(text))
    return found["code"] if found else None


def has_code(turn: Turn) -> bool:
    return turn.incoming.kind == "text" and find_code(turn.incoming.text) is not None


def code_given(turn: Turn, desk: Desk) -> Reply:
    """Whose it is, this person now is. The message is no question, and is not kept as one."""
    code, person_id = find_code(turn.incoming.text) or "", turn.speaker.person_id
    try:
        account = line_linking.redeem(turn.db, desk.vault, code=code, person_id=person_id, now=turn.now)
    except TooManyTries as refused:
        until = thai_dates.time_of_day(refused.until, english=turn.language == "en")
        return _say(turn, desk, desk.say(turn, "linking.too_many", until=until))
    except LinkedToAnother:
        return _say(turn, desk, desk.say(turn, "linking.taken"))
    if account is None:
        key = desk.vary(turn, "linking.wrong")
        return _say(turn, desk, desk.say(turn, key), said=key)
    audit.record(
        turn.db, desk.vault, actor=Actor(account.id, account.name), action=f"{SUBJECT}.line_linked",
        subject=(SUBJECT, account.id), after={"linked": True, "person_id": account.person_id}, now=turn.now,
    )  # fmt: skip
    return _say(turn, desk, desk.say(turn, "linking.linked", role=desk.say(turn, ROLES[account.role])))


def refuse_in_group(desk: Desk, turn: GroupTurn) -> tuple[Message, ...]:
    return group.refuse_code(desk, turn, find_code=find_code, key="linking.in_group")


def _say(turn: Turn, desk: Desk, sentence: str, *, said: str | None = None) -> Reply:
    choices = (desk.button(turn, "button.menu", "menu"),)
    return Reply((Text(sentence, choices),), replace(turn.memory, said=said))
