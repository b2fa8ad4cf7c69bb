"""How the service does: the page that a committee reads, on paper too, and its tables to take away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from flask import Blueprint, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot import clock, thai_dates
from bot.console import figure_tables, public_figures, records
from bot.console.access import Pages
from bot.console.figure_tables import Besides, Section
from bot.console.premises import Premises
from bot.console.tables import CSV_TYPE, XLSX_TYPE, to_csv, to_xlsx
from bot.outreach import figures as service
from bot.outreach.figures import Figures, Period, PeriodFault, PeriodRefused
from bot.outreach.permissions import Permission
from knowledge.evaluation import Share

PERIODS: Final = {"7": "7 วัน", "30": "30 วัน", "90": "90 วัน", "month": "เดือนนี้", "last_month": "เดือนที่แล้ว"}
DEFAULT: Final = "30"
REFUSALS: Final = {
    PeriodFault.BACKWARDS: "วันแรกอยู่หลังวันสุดท้ายค่ะ ลองสลับกันนะคะ",
    PeriodFault.TOO_LONG: f"เลือกได้ไม่เกิน {service.LONGEST} วันค่ะ",
    PeriodFault.NOT_YET: "วันที่เลือกยังมาไม่ถึงค่ะ",
    PeriodFault.TOO_EARLY: "เลือกย้อนหลังได้ถึงปี 2563 ค่ะ",
}
NOT_A_DATE: Final = "ขอวันที่ทั้งสองช่องค่ะ"
EVERYTHING: Final = "all"
BUDDHIST_FROM: Final = 2400
LONGEST_DAY: Final = 10


@dataclass(frozen=True, slots=True)
class Sources:
    """What is counted elsewhere. Each gives None as long as it knows nothing."""

    waiting_groups: Callable[[Session], int | None] = lambda _db: None
    silent_errors: Callable[[Session, datetime], Sequence[tuple[date, Share]] | None] = lambda _db, _now: None
    """By the Monday of the week, the oldest first."""
    districts: Callable[[Session, Period], Sequence[tuple[str, int]] | None] = lambda _db, _period: None


NO_SOURCES: Final = Sources()


def figures(premises: Premises, *, sources: Sources = NO_SOURCES) -> Blueprint:
    pages = Pages("figures")

    @pages.page("/figures", needs=Permission.SEE_FIGURES)
    def index() -> ResponseReturnValue:
        return _show(premises, sources, "console/figures.html")

    @pages.page("/figures/print", needs=Permission.SEE_FIGURES)
    def to_print() -> ResponseReturnValue:
        return _show(premises, sources, "console/figures_print.html")

    @pages.page("/figures/download", needs=Permission.EXPORT_FIGURES, methods=("POST",))
    def download() -> ResponseReturnValue:
        return _download(premises, sources)

    public_figures.add(pages, premises)
    return pages.guard(premises)


def _show(premises: Premises, sources: Sources, template: str) -> ResponseReturnValue:
    now = premises.now()
    try:
        chosen, period = _period(request.args, now)
    except PeriodRefused as refused:
        return _refuse(REFUSALS[refused.fault])
    except ValueError:
        return _refuse(NOT_A_DATE)
    found, parts = _collect(premises, sources, period, now)
    return render_template(
        template,
        chosen=chosen,
        periods=PERIODS,
        first=period.first.isoformat(),
        last=period.last.isoformat(),
        said=f"{thai_dates.long_date(period.first)} – {thai_dates.long_date(period.last)}",
        days=period.days,
        not_over=period.last == clock.bangkok_date(now),
        now=now,
        tiles=_tiles(found, parts),
        sections=parts,
    )


def _refuse(why: str) -> ResponseReturnValue:
    asked = {name: request.args.get(name) for name in ("first", "last")}
    return render_template("console/figures.html", chosen="", periods=PERIODS, why=why, **asked), 422


def _period(given: Mapping[str, str], now: datetime) -> tuple[str, Period]:
    """The name of the choice, and what it comes to. Raises ValueError, PeriodRefused."""
    if given.get("first") or given.get("last"):
        first, last = _day(given.get("first", "")), _day(given.get("last", ""))
        return "own", service.own_period(first, last, now=now)
    name = given.get("period", DEFAULT)
    name = name if name in PERIODS else DEFAULT
    return name, service.named_period(name, now=now)


def _day(text: str) -> date:
    """As a date field sends it, or as typed in the Buddhist era where there is no such field. Raises ValueError."""
    if len(text) > LONGEST_DAY:
        raise ValueError(text[:LONGEST_DAY])
    year, month, day = (int(part) for part in text.split("-"))
    return date(year - thai_dates.BUDDHIST_ERA_OFFSET if year >= BUDDHIST_FROM else year, month, day)


def _collect(
    premises: Premises, sources: Sources, period: Period, now: datetime
) -> tuple[Figures, tuple[Section, ...]]:
    with premises.database.reading() as db:
        found = service.collect(db, period=period)
        besides = Besides(
            waiting_groups=sources.waiting_groups(db),
            silent_errors=sources.silent_errors(db, now),
            districts=sources.districts(db, period),
        )
    return found, figure_tables.sections(found, titles=public_figures.titles(premises), besides=besides)


def _tiles(found: Figures, parts: Sequence[Section]) -> tuple[tuple[str, str], ...]:
    """The few numbers that everybody asks for."""
    total, counts, percent = found.total.questions, found.total.counts, figure_tables.percent
    if not total:
        return (("คำถาม", "0"),)
    said = [("คำถาม", f"{total:,}")]
    for name, count in zip(figure_tables.OUTCOMES, (counts.answered, counts.clarified, counts.missed), strict=True):
        said.append((name, percent(count / total)))
    if found.feedback.total:
        said.append(("คนบอกว่าตรง", percent(found.feedback.value)))
    if found.waiting.half_within is not None:
        said.append(("ครึ่งหนึ่งรอไม่เกิน", figure_tables.seconds(found.waiting.half_within)))
    waiting = {part.table.name: part.table.rows for part in parts}["review"]
    if waiting:
        said.append(("กลุ่มรอทบทวน", f"{waiting[0][1]:,}"))
    return tuple(said)


def _download(premises: Premises, sources: Sources) -> ResponseReturnValue:
    name, form, now = request.form.get("table", ""), request.form.get("format", ""), premises.now()
    try:
        _, period = _period(request.form, now)
    except (ValueError, PeriodRefused):
        abort(400)
    _, parts = _collect(premises, sources, period, now)
    tables = [part.table for part in parts if name in (part.table.name, EVERYTHING)]
    if not tables or form not in ("csv", "xlsx") or (form == "csv" and name == EVERYTHING):
        abort(400)
    data = to_csv(tables[0]) if form == "csv" else to_xlsx(tables)
    kept = {"table": name, "format": form, "first": period.first.isoformat(), "last": period.last.isoformat()}
    with premises.database.transaction() as db:
        records.record(db, premises, "export.figures", ("export", "figures"), after=kept)
    response = make_response(data)
    response.headers["Content-Type"] = CSV_TYPE if form == "csv" else XLSX_TYPE
    file = f"figures-{name}-{period.first}-{period.last}.{form}".replace("_", "-")
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response
