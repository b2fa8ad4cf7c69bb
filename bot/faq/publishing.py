"""From the draft to what is in force: prepare (train, and pass the gate), publish, go back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.faq import drafts, gate, library
from bot.faq.drafts import Draft
from bot.faq.gate import Progress
from bot.faq.gate_report import GateReport, LoggedQuestion, PermanentTest
from bot.faq.library import Knowledge
from bot.faq.refusals import Blocked, NoDraft, NothingBefore, NothingToPublish, NotPrepared, Stale
from bot.storage import faq_drafts, faq_gate_reports, faq_history, faq_versions, locks
from bot.storage.engine import Database
from bot.storage.faq_gate_reports import PASSED, StoredVerdict
from knowledge.catalogue import Catalogue
from knowledge.evaluation import Labelled
from knowledge.matcher import Matcher
from knowledge.model import RECIPE, Model

SOURCE = "draft"


@dataclass(frozen=True, slots=True)
class Prepared:
    report_id: int
    draft_revision: int
    report: GateReport


@dataclass(frozen=True, slots=True)
class Published:
    version: str
    before: str
    overridden: bool


def prepare(
    database: Database,
    *,
    tests: Sequence[PermanentTest],
    logged: Sequence[LoggedQuestion],
    labelled: Sequence[Labelled] = (),
    progress: Progress | None = None,
    by: int | None,
    now: datetime,
) -> Prepared:
    """Trains the draft as it is now, runs it through the gate and keeps the report. Takes a minute or so, and holds no
    transaction meanwhile. Raises NoDraft, NothingPublished."""
    with database.reading() as db:
        draft = drafts.find_draft(db)
    if draft is None:
        raise NoDraft
    in_force = library.open_version(database, library.find_published(database))
    version = draft.catalogue.version
    trained = Matcher(draft.catalogue, _ensure_model(database, draft.catalogue))
    report = gate.compare(
        in_force=in_force,
        draft=Knowledge(version, draft.catalogue, trained),
        tests=tests,
        logged=logged,
        labelled=labelled,
        progress=progress or gate.silent,
    )
    with database.transaction() as db:
        report_id = faq_gate_reports.add(
            db,
            draft_revision=draft.revision,
            version=version,
            in_force=in_force.version,
            report=report.to_plain(),
            verdict=report.verdict,
            by=by,
            now=now,
        )
    return Prepared(report_id, draft.revision, report)


def publish(
    database: Database,
    *,
    seen_revision: int,
    by: int | None,
    now: datetime,
    override_reason: str | None = None,
) -> Published:
    """Puts a revision of the draft in force that has passed the gate; a blocked one only with an administrator's
    reason, which is kept. The draft is then closed. Raises NoDraft, NotPrepared, Blocked, NothingToPublish; Stale when
    the draft or what is in force is no longer what the gate looked at."""
    with database.reading() as db:
        draft, _, _ = _get_verdict(db, seen_revision=seen_revision, override_reason=override_reason)
    _ensure_model(database, draft.catalogue)
    with database.transaction() as db:
        locks.hold(db, [drafts.LOCK])
        _, verdict, reason = _get_verdict(db, seen_revision=seen_revision, override_reason=override_reason)
        _freeze(db, verdict, by=by, now=now)
        faq_gate_reports.mark_published(db, report_id=verdict.id, override_reason=reason, by=by, now=now)
    return Published(verdict.version, verdict.in_force, overridden=reason is not None)


def roll_back(database: Database, *, seen: str, now: datetime) -> str:
    """Puts the version published before `seen` in force again, and returns it; done twice it leads back. Raises Stale
    when `seen` is not in force, NothingBefore."""
    with database.reading() as db:
        before = faq_history.find_published_before(db, seen)
    if before is None:
        raise NothingBefore
    library.ensure_trained(database, before)
    with database.transaction() as db:
        locks.hold(db, [drafts.LOCK])
        in_force = faq_versions.find_published(db)
        if in_force != seen:
            raise Stale(seen=seen, actual=in_force)
        faq_versions.publish(db, version=before, now=now)
    return before


def _get_verdict(
    db: Session, *, seen_revision: int, override_reason: str | None
) -> tuple[Draft, StoredVerdict, str | None]:
    """The draft as it is now, the verdict on it, and the reason by which that is overridden."""
    draft = drafts.find_draft(db)
    if draft is None:
        raise NoDraft
    if draft.revision != seen_revision:
        raise Stale(seen=seen_revision, actual=draft.revision)
    verdict = faq_gate_reports.find_latest(db, draft_revision=seen_revision)
    if verdict is None:
        raise NotPrepared(seen_revision)
    in_force = faq_versions.find_published(db)
    for seen in (verdict.in_force, draft.base_version):
        if seen != in_force:
            raise Stale(seen=seen, actual=in_force)
    if verdict.version == in_force:
        raise NothingToPublish
    if verdict.verdict == PASSED:
        return draft, verdict, None
    reason = (override_reason or "").strip()
    if not reason:
        raise Blocked(verdict.id)
    return draft, verdict, reason


def _freeze(db: Session, verdict: StoredVerdict, *, by: int | None, now: datetime) -> None:
    """The draft becomes a version, that version is in force, and there is no draft any more."""
    stored = faq_drafts.find_draft(db)
    if stored is None or not faq_drafts.close(db, seen_revision=verdict.draft_revision):
        raise Stale(seen=verdict.draft_revision, actual=None if stored is None else stored.revision)
    source = f"{SOURCE}, revision {stored.revision}"
    faq_versions.add(db, version=verdict.version, content=stored.content, source=source, now=now)
    faq_history.note_origin(
        db, version=verdict.version, base_version=stored.base_version, shipped_version=stored.shipped_version
    )
    faq_versions.publish(db, version=verdict.version, now=now)
    faq_drafts.record(
        db, revision=stored.revision + 1, kind="published", subject=verdict.version, what=None, by=by, now=now
    )


def _ensure_model(database: Database, catalogue: Catalogue) -> Model:
    """The model of a draft: stored before there is a version of it. Those of drafts given up are dropped."""
    with database.reading() as db:
        stored = faq_versions.find_model(db, version=catalogue.version, recipe=RECIPE)
    if stored is not None:
        return Model.from_bytes(stored)
    model = library.make_model(database, catalogue)
    with database.transaction() as db:
        faq_gate_reports.forget_idle_models(db, keep=catalogue.version)
    return model
