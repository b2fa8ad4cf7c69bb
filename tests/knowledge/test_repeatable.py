"""The same content gives the same model, in any process: bytes are compared, trained under other conditions."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.bench import invented
from knowledge.catalogue import Catalogue
from knowledge.model import MANY

PROGRAM = """
import hashlib, json, sys
from pathlib import Path
from knowledge.catalogue import Catalogue
from knowledge.matcher import Matcher
from knowledge.model import train
catalogue = Catalogue.from_json(Path(sys.argv[1]).read_text("utf-8"))
model = train(catalogue)
matcher = Matcher(catalogue, model)
decided = [matcher.decide(text) for text in json.loads(sys.argv[2])]
print(json.dumps({
    "bytes": hashlib.sha256(model.to_bytes()).hexdigest(),
    "decisions": [[item.kind, item.entry, [other.entry for other in item.candidates]] for item in decided],
    "scores": [other.score for item in decided for other in item.candidates],
}))
"""


def trained_elsewhere(file: Path, texts: list[str], *, hash_seed: str, threads: str) -> dict[str, object]:
    conditions = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), threads)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(file), json.dumps(texts)],
        env=os.environ | conditions | {"PYTHONHASHSEED": hash_seed},
        cwd=Path(__file__).parents[2], check=True, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    return json.loads(done.stdout)


@pytest.mark.parametrize("entries", [12, MANY + 20])
def test_two_processes_train_the_same_model(entries: int, shipped: Catalogue, tmp_path: Path) -> None:
    content = invented.content(entries, shipped, variants=5)
    file = tmp_path / "catalogue.json"
    file.write_text(content.to_json(), "utf-8")
    texts = [query.text for query in invented.queries(entries, 20)]
    first = trained_elsewhere(file, texts, hash_seed="1", threads="1")
    second = trained_elsewhere(file, texts, hash_seed="4242", threads="4")
    assert first["bytes"] == second["bytes"]
    assert first["decisions"] == second["decisions"]
    assert first["scores"] == pytest.approx(second["scores"], abs=1e-6)


def test_made_up_content_is_the_same_every_time(shipped: Catalogue) -> None:
    one, two = (invented.content(30, shipped).to_json() for _ in range(2))
    assert hashlib.sha256(one.encode()).digest() == hashlib.sha256(two.encode()).digest()
