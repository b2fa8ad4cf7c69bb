"""What people need a person for: the inbox, one case with its conversation, and the canned answers. One blueprint."""

from __future__ import annotations

from flask import Blueprint, abort, jsonify, make_response, request
from flask.typing import ResponseReturnValue

from bot.console import case_acts, case_canned, case_inbox, case_one, case_to_faq, records
from bot.console.access import Pages
from bot.console.faq_working import tell_refusals
from bot.console.premises import Premises
from bot.outreach.permissions import Permission
from bot.storage import case_pictures
from bot.storage.case_pictures import KEPT
from bot.vault import Unreadable

SEE = Permission.SEE_CASES


def case_pages(premises: Premises) -> Blueprint:
    pages = Pages("cases")

    @pages.page("/cases/<int:case_id>", needs=SEE)
    def show(case_id: int) -> ResponseReturnValue:
        return case_one.show(premises, case_id)

    @pages.page("/cases/<int:case_id>/now", needs=SEE)
    def now(case_id: int) -> ResponseReturnValue:
        """The parts that may have changed, for a page that is open; nothing where nothing has."""
        return _now(premises, case_id)

    @pages.page("/cases/<int:case_id>/contact", needs=Permission.SEE_PEOPLE, methods=("POST",))
    def contact(case_id: int) -> ResponseReturnValue:
        with premises.database.transaction() as db:
            case_one.get_case(db, case_id)
            records.record(db, premises, "case.contact_shown", ("case", case_id))
        return case_one.show(premises, case_id, contact_shown=True)

    @pages.page("/cases/<int:case_id>/pictures/<int:picture_id>", needs=SEE)
    def picture(case_id: int, picture_id: int) -> ResponseReturnValue:
        return _picture(premises, case_id, picture_id)

    for module in (case_inbox, case_acts, case_to_faq, case_canned):
        module.add_pages(pages, premises)
    tell_refusals(pages)
    return pages.guard(premises)


def _now(premises: Premises, case_id: int) -> ResponseReturnValue:
    with premises.database.reading() as db:
        case = case_one.get_case(db, case_id)
        moving = case_one.gather(db, premises, case, now=premises.now())
    parts, mark = case_one.drawn(moving)
    if mark == request.args.get("mark"):
        return "", 204
    return jsonify(mark=mark, version=moving.line.case.version, standing_of=moving.standing, **parts)


def _picture(premises: Premises, case_id: int, picture_id: int) -> ResponseReturnValue:
    """Drawn anew when it came in, so that nothing but a picture is in it."""
    with premises.database.reading() as db:
        case_one.get_case(db, case_id)
        row = case_pictures.find_of_case(db, case_id=case_id, picture_id=picture_id)
    if row is None or row.state != KEPT or row.body is None:
        abort(404)
    try:
        response = make_response(premises.vault.open(row.body))
    except Unreadable:
        abort(404)
    response.headers["Content-Type"] = "image/jpeg"
    response.headers["Content-Disposition"] = f'inline; filename="case-{case_id}-{picture_id}.jpg"'
    return response
