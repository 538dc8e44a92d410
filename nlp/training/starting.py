"""The models a city starts with, before it has tickets of its own: request type and matter."""

from __future__ import annotations

import re
from pathlib import Path

from nlp.grams import GRAMS_ONLY
from nlp.matters import leaves
from nlp.training import card
from nlp.training.dataset import Examples
from nlp.training.fit import Recipe, train
from nlp.training.grammar import SEED, Grammar, Sentence
from nlp.training.linear import Method

_CATALOGUE_WEIGHT = 2  # the official words are few and sure
SOURCE = f"the starting corpus that ships with the product (seed {SEED})"


def starting_sentences() -> list[Sentence]:
    """The corpus without repeats, always the same."""
    hints = {matter.code: matter.type_hint for matter in leaves()}
    return list({sentence.text: sentence for sentence in Grammar().sentences(hints)}.values())


def matter_examples(sentences: list[Sentence]) -> Examples:
    """Sentences that are about a matter, and the catalogue's own words for it, labelled with its code."""
    said = [sentence for sentence in sentences if sentence.matter]
    return _examples([(sentence, sentence.matter) for sentence in [*said, *_catalogue_sentences()]])


def _catalogue_sentences() -> list[Sentence]:
    return [
        Sentence(text, matter.code, matter.type_hint, f"catalogue-{matter.code}")
        for matter in leaves()
        for text in (matter.name, matter.description, *re.split("[、，]", matter.description))
        for _ in range(_CATALOGUE_WEIGHT)
    ]


def type_examples(sentences: list[Sentence]) -> Examples:
    """All sentences, labelled with the request type."""
    return _examples([(sentence, sentence.type) for sentence in sentences])


def train_starting_models(out: Path) -> list[str]:
    """Write out/type and out/matter; gives back a line about each."""
    sentences = starting_sentences()
    lines = []
    for name, examples in (("type", type_examples(sentences)), ("matter", matter_examples(sentences))):
        trained = train(examples, RECIPES[name])
        version = card.save(trained, examples, out / name, SOURCE)
        lines.append(
            f"{out / name}: model {version}, {len(examples)} sentences, "
            f"accuracy on unseen templates {trained.expected.accuracy}, top 3 {trained.expected.top3}"
        )
    return lines


RECIPES = {
    "type": Recipe(layout=GRAMS_ONLY, method=Method(1.0, evidence=False)),
    "matter": Recipe(layout=GRAMS_ONLY, method=Method(0.3, evidence=False)),
}


def _examples(labelled: list[tuple[Sentence, str]]) -> Examples:
    return Examples(
        texts=tuple(sentence.text for sentence, _ in labelled),
        labels=tuple(label for _, label in labelled),
        families=tuple(sentence.family for sentence, _ in labelled),
    )
