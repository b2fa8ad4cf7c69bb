"""OAuth's way to say no, which is not the Messaging API's."""

from __future__ import annotations


class OauthRefusal(Exception):
    """Answered as `error` and `error_description`."""

    def __init__(self, error: str, description: str, rule: str) -> None:
        super().__init__(description)
        self.error, self.rule = error, rule

    def as_json(self) -> dict[str, str]:
        return {"error": self.error, "error_description": str(self)}
