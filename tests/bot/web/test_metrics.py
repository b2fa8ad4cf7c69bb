from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from bot import settings
from bot.queue import jobs
from bot.queue.kinds import JobKind
from bot.storage import people
from bot.storage.engine import Database
from bot.web import metrics
from tests.builders import NOON


def served(database: Database, folder: Path, **values: str) -> Flask:
    app = Flask("metrics")
    chosen = settings.of({"CIVICBOT_DATA_DIR": str(folder), **values})
    app.register_blueprint(metrics.blueprint(settings=chosen, database=database))
    return app


def read(app: Flask) -> dict[str, float]:
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    return {
        f"{sample.name}{dict(sorted(sample.labels.items())) or ''}": sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_the_numbers_are_those_of_the_database(database: Database, tmp_path: Path) -> None:
    with database.transaction() as db:
        jobs.enqueue(db, JobKind.TURN, now=NOON, subject_ids=[(1, None), (2, None)])
        for number in range(3):
            people.find_or_create(db, line_user_id=f"U{number}", now=NOON)
        people.set_following(db, person_id=1, following=False, at=NOON)
    found = read(served(database, tmp_path))
    assert found["civicbot_jobs{'kind': 'turn', 'status': 'ready'}"] == 2
    assert found["civicbot_people{'state': 'known'}"] == 3
    assert found["civicbot_people{'state': 'following'}"] == 2
    assert found["civicbot_oldest_due_seconds"] > 0
    assert found["civicbot_disk_free_bytes"] > 0


@pytest.mark.parametrize(
    ("token", "headers", "address", "status"),
    [
        ("", {}, "127.0.0.1", 200),
        ("", {}, "::1", 200),
        ("", {}, "203.0.113.5", 404),
        ("", {"X-Forwarded-For": "203.0.113.5"}, "127.0.0.1", 404),
        ("", {"Forwarded": "for=203.0.113.5"}, "127.0.0.1", 404),
        ("secret", {}, "127.0.0.1", 404),
        ("secret", {"Authorization": "Bearer wrong"}, "127.0.0.1", 404),
        ("secret", {"Authorization": "Bearer secret"}, "203.0.113.5", 200),
        ("secret", {"Authorization": "Bearer sécret"}, "203.0.113.5", 404),
    ],
)
def test_only_those_who_may_see_them(
    sqlite_database: Database, tmp_path: Path, token: str, headers: dict[str, str], address: str, status: int
) -> None:
    app = served(sqlite_database, tmp_path, **({"CIVICBOT_METRICS_TOKEN": token} if token else {}))
    answer = app.test_client().get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status
