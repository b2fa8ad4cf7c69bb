"""The questions that wait for a person's look. All pages about them are one blueprint; this module has the queue."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.console import (
    review_decisions,
    review_groups,
    review_moving,
    review_new_entry,
    review_sample,
    review_sentences,
    review_tests,
    review_words,
)
from bot.console.access import Pages, row_id
from bot.console.premises import Premises
from bot.console.review_lookup import find_next, read_cursor, read_reason, write_cursor
from bot.faq.library import NothingPublished
from bot.outreach import review as reviewing
from bot.outreach.permissions import Permission

SEE = Permission.SEE_QUESTIONS
A_PAGE = 30


def review(premises: Premises) -> Blueprint:
    pages = Pages("review")

    @pages.page("/review", needs=SEE)
    def index() -> ResponseReturnValue:
        reason = request.args.get("reason", type=read_reason)
        after = request.args.get("after", type=read_cursor)
        with premises.database.reading() as db:
            lines = reviewing.list_groups(db, reason=reason, after=after, limit=A_PAGE + 1)
            waiting = reviewing.count_waiting(db)
            last = review_groups.find_last(premises, db)
        return render_template(
            "console/review_index.html",
            lines=lines[:A_PAGE],
            more=write_cursor(lines[A_PAGE - 1].cursor) if len(lines) > A_PAGE else None,
            first=after is None,
            waiting=waiting,
            last=last,
            reason=reason,
            reasons=review_sentences.REASONS,
        )

    @pages.page("/review/next", needs=SEE)
    def skip() -> ResponseReturnValue:
        """The group after the one that is left as it is."""
        reason = request.args.get("reason", type=read_reason)
        with premises.database.reading() as db:
            found = find_next(db, after=request.args.get("after", type=row_id), reason=reason)
        if found is None:
            flash(review_sentences.END, "info")
            return redirect(url_for("review.index", reason=reason))
        return redirect(url_for("review.group", group_id=found, reason=reason))

    for module in (
        review_groups, review_decisions, review_new_entry, review_moving, review_words, review_sample, review_tests
    ):  # fmt: skip
        module.add_pages(pages, premises)
    pages.blueprint.register_error_handler(NothingPublished, _nothing_published)
    return pages.guard(premises)


def _nothing_published(_error: NothingPublished) -> ResponseReturnValue:
    title, what = review_sentences.NOTHING_PUBLISHED
    page = render_template("console/notice.html", title=title, what=what)
    return page, 409 if request.method == "POST" else 200
