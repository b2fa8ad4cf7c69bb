"""What every line of the logs holds."""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = """
import logging
from bot import logs
logs.configure()
logs.get("ours").info("before")
logs.put_in_every_line(content="0123456789ab")
logs.get("ours").info("after", turn=1)
logging.getLogger("a.library").warning("theirs")
logs.get("ours").info("own", content="said by the line itself")
"""


def test_what_is_put_in_every_line_stands_in_ours_and_in_those_of_libraries() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["before", "after", "theirs", "own"]
    contents = [line.get("content") for line in lines]
    assert contents == [None, "0123456789ab", "0123456789ab", "said by the line itself"]
