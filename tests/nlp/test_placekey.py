"""One place said in many ways has one key; neighbours have others; the marked sample is read as well as stated."""

import json
from pathlib import Path

import pytest

from hotline.cli import main
from nlp.placekey import PlaceKey, place_key
from nlp.places import Gazetteer
from tests.nlp.test_places import CITY

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "samples" / "places" / "sentences.csv"
CITY_PLACES = ROOT / "hotline" / "demo" / "city" / "data" / "places.csv"


def key(text: str, gazetteer: Gazetteer = CITY) -> PlaceKey | None:
    return place_key(text, gazetteer.find(text), gazetteer)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("石湾镇锦绣花园三幢502漏水", PlaceKey("p2", "db", "3栋")),
        ("石湾锦绣花园3号楼2单元", PlaceKey("p2", "db", "3栋")),
        ("石灣鎮錦繡花園３棟", PlaceKey("p2", "db", "3栋")),
        ("云溪区人民路十二号", PlaceKey("人民路", "yx", "12号")),
        ("人民路百十五号漏水", PlaceKey("人民路", "", "115号")),
        ("人民路五十零号漏水", PlaceKey("人民路", "")),  # no number: the road
        ("人民路12号楼下", PlaceKey("人民路", "", "12号")),
        ("东埔区育才路和文昌路交叉口红绿灯坏了", PlaceKey("文昌路×育才路", "db")),
        ("东埔区文昌路育才路路口", PlaceKey("文昌路×育才路", "db")),
        ("幸福家园小区十一栋没有水", PlaceKey("幸福家园", "", "11栋")),
        ("A3区幸福家园11幢没有水", PlaceKey("幸福家园", "a3区", "11栋")),
        ("建设三路88号之三", PlaceKey("建设3路", "", "88-3号")),
        ("云溪区南湖街道的居民", None),  # a street is no place that two people must mean alike
        ("小区里的电梯坏了", None),
    ],
)
def test_one_key_for_one_place(text: str, expected: PlaceKey | None) -> None:
    assert key(text) == expected


def test_a_district_that_is_not_said_fits_any() -> None:
    here, there, somewhere = (PlaceKey("人民路", district, "12号") for district in ("yx", "db", ""))
    assert not here.is_same(there)
    assert here.is_same(somewhere)
    assert there.is_same(somewhere)
    assert here.is_same_site(PlaceKey("人民路", "yx", "13号"))
    assert not here.is_same(PlaceKey("人民路", "yx", "13号"))


def test_the_marked_sample(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate-places", str(SAMPLE), "--gazetteer", str(CITY_PLACES)]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["n"] == 200
    assert figures["area"]["f1"] >= 0.99
    assert figures["address"]["f1"] >= 0.95
    assert figures["same_spot"]["precision"] == 1.0
    assert figures["same_spot"]["recall"] >= 0.96
    assert figures["milliseconds_per_text"] < 1.0


def test_a_table_without_the_columns_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "t.csv"
    table.write_text("text,area\na,b\n", encoding="utf-8")
    assert main(["evaluate-places", str(table)]) == 1
    assert "has no column address, key" in capsys.readouterr().err
    places = tmp_path / "places.csv"
    places.write_text("code,name,level,lat\nys,云水市,city,北\n", encoding="utf-8")
    assert main(["evaluate-places", str(SAMPLE), "--gazetteer", str(places)]) == 1
    assert "places.csv line 2: could not convert" in capsys.readouterr().err
