from __future__ import annotations

from knowledge.subjects import Subject, family_of, find_markers, marked, names_another


def test_general_entries_are_families_of_their_own() -> None:
    assert (family_of("school.what"), family_of("general.privacy")) == ("school", "general.privacy")


def test_a_marker_is_used_often_and_within_one_family() -> None:
    messages = [("media.what", ("สื่ออาสา", "คือ")), ("media.join", ("สื่ออาสา", "สมัคร"))] * 3
    messages += [("school.what", ("โครงการ", "คือ")), ("event.register", ("สมัคร",))] * 3
    markers = find_markers(messages)
    assert markers["สื่ออาสา"][0] == "media"
    assert "คือ" not in markers
    assert "สมัคร" not in markers
    assert "โครงการ" not in markers


def test_words_only_out_of_scope_mark_nothing() -> None:
    assert find_markers([("-far", ("หวย",))] * 9) == {}


def test_marked_gives_the_most_telling_first() -> None:
    markers = {"ก": ("media", 1.0), "ข": ("media", 2.0), "ค": ("school", 3.0)}
    assert marked(("ก", "ข", "ค"), "media", markers) == ("ข", "ก")


def test_registering_is_no_other_subject_when_the_talk_is_of_a_programme() -> None:
    markers = {"ลงชื่อ": ("event", 1.0), "ศตจปชช": ("poverty", 1.0)}
    media = Subject("media.what", "media", ())
    centre = Subject("center.what", "center", ())
    programmes = frozenset({"media"})
    assert not names_another(("ลงชื่อ",), media, markers, open_families=programmes)
    assert names_another(("ลงชื่อ",), centre, markers, open_families=programmes)
    assert names_another(("ศตจปชช",), media, markers, open_families=programmes)
