"""`python -m bot.simulator`: the simulator under gunicorn, one process, many threads."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from flask import Flask
from gunicorn.app.base import BaseApplication

from bot.simulator.app import create_simulator
from bot.simulator.config import SimulatorConfig


class _Server(BaseApplication):  # type: ignore[misc] # gunicorn has no types
    def __init__(self, config: SimulatorConfig, *, bind: str, threads: int) -> None:
        self._config = config
        self._bind = bind
        self._threads = threads
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": self._bind,
            "worker_class": "gthread",
            "workers": 1,
            "threads": self._threads,
            "keepalive": 75,  # long enough that a client's pool closes first
            "timeout": 0,
            "graceful_timeout": 2,
            "control_socket_disable": True,
            "loglevel": "warning",
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return create_simulator(self._config)


def main(arguments: Sequence[str] | None = None) -> None:
    given = _parser().parse_args(arguments)
    config = SimulatorConfig(
        webhook_url=given.webhook_url,
        channel_secret=given.channel_secret,
        channel_token=given.channel_token,
        quota=given.quota,
        redelivery=given.redelivery,
        verified=given.verified,
        limits_by_the_second=given.rate_limits,
        loopback_pictures=given.loopback_pictures,
        login_channel_secret=given.login_channel_secret,
        login_callbacks=tuple(given.login_callback),
    )
    bind = f"{given.host}:{given.port}"
    print(f"LINE simulator: http://{bind}/simulator/ sends webhooks to {given.webhook_url}", flush=True)
    _Server(config, bind=bind, threads=given.threads).run()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--webhook-url", default="http://127.0.0.1:8000/line/webhook")
    parser.add_argument("--channel-secret", required=True)
    parser.add_argument("--channel-token", required=True)
    parser.add_argument("--quota", type=int, help="billed recipients a month; without it there is no limit")
    parser.add_argument("--redelivery", action="store_true", help="deliver again what the bot did not answer with 2xx")
    parser.add_argument("--verified", action="store_true", help="an account that may list its followers")
    parser.add_argument("--rate-limits", action="store_true", help="keep LINE's limits by the second, too")
    parser.add_argument(
        "--loopback-pictures",
        action="store_true",
        help="take pictures over plain HTTP from this machine, which LINE refuses",
    )
    parser.add_argument("--login-channel-secret", help="of the LINE Login channel; else it is the channel secret")
    parser.add_argument("--login-callback", action="append", default=[], help="a registered address; else any will do")
    parser.add_argument("--threads", type=int, default=32)
    return parser


if __name__ == "__main__":
    main()
