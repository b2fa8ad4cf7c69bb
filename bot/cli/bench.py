"""`bench NAME`: the project's own benchmarks."""

from __future__ import annotations

import click


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
