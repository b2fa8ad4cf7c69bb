"""How people reach the centre without the bot: what answers may state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, Field, field_validator

from bot.settings.channel import whole_address


class Contact(BaseModel):
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

    @field_validator("contact_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        return whole_address(value)

    @property
    def facts(self) -> Mapping[str, str]:
        """What answers may state: the settings that are filled in, as text."""
        names = (
            "contact_phone", "contact_email", "contact_url", "contact_address", "contact_latitude",
            "contact_longitude", "contact_hours", "welfare_card_contact",
        )  # fmt: skip
        values = {name: getattr(self, name) for name in names}
        return {name: str(value) for name, value in values.items() if value not in ("", None)}
