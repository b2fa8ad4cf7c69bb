"""The simulator as a process of its own, under gunicorn."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys

import pytest
import urllib3

from tests.bot.simulator.desk import PUSH, SECRET, SOMSRI, TOKEN, Desk, RememberingBot, wait_until


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _answers(desk: Desk) -> bool:
    try:
        return desk.call("GET", "/simulator/api/people").status == 200
    except urllib3.exceptions.HTTPError:
        return False


def test_it_runs_cuts_connections_and_stops_on_a_signal(remembering_bot: RememberingBot) -> None:
    port = _free_port()
    command = [sys.executable, "-m", "bot.simulator", "--port", str(port), "--webhook-url", remembering_bot.url,
               "--channel-secret", SECRET, "--channel-token", TOKEN, "--quota", "5", "--redelivery",
               "--rate-limits", "--loopback-pictures"]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        desk = Desk(f"http://127.0.0.1:{port}")
        try:
            wait_until(lambda: _answers(desk), seconds=20)
            assert desk.write()["status"] == 200
            assert desk.reply(remembering_bot.last_token).status == 200
            assert desk.api("GET", "/limits")["bySecond"] is True
            assert "http://localhost:*" in desk.call("GET", "/simulator/phone").headers["Content-Security-Policy"]
            assert desk.line("GET", "/v2/bot/message/quota").json == {"type": "limited", "value": 5}
            desk.api("POST", "/faults", {"path": PUSH, "cut": True, "when": "after"})
            with pytest.raises(urllib3.exceptions.ProtocolError):
                desk.push(SOMSRI)
            assert desk.push(SOMSRI).status == 200
            assert desk.api("GET", "/stats")["billed"] == 2
            desk.pool.clear()
            process.send_signal(signal.SIGTERM)
            printed, _ = process.communicate(timeout=15)
        finally:
            process.kill()
    assert process.returncode == 0
    assert printed.startswith(f"LINE simulator: http://127.0.0.1:{port}/simulator/ sends webhooks to ")
    assert "Traceback" not in printed
