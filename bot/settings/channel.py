"""What connects the bot to its channel on LINE, and to people’s browsers."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, field_validator

LINE_API = "https://api.line.me"
_DOMAIN = re.compile(r"(?=.{4,253}$)[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:xn--[a-z0-9-]+|[a-z]{2,})")


class Channel(BaseModel):
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

    @field_validator("base_url", "line_api_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        return whole_address(value)

    @field_validator("more_link_domains")
    @classmethod
    def _are_domains(cls, value: str) -> str:
        if not all(_DOMAIN.fullmatch(domain_of(name)) for name in value.split(",") if name.strip()):
            raise ValueError("write domains alone, with commas between them: centre.go.th, youtube.com")
        return value

    @field_validator("channel_secret_previous_until")
    @classmethod
    def _has_a_zone(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("add the time zone, as in 2026-11-24T21:30+07:00")
        return value.astimezone(UTC) if value else None


def domain_of(name: str) -> str:
    try:
        return name.strip().lower().encode("idna").decode()
    except UnicodeError:
        return ""


def whole_address(value: str) -> str:
    """Without a slash at its end. Raises ValueError."""
    if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).netloc):
        raise ValueError("write a whole address that begins with http:// or https://")
    return value.rstrip("/")
