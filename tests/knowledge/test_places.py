from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.catalogue import SHIPPED, Catalogue, load_catalogue
from knowledge.places import Found, Places
from tests.knowledge.content import write_content

SHIPPED_PACK = load_catalogue(SHIPPED).pack
PLACES = Places.build(SHIPPED_PACK)
MAE_SAI = (20.409, 99.9)
CHIANG_RAI = (19.908, 99.831)
BANGKOK = (13.756, 100.502)
PIECES = (
    *("อ.", "อำเภอ", "เมือง", "แม่สาย", "พาน", "เชียงราย", "เชียงใหม่", "จ.", "ต.", "เวียง", "57130", "50200", " ", ",", "."),
    *("district", "sub-district", "mae sai", "chiang rai", "province", "thailand", "\ud800", "์", "ำ", "\u200b"),
)
anything = st.text(st.characters(), max_size=300) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
degrees = st.floats(allow_nan=True, allow_infinity=True) | st.none() | st.integers()


MARKED = [
    ("อ.แม่สาย จ.เชียงราย", "mae_sai"),
    ("อ. แม่สาย", "mae_sai"),
    ("อำเภอ เมืองเชียงราย", "mueang"),
    ("เมืองเชียงราย, เชียงราย 57000", "mueang"),
    ("อ.เมือง จ.เชียงราย", "mueang"),
    ("ต.เวียง อ.เมือง 57000", "mueang"),
    ("ต.เวียงอ.เมืองจ.เชียงราย57000", "mueang"),
    ("Mueang Chiang Rai", "mueang"),
    ("Mueang District, Chiang Rai", "mueang"),
    ("Wiang Sub-district, Mueang Chiang Rai District, Chiang Rai 57000, Thailand", "mueang"),
    ("Mae Sai District, Chiang Rai 57130", "mae_sai"),
    ("Tambon Wiang, Amphoe Thoeng, Chang Wat Chiang Rai 57160, Thailand", "thoeng"),
    ("Phan, Chiang Rai", "phan"),
    ("Muang, Chiang Rai 57000", "mueang"),
    ("T.Wiang A.Muang Chiang Rai", "mueang"),
    ("กิ่งอำเภอดอยหลวง", "doi_luang"),
    ("ถนนเชียงใหม่-เชียงราย ต.เวียง อ.เวียงป่าเป้า", "wiang_pa_pao"),
    ("ร้านเชียงใหม่ข้าวซอย ต.เวียง อ.เมือง จ.เชียงราย", "mueang"),
    ("แม่สาย เชียงราย 57130 ประเทศไทย", "mae_sai"),
    ("แม่สายเชียงราย", "mae_sai"),
    ("ถนนพหลโยธิน, แม่จัน, เชียงราย", "mae_chan"),
    ("อำเภอพาน", "phan"),
    ("อ.พานจ.เชียงราย", "phan"),
    ("๑๒๓ ม.๕ อ.เทิง จ.เชียงราย", "thoeng"),
    ("อ.เวียงชัย", "wiang_chai"),
    ("ต.เวียง อ.เวียงเชียงรุ้ง จ.เชียงราย", "wiang_chiang_rung"),
    ("อ.เวียงแก่น", "wiang_kaen"),
    ("อ.เวียงป่าเป้า", "wiang_pa_pao"),
    ("อ.เวียงป่าเป่า", "wiang_pa_pao"),
    ("อำเภอแม่ฟ้าหลวง", "mae_fa_luang"),
]


@pytest.mark.parametrize(("address", "district"), MARKED)
def test_district_of_an_address(address: str, district: str) -> None:
    found = PLACES.recognise(address, None, None)
    assert (found.district, found.sure, found.outside) == (district, True, False)


@pytest.mark.parametrize(
    ("address", "district"),
    [
        ("ต.แม่สาย อ.แม่จัน จ.เชียงราย", "mae_chan"),
        ("วัดแม่จัน อ.แม่สาย", "mae_sai"),
        ("123 ต.ป่าแดด อ.แม่สรวย จ.เชียงราย 57180", "mae_suai"),
        ("ตำบล ป่าแดด อำเภอ ป่าแดด เชียงราย 57190", "pa_daet"),
        ("มหาวิทยาลัยแม่ฟ้าหลวง ต.ท่าสุด อ.เมือง จ.เชียงราย 57100", "mueang"),
        ("Mae Fah Luang University, Mueang Chiang Rai District, Chiang Rai", "mueang"),
        ("Pa Daet Subdistrict, Mae Suai District, Chiang Rai", "mae_suai"),
    ],
)
def test_district_where_the_marker_decides(address: str, district: str) -> None:
    found = PLACES.recognise(address, None, None)
    assert (found.district, found.sure) == (district, True)


@pytest.mark.parametrize(
    "address",
    [
        "อ.เมืองเชียงใหม่",
        "อำเภอเมืองพะเยา",
        "อ.เมือง จ.พะเยา",
        "Fang District, Chiang Mai",
        "Mueang Chiang Mai District, Chiang Mai 50200",
        "อ.พานทอง จ.ชลบุรี",
        "ตำบลแม่ลาว อำเภอเชียงคำ พะเยา 56110",
        "แขวงลาดยาว เขตจตุจักร กรุงเทพมหานคร 10900",
        "Tachileik, Myanmar",
        "Houayxay, Lao PDR",
        "56000",
    ],
)
def test_outside_by_address(address: str) -> None:
    assert PLACES.recognise(address, None, None) == Found(None, False, True, None, None)


@pytest.mark.parametrize(
    "address", ["", "เชียงราย", "ประเทศไทย", "วัดแม่จันทร์", "ต.เวียง", "ห้าง 57000", "อ.แม่สลอง จ.เชียงราย"]
)
def test_no_district_in_an_address(address: str) -> None:
    assert PLACES.recognise(address, None, None) == Found(None, False, False, None, None)


@pytest.mark.parametrize("address", ["ต.เวียง อ.เมือง", "ตลาด แม่สาย", "ต.เทอดไทย", "ทางไปเชียงราย 57130"])
def test_a_hint_alone_is_not_sure(address: str) -> None:
    found = PLACES.recognise(address, None, None)
    assert found.district is not None
    assert not found.sure


def test_a_hint_and_coordinates_together_are_sure() -> None:
    assert PLACES.recognise("ต.เวียง อ.เมือง", *CHIANG_RAI).sure
    alone = PLACES.recognise("", 20.303, 99.888)
    assert (alone.district, alone.sure) == ("mae_sai", False)
    assert PLACES.recognise("ห้วยไคร้ เชียงราย 57220", 20.303, 99.888).sure


def test_the_capital_of_another_province_is_not_ours() -> None:
    phayao = (19.172, 99.894)
    assert PLACES.recognise("ต.เวียง อ.เมือง", *phayao).outside


def test_coordinates_alone() -> None:
    found = PLACES.recognise("", *CHIANG_RAI)
    assert (found.district, found.sure, found.outside) == ("mueang", True, False)
    assert found.distance == pytest.approx(0.15, abs=0.05)
    assert found.next_distance is not None
    assert 9 < found.next_distance < 11


def test_between_two_districts_is_not_sure() -> None:
    found = PLACES.recognise("", 20.095, 99.885)
    assert not found.sure
    assert not found.outside


@pytest.mark.parametrize("place", [BANGKOK, (19.9, 99.2), (19.17, 99.89), (0.0, 0.0), (-20.4, -99.9), (90, 180)])
def test_outside_by_coordinates(place: tuple[float, float]) -> None:
    found = PLACES.recognise("", *place)
    assert (found.district, found.outside) == (None, True)


def test_the_bridge_at_the_border_is_not_called_outside() -> None:
    found = PLACES.recognise("", 20.4424, 99.8797)
    assert (found.district, found.outside) == ("mae_sai", False)


def test_an_address_that_the_coordinates_contradict_is_not_sure() -> None:
    assert PLACES.recognise("อ.แม่สาย", *BANGKOK).sure is False
    assert PLACES.recognise("อ.แม่สาย", *MAE_SAI).sure is True
    confused = PLACES.recognise("อ.ฝาง จ.เชียงใหม่", *MAE_SAI)
    assert (confused.district, confused.sure, confused.outside) == (None, False, False)


@pytest.mark.parametrize("latitude", [math.nan, math.inf, -math.inf, 91.0, 10**400])
def test_nonsense_is_no_coordinate(latitude: float) -> None:
    assert PLACES.recognise("", latitude, 99.9) == Found(None, False, False, None, None)


@settings(max_examples=300, deadline=None)
@given(address=anything, latitude=degrees, longitude=degrees)
def test_recognise_never_raises(address: str, latitude: float | None, longitude: float | None) -> None:
    found = PLACES.recognise(address, latitude, longitude)
    assert found.district is None or found.district in {district.id for district in SHIPPED_PACK.districts}
    assert not (found.sure and found.district is None)
    assert not (found.outside and found.district)


@settings(max_examples=200, deadline=None)
@given(latitude=st.floats(19.0, 20.5), longitude=st.floats(99.2, 100.6))
def test_near_the_province_distances_are_in_order(latitude: float, longitude: float) -> None:
    found = PLACES.recognise("", latitude, longitude)
    assert found.distance is not None
    assert found.next_distance is not None
    if found.sure:
        assert found.distance < found.next_distance


@pytest.mark.parametrize(("name", "district"), [(d.name["th"], d.id) for d in SHIPPED_PACK.districts])
def test_every_district_by_its_marked_name(name: str, district: str) -> None:
    for address in (f"อ.{name}", f"อำเภอ{name} จังหวัดเชียงราย", f"ต.เวียง อ.{name} จ.เชียงราย", f"{name}, เชียงราย"):
        found = PLACES.recognise(address, None, None)
        assert (found.district, found.sure) == (district, True), address


def test_a_pack_without_a_geography_knows_the_names(tmp_path: Path) -> None:
    catalogue = load_catalogue(write_content(tmp_path / "content"))
    places = Places.build(catalogue.pack)
    assert catalogue.pack.geography is None
    assert places.recognise("อ.พาน จ.เชียงราย", 19.55, 99.75) == Found("phan", True, False, None, None)
    assert places.recognise("", 19.55, 99.75) == Found(None, False, False, None, None)
    assert places.named_in("อยู่อำเภอพานค่ะ") == ("phan",)


def test_the_geography_survives_being_stored() -> None:
    catalogue = load_catalogue(SHIPPED)
    again = Catalogue.from_json(catalogue.to_json())
    assert again.pack == catalogue.pack
    assert again.version == catalogue.version


def test_a_catalogue_without_a_geography_says_nothing_of_one() -> None:
    catalogue = load_catalogue(SHIPPED)
    before = replace(catalogue, pack=replace(catalogue.pack, geography=None))
    assert "geography" not in before.to_json()
    assert Catalogue.from_json(before.to_json()).version == before.version
