"""An answer past its best says from when it is, or is withheld."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from bot.conversation.postback import Buttons
from bot.vault import Vault
from handlers.desk import Desk
from knowledge.care import Care
from tests.office import shipped

TODAY = datetime(2026, 11, 29, 5, 0, tzinfo=UTC)


@dataclass
class Asked:
    """What a desk looks at of a turn."""

    language: str
    catalogue = shipped()
    now = TODAY


@pytest.fixture
def desk(vault: Vault) -> Desk:
    return Desk(buttons=Buttons(vault), vault=vault, facts={})


def said(desk: Desk, care: Care, language: str = "th") -> str:
    entry = replace(shipped().entries["forum.what"], care=care)
    return desk.answer(Asked(language), entry)  # type: ignore[arg-type]


def test_a_fresh_answer_is_said_as_it_is(desk: Desk) -> None:
    assert said(desk, Care(confirmed="2026-01-01", best_before="2026-12-01")) == said(desk, Care())


@pytest.mark.parametrize(("language", "day"), [("th", "5 มกราคม 2569"), ("en", "5 January 2026")])
def test_an_old_answer_says_when_it_was_confirmed(desk: Desk, language: str, day: str) -> None:
    old = said(desk, Care(confirmed="2026-01-05", best_before="2026-11-29"), language)
    assert old.startswith(said(desk, Care(), language))
    assert day in old


@pytest.mark.parametrize(
    "care",
    [
        Care(confirmed="2026-01-05", best_before="2026-11-29", when_old="withhold"),
        Care(valid_from="2026-11-30"),
        Care(valid_until="2026-11-28"),
    ],
)
def test_what_is_not_to_be_said_today_is_not_said(desk: Desk, care: Care) -> None:
    told = {language: said(desk, care, language) for language in ("th", "en")}
    for language, text in told.items():
        assert said(desk, Care(), language)[:20] not in text
        assert shipped().entries["forum.what"].title[language] in text
    assert "เจ้าหน้าที่" in told["th"]
    assert "staff" in told["en"]
