from __future__ import annotations

import csv
import io

import pytest

from bot import settings
from bot.privacy import data_map, notice, register
from bot.privacy.notice import Notice

OURS = {
    "CIVICBOT_DATA_CONTROLLER": "มูลนิธิพลเมืองเชียงราย",
    "CIVICBOT_PRIVACY_CONTACT": "คุณมาลี 053-123-456",
    "CIVICBOT_DATA_HOST": "ศูนย์ข้อมูลตัวอย่าง ประเทศไทย",
    "CIVICBOT_KEEP_CASES_DAYS": "77",
    "CIVICBOT_BACKUP_KEEP_DAYS": "21",
}


def built(language: str = "th", **values: str) -> Notice:
    return notice.build(settings.of(values), language=language, centre="ศูนย์ของเรา", version=2)


def test_it_says_who_answers_for_the_data_and_where_it_is() -> None:
    text = notice.as_markdown(built(**OURS))
    for fact in ("มูลนิธิพลเมืองเชียงราย", "คุณมาลี 053-123-456", "ศูนย์ข้อมูลตัวอย่าง ประเทศไทย", "77 วัน", "21 วัน", "ฉบับที่ 2"):
        assert fact in text


def test_without_settings_it_names_the_centre_and_leaves_out_what_nobody_knows() -> None:
    text = notice.as_markdown(built())
    assert "ผู้ควบคุมข้อมูลส่วนบุคคลคือ ศูนย์ของเรา" in text
    assert "เครื่องที่เก็บข้อมูลดูแลโดย" not in text
    assert "คุยกับเจ้าหน้าที่" in text


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_activity_about_people_is_told(language: str) -> None:
    told = {section.title for section in built(language).sections}
    assert {one.name[language] for one in data_map.load() if one.id not in notice.NOT_FOR_CITIZENS} <= told


def test_braces_in_a_setting_mean_nothing() -> None:
    assert "{0.__class__}" in notice.as_markdown(built(CIVICBOT_DATA_CONTROLLER="{0.__class__}"))


def test_the_register_has_a_row_an_activity_and_no_empty_field() -> None:
    read = list(
        csv.reader(io.StringIO(register.as_csv(settings.of(OURS), language="th", centre="ศูนย์").lstrip("\ufeff")))
    )
    assert len(read) == 1 + len(data_map.load())
    assert {len(row) for row in read} == {12}
    assert all(field.strip() for row in read for field in row)
    assert {row[9] for row in read[1:]} == {"มูลนิธิพลเมืองเชียงราย"}
