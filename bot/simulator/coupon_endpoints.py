"""The endpoints of coupons: made, listed, told about, discontinued."""

from __future__ import annotations

from dataclasses import dataclass

from bot.simulator.answering import Answer, Call
from bot.simulator.continuations import make_continuation, read_continuation
from bot.simulator.coupons import Coupon
from bot.simulator.endpoints import Endpoint, part
from bot.simulator.refusals import ApiRefusal, Problem
from bot.simulator.rules.coupons import check_coupon
from bot.simulator.state import State

PAGE_SIZE, LARGEST_PAGE = 20, 100
STATUSES = ("DRAFT", "RUNNING", "CLOSED")
ONE_ERROR = "The request body has 1 error(s)"


def list_endpoints(state: State) -> list[Endpoint]:
    drawer = _Drawer(state)
    one = "/v2/bot/coupon/<coupon_id>"
    return [
        Endpoint("POST", "/v2/bot/coupon", "coupon-create", drawer.create),
        Endpoint("GET", "/v2/bot/coupon", "coupon-list", drawer.list_some),
        Endpoint("GET", one, "coupon-get", drawer.get),
        Endpoint("PUT", f"{one}/close", "coupon-close", drawer.close, body="any"),
    ]


@dataclass(frozen=True, slots=True)
class _Drawer:
    state: State

    def create(self, call: Call) -> Answer:
        now = self.state.clock.now()
        check_coupon(call.body, now=now)
        coupon = self.state.coupons.add(call.body, now=now)
        if coupon is None:
            problem = Problem("coupon-count", "You have too many coupons created.")
            raise ApiRefusal(400, ONE_ERROR, "coupon-count", [problem])
        return Answer({"couponId": coupon.coupon_id})

    def list_some(self, call: Call) -> Answer:
        now, limit, wanted = self.state.clock.now(), _read_limit(call), _read_statuses(call)
        found = [coupon for coupon in self.state.coupons.list_all() if coupon.status(now) in wanted]
        start = read_continuation(call, now=now)
        end = start + limit
        items = [{"couponId": coupon.coupon_id, "title": coupon.definition["title"]} for coupon in found[start:end]]
        return Answer({"items": items, **({"next": make_continuation(end, now=now)} if end < len(found) else {})})

    def get(self, call: Call) -> Answer:
        return Answer(self._one(call).describe(self.state.clock.now()))

    def close(self, call: Call) -> Answer:
        coupon = self._one(call)
        if coupon.status(self.state.clock.now()) == "CLOSED":
            problem = Problem("coupon-closed", "The coupon has already been closed.")
            raise ApiRefusal(410, ONE_ERROR, "coupon-closed", [problem])
        coupon.discontinued = True
        return Answer({})

    def _one(self, call: Call) -> Coupon:
        coupon = self.state.coupons.find(part(call, "coupon_id"))
        if coupon is None:
            raise ApiRefusal(404, ONE_ERROR, "coupon-known", [Problem("coupon-known", "coupon not found")])
        return coupon


def _read_limit(call: Call) -> int:
    given = call.request.args.get("limit", str(PAGE_SIZE))
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= LARGEST_PAGE:
        problem = Problem("coupon-page", f"Must be less than or equal to {LARGEST_PAGE}", "limit")
        raise ApiRefusal(400, ONE_ERROR, "coupon-page", [problem])
    return int(given)


def _read_statuses(call: Call) -> set[str]:
    """Those wanted, with commas between them or one by one; all, when none is named."""
    wanted = {name for given in call.request.args.getlist("status") for name in given.split(",") if name}
    if not wanted <= set(STATUSES):
        problem = Problem("coupon-page", f"Must be one of the following values: [{','.join(STATUSES)}]", "status")
        raise ApiRefusal(400, ONE_ERROR, "coupon-page", [problem])
    return wanted or set(STATUSES)
