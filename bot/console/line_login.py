"""Signing in with LINE, for accounts that are linked: OpenID Connect, with PKCE.

LINE takes the password's place, and nothing else's: who has a second factor is still asked for it. What a browser set
out with is kept in its own signed cookie, and counts for one return within ten minutes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from hmac import compare_digest
from typing import Any, Final

import requests
import structlog
from authlib.integrations.base_client.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from flask import Blueprint, abort, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from bot.console import records, sentences
from bot.console.access import Anyone, Pages, address, device, end_former, find_visitor, let_in, safe_next
from bot.console.premises import Premises
from bot.outreach import line_linking, sign_in
from bot.outreach.audit import Actor
from bot.outreach.sign_in import Opened, TooManyTries
from bot.outreach.staff import Account, AccountChanged
from bot.settings import LINE_API, Settings
from bot.storage import people, sign_in_tries, staff

log = structlog.get_logger(__name__)

ISSUER: Final = "https://access.line.me"
UNDER_WAY: Final = "line_login"
RETURN_WITHIN = timedelta(minutes=10)
CLOCKS_APART_SECONDS = 60
CONNECT_AND_READ_SECONDS = (3, 10)
LONGEST_CODE = 2000
LONGEST_TARGET = 1000
"""A cookie has room for little."""


class Why(Enum):
    """Nobody was let in. What to say, and the status it is said with."""

    START_AGAIN = (
        400,
        "ขอเริ่มใหม่อีกครั้งนะคะ",
        "การเข้าด้วย LINE ใช้ได้ครั้งเดียว และต้องเสร็จใน 10 นาทีค่ะ ถ้า LINE เปิดหน้านี้ในอีกแอปหนึ่ง ให้กลับไปกดในแอปเดิม",
    )
    DECLINED = (400, "ยังไม่ได้เข้าสู่ระบบค่ะ", "คุณยังไม่ได้กดอนุญาตใน LINE ลองใหม่ได้ หรือเข้าด้วยชื่อผู้ใช้กับรหัสผ่านก็ได้ค่ะ")
    NOT_PROVEN = (
        400,
        "LINE ยืนยันตัวคุณไม่สำเร็จค่ะ",
        "ลองใหม่อีกครั้งนะคะ ถ้ายังไม่ได้ เข้าด้วยชื่อผู้ใช้กับรหัสผ่านได้ค่ะ",
    )
    LINE_IS_SILENT = (503, "ตอนนี้ติดต่อ LINE ไม่ได้ค่ะ", "รอสักครู่แล้วลองใหม่ หรือเข้าด้วยชื่อผู้ใช้กับรหัสผ่านได้ค่ะ")
    NOT_LINKED = (403, "LINE นี้ยังไม่ได้เชื่อมค่ะ", "เชื่อมครั้งเดียวพอค่ะ ทำตามนี้นะคะ")
    DISABLED = (403, "บัญชีนี้ปิดใช้อยู่ค่ะ", "ถ้าคิดว่าควรเข้าได้ บอกผู้ดูแลระบบของศูนย์นะคะ")
    CHANGED = (409, "ยังไม่ได้เข้าสู่ระบบค่ะ", sentences.ACCOUNT_CHANGED)
    TOO_MANY = (429, "ขอพักสักครู่นะคะ", "")


@dataclass(eq=False)
class Refused(Exception):
    why: Why
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LineChannel:
    """LINE's side. Its addresses stand here: what is not looked up need not be trusted."""

    channel_id: str
    secret: str
    redirect_uri: str
    authorize: str
    token: str

    @classmethod
    def of(cls, settings: Settings, callback: str) -> LineChannel:
        api = settings.line_api_url
        pages = ISSUER if api == LINE_API else api
        return cls(
            settings.line_login_channel_id,
            settings.line_login_channel_secret.get_secret_value(),
            settings.base_url + callback,
            f"{pages}/oauth2/v2.1/authorize",
            f"{api}/oauth2/v2.1/token",
        )

    def consent_page(self, *, state: str, nonce: str, verifier: str) -> str:
        with self._client() as client:
            url, _ = client.create_authorization_url(
                self.authorize, state=state, nonce=nonce, code_verifier=verifier, ui_locales="th"
            )
        return str(url)

    def redeem(self, code: str, *, nonce: str, verifier: str, now: datetime) -> str:
        """The LINE user id of whoever agreed. Speaks to LINE: call it outside a transaction. Raises Refused."""
        try:
            with self._client() as client:
                given = client.fetch_token(
                    self.token, grant_type="authorization_code", code=code, code_verifier=verifier,
                    timeout=CONNECT_AND_READ_SECONDS, allow_redirects=False,
                )  # fmt: skip
        except AuthlibBaseError as error:
            log.warning("line_login.not_redeemed", error=str(error.error)[:40])
            raise Refused(Why.NOT_PROVEN) from error
        except (requests.RequestException, ValueError) as error:
            log.warning("line_login.line_is_silent", error=type(error).__name__)
            raise Refused(Why.LINE_IS_SILENT) from error
        return self._check(given, nonce=nonce, now=now)

    def _check(self, given: dict[str, Any], *, nonce: str, now: datetime) -> str:
        """The subject of the id token: of this channel, for this login, by LINE, not expired."""
        options = {
            "iss": {"essential": True, "values": [ISSUER]},
            "aud": {"essential": True, "values": [self.channel_id]},
        }
        params = {"nonce": nonce, "client_id": self.channel_id, "access_token": given.get("access_token")}
        try:
            token = jwt.decode(str(given.get("id_token")), OctKey.import_key(self.secret), algorithms=["HS256"])
            claims = CodeIDToken(token.claims, token.header, options, params)
            claims.validate(now=int(now.timestamp()), leeway=CLOCKS_APART_SECONDS)
        except (JoseError, ValueError, TypeError) as error:
            log.warning("line_login.not_proven", error=type(error).__name__, claim=getattr(error, "claim", None))
            raise Refused(Why.NOT_PROVEN) from error
        return str(claims["sub"])

    def _client(self) -> Any:  # noqa: ANN401 - Authlib has no types
        client = OAuth2Session(
            self.channel_id, self.secret, token_endpoint_auth_method="client_secret_post",  # noqa: S106 - a method's name
            scope="openid", redirect_uri=self.redirect_uri, code_challenge_method="S256",
        )  # fmt: skip
        client.trust_env = False  # no proxy and no .netrc of whoever started us, as for LINE's other addresses
        return client


def line_login(premises: Premises) -> Blueprint:
    pages = Pages("line_login")

    @pages.page("/line", needs=Anyone(), methods=("POST",))
    def begin() -> ResponseReturnValue:
        state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
        session[UNDER_WAY] = {
            "state": state, "nonce": nonce, "verifier": verifier, "at": premises.now().timestamp(),
            "next": safe_next(request.form.get("next", "")[:LONGEST_TARGET]),
        }  # fmt: skip
        return redirect(_channel(premises).consent_page(state=state, nonce=nonce, verifier=verifier), 303)

    @pages.page("/line/callback", needs=Anyone())
    def callback() -> ResponseReturnValue:
        channel, under_way = _channel(premises), session.pop(UNDER_WAY, None)
        visitor = find_visitor()
        if under_way is None and visitor is not None and visitor.missing is None:
            return redirect(url_for("home.show"))  # the address once more, after all went well
        try:
            return _come_back(premises, channel, under_way or {})
        except Refused as refused:
            return _refuse(refused, under_way["next"] if under_way else url_for("home.show"))

    return pages.guard(premises)


def _channel(premises: Premises) -> LineChannel:
    if not premises.settings.line_login_channel_id:
        abort(404)
    return LineChannel.of(premises.settings, url_for("line_login.callback"))


def _come_back(premises: Premises, channel: LineChannel, under_way: dict[str, Any]) -> ResponseReturnValue:
    given, now = request.args, premises.now()
    expected = str(under_way.get("state", ""))
    known = bool(expected) and compare_digest(expected.encode(), given.get("state", "").encode())
    if not known or now.timestamp() - under_way["at"] > RETURN_WITHIN.total_seconds():
        raise Refused(Why.START_AGAIN)
    if given.get("error"):
        raise Refused(Why.DECLINED if given["error"] == "access_denied" else Why.NOT_PROVEN)
    code = given.get("code", "")
    if not 0 < len(code) <= LONGEST_CODE:
        raise Refused(Why.NOT_PROVEN)
    tries = _take_try(premises, now)
    user_id = channel.redeem(code, nonce=under_way["nonce"], verifier=under_way["verifier"], now=premises.now())
    account, opened = _open_session(premises, user_id, tries)
    target = under_way["next"]
    step = url_for("doors.second_factor", next=target) if account.has_second_factor else target
    return let_in(make_response(redirect(step)), opened)


def _take_try(premises: Premises, now: datetime) -> tuple[int, ...]:
    """Each return costs a call to LINE: counted like a password that may be wrong."""
    key = premises.vault.keyed_hash("sign-in/address", address())
    try:
        with premises.database.transaction() as db:
            return sign_in.take_try(db, {key: sign_in.MOST_TRIES_ADDRESS}, now=now)
    except TooManyTries as error:
        raise Refused(Why.TOO_MANY, error.until) from error


def _open_session(premises: Premises, user_id: str, tries: tuple[int, ...]) -> tuple[Account, Opened]:
    """Whose LINE account it is is asked now, not when they set out. Raises Refused."""
    now = premises.now()
    try:
        with premises.database.transaction() as db:
            person = people.find(db, line_user_id=user_id)
            account = line_linking.find_by_person(db, person.id) if person is not None else None
            if account is None:
                known = person is not None and staff.find_by_person(db, person.id) is not None
                raise Refused(Why.DISABLED if known else Why.NOT_LINKED)
            end_former(db, premises)
            opened = sign_in.open_session(db, premises.vault, who=account, address=address(), device=device(), now=now)
            sign_in_tries.forget_tries(db, tries)
            who = Actor(account.id, account.name)
            records.record(db, premises, "session.opened", ("staff", account.id), after={"by": "LINE"}, who=who)
    except AccountChanged as error:
        raise Refused(Why.CHANGED) from error
    return account, opened


def _refuse(refused: Refused, target: str) -> ResponseReturnValue:
    status, title, what = refused.why.value
    shown = {
        "title": title,
        "next": target,
        "what": sentences.wait_until(refused.until) if refused.until else what,
        "how_to_link": refused.why is Why.NOT_LINKED,
        "again": refused.why in {Why.START_AGAIN, Why.DECLINED, Why.NOT_PROVEN, Why.LINE_IS_SILENT},
    }
    return render_template("console/line_refused.html", **shown), status
