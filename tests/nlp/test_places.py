"""Places are found as written, by ear and misspelt; the most specific wins; addresses keep their tail."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.places import Gazetteer, GazetteerEntry
from nlp.results import Place

ENTRIES = (
    GazetteerEntry("ys", "云水市", "city"),
    GazetteerEntry("yx", "云溪区", "district", "ys"),
    GazetteerEntry("db", "东埔区", "district", "ys"),
    GazetteerEntry("yx1", "南湖街道", "street", "yx"),
    GazetteerEntry("db1", "石湾镇", "street", "db"),
    GazetteerEntry("yx11", "荔枝湾社区", "community", "yx1"),
    GazetteerEntry("p1", "锦绣花园", "poi", "yx1", lat=23.1, lng=113.2),
    GazetteerEntry("p2", "锦绣花园", "poi", "db1", lat=23.3, lng=113.4),
    GazetteerEntry("p3", "市第一人民医院", "poi", "db1", ("一医院",)),
)
CITY = Gazetteer.from_entries(ENTRIES)


def found(text: str) -> tuple[str | None, str | None] | None:
    place = CITY.find(text)
    return (place.area, place.address) if place else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我住在云溪区南湖街道人民路12号，楼下油烟太大", ("yx1", "人民路12号")),
        ("云水市东埔区石湾镇市场路三巷5号附近有人占道", ("db1", "市场路三巷5号附近")),
        ("石湾镇锦绣花园3栋502漏水", ("p2", "锦绣花园3栋502")),
        ("南湖锦绣花园门口有流浪狗", ("p1", "锦绣花园门口")),
        ("锦绣花园的电梯坏了", ("ys", "锦绣花园")),  # two bear the name: only the city is certain
        ("一医院对面没有斑马线", ("p3", "一医院对面")),
        ("东埔区育才路和文昌路交叉口红绿灯坏了", ("db", "育才路和文昌路交叉口")),
        ("力之湾社区的垃圾没人收", ("yx11", "力之湾社区")),  # by ear
        ("荔枝塆社区的垃圾没人收", ("yx11", "荔枝塆社区")),  # misspelt
        ("南湖路的路灯不亮", (None, "南湖路")),  # a road named like the street is not the street
        ("建设路实验小学对面有个坑", (None, "建设路实验小学对面")),
        ("马路上很多车，小区里也吵", None),
        ("我要投诉物业费太高", None),
        ("", None),
    ],
)
def test_where_it_is(text: str, expected: tuple[str | None, str | None] | None) -> None:
    assert found(text) == expected


def test_the_span_and_the_point() -> None:
    assert CITY.find("反映：石湾镇锦绣花园３栋漏水") == Place(
        area="p2", address="锦绣花园３栋", text="石湾镇锦绣花园３栋", start=3, end=12, lat=23.3, lng=113.4
    )


@given(
    before=st.text(alphabet="我要说的是，。 abcＡ１", max_size=8),
    entry=st.sampled_from([entry for entry in ENTRIES if entry.name != "锦绣花园"]),
    after=st.text(alphabet="，。！漏水很吵", max_size=8),
)
def test_a_name_written_out_is_always_found_where_it_stands(before: str, entry: GazetteerEntry, after: str) -> None:
    text = before + entry.name + after
    place = CITY.find(text)
    assert place is not None
    assert place.area == entry.code
    assert place.text == text[place.start : place.end]
    assert place.start <= len(before)
    assert place.end >= len(before) + len(entry.name)


@given(st.text(max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    place = CITY.find(text)
    assert place is None or 0 <= place.start < place.end <= len(text)


def test_all_of_china_down_to_the_street() -> None:
    china = Gazetteer.china()
    place = china.find("广东省佛山市南海区桂城街道南海大道北20号")
    assert place is not None
    assert (place.area, place.address) == ("440605011", "南海大道北20号")
    entry = china.entry("440605011")
    assert entry is not None
    assert [above.name for above in china.ancestors(entry)] == ["南海区", "佛山市", "广东省"]
    assert len(china) == 44_695


def test_one_city_of_it() -> None:
    city = Gazetteer.china("4406")
    assert city.entry("440605") is not None
    assert city.entry("4401") is None
    place = city.find("西樵镇的路灯坏了")
    assert place is not None
    assert place.area == "440605122"


def test_a_page_of_text_is_read_in_time() -> None:
    text = "石湾镇锦绣花园3栋的业主反映育才路和文昌路交叉口的红绿灯坏了。" * 100
    CITY.find(text)
    started = time.process_time()
    CITY.find(text)
    assert time.process_time() - started < 1.0
