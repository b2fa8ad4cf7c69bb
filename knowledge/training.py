"""Train a model on a catalogue: on one core, the same result every time.

Linear support vector machines tell the classes apart (each entry, and each kind of message that is not ours), the
families of entries, and ours from not ours. All are also fitted three times with a third of the messages held out; on
those the likelihoods are calibrated.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from knowledge.catalogue import Catalogue
from knowledge.confidence import OFFERED, Calibration, Logistic, signs_of_confidence, with_products
from knowledge.features import pieces
from knowledge.reading import Reader
from knowledge.subjects import family_of, find_markers
from knowledge.trained import REJECT, Model
from knowledge.vectors import Floats, Vectors, learn_vocabulary

if TYPE_CHECKING:
    from scipy import sparse

FEWEST, FEWEST_OF_MANY, MANY_MESSAGES = 2, 3, 5_000
"""In how many messages a piece must stand. Of many messages the rarer pieces are two fifths, and change no figure."""
FOLDS = 3
STRICTNESS = 3.0
TOLERANCE = 0.01
"""Of the solver: a hundred times finer took half as long again, and changed no figure."""
FAMILY_COUNTS, OUTSIDE_COUNTS = 0.5, 0.3
MANY_HELD_OUT = 1_000
"""Of fewer messages the products of signs learn nothing that holds."""
RARE, LEAST_SPREAD = 0.005, 1e-6
"""Signs rarer than this count as the rarest that is common; and what keeps a sign that never varies from dividing."""
Owners = NDArray[np.int32]
Flags = NDArray[np.bool_]


def train(catalogue: Catalogue) -> Model:
    """Some half a minute for 70 entries of 105 variants."""
    labelled = labelled_messages(catalogue)
    classes = tuple(dict.fromkeys(owner for owner, _ in labelled))
    entries = sum(not name.startswith(REJECT) for name in classes)
    owners = np.array([classes.index(owner) for owner, _ in labelled], dtype=np.int32)
    reader = Reader(catalogue.lexicon)
    readings = [reader.read(text) for _, text in labelled]
    documents = [pieces(reading, catalogue.lexicon) for reading in readings]
    fewest = FEWEST_OF_MANY if len(documents) >= MANY_MESSAGES else FEWEST
    vocabulary = learn_vocabulary(documents, fewest=fewest)
    vectors = as_sparse(vocabulary.vectors(documents))
    weights, bias = fit(vectors, owners, classes)
    held_out = cross_fit(vectors, owners, classes)
    calibration = calibrate(held_out, owners, entries)
    return Model(
        version=catalogue.version,
        classes=classes,
        vocabulary=vocabulary,
        weights=np.ascontiguousarray(weights, dtype=np.float16),
        bias=bias,
        calibration=calibration,
        markers=find_markers((owner, reading.standard) for (owner, _), reading in zip(labelled, readings, strict=True)),
    )


def labelled_messages(catalogue: Catalogue) -> list[tuple[str, str]]:
    """(class, message), those of a class together, entries first."""
    groups = [(entry.id, entry.variants) for entry in catalogue.entries.values()]
    groups += [
        (REJECT + name, texts)
        for part in (catalogue.out_of_scope, catalogue.refusals)
        for name, texts in sorted(part.items())
    ]
    return [(owner, text) for owner, texts in groups for text in dict.fromkeys(texts)]


def as_sparse(vectors: Vectors) -> sparse.csr_matrix:
    from scipy import sparse  # noqa: PLC0415  slow third-party module, only for training

    parts = (vectors.values, vectors.columns, vectors.starts)
    return sparse.csr_matrix(parts, shape=(len(vectors.starts) - 1, vectors.width))


def fit(vectors: sparse.csr_matrix, owners: Owners, names: Sequence[str]) -> tuple[Floats, Floats]:
    """Weights and biases: a column a class, and a last one for being out of scope.

    A class's score is its own machine's, and a part of its family's and of the one for being ours at all: what is
    learnt from many messages steadies what is learnt from few.
    """
    families = [family_of(name) for name in names]
    family_names = sorted(set(families))
    family = np.array([family_names.index(name) for name in families])
    ours = np.array([not name.startswith(REJECT) for name in names])
    own, own_bias = separate(vectors, owners, len(names))
    shared, shared_bias = separate(vectors, family[owners], len(family_names))
    outside, outside_bias = separate(vectors, (~ours[owners]).astype(np.int32), 2)
    sign = np.where(ours, -OUTSIDE_COUNTS, OUTSIDE_COUNTS)
    weights = own + FAMILY_COUNTS * shared[:, family] + outside[:, 1:] * sign
    bias = own_bias + FAMILY_COUNTS * shared_bias[family] + outside_bias[1] * sign
    return np.hstack([weights, outside[:, 1:]]), np.append(bias, outside_bias[1])


def separate(vectors: sparse.csr_matrix, owners: Owners, classes: int) -> tuple[Floats, Floats]:
    """One class against the others, for each. A class without messages scores like a message unlike any."""
    machine = _machine().fit(vectors, owners)
    weights, bias = np.zeros((vectors.shape[1], classes)), np.full(classes, -1.0)
    if classes == 2:  # scikit-learn then gives the second class only
        weights[:, 1], bias[1] = machine.coef_[0], machine.intercept_[0]
    else:
        weights[:, machine.classes_], bias[machine.classes_] = machine.coef_.T, machine.intercept_
    return weights, bias


def cross_fit(vectors: sparse.csr_matrix, owners: Owners, names: Sequence[str]) -> Floats:
    """The scores of each message from machines that have not seen it."""
    folds = fold_of_each(owners)
    scores = np.zeros((len(owners), len(names) + 1))
    for fold in range(FOLDS):
        held = folds == fold
        weights, bias = fit(vectors[~held], owners[~held], names)
        scores[held] = vectors[held] @ weights + bias
    return scores


def fold_of_each(owners: Owners) -> Owners:
    """Messages of a class are dealt out in turn, so that every fold has some of each style."""
    turn: dict[int, int] = {}
    folds = np.zeros(len(owners), dtype=np.int32)
    for place, owner in enumerate(owners.tolist()):
        folds[place] = turn.get(owner, 0) % FOLDS
        turn[owner] = turn.get(owner, 0) + 1
    return folds


def calibrate(scores: Floats, owners: Owners, entries: int) -> Calibration:
    return calibrate_on(*what_held_out_tells(scores, owners, entries))


def what_held_out_tells(scores: Floats, owners: Owners, entries: int) -> tuple[Floats, Flags, Flags]:
    """The signs of confidence; whether the best entry is right; whether what is meant would be offered."""
    order = np.argsort(-scores[:, :entries], axis=1, kind="stable")
    right = order[:, 0] == owners
    offered = (order[:, :OFFERED] == owners[:, None]).any(axis=1)
    return signs_of_confidence(scores, entries=entries), right, offered


def calibrate_on(signs: Floats, right: Flags, offered: Flags) -> Calibration:
    return Calibration(_logistic(signs, right), _logistic(signs, offered))


def _logistic(signs: Floats, truth: Flags) -> Logistic:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  slow third-party module, only for training

    low, high = np.quantile(signs, (RARE, 1 - RARE), axis=0)
    within = np.clip(signs, low, high)
    middle, spread = within.mean(axis=0), np.maximum(within.std(axis=0), LEAST_SPREAD)
    terms = with_products((within - middle) / spread)
    counted = terms if len(terms) >= MANY_HELD_OUT else terms[:, : signs.shape[1]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = LogisticRegression(C=1.0, max_iter=1000).fit(counted, truth)
    weights = np.append(fitted.coef_[0], np.zeros(terms.shape[1] - counted.shape[1]))
    return Logistic(
        low=tuple(map(float, low)),
        high=tuple(map(float, high)),
        middle=tuple(map(float, middle)),
        spread=tuple(map(float, spread)),
        weights=tuple(map(float, weights)),
        bias=float(fitted.intercept_[0]),
    )


def _machine() -> Any:  # noqa: ANN401 - scikit-learn is untyped
    from sklearn.svm import LinearSVC  # noqa: PLC0415  slow third-party module, only for training

    return LinearSVC(C=STRICTNESS, tol=TOLERANCE, random_state=0)
