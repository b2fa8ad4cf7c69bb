"""Type a message, see what the bot would answer and why."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bot.console.access import Pages
from bot.console.premises import Premises
from bot.faq.library import NothingPublished
from bot.outreach.permissions import Permission
from knowledge.explanation import explain

LONGEST = 5000


def try_it(premises: Premises) -> Blueprint:
    pages = Pages("try_it")

    @pages.page("/try", needs=Permission.SEE_QUESTIONS, methods=("GET", "POST"))
    def show() -> ResponseReturnValue:
        text = request.form.get("text", "")[:LONGEST] if request.method == "POST" else ""
        earlier = request.form.get("earlier", "")[:LONGEST] if request.method == "POST" else ""
        if not text.strip():
            return render_template("console/try_it.html", text="", earlier=earlier)
        try:
            knowledge = premises.library.current()
        except NothingPublished:
            return render_template("console/try_it.html", text=text, earlier=earlier, nothing_published=True), 409
        decision = knowledge.matcher.decide(text, earlier=[line for line in earlier.splitlines() if line.strip()])
        entries = knowledge.catalogue.entries
        answer = entries[decision.entry].answer.get("th", "") if decision.entry else ""
        return render_template(
            "console/try_it.html",
            text=text,
            earlier=earlier,
            decision=decision,
            answer=answer,
            titles={name: entry.title.get("th", name) for name, entry in entries.items()},
            told=explain(knowledge.matcher, knowledge.catalogue, text, decision),
        )

    return pages.guard(premises)
