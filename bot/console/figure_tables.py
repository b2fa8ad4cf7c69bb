"""The figures of a period as staff read them: for each subject a sentence or two, a chart and its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from bot import thai_dates
from bot.console.tables import Cell, Table, short_date
from bot.outreach.figures import RISING_LEAST, Day, Durations, Figures, shown_singly
from bot.storage.figures import LONGEST_HUNDREDTHS
from knowledge.evaluation import Share

NOTHING_YET: Final = "ยังไม่มีข้อมูล"
MOST_RANKED: Final = 10
LONGEST_LABEL: Final = 44
OUTCOMES: Final = ("ตอบได้", "ถามกลับ", "ยังตอบไม่ได้")
RISING_RULE: Final = (
    f"เรื่องที่มาแรง คือเรื่องที่ถามอย่างน้อย {RISING_LEAST} ครั้ง มากกว่าช่วงก่อนหน้าที่ยาวเท่ากันอย่างน้อยครึ่งเท่า "
    "และเพิ่มมากกว่าที่จะเป็นเรื่องบังเอิญค่ะ (ส่วนที่เพิ่มเกินสามเท่าของรากที่สองของผลรวมสองช่วง)"
)


@dataclass(frozen=True, slots=True)
class Stacked:
    """A bar a day, or a week."""

    kind: ClassVar = "stacked"
    bars: tuple[tuple[str, tuple[int, ...]], ...]
    series: tuple[str, ...]
    top: int


@dataclass(frozen=True, slots=True)
class Ranked:
    kind: ClassVar = "ranked"
    rows: tuple[tuple[str, float, str], ...]
    """A label, a number, and the number as it is written."""


@dataclass(frozen=True, slots=True)
class Band:
    kind: ClassVar = "band"
    points: tuple[tuple[str, Share], ...]
    top: float


@dataclass(frozen=True, slots=True)
class Section:
    table: Table
    says: tuple[str, ...]
    chart: Stacked | Ranked | Band | None = None


@dataclass(frozen=True, slots=True)
class Besides:
    """What others know. None: nothing yet."""

    waiting_groups: int | None
    silent_errors: Sequence[tuple[date, Share]] | None
    """By the Monday of the week."""
    districts: Sequence[tuple[str, int]] | None


def sections(figures: Figures, *, titles: Mapping[str, str], besides: Besides) -> tuple[Section, ...]:
    return (
        _days(figures), _topics(figures, titles), _rising(figures, titles), _feedback(figures), _waiting(figures),
        _askers(figures), _review(besides), _silent_errors(besides), _districts(besides),
    )  # fmt: skip


def percent(value: float) -> str:
    return f"{100 * value:.0f}%" if value in (0.0, 1.0) or 0.1 <= value <= 0.9 else f"{100 * value:.1f}%"


def with_interval(share: Share) -> str:
    """`80% (ช่วงเชื่อมั่น 95%: 72–86%)`."""
    low, high = share.interval
    return f"{percent(share.value)} (ช่วงเชื่อมั่น 95%: {percent(low).rstrip('%')}–{percent(high)})"


def seconds(value: float | None) -> str:
    if value is None:
        return NOTHING_YET
    if value >= LONGEST_HUNDREDTHS / 100:
        return "เกิน 10 นาที"
    return f"{value:.2f} วินาที" if value < 1 else f"{value:.1f} วินาที" if value < 60 else f"{value / 60:.1f} นาที"


def month_name(day: date) -> str:
    return f"{thai_dates.MONTHS[day.month - 1]} {thai_dates.buddhist_year(day)}"


def round_top(value: float) -> float:
    """The round number at the top of an axis, with a half that is whole from 2 on."""
    size = 1.0
    while size * 10 <= value:
        size *= 10
    return next(size * times for times in (1, 2, 4, 6, 8, 10) if size * times >= value)


def _days(figures: Figures) -> Section:
    shown, days = shown_singly(figures.days), figures.days
    bars = tuple((short_date(day.first), _counted(day)[:3]) for day in shown)
    rows = tuple((day.first, day.questions, *_counted(day)) for day in reversed(days))
    table = Table("days", "คำถามในแต่ละวัน", ("วันที่", "คำถาม", *OUTCOMES, "ตั้งใจไม่ตอบ"), rows)
    says = ["“ตั้งใจไม่ตอบ” คือเรื่องเลือกข้างทางการเมืองและคำหยาบ ไม่นับเป็นคำถามค่ะ"]
    if len(shown) < len(days):
        says.insert(0, "ช่วงนี้ยาว กราฟจึงรวมเป็นรายสัปดาห์ ตารางแยกรายวันค่ะ")
    if not figures.total.questions:
        return Section(table, (f"{NOTHING_YET}ค่ะ ช่วงนี้ยังไม่มีคำถาม", *says))
    top = round_top(max(4, *(sum(values) for _, values in bars)))
    return Section(table, tuple(says), Stacked(bars, OUTCOMES, round(top)))


def _counted(day: Day) -> tuple[int, int, int, int]:
    return day.counts.answered, day.counts.clarified, day.counts.missed, day.counts.declined


def _topics(figures: Figures, titles: Mapping[str, str]) -> Section:
    asked = [topic for topic in figures.topics if topic.questions]
    rows = tuple((titles.get(one.entry, one.entry), one.questions, one.before) for one in asked)
    table = Table("topics", "เรื่องที่ถามมาก", ("เรื่อง", "คำถาม", "ช่วงก่อนหน้า"), rows)
    chart = _ranked([(title, questions, f"{questions:,}") for title, questions, _ in rows])
    rule = "นับเรื่องที่บอตตอบ และเรื่องที่คนเลือกเมื่อบอตถามกลับค่ะ"
    return Section(table, (rule,) if rows else (f"{NOTHING_YET}ค่ะ", rule), chart)


def _rising(figures: Figures, titles: Mapping[str, str]) -> Section:
    found = figures.rising
    rows = tuple(
        (titles.get(one.entry, one.entry), one.questions, one.before, one.questions - one.before) for one in found
    )
    table = Table("rising", "เรื่องที่มาแรง", ("เรื่อง", "คำถาม", "ช่วงก่อนหน้า", "เพิ่มขึ้น"), rows)
    if not figures.comparable:
        return Section(table, (f"{NOTHING_YET}ให้เทียบค่ะ เพราะข้อมูลยังไม่ครบทั้งช่วงก่อนหน้า", RISING_RULE))
    chart = _ranked([(title, gained, f"+{gained:,}") for title, _, _, gained in rows])
    return Section(table, (RISING_RULE,) if rows else ("ช่วงนี้ไม่มีเรื่องที่มาแรงค่ะ", RISING_RULE), chart)


def _feedback(figures: Figures) -> Section:
    share = figures.feedback
    rows = (("ตรงกับที่ถาม", share.hits), ("ไม่ตรง", share.total - share.hits))
    table = Table("feedback", "คนบอกว่าคำตอบตรงไหม", ("คนตอบว่า", "ครั้ง"), rows if share.total else ())
    if not share.total:
        return Section(table, (f"{NOTHING_YET}ค่ะ ยังไม่มีใครกดบอก",))
    asked = figures.total.questions
    says = (
        f"ตรงกับที่ถาม {with_interval(share)}",
        f"มีคนกดบอก {share.total:,} ครั้ง จาก {asked:,} คำถาม คนที่ไม่กดอาจคิดต่างไปค่ะ",
    )
    return Section(table, says, _ranked([(label, count, f"{count:,}") for label, count in rows]))


def _waiting(figures: Figures) -> Section:
    waited, understood = figures.waiting, figures.understanding
    rows = (*_duration_rows("รอคำตอบ", waited), *_duration_rows("บอตอ่านคำถาม", understood))
    table = Table("waiting", "รอนานเท่าไร", ("อะไร", "วินาที", "วัดจาก (ครั้ง)"), rows)
    if waited.half_within is None:
        says = [f"เวลาที่คนรอ: {NOTHING_YET}ค่ะ"]
    else:
        says = [
            f"ครึ่งหนึ่งได้คำตอบภายใน {seconds(waited.half_within)} และ 95 ใน 100 ภายใน {seconds(waited.most_within)}",
            "นับตั้งแต่ข้อความมาถึงระบบ จนส่งคำตอบให้ LINE แล้ว รวมทุกคำตอบที่บอตส่งค่ะ",
        ]
        if figures.measured_in_part:
            says.append("คำถามมีมาก จึงวัดจากส่วนหนึ่งที่กระจายทั่วทั้งช่วงค่ะ")
    chart = _ranked([(label, value, seconds(value)) for label, value, _ in rows])
    return Section(table, tuple(says), chart)


def _duration_rows(what: str, spent: Durations) -> tuple[tuple[str, float, int], ...]:
    if spent.half_within is None or spent.most_within is None:
        return ()
    return (
        (f"{what}: ครึ่งหนึ่งไม่เกิน", spent.half_within, spent.count),
        (f"{what}: 95 ใน 100 ไม่เกิน", spent.most_within, spent.count),
    )


def _askers(figures: Figures) -> Section:
    rows = tuple((month_name(month), people) for month, people in figures.askers.items())
    table = Table("people", "คนที่ถาม", ("เดือน", "คน"), rows)
    says = (
        "นับคนที่ต่างกันได้ทีละเดือนเท่านั้นค่ะ รหัสของคนถามเปลี่ยนทุกเดือนเพื่อความเป็นส่วนตัว อย่านำหลายเดือนมาบวกกัน",
        "นับเต็มเดือน แม้ช่วงที่เลือกจะมีแค่บางวันของเดือนนั้น และไม่นับคนที่ถามในกลุ่ม",
    )
    return Section(table, says, _ranked([(month, people, f"{people:,}") for month, people in rows[-MOST_RANKED:]]))


def _review(besides: Besides) -> Section:
    waiting = besides.waiting_groups
    table = Table("review", "คำถามที่รอทบทวน", ("อะไร", "กลุ่ม"), (("รออยู่ตอนนี้", waiting),) if waiting is not None else ())
    said = f"ตอนนี้มี {waiting:,} กลุ่มคำถามรอคนดูค่ะ" if waiting is not None else f"{NOTHING_YET}ค่ะ"
    return Section(table, (said,))


def _silent_errors(besides: Besides) -> Section:
    weeks = besides.silent_errors or ()
    rows = tuple(_silent_error_row(week, share) for week, share in weeks if share.total)
    columns = ("สัปดาห์ที่เริ่ม", "ตอบผิด", "ตรวจแล้ว", "ร้อยละ", "ต่ำสุด", "สูงสุด")
    table = Table("silent_errors", "ตอบผิดโดยไม่มีใครบอก", columns, rows)
    says = "ทุกสัปดาห์สุ่มคำตอบที่บอตมั่นใจมาให้คนตรวจ แถบสีคือช่วงเชื่อมั่น 95% สัปดาห์ที่ไม่มีจุดคือยังไม่ได้ตรวจค่ะ"
    if not rows:
        return Section(table, (f"{NOTHING_YET}ค่ะ", says))
    top = round_top(100 * max(share.interval[1] for _, share in weeks if share.total)) / 100
    points = tuple((short_date(week), share) for week, share in weeks)
    return Section(table, (says,), Band(points, min(1.0, top)))


def _silent_error_row(week: date, share: Share) -> tuple[Cell, ...]:
    value, low, high = (round(100 * one, 1) for one in (share.value, *share.interval))
    return week, share.hits, share.total, value, low, high


def _districts(besides: Besides) -> Section:
    rows = tuple(besides.districts or ())
    table = Table("districts", "อำเภอ", ("อำเภอ", "คำถาม"), rows)
    if besides.districts is None:
        missing = "บอตใช้อำเภอแค่ระหว่างคุย แล้วลืม จึงยังแยกตามอำเภอไม่ได้"
        return Section(table, (f"{NOTHING_YET}ค่ะ {missing}",))
    says = ("นับเฉพาะที่รู้อำเภอ คนที่ไม่ได้บอกไม่อยู่ในนี้ค่ะ",)
    return Section(table, says, _ranked([(name, count, f"{count:,}") for name, count in rows]))


def _ranked(rows: Sequence[tuple[str, float, str]]) -> Ranked | None:
    if not any(value for _, value, _ in rows):
        return None
    return Ranked(tuple((_cut(label), value, said) for label, value, said in rows[:MOST_RANKED]))


def _cut(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
