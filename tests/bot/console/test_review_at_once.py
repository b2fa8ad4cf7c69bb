"""Several reviewers at the same moment: each group is decided once, and no two wait for each other forever."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

from bot.outreach.permissions import Role
from tests.bot.console.reviewing import (
    ask_all,
    catalogue,
    expected_of,
    form_of,
    group,
    logged,
    queue,
    reviewing_site_on_each,
)
from tests.bot.console.visiting import Site

__all__ = ["reviewing_site_on_each"]
TEXTS = ("ขอยืมเต็นท์ได้ไหม", "ที่จอดรถอยู่ตรงไหน", "กินข้าวหรือยังจ๊ะ", "มีผีหรือเปล่า", "ปลูกกาแฟยังไงดี", "ซ่อมถนนหน้าบ้าน")
REVIEWERS = 3


@pytest.mark.timeout(120)
def test_reviewers_at_once(reviewing_site_on_each: Site) -> None:
    site = reviewing_site_on_each
    ask_all(site, list(TEXTS))
    assert len(queue(site)) == len(TEXTS)
    forms = [
        {number: form_of(site, number, f"add:{entry}", [text]) for number, text in enumerate(TEXTS, 1)}
        for entry in ("center.hours", "forum.join", "center.hours")
    ]
    visitors = [site.visitor(Role.STAFF, name=f"staff{number}") for number in range(REVIEWERS)]
    statuses: list[int] = []
    together = threading.Barrier(REVIEWERS)

    def work(which: int) -> None:
        together.wait()
        for number in forms[which]:
            statuses.append(visitors[which].post(f"/console/review/{number}/decide", forms[which][number]).status_code)
            if number % 3 == which:
                statuses.append(visitors[which].post(f"/console/review/{number}/undo").status_code)

    threads = [threading.Thread(target=work, args=(which,)) for which in range(REVIEWERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(statuses) <= {302, 409}
    done = Counter(action for action, *_ in logged(site))
    still = [number for number in range(1, len(TEXTS) + 1) if group(site, number).state == "decided"]
    assert done["review.decided"] - done["review.undone"] == len(still)
    decisions = {TEXTS[number - 1]: (group(site, number).decision or {})["entry"] for number in still}
    with site.database.reading() as db:
        assert dict(expected_of(db)) == decisions
    taught = {text: name for name, entry in catalogue(site).entries.items() for text in entry.variants if text in TEXTS}
    assert taught == decisions
