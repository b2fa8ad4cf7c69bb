"""The ordered table: who answers what. Ways out first, then buttons, what was shared, awaited answers, the FAQ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.conversation.dispatcher import Route
from bot.conversation.turn import Reply, Turn
from bot.incoming import SHARED
from handlers import (
    account_link,
    address,
    announce,
    announce_steps,
    ask_staff,
    browse_events,
    case_desk,
    case_desk_steps,
    case_desk_writing,
    case_line,
    case_pass_on,
    case_status,
    claim,
    dialogue,
    event_feedback,
    event_offers,
    event_questions,
    event_told,
    fallback,
    faq,
    hear_back,
    intake,
    intake_steps,
    link_account,
    menu,
    my_data,
    my_data_steps,
    my_events,
    notice_ask,
    offers,
    party_size,
    preference_more,
    preference_steps,
    preferences,
    review_card,
    review_taps,
    self_check_in,
    shared,
    sign_up,
    sign_up_aside,
    storm,
    welcome,
)
from handlers.desk import Desk
from handlers.typed import plain_words

Handler = Callable[[Turn, Desk], Reply]
COMMANDS = menu.LEAVE_WORDS | menu.MENU_WORDS | menu.HELP_WORDS | hear_back.WITHDRAW_WORDS
COMMANDS |= my_events.WORDS | my_events.LEAVE_WORDS
WITHOUT_A_WORD = ("unfollow", "unsend", "join", "leave", "member_joined", "suspended", "resumed", "other")
STEPS = {
    step.name: step
    for step in (
        *announce.STEPS, *ask_staff.STEPS, *case_desk.STEPS, *party_size.STEPS, *event_feedback.STEPS,
        *preference_steps.STEPS, *my_data_steps.STEPS, *intake.STEPS, *sign_up.STEPS,
    )
}  # fmt: skip
TAKEN_AS_THEY_ARE = (announce_steps.WORDS_STEP,)
"""What is typed there is meant for others to read: a question in it is none to us."""
GOOD_FOR = timedelta(days=7)
"""Buttons that act upon a question are about something still in mind; those that show a topic never grow old."""


def _offered(turn: Turn, desk: Desk) -> Reply:
    """What only shows something leaves a dialogue waiting, and lets it ask again."""
    name = turn.pressed.arguments.get("a", "") if turn.pressed else ""
    return (_beside_a_dialogue(offers.offer_taken) if name in offers.SHOWING else offers.offer_taken)(turn, desk)


BUTTONS: dict[str, Handler] = {
    "menu": menu.show_menu,
    "help": menu.show_help,
    "leave": preference_steps.keeping(party_size.keeping(menu.leave_dialogue)),
    "topic": faq.topic_pressed,
    "none": hear_back.offering(faq.none_of_these),
    "fits": faq.feedback_given,
    "staff": ask_staff.talk_to_staff,
    "do": _offered,
    "send_held": ask_staff.held_word_left,
    "hear_offer": hear_back.ask,
    "hear_yes": hear_back.agreed,
    "hear_no": hear_back.declined,
    "tell": hear_back.tell,
    "review": review_taps.tapped,
    **case_desk.BUTTONS,
    **announce.BUTTONS,
    **case_line.BUTTONS,
    **case_pass_on.BUTTONS,
    **case_status.BUTTONS,
    **intake.BUTTONS,
    **my_data.BUTTONS,
    **my_events.BUTTONS,
    **party_size.BUTTONS,
    **event_offers.BUTTONS,
    **event_feedback.BUTTONS,
    **self_check_in.BUTTONS,
    **event_told.BUTTONS,
    **browse_events.BUTTONS,
    **preferences.BUTTONS,
    **sign_up.BUTTONS,
}
GROW_OLD = frozenset({"none", "staff", "do", "hear_offer", "hear_yes", "review"})
ASIDE = frozenset({"topic", "fits", "hear_yes", "hear_no", "events", "event", "my_data"}) | frozenset(
    {"case", "case_mine", "case_end", "case_unpublish"}
)
"""Buttons that say something by the way: a dialogue that waits for an answer goes on after them."""
ABOUT_A_PLACE = (*my_events.BUTTONS, *event_offers.BUTTONS, *self_check_in.BUTTONS, "party_is")
ENDS = {
    **dict.fromkeys(ABOUT_A_PLACE, (party_size.PARTY_STEP,)),
    "stars": (event_feedback.WORD_STEP,),
    **dict.fromkeys(preferences.BUTTONS, preference_steps.OWN_STEPS),
}
"""Buttons that end these dialogues, or begin them; any other goes on after them."""
LEAVES_THE_QUESTION = frozenset({"quiet", "continued", "notices_answer", "hear_answer"})
"""Routes after which a question that asks for a yes may still be answered in words. After any other that was said or
shown, a mere word is about something else."""


def build_routes(desk: Desk) -> tuple[Route, ...]:
    """Ends any question that asks for a yes with the next thing that is said."""
    return tuple(row if row.name in LEAVES_THE_QUESTION else _past_the_question(row) for row in _table(desk))


def _table(desk: Desk) -> tuple[Route, ...]:
    def route(name: str, matches: Callable[[Turn], bool], handler: Handler, *steps: str) -> Route:
        return Route(name, matches, partial(_noticed, handler, desk), steps)

    return (
        Route("welcome", _is("follow"), lambda turn: welcome.welcome(turn, desk)),
        Route("quiet", _is(*WITHOUT_A_WORD), lambda turn: fallback.keep_quiet(turn, desk)),
        route("case_words", _writes_to_a_citizen, case_desk_writing.words_told, case_desk_steps.WORDS_STEP),
        Route("urgent", _is_urgent, lambda turn: faq.question_asked(turn, desk)),  # nothing comes before the hotlines
        Route("storm", lambda turn: turn.braking, lambda turn: storm.ask_for_pause(turn, desk)),
        route("link", _is("link"), account_link.link_returned),
        route("link_code", link_account.has_code, _beside_a_dialogue(link_account.code_given)),  # is never logged
        route("claim", claim.has_code, _beside_a_dialogue(claim.code_given)),  # neither is this one
        route("check_in", partial(self_check_in.has_code, desk), _beside_a_dialogue(self_check_in.code_given)),
        route("review", _reviews, review_taps.begin),
        route("announce", _announces, announce.start),
        route("cases", _works_on_cases, case_desk.begin),
        route("leave", _leaves, preference_steps.keeping(party_size.keeping(menu.leave_dialogue))),
        route("menu", _says(menu.MENU_WORDS), menu.show_menu),
        route("help", _says(menu.HELP_WORDS), menu.show_help),
        route("data", preferences.says(my_data.SHOW_WORDS), _button("my_data")),
        route("erase", my_data.says(my_data.ERASE_WORDS), my_data_steps.ask),
        Route("erased", my_data_steps.says_yes, lambda turn: my_data_steps.erased(turn, desk)),  # nothing more is said
        Route(
            "erased_before",
            lambda turn: my_data_steps.says_yes_again(turn, desk),
            lambda turn: my_data_steps.erased_before(turn, desk),
        ),
        route("staff_asked", preferences.says(ask_staff.WORDS), _button("staff")),
        route("mine", _says(my_events.WORDS), _button("mine")),
        route("leave_event", _says(my_events.LEAVE_WORDS), _beside_a_dialogue(my_events.choose_to_leave)),
        route("line_ends", case_line.says_end, _beside_a_dialogue(case_line.ended)),
        route("cases_mine", case_status.says_mine, _button("case_mine")),
        route("case_asked", case_status.asks, _button("case")),
        route("seat_answer", _is_for_the_bot(event_offers.is_answered), event_offers.answered),
        route("notices_answer", _is_for_the_bot(notice_ask.is_answered), notice_ask.answered),
        route("hear_answer", _is_for_the_bot(hear_back.is_answered), hear_back.answered),
        route("preferences", preferences.says(preferences.SHOW_WORDS), _button("prefer")),
        route("news_settings", preferences.says(preferences.NEWS_WORDS), _button("prefer_news")),
        route("language", preference_more.names_language, _beside_a_dialogue(preference_more.language_typed)),
        route("notices_on", preferences.says(preferences.ON_WORDS), _button("prefer_on")),
        route("notices_off", preferences.says(preferences.OFF_WORDS), _button("notice_off")),
        route("no_hear_back", _wants_no_hear_back, _beside_a_dialogue(hear_back.withdrawn)),
        Route("with_person", case_line.is_on, lambda turn: case_line.heard(turn, desk)),  # the bot says nothing at all
        route("notices_stop", preferences.may_mean_notices, preferences.ask_what_to_stop),
        route("button.old", _is_out_of_date, fallback.stale_button),
        *(route(f"button.{action}", partial(_pressed, action), _button(action)) for action in BUTTONS),
        route("button.stale", _is("postback"), fallback.stale_button),
        route("left_for_staff", ask_staff.is_sent_something, ask_staff.something_sent),
        route("intake_place", intake.is_shown_a_place, intake_steps.place_shown),
        route("intake_picture", intake.is_sent_a_picture, intake_steps.picture_sent),
        route("own_district", preference_steps.is_shown_a_place, preference_steps.district_shown),
        route("place", _is("location"), _beside_a_dialogue(shared.place_received)),
        route("shared", _is("media", *SHARED), _beside_a_dialogue(shared.received)),
        route("district", shared.corrects_district, _beside_a_dialogue(shared.district_corrected)),
        route(
            "signing_up", sign_up_aside.is_meant, sign_up_aside.meant
        ),  # a name that sounds like a question is no question
        *(route(name, partial(_waits_for, name), STEPS[name].take, name) for name in TAKEN_AS_THEY_ARE),
        route("in_between", dialogue.is_interrupted, _in_between),
        *(
            route(name, partial(_waits_for, name), step.take, name)
            for name, step in STEPS.items()
            if name not in {*TAKEN_AS_THEY_ARE, case_desk_steps.WORDS_STEP}
        ),
        Route("continued", _continues, lambda turn: faq.continued(turn, desk)),
        route("events_asked", event_questions.asks, event_questions.answer),
        route("left_lying", sign_up_aside.is_left_lying, sign_up_aside.offer_what_lies),
        route(
            "question",
            _is("text"),
            case_pass_on.offering(notice_ask.offering(hear_back.offering(address.greeting(faq.question_asked)))),
        ),
    )


def is_command(text: str) -> bool:
    """True for the words that mean one thing whatever was said before."""
    means_itself = plain_words(text) in COMMANDS or preferences.is_command(text) or my_data.is_command(text)
    means_itself |= preferences.is_one_of(text, ask_staff.WORDS)
    means_itself = means_itself or case_status.is_command(text) or case_line.is_end(text)
    return means_itself or link_account.find_code(text) is not None or _is_code(text)


def _is_code(text: str) -> bool:
    return claim.find_code(text) is not None or self_check_in.find_code(text) is not None


def _past_the_question(row: Route) -> Route:
    def handle(turn: Turn) -> Reply:
        memory = hear_back.without_question(notice_ask.without_question(turn.memory))
        return row.handle(replace(turn, memory=memory))

    return replace(row, handle=handle)


def _noticed(handler: Handler, desk: Desk, turn: Turn) -> Reply:
    reply = case_line.minding(turn, desk, handler(turn, desk))
    return welcome.with_notice(turn, desk, hear_back.with_news(turn, desk, reply))


def _button(action: str) -> Handler:
    if action in ENDS:
        return _ending(ENDS[action], BUTTONS[action])
    return _beside_a_dialogue(BUTTONS[action]) if action in ASIDE else BUTTONS[action]


def _beside_a_dialogue(handler: Handler) -> Handler:
    """Says what it has to say; a dialogue that was waiting for something then says so again."""

    def answer(turn: Turn, desk: Desk) -> Reply:
        reply = handler(turn, desk)
        step = STEPS.get(turn.memory.step or "")
        if step is None or not reply.messages:
            return replace(reply, memory=replace(reply.memory, step=turn.memory.step, data=turn.memory.data))
        return dialogue.resume(turn, desk, reply, step)

    return answer


def _ending(steps: tuple[str, ...], handler: Handler) -> Handler:
    beside = _beside_a_dialogue(handler)

    def answer(turn: Turn, desk: Desk) -> Reply:
        if turn.memory.step in {None, *steps}:
            return handler(replace(turn, memory=turn.memory.without_step()), desk)
        return beside(turn, desk)

    return answer


def _in_between(turn: Turn, desk: Desk) -> Reply:
    step = STEPS[turn.memory.step or ""]
    if event_questions.asks(turn):
        return dialogue.resume(turn, desk, event_questions.answer(turn, desk), step, held=step.hold(turn))
    return dialogue.answer_in_between(turn, desk, step)


def _is(*kinds: str) -> Callable[[Turn], bool]:
    return lambda turn: turn.incoming.kind in kinds


def _is_urgent(turn: Turn) -> bool:
    return turn.understanding is not None and turn.understanding.decision.urgent


def _continues(turn: Turn) -> bool:
    return turn.understanding is not None and turn.understanding.continues


def _says(words: frozenset[str]) -> Callable[[Turn], bool]:
    """A text that is one of these words and nothing more."""
    return lambda turn: turn.incoming.kind == "text" and plain_words(turn.incoming.text) in words


def _is_for_the_bot(matches: Callable[[Turn], bool]) -> Callable[[Turn], bool]:
    """Not while a person is on the line: what is typed then is for them."""
    return lambda turn: matches(turn) and not case_line.is_on(turn)


def _wants_no_hear_back(turn: Turn) -> bool:
    return _says(hear_back.WITHDRAW_WORDS)(turn) or _is_for_the_bot(_says(hear_back.ALSO_WITHDRAW))(turn)


def _reviews(turn: Turn) -> bool:
    """From anybody who may not review it is a question like any other."""
    return _says(review_taps.WORDS)(turn) and review_card.find_reviewer(turn) is not None


def _announces(turn: Turn) -> bool:
    """From anybody who may not write notices it is a question like any other."""
    return _says(announce.WORDS)(turn) and announce_steps.find_author(turn) is not None


def _works_on_cases(turn: Turn) -> bool:
    """From anybody who may not it is a question like any other."""
    return _says(case_desk.WORDS)(turn) and case_desk_steps.find_worker(turn) is not None


def _writes_to_a_citizen(turn: Turn) -> bool:
    """Whatever danger these words speak of is not the writer's own: a person reads them before anybody acts."""
    meant = case_desk_writing.is_writing(turn)
    return meant and not is_command(turn.incoming.text) and not _says(case_desk.WORDS)(turn)


def _leaves(turn: Turn) -> bool:
    return turn.memory.step is not None and _says(menu.LEAVE_WORDS)(turn)


def _waits_for(step: str, turn: Turn) -> bool:
    return turn.memory.step == step and turn.incoming.kind == "text"


def _pressed(action: str, turn: Turn) -> bool:
    return turn.pressed is not None and turn.pressed.action == action


def _is_out_of_date(turn: Turn) -> bool:
    """A button of a dialogue that is over, or one that acts upon something long past."""
    if turn.pressed is None:
        return False
    acts_upon_a_question = bool(turn.pressed.arguments.get("q") or turn.pressed.arguments.get("r"))
    too_old = acts_upon_a_question and turn.now - turn.pressed.made_at > GOOD_FOR
    return (turn.pressed.action in GROW_OLD and too_old) or not dialogue.is_button_of_this(turn)
