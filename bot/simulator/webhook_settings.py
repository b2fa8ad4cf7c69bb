"""The webhook's address: told, changed and tried by the bot itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.simulator.answering import Answer, Call
from bot.simulator.endpoints import Endpoint
from bot.simulator.refusals import ApiRefusal, Problem
from bot.simulator.rules.messages import refuse_if_wrong
from bot.simulator.rules.node import Node, is_uri
from bot.simulator.sender import Sender
from bot.simulator.state import State

LONGEST_ADDRESS = 500
REASONS = {"success": "OK", "error_status_code": "ERROR_STATUS_CODE", "request_timeout": "REQUEST_TIMEOUT",
           "could_not_connect": "COULD_NOT_CONNECT", "unclassified": "UNCLASSIFIED"}  # fmt: skip


def list_endpoints(state: State, sender: Sender) -> list[Endpoint]:
    settings = _Settings(state, sender)
    path = "/v2/bot/channel/webhook"
    return [
        Endpoint("GET", f"{path}/endpoint", "webhook-get", settings.get),
        Endpoint("PUT", f"{path}/endpoint", "webhook-set", settings.set),
        Endpoint("POST", f"{path}/test", "webhook-test", settings.test),
    ]


@dataclass(frozen=True, slots=True)
class _Settings:
    state: State
    sender: Sender

    def get(self, _call: Call) -> Answer:
        if not self.state.webhook_url:
            raise ApiRefusal(404, "Not found", "webhook-address-known")
        return Answer({"endpoint": self.state.webhook_url, "active": True})

    def set(self, call: Call) -> Answer:
        address = self._read_address(call, required=True)
        if address is not None:
            self.state.webhook_url = address
        return Answer({})

    def test(self, call: Call) -> Answer:
        """Sends no events, signed, and tells what came of it."""
        address = self._read_address(call, required=False)
        outcome = self.sender.send([], url=address)
        return Answer(
            {
                "success": outcome.result == "success",
                "timestamp": datetime.fromtimestamp(self.state.clock.now(), tz=UTC).isoformat(timespec="milliseconds"),
                "statusCode": outcome.status or 0,
                "reason": REASONS.get(outcome.result, "UNCLASSIFIED"),
                "detail": str(outcome.status or outcome.result),
            }
        )

    def _read_address(self, call: Call, *, required: bool) -> str | None:
        """HTTPS, or this very machine, whose bot has no certificate."""
        problems: list[Problem] = []
        body = Node(call.body, "", problems)
        address = body.text("endpoint", "webhook-address", most=LONGEST_ADDRESS, required=required)
        local = address is not None and address.startswith(("http://127.0.0.1:", "http://localhost:"))
        if address is not None and not local and not is_uri(address, ("https",)):
            body.refuse("webhook-address", "Invalid webhook endpoint URL", "endpoint")
        refuse_if_wrong(problems)
        return address
