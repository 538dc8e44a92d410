"""Which words are orders, and which are not: a wrong guess would rate or withdraw what nobody meant."""

import pytest

from channels_ingest import commands
from channels_ingest.commands import Command

NUMBER = "123452611210000017"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", Command("rate", level=5)),
        ("２", Command("rate", level=4)),
        ("5", Command("rate", level=1)),
        ("满意", Command("rate", level=4)),
        ("非常满意！", Command("rate", level=5)),
        ("非常不满意", Command("rate", level=1)),
        ("不满意，路还是坏的", Command("rate", level=2, rest="路还是坏的")),
        ("4，没人来过", Command("rate", level=2, rest="没人来过")),
        ("CX", Command("query")),
        (f"cx {NUMBER}", Command("query", number=NUMBER)),
        (f"CX{NUMBER}", Command("query", number=NUMBER)),
        (f"查询：{NUMBER} ABCDEFGHJK", Command("query", number=NUMBER, code="ABCDEFGHJK")),
        ("ＣＸ　abcdefghjk", Command("query", number="ABCDEFGHJK")),
        ("新诉求", Command("new")),
        ("新诉求：门口的路灯也坏了", Command("new", rest="门口的路灯也坏了")),
        ("撤销", Command("withdraw")),
        (f"撤回 {NUMBER}", Command("withdraw", number=NUMBER)),
        ("你好", Command("help")),
        ("帮助", Command("help")),
        ("？", Command("help")),
    ],
)
def test_orders(text: str, expected: Command) -> None:
    assert commands.read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "路灯坏了",
        "1楼漏水",
        "1、路灯坏了 2、井盖丢了",
        "5 年了没人管",
        "满意吗",
        "对处理结果不满意",
        "撤销这个处罚决定合理吗",
        "你好，我想问社保",
        "查询社保怎么办",
        "12345",
        "6",
        "新诉求人",
        "",
    ],
)
def test_words_of_a_request(text: str) -> None:
    found = commands.read(text)
    assert found is None or (text, found) == ("新诉求人", Command("new", rest="人"))
