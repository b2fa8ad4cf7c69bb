from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.cli.faq import faq
from knowledge.catalogue import ContentError, check_content, load_catalogue
from tests.knowledge.content import write


@pytest.fixture
def districts(folder: Path) -> Path:
    write(
        folder / "districts.yaml",
        {
            "postal_prefix": "57",
            "districts": {
                "phan": {"also": ["ปาน"], "postal_codes": ["57120"], "points": {"เมืองพาน": ["19.554", "99.746"]}}
            },
            "neighbours": {"พะเยา": {"แม่ใจ": ["19.33", "99.846"]}},
            "elsewhere": ["น่าน"],
            "look_alikes": ["พานพุ่ม"],
        },
    )
    return folder


def spoil(folder: Path, edit: Callable[[dict[str, Any]], Any]) -> None:
    import_path = folder / "districts.yaml"
    plain = {
        "postal_prefix": "57",
        "districts": {"phan": {"postal_codes": ["57120"], "points": {"เมืองพาน": ["19.554", "99.746"]}}},
        "neighbours": {"พะเยา": {"แม่ใจ": ["19.33", "99.846"]}},
    }
    edit(plain)
    write(import_path, plain)


def test_districts_are_loaded(districts: Path) -> None:
    geography = load_catalogue(districts).pack.geography
    assert geography is not None
    assert geography.districts["phan"].points[0].latitude == 19.554
    assert geography.districts["phan"].also == ("ปาน",)
    assert geography.neighbours["พะเยา"][0].name == "แม่ใจ"
    assert check_content(districts) == ()


def test_a_folder_without_districts_is_no_fault(folder: Path) -> None:
    assert check_content(folder) == ()
    assert load_catalogue(folder).pack.geography is None


SPOILT: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda t: t["districts"].update(fang={"points": {"a": ["19.9", "99.2"]}}), "no district 'fang' in pack.yaml"),
    (lambda t: t["districts"].pop("phan"), "'phan' of pack.yaml is missing"),
    (lambda t: t["districts"]["phan"].pop("points"), "'phan' has no point"),
    (lambda t: t["districts"]["phan"].update(points={}), "'phan' has no point"),
    (lambda t: t["districts"]["phan"].update(colour="red"), "no 'colour'"),
    (
        lambda t: t["districts"]["phan"]["points"].update(ก=["99.746", "19.554"]),
        "phan: ก: 99.746, 19.554 is not in Thailand",
    ),
    (lambda t: t["districts"]["phan"]["points"].update(ก=["nan", "99"]), "phan: ก: nan, 99.0 is not in Thailand"),
    (lambda t: t["districts"]["phan"]["points"].update(ก=["x", "99"]), "phan: ก: write [latitude, longitude]"),
    (lambda t: t["districts"]["phan"]["points"].update(ก=["19.5"]), "phan: ก: write [latitude, longitude]"),
    (lambda t: t["districts"]["phan"]["points"].update(ก="19.5 99.7"), "phan: ก: write a list"),
    (lambda t: t["districts"]["phan"].update(postal_codes=["56120"]), "phan: the postal code '56120'"),
    (lambda t: t["districts"]["phan"].update(postal_codes=["571"]), "phan: the postal code '571'"),
    (lambda t: t["neighbours"]["พะเยา"].update(ข=["0", "0"]), "neighbours: พะเยา: ข: 0.0, 0.0 is not in Thailand"),
    (lambda t: t.update(rivers=["x"]), "no 'rivers'"),
    (lambda t: t.update(elsewhere="น่าน"), "elsewhere: write a list"),
    (lambda t: t.update(districts=["phan"]), "'districts' must be a list of 'name: value' lines"),
]


@pytest.mark.parametrize(("edit", "words"), SPOILT)
def test_a_fault_is_told_with_file_line_and_key(
    folder: Path, edit: Callable[[dict[str, Any]], Any], words: str
) -> None:
    spoil(folder, edit)
    with pytest.raises(ContentError) as raised:
        load_catalogue(folder)
    telling = [fault for fault in raised.value.faults if words in fault.message]
    assert telling, raised.value.faults
    assert telling[0].file == "districts.yaml"
    assert telling[0].line is not None


def test_a_spelling_of_two_districts_is_a_fault(folder: Path) -> None:
    pack = {
        "centre": {"th": "ศูนย์"},
        "province": {"th": "เชียงราย"},
        "districts": {"phan": {"th": "พาน"}, "thoeng": {"th": "เทิง"}},
        "programmes": {"forum": {"th": "เวที"}},
    }
    write(folder / "pack.yaml", pack)
    spoil(folder, lambda t: t["districts"].update(thoeng={"also": ["พาน"], "points": {"เวียง": ["19.692", "100.213"]}}))
    assert [fault.message for fault in check_content(folder)] == [
        "'พาน' stands for 'phan' and for 'thoeng'. Keep one of the two."
    ]


def test_faq_check_refuses_it(folder: Path) -> None:
    spoil(folder, lambda t: t["districts"]["phan"]["points"].update(ก=["99.746", "19.554"]))
    result = CliRunner().invoke(faq, ["check", str(folder)])
    assert result.exit_code == 1
    assert "districts.yaml:" in result.stdout
    assert "phan: ก:" in result.stdout


def test_faq_check_refuses_what_is_no_yaml(folder: Path) -> None:
    (folder / "districts.yaml").write_text("districts: [", "utf-8")
    result = CliRunner().invoke(faq, ["check", str(folder)])
    assert result.exit_code == 1
    assert "districts.yaml:2: This is not valid YAML" in result.stdout
    assert result.stdout.splitlines()[-1] == "1 fault to mend."
