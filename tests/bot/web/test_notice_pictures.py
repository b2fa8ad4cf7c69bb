from __future__ import annotations

import io

import pytest
from PIL import Image

from bot.notices import pictures
from tests.bot.web.visiting import Site
from tests.builders import NOON


def test_a_picture_that_was_put_up_is_seen_by_whoever_has_its_address(site: Site) -> None:
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(out, "JPEG")
    with site.database.transaction() as db:
        path = pictures.put_up(db, out.getvalue(), notice_id=None, by=None, now=NOON)
    answer = site.client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(answer.data)).size == (20, 10)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=604800, immutable"


@pytest.mark.parametrize("path", ["/n/nothing.jpg", f"/n/{'a' * 24}.jpg", f"/n/{'a' * 500}.jpg", "/n/%00.jpg"])
def test_an_address_that_nobody_was_given_leads_nowhere(site: Site, path: str) -> None:
    assert site.client.get(path).status_code == 404
