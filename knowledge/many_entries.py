"""Train a model on thousands of entries, where one machine for each against all others would take hours.

Each class becomes one vector, the damped sum of its messages' TF-IDF vectors, and a message's score for it is the
cosine of both. The damping is the square root: what a class says once or ten times then differs less, and the vector is
nearer to "which pieces may occur" than to "which piece is frequent". Scores are put on the scale of the machines, so
that everything that is decided from scores stays the same, and likelihoods are calibrated on messages held out. Only
ours is told from not ours by a machine.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from knowledge.catalogue import Catalogue
from knowledge.confidence import Calibration
from knowledge.features import VIEWS, pieces
from knowledge.known_pieces import know
from knowledge.reading import Reader
from knowledge.subjects import find_markers
from knowledge.tables import Postings, weighed
from knowledge.trained import REJECT, Model
from knowledge.training import (
    Flags,
    Owners,
    calibrate_on,
    fold_of_each,
    labelled_messages,
    separate,
    what_held_out_tells,
)
from knowledge.vectors import Floats, Vectors, Vocabulary, how_telling

if TYPE_CHECKING:
    from scipy import sparse

FEWEST = 2
DAMPING = 0.5
"""The power to which sums are raised; 0.35 to 0.7 do as well, 1 loses two to four points of a hundred."""
HELD_OUT = 2_000
"""Of entries' messages, and as many of others: plenty for models of five signs, and scored within seconds."""
AT_ONCE = 250
"""Messages scored together: 10,000 entries then need 20 MB."""
ENOUGH = 20_000
"""Of entries' messages, to tell ours from not ours: one machine can do that at any size, and does it better."""
UNLIKE = -1.0
"""What the machines say of a message unlike any of a class."""
ALIKE = 0.5
"""What they say, in the middle, of a class's own messages that they have not seen."""


class _Pile:
    """Bags of one view as numbers, a tenth of the memory of the bags themselves."""

    def __init__(self) -> None:
        self.place_of: defaultdict[str, int] = defaultdict()
        self.place_of.default_factory = self.place_of.__len__
        self.places, self.counts, self.sizes = array("i"), array("i"), array("i")

    def add(self, bag: Mapping[str, int]) -> None:
        self.places.extend(map(self.place_of.__getitem__, bag))
        self.counts.extend(bag.values())
        self.sizes.append(len(bag))

    def weigh(self) -> tuple[tuple[str, ...], Floats, sparse.csr_matrix]:
        """The pieces that `FEWEST` bags have, how telling they are, and the bags as rows of length one."""
        from scipy import sparse  # noqa: PLC0415  slow third-party module, only for training

        places, sizes = np.asarray(self.places), np.asarray(self.sizes)
        frequency = np.bincount(places, minlength=len(self.place_of))
        kept = sorted(piece for piece, place in self.place_of.items() if frequency[place] >= FEWEST)
        old = np.array([self.place_of[piece] for piece in kept], dtype=np.int64)
        telling = how_telling(frequency[old].astype(np.float64), len(sizes))
        new = np.full(len(self.place_of), -1, dtype=np.int32)
        new[old] = np.arange(len(old), dtype=np.int32)
        columns = new[places]
        known = columns >= 0
        rows, columns = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)[known], columns[known]
        values = (1.0 + np.log(np.asarray(self.counts)[known])) * telling[columns]
        values /= np.sqrt(np.bincount(rows, weights=values * values, minlength=len(sizes)) * len(VIEWS))[rows]
        starts = np.append(0, np.cumsum(np.bincount(rows, minlength=len(sizes))))
        matrix = sparse.csr_matrix((values.astype(np.float32), columns, starts), shape=(len(sizes), len(kept)))
        return tuple(kept), telling, matrix


def train(catalogue: Catalogue) -> Model:
    """About a minute and a gigabyte for 10,000 entries of ten variants."""
    labelled = labelled_messages(catalogue)
    classes = tuple(dict.fromkeys(owner for owner, _ in labelled))
    number = {name: place for place, name in enumerate(classes)}
    entries = sum(not name.startswith(REJECT) for name in classes)
    owners = np.array([number[owner] for owner, _ in labelled], dtype=np.int32)
    piles, words = _read(catalogue, (text for _, text in labelled))
    vocabulary, vectors = _weigh(piles)
    held = _choose_held_out(owners, entries)
    factor, addition, calibration = _calibrate(vectors, owners, held, entries=entries, classes=len(classes))
    table, outside = _table(vectors, owners, entries=entries, classes=len(classes), factor=factor)
    return Model(
        version=catalogue.version,
        classes=classes,
        vocabulary=vocabulary,
        weights=table,
        bias=np.append(np.full(len(classes), addition), outside),
        calibration=calibration,
        markers=find_markers((owner, said) for (owner, _), said in zip(labelled, words, strict=True)),
    )


def _read(catalogue: Catalogue, texts: Iterable[str]) -> tuple[list[_Pile], list[tuple[str, ...]]]:
    reader, piles, words = Reader(catalogue.lexicon), [_Pile() for _ in VIEWS], []
    for text in texts:
        reading = reader.read(text)
        words.append(reading.standard)
        for pile, bag in zip(piles, pieces(reading, catalogue.lexicon), strict=True):
            pile.add(bag)
    return piles, words


def _weigh(piles: list[_Pile]) -> tuple[Vocabulary, sparse.csr_matrix]:
    from scipy import sparse  # noqa: PLC0415  slow third-party module, only for training

    views = [pile.weigh() for pile in piles]
    vocabulary = Vocabulary(
        tuple(know(kept) for kept, _, _ in views), np.concatenate([telling for _, telling, _ in views])
    )
    return vocabulary, sparse.hstack([matrix for _, _, matrix in views], format="csr")


def _choose_held_out(owners: Owners, entries: int) -> Flags:
    """One message of each class that has several: the last fold that entries reach, so that most keep the others."""
    folds = fold_of_each(owners)
    last = folds[owners < entries].max()
    return np.asarray((folds == last) & (last > 0))


def _some(places: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """At most so many, at equal distances."""
    return places[:: max(1, -(-len(places) // most))]


def _table(
    vectors: sparse.csr_matrix, owners: Owners, *, entries: int, classes: int, factor: float = 1.0
) -> tuple[Postings, float]:
    """A column a class, and last the machine that tells what is not ours; its bias."""
    from scipy import sparse  # noqa: PLC0415  slow third-party module, only for training

    ours, others = np.flatnonzero(owners < entries), np.flatnonzero(owners >= entries)
    some = np.concatenate([_some(ours, ENOUGH), others])
    outside, bias = separate(vectors[some], (owners[some] >= entries).astype(np.int32), 2)
    columns = [_damped(_sums(vectors, owners, classes)) * factor, sparse.csr_matrix(outside[:, 1:].T)]
    table = sparse.csr_matrix(sparse.vstack(columns, format="csr").T)
    table.sort_indices()
    starts, places = table.indptr.astype(np.int64), table.indices.astype(np.int32)
    return Postings(starts, places, table.data.astype(np.float32), classes + 1), float(bias[1])


def _sums(vectors: sparse.csr_matrix, owners: NDArray[np.int32], classes: int) -> sparse.csr_matrix:
    from scipy import sparse  # noqa: PLC0415  slow third-party module, only for training

    ones = np.ones(len(owners), dtype=np.float32)
    return sparse.csr_matrix((ones, (owners, np.arange(len(owners)))), shape=(classes, len(owners))) @ vectors


def _damped(sums: sparse.csr_matrix) -> sparse.csr_matrix:
    """Rows of length one, of damped sums."""
    from scipy import sparse  # noqa: PLC0415  slow third-party module, only for training

    damped = sums.copy()
    damped.data = damped.data**DAMPING
    lengths = np.sqrt(np.asarray(damped.multiply(damped).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1.0
    return sparse.diags((1.0 / lengths).astype(np.float32)) @ damped


def _calibrate(
    vectors: sparse.csr_matrix, owners: Owners, held: Flags, *, entries: int, classes: int
) -> tuple[float, float, Calibration]:
    """From cosines to scores, a factor and an addition; what scores are worth. From messages held out of the table."""
    table, outside = _table(vectors[~held], owners[~held], entries=entries, classes=classes)
    asked = held if held.any() else ~held  # entries of one variant each: nothing can be held out
    ours, others = np.flatnonzero(asked & (owners < entries)), np.flatnonzero(asked & (owners >= entries))
    sample = np.concatenate([_some(ours, HELD_OUT), _some(others, HELD_OUT)])
    parts = [sample[start : start + AT_ONCE] for start in range(0, len(sample), AT_ONCE)]
    factor, addition = _find_scale(table, vectors, owners, parts, entries=entries)
    told = []
    for rows in parts:
        scores = weighed(_plain(vectors[rows]), table)
        scores[:, :-1] = scores[:, :-1] * factor + addition
        scores[:, -1] += outside
        told.append(what_held_out_tells(scores, owners[rows], entries))
    signs, right, offered = (np.concatenate(part) for part in zip(*told, strict=True))
    return factor, addition, calibrate_on(signs, right, offered)


def _find_scale(
    table: Postings, vectors: sparse.csr_matrix, owners: Owners, parts: Sequence[NDArray[np.int64]], *, entries: int
) -> tuple[float, float]:
    """The factor and the addition by which messages come to lie at `ALIKE` for their own class, else at `UNLIKE`."""
    own, other = [], []
    for rows in parts:
        scores = weighed(_plain(vectors[rows]), table)
        own += scores[np.arange(len(rows)), owners[rows]].tolist()
        other += np.median(scores[:, :entries], axis=1).tolist()
    low, high = float(np.median(other)), float(np.median(own))
    factor = (ALIKE - UNLIKE) / max(high - low, 1e-6)
    return factor, UNLIKE - factor * low


def _plain(matrix: sparse.csr_matrix) -> Vectors:
    starts = matrix.indptr.astype(np.int32)
    return Vectors(matrix.data.astype(np.float64), matrix.indices, starts, matrix.shape[1])
