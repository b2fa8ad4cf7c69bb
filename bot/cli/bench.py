"""`bench NAME`: the project's own benchmarks."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.bench.match import Result


@click.group()
def bench() -> None:
    """Measure civicbot beside a yardstick, in the same run, on this machine."""


@bench.command()
@click.option("--seconds", type=click.FloatRange(1, 120), default=6.0, show_default=True, help="Length of a round.")
def webhook(seconds: float) -> None:
    """Acknowledged webhooks a second: a bare route, one that verifies and inserts, and ours."""
    from bot.bench.webhook import run  # noqa: PLC0415 - Flask and LINE's SDK, slow to import

    figures = run(seconds=seconds)
    ours = figures[-1]
    click.echo(f"{'':20}{'a second':>10}{'p50 ms':>9}{'p99 ms':>9}   ours beside it")
    for figure in figures:
        ratio = f"{ours.a_second / figure.a_second:.2f}" if figure is not ours else ""
        click.echo(f"{figure.kind:20}{figure.a_second:>10.0f}{figure.p50_ms:>9.1f}{figure.p99_ms:>9.1f}   {ratio}")


@bench.command()
@click.option("--quick", is_flag=True, help="Small made-up contents only: seconds, and no figures to quote.")
def match(*, quick: bool) -> None:
    """Speed, memory and recall of the matcher beside two of BM25; some six minutes."""
    from bot.bench.match import QUICK, WHOLE, run  # noqa: PLC0415 - numpy and scikit-learn, slow to import

    try:
        results = run(QUICK if quick else WHOLE, _progress)
    except ModuleNotFoundError as error:
        raise click.ClickException(f"{error.name} is missing: install civicbot with its test extra.") from error
    _progress("")
    for result in results:
        _show_match(result)


@bench.command()
@click.option("--registrations", type=click.IntRange(50, 100_000), default=2000, show_default=True, help="In a round.")
@click.option(
    "--postgresql", envvar="CIVICBOT_DATABASE_URL", metavar="URL",
    help="A server on which a database may be made, and is removed again. Unset: CIVICBOT_DATABASE_URL, else none.",
)  # fmt: skip
def registration(registrations: int, postgresql: str | None) -> None:
    """Registrations a second, beside bare guarded inserts: on SQLite, and on PostgreSQL where one is there."""
    from bot.bench.registration import run  # noqa: PLC0415 - the database, slow to import

    server = postgresql if postgresql and postgresql.startswith("postgresql") else None
    figures = run(registrations=registrations, postgresql=server)
    click.echo(f"{'a second, median of 3':24}{'civicbot':>10}{'guarded inserts':>17}   ours beside it")
    for figure in figures:
        click.echo(f"{figure.database:24}{figure.civicbot:>10.0f}{figure.bare:>17.0f}   {figure.ratio:.2f}")
    if server is None:
        click.echo("PostgreSQL: left out; name a server with --postgresql URL")


def _progress(line: str) -> None:
    """One line that is written over, on a terminal only."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{line}", nl=False, err=True)


def _show_match(result: Result) -> None:
    ours = result.figures[0]
    click.echo(f"\n{result.corpus}: {result.entries} entries, {result.messages} variants")
    click.echo(f"{'':20}{'build s':>9}{'p50 ms':>9}{'p99 ms':>9}{'recall@1':>10}   faster by, recall beside ours")
    for figure in result.figures:
        beside = f"{figure.p50_ms / ours.p50_ms:.1f}, {figure.recall - ours.recall:+.3f}" if figure is not ours else ""
        times = f"{figure.build_seconds:>9.1f}{figure.p50_ms:>9.2f}{figure.p99_ms:>9.2f}"
        click.echo(f"{figure.kind:20}{times}{figure.recall:>10.3f}   {beside}")
    memory = result.memory
    steps = ", ".join(f"{name} {megabytes:.0f}" for name, megabytes in memory.steps.items())
    click.echo(f"memory: the matcher adds {memory.added:.0f} MB to Python with numpy (resident MB after: {steps})")
    click.echo(f"a stored model: {memory.stored:.1f} MB, opened in {memory.opening_seconds:.2f} s")
