"""How the simulator says no: in LINE's own words to the bot, in plain words on the control API."""

from __future__ import annotations

from dataclasses import dataclass, field


class Refused(Exception):
    """A request to the control API that makes no sense."""


class NotKnown(Refused):
    """The control API was asked about something that is not there."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule. `rule` is its name in `rules.table`; LINE's answer holds the other two."""

    rule: str
    message: str
    place: str = ""


@dataclass(slots=True)
class ApiRefusal(Exception):
    """LINE's answer to a call that it does not accept."""

    status: int
    message: str
    rule: str
    problems: list[Problem] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    more: dict[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        details = [
            {"message": problem.message, "property": problem.place} if problem.place else {"message": problem.message}
            for problem in self.problems
        ]
        return {"message": self.message, **({"details": details} if details else {}), **self.more}

    def broken_rules(self) -> list[str]:
        return sorted({problem.rule for problem in self.problems} or {self.rule})
