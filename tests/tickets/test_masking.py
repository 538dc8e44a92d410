"""What is struck out of words about a protected citizen, and what stays."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hotline.people.masking import HIDDEN, strike_out


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("我的手机13812345678，请回电", "我的手机***，请回电"),
        ("１３８１２３４５６７８", "***"),
        ("+86 138-1234-5678 或 138 1234 5678", "*** 或 ***"),
        ("0086-13812345678", "***"),
        ("座机(0757)82345678", "座机***"),
        ("证号44010619900101123X。", "证号***。"),
        ("老证440106900101123", "老证***"),
        ("信用代码91110000600037341L", "信用代码***"),
        ("QQ 123456789", "QQ***"),
        ("我是138****1234，身份证440103********1234，座机***4567", "我是***，身份证***，座机***"),
        ("手机***，请回电", "手机***，请回电"),
        ("工单12345261121000017于2026-11-22转办", "工单12345261121000017于2026-11-22转办"),
        ("解放路138号3栋1201房，罚款20000元", "解放路138号3栋1201房，罚款20000元"),
        ("设备编号202611220001234567890", "设备编号202611220001234567890"),
    ],
)
def test_what_is_struck_out_and_what_stays(said: str, left: str) -> None:
    assert strike_out(said) == left


def test_names_that_are_known() -> None:
    assert strike_out("张伟来电，张先生住张家村", "张伟") == "***来电，***住张家村"
    assert strike_out("欧阳女士来电", "欧阳文静") == "***来电"
    assert strike_out("拨打89991111的那位", "", "89991111") == "拨打***的那位"


@given(
    before=st.text("我是电话，。a ", max_size=8),
    after=st.text("找我，。 ", max_size=8),
    number=st.integers(13_000_000_000, 19_999_999_999),
    apart=st.sampled_from(["", " ", "-"]),
)
def test_no_mobile_number_gets_through(before: str, after: str, number: int, apart: str) -> None:
    digits = str(number)
    written = f"{digits[:3]}{apart}{digits[3:7]}{apart}{digits[7:]}"
    text = f"{before.rstrip('a')}{written}{after}"
    assert strike_out(text) == f"{before.rstrip('a')}{HIDDEN}{after}"


@given(text=st.text("解放路灯坏了一周，请维修。138-号 ", max_size=40))
def test_short_numbers_and_other_words_are_left_alone(text: str) -> None:
    longest = max((len(run) for run in re.findall(r"[0-9 -]+", text)), default=0)
    assume(longest < 10)
    assert strike_out(text, "欧阳文静", "13912345678") == text
