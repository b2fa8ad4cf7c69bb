"""The ordered table: who answers what. Ways out first, then buttons, awaited answers, keywords, the FAQ."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bot.conversation.dispatcher import Route
from bot.conversation.turn import Reply, Turn
from bot.outreach.cases import CaseKind
from handlers import ask_staff, fallback, faq, menu, offers, welcome
from handlers.desk import Desk

Handler = Callable[[Turn, Desk], Reply]
DATA_WORDS = frozenset({"ข้อมูลของฉัน", "my data", "ลบข้อมูลของฉัน"})


def build_routes(desk: Desk) -> tuple[Route, ...]:
    def route(name: str, matches: Callable[[Turn], bool], handler: Handler, *steps: str) -> Route:
        return Route(name, matches, partial(_noticed, handler, desk), steps)

    buttons: dict[str, Handler] = {
        "menu": menu.show_menu,
        "help": menu.show_help,
        "leave": menu.leave_dialogue,
        "topic": faq.topic_pressed,
        "none": faq.none_of_these,
        "fits": faq.feedback_given,
        "staff": ask_staff.talk_to_staff,
        "do": offers.offer_taken,
    }
    return (
        Route("welcome", _is("follow"), lambda turn: welcome.welcome(turn, desk)),
        Route("quiet", _is("unfollow", "unsend", "other"), lambda turn: fallback.keep_quiet(turn, desk)),
        Route("urgent", _is_urgent, lambda turn: faq.question_asked(turn, desk)),  # nothing comes before the hotlines
        route("leave", _leaves, menu.leave_dialogue),
        route("menu", _says(menu.MENU_WORDS), menu.show_menu),
        route("help", _says(menu.HELP_WORDS), menu.show_help),
        *(route(f"button.{action}", partial(_pressed, action), handler) for action, handler in buttons.items()),
        route("button.stale", _is("postback"), fallback.stale_button),
        route("media", _is("media"), fallback.not_text),
        route("data", _says(DATA_WORDS), partial(ask_staff.hand_over, kind=CaseKind.PRIVACY)),
        route("leave_word", _waits_for(ask_staff.LEAVE_STEP), ask_staff.word_left, ask_staff.LEAVE_STEP),
        route("question", _is("text"), faq.question_asked),
    )  # fmt: skip


def _noticed(handler: Handler, desk: Desk, turn: Turn) -> Reply:
    return welcome.with_notice(turn, desk, handler(turn, desk))


def _is(*kinds: str) -> Callable[[Turn], bool]:
    return lambda turn: turn.incoming.kind in kinds


def _is_urgent(turn: Turn) -> bool:
    return turn.understanding is not None and turn.understanding.decision.urgent


def _says(words: frozenset[str]) -> Callable[[Turn], bool]:
    """A text that is one of these words and nothing more."""
    return lambda turn: turn.incoming.kind == "text" and turn.incoming.text.strip().strip("!.…").lower() in words


def _leaves(turn: Turn) -> bool:
    return turn.memory.step is not None and _says(menu.LEAVE_WORDS)(turn)


def _waits_for(step: str) -> Callable[[Turn], bool]:
    return lambda turn: turn.memory.step == step and turn.incoming.kind == "text"


def _pressed(action: str, turn: Turn) -> bool:
    return turn.pressed is not None and turn.pressed.action == action
