"""The rich menu as LINE wants it described."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.line import limits
from bot.line.rich_menu import NAME_BEGINS, Area, MenuRefused, RichMenu, Tile, define, lay_out, size_of
from bot.messages import Press

PICTURE = b"a picture"


def a_menu(count: int = 3, *, bar: str = "เมนู", **press: str) -> RichMenu:
    tiles = tuple(Tile("list", (f"ช่อง {number}",)) for number in range(count))
    presses = [Press(f"ช่อง {number}", f"data-{number}", f"ช่อง {number}") for number in range(count)]
    return RichMenu(bar, tiles, (replace(presses[0], **press), *presses[1:]))


def covered(areas: tuple[Area, ...]) -> int:
    return sum(area.width * area.height for area in areas)


@pytest.mark.parametrize(("count", "height"), [(2, 843), (3, 843), (4, 1686), (5, 1686), (6, 1686), (7, 1686)])
def test_areas_fill_a_size_that_line_takes_without_gap_or_overlap(count: int, height: int) -> None:
    areas = lay_out(count)
    width, tall = size_of(areas)
    assert (len(areas), width, tall) == (count, 2500, height)
    assert width / tall >= 1.45
    assert covered(areas) == width * tall
    for area in areas:
        others = [other for other in areas if other is not area]
        assert not [
            other
            for other in others
            if area.left < other.left + other.width
            and other.left < area.left + area.width
            and area.top < other.top + other.height
            and other.top < area.top + area.height
        ]


@pytest.mark.parametrize("count", [0, 1, 8])
def test_too_few_or_too_many_tiles_are_refused(count: int) -> None:
    with pytest.raises(MenuRefused, match=f"{count} tiles"):
        lay_out(count)


def test_a_definition_holds_each_press_at_its_tile() -> None:
    definition = define(a_menu(2), PICTURE)
    assert definition["size"] == {"width": 2500, "height": 843}
    assert definition["selected"] is True
    assert definition["chatBarText"] == "เมนู"
    assert definition["areas"] == [
        {
            "bounds": {"x": 1250 * number, "y": 0, "width": 1250, "height": 843},
            "action": {
                "type": "postback",
                "label": f"ช่อง {number}",
                "data": f"data-{number}",
                "displayText": f"ช่อง {number}",
            },
        }
        for number in range(2)
    ]


def test_the_name_changes_with_anything_that_people_would_notice() -> None:
    name = define(a_menu(), PICTURE)["name"]
    assert name == define(a_menu(), PICTURE)["name"]
    assert name.startswith(NAME_BEGINS)
    others: list[tuple[RichMenu, bytes]] = [
        (a_menu(bar="อื่น"), PICTURE),
        (a_menu(label="อื่น"), PICTURE),
        (a_menu(data="signed with another key"), PICTURE),
        (a_menu(2), PICTURE),
        (a_menu(), b"another picture"),
    ]
    names = {define(menu, picture)["name"] for menu, picture in others}
    assert len(names | {name}) == len(others) + 1


@pytest.mark.parametrize(
    "fits",
    [{"bar": "กี่" * 14}, {"label": "น้ำ" * 10}, {"shown": "ก้" * 300}, {"data": "d" * 300}],
    ids=lambda fits: next(iter(fits)),
)
def test_the_longest_that_line_takes_is_taken(fits: dict[str, Any]) -> None:
    assert define(a_menu(**fits), PICTURE)


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"bar": ""}, "bar: ''"),
        ({"bar": "ก" * 15}, "1 to 14"),
        ({"label": ""}, "label: ''"),
        ({"label": "ก" * 21}, f"1 to {limits.LABEL_GRAPHEMES}"),
        ({"shown": ""}, "shown: ''"),
        ({"shown": "ก" * 301}, "1 to 300"),
        ({"data": ""}, "carries too much"),
        ({"data": "d" * 301}, "carries too much"),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
def test_what_line_would_refuse_is_refused_before_line_is_asked(wrong: dict[str, Any], fault: str) -> None:
    with pytest.raises(MenuRefused, match=fault):
        define(a_menu(**wrong), PICTURE)


def test_every_fault_is_told_at_once() -> None:
    menu = replace(a_menu(bar="", label=""), presses=a_menu(bar="", label="").presses[:2])
    with pytest.raises(MenuRefused) as refused:
        define(menu, PICTURE)
    assert len(refused.value.faults) == 3
    assert "3 tiles and 2 actions" in str(refused.value)
