"""Figures with their spread, messages as they might have come otherwise, and copies that training makes."""

import json
from pathlib import Path
from random import Random

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from nlp.text import join_fields, split_title
from nlp.training.commands import crossvalidate
from nlp.training.copies import with_copies
from nlp.training.disturb import DIALECT, disturb, disturbances
from nlp.training.fit import train
from nlp.training.linear import MOST_OTHERS, PLAIN, Lessons, Method, fit_machines
from tests.nlp.conftest import small_examples
from tests.nlp.run import run

TEXT = join_fields("自来水停水", "我们这里没有水了，怎么办？什么时候来水")


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_it_prints_every_figure_with_its_spread(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    examples = small_examples()
    rows = [
        f'"{text}",{label},{at}' for at, (text, label) in enumerate(zip(examples.texts, examples.labels, strict=True))
    ]
    table = write(tmp_path / "t.csv", "text,label,row", *rows[::2], "独一份,一,x")
    options = ("--text", "text", "--label", "label", "--folds", "2", "--without", "words,copies", "--groups", "row")
    assert run(crossvalidate, str(table), *options) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["n"], answer["folds"], list(answer["figures"])) == (163, 2, ["as written"])
    assert answer["figures"]["as written"]["accuracy"] == {"mean": 0.9939, "sd": 0.0061}
    assert set(answer["figures"]["as written"]) == {"accuracy", "macro_f1", "top3", "ece", "coverage_at_97"}


def test_a_call_or_a_table_that_makes_no_sense_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = str(write(tmp_path / "t.csv", "text,label", "停水,水", "断水,水"))
    usual = (table, "--text", "text", "--label", "label")
    assert run(crossvalidate, *usual, "--without", "everything") == 2
    assert run(crossvalidate, *usual, "--folds", "1") == 2
    assert run(crossvalidate, *usual) == 1
    assert "only one label ('水')" in capsys.readouterr().err
    assert run(crossvalidate, *usual, "--groups", "family") == 1
    assert "has no column family" in capsys.readouterr().err


def test_rows_of_a_group_stay_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        f"{said}{number},{label},{label}" for said, label in (("停水", "水"), ("修路", "路")) for number in range(6)
    ]
    table = str(write(tmp_path / "t.csv", "text,label,family", *rows))
    usual = (table, "--text", "text", "--label", "label", "--groups", "family")
    assert run(crossvalidate, *usual, "--folds", "2") == 1
    assert "only one label" in capsys.readouterr().err
    assert run(crossvalidate, *usual, "--folds", "3") == 1
    assert "3 folds need as many groups of rows; there are 2" in capsys.readouterr().err


def test_a_disturbed_text_is_always_disturbed_the_same_way() -> None:
    ways = disturbances([TEXT, "水书睡谁"])
    assert disturb([TEXT], ways["first 20 characters"]) == [join_fields("自来水停水", "我们这里没有水了，怎么办？什么")]
    assert disturb([TEXT], ways["without title"]) == ["我们这里没有水了，怎么办？什么时候来水"]
    assert disturb([TEXT], ways["dialect"]) == [
        join_fields("水喉水停水", "俺们咯里冇得水了，咋办？啥时候来水"),
    ]
    assert disturb([TEXT], ways["traditional"])[0].endswith("什麼時候來水")
    for name, way in ways.items():
        assert disturb([TEXT] * 3, way) == disturb([TEXT] * 3, way), name


def test_what_is_misheard_sounds_the_same_and_has_no_punctuation() -> None:
    way = disturbances([TEXT, "税水谁睡"])["misheard"]
    heard = way(join_fields("水水水水水水水水", "水" * 200), Random(1))
    assert split_title(heard)[0]
    assert set(heard) - {"\n"} == {"水", "税", "谁", "睡"} & set(heard)
    assert 0 < sum(character != "水" for character in heard.replace("\n", "")) < 60
    assert "，" not in way(TEXT, Random(1))


def test_no_dialect_word_is_a_usual_one() -> None:
    assert not set(DIALECT) & set(DIALECT.values())


def test_copies_are_made_of_what_can_be_shortened() -> None:
    copied = with_copies((TEXT, "停水", join_fields("停水", "停" * 60)))
    assert copied.kinds == ("", "", "", "no title", "title alone", "no title", "title alone", "first words")
    assert copied.texts[3:] == ("我们这里没有水了，怎么办？什么时候来水", "自来水停水", "停" * 60, "停水", "停" * 30)
    assert copied.origin.tolist() == [0, 1, 2, 0, 0, 2, 2, 2]
    assert copied.weight.tolist() == [1, 1, 1, 0.4, 0.2, 0.4, 0.2, 0.2]
    assert with_copies((TEXT,), copies=False).texts == (TEXT,)


def test_a_few_thousand_others_stand_for_all_of_a_large_table() -> None:
    size = MOST_OTHERS * 3
    truth = np.zeros(size, dtype=np.int64)
    truth[:40], truth[40:80] = 1, 2
    rows = csr_matrix((np.ones(size), truth, np.arange(size + 1)), shape=(size, 3))
    ticks: list[None] = []
    (machine,) = fit_machines(
        Lessons(rows, np.ones(size), truth, 3), [np.arange(size)], Method(), lambda: ticks.append(None)
    )
    assert machine.scores(rows[[0, 40, 80]]).argmax(axis=1).tolist() == [1, 2, 0]
    assert len(ticks) == 3


def test_a_label_that_a_part_lacks_is_never_its_choice() -> None:
    rows = csr_matrix(np.eye(3))
    lessons = Lessons(rows, np.ones(3), np.array([0, 1, 2]), 3)
    machine, alone = fit_machines(lessons, [np.array([0, 1]), np.array([2])], Method(), lambda: None)
    assert machine.scores(rows).argmax(axis=1).tolist()[:2] == [0, 1]
    assert alone.scores(rows).argmax(axis=1).tolist() == [2, 2, 2]


def test_a_feature_that_tells_a_label_is_read_stronger() -> None:
    """Feature 0 is of both labels and tells nothing; 1 and 2 are of one label each."""
    rows = csr_matrix(np.array([[1.0, 1, 0], [1, 1, 0], [1, 1, 0], [1, 0, 1], [1, 0, 1], [1, 0, 1]]))
    lessons = Lessons(rows, np.ones(6), np.array([0, 0, 0, 1, 1, 1]), 2)
    # hardly fitted at all, a machine's weights are in proportion to the square of what each feature is read with
    (plain,) = fit_machines(lessons, [np.arange(6)], Method(1e-6, evidence=False), lambda: None)
    (told,) = fit_machines(lessons, [np.arange(6)], Method(1e-6), lambda: None)
    root = np.sqrt(1.5)  # log odds of 0, x and -x, divided by their root mean square
    assert told.weights[1:] / plain.weights[1:] == pytest.approx((PLAIN + (1 - PLAIN) * root) ** 2, rel=1e-3)
    (fitted,) = fit_machines(lessons, [np.arange(6)], Method(), lambda: None)
    assert fitted.scores(rows).argmax(axis=1).tolist() == [0, 0, 0, 1, 1, 1]


def test_the_figures_of_shortened_messages_are_on_the_card() -> None:
    examples = small_examples()
    longer = [join_fields(text, text * 5) for text in examples.texts[::3]]
    trained = train(type(examples)(tuple(longer), examples.labels[::3]), quiet=True)
    assert {kind: figures.n for kind, figures in trained.shortened.items()} == {
        "no title": 108,
        "title alone": 108,
        "first words": 108,
    }
    assert trained.folds == 4
