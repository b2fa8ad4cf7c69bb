"""Coming in and going out: password, second factor, the one-time link, signing out. And the files that pages load."""

from __future__ import annotations

from pathlib import Path

import flask_bootstrap
from flask import Blueprint, flash, make_response, redirect, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue

from bot.console import records, sentences
from bot.console.access import (
    Anyone,
    HalfWay,
    Pages,
    address,
    device,
    end_former,
    find_visitor,
    let_in,
    let_out,
    safe_next,
    visitor,
)
from bot.console.premises import Premises
from bot.outreach import second_factor as factor
from bot.outreach import sign_in as sessions
from bot.outreach import staff
from bot.outreach.audit import Actor
from bot.outreach.sign_in import Missing, PasswordRefused, TooBusy, TooManyTries
from bot.outreach.staff import AccountChanged, FieldRefused, InvitationSpent, Purpose

OUR_FILES = Path(__file__).parent / "static"
BOOTSTRAP = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "css"


def doors(premises: Premises) -> Blueprint:
    pages = Pages("doors")
    _add_files(pages)
    _add_sign_in(pages, premises)
    _add_second_factor(pages, premises)
    _add_join(pages, premises)
    return pages.guard(premises)


def _add_files(pages: Pages) -> None:
    @pages.page("/static/<path:name>", needs=Anyone(is_asked=False))
    def static_file(name: str) -> ResponseReturnValue:
        return send_from_directory(BOOTSTRAP if name == "bootstrap.min.css" else OUR_FILES, name)


def _add_sign_in(pages: Pages, premises: Premises) -> None:
    @pages.page("/sign-in", needs=Anyone(), methods=("GET", "POST"))
    def sign_in() -> ResponseReturnValue:
        if request.method == "POST":
            return _sign_in(premises)
        found = find_visitor()
        if found is not None and found.missing is not Missing.CODE:
            return redirect(safe_next(request.args.get("next")))
        return render_template("console/sign_in.html", next=safe_next(request.args.get("next")))

    @pages.page("/sign-out", needs=HalfWay(), methods=("POST",))
    def sign_out() -> ResponseReturnValue:
        found = visitor()
        with premises.database.transaction() as db:
            sessions.end_session(db, session_id=found.session_id, now=premises.now())
        return let_out(make_response(redirect(url_for("doors.sign_in"))))


def _sign_in(premises: Premises) -> ResponseReturnValue:
    login, password = request.form.get("login", ""), request.form.get("password", "")
    target, where, browser, now = safe_next(request.form.get("next")), address(), device(), premises.now()
    try:
        with premises.database.transaction() as db:
            candidate = sessions.begin(db, premises.vault, login=login, address=where, device=browser, now=now)
        if not sessions.verify(candidate, password):
            return _refuse(login, target, sentences.WRONG_LOGIN, 401)
        with premises.database.transaction() as db:
            end_former(db, premises)
            opened = sessions.open_session(db, premises.vault, who=candidate, address=where, device=browser, now=now)
            account = staff.get_account(db, candidate.staff_id or 0)
            who = Actor(account.id, account.name)
            records.record(db, premises, "session.opened", ("staff", account.id), who=who)
    except TooManyTries as refused:
        return _refuse(login, target, sentences.wait_until(refused.until), 429)
    except TooBusy:
        return _refuse(login, target, sentences.TOO_BUSY, 503)
    except AccountChanged:
        return _refuse(login, target, sentences.ACCOUNT_CHANGED, 409)
    step = url_for("doors.second_factor", next=target) if account.has_second_factor else target
    return let_in(make_response(redirect(step)), opened)


def _refuse(login: str, target: str, why: str, status: int) -> ResponseReturnValue:
    return render_template("console/sign_in.html", login=login, next=target, why=why), status


def _add_second_factor(pages: Pages, premises: Premises) -> None:
    @pages.page("/second-factor", needs=HalfWay(), methods=("GET", "POST"))
    def second_factor() -> ResponseReturnValue:
        target = safe_next(request.values.get("next"))
        if visitor().missing is not Missing.CODE:
            return redirect(target)
        if request.method == "POST":
            return _check_code(premises, target)
        return render_template("console/second_factor.html", next=target)


def _check_code(premises: Premises, target: str) -> ResponseReturnValue:
    found, now = visitor(), premises.now()
    code = request.form.get("code", "")
    try:
        with premises.database.transaction() as db:
            right = factor.check(db, premises.vault, account=found.account, code=code, device=device(), now=now)
            opened = sessions.pass_second_factor(db, signed_in=found, device=device(), now=now) if right else None
            if opened is None:
                records.record(db, premises, "session.code_wrong", ("staff", found.account.id))
    except TooManyTries as refused:
        return render_template("console/second_factor.html", next=target, why=sentences.wait_until(refused.until)), 429
    except AccountChanged:
        flash(sentences.ACCOUNT_CHANGED, "warning")
        return let_out(make_response(redirect(url_for("doors.sign_in"))))
    if opened is None:
        return render_template("console/second_factor.html", next=target, why=sentences.WRONG_CODE), 401
    return let_in(make_response(redirect(target)), opened)


def _add_join(pages: Pages, premises: Premises) -> None:
    @pages.page("/join/<token>", needs=Anyone(), methods=("GET", "POST"))
    def join(token: str) -> ResponseReturnValue:
        with premises.database.reading() as db:
            invitation = staff.find_invitation(db, token, now=premises.now())
        if invitation is None:
            return _link_spent()
        if request.method == "POST":
            return _join(premises, token, invitation)
        return render_template("console/join.html", account=invitation.account, purpose=invitation.purpose)


def _link_spent() -> ResponseReturnValue:
    title, what = sentences.LINK_SPENT
    return render_template("console/notice.html", title=title, what=what), 404


def _join(premises: Premises, token: str, invitation: staff.Invitation) -> ResponseReturnValue:
    account, now = invitation.account, premises.now()
    name = request.form.get("name", account.name)
    password = request.form.get("password", "")

    def again(why: str) -> ResponseReturnValue:
        shown = {"account": account, "purpose": invitation.purpose, "name": name, "why": why}
        return render_template("console/join.html", **shown), 422

    if password != request.form.get("again", ""):
        return again(sentences.NOT_THE_SAME)
    try:
        hashed = sessions.hash_password(password, login=account.login, name=name)
        with premises.database.transaction() as db:
            joined = staff.accept_invitation(db, token=token, password_hash=hashed, name=name, now=now)
            end_former(db, premises)
            opened = sessions.open_session(db, premises.vault, who=joined, address=address(), device=device(), now=now)
            who = Actor(joined.id, joined.name)
            done = "staff.joined" if invitation.purpose is Purpose.JOIN else "staff.password_set"
            records.record(db, premises, done, ("staff", joined.id), who=who)
    except PasswordRefused as refused:
        return again(sentences.PASSWORD_FAULTS[refused.fault])
    except FieldRefused as refused:
        return again(sentences.FIELDS[refused.field])
    except TooBusy:
        return again(sentences.TOO_BUSY)
    except InvitationSpent:
        return _link_spent()
    return let_in(make_response(redirect(url_for("home.show"))), opened)
