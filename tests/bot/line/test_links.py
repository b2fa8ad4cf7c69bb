from __future__ import annotations

import pytest

from bot.line.links import fit_address


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
