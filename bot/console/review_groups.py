"""One group of like questions, made for speed: what was asked, how the bot reads it, and what may become of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.console import faq_sentences, review_lookup, review_sentences
from bot.console.access import Pages, visitor
from bot.console.faq_working import Working, open_working
from bot.console.premises import Premises
from bot.outreach import review as reviewing
from bot.outreach.likeness import key_of
from bot.outreach.permissions import Permission
from bot.outreach.review import Group, GroupItem
from bot.storage import faq_versions, reviews
from knowledge.entries import SMALL_TALK
from knowledge.explanation import explain
from knowledge.lexicon import RELATED, SAME_WORD

SEE = Permission.SEE_QUESTIONS
ITEMS, WORDINGS = 10, 20
MOST_TEXTS = 40
LONGEST_TEXT = 1_000
BEST = 3
UNDO_OFFERED = timedelta(hours=12)
SCOPES = ("near", "traps", "far", "chitchat")


@dataclass(frozen=True, slots=True)
class Choice:
    entry: str
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class Row:
    """A wording in the form: what is ticked will be remembered."""

    text: str
    count: int
    ticked: bool


@dataclass(frozen=True, slots=True)
class LastDecision:
    """What the visitor decided last and may still take back."""

    group_id: int
    label: str | None
    what: str


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/review/<int:group_id>", needs=SEE)
    def group(group_id: int) -> ResponseReturnValue:
        return show(premises, group_id)

    @pages.page("/review/<int:group_id>/reading", needs=SEE)
    def reading(group_id: int) -> ResponseReturnValue:
        """Why the bot answers as it does; with `part`, for a page that shows it within itself."""
        with premises.database.reading() as db:
            row = reviews.find_group(db, group_id)
            text = review_lookup.find_label(db, row) if row is not None else None
        if row is None or text is None:
            return no_group()
        knowledge = premises.library.current()
        decision = knowledge.matcher.decide(text)
        part = request.args.get("part") is not None
        return render_template(
            "console/review_reading_part.html" if part else "console/review_reading.html",
            group_id=group_id,
            text=text,
            titles={name: entry.title.get("th", name) for name, entry in knowledge.catalogue.entries.items()},
            told=explain(knowledge.matcher, knowledge.catalogue, text, decision),
        )


def no_group() -> ResponseReturnValue:
    title, what = review_sentences.NO_GROUP
    return render_template("console/review_notice.html", title=title, what=what), 404


def chosen_reason() -> str | None:
    """The filter under which the reviewer works, carried along from page to page."""
    return request.values.get("reason", type=review_lookup.read_reason)


def show(
    premises: Premises,
    group_id: int,
    *,
    status: int = 200,
    why: Sequence[str] = (),
    word_why: Sequence[str] = (),
) -> ResponseReturnValue:
    """The page of a group. After a refused form, with what was filled in."""
    with premises.database.reading() as db:
        found = reviewing.find_group(db, group_id, items=ITEMS, wordings=WORDINGS)
        if found is None:
            return no_group()
        working = open_working(premises, db)
        names = review_lookup.list_names(db)
        waiting, last = reviewing.count_waiting(db), find_last(premises, db, working)
        withdrawn = review_lookup.list_withdrawn_keys(db, group_id=group_id) if found.line.group.proposal else set()
    group, titles = found.line.group, working.titles
    told = {
        "group": group, "titles": titles, "names": names, "reason": chosen_reason(), "waiting": waiting, "last": last,
        "label": found.line.label, "reasons": review_sentences.REASONS,
    }  # fmt: skip
    if group.state != "open":
        what = review_sentences.decision(group.decision, titles)
        return render_template("console/review_decided.html", what=what, **told)
    texts = () if group.proposal is None else _still_there(group.proposal, withdrawn)
    page = render_template(
        "console/review_group.html",
        items=_told(found),
        rows=filled_in() or _rows(found, texts),
        best=find_best(premises, working, found.line.label),
        entries=list_entries(working),
        scopes=[(kind, review_sentences.scope(kind)) for kind in SCOPES if kind in working.catalogue.out_of_scope],
        small_talk=[(name, titles[name]) for name in sorted(SMALL_TALK) if name in working.catalogue.entries],
        talk=_small_talk_place(working),
        proposal=review_sentences.decision(group.proposal, titles) if group.proposal else None,
        answered=review_sentences.ANSWERED,
        unsent=review_sentences.UNSENT,
        word_groups=[(name, faq_sentences.WORDS[name][0]) for name in (*SAME_WORD, RELATED)],
        why=why,
        word_why=word_why,
        form=request.form,
        **told,
    )
    return page, status


def find_last(premises: Premises, db: Session, working: Working | None = None) -> LastDecision | None:
    mine = str(visitor().account.id)
    row = reviews.find_last_decided(db, by=mine)
    if row is None or row.decided_at is None or premises.now() - row.decided_at > UNDO_OFFERED:
        return None
    if row.decided_version != faq_versions.find_published(db):
        return None
    titles = (working or open_working(premises, db)).titles
    return LastDecision(row.id, review_lookup.find_label(db, row), review_sentences.decision(row.decision, titles))


def find_best(premises: Premises, working: Working, text: str | None) -> list[Choice]:
    """The entries that the bot itself would think of first, and that the draft still has."""
    if text is None:
        return []
    candidates = premises.library.current().matcher.decide(text).candidates
    known = [one for one in candidates if one.entry in working.catalogue.entries]
    return [Choice(one.entry, working.titles[one.entry], one.score) for one in known[:BEST]]


def list_entries(working: Working) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every entry of the draft by family, for choosing."""
    families: dict[str, list[tuple[str, str]]] = {}
    for name, entry in working.catalogue.entries.items():
        families.setdefault(faq_sentences.family(entry.family), []).append((name, working.titles[name]))
    return list(families.items())


def filled_in() -> list[Row]:
    """The wordings of the form as they were sent, edited or not."""
    form, ticked = request.form, set(request.form.getlist("use"))
    sent = [(str(at), form.get(f"text-{at}")) for at in range(MOST_TEXTS)]
    return [
        Row(text[:LONGEST_TEXT], form.get(f"count-{at}", 0, type=int), at in ticked)
        for at, text in sent
        if text is not None
    ]


def _rows(found: Group, proposed: Sequence[str]) -> list[Row]:
    """With a proposal its texts come first, and only they are ticked."""
    counts = {key_of(text): count for text, count in found.wordings if text}
    rows = [Row(text, counts.get(key_of(text), 0), ticked=True) for text in proposed]
    there = {key_of(text) for text in proposed}
    rows += [
        Row(text, count, ticked=not proposed)
        for text, count in found.wordings
        if text and key_of(text) not in there
    ]  # fmt: skip
    return rows[:MOST_TEXTS]


def _told(found: Group) -> list[GroupItem]:
    """Each wording once, and again where something was asked around it."""
    told: list[GroupItem] = []
    for item in found.items:
        if item.before or item.after or item.question.text not in {other.question.text for other in told}:
            told.append(item)
    return told


def _still_there(proposal: Mapping[str, Any], withdrawn: set[str]) -> list[str]:
    return [text for text in proposal.get("texts", ()) if key_of(text) not in withdrawn]


def _small_talk_place(working: Working) -> str | None:
    if "chitchat" in working.catalogue.out_of_scope:
        return "scope:chitchat"
    return next((name for name in sorted(SMALL_TALK) if name in working.catalogue.entries), None)


def page_of(group_id: int) -> str:
    return url_for("review.group", group_id=group_id, reason=chosen_reason())
