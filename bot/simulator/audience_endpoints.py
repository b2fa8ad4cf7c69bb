"""The endpoints of audiences: made of ids, or of who looked at a message or opened its links."""

from __future__ import annotations

from dataclasses import dataclass

from bot.simulator.answering import Answer, Call
from bot.simulator.audiences import DAY, KEPT_SECONDS, Audience, AudienceKind
from bot.simulator.endpoints import Endpoint, part
from bot.simulator.limits import BUSY_MESSAGE
from bot.simulator.refusals import ApiRefusal
from bot.simulator.rules import audiences as rules
from bot.simulator.sent_to_all import SentToAll
from bot.simulator.state import State
from bot.simulator.uploads import LARGEST_UPLOAD_BYTES, read_upload

MESSAGE_SECONDS = 60 * DAY
"""How long after a message one can still make an audience of it."""


def list_endpoints(state: State) -> list[Endpoint]:
    uploads, others, shelf = _Uploads(state), _OfMessages(state), _Shelf(state)
    base = "/v2/bot/audienceGroup"
    file, one = f"{base}/upload/byFile", f"{base}/<audience_id>"
    return [
        Endpoint("POST", f"{base}/upload", "audience-create", uploads.create),
        Endpoint("PUT", f"{base}/upload", "audience-add", uploads.add),
        Endpoint("POST", file, "audience-create-file", uploads.create_by_file, body="any",
                 read_bytes=LARGEST_UPLOAD_BYTES),
        Endpoint("PUT", file, "audience-add-file", uploads.add_by_file, body="any", read_bytes=LARGEST_UPLOAD_BYTES),
        Endpoint("POST", f"{base}/click", "audience-click", others.create_of_clicks),
        Endpoint("POST", f"{base}/imp", "audience-imp", others.create_of_looks),
        Endpoint("PUT", f"{one}/updateDescription", "audience-rename", shelf.rename),
        Endpoint("DELETE", one, "audience-delete", shelf.delete),
        Endpoint("GET", f"{base}/list", "audience-list", shelf.list_some),
        Endpoint("GET", one, "audience-get", shelf.get),
        Endpoint("GET", f"{base}/shared/list", "audience-shared-list", shelf.list_shared),
        Endpoint("GET", f"{base}/shared/<audience_id>", "audience-shared-get", shelf.get_shared),
    ]  # fmt: skip


def _get(state: State, audience_id: object) -> Audience:
    audience = state.audiences.find(audience_id, now=state.clock.now())
    if audience is None:
        raise rules.refuse("audience-known", "audience group not found", "AUDIENCE_GROUP_NOT_FOUND")
    return audience


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _made(audience: Audience | None) -> Audience:
    """Raises LINE's refusal of one too many."""
    if audience is None:
        raise rules.refuse("audience-count", "audience group count max over", "AUDIENCE_GROUP_COUNT_MAX_OVER")
    return audience


@dataclass(frozen=True, slots=True)
class _Uploads:
    state: State

    def create(self, call: Call) -> Answer:
        name = rules.check_name(call.body.get("description"))
        description = rules.check_upload_description(call.body.get("uploadDescription"))
        is_ifa = call.body.get("isIfaAudience") is True
        ids = rules.check_ids_in_json(call.body, is_ifa=is_ifa, required=False)
        return self._create(name, ids, description, is_ifa=is_ifa)

    def create_by_file(self, call: Call) -> Answer:
        upload = read_upload(call)
        name = rules.check_name(upload.fields.get("description"))
        description = rules.check_upload_description(upload.fields.get("uploadDescription"))
        is_ifa = upload.fields.get("isIfaAudience", "").lower() == "true"
        ids = rules.check_ids_in_file(upload.text, is_ifa=is_ifa)
        return self._create(name, ids, description, is_ifa=is_ifa)

    def _create(self, name: str, ids: list[str], description: str | None, *, is_ifa: bool) -> Answer:
        audience = _made(self.state.audiences.add("UPLOAD", name, now=self.state.clock.now(), is_ifa=is_ifa))
        if ids:
            self._put_in(audience, ids, description)
        return Answer(audience.describe_new(), 202)

    def add(self, call: Call) -> Answer:
        audience = self._growing(call.body.get("audienceGroupId"))
        description = rules.check_upload_description(call.body.get("uploadDescription"))
        ids = rules.check_ids_in_json(call.body, is_ifa=audience.is_ifa, required=True)
        self._put_in(audience, ids, description)
        return Answer({}, 202)

    def add_by_file(self, call: Call) -> Answer:
        upload = read_upload(call)
        audience = self._growing(_number(upload.fields.get("audienceGroupId", "")))
        description = rules.check_upload_description(upload.fields.get("uploadDescription"))
        self._put_in(audience, rules.check_ids_in_file(upload.text, is_ifa=audience.is_ifa), description)
        return Answer({}, 202)

    def _growing(self, audience_id: object) -> Audience:
        audience = _get(self.state, audience_id)
        if audience.kind != "UPLOAD":
            raise rules.refuse("audience-known", "audience group not found", "AUDIENCE_GROUP_NOT_FOUND")
        if self.state.clock.now() - audience.created >= KEPT_SECONDS:
            detail = "AUDIENCE_GROUP_CAN_NOT_UPLOAD_STATUS_EXPIRED"
            raise rules.refuse("audience-expired", "audience group is expired", detail)
        return audience

    def _put_in(self, audience: Audience, ids: list[str], description: str | None) -> None:
        left_out = self.state.people.list_without_policy()
        taken = [user_id for user_id in ids if user_id not in left_out] if left_out else ids
        if not self.state.audiences.put_in(audience, taken, description=description, now=self.state.clock.now()):
            raise ApiRefusal(429, BUSY_MESSAGE, "audience-concurrency")


@dataclass(frozen=True, slots=True)
class _OfMessages:
    state: State

    def create_of_clicks(self, call: Call) -> Answer:
        name, url = rules.check_name(call.body.get("description")), rules.check_click_url(call.body.get("clickUrl"))
        request_id, sent = self._sent(call, "CLICK", url)
        clicked = sent.clicked if sent.links and (url is None or url in sent.links) else 0
        now = self.state.clock.now()
        audience = self.state.audiences.add("CLICK", name, now=now, request_id=request_id, click_url=url)
        return self._fill(_made(audience), sent, clicked)

    def create_of_looks(self, call: Call) -> Answer:
        name = rules.check_name(call.body.get("description"))
        request_id, sent = self._sent(call, "IMP", None)
        audience = self.state.audiences.add("IMP", name, now=self.state.clock.now(), request_id=request_id)
        return self._fill(_made(audience), sent, sent.looked)

    def _sent(self, call: Call, kind: AudienceKind, url: str | None) -> tuple[str, SentToAll]:
        request_id = str(call.body.get("requestId"))
        sent = self.state.sent_to_all.find(request_id)
        if sent is None:
            raise rules.refuse("audience-request-known", "request not found", "REQUEST_NOT_FOUND")
        if self.state.clock.now() - sent.at > MESSAGE_SECONDS:
            raise rules.refuse("audience-request-age", "too old messages", "TOO_OLD_MESSAGES")
        if self.state.audiences.find_like(kind, request_id, url) is not None:
            detail = "AUDIENCE_GROUP_REQUESTID_DUPLICATE"
            raise rules.refuse("audience-request-once", "requestId is duplicated", detail)
        return request_id, sent

    def _fill(self, audience: Audience, sent: SentToAll, people: int) -> Answer:
        chosen = list(sent.recipients.between(0, people))
        self.state.audiences.put_in(audience, chosen, description=None, now=self.state.clock.now())
        return Answer(audience.describe_new(), 202)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What is there already."""

    state: State

    def rename(self, call: Call) -> Answer:
        name = rules.check_name(call.body.get("description"))
        self._one(call).name = name
        return Answer({})

    def delete(self, call: Call) -> Answer:
        self.state.audiences.remove(self._one(call))
        return Answer({}, 202)

    def get(self, call: Call) -> Answer:
        audience, now = self._one(call), self.state.clock.now()
        return Answer({"audienceGroup": audience.describe(now), "jobs": audience.describe_jobs(now)})

    def list_some(self, call: Call) -> Answer:
        query, now = call.request.args.to_dict(), self.state.clock.now()
        page, size = rules.check_list_query(query)
        like, route = query.get("description", "").casefold(), query.get("createRoute", "MESSAGING_API")
        found = [
            audience
            for audience in self.state.audiences.list_all(now=now)
            if like in audience.name.casefold()
            and query.get("status", status := audience.status(now)) == status
            and route == "MESSAGING_API"
        ]
        return _page([audience.describe(now) for audience in found], page, size)

    def list_shared(self, call: Call) -> Answer:
        """Business Manager shares nothing with this account."""
        return _page([], *rules.check_list_query(call.request.args.to_dict()))

    def get_shared(self, _call: Call) -> Answer:
        raise rules.refuse("audience-known", "audience group not found", "AUDIENCE_GROUP_NOT_FOUND")

    def _one(self, call: Call) -> Audience:
        return _get(self.state, _number(part(call, "audience_id")))


def _page(found: list[dict[str, object]], page: int, size: int) -> Answer:
    start = (page - 1) * size
    return Answer(
        {
            "audienceGroups": found[start : start + size],
            "hasNextPage": start + size < len(found),
            "totalCount": len(found),
            "readWriteAudienceGroupTotalCount": len(found),
            "page": page,
            "size": size,
        }
    )
