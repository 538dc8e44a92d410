"""Texts classified a second, with reasons, in one thread, beside plain jieba.cut over the same texts.

Run it as ``python benchmarks/bench_classify.py``; it makes its own texts and model, reads no file outside the
product, and prints one JSON object.
"""

from __future__ import annotations

import json
import logging
import statistics
import time
from collections.abc import Callable, Sequence

import jieba

from nlp.segment import segmenter
from nlp.training.fit import train
from nlp.training.starting import matter_examples, starting_sentences

TEXTS = 3_000
ROUNDS = 5


def texts_per_second(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """The median of several rounds, in processor time, so that a busy machine does not slow one side only."""
    speeds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for text in texts:
            work(text)
        speeds.append(len(texts) / (time.process_time() - started))
    return round(statistics.median(speeds), 1)


def main() -> None:
    """Measure short messages (one sentence) and long ones (ten)."""
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    segmenter()
    sentences = starting_sentences()
    classifier = train(matter_examples(sentences), quiet=True).classifier
    said = [sentence.text for sentence in sentences]
    short = said[:: len(said) // TEXTS][:TEXTS]
    long = ["。".join(said[start::1000][:10]) for start in range(0, 1000)]
    result: dict[str, object] = {"labels": len(classifier.labels), "grams": len(classifier.vocabulary.keys)}
    for name, texts in (("short", short), ("long", long)):
        ours = texts_per_second(classifier.classify, texts)
        plain = texts_per_second(jieba.lcut, texts)
        result[name] = {
            "characters": round(statistics.mean(map(len, texts)), 1),
            "classify_with_reasons": ours,
            "jieba_cut_alone": plain,
            "ratio": round(ours / plain, 2),
        }
    print(json.dumps(result, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
