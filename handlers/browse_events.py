"""What is on: the carousel, narrowed and widened by buttons, the nearest first for whoever says where they are; and the
details of one event."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from bot import clock
from bot.conversation.postback import Pressed, read_number
from bot.conversation.turn import Reply, Turn
from bot.events import refusals, search
from bot.events.search import Coming, Wanted
from bot.incoming import SharedPlace
from bot.messages import Action, AskLocation, Card, Carousel, Message, Text
from handlers import event_cards, event_filters, ticket_card
from handlers.desk import Desk

Handler = Callable[[Turn, Desk], Reply]
PAGE = 10
MOST_ROWS = 12
MOST_NEIGHBOURS = 3
SHOWN = "events?"
"""How `said` begins after a list of events; its filters follow. A place that is shared next is an answer to it."""


def events_pressed(turn: Turn, desk: Desk) -> Reply:
    """The list, with the filters that the button carries; or what there is to choose from."""
    arguments = turn.pressed.arguments if turn.pressed else {}
    wanted = event_filters.read(turn, arguments)
    if "n" in arguments and wanted.near is None:
        return ask_where(turn, desk, wanted)
    match arguments.get("c"):
        case "p":
            return _choose_programme(turn, desk, wanted)
        case "d":
            return _choose_district(turn, desk, wanted)
    return show(turn, desk, wanted, offset=read_number(arguments.get("o")) or 0)


def event_pressed(turn: Turn, desk: Desk) -> Reply:
    """The details of one event, or why there are none any more."""
    try:
        event = search.get_shown(turn.db, read_number(_argument(turn, "i")) or 0, now=turn.now)
    except refusals.CalledOff as refusal:
        reason = desk.say(turn, "events.called_off_why", why=refusal.why) if refusal.why else ""
        return _gone(turn, desk, desk.say(turn, "events.called_off"), reason)
    except refusals.EventOver:
        return _gone(turn, desk, desk.say(turn, "events.over"))
    except refusals.NoSuchEvent:
        return _gone(turn, desk, desk.say(turn, "events.gone"))
    seats = search.seats_of(turn.db, [event], now=turn.now)[event.id]
    own = search.own_places(turn.db, turn.speaker.person_id, [event.id]).get(event.id)
    messages: list[Message] = [event_cards.details_card(turn, desk, event, seats=seats, own=own)]
    messages += event_cards.map_of(event)
    choices: list[Action] = []
    if seats.door in event_cards.SIGN_UP:
        number = str(event.id)
        choices.append(desk.button(turn, "button.event_neighbour", "sign_up", i=number, k="neighbour"))
        if event.for_classes:
            choices.append(desk.button(turn, "button.event_class", "sign_up", i=number, k="class"))
    choices += [desk.button(turn, "button.events_list", "events"), *desk.short_buttons(turn)]
    messages[-1] = replace(messages[-1], choices=tuple(choices))
    return Reply(tuple(messages), turn.memory)


def list_offered(turn: Turn, desk: Desk) -> Reply:
    """The button `ดูกิจกรรม` under an answer: all, or those of the programme or district that it names."""
    name = _argument(turn, "g") or ""
    key = "p" if name in {programme.id for programme in turn.catalogue.pack.programmes} else "d"
    return show(turn, desk, event_filters.read(turn, {key: name}))


def start_registration(turn: Turn, desk: Desk, *, sign_up: Handler) -> Reply:
    """What is open for registration; straight to it where there is only one."""
    found = search.list_open(turn.db, now=turn.now)
    if len(found) == 1:
        pressed = Pressed("sign_up", {"i": str(found[0].event.id), "k": "self"}, turn.now)
        return sign_up(replace(turn, pressed=pressed), desk)
    if not found:
        return _nothing_at_all(turn, desk, "events.none_open")
    return _listed(turn, desk, found[:PAGE], Wanted(), desk.say(turn, "events.open", count=str(len(found))))


def place_shared(turn: Turn, desk: Desk, place: SharedPlace) -> Reply:
    """A place, sent after a list of events: the nearest of them first."""
    arguments = dict(parse_qsl((turn.memory.said or "").removeprefix(SHOWN)))
    wanted = event_filters.read(turn, arguments)
    near = event_filters.rounded(place.latitude, place.longitude)
    address = ", ".join(filter(None, (place.address, place.title)))
    found = turn.catalogue.places.recognise(address, place.latitude, place.longitude)
    reply = show(turn, desk, replace(wanted, districts=(), near=near))
    return replace(reply, memory=replace(reply.memory, district=found.district or turn.memory.district))


def district_named(turn: Turn, desk: Desk, district: str) -> Reply:
    """The name of a district, written after the bot had asked where somebody is."""
    arguments = dict(parse_qsl((turn.memory.said or "").removeprefix(SHOWN)))
    reply = show(turn, desk, replace(event_filters.read(turn, arguments), districts=(district,), near=None))
    return replace(reply, memory=replace(reply.memory, district=district))


def waits_for_a_place(said: str | None) -> bool:
    """True after a list of events, which has a button for sending a place."""
    return said is not None and said.startswith(SHOWN)


def asked_for_a_place(said: str | None) -> bool:
    """True where the bot's last words were the question where somebody is."""
    return waits_for_a_place(said) and dict(parse_qsl((said or "").removeprefix(SHOWN))).get("c") == "n"


def ask_where(turn: Turn, desk: Desk, wanted: Wanted) -> Reply:
    choices = (
        AskLocation(desk.say(turn, "button.events_send_place")),
        desk.button(turn, "button.events_place", "events", c="d", **event_filters.written(wanted)),
        *desk.short_buttons(turn),
    )
    memory = replace(turn.memory, said=_said(wanted, c="n"))
    return Reply((Text(desk.say(turn, "events.ask_where"), choices),), memory)


def show(turn: Turn, desk: Desk, wanted: Wanted, *, offset: int = 0, extra: Sequence[Action] = ()) -> Reply:
    """The events that fit, in words and as cards; where none does, what is nearest to it. `extra` are more choices."""
    pack = turn.catalogue.pack
    found = [] if wanted.is_past(clock.bangkok_date(turn.now)) else search.list_wanted(
        turn.db, wanted, now=turn.now, geography=pack.geography
    )  # fmt: skip
    if not found:
        return _nothing_found(turn, desk, wanted, extra)
    offset = offset if 0 <= offset < len(found) else 0
    page = found[offset : offset + PAGE]
    words = _counted(turn, desk, wanted, total=len(found), offset=offset, shown=len(page))
    more = offset + PAGE if offset + PAGE < len(found) else None
    return _listed(turn, desk, page, wanted, words, more=more, extra=extra)


def _listed(
    turn: Turn, desk: Desk, page: Sequence[Coming], wanted: Wanted, words: str, *, more: int | None = None,
    extra: Sequence[Action] = (),
) -> Reply:  # fmt: skip
    cards = _cards(turn, desk, page)
    if more is not None:
        button = desk.button(turn, "button.events_more", "events", o=str(more), **event_filters.written(wanted))
        cards.append(Card(title=desk.say(turn, "events.more"), text="", actions=(button,)))
    choices = (*event_filters.ways_to_change(turn, desk, wanted), *extra, *desk.short_buttons(turn))
    memory = replace(turn.memory, said=_said(wanted), misses=0, quiet=False)
    return Reply((Text(words), Carousel(tuple(cards), alt=words, choices=choices)), memory)


def _cards(turn: Turn, desk: Desk, page: Sequence[Coming]) -> list[Card]:
    rows = [coming.event for coming in page]
    seats = search.seats_of(turn.db, rows, now=turn.now)
    own = search.own_places(turn.db, turn.speaker.person_id, {row.id for row in rows})
    return [
        event_cards.event_card(
            turn, desk, coming.event, seats=seats[coming.event.id], own=own.get(coming.event.id), km=coming.km
        )
        for coming in page
    ]


def _counted(turn: Turn, desk: Desk, wanted: Wanted, *, total: int, offset: int, shown: int) -> str:
    what = event_filters.described(turn, desk, wanted)
    count, first, last = f"{total:,}", str(offset + 1), str(offset + shown)
    if total == 1:
        words = desk.say(turn, "events.found_one", what=what)
    elif shown == total:
        words = desk.say(turn, "events.found", what=what, count=count)
    elif total >= search.MOST:
        words = desk.say(turn, "events.found_many", what=what, count=count, first=first, last=last)
    else:
        words = desk.say(turn, "events.found_part", what=what, count=count, first=first, last=last)
    return "\n".join((words, desk.say(turn, "events.straight"))) if wanted.near else words


def _nothing_found(turn: Turn, desk: Desk, wanted: Wanted, extra: Sequence[Action]) -> Reply:
    """Said plainly; then another time, the districts around, or everything, whichever there is."""
    other = search.list_alternatives(turn.db, wanted, now=turn.now, geography=turn.catalogue.pack.geography)
    if not other.coming:
        return _nothing_at_all(turn, desk, "events.none", extra)
    what = event_filters.described(turn, desk, wanted)
    past = wanted.is_past(clock.bangkok_date(turn.now))
    lines = [desk.say(turn, "events.passed" if past else "events.nothing", what=what)]
    choices: list[Action] = []
    if other.next is not None:
        day = ticket_card.when(turn, desk, other.next)
        lines.append(desk.say(turn, "events.next", title=other.next.title, when=day))
        later = event_filters.written(wanted.at_any_time())
        choices.append(desk.button(turn, "button.events_next", "events", **later))
    around = other.districts[:MOST_NEIGHBOURS]
    if around:
        names = tuple(district for district, _ in around)
        lines.append(desk.say(turn, "events.around", where=event_filters.where_words(turn, desk, names)))
    for district, _ in around:
        there = event_filters.written(replace(wanted, districts=(district,)))
        choices.append(desk.press(turn, event_filters.district_name(turn, district), "events", **there))
    lines.append(desk.say(turn, "events.anything", count=f"{other.coming:,}"))
    choices.append(desk.button(turn, "button.events_all", "events"))
    memory = replace(turn.memory, said=_said(wanted), misses=0, quiet=False)
    return Reply((Text("\n".join(lines), (*choices, *extra, *desk.short_buttons(turn))),), memory)


def _nothing_at_all(turn: Turn, desk: Desk, key: str, extra: Sequence[Action] = ()) -> Reply:
    memory = replace(turn.memory, misses=0, quiet=False)
    return Reply((Text(desk.say(turn, key), (*extra, *desk.short_buttons(turn))),), memory)


def _choose_programme(turn: Turn, desk: Desk, wanted: Wanted) -> Reply:
    counts = search.count_by_programme(turn.db, wanted, now=turn.now)
    names = [(programme.id, event_filters.named(turn, programme)) for programme in turn.catalogue.pack.programmes]
    rows = {name: replace(wanted, programme=key) for key, name in names if counts[key]}
    return _choose(turn, desk, wanted, desk.say(turn, "events.which_kind"), rows)


def _choose_district(turn: Turn, desk: Desk, wanted: Wanted) -> Reply:
    """Those that have something, the ones with the most first."""
    counts = search.count_by_district(turn.db, wanted, now=turn.now)
    known = [district.id for district in turn.catalogue.pack.districts if counts[district.id]]
    known = sorted(known, key=lambda district: -counts[district])[:MOST_ROWS]
    rows = {
        _row(turn, desk, district, counts[district]): replace(wanted, districts=(district,), near=None)
        for district in known
    }
    return _choose(turn, desk, wanted, desk.say(turn, "events.which_place"), rows)


def _row(turn: Turn, desk: Desk, district: str, count: int) -> str:
    name = event_filters.district_name(turn, district)
    return desk.say(turn, "events.district_row", district=name, count=str(count))


def _choose(turn: Turn, desk: Desk, wanted: Wanted, title: str, rows: Mapping[str, Wanted]) -> Reply:
    if not rows:
        return _nothing_found(turn, desk, wanted, ())
    everything = desk.button(turn, "button.events_all", "events")
    buttons = [desk.press(turn, label, "events", **event_filters.written(chosen)) for label, chosen in rows.items()]
    card = Card(title=title, text="", actions=tuple(buttons), choices=(everything, *desk.short_buttons(turn)))
    return Reply((card,), replace(turn.memory, said=_said(wanted)))


def _gone(turn: Turn, desk: Desk, *lines: str) -> Reply:
    choices = (desk.button(turn, "button.events_list", "events"), *desk.short_buttons(turn))
    return Reply((Text("\n".join(filter(None, lines)), choices),), turn.memory)


def _said(wanted: Wanted, **more: str) -> str:
    """Without where somebody is: that is not kept."""
    return SHOWN + urlencode(event_filters.written(replace(wanted, near=None)) | more)


def _argument(turn: Turn, name: str) -> str | None:
    return turn.pressed.arguments.get(name) if turn.pressed else None


BUTTONS: Mapping[str, Handler] = {"events": events_pressed, "event": event_pressed}
