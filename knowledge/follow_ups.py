"""Understand a message in the light of what was said before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from knowledge.catalogue import Catalogue
from knowledge.judgement import Judge, Judgement
from knowledge.needs import LONG
from knowledge.subjects import GENERAL, PASSING, Subject, family_of, marked, names_another

EVENTS = "event"
SURE_OF_SUBJECT = 0.30
"""An earlier message less clear than this says nothing about the conversation's subject."""
CLEAR_ALONE = 0.90
"""A message as clear as this that brings up a subject of its own needs no conversation to be understood."""
NOT_OURS = 0.0
"""A message as far out of scope as this is not drawn back in by a conversation."""
SUBJECT_SPOKEN = 0.35
"""How much the message counts as it would read with the subject's words before it; the rest is as it was sent."""
SAME_FAMILY, NEXT_QUESTION, ANSWERED_ALREADY, CHANGED = 0.75, 0.3, 0.2, 0.3
"""What the conversation adds to a score or takes; and what share of it stays when another subject is named."""
LONGEST_MEMORY = 4


class FollowUps:
    """Unchanging, so threads may share it."""

    def __init__(self, catalogue: Catalogue, judge: Judge) -> None:
        self._catalogue = catalogue
        self._judge = judge
        self._markers = judge.model.markers
        self._programmes = frozenset(programme.id for programme in catalogue.pack.programmes)

    def judge(self, judgement: Judgement, earlier: Sequence[str], why: dict[str, Any]) -> Judgement:
        """The judgement as the conversation lets it appear; the same one where it needs no conversation."""
        subject = self._find_subject(earlier)
        if subject is None or not _may_be_drawn_in(judgement):
            return judgement
        changed = self._changes(judgement, subject)
        if judgement.right >= CLEAR_ALONE and (changed or judgement.best.startswith(GENERAL)):
            return judgement
        why["subject"] = {"entry": subject.entry, "words": list(subject.words)}
        return self._in_the_light_of(subject, judgement, changed=changed)

    def _find_subject(self, earlier: Sequence[str]) -> Subject | None:
        """What the conversation has come to, following it from message to message."""
        subject: Subject | None = None
        for text in earlier[-LONGEST_MEMORY:]:
            judgement = self._judge.judge(text[-LONG:])
            if judgement.best in PASSING or not _may_be_drawn_in(judgement):
                continue
            subject = self._go_on(subject, judgement)
        return subject

    def _go_on(self, subject: Subject | None, judgement: Judgement) -> Subject | None:
        """The subject after one more message.

        One who asks what a programme costs still talks of the programme: a question about events in general leaves it.
        """
        follows = subject is not None and not self._changes(judgement, subject)
        if subject is not None and follows and not judgement.best.startswith(GENERAL):
            judgement = self._in_the_light_of(subject, judgement, changed=False)
        if judgement.right < SURE_OF_SUBJECT:
            return subject
        family = family_of(judgement.best)
        if subject is not None and follows and family == EVENTS and subject.family in self._programmes:
            return subject
        words = marked(judgement.reading.standard, family, self._markers)
        if subject is not None and follows and family == subject.family:
            words = words or subject.words
        return Subject(judgement.best, family, words)

    def _changes(self, judgement: Judgement, subject: Subject) -> bool:
        words = judgement.reading.standard
        return names_another(words, subject, self._markers, open_families=self._programmes)

    def _in_the_light_of(self, subject: Subject, judgement: Judgement, *, changed: bool) -> Judgement:
        spoken = self._judge.judge(f"{' '.join(subject.words)} {judgement.reading.text}")
        scores = (1 - SUBJECT_SPOKEN) * judgement.scores + SUBJECT_SPOKEN * spoken.scores
        related = self._catalogue.entries[subject.entry].related
        nearness = SAME_FAMILY * (CHANGED if changed else 1.0)
        bonus = [
            nearness * (family_of(name) == subject.family)
            + NEXT_QUESTION * (name in related)
            - ANSWERED_ALREADY * (name == subject.entry)
            for name in judgement.classes[: judgement.entries]
        ]
        scores[: judgement.entries] += np.array(bonus)
        return self._judge.weigh(judgement.reading, scores, known=judgement.known)


def _may_be_drawn_in(judgement: Judgement) -> bool:
    return judgement.reject is None or judgement.out_of_scope <= NOT_OURS
