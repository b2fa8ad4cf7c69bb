"""The trained model, for those who keep it: how to make one, how to store one."""

from __future__ import annotations

from knowledge import many_entries, training
from knowledge.catalogue import Catalogue
from knowledge.trained import RECIPE, Model

__all__ = ["MANY", "RECIPE", "Model", "train"]

MANY = 200
"""Up to so many entries machines tell them apart; above, centroids do.

With ten variants each, training the machines takes 12 s for 200 entries, 38 s for 300 and 61 s for 400, and grows with
the square. The centroids take a second, and tell one entry in a hundred less from the others. See
docs/matching-speed.md.
"""


def train(catalogue: Catalogue) -> Model:
    return training.train(catalogue) if len(catalogue.entries) <= MANY else many_entries.train(catalogue)
