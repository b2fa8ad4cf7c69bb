"""How far a case has got, asked with its number; and all of one's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot import clock, thai_dates
from bot.cases import inbox, opening
from bot.cases.kinds import CaseKind
from bot.conversation.postback import read_number
from bot.conversation.turn import Reply, Turn
from bot.messages import Action, Text
from bot.storage import cases
from bot.storage.cases import CaseRow
from handlers import ask_staff, case_promise, case_thread, contact, fallback, intake_consent
from handlers.desk import Desk
from handlers.typed import plain_words

MINE_WORDS = frozenset(
    {
        *("เรื่องของฉัน", "เรื่องของผม", "เรื่องของหนู", "เรื่องที่ฝากไว้", "เรื่องที่ฉันฝากไว้", "ดูเรื่องของฉัน", "เรื่องของฉันถึงไหนแล้ว"),
        *("เรื่องที่ฝากไว้ถึงไหนแล้ว", "my cases", "my case"),
    }
)
KINDS: Mapping[str, str] = {
    CaseKind.WANTS_PERSON: "case.kind_person",
    CaseKind.COMPLAINT: "case.kind_complaint",
    CaseKind.PROPOSAL: "case.kind_proposal",
    CaseKind.STORY: "case.kind_story",
    CaseKind.PRIVACY: "case.kind_privacy",
    CaseKind.MISSED: "case.kind_missed",
    CaseKind.URGENT: "case.kind_urgent",
}
MOST_SHOWN = 5
LONGEST_NUMBER = 12
_AHEAD = "(?:ขอ|อยาก)?(?:ถาม|สอบถาม|ถามถึง|ตาม|ติดตาม|ทราบ|รู้|ดู)?"
_AFTER = (
    "(?:(?:ตอนนี้)?(?:ไป)?(?:ถึงไหน|เป็นยังไง|เป็นไง|เป็นอย่างไร|ยังไง|คืบหน้า|เสร็จ|ได้เรื่อง|เรียบร้อย|ถึงตี้ไหน|เป็นจะใด)"
    "(?:แล้ว|บ้าง|ไหม|หรือยัง|รึยัง|ยัง|พ่อง)*)?"
)
_ASKED = re.compile(
    rf"{_AHEAD}(?:(?:เลข)?(?:ของ)?เรื่อง|เคส)(?:ที่|เลขที่|หมายเลข|เลข|เบอร์)*#?(?P<thai>\d{{1,{LONGEST_NUMBER}}}){_AFTER}"
    rf"|#(?P<short>\d{{1,{LONGEST_NUMBER}}}){_AFTER}"
    rf"|(?:whatabout|howis|status(?:of)?)?(?:my)?case(?:number|no\.?)?#?(?P<english>\d{{1,{LONGEST_NUMBER}}})(?:please)?"
)


def find_number(text: str) -> int | None:
    """The number of the case that this text asks about, and nothing else: `เรื่องที่ 12`, `#12`, `เรื่อง ๑๒ ถึงไหนแล้ว`."""
    bare = re.sub(r"\s+", "", plain_words(text)).rstrip("?")
    found = _ASKED.fullmatch(bare)
    if found is None:
        return None
    return int(next(filter(None, found.groups())))


def asks(turn: Turn) -> bool:
    return turn.incoming.kind == "text" and find_number(turn.incoming.text) is not None


def says_mine(turn: Turn) -> bool:
    return turn.incoming.kind == "text" and plain_words(turn.incoming.text) in MINE_WORDS


def is_command(text: str) -> bool:
    return find_number(text) is not None or plain_words(text) in MINE_WORDS


def show(turn: Turn, desk: Desk) -> Reply:
    """One of the person's own, by its number: asked for in words, or by a button. Of anybody else's nothing is said."""
    pressed = read_number(turn.pressed.arguments.get("c")) if turn.pressed else None
    number = pressed if turn.pressed else find_number(turn.incoming.text)
    case = inbox.find_own(turn.db, case_id=number or 0, person_id=turn.speaker.person_id)
    if case is None or not _is_known(case):
        choices = (desk.button(turn, "button.case_mine", "case_mine"), *desk.short_buttons(turn))
        return Reply((Text(desk.say(turn, "case.not_found", number=str(number or "")), choices),), turn.memory)
    return Reply((Text(_told(turn, desk, case), _ways_on(turn, desk, case)),), turn.memory)


def show_mine(turn: Turn, desk: Desk) -> Reply:
    mine = inbox.of_person(turn.db, turn.speaker.person_id, limit=MOST_SHOWN)
    if not mine:
        return Reply((Text(desk.say(turn, "case.none"), desk.short_buttons(turn)),), turn.memory)
    if len(mine) == 1:
        return Reply((Text(_told(turn, desk, mine[0]), _ways_on(turn, desk, mine[0])),), turn.memory)
    lines = [desk.say(turn, "case.mine"), *(_in_a_line(turn, desk, case) for case in mine)]
    numbers = [_number_button(turn, desk, case) for case in mine]
    return Reply((Text("\n".join(lines), (*numbers, *desk.short_buttons(turn))),), turn.memory)


def more(turn: Turn, desk: Desk) -> Reply:
    """`บอกเพิ่ม`: waits for what is to be added."""
    number = read_number(turn.pressed.arguments.get("c")) if turn.pressed else None
    case = inbox.find_own(turn.db, case_id=number or 0, person_id=turn.speaker.person_id)
    if case is None:
        return fallback.stale_button(turn, desk)
    return ask_staff.ask_for_more(turn, desk, case)


def unpublish(turn: Turn, desk: Desk) -> Reply:
    """Taken back as easily as it was given, and staff see it in each story."""
    if not intake_consent.withdraw_publishing(turn):
        return Reply((Text(desk.say(turn, "case.unpublished_before"), desk.short_buttons(turn)),), turn.memory)
    words = desk.say(turn, "case.unpublish_word")
    stories = [case for case in inbox.of_person(turn.db, turn.speaker.person_id) if case.kind == CaseKind.STORY]
    heard = [case_thread.hear(turn, desk, case, words) for case in stories]
    if not stories or not all(heard):  # one was closed long ago: what came of it is for staff to find
        opening.open_case(
            turn.db, CaseKind.STORY, now=turn.now, person_id=turn.speaker.person_id, detail=words, rules=desk.case_rules
        )
    return Reply((Text(desk.say(turn, "case.unpublished"), desk.short_buttons(turn)),), turn.memory)


def _told(turn: Turn, desk: Desk, case: CaseRow) -> str:
    since = thai_dates.long_date(clock.bangkok_date(case.opened_at), english=turn.language == "en")
    lines = [
        desk.say(turn, "case.title", number=str(case.id), kind=desk.say(turn, _kind(case))),
        desk.say(turn, "case.since", date=since),
        desk.say(turn, _state(case)),
    ]
    lines += case_promise.of_case(turn, desk, case)
    if inbox.is_overdue(case, now=turn.now):
        late = () if case.kind == CaseKind.URGENT else (desk.say(turn, "case.late"),)  # no hour was ever named there
        lines += [*late, *contact.ways(turn, desk)]
    return "\n".join(lines)


def _is_known(case: CaseRow) -> bool:
    """Whether the person was ever told of it."""
    return case.kind in KINDS or case.answered_at is not None


def _kind(case: CaseRow) -> str:
    return KINDS.get(case.kind, "case.kind_other")


def _state(case: CaseRow) -> str:
    if case.state == cases.CLOSED:
        return "case.state_closed"
    if case.answered_at is not None and case.waits_for == cases.CITIZEN:
        return "case.state_answered"
    return "case.state_taken" if case.state == cases.TAKEN else "case.state_open"


_SHORTLY = {
    "case.state_closed": "case.short_closed",
    "case.state_answered": "case.short_answered",
    "case.state_taken": "case.short_taken",
    "case.state_open": "case.short_open",
}


def _in_a_line(turn: Turn, desk: Desk, case: CaseRow) -> str:
    kind, state = desk.say(turn, _kind(case)), desk.say(turn, _SHORTLY[_state(case)])
    return desk.say(turn, "case.mine_line", number=str(case.id), kind=kind, state=state)


def _number_button(turn: Turn, desk: Desk, case: CaseRow) -> Action:
    return desk.press(turn, desk.say(turn, "button.case_number", number=str(case.id)), "case", c=str(case.id))


def _ways_on(turn: Turn, desk: Desk, case: CaseRow) -> tuple[Action, ...]:
    number = str(case.id)
    ways: list[Action] = []
    if case.state != cases.CLOSED:
        ways.append(desk.button(turn, "button.case_more", "case_more", c=number))
    if case.kind == CaseKind.STORY and intake_consent.may_be_published(turn):
        ways.append(desk.button(turn, "button.case_unpublish", "case_unpublish"))
    return (*ways, *desk.short_buttons(turn))


BUTTONS: Mapping[str, Callable[[Turn, Desk], Reply]] = {
    "case": show,
    "case_mine": show_mine,
    "case_more": more,
    "case_unpublish": unpublish,
}
