"""Events as staff look for them."""

from __future__ import annotations

from datetime import timedelta

from bot.events import event_lists, planning
from bot.events.event_draft import Plan
from bot.storage import events
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.events.making import IN_A_WEEK, a_person, make_event, sign_up
from tests.builders import NOON


def test_lists_and_figures_for_staff(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        coming, later = make_event(db, capacity=2), make_event(db, starts_at=IN_A_WEEK + timedelta(days=1))
        past = make_event(db, starts_at=NOON - timedelta(days=2))
        draft = planning.create(db, Plan(), created_by=None, now=NOON)
        off = make_event(db, state=events.CALLED_OFF)
        sign_up(db, vault, coming, a_person(db, 1), party=2)
        sign_up(db, vault, coming, a_person(db, 2, following=False))
        sign_up(db, vault, coming, None, way="staff")
        asked = make_event(db, admits_each=True, starts_at=IN_A_WEEK + timedelta(days=2))
        sign_up(db, vault, asked, a_person(db, 3))
        found = {
            which: [row.id for row in event_lists.list_page(db, which, now=NOON, limit=9)]
            for which in event_lists.LISTS
        }
        assert found == {
            "coming": [coming.id, later.id, asked.id], "drafts": [draft.id], "past": [past.id], "called_off": [off.id]
        }  # fmt: skip
        assert event_lists.count_lists(db, now=NOON) == {"coming": 3, "drafts": 1, "past": 1, "called_off": 1}
        assert event_lists.count_crowds(db, [coming.id, later.id, asked.id]) == {
            coming.id: event_lists.Crowd(2, 2, 0), asked.id: event_lists.Crowd(0, 0, 1)
        }  # fmt: skip
        assert event_lists.count_reach(db, coming.id) == event_lists.Reach(1, 2)
