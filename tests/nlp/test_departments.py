"""Units learnt from dispatches: place, new units, renamed ones, honest doubt, and words that really decide."""

import argparse
import json
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from nlp.departments import Known, UnitModel
from nlp.errors import DataError, ModelRefused
from nlp.training import departments_measure, departments_table
from nlp.training.commands import evaluate_departments
from nlp.training.departments import Case, train
from nlp.unitnames import UnitName, successor

FACTS = {
    "城管局": ("流动摊贩占道经营", "夜宵摊油烟扰民", "垃圾桶满了没人清运", "违章搭建的棚子"),
    "教育局": ("学校违规收补课费", "小学入学学位不够", "老师体罚学生", "幼儿园伙食太差"),
    "水务局": ("自来水停水两天", "水管爆裂路面全是水", "自来水发黄有异味", "水费突然翻倍"),
}
PLACES = {"东区": ("东湖路", "文澜小区"), "西区": ("西江路", "榕荫花园")}
NAMES = [UnitName(f"{area}{function}", function, area) for area in PLACES for function in FACTS]
START = datetime(2026, 1, 1)


def story(count: int = 240) -> list[Case]:
    """Requests over time: what is wrong says the function, the road or the district says where; 西区水务局 is new."""
    chance = random.Random(5)
    cases = []
    for number in range(count):
        area = chance.choice(list(PLACES))
        function = chance.choice(["城管局", "教育局"] if area == "西区" and number < count * 0.97 else list(FACTS))
        where = chance.choice([area, chance.choice(PLACES[area]), f"{area}{PLACES[area][0]}"])
        text = f"{where}{chance.choice(FACTS[function])}，{chance.choice(['请处理', '希望解决', '怎么没人管'])}"
        cases.append(Case(text, START + timedelta(hours=number), f"{area}{function}"))
    return cases


@pytest.fixture(scope="module")
def model() -> UnitModel:
    return train(story(), NAMES, quiet=True).model


def best(model: UnitModel, text: str, known: Known | None = None) -> str:
    first = model.rank(text, known or Known())[0]
    assert model.best(text, known or Known()) == (first.label, pytest.approx(first.confidence, abs=1e-4))
    return first.label


def test_what_is_wrong_and_where_name_the_unit_together(model: UnitModel) -> None:
    assert best(model, "东区小学入学没有学位") == "东区教育局"
    assert best(model, "西区小学入学没有学位") == "西区教育局"
    assert best(model, "榕荫花园门口流动摊贩占道") == "西区城管局", "the estate was only ever asked about in the west"
    assert best(model, "流动摊贩占道", Known(places=frozenset({"西区"}))) == "西区城管局"


def test_a_new_unit_is_known_by_its_sisters(model: UnitModel) -> None:
    assert best(model, "西区自来水停水") == "西区水务局"
    without = train([case for case in story() if case.unit != "西区水务局"], NAMES, quiet=True).model
    assert without.rank("西区自来水停水")[0].label == "西区水务局", "it never had a single request"


def test_every_word_given_as_a_reason_counts(model: UnitModel) -> None:
    for case in story()[::16]:
        for choice in model.rank(case.text):
            for reason in (reason for reason in choice.reasons if reason.kind == "word"):
                left = case.text.replace(reason.text, " ")
                number = model.roster.number[choice.label]
                assert model.probabilities(left)[number] < choice.confidence + 1e-4, (case.text, reason)
    first = model.rank("东区小学入学没有学位")[0]
    assert {reason.text for reason in first.reasons if reason.kind == "word"} & {"小学", "入学", "学位", "没有学位"}
    assert [reason.text for reason in first.reasons if reason.kind == "place"] == ["东区"]


def test_catalogue_and_ruling_speak_where_the_words_do_not(model: UnitModel) -> None:
    text = "东区有个事情想问"
    plain = dict(zip(model.roster.codes, model.probabilities(text), strict=True))
    for known in (Known(duties={"东区水务局": 0.75}), Known(ruled="东区水务局")):
        told = dict(zip(model.roster.codes, model.probabilities(text, known), strict=True))
        assert told["东区水务局"] > plain["东区水务局"]


def test_units_that_became_others_teach_under_the_new_name(model: UnitModel) -> None:
    old = [Case(c.text, c.at, c.unit.replace("城管局", "执法队"), c.known) for c in story(120)]
    trained = train([*old, *story()[120:]], NAMES, {"东区执法队": "东区城管局", "西区执法队": "西区城管局"}, quiet=True)
    assert trained.model.roster.units == model.roster.units, "as if they had always had the new name"
    assert successor("a", {"a": "b", "b": "c"}) == "c"
    assert successor("a", {"a": "b", "b": "a"}) == "b", "a circle ends"


def test_what_is_saved_is_what_was_learnt(model: UnitModel, tmp_path: Path) -> None:
    version = model.save(tmp_path)
    again = UnitModel.load(tmp_path)
    assert again.version == version
    text = "东区小学入学没有学位"
    assert again.probabilities(text) == pytest.approx(model.probabilities(text), abs=0.01)
    manifest = tmp_path / "manifest.json"
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**facts, "weights": facts["weights"][:-1]}), encoding="utf-8")
    with pytest.raises(ModelRefused):
        UnitModel.load(tmp_path)
    manifest.write_text(json.dumps({**facts, "parts": {"functions": "other"}}), encoding="utf-8")
    with pytest.raises(ModelRefused, match="weighed together"):
        UnitModel.load(tmp_path)


def test_too_few_requests_are_refused() -> None:
    with pytest.raises(DataError, match="too few"):
        train(story(20), NAMES, quiet=True)


def test_the_command_learns_from_earlier_rows_and_asks_about_later_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "past.csv"
    rows = [f"{c.text},请{c.unit}处理,{c.unit},{c.at:%Y/%m/%d %H:%M}" for c in story()]
    table.write_text("\n".join(["said,more,unit,time", *reversed(rows)]), encoding="utf-8")
    parser = argparse.ArgumentParser()
    evaluate_departments.add_arguments(parser)
    words = [str(table), "--text", "said,more", "--label", "unit", "--time", "time", "--strip-names"]
    assert evaluate_departments.run(parser.parse_args([*words, "--units", str(tmp_path / "units.csv")])) == 0
    found = json.loads(capsys.readouterr().out)
    assert [window["learnt_from"] for window in found["windows"]] == [168, 192, 216]
    assert found["mean"]["accuracy"] >= found["names_struck_out"]["mean"]["accuracy"] >= 0.8
    assert (tmp_path / "units.csv").read_text(encoding="utf-8-sig").startswith("unit,cases,named,precision,recall")


def test_mentions_of_units_are_struck_out() -> None:
    case = Case("摊贩占道，请东区城管局处理，已找过城管局", START, "东区城管局")
    (bare,) = departments_table.without_names([case])
    assert "城管" not in bare.text
    assert "摊贩占道" in bare.text


def test_a_unit_named_in_other_letters_is_struck_out_too() -> None:
    case = Case("Ａ市供电局停电，A市供電局说不知道", START, "A市供电局")
    (bare,) = departments_table.without_names([case])
    assert bare.text == "停电,说不知道"


def test_precision_and_recall_of_each_unit() -> None:
    rows = departments_measure.per_unit([("a", "a"), ("a", "b"), ("b", "b")])
    assert rows == [
        {"unit": "a", "cases": 2, "named": 1, "precision": 1.0, "recall": 0.5},
        {"unit": "b", "cases": 1, "named": 2, "precision": 0.5, "recall": 1.0},
    ]
