"""What linked staff see of cases in LINE: the list of what waits, one case, what was said in it, and what is about to
be sent. Telephone numbers and the like are masked here for everybody: a chat is passed on more easily than a page."""

from __future__ import annotations

from collections.abc import Mapping

from bot import clock, masking, thai_dates
from bot.cases import answering, canned, inbox, rights, thread
from bot.cases.inbox import Filter, Line
from bot.cases.kinds import CaseKind
from bot.cases.saying import LONGEST_TEXT
from bot.cases.thread import Said
from bot.conversation.turn import Turn
from bot.line.cutting import shorten
from bot.messages import Action, Card, Link, Message, Press, Text
from bot.outreach import audience
from bot.outreach import staff as accounts
from bot.outreach.staff import Account, UnknownAccount
from bot.storage import case_messages, channel, questions
from bot.storage.cases import CITIZEN, CLOSED, CaseRow
from handlers import case_promise, dialogue
from handlers.case_desk_steps import Draft, is_urgent, sees_people
from handlers.desk import Desk

ACTION = "case_desk"
ROWS, A_PAGE, MOST_PAGES = 8, 50, 4
LATEST, ASKED, LONGEST_SAID, LONGEST_WORDS, LONGEST_IN_A_LIST = 8, 3, 500, 600, 80
CANNED = 9
ASK_WORDS = "desk.ask_words"
KINDS: Mapping[str, str] = {
    CaseKind.URGENT: "desk.kind_urgent",
    CaseKind.WANTS_PERSON: "desk.kind_person",
    CaseKind.COMPLAINT: "desk.kind_complaint",
    CaseKind.PROPOSAL: "desk.kind_proposal",
    CaseKind.STORY: "desk.kind_story",
    CaseKind.PRIVACY: "desk.kind_privacy",
    CaseKind.UNDELIVERABLE: "desk.kind_undeliverable",
    CaseKind.UNKNOWN_DELIVERY: "desk.kind_unknown_delivery",
    CaseKind.MISSED: "desk.kind_missed",
    CaseKind.FLOOD: "desk.kind_flood",
    CaseKind.STORM: "desk.kind_storm",
    CaseKind.CHANNEL: "desk.kind_channel",
    CaseKind.TELEPHONE: "desk.kind_telephone",
    CaseKind.NOTICE: "desk.kind_notice",
    CaseKind.STUCK: "desk.kind_stuck",
}
WORDLESS: Mapping[str, str] = {
    "image": "desk.said_image",
    "video": "desk.said_video",
    "audio": "desk.said_audio",
    "file": "desk.said_file",
    "sticker": "desk.said_sticker",
    "location": "desk.said_location",
}
OF_NUMBERS = frozenset({CaseKind.TELEPHONE, CaseKind.NOTICE})
"""Their detail is a number, which says nothing to people."""


def draw_list(turn: Turn, desk: Desk, account: Account, *, after: int | None = None) -> Card | Text:
    """What waits for this account or for nobody yet, and whatever is overdue."""
    found = _waiting(turn, account, after)
    counts = inbox.count(turn.db, now=turn.now, staff_id=account.id, may_see_privacy=sees_people(account))
    facts = {"open": str(counts.open), "mine": str(counts.mine), "overdue": str(counts.overdue)}
    if not found:
        return Text(desk.say(turn, "desk.nothing" if after is None else "desk.no_more"), desk.short_buttons(turn))
    lines = [desk.say(turn, "desk.counts", **facts), *(_row(turn, desk, line) for line in found[:ROWS])]
    rows = [
        _press(turn, desk, desk.say(turn, "button.desk_open", number=str(line.case.id)), "show", c=line.case.id)
        for line in found[:ROWS]
    ]
    if len(found) > ROWS:
        rows.append(button(turn, desk, "button.desk_more", "list", o=found[ROWS - 1].case.id))
    return Card(
        title=desk.say(turn, "desk.title"), text="\n\n".join(lines), actions=tuple(rows),
        choices=desk.short_buttons(turn), alt=desk.say(turn, "desk.title"), leads=False,
    )  # fmt: skip


def _waiting(turn: Turn, account: Account, after: int | None) -> list[Line]:
    found: list[Line] = []
    for _ in range(MOST_PAGES):
        page = inbox.list_cases(
            turn.db, Filter(), now=turn.now, limit=A_PAGE, after=after, may_see_privacy=sees_people(account)
        )
        found += [one for one in page if one.unread and (one.overdue or _is_free(turn, account, one.case))]
        if len(page) < A_PAGE or len(found) > ROWS:
            break
        after = page[-1].case.id
    return found


def _is_free(turn: Turn, account: Account, case: CaseRow) -> bool:
    return rights.holder(turn.db, case) in {None, account.id}


def _row(turn: Turn, desk: Desk, line: Line) -> str:
    what = desk.say(turn, KINDS[line.case.kind])
    due = _due(turn, desk, line.case)
    key = "desk.row_urgent" if is_urgent(line.case) else "desk.row_overdue" if line.overdue else "desk.row"
    title = desk.say(turn, key, number=str(line.case.id), what=what, due=due).rstrip(" ·")
    words = words_of(turn, desk, line.case, units=LONGEST_IN_A_LIST)
    return f"{title}\n{words}" if words else title


def draw_case(turn: Turn, desk: Desk, account: Account, case: CaseRow, *, said: str = "") -> Card:
    """With what this account may do with it now. `said` is what has just happened."""
    number, words = str(case.id), words_of(turn, desk, case)
    facts = [(desk.say(turn, "desk.fact_state"), state_of(turn, desk, account, case))]
    if case.state != CLOSED and (due := _due(turn, desk, case)):
        facts.append((desk.say(turn, "desk.fact_due"), due))
    if case.person_id is not None and (called := audience.called_of(turn.db, desk.vault, case.person_id)):
        facts.append((desk.say(turn, "desk.fact_called"), called))
    return Card(
        title=desk.say(turn, "desk.case_title", number=number, what=desk.say(turn, KINDS[case.kind])),
        text="\n\n".join(filter(None, (said, words))), facts=tuple(facts),
        actions=_actions(turn, desk, account, case),
        choices=(button(turn, desk, "button.desk_list", "list"), *desk.short_buttons(turn)),
    )  # fmt: skip


def _actions(turn: Turn, desk: Desk, account: Account, case: CaseRow) -> tuple[Action, ...]:
    holder = rights.holder(turn.db, case)
    about = {"c": case.id, "v": case.version}
    actions: list[Action] = []
    if case.state != CLOSED and holder is None:
        actions.append(button(turn, desk, "button.desk_take", "take", **about))
    if case.state != CLOSED and holder in {None, account.id} and answering.can_be_told(turn.db, case):
        actions.append(button(turn, desk, "button.desk_answer", "answer", **about))
    actions.append(button(turn, desk, "button.desk_read", "read", **about))
    if case.state != CLOSED and holder in {None, account.id}:
        actions.append(button(turn, desk, "button.desk_close", "close", **about))
    if case.state != CLOSED and holder == account.id:
        actions.append(button(turn, desk, "button.desk_give_back", "give_back", **about))
    return tuple(actions)


def draw_said(turn: Turn, desk: Desk, account: Account, case: CaseRow) -> Card:
    """What was asked before, and the last that was said; masked."""
    asked = thread.context(turn.db, desk.vault, case, now=turn.now)[-ASKED:]
    said = thread.read(turn.db, desk.vault, case.id, limit=LATEST)
    lines = [desk.say(turn, "desk.read_title", number=str(case.id))]
    lines += [desk.say(turn, "desk.asked", text=shorten(one.text, units=LONGEST_SAID)) for one in asked]
    lines += [_said(turn, desk, account, one) for one in said]
    if not (asked or said):
        lines.append(desk.say(turn, "desk.said_nothing"))
    page = Link(desk.say(turn, "button.desk_page"), f"{desk.base_url}/console/cases/{case.id}")
    return Card(title="", text="\n\n".join(lines), actions=(page,), alt=lines[0], leads=False)


def _said(turn: Turn, desk: Desk, account: Account, one: Said) -> str:
    match one.author:
        case case_messages.CITIZEN:
            who = desk.say(turn, "desk.who_citizen")
        case case_messages.BOT:
            who = desk.say(turn, "desk.who_bot")
        case case_messages.NOTE:
            who = desk.say(turn, "desk.who_note", name=name_of(turn, desk, account, one.staff_id))
        case _:
            who = name_of(turn, desk, account, one.staff_id)
    text = "" if one.taken_back else masking.mask(one.text or "")
    shown = shorten(text, units=LONGEST_SAID) if text else desk.say(turn, _wordless(one))
    lost = one.delivery in {case_messages.FAILED, case_messages.UNKNOWN}
    late = f" {desk.say(turn, 'desk.said_lost')}" if lost else ""
    return desk.say(turn, "desk.said", who=who, time=_moment(turn, one), text=f"{shown}{late}")


def _wordless(one: Said) -> str:
    if one.taken_back:
        return "desk.said_taken_back"
    if one.author == case_messages.BOT:
        return "desk.said_closed" if one.kind == "closed" else "desk.said_resumed"
    return WORDLESS.get(one.kind, "desk.said_gone")


def _moment(turn: Turn, one: Said) -> str:
    hour = thai_dates.time_of_day(one.at, english=turn.language == "en")
    day = clock.bangkok_date(one.at)
    if day == clock.bangkok_date(turn.now):
        return hour
    return f"{thai_dates.short_date(day, english=turn.language == 'en')} {hour}"


def draw_prompt(turn: Turn, desk: Desk, draft: Draft, *, key: str = ASK_WORDS) -> Text:
    """What to write, or one of the canned answers."""
    found = canned.list_all(turn.db)[:CANNED]
    choices = [_press(turn, desk, one.title, "canned", m=draft.mark, n=one.id) for one in found]
    lines = [desk.say(turn, key, number=str(draft.case_id), most=f"{LONGEST_TEXT:,}")]
    if choices and key == ASK_WORDS:
        lines.append(desk.say(turn, "desk.or_canned"))
    return Text("\n".join(lines), (*choices, dialogue.cancel_button(turn, desk)))


def draw_preview(turn: Turn, desk: Desk, draft: Draft, case: CaseRow, *, said: str = "") -> tuple[Message, ...]:
    """The words as they will be read, and what they cost."""
    return (Text(draft.text), draw_question(turn, desk, draft, case, said=said))


def draw_question(turn: Turn, desk: Desk, draft: Draft, case: CaseRow, *, said: str = "") -> Card:
    lines = (said, desk.say(turn, "desk.ask_send", number=str(case.id)), cost(turn, desk, case))
    send = button(turn, desk, "button.desk_send", "send", c=case.id, m=draft.mark, w=draft.seal)
    cancel = dialogue.cancel_button(turn, desk)
    return Card(title="", text="\n\n".join(filter(None, lines)), actions=(send, cancel))


def draw_closing(turn: Turn, desk: Desk, case: CaseRow) -> Card:
    """Whether the citizen is told, and asked whether it helped."""
    about = {"c": case.id, "v": case.version}
    told = answering.can_be_told(turn.db, case)
    lines = [desk.say(turn, "desk.ask_close", number=str(case.id))]
    actions: list[Action] = []
    if told:
        lines.append(cost(turn, desk, case))
        actions.append(button(turn, desk, "button.desk_close_told", "close_told", **about))
    actions.append(button(turn, desk, "button.desk_close_quietly", "close_quietly", **about))
    actions.append(button(turn, desk, "button.desk_keep_open", "show", c=case.id))
    return Card(title="", text="\n\n".join(lines), actions=tuple(actions))


def draw_alert(turn: Turn, desk: Desk, account: Account, case: CaseRow) -> Card:
    """An urgent case that is told by itself: what it is about, and what to do."""
    holder = rights.holder(turn.db, case)
    todo = desk.say(turn, "desk.alert_todo")
    if holder is not None:
        todo = desk.say(turn, "desk.alert_taken", name=name_of(turn, desk, account, holder))
    card = draw_case(turn, desk, account, case, said=todo)
    number = str(case.id)
    return Card(
        title=desk.say(turn, "desk.alert_title", number=number), text=card.text, facts=card.facts,
        actions=card.actions, choices=card.choices, alt=desk.say(turn, "desk.alert_alt", number=number),
    )  # fmt: skip


def words_of(turn: Turn, desk: Desk, case: CaseRow, *, units: int = LONGEST_WORDS) -> str:
    """Masked: the question that led to it, or what was written down with it; else what it is about."""
    if case.kind in OF_NUMBERS:
        return desk.say(turn, "desk.see_page")
    question = questions.find(turn.db, case.question_id) if case.question_id is not None else None
    words = (question.text if question is not None else None) or case.detail or case.topic or ""
    if words in turn.catalogue.entries:
        words = desk.title(turn, turn.catalogue.entries[words])
    return quoted(words, units=units) if words else ""


def quoted(words: str, *, units: int = LONGEST_WORDS) -> str:
    return f"“{shorten(words, units=units)}”"


def state_of(turn: Turn, desk: Desk, account: Account, case: CaseRow) -> str:
    if case.state == CLOSED:
        return desk.say(turn, "desk.state_closed")
    holder = rights.holder(turn.db, case)
    if holder is None:
        return desk.say(turn, "desk.state_open")
    if holder == account.id:
        return desk.say(turn, "desk.state_mine")
    return desk.say(turn, "desk.state_taken", name=name_of(turn, desk, account, holder))


def name_of(turn: Turn, desk: Desk, account: Account, staff_id: int | None) -> str:
    if staff_id == account.id:
        return desk.say(turn, "desk.who_me")
    try:
        return accounts.get_account(turn.db, staff_id or 0).name
    except UnknownAccount:
        return desk.say(turn, "desk.somebody")


def cost(turn: Turn, desk: Desk, case: CaseRow) -> str:
    """Of a message that is sent now."""
    if not answering.costs(case, now=turn.now):
        return desk.say(turn, "desk.cost_free")
    quota = channel.find_quota(turn.db)
    if quota is None or quota.limit is None:
        return desk.say(turn, "desk.cost_one")
    return desk.say(turn, "desk.cost_left", left=f"{max(0, quota.limit - quota.used):,}")


def button(turn: Turn, desk: Desk, key: str, act: str, **about: object) -> Press:
    return _press(turn, desk, desk.say(turn, key), act, **about)


def _press(turn: Turn, desk: Desk, label: str, act: str, **about: object) -> Press:
    return desk.press(turn, label, ACTION, d=act, **{name: str(value) for name, value in about.items()})


def _due(turn: Turn, desk: Desk, case: CaseRow) -> str:
    """Until when it is to be answered; empty where nobody waits for one."""
    if case.waits_for == CITIZEN:
        return desk.say(turn, "desk.due_citizen")
    if inbox.is_overdue(case, now=turn.now):
        return desk.say(turn, "desk.due_over")
    if case.due_at is None:
        return ""
    hour = thai_dates.time_of_day(case.due_at, english=turn.language == "en")
    return f"{case_promise.day(turn, desk, case.due_at)} {hour}"
