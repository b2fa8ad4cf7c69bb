"""People by the thousand, who take no room until somebody looks."""

from __future__ import annotations

import tracemalloc

import pytest

from bot.simulator import SimulatorConfig, create_simulator
from bot.simulator.crowds import Crowd, Everyone, PackedIds
from bot.simulator.people import SEEDED, People
from tests.bot.simulator.desk import KHAM, MULTICAST, SOMSRI, TOKEN, UNKNOWN, Desk, RememberingBot, text

NOBODY_YET = "http://127.0.0.1:9/"


def _ids(desk: Desk, count: int = 1000) -> list[str]:
    made = desk.api("POST", "/people", {"count": count, "prefix": "ชาวบ้าน"})
    ids: list[str] = desk.api("GET", f"/crowds/{made['crowd']}/ids")
    assert (made["firstUserId"], len(set(ids))) == (ids[0], count)
    return ids


def test_everybody_in_a_crowd_can_be_reached_and_asked_about(desk: Desk) -> None:
    ids = _ids(desk)
    assert desk.line("POST", MULTICAST, {"to": ids[:500], "messages": [text("ก")]}).json == {}
    assert desk.line("GET", f"/v2/bot/profile/{ids[499]}").json["displayName"] == "ชาวบ้าน 500"
    assert [row["userId"] for row in desk.api("GET", "/replies")["rows"]] == ids[:500]
    first = desk.api("GET", "/replies?limit=1")["rows"][0]["n"]
    (row,) = desk.api("GET", f"/replies?after={first + 497}&limit=1")["rows"]
    assert (row["n"], row["userId"]) == (first + 498, ids[498])
    assert len(desk.api("GET", "/people?crowd=7")) == 4 + 7
    stats = desk.api("GET", "/stats")
    assert (stats["billed"], stats["delivered"]["multicast"]) == (500, 500)


def test_a_silent_chat_is_put_together_when_somebody_looks(desk: Desk, remembering_bot: RememberingBot) -> None:
    ids = _ids(desk, 600)
    for words in ("หนึ่ง", "สอง"):
        desk.line("POST", MULTICAST, {"to": ids[:500], "messages": [text(words)]})
    desk.write("สวัสดี", person=ids[3])
    desk.line("POST", MULTICAST, {"to": ids[:500], "messages": [text("สาม")]})
    said = [item["message"]["text"] for item in desk.chat(ids[3])["items"]]
    assert said == ["หนึ่ง", "สอง", "สวัสดี", "สาม"]
    numbers = [item["n"] for item in desk.chat(ids[3])["items"]]
    assert (numbers, numbers == sorted(set(numbers))) == (numbers, True)
    assert [item["message"]["text"] for item in desk.chat(ids[4])["items"]] == ["หนึ่ง", "สอง", "สาม"]
    assert desk.chat(ids[4], f"?after={desk.chat(ids[4])['last']}")["items"] == []
    assert desk.chat(ids[501])["items"] == []


def test_one_of_a_crowd_may_block_the_bot(desk: Desk, remembering_bot: RememberingBot) -> None:
    ids = _ids(desk, 10)
    desk.api("POST", f"/people/{ids[2]}/unfollow", {"wait": True})
    desk.line("POST", MULTICAST, {"to": ids, "messages": [text()]})
    desk.line("POST", "/v2/bot/message/broadcast", {"messages": [text("ทุกคน")]})
    assert desk.chat(ids[2])["items"] == []
    assert [item["message"]["text"] for item in desk.chat(ids[9])["items"]][-1] == "ทุกคน"
    assert desk.api("GET", "/stats")["billed"] == 9 + 13


@pytest.mark.parametrize("count", [0, -1, 5_000_001])
def test_a_crowd_that_makes_no_sense_is_refused(desk: Desk, count: int) -> None:
    assert desk.call("POST", "/simulator/api/people", {"count": count}).status == 400


def test_two_crowds_have_nobody_in_common() -> None:
    first, second = Crowd(1, 1000, "ก"), Crowd(2, 1000, "ข")
    assert not set(first.list_ids(0, 1000)) & set(second.list_ids(0, 1000))
    for wrong in ("U" + "z" * 32, first.user_id(1000), first.user_id(3).upper(), ""):
        assert first.find_position(wrong) is None
    assert first.find_position(first.user_id(999)) == 999


def test_packed_ids_are_the_ids() -> None:
    packed, kept = PackedIds([SOMSRI, KHAM]), PackedIds([SOMSRI, "U-not-told", "C" + "1" * 32])
    assert ([*packed], SOMSRI in packed, UNKNOWN in packed, "x" in packed) == ([SOMSRI, KHAM], True, False, False)
    assert (packed.weight, len(packed), len(PackedIds([]))) == (32, 2, 0)
    assert ([*kept][1], "U-not-told" in kept) == ("U-not-told", True)
    shifted = "U" + SOMSRI[3:] + KHAM[1:3]
    assert shifted not in packed


def test_everyone_is_read_in_pieces() -> None:
    crowd = Crowd(1, 10, "ก")
    everyone = Everyone(PackedIds([SOMSRI, KHAM]), ((crowd, frozenset({0, 5})), (Crowd(2, 3, "ข"), frozenset())))
    whole = [*everyone]
    assert (len(everyone), len(whole), whole[:3]) == (13, 13, [SOMSRI, KHAM, crowd.user_id(1)])
    assert [each for start in range(0, 13, 4) for each in everyone.between(start, start + 4)] == whole
    assert (crowd.user_id(5) in everyone, crowd.user_id(6) in everyone, UNKNOWN in everyone) == (False, True, False)


def test_a_million_people_take_no_room() -> None:
    people = People()
    crowd = people.add_crowd(count=1_000_000, prefix="คนที่")
    assert len(people.all_friends()) == 1_000_000 + len(SEEDED)
    assert people.list_reached([crowd.user_id(999_999), UNKNOWN], 0.0) == [crowd.user_id(999_999)]
    people.block(crowd.user_id(7))
    assert (len(people.all_friends()), people.count()["blocked"]) == (1_000_003, 1)


def test_a_campaign_takes_a_few_bytes_a_person() -> None:
    config = SimulatorConfig(webhook_url=NOBODY_YET, channel_secret="s", channel_token=TOKEN)
    app = create_simulator(config)
    client, bearer = app.test_client(), {"Authorization": f"Bearer {TOKEN}"}
    client.post("/simulator/api/people", json={"count": 1_000_000})
    ids = client.get("/simulator/api/crowds/1/ids?start=500000&limit=20000").json
    tracemalloc.start()
    for start in range(0, 20_000, 500):
        body = {"to": ids[start : start + 500], "messages": [text("ประกาศ")]}
        assert client.post(MULTICAST, json=body, headers=bearer).status_code == 200
    kept, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    app.extensions["close_simulator"]()
    assert kept < 20_000 * 150
