"""LINE's own SDK, pointed at the simulator, finds everything where it expects it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    ErrorResponse,
    FlexContainer,
    FlexMessage,
    MessagingApi,
    MessagingApiBlob,
    MulticastRequest,
    PushMessageRequest,
    ReplyMessageRequest,
    ShowLoadingAnimationRequest,
    TextMessage,
    ValidateMessageRequest,
)
from linebot.v3.messaging.exceptions import NotFoundException, UnauthorizedException
from linebot.v3.webhook import WebhookParser

from tests.bot.simulator.desk import KHAM, SECRET, SOMSRI, TOKEN, UNKNOWN, Desk, RememberingBot


def _client(desk: Desk, token: str = TOKEN) -> ApiClient:
    configuration = Configuration(access_token=token, host=desk.url)
    configuration.retries = False
    return ApiClient(configuration)


@pytest.fixture
def client(desk: Desk) -> Iterator[ApiClient]:
    client = _client(desk)
    yield client
    client.rest_client.pool_manager.clear()


@pytest.fixture
def line(client: ApiClient) -> MessagingApi:
    return MessagingApi(client)


def _words(words: str = "ตอบ 👍") -> list[TextMessage]:
    return [TextMessage(text=words)]


def test_a_webhook_is_parsed_and_answered(desk: Desk, line: MessagingApi, remembering_bot: RememberingBot) -> None:
    desk.write("ถาม")
    received = remembering_bot.received[0]
    (event,) = WebhookParser(SECRET).parse(received.raw.decode(), received.headers["x-line-signature"])
    line.show_loading_animation(ShowLoadingAnimationRequest(chatId=event.source.user_id, loadingSeconds=5))
    answer = line.reply_message(ReplyMessageRequest(replyToken=event.reply_token, messages=_words()))
    assert answer.sent_messages[0].id.isdigit()
    assert [item["message"]["text"] for item in desk.chat()["items"]] == ["ถาม", "ตอบ 👍"]
    with pytest.raises(ApiException) as caught:
        line.reply_message(ReplyMessageRequest(replyToken=event.reply_token, messages=_words()))
    assert (caught.value.status, ErrorResponse.from_json(caught.value.body).message) == (400, "Invalid reply token")


def test_a_repeated_push_is_a_409_with_what_was_sent(line: MessagingApi) -> None:
    key = str(uuid.uuid4())
    request = PushMessageRequest(to=SOMSRI, messages=_words())
    first = line.push_message_with_http_info(request, x_line_retry_key=key)
    with pytest.raises(ApiException) as caught:
        line.push_message(request, x_line_retry_key=key)
    assert caught.value.status == 409
    assert caught.value.headers.get("x-line-accepted-request-id") == first.headers["x-line-request-id"]
    assert ErrorResponse.from_json(caught.value.body).sent_messages == first.data.sent_messages


def test_flex_through_the_sdks_models_is_accepted(line: MessagingApi) -> None:
    body = {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": "ก", "wrap": True}]}
    card = FlexMessage(altText="การ์ด", contents=FlexContainer.from_dict({"type": "bubble", "body": body}))
    assert len(line.push_message(PushMessageRequest(to=SOMSRI, messages=[card])).sent_messages) == 1
    line.validate_push(ValidateMessageRequest(messages=[card]))


def test_what_the_sdk_lets_through_and_line_refuses(line: MessagingApi) -> None:
    with pytest.raises(ApiException) as caught:
        line.push_message(PushMessageRequest(to=SOMSRI, messages=_words("")))
    (detail,) = ErrorResponse.from_json(caught.value.body).details
    assert (detail.var_property, detail.message) == ("messages[0].text", "May not be empty")


def test_multicast_profile_quota_and_info(desk: Desk, line: MessagingApi) -> None:
    desk.api("POST", "/config", {"quota": 10})
    line.multicast(MulticastRequest(to=[SOMSRI, KHAM], messages=_words()), x_line_retry_key=str(uuid.uuid4()))
    assert line.get_profile(KHAM).display_name == "ลุงคำ เมืองเทิง"
    assert (line.get_message_quota().value, line.get_message_quota_consumption().total_usage) == (10, 2)
    assert line.get_bot_info().chat_mode == "bot"
    with pytest.raises(NotFoundException):
        line.get_profile(UNKNOWN)


def test_a_picture_is_fetched(desk: Desk, client: ApiClient) -> None:
    sent = desk.api("POST", f"/people/{SOMSRI}/image", {"wait": True})
    assert bytes(MessagingApiBlob(client).get_message_content(sent["messageId"])).startswith(b"\x89PNG")


def test_a_wrong_token_is_unauthorised(desk: Desk) -> None:
    client = _client(desk, "wrong")
    with pytest.raises(UnauthorizedException):
        MessagingApi(client).get_bot_info()
    client.rest_client.pool_manager.clear()
