"""`civicbot menu`: the menu under the chat."""

from __future__ import annotations

from pathlib import Path

import click

from bot import logs, settings, wiring
from bot.line import menu_installation, menu_picture
from bot.line.menu_installation import Installed, NotInstalled
from bot.line.menus import RichMenus
from bot.line.rich_menu import MenuRefused
from bot.settings import Settings, SettingsRefused

SEEN = "People see it when they next open the chat."


@click.group()
def menu() -> None:
    """The menu under the chat: look at it, install it at LINE, remove it."""


@menu.command()
@click.option("--language", type=click.Choice(["th", "en"]), default="th", show_default=True)
@click.option("--force", is_flag=True, help="Install it anew, even if the same menu is there.")
def install(*, language: str, force: bool) -> None:
    """Install the menu for everyone, in place of the one that this command installed before.

    Needs LINE_CHANNEL_ACCESS_TOKEN, and the same CIVICBOT_SECRET_KEY as the bot: it signs the buttons. Menus made in
    LINE Official Account Manager are left alone; while ours is there, it goes before them.
    """
    chosen = _settings("CIVICBOT_SECRET_KEY", "LINE_CHANNEL_ACCESS_TOKEN")
    try:
        drawn = menu_picture.draw(wiring.menu_tiles_in(language))
        made = wiring.rich_menu_of(chosen, language=language)
        done = menu_installation.install(_line(chosen), made, drawn, force=force)
    except (MenuRefused, NotInstalled) as error:
        raise click.ClickException(str(error)) from error
    click.echo(_told(done))


@menu.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--language", type=click.Choice(["th", "en"]), default="th", show_default=True)
def preview(file: Path, *, language: str) -> None:
    """Write the menu's picture into FILE (.png), without LINE and without settings."""
    if file.suffix.lower() != ".png":
        raise click.UsageError(f"{file} would hold a PNG: let its name end with .png")
    try:
        drawn = menu_picture.draw(wiring.menu_tiles_in(language))
        file.write_bytes(drawn)
    except MenuRefused as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}") from error
    click.echo(f"{file}: {len(drawn)} bytes")


@menu.command()
def remove() -> None:
    """Remove the menu that `menu install` put up, and everything that is left of earlier ones."""
    chosen = _settings("LINE_CHANNEL_ACCESS_TOKEN")
    try:
        count = menu_installation.remove(_line(chosen))
    except NotInstalled as error:
        raise click.ClickException(str(error)) from error
    click.echo("The menu is removed." if count else "There was no menu of ours; nothing was changed.")


def _settings(*needed: str) -> Settings:
    """Raises SettingsRefused where one of these is not set."""
    chosen = settings.read()
    unset = tuple(fault for fault in chosen.missing_for_serving() if fault.partition(":")[0] in needed)
    if unset:
        raise SettingsRefused(unset)
    return chosen


def _line(chosen: Settings) -> RichMenus:
    logs.configure(level="WARNING", as_json=False)
    return wiring.gateway_of(chosen).menus


def _told(done: Installed) -> str:
    earlier = f" {done.removed} earlier {'menu was' if done.removed == 1 else 'menus were'} removed."
    earlier = earlier if done.removed else ""
    if done.new:
        return f"The menu is installed. {SEEN}{earlier}"
    if done.removed or done.alias_moved:
        alias = " Its alias was set." if done.alias_moved else ""
        return f"The menu was there already; what an earlier installation had left was tidied up.{alias}{earlier}"
    return "The menu is already installed just like this; nothing was changed. --force installs it anew."
