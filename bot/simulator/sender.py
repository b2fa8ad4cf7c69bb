"""The sender: signs webhooks, posts them to the bot, and delivers again what was not answered."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import urllib3

from bot.simulator import events
from bot.simulator.journal import Row
from bot.simulator.later import Later
from bot.simulator.refusals import NotKnown
from bot.simulator.state import BOT_USER_ID, State

EVENTS_KEPT = 50_000
Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    status: int | None
    ms: float
    result: str
    """In the words of LINE's error statistics."""


def sign(body: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


class Sender:
    """Safe to share between threads. Close it when done: it owns threads and connections."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._threads = ThreadPoolExecutor(state.config.sender_threads, thread_name_prefix="webhook")
        self._connections = urllib3.PoolManager(
            maxsize=state.config.sender_threads + 32,
            retries=False,
            timeout=urllib3.Timeout(state.config.webhook_seconds),
        )
        self._lock = threading.Lock()
        self._sent: OrderedDict[str, Event] = OrderedDict()
        self._later = Later(self._threads)
        self._resets = 0

    def send(
        self,
        batch: Sequence[Event],
        *,
        destination: str = BOT_USER_ID,
        signature: str | None = None,
        signed: bool = True,
        url: str | None = None,
    ) -> Outcome:
        """Posts the events in one signed request and waits for the bot's answer."""
        self._remember(batch)
        outcome = Outcome(None, 0.0, "held")
        for each in self._state.webhook_faults.arrange(batch) if batch else [batch]:
            outcome = self._post(_body(each, destination), signature=signature, signed=signed, url=url)
            if each and not _is_accepted(outcome) and self._state.redelivery:
                self._deliver_again_later(each, destination, tries=0)
        return outcome

    def send_soon(self, batch: Sequence[Event]) -> None:
        self._threads.submit(self.send, batch)

    def send_raw(self, body: bytes, *, signature: str | None, signed: bool = True) -> Outcome:
        """Posts exactly these bytes, under this signature if one is given, under none if `signed` is False."""
        return self._post(body, signature=signature, signed=signed)

    def redeliver(self, webhook_event_id: str) -> tuple[Outcome, Event]:
        """Raises NotKnown for an event that was not sent, or too long ago."""
        event = self._sent.get(webhook_event_id)
        if event is None:
            raise NotKnown(f"no event {webhook_event_id} was sent lately")
        return self._again([event], BOT_USER_ID), events.as_redelivered(event)

    def forget(self) -> None:
        """Nothing that was sent before is delivered again."""
        with self._lock:
            self._sent.clear()
            self._resets += 1
        self._later.forget()

    def close(self) -> None:
        self.forget()
        self._later.close()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._connections.clear()

    def _remember(self, batch: Sequence[Event]) -> None:
        with self._lock:
            for event in batch:
                if isinstance(event, dict) and isinstance(event.get("webhookEventId"), str):
                    self._sent[event["webhookEventId"]] = event
            while len(self._sent) > EVENTS_KEPT:
                self._sent.popitem(last=False)

    def _again(self, batch: Sequence[Event], destination: str) -> Outcome:
        now = self._state.clock.now()
        for event in batch:
            self._state.tokens.renew(str(event.get("replyToken")), now=now)
        return self._post(_body([events.as_redelivered(event) for event in batch], destination))

    def _deliver_again_later(self, batch: Sequence[Event], destination: str, *, tries: int) -> None:
        delays, resets = self._state.config.redelivery_delays, self._resets
        if tries >= len(delays):
            return

        def try_again() -> None:
            if self._resets == resets and not _is_accepted(self._again(batch, destination)):
                self._deliver_again_later(batch, destination, tries=tries + 1)

        self._later.run_in(delays[tries], try_again)

    def _post(
        self, body: bytes, *, signature: str | None = None, signed: bool = True, url: str | None = None
    ) -> Outcome:
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "LineBotWebhook/2.0"}
        if signed:
            headers["x-line-signature"] = signature or sign(body, self._state.config.channel_secret)
        url = url or self._state.webhook_url
        at, started = self._state.clock.now(), time.monotonic()
        status, answer, result = None, b"", "success"
        try:
            response = self._connections.request("POST", url, body=body, headers=headers, redirect=False)
            status, answer = response.status, response.data
            result = "success" if 200 <= status < 300 else "error_status_code"
        except urllib3.exceptions.ConnectTimeoutError:
            result = "could_not_connect"
        except urllib3.exceptions.TimeoutError:
            result = "request_timeout"
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.LocationValueError):
            result = "could_not_connect"
        except urllib3.exceptions.HTTPError:
            result = "unclassified"
        ms = (time.monotonic() - started) * 1000
        if status is not None and ms > self._state.config.webhook_seconds * 1000:
            status, result = None, "request_timeout"
        self._write_down(body, at=at, url=url, answer=answer, outcome=(outcome := Outcome(status, ms, result)))
        return outcome

    def _write_down(self, body: bytes, *, at: float, url: str, answer: bytes, outcome: Outcome) -> None:
        request = _loaded(body)
        batch = request.get("events") if isinstance(request, dict) else None
        carried = [event for event in batch if isinstance(event, dict)] if isinstance(batch, list) else []
        sources = [event["source"] for event in carried if isinstance(event.get("source"), dict)]
        path = urlsplit(url).path
        self._state.journal.add(
            Row(
                at=at, kind="webhook", method="POST", path=path, family=path,
                status=outcome.status, ms=outcome.ms, result=outcome.result,
                user_ids=tuple(str(source["userId"]) for source in sources if source.get("userId")),
                webhook_event_ids=tuple(str(event.get("webhookEventId")) for event in carried),
                request=request, response=_loaded(answer), weight=len(body) + len(answer),
            )
        )  # fmt: skip


def _body(batch: Sequence[Event], destination: str) -> bytes:
    whole = {"destination": destination, "events": list(batch)}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")


def _loaded(body: bytes) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _is_accepted(outcome: Outcome) -> bool:
    return outcome.result == "success"
