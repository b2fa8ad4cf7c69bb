"""Every setting, read from the environment and `.env` once, refused if wrong, with every fault listed.

The fields are the documentation: `docs/settings.md` is checked against them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

LINE_API = "https://api.line.me"
SHORTEST_SECRET = 32
KEY_FILE = "secret.key"
"""In the data folder: the secret key that `civicbot run` made, when none was set."""
_DOMAIN = re.compile(r"(?=.{4,253}$)[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:xn--[a-z0-9-]+|[a-z]{2,})")
NOT_SETTINGS = "CIVICBOT_TESTS_"
"""What steers the test suite, and may stand in the environment of anything that it starts."""


class SettingsRefused(Exception):
    """The environment does not make sense. `faults` names each setting and what to do about it."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("civicbot cannot start:\n" + "\n".join(f"  - {fault}" for fault in faults))
        self.faults = faults


def _strict_bool(value: object) -> object:
    if isinstance(value, str):
        known = {"true": True, "false": False}
        if value.strip().lower() not in known:
            raise ValueError("write true or false")
        return known[value.strip().lower()]
    return value


Switch = Annotated[bool, BeforeValidator(_strict_bool)]


class Settings(BaseSettings):
    """Frozen. Build it with `read`, or with `of` in tests."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", populate_by_name=False, env_ignore_empty=True)

    data_dir: Path = Field(
        Path("data"), alias="CIVICBOT_DATA_DIR", description="Folder for the database file, keys and trained models."
    )
    database_url: str = Field(
        "",
        alias="CIVICBOT_DATABASE_URL",
        description="postgresql://… for several machines. Unset: an SQLite file in the data folder.",
    )
    redis_url: str = Field(
        "",
        alias="CIVICBOT_REDIS_URL",
        description="redis://… wakes workers through Redis. Unset: the database wakes them.",
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        alias="CIVICBOT_SECRET_KEY",
        description="At least 32 random characters. Encrypts what people wrote. `civicbot run` makes one if unset.",
    )
    secret_key_previous: SecretStr = Field(
        SecretStr(""),
        alias="CIVICBOT_SECRET_KEY_PREVIOUS",
        description="The key used before, while what it sealed is still around.",
    )
    channel_secret: SecretStr = Field(
        SecretStr(""), alias="LINE_CHANNEL_SECRET", description="From the LINE console: proves that LINE speaks to us."
    )
    channel_secret_previous: SecretStr = Field(
        SecretStr(""),
        alias="LINE_CHANNEL_SECRET_PREVIOUS",
        description="The channel secret used before, accepted for a few minutes after a change.",
    )
    channel_secret_previous_until: datetime | None = Field(
        None,
        alias="LINE_CHANNEL_SECRET_PREVIOUS_UNTIL",
        description="When the previous channel secret stops being accepted (2026-11-24T21:30+07:00).",
    )
    channel_access_token: SecretStr = Field(
        SecretStr(""), alias="LINE_CHANNEL_ACCESS_TOKEN", description="From the LINE console: lets us speak."
    )
    line_basic_id: str = Field(
        "",
        alias="CIVICBOT_LINE_BASIC_ID",
        pattern=r"^(@[0-9A-Za-z._-]{1,30})?$",
        description="The official account's basic id (@…): public pages then lead to the chat.",
    )
    line_login_channel_id: str = Field(
        "",
        alias="CIVICBOT_LINE_LOGIN_CHANNEL_ID",
        description="Of a LINE Login channel: lets linked staff sign in to the console with LINE.",
    )
    line_login_channel_secret: SecretStr = Field(
        SecretStr(""), alias="CIVICBOT_LINE_LOGIN_CHANNEL_SECRET", description="The secret of that LINE Login channel."
    )
    line_api_url: str = Field(
        LINE_API, alias="LINE_API_URL", description="Where LINE's API is. The simulator in development."
    )
    base_url: str = Field(
        "http://127.0.0.1:8000", alias="CIVICBOT_BASE_URL", description="The address at which people reach our pages."
    )
    more_link_domains: str = Field(
        "",
        alias="CIVICBOT_LINK_DOMAINS",
        description="Domains, with commas between them, that notices may link to besides those of CIVICBOT_BASE_URL and"
        " CIVICBOT_CONTACT_URL: centre.go.th, youtube.com.",
    )
    proxies: int = Field(
        0,
        alias="CIVICBOT_PROXIES",
        ge=0,
        le=5,
        description="How many reverse proxies of yours stand before the web process. Only their word is taken for where"
        " a request comes from.",
    )
    host: str = Field("127.0.0.1", alias="CIVICBOT_HOST", description="The address that `run` and `web` listen on.")
    port: int = Field(8000, alias="CIVICBOT_PORT", ge=1, le=65535, description="The port of the web process.")
    simulator_port: int = Field(
        8100, alias="CIVICBOT_SIMULATOR_PORT", ge=1, le=65535, description="The port of the LINE simulator."
    )
    web_threads: int = Field(
        24, alias="CIVICBOT_WEB_THREADS", ge=1, le=200, description="Threads that answer webhooks and pages."
    )
    worker_threads: int = Field(
        8, alias="CIVICBOT_WORKER_THREADS", ge=1, le=64, description="Turns that one worker process runs at once."
    )
    sqlite_parts: Switch = Field(
        default=False,
        alias="CIVICBOT_SQLITE_PARTS",
        description="true lets `web` and `work` be started by hand on SQLite; `run` does it for its own parts.",
    )
    push_daily_cap: int = Field(
        200,
        alias="CIVICBOT_PUSH_DAILY_CAP",
        ge=0,
        description="How many answers a day may go out as billed pushes when LINE's free reply is no longer possible.",
    )
    notice_approval_above: int = Field(
        50,
        alias="CIVICBOT_NOTICE_APPROVAL_ABOVE",
        ge=0,
        description="A notice to more people than this needs the approval of somebody who did not write it.",
    )
    notice_cooling_minutes: int = Field(
        5,
        alias="CIVICBOT_NOTICE_COOLING_MINUTES",
        ge=0,
        le=1440,
        description="How long an approved notice waits before it goes out, and may still be called back.",
    )
    notice_weekly_cap: int = Field(
        4,
        alias="CIVICBOT_NOTICE_WEEKLY_CAP",
        ge=1,
        le=50,
        description="How many notices a week one person gets at most.",
    )
    notice_smallest_segment: int = Field(
        50,
        alias="CIVICBOT_NOTICE_SMALLEST_SEGMENT",
        ge=1,
        description="A notice to people who share an interest needs at least so many of them: fewer could be guessed.",
    )
    notice_hours: str = Field(
        "08:00-20:00",
        alias="CIVICBOT_NOTICE_HOURS",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$",
        description="When notices may go out, by the clock of Bangkok. Outside of it they wait for the morning.",
    )
    notice_senders: int = Field(
        2,
        alias="CIVICBOT_NOTICE_SENDERS",
        ge=1,
        le=8,
        description="How many requests to LINE one notice makes at the same time.",
    )
    multicasts_per_second: int = Field(
        120,
        alias="CIVICBOT_MULTICASTS_PER_SECOND",
        ge=1,
        le=160,
        description="How many requests for notices are made to LINE a second. LINE's limit is 200.",
    )
    person_pace: int = Field(
        30,
        alias="CIVICBOT_PERSON_PACE",
        ge=5,
        le=10_000,
        description="How many messages a minute one person, or one group, may send before the bot asks for a pause.",
    )
    storm_misses: int = Field(
        3000,
        alias="CIVICBOT_STORM_MISSES",
        ge=10,
        description="After so many questions without an answer within ten minutes staff get one case about all of them,"
        " and each further one costs neither a case nor a billed push.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", alias="CIVICBOT_LOG_LEVEL", description="How much is logged."
    )
    log_format: Literal["json", "text"] = Field(
        "json", alias="CIVICBOT_LOG_FORMAT", description="json for machines, text for reading."
    )
    contact_phone: str = Field("", alias="CIVICBOT_CONTACT_PHONE", description="The centre's telephone number.")
    contact_email: str = Field("", alias="CIVICBOT_CONTACT_EMAIL", description="The centre's e-mail address.")
    contact_url: str = Field("", alias="CIVICBOT_CONTACT_URL", description="The centre's page, with https://.")
    contact_address: str = Field("", alias="CIVICBOT_CONTACT_ADDRESS", description="The centre's postal address.")
    contact_latitude: Annotated[float, Field(ge=-90, le=90)] | None = Field(
        None, alias="CIVICBOT_CONTACT_LATITUDE", description="Where the centre stands on a map: 19.9…"
    )
    contact_longitude: Annotated[float, Field(ge=-180, le=180)] | None = Field(
        None, alias="CIVICBOT_CONTACT_LONGITUDE", description="Where the centre stands on a map: 99.8…"
    )
    contact_hours: str = Field(
        "", alias="CIVICBOT_CONTACT_HOURS", description="Opening hours in words: วันจันทร์ถึงวันศุกร์ 08.30–16.30 น."
    )
    welfare_card_contact: str = Field(
        "", alias="CIVICBOT_WELFARE_CARD_CONTACT", description="Whom to ask about the state welfare card."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - `read` gathers the environment itself
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)

    @field_validator("base_url", "line_api_url", "contact_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).netloc):
            raise ValueError("write a whole address that begins with http:// or https://")
        return value.rstrip("/")

    @field_validator("more_link_domains")
    @classmethod
    def _are_domains(cls, value: str) -> str:
        if not all(_DOMAIN.fullmatch(_domain(name)) for name in value.split(",") if name.strip()):
            raise ValueError("write domains alone, with commas between them: centre.go.th, youtube.com")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_a_known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("write postgresql://… or sqlite:///…")
        return value

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("write redis://…, rediss://… or unix://…")
        return value

    @field_validator("channel_secret_previous_until")
    @classmethod
    def _has_a_zone(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("add the time zone, as in 2026-11-24T21:30+07:00")
        return value.astimezone(UTC) if value else None

    @field_validator("secret_key", "secret_key_previous")
    @classmethod
    def _is_long(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and len(value.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"use at least {SHORTEST_SECRET} random characters")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Settings:
        if (self.contact_latitude is None) != (self.contact_longitude is None):
            raise ValueError("CIVICBOT_CONTACT_LATITUDE and CIVICBOT_CONTACT_LONGITUDE go together: set both or none")
        if bool(self.channel_secret_previous.get_secret_value()) != (self.channel_secret_previous_until is not None):
            raise ValueError("LINE_CHANNEL_SECRET_PREVIOUS needs LINE_CHANNEL_SECRET_PREVIOUS_UNTIL, and the reverse")
        if self.notice_day[0] >= self.notice_day[1]:
            raise ValueError("CIVICBOT_NOTICE_HOURS: the second time has to be later than the first")
        if bool(self.line_login_channel_id) != bool(self.line_login_channel_secret.get_secret_value()):
            raise ValueError(
                "CIVICBOT_LINE_LOGIN_CHANNEL_ID and CIVICBOT_LINE_LOGIN_CHANNEL_SECRET go together: set both or none"
            )
        return self

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'civicbot.db').absolute()}"

    @property
    def notice_day(self) -> tuple[time, time]:
        """When notices may go out: from, and until."""
        begins, _, ends = self.notice_hours.partition("-")
        return time.fromisoformat(begins), time.fromisoformat(ends)

    @property
    def link_domains(self) -> frozenset[str]:
        """Where notices may lead to, each with all that is below it. In lower case; a Thai one in its ASCII form."""
        own = (urlsplit(address).hostname or "" for address in (self.base_url, self.contact_url))
        return frozenset(filter(None, map(_domain, (*own, *self.more_link_domains.split(",")))))

    @property
    def on_sqlite(self) -> bool:
        return self.database.startswith("sqlite")

    @property
    def secrets(self) -> tuple[str, ...]:
        """Our own keys, the one in force first."""
        keys = (self.secret_key.get_secret_value(), self.secret_key_previous.get_secret_value())
        return tuple(key for key in keys if key)

    @property
    def facts(self) -> Mapping[str, str]:
        """What answers may state: the settings that are filled in, as text."""
        names = (
            "contact_phone", "contact_email", "contact_url", "contact_address", "contact_latitude",
            "contact_longitude", "contact_hours", "welfare_card_contact",
        )  # fmt: skip
        values = {name: getattr(self, name) for name in names}
        return {name: str(value) for name, value in values.items() if value not in ("", None)}

    def channel_secrets(self, at: datetime) -> tuple[str, ...]:
        """The secrets with which LINE may sign at that moment."""
        secrets = [self.channel_secret.get_secret_value()]
        if self.channel_secret_previous_until and at < self.channel_secret_previous_until:
            secrets.append(self.channel_secret_previous.get_secret_value())
        return tuple(secrets)

    def missing_for_serving(self) -> tuple[str, ...]:
        """What must still be set before this instance may talk to people."""
        needed = {
            "CIVICBOT_SECRET_KEY": self.secret_key,
            "LINE_CHANNEL_SECRET": self.channel_secret,
            "LINE_CHANNEL_ACCESS_TOKEN": self.channel_access_token,
        }
        return tuple(f"{name}: is not set" for name, value in needed.items() if not value.get_secret_value())


def _domain(name: str) -> str:
    try:
        return name.strip().lower().encode("idna").decode()
    except UnicodeError:
        return ""


def setting_names() -> dict[str, str]:
    """Every setting's environment name with its description."""
    return {str(field.alias): str(field.description) for field in Settings.model_fields.values()}


def of(values: Mapping[str, str]) -> Settings:
    """Settings from exactly these environment values. Raises SettingsRefused."""
    known = setting_names()
    faults = [
        f"{name}: is not a setting of civicbot; see docs/settings.md"
        for name in values
        if name.startswith("CIVICBOT_") and name not in known and not name.startswith(NOT_SETTINGS)
    ]
    try:
        filled: dict[str, Any] = {
            name: value.strip() for name, value in values.items() if name in known and value.strip()
        }
        settings = Settings(**filled)
    except ValidationError as error:
        for fault in error.errors():
            where = ".".join(str(part) for part in fault["loc"])
            message = fault["msg"].removeprefix("Value error, ")
            faults.append(f"{where}: {message}" if where else message)
        raise SettingsRefused(tuple(faults)) from error
    if faults:
        raise SettingsRefused(tuple(faults))
    return settings


def read() -> Settings:
    """Settings from the process's environment over those of `.env`. Raises SettingsRefused.

    Without a secret key, the one that `civicbot run` once made in the data folder counts.
    """
    from_file = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    values = {**from_file, **os.environ}
    chosen = of(values)
    made = chosen.data_dir / KEY_FILE
    if not chosen.secrets and made.exists():
        return of({**values, "CIVICBOT_SECRET_KEY": made.read_text(encoding="utf-8").strip()})
    return chosen
