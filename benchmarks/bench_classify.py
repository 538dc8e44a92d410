"""What understanding a ticket costs beside plain jieba, what loading takes, and, if asked, how long training takes.

Run it as ``python -m benchmarks.bench_classify [--tickets 100000]``; it makes its own texts and models, reads no
file outside the product, and prints one JSON object. Tickets to train on are made by stringing ten sentences of
the starting corpus together, each time others: about 300 characters, labelled with the matter of the first.
"""

from __future__ import annotations

import argparse
import json
import logging
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import jieba

from nlp.places import Gazetteer, GazetteerEntry
from nlp.segment import segmenter, words
from nlp.text import join_fields
from nlp.training import card
from nlp.training.dataset import Examples
from nlp.training.fit import train
from nlp.training.grammar import SEED, Sentence
from nlp.training.starting import starting_sentences, train_starting_models
from nlp.understand import Understander

TEXTS = 2_000
ROUNDS = 5
STREETS = 400
SENTENCES = 10

LOADING = r"""
import json, re, sys, time
started = time.perf_counter()
from pathlib import Path
from nlp.places import Gazetteer
from nlp.understand import Understander
imported = time.perf_counter()
understander = Understander.load(Path(sys.argv[1]), Gazetteer.from_entries([]))
loaded = time.perf_counter()
understander.understand("停水两天了")
print(json.dumps({
    "import_seconds": round(imported - started, 2),
    "load_seconds": round(loaded - imported, 2),
    "memory_mb": round(int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024),
}))
"""
"""The most memory held is asked of Linux by process: getrusage counts that of the process which started it too."""


def texts_per_second(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """The median of several rounds, in processor time, so that a busy machine does not slow one side only."""
    speeds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for text in texts:
            work(text)
        speeds.append(len(texts) / (time.process_time() - started))
    return round(statistics.median(speeds), 1)


def tickets(sentences: Sequence[Sentence], count: int) -> Examples:
    """Generated tickets with a title, each of sentences that no other has in the same order."""
    about = [sentence for sentence in sentences if sentence.matter]
    random = Random(SEED)
    texts, labels = [], []
    for _ in range(count):
        first = random.choice(about)
        rest = random.sample(about, SENTENCES - 1)
        texts.append(join_fields(first.text, "。".join(sentence.text for sentence in (first, *rest))))
        labels.append(first.matter)
    return Examples(tuple(texts), tuple(labels))


def understanding(folder: Path, said: list[str]) -> dict[str, object]:
    """Type, matter, place, urgency, title and summary with all reasons, one text after the other in one thread."""
    streets = [GazetteerEntry(f"s{at}", f"{said[at][:2]}{at}街道", "street") for at in range(STREETS)]
    understander = Understander.load(folder, Gazetteer.from_entries(streets))
    short = said[:: len(said) // TEXTS][:TEXTS]
    long = ["。".join(said[start::1000][:SENTENCES]) for start in range(0, 1000)]
    result: dict[str, object] = {"labels": len(understander.matter_model.labels)}
    for name, texts in (("short", short), ("long", long)):
        speeds = {
            "understand": texts_per_second(understander.understand, texts),
            "classify_with_reasons": texts_per_second(understander.matter_model.classify, texts),
            "cut_by_our_segmenter": texts_per_second(words, texts),
            "cut_by_plain_jieba": texts_per_second(jieba.lcut, texts),
        }
        ratio = round(speeds["classify_with_reasons"] / speeds["cut_by_plain_jieba"], 2)
        result[name] = {"characters": round(statistics.mean(map(len, texts)), 1), **speeds, "classify_to_jieba": ratio}
    return result


def loading(folder: Path) -> dict[str, float]:
    """A fresh process that loads both models and the segmenter and understands one text."""
    said = subprocess.run([sys.executable, "-c", LOADING, str(folder)], check=True, capture_output=True, text=True)
    answer: dict[str, float] = json.loads(said.stdout)
    return answer


def training(count: int, folder: Path) -> dict[str, float]:
    """How long ``hotline train`` takes, reading aside, with its progress bar."""
    examples = tickets(starting_sentences(), count)
    started, used = time.perf_counter(), time.process_time()
    trained = train(examples)
    card.save(trained, examples, folder / "trained", f"{count} generated tickets")
    return {
        "tickets": count,
        "labels": len(trained.classifier.labels),
        "characters": round(statistics.mean(map(len, examples.texts)), 1),
        "seconds": round(time.perf_counter() - started, 1),
        "processor_seconds": round(time.process_time() - used, 1),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "accuracy": trained.expected.accuracy,
    }


def main() -> None:
    """Measure; training only when a number of tickets is given."""
    parser = argparse.ArgumentParser(description="Measure the language part.")
    parser.add_argument("--tickets", type=int, default=0, help="also train on so many generated tickets")
    args = parser.parse_args()
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    segmenter()
    said = [sentence.text for sentence in starting_sentences()]
    with tempfile.TemporaryDirectory() as folder:
        train_starting_models(Path(folder))
        result: dict[str, object] = {**understanding(Path(folder), said), "loading": loading(Path(folder))}
        if args.tickets:
            result["training"] = training(args.tickets, Path(folder))
    print(json.dumps(result, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
