"""The first page: what waits for whom."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bot import clock
from bot.console import case_inbox
from bot.console.access import Anyone, Pages, may, visitor
from bot.console.premises import Premises
from bot.faq.expiring import list_due
from bot.faq.library import NothingPublished
from bot.outreach import review
from bot.outreach.permissions import Permission
from bot.storage import holds


def home(premises: Premises) -> Blueprint:
    pages = Pages("home")

    @pages.page("/", needs=Permission.OWN_ACCOUNT)
    def show() -> ResponseReturnValue:
        if visitor().missing is not None:
            return redirect(url_for("account.enrol"))
        with premises.database.reading() as db:
            waiting = {"review.index": review.count_waiting(db)} if may(Permission.SEE_QUESTIONS) else {}
            people = case_inbox.waiting(db, premises) if may(Permission.SEE_CASES) else None
            held = holds.is_sending_held(db)
        shown = {"waiting": waiting, "people": people, "held": held}
        try:
            catalogue = premises.library.current().catalogue
        except NothingPublished:
            return render_template("console/home.html", catalogue=None, due=(), **shown)
        due = list_due(catalogue, today=clock.bangkok_date(premises.now())) if may(Permission.EDIT_FAQ) else []
        due.sort(key=lambda one: one.owner != visitor().account.login)  # one's own first
        return render_template("console/home.html", catalogue=catalogue, due=due, **shown)

    @pages.page("", needs=Anyone())
    def without_slash() -> ResponseReturnValue:
        return redirect(url_for("home.show"))

    return pages.guard(premises)
