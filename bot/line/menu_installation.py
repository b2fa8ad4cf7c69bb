"""Putting the rich menu up at LINE, and taking it down. People see a finished menu at every moment, and a command that
was broken off can be given again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus

from bot.line.failures import words_of
from bot.line.menus import RichMenus
from bot.line.rich_menu import NAME_BEGINS, RichMenu, define
from bot.messages import DeliveryFailed, Failure

ALIAS = "civicbot-main"
"""A name that stays the same whichever menu stands: what a button that switches menus refers to."""


class NotInstalled(Exception):
    """LINE did not do as it was asked. The message says which step failed, why, and what is shown now."""


@dataclass(frozen=True, slots=True)
class Installed:
    """What an installation came to. `new` is false where the same menu stood already."""

    menu_id: str
    new: bool
    alias_moved: bool
    removed: int
    """How many earlier menus of ours were taken away."""


@dataclass(frozen=True, slots=True)
class _Found:
    ours: Mapping[str, str]
    """Names by ids."""
    default: str | None
    alias: str | None

    def stands(self, name: str) -> str | None:
        """The id of the default menu, where it is the one of that name."""
        return self.default if self.default is not None and self.ours.get(self.default) == name else None


def install(line: RichMenus, menu: RichMenu, picture: bytes, *, force: bool = False) -> Installed:
    """Makes the menu everyone's, then removes the earlier ones of ours. Where it stands already, it is left alone, and
    only what an installation that was broken off left to do is done; with `force` it is made anew.

    Raises MenuRefused before LINE is asked, NotInstalled after. Menus of others, and those that were made in the
    account's own manager, are not touched.
    """
    definition = define(menu, picture)
    before = _look(line)
    standing = before.stands(definition["name"])
    menu_id = standing if standing is not None and not force else _put_up(line, definition, picture)
    alias_moved = before.alias != menu_id
    if alias_moved:
        with _step("giving the menu its alias", shown="the menu is shown already"):
            point = line.make_rich_menu_alias if before.alias is None else line.point_rich_menu_alias
            point(ALIAS, menu_id)
    earlier = [each for each in before.ours if each != menu_id]
    with _step("removing the earlier menus", shown="the menu is shown already"):
        for each in earlier:
            _delete(line, each)
    return Installed(menu_id, new=menu_id != standing, alias_moved=alias_moved, removed=len(earlier))


def remove(line: RichMenus) -> int:
    """Takes every menu of ours away; how many those were. Raises NotInstalled."""
    before = _look(line)
    with _step("removing the menu", shown="it may still be shown"):
        if before.default in before.ours:
            line.cancel_default_rich_menu()
        if before.alias is not None:
            line.delete_rich_menu_alias(ALIAS)
        for each in before.ours:
            _delete(line, each)
    return len(before.ours)


def _look(line: RichMenus) -> _Found:
    with _step("looking at the menus that are there", shown="nothing was changed"):
        ours = {each: name for each, name in line.list_rich_menus().items() if name.startswith(NAME_BEGINS)}
        return _Found(ours, line.find_default_rich_menu(), line.find_rich_menu_alias(ALIAS))


def _put_up(line: RichMenus, definition: dict[str, object], picture: bytes) -> str:
    unchanged = "what people saw before is unchanged"
    with _step("checking the menu", shown=unchanged):
        line.validate_rich_menu(definition)
    with _step("making the menu", shown=unchanged):
        menu_id = line.create_rich_menu(definition)

    def take_back() -> None:
        with suppress(DeliveryFailed):  # the next installation removes it
            line.delete_rich_menu(menu_id)

    with _step("uploading its picture", shown=unchanged, undo=take_back):
        line.upload_rich_menu_picture(menu_id, picture, content_type="image/png")
    with _step("showing it to everyone", shown=unchanged, in_doubt="it may be shown already", undo=take_back):
        line.set_default_rich_menu(menu_id)
    return menu_id


def _delete(line: RichMenus, menu_id: str) -> None:
    try:
        line.delete_rich_menu(menu_id)
    except DeliveryFailed as failed:
        if failed.status != HTTPStatus.NOT_FOUND:  # somebody else has removed it
            raise


@contextmanager
def _step(
    what: str, *, shown: str, in_doubt: str | None = None, undo: Callable[[], None] | None = None
) -> Iterator[None]:
    """Where it is unknown whether LINE did it and `in_doubt` says what that would mean, nothing is undone."""
    try:
        yield
    except DeliveryFailed as failed:
        doubtful = failed.failure is Failure.AMBIGUOUS and in_doubt is not None
        if undo is not None and not doubtful:
            undo()
        raise NotInstalled(f"{what} failed: {explain(failed)}\n{in_doubt if doubtful else shown}") from failed


def explain(failed: DeliveryFailed) -> str:
    """A failure in words for whoever gave the command."""
    match failed.failure:
        case Failure.UNAUTHORISED:
            return "LINE does not accept LINE_CHANNEL_ACCESS_TOKEN; issue a new one in LINE's console"
        case Failure.UNREACHABLE:
            return f"LINE cannot be reached ({failed.detail}); is LINE_API_URL right, and this machine on the network?"
        case Failure.AMBIGUOUS:
            return f"LINE gave no clear answer ({failed.detail}); give the command again"
        case Failure.RATE_LIMITED:
            return "LINE takes no more requests for now; for menus it allows a hundred an hour"
        case _:
            words = words_of(failed)
            return f"LINE refused it ({failed.detail}{': ' + words if words else ''})"
