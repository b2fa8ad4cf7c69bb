from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import settings as our_settings
from bot.line.links import fit_address
from bot.notices import links
from bot.notices.link_lists import SHORTENERS
from bot.notices.links import Found, Reason, find_links, judge

DOMAINS = frozenset({"centre.go.th", "bot.example.org", "xn--q3csq2eze.xn--o3cw4h"})
"""The last one is ศูนย์.ไทย."""
LARGE = 50_000
bounded = settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def hosts(text: str) -> list[str]:
    return [found.host for found in find_links(text)]


def reason_in(text: str) -> Reason | None:
    """Of the only address in a text."""
    (found,) = find_links(text)
    return judge(found.address, DOMAINS, may_dial=False).reason


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ดูที่ https://centre.go.th/a ค่ะ", ["centre.go.th"]),
        ("ดูที่HTTPS://Centre.GO.TH/a", ["centre.go.th"]),
        ("ดูที่www.centre.go.th นะคะ", ["www.centre.go.th"]),
        ("กดbit.ly/abcเลย", ["bit.ly"]),
        ("(bit.ly/abc)", ["bit.ly"]),
        ("「https://evil.com/a」", ["evil.com"]),
        ("มาก...evil.com...ค่ะ", ["evil.com"]),
        ("evil.com,centre.go.th;x.org", ["evil.com", "centre.go.th", "x.org"]),
        ("https://centre.go.th,https://evil.com", ["centre.go.th", "evil.com"]),
        ('https://centre.go.th"@evil.com', ["centre.go.th", "evil.com"]),
        ("//evil.com/x", ["evil.com"]),
        ("http:evil.com", ["evil.com"]),
        ("evil.com:8080", ["evil.com"]),
        ("ｈｔｔｐｓ：／／ｅｖｉｌ．ｃｏｍ／", ["evil.com"]),
        ("www．evil。com", ["www.evil.com"]),
        ("ev\u200bil.c\u2060om", ["evil.com"]),
        ("evil\u00ad.com\ufe0f", ["evil.com"]),
        ("аpple.com", ["аpple.com"]),
        ("例え.com i❤.ws", ["例え.com", "i❤.ws"]),
        ("ศูนย์.ไทย และ ศูนย์.com", ["ศูนย์.ไทย", "ศูนย์.com"]),
        ("xn--80ak6aa92e.com", ["xn--80ak6aa92e.com"]),
        ("192.168.1.1", ["192.168.1.1"]),
        ("@evil.com", ["evil.com"]),
        ("a@b.com/x", ["b.com"]),
        ("centre.go.th@evil.com", ["evil.com"]),
        ("line://ti/p/a tel:053711 javascript:alert", ["", "", ""]),
        ("ดูที่\u200bwww.centre.go.th", ["www.centre.go.th"]),
        ("https://centre.go.th/r?to=https://evil.com", ["centre.go.th"]),
    ],
)
def test_addresses_are_found_however_they_are_written(text: str, found: list[str]) -> None:
    assert hosts(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "อ.เมือง จ.เชียงราย พ.ศ. 2569 เวลา 08.30-16.30 น.",
        "Tel:053-711-123 TEL: 053.711.123 LINE:@civic.cr",
        "somchai.ja@up.ac.th หรือ civic.cr@gmail.com",
        "1.Zoom 2.Facebook 10.Line",
        "Mr.Smith, Dr.Somchai, J.Smith (Ph.D.)",
        "ดูไฟล์ report.pdf ค่ะ",
        "ระยะทาง 3.5km ราคา 1,000.50 บาท วันที่ 1.12.2569",
        "a.m. p.m. e.g. มาก... จริง ๆ … ค่ะ",
        "...",
        "@@@ ... ::: /// \\\\",
        "",
    ],
)
def test_ordinary_writing_is_no_address(text: str) -> None:
    assert find_links(text) == []


def test_what_is_found_is_told_as_it_stands_and_as_it_is_judged() -> None:
    assert find_links("ที่ (www．centre．go．th/งาน(1)) และ HTTP://a.org.") == [
        Found("www．centre．go．th/งาน(1)", "www.centre.go.th", "https://www．centre．go．th/งาน(1)"),
        Found("HTTP://a.org", "a.org", "HTTP://a.org"),
    ]


@pytest.mark.parametrize(
    "address",
    [
        "https://centre.go.th",
        "https://www.centre.go.th/กิจกรรม?id=1&to=https://evil.com#@a",
        "HTTPS://CENTRE.GO.TH./",
        "https://centre.go.th:443/@name/a%40b",
        "https://bot.example.org/e/1",
        "https://ศูนย์.ไทย/ทาง",
        "https://xn--q3csq2eze.xn--o3cw4h",
        " https://centre.go.th ",
        "tel:053-711-123",
        "tel:+66 53 711123",
        "TEL:๑๙๑",
    ],
)
def test_an_allowed_address_is_one_that_line_takes(address: str) -> None:
    assert judge(address, DOMAINS) == links.Verdict(ok=True, reason=None, host=judge(address, DOMAINS).host)
    assert fit_address(address) is not None


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://centre.go.th", Reason.SCHEME),
        ("centre.go.th/a", Reason.SCHEME),
        ("//centre.go.th/a", Reason.SCHEME),
        ("https:centre.go.th", Reason.SCHEME),
        ("https:///centre.go.th", Reason.SCHEME),
        ("ftp://centre.go.th", Reason.SCHEME),
        ("javascript:alert(1)//centre.go.th", Reason.SCHEME),
        ("data:text/html,x", Reason.SCHEME),
        ("line://ti/p/x", Reason.SCHEME),
        ("intent://centre.go.th", Reason.SCHEME),
        ("mailto:a@centre.go.th", Reason.SCHEME),
        ("tel:*21*053711123#", Reason.SCHEME),
        ("tel:", Reason.SCHEME),
        ("tel:ศูนย์", Reason.SCHEME),
        ("https://bit.ly/abc", Reason.SHORTENER),
        ("http://maps.app.goo.gl/x", Reason.SHORTENER),
        ("https://lin.ee/x", Reason.SHORTENER),
        ("https://www.tinyurl.com/x", Reason.SHORTENER),
        ("https://centre.go.th@evil.com/", Reason.USER_INFO),
        ("https://centre.go.th%40evil.com/", Reason.USER_INFO),
        ("https://centre.go.th%2540evil.com/", Reason.USER_INFO),
        ("https://centre.go.th＠evil.com/", Reason.USER_INFO),
        ("https://centre.go.th\\@evil.com/", Reason.USER_INFO),
        ("https:\\\\centre.go.th", Reason.USER_INFO),
        ("https://evil.com\\.centre.go.th", Reason.USER_INFO),
        ("https://a:b@centre.go.th/", Reason.USER_INFO),
        ("https://xn--cntre-esf.go.th", Reason.LOOK_ALIKE),
        ("https://cеntre.go.th", Reason.LOOK_ALIKE),
        ("https://ｃｅｎｔｒｅ.go.th", Reason.LOOK_ALIKE),
        ("https://centre．go．th", Reason.LOOK_ALIKE),
        ("https://cen\u200btre.go.th", Reason.LOOK_ALIKE),
        ("https://cen\ttre.go.th", Reason.LOOK_ALIKE),
        ("https://ศู\u200bนย์.ไทย", Reason.LOOK_ALIKE),
        ("https://ศนย์.ไทย", Reason.LOOK_ALIKE),
        ("https://centre.go.th／evil.com", Reason.LOOK_ALIKE),
        ("https://%63entre.go.th", Reason.LOOK_ALIKE),
        ("https://203.0.113.1/", Reason.LOOK_ALIKE),
        ("https://3405803777/", Reason.LOOK_ALIKE),
        ("https://0xcb.0.113.1/", Reason.LOOK_ALIKE),
        ("https://[2001:db8::1]/", Reason.LOOK_ALIKE),
        ("https://centre.go.th.evil.com/", Reason.LOOK_ALIKE),
        ("https://centre-go-th.evil.com/", Reason.LOOK_ALIKE),
        ("https://my-centre.go.th/", Reason.LOOK_ALIKE),
        ("https://centre.go-th.com/", Reason.LOOK_ALIKE),
        ("https://centrego.th/", Reason.LOOK_ALIKE),
        ("https://center.go.th/", Reason.LOOK_ALIKE),
        ("https://www.centrre.go.th/", Reason.LOOK_ALIKE),
        ("https://b0t.exarnple.org/", Reason.LOOK_ALIKE),
        ("https://centre.go.thค่ะ", Reason.GLUED),
        ("https://evil.comค่ะ", Reason.NOT_ALLOWED),
        ("https://evil.com/", Reason.NOT_ALLOWED),
        ("https://go.th/", Reason.NOT_ALLOWED),
        ("https://example.org/", Reason.NOT_ALLOWED),
        ("https://evil.com?.centre.go.th", Reason.NOT_ALLOWED),
        ("https://evil.com#.centre.go.th", Reason.NOT_ALLOWED),
        ("https://evil.com;.centre.go.th", Reason.NOT_ALLOWED),
        ("https://.centre.go.th", Reason.NOT_ALLOWED),
        ("https://" + "a." * 200 + "centre.go.th", Reason.NOT_ALLOWED),
        ("https://", Reason.NOT_ALLOWED),
        ("", Reason.NOT_ALLOWED),
        ("https://centre.go.th:8443/", Reason.PORT),
    ],
)
def test_a_bad_address_is_refused_for_the_gravest_reason(address: str, reason: Reason) -> None:
    verdict = judge(address, DOMAINS)
    assert (verdict.ok, verdict.reason) == (False, reason)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ดูที่www.centre.go.th นะคะ", None),
        ("ดูที่ https://centre.go.th/กิจกรรม, แล้วโทรมา", None),
        ("ดูที่\u200bwww.centre.go.th\u200b นะคะ", None),
        ("www.centre.go.thนะคะ", Reason.GLUED),
        ("www.centre.go.th\u200bนะคะ", Reason.GLUED),
        ("www．centre．go．th", Reason.LOOK_ALIKE),
        ("cen\u200btre.go.th", Reason.LOOK_ALIKE),
        ("tel:053711123", Reason.SCHEME),
        ("http://centre.go.th", Reason.SCHEME),
        ("ｈｔｔｐｓ：／／centre.go.th", Reason.LOOK_ALIKE),
        ("centre.go.th:8080", Reason.PORT),
        ("centre.go.th@evil.com", Reason.USER_INFO),
        ("T.Ly", Reason.SHORTENER),
        ("today.Please", Reason.NOT_ALLOWED),
    ],
)
def test_what_is_found_in_a_text_is_judged_as_it_is_written(text: str, reason: Reason | None) -> None:
    assert reason_in(text) == reason


def test_the_host_of_a_verdict_is_where_it_leads() -> None:
    assert judge("https://centre.go.th@EVIL.com:8/x", DOMAINS).host == "evil.com"
    assert judge("https://ｃｅｎｔｒｅ.go.th", DOMAINS).host == "centre.go.th"


def test_a_short_link_is_refused_even_where_it_was_allowed() -> None:
    assert [host for host in SHORTENERS if judge(f"https://{host}/x", DOMAINS).reason is not Reason.SHORTENER] == []
    assert judge("https://bit.ly/x", {"bit.ly"}).reason is Reason.SHORTENER


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://www.centre.go.th/", "www.centre.go.th"),
        ("https://WWW.Centre.go.th/A?b=1", "www.centre.go.th/A?b=1"),
        ("https://centre.go.th@evil.com/x", "evil.com/x"),
        ("https://centre.go.th/%E0%B8%81%E0%B8%B4%E0%B8%88", "centre.go.th/กิจ"),
        ("https://centre.go.th/%E2%80%AEx", "centre.go.th/%E2%80%AEx"),
        ("https://centre.go.th/%0Ax", "centre.go.th/%0Ax"),
        ("https://centre.go.th/%FF", "centre.go.th/%FF"),
        ("https://centre.go.th/" + "a" * 80, "centre.go.th/" + "a" * 46 + "…"),
        ("tel:053-711-123", "053-711-123"),
    ],
)
def test_what_is_shown_is_where_it_leads(address: str, shown: str) -> None:
    assert links.shown(address) == shown


def is_quick(work: Callable[[], object]) -> bool:
    """In one of three tries, by the time that we ourselves work."""
    for _ in range(3):
        begun = time.process_time()
        work()
        if time.process_time() - begun < 0.1:
            return True
    return False


@pytest.mark.parametrize(
    "piece",
    [
        "a", ".", "a.", "-.", "a..", "a.co ", "http:", "http:/", "https://", "https://a.co ", "a@", "@", "%40", "%2540",
        "ก", "ก.co", "k.ไทย ", ".ไทย", "а.со ", "\u200b", "ａ．", "1.1.1.1 ", "\\", "[", "(", "()", "tel:1 ", "x:",
        "abc//", "?", ":1", "/", "xn--", "{", "a-", "ค่ะ.com",
    ],
)  # fmt: skip
def test_fifty_thousand_letters_take_less_than_a_tenth_of_a_second(piece: str) -> None:
    text = (piece * LARGE)[:LARGE]
    for words in (text, f"https://{text}", f"https://a.co/{text}"):
        assert is_quick(lambda words=words: find_links(words))
        assert is_quick(lambda words=words: judge(words, DOMAINS))
    assert is_quick(lambda: links.shown(f"https://a.co/{text}"))


NOISE = st.text(
    st.sampled_from("ก่ำab1.-_@%:/\\?#()[]{} \n\t\u200b\u202e．。／：＠аe\u0301😀\ud83dxX,;'\"") | st.characters(),
    max_size=60,
)
EDGES = st.sampled_from(["", " ", "\n", "(", "\u200b", "ค่ะ", "ดูที่", "：", "“", "—", "😀 "])
HOSTS = st.sampled_from(
    ["evil.com", "bit.ly", "www.evil.co.th", "EVIL.org", "a.b.c.xyz", "xn--e1awd7f.com", "ev-il.net"]
)
BEFORE = st.sampled_from(["", "https://", "http://", "HTTPS://", "//", "https://centre.go.th@", "https:\\\\"])
HIDDEN = st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["\u200b", "\u2060", "\u00ad", "\ufe0f"])), max_size=3)


def hidden_in(address: str, signs: list[tuple[int, str]]) -> str:
    for place, sign in signs:
        address = address[:place] + sign + address[place:]
    return address


def widened(address: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in address)


@bounded
@given(
    NOISE, EDGES, BEFORE, HOSTS, HIDDEN, st.booleans(), st.sampled_from(["", "/x", "?a", " ", ".", ")", "\n"]), NOISE
)
def test_no_disguise_hides_a_foreign_host(
    noise: str, edge: str, before: str, host: str, signs: list[tuple[int, str]], wide: bool, end: str, more: str
) -> None:
    address = hidden_in(f"{before}{host}", signs)
    text = f"{noise} {edge}{widened(address) if wide else address}{end} {more}"
    bad = [found for found in find_links(text) if not judge(found.address, DOMAINS, may_dial=False).ok]
    assert any(host.lower() in found.host for found in bad), (text, find_links(text))


@bounded
@given(NOISE)
def test_any_text_can_be_read_and_what_is_found_stands_in_it(text: str) -> None:
    for found in find_links(text):
        assert found.text in text
        assert found.address.endswith(found.text)
        links.shown(found.address)


@bounded
@given(st.sampled_from(["https://centre.go.th", "https://evil.com", "https://", "https:", ""]) | NOISE, NOISE, NOISE)
def test_what_is_allowed_leads_to_an_allowed_host_for_any_reader(begin: str, middle: str, end: str) -> None:
    """Ours is not the only way to read an address: LINE's own form of it has to lead there, too."""
    address = f"{begin}{middle}{end}"
    verdict = judge(address, DOMAINS, may_dial=False)
    if not verdict.ok:
        return
    fitted = fit_address(address)
    assert fitted is not None
    assert judge(fitted, DOMAINS).ok
    assert (
        fitted.split("/")[2].lower().removesuffix(".").removesuffix(":443").removesuffix(".").endswith(tuple(DOMAINS))
    )


def test_domains_are_those_of_our_own_pages_and_of_the_setting() -> None:
    chosen = our_settings.of(
        {
            "CIVICBOT_BASE_URL": "https://Bot.example.org:8443/x",
            "CIVICBOT_CONTACT_URL": "https://centre.go.th/contact",
            "CIVICBOT_LINK_DOMAINS": " YouTube.com, ศูนย์.ไทย ,",
        }
    )
    assert chosen.link_domains == {"bot.example.org", "centre.go.th", "youtube.com", "xn--q3csq2eze.xn--o3cw4h"}


@pytest.mark.parametrize(
    "value", ["https://a.com", "com", "a b.com", "*.a.com", "a.com/x", "a.com:80", "1.2.3.4", "a..com"]
)
def test_what_is_no_domain_is_refused_at_the_start(value: str) -> None:
    with pytest.raises(our_settings.SettingsRefused, match="CIVICBOT_LINK_DOMAINS"):
        our_settings.of({"CIVICBOT_LINK_DOMAINS": value})
