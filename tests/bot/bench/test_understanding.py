from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.bench import ablation, findings, page, understanding
from bot.bench.curves import Bin, Figures, calibration_error, reliability
from bot.bench.findings import HELD_OUT, Results
from bot.bench.plots import Axis, Line, Panel, draw, total_height
from bot.bench.replacing import replaced
from bot.bench.understanding import QUICK, read_sources, run, write
from knowledge import matcher, training
from knowledge.catalogue import load_catalogue
from knowledge.decision import Candidate, Decision
from knowledge.evaluation import Judged, Labelled
from tests.architecture.source import ROOT
from tests.knowledge.content import write_content

PAGE = ROOT / "docs" / "matching.md"
SVG = "{http://www.w3.org/2000/svg}"
OPEN = [
    {"id": "open1", "text": "ศูนย์เปิดกี่โมงคะ", "expect": ["center.hours"], "style": "plain"},
    {"id": "open2", "text": "พรุ่งนี้ฝนจะตกไหม", "expect": [], "style": "plain"},
    {"id": "open3", "text": "ศูนย์อยู่ตรงไหน", "expect": ["center.location"], "style": "short"},
]
BLIND = [
    {"id": "secret1", "text": "ร้านทองเปิดกี่โมง", "expect": ["center.hours"], "style": "plain"},
    {"id": "secret2", "text": "มีเวทีที่ไหนบ้าง", "expect": ["general.thanks"], "style": "plain"},
]
CONVERSATION = [{"id": "talk1", "turns": ["เวทีแลกเปลี่ยนเรียนรู้คืออะไร", "แล้วสมัครยังไง"], "expect": ["forum.join"]}]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    (folder / "matching.md").write_text(PAGE.read_text("utf-8"), "utf-8")
    for name, messages in {"open": OPEN, "some-blind": BLIND, "talks": CONVERSATION}.items():
        lines = "\n".join(json.dumps(message, ensure_ascii=False) for message in messages)
        (folder / f"{name}.jsonl").write_text(lines, "utf-8")
    return folder


@pytest.fixture(scope="module")
def results(folder: Path) -> Results:
    files = [folder / f"{name}.jsonl" for name in ("open", "some-blind", "talks")]
    return run(QUICK, read_sources(files), lambda step: None)


@pytest.fixture(scope="module")
def made(folder: Path, results: Results) -> Mapping[str, str]:
    return write(folder, results)


def all_figures(results: Results) -> list[Figures]:
    rows = [figures for row in (*results.parts, *results.conversations) for figures in row.figures.values()]
    curves = [curve for item in results.measured for curve in (item.sure, item.asking)]
    return [*rows, *(figures for curve in curves for figures in curve.values())]


def test_figures_agree_with_each_other(results: Results) -> None:
    for figures in all_figures(results):
        assert figures["right"].hits <= figures["helped"].hits
        assert figures["helped"].hits + figures["wrong"].hits <= figures["wrong"].total
        assert figures["false_answer"].hits + figures["asked"].hits <= figures["asked"].total


def test_every_message_of_the_content_is_held_out_once(results: Results) -> None:
    held_out = results.measured[0].report
    names = [item.labelled.text for item in held_out.judged if item.labelled.expect]
    assert len(names) == sum(len(set(entry.variants)) for entry in results.content.entries.values())
    assert sum(part.messages for part in reliability(held_out.judged)) <= len(held_out.judged)


def test_the_threshold_in_force_gives_the_figures_of_the_report(results: Results) -> None:
    for item in results.measured:
        assert item.sure[matcher.SURE] == item.report.figures() == item.asking[matcher.WORTH_ASKING]
    held_out = results.measured[0].sure
    right = [held_out[value]["right"].hits for value in sorted(held_out)]
    assert right == sorted(right, reverse=True)
    assert right[0] > right[-1]


def test_removing_a_part_changes_the_model(results: Results) -> None:
    rows = {row.name: row for row in results.parts}
    whole = rows[ablation.WHOLE]
    views = [row for name, row in rows.items() if name.startswith("view")]
    assert len(views) == 3
    assert sum(whole.weights - row.weights for row in views) == whole.weights


def test_a_model_without_a_part_is_another_model(tmp_path: Path) -> None:
    catalogue = load_catalogue(write_content(tmp_path))
    whole = training.train(catalogue)
    idle = {f"lexicon: {group}" for group in ("abbreviations", "northern", "misspellings", "english")}  # none in here
    for part in ablation.parts():
        with replaced(*part.changes):
            model = training.train(part.catalogue(catalogue))
        same = model.weights.shape == whole.weights.shape and bool((model.weights == whole.weights).all())
        assert same == (part.name in idle or not part.trained), part.name


def test_a_share_of_the_content_is_evenly_taken(results: Results) -> None:
    some = understanding.thin(results.content, 0.5)
    for name, entry in some.entries.items():
        whole = results.content.entries[name].variants
        assert set(entry.variants) <= set(whole)
        assert len(whole) / 2 <= len(entry.variants) <= len(whole) / 2 + 1
    assert understanding.thin(results.content, 1.0) == results.content
    assert all(understanding.thin(results.content, 0.0001).out_of_scope.values())
    assert results.parts_trained_on <= QUICK.most_for_parts + len(results.content.entries) + 6


def test_gains_and_losses_make_up_the_difference(results: Results) -> None:
    whole = results.parts[0].figures[HELD_OUT]["right"].hits
    for row in results.parts:
        assert row.figures[HELD_OUT]["right"].hits - whole == row.gained - row.lost


def test_the_plain_score_gives_no_more_false_answers(results: Results) -> None:
    whole, plain = results.parts[0].figures[HELD_OUT], results.parts[-1].figures[HELD_OUT]
    assert plain["false_answer"].hits <= whole["false_answer"].hits
    assert plain["asked"].hits <= whole["asked"].hits


def test_blind_files_guide_no_choice_of_parts(results: Results) -> None:
    assert {name for row in results.parts for name in row.figures} == {HELD_OUT, "open"}
    assert {name for row in results.conversations for name in row.figures} == {"talks"}


def test_the_page_is_made_anew_and_its_prose_stays(folder: Path, made: Mapping[str, str]) -> None:
    before, after = PAGE.read_text("utf-8"), (folder / "matching.md").read_text("utf-8")
    assert without_made(after) == without_made(before)
    assert all(part.strip() in after for part in made.values())
    assert page.refresh(after, made) == after


def without_made(text: str) -> list[str]:
    return re.split(r"(?s)<!-- made by .*?<!-- end -->", text)


def test_nothing_is_told_of_a_message_in_a_blind_file(folder: Path, made: Mapping[str, str]) -> None:
    told = "\n".join([*made.values(), *(file.read_text("utf-8") for file in folder.glob("*.svg"))])
    assert "some-blind" in told
    assert "some-blind" not in made["topics"] + made["confusions"] + made["parts"]
    assert not any(message[key] in told for message in (*OPEN, *BLIND) for key in ("id", "text"))


def test_every_drawing_of_the_page_is_made_and_lies_within_its_frame(folder: Path, made: Mapping[str, str]) -> None:
    assert made
    names = re.findall(r"!\[[^]]+]\(([\w-]+\.svg)\)", PAGE.read_text("utf-8"))
    assert sorted(names) == sorted(file.name for file in folder.glob("*.svg"))
    for name in names:
        root = ElementTree.fromstring((folder / name).read_text("utf-8"))
        width, height = map(float, root.attrib["viewBox"].split()[2:])
        lines = root.findall(f"{SVG}polyline")
        assert lines
        points = [pair.split(",") for line in lines for pair in line.attrib["points"].split()]
        assert all(0 <= float(x) <= width and 0 <= float(y) <= height for x, y in points)


def test_panels_stand_below_each_other() -> None:
    axis = Axis("x", 0, 1, 0.5)
    panel = Panel("A & B", [Line("one", [(0, 0), (1, 1)], [(0.5, 7)])], axis, axis, marked=0.5, diagonal=True)
    picture = draw([panel, panel])
    assert f'viewBox="0 0 400 {2 * total_height(panel)}"' in picture
    assert "A &amp; B" in picture
    assert picture.count(">in force: 0.5<") == picture.count(">7<") == 2
    with pytest.raises(ValueError, match="6 lines"):
        draw([Panel("", [Line(str(number), []) for number in range(6)], axis, axis)])


def test_likelihoods_are_compared_with_what_was_right() -> None:
    bins = reliability([judged(0.93, right=True), judged(0.97, right=False), judged(0.2, right=False), judged(1.0)])
    assert bins[9] == Bin(0.9, 3, 2, pytest.approx((0.93 + 0.97 + 1.0) / 3))
    assert [part.messages for part in bins] == [0, 0, 1, 0, 0, 0, 0, 0, 0, 3]
    assert calibration_error(bins) == pytest.approx((0.2 + (0.93 + 0.97 + 1.0 - 2)) / 4)
    assert calibration_error(reliability([])) == 0


def judged(score: float, *, right: bool = True) -> Judged:
    decision = Decision("answer", "a", (Candidate("a", score),))
    return Judged(Labelled("", "", (), ("a",) if right else (), ""), decision, "right" if right else "false answer")


def test_a_page_without_the_right_places_is_refused() -> None:
    text = "Prose.\n<!-- made by us: one -->\nold\n<!-- end -->\nMore.\n"
    assert page.refresh(text, {"one": "new"}) == text.replace("old", "\nnew\n")
    with pytest.raises(ValueError, match="two"):
        page.refresh(text, {"one": "new", "two": "new"})


def test_constants_are_put_back_after_an_error() -> None:
    before = matcher.SURE
    with pytest.raises(KeyError), replaced((matcher, "SURE", 0.9)):
        assert matcher.SURE == 0.9
        raise KeyError
    assert before == matcher.SURE
    with pytest.raises(AttributeError), replaced((matcher, "NO_SUCH_NAME", 1)):
        pass


def test_the_lowest_fine_score_is_found() -> None:
    assert ablation.lowest(lambda score: score >= 0.7) == pytest.approx(0.7, abs=0.01)


def test_the_command_needs_its_page_and_names_that_differ(
    folder: Path, results: Results, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(understanding, "run", lambda *arguments: results)
    understanding.main([str(folder), "--quick", str(folder / "open.jsonl")])
    assert f"## {next(iter(findings.sections(results)))}" in capsys.readouterr().out
    for arguments in ([str(folder / "nowhere")], [str(folder), *[str(folder / "open.jsonl")] * 2]):
        with pytest.raises(SystemExit):
            understanding.main(arguments)
