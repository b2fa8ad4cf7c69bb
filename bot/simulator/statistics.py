"""Counts that LINE gives of what was sent and who was reached: delivery counts, insight, aggregation units."""

from __future__ import annotations

from dataclasses import dataclass

from bot.simulator.answering import Answer, Call, Work
from bot.simulator.clock import day_in_japan
from bot.simulator.days import read_day, read_span
from bot.simulator.endpoints import Endpoint, read_number
from bot.simulator.ledger import Way
from bot.simulator.refusals import ApiRefusal
from bot.simulator.sent_to_all import count_clicked, count_looked
from bot.simulator.state import State

LEAST_PEOPLE = 20
"""Below this LINE tells no number, to protect the few."""
LONGEST_SPAN_DAYS = 30
FIRST_DAY = "20180331"
"""Before it LINE did not count."""


def list_endpoints(state: State) -> list[Endpoint]:
    counts = _Counts(state)
    return [
        *(
            Endpoint("GET", f"/v2/bot/message/delivery/{way}", f"delivery-{way}", counts.delivery_of(way))
            for way in ("reply", "push", "multicast", "broadcast")
        ),
        Endpoint("GET", "/v2/bot/insight/message/delivery", "insight-delivery", counts.insight_delivery),
        Endpoint("GET", "/v2/bot/insight/followers", "insight-followers", counts.followers),
        Endpoint("GET", "/v2/bot/insight/demographic", "insight-demographic", counts.demographic),
        Endpoint("GET", "/v2/bot/insight/message/event", "insight-event", counts.event),
        Endpoint("GET", "/v2/bot/insight/message/event/aggregation", "insight-unit", counts.unit_event),
        Endpoint("GET", "/v2/bot/message/aggregation/info", "aggregation-info", counts.units_used),
        Endpoint("GET", "/v2/bot/message/aggregation/list", "aggregation-list", counts.list_units),
    ]


@dataclass(frozen=True, slots=True)
class _Counts:
    """A day is counted once it is over in Japan; until then it is unready."""

    state: State

    def delivery_of(self, way: Way) -> Work:
        def delivery(call: Call) -> Answer:
            day = read_day(call)
            standing = self._standing(day)
            if standing != "ready":
                return Answer({"status": standing})
            return Answer({"status": "ready", "success": self.state.ledger.count_on(way, day)})

        return delivery

    def insight_delivery(self, call: Call) -> Answer:
        day = read_day(call)
        standing = self._standing(day)
        if standing != "ready":
            return Answer({"status": standing})
        counted = {
            f"api{way.capitalize()}": self.state.ledger.count_on(way, day)
            for way in ("broadcast", "push", "multicast", "narrowcast", "reply")
        }
        return Answer({"status": "ready", **{name: number for name, number in counted.items() if number}})

    def followers(self, call: Call) -> Answer:
        standing = self._standing(read_day(call)) if call.request.args.get("date") else "ready"
        if standing != "ready":
            return Answer({"status": standing})
        people = self.state.people.count()
        numbers = {"followers": people["friends"] + people["blocked"], "targetedReaches": people["friends"]}
        return Answer({"status": "ready", **numbers, "blocks": people["blocked"]})

    def demographic(self, _call: Call) -> Answer:
        if self.state.people.count()["friends"] < LEAST_PEOPLE:
            return Answer({"available": False})
        tiles = {
            "genders": [{"gender": "unknown", "percentage": 100.0}],
            "ages": [{"age": "unknown", "percentage": 100.0}],
            "areas": [{"area": "เชียงราย", "percentage": 100.0}],
            "appTypes": [{"appType": "android", "percentage": 70.0}, {"appType": "ios", "percentage": 30.0}],
            "subscriptionPeriods": [{"subscriptionPeriod": "within7days", "percentage": 100.0}],
        }
        return Answer({"available": True, **tiles})

    def event(self, call: Call) -> Answer:
        request_id = call.request.args.get("requestId", "")
        sent = self.state.sent_to_all.find(request_id)
        if not request_id:
            raise ApiRefusal(400, "The value for the 'requestId' parameter is invalid", "insight-request-id")
        if sent is None:
            return Answer({"overview": None, "messages": [], "clicks": []})
        overview = {
            "requestId": request_id, "timestamp": int(sent.at), "delivered": sent.delivered,
            "uniqueImpression": _if_many(sent.looked), "uniqueClick": _if_many(sent.clicked),
            "uniqueMediaPlayed": None, "uniqueMediaPlayed100Percent": None,
        }  # fmt: skip
        return Answer({"overview": overview, "messages": [_message(sent.looked)], "clicks": []})

    def unit_event(self, call: Call) -> Answer:
        unit = call.request.args.get("customAggregationUnit", "")
        first, last = read_span(call, most=LONGEST_SPAN_DAYS, rule="insight-span")
        if not unit:
            raise ApiRefusal(400, "The value for the 'customAggregationUnit' parameter is invalid", "insight-unit")
        delivered = self.state.units.count(unit, first, last)
        looked = count_looked(delivered)
        overview = {
            "uniqueImpression": _if_many(looked), "uniqueClick": _if_many(count_clicked(delivered)),
            "uniqueMediaPlayed": None, "uniqueMediaPlayed100Percent": None,
        }  # fmt: skip
        return Answer({"overview": overview, "messages": [_message(looked)] if delivered else [], "clicks": []})

    def units_used(self, _call: Call) -> Answer:
        return Answer({"numOfCustomAggregationUnits": len(self.state.units.list_used(now=self.state.clock.now()))})

    def list_units(self, call: Call) -> Answer:
        limit = read_number(call, "limit", default=100, most=100, rule="aggregation-page")
        start = call.request.args.get("start", "0")
        if not start.isdigit():
            raise ApiRefusal(400, "The value for the 'start' parameter is invalid", "aggregation-page")
        names = self.state.units.list_used(now=self.state.clock.now())
        end = int(start) + limit
        following = {"next": str(end)} if end < len(names) else {}
        return Answer({"customAggregationUnits": names[int(start) : end], **following})

    def _standing(self, day: str) -> str:
        if day < FIRST_DAY:
            return "out_of_service"
        return "ready" if day < day_in_japan(self.state.clock.now()) else "unready"


def _if_many(people: int) -> int | None:
    return people if people >= LEAST_PEOPLE else None


def _message(looked: int) -> dict[str, int | None]:
    played = ("mediaPlayed", "mediaPlayed25Percent", "mediaPlayed50Percent", "mediaPlayed75Percent",
              "mediaPlayed100Percent")  # fmt: skip
    unique = [f"unique{name[0].upper()}{name[1:]}" for name in played]
    return {"seq": 1, "impression": _if_many(looked), "uniqueImpression": _if_many(looked),
            **dict.fromkeys([*played, *unique])}  # fmt: skip
