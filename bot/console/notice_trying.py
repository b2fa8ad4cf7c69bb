"""A notice sent to oneself, or to all who work here, before anybody else sees it; and what has become of that."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from bot.console import notice_words, records
from bot.console.access import visitor
from bot.console.premises import Premises
from bot.notices import trials
from bot.notices.refusals import NoSuchNotice
from bot.notices.trials import TooManyTrials
from bot.outreach import staff
from bot.outreach.staff import Account
from bot.storage.notice_trials import TrialRow


def try_out(premises: Premises, notice_id: int, *, everybody: bool) -> ResponseReturnValue:
    account = visitor().account
    back = redirect(url_for("notices.edit", notice_id=notice_id, _anchor="trial"))
    with premises.database.reading() as db:
        group = group_of(staff.list_accounts(db))
    people = group if everybody else [account.person_id] if account.person_id is not None else []
    if not people:
        flash(notice_words.NOBODY_LINKED if everybody else notice_words.NOT_LINKED, "warning")
        return back
    try:
        with premises.database.transaction() as db:
            asked = trials.ask_for(db, notice_id, people, asked_by=account.id, now=premises.now())
            if asked:
                after = {"people": len(asked), "group": everybody}
                records.record(db, premises, "notice.trial", ("notice", notice_id), after=after)
    except TooManyTrials as refused:
        flash(notice_words.too_many_trials(refused.left, refused.most), "warning")
        return back
    except NoSuchNotice:
        abort(404)
    flash(notice_words.trial_asked(len(asked), everybody=everybody), "success")
    return back


def group_of(accounts: Sequence[Account]) -> list[int]:
    """Everybody who may come in and whose LINE account is known."""
    return [one.person_id for one in accounts if one.disabled_at is None and one.person_id is not None]


def name_each(latest: Sequence[TrialRow], accounts: Sequence[Account]) -> list[tuple[str, TrialRow]]:
    names = {one.person_id: one.name for one in accounts if one.person_id is not None}
    return [(names.get(trial.person_id, notice_words.SOMEBODY), trial) for trial in latest]
