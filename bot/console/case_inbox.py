"""The inbox: what waits, the urgent first, and what of it one wants to see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.cases import inbox
from bot.cases.inbox import NOBODY, Counts, Filter
from bot.cases.kinds import CaseKind
from bot.console import case_words
from bot.console.access import Pages, may, row_id, visitor
from bot.console.case_lines import Line, describe, topic_names
from bot.console.case_one import mark_of
from bot.console.faq_working import list_names
from bot.console.premises import Premises
from bot.outreach.permissions import Permission
from bot.storage.cases import CLOSED, OPEN, TAKEN

SEE = Permission.SEE_CASES
A_PAGE = 30
OPEN_TAB = "open"


@dataclass(frozen=True, slots=True)
class Chosen:
    """As it stands in the address."""

    tab: str
    kind: str
    topic: str
    who: str
    after: int | None

    @property
    def narrowed(self) -> bool:
        return bool(self.kind or self.topic or self.who)

    @property
    def address(self) -> dict[str, Any]:
        """Of the list from its beginning."""
        return {
            "show": self.tab, "kind": self.kind or None, "topic": self.topic or None, "who": self.who or None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    lines: Sequence[Line]
    more: int | None
    counts: Mapping[str, int]


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/cases", needs=SEE)
    def index() -> ResponseReturnValue:
        return _index(premises)

    @pages.page("/cases/lines", needs=SEE)
    def lines() -> ResponseReturnValue:
        """The same list alone, for a page that looks for what is new; nothing where nothing is."""
        chosen = _chosen()
        seen = _look(premises, chosen)
        drawn = _draw(chosen, seen)
        mark = mark_of(drawn, *map(str, seen.counts.values()))
        if mark == request.args.get("mark"):
            return "", 204
        return jsonify(mark=mark, lines=drawn, counts={name: f"{count:,}" for name, count in seen.counts.items()})


def waiting(db: Session, premises: Premises) -> Counts:
    """What waits, for the first page."""
    return inbox.count(
        db, now=premises.now(), staff_id=visitor().account.id, may_see_privacy=may(Permission.SEE_PEOPLE)
    )  # fmt: skip


def _index(premises: Premises) -> ResponseReturnValue:
    chosen = _chosen()
    seen = _look(premises, chosen)
    with premises.database.reading() as db:
        names, topics = list_names(db), inbox.list_topics(db)
    titles = topic_names(premises)
    kinds = [one for one in CaseKind if one is not CaseKind.PRIVACY or may(Permission.SEE_PEOPLE)]
    return render_template(
        "console/cases.html", chosen=chosen, heading=case_words.TABS[chosen.tab],
        mark=mark_of(_draw(chosen, seen), *map(str, seen.counts.values())),
        tabs=[(name, title, seen.counts.get(name)) for name, title in case_words.TABS.items()],
        kinds=[(one.value, case_words.KINDS[one]) for one in kinds],
        topics=[(one, titles.get(one, one)) for one in dict.fromkeys([*topics, *filter(None, [chosen.topic])])],
        people=[(NOBODY, "ยังไม่มีคนดูแล"), *((str(number), name) for number, name in names.items())],
        live=url_for("cases.lines", **chosen.address, after=chosen.after),
        first=url_for("cases.index", **chosen.address) if chosen.after else "",
        more=url_for("cases.index", **chosen.address, after=seen.more) if seen.more else "",
        **_shared(chosen, seen),
    )  # fmt: skip


def _chosen() -> Chosen:
    tab = request.args.get("show", OPEN_TAB)
    if tab not in case_words.TABS:
        abort(404)
    kind, who = request.args.get("kind", ""), request.args.get("who", "")
    known = kind if kind in set(CaseKind) else ""
    number = request.args.get("who", type=row_id)
    person = who if who == NOBODY else str(number or "")
    topic = request.args.get("topic", "")[:80]
    return Chosen(tab, known, topic, person, request.args.get("after", type=row_id))


def _filter(chosen: Chosen) -> Filter:
    """Those taken by somebody whose account is disabled are found under `taken`."""
    state = {"open": OPEN, "taken": TAKEN, "closed": CLOSED}.get(chosen.tab)
    who: Any = NOBODY if chosen.who == NOBODY else int(chosen.who) if chosen.who else None
    taken_by = visitor().account.id if chosen.tab == "mine" else who
    return Filter(
        state=state, kind=chosen.kind or None, topic=chosen.topic or None, taken_by=taken_by,
        overdue=chosen.tab == "overdue",
    )  # fmt: skip


def _look(premises: Premises, chosen: Chosen) -> Seen:
    now, whole = premises.now(), may(Permission.SEE_PEOPLE)
    with premises.database.reading() as db:
        found = inbox.list_cases(
            db, _filter(chosen), now=now, limit=A_PAGE + 1, after=chosen.after, may_see_privacy=whole
        )
        counts, names = waiting(db, premises), list_names(db)
    topics, me = topic_names(premises), visitor().account.id
    lines = [
        describe(
            one.case,
            text=one.words,
            overdue=one.overdue,
            names=names,
            topics=topics,
            me=me,
            now=now,
            latest_at=one.latest_at,
        )
        for one in found[:A_PAGE]
    ]
    more = lines[-1].case.id if len(found) > A_PAGE else None
    kept = {"open": counts.open, "mine": counts.mine, "overdue": counts.overdue, "taken": counts.taken}
    return Seen(lines, more, kept)


def _draw(chosen: Chosen, seen: Seen) -> str:
    return render_template("console/case_lines.html", **_shared(chosen, seen))


def _shared(chosen: Chosen, seen: Seen) -> dict[str, object]:
    nothing = case_words.NOTHING_FOUND if chosen.narrowed else case_words.NOTHING_IN[chosen.tab]
    return {"lines": seen.lines, "nothing": nothing}
