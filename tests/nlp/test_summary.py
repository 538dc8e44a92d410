"""Titles are short and say the matter; greetings, fillers and feelings are left out."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.cli import main
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


def test_the_title_is_the_matter_not_who_writes() -> None:
    text = "尊敬的李市长：您好！我是云和镇五里村的村民，今年66岁。村口的污水管破了三个月没人修，污水流进鱼塘。"
    title = summarise(text).title
    assert title == "云和镇五里村村口的污水管破了三个月没人修"
    assert set(title) <= set(text)


def test_neither_greeting_nor_plea_becomes_a_title() -> None:
    text = "王局长，您好，百忙之中打扰了，请问小区的充电桩什么时候装？谢谢，盼复"
    assert summarise(text).title == "小区的充电桩什么时候装"


def test_the_command_measures_titles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "in.csv"
    table.write_text("题,文\n污水管破了没人修,您好。我是五里村村民。污水管破了没人修。谢谢\n,无题\n", encoding="utf-8")
    assert main(["evaluate-titles", str(table), "--text", "文", "--title", "题"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["messages"] == 1
    assert said["ours"] == {"characters_f1": 0.8421, "rouge_l": 0.8421, "length": 11.0}
    assert main(["evaluate-titles", str(table), "--text", "文", "--title", "没有"]) == 1


@given(st.text(max_size=300), st.text(max_size=40))
def test_lengths_hold_for_any_text(text: str, title: str) -> None:
    words = summarise(text, title=title)
    assert len(words.title) <= TITLE_LENGTH
    assert len(words.summary) <= SUMMARY_LENGTH


@given(st.text(alphabet="水路停坏，。 ").map("{}水".format))
def test_words_never_vanish_altogether(text: str) -> None:
    assert summarise(text).title
    assert summarise(text).summary
