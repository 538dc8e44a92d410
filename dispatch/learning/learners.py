"""What can be taught: each learner knows its cases, trains a version into a folder, and asks one for its guesses."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from dispatch import history, units
from dispatch.learning import labels
from dispatch.learning.comparing import Guess
from dispatch.learning.frozen import refuse_frozen
from dispatch.learning.labels import Case
from dispatch.models import Taught
from hotline.tickets.models import Matter
from nlp.classify import Classifier
from nlp.departments import UnitModel
from nlp.training import card, departments, departments_measure, starting
from nlp.training.dataset import Examples
from nlp.training.fit import train
from nlp.training.grouping import near_duplicate_groups
from nlp.unitnames import successor

WELL_KNOWN = 50
"""Tickets of its own from which on a label does without the sentences of the starting corpus."""


class Learner(Protocol):
    """One model that learns from what people decide."""

    @property
    def name(self) -> Taught:
        """Which of them."""

    def cases(self, since: datetime, until: datetime) -> list[Case]:
        """What people decided in the period, oldest first; of very many the newest."""

    def train(self, cases: Sequence[Case], folder: Path) -> str:
        """Write a model taught by `cases` into `folder`; gives back its version."""

    def guesses(self, folder: Path, cases: Sequence[Case]) -> list[Guess]:
        """What the model in `folder` says of each case; raises ModelRefused when it cannot be loaded."""

    def unaided(self, cases: Sequence[Case]) -> list[Guess]:
        """What the desk is offered while there is no model."""


NOTHING = Guess("", 0.0)


class WordsLearner:
    """Request type or matter, from the words alone."""

    def __init__(self, name: Taught) -> None:
        self.name = name

    def cases(self, since: datetime, until: datetime) -> list[Case]:
        """What agents accepted or put right."""
        return labels.decided(self.name, since, until, history.MOST)

    def train(self, cases: Sequence[Case], folder: Path) -> str:
        """The city's own tickets, and the starting corpus for what the city has seldom seen."""
        refuse_frozen(cases)
        examples = self._examples(cases)
        trained = train(examples, starting.RECIPES[self.name.value], quiet=True)
        return card.save(trained, examples, folder, f"{len(cases)} tickets decided by people, and the starting corpus")

    def guesses(self, folder: Path, cases: Sequence[Case]) -> list[Guess]:
        """The likeliest label of each."""
        model = Classifier.load(folder)
        chances = [model.probabilities(case.text) for case in cases]
        return [Guess(model.labels[int(row.argmax())], float(row.max())) for row in chances]

    def unaided(self, cases: Sequence[Case]) -> list[Guess]:
        """Nothing."""
        return [NOTHING for _ in cases]

    def _examples(self, cases: Sequence[Case]) -> Examples:
        texts = [case.text for case in cases]
        groups = near_duplicate_groups(texts).tolist()
        known = Counter(case.label for case in cases)
        allowed = set(Matter.objects.in_use().values_list("code", flat=True)) if self.name == Taught.MATTER else None
        corpus = self._corpus()
        seldom = [
            (text, label, family)
            for text, label, family in zip(corpus.texts, corpus.labels, corpus.families, strict=True)
            if known[label] < WELL_KNOWN and (allowed is None or label in allowed)
        ]
        return Examples(
            texts=(*texts, *(text for text, _, _ in seldom)),
            labels=(*(case.label for case in cases), *(label for _, label, _ in seldom)),
            families=(*(f"ticket {group}" for group in groups), *(family for _, _, family in seldom)),
            own=(*(True for _ in cases), *(False for _ in seldom)),
        )

    def _corpus(self) -> Examples:
        sentences = starting.starting_sentences()
        by_type = self.name == Taught.TYPE
        return starting.type_examples(sentences) if by_type else starting.matter_examples(sentences)


class UnitLearner:
    """Which unit has it in the end, from the words, the place and the catalogue."""

    name = Taught.DEPARTMENT

    def cases(self, since: datetime, until: datetime) -> list[Case]:
        """Closed tickets with the unit that rightly had them, or the one that has its tasks by now."""
        became = units.successors()
        return [
            Case(number=row.number, at=row.at, text=row.text, label=successor(row.unit, became), extra=row)
            for row in history.cases(since, until)
        ]

    def train(self, cases: Sequence[Case], folder: Path) -> str:
        """The city's own dispatches."""
        refuse_frozen(cases)
        rows = [case.extra for case in cases]
        trained = departments.train(rows, history.roster(), units.successors(), quiet=True)
        return departments_measure.save(trained, rows, folder, f"{len(rows)} closed tickets")

    def guesses(self, folder: Path, cases: Sequence[Case]) -> list[Guess]:
        """The likeliest unit of each, with what was known of it beside its words, as the desk would be offered it."""
        model, became = UnitModel.load(folder), units.successors()
        best = [model.best(case.text, case.extra.known) for case in cases]
        return [Guess(successor(unit, became), confidence) for unit, confidence in best]

    def unaided(self, cases: Sequence[Case]) -> list[Guess]:
        """The unit that the catalogue alone would name."""
        said = [max(case.extra.known.duties.items(), key=lambda duty: duty[1], default=("", 0.0)) for case in cases]
        return [Guess(unit, share) for unit, share in said]


def learners() -> list[Learner]:
    """All that is taught each night."""
    return [WordsLearner(Taught.TYPE), WordsLearner(Taught.MATTER), UnitLearner()]
