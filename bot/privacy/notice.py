"""The privacy notice, made from the data map and the settings, so that it says what is true here."""

from __future__ import annotations

from dataclasses import dataclass

from bot.privacy import data_map, terms
from bot.privacy.data_map import Activity
from bot.settings import Settings

NOT_FOR_CITIZENS = frozenset({"running"})
"""Activities that hold nothing about anybody."""


@dataclass(frozen=True, slots=True)
class Section:
    """`rows` are labels with what belongs to them, several lines each."""

    title: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[str, ...]], ...] = ()
    level: int = 2


@dataclass(frozen=True, slots=True)
class Notice:
    title: str
    lead: str
    sections: tuple[Section, ...]
    version: str


def build(settings: Settings, *, language: str, centre: str, version: int) -> Notice:
    """`version` is the one that people were shown in the chat."""

    def say(key: str, **facts: object) -> str:
        return terms.say(language, f"notice.{key}", **facts)

    contact = settings.privacy_contact
    who = (
        say("who.controller", controller=settings.data_controller or centre),
        say("who.contact", contact=contact) if contact else say("who.no_contact"),
    )
    host = (say("where.host", host=settings.data_host),) if settings.data_host else ()
    rights = ("access", "erase", "withdraw", "correct", "restrict", "time", "complain")
    sections = (
        Section(say("short.title"), tuple(say(f"short.{number}") for number in (1, 2, 3))),
        Section(say("who.title"), who),
        Section(say("what.title")),
        *(_activity(one, language, settings) for one in data_map.load() if one.id not in NOT_FOR_CITIZENS),
        Section(say("where.title"), (say("where.line"), *host, say("where.sealed"), say("where.masked"))),
        Section(say("rights.title"), tuple(say(f"rights.{right}") for right in rights)),
        Section(say("minors.title"), (say("minors.text"),)),
        Section(say("backups.title"), (say("backups.text", days=settings.backup_keep_days),)),
    )
    return Notice(say("title"), say("lead", centre=centre), sections, say("version", version=version))


def _activity(activity: Activity, language: str, settings: Settings) -> Section:
    rows = [
        ("whose", (activity.whose[language],)),
        ("what", (activity.what[language],)),
        ("why", (activity.why[language],)),
        ("basis", (activity.basis[language],)),
        ("sensitive", (activity.sensitive[language],) if activity.sensitive else ()),
        ("kept", tuple(terms.kept_lines(activity, language, settings))),
        ("erased", (terms.on_erasure(activity, language),)),
        ("shared", (terms.shared_with(activity, language),)),
    ]
    titled = tuple((terms.say(language, f"notice.what.{name}"), lines) for name, lines in rows if lines)
    return Section(activity.name[language], rows=titled, level=3)


def as_markdown(notice: Notice) -> str:
    parts = [f"# {notice.title}", notice.lead]
    for section in notice.sections:
        parts.append(f"{'#' * section.level} {section.title}")
        parts += ["\n".join(f"- {line}" for line in section.lines)] if section.lines else []
        parts += (
            ["\n".join(f"- **{label}**: {'; '.join(lines)}" for label, lines in section.rows)] if section.rows else []
        )
    return "\n\n".join([*parts, notice.version]) + "\n"
