"""How the processes serve."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field


def _strict_bool(value: object) -> object:
    if isinstance(value, str):
        known = {"true": True, "false": False}
        if value.strip().lower() not in known:
            raise ValueError("write true or false")
        return known[value.strip().lower()]
    return value


Switch = Annotated[bool, BeforeValidator(_strict_bool)]


class Serving(BaseModel):
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
