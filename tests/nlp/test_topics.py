"""Messages of one matter at one place are one issue; the more people, days and likes, the hotter."""

import csv
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hotline.cli import main
from nlp.topics import Report, heat_of, hot_issues
from nlp.training.dataset import moment

START = datetime(2026, 3, 1, 9)


def report(title: str, person: str, day: int = 0, likes: int = 0) -> Report:
    return Report(
        title=title, text=f"{title}，请有关部门尽快处理。", at=START + timedelta(days=day), person=person, likes=likes
    )


MIXER = [
    report("丰泽新城小区旁边建搅拌站，噪音和粉尘扰民", "甲", 0),
    report("投诉丰泽新城附近搅拌站粉尘污染", "乙", 1),
    report("丰泽新城搅拌站半夜施工噪音大", "丙", 2),
    report("反对在丰泽新城小区边上修建搅拌站", "丁", 2),
]
OTHER_MIXER = [
    report("A2区白鹭花园附近搅拌站粉尘污染严重", "戊", 0),
    report("A2区白鹭花园旁边的搅拌站粉尘污染", "己", 1),
]
LIFTS = [
    report("丰泽新城三期电梯经常困人", "庚", 3),
    report("丰泽新城三期的电梯经常困人没人修", "庚", 4),
]
SINGLES = [
    report(text, text)
    for text in (
        *("如何办理居住证", "公交线路何时恢复", "养老金怎么认证", "幼儿园几月报名", "医保断缴怎么补", "护照加急要几天"),
        *("驾驶证到期换证", "宽带不通没人修", "水压低洗不了澡", "暖气不热退费", "垃圾清运不及时", "树枝挡住信号灯"),
        *(
            "野狗伤人",
            "广场舞太吵",
            "井盖丢失",
            "公租房申请条件",
            "停车收费过高",
            "快递乱堆楼道",
            "外卖车闯红灯",
            "自来水发黄",
        ),
    )
]
ALL = [*MIXER, *OTHER_MIXER, *LIFTS, *SINGLES]


def test_one_issue_is_one_matter_at_one_place() -> None:
    found = hot_issues(ALL, top=len(ALL))
    together = [sorted(issue.members) for issue in found]
    assert together[0] == [0, 1, 2, 3]
    assert [4, 5] in together
    assert [6, 7] in together
    first = found[0]
    assert (first.place, first.first, first.last) == ("丰泽新城", START, START + timedelta(days=2))
    assert first.name in {one.title for one in MIXER}
    assert (first.heat.people, first.heat.days) == (4, 3)
    assert first.heat.why == "4 人反映，分布在 3 天"


@pytest.mark.parametrize(
    ("titles", "place"),
    [
        (("A7县翠屏湖何时清淤", "翠屏湖淤泥发臭，何时清淤", "请问翠屏湖清淤的进度"), "A7县翠屏湖"),
        (("A市地铁9号线何时开工", "地铁9号线开工了吗", "询问地铁9号线的开工时间"), "地铁9号线"),
        (("云澜帝景电梯困人", "A3区云澜帝景的电梯又困人了", "云澜帝景电梯天天困人"), "A3区云澜帝景"),
        (("空中缆线垂落隐患大", "空中缆线垂落多日", "空中缆线垂落伤人"), ""),
    ],
)
def test_a_landmark_that_many_titles_name_is_the_place(titles: tuple[str, ...], place: str) -> None:
    (issue,) = hot_issues([report(title, title) for title in titles] + SINGLES, top=1)
    assert (len(issue.members), issue.place) == (3, place)


def test_one_person_who_writes_ten_times_is_one() -> None:
    many = heat_of([report("x", "甲", day) for day in range(10)])
    assert (many.people, many.days, many.value) == (1, 10, 1.0)


@pytest.mark.parametrize(
    ("people", "likes", "expected"),
    [(10, 0, 20.0), (10, 400, 40.0), (1, 400, 11.0)],
)
def test_the_formula(people: int, likes: int, expected: float) -> None:
    said = [report("x", str(number), number, likes if number == 0 else 0) for number in range(people)]
    assert heat_of(said).value == expected


def test_nothing_comes_of_nothing() -> None:
    assert hot_issues([]) == []


def test_messages_that_say_no_more_than_a_place_are_told_of_too() -> None:
    said = [Report(title="人民路", text="。", at=START, person="甲"), Report(title="", text="", at=START, person="乙")]
    assert [(issue.members, issue.name, issue.heat.people) for issue in hot_issues(said)] == [
        ((0,), "人民路", 1),
        ((1,), "", 1),
    ]


def test_the_command_writes_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, out = tmp_path / "in.csv", tmp_path / "out.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["no", "title", "text", "at", "who", "likes"])
        rows.writerows([n, r.title, r.text, r.at.isoformat(" "), r.person, 3] for n, r in enumerate(ALL, start=100))
    words = f"hot-issues {table} --text title,text --time at --person who --likes likes --id no --top 1 --out {out}"
    assert main(words.split()) == 0
    (row,) = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert (row["people"], row["days"], row["likes"], row["place"]) == ("4", "3", "12", "丰泽新城")
    assert sorted(row["rows"].split()) == ["100", "101", "102", "103"]
    assert capsys.readouterr().out.startswith("1. ")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2019/4/8 8:37", datetime(2019, 4, 8, 8, 37)),
        ("2019-04-08T08:37:20", datetime(2019, 4, 8, 8, 37, 20)),
        ("2019年4月8日", datetime(2019, 4, 8)),
        ("20190408", datetime(2019, 4, 8)),
        ("2019年2月31日", None),
        ("8/4/2019", None),
        ("", None),
    ],
)
def test_moments_as_tables_have_them(written: str, read: datetime | None) -> None:
    assert moment(written) == read


def test_a_moment_that_is_none_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "in.csv"
    table.write_text("text,at\n路灯坏了,yesterday\n", encoding="utf-8")
    assert main(["hot-issues", str(table), "--text", "text", "--time", "at", "--out", str(tmp_path / "o.csv")]) == 1
    assert "line 2: not a moment: 'yesterday'" in capsys.readouterr().err
