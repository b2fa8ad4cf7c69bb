"""Every setting, read from the environment and `.env` once, refused if wrong, with every fault listed.

The fields are the documentation: `docs/settings.md` is checked against them. They stand in one module a subject.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.settings.channel import LINE_API, Channel, domain_of
from bot.settings.contact import Contact
from bot.settings.guarding import Guarding
from bot.settings.keeping import Keeping
from bot.settings.notices import Notices
from bot.settings.people import People
from bot.settings.serving import Serving
from bot.settings.storing import KEY_FILE, Storing

NOT_SETTINGS = "CIVICBOT_TESTS_"
"""What steers the test suite, and may stand in the environment of anything that it starts."""

__all__ = ["KEY_FILE", "LINE_API", "Settings", "SettingsRefused", "of", "read", "setting_names"]


class SettingsRefused(Exception):
    """The environment does not make sense. `faults` names each setting and what to do about it."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("civicbot cannot start:\n" + "\n".join(f"  - {fault}" for fault in faults))
        self.faults = faults


class Settings(Storing, Channel, Serving, Notices, People, Keeping, Guarding, Contact, BaseSettings):
    """Frozen. Build it with `read`, or with `of` in tests."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", populate_by_name=False, env_ignore_empty=True)

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

    @model_validator(mode="after")
    def _fits_together(self) -> Settings:
        if (self.contact_latitude is None) != (self.contact_longitude is None):
            raise ValueError("CIVICBOT_CONTACT_LATITUDE and CIVICBOT_CONTACT_LONGITUDE go together: set both or none")
        if bool(self.channel_secret_previous.get_secret_value()) != (self.channel_secret_previous_until is not None):
            raise ValueError("LINE_CHANNEL_SECRET_PREVIOUS needs LINE_CHANNEL_SECRET_PREVIOUS_UNTIL, and the reverse")
        if self.notice_day[0] >= self.notice_day[1]:
            raise ValueError("CIVICBOT_NOTICE_HOURS: the second time has to be later than the first")
        if self.backup_s3 and not (self.backup_s3_key_id and self.backup_s3_secret.get_secret_value()):
            raise ValueError("CIVICBOT_BACKUP_S3 needs CIVICBOT_BACKUP_S3_KEY_ID and CIVICBOT_BACKUP_S3_SECRET")
        if bool(self.alarm_email) != bool(self.smtp_url.get_secret_value()):
            raise ValueError("CIVICBOT_ALARM_EMAIL and CIVICBOT_SMTP_URL go together: set both or none")
        if self.keep_tombstones_days <= self.backup_keep_days:
            raise ValueError("CIVICBOT_KEEP_TOMBSTONES_DAYS has to be longer than CIVICBOT_BACKUP_KEEP_DAYS")
        if bool(self.line_login_channel_id) != bool(self.line_login_channel_secret.get_secret_value()):
            raise ValueError(
                "CIVICBOT_LINE_LOGIN_CHANNEL_ID and CIVICBOT_LINE_LOGIN_CHANNEL_SECRET go together: set both or none"
            )
        return self

    @property
    def link_domains(self) -> frozenset[str]:
        """Where notices may lead to, each with all that is below it. In lower case; a Thai one in its ASCII form."""
        own = (urlsplit(address).hostname or "" for address in (self.base_url, self.contact_url))
        return frozenset(filter(None, map(domain_of, (*own, *self.more_link_domains.split(",")))))

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
    if not chosen.secret_key.get_secret_value() and made.exists():
        return of({**values, "CIVICBOT_SECRET_KEY": made.read_text(encoding="utf-8").strip()})
    return chosen
