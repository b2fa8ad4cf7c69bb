"""The commands' contract: what stands on standard output and error, and the exit status."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli.faq import faq
from bot.cli.understanding import evaluate, match
from bot.faq.library import load_first_version
from bot.storage import migrate
from bot.storage.engine import open_database
from tests.knowledge.content import write_content


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_content(tmp_path_factory.mktemp("cli") / "content")


def run_match(content: Path, data: Path, lines: str | bytes, *options: str) -> Result:
    given = lines.encode() if isinstance(lines, str) else lines
    arguments = ["--content", str(content), *options]
    return CliRunner(env={"CIVICBOT_DATA_DIR": str(data)}).invoke(match, arguments, input=given)


def decisions(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_match_writes_one_json_a_line(content: Path, data: Path) -> None:
    result = run_match(content, data, 'ศูนย์เปิดกี่โมง\n{"text": "อยากไปร่วมเวที"}\n')
    assert (result.exit_code, result.stderr) == (0, "")
    first, second = decisions(result)
    assert list(first) == ["text", "decision", "entry", "candidates", "ms"]
    assert (first["text"], first["decision"], first["entry"]) == ("ศูนย์เปิดกี่โมง", "answer", "center.hours")
    assert first["candidates"][0].keys() == {"entry", "score"}
    assert first["ms"] >= 0
    assert second["entry"] == "forum.join"


def test_match_judges_the_last_of_turns(content: Path, data: Path) -> None:
    line = json.dumps({"turns": ["ศูนย์เปิดกี่โมง", "อยากไปร่วมเวที"]})
    (decision,) = decisions(run_match(content, data, line))
    assert (decision["text"], decision["entry"]) == ("อยากไปร่วมเวที", "forum.join")


def test_match_reads_a_context(content: Path, data: Path, tmp_path: Path) -> None:
    context = tmp_path / "context.json"
    context.write_text('{"turns": ["สวัสดี", "ศูนย์เปิดกี่โมง"]}', "utf-8")
    (decision,) = decisions(run_match(content, data, "วันอาทิตย์ล่ะ", "--context", str(context), "--explain"))
    assert decision["explain"]["subject"]["entry"] == "center.hours"


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"turns": []}', '{"turns": [1]}', '{"text": ""}', '{"text": "a", "turns": ["b"]}']
)
def test_match_refuses_a_context_that_is_none(content: Path, data: Path, tmp_path: Path, text: str) -> None:
    context = tmp_path / "context.json"
    context.write_text(text, "utf-8")
    result = run_match(content, data, "ก", "--context", str(context))
    assert (result.exit_code, result.stdout) == (1, "")
    assert str(context) in result.stderr


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"", "empty"),
        (b"   ", "empty"),
        (b"{bad", "not valid JSON"),
        (b'{"words": "a"}', "`text` or `turns`"),
        (b'{"text": 3}', "must be a text"),
        (b'{"turns": []}', "at least one"),
        (b"\xff\xfe", "UTF-8"),
    ],
)
def test_match_reports_a_bad_line_and_goes_on(content: Path, data: Path, line: bytes, words: str) -> None:
    good = "ศูนย์เปิดกี่โมง".encode()
    result = run_match(content, data, good + b"\n" + line + b"\n" + good + b"\n")
    assert result.exit_code == 1
    assert len(decisions(result)) == 2
    assert result.stderr.startswith("line 2: ")
    assert words in result.stderr


def test_match_names_refusals_and_crises(content: Path, data: Path) -> None:
    abuse, crisis = decisions(run_match(content, data, "ไอ้บอตโง่\nอยากตาย\n"))
    assert (abuse["decision"], abuse["kind"]) == ("fallback", "abuse")
    assert (crisis["decision"], crisis["entry"]) == ("answer", "general.crisis")


def test_match_survives_half_a_surrogate_pair(content: Path, data: Path) -> None:
    (decision,) = decisions(run_match(content, data, '{"text": "\\ud800"}'))
    assert decision["decision"] == "fallback"


def test_match_trains_once_and_mends_a_spoilt_model(content: Path, data: Path) -> None:
    run_match(content, data, "ก")
    (model,) = (data / "models").iterdir()
    before = model.stat().st_mtime_ns
    run_match(content, data, "ก")
    assert model.stat().st_mtime_ns == before
    model.write_bytes(b"spoilt")
    assert run_match(content, data, "ศูนย์เปิดกี่โมง").exit_code == 0
    assert model.stat().st_size > 1_000


def test_match_prefers_the_published_faq(content: Path, tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/civicbot.db")
    migrate.upgrade(database)
    load_first_version(database, now=datetime(2026, 1, 1, tzinfo=UTC), folder=content)
    database.dispose()
    result = CliRunner(env={"CIVICBOT_DATA_DIR": str(tmp_path)}).invoke(match, [], input="อยากไปร่วมเวที")
    (decision,) = decisions(result)
    assert {candidate["entry"] for candidate in decision["candidates"]} == {
        "center.hours",
        "forum.join",
        "general.crisis",
    }


def test_match_tells_the_faults_of_bad_content(data: Path, tmp_path: Path) -> None:
    result = run_match(tmp_path, data, "ก")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "There are no topics" in result.stderr


def run_evaluate(content: Path, data: Path, *arguments: str) -> Result:
    return CliRunner(env={"CIVICBOT_DATA_DIR": str(data)}).invoke(evaluate, ["--content", str(content), *arguments])


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "labelled.jsonl"
    rows = [
        {"id": "1", "text": "ศูนย์เปิดกี่โมง", "expect": ["center.hours"], "style": "plain"},
        {"id": "2", "turns": ["สวัสดี", "หวยออกอะไร"], "expect": [], "kind": "oos"},
        {"id": "3", "text": "อยากไปร่วมเวที", "expect": ["center.hours"], "style": "plain"},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return path


def test_evaluate_gives_the_four_figures_as_json(content: Path, data: Path, labelled: Path) -> None:
    result = run_evaluate(content, data, str(labelled), "--json")
    assert result.exit_code == 0
    plain = json.loads(result.stdout)
    assert plain["figures"]["right"] | {"low": 0, "high": 0} == {
        "value": 0.5,
        "low": 0,
        "high": 0,
        "hits": 1,
        "total": 2,
    }
    assert plain["figures"]["wrong"]["hits"] == 1
    assert plain["figures"]["false_answer"]["hits"] == 0
    assert plain["confusions"] == [{"expected": "center.hours", "answered": "forum.join", "times": 1}]
    assert set(plain["by_style"]) == {"plain", "oos"}


def test_evaluate_shows_the_figures_with_their_intervals(content: Path, data: Path, labelled: Path) -> None:
    result = run_evaluate(content, data, str(labelled))
    assert result.stdout.splitlines()[0].startswith("right         0.500  (95 %: 0.095 to 0.905)")
    assert "center.hours was answered with forum.join" in result.stdout


def test_evaluate_names_the_bad_line(content: Path, data: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"text": "ก", "expect": []}\n{"text"', "utf-8")
    result = run_evaluate(content, data, str(path))
    assert result.exit_code == 1
    assert f"{path}:2" in result.stderr


def test_evaluate_wants_files_or_held_out(content: Path, data: Path) -> None:
    assert run_evaluate(content, data).exit_code == 2


def test_evaluate_held_out_scores_the_content_on_itself(content: Path, data: Path) -> None:
    plain = json.loads(run_evaluate(content, data, "--held-out", "--json").stdout)
    assert plain["figures"]["right"]["total"] == 36


def test_check_of_the_shipped_content_passes() -> None:
    result = CliRunner().invoke(faq, ["check"])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].endswith("nothing to mend.")


def test_check_tells_every_fault(tmp_path: Path) -> None:
    folder = write_content(tmp_path / "content")
    (folder / "pack.yaml").unlink()
    (folder / "faq" / "forum.join.yaml").write_text("id: forum.join\nid: again\n", "utf-8")
    result = CliRunner().invoke(faq, ["check", str(folder)])
    assert result.exit_code == 1
    assert "faq/forum.join.yaml:2: The key 'id' stands twice" in result.stdout
    assert "pack.yaml: The file cannot be read" in result.stdout
    assert "faults to mend." in result.stdout.splitlines()[-1]
