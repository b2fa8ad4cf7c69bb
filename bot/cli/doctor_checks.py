"""What `civicbot doctor` looks at. Each check says in one line how things stand, and what to do where they do not."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

import redis
import requests
from sqlalchemy.exc import SQLAlchemyError

from bot import clock, wiring
from bot.alarms import conditions, words
from bot.alarms.conditions import Alarm
from bot.faq import library
from bot.messages import DeliveryFailed, Failure
from bot.settings import KEY_FILE, LINE_API, Settings
from bot.storage import migrate, soundness, staff
from bot.storage.engine import Database, open_database

TIMEOUT_SECONDS = 5.0
CLOCK_MAY_DIFFER = timedelta(seconds=30)
CONTACTS = ("contact_phone", "contact_url", "contact_hours", "contact_address")
WEBHOOK_PATH = "/line/webhook"


class Standing(StrEnum):
    WELL = "ok"
    BETTER = "could be better"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Finding:
    """`fix` is empty where all is well."""

    standing: Standing
    what: str
    fix: str = ""


Check = Callable[[Settings], Iterator[Finding]]


def well(what: str) -> Finding:
    return Finding(Standing.WELL, what)


def better(what: str, fix: str) -> Finding:
    return Finding(Standing.BETTER, what, fix)


def wrong(what: str, fix: str) -> Finding:
    return Finding(Standing.WRONG, what, fix)


def check_data_folder(chosen: Settings) -> Iterator[Finding]:
    folder = chosen.data_dir
    if not folder.exists():
        yield better(
            f"the data folder {folder} is not there yet", "it is made by the first `civicbot run` or `migrate`"
        )
        return
    if not os.access(folder, os.W_OK):
        yield wrong(f"the data folder {folder} cannot be written to", "give it to the user that civicbot runs as")
    if folder.stat().st_mode & 0o077:
        yield better(f"others on this machine can look into the data folder {folder}", f"chmod 700 {folder}")
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < chosen.least_disk_mb:
        yield wrong(f"{free} MB are free on the disk", f"make room: {chosen.least_disk_mb} MB are the least")
    else:
        yield well(f"data folder {folder}, {free:,} MB free")


def check_keys(chosen: Settings) -> Iterator[Finding]:
    if not chosen.secrets:
        say = wrong if _speaks_to_line(chosen) else better
        yield say("CIVICBOT_SECRET_KEY is not set", "set 32 random characters, or let `civicbot run` make a key")
        return
    made = chosen.data_dir / KEY_FILE
    for file in (made, Path(".env")):
        if file.exists() and file.stat().st_mode & 0o077:
            yield wrong(f"{file} can be read by others on this machine", f"chmod 600 {file}")
    if made.exists():
        yield better(
            f"the secret key stands in {made} only", "keep a copy elsewhere: without it nothing sealed can be read"
        )
    else:
        yield well("the secret key is set")


def _speaks_to_line(chosen: Settings) -> bool:
    return bool(chosen.channel_secret.get_secret_value() and chosen.channel_access_token.get_secret_value())


def check_database(chosen: Settings) -> Iterator[Finding]:
    if chosen.on_sqlite and not Path(chosen.database.removeprefix("sqlite:///")).exists():
        yield better("there is no database yet", "`civicbot run` or `civicbot migrate` makes it")
        return
    database = open_database(chosen.database, pool_size=1)
    try:
        migrate.require_current(database)
        with database.reading() as db:
            if not soundness.is_whole(db):
                yield wrong("the database file is damaged", "restore the last backup: `civicbot restore latest`")
                return
            told = soundness.get_time(db)
        yield well("the database answers, with the tables of this release")
        if told is not None and abs(clock.now() - told) > CLOCK_MAY_DIFFER:
            yield wrong("this machine's clock and the database's are far apart", "let both follow a time server")
        yield from _inside(database, chosen)
    except migrate.NotMigrated as error:
        yield wrong(str(error), "`civicbot upgrade` makes a backup first and can go back")
    except SQLAlchemyError as error:
        if chosen.on_sqlite and getattr(error, "orig", None).__class__ is sqlite3.DatabaseError:
            yield wrong("the database file is damaged", "restore the last backup: `civicbot restore latest`")
            return
        yield wrong(
            f"the database does not answer ({type(error).__name__})", "is it running, and CIVICBOT_DATABASE_URL right?"
        )
    finally:
        database.dispose()


def _inside(database: Database, chosen: Settings) -> Iterator[Finding]:
    try:
        library.find_published(database)
        yield well("an FAQ is in force")
    except library.NothingPublished:
        yield wrong("no FAQ is in force", "`civicbot migrate` loads the shipped one")
    with database.reading() as db:
        empty = staff.is_empty(db)
        found = conditions.look(db, conditions.watched_of(chosen), now=clock.now())
    if empty:
        yield better("nobody can sign in to the console", "`civicbot run` prints a link, or `civicbot staff add`")
    for condition in found:
        if condition.alarm is not Alarm.DISK_LOW:
            yield wrong(words.load("en")[f"on.{condition.alarm}"].format_map(condition.facts), "see docs/operations.md")


def check_redis(chosen: Settings) -> Iterator[Finding]:
    if not chosen.redis_url:
        yield well("no Redis is set, and none is needed")
        return
    try:
        client = redis.Redis.from_url(chosen.redis_url, socket_timeout=TIMEOUT_SECONDS)
        client.ping()
        client.close()
    except redis.RedisError as error:
        yield better(
            f"Redis does not answer ({type(error).__name__}): workers look by themselves, a second later",
            "is it running, and CIVICBOT_REDIS_URL right?",
        )
    else:
        yield well("Redis answers")


def check_line(chosen: Settings) -> Iterator[Finding]:
    unset = [
        name
        for name, value in (
            ("LINE_CHANNEL_SECRET", chosen.channel_secret),
            ("LINE_CHANNEL_ACCESS_TOKEN", chosen.channel_access_token),
        )
        if not value.get_secret_value()
    ]
    if unset:
        yield better(f"{' and '.join(unset)} not set: `civicbot run` uses its own simulator", "set both for real LINE")
        return
    gateway = wiring.gateway_of(chosen)
    try:
        info = gateway.bot_info()
    except DeliveryFailed as failed:
        if failed.failure is Failure.UNAUTHORISED:
            yield wrong("LINE does not take the access token", "issue a new one in LINE's console")
        else:
            yield wrong(
                f"LINE cannot be asked ({failed.detail})", "is this machine on the network, and LINE_API_URL right?"
            )
        return
    yield well("LINE takes the access token")
    if info.chat_mode != "bot":
        yield better(
            "the account's response mode is chat: LINE then leaves people to a person",
            "LINE Official Account Manager → Response settings: chat off, or knowingly on",
        )
    yield from _webhook(chosen, gateway.webhook)


def _webhook(chosen: Settings, ask: Callable[[], tuple[str, bool] | None]) -> Iterator[Finding]:
    expected = f"{chosen.base_url}{WEBHOOK_PATH}"
    try:
        found = ask()
    except DeliveryFailed as failed:
        yield better(f"LINE did not say where it sends webhooks ({failed.detail})", "look in LINE's console")
        return
    if found is None:
        yield wrong("LINE has no webhook address", f"set {expected} in LINE's console")
    elif found[0] != expected:
        yield wrong(f"LINE sends webhooks to {found[0]}", f"set {expected} there, or CIVICBOT_BASE_URL here")
    elif not found[1]:
        yield wrong("the webhook is switched off at LINE", "switch on Use webhook in LINE's console")
    else:
        yield well(f"LINE sends webhooks to {expected}")


def check_addresses(chosen: Settings) -> Iterator[Finding]:
    parts = urlsplit(chosen.base_url)
    if not _speaks_to_line(chosen):
        yield well(f"our pages are at {chosen.base_url}: good for trying things out")
    elif chosen.line_api_url != LINE_API:
        yield well(f"LINE is the simulator at {chosen.line_api_url}")
    elif parts.scheme != "https":
        yield wrong(
            f"CIVICBOT_BASE_URL is {chosen.base_url}: LINE calls https addresses only", "set the public https address"
        )
    elif _is_local(parts.hostname or ""):
        yield wrong(f"CIVICBOT_BASE_URL is {chosen.base_url}, which nobody outside can reach", "set the public address")
    else:
        yield well(f"people reach us at {chosen.base_url}")


def _is_local(host: str) -> bool:
    try:
        return not ipaddress.ip_address(socket.gethostbyname(host)).is_global
    except (OSError, ValueError):
        return False


def check_clock(chosen: Settings) -> Iterator[Finding]:
    """Against LINE's: a clock that is wrong makes reply tokens look young or old, and reminders come at odd hours."""
    try:
        answer = requests.head(chosen.line_api_url, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        told = parsedate_to_datetime(answer.headers["Date"])
    except (requests.RequestException, KeyError, ValueError):
        yield better("the clock could not be compared with LINE's", "check it by hand, or follow a time server")
        return
    apart = abs(clock.now() - told)
    if apart > CLOCK_MAY_DIFFER:
        yield wrong(
            f"this machine's clock is {int(apart.total_seconds())} seconds away from LINE's", "follow a time server"
        )
    else:
        yield well("the clock agrees with LINE's")


def check_left_open(chosen: Settings) -> Iterator[Finding]:
    """What nobody has to set, and most should."""
    unset = [str(Settings.model_fields[name].alias) for name in CONTACTS if not getattr(chosen, name)]
    if unset:
        yield better(f"answers cannot tell how to reach the centre: {', '.join(unset)}", "fill them in")
    if not chosen.privacy_contact:
        yield better("the privacy notice names nobody to ask", "set CIVICBOT_PRIVACY_CONTACT")
    if not chosen.data_host:
        yield better("the privacy notice does not say where the data is", "set CIVICBOT_DATA_HOST")
    if chosen.backup_time is None:
        yield better("no backup is made by itself", "set CIVICBOT_BACKUP_AT")
    if chosen.backup_folder is None and not chosen.backup_s3:
        yield better("backups are on this machine only", "set CIVICBOT_BACKUP_FOLDER or CIVICBOT_BACKUP_S3")
    elif chosen.backup_folder is not None and _is_on_one_disk(chosen.backup_folder, chosen.data_dir):
        yield better(
            f"the second place for backups, {chosen.backup_folder}, is on the same disk as the data",
            "mount the other disk there, or set another folder: this one is lost together with the data",
        )
    if not chosen.backup_key.get_secret_value():
        yield better("backups are not encrypted", "make a key with `civicbot backup key`, set CIVICBOT_BACKUP_KEY")
    if not (chosen.alarm_email or chosen.alarm_webhook.get_secret_value()):
        yield better("when LINE is down nobody is told", "set CIVICBOT_ALARM_EMAIL or CIVICBOT_ALARM_WEBHOOK")
    if not chosen.on_sqlite and shutil.which("pg_dump") is None:
        yield wrong("pg_dump is not installed: no backup can be made", "install PostgreSQL's client programs")


def _is_on_one_disk(one: Path, other: Path) -> bool:
    """Also where the other disk is not mounted just now: what is written there goes to this one."""
    try:
        return _disk_of(one.absolute()) == _disk_of(other.absolute())
    except OSError:  # it cannot be looked at, and backups will say so
        return False


def _disk_of(path: Path) -> int:
    return next(up for up in (path, *path.parents) if up.exists()).stat().st_dev


CHECKS: tuple[Check, ...] = (
    check_data_folder, check_keys, check_database, check_redis, check_line, check_addresses, check_clock,
    check_left_open,
)  # fmt: skip
