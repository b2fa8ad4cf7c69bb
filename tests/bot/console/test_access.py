"""Every page asks who is there: the map of addresses against the roles."""

from __future__ import annotations

import pytest
from werkzeug.routing import Rule

from bot.console.access import Anyone, HalfWay, safe_next
from bot.console.pages import BLUEPRINTS, NAVIGATION
from bot.outreach.permissions import Permission, Role, may
from tests.bot.console.visiting import Site

FILLED_IN = {"int": "1", "string": "x", "path": "console.css", "default": "x"}


def rules(site: Site) -> list[Rule]:
    return [rule for rule in site.app.url_map.iter_rules() if rule.rule.startswith("/console")]


def address_of(rule: Rule) -> str:
    parts = []
    for is_dynamic, part in rule._trace:
        parts.append("1" if is_dynamic else part)
    return "".join(parts).removeprefix("|").lstrip("|")


def needs(site: Site) -> dict[str, Permission | Anyone | HalfWay]:
    wanted: dict[str, Permission | Anyone | HalfWay] = {}
    for guard in site.app.before_request_funcs.values():
        for function in guard:
            wanted |= getattr(function, "args", ((), {}))[1] if hasattr(function, "args") else {}
    return wanted


def test_every_rule_of_the_console_says_what_it_needs(site: Site) -> None:
    assert {rule.endpoint for rule in rules(site)} == needs(site).keys()
    assert len(BLUEPRINTS) == len({endpoint.partition(".")[0] for endpoint in needs(site)})


@pytest.mark.parametrize("role", [None, *Role])
def test_the_map_of_addresses_against_the_roles(site: Site, role: Role | None) -> None:
    visitor = site.visitor(role)
    for rule in rules(site):
        wanted = needs(site)[rule.endpoint]
        if isinstance(wanted, (Anyone, HalfWay)):
            continue
        address = address_of(rule)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answer = visitor.get(address) if method == "GET" else visitor.post(address)
            said = f"{role} {method} {address}: {answer.status}"
            if role is None:
                assert answer.status_code == 302, said
                assert (answer.location or "").startswith("/console/sign-in"), said
            elif may(role, wanted):
                assert answer.status_code != 403, said
                assert not (answer.location or "").startswith("/console/sign-in"), said
            else:
                assert answer.status_code == 403, said


def test_every_page_in_the_navigation_opens_for_those_who_see_it(site: Site) -> None:
    for role in Role:
        visitor = site.visitor(role, name=f"{role}1")
        for item in NAVIGATION:
            if may(role, item.needs):
                with site.app.test_request_context():
                    address = site.app.url_for(item.endpoint)
                assert visitor.get(address).status_code == 200, f"{role} {item.endpoint}"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example/console/", "/\\evil.example", "/console/\\evil", "javascript:alert(1)",
        "/console/ x", "/line/webhook", "", None, "/console/\n", "http:/console/",
    ],
)  # fmt: skip
def test_after_signing_in_one_stays_in_this_house(site: Site, target: str | None) -> None:
    with site.app.test_request_context():
        assert safe_next(target) == "/console/"


def test_a_page_of_ours_is_returned_to(site: Site) -> None:
    with site.app.test_request_context():
        assert safe_next("/console/audit?about=faq") == "/console/audit?about=faq"
