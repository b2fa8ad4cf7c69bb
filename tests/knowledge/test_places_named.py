from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.catalogue import SHIPPED, load_catalogue
from knowledge.places import Places

PACK = load_catalogue(SHIPPED).pack
PLACES = Places.build(PACK)


@pytest.mark.parametrize(
    ("text", "districts"),
    [
        ("ที่แม่สายมีกิจกรรมไหม", ("mae_sai",)),
        ("ไปเเม่สาย", ("mae_sai",)),
        ("มีที่แม่สายไหม", ("mae_sai",)),
        ("อ.พาน", ("phan",)),
        ("อยู่พานค่ะ", ("phan",)),
        ("เมืองพาน", ("phan",)),
        ("ในเขตแม่ลาวกับเขตเชียงแสน", ("mae_lao", "chiang_saen")),
        ("อ เมือง", ("mueang",)),
        ("อ. พาน", ("phan",)),
        ("แถวเทิงมีไหม", ("thoeng",)),
        ("เวียง ป่าเป้า", ("wiang_pa_pao",)),
        ("เวียงป่าเป่ามีไหม", ("wiang_pa_pao",)),
        ("เวียงเชียงรุ้งกับเวียงชัย", ("wiang_chiang_rung", "wiang_chai")),
        ("อยู่เวียงเชียงรุ่งค่ะ", ("wiang_chiang_rung",)),
        ("แม่สายแม่จันเชียงแสน", ("mae_sai", "mae_chan", "chiang_saen")),
        ("จากเชียงของไปเชียงแสนแล้วกลับเชียงของ", ("chiang_khong", "chiang_saen")),
        ("พระยาเม็งราย", ("phaya_mengrai",)),
        ("แม่สวย", ("mae_suai",)),
        ("อำเภอเมือง", ("mueang",)),
        ("ในเมืองเชียงราย", ("mueang",)),
        ("ต.ป่าแดด อ.แม่สรวย", ("mae_suai",)),
        ("ต.เทอดไทย", ("mae_fa_luang",)),
        ("วัดแม่จัน", ("mae_chan",)),
        ("events in Mae Sai or Phan?", ("mae_sai", "phan")),
    ],
)
def test_named_districts(text: str, districts: tuple[str, ...]) -> None:
    assert PLACES.named_in(text) == districts


@pytest.mark.parametrize(
    "text",
    [
        *("", "เชียงราย", "จังหวัดเชียงราย", "แม่สลอง", "แม่จันทร์", "สะพานพัง", "งานบันเทิง", "พานพุ่มไหว้ครู"),
        *("พลเมือง การเมือง", "มหาวิทยาลัยแม่ฟ้าหลวงมีงานไหม", "ม.แม่ฟ้าหลวง", "อ.เมืองเชียงใหม่", "amphoe mueang chiang mai"),
        *(
            "ต.ป่าแดด",
            "ต.แม่ลาว",
            "ดอยหลวงเชียงดาว",
            "orphan",
            "ขอเมืองไหนก็ได้",
            "พนักงาน",
            "เถิงไหนแล้ว",
            "คุณแม่สวยมาก",
            "ไปเชียงรุ่ง สิบสองปันนา",
        ),
    ],
)
def test_no_district_is_named(text: str) -> None:
    assert PLACES.named_in(text) == ()


@pytest.mark.parametrize(("name", "district"), [(d.name, d.id) for d in PACK.districts])
def test_every_name_is_heard(name: dict[str, str], district: str) -> None:
    for text in (f"มีงานที่{name['th']}ไหมคะ", f"อ.{name['th']}", f"อำเภอ {name['th']}", f"near {name['en']}?"):
        assert PLACES.named_in(text) == (district,), text


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(), max_size=200) | st.text("อ.ต เมืองแม่สายพานเทิงจัน์ๆ\u200b\ud800", max_size=80))
def test_named_in_never_raises(text: str) -> None:
    named = PLACES.named_in(text)
    assert len(set(named)) == len(named)
    assert set(named) <= {district.id for district in PACK.districts}


def test_a_very_long_text_is_read() -> None:
    assert PLACES.named_in("ก" * 20_000 + " อ.แม่สาย") == ("mae_sai",)
