"""What leaves the house as a file or as numbers has nothing of somebody who was erased."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from flask import Flask
from sqlalchemy import select

from bot import settings
from bot.outreach.permissions import Role
from bot.privacy import erasing
from bot.storage.events import EventRow
from bot.web import metrics
from tests.bot.console.visiting import Site, Visitor
from tests.bot.privacy.making import CANARIES, live_through_everything, marks_of
from tests.builders import NOON


def exported(site: Site, staff: Visitor) -> str:
    """Every list of registrants, as text and as a workbook, with all that ended."""
    with site.database.reading() as db:
        numbers = list(db.scalars(select(EventRow.id)))
    found = ""
    for number in numbers:
        for form in ("csv", "xlsx"):
            address = f"/console/events/{number}/registrants/download"
            data = staff.post(address, data={"format": form, "ended": "yes"}).data
            found += "".join(_texts(data)) if form == "xlsx" else data.decode("utf-8-sig")
    return found


def _texts(workbook: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        yield from (parts.read(name).decode(errors="replace") for name in parts.namelist())


def counted(site: Site) -> str:
    app = Flask("metrics-tests", static_folder=None)
    app.register_blueprint(metrics.blueprint(settings=settings.of({}), database=site.database))
    return app.test_client().get("/metrics").get_data(as_text=True)


def test_nothing_of_an_erased_person_is_in_an_export_or_among_the_numbers(site: Site) -> None:
    with site.database.transaction() as db:
        person_id = live_through_everything(db, site.vault)
    staff = site.visitor(Role.STAFF)
    wanted = CANARIES | marks_of(site.vault)
    assert {name for name, text in wanted.items() if text in exported(site, staff)} == {
        "name", "phone", "companion", "district", "school",
    }  # fmt: skip
    assert "civicbot_people" in counted(site)
    with site.database.transaction() as db:
        erasing.erase(db, site.vault, person_id=person_id, way=erasing.STAFF, now=NOON)
    assert [name for name, text in wanted.items() if text in exported(site, staff) + counted(site)] == []
