"""How often rich menus were seen and tapped: told of many, kept silent of the few."""

from __future__ import annotations

from dataclasses import dataclass

from bot.simulator.answering import Answer, Call
from bot.simulator.days import read_span
from bot.simulator.endpoints import Endpoint, part
from bot.simulator.menu_endpoints import get_menu
from bot.simulator.state import State

SUMMARY_DAYS, DAILY_DAYS = 396, 99


def list_endpoints(state: State) -> list[Endpoint]:
    menus = _MenuCounts(state)
    base = "/v2/bot/insight/richmenu/<menu_id>"
    return [
        Endpoint("GET", f"{base}/summary", "insight-menu", menus.summary),
        Endpoint("GET", f"{base}/daily", "insight-menu-daily", menus.daily),
    ]


@dataclass(frozen=True, slots=True)
class _MenuCounts:
    """Taps are not counted here, and of none LINE tells no number: the id of the menu is all there is."""

    state: State

    def summary(self, call: Call) -> Answer:
        return self._tell(call, SUMMARY_DAYS)

    def daily(self, call: Call) -> Answer:
        return self._tell(call, DAILY_DAYS)

    def _tell(self, call: Call, most: int) -> Answer:
        menu = get_menu(self.state, part(call, "menu_id"))
        read_span(call, most=most, rule="insight-menu-span")
        return Answer({"richMenuId": menu.menu_id})
