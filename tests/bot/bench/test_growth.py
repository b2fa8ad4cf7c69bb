from __future__ import annotations

from xml.etree import ElementTree

from bot.bench.growth import LENGTHS, draw, of_length


def test_a_text_is_repeated_to_its_length() -> None:
    assert of_length("abc", 7) == "abcabca"


def test_the_drawing_names_the_slowest_lines_and_the_aim() -> None:
    lines = {f"kind {number}": [(length, length * number / 1000) for length in LENGTHS] for number in range(1, 9)}
    picture = draw(lines)
    root = ElementTree.fromstring(picture)
    assert len(root.findall("{http://www.w3.org/2000/svg}polyline")) == 9
    assert "kind 8: 40 ms" in picture
    assert "kind 1:" not in picture
