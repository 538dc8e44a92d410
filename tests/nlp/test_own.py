"""Confidences are those of a city's own messages, not of the easier sentences that help it to start."""

from dataclasses import replace

import numpy as np
from sklearn.utils import check_random_state

from nlp.training import fit
from nlp.training.dataset import Examples
from tests.nlp.conftest import small_examples

UNSURE = ("灯", "树", "井")
"""Of these nobody can tell which it is: each text has one by lot."""


def _with_own(messages: int) -> Examples:
    chance, corpus = check_random_state(12345), small_examples()
    texts = [
        f"第{row}号来件，说的是小区门口的{UNSURE[chance.randint(3)]}{chance.randint(9999)}" for row in range(messages)
    ]
    labels = [UNSURE[chance.randint(3)] for _ in texts]
    return Examples(
        texts=(*texts, *corpus.texts),
        labels=(*labels, *corpus.labels),
        families=(*(f"own {row}" for row in range(messages)), *(f"corpus {row % 12}" for row in range(len(corpus)))),
        own=(True,) * messages + (False,) * len(corpus),
    )


def _boast(trained: fit.Trained) -> float:
    """By how much new messages of the same kind are thought surer than a lot of three can be."""
    model = trained.classifier
    asked = [f"第{row}号来件，说的是小区门口的{UNSURE[row % 3]}{row}" for row in range(300, 360)]
    return float(np.mean([model.probabilities(text).max() for text in asked])) - 1 / 3


def test_enough_own_messages_judge_confidences_alone() -> None:
    mixed = _with_own(fit.FEWEST_OWN)
    alone = fit.train(mixed, quiet=True)
    together = fit.train(replace(mixed, own=()), quiet=True)
    assert alone.expected.n == fit.FEWEST_OWN
    assert together.expected.n == len(mixed)
    assert alone.expected.accuracy < 0.5 < together.expected.accuracy
    assert _boast(alone) < 0.7 * _boast(together)


def test_of_few_own_messages_all_examples_judge() -> None:
    mixed = _with_own(fit.FEWEST_OWN - 1)
    assert fit.train(mixed, quiet=True).expected.n == len(mixed)
