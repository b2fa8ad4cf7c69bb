from __future__ import annotations

import pytest

from bot.line.links import fit_address, fit_picture


@pytest.mark.parametrize(
    ("written", "fitted"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        (" HTTPS://example.org ", "https://example.org"),
        ("http://user:word@example.org:8080/", "http://user:word@example.org:8080/"),
        ("https://example.org/ถาม ตอบ?q=ก&r=100%", "https://example.org/%E0%B8%96%E0%B8%B2%E0%B8%A1%20%E0%B8%95%E0%B8%AD%E0%B8%9A?q=%E0%B8%81&r=100%25"),
        ("https://example.org/%E0%B8%81", "https://example.org/%E0%B8%81"),
        ("https://ไทย.example:8443/ก", "https://xn--o3cw4h.example:8443/%E0%B8%81"),
        ("https://[::1]/a", "https://[::1]/a"),
        ("tel:191", "tel:191"),
        ("tel:053 000 000", "tel:053000000"),
        ("tel:๑๙๑", "tel:191"),
        ("tel:+66-53-000000;ext=2", "tel:+66-53-000000;ext=2"),
        ("tel:*123#", "tel:*123%23"),
        ("line://nv/location", "line://nv/location"),
        ("https://line.me/R/ti/p/@centre", "https://line.me/R/ti/p/@centre"),
        ("https://example.org/" + "a" * 980, "https://example.org/" + "a" * 980),
    ],
)  # fmt: skip
def test_an_address_is_put_into_the_form_that_line_takes(written: str, fitted: str) -> None:
    assert fit_address(written) == fitted


@pytest.mark.parametrize(
    "written",
    [
        "", "example.org", "//example.org", "mailto:a@example.org", "javascript:alert(1)", "file:///etc", "ไทย:191",
        "ftp://example.org", "https:", "https://", "https:///path", "https:example.org", "https://exa mple.org/",
        "https://a\\b.org/", "https://example.org:port/", "https://example.org:99999/", "https://[::1/", "https://ไ..ย/",
        "tel:", "tel:-", "tel:053 000 000 ต่อ 12", "tel:call", "line:", "line://example.org:99999/", "line://[::1/",
        "https://example.org/" + "a" * 981, "https://example.org/" + "ก" * 200,
    ],
)  # fmt: skip
def test_what_line_refuses_and_nobody_can_make_right_is_no_address(written: str) -> None:
    assert fit_address(written) is None


@pytest.mark.parametrize(
    ("written", "fitted"),
    [
        (" HTTPS://ไทย.example/รูป.png ", "https://xn--o3cw4h.example/%E0%B8%A3%E0%B8%B9%E0%B8%9B.png"),
        ("https://example.org/".ljust(2_000, "a"), "https://example.org/".ljust(2_000, "a")),
        ("http://127.0.0.1:8000/t/a.png", "http://127.0.0.1:8000/t/a.png"),
        ("http://localhost/a.png", "http://localhost/a.png"),
    ],
)
def test_a_picture_is_fetched_over_https_or_from_this_machine(written: str, fitted: str) -> None:
    assert fit_picture(written) == fitted


@pytest.mark.parametrize(
    "written",
    [
        "http://example.org/a.png", "http://127.0.0.1.example.org/a.png", "http://127.0.0.1@example.org/a.png",
        "http://localhost.example.org/", "http://127.0.0.1:99999/", "https://example.org/".ljust(2_001, "a"),
        "data:image/png;base64,AA==", "tel:191", "line://nv/location", "//example.org/a.png", "https://", "",
    ],
)  # fmt: skip
def test_another_address_is_no_picture_s(written: str) -> None:
    assert fit_picture(written) is None
