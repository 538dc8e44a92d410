"""train, evaluate and classify as they are called, on tables of every kind."""

import csv
import io
import json
import sys
from pathlib import Path

import pytest

from nlp.training.commands import classify, evaluate, train
from tests.nlp.conftest import small_examples
from tests.nlp.run import run

KEYS = {"n", "accuracy", "macro_f1", "top3", "ece", "coverage_at_97", "abstained", "texts_per_second"}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    examples = small_examples()
    path = tmp_path / "tickets.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["title", "detail", "label"])
        for text, label in zip(examples.texts, examples.labels, strict=True):
            writer.writerow(["", text, label])
        writer.writerow(["", "", "水"])
    return path


@pytest.fixture
def model(table: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    assert run(train, str(table), "--text", "title, detail", "--label", "label", "--out", str(folder)) == 0
    return folder


def test_train_writes_a_model_and_a_card(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = tmp_path / "model"
    assert run(train, str(table), "--text", "detail", "--label", "label", "--out", str(model)) == 0
    captured = capsys.readouterr()
    assert "324 examples (1 left out), 3 labels" in captured.out
    assert {file.name for file in model.iterdir()} == {"model.npz", "manifest.json", "card.json", "card.md"}
    card = json.loads((model / "card.json").read_text(encoding="utf-8"))
    assert card["labels"] == {"水": 108, "路": 108, "学": 108}
    assert card["source"] == "tickets.csv"
    assert (model / "card.md").read_text(encoding="utf-8").startswith(f"# Model {card['version']}\n")


def test_evaluate_prints_one_object(model: Path, table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(evaluate, str(table), "--text", "title,detail", "--label", "label", "--model", str(model)) == 0
    figures = json.loads(capsys.readouterr().out)
    assert set(figures) == KEYS
    assert (figures["n"], figures["accuracy"], figures["top3"]) == (324, 1.0, 1.0)


def test_robustness_is_printed_when_it_is_asked_for(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = tmp_path / "few.csv"
    few.write_text("title\tdetail\tlabel\n停水\t停水两天了\t水\n\t路面全是坑\t路\n\t老师打人\t人事\n", encoding="utf-8")
    capsys.readouterr()
    options = ("--text", "title,detail", "--label", "label", "--model", str(model), "--robustness")
    assert run(evaluate, str(few), *options) == 0
    captured = capsys.readouterr()
    figures = json.loads(captured.out)
    assert figures["accuracy"] == 0.6667
    assert "labels the model does not know: 人事" in captured.err
    assert figures["robustness"]["traditional"]["accuracy"] == 0.6667
    assert {"misheard", "mistyped", "dialect", "without title"} < set(figures["robustness"])


def test_classify_answers_every_line(
    model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("停水了怎么办\n\nqwerty\n"))
    capsys.readouterr()
    assert run(classify, "--model", str(model)) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["abstain"] for answer in answers] == [False, True, True]
    best = answers[0]["top"][0]
    assert best["label"] == "水"
    assert best["reasons"][0]["text"] == "停水"
    assert set(best) == {"label", "confidence", "reasons"}


@pytest.mark.parametrize(
    "words",
    [(), ("x.csv",), ("x.csv", "--text", "a"), ("x.csv", "--text", "a", "--label", "b", "--starting")],
)
def test_a_call_that_makes_no_sense_is_explained(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(train, *words, "--out", str(tmp_path / "m")) == 2
    assert "either CSV --text COLS --label COL, or --starting" in capsys.readouterr().err


def test_bad_data_and_bad_models_end_with_a_sentence(
    tmp_path: Path, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "m")
    assert run(train, str(table), "--text", "words", "--label", "label", "--out", out) == 1
    assert "has no column words; it has title, detail, label" in capsys.readouterr().err
    assert run(evaluate, str(table), "--text", "detail", "--label", "label", "--model", out) == 1
    assert "cannot be read" in capsys.readouterr().err
    assert run(classify, "--model", out) == 1
    assert not Path(out).exists()


def test_two_labels_one_of_them_rare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "two.csv"
    rows = [f"第{number}条停水了,水" for number in range(9)] + ["路灯坏了,路"]
    path.write_text("\n".join(["text,label", *rows]), encoding="utf-8")
    out = str(tmp_path / "m")
    assert run(train, str(path), "--text", "text", "--label", "label", "--out", out) == 0
    assert run(evaluate, str(path), "--text", "text", "--label", "label", "--model", out) == 0
