"""ตั้งค่า, the notices: on or off, which programmes, where somebody lives, when they want to be left alone. Every press
is answered with the card as it is now. What else can be set is in `preference_more`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.conversation.turn import Reply, Turn
from bot.outreach import preferences
from bot.outreach.preferences import NotAgreed, Wishes
from handlers import notice_ask, notice_out, preference_card, preference_more, preference_steps
from handlers.desk import Desk
from handlers.preference_steps import changed
from handlers.typed import plain_words

SHOW_WORDS = frozenset(
    {
        *("ตั้งค่า", "การตั้งค่า", "ตั้งค่าการแจ้งเตือน", "ตั้งค่าแจ้งเตือน", "เปลี่ยนภาษา", "setting", "settings"),
        *("preferences", "notification settings", "change language"),
    }
)
NEWS_WORDS = frozenset({"ตั้งค่าข่าว", "ตั้งค่ารับข่าว", "ตั้งค่าการรับข่าว", "news settings"})
ON_WORDS = frozenset(
    {
        *("รับข่าว", "รับข่าวสาร", "ขอรับข่าว", "ขอรับข่าวด้วย", "รับข่าวด้วย", "อยากรับข่าว", "เปิดรับข่าว", "สมัครรับข่าว"),
        *("รับข่าวกิจกรรม", "กลับมารับข่าว", "subscribe", "turn on news"),
    }
)
OFF_WORDS = frozenset(
    {
        *("ไม่รับข่าว", "ไม่รับข่าวแล้ว", "ไม่รับข่าวสาร", "ไม่อยากรับข่าว", "ไม่อยากรับข่าวแล้ว", "ไม่เอาข่าวแล้ว", "ไม่ต้องส่งข่าว"),
        *("ไม่ต้องส่งข่าวแล้ว", "เลิกรับข่าว", "เลิกรับข่าวสาร", "เลิกส่งข่าว", "หยุดรับข่าว", "หยุดส่งข่าว", "งดส่งข่าว", "ปิดรับข่าว"),
        *("ไม่เอาข่าว", "ไม่อยากได้ข่าว", "ไม่ต้องส่งข่าวมา", "ไม่ต้องส่งข่าวมาแล้ว", "ไม่ต้องส่งข่าวมาอีก", "อย่าส่งข่าวมา", "อย่าส่งข่าวมาอีก"),
        *("อย่าส่งข่าว", "บ่ฮับข่าว", "บ่เอาข่าว", "บ่ต้องส่งข่าว"),
        *("ปิดข่าว", "ยกเลิกรับข่าว", "ยกเลิกการรับข่าว", "ยกเลิกข่าว", "unsubscribe", "opt out", "turn off news", "stop news"),
    }
)
STOP_WORDS = frozenset(
    {
        *("หยุด", "เลิก", "หยุดส่ง", "เลิกส่ง", "ไม่ต้องส่ง", "ไม่ต้องส่งแล้ว", "ไม่ต้องส่งมาแล้ว", "ไม่รับ", "ไม่รับแล้ว"),
        *("stop", "stop sending"),
    }
)
"""They may mean the notices, of somebody who gets some."""
PAUSE_DAYS = 30


def show(turn: Turn, desk: Desk) -> Reply:
    return Reply((preference_card.draw(turn, desk, _wishes(turn)),), turn.memory)


def turn_on(turn: Turn, desk: Desk) -> Reply:
    """The words first, and then their yes."""
    wishes = _wishes(turn)
    if not wishes.wants:
        return notice_ask.ask(turn, desk)
    return changed(turn, desk, wishes, "preferences.on_already")


def choose_some(turn: Turn, desk: Desk) -> Reply:
    wishes = _wishes(turn)
    return _topics(turn, desk, wishes) if wishes.wants else notice_ask.ask_which(turn, desk)


def choose_topics(turn: Turn, desk: Desk) -> Reply:
    return _topics(turn, desk, _wishes(turn))


def topic_pressed(turn: Turn, desk: Desk) -> Reply:
    """What a row sets is written in it, so that an old one, or a second press, does nothing unexpected."""
    programme, topic = _argument(turn, "p"), _argument(turn, "e")
    wishes = _wishes(turn)
    if topic:
        outcome = preferences.drop_topic(
            turn.db, person_id=turn.speaker.person_id, topic=topic, now=turn.now,
            sensitive=preference_card.sensitive_programmes(turn),
        )  # fmt: skip
        return _topics(turn, desk, outcome)
    if programme not in {known.id for known in turn.catalogue.pack.programmes}:
        return choose_topics(turn, desk)
    chosen = set() if wishes.everything else set(wishes.programmes)
    if _argument(turn, "v") == "1":
        return _set_programmes(turn, desk, chosen | {programme})
    return _topics(turn, desk, wishes) if wishes.everything else _set_programmes(turn, desk, chosen - {programme})


def choose_everything(turn: Turn, desk: Desk) -> Reply:
    outcome = preferences.set_programmes(
        turn.db, person_id=turn.speaker.person_id, programmes=None, now=turn.now,
        sensitive=preference_card.sensitive_programmes(turn),
    )  # fmt: skip
    return changed(turn, desk, outcome, "preferences.changed")


def choose_district(turn: Turn, desk: Desk) -> Reply:
    return preference_steps.ask_district(turn, desk) if _wishes(turn).wants else show(turn, desk)


def district_pressed(turn: Turn, desk: Desk) -> Reply:
    """Empty: none."""
    district = _argument(turn, "d")
    if district and district not in {known.id for known in turn.catalogue.pack.districts}:
        return choose_district(turn, desk)
    return preference_steps.keep_district(turn, desk, district or None)


def choose_hours(turn: Turn, desk: Desk) -> Reply:
    wishes = _wishes(turn)
    return Reply((preference_card.draw_hours(turn, desk, wishes),), turn.memory) if wishes.wants else show(turn, desk)


def hours_pressed(turn: Turn, desk: Desk) -> Reply:
    hours = preference_card.HOURS.get(_argument(turn, "h"))
    outcome = preferences.set_quiet_hours(turn.db, person_id=turn.speaker.person_id, hours=hours)
    return changed(turn, desk, outcome, "preferences.changed")


def pause(turn: Turn, desk: Desk) -> Reply:
    outcome = preferences.pause(turn.db, person_id=turn.speaker.person_id, days=PAUSE_DAYS, now=turn.now)
    return changed(turn, desk, outcome, "preferences.paused")


def resume(turn: Turn, desk: Desk) -> Reply:
    outcome = preferences.resume(turn.db, person_id=turn.speaker.person_id)
    return changed(turn, desk, outcome, "preferences.resumed")


def says(words: frozenset[str]) -> Callable[[Turn], bool]:
    """A text that is one of these words, politely or not, and nothing more."""
    return lambda turn: turn.incoming.kind == "text" and is_one_of(turn.incoming.text, words)


def is_one_of(text: str, words: frozenset[str]) -> bool:
    return plain_words(text) in words


def is_command(text: str) -> bool:
    return is_one_of(text, SHOW_WORDS | NEWS_WORDS | ON_WORDS | OFF_WORDS | preference_more.LANGUAGE_WORDS)


def may_mean_notices(turn: Turn) -> bool:
    """True for a mere `stop` of somebody whom we send notices, and who is in no dialogue that it could stop."""
    return turn.memory.step is None and says(STOP_WORDS)(turn) and _wishes(turn).wants


def ask_what_to_stop(turn: Turn, desk: Desk) -> Reply:
    return changed(turn, desk, _wishes(turn), "preferences.stop_what")


def _set_programmes(turn: Turn, desk: Desk, chosen: set[str]) -> Reply:
    sensitive = preference_card.sensitive_programmes(turn)
    shown = _argument(turn, "w")
    if not shown and (chosen - set(_wishes(turn).programmes)) & sensitive:
        return choose_topics(turn, desk)  # not without the words
    outcome = preferences.set_programmes(
        turn.db, person_id=turn.speaker.person_id, programmes=chosen, now=turn.now, sensitive=sensitive,
        wording_hash=shown,
    )  # fmt: skip
    return _topics(turn, desk, outcome)


def _topics(turn: Turn, desk: Desk, outcome: Wishes | NotAgreed) -> Reply:
    if isinstance(outcome, NotAgreed) or not outcome.wants:
        return show(turn, desk)
    return Reply((preference_card.draw_topics(turn, desk, outcome),), turn.memory)


def _wishes(turn: Turn) -> Wishes:
    return preferences.state_of(turn.db, turn.speaker.person_id)


def _argument(turn: Turn, name: str) -> str:
    return turn.pressed.arguments.get(name, "") if turn.pressed else ""


BUTTONS: Mapping[str, Callable[[Turn, Desk], Reply]] = {
    **notice_ask.BUTTONS,
    **notice_out.BUTTONS,
    **preference_more.BUTTONS,
    "prefer_news": show,
    "prefer_on": turn_on,
    "prefer_some": choose_some,
    "prefer_topics": choose_topics,
    "prefer_topic": topic_pressed,
    "prefer_all": choose_everything,
    "prefer_district": choose_district,
    "prefer_in": district_pressed,
    "prefer_hours": choose_hours,
    "prefer_quiet": hours_pressed,
    "prefer_pause": pause,
    "prefer_resume": resume,
}
