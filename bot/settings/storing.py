"""Where everything is kept, and what seals it."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, Field, SecretStr, field_validator

SHORTEST_SECRET = 32
KEY_FILE = "secret.key"
"""In the data folder: the secret key that `civicbot run` made, when none was set."""


class Storing(BaseModel):
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

    @field_validator("secret_key", "secret_key_previous")
    @classmethod
    def _is_long(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and len(value.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"use at least {SHORTEST_SECRET} random characters")
        return value

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'civicbot.db').absolute()}"

    @property
    def on_sqlite(self) -> bool:
        return self.database.startswith("sqlite")

    @property
    def secrets(self) -> tuple[str, ...]:
        """Our own keys, the one in force first."""
        keys = (self.secret_key.get_secret_value(), self.secret_key_previous.get_secret_value())
        return tuple(key for key in keys if key)
