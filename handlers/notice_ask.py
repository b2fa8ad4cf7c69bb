"""Whether somebody wants notices: asked once, at a fitting moment, in plain words; and what they say to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from bot import clock
from bot.cases import storms
from bot.conversation.memory import Memory
from bot.conversation.turn import Reply, Turn
from bot.messages import Card
from bot.outreach import audience, hear_back, preferences
from bot.outreach.preferences import Wishes
from handlers import crisis, preference_card
from handlers.desk import OUTSIDE, Desk
from handlers.event_filters import district_name, named
from handlers.typed import plain_words
from knowledge.entries import SMALL_TALK, Entry

Handler = Callable[[Turn, Desk], Reply]
ROOM_BESIDE = 4
"""Besides so many messages there is room for the question: LINE takes five."""
ABOUT_OTHER_THINGS = frozenset({"handover", "handover_urgent", "privacy", "preferences"})
"""What an answer offers to do where it leads to a person, or to the settings themselves: no moment to ask."""
OF_THE_HOUSE = frozenset({"center", "event", "general"})
"""Families of topics that nobody is sent notices about."""
SAID = "notice_ask?"
"""How `said` begins after the question; what a yes may be narrowed to follows. What is typed next may answer it."""
YES_WORDS = frozenset({"รับ", "รับข่าว", "เอา", "รับเลย"})
ALL_WORDS = frozenset({"รับทุกเรื่อง", "รับหมด", "ทุกเรื่อง", "all topics", "everything"})
THIS_WORDS = frozenset({"รับข่าวเรื่องนี้", "รับเรื่องนี้", "เรื่องนี้", "this topic", "only this topic"})
NO_WORDS = frozenset({"ไม่รับ", "ไม่รับข่าว", "ไม่เอา", "ไม่เอาข่าว", "no news", "no news please"})
"""A bare yes or no may be meant for the question whether the answer was right: it says nothing here."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a yes may be narrowed to, beside everything."""

    programme: str | None = None
    topic: str | None = None

    @property
    def about(self) -> dict[str, str]:
        return {name: value for name, value in (("p", self.programme), ("e", self.topic)) if value}


def offering(handler: Handler) -> Handler:
    """The same, and after a clear answer the question, for whoever was never asked and is no newcomer of today."""

    def answer(turn: Turn, desk: Desk) -> Reply:
        reply = handler(turn, desk)
        entry = _clearly_answered(turn, reply)
        return reply if entry is None else _asked_beside(turn, desk, reply, _offer_of(turn, entry))

    return answer


def after_registration(turn: Turn, desk: Desk, reply: Reply, *, programme: str | None) -> Reply:
    """Whoever has just got a place may be asked on their first day."""
    known = programme if programme in _programmes(turn) else None
    return _asked_beside(turn, desk, reply, Offer(programme=known), on_first_day=True)


def ask(turn: Turn, desk: Desk) -> Reply:
    """For whoever asks for notices themselves: however often."""
    preferences.note_asked(turn.db, person_id=turn.speaker.person_id, now=turn.now)
    wishes = preferences.state_of(turn.db, turn.speaker.person_id)
    card, memory = _drawn(turn, desk, turn.memory, Offer(), wishes, may_choose=True)
    return Reply((replace(card, choices=desk.short_buttons(turn)),), memory)


def ask_which(turn: Turn, desk: Desk) -> Reply:
    """The question with a yes for each programme."""
    programmes = turn.catalogue.pack.programmes
    text = [_question(turn, desk), desk.say(turn, "preferences.ask_some"), *preference_card.sensitive_lines(turn, desk)]
    yes = [(named(turn, programme), {"p": programme.id}) for programme in programmes]
    card = _card(turn, desk, "\n\n".join(text), yes)
    return Reply((replace(card, choices=desk.short_buttons(turn)),), turn.memory)


def agreed(turn: Turn, desk: Desk) -> Reply:
    """The button carries the hash of the very words that were shown; to other words than today's it is no yes."""
    given = turn.pressed.arguments if turn.pressed else {}
    if given.get("v") != str(preferences.VERSION) or not given.get("w"):
        return ask(turn, desk)
    return _agree(turn, desk, given, way=preferences.BUTTON)


def declined(turn: Turn, desk: Desk) -> Reply:
    """Also after a yes: it works at any time, however old the button."""
    preferences.withdraw(turn.db, person_id=turn.speaker.person_id, now=turn.now)
    wishes = preferences.state_of(turn.db, turn.speaker.person_id)
    card = preference_card.draw(turn, desk, wishes, said=desk.say(turn, "preferences.declined"))
    return Reply((card,), without_question(turn.memory))


def is_answered(turn: Turn) -> bool:
    """True for a yes or no that is typed right after the question."""
    asked = (turn.memory.said or "").startswith(SAID) and turn.memory.step is None
    words = YES_WORDS | ALL_WORDS | THIS_WORDS | NO_WORDS
    return asked and turn.incoming.kind == "text" and _typed(turn) in words


def answered(turn: Turn, desk: Desk) -> Reply:
    """Where two kinds of yes were offered, a mere one is asked which it is."""
    words, shown = _typed(turn), dict(parse_qsl((turn.memory.said or "").removeprefix(SAID)))
    if words in NO_WORDS:
        return declined(turn, desk)
    to_all, narrower = {"w": shown.get("w", "")}, shown.keys() > {"w"}
    if words in ALL_WORDS or (words in YES_WORDS and not narrower):
        return _agree(turn, desk, to_all, way=preferences.TEXT)
    return _agree(turn, desk, shown, way=preferences.TEXT) if words in THIS_WORDS and narrower else ask(turn, desk)


def _typed(turn: Turn) -> str:
    return plain_words(turn.incoming.text)


def _agree(turn: Turn, desk: Desk, given: Mapping[str, str], *, way: str) -> Reply:
    programme, topic = given.get("p"), given.get("e")
    gone = (programme and programme not in _programmes(turn)) or (topic and topic not in turn.catalogue.entries)
    as_proposed = "as" in given
    person_id = turn.speaker.person_id
    if gone or (as_proposed and not preferences.state_of(turn.db, person_id).proposed):
        return ask(turn, desk)
    wishes = preferences.agree(
        turn.db, person_id=person_id, wording_hash=given["w"], way=way, now=turn.now, programme=programme, topic=topic,
        as_proposed=as_proposed, sensitive=preference_card.sensitive_programmes(turn),
    )  # fmt: skip
    card = preference_card.draw(turn, desk, wishes, said=desk.say(turn, "preferences.agreed"))
    return Reply((card,), without_question(turn.memory))


def _asked_beside(turn: Turn, desk: Desk, reply: Reply, offer: Offer, *, on_first_day: bool = False) -> Reply:
    """The question comes last, and shows the choices of what stood there."""
    if not _is_fitting(turn, desk, reply, on_first_day=on_first_day):
        return reply
    person_id = turn.speaker.person_id
    if not preferences.note_asked(turn.db, person_id=person_id, now=turn.now):
        return reply
    wishes = preferences.state_of(turn.db, person_id)
    card, memory = _drawn(turn, desk, reply.memory, offer, wishes, may_choose=False)
    *before, last = reply.messages
    card = replace(card, choices=last.choices)
    return replace(reply, messages=(*before, replace(last, choices=()), card), memory=memory)


def _is_fitting(turn: Turn, desk: Desk, reply: Reply, *, on_first_day: bool) -> bool:
    """Never beside the privacy notice or news, nor in a storm."""
    person_id, told = turn.speaker.person_id, turn.speaker.notice_version >= audience.NOTICE_VERSION
    if not told or not 0 < len(reply.messages) <= ROOM_BESIDE or reply.memory.step is not None:
        return False
    return (
        preferences.may_ask(turn.db, person_id=person_id, now=turn.now, on_first_day=on_first_day)
        and not hear_back.list_news(turn.db, person_id=person_id, limit=1)
        and not storms.is_storm(turn.db, now=turn.now, limit=desk.storm_misses)
    )


def _clearly_answered(turn: Turn, reply: Reply) -> Entry | None:
    """The entry that answered, where it was no small talk, leads to nobody else, and ended no row of misses."""
    decision = turn.understanding.decision if turn.understanding else None
    if decision is None or decision.kind != "answer" or decision.urgent or decision.refusal is not None:
        return None
    if turn.memory.misses or turn.memory.quiet:
        return None
    entry = turn.catalogue.entries.get(decision.entry or "")
    if entry is None or entry.id in SMALL_TALK | {crisis.TOPIC} or reply.memory.subject != entry.id:
        return None
    if ABOUT_OTHER_THINGS & {action.name for action in entry.actions}:
        return None
    return None if entry.care.standing(clock.bangkok_date(turn.now)) in OUTSIDE else entry


def _offer_of(turn: Turn, entry: Entry) -> Offer:
    """The programme whose events the answer leads to, else the one that its family is named after; and the topic, but
    where it is what the programme is, which says nothing more."""
    programmes = _programmes(turn)
    named_by_it = [action.argument for action in entry.actions if action.name == "list_events" and action.argument]
    programme = next((name for name in (*named_by_it, entry.family) if name in programmes), None)
    if programme is None and entry.family in OF_THE_HOUSE:
        return Offer()
    return Offer(programme, None if entry.id == f"{programme}.what" else entry.id)


def _drawn(
    turn: Turn, desk: Desk, memory: Memory, offer: Offer, wishes: Wishes, *, may_choose: bool
) -> tuple[Card, Memory]:
    """The question, and a memory that understands what may be typed to it."""
    text, narrower = [_question(turn, desk)], offer.about
    yes: list[tuple[str, dict[str, str]]] = []
    noted = _noted(turn, desk, wishes)
    if noted:
        narrower = {"as": "noted"}
        text.append(noted)
        yes.append((desk.say(turn, "button.prefer_noted"), narrower))
    elif narrower:
        text += _remembered(turn, desk, offer)
        yes.append((desk.say(turn, "button.prefer_this"), narrower))
    yes.append((desk.say(turn, "button.prefer_all"), {}))
    card = _card(turn, desk, "\n\n".join(text), yes, may_choose=may_choose)
    shown = {"w": _hash(card), **narrower}
    return card, replace(memory, said=SAID + urlencode(shown))


def _card(
    turn: Turn, desk: Desk, text: str, yes: list[tuple[str, dict[str, str]]], *, may_choose: bool = False
) -> Card:
    """Every yes carries the hash of all that is read before it, the buttons included."""
    title = desk.say(turn, "preferences.ask_title")
    no = desk.button(turn, "button.prefer_no", "notice_no")
    some = (desk.button(turn, "button.prefer_some", "prefer_some"),) if may_choose else ()
    unsigned = tuple(desk.press(turn, label, "notice_yes") for label, _ in yes)
    shown = _hash(Card(title=title, text=text, actions=(*unsigned, *some, no)))
    about = {"w": shown, "v": str(preferences.VERSION)}
    signed = tuple(desk.press(turn, label, "notice_yes", **about, **narrower) for label, narrower in yes)
    return Card(
        title=title, text=text, actions=(*signed, *some, no), leads=False, alt=desk.say(turn, "preferences.ask_alt")
    )


def _hash(card: Card) -> str:
    return hear_back.hash_of("\n".join((card.title, card.text, *(action.label for action in card.actions))))


def _question(turn: Turn, desk: Desk) -> str:
    return desk.say(turn, "preferences.ask", most=str(desk.notice_rules.weekly_cap))


def _remembered(turn: Turn, desk: Desk, offer: Offer) -> list[str]:
    """What the narrower yes leaves behind."""
    programme = preference_card.programme_name(turn, offer.programme) if offer.programme else ""
    topic = desk.title(turn, turn.catalogue.entries[offer.topic]) if offer.topic else ""
    if programme and topic:
        lines = [desk.say(turn, "preferences.ask_topic", programme=programme, topic=topic)]
    else:
        lines = [desk.say(turn, "preferences.ask_this", topic=programme or topic)]
    sensitive = preference_card.sensitive_programmes(turn)
    if any(preferences.is_sensitive(value, sensitive) for value in offer.about.values()):
        lines.append(desk.say(turn, "preferences.ask_sensitive"))
    return lines


def _noted(turn: Turn, desk: Desk, wishes: Wishes) -> str:
    """What a file said of them; empty where it said nothing."""
    if not wishes.proposed:
        return ""
    parts = []
    if wishes.programmes:
        names = ", ".join(preference_card.programme_name(turn, programme) for programme in wishes.programmes)
        parts.append(desk.say(turn, "preferences.noted_topics", topics=names))
    if wishes.district is not None:
        parts.append(desk.say(turn, "preferences.noted_district", district=district_name(turn, wishes.district)))
    return desk.say(turn, "preferences.ask_noted", noted=" ".join(parts)) if parts else ""


def _programmes(turn: Turn) -> set[str]:
    return {programme.id for programme in turn.catalogue.pack.programmes}


def without_question(memory: Memory) -> Memory:
    """What is typed now answers it no more."""
    return replace(memory, said=None) if (memory.said or "").startswith(SAID) else memory


BUTTONS: Mapping[str, Handler] = {"notice_yes": agreed, "notice_no": declined}
