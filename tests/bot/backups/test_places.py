from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import obstore
import pytest
from moto.server import ThreadedMotoServer

from bot import settings
from bot.backups import making, places, putting_back, rotation
from bot.backups.places import FolderPlace
from bot.backups.refusals import BackupRefused, Why
from bot.settings import SettingsRefused
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.backups.making_backups import SECRET, fill
from tests.builders import NOON

KEYS = {"aws_access_key_id": "id", "aws_secret_access_key": "secret", "region_name": "us-east-1"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str) -> Iterator[Any]:
    client = boto3.client("s3", endpoint_url=endpoint, **KEYS)
    client.create_bucket(Bucket="kept")
    yield client
    for one in client.list_objects_v2(Bucket="kept").get("Contents", []):
        client.delete_object(Bucket="kept", Key=one["Key"])
    client.delete_bucket(Bucket="kept")
    client.close()


def plan(folder: Path, endpoint: str, **more: str) -> places.Plan:
    values = {
        "CIVICBOT_DATA_DIR": str(folder), "CIVICBOT_SECRET_KEY": SECRET, "CIVICBOT_BACKUP_S3": "s3://kept/civicbot",
        "CIVICBOT_BACKUP_S3_ENDPOINT": endpoint, "CIVICBOT_BACKUP_S3_KEY_ID": "id",
        "CIVICBOT_BACKUP_S3_SECRET": "secret", **more,
    }  # fmt: skip
    return places.plan_of(settings.of(values))


def keys_in(bucket: Any) -> list[str]:
    return [one["Key"] for one in bucket.list_objects_v2(Bucket="kept").get("Contents", [])]


def test_a_copy_goes_to_s3_and_comes_back_the_same(
    sqlite_database: Database, vault: Vault, tmp_path: Path, endpoint: str, bucket: Any
) -> None:
    fill(sqlite_database, vault)
    here = plan(tmp_path / "here", endpoint)
    made = making.make(sqlite_database, here, now=lambda: NOON)
    assert (made.places, made.faults) == (("here", "s3"), ())
    assert keys_in(bucket) == [f"civicbot/{made.path.name}", "civicbot/erasures.jsonl"]
    elsewhere = plan(tmp_path / "elsewhere", endpoint)
    fetched = putting_back.locate(elsewhere, putting_back.LATEST)
    assert fetched == tmp_path / "elsewhere" / "backups" / made.path.name
    assert fetched.read_bytes() == made.path.read_bytes()


def test_old_ones_go_from_s3_too(sqlite_database: Database, tmp_path: Path, endpoint: str, bucket: Any) -> None:
    for days in range(5):
        moment = NOON + timedelta(days=days)
        here = plan(tmp_path, endpoint, CIVICBOT_BACKUP_KEEP_DAYS="1")
        making.make(sqlite_database, here, now=lambda moment=moment: moment)
    days = [key.removeprefix("civicbot/civicbot-")[:8] for key in keys_in(bucket)][:-1]
    assert days == ["20261126", "20261127", "20261128"]


def test_a_bucket_that_is_not_there_is_told_of_and_the_copy_here_stays(
    sqlite_database: Database, tmp_path: Path, endpoint: str
) -> None:
    made = making.make(sqlite_database, plan(tmp_path, endpoint), now=lambda: NOON)
    assert made.places == ("here",)
    assert made.faults[0].startswith("s3://kept/civicbot: ")
    assert "secret" not in made.faults[0]
    assert made.path.exists()


@pytest.mark.usefixtures("bucket")
def test_what_came_out_otherwise_than_it_went_in_is_removed_there(
    tmp_path: Path, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = plan(tmp_path, endpoint).second[0]
    put = obstore.put
    monkeypatch.setattr(obstore, "put", lambda store, name, _path: put(store, name, b"something else"))
    path = tmp_path / "civicbot-20261124T050000Z.tar"
    path.write_bytes(b"what was meant")
    with pytest.raises(BackupRefused) as refused:
        place.put(path, places.packing.look_at(path))
    assert refused.value.why is Why.NOT_WRITTEN
    assert place.names() == []


def test_a_new_installation_does_not_wipe_out_whom_an_earlier_one_erased(
    sqlite_database: Database, tmp_path: Path
) -> None:
    second = FolderPlace(tmp_path / "second")
    second.write_erasures(b'{"format": 1, "key": "a2V5", "last": 1, "number": 1}\n')
    fresh = places.Plan(data_dir=tmp_path / "here", second=(second,))
    fresh.folder.mkdir(parents=True)
    assert making.spread_erasures(sqlite_database, fresh) == []
    assert b"a2V5" in (second.read_erasures() or b"")


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("civicbot-20261124T050000Z.tar", True), ("civicbot-20261124T050000Z.tar.age", True),
     ("civicbot-20261124T050000Z.tar.part", False), ("civicbot.db", False), ("civicbot-x.tar", False)],
)  # fmt: skip
def test_a_backup_is_known_by_its_name(name: str, is_one: bool) -> None:
    assert (places.time_of(name) is not None) is is_one


def test_what_is_no_key_is_refused_as_a_setting() -> None:
    with pytest.raises(SettingsRefused, match="CIVICBOT_BACKUP_KEY"):
        places.plan_of(settings.of({"CIVICBOT_BACKUP_KEY": "age1notakey"}))


@pytest.mark.usefixtures("bucket")
def test_lists_of_who_was_erased_are_put_aside_and_go_in_s3_too(tmp_path: Path, endpoint: str) -> None:
    place = plan(tmp_path, endpoint).second[0]
    assert (place.read_erasures(), place.names_aside()) == (None, [])
    place.write_erasures(b"one")
    place.write_erasures(b"the other", places.aside_name(NOON))
    assert place.names_aside() == ["erasures-20261124T050000Z.jsonl"]
    assert (place.read_erasures(), place.read_erasures(place.names_aside()[0])) == (b"one", b"the other")
    rotation.rotate(place, keep_days=1, now=NOON + timedelta(days=2))
    assert (place.read_erasures(), place.names_aside()) == (b"one", [])
