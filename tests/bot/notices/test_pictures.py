from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image

from bot.notices import checks, pictures
from bot.notices.content import Bubble, Content
from bot.notices.pictures import PictureRefused
from bot.storage import notice_pictures
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.notices.making import a_board
from tests.builders import NOON

PATH = "/n/" + "a" * 24 + ".jpg"


def a_file(kind: str = "JPEG", *, size: tuple[int, int] = (300, 200), mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, kind, **more)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_drawn_anew_no_larger_than_it_is_shown(kind: str) -> None:
    drawn = opened(pictures.draw_anew(a_file(kind, size=(2400, 1200))))
    assert (drawn.format, drawn.size) == ("JPEG", (1024, 512))


@pytest.mark.parametrize("content", [b"<svg/>", a_file("GIF")])
def test_what_is_no_picture_that_can_be_shown_is_refused(content: bytes) -> None:
    with pytest.raises(PictureRefused) as refused:
        pictures.draw_anew(content)
    assert refused.value.why == "unreadable"


def test_one_that_unpacks_to_too_much_is_not_unpacked() -> None:
    with pytest.raises(PictureRefused) as refused:
        pictures.draw_anew(a_file("PNG", size=(10_000, 6_000), mode="1"))
    assert refused.value.why == "too_large"


def test_it_is_put_up_under_a_path_that_is_ours(
    database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_AN_HOUR", 2)
    board = a_board(database, vault)
    notice_id = board.draft()
    with database.transaction() as db:
        first, second = (
            pictures.put_up(db, a_file(), notice_id=notice_id, by=board.author, now=NOON) for _ in range(2)
        )
        with pytest.raises(PictureRefused):
            pictures.put_up(db, a_file(), notice_id=notice_id, by=board.author, now=NOON)
        pictures.put_up(db, a_file(), notice_id=notice_id, by=board.author, now=NOON + timedelta(hours=2))
        assert notice_pictures.find_body(db, first[3:-4]) == pictures.draw_anew(a_file())
    assert first != second
    assert pictures.is_path(first)


@pytest.mark.parametrize(
    ("address", "refused"),
    [
        (f"https://centre.go.th{PATH}", False),
        (f"https://centre.go.th:8443{PATH}", False),
        (f"http://127.0.0.1:8000{PATH}", False),
        (f"http://centre.go.th{PATH}", True),
        (f"https://evil.com{PATH}", True),
        (f"https://me@centre.go.th{PATH}", True),
        (f"http://127.0.0.1:8000{PATH}?x=1", True),
        ("http://127.0.0.1:8000/n/../t/secret.jpg", True),
    ],
)
def test_only_a_picture_of_ours_may_come_from_this_machine(address: str, refused: bool) -> None:
    content = Content((Bubble("card", "ก", picture=address),))
    found = checks.find_faults(content, event=None, domains=("centre.go.th", "127.0.0.1"), now=NOON)
    assert bool(found) is refused
