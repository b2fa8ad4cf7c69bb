"""`civicbot faq`: the FAQ as files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from knowledge.catalogue import SHIPPED, check_content, load_catalogue


@click.group()
def faq() -> None:
    """The FAQ as files."""


@faq.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path), default=SHIPPED)
def check(directory: Path) -> None:
    """Say everything that is wrong with a content folder, by file and line, and how to mend it.

    Without a folder the shipped content is checked. The exit status is 1 when something must be mended; warnings may
    stay.
    """
    faults = check_content(directory)
    for fault in faults:
        click.echo(str(fault))
    serious = sum(not fault.warning for fault in faults)
    if serious:
        click.echo(f"{serious} {'fault' if serious == 1 else 'faults'} to mend.")
        sys.exit(1)
    catalogue = load_catalogue(directory)
    variants = sum(len(entry.variants) for entry in catalogue.entries.values())
    click.echo(f"{len(catalogue.entries)} topics with {variants} variants: nothing to mend.")
