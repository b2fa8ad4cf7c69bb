"""Audiences: their names, and the ids that go into them."""

from __future__ import annotations

import re
from typing import Any

from bot.simulator.refusals import ApiRefusal, Problem
from bot.simulator.rules.counting import utf16_units
from bot.simulator.rules.messages import refuse_if_wrong
from bot.simulator.rules.node import URL_UNITS, Node, is_uri

NAME_UNITS = 120
UPLOAD_DESCRIPTION_UNITS = 300
IDS_IN_JSON = 10_000
IDS_IN_FILE = 1_500_000
PAGE_SIZE, LARGEST_PAGE = 20, 40
STATUSES = frozenset({"IN_PROGRESS", "READY", "FAILED", "EXPIRED", "INACTIVE", "ACTIVATING"})
ROUTES = frozenset({"OA_MANAGER", "MESSAGING_API", "POINT_AD", "AD_MANAGER"})
_USER_ID = re.compile(r"U[0-9a-f]{32}")
_IFA = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def refuse(rule: str, message: str, detail: str, place: str = "") -> ApiRefusal:
    """LINE's refusal about audiences: what it means stands in the detail, in capitals."""
    return ApiRefusal(400, message, rule, [Problem(rule, detail, place)])


def check_name(name: object) -> str:
    if not isinstance(name, str) or not name.strip():
        raise refuse("audience-name", "audienceGroupName is empty", "AUDIENCE_GROUP_NAME_EMPTY")
    if utf16_units(name) > NAME_UNITS:
        raise refuse("audience-name", "size over audienceGroupName", "AUDIENCE_GROUP_NAME_SIZE_OVER")
    if _CONTROL.search(name):
        raise refuse("audience-name", "wrong audienceGroupName", "AUDIENCE_GROUP_NAME_WRONG")
    return name


def check_upload_description(description: object) -> str | None:
    if isinstance(description, str) and utf16_units(description) > UPLOAD_DESCRIPTION_UNITS:
        detail = "AUDIENCE_GROUP_UPLOAD_DESCRIPTION_SIZE_OVER"
        raise refuse("audience-upload-description", "size over uploadDescription", detail)
    return description if isinstance(description, str) else None


def check_ids_in_json(body: dict[str, Any], *, is_ifa: bool, required: bool) -> list[str]:
    """The ids of `audiences`: all good, or all refused."""
    problems: list[Problem] = []
    given = Node(body, "", problems).children("audiences", "audience-ids-json", least=0, most=None, required=required)
    ids = [str(each.get("id", str, required=True)) for each in given]
    refuse_if_wrong(problems)
    if len(ids) > IDS_IN_JSON:
        raise _too_many("audience-ids-json", "audiences")
    return _check_ids(ids, is_ifa=is_ifa, needed=required, message="Invalid audience id format", place="audiences")


def check_ids_in_file(text: str, *, is_ifa: bool) -> list[str]:
    """The ids of a file, one a line: all good, or all refused."""
    ids = text.split()
    if len(ids) > IDS_IN_FILE:
        raise _too_many("audience-ids-file", "file")
    message = "UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT"
    return _check_ids(ids, is_ifa=is_ifa, needed=True, message=message, place="file")


def _check_ids(ids: list[str], *, is_ifa: bool, needed: bool, message: str, place: str) -> list[str]:
    if needed and not ids:
        detail = "UPLOAD_AUDIENCE_GROUP_NO_VALID_AUDIENCE_IDS"
        raise refuse("audience-ids-none", "No valid audience ids", detail, place)
    good = (_IFA if is_ifa else _USER_ID).fullmatch
    if not all(map(good, ids)):
        detail = "UPLOAD_AUDIENCE_GROUP_INVALID_AUDIENCE_ID_FORMAT"
        raise refuse("audience-id-format", message, detail, place)
    return ids


def _too_many(rule: str, place: str) -> ApiRefusal:
    return refuse(rule, "Too many audience ids", "UPLOAD_AUDIENCE_GROUP_TOO_MANY_AUDIENCE_IDS", place)


def check_click_url(url: object) -> str | None:
    """Empty means any address of the message."""
    if url is None or url == "":
        return None
    if not isinstance(url, str) or utf16_units(url) > URL_UNITS or not is_uri(url, ("http", "https", "line", "tel")):
        problem = Problem("audience-click-url", "Invalid value", "clickUrl")
        raise ApiRefusal(400, "The request body has 1 error(s)", "audience-click-url", [problem])
    return url


def check_list_query(query: dict[str, str]) -> tuple[int, int]:
    """The page, from 1, and its size. Raises LINE's refusal of what cannot be listed."""
    page, size = query.get("page", ""), query.get("size", str(PAGE_SIZE))
    if not _is_number(page) or int(page) < 1:
        raise refuse("audience-page", "page: must be greater than or equal to 1", "TOO_LOW")
    if not _is_number(size) or int(size) < 1:
        raise refuse("audience-page", "size: must be greater than or equal to 1", "TOO_LOW")
    if int(size) > LARGEST_PAGE:
        raise refuse("audience-page", f"size: must be less than or equal to {LARGEST_PAGE}", "TOO_HIGH")
    for name, values in (("status", STATUSES), ("createRoute", ROUTES)):
        if name in query and query[name] not in values:
            raise refuse("audience-page", f"{name}: invalid value", "INVALID_VALUE")
    return int(page), int(size)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
