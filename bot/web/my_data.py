"""What is held about somebody, shown to them: /me/<token>. Whoever knows the address sees it, for an hour."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Final

from flask import Blueprint, Response, abort, request, url_for
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from bot import thai_dates
from bot.privacy import held, held_file, links
from bot.privacy.held_tree import Held
from bot.privacy.held_words import sentences_of
from bot.privacy.links import Open, Over
from bot.storage import held_cases
from bot.vault import Unreadable
from bot.web.guesses import WINDOW_SECONDS
from bot.web.pages import Grounds, blueprint, is_english, language, render, say_no
from knowledge.catalogue import Catalogue

STYLE: Final = "my_data.css"


def my_data(grounds: Grounds) -> Blueprint:
    pages = blueprint("my_data", grounds, prefix="/me")

    @pages.errorhandler(NoResultFound)
    def _erased_meanwhile(_error: NoResultFound) -> Response:
        return _not_there(grounds)

    @pages.get("/<token>")
    def show(token: str) -> Response:
        with grounds.database.reading() as db:
            link = _get_link(db, grounds, token)
            found = _collect(db, grounds, link)
        until = thai_dates.date_and_time(link.expires_at, english=is_english())
        made = thai_dates.date_and_time(found.made_at, english=is_english())
        return render(
            grounds, "my_data.html", held=found, token=token, until=until, made=made, word=_word,
            own_style=url_for("public_events.static", filename=STYLE, v=_style_version()),
        )  # fmt: skip

    @pages.get("/<token>/data.json")
    def as_json(token: str) -> Response:
        return _file(grounds, token, held_file.write_json, "application/json", "my-data.json")

    @pages.get("/<token>/data.csv")
    def as_table(token: str) -> Response:
        return _file(grounds, token, held_file.write_csv, "text/csv; charset=utf-8", "my-data.csv")

    @pages.get("/<token>/picture-<int:number>.jpg")
    def picture(token: str, number: int) -> Response:
        with grounds.database.reading() as db:
            link = _get_link(db, grounds, token)
            row = held_cases.find_picture(db, picture_id=number, person_id=link.person_id)
            sealed = row.body if row is not None else None
        if sealed is None:
            abort(_not_there(grounds))
        try:
            return Response(grounds.vault.open(sealed), content_type="image/jpeg")
        except Unreadable:
            abort(say_no(grounds, "fault.title", "fault.more", status=503))

    return pages


def _get_link(db: Session, grounds: Grounds, token: str) -> Open:
    """Answers 404 for a link that leads to nobody, 410 for one whose hour is over; 429 where too many wrong ones came
    from."""
    if grounds.guesses.are_too_many(request.remote_addr):
        refused = say_no(grounds, "slow.title", "slow.more", status=429)
        refused.headers["Retry-After"] = f"{WINDOW_SECONDS:.0f}"
        abort(refused)
    link = links.find_by_token(db, token, now=grounds.now())
    if link is None:
        grounds.guesses.note(request.remote_addr)
        abort(_not_there(grounds))
    if isinstance(link, Over):
        abort(_no(grounds, "me.gone_title", "me.gone_more", status=410))
    return link


def _not_there(grounds: Grounds) -> Response:
    return _no(grounds, "me.unknown_title", "me.unknown_more", status=404)


def _no(grounds: Grounds, title: str, more: str, *, status: int) -> Response:
    return render(grounds, "notice.html", status=status, title=_word(title), more=_word(more))


def _file(
    grounds: Grounds, token: str, write: Callable[[Held], bytes], content_type: str, name: str
) -> Response:  # fmt: skip
    with grounds.database.reading() as db:
        found = _collect(db, grounds, _get_link(db, grounds, token))
    response = Response(write(found), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _collect(db: Session, grounds: Grounds, link: Open) -> Held:
    return held.collect(
        db, grounds.vault, link.person_id, catalogue=_find_catalogue(grounds), now=grounds.now(), language=language()
    )


def _find_catalogue(grounds: Grounds) -> Catalogue | None:
    try:
        return grounds.library.current().catalogue
    except Exception:  # noqa: BLE001 - ids in place of names are better than nothing
        return None


def _word(key: str, **facts: object) -> str:
    return sentences_of(language())[key].format_map(facts)


@cache
def _style_version() -> str:
    style = resources.files(__package__).joinpath("static", STYLE)
    return hashlib.sha256(style.read_bytes()).hexdigest()[:8]
