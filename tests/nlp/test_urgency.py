"""What is happening is urgent; what is denied, past, rehearsed or merely feared is less so."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.cli import main
from nlp import standing, urgency
from nlp.danger import DangerModel
from nlp.signs import MACROS, default, sign, with_changes
from nlp.training import danger
from nlp.urgency import assess, by_words


@pytest.mark.parametrize(
    "text",
    [
        "楼下很浓的煤气味，快来人",
        "三楼着火了，浓烟滚滚",
        "有人掉河里了",
        "孩子触电了，没有呼吸",
        "隔壁的房子塌了，里面还有人",
        "我不想活了，活着没意思",
        "奶奶被困在电梯里半小时了",
        "前男友拿刀在楼下",
        "幼儿园老师虐童",
    ],
)
def test_life_in_danger_is_critical(text: str) -> None:
    assert assess(text).level == "critical"


@pytest.mark.parametrize(
    "text",
    [
        "小区停水两天了",
        "整栋楼停电，我爸在用制氧机",
        "路中间的井盖不见了",
        "外墙瓷砖掉下来砸到车",
        "几十个工人堵路讨要工资",
        "担心会爆炸",  # feared, not seen
        "邻居飞线充电，怕起火",
        "我爷爷今天早上走失了",
    ],
)
def test_danger_or_great_need_is_urgent(text: str) -> None:
    assert assess(text).level == "urgent"


@pytest.mark.parametrize(
    "text",
    [
        "路灯不亮",
        "请问社保怎么交",
        "没有起火，是烧烤的烟",
        "今天小区搞火灾消防演练，几点结束",
        "去年这里发生过火灾",
        "火已经扑灭了，表扬消防员着火已经扑灭",
        "请问什么时候停水",
        "想问触电保险怎么理赔",
        "怎么预防煤气泄漏",
        "昨天停电已经恢复了，谢谢",
        "",
    ],
)
def test_what_is_not_happening_is_normal(text: str) -> None:
    assert assess(text).level == "normal"


def test_a_denial_counts_for_its_own_clause_only() -> None:
    assert assess("没有起火，但是煤气泄漏了").level == "critical"


def test_the_reasons_name_the_words() -> None:
    assert [reason.text for reason in assess("家里停电，楼下着火了").reasons] == ["火灾：着火", "停电：停电"]
    assert {reason.kind for reason in assess("着火了").reasons} == {"rule"}


@given(st.text(max_size=200))
def test_any_text_is_assessed_and_only_urgent_ones_have_reasons(text: str) -> None:
    urgency = assess(text)
    assert (urgency.level == "normal") == (not urgency.reasons)


def kinds(text: str) -> list[str]:
    return [risk.kind for risk in assess(text).alarming]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("mass", "两百多户业主明天要去市政府集体上访"),
        ("wages", "我们三十多个农民工被拖欠工资，后天就过年了还没拿到"),
        ("disease", "公司团建吃了海鲜，十几个人上吐下泻住院了"),
        ("missing", "孩子放学后不见了，手机关机"),
        ("self_harm", "活着没意思，今天就了结"),
        ("minors", "幼儿园老师用针扎孩子"),
        ("chemical", "油罐车侧翻，油流了一地"),
    ],
)
def test_an_alarm_names_its_kind_and_its_words(kind: str, text: str) -> None:
    risk = assess(text).alarming[0]
    assert risk.kind == kind
    assert text[risk.start : risk.end] == risk.words


@pytest.mark.parametrize(
    "text",
    [
        "物业的态度真是气死我了",
        "急死人了，房产证什么时候能办下来",
        "请问煤气费怎么交，可以网上交吗",
        "消防通道被私家车堵了，投诉物业不管",
        "共享单车乱停把路都堵了",
        "商场跳楼价促销是不是虚假宣传",
        "公司拖欠我一个人两个月工资，怎么申请劳动仲裁",
        "我家的狗昨天走丢了，能调监控吗",
        "健身房老板失联了，预付卡退不了",
        "不是群体上访，我只代表自己",
    ],
)
def test_what_only_sounds_dangerous_rings_nowhere(text: str) -> None:
    assert kinds(text) == []


def test_wages_ring_when_the_day_named_is_near() -> None:
    text = "我们二十几个工人的工资没发，老板说1月20日再给"
    assert "wages" in kinds_on(text, date(2026, 1, 10))
    assert "wages" not in kinds_on(text, date(2025, 9, 1))


def kinds_on(text: str, day: date) -> list[str]:
    return [risk.kind for risk in by_words(text, default(), day)[0] if risk.alarming]


def test_danger_told_in_other_words_is_a_guess_that_says_so() -> None:
    risk = assess("配电箱正往外窜火").alarming[0]
    assert (risk.kind, risk.level, risk.words) == ("fire", "urgent", "配电箱正往外窜火")
    assert "疑似" in risk.what


def test_a_city_changes_the_lines_of_the_lexicon() -> None:
    lexicon = with_changes([sign("outage", "normal", "停水", "停水"), sign("mass", "urgent", "拦轿", "拦轿")])
    assert assess("小区停水了", lexicon=lexicon).level == "normal"
    assert [risk.what for risk in assess("有人拦轿", lexicon=lexicon).alarming] == ["拦轿"]


@pytest.mark.parametrize("pattern", ["CO中毒", "ＣＯ中毒", "co(?:中毒)", "瓦斯爆|CO中毒"])
def test_a_city_writes_its_words_in_any_letters(pattern: str) -> None:
    lexicon = with_changes([sign("gas", "critical", pattern, "甲")])
    for said in ("老人CO中毒了", "老人ｃｏ中毒了"):
        assert [risk.words for risk in assess(said, lexicon=lexicon).alarming if risk.what == "甲"] == [said[2:6]]


def test_wide_and_traditional_letters_of_a_line_are_words_and_no_signs() -> None:
    lexicon = with_changes([sign("fire", "critical", "倉庫（失火）", "甲")])
    assert [risk.words for risk in assess("仓库(失火)", lexicon=lexicon).alarming if risk.what == "甲"] == [
        "仓库(失火)"
    ]


@pytest.mark.parametrize(
    "line",
    [
        ("fire", "grave", "火", "x", ""),
        ("flood", "urgent", "水", "x", ""),
        ("fire", "urgent", ".*", "x", ""),
        ("fire", "urgent", "火(", "x", ""),
        ("fire", "urgent", "火{99999999999}", "x", ""),
        ("idiom", "normal", "(" * 499 + ")" * 499, "x", ""),
        ("fire", "urgent", "火", "x", "{nobody}"),
    ],
)
def test_a_line_that_means_nothing_is_refused(line: tuple[str, str, str, str, str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        sign(*line)


@pytest.mark.parametrize("pattern", ["(?i)abc", r"(啊)\1", "(?P<a>啊啊)", "啊|啊啊|"])
def test_an_idiom_that_is_good_alone_is_good_beside_the_others(pattern: str) -> None:
    one, other = sign("idiom", "normal", pattern, "甲"), sign("idiom", "normal", r"(哈)\1(?P<a>锅)", "乙")
    lexicon = with_changes([one, other])
    assert lexicon.without_idioms("吃哈哈锅着火了，气死了") == "吃　　　着火了，　　了"
    assert [risk.what for risk in assess("着火了", lexicon=lexicon).alarming] == ["火灾"]


@pytest.mark.parametrize("text", ["停水" * 2500, "没有停水" * 1250, "没有停水。" * 1000])
def test_words_said_over_and_over_are_looked_at_a_few_times(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sends thousands of them must not hold up the others: each look takes its time."""
    looks: list[int] = []

    def counted(text: str, start: int, end: int, kind: str) -> standing.Standing:
        looks.append(start)
        return standing.standing(text, start, end, kind)

    monkeypatch.setattr(urgency, "standing", counted)
    assess(text)
    assert len(looks) == urgency.LOOKS


def test_what_must_be_said_beside_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(urgency, "soonest", lambda text, day: asked.append(text))
    lexicon = with_changes(
        [sign("wages", "urgent", "讨薪", "甲", "{soon}"), sign("wages", "urgent", "讨钱", "乙", "{soon}")]
    )
    assert by_words("讨薪讨钱" * 10, lexicon, date(2026, 1, 1)) == ([], False)
    assert asked == ["讨薪讨钱" * 10]


def test_a_long_number_is_not_read_to_its_end_at_each_digit() -> None:
    assert [name for name, pattern in MACROS.items() if re.search(r"\\d(?:[+*]|\{\d+,\})", pattern)] == []
    assert "wages" in kinds("有" + "1" * 40 + "个工人被拖欠工资，马上过年了")


@pytest.mark.parametrize(("between", "stands"), [(150, "past"), (300, "happening")])
def test_only_what_is_said_near_the_words_bears_on_them(between: int, stands: str) -> None:
    text = "去年" + "啊" * between + "着火" + "啊" * 300 + "怎么赔"
    assert standing.standing(text, between + 2, between + 4, "fire").name == stands


def test_the_marked_sample_is_heard() -> None:
    """The sentences nobody trained on; `hotline evaluate-urgency` prints the figures."""
    fresh = [each for each in danger.read_marked() if each.part == "fresh"]
    heard = danger.figures(fresh, kinds)
    assert heard["recall"] >= 0.8
    assert heard["precision"] >= 0.8


def test_training_again_gives_a_model_that_tells_danger_from_the_everyday(tmp_path: Path) -> None:
    marked = [each for each in danger.read_marked() if each.part == "train"][::4]
    trained = danger.train(marked, ["路灯不亮", "请问社保怎么交", "公交车太挤", "树枝挡住红绿灯"] * 20)
    trained.save(tmp_path / "model")
    model = DangerModel.load(tmp_path / "model")
    assert model.alarm("仓库起火了") > 0.5 > model.alarm("请问社保怎么交")


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("part\tkind\ttext\ntrain\tflood\t涨水了\n", "line 2: part, kind"),
        ("part\tkind\ntrain\tfire\n", "line 2: part, kind"),
        ("part\tkind\ttext\ntrain\t-\t路灯不亮\n", "no sentence is marked as an alarm"),
        (None, "cannot be read"),
    ],
)
def test_sentences_that_cannot_be_used_are_named(
    tmp_path: Path, table: str | None, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    marked = tmp_path / "marked.tsv"
    if table is not None:
        marked.write_text(table, encoding="utf-8")
    assert main(["train-urgency", str(marked), "--out", str(tmp_path / "model")]) == 1
    assert why in capsys.readouterr().err


def test_the_burden_is_measured_on_columns_that_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "in.csv"
    table.write_text("题,问\n着火,三楼着火了\n路灯,路灯不亮\n", encoding="utf-8")
    assert main(["evaluate-urgency", "--load", str(table)]) == 2
    assert main(["evaluate-urgency", "--load", str(table), "--text", "题,问"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["messages"], figures["ringing"], figures["kinds"]) == (2, 1, {"fire": 1})
