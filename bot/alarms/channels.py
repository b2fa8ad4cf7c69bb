"""How somebody is told: by mail, and by a POST to an address of theirs. Every channel raises NotTold, and nothing
else."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit

import requests

from bot.alarms.words import Told
from bot.settings import Settings

TIMEOUT_SECONDS = 10.0
SENDER = "civicbot"

Channel = Callable[[Told], None]


class NotTold(Exception):
    """`channel` is its name; the text says why, without a secret in it."""

    def __init__(self, channel: str, why: str) -> None:
        super().__init__(f"{channel}: {why}")
        self.channel = channel


def of_settings(settings: Settings) -> dict[str, Channel]:
    """Those that are set, by name."""
    channels: dict[str, Channel] = {}
    if settings.alarm_email:
        recipients = [one.strip() for one in settings.alarm_email.split(",") if one.strip()]
        channels["email"] = mail(settings.smtp_url.get_secret_value(), recipients)
    if settings.alarm_webhook.get_secret_value():
        channels["webhook"] = webhook(settings.alarm_webhook.get_secret_value())
    return channels


def mail(url: str, recipients: Sequence[str]) -> Channel:
    """`smtps://` is encrypted from the first byte on; with `smtp://` STARTTLS is used where the server offers it, and
    a password is sent only then, or to this very machine."""
    server = urlsplit(url)
    host = server.hostname or ""

    def tell(told: Told) -> None:
        try:
            with _opened(server.scheme, host, server.port) as connection:
                if server.username:
                    _sign_in(connection, server.scheme, host, unquote(server.username), unquote(server.password or ""))
                connection.send_message(_letter(told, recipients, server.username, host))
        except (OSError, ValueError, smtplib.SMTPException) as error:  # ValueError: an address that is none
            raise NotTold("email", type(error).__name__) from error

    return tell


def webhook(url: str) -> Channel:
    """JSON: `text`, which common chat systems show as it is, and `alarms` and `over` for programs."""

    def tell(told: Told) -> None:
        body: dict[str, Any] = {"text": f"{told.subject}\n{told.text}", "alarms": list(told.names), "over": told.over}
        try:
            answer = requests.post(url, json=body, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        except requests.RequestException as error:
            raise NotTold("webhook", type(error).__name__) from error
        if not 200 <= answer.status_code < 300:
            raise NotTold("webhook", f"it answered {answer.status_code}")

    return tell


def _opened(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    connection = smtplib.SMTP(host, port or 587, timeout=TIMEOUT_SECONDS)
    connection.ehlo()
    if connection.has_extn("starttls"):
        connection.starttls(context=ssl.create_default_context())
        connection.ehlo()
    return connection


def _sign_in(connection: smtplib.SMTP, scheme: str, host: str, user: str, password: str) -> None:
    encrypted = scheme == "smtps" or isinstance(connection.sock, ssl.SSLSocket)
    if not encrypted and host not in {"localhost", "127.0.0.1", "::1"}:
        raise NotTold("email", "the server offers no encryption: a password is not sent to it")
    connection.login(user, password)


def _letter(told: Told, recipients: Sequence[str], user: str | None, host: str) -> EmailMessage:
    letter = EmailMessage()
    sender = unquote(user) if user else ""
    letter["From"] = sender if "@" in sender else f"{SENDER}@{host}"
    letter["To"] = ", ".join(recipients)
    letter["Subject"] = told.subject
    letter.set_content(told.text)
    return letter
