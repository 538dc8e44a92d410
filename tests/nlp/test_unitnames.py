"""What a unit's name says: function and place, whatever the order in which a city writes them."""

import pytest

from nlp.unitnames import UnitName, short, split, split_all

DISTRICTS = ("南涌区", "南涌街道", "东汀区", "云水市")


@pytest.mark.parametrize(
    ("name", "function", "area"),
    [
        ("南涌区教育局", "教育局", "南涌区"),
        ("云水市公安局南涌分局", "公安局", "南涌区"),
        ("云水市公安局交通警察支队南涌大队", "公安局交通警察支队", "南涌区"),
        ("云水市消防救援支队", "消防救援支队", "云水市"),
        ("东汀区文澜街道办事处", "街道", "文澜街道"),
        ("城市管理局", "城市管理局", ""),
        ("市城管局", "城管局", ""),
        ("市场监管局", "市场监管局", ""),
    ],
)
def test_function_and_place(name: str, function: str, area: str) -> None:
    assert split("x", name, DISTRICTS) == UnitName("x", function, area)


def test_without_a_gazetteer_the_shape_of_the_name_must_do() -> None:
    assert split("x", "A7县城管局") == UnitName("x", "城管局", "a7县")
    assert split("x", "湘江新区城市管理和综合执法局") == UnitName("x", "城市管理和综合执法局", "湘江新区")


def test_the_city_that_most_units_are_named_after_tells_none_apart() -> None:
    names = [("a", "云水市教育局"), ("b", "云水市水务局"), ("c", "东汀区教育局")]
    assert split_all(names) == (
        UnitName("a", "教育局", ""),
        UnitName("b", "水务局", ""),
        UnitName("c", "教育局", "东汀区"),
    )


def test_a_place_is_shortened_only_to_what_can_be_told_from_other_words() -> None:
    assert [short(place) for place in ("南涌区", "文澜街道", "东区")] == ["南涌", "文澜", "东区"]
