"""The weekly sample of confident answers: each judged by a person, and what that says about silent errors."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import cast

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot import thai_dates
from bot.console import records, review_lookup
from bot.console import review_sentences as sentences
from bot.console.access import Pages, row_id, visitor
from bot.console.premises import Premises
from bot.console.review_settling import Stopped, may_by_name
from bot.outreach import silent_errors
from bot.outreach.permissions import Permission
from bot.outreach.silent_errors import WEEK, AlreadyJudged, Sampled, Verdict

SEE, JUDGE = Permission.SEE_QUESTIONS, Permission.DECIDE_QUESTIONS
WEEKS = 8
MOST = 200


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/review/sample", needs=SEE)
    def sample() -> ResponseReturnValue:
        week = request.args.get("week", type=_monday) or _last_week(premises.now())
        wanted, done = (request.args.get(name, type=row_id) for name in ("item", "done"))
        with premises.database.reading() as db:
            items = silent_errors.list_sample(db, week=week, limit=MOST)
            weeks = silent_errors.count_by_week(db, now=premises.now(), weeks=WEEKS)
            names = review_lookup.list_names(db)
        by_id = {item.item_id: item for item in items}
        entries = premises.library.current().catalogue.entries
        return render_template(
            "console/review_sample.html",
            item=by_id.get(wanted or 0) or _first_open(items),
            done=by_id.get(done or 0),
            week=week,
            span=f"{thai_dates.long_date(week)} ถึง {thai_dates.long_date(week + timedelta(days=6))}",
            judged=sum(item.verdict is not None for item in items),
            drawn=len(items),
            unsent=sum(item.text is None and item.verdict is None for item in items),
            weeks=[(one, thai_dates.long_date(one.weeks[0])) for one in reversed(weeks)],
            titles={name: entry.title.get("th", name) for name, entry in entries.items()},
            answers={name: entry.answer.get("th", "") for name, entry in entries.items()},
            verdicts=sentences.VERDICTS,
            names=names,
        )

    @pages.page("/review/sample/<int:item_id>", needs=JUDGE, methods=("POST",))
    def judge(item_id: int) -> ResponseReturnValue:
        return _judge(premises, item_id)


def _judge(premises: Premises, item_id: int) -> ResponseReturnValue:
    verdict, seen = request.form.get("verdict", ""), request.form.get("seen") or None
    week = request.form.get("week", type=_monday)
    if verdict not in sentences.VERDICTS or (seen is not None and seen not in sentences.VERDICTS):
        abort(400)
    try:
        with premises.database.transaction() as db:
            judged = silent_errors.judge(
                db, item_id=item_id, verdict=cast(Verdict, verdict), by=str(visitor().account.id), may=may_by_name,
                now=premises.now(), seen=cast(Verdict | None, seen),
            )  # fmt: skip
            if judged != verdict:
                raise Stopped(judged)
            subject = ("review_sample", item_id)
            records.record(db, premises, "review.judged", subject, before={"verdict": seen}, after={"verdict": verdict})
    except Stopped as stopped:
        flash(_tell(premises, stopped.refusal), "warning")
        return redirect(url_for("review.sample", week=week))
    return redirect(url_for("review.sample", week=week, done=item_id))


def _tell(premises: Premises, refusal: object) -> str:
    if not isinstance(refusal, AlreadyJudged) or refusal.verdict is None:
        return sentences.NOT_IN_SAMPLE
    with premises.database.reading() as db:
        names = review_lookup.list_names(db)
    by = sentences.by_whom(refusal.by, me=str(visitor().account.id), names=names)
    return sentences.already_judged(by, refusal.at, refusal.verdict)


def _first_open(items: list[Sampled]) -> Sampled | None:
    """What can still be judged: without its words, nothing can."""
    return next((item for item in items if item.verdict is None and item.text is not None), None)


def _monday(text: str) -> date:
    """Raises ValueError for what is no Monday."""
    day = date.fromisoformat(text)
    if day.weekday():
        raise ValueError(text)
    return day


def _last_week(now: datetime) -> date:
    return silent_errors.week_of(now) - WEEK
