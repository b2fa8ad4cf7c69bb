"""What the page of the proof of notices says about its tables."""

from __future__ import annotations

HOW = (
    "A notice is approved, written into its ledger and sent by the real web and worker processes to LINE's simulator,"
    " whose books are the ones that count: who was given it, by which request, when. SQLite is served by one worker,"
    " PostgreSQL by two."
)
THROUGH = (
    "Of the people, one in twenty had said no and one in twenty had blocked the bot before it began. Its approval is"
    " clicked twenty times at the same moment. A worker is killed (SIGKILL) at moments of the way that are chosen by"
    " chance, the writing of the ledger among them, and started again. A fifth of the requests suffers a fault, each as"
    " often: 429; 500 before and after LINE has taken it; the connection cut before and after; no answer in time, and"
    " half an answer in time, although it is taken; a redirect. LINE answers 409 by itself to what it has taken before."
    " Meanwhile people press their way out or block the bot, of which it hears by webhooks. Processes are forks of one"
    " that has imported everything, so that a start takes a moment. Waits are shortened (a killed worker's work is"
    " taken over after seconds), the day has 24 hours, and few requests a second are allowed, to see that limit kept."
    " `missed` and `twice` are people; `to others` had never agreed; `after leaving` had left before their request was"
    " first made and were given it nevertheless."
)
BROKEN = (
    "The same count, fewer people, with senders that are broken on purpose, injected from the tests: one marks a"
    " request as accepted before it makes it, one makes up a new retry key for each try, one begins from the top when"
    " it is started again. `missed` or `twice` has to show it."
)
PAST = (
    "The clock: some requests are taken, some are taken and answered with an error, the others fail, and everybody is"
    " killed; both clocks move on by 25 hours, and the worker is started again. The backups: a copy of the database"
    " from before the sending began, or from its middle, is put back once the notice was sent to the end. `requests by"
    " itself` are those that were made before a person said that it shall go on; after a backup from the middle they"
    " are made with the same keys, and LINE takes none of them twice."
)
SPEED = (
    "LINE's simulator answers every call after 50 ms, as LINE might; the bot, unpatched but for its day of 24 hours,"
    " makes two requests at the same time, as it is set by default. Somebody asks something every half second all the"
    " while; a reply's time counts from the sending of the event to LINE's acceptance of the answer. `bare` is the"
    " simulator's rate for the very same requests from a bare loop with as many connections, right after. The bot, the"
    " database and the simulator share the machine's cores. Peaks are the most memory that one process has had."
)


def body(*, through: str, broken: str, past: str, speed: str) -> str:
    return (
        f"## Through kills and faults\n\n{THROUGH}\n\n{through}\n\n"
        f"## Would a mistake be noticed?\n\n{BROKEN}\n\n{broken}\n\n"
        f"## When time passes strangely\n\n{PAST}\n\n{past}\n\n"
        f"## How fast, and at what cost\n\n{SPEED}\n\n{speed}\n\n"
        "![Seconds against people, both as powers of ten](notices.svg)"
    )
