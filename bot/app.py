"""The web application: Flask and its blueprints, nothing else."""

from __future__ import annotations

from flask import Flask, redirect
from werkzeug.wrappers import Response

from bot import logs, settings, wiring
from bot.backups import putting_back
from bot.console import pages as console
from bot.console.premises import Premises
from bot.faq.library import Library
from bot.line import limits
from bot.settings import LINE_API, Settings, SettingsRefused
from bot.storage import migrate
from bot.web import errors, health, metrics, public, webhook
from bot.web.guesses import Guesses
from bot.web.pages import Grounds


def create_app(given: Settings | None = None) -> Flask:
    """Reads the environment when no settings are given.

    Raises SettingsRefused, also while a restore is not through, or NotMigrated when the tables are not those of this
    release.
    """
    chosen = given or settings.read()
    refuse_unfit(chosen)
    logs.configure(level=chosen.log_level, as_json=chosen.log_format == "json")
    parts = wiring.assemble(chosen, threads=chosen.web_threads)
    migrate.require_current(parts.database)
    putting_back.require_finished(parts.database)
    app = Flask("civicbot", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = limits.WEBHOOK_BYTES
    library = Library(parts.database)
    grounds = Grounds(chosen, parts.database, parts.vault, library, Guesses(), line_id=chosen.line_basic_id)
    errors.install(app, pages={"/console": console.error_page, **public.error_pages(grounds)})
    ourselves = webhook.Ourselves(parts.database)
    inbox = wiring.inbox_of(parts)
    app.register_blueprint(webhook.blueprint(settings=chosen, inbox=inbox, vault=parts.vault, ourselves=ourselves))
    app.register_blueprint(health.blueprint(settings=chosen, database=parts.database))
    app.register_blueprint(metrics.blueprint(settings=chosen, database=parts.database))
    console.install(app, Premises(chosen, parts.database, parts.vault, library))
    public.install(app, grounds)
    _point_to_simulator(app, chosen)
    return app


def refuse_unfit(chosen: Settings) -> None:
    """Raises SettingsRefused when this process could not serve."""
    faults = list(chosen.missing_for_serving())
    if chosen.on_sqlite and not chosen.sqlite_parts:
        faults.append(
            "CIVICBOT_DATABASE_URL: `web` and `work` by themselves want postgresql://…; on SQLite use `civicbot run`,"
            " or set CIVICBOT_SQLITE_PARTS=true if you know that only one web process will run"
        )
    if faults:
        raise SettingsRefused(tuple(faults))


def _point_to_simulator(app: Flask, chosen: Settings) -> None:
    """`/simulator/` leads to the simulator's own address, while LINE is a simulator on this machine."""
    if chosen.line_api_url == LINE_API:
        return

    @app.get("/simulator/")
    def simulator() -> Response:
        return redirect(f"{chosen.line_api_url}/simulator/")
