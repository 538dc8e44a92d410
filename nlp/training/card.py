"""The model card: what a model was made from, how good it was on unseen groups, and when not to trust it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nlp.training.dataset import Examples
from nlp.training.fit import ABSTAIN_BELOW, Trained

_FIGURES = {
    "n": "examples",
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
    "top3": "right label among the first three",
    "ece": "expected calibration error",
    "coverage_at_97": "share that can pass at 97 % precision",
}


def save(trained: Trained, examples: Examples, folder: Path, source: str) -> str:
    """Write the model and its card (card.md to read, card.json to compute with); gives back the version."""
    version = trained.classifier.save(folder)
    facts = _facts(trained, examples, source, version)
    listing = json.dumps(facts, ensure_ascii=False, indent=1) + "\n"
    (folder / "card.json").write_text(listing, encoding="utf-8")
    (folder / "card.md").write_text(_markdown(facts), encoding="utf-8")
    return version


def _facts(trained: Trained, examples: Examples, source: str, version: str) -> dict[str, Any]:
    return {
        "version": version,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "source": source,
        "examples": len(examples),
        "skipped": examples.skipped,
        "labels": dict(Counter(examples.labels).most_common()),
        "features": len(trained.classifier.vocabulary.keys),
        "temperature": round(trained.classifier.temperature, 4),
        "abstain_below": ABSTAIN_BELOW,
        "straight_through_at": trained.straight_through_at,
        "cross_validation": {"folds": trained.folds, **asdict(trained.expected)},
        "shortened": {kind: asdict(figures) for kind, figures in trained.shortened.items()},
    }


def _markdown(facts: dict[str, Any]) -> str:
    rows = [f"| {words} | {facts['cross_validation'][key]} |" for key, words in _FIGURES.items()]
    labels = [f"| {label} | {count} |" for label, count in facts["labels"].items()]
    return "\n".join(
        [
            f"# Model {facts['version']}",
            "",
            f"Made {facts['made']} from {facts['source']}: {facts['examples']} examples "
            f"({facts['skipped']} rows left out for want of text or label), "
            f"{facts['features']} features (characters in a row and words, of the whole and of its title or "
            "opening), TF-IDF and linear support vector machines.",
            "",
            f"## Expected on messages like these ({facts['cross_validation']['folds']} parts held out in turn, "
            "near-duplicates together)",
            "",
            "| figure | value |",
            "|---|---|",
            *rows,
            "",
            *_shortened(facts["shortened"]),
            "## Use",
            "",
            f"A best choice under {facts['abstain_below']} is shown as a guess only (abstain). Above "
            f"{facts['straight_through_at']} it was right in 97 % of cases. Both hold for messages "
            "like those it was trained on: another city's words lower accuracy, so retrain on the city's own "
            "tickets. How many of a text's grams and words the training has met is counted; the fewer, the less the "
            "figures above say of it. `hotline evaluate CSV … --robustness` measures another table, also misheard, "
            "mistyped, in dialect and cut off.",
            "",
            "## Labels",
            "",
            "| label | examples |",
            "|---|---|",
            *labels,
            "",
        ]
    )


def _shortened(kinds: dict[str, dict[str, Any]]) -> list[str]:
    """The same messages as shorter ones; nothing where none was long enough to be cut."""
    if not kinds:
        return []
    rows = [f"| {kind} | {f['n']} | {f['accuracy']} | {f['macro_f1']} | {f['ece']} |" for kind, f in kinds.items()]
    head = ["| messages | n | accuracy | macro F1 | calibration error |", "|---|---|---|---|---|"]
    return ["## Expected on shorter messages", "", *head, *rows, ""]
