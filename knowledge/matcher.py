"""Decide what a message needs. Only this module knows what is sure enough.

The thresholds were chosen on messages held out of the content and on the development set: see docs/understanding.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowledge.alarm import Alarm
from knowledge.catalogue import Catalogue
from knowledge.decision import Candidate, Decision, Kind, Refusal
from knowledge.follow_ups import FollowUps
from knowledge.judgement import LISTED, Judge, Judgement
from knowledge.needs import halves, is_long, windows
from knowledge.reading import joined
from knowledge.subjects import PASSING
from knowledge.thai import other_keyboard, shorten
from knowledge.trained import Model

__all__ = ["Candidate", "Decision", "Matcher"]

CRISIS = "general.crisis"
REFUSALS: dict[str, Refusal] = {"political": "political", "abuse": "abuse"}

SURE = 0.55
"""From this likelihood on the best entry is the answer."""
WORTH_ASKING = 0.20
"""From this likelihood on it is worth asking which of three is meant."""
SURE_OF_A_PART = 0.80
"""So sure must the classifier be of an emergency in one of the many parts of a long message."""
SURE_OF_TWO = 0.60
"""Each of two needs must be as likely as this on its own."""
LATER = 0.10
"""How much more a need at the end of a long message counts than one at its beginning."""
HARDLY_KNOWN, MOSTLY_KNOWN = 0.5, 0.6
"""Shares of a text's runs of letters that tell gibberish from language."""


class Matcher:
    """Unchanging once made, so threads may share it."""

    def __init__(self, catalogue: Catalogue, model: Model) -> None:
        if model.version != catalogue.version:
            raise ValueError("The model was trained on another version of the catalogue. Train it again.")
        self._catalogue = catalogue
        self.judge = Judge(catalogue, model)
        self._markers = model.markers
        crisis = catalogue.entries.get(CRISIS)
        self._alarm = Alarm(crisis.phrases if crisis else (), catalogue.lexicon)
        self._follow_ups = FollowUps(catalogue, self.judge)

    def words(self, text: str) -> tuple[str, ...]:
        """The words of a text as they are understood: for finding what is often asked."""
        return self.judge.reader.read(shorten(text)).standard

    def decide(self, text: str, *, earlier: Sequence[str] = ()) -> Decision:
        """`earlier` are the person's previous messages of the same conversation, oldest first."""
        parts = self.judge.judge_all(windows(text) if is_long(text) else (text,))
        alarmed = self._find_alarm(parts)
        if alarmed is not None:
            return self._answer_crisis(*alarmed)
        judgement = self._pick(parts)
        why: dict[str, Any] = {"text": judgement.reading.text}
        if not judgement.reading.text:
            return Decision("fallback", None, (), why={**why, "because": "nothing to read"})
        if judgement.right < SURE:
            judgement = self._try_other_keyboard(text, judgement, why)
        if judgement.best == CRISIS and self._alarm.is_saying(judgement.reading):
            return Decision("fallback", None, (), words=judgement.reading.standard, why={**why, "because": "a saying"})
        if earlier:
            judgement = self._follow_ups.judge(judgement, earlier, why)
        return self._decide(text, judgement, why)

    def _decide(self, text: str, judgement: Judgement, why: dict[str, Any]) -> Decision:
        refusal = REFUSALS.get(judgement.reject or "")
        kind: Kind = "fallback"
        if refusal is None and judgement.right >= SURE and judgement.reject is None:
            kind = "answer"
        elif refusal is None and judgement.offered >= WORTH_ASKING:
            kind = "clarify"
        entry = judgement.best if kind == "answer" else None
        also: tuple[str, ...] = ()
        needs = self._find_two_needs(text, judgement) if kind != "fallback" and not is_long(text) else None
        if needs is not None:
            kind, entry, also = "answer", needs[0].entry, (needs[1].entry,)
        alone = tuple(item for item in judgement.candidates() if item.entry not in (entry, *also))
        candidates = (*needs, *alone) if needs is not None else judgement.candidates()
        why |= {
            "right": round(judgement.right, 4),
            "offered": round(judgement.offered, 4),
            "out_of_scope": round(judgement.out_of_scope, 4),
            "reject": judgement.reject,
            "telling": self._telling(judgement),
        }
        return Decision(
            kind,
            entry,
            candidates,
            also=also,
            refusal=refusal,
            urgent=kind == "answer" and entry == CRISIS,
            words=judgement.reading.standard,
            why=why,
        )

    def _find_alarm(self, parts: Sequence[Judgement]) -> tuple[Judgement, str] | None:
        """The part of a message that cries for help, and how it was heard."""
        threshold = SURE if len(parts) == 1 else SURE_OF_A_PART
        phrases = self._alarm.find(joined(part.reading for part in parts)) is not None
        for part in parts:
            phrase = self._alarm.find(part.reading) if phrases else None
            if phrase is not None and not self._alarm.is_hearsay(part.reading):
                return part, f"the phrase {phrase}"
            sure = part.best == CRISIS and part.right >= threshold and part.reject is None
            if sure and not self._alarm.is_saying(part.reading):
                return part, "the classifier is sure"
        return None

    def _answer_crisis(self, part: Judgement, heard: str) -> Decision:
        others = tuple(candidate for candidate in part.candidates() if candidate.entry != CRISIS)
        score = max([part.right, *(candidate.score for candidate in others)]) if part.best != CRISIS else part.right
        return Decision(
            "answer",
            CRISIS,
            (Candidate(CRISIS, round(max(score, SURE), 6)), *others[: LISTED - 1]),
            urgent=True,
            words=part.reading.standard,
            why={"text": part.reading.text, "because": f"an emergency: {heard}"},
        )

    def _pick(self, parts: Sequence[Judgement]) -> Judgement:
        """The clearest part of a long message; of parts alike, the later one."""
        last = max(len(parts) - 1, 1)
        return max(enumerate(parts), key=lambda item: item[1].right + LATER * item[0] / last)[1]

    def _try_other_keyboard(self, text: str, judgement: Judgement, why: dict[str, Any]) -> Judgement:
        """What was meant when the keyboard was switched to the other language."""
        if is_long(text) or judgement.known > HARDLY_KNOWN:
            return judgement
        other = self.judge.judge(other_keyboard(text))
        if other.known < MOSTLY_KNOWN or other.right < SURE or other.reject is not None:
            return judgement
        why["keyboard"] = other.reading.text
        return other

    def _find_two_needs(self, text: str, judgement: Judgement) -> tuple[Candidate, Candidate] | None:
        """The first need and the second, when a message has two; they must be the best two of the whole as well."""
        found: tuple[Candidate, Candidate] | None = None
        for pair in halves(text, self._catalogue.lexicon.connectors):
            first, second = self.judge.judge_all(pair)
            sure = round(min(first.right, second.right), 6)
            best_two = {first.best, second.best} == set(judgement.choices[:2])
            ours = first.reject is None and second.reject is None and not {first.best, second.best} & PASSING
            if best_two and ours and sure >= SURE_OF_TWO and (found is None or sure > found[0].score):
                found = (Candidate(first.best, sure), Candidate(second.best, sure))
        return found

    def _telling(self, judgement: Judgement) -> list[str]:
        """The words that give a subject away."""
        return [word for word in judgement.reading.standard if word in self._markers]
