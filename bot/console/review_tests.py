"""The permanent tests that decisions left behind: what every later version of the FAQ must still make of a message."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.console import records, review_lookup
from bot.console import review_sentences as sentences
from bot.console.access import Pages, row_id
from bot.console.faq_working import open_working
from bot.console.premises import Premises
from bot.outreach.permissions import Permission

A_PAGE = 50
LONGEST_SEARCH = 200


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/review/tests", needs=Permission.SEE_QUESTIONS)
    def tests() -> ResponseReturnValue:
        wanted = request.args.get("q", "")[:LONGEST_SEARCH].strip()
        before = request.args.get("before", type=row_id)
        with premises.database.reading() as db:
            found = review_lookup.list_tests(db, wanted=wanted, before=before, limit=A_PAGE + 1)
            titles, names = open_working(premises, db).titles, review_lookup.list_names(db)
        return render_template(
            "console/review_tests.html",
            tests=found[:A_PAGE],
            more=found[A_PAGE - 1].id if len(found) > A_PAGE else None,
            wanted=wanted,
            titles=titles,
            names=names,
            kinds=sentences.TEST_KINDS,
        )

    @pages.page("/review/tests/<int:test_id>/retire", needs=Permission.DECIDE_QUESTIONS, methods=("POST",))
    def retire(test_id: int) -> ResponseReturnValue:
        with premises.database.transaction() as db:
            retired = review_lookup.retire_test(db, test_id, now=premises.now())
            if retired is not None:
                before = {"text": retired.text, "expect": retired.expect, "kind": retired.kind, "in_force": True}
                after = before | {"in_force": False}
                records.record(db, premises, "review.test_retired", ("faq_test", test_id), before=before, after=after)
        if retired is None:
            flash(sentences.TEST_GONE, "warning")
        else:
            flash(sentences.TEST_RETIRED, "success")
        return redirect(url_for("review.tests", q=request.form.get("q") or None))
