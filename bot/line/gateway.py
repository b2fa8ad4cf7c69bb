"""The gateway: the one place that talks to LINE.

One client a process, a time limit on every call, no redirect followed, no retry behind our back, every call logged
with LINE's request id and nothing personal.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pydantic.v1
import urllib3
from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    CreateRichMenuAliasRequest,
    MarkMessagesAsReadByTokenRequest,
    MessagingApi,
    MessagingApiBlob,
    PushMessageRequest,
    ReplyMessageRequest,
    RichMenuRequest,
    ShowLoadingAnimationRequest,
    UpdateRichMenuAliasRequest,
)

from bot import logs
from bot.line.failures import AlreadyAccepted, classified, network_failure, unreadable
from bot.messages import DeliveryFailed, Failure, Receipt, Rendered

log = logs.get(__name__)

TIMEOUT_SECONDS = (3.0, 10.0)
"""To connect, and to hear the answer."""
DATA_HOSTS = {"https://api.line.me": "https://api-data.line.me"}
"""LINE takes pictures at another host than everything else. Whatever stands in for LINE takes both at one."""


@dataclass(frozen=True, slots=True)
class BotInfo:
    """The account as LINE knows it. The modes are LINE's words: `chat` or `bot`, `manual` or `auto`."""

    user_id: str
    chat_mode: str
    mark_as_read_mode: str


class LineGateway:
    """Implements `bot.messages.Messenger`. Build one after forking; safe to share between threads.

    Every method raises DeliveryFailed, and nothing else, when it fails.
    """

    def __init__(self, *, token: str, host: str, connections: int = 16) -> None:
        self._client = _client(token, host, connections)
        self._api = MessagingApi(self._client)
        self._data = MessagingApiBlob(_client(token, DATA_HOSTS.get(host, host), 1))

    def reply(self, token: str, messages: Rendered) -> Receipt:
        request = ReplyMessageRequest.from_dict({"replyToken": token, "messages": messages})
        return self._send("reply", self._api.reply_message_with_http_info, request)

    def push(self, recipient: str, messages: Rendered, *, retry_key: str) -> Receipt:
        request = PushMessageRequest.from_dict({"to": recipient, "messages": messages})
        return self._send("push", self._api.push_message_with_http_info, request, x_line_retry_key=retry_key)

    def show_loading(self, recipient: str, *, seconds: int) -> None:
        request = ShowLoadingAnimationRequest(chatId=recipient, loadingSeconds=seconds)
        self._send("loading", self._api.show_loading_animation_with_http_info, request)

    def mark_as_read(self, token: str) -> None:
        request = MarkMessagesAsReadByTokenRequest(markAsReadToken=token)
        self._send("read", self._api.mark_messages_as_read_by_token_with_http_info, request)

    def bot_user_id(self) -> str:
        return self.bot_info().user_id

    def reads_by_hand(self) -> bool:
        """Asks LINE each time: the account's owner may change it at any moment."""
        return self.bot_info().mark_as_read_mode == "manual"

    def bot_info(self) -> BotInfo:
        told = self._read("info", "/v2/bot/info")
        return BotInfo(_text(told, "userId"), str(told.get("chatMode")), str(told.get("markAsReadMode")))

    # Rich menus. What they look like is in `rich_menu`, in which order they are put up in `menu_installation`.

    def list_rich_menus(self) -> dict[str, str]:
        """The names of the menus that were made through LINE's API, by their ids."""
        menus = self._read("menu.list", "/v2/bot/richmenu/list").get("richmenus")
        known = [menu for menu in menus if isinstance(menu, dict)] if isinstance(menus, list) else []
        return {_text(menu, "richMenuId"): str(menu.get("name")) for menu in known}

    def validate_rich_menu(self, definition: dict[str, Any]) -> None:
        """Makes nothing; a menu that LINE would not take is refused."""
        request = _menu_request(definition)
        self._call("menu.validate", self._api.validate_rich_menu_object_with_http_info, request)

    def create_rich_menu(self, definition: dict[str, Any]) -> str:
        """The new menu's id. Nobody sees it before it has a picture and somebody to be shown to."""
        request = _menu_request(definition)
        answer = self._call("menu.create", self._api.create_rich_menu_with_http_info, request)
        if answer is None:
            raise unreadable()
        return str(answer.data.rich_menu_id)

    def upload_rich_menu_picture(self, menu_id: str, picture: bytes, *, content_type: str) -> None:
        """Once a menu: LINE replaces no picture."""
        call = self._data.set_rich_menu_image_with_http_info
        self._call("menu.upload", call, menu_id, picture, _headers={"Content-Type": content_type})

    def delete_rich_menu(self, menu_id: str) -> None:
        self._call("menu.delete", self._api.delete_rich_menu_with_http_info, menu_id)

    def find_default_rich_menu(self) -> str | None:
        """The menu that is shown to everyone; none where it was made in the account's own manager."""
        found = self._find("menu.default", "/v2/bot/user/all/richmenu", HTTPStatus.FORBIDDEN)
        return _text(found, "richMenuId") if found is not None else None

    def set_default_rich_menu(self, menu_id: str) -> None:
        self._call("menu.set_default", self._api.set_default_rich_menu_with_http_info, menu_id)

    def cancel_default_rich_menu(self) -> None:
        self._call("menu.cancel_default", self._api.cancel_default_rich_menu_with_http_info)

    def find_rich_menu_alias(self, alias: str) -> str | None:
        """The menu that the alias points to."""
        found = self._find("menu.alias", f"/v2/bot/richmenu/alias/{alias}")
        return _text(found, "richMenuId") if found is not None else None

    def make_rich_menu_alias(self, alias: str, menu_id: str) -> None:
        request = CreateRichMenuAliasRequest(richMenuAliasId=alias, richMenuId=menu_id)
        self._call("menu.make_alias", self._api.create_rich_menu_alias_with_http_info, request)

    def point_rich_menu_alias(self, alias: str, menu_id: str) -> None:
        request = UpdateRichMenuAliasRequest(richMenuId=menu_id)
        self._call("menu.point_alias", self._api.update_rich_menu_alias_with_http_info, alias, request)

    def delete_rich_menu_alias(self, alias: str) -> None:
        self._call("menu.delete_alias", self._api.delete_rich_menu_alias_with_http_info, alias)

    def _find(self, name: str, path: str, *absent: HTTPStatus) -> dict[str, Any] | None:
        try:
            return self._read(name, path)
        except DeliveryFailed as failed:
            if failed.status in {HTTPStatus.NOT_FOUND, *absent}:
                return None
            raise

    def _read(self, name: str, path: str) -> dict[str, Any]:
        """LINE's answer as it came: the SDK's models refuse what LINE has added since they were made."""
        answer = self._call(
            name, self._client.call_api, path, "GET", {}, [], {"Accept": "application/json"},
            response_types_map={}, auth_settings=["Bearer"], _return_http_data_only=False,
        )  # fmt: skip
        try:
            told = json.loads(answer.raw_data)
        except ValueError as error:
            raise unreadable() from error
        if not isinstance(told, dict):
            raise unreadable()
        return told

    def _send(self, name: str, call: Callable[..., Any], request: object, **more: object) -> Receipt:
        try:
            answer = self._call(name, call, request, **more)
        except AlreadyAccepted as accepted:
            return Receipt(request_id=accepted.request_id, duplicate=True)
        return Receipt(request_id=_request_id(answer.headers) if answer is not None else None)

    def _call(self, name: str, call: Callable[..., Any], *arguments: object, **more: object) -> Any:  # noqa: ANN401
        started = time.monotonic()
        outcome: dict[str, object] = {"status": None, "request_id": None}
        try:
            answer = call(*arguments, _request_timeout=TIMEOUT_SECONDS, **more)
            outcome = {"status": answer.status_code, "request_id": _request_id(answer.headers)}
        except ApiException as error:
            outcome = {"status": error.status, "request_id": _request_id(error.headers)}
            raise classified(int(error.status or 0), error.body, error.headers) from error
        except UnicodeDecodeError as error:
            refused = error.__context__  # the SDK reads the body of a refusal as UTF-8, whatever it is
            if not isinstance(refused, ApiException):
                raise unreadable() from error
            outcome = {"status": refused.status, "request_id": _request_id(refused.headers)}
            raise classified(int(refused.status or 0), None, refused.headers) from error
        except pydantic.v1.ValidationError:
            outcome = {"status": HTTPStatus.OK, "request_id": None}
            return None  # LINE took it and answered 200 in a shape that the SDK does not know
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as error:
            outcome["error"] = type(error).__name__
            raise DeliveryFailed(Failure.UNREACHABLE, type(error).__name__) from error
        except urllib3.exceptions.HTTPError as error:
            outcome["error"] = type(error).__name__
            raise network_failure(error) from error
        else:
            return answer
        finally:
            log.info("line.call", call=name, ms=round((time.monotonic() - started) * 1000, 1), **outcome)


def _client(token: str, host: str, connections: int) -> ApiClient:
    configuration = Configuration(access_token=token, host=host)
    configuration.retries = False  # and no redirects: urllib3 then raises neither for us, but hands 3xx over
    configuration.connection_pool_maxsize = connections
    return ApiClient(configuration)


def _menu_request(definition: dict[str, Any]) -> RichMenuRequest:
    """LINE counts the bar's letters as a reader does, the SDK counts every Thai mark: its check comes too early."""
    bar = definition.get("chatBarText")
    return RichMenuRequest.from_dict({**definition, "chatBarText": None}).copy(update={"chat_bar_text": bar})


def _request_id(headers: Any) -> str | None:  # noqa: ANN401 - urllib3's header dictionary, or None
    return headers.get("x-line-request-id") if headers is not None else None


def _text(told: dict[str, Any], name: str) -> str:
    """Raises DeliveryFailed where LINE's answer lacks what it always has."""
    value = told.get(name)
    if not isinstance(value, str):
        raise unreadable()
    return value
