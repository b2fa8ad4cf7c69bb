"""LINE's door: check the signature, save every event, answer 200. Nothing else happens while LINE waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, request

from bot import clock, logs
from bot.line import limits, signature, webhook
from bot.queue.inbox import Arrived, Delivery, Inbox, NotStored, Odd
from bot.settings import Settings
from bot.storage import channel
from bot.storage.engine import Database
from bot.vault import Vault
from bot.web.body import BodyRefused, read_body

log = logs.get(__name__)

KINDS_WITH_A_TURN = frozenset({"message", "postback", "follow", "unfollow", "unsend", "accountLink"})
KINDS_IN_A_GROUP = frozenset({"message", "messageEdited", "postback", "unsend", "join", "leave", "memberJoined"})
KINDS_OF_THE_CHANNEL = frozenset({"botSuspended", "botResumed"})
QUARANTINED_BYTES = 64_000
ASK_AGAIN_SECONDS = 30.0


class Ourselves:
    """Our own id at LINE, asked of the database now and then; None until a worker has learnt it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._known: str | None = None
        self._asked_at = float("-inf")

    def bot_user_id(self) -> str | None:
        if self._known is not None or time.monotonic() - self._asked_at < ASK_AGAIN_SECONDS:
            return self._known
        with self._lock:
            self._asked_at = time.monotonic()
            try:
                with self._database.reading() as db:
                    self._known = channel.find_bot_user_id(db)
            except Exception as error:  # noqa: BLE001 - not knowing is allowed; storing the events will tell the rest
                log.warning("webhook.who_are_we", error=type(error).__name__)
        return self._known


def blueprint(
    *, settings: Settings, inbox: Inbox, vault: Vault, ourselves: Ourselves, now: Callable[[], datetime] = clock.now
) -> Blueprint:
    pages = Blueprint("line", __name__, url_prefix="/line")

    @pages.post("/webhook")
    def receive() -> Response:
        received_at = now()
        try:
            body = read_body(request.environ, most=limits.WEBHOOK_BYTES)
        except BodyRefused as refused:
            return _answer(refused.status)
        given = request.headers.get("X-Line-Signature")
        if not signature.is_genuine(body, given, settings.channel_secrets(received_at)):
            log.info("webhook.not_genuine", size=len(body))
            return _answer(401)
        found = webhook.read_webhook(body, bot_user_id=ourselves.bot_user_id())
        try:
            inbox.put(
                Delivery(
                    received_at,
                    arrived=[_arrived(event, vault) for event in found.events],
                    odd=[_odd(malformed, vault) for malformed in found.malformed],
                )
            )
        except NotStored as failure:
            log.warning("webhook.not_stored", why=str(failure))
            return _answer(503)
        return _answer(200)

    return pages


def _answer(status: int) -> Response:
    return Response("", status=status, content_type="text/plain; charset=utf-8")


def _arrived(event: webhook.WireEvent, vault: Vault) -> Arrived:
    """In groups nothing is kept of what is not meant for us but that something happened."""
    lane = _lane(event, vault)
    payload = None
    if lane is not None or event.group_id is None:
        overheard = event.group_id is not None and event.kind == "messageEdited" and not event.mentions_us
        payload = vault.seal(webhook.dump_event(event, without_words=overheard))
    return Arrived(
        event_id=event.event_id, kind=event.kind, lane=lane, occurred_at=event.occurred_at, payload=payload
    )  # fmt: skip


def _lane(event: webhook.WireEvent, vault: Vault) -> str | None:
    """Who waits for whom: a person's turns come one after another, and so do a group's. None: there is no turn.

    An unfollow does not wait for the turns before it: they may be waiting for a LINE that is away.
    """
    if event.standby:
        return None
    if event.kind in KINDS_OF_THE_CHANNEL:
        purpose, whose = "lane/channel", ""
    elif event.group_id is not None:
        if event.kind not in KINDS_IN_A_GROUP or (event.kind == "message" and not event.mentions_us):
            return None
        purpose, whose = "lane/group", event.group_id
    elif event.user_id is not None and event.kind in KINDS_WITH_A_TURN:
        purpose, whose = ("lane/leaving" if event.kind == "unfollow" else "lane"), event.user_id
    else:
        return None
    return vault.keyed_hash(purpose, whose, length=32)


def _odd(malformed: webhook.Malformed, vault: Vault) -> Odd:
    log.warning("webhook.quarantined", reason=malformed.reason, size=len(malformed.raw))
    return Odd(malformed.reason[:80], len(malformed.raw), vault.seal(malformed.raw[:QUARANTINED_BYTES]))
