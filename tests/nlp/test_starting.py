"""The starting corpus covers the catalogue, is always the same, and its models understand fresh sentences."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from nlp.classify import Classifier
from nlp.errors import ModelRefused
from nlp.matters import catalogue, leaves
from nlp.places import Gazetteer, GazetteerEntry
from nlp.summary import TITLE_LENGTH
from nlp.training.grammar import Grammar, Sentence, read_templates
from nlp.training.starting import starting_sentences
from nlp.understand import Understander

TYPES = {"consultation", "help", "complaint", "report", "suggestion", "praise", "other"}
CITY = Gazetteer.from_entries(
    [
        GazetteerEntry("yx", "云溪区", "district"),
        GazetteerEntry("yx1", "南湖街道", "street", "yx", lat=23.1, lng=113.2),
    ]
)


@pytest.fixture(scope="module")
def sentences() -> list[Sentence]:
    return starting_sentences()


@pytest.fixture(scope="module")
def understander(starting_models: Path) -> Understander:
    return Understander.load(starting_models, CITY)


def fresh_sentences() -> list[dict[str, str]]:
    """Written by hand after the templates, and never looked at while they were changed."""
    with (Path(__file__).parent / "data" / "handwritten.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_catalogue_is_two_levels_deep_and_wide_enough() -> None:
    fields = [matter for matter in catalogue().values() if not matter.parent]
    assert len(fields) == 26
    assert len(leaves()) == 138
    assert all(leaf.code[:2] == leaf.parent and leaf.parent in catalogue() for leaf in leaves())
    assert {matter.type_hint for matter in catalogue().values()} <= TYPES


def test_every_matter_has_several_skeletons() -> None:
    skeletons = Counter(template.matter for template in read_templates())
    assert set(skeletons) == {leaf.code for leaf in leaves()}
    assert min(skeletons.values()) >= 4


def test_the_corpus_is_large_varied_and_always_the_same(sentences: list[Sentence]) -> None:
    assert len(sentences) > 10_000
    assert len({sentence.text for sentence in sentences}) == len(sentences)
    assert sentences == starting_sentences()
    types = Counter(sentence.type for sentence in sentences)
    assert set(types) == TYPES
    assert min(types.values()) >= 150
    assert min(Counter(s.matter for s in sentences if s.matter).values()) >= 30


def test_no_template_is_left_unfilled(sentences: list[Sentence]) -> None:
    assert not [s.text for s in sentences if any(mark in s.text for mark in "[]{}|")]


def test_another_seed_gives_other_sentences() -> None:
    hints = {leaf.code: leaf.type_hint for leaf in leaves()}
    assert next(Grammar(1).sentences(hints)) != next(Grammar(2).sentences(hints))


def test_fresh_sentences_are_understood(understander: Understander) -> None:
    rows = fresh_sentences()
    about = [row for row in rows if row["matter"]]
    matters = [[c.label for c in understander.understand(row["text"]).matter] for row in about]
    top1 = sum(found[0] == row["matter"] for found, row in zip(matters, about, strict=True)) / len(about)
    top3 = sum(row["matter"] in found for found, row in zip(matters, about, strict=True)) / len(about)
    types = sum(understander.understand(row["text"]).type[0].label == row["type"] for row in rows) / len(rows)
    assert top1 >= 0.72
    assert top3 >= 0.88
    assert types >= 0.7


def test_one_message_through_the_door(understander: Understander) -> None:
    text = "你好，我住在云溪区南湖街道人民路12号，楼下烧烤店油烟太大，睡不着，反映过好多次都没人管，谢谢"
    read = understander.understand(text)
    assert read.type[0].label == "complaint"
    assert read.matter[0].label == "0902"
    assert {"油烟", "烧烤店"} <= {reason.text for reason in read.matter[0].reasons}
    assert read.place is not None
    assert (read.place.area, read.place.address, read.place.lat) == ("yx1", "人民路12号", 23.1)
    assert read.urgency.level == "normal"
    assert read.title == "人民路12号楼下烧烤店油烟太大"
    assert read.abstain is False
    assert read.model_version == understander.version


def test_it_abstains_from_what_is_about_nothing(understander: Understander) -> None:
    read = understander.understand("你好")
    assert read.abstain is True
    assert read.type[0].label == "other"


@pytest.mark.parametrize("text", ["", "   ", "\x00\ud800", "？", "a" * 100_000])
def test_anything_can_be_said(understander: Understander, text: str) -> None:
    read = understander.understand(text)
    assert len(read.matter) == len(read.type) == 3
    assert len(read.title) <= TITLE_LENGTH


def test_both_models_are_needed(starting_models: Path, tmp_path: Path) -> None:
    (tmp_path / "type").symlink_to(starting_models / "type")
    with pytest.raises(ModelRefused, match="matter"):
        Understander.load(tmp_path, CITY)


def test_the_cards_say_what_the_models_were_made_from(starting_models: Path) -> None:
    for name, labels in (("type", 7), ("matter", 138)):
        assert "starting corpus" in (starting_models / name / "card.md").read_text(encoding="utf-8")
        assert len(Classifier.load(starting_models / name).labels) == labels
