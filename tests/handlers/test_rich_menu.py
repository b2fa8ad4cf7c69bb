"""The menu under the chat: its words fit, its topics exist, and each press is answered."""

from __future__ import annotations

import pytest

from bot.conversation.postback import Buttons
from bot.line import limits
from bot.line.lettering import load_typeface
from bot.line.menu_picture import draw
from bot.line.rich_menu import BAR_GRAPHEMES, MenuRefused, RichMenu, define
from bot.vault import Vault
from handlers import rich_menu
from handlers.offers import OFFERS
from handlers.wording import LANGUAGES
from knowledge.catalogue import SHIPPED, load_catalogue
from tests.builders import a_press
from tests.office import Office

SHAPE = rich_menu.read_shape()
TILE = "tiles: [{icon: list, label: {th: ก}, words: {th: [ก]}, press: menu}]"


def menu_in(language: str, vault: Vault) -> RichMenu:
    return rich_menu.build(SHAPE, language, Buttons(vault))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_menu_can_be_drawn_and_described(language: str, vault: Vault) -> None:
    menu = menu_in(language, vault)
    assert len(menu.tiles) == len(menu.presses) == 7
    assert define(menu, draw(menu.tiles))["chatBarText"] == menu.bar
    assert limits.graphemes(menu.bar) <= BAR_GRAPHEMES


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_of_the_menu_is_an_empty_box(language: str) -> None:
    for tile in rich_menu.tiles_of(SHAPE, language):
        for line in filter(None, (*tile.words, tile.note)):
            for weight in ("Sarabun-Bold", "Sarabun-SemiBold"):
                assert all(glyph.number and glyph.name != ".notdef" for glyph in load_typeface(weight).set(line).glyphs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_in_every_language(language: str) -> None:
    assert language in SHAPE.bar
    for tile in SHAPE.tiles:
        assert language in tile.label
        assert language in tile.words
        assert not tile.note or language in tile.note


def test_the_buttons_are_ours_and_stay_the_same(vault: Vault) -> None:
    pressed = [Buttons(vault).decode(press.data) for press in menu_in("th", vault).presses]
    assert [(each.action, dict(each.arguments)) for each in pressed] == [
        ("menu", {}),
        ("do", {"a": "list_events"}),
        ("do", {"a": "my_registrations"}),
        ("topic", {"e": "poverty.what"}),
        ("topic", {"e": "center.contact"}),
        ("staff", {}),
        ("prefer", {}),
    ]
    assert menu_in("th", vault) == menu_in("th", vault)
    other = menu_in("th", Vault(["another secret, long enough to pass"]))
    assert {press.data for press in other.presses}.isdisjoint(press.data for press in menu_in("th", vault).presses)


def test_what_a_press_shows_is_what_a_screen_reader_says(vault: Vault) -> None:
    for press in menu_in("th", vault).presses:
        assert press.label == press.shown


def test_topics_and_offers_of_the_menu_exist() -> None:
    entries = load_catalogue(SHIPPED).entries
    assert {tile.arguments["e"] for tile in SHAPE.tiles if tile.press == "topic"} <= set(entries)
    assert {tile.arguments["a"] for tile in SHAPE.tiles if tile.press == "do"} <= set(OFFERS)


def test_every_press_is_answered(office: Office) -> None:
    stale = office.hear(a_press("nothing of ours"))
    for press in menu_in("th", office.vault).presses:
        answer = office.hear(a_press(press.data))
        assert answer, press.label
        assert answer != stale, press.label


def test_the_menu_s_buttons_do_not_age(office: Office) -> None:
    office.wait(days=900)
    stale = office.hear(a_press("nothing of ours"))
    answers = [office.hear(a_press(press.data)) for press in menu_in("th", office.vault).presses]
    assert answers
    assert stale not in answers


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("bar: {th: เมนู", "rich_menu.yaml: "),
        ("", "rich_menu.yaml: "),
        (f"bar: {{th: ก}}\n{TILE}\nmore: 1", "more: Extra inputs"),
        (f"bar: ก\n{TILE}", "bar: "),
        ("bar: {th: ก}\ntiles: [{icon: list}]", "tiles.0.label: Field required"),
        (f"bar: {{th: ก}}\n{TILE.replace('[ก]', '5')}", "tiles.0.words.th"),
    ],
    ids=["yaml", "empty", "unknown key", "no language", "missing", "no lines"],
)
def test_a_file_that_makes_no_sense_is_refused_with_its_key(text: str, fault: str) -> None:
    with pytest.raises(MenuRefused, match=fault):
        rich_menu.read_shape(text)


def test_a_language_that_is_missing_is_thai_and_no_thai_is_refused(vault: Vault) -> None:
    shape = rich_menu.read_shape(f"bar: {{th: ก}}\n{TILE}")
    assert rich_menu.build(shape, "en", Buttons(vault)).bar == "ก"
    with pytest.raises(MenuRefused, match="no text in 'en'"):
        rich_menu.build(rich_menu.read_shape(f"bar: {{de: x}}\n{TILE}"), "en", Buttons(vault))
