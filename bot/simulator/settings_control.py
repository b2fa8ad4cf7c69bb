"""The control API's part for settings: what the account is like, and which limits LINE keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify

from bot.simulator.refusals import Refused
from bot.simulator.state import State
from bot.simulator.telling import read_body


def build_settings_control(state: State) -> Blueprint:
    blueprint = Blueprint("simulator_settings", __name__, url_prefix="/simulator/api")
    board = _Board(state)
    blueprint.add_url_rule("/config", "configure", board.configure, methods=["POST"])
    blueprint.add_url_rule("/limits", "limits", board.describe_limits)
    blueprint.add_url_rule("/limits", "limit", board.limit, methods=["POST"])
    return blueprint


class _Board:
    def __init__(self, state: State) -> None:
        self._state = state
        self._settings: dict[str, Callable[[Any], None]] = {
            "webhookUrl": self._set_webhook_url,
            "redelivery": self._set_redelivery,
            "token": self._set_token,
            "verified": self._set_verified,
            "quota": self._set_quota,
            "chatMode": self._set_chat_mode,
            "markAsReadMode": self._set_mark_as_read_mode,
            "loginAlgorithm": self._set_login_algorithm,
            "managerMenu": self._set_manager_menu,
        }

    def configure(self) -> Response:
        body = read_body()
        unknown = body.keys() - self._settings
        if unknown:
            raise Refused(f"there is no setting {', '.join(sorted(unknown))}")
        for name, change in self._settings.items():
            if name in body:
                change(body[name])
        return jsonify(
            {
                "webhookUrl": self._state.webhook_url,
                "redelivery": self._state.redelivery,
                "quota": self._state.quota.limit,
                "verified": self._state.verified,
                "chatMode": self._state.chat_mode,
                "markAsReadMode": self._state.mark_as_read_mode,
                "loginAlgorithm": self._state.login_algorithm,
                "managerMenu": self._state.manager_menu,
            }
        )

    def _set_webhook_url(self, value: Any) -> None:  # noqa: ANN401 - JSON
        self._state.webhook_url = str(value)

    def _set_redelivery(self, value: Any) -> None:  # noqa: ANN401 - JSON
        self._state.redelivery = bool(value)

    def _set_token(self, value: Any) -> None:  # noqa: ANN401 - JSON
        if value not in {"good", "revoked", "expired"}:
            raise Refused('"token" is good, revoked or expired')
        self._state.channel_tokens.set_standing(value)

    def _set_verified(self, value: Any) -> None:  # noqa: ANN401 - JSON
        self._state.verified = bool(value)

    def _set_quota(self, value: Any) -> None:  # noqa: ANN401 - JSON
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise Refused('"quota" is a whole number, or null for none')
        self._state.quota.set_limit(value)

    def _set_chat_mode(self, value: Any) -> None:  # noqa: ANN401 - JSON
        """With chat off, whatever people write is read by itself."""
        if value not in {"chat", "bot"}:
            raise Refused('"chatMode" is chat or bot')
        self._state.chat_mode = value
        self._state.mark_as_read_mode = "manual" if value == "chat" else "auto"

    def _set_mark_as_read_mode(self, value: Any) -> None:  # noqa: ANN401 - JSON
        if value not in {"auto", "manual"} or (value == "manual" and self._state.chat_mode == "bot"):
            raise Refused('"markAsReadMode" is auto, or, while "chatMode" is chat, manual')
        self._state.mark_as_read_mode = value

    def _set_login_algorithm(self, value: Any) -> None:  # noqa: ANN401 - JSON
        if value not in {"HS256", "ES256"}:
            raise Refused('"loginAlgorithm" is HS256, as on the web, or ES256, as in a native app')
        self._state.login_algorithm = value

    def _set_manager_menu(self, value: Any) -> None:  # noqa: ANN401 - JSON
        self._state.manager_menu = bool(value)

    def limit(self) -> Response:
        """`bySecond` and `byMinuteAndHour` switch LINE's numbers on and off; the other two have numbers of their own.

        `concurrency` is how many calls may be under way at once, `sameUser` how many `messages` in how many `seconds`
        one chat is pushed.
        """
        body = read_body()
        unknown = body.keys() - {"bySecond", "byMinuteAndHour", "concurrency", "sameUser"}
        if unknown:
            raise Refused(f"there is no limit {', '.join(sorted(unknown))}")
        if "bySecond" in body:
            self._state.rates.by_the_second = bool(body["bySecond"])
        if "byMinuteAndHour" in body:
            self._state.rates.slower = bool(body["byMinuteAndHour"])
        if "concurrency" in body:
            self._state.limits.set_at_once(body["concurrency"])
        if "sameUser" in body:
            self._state.limits.set_to_one_person(body["sameUser"])
        return self.describe_limits()

    def describe_limits(self) -> Response:
        rates, limits = self._state.rates, self._state.limits
        to_one = limits.to_one_person
        return jsonify(
            {
                "bySecond": rates.by_the_second,
                "byMinuteAndHour": rates.slower,
                "concurrency": limits.at_once,
                "sameUser": None if to_one is None else {"messages": to_one.messages, "seconds": to_one.seconds},
            }
        )
