"""Cutting loses nothing, knows the hotline's words, and both engines agree on them."""

import warnings

from hypothesis import given
from hypothesis import strategies as st

from nlp import segment
from nlp.text import normalise

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # jieba's own source warns when it is first compiled
    PYTHON = segment.PythonSegmenter()

CHINESE = st.text(alphabet="我们小区的水停了三天没人管路灯不亮拖欠工资，。12345 abc", max_size=60)


@given(st.text(max_size=80))
def test_cutting_normalised_text_loses_no_character(text: str) -> None:
    clean = normalise(text)
    assert "".join(segment.words(clean)) == clean


@given(CHINESE)
def test_the_python_engine_loses_no_character_either(text: str) -> None:
    assert "".join(PYTHON.cut(text)) == text


def test_both_engines_keep_the_words_of_the_hotline_whole() -> None:
    text = "广场舞噪音扰民，物业公司踢皮球，没人管"
    expected = ["广场舞", "噪音扰民", "，", "物业公司", "踢皮球", "，", "没人管"]
    assert segment.RustSegmenter().cut(text) == PYTHON.cut(text) == expected


def test_search_tokens_hold_the_shorter_words_inside_a_long_one() -> None:
    assert segment.search_tokens("拖欠工资，三个月") == ["拖欠", "工资", "拖欠工资", "三个", "月"]


def test_the_engine_is_made_once() -> None:
    assert segment.segmenter() is segment.segmenter()


def test_half_an_emoji_does_not_stop_the_reading() -> None:
    assert normalise("路灯坏了\ud83d") == "路灯坏了?"
    assert normalise("ＡＢＣ　１２３\t\x00路") == "abc 123 路"
