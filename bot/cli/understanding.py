"""`civicbot match` and `civicbot evaluate`: what the matcher makes of messages."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from bot import settings
from bot.cli import knowledge_source
from knowledge.catalogue import SHIPPED, Catalogue, ContentError, load_catalogue
from knowledge.cross_validation import FOLDS, cross_validate, join
from knowledge.decision import Decision
from knowledge.evaluation import BadLabels, Labelled, Report, Share, read_labelled
from knowledge.evaluation import evaluate as score
from knowledge.explanation import explain as explain_decision
from knowledge.matcher import Matcher

CONTENT = click.option(
    "--content",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A content folder to use in place of the published FAQ.",
)
SHOWN = 15
Item = TypeVar("Item")


class Unreadable(Exception):
    """A line of input is no message. The text says why."""


@dataclass(frozen=True)
class Message:
    text: str
    earlier: tuple[str, ...]


@click.command()
@click.option(
    "--context",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='What was said before, as JSON: {"turns": ["…", "…"]}.',
)
@CONTENT
@click.option("--explain", is_flag=True, help="Add how each decision came about.")
def match(context: Path | None, content: Path | None, *, explain: bool) -> None:
    """Read one message a line on standard input, write one decision a line as JSON.

    A line is plain text, or JSON with `text` or `turns` (a person's messages in order; the last is judged).
    Lines that cannot be read are reported on standard error, and the exit status is then 1.
    """
    before = _read_context(context)
    catalogue, matcher = _matcher(content)
    matcher.decide("สวัสดี")  # the first message pays for what is loaded on demand
    bad_lines = 0
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            message = read_message(line)
        except Unreadable as error:
            bad_lines += 1
            click.echo(f"line {number}: {error}", err=True)
            continue
        started = time.perf_counter()
        decision = matcher.decide(message.text, earlier=(*before, *message.earlier))
        milliseconds = (time.perf_counter() - started) * 1000
        plain = as_json(message.text, decision, milliseconds=milliseconds)
        if explain:
            plain["explain"] = _explained(matcher, catalogue, message.text, decision)
        _write(plain)
    if bad_lines:
        sys.exit(1)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE...")
@CONTENT
@click.option("--json", "as_text", flag_value=False, default=True, help="Everything, as JSON.")
@click.option("--held-out", is_flag=True, help=f"Score the content on its own messages, trained {FOLDS} times without.")
def evaluate(files: tuple[Path, ...], content: Path | None, *, as_text: bool, held_out: bool) -> None:
    """Score the matcher on labelled messages: JSON lines with `text` or `turns`, and `expect`."""
    if bool(files) == held_out:
        raise click.UsageError("Name files of labelled messages, or ask for --held-out.")
    report = _held_out(content) if held_out else _score_files(files, content)
    if as_text:
        _show(report)
    else:
        _write(report.plain())


def read_message(line: bytes) -> Message:
    """Raises Unreadable."""
    try:
        text = line.decode("utf-8").strip("\r\n").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Unreadable("this is not UTF-8 text") from error
    if not text.strip():
        raise Unreadable("the line is empty")
    return _message_of(_json(text)) if text.lstrip().startswith("{") else Message(text, ())


def as_json(text: str, decision: Decision, *, milliseconds: float) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "text": text,
        "decision": decision.kind,
        "entry": decision.entry,
        "candidates": [{"entry": candidate.entry, "score": candidate.score} for candidate in decision.candidates],
        "ms": round(milliseconds, 2),
    }
    if decision.also:
        plain["also"] = list(decision.also)
    if decision.refusal is not None:
        plain["kind"] = decision.refusal
    return plain


def _explained(matcher: Matcher, catalogue: Catalogue, text: str, decision: Decision) -> dict[str, Any]:
    return {
        "urgent": decision.urgent,
        **decision.explain(),
        **explain_decision(matcher, catalogue, text, decision).plain(),
    }


def _matcher(content: Path | None) -> tuple[Catalogue, Matcher]:
    """For a folder's content, or for the FAQ in force."""
    try:
        catalogue, model = knowledge_source.load(content, settings.read())
        return catalogue, Matcher(catalogue, model)
    except ContentError as error:
        raise click.ClickException(str(error)) from error


def _read_context(path: Path | None) -> tuple[str, ...]:
    if path is None:
        return ()
    try:
        message = _message_of(_json(path.read_text("utf-8-sig")))
    except (Unreadable, UnicodeDecodeError) as error:
        raise click.ClickException(f"{path}: {error}") from error
    return (*message.earlier, message.text)


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"this is not valid JSON ({error})") from error


def _message_of(plain: object) -> Message:
    if not isinstance(plain, dict) or ("text" in plain) == ("turns" in plain):
        raise Unreadable("the JSON must have `text` or `turns`")
    turns = plain["turns"] if "turns" in plain else [plain["text"]]
    if not isinstance(turns, list) or not turns or not all(isinstance(turn, str) for turn in turns):
        raise Unreadable("`text` must be a text and `turns` a list of texts, with at least one")
    if not turns[-1].strip():
        raise Unreadable("the message is empty")
    return Message(turns[-1], tuple(turns[:-1]))


def _score_files(files: tuple[Path, ...], content: Path | None) -> Report:
    labelled: list[Labelled] = []
    for path in files:
        try:
            labelled += read_labelled(path.read_text("utf-8-sig").splitlines(), source=str(path))
        except (BadLabels, UnicodeDecodeError) as error:
            raise click.ClickException(str(error)) from error
    if not labelled:
        raise click.ClickException("There is no labelled message in these files.")
    _, matcher = _matcher(content)
    with _progress(labelled) as items:
        return score(lambda text, earlier: matcher.decide(text, earlier=earlier), items)


def _held_out(content: Path | None) -> Report:
    try:
        catalogue = load_catalogue(content or SHIPPED)
    except ContentError as error:
        raise click.ClickException(str(error)) from error
    with _progress(cross_validate(catalogue), length=FOLDS) as reports:
        return join(list(reports))


def _progress(items: Iterable[Item], length: int | None = None) -> AbstractContextManager[Iterable[Item]]:
    """A progress bar on a terminal, nothing elsewhere."""
    return click.progressbar(items, length=length, file=sys.stderr, hidden=not sys.stderr.isatty())


def _show(report: Report) -> None:
    figures = report.figures()
    for name, share in figures.items():
        if share.total:
            click.echo(f"{name:13} {_share(share)}")
    for title, groups in (("style", report.by_style()), ("topic", report.by_topic())):
        click.echo(f"\nby {title}")
        for name, shares in groups.items():
            shown = " · ".join(f"{key} {share.value:.3f}" for key, share in shares.items() if share.total)
            total = max(share.total for share in shares.values())
            click.echo(f"  {name:32} {total:4}  {shown}")
    if report.confusions():
        click.echo("\nworst confusions")
        for expected, answered, times in report.confusions()[:SHOWN]:
            click.echo(f"  {times:3} × {expected} was answered with {answered}")


def _share(share: Share) -> str:
    low, high = share.interval
    return f"{share.value:.3f}  (95 %: {low:.3f} to {high:.3f})  {share.hits} of {share.total}"


def _write(plain: dict[str, Any]) -> None:
    """One line of JSON, at once, in UTF-8 whatever the locale."""
    try:
        data = json.dumps(plain, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair, from JSON escapes
        data = json.dumps(plain).encode()
    sys.stdout.buffer.write(data + b"\n")
    sys.stdout.buffer.flush()
