"""The control API's second half: webhooks by hand, what happened, and what shall go wrong."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.simulator import events
from bot.simulator.faults import read_fault
from bot.simulator.refusals import Refused
from bot.simulator.sender import Outcome, Sender
from bot.simulator.state import BOT_USER_ID, State
from bot.simulator.telling import read_body

ROWS_AT_ONCE = 1_000
REPLIES_AT_ONCE = 100_000


def build_inspection(state: State, sender: Sender) -> Blueprint:
    blueprint = Blueprint("simulator_inspection", __name__, url_prefix="/simulator/api")
    desk = _Backstage(state, sender)
    for rule, view, method in (
        ("/webhook", desk.webhook, "POST"),
        ("/redeliver", desk.redeliver, "POST"),
        ("/journal", desk.journal, "GET"),
        ("/replies", desk.replies, "GET"),
        ("/sendings", desk.sendings, "GET"),
        ("/stats", desk.stats, "GET"),
        ("/faults", desk.list_faults, "GET"),
        ("/faults", desk.add_fault, "POST"),
        ("/faults", desk.clear_faults, "DELETE"),
        ("/webhook-faults", desk.order_webhook_fault, "POST"),
        ("/clock", desk.clock, "POST"),
        ("/reset", desk.reset, "POST"),
    ):
        blueprint.add_url_rule(rule, f"{view.__name__}", view, methods=[method])
    return blueprint


class _Backstage:
    def __init__(self, state: State, sender: Sender) -> None:
        self._state = state
        self._sender = sender

    def webhook(self) -> Response:
        body = read_body()
        signature, signed = body.get("signature"), body.get("signature", "") is not None
        if isinstance(body.get("raw"), str):
            raw = body["raw"].encode(errors="surrogatepass")
            return jsonify({**_said([self._sender.send_raw(raw, signature=signature, signed=signed)]), "events": []})
        given = body.get("events")
        if not isinstance(given, list):
            raise Refused('"events" is a list, or "raw" a text')
        batch = [events.complete(event, self._state) if isinstance(event, dict) else event for event in given]
        destination = str(body.get("destination", BOT_USER_ID))
        if body.get("send") is False:  # somebody else will deliver them: a load, say
            return jsonify({"status": None, "ms": None, "destination": destination, "events": batch})
        self._show(batch)
        times = max(int(body.get("repeat", 1)), 1)
        outcomes = [
            self._sender.send(batch, destination=destination, signature=signature, signed=signed) for _ in range(times)
        ]
        return jsonify({**_said(outcomes), "events": batch})

    def _show(self, batch: list[Any]) -> None:
        """What a person says by hand-made webhook is seen in the chat like anything else that they say."""
        for event in batch:
            message = event.get("message") if isinstance(event, dict) else None
            source = event.get("source") if isinstance(event, dict) else None
            chat_id = events.find_chat_id(source) if isinstance(source, dict) else None
            if isinstance(message, dict) and chat_id is not None:
                self._state.chats.say([chat_id], "person", message, str(message.get("id")))

    def redeliver(self) -> Response:
        outcome, event = self._sender.redeliver(str(read_body().get("webhookEventId")))
        return jsonify({**_said([outcome]), "events": [event]})

    def journal(self) -> Response:
        kind = request.args.get("kind")
        if kind not in {None, "call", "webhook"}:
            raise Refused('"kind" is call or webhook')
        after, limit = request.args.get("after", 0, int), request.args.get("limit", ROWS_AT_ONCE, int)
        return jsonify(self._state.journal.read(after=after, limit=limit, kind=kind, slim="slim" in request.args))

    def replies(self) -> Response:
        after, limit = request.args.get("after", 0, int), request.args.get("limit", REPLIES_AT_ONCE, int)
        return jsonify(self._state.ledger.read(after=after, limit=limit))

    def sendings(self) -> Response:
        after, limit = request.args.get("after", 0, int), request.args.get("limit", ROWS_AT_ONCE, int)
        return jsonify({"rows": self._state.ledger.read_folded(after=after, limit=limit)})

    def stats(self) -> Response:
        now = self._state.clock.now()
        return jsonify(
            {
                **self._state.journal.count(),
                "delivered": self._state.ledger.count(),
                "billed": self._state.quota.used(now),
                "quotaLeft": self._state.quota.left(now),
            }
        )

    def list_faults(self) -> Response:
        return jsonify(self._state.faults.list_all())

    def add_fault(self) -> Response:
        fault = read_fault(read_body())
        described = fault.as_json()
        self._state.faults.add(fault)
        return jsonify(described)

    def order_webhook_fault(self) -> Response:
        self._state.webhook_faults.order(read_body())
        return jsonify(self._state.webhook_faults.as_json())

    def clear_faults(self) -> Response:
        self._state.faults.clear()
        self._state.webhook_faults.clear()
        return jsonify({})

    def clock(self) -> Response:
        seconds = read_body().get("advance")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise Refused('"advance" is a number of seconds')
        return jsonify({"now": self._state.clock.advance(seconds)})

    def reset(self) -> Response:
        self._sender.forget()
        self._state.reset()
        return jsonify({})


def _said(outcomes: list[Outcome]) -> dict[str, Any]:
    """The last outcome, and every status where there were several."""
    last = outcomes[-1]
    said: dict[str, Any] = {"status": last.status, "ms": round(last.ms, 1), "result": last.result}
    return {**said, "statuses": [outcome.status for outcome in outcomes]} if len(outcomes) > 1 else said
