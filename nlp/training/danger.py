"""Training and measuring of the model of danger (nlp.danger) and of nlp.urgency as a whole, on marked sentences."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from nlp.danger import NONE, DangerModel, grams, stretches
from nlp.errors import DataError
from nlp.signs import default
from nlp.training.starting import starting_sentences
from nlp.urgency import NAMES, by_words

PENALTY = 0.05
ORDINARY_WEIGHT = 0.5
MARKED_ORDINARY_WEIGHT = 2.0  # what was marked as no alarm was written down because it sounds like one
OF_EACH_TEMPLATE = 12
FOLDS = 5
SEED = 12345


@dataclass(frozen=True, slots=True)
class Marked:
    """One sentence with the kind of its alarm ("-" for none); ``part`` "fresh" is never trained or tuned on."""

    text: str
    kind: str
    part: str


def read_marked(file: Path | None = None) -> list[Marked]:
    """A table part, kind, text; without a file the sample that comes with the product."""
    place = file or resources.files("nlp.training").joinpath("corpus/urgency_marked.tsv")
    try:
        lines = place.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{place} cannot be read: {error}") from error
    rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    for number, row in enumerate(rows, start=2):
        if not row.get("part") or not row.get("text") or row.get("kind") not in (NONE, *NAMES):
            raise DataError(
                f"{place} line {number}: part, kind ({NONE} or one of {', '.join(NAMES)}) and text are needed"
            )
    return [Marked(row["text"], row["kind"], row["part"]) for row in rows]


def ordinary_sentences() -> list[str]:
    """What callers say every day: sentences of the starting corpus in which the lexicon hears nothing."""
    families: dict[str, list[str]] = {}
    for sentence in starting_sentences():
        families.setdefault(sentence.family, []).append(sentence.text)
    said = [text for texts in families.values() for text in texts[:OF_EACH_TEMPLATE]]
    quiet = [text for text in said if by_words(text, default()) == ([], False)]
    return sorted({text[start:end] for text in quiet for start, end in stretches(text)})


def train(marked: Sequence[Marked], ordinary: Sequence[str]) -> DangerModel:
    """Multinomial regression on the marked sentences; every day's sentences are none of the kinds."""
    if all(each.kind == NONE for each in marked):
        raise DataError("no sentence is marked as an alarm: nothing to tell apart")
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    texts = [each.text for each in marked] + list(ordinary)
    kinds = [each.kind for each in marked] + [NONE] * len(ordinary)
    weights = [MARKED_ORDINARY_WEIGHT if each.kind == NONE else 1.0 for each in marked]
    weights += [ORDINARY_WEIGHT] * len(ordinary)
    seen = Counter(gram for text in texts for gram in grams(text))
    rows = {gram: row for row, gram in enumerate(sorted(gram for gram, count in seen.items() if count > 1))}
    cells = [
        (at, rows[gram], len(said))
        for at, text in enumerate(texts)
        for said in [grams(text)]
        for gram in said
        if gram in rows
    ]
    values = [1 / np.sqrt(length) for _at, _row, length in cells]
    places = ([at for at, _, _ in cells], [row for _, row, _ in cells])
    matrix = csr_matrix((values, places), shape=(len(texts), len(rows)))
    fitted = LogisticRegression(C=1 / PENALTY, class_weight=_balance(kinds), max_iter=2000)
    fitted.fit(matrix, kinds, sample_weight=weights)
    classes = tuple(str(kind) for kind in fitted.classes_)
    weights_of = np.vstack([fitted.coef_.T, np.zeros((1, len(classes)))]).astype(np.float32)
    return DangerModel(classes, rows, weights_of, fitted.intercept_.astype(np.float32))


def _balance(kinds: Sequence[str]) -> dict[str, float]:
    """Few sentences of a kind count more, but not so much that its words alone ring."""
    counts = Counter(kinds)
    return {kind: (max(counts.values()) / count) ** 0.25 for kind, count in counts.items()}


def folds(marked: Sequence[Marked]) -> list[list[Marked]]:
    """The same five parts each time."""
    shuffled = list(marked)
    random.Random(SEED).shuffle(shuffled)
    return [shuffled[at::FOLDS] for at in range(FOLDS)]


def figures(marked: Sequence[Marked], alarms: Callable[[str], Sequence[str]]) -> dict[str, Any]:
    """Recall, precision and the share of alarms whose kind is right; ``alarms`` gives the kinds heard in a text."""
    heard = [(each, alarms(each.text)) for each in marked]
    wanted = [(each, kinds) for each, kinds in heard if each.kind != NONE]
    rung = [(each, kinds) for each, kinds in heard if kinds]
    right = [(each, kinds) for each, kinds in wanted if kinds]
    return {
        "sentences": len(marked),
        "alarms_marked": len(wanted),
        "recall": round(len(right) / max(len(wanted), 1), 4),
        "precision": round(len(right) / max(len(rung), 1), 4),
        "kind_right": round(sum(each.kind in kinds for each, kinds in right) / max(len(right), 1), 4),
        "missed": [each.text for each, kinds in wanted if not kinds],
        "false": [each.text for each, kinds in rung if each.kind == NONE],
    }
