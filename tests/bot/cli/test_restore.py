from __future__ import annotations

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot import clock
from bot.backups import manifest as manifests
from bot.backups import packing, putting_back
from bot.backups.places import plan_of
from bot.backups.refusals import BackupRefused, Why
from bot.privacy import erasing, tombstones
from bot.queue import jobs
from bot.queue.kinds import JobKind
from bot.storage import holds, incoming, notices, outgoing, people, service_messages
from bot.storage.audit import AuditRow
from bot.storage.engine import Database
from bot.storage.incoming import IncomingRow
from bot.storage.jobs import JobRow
from bot.storage.notices import NoticeRow
from bot.storage.people import PersonRow
from bot.storage.registrations import RegistrationRow
from bot.storage.tombstones import TombstoneRow
from tests.bot.backups.making_backups import IDENTITY, SECRET, checksum, fill
from tests.bot.cli.kept_state import Installation
from tests.bot.events.making import a_form, a_person, make_event, sign_up

CHANGED = (
    "backups", "jobs", "slots", "audit_log", "audit_head", "holds", "service_messages", "staff_sessions", "tombstones",
    "kept_keys", "data_requests",
)  # fmt: skip
"""By a restore on purpose."""


def ids(database: Database) -> list[str]:
    with database.reading() as db:
        return sorted(db.scalars(select(PersonRow.line_user_id)))


def hold_of(database: Database) -> str | None:
    with database.reading() as db:
        found = holds.find(db, holds.SENDING)
        return found.why if found is not None else None


def test_what_was_there_at_the_backup_is_there_again_and_sending_is_held(installation: Installation) -> None:
    with installation.opened() as database:
        fill(database, installation.vault)
        before = checksum(database, but=CHANGED)
    installation.back_up()
    with installation.opened() as database:
        fill(database, installation.vault, people=5)
        assert checksum(database, but=CHANGED) != before
    done = installation.restore("latest", "--yes")
    assert (done.exit_code, done.exception) == (0, None), done.output
    with installation.opened() as database:
        assert checksum(database, but=CHANGED) == before
        assert hold_of(database) == "restored"
        with database.reading() as db:
            states = set(db.scalars(select(service_messages.ServiceMessageRow.state)))
            assert db.scalars(select(AuditRow.action)).all()[-1] == "backup.restored"
    assert states == {service_messages.HELD}
    assert "what was there before: " in done.output
    assert not (installation.folder / putting_back.FOLDER).exists()


def test_what_was_there_is_kept_and_can_be_had_again(installation: Installation) -> None:
    installation.back_up(now=clock.now() - timedelta(hours=1))
    with installation.opened() as database:
        fill(database, installation.vault)
    done = installation.restore("latest", "--yes")
    kept = next(line for line in done.output.splitlines() if line.startswith("what was there before: "))
    path = Path(kept.removeprefix("what was there before: "))
    if installation.url.startswith("sqlite"):
        assert installation.restore(str(path), "--yes").exit_code == 1, "it is no backup"
        assert path.exists()
        path.replace(installation.folder / "civicbot.db")
    else:
        assert installation.restore(str(path), "--yes").exit_code == 0
    with installation.opened() as database:
        assert len(ids(database)) == 3


def test_who_was_erased_after_the_backup_is_erased_again(installation: Installation) -> None:
    vault = installation.vault
    with installation.opened() as database:
        fill(database, vault)
        with database.transaction() as db:
            db.execute(update(PersonRow).values(first_seen_at=clock.now() - timedelta(days=1)))
    backup = installation.back_up()
    with installation.opened() as database:
        with database.transaction() as db:
            leaving = people.find(db, line_user_id=f"U{2:032x}")
            assert leaving is not None
            receipt = erasing.erase(db, vault, person_id=leaving.id, way="line", now=clock.now())
        assert len(ids(database)) == 2
    # The list beside the backups is written by the next look at it, at the latest with the next backup.
    installation.back_up(now=clock.now() + timedelta(seconds=2))
    done = installation.restore(backup.name, "--yes")
    assert "erased again, who was erased since: 1 people" in done.output
    with installation.opened() as database:
        assert ids(database) == [f"U{1:032x}", f"U{3:032x}"]
        with database.reading() as db:
            ways = [(row.id, row.way) for row in db.scalars(select(TombstoneRow).order_by(TombstoneRow.id))]
            late = {"line_user_id": f"U{2:032x}", "occurred_at": clock.now() - timedelta(hours=1)}
            assert tombstones.covers(db, vault, **late)
            assert (
                db.scalars(select(RegistrationRow.person_id).where(RegistrationRow.person_id == leaving.id)).all() == []
            )
        assert ways[0] == (receipt.number, "line"), "the receipt keeps its number"
        assert [way for _, way in ways] == ["line", "restore"]


def test_registrations_erased_by_telephone_number_after_the_backup_are_erased_again(
    installation: Installation,
) -> None:
    """Those that others made, and no other with that number; not what was made after it either."""
    vault, phone = installation.vault, "+66812345678"
    with installation.opened() as database, database.transaction() as db:
        event = make_event(db)
        of_theirs = [sign_up(db, vault, event, None, form=a_form(phone=phone), way="staff").registration.id]
        of_theirs.append(
            sign_up(db, vault, event, a_person(db, 1), kind="neighbour", form=a_form(phone=phone)).registration.id
        )
        others = [sign_up(db, vault, event, None, form=a_form(phone="+66812345679"), way="staff").registration.id]
        own = sign_up(db, vault, event, a_person(db, 2), form=a_form(phone=phone)).registration.id
        later = sign_up(db, vault, make_event(db), None, form=a_form(phone=phone), way="staff").registration.id
        db.execute(update(RegistrationRow).values(created_at=clock.now() - timedelta(days=1)))
        tomorrow = {"created_at": clock.now() + timedelta(days=1)}
        db.execute(update(RegistrationRow).where(RegistrationRow.id == later).values(tomorrow))
    backup = installation.back_up()
    with installation.opened() as database, database.transaction() as db:
        erasing.erase_registrations(db, vault, of_theirs, phone=phone, way=erasing.STAFF, now=clock.now())
    done = installation.restore(backup.name, "--yes")
    assert "erased again, who was erased since: 0 people, 2 registrations made by others" in done.output
    with installation.opened() as database, database.reading() as db:
        kept = set(db.scalars(select(RegistrationRow.id).where(~RegistrationRow.forgotten)))
    assert kept == {*others, own, later}


def test_who_was_erased_a_minute_ago_is_on_no_list_yet_and_stays_erased(installation: Installation) -> None:
    with installation.opened() as database:
        fill(database, installation.vault)
        with database.transaction() as db:
            db.execute(update(PersonRow).values(first_seen_at=clock.now() - timedelta(days=1)))
    backup = installation.back_up()
    with installation.opened() as database, database.transaction() as db:
        leaving = people.find(db, line_user_id=f"U{2:032x}")
        assert leaving is not None
        erasing.erase(db, installation.vault, person_id=leaving.id, way="line", now=clock.now())
    assert "erased again, who was erased since: 1" in installation.restore(backup.name, "--yes").output
    with installation.opened() as database:
        assert ids(database) == [f"U{1:032x}", f"U{3:032x}"]


def test_who_came_back_after_an_erasure_and_is_in_the_copy_stays(sqlite_installation: Installation) -> None:
    vault = sqlite_installation.vault
    with sqlite_installation.opened() as database:
        with database.transaction() as db:
            person = a_person(db, 1)
        with database.transaction() as db:
            erasing.erase(db, vault, person_id=person, way="line", now=clock.now() - timedelta(hours=2))
            people.find_or_create(db, line_user_id=f"U{1:032x}", now=clock.now() - timedelta(hours=1))
    sqlite_installation.back_up()
    assert "erased since: 0" in sqlite_installation.restore("latest", "--yes").output
    with sqlite_installation.opened() as database:
        assert ids(database) == [f"U{1:032x}"]


def test_nothing_that_the_copy_had_under_way_is_done_by_itself(sqlite_installation: Installation) -> None:
    installation = sqlite_installation
    vault = installation.vault
    now = clock.now()
    with installation.opened() as database, database.transaction() as db:
        person = a_person(db, 1)
        kinds = ("message", "unsend")
        rows = incoming.insert_new(
            db,
            [
                {"webhook_event_id": kind, "kind": kind, "lane": "lane", "occurred_at": now, "received_at": now,
                 "payload": vault.seal(b"{}"), "settled_at": None, "outcome": None}
                for kind in (*kinds, "answered")
            ],
        )  # fmt: skip
        jobs.enqueue(db, JobKind.TURN, now=now, subject_ids=[(rows[kind], "lane") for kind in kinds])
        jobs.enqueue(db, JobKind.NOTICE_SEND, now=now, subject_ids=[(1, "notice/1/0")])
        jobs.enqueue(db, JobKind.RETENTION, now=now, subject_ids=[(None, "retention")])
        outgoing.add(
            db, incoming_id=rows["answered"], person_id=person, messages=vault.seal(b"[]"), reply_token=None,
            token_from=now, token_doubtful=False, retry_key="key", push_doubtful=True, may_push=True, good_until=None,
            capped=True, tries=1, created_at=now,
        )  # fmt: skip
        notices.add(db, NoticeRow(uid="u", state=notices.APPROVED, created_at=now, changed_at=now, begins_at=now))
        sign_up(db, vault, make_event(db, starts_at=now + timedelta(days=7)), person, now=now)
    installation.back_up()
    done = installation.restore("latest", "--yes")
    assert "2 messages of people" in done.output
    assert "1 answers of which nobody knows" in done.output
    with installation.opened() as database, database.reading() as db:
        assert sorted(db.scalars(select(JobRow.kind))) == ["retention", "turn"]
        settled = dict(db.execute(select(IncomingRow.kind, IncomingRow.outcome)).all())
        assert settled == {"message": "restored", "unsend": None, "answered": "restored"}
        assert outgoing.count_by_status(db) == {"unknown": 1}
        assert [(row.state, row.why) for row in db.scalars(select(NoticeRow))] == [("held", "restored")]
        assert {state for _, state in service_messages.count_by_state(db, 1)} == {"held"}


def test_confirm_lets_sending_go_on_and_says_so_in_the_log(sqlite_installation: Installation) -> None:
    sqlite_installation.back_up()
    sqlite_installation.restore("latest", "--yes")
    refused = sqlite_installation.restore("confirm")
    assert refused.exit_code == 1, "it asks, and nobody answered"
    done = sqlite_installation.restore("confirm", "--yes")
    assert done.output.endswith("Sending goes on.\n")
    with sqlite_installation.opened() as database:
        assert hold_of(database) is None
        with database.reading() as db:
            assert db.scalars(select(AuditRow.action)).all()[-1] == "sending.confirmed"
    assert sqlite_installation.restore("confirm", "--yes").output == "Sending is not held.\n"


def nothing_changed(installation: Installation) -> None:
    with installation.opened() as database:
        assert len(ids(database)) == 3
        assert hold_of(database) is None


def use(installation: Installation) -> Installation:
    """With a backup, and three people who are not in it."""
    installation.back_up()
    with installation.opened() as database:
        fill(database, installation.vault)
    return installation


@pytest.fixture
def used(sqlite_installation: Installation) -> Installation:
    return use(sqlite_installation)


@pytest.fixture
def used_on_each(installation: Installation) -> Installation:
    return use(installation)


def newest_backup(installation: Installation) -> Path:
    return max((installation.folder / "backups").glob("civicbot-*"))


def test_a_damaged_one_is_refused_and_nothing_changed(used: Installation) -> None:
    path = newest_backup(used)
    altered = bytearray(path.read_bytes())
    altered[len(altered) // 2] ^= 1
    path.write_bytes(bytes(altered))
    refused = used.restore("latest", "--yes")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Error: the backup is damaged")
    assert refused.stderr.count("\n") == 1
    nothing_changed(used)


def test_one_that_was_cut_off_is_refused_and_nothing_changed(used: Installation) -> None:
    path = newest_backup(used)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    assert used.restore("latest", "--yes").stderr.startswith("Error: the backup is damaged")
    nothing_changed(used)


def rewritten(path: Path, folder: Path, **changes: object) -> None:
    """The same backup, saying something else of itself."""
    work = folder / "work"
    work.mkdir()
    manifest = packing.unpack(path, work, key=None)
    said = json.loads(manifests.to_json(manifest)) | changes
    path.unlink()
    files = {name: work / name for name in manifest.parts}
    packing.pack(files, manifests.from_json(json.dumps(said).encode()), path, key=None)


def test_one_of_a_newer_release_is_refused_and_nothing_changed(used: Installation) -> None:
    rewritten(newest_backup(used), used.folder, revision="9999", release="7.0")
    refused = used.restore("latest", "--yes")
    assert refused.stderr == "Error: the backup was made by a newer release (7.0); install that one first\n"
    nothing_changed(used)


def test_one_of_the_other_database_is_refused(sqlite_installation: Installation) -> None:
    sqlite_installation.back_up()
    path = newest_backup(sqlite_installation)
    with (
        pytest.raises(putting_back.BackupRefused) as refused,
        putting_back.opened(path, plan_of(sqlite_installation.settings), url="postgresql://elsewhere/civicbot"),
    ):
        pass
    assert refused.value.why is putting_back.Why.OTHER_DATABASE


def test_with_another_secret_key_it_is_refused_and_nothing_changed(
    used: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIVICBOT_SECRET_KEY", "another secret, also long enough to pass")
    refused = used.restore("latest", "--yes")
    assert "was made with another CIVICBOT_SECRET_KEY" in refused.stderr
    nothing_changed(used)
    monkeypatch.setenv("CIVICBOT_SECRET_KEY_PREVIOUS", SECRET)
    assert used.restore("latest", "--yes").exit_code == 0


def test_with_no_backup_at_all(sqlite_installation: Installation) -> None:
    assert "there is no such backup: latest" in sqlite_installation.restore("latest", "--yes").stderr


def test_while_somebody_works_with_the_database_it_is_refused(used_on_each: Installation) -> None:
    used = used_on_each
    with used.opened() as database:
        with database.reading() as db:
            db.scalars(select(PersonRow.id)).all()
        refused = used.restore("latest", "--yes")
        assert refused.stderr == "Error: civicbot is running; stop it first\n"
    nothing_changed(used)
    assert used.restore("latest", "--yes").exit_code == 0


def test_while_the_web_process_answers_it_is_refused(sqlite_installation: Installation) -> None:
    class Alive(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"alive": true}')

        def log_message(self, *_: object) -> None: ...

    sqlite_installation.back_up()
    server = HTTPServer(("127.0.0.1", sqlite_installation.port), Alive)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    refused = sqlite_installation.restore("latest", "--yes")
    thread.join()
    server.server_close()
    assert refused.stderr == "Error: civicbot is running; stop it first\n"


def test_on_a_new_machine_the_secret_key_comes_with_an_encrypted_one(
    sqlite_installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIVICBOT_BACKUP_KEY", IDENTITY)
    with sqlite_installation.opened() as database:
        fill(database, sqlite_installation.vault)
    assert sqlite_installation.backup("--to", str(tmp_path / "stick")).exit_code == 0
    for name in ("CIVICBOT_SECRET_KEY", "CIVICBOT_DATABASE_URL"):
        monkeypatch.delenv(name)
    new = tmp_path / "new"
    monkeypatch.setenv("CIVICBOT_DATA_DIR", str(new))
    (stick,) = (tmp_path / "stick").glob("*.age")
    done = sqlite_installation.restore(str(stick), "--yes")
    assert done.exit_code == 0, done.output
    assert (new / "secret.key").read_text() == SECRET
    assert (new / "civicbot.db").exists()


def test_a_key_that_a_first_start_made_gives_way_to_the_one_that_came_along(
    sqlite_installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIVICBOT_BACKUP_KEY", IDENTITY)
    assert sqlite_installation.backup().exit_code == 0
    monkeypatch.delenv("CIVICBOT_SECRET_KEY")
    (sqlite_installation.folder / "secret.key").write_text("made by a first start, and long enough to pass")
    done = sqlite_installation.restore("latest", "--yes")
    assert done.exit_code == 0, done.output
    assert (sqlite_installation.folder / "secret.key").read_text() == SECRET
    assert len(list(sqlite_installation.folder.glob("secret.key.before-*"))) == 1


def test_where_the_copy_does_not_get_to_its_place_the_key_of_the_present_database_stays(
    sqlite_installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIVICBOT_BACKUP_KEY", IDENTITY)
    assert sqlite_installation.backup().exit_code == 0
    monkeypatch.delenv("CIVICBOT_SECRET_KEY")
    key = sqlite_installation.folder / "secret.key"
    key.write_text("the one that opens what is here, and long enough")

    def full(*_: object, **__: object) -> None:
        raise BackupRefused(Why.NOT_WRITTEN, "No space left on device")

    monkeypatch.setattr(putting_back, "put_in_place", full)
    assert sqlite_installation.restore("latest", "--yes").exit_code == 1
    assert key.read_text() == "the one that opens what is here, and long enough"
    assert list(sqlite_installation.folder.glob("secret.key.before-*")) == []
