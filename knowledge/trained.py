"""A trained model: arrays, and what they say about a message."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.confidence import Calibration
from knowledge.known_pieces import from_array
from knowledge.tables import Dense, Postings, weighed
from knowledge.vectors import Floats, Vectors, Vocabulary

RECIPE = "svm-5"
"""Names the way of training. A model of another recipe is trained again."""
REJECT = "-"
"""Begins the names of classes that are no entries: near, traps, far, chitchat, political, abuse."""


@dataclass(frozen=True)
class Model:
    """Unchanging once made, so threads may share it."""

    version: str
    """Of the catalogue it was trained on."""
    classes: tuple[str, ...]
    """The entries in the order of their ids, then the reject classes."""
    vocabulary: Vocabulary
    weights: Dense | Postings
    """One row a piece; a column for each class, and a last one for being out of scope."""
    bias: Floats
    calibration: Calibration
    markers: Mapping[str, tuple[str, float]]
    """Words that give a subject away: the subject, and how much. See knowledge.subjects."""

    @property
    def entries(self) -> int:
        """How many of the classes are entries."""
        return sum(not name.startswith(REJECT) for name in self.classes)

    def scores(self, vectors: Vectors) -> Floats:
        """One row a message: a score for each class, and last for being out of scope."""
        return weighed(vectors, self.weights) + self.bias

    def to_bytes(self) -> bytes:
        text = {
            "recipe": RECIPE,
            "version": self.version,
            "classes": self.classes,
            "markers": self.markers,
            "calibration": asdict(self.calibration),
            "views": len(self.vocabulary.views),
        }
        arrays: dict[str, NDArray[Any]] = {
            "text": _letters(json.dumps(text, ensure_ascii=False)),
            "bias": self.bias,
            "telling": self.vocabulary.telling,
        }
        arrays |= self.weights.arrays() if isinstance(self.weights, Postings) else {"weights": self.weights}
        arrays |= {f"pieces{number}": view.array for number, view in enumerate(self.vocabulary.views)}
        stream = io.BytesIO()
        np.savez_compressed(stream, allow_pickle=False, **arrays)
        return stream.getvalue()

    @staticmethod
    def from_bytes(data: bytes) -> Model:
        """Raises ValueError when the bytes are no model of this recipe. Runs nothing that they contain."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                arrays = dict(file)
            text = json.loads(_text(arrays["text"]))
        except (ValueError, KeyError, OSError, EOFError, TypeError, AttributeError, zipfile.BadZipFile) as error:
            raise ValueError("These bytes are no trained model.") from error
        if text["recipe"] != RECIPE:
            raise ValueError(f"The model was made by another recipe: {text['recipe']}, not {RECIPE}.")
        return _unpack(text, arrays)


def _unpack(text: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Model:
    views = tuple(from_array(arrays[f"pieces{number}"]) for number in range(text["views"]))
    return Model(
        version=text["version"],
        classes=tuple(text["classes"]),
        vocabulary=Vocabulary(views, arrays["telling"]),
        weights=arrays["weights"] if "weights" in arrays else Postings.of(arrays),
        bias=arrays["bias"],
        calibration=Calibration.from_plain(text["calibration"]),
        markers={word: (subject, weight) for word, (subject, weight) in text["markers"].items()},
    )


def _letters(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _text(letters: NDArray[Any]) -> str:
    return letters.tobytes().decode()
