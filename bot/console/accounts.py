"""The people who work here: who may come in, in which role."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.console import records, sentences
from bot.console.access import Pages, visitor
from bot.console.premises import Premises
from bot.outreach import staff
from bot.outreach.permissions import Permission, Role
from bot.outreach.staff import (
    Account,
    AccountDisabled,
    FieldRefused,
    Invited,
    LastAdministrator,
    LoginTaken,
    NotAllowed,
    UnknownAccount,
)

MANAGE = Permission.MANAGE_STAFF


def accounts(premises: Premises) -> Blueprint:
    pages = Pages("accounts")

    @pages.page("/staff", needs=MANAGE)
    def index() -> ResponseReturnValue:
        with premises.database.reading() as db:
            found = staff.list_accounts(db)
        return render_template("console/accounts.html", accounts=found, roles=sentences.ROLES)

    @pages.page("/staff/add", needs=MANAGE, methods=("GET", "POST"))
    def add() -> ResponseReturnValue:
        if request.method == "POST":
            return _add(premises)
        return render_template("console/account_new.html", roles=sentences.ROLES, role=Role.STAFF)

    @pages.page("/staff/<int:staff_id>", needs=MANAGE, methods=("POST",))
    def change(staff_id: int) -> ResponseReturnValue:
        return _change(premises, staff_id)

    return pages.guard(premises)


def _add(premises: Premises) -> ResponseReturnValue:
    form = request.form
    role = _role(form.get("role", ""))
    try:
        with premises.database.transaction() as db:
            invited = staff.add_account(
                db, name=form.get("name", ""), login=form.get("login", ""), role=role, by=visitor().account.id,
                now=premises.now(),
            )  # fmt: skip
            made = staff.get_account(db, invited.staff_id)
            records.record(db, premises, "staff.added", ("staff", made.id), after=_kept(made))
    except FieldRefused as refused:
        return _again(role, sentences.FIELDS[refused.field])
    except LoginTaken:
        return _again(role, sentences.LOGIN_TAKEN)
    return _show_link(premises, made, invited)


def _again(role: Role, why: str) -> ResponseReturnValue:
    shown = {"roles": sentences.ROLES, "role": role, "why": why}
    return render_template(
        "console/account_new.html", name=request.form.get("name"), login=request.form.get("login"), **shown
    ), 422


def _change(premises: Premises, staff_id: int) -> ResponseReturnValue:
    by, what, now = visitor().account.id, request.form.get("do", ""), premises.now()
    try:
        with premises.database.transaction() as db:
            before, invited = staff.get_account(db, staff_id), None
            if what == "disable":
                done = "staff.disabled"
                staff.disable(db, staff_id=staff_id, by=by, now=now)
            elif what == "enable":
                done = "staff.enabled"
                staff.enable(db, staff_id=staff_id, by=by)
            elif what == "reset":
                done = "staff.reset"
                invited = staff.reset(db, staff_id=staff_id, by=by, now=now)
            elif what:
                abort(400)
            else:
                done = "staff.role_changed"
                staff.change_role(db, staff_id=staff_id, role=_role(request.form.get("role", "")), by=by)
            after = staff.get_account(db, staff_id)
            records.record(db, premises, done, ("staff", staff_id), before=_kept(before), after=_kept(after))
    except LastAdministrator:
        flash(sentences.LAST_ADMINISTRATOR, "danger")
        return redirect(url_for("accounts.index"))
    except (UnknownAccount, AccountDisabled, NotAllowed):
        flash(sentences.OTHER_ACCOUNT_CHANGED, "warning")
        return redirect(url_for("accounts.index"))
    if invited is not None:
        return _show_link(premises, after, invited)
    flash("บันทึกแล้วค่ะ มีผลทันที", "success")
    return redirect(url_for("accounts.index"))


def _show_link(premises: Premises, account: Account, invited: Invited) -> ResponseReturnValue:
    link = premises.settings.base_url + url_for("doors.join", token=invited.token)
    return render_template("console/account_link.html", account=account, link=link, until=invited.expires_at)


def _role(text: str) -> Role:
    """A form of ours sends nothing else."""
    return Role(text) if text in tuple(Role) else abort(400)


def _kept(account: Account) -> dict[str, object]:
    """What the audit log keeps of an account."""
    return {
        "role": account.role.value,
        "disabled": account.disabled_at is not None,
        "has_second_factor": account.has_second_factor,
        "linked": account.person_id is not None,
    }
