"""Readable text: what a person would have typed, with nothing added."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.speech.readable import asked, join, readable


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("關於開發區的噪音問題", "关于开发区的噪音问题"),
        ("我 家 水管 破 了 两 天", "我家水管破了两天"),
        ("路灯坏了,请派人来修. 谢谢!", "路灯坏了，请派人来修。谢谢！"),
        ("Hello, world 你好", "Hello, world你好"),
        ("下午3:30来的", "下午3:30来的"),
        ("涉及12,500户", "涉及12500户"),
        ("电话是幺三八零零幺三八零零零", "电话是13800138000"),
        ("二零二六年十一月二十一号", "2026年11月21号"),
        ("人民路一百二十三号六零二室", "人民路123号602室"),
        ("拖欠两千五百块钱", "拖欠2500块钱"),
        ("坐十五路公交车等了二十分钟", "坐15路公交车等了20分钟"),
        ("押金一百五块", "押金150块"),
        ("住在百十五号", "住在115号"),
    ],
)
def test_what_is_said_is_written_as_typed(said: str, typed: str) -> None:
    assert readable(said) == typed


@pytest.mark.parametrize(
    "text",
    [
        "我万一要去一下，千万不要拒绝",
        "三五天就好",
        "七八十块钱",
        "一次一个一起来",
        "百分之五十",
        "十几天",
        "一百多人",
        "五十零号",
        "一楼",
    ],
)
def test_words_that_are_not_exact_numbers_stay_words(text: str) -> None:
    assert readable(text) == text


@given(st.text(alphabet="我家水管破了一二三四五六七八九十百千万零两号块室 ,.，。:12aB", max_size=40))
def test_readable_text_stays_as_it_is(text: str) -> None:
    once = readable(text)
    assert readable(once) == once


def test_a_pause_is_a_comma_unless_a_mark_is_there() -> None:
    assert join(["水管破了", " ", "请来修。", "谢谢"]) == "水管破了，请来修。谢谢"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("什么时候能修好呢", "什么时候能修好呢？"),
        ("在哪里", "在哪里？"),
        ("路灯坏了", "路灯坏了"),
        ("好吗？", "好吗？"),
        ("", ""),
    ],
)
def test_a_question_ends_as_one(text: str, shown: str) -> None:
    assert asked(text) == shown
