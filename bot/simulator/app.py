"""Puts a simulator together."""

from __future__ import annotations

from flask import Flask, Response, jsonify, redirect
from werkzeug.wrappers import Response as AnyResponse

from bot.simulator.account_gestures import build_account_gestures
from bot.simulator.config import SimulatorConfig
from bot.simulator.control import build_control
from bot.simulator.group_control import build_group_control
from bot.simulator.inspection import build_inspection
from bot.simulator.menu_control import build_menu_control
from bot.simulator.phone import build_phone
from bot.simulator.platform import build_platform
from bot.simulator.refusals import NotKnown, Refused
from bot.simulator.sender import Sender
from bot.simulator.settings_control import build_settings_control
from bot.simulator.state import State


def create_simulator(config: SimulatorConfig) -> Flask:
    """A simulator with its own memory. `app.extensions["close_simulator"]()` ends its threads."""
    app = Flask("bot.simulator", static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    state = State(config)
    sender = Sender(state)
    app.extensions["close_simulator"] = sender.close
    app.register_blueprint(build_platform(state, sender))
    app.register_blueprint(build_control(state, sender))
    app.register_blueprint(build_group_control(state, sender))
    app.register_blueprint(build_menu_control(state, sender))
    app.register_blueprint(build_account_gestures(state, sender))
    app.register_blueprint(build_settings_control(state))
    app.register_blueprint(build_inspection(state, sender))
    app.add_url_rule("/simulator/", "home", _to_phone)
    app.register_error_handler(Refused, _say_no)
    app.register_blueprint(build_phone(loopback_pictures=config.loopback_pictures))
    return app


def _to_phone() -> AnyResponse:
    return redirect("/simulator/phone")


def _say_no(refused: Refused) -> tuple[Response, int]:
    return jsonify({"message": str(refused)}), 404 if isinstance(refused, NotKnown) else 400
