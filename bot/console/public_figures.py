"""The month's summary for everybody: looked at first, then taken away as a page or as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot import clock
from bot.console import figure_tables, records
from bot.console.access import Pages
from bot.console.premises import Premises
from bot.console.tables import CSV_TYPE, Table, to_csv
from bot.faq.library import NothingPublished
from bot.outreach import public_summary
from bot.outreach.figures import EARLIEST
from bot.outreach.permissions import Permission
from bot.outreach.public_summary import Hidden, MonthNotOver, PublicSummary, Shown
from bot.storage.figures import Outcome

SAID: Final = {Hidden.SMALL: "น้อยกว่า 5 คน", Hidden.COVER: "ไม่แสดง"}
NOT_SHOWN: Final = "ไม่แสดง เพราะจะทำให้รู้ถึงคนกลุ่มเล็กได้"
OUTCOMES: Final = dict(zip((Outcome.ANSWERED, Outcome.CLARIFIED, Outcome.MISSED), figure_tables.OUTCOMES, strict=True))
MONTHS_OFFERED: Final = 24
FEEDBACK: Final = {"yes": "ตรงกับที่ถาม", "no": "ไม่ตรง"}


def add(pages: Pages, premises: Premises) -> None:
    @pages.page("/figures/public", needs=Permission.SEE_FIGURES)
    def public_index() -> ResponseReturnValue:
        chosen = request.args.get("month") or f"{last_month(premises.now()):%Y-%m}"
        return redirect(url_for("figures.public", month=f"{_month(chosen):%Y-%m}"))

    @pages.page("/figures/public/<month>", needs=Permission.SEE_FIGURES)
    def public(month: str) -> ResponseReturnValue:
        first = _month(month)
        try:
            found = _summarise(premises, first)
        except MonthNotOver:
            return render_template("console/public.html", **_shown(premises, first, None)), 422
        return render_template("console/public.html", **_shown(premises, first, found))

    @pages.page("/figures/public/<month>/download", needs=Permission.EXPORT_FIGURES, methods=("POST",))
    def public_download(month: str) -> ResponseReturnValue:
        return _download(premises, _month(month))


def titles(premises: Premises) -> Mapping[str, str]:
    """Of the entries in force."""
    try:
        entries = premises.library.current().catalogue.entries
    except NothingPublished:
        return {}
    return {name: entry.title.get("th", name) for name, entry in entries.items()}


def last_month(now: datetime) -> date:
    return (clock.bangkok_date(now).replace(day=1) - timedelta(days=1)).replace(day=1)


def _month(text: str) -> date:
    try:
        found = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        abort(404)
    if found < EARLIEST or f"{found:%Y-%m}" != text:
        abort(404)
    return found


def _summarise(premises: Premises, month: date) -> PublicSummary:
    with premises.database.reading() as db:
        return public_summary.summarise(db, month=month, topics=titles(premises), now=premises.now())


def _shown(premises: Premises, month: date, found: PublicSummary | None) -> dict[str, Any]:
    return {
        "month": f"{month:%Y-%m}",
        "month_name": figure_tables.month_name(month),
        "months": [(f"{one:%Y-%m}", figure_tables.month_name(one)) for one in _choice(month, premises.now())],
        "tables": _tables(found, titles(premises)) if found else None,
        "withheld": NOT_SHOWN,
        "made": premises.now(),
    }


def _choice(month: date, now: datetime) -> list[date]:
    """The last finished months, and the one that is looked at."""
    months = [last_month(now)]
    while len(months) < MONTHS_OFFERED and months[-1] > EARLIEST:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return sorted({*months, month}, reverse=True)


def _download(premises: Premises, month: date) -> ResponseReturnValue:
    form = request.form.get("format", "")
    if form not in ("html", "csv"):
        abort(400)
    try:
        found = _summarise(premises, month)
    except MonthNotOver:
        abort(409)
    if form == "html":
        data: str | bytes = render_template("console/public_file.html", **_shown(premises, month, found))
    else:
        data = to_csv(_flat(_tables(found, titles(premises))))
    with premises.database.transaction() as db:
        kept = {"table": "public", "format": form, "month": f"{month:%Y-%m}"}
        records.record(db, premises, "export.figures", ("export", "figures"), after=kept)
    response = make_response(data)
    response.headers["Content-Type"] = CSV_TYPE if form == "csv" else "text/html; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="summary-{month:%Y-%m}.{form}"'
    return response


def _tables(found: PublicSummary, names: Mapping[str, str]) -> tuple[Table, ...]:
    """A table without rows is one that is not shown."""
    whole = (("คำถามทั้งหมด", _said(found.questions)), ("คนที่ถาม", _said(found.people)))
    outcomes = [(OUTCOMES[part], _said(shown)) for part, shown in (found.outcomes or {}).items()]
    aside = ("ตั้งใจไม่ตอบ (เลือกข้างทางการเมือง คำหยาบ)", _said(found.declined))
    waiting = () if found.waiting is None else (
        ("ครึ่งหนึ่งได้คำตอบภายใน", figure_tables.seconds(found.waiting.half_within)),
        ("95 ใน 100 ได้คำตอบภายใน", figure_tables.seconds(found.waiting.most_within)),
    )  # fmt: skip
    return (
        Table("whole", "ภาพรวม", ("อะไร", "จำนวน"), whole),
        Table("outcomes", "บอตทำอะไรกับคำถาม", ("อะไร", "คำถาม"), (*outcomes, aside) if outcomes else ()),
        Table("topics", "เรื่องที่ถาม", ("เรื่อง", "คำถาม"), tuple(_topics(found, names))),
        Table("feedback", "คนบอกว่าคำตอบตรงไหม", ("คนตอบว่า", "ครั้ง"),
              tuple((FEEDBACK[said], _said(shown)) for said, shown in found.feedback.items())),
        Table("waiting", "รอนานเท่าไร", ("อะไร", "เวลา"), waiting),
    )  # fmt: skip


def _topics(found: PublicSummary, names: Mapping[str, str]) -> list[tuple[str, str | int]]:
    """Hidden ones are named by how many they are: sixty rows that say the same tell nobody more."""
    shown = found.topics or {}
    hidden = Counter(one for one in shown.values() if isinstance(one, Hidden))
    rows: list[tuple[str, str | int]] = [
        (names.get(one, one), how) for one, how in shown.items() if isinstance(how, int)
    ]
    for kind in Hidden:
        if hidden[kind]:
            each = " เรื่องละ" if hidden[kind] > 1 else ""
            rows.append((f"อีก {hidden[kind]} เรื่อง{each}", SAID[kind]))
    return rows


def _said(shown: Shown) -> str | int:
    return SAID[shown] if isinstance(shown, Hidden) else shown


def _flat(tables: tuple[Table, ...]) -> Table:
    rows = []
    for table in tables:
        rows += [(table.title, *row) for row in table.rows] or [(table.title, NOT_SHOWN, "")]
    return Table("public", "สรุป", ("หมวด", "อะไร", "จำนวน"), tuple(rows))
