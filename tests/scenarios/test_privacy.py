"""Nothing personal leaves through the logs, whatever goes wrong."""

from __future__ import annotations

import json
import re

from tests.proof.stand import SECRET, TOKEN
from tests.scenarios.house import House
from tests.scenarios.phone import SENDING, Phone

REPLY, PUSH = SENDING
NAME = "บุญเลื่อนทดสอบ ดอยคำแดง"
PHONE_FORMS = ("0897776655", "089-777-6655", "089 777 6655", "๐๘๙๗๗๗๖๖๕๕")
NATIONAL_ID = "1579900123456"
MAIL = "boonluan.canary@example.org"
UNUSUAL = "ช้างสีม่วงกินทุเรียนกวน"
CANARIES = (NAME, *NAME.split(), *PHONE_FORMS, NATIONAL_ID, MAIL, UNUSUAL)


def live_through_everything(house: House) -> None:
    """A chat full of personal things, in good times and bad."""
    phone = Phone.of_somebody(house, NAME, following=False)
    phone.follow()
    for text in (
        f"ผมชื่อ{NAME} โทร {PHONE_FORMS[0]} หรือ {PHONE_FORMS[1]} อยากรู้ว่าศูนย์เปิดกี่โมง {UNUSUAL}",
        f"{UNUSUAL} {PHONE_FORMS[2]} {PHONE_FORMS[3]} {NATIONAL_ID} {MAIL}",
        f"ไม่อยากมีชีวิตอยู่อีกต่อไปแล้ว {UNUSUAL}",
    ):
        phone.say(text)
    phone.press("เสนอเรื่อง", on=phone.say("จะขอให้มาจัดเวทีที่หมู่บ้านต้องติดต่อยังไง"))
    phone.say(f"{UNUSUAL} โทร {PHONE_FORMS[0]} {MAIL}")
    phone.send_data(f"fits?{UNUSUAL}~{PHONE_FORMS[0]}")
    phone.sticker()
    for fault in ({"status": 500}, {"status": 500, "when": "after"}, {"cut": True}, {"status": 401}, {"status": 302}):
        house.break_line(REPLY, **fault)
        phone.write(f"{UNUSUAL} {PHONE_FORMS[0]} ศูนย์เปิดกี่โมง")
        house.wait_until_idle()
    house.break_line(REPLY, status=400, body={"message": f"no {UNUSUAL} {phone.user_id}"})
    phone.write(f"{UNUSUAL} {PHONE_FORMS[0]} ศูนย์เปิดกี่โมง")
    house.wait_until_idle()
    source = {"type": "user", "userId": phone.user_id, "name": NAME}
    house.raw_webhook({"destination": UNUSUAL, "events": [{"source": source, "note": f"{UNUSUAL} {MAIL}"}]})
    house.raw_webhook(f"{UNUSUAL} {PHONE_FORMS[0]}")
    house.raw_webhook(f"{UNUSUAL} {PHONE_FORMS[0]}", signature=f"{PHONE_FORMS[0]}==")
    house.webhook({"type": UNUSUAL[:12], "source": source, "more": MAIL})
    phone.block()


def test_nothing_personal_and_no_secret_is_in_the_logs(house: House) -> None:
    since = house.mark()
    live_through_everything(house)
    house.wait_until_idle()

    tokens = {row["replyToken"] for row in house.calls(after=since) if row["replyToken"]}
    secrets = {SECRET, TOKEN, house.environment["CIVICBOT_SECRET_KEY"], *tokens}
    assert len(tokens) > 10

    for name, text in house.logs().items():
        shown = [canary for canary in CANARIES if canary in text or json.dumps(canary)[1:-1] in text]
        assert shown == [], f"{name}.log"
        assert [secret for secret in secrets if secret in text] == [], f"{name}.log"
        assert re.findall(r"[UCR][0-9a-f]{32}", text) == [], f"{name}.log"


def test_the_logs_say_what_an_operator_needs(house: House, known: Phone) -> None:
    """Else the test above would be easy to pass."""
    since = house.mark()
    house.break_line(REPLY, status=400)
    known.write("ศูนย์เปิดกี่โมงคะ")
    house.raw_webhook("{")
    house.wait_until_idle()
    (refused,) = house.calls(after=since, path=REPLY)

    web, work = (house.logs()[name] for name in ("web", "work"))

    assert refused["requestId"] in work
    assert '"event": "answer.not_delivered"' in work
    assert '"event": "webhook.quarantined"' in web
    for line in [*web.splitlines(), *work.splitlines()]:
        assert isinstance(json.loads(line), dict), line
