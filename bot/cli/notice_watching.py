"""A notice on its way, followed on a terminal or in a log; and described."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click

from bot import thai_dates
from bot.notices import sending, starting
from bot.notices.results import Progress
from bot.storage.notices import APPROVED, DRAFT, HELD, OVER, PAUSED, PLANNING, SUBMITTED, NoticeRow

WHY = {
    sending.BY_STAFF: "somebody said so",
    sending.QUOTA: "this month's quota does not suffice; when it begins anew, or was made larger, resume",
    sending.UNAUTHORISED: "LINE does not take the channel access token; set LINE_CHANNEL_ACCESS_TOKEN anew and resume",
    sending.FORBIDDEN: "LINE does not let this account send such messages; look at its plan, then resume",
    sending.NOT_TAKEN: "LINE does not take its words; stop it, copy it in the console and mend the copy",
    sending.INTERRUPTED: "its sending was interrupted for hours; some people may have got it, and may get it again",
    starting.LATE: "its time is long past; some people may have got it, and may get it again",
    starting.SENT_BEFORE: "LINE has counted it as sent already; going on may send it a second time",
    starting.CHANGED: "it is not what was approved",
    starting.APPROVER_GONE: "whoever approved it may not approve any more",
    starting.EVENT_GONE: "its event was called off or removed",
    starting.GROWN: "it reaches many more people than when it was approved",
    "restored": "a backup was restored; some people may have got it, and may get it again",
}
NOTHING_TO_SEE = (*OVER, DRAFT, SUBMITTED)
"""Over; or called back, or never approved."""
A_LINE_EACH = 0.05
"""In a log: a line whenever so much more of it is done, or it is in another state."""


@dataclass(frozen=True, slots=True)
class Glance:
    row: NoticeRow
    progress: Progress

    @property
    def share(self) -> float:
        return self.progress.done / self.progress.total if self.progress.total else 0.0

    @property
    def mood(self) -> tuple[str, str]:
        return self.row.state, self.row.why if self.row.state in (PAUSED, HELD) else ""


def follow(look: Callable[[], Glance], *, wait: Callable[[], None]) -> Glance:
    """Until it is over. Returns how it ended."""
    last = _draw(look, wait) if sys.stderr.isatty() else _write(look, wait)
    click.echo(summed_up(last))
    return last


def described(row: NoticeRow, found: Progress) -> Iterator[str]:
    yield f"notice {row.id}: {row.title or '(no title)'}"
    yield f"state: {state_of(row)}"
    for name in ("created_at", "submitted_at", "approved_at", "begins_at", "began_at", "finished_at"):
        moment = getattr(row, name)
        if moment is not None:
            yield f"{name.removesuffix('_at')}: {thai_dates.date_and_time(moment)}"
    if row.approved_count is not None:
        yield f"people when it was approved: {row.approved_count:,}"
    if row.began_at is None:
        return
    for name in ("accepted", "rode", "refused", "unknown", "stopped", "open", "riding"):
        yield f"{name}: {getattr(found, name):,}"
    for why, number in sorted(found.left_out.items()):
        yield f"left out, {why.replace('_', ' ')}: {number:,}"


def state_of(row: NoticeRow) -> str:
    return f"{row.state}: {WHY.get(row.why, row.why)}" if row.state in (PAUSED, HELD) and row.why else row.state


def summed_up(last: Glance) -> str:
    found = last.progress
    parts = [f"{found.accepted + found.rode:,} of {found.total:,} people sent"]
    parts += [f"{getattr(found, name):,} {name}" for name in ("refused", "unknown", "stopped") if getattr(found, name)]
    return f"Notice {last.row.id} is {last.row.state}: {', '.join(parts)}."


def _draw(look: Callable[[], Glance], wait: Callable[[], None]) -> Glance:
    """A bar, and a line above it whenever somebody is needed."""
    seen = look()
    with click.progressbar(length=1, label=_label(seen), file=sys.stderr, item_show_func=lambda said: said) as bar:
        mood = ("", "")
        while True:
            if seen.mood != mood and seen.mood[1]:
                click.echo(f"\r\x1b[K{state_of(seen.row)}", err=True)
            mood = seen.mood
            bar.label, bar.length = _label(seen), max(1, seen.progress.total)
            bar.current_item = f"{seen.progress.a_minute:,} a minute" if seen.progress.a_minute else None
            bar.update(seen.progress.done - bar.pos)
            bar.render_progress()
            if seen.row.state in NOTHING_TO_SEE:
                return seen
            wait()
            seen = look()


def _write(look: Callable[[], Glance], wait: Callable[[], None]) -> Glance:
    told, mood = -1.0, ("", "")
    while True:
        seen = look()
        if seen.mood != mood or seen.share >= told + A_LINE_EACH:
            click.echo(f"{state_of(seen.row)}, {seen.progress.done:,} of {seen.progress.total:,}")
            told, mood = seen.share, seen.mood
        if seen.row.state in NOTHING_TO_SEE:
            return seen
        wait()


def _label(seen: Glance) -> str:
    what = {APPROVED: "waiting", PLANNING: "preparing"}.get(seen.row.state, seen.row.state)
    return f"Notice {seen.row.id} {what:<9}"
