"""Who is at the door, and the guard in front of every page.

A page that names no permission cannot be registered, and a rule that came in by another way is shut.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console.hardening import renew_form_token
from bot.console.premises import Premises
from bot.outreach import sign_in
from bot.outreach.audit import Actor
from bot.outreach.permissions import Permission
from bot.outreach.sign_in import Missing, Opened, SignedIn

SESSION_COOKIE: Final = "__Host-civicbot"
DEVICE_COOKIE: Final = "__Host-civicbot-device"
DEVICE_SECONDS: Final = int(sign_in.DEVICES_TRUSTED.total_seconds())
LONGEST_TOKEN: Final = 100
LARGEST_ID: Final = 2**63 - 1

View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True, slots=True)
class Anyone:
    """Needs no account: the doors themselves."""

    is_asked: bool = True
    """Whether it matters who is there. For the files that pages load it does not: four to a page, and no look-up."""


@dataclass(frozen=True, slots=True)
class HalfWay:
    """Needs the password, and not yet the second factor."""


Needs = Permission | Anyone | HalfWay


class Pages:
    """A blueprint whose every rule says what it needs."""

    def __init__(self, name: str) -> None:
        self.blueprint = Blueprint(
            name, __name__, url_prefix="/console", template_folder="templates", static_folder=None
        )
        self.needs: dict[str, Needs] = {}

    def page(self, rule: str, *, needs: Needs, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
        def register(view: View) -> View:
            name = view.__name__
            self.blueprint.add_url_rule(rule, name, view, methods=list(methods))
            self.needs[f"{self.blueprint.name}.{name}"] = needs
            return view

        return register

    def guard(self, premises: Premises) -> Blueprint:
        self.blueprint.before_request(partial(_guard, premises, self.needs))
        return self.blueprint


def visitor() -> SignedIn:
    """Who is signed in. Only for pages that need a permission."""
    found = g.get("visitor")
    assert isinstance(found, SignedIn)  # noqa: S101 - the guard saw to it
    return found


def find_visitor() -> SignedIn | None:
    found = g.get("visitor")
    return found if isinstance(found, SignedIn) else None


def actor() -> Actor:
    """As whom the visitor stands in the audit log."""
    account = visitor().account
    return Actor(account.id, account.name)


def may(permission: Permission) -> bool:
    found = find_visitor()
    return found is not None and found.may(permission)


def address() -> str:
    """Where the request comes from: of what proxies say, only the trusted ones' word counts (see hardening)."""
    return request.remote_addr or "unknown"


def device() -> str | None:
    return request.cookies.get(DEVICE_COOKIE, "")[:LONGEST_TOKEN] or None


def row_id(text: str) -> int:
    """For `request.args.get(…, type=row_id)`: a number that can be that of a row. Raises ValueError for any other."""
    number = int(text)
    if not 0 <= number <= LARGEST_ID:
        raise ValueError(text)
    return number


def end_former(db: Session, premises: Premises) -> None:
    """Who comes in anew leaves the session behind that this browser held, whoever's it was."""
    found = find_visitor()
    if found is not None:
        sign_in.end_session(db, session_id=found.session_id, now=premises.now())


def let_in(response: Response, opened: Opened) -> Response:
    """Forms of before are worth nothing from here on: draw a page that goes with it afterwards."""
    renew_form_token()
    keep: dict[str, Any] = {"secure": True, "httponly": True, "samesite": "Lax", "path": "/"}
    response.set_cookie(SESSION_COOKIE, opened.token, **keep)
    if opened.device is not None:
        response.set_cookie(DEVICE_COOKIE, opened.device, max_age=DEVICE_SECONDS, **keep)
    return response


def let_out(response: Response) -> Response:
    renew_form_token()
    response.delete_cookie(SESSION_COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    return response


def safe_next(target: str | None) -> str:
    """Where to go on to: a page of this console, whatever was asked for."""
    home = url_for("home.show")
    if not target or not target.startswith("/console/") or "\\" in target or any(ord(one) < 33 for one in target):
        return home
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else home


def _guard(premises: Premises, needs: dict[str, Needs]) -> ResponseReturnValue | None:
    wanted = needs.get(request.endpoint or "")
    if wanted is None:
        abort(404)
    if wanted != Anyone(is_asked=False):
        g.visitor = _recognise(premises)
    if isinstance(wanted, Anyone):
        return None
    found = find_visitor()
    if found is None:
        here = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("doors.sign_in", next=here))
    if isinstance(wanted, HalfWay):
        return None
    if found.missing is Missing.CODE:
        return redirect(url_for("doors.second_factor", next=request.full_path if request.method == "GET" else None))
    if found.missing is Missing.ENROLMENT and wanted is not Permission.OWN_ACCOUNT:
        return redirect(url_for("account.enrol"))
    if not found.may(wanted):
        abort(403)
    return None


def _recognise(premises: Premises) -> SignedIn | None:
    token = request.cookies.get(SESSION_COOKIE, "")[:LONGEST_TOKEN]
    if not token:
        return None
    now = premises.now()
    with premises.database.reading() as db:
        found = sign_in.find_session(db, token, now=now)
    if found is not None and sign_in.is_due_for_touch(found, now=now):
        with premises.database.transaction() as db:
            sign_in.touch(db, session_id=found.session_id, now=now)
    return found
