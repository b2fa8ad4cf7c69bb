"""The account itself and a single person: quota, profile, loading animation, marks, content."""

from __future__ import annotations

from dataclasses import dataclass

from bot.simulator.answering import Answer, Call
from bot.simulator.contents import Media
from bot.simulator.endpoints import Endpoint, part
from bot.simulator.refusals import ApiRefusal
from bot.simulator.rules import requests
from bot.simulator.state import BOT_USER_ID, State

LOADING_SECONDS = 20


def list_endpoints(state: State) -> list[Endpoint]:
    chatting = _Chatting(state)
    return [
        Endpoint("GET", "/v2/bot/message/quota", "quota", chatting.quota),
        Endpoint("GET", "/v2/bot/message/quota/consumption", "consumption", chatting.consumption),
        Endpoint("GET", "/v2/bot/message/<message_id>/content", "content", chatting.content),
        Endpoint("GET", "/v2/bot/message/<message_id>/content/preview", "preview", chatting.preview),
        Endpoint("GET", "/v2/bot/message/<message_id>/content/transcoding", "transcoding", chatting.transcoding),
        Endpoint("GET", "/v2/bot/profile/<user_id>", "profile", chatting.profile),
        Endpoint("GET", "/v2/bot/info", "info", chatting.info),
        Endpoint("POST", "/v2/bot/chat/loading/start", "loading", chatting.loading),
        Endpoint("POST", "/v2/bot/chat/markAsRead", "mark-as-read", chatting.mark_as_read),
        Endpoint("POST", "/v2/bot/message/markAsRead", "mark-as-read-old", chatting.refuse_partners_only),
        Endpoint("POST", "/bot/pnp/push", "push-by-phone", chatting.refuse_partners_only),
        Endpoint("GET", "/v2/bot/message/delivery/pnp", "delivery-by-phone", chatting.refuse_partners_only),
    ]


@dataclass(frozen=True, slots=True)
class _Chatting:
    state: State

    def quota(self, _call: Call) -> Answer:
        limit = self.state.quota.limit
        return Answer({"type": "none"} if limit is None else {"type": "limited", "value": limit})

    def consumption(self, _call: Call) -> Answer:
        return Answer({"totalUsage": self.state.quota.used(self.state.clock.now())})

    def content(self, call: Call) -> Answer:
        media = self._media(call)
        if media.stage(self.state.clock.now()) == "processing":
            return Answer(None, 202)
        if media.failed:
            raise ApiRefusal(404, "Not found", "content-known")
        return Answer(media.data, headers={"Content-Type": media.content_type})

    def preview(self, call: Call) -> Answer:
        media = self._media(call)
        if media.preview is None:
            raise ApiRefusal(404, "Not found", "content-preview")
        if media.stage(self.state.clock.now()) == "processing":
            return Answer(None, 202)
        return Answer(media.preview, headers={"Content-Type": "image/png"})

    def transcoding(self, call: Call) -> Answer:
        return Answer({"status": self._media(call).stage(self.state.clock.now())})

    def _media(self, call: Call) -> Media:
        message_id = part(call, "message_id")
        media = self.state.contents.find(message_id)
        if media is None:
            gone = self.state.contents.is_gone(message_id)
            raise ApiRefusal(410 if gone else 404, "Gone" if gone else "Not found", "content-known")
        return media

    def profile(self, call: Call) -> Answer:
        user_id = part(call, "user_id")
        call.row.user_ids = (user_id,)
        person = self.state.people.find(user_id)
        if person is None or not person.consented or not person.is_reached(self.state.clock.now()):
            raise ApiRefusal(404, "Not found", "profile-obtainable")
        profile = {"userId": person.user_id, "displayName": person.display_name}
        profile |= {"pictureUrl": person.picture_url} if person.picture_url else {}
        profile |= {"statusMessage": person.status_message} if person.status_message else {}
        profile |= {"language": person.language} if person.language and person.accepted_policy else {}
        return Answer(profile)

    def info(self, _call: Call) -> Answer:
        return Answer(
            {
                "userId": BOT_USER_ID,
                "basicId": "@000civic",
                "displayName": "ศูนย์พัฒนาการเมืองภาคพลเมือง",
                "chatMode": self.state.chat_mode,
                "markAsReadMode": self.state.mark_as_read_mode,
            }
        )

    def loading(self, call: Call) -> Answer:
        requests.check_loading(call.body)
        chat_id = call.body["chatId"]
        call.row.user_ids = (chat_id,)
        person = self.state.people.find(chat_id)
        if person is not None and person.is_reached(self.state.clock.now()):
            self.state.chats.show_loading(person.user_id, seconds=call.body.get("loadingSeconds") or LOADING_SECONDS)
            call.row.delivered = 1
        return Answer({}, 202)

    def mark_as_read(self, call: Call) -> Answer:
        requests.check_mark_as_read(call.body)
        chat_id = self.state.read_marks.mark(call.body["markAsReadToken"])
        if chat_id is None:
            words = "Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook."
            raise ApiRefusal(400, words, "read-token-known")
        call.row.user_ids = (chat_id,)
        self.state.chats.note_change(chat_id)
        return Answer({})

    def refuse_partners_only(self, _call: Call) -> Answer:
        """What takes an application of its own with LINE: messages by telephone number, and the old marking."""
        raise ApiRefusal(403, "Access to this API is not available for your account", "partner-account")
