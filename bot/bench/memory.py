"""What a matcher adds to a process: run as `python -m bot.bench.memory CATALOGUE MODEL`, prints JSON.

Resident megabytes after each step, and the seconds that opening the stored model took.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path


def resident() -> float:
    """Megabytes of this process that are in memory now; not a number where there is no /proc."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return float("nan")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def main(catalogue_file: str, model_file: str) -> None:
    figures = {"python": resident()}
    import numpy as np  # noqa: PLC0415 - what each import adds is what is measured

    figures["numpy"] = resident() if np.__version__ else 0.0
    from knowledge.matcher import Matcher  # noqa: PLC0415 - as above

    figures["code and PyThaiNLP"] = resident()
    from knowledge.catalogue import Catalogue  # noqa: PLC0415 - as above
    from knowledge.trained import Model  # noqa: PLC0415 - as above

    catalogue = Catalogue.from_json(Path(catalogue_file).read_text("utf-8"))
    assert catalogue.version  # noqa: S101 - reckoned now, as at the start of a server
    figures["content"] = resident()
    data = Path(model_file).read_bytes()
    started = time.perf_counter()
    model = Model.from_bytes(data)
    opening = time.perf_counter() - started
    del data
    Matcher(catalogue, model).decide("สวัสดีค่ะ")
    figures["matcher"] = resident()
    print(json.dumps({"resident": figures, "opening_seconds": opening}))


if __name__ == "__main__":
    main(*sys.argv[1:])
