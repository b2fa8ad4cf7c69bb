"""Backups, and who is told when something is wrong."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, field_validator

from bot.settings.serving import Switch

NEVER = "never"
AGE_KEYS = ("AGE-SECRET-KEY-1", "age1")


class Guarding(BaseModel):
    backup_at: str = Field(
        "02:30",
        alias="CIVICBOT_BACKUP_AT",
        pattern=r"^(([01]\d|2[0-3]):[0-5]\d|never)$",
        description="When a backup is made every day, by the clock of Bangkok. never: only by `civicbot backup`.",
    )
    backup_keep_days: int = Field(
        30,
        alias="CIVICBOT_BACKUP_KEEP_DAYS",
        ge=1,
        le=90,
        description="How many days backups are kept, in each place. At least the last three stay.",
    )
    backup_key: SecretStr = Field(
        SecretStr(""),
        alias="CIVICBOT_BACKUP_KEY",
        description="Encrypts backups: an age key, age1… or AGE-SECRET-KEY-1…. With the first, this machine cannot read"
        " its own backups.",
    )
    backup_folder: Path | None = Field(
        None,
        alias="CIVICBOT_BACKUP_FOLDER",
        description="A second place for backups: a folder on another disk or machine.",
    )
    backup_s3: str = Field(
        "",
        alias="CIVICBOT_BACKUP_S3",
        description="A second place for backups, S3 or compatible with it: s3://bucket/folder.",
    )
    backup_s3_endpoint: str = Field(
        "", alias="CIVICBOT_BACKUP_S3_ENDPOINT", description="The address of that storage. Unset: Amazon's own."
    )
    backup_s3_region: str = Field(
        "us-east-1", alias="CIVICBOT_BACKUP_S3_REGION", description="The region of that storage."
    )
    backup_s3_key_id: str = Field(
        "",
        alias="CIVICBOT_BACKUP_S3_KEY_ID",
        description="The id of a key that may write, read, list and delete there.",
    )
    backup_s3_secret: SecretStr = Field(
        SecretStr(""), alias="CIVICBOT_BACKUP_S3_SECRET", description="The secret of that key."
    )
    alarm_line: Switch = Field(
        default=True,
        alias="CIVICBOT_ALARM_LINE",
        description="Tell administrators with a linked LINE account when something is wrong.",
    )
    alarm_email: str = Field(
        "",
        alias="CIVICBOT_ALARM_EMAIL",
        description="Whom to write to when something is wrong; several with commas between them.",
    )
    smtp_url: SecretStr = Field(
        SecretStr(""),
        alias="CIVICBOT_SMTP_URL",
        description="How mail is sent: smtps://user:password@host:465, or smtp://host:587 with"
        " STARTTLS where it is offered.",
    )
    alarm_webhook: SecretStr = Field(
        SecretStr(""),
        alias="CIVICBOT_ALARM_WEBHOOK",
        description="An address that gets a POST of JSON when something is wrong.",
    )
    least_disk_mb: int = Field(
        500,
        alias="CIVICBOT_LEAST_DISK_MB",
        ge=50,
        description="With fewer megabytes left on the disk of the data folder there is an alarm.",
    )
    metrics_token: SecretStr = Field(
        SecretStr(""),
        alias="CIVICBOT_METRICS_TOKEN",
        description="Lets a machine elsewhere read /metrics, as a bearer token. Unset: this machine only.",
    )

    @field_validator("backup_key")
    @classmethod
    def _is_an_age_key(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not value.get_secret_value().startswith(AGE_KEYS):
            raise ValueError("make one with `civicbot backup key`: it begins with AGE-SECRET-KEY-1 or with age1")
        return value

    @field_validator("backup_s3")
    @classmethod
    def _is_a_bucket(cls, value: str) -> str:
        if value and (urlsplit(value).scheme != "s3" or not urlsplit(value).netloc):
            raise ValueError("write s3://bucket or s3://bucket/folder")
        return value.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, value: SecretStr) -> SecretStr:
        parts = urlsplit(value.get_secret_value())
        if value.get_secret_value() and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
            raise ValueError("write smtps://user:password@host:465 or smtp://host:587")
        return value

    @field_validator("alarm_webhook")
    @classmethod
    def _is_an_address_of_its_own(cls, value: SecretStr) -> SecretStr:
        parts = urlsplit(value.get_secret_value())
        if value.get_secret_value() and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError("write a whole address that begins with https:// or http://")
        return value

    @property
    def backup_time(self) -> time | None:
        """In Bangkok. None: never by itself."""
        return None if self.backup_at == NEVER else time.fromisoformat(self.backup_at)
