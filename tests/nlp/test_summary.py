"""Titles are short and say the matter; greetings, fillers and feelings are left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.summary import SUMMARY_LENGTH, TITLE_LENGTH, Summary, summarise


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("您好，我要反映一下，人民路的路灯不亮，谢谢", "人民路的路灯不亮"),
        ("喂12345吗嗯那个电梯坏了三天", "电梯坏了三天"),
        ("真的受不了，气死人了，楼下烧烤店油烟太大，谢谢你们", "楼下烧烤店油烟太大"),
        ("请问灵活就业社保怎么交", "灵活就业社保怎么交"),
        ("你好", "你好"),
    ],
)
def test_the_title_says_the_matter(text: str, title: str) -> None:
    assert summarise(text).title == title


def test_a_title_the_citizen_gave_is_kept() -> None:
    assert summarise("水管爆了，水流了一地", title="关于停水的反映").title == "关于停水的反映"


def test_the_place_goes_in_front_when_the_clause_lacks_it() -> None:
    assert summarise("我住在人民路12号，停水三天了", place="人民路12号").title == "人民路12号停水三天了"
    assert summarise("人民路停水三天了", place="人民路").title == "人民路停水三天了"


def test_words_known_to_decide_steer_the_choice() -> None:
    text = "孩子晚上睡不着，铁皮棚里的机器一直转"
    assert summarise(text, keywords=("机器", "铁皮")).title == "铁皮棚里的机器一直转"


def test_the_summary_keeps_the_two_strongest_sentences_in_order() -> None:
    text = "领导好。小区停水三天了。大家心里很生气。物业公司说是水管爆了没人管。谢谢。"
    expected = "小区停水三天了。物业公司说是水管爆了没人管"
    assert summarise(text) == Summary(title="小区停水三天了", summary=expected)


@given(st.text(max_size=300), st.text(max_size=40))
def test_lengths_hold_for_any_text(text: str, title: str) -> None:
    words = summarise(text, title=title)
    assert len(words.title) <= TITLE_LENGTH
    assert len(words.summary) <= SUMMARY_LENGTH


@given(st.text(alphabet="水路停坏，。 ").map("{}水".format))
def test_words_never_vanish_altogether(text: str) -> None:
    assert summarise(text).title
    assert summarise(text).summary
