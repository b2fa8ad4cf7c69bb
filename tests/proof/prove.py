"""`python3 bootstrap.py prove`: the proofs in full size, and their dated tables in `docs/proof/`."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from bot import clock
from bot.bench import plots
from tests import servers
from tests.bot.simulator.desk import TOKEN, running_simulator
from tests.contracts.broken_renderers import BROKEN, broken
from tests.proof import announcing, announcing_words
from tests.proof.announcing import run_announcing, run_broken
from tests.proof.announcing_counting import Count
from tests.proof.announcing_past import PastFigures, run_past
from tests.proof.announcing_speed import SIZES, SpeedFigures, panels, run_speed
from tests.proof.contracting import count_until_noticed, run_contract, run_over_http, sdk_client
from tests.proof.crashing import run_crashes
from tests.proof.loading import run_load
from tests.proof.registering import Size, run_registering

DOCS = Path(__file__).resolve().parents[2] / "docs" / "proof"


def table(rows: Mapping[str, Mapping[str, object]]) -> str:
    """Columns are runs, rows are figures."""
    names = list(rows)
    figures = list(next(iter(rows.values())))
    lines = [f"| | {' | '.join(names)} |", f"| --- |{' --- |' * len(names)}"]
    lines += [
        f"| {figure.replace('_', ' ')} | {' | '.join(str(rows[name][figure]) for name in names)} |"
        for figure in figures
    ]
    return "\n".join(lines)


def write(name: str, title: str, how: str, body: str) -> None:
    DOCS.mkdir(parents=True, exist_ok=True)
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    day = clock.bangkok_date(clock.now()).isoformat()
    text = f"# {title}\n\n{how}\n\nMeasured on {day}; {machine}; shared with others.\n\n{body}\n"
    (DOCS / f"{name}.md").write_text(text, encoding="utf-8")
    print(text)


def prove_load(databases: Mapping[str, str], folder: Path) -> None:
    rows = {}
    for name, on in databases.items():
        rows[f"{name}, 200 a second for 60 s"] = asdict(run_load(folder / f"{name}-200", on=on, rate=200, seconds=60))
        rows[f"{name}, 50 a second for 60 s"] = asdict(run_load(folder / f"{name}-50", on=on, rate=50, seconds=60))
    write(
        "load",
        "Load: signed events at a steady rate",
        "Events of 2,000 people arrive at the webhook at a fixed rate, whatever the answers take. The worker, the"
        " simulator and the load itself share the machine's cores. A reply's time counts from the moment at which its"
        " event is sent to LINE's acceptance of the answer. `lost` counts events that were answered 200 and are not in"
        " the database.",
        table(rows),
    )


def prove_crashes(databases: Mapping[str, str], folder: Path, kills: int) -> None:
    rows = {}
    for name, on in databases.items():
        rows[name] = asdict(run_crashes(folder / f"{name}-crash", on=on, kills=kills))
    rows["sqlite, dedupe taken out"] = asdict(
        run_crashes(folder / "no-dedupe", on="sqlite", kills=max(3, kills // 6), variant="no_dedupe")
    )
    write(
        "crash",
        "Crashes: the bot killed again and again under load",
        "Web and worker are killed together (SIGKILL to their process group) at random moments, 0.7 to 2.4 s apart,"
        " while 200 people write; a fifth of the acknowledged events is sent again. At the end all is counted against"
        " the simulator's own books. The last column has the dedupe taken out, to show that the count would notice.",
        table(rows),
    )


def prove_registration(
    databases: Mapping[str, str], folder: Path, trials: int, minutes: float, books: Path | None
) -> None:  # fmt: skip
    rows = {}
    for name, on in databases.items():
        size = Size(trials=trials if name == "postgresql" else max(1, trials // 5), limit_seconds=minutes * 60)
        rows[name] = vars(
            run_registering(
                folder / f"{name}-seats", on=on, size=size, told=print,
                book=books / f"registration-{name}.jsonl" if books is not None else None,
            )
        )  # fmt: skip
    if "postgresql" in databases:
        few = Size(trials=max(3, trials // 30), every=None)
        rows["postgresql, a lock that does nothing"] = vars(
            run_registering(folder / "no-lock", on=databases["postgresql"], size=few, variant="no_event_lock")
        )
    write(
        "registration",
        "Registration: whole crowds at the same moment",
        "In every trial 60 to 100 people register for one event with a random number of seats, in parties of one to"
        " four: all press the button under their summary at once, some twice, and then whatever the bot's messages"
        " offer them: they leave, come in other numbers, take offers, decline them, wait, block the bot. Meanwhile"
        " staff change the number of seats, offers run out, and every few seconds a random process is killed (SIGKILL)"
        " and started again. Webhooks are signed, delivered until they are acknowledged, and some once more."
        " PostgreSQL is served by two web and two worker processes, SQLite by one of each. Some people go through the"
        " whole dialogue; the memory of the others is put where theirs is when they have reached the summary. What"
        " people were told is read from the messages that LINE's simulator took. The bot's day has 24 hours for this:"
        " else nothing would be offered at night. The last column has a lock on the event that does nothing, injected"
        " from the tests, to show that the count would notice.\n\n`oversold` counts trials in which at any sampled"
        " moment more seats were taken than there were, or, after some were taken away, than were taken before;"
        " `stranded` parties that wait while they would fit into what is free; `told otherwise` people whose last"
        " message says something else than what is so. Answers that are `unknown` LINE may have taken; staff see each.",
        table(rows),
    )


def prove_contract(replies: int) -> None:
    figures = asdict(run_contract(replies))
    simulator = running_simulator("http://127.0.0.1:9/line/webhook", loopback_pictures=True)
    with simulator as desk, sdk_client(desk.url, TOKEN) as client:
        figures["taken_over_http"] = run_over_http(100, client)
    noticed = []
    for variant in BROKEN:
        with broken(variant):
            noticed.append(f"| {variant.what} | `{variant.noticed_by}` | {count_until_noticed(variant.noticed_by)} |")
    write(
        "contract",
        "Contract: whatever the bot says, LINE takes",
        "Replies are made at random, as our handlers make them and worse: every kind of writing, lengths beyond every"
        " limit, half surrogate pairs, addresses of any scheme, places off the globe. Each is rendered and held against"
        " LINE's rules as the simulator keeps them, and against what LINE's SDK makes of it; a hundred more go through"
        " the SDK to the endpoints that check replies and pushes. What a reply beyond five messages leaves out is not"
        " counted as lost.",
        f"{table({'rendered': figures})}\n\n## Would a mistake be noticed?\n\nThe renderer with one thing broken at a"
        " time: which rule of the simulator notices, or which check of ours (`escapes`, `sdk`, `words`, `buttons`), and"
        " how many replies it takes.\n\n| broken | noticed by | replies |\n| --- | --- | --- |\n" + "\n".join(noticed),
    )


def prove_notices(databases: Mapping[str, str], folder: Path, people: int, largest: int) -> None:
    through = {
        name: run_announcing(folder / f"{name}-notices", on=on, size=announcing.Size(people))
        for name, on in databases.items()
    }
    few = announcing.Size(people=min(people, 20_000), chunk=100, a_second=60, kills=4)
    broken = run_broken(folder / "notices-broken", on=databases.get("postgresql", "sqlite"), size=few)
    past = {
        f"{name}, {what}": found
        for name, on in databases.items()
        for what, found in run_past(folder / f"{name}-past", on=on, people=5_000, chunk=50).items()
    }
    sizes = [size for size in SIZES if size <= largest]
    speed = {name: run_speed(folder / f"{name}-speed", on=on, sizes=sizes) for name, on in databases.items()}
    write_notices(through, broken, past, speed)


def write_notices(
    through: Mapping[str, announcing.Figures],
    broken: Mapping[str, Count],
    past: Mapping[str, PastFigures],
    speed: Mapping[str, Sequence[SpeedFigures]],
) -> None:
    each = {f"{name}, {one.people:,}": asdict(one) for name, found in speed.items() for one in found}
    body = announcing_words.body(
        through=table({name: asdict(found) for name, found in through.items()}),
        broken=table({name: asdict(found) for name, found in broken.items()}),
        past=table({name: asdict(found) for name, found in past.items()}),
        speed=table(each),
    )
    write("notices", "Notices: to a large crowd, to each exactly once", announcing_words.HOW, body)
    (DOCS / "notices.svg").write_text(plots.draw(panels(speed)), encoding="utf-8")


PROOFS = ("contract", "load", "crash", "registration", "notices")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PROOFS)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--replies", type=int, default=20_000, help="how many the proof of the contract makes")
    parser.add_argument("--trials", type=int, default=300, help="of the proof of registration; a fifth on SQLite")
    parser.add_argument(
        "--book", type=Path, help="a folder that keeps every trial of registration, so that a run may be gone on with"
    )
    parser.add_argument("--minutes", type=float, default=90, help="no trial is begun later, on each database")
    parser.add_argument("--people", type=int, default=200_000, help="of the proof of notices, through kills and faults")
    parser.add_argument("--audience", type=int, default=1_000_000, help="the largest of the proof of notices' speed")
    parser.add_argument("--on", choices=["sqlite", "postgresql", "both"], default="both")
    given = parser.parse_args(arguments)
    wanted = {given.only} if given.only else set(PROOFS)
    if "contract" in wanted:
        prove_contract(given.replies)
    if wanted == {"contract"}:
        return
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="civicbot-proof-")))
        databases = {"sqlite": "sqlite"} if given.on != "postgresql" else {}
        if given.on != "sqlite":
            databases["postgresql"] = stack.enter_context(servers.postgres_server())
        if "load" in wanted:
            prove_load(databases, folder)
        if "crash" in wanted:
            prove_crashes(databases, folder, given.kills)
        if "registration" in wanted:
            prove_registration(databases, folder, given.trials, given.minutes, given.book)


if __name__ == "__main__":
    main()
