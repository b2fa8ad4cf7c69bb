"""The rules of LINE's webhooks, as the simulator plays them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.line.signature import sign
from tests.proof.stand import SECRET
from tests.scenarios.house import House, wait_for
from tests.scenarios.phone import Phone

QUESTION = "ศูนย์เปิดกี่โมงคะ"


def answered_events(house: House, *phones: Phone) -> list[list[str]]:
    """What LINE's ledger says was answered, by person."""
    return [[row["webhookEventId"] for row in house.ledger(of=phone.user_id)] for phone in phones]


def test_one_request_may_bring_the_events_of_several_people(house: House) -> None:
    people = [Phone.of_somebody(house) for _ in range(3)]

    sent = house.webhook(*(person.event(QUESTION) for person in people))

    assert sent["status"] == 200
    for person in people:
        assert "เรื่องข้อมูลของคุณ" in person.wait_for_bubbles(1)[0]["text"]
    house.wait_until_idle()
    assert answered_events(house, *people) == [[event["webhookEventId"]] for event in sent["events"]]


def test_one_person_s_messages_are_answered_in_their_order(house: House, known: Phone) -> None:
    texts = ["ศูนย์นี้ตั้งมากี่ปีแล้ว", "เมนู", "วันเสาร์ศูนย์เปิดไหมคะ", "สวัสดีตอนเช้าจ้า", "วิธีใช้", "บัตรคนจนลงทะเบียนที่ไหน"]
    earlier = answered_events(house, known)[0]

    events = house.completed(*(known.event(text) for text in texts), seconds_apart=5)

    house.webhook(*events)

    house.wait_until_idle()
    assert answered_events(house, known) == [[*earlier, *(event["webhookEventId"] for event in events)]]


def test_a_request_that_is_repeated_acts_once(house: House, known: Phone) -> None:
    earlier = answered_events(house, known)[0]

    sent = house.webhook(known.event(QUESTION), repeat=3)

    assert sent["statuses"] == [200, 200, 200]
    house.wait_until_idle()
    assert answered_events(house, known) == [[*earlier, sent["events"][0]["webhookEventId"]]]


def test_an_event_twice_in_one_request_acts_once(house: House, known: Phone) -> None:
    earlier = answered_events(house, known)[0]
    (event,) = house.webhook(known.event(QUESTION), send=False)["events"]

    assert house.webhook(event, event)["status"] == 200

    house.wait_until_idle()
    assert answered_events(house, known) == [[*earlier, event["webhookEventId"]]]


def test_an_event_that_was_answered_is_not_answered_again_when_redelivered(house: House, known: Phone) -> None:
    heard = known.say(QUESTION)
    before = answered_events(house, known)

    again = house.line("/redeliver", {"webhookEventId": heard.event_id})

    assert again["status"] == 200
    assert again["events"][0]["deliveryContext"] == {"isRedelivery": True}
    house.wait_until_idle()
    assert answered_events(house, known) == before


def test_an_event_is_answered_when_it_could_only_be_redelivered(house: House, known: Phone) -> None:
    since = house.mark()
    nobody_home = f"http://127.0.0.1:{house.simulator_port}/nobody-home"
    house.line("/config", {"webhookUrl": nobody_home, "redelivery": True})
    event_id = known.write(QUESTION)
    assert house.incoming(event_id) is None

    house.line("/config", {"webhookUrl": f"http://127.0.0.1:{house.web_port}/line/webhook"})

    wait_for(lambda: event_id in answered_events(house, known)[0], what="the answer to what was redelivered")
    house.wait_until_idle()
    first, second = house.webhooks(after=since)
    assert (first["status"], second["status"]) == (404, 200)
    assert second["request"]["events"][0]["deliveryContext"] == {"isRedelivery": True}
    assert answered_events(house, known)[0].count(event_id) == 1


def test_an_event_is_answered_once_when_line_lost_patience_with_us(house: House, known: Phone) -> None:
    since = house.mark()
    house.line("/config", {"redelivery": True})
    with house.frozen_door():
        event_id = known.write(QUESTION)
        assert house.incoming(event_id) is None

    wait_for(lambda: len(house.webhooks(after=since)) > 1, what="LINE delivers again")

    house.wait_until_idle()
    first, second = house.webhooks(after=since)
    assert (first["status"], first["result"]) == (None, "request_timeout")
    assert second["status"] == 200
    assert answered_events(house, known)[0].count(event_id) == 1


def test_nothing_is_said_while_the_channel_stands_by(house: House, known: Phone) -> None:
    since = house.mark()

    (event,) = house.webhook(known.event(QUESTION, mode="standby"))["events"]

    assert house.wait_until_settled(event["webhookEventId"]) == "kept"
    house.wait_until_idle()
    assert house.calls(after=since) == []
    assert house.question(event["webhookEventId"]) is None


def test_nothing_is_said_in_groups(house: House, known: Phone) -> None:
    since = house.mark()
    source = {"type": "group", "groupId": "C" + "5" * 32, "userId": known.user_id}

    (event,) = house.webhook({**known.event(QUESTION), "source": source})["events"]

    assert house.wait_until_settled(event["webhookEventId"]) == "kept"
    house.wait_until_idle()
    assert house.calls(after=since) == []
    assert house.incoming(event["webhookEventId"]).payload is None


def test_kinds_of_events_that_nobody_knows_yet_are_kept_and_disturb_nobody(house: House, known: Phone) -> None:
    since = house.mark()
    source = {"type": "user", "userId": known.user_id}
    strange = [
        {"type": "telepathy", "source": source, "telepathy": {"thought": [1, {"deep": None}]}},
        {"type": "videoPlayComplete", "source": source, "videoPlayComplete": {"trackingId": "t"}},
        {"type": "accountLink", "source": {"type": "aether"}},
        {"type": "message", "source": source, "message": {"type": "hologram", "text": 5}},
    ]

    sent = house.webhook(*strange, known.event(QUESTION))

    assert sent["status"] == 200
    house.wait_until_idle()
    *events, question = [event["webhookEventId"] for event in sent["events"]]
    assert all(house.incoming(event_id).settled_at for event_id in events)
    hologram = events[-1]
    assert [row["webhookEventId"] for row in house.ledger(of=known.user_id)][-2:] == [hologram, question]
    assert {row["status"] for row in house.calls(after=since)} == {200}


def test_a_message_without_a_person_is_kept_and_not_answered(house: House) -> None:
    since = house.mark()

    (event,) = house.webhook({"source": {"type": "user"}, "message": {"type": "text", "text": QUESTION}})["events"]

    assert house.wait_until_settled(event["webhookEventId"]) == "kept"
    house.wait_until_idle()
    assert house.calls(after=since) == []


def test_a_request_without_events_is_fine(house: House) -> None:
    before = house.count_quarantined()

    assert house.webhook()["status"] == 200

    assert house.count_quarantined() == before


def deep(levels: int) -> str:
    return '{"destination": "U", "events": ' + "[" * levels + "]" * levels + "}"


MALFORMED: dict[str, tuple[Any, str]] = {
    "not JSON": ("{", "not JSON"),
    "a list": ([], "not an object"),
    "null": ("null", "not an object"),
    "no events": ({"destination": "U"}, "no list of events"),
    "null events": ({"destination": "U", "events": None}, "no list of events"),
    "an object of events": ({"destination": "U", "events": {}}, "no list of events"),
    "NaN": ('{"events": [NaN]}', "NaN is not JSON"),
    "very deep": (deep(100_000), "nested too deeply"),
}


def test_what_is_signed_and_makes_no_sense_is_acknowledged_and_shown_to_an_operator(house: House) -> None:
    statuses = {name: house.raw_webhook(body) for name, (body, _) in MALFORMED.items()}

    assert statuses == dict.fromkeys(MALFORMED, 200)
    listed = house.command("quarantine", "list", "--limit", str(len(MALFORMED))).splitlines()
    assert [line.split(" bytes  ")[1] for line in reversed(listed)] == [reason for _, reason in MALFORMED.values()]


def test_the_body_of_what_makes_no_sense_can_be_looked_at(house: House) -> None:
    house.raw_webhook({"destination": "U", "note": "หลงมาหรือเปล่า"})

    assert "หลงมาหรือเปล่า" in house.command("quarantine", "list", "--limit", "1", "--show")


def test_the_well_formed_neighbours_of_a_malformed_event_are_answered(house: House, known: Phone) -> None:
    odd = [None, 7, {}, {"type": ""}, {"type": "message"}, {"type": "message", "webhookEventId": "01NOTIME"}]
    (good,) = house.webhook(known.event(QUESTION), send=False)["events"]
    destination = house.webhook(send=False)["destination"]

    assert house.raw_webhook({"destination": destination, "events": [*odd[:3], good, *odd[3:]]}) == 200

    wait_for(lambda: good["webhookEventId"] in answered_events(house, known)[0], what="the good one's answer")
    assert house.quarantined(len(odd)) == [
        "an event that is not an object", "an event that is not an object", "an event without a type",
        "an event without a type", "an event without an id", "an event without a time",
    ]  # fmt: skip


def test_what_is_meant_for_another_channel_is_not_acted_upon(house: House, known: Phone) -> None:
    since = house.mark()

    sent = house.webhook(known.event(QUESTION), destination="U" + "0" * 32)

    assert sent["status"] == 200
    house.wait_until_idle()
    assert house.incoming(sent["events"][0]["webhookEventId"]) is None
    assert house.calls(after=since) == []
    assert house.quarantined() == ["meant for another channel"]


@pytest.mark.parametrize(
    ("signature", "signed"),
    [("bm90IG91cnM=", True), ("", False), ("ลายเซ็น", True)],
    ids=["wrong", "none", "no base64"],
)
def test_what_is_not_signed_by_line_is_refused_and_not_kept(
    house: House, known: Phone, signature: str, signed: bool
) -> None:
    given = signature.encode().decode("latin-1") if signed else None

    sent = house.webhook(known.event(QUESTION), signature=given)

    assert sent["status"] == 401
    assert house.incoming(sent["events"][0]["webhookEventId"]) is None


def test_what_was_changed_after_signing_is_refused(house: House, known: Phone) -> None:
    (event,) = house.webhook(known.event(QUESTION), send=False)["events"]
    signature = sign(json.dumps({"destination": "U", "events": []}).encode(), SECRET)

    assert house.raw_webhook({"destination": "U", "events": [event]}, signature=signature) == 401
    assert house.incoming(event["webhookEventId"]) is None


def test_a_request_of_more_than_a_megabyte_is_refused(house: House) -> None:
    before = house.count_quarantined()

    assert house.raw_webhook({"destination": "U", "more": "ก" * 400_000}) == 413

    assert house.count_quarantined() == before
