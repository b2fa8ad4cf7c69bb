"""What a person's browser sees of LINE: the consent page of LINE Login, and the dialog that links accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from markupsafe import Markup

from bot.simulator import events
from bot.simulator.answering import Answer, Call
from bot.simulator.endpoints import Endpoint, part
from bot.simulator.login import Logins
from bot.simulator.login_book import Code
from bot.simulator.people import Person
from bot.simulator.refusals import ApiRefusal
from bot.simulator.sender import Sender
from bot.simulator.state import State

PEOPLE_NAMED = 50
SCOPES = frozenset({"profile", "openid", "email"})
HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
           "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}  # fmt: skip
PAGE = Markup(
    '<!doctype html><html lang="th"><meta charset="utf-8"><title>LINE Login</title>'
    '<meta name="viewport" content="width=device-width"><style>body{{font:1.1rem sans-serif;max-width:24rem;'
    "margin:2rem auto}}a{{display:block;padding:.8rem;margin:.5rem 0;border:1px solid #9a9a9a;border-radius:.5rem}}"
    "</style><h1>เข้าสู่ระบบด้วย LINE</h1><p>{heading}</p>{links}"
)
LINK = Markup('<a href="{address}">{words}</a>')


def list_endpoints(state: State, sender: Sender) -> list[Endpoint]:
    consent, linking, known = _Consent(state, sender), _Linking(state, sender), _Known(Logins(state))
    authorize = "/oauth2/v2.1/authorize"
    rows = [
        ("GET", authorize, "authorize", consent.ask),
        ("GET", f"{authorize}/as/<user_id>", "authorize-as", consent.agree),
        ("GET", f"{authorize}/no", "authorize-no", consent.refuse),
        ("GET", "/dialog/bot/accountLink", "link-dialog", linking.dialog),
        ("GET", "/oauth2/v2.1/userinfo", "userinfo", known.userinfo),
        ("POST", "/oauth2/v2.1/userinfo", "userinfo", known.userinfo),
        ("GET", "/v2/profile", "login-profile", known.profile),
        ("GET", "/friendship/v1/status", "friendship", known.friendship),
    ]
    pages = [Endpoint(method, path, name, work, with_token=False, body="any") for method, path, name, work in rows]
    link = Endpoint("POST", "/v2/bot/user/<user_id>/linkToken", "link-token", linking.issue, body="any")
    return [*pages, link]


@dataclass(frozen=True, slots=True)
class _Consent:
    state: State
    sender: Sender

    def ask(self, call: Call) -> Answer:
        asked = self._read(call)
        query = urlencode(asked)
        links = [
            LINK.format(address=f"/oauth2/v2.1/authorize/as/{person.user_id}?{query}", words=person.display_name)
            for person in self.state.people.list_all(of_each_crowd=3)[:PEOPLE_NAMED]
        ]
        links.append(LINK.format(address=f"/oauth2/v2.1/authorize/no?{query}", words="ไม่อนุญาต"))
        return Answer(str(PAGE.format(heading="เข้าใช้ในชื่อใคร", links=Markup("").join(links))), headers=HEADERS)

    def agree(self, call: Call) -> Answer:
        asked = self._read(call)
        person = self.state.people.find(part(call, "user_id"))
        if person is None:
            raise ApiRefusal(404, "Not found", "endpoint-known")
        code = Code(
            person.user_id, asked["redirect_uri"], asked["scope"], asked.get("nonce"), asked.get("code_challenge"),
            self.state.clock.now(),
        )  # fmt: skip
        answer = {"code": self.state.logins.add_code(code), "state": asked["state"]}
        return _back(asked, {**answer, **self._befriend(person, asked)})

    def _befriend(self, person: Person, asked: Mapping[str, str]) -> dict[str, str]:
        """Who is asked to add the bot does so, and the bot is told."""
        if asked.get("bot_prompt") not in {"normal", "aggressive"}:
            return {}
        is_new = not person.following
        if is_new:
            unblocked = self.state.people.follow(person.user_id)
            follow = events.from_person(person.user_id, "follow", follow={"isUnblocked": unblocked})
            self.sender.send_soon([events.complete(follow, self.state)])
        return {"friendship_status_changed": str(is_new).lower()}

    def refuse(self, call: Call) -> Answer:
        asked = self._read(call)
        return _back(asked, {"error": "access_denied", "error_description": "The resource owner denied the request.",
                             "state": asked["state"]})  # fmt: skip

    def _read(self, call: Call) -> Mapping[str, str]:
        """Until the redirect address is known to be ours, nothing is sent there."""
        asked, config = call.request.args.to_dict(), self.state.config
        address = asked.get("redirect_uri", "")
        allowed = address in config.login_callbacks if config.login_callbacks else urlsplit(address).scheme in _SCHEMES
        wrong = (
            "login-client" if asked.get("client_id") != config.login_channel_id
            else "login-redirect-registered" if not allowed
            else "login-request" if asked.get("response_type") != "code" or not asked.get("state")
            else "login-scope" if not asked.get("scope") or set(asked["scope"].split()) - SCOPES
            else "login-pkce" if asked.get("code_challenge") and asked.get("code_challenge_method") != "S256"
            else None
        )  # fmt: skip
        if wrong is not None:
            raise ApiRefusal(400, "400 Bad Request", wrong)
        return asked


_SCHEMES = frozenset({"http", "https"})


@dataclass(frozen=True, slots=True)
class _Linking:
    state: State
    sender: Sender

    def issue(self, call: Call) -> Answer:
        user_id = part(call, "user_id")
        call.row.user_ids = (user_id,)
        if self.state.people.find(user_id) is None:
            raise ApiRefusal(404, "Not found", "link-user-known")
        return Answer({"linkToken": self.state.link_tokens.issue(user_id, now=self.state.clock.now())})

    def dialog(self, call: Call) -> Answer:
        """A link token that is used, or old, ends quietly: no event is sent."""
        nonce = call.request.args.get("nonce", "")
        user_id = self.state.link_tokens.take(call.request.args.get("linkToken", ""), now=self.state.clock.now())
        if user_id is None:
            raise ApiRefusal(400, "The link has expired", "link-token-once")
        if not 10 <= len(nonce) <= 255:
            failed = {"type": "accountLink", "link": {"result": "failed", "nonce": nonce}}
            self.sender.send_soon([events.complete(failed, self.state)])
            raise ApiRefusal(400, "The nonce is invalid", "link-nonce")
        linked = events.from_person(user_id, "accountLink", link={"result": "ok", "nonce": nonce})
        self.sender.send_soon([events.complete(linked, self.state)])
        return Answer(str(PAGE.format(heading="เชื่อมบัญชีแล้ว กลับไปที่แชตได้เลย", links="")), headers=HEADERS)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a login's access token opens."""

    logins: Logins

    def userinfo(self, call: Call) -> Answer:
        person = self.logins.find_person(_bearer(call), scope="openid")
        if person is None:
            raise ApiRefusal(401, "The access token is invalid", "login-token")
        return Answer({"sub": person.user_id, "name": person.display_name})

    def profile(self, call: Call) -> Answer:
        person = self.logins.find_person(_bearer(call), scope="profile")
        if person is None:
            raise ApiRefusal(401, "The access token is invalid", "login-token")
        return Answer({"userId": person.user_id, "displayName": person.display_name})

    def friendship(self, call: Call) -> Answer:
        person = self.logins.find_person(_bearer(call), scope="profile")
        if person is None:
            raise ApiRefusal(401, "The access token is invalid", "login-token")
        return Answer({"friendFlag": person.following})


def _bearer(call: Call) -> str:
    return call.request.headers.get("Authorization", "").removeprefix("Bearer ")


def _back(asked: Mapping[str, str], answer: dict[str, str]) -> Answer:
    address = asked["redirect_uri"]
    glue = "&" if urlsplit(address).query else "?"
    return Answer(None, 302, {"Location": f"{address}{glue}{urlencode(answer)}", "Cache-Control": "no-store"})
