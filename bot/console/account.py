"""One's own account: password, second factor, LINE account, other sessions."""

from __future__ import annotations

import re

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from bot.console import records, sentences
from bot.console.access import Pages, address, device, let_in, let_out, visitor
from bot.console.premises import Premises
from bot.outreach import line_linking, staff
from bot.outreach import second_factor as factor
from bot.outreach import sign_in as sessions
from bot.outreach.permissions import Permission, must_have_second_factor
from bot.outreach.second_factor import EnrolmentExpired
from bot.outreach.sign_in import PasswordRefused, TooBusy, TooManyTries
from bot.outreach.staff import AccountChanged

OWN = Permission.OWN_ACCOUNT


def account(premises: Premises) -> Blueprint:
    pages = Pages("account")
    _add_page(pages, premises)
    _add_password(pages, premises)
    _add_second_factor(pages, premises)
    _add_line(pages, premises)
    return pages.guard(premises)


def _add_page(pages: Pages, premises: Premises) -> None:
    @pages.page("/account", needs=OWN)
    def show() -> ResponseReturnValue:
        with premises.database.reading() as db:
            codes = factor.count_recovery_codes(db, account=visitor().account)
        return render_template("console/account.html", recovery_codes=codes, must=_must())

    @pages.page("/account/end-others", needs=OWN, methods=("POST",))
    def end_others() -> ResponseReturnValue:
        with premises.database.transaction() as db:
            ended = sessions.end_others(db, signed_in=visitor(), now=premises.now())
        flash(f"ออกจากระบบในเครื่องอื่นแล้วค่ะ ({ended} เครื่อง)", "success")
        return redirect(url_for("account.show"))


def _must() -> bool:
    return must_have_second_factor(visitor().account.role)


def _add_password(pages: Pages, premises: Premises) -> None:
    @pages.page("/account/password", needs=OWN, methods=("GET", "POST"))
    def password() -> ResponseReturnValue:
        if request.method != "POST":
            return render_template("console/password.html")
        try:
            refused = _change_password(premises)
        except PasswordRefused as error:
            refused = sentences.PASSWORD_FAULTS[error.fault]
        except TooManyTries as error:
            refused = sentences.wait_until(error.until)
        except TooBusy:
            refused = sentences.TOO_BUSY
        except AccountChanged:
            flash(sentences.ACCOUNT_CHANGED, "warning")
            return let_out(make_response(redirect(url_for("doors.sign_in"))))
        if refused:
            return render_template("console/password.html", why=refused), 422
        flash("เปลี่ยนรหัสผ่านแล้วค่ะ เครื่องอื่นที่เปิดค้างไว้ถูกออกจากระบบแล้ว", "success")
        return redirect(url_for("account.show"))


def _change_password(premises: Premises) -> str | None:
    """Why not, or None when it is done."""
    found, now = visitor(), premises.now()
    new = request.form.get("password", "")
    if new != request.form.get("again", ""):
        return sentences.NOT_THE_SAME
    sessions.check_password(new, login=found.account.login, name=found.account.name)
    with premises.database.transaction() as db:
        candidate = sessions.begin(
            db, premises.vault, login=found.account.login, address=address(), device=device(), now=now
        )
    if not sessions.verify(candidate, request.form.get("old", "")):
        return sentences.WRONG_PASSWORD
    hashed = sessions.hash_password(new, login=found.account.login, name=found.account.name)
    with premises.database.transaction() as db:
        sessions.forget_tries(db, candidate)
        staff.change_password(db, account=found.account, password_hash=hashed, session_id=found.session_id)
        records.record(db, premises, "staff.password_changed", ("staff", found.account.id))
    return None


def _add_second_factor(pages: Pages, premises: Premises) -> None:
    @pages.page("/account/second-factor", needs=OWN, methods=("GET", "POST"))
    def enrol() -> ResponseReturnValue:
        if request.method == "POST":
            return _confirm(premises)
        return _begin(premises)

    @pages.page("/account/recovery-codes", needs=OWN, methods=("POST",))
    def recovery_codes() -> ResponseReturnValue:
        if not visitor().account.has_second_factor:
            return redirect(url_for("account.enrol"))
        with premises.database.transaction() as db:
            codes = factor.renew_recovery_codes(db, account=visitor().account)
            records.record(db, premises, "staff.recovery_codes_renewed", ("staff", visitor().account.id))
        return render_template("console/recovery_codes.html", codes=codes)


def _begin(premises: Premises, why: str | None = None) -> ResponseReturnValue:
    begun = factor.begin_enrolment(premises.vault, account=visitor().account, issuer="civicbot", now=premises.now())
    picture = Markup(begun.svg)  # noqa: S704 - made by the QR library, of our own address, without script or style
    page = render_template(
        "console/enrol.html",
        secret=" ".join(re.findall(".{1,4}", begun.secret)),
        link=begun.uri,
        picture=picture,
        sealed=begun.sealed,
        why=why,
        must=_must(),
    )
    return page, 422 if why else 200


def _confirm(premises: Premises) -> ResponseReturnValue:
    found, now = visitor(), premises.now()
    sealed, code = request.form.get("sealed", ""), request.form.get("code", "")
    try:
        with premises.database.transaction() as db:
            codes = factor.confirm_enrolment(
                db, premises.vault, account=found.account, sealed=sealed, code=code, now=now
            )
            if codes is None:
                opened = None
            else:
                opened = sessions.pass_second_factor(db, signed_in=found, device=device(), now=now)
                records.record(db, premises, "staff.second_factor_set", ("staff", found.account.id))
    except EnrolmentExpired:
        return _begin(premises, sentences.ENROLMENT_EXPIRED)
    except AccountChanged:
        flash(sentences.ACCOUNT_CHANGED, "warning")
        return let_out(make_response(redirect(url_for("doors.sign_in"))))
    if codes is None or opened is None:
        return _begin(premises, sentences.WRONG_CODE)
    response = let_in(make_response(), opened)
    response.set_data(render_template("console/recovery_codes.html", codes=codes))
    return response


def _add_line(pages: Pages, premises: Premises) -> None:
    @pages.page("/account/line", needs=OWN, methods=("POST",))
    def link_line() -> ResponseReturnValue:
        with premises.database.transaction() as db:
            code = line_linking.make_code(db, premises.vault, staff_id=visitor().account.id, now=premises.now())
        return render_template("console/line_code.html", code=f"{code[:4]} {code[4:]}")

    @pages.page("/account/line/unlink", needs=OWN, methods=("POST",))
    def unlink_line() -> ResponseReturnValue:
        with premises.database.transaction() as db:
            line_linking.unlink(db, staff_id=visitor().account.id)
            sessions.end_others(db, signed_in=visitor(), now=premises.now())  # LINE may have opened some of them
            records.record(db, premises, "staff.line_unlinked", ("staff", visitor().account.id))
        flash("เลิกเชื่อมกับ LINE แล้วค่ะ เครื่องอื่นถูกออกจากระบบแล้ว", "success")
        return redirect(url_for("account.show"))
