"""Settings in, assembled parts out. Built once a process, after forking, and passed down."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from bot.backups import places
from bot.cases import rules as case_rules
from bot.conversation.postback import Buttons
from bot.conversation.turn import GroupTurn
from bot.faq.library import Library
from bot.line.gateway import LineGateway
from bot.line.rich_menu import RichMenu, Tile
from bot.messages import Message, Messenger
from bot.notices import rules
from bot.queue.inbox import Inbox
from bot.queue.wakeup import Wakeup, open_wakeup
from bot.settings import Settings
from bot.storage.engine import Database, open_database
from bot.tasks.tools import Tools
from bot.vault import Vault
from handlers import claim, group, link_account, rich_menu
from handlers.desk import Desk
from handlers.routes import build_routes, is_command


@dataclass(frozen=True, slots=True)
class Parts:
    """What every process needs."""

    settings: Settings
    database: Database
    vault: Vault
    wakeup: Wakeup


def assemble(settings: Settings, *, threads: int) -> Parts:
    """`threads` is how many may use the database at once."""
    return Parts(
        settings=settings,
        database=open_database(settings.database, pool_size=threads + 4),
        vault=Vault(settings.secrets),
        wakeup=open_wakeup(database_url=settings.database, redis_url=settings.redis_url),
    )


def inbox_of(parts: Parts) -> Inbox:
    return Inbox(parts.database, wake=parts.wakeup.knock)


def messenger_of(settings: Settings) -> Messenger:
    return gateway_of(settings)


def gateway_of(settings: Settings) -> LineGateway:
    return LineGateway(
        token=settings.channel_access_token.get_secret_value(),
        host=settings.line_api_url,
        connections=settings.worker_threads + 4,
    )


def rich_menu_of(settings: Settings, *, language: str) -> RichMenu:
    """The menu under the chat, its buttons signed. Raises MenuRefused."""
    return rich_menu.build(rich_menu.read_shape(), language, Buttons(Vault(settings.secrets)))


def menu_tiles_in(language: str) -> tuple[Tile, ...]:
    """What that menu shows: it needs no settings. Raises MenuRefused."""
    return rich_menu.tiles_of(rich_menu.read_shape(), language)


def tools_of(parts: Parts, messenger: Messenger) -> Tools:
    settings = parts.settings
    buttons = Buttons(parts.vault)
    notice_rules = rules.of(settings)
    desk = Desk(
        buttons=buttons, vault=parts.vault, facts=settings.facts, base_url=settings.base_url,
        storm_misses=settings.storm_misses, notice_rules=notice_rules, case_rules=case_rules.of(settings),
        backup_days=settings.backup_keep_days,
    )  # fmt: skip
    return Tools(
        database=parts.database,
        vault=parts.vault,
        buttons=buttons,
        library=Library(parts.database),
        messenger=messenger,
        routes=build_routes(desk),
        answer_in_group=partial(answer_in_group, desk),
        is_command=is_command,
        push_daily_cap=settings.push_daily_cap,
        person_pace=settings.person_pace,
        notice_rules=notice_rules,
        case_rules=case_rules.of(settings),
        keeping=settings,
        backups=places.plan_of(settings),
    )


def answer_in_group(desk: Desk, turn: GroupTurn) -> tuple[Message, ...]:
    """A code, for linking an account or claiming a ticket, is refused before anything else: it must not be logged as a
    question."""
    refused = link_account.refuse_in_group(desk, turn) or claim.refuse_in_group(desk, turn)
    return refused or group.answer(desk, turn)
