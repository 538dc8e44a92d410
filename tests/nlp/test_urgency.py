"""What is happening is urgent; what is denied, past, rehearsed or merely feared is less so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.urgency import assess


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
