"""A notice as the messages that one person gets: with their name where it stands, and always with the way out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.messages import Action, Card, Link, Message, Press, Text
from bot.notices import links
from bot.notices.checks import MOST_BUBBLES, NAME_UNITS
from bot.notices.content import NAME, Bubble, Content, one_line, shorten
from bot.notices.letters import words_of

Buttons = Callable[[str, str, dict[str, str]], Press]
"""A button by its label, its action and the action's arguments."""

LONGEST_NAME = 20
LOOKED_AT = 200
"""Of a name, so much is looked at."""
TIMES_LOOKED = 5
"""For addresses in a name: what is taken out may bring together another one."""


@dataclass(frozen=True, slots=True)
class _Writer:
    language: str
    name: str

    def say(self, key: str, **facts: str) -> str:
        return words_of(self.language)[key].format_map(facts)

    def write(self, words: str) -> str:
        """The name put in as it is; `คุณ` before it is not said twice."""
        name, polite = self.name or self.say("said.you"), words_of("th")["said.you"]
        if name.startswith(polite):
            words = words.replace(f"{polite}{NAME}", NAME).replace(f"{polite} {NAME}", NAME)
        return words.replace(NAME, name)


def messages_of(
    content: Content, *, buttons: Buttons, notice_id: int, event_id: int | None, language: str = "th",
    name: str | None = None, trial: bool = False,
) -> tuple[Message, ...]:  # fmt: skip
    """As many as there are bubbles, and one more ahead in a trial. The last one carries the button for the event, and
    in any case the one with which the reader gets no more notices. The same at every call with the same buttons."""
    writer = _Writer(language, tidy_name(name or ""))
    *others, last = (*content.bubbles[:MOST_BUBBLES],) or (Bubble("text", ""),)
    out = buttons(writer.say("button.notice_off"), "notice_off", {"n": str(notice_id)})
    event: tuple[Action, ...] = ()
    if content.event_button and event_id is not None:
        event = (buttons(writer.say("button.event"), "event", {"i": str(event_id)}),)
    ahead = (Text(writer.say("said.trial")),) if trial else ()
    link = _link(writer, last)
    return (
        *ahead,
        *(_message(writer, bubble) for bubble in others),
        _card(writer, last, (*event, *link, out), leads=bool(event or link)),
    )


def tidy_name(name: str) -> str:
    """Fit to be put among our words: on one line, without addresses, not too long. Empty when nothing is left."""
    name = one_line(name[:LOOKED_AT])
    for _ in range(TIMES_LOOKED):
        found = links.find_links(name)
        if not found:
            break
        for link in found:
            name = one_line(name.replace(link.text, " "))
    else:
        return ""
    name = shorten(name, LONGEST_NAME)
    return name if len(name.encode("utf-16-le")) // 2 <= NAME_UNITS else name[: NAME_UNITS // 2]


def _message(writer: _Writer, bubble: Bubble) -> Message:
    link = _link(writer, bubble)
    if bubble.kind == "text" and not link:
        return Text(writer.write(bubble.text))
    return _card(writer, bubble, link)


def _card(writer: _Writer, bubble: Bubble, actions: Sequence[Action], *, leads: bool = True) -> Card:
    """Under a link stands where it really leads. A notification shows the author's words without that line."""
    text = writer.write(bubble.text)
    is_card = bubble.kind == "card"
    title = writer.write(bubble.title) if is_card else ""
    return Card(
        title=title, text="\n\n".join(filter(None, (text, _address_line(writer, bubble)))), actions=tuple(actions),
        leads=leads, alt="" if title else text, picture=(bubble.picture.strip() or None) if is_card else None,
    )  # fmt: skip


def _link(writer: _Writer, bubble: Bubble) -> tuple[Action, ...]:
    address = bubble.link.strip()
    if not address:
        return ()
    return (Link(bubble.label.strip() or writer.say("button.call" if _dials(address) else "button.link"), address),)


def _address_line(writer: _Writer, bubble: Bubble) -> str:
    address = bubble.link.strip()
    if not address:
        return ""
    return writer.say("said.call" if _dials(address) else "said.link", address=links.shown(address))


def _dials(address: str) -> bool:
    return address.lower().startswith("tel:")
