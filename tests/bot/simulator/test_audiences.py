"""Audiences: made of ids or of who looked and clicked, ready after a while, and closed after half a year."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bot.simulator import audiences as store
from bot.simulator import uploads
from bot.simulator.rules import audiences as rules
from tests.bot.simulator.desk import KHAM, PUSH, SOMSRI, UNKNOWN, Answer, Desk, text

BASE = "/v2/bot/audienceGroup"
UPLOAD, FILE = f"{BASE}/upload", f"{BASE}/upload/byFile"
DAY = 24 * 3600
IFA = "123e4567-e89b-12d3-a456-426614174000"
LINK = "https://example.org/sign-up"
BUTTON = {
    "type": "template", "altText": "สมัคร",
    "template": {"type": "buttons", "text": "สมัคร", "actions": [{"type": "uri", "label": "สมัคร", "uri": LINK}]},
}  # fmt: skip


def _refusal(answer: Answer) -> tuple[int, str | None, str]:
    return answer.status, answer.headers.get("X-Simulator-Rule"), answer.json["details"][0]["message"]


def _rule(answer: Answer) -> str | None:
    return answer.headers.get("X-Simulator-Rule")


def _create(desk: Desk, *ids: str, name: str = "ผู้สูงอายุ", **more: Any) -> Answer:
    given = {"audiences": [{"id": each} for each in ids]} if ids else {}
    return desk.line("POST", UPLOAD, {"description": name, **given, **more})


def _add(desk: Desk, audience: int, *ids: str, **more: Any) -> Answer:
    return desk.line("PUT", UPLOAD, {"audienceGroupId": audience, "audiences": [{"id": each} for each in ids], **more})


def _form(file: str | None, *, kind: str = "text/plain", **fields: str) -> tuple[bytes, str]:
    border = "border7"
    parts = [f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
             for name, value in fields.items()]  # fmt: skip
    if file is not None:
        about = f'Content-Disposition: form-data; name="file"; filename="ids.txt"\r\nContent-Type: {kind}'
        parts.append(f"--{border}\r\n{about}\r\n\r\n{file}\r\n")
    return "".join([*parts, f"--{border}--\r\n"]).encode(), f"multipart/form-data; boundary={border}"


def _upload(desk: Desk, file: str | None, *, method: str = "POST", kind: str = "text/plain", **fields: str) -> Answer:
    body, content_type = _form(file, kind=kind, **fields)
    return desk.line(method, FILE, body, Content_Type=content_type)


def _get(desk: Desk, audience: int) -> dict[str, Any]:
    return desk.line("GET", f"{BASE}/{audience}").json


def _wait(desk: Desk, seconds: float = 3) -> None:
    desk.api("POST", "/clock", {"advance": seconds})


def _broadcast(desk: Desk, *messages: dict[str, Any]) -> str:
    sent = desk.line("POST", "/v2/bot/message/broadcast", {"messages": list(messages) or [text()]})
    return str(sent.headers["X-Line-Request-Id"])


def test_an_audience_of_ids_is_ready_when_its_job_is_finished(desk: Desk) -> None:
    made = _create(desk, SOMSRI, KHAM, uploadDescription="รอบแรก")
    assert made.status == 202
    assert [made.json[name] for name in ("createRoute", "type", "description", "permission", "isIfaAudience")] == [
        "MESSAGING_API", "UPLOAD", "ผู้สูงอายุ", "READ_WRITE", False
    ]  # fmt: skip
    assert made.json["expireTimestamp"] - made.json["created"] == 180 * DAY
    audience = made.json["audienceGroupId"]
    first = _get(desk, audience)
    assert (first["audienceGroup"]["status"], first["jobs"][0]["jobStatus"]) == ("IN_PROGRESS", "QUEUED")
    _wait(desk, 1.2)
    assert _get(desk, audience)["jobs"][0]["jobStatus"] == "WORKING"
    _wait(desk, 1.2)
    after = _get(desk, audience)
    assert (after["audienceGroup"]["status"], after["audienceGroup"]["audienceCount"]) == ("READY", 2)
    (job,) = after["jobs"]
    assert {name: job[name] for name in ("description", "type", "jobStatus", "failedType", "audienceCount")} == {
        "description": "รอบแรก", "type": "DIFF_ADD", "jobStatus": "FINISHED", "failedType": None, "audienceCount": 2
    }  # fmt: skip


def test_an_audience_of_nobody_is_never_ready(desk: Desk) -> None:
    audience = _create(desk).json["audienceGroupId"]
    _wait(desk)
    assert (_get(desk, audience)["audienceGroup"]["status"], _get(desk, audience)["jobs"]) == ("IN_PROGRESS", [])
    assert _add(desk, audience, SOMSRI).json == {}
    _wait(desk)
    assert _get(desk, audience)["audienceGroup"]["status"] == "READY"


def test_people_are_added_and_each_counts_once(desk: Desk) -> None:
    audience = _create(desk, SOMSRI, SOMSRI).json["audienceGroupId"]
    assert _add(desk, audience, SOMSRI, KHAM).status == 202
    _wait(desk)
    shown = _get(desk, audience)
    assert (shown["audienceGroup"]["audienceCount"], [job["audienceCount"] for job in shown["jobs"]]) == (2, [1, 2])


def test_a_file_of_ids_is_taken_line_by_line(desk: Desk) -> None:
    made = _upload(desk, f"{SOMSRI}\n{KHAM}\r\n", description="จากไฟล์", uploadDescription="ids.txt")
    assert (made.status, made.json["type"], made.json["description"]) == (202, "UPLOAD", "จากไฟล์")
    audience = made.json["audienceGroupId"]
    more = _upload(desk, UNKNOWN, method="PUT", audienceGroupId=str(audience))
    _wait(desk)
    assert (more.status, more.json, _get(desk, audience)["audienceGroup"]["audienceCount"]) == (202, {}, 3)
    assert [job["description"] for job in _get(desk, audience)["jobs"]] == ["ids.txt", None]


def test_a_file_of_another_kind_is_refused(desk: Desk) -> None:
    answer = _upload(desk, SOMSRI, kind="text/csv", description="ก")
    assert (answer.status, _rule(answer)) == (415, "audience-file-type")
    assert _rule(desk.line("POST", FILE, {"description": "ก"})) == "media-type"
    assert _rule(_upload(desk, None, description="ก")) == "required-property"


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("", "EMPTY"),
        ("   ", "EMPTY"),
        (None, "EMPTY"),
        ("ก" * 121, "SIZE_OVER"),
        ("😀" * 61, "SIZE_OVER"),
        ("ก\n", "WRONG"),
    ],
)
def test_a_name_that_makes_no_sense_is_refused(desk: Desk, name: str | None, detail: str) -> None:
    audience = _create(desk).json["audienceGroupId"]
    wanted = (400, "audience-name", f"AUDIENCE_GROUP_NAME_{detail}")
    assert _refusal(desk.line("POST", UPLOAD, {"description": name})) == wanted
    assert _refusal(desk.line("PUT", f"{BASE}/{audience}/updateDescription", {"description": name})) == wanted
    assert _create(desk, name="ก" * 120).status == 202


def test_a_description_of_an_upload_is_short(desk: Desk) -> None:
    assert _create(desk, uploadDescription="ก" * 300).status == 202
    answer = _create(desk, uploadDescription="ก" * 301)
    assert (answer.status, _rule(answer)) == (400, "audience-upload-description")


@pytest.mark.parametrize("wrong", ["", "someone", SOMSRI.upper(), "C" + "1" * 32, IFA])
def test_one_bad_id_fails_the_whole_call(desk: Desk, wrong: str) -> None:
    audience = _create(desk).json["audienceGroupId"]
    for answer in (_create(desk, SOMSRI, wrong), _add(desk, audience, SOMSRI, wrong)):
        detail = "UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT"
        assert _refusal(answer) == (400, "audience-id-format", detail)
        assert answer.json["message"] == "Invalid audience id format"
    assert _get(desk, audience)["jobs"] == []
    answer = _upload(desk, f"{SOMSRI}\nsomeone\n", description="ก")
    assert answer.json["details"] == [
        {"message": "UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT", "property": "file"}
    ]


def test_identifiers_for_advertisers_are_not_mixed_with_user_ids(desk: Desk) -> None:
    made = _create(desk, IFA, isIfaAudience=True)
    assert (made.status, made.json["isIfaAudience"]) == (202, True)
    audience = made.json["audienceGroupId"]
    assert _rule(_add(desk, audience, SOMSRI)) == "audience-id-format"
    _wait(desk)
    assert _get(desk, audience)["audienceGroup"]["audienceCount"] == 0
    assert _get(desk, audience)["audienceGroup"]["status"] == "READY"


def test_adding_nobody_is_refused(desk: Desk) -> None:
    audience = _create(desk).json["audienceGroupId"]
    detail = "UPLOAD_AUDIENCE_GROUP_NO_VALID_AUDIENCE_IDS"
    assert _refusal(_add(desk, audience)) == (400, "audience-ids-none", detail)
    assert _rule(_upload(desk, "\n", description="ก")) == "audience-ids-none"
    assert _rule(desk.line("PUT", UPLOAD, {"audienceGroupId": audience})) == "required-property"


def test_ten_thousand_ids_fit_into_a_call(desk: Desk) -> None:
    ids = [f"U{number:032x}" for number in range(10_001)]
    assert _create(desk, *ids[:-1]).status == 202
    detail = "UPLOAD_AUDIENCE_GROUP_TOO_MANY_AUDIENCE_IDS"
    assert _refusal(_create(desk, *ids)) == (400, "audience-ids-json", detail)


def test_a_file_has_an_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "IDS_IN_FILE", 2)
    assert _upload(desk, f"{SOMSRI}\n{KHAM}", description="ก").status == 202
    assert _rule(_upload(desk, f"{SOMSRI}\n{KHAM}\n{UNKNOWN}", description="ก")) == "audience-ids-file"


def test_a_file_beyond_all_measure_is_refused_unread(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST_UPLOAD_BYTES", 300)
    assert _upload(desk, SOMSRI, description="ก").status == 202
    assert _upload(desk, f"{SOMSRI}\n" * 10, description="ก").status == 413


def test_a_file_of_a_hundred_thousand_is_taken_in_seconds(desk: Desk) -> None:
    ids = "\n".join(f"U{number:032x}" for number in range(100_000))
    started = time.monotonic()
    audience = _upload(desk, ids, description="ทุกคน").json["audienceGroupId"]
    _wait(desk)
    assert (_get(desk, audience)["audienceGroup"]["audienceCount"], time.monotonic() - started < 10) == (100_000, True)


def test_who_has_not_accepted_the_policy_is_left_out_in_silence(desk: Desk) -> None:
    (person,) = desk.api("POST", "/people", {"displayName": "ยังไม่ยอมรับ", "acceptedPolicy": False})
    audience = _create(desk, SOMSRI, person["userId"]).json["audienceGroupId"]
    _wait(desk)
    assert _get(desk, audience)["audienceGroup"]["audienceCount"] == 1


def test_there_are_at_most_so_many_audiences(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_AUDIENCES", 2)
    assert [_create(desk).status for _ in range(2)] == [202, 202]
    assert _refusal(_create(desk)) == (400, "audience-count", "AUDIENCE_GROUP_COUNT_MAX_OVER")


def test_ten_jobs_of_one_audience_run_at_the_same_time(desk: Desk) -> None:
    audience = _create(desk, SOMSRI).json["audienceGroupId"]
    assert [_add(desk, audience, KHAM).status for _ in range(9)] == [202] * 9
    answer = _add(desk, audience, KHAM)
    assert (answer.status, _rule(answer)) == (429, "audience-concurrency")
    assert answer.json == {"message": "Too many concurrent requests. Try again later."}
    _wait(desk)
    assert _add(desk, audience, KHAM).status == 202


def test_an_audience_that_does_not_exist_is_refused(desk: Desk) -> None:
    wanted = (400, "audience-known", "AUDIENCE_GROUP_NOT_FOUND")
    for answer in (
        _add(desk, 1, SOMSRI), desk.line("GET", f"{BASE}/1"), desk.line("DELETE", f"{BASE}/x"),
        desk.line("PUT", f"{BASE}/1/updateDescription", {"description": "ก"}),
        desk.line("GET", f"{BASE}/shared/1"), _upload(desk, SOMSRI, method="PUT", audienceGroupId="one"),
    ):  # fmt: skip
        assert _refusal(answer) == wanted


def test_an_audience_is_renamed_and_deleted(desk: Desk) -> None:
    audience = _create(desk, SOMSRI).json["audienceGroupId"]
    renamed = desk.line("PUT", f"{BASE}/{audience}/updateDescription", {"description": "ชื่อใหม่"})
    assert (renamed.status, renamed.json) == (200, {})
    assert _get(desk, audience)["audienceGroup"]["description"] == "ชื่อใหม่"
    deleted = desk.line("DELETE", f"{BASE}/{audience}")
    assert (deleted.status, deleted.json) == (202, {})
    assert _rule(desk.line("GET", f"{BASE}/{audience}")) == "audience-known"


def test_an_audience_ends_after_half_a_year_and_goes_a_month_later(desk: Desk) -> None:
    audience = _create(desk, SOMSRI).json["audienceGroupId"]
    _wait(desk, 180 * DAY)
    assert _get(desk, audience)["audienceGroup"]["status"] == "EXPIRED"
    detail = "AUDIENCE_GROUP_CAN_NOT_UPLOAD_STATUS_EXPIRED"
    assert _refusal(_add(desk, audience, KHAM)) == (400, "audience-expired", detail)
    _wait(desk, 30 * DAY)
    assert _rule(desk.line("GET", f"{BASE}/{audience}")) == "audience-known"


def test_audiences_are_listed_in_pages_and_found_by_name(desk: Desk) -> None:
    names = [f"Group {number}" for number in range(5)]
    for name in names:
        _create(desk, SOMSRI, name=name)
    page = desk.line("GET", f"{BASE}/list?page=2&size=2").json
    assert [each["description"] for each in page["audienceGroups"]] == ["Group 2", "Group 1"]
    assert {name: page[name] for name in ("hasNextPage", "totalCount", "page", "size")} == {
        "hasNextPage": True, "totalCount": 5, "page": 2, "size": 2
    }  # fmt: skip
    found = desk.line("GET", f"{BASE}/list?page=1&description=GROUP%203").json
    assert [each["description"] for each in found["audienceGroups"]] == ["Group 3"]
    _wait(desk)
    for query, total in (("status=READY", 5), ("status=FAILED", 0), ("createRoute=OA_MANAGER", 0)):
        assert desk.line("GET", f"{BASE}/list?page=1&{query}").json["totalCount"] == total
    assert desk.line("GET", f"{BASE}/shared/list?page=1").json["audienceGroups"] == []


@pytest.mark.parametrize("query", ["", "page=0", "page=x", "page=1&size=41", "page=1&size=0", "page=1&status=NEW"])
def test_a_list_that_makes_no_sense_is_refused(desk: Desk, query: str) -> None:
    answer = desk.line("GET", f"{BASE}/list?{query}")
    assert (answer.status, _rule(answer)) == (400, "audience-page")


def test_who_looked_and_who_clicked_are_audiences(desk: Desk) -> None:
    desk.api("POST", "/people", {"count": 996})
    sent = _broadcast(desk, BUTTON)
    looked = desk.line("POST", f"{BASE}/imp", {"description": "ดูแล้ว", "requestId": sent})
    clicked = desk.line("POST", f"{BASE}/click", {"description": "กดแล้ว", "requestId": sent, "clickUrl": LINK})
    assert (looked.status, looked.json["type"], looked.json["requestId"]) == (202, "IMP", sent)
    assert (clicked.status, clicked.json["type"], clicked.json["clickUrl"]) == (202, "CLICK", LINK)
    _wait(desk)
    shown = [_get(desk, made.json["audienceGroupId"]) for made in (looked, clicked)]
    assert [(one["audienceGroup"]["status"], one["audienceGroup"]["audienceCount"], one["jobs"]) for one in shown] == [
        ("READY", 500, []), ("READY", 100, [])
    ]  # fmt: skip


def test_fifty_must_have_looked_and_of_fewer_than_twenty_none_is_told(desk: Desk) -> None:
    desk.api("POST", "/people", {"count": 86})
    sent = _broadcast(desk, BUTTON)
    looked = desk.line("POST", f"{BASE}/imp", {"description": "ดู", "requestId": sent}).json["audienceGroupId"]
    clicked = desk.line("POST", f"{BASE}/click", {"description": "กด", "requestId": sent}).json["audienceGroupId"]
    _wait(desk)
    assert [_get(desk, each)["audienceGroup"]["status"] for each in (looked, clicked)] == ["IN_PROGRESS"] * 2
    assert [_get(desk, each)["audienceGroup"]["audienceCount"] for each in (looked, clicked)] == [45, 0]


def test_nobody_clicked_an_address_that_was_not_there(desk: Desk) -> None:
    desk.api("POST", "/people", {"count": 996})
    sent = _broadcast(desk, BUTTON)
    elsewhere = {"description": "อื่น", "requestId": sent, "clickUrl": "https://example.org/elsewhere"}
    audience = desk.line("POST", f"{BASE}/click", elsewhere).json["audienceGroupId"]
    _wait(desk)
    assert _get(desk, audience)["audienceGroup"]["status"] == "IN_PROGRESS"


def test_an_audience_is_made_of_a_message_once(desk: Desk) -> None:
    sent = _broadcast(desk, BUTTON)
    for path, more in (("imp", {}), ("click", {}), ("click", {"clickUrl": LINK})):
        body = {"description": "ก", "requestId": sent, **more}
        assert desk.line("POST", f"{BASE}/{path}", body).status == 202
        detail = "AUDIENCE_GROUP_REQUESTID_DUPLICATE"
        assert _refusal(desk.line("POST", f"{BASE}/{path}", body)) == (400, "audience-request-once", detail)


def test_an_audience_is_made_of_a_broadcast_of_the_last_sixty_days(desk: Desk) -> None:
    pushed = desk.line("POST", PUSH, {"to": SOMSRI, "messages": [text()]}).headers["X-Line-Request-Id"]
    old = _broadcast(desk)
    for request_id in (pushed, "made-up"):
        answer = desk.line("POST", f"{BASE}/imp", {"description": "ก", "requestId": request_id})
        assert _refusal(answer) == (400, "audience-request-known", "REQUEST_NOT_FOUND")
    _wait(desk, 61 * DAY)
    answer = desk.line("POST", f"{BASE}/imp", {"description": "ก", "requestId": old})
    assert _refusal(answer) == (400, "audience-request-age", "TOO_OLD_MESSAGES")


@pytest.mark.parametrize("url", ["not an address", "https://example.org/" + "a" * 2000, 5])
def test_a_clicked_address_that_makes_no_sense_is_refused(desk: Desk, url: object) -> None:
    body = {"description": "ก", "requestId": _broadcast(desk), "clickUrl": url}
    assert _rule(desk.line("POST", f"{BASE}/click", body)) == "audience-click-url"


def test_only_audiences_of_ids_grow(desk: Desk) -> None:
    made = desk.line("POST", f"{BASE}/imp", {"description": "ก", "requestId": _broadcast(desk)}).json
    assert _rule(_add(desk, made["audienceGroupId"], SOMSRI)) == "audience-known"
