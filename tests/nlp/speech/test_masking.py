"""Numbers that tell who somebody is: found in every dress, and nothing else."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from nlp.speech.engine import Word
from nlp.speech.masking import mask, mask_each, mask_words, numbers, spans

SPOKEN = str.maketrans("0123456789", "零幺二三四五六七八九")
READ = str.maketrans("零幺二三四五六七八九", "0123456789")
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
dates = st.dates(min_value=date(1930, 1, 1), max_value=date(2020, 1, 1))
words_without_digits = st.text("我的电话是多少请记一下身份证卡号吧", max_size=8).filter(lambda text: "一" not in text)
pauses = st.sampled_from(["", " ", "，", "-", "，嗯", "、"])


@st.composite
def dressed(draw: st.DrawFn, plain: st.SearchStrategy[str]) -> tuple[str, str]:
    """(the digits, how they are said): in figures or in words, with pauses after any of them."""
    digits = draw(plain)
    said = digits.translate(SPOKEN) if draw(st.booleans()) else digits
    return digits, "".join(digit + draw(pauses) for digit in said[:-1]) + said[-1]


@st.composite
def identities(draw: st.DrawFn) -> str:
    """Identity-card numbers with a right check digit."""
    born = draw(dates).strftime("%Y%m%d")
    front = "440106" + born + draw(st.from_regex(r"[0-9]{3}", fullmatch=True))
    return front + ric.calc_check_digit(front)


@st.composite
def cards(draw: st.DrawFn) -> str:
    """Bank-card numbers with a right check digit."""
    front = draw(st.from_regex(r"(62[0-9]{13,16}|4[0-9]{14})", fullmatch=True))
    return front + luhn.calc_check_digit(front)


def test_as_it_reads() -> None:
    assert mask("我的电话是13800000000，你记一下") == "我的电话是138****0000，你记一下"
    assert mask("幺三八，零零零零，幺二三四") == "幺三八，****，幺二三四"
    assert mask("身份证440106199001011232") == "身份证440106********1232"
    assert mask("卡号6222 0212 3456 7890 128") == "卡号**** **** **** ***0 128"
    assert mask("拨打020-83123456") == "拨打020-****3456"
    assert mask("座机是８３１２３４５６") == "座机是****３４５６"


@pytest.mark.parametrize(
    "text",
    [
        "工单123452024112200017办了吗",
        "二零二四年十一月二十二日上午九点三十分",
        "水费一千二百三十四块，门牌1288号",
        "拨打12345或者95598",
        "客服4001234567",
        "车牌粤A12345，楼上83123456那户",
        "订单号20241122135959",
    ],
)
def test_what_is_nobodys_stays(text: str) -> None:
    assert mask(text) == text


@given(words_without_digits, dressed(mobiles), words_without_digits)
def test_a_mobile_number_never_stays_whole(before: str, said: tuple[str, str], after: str) -> None:
    digits, spoken = said
    masked = mask(before + spoken + after)

    assert len(masked) == len(before + spoken + after)
    assert masked.startswith(before)
    assert masked.endswith(after)
    assert masked.count("*") >= 4
    figures = re.sub(r"[^0-9*]", "", masked.translate(READ))
    assert digits not in figures


@given(dressed(identities()))
def test_an_identity_card_is_known_by_its_check_digit(said: tuple[str, str]) -> None:
    (found,) = numbers(said[1])

    assert found.kind == "identity"
    assert mask(said[1]).count("*") == 8


@given(dressed(cards()))
def test_a_bank_card_is_known_by_its_check_digit(said: tuple[str, str]) -> None:
    digits, spoken = said
    assume(not ric.is_valid(digits[:18]))

    assert "bank" in {number.kind for number in numbers(spoken)} or mask(spoken).count("*") >= 8


@given(st.text("我家住三号楼二单元一零二室在2024年水管坏了，。 ", max_size=60))
def test_a_second_masking_finds_nothing_new(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.lists(words_without_digits | mobiles, max_size=5))
def test_utterances_keep_their_lengths(texts: list[str]) -> None:
    assert [len(text) for text in mask_each(texts)] == [len(text) for text in texts]


def test_a_number_that_goes_on_in_the_next_utterance() -> None:
    assert mask_each(["我电话是幺三八零零", "零零幺二三四", "谢谢"]) == ["我电话是幺三八**", "**幺二三四", "谢谢"]


def test_an_utterance_that_is_empty() -> None:
    assert mask_each(["", "13800000000", ""]) == ["", "138****0000", ""]
    assert mask_each([]) == []


def said(text: str, start: float = 10.0) -> list[Word]:
    return [Word(letter, start + n * 0.25, start + (n + 1) * 0.25, 1.0) for n, letter in enumerate(text)]


def test_the_whole_number_is_silenced_not_only_the_stars() -> None:
    words = mask_words(said("电话幺三八零零零零幺二三四好"))

    assert "".join(word.text for word in words) == "电话幺三八****幺二三四好"
    assert [word.hidden for word in words] == [False] * 2 + [True] * 11 + [False]
    (span,) = spans(words)
    assert span == pytest.approx((10.35, 13.4))


def test_two_numbers_far_apart_are_two_spans() -> None:
    words = mask_words([*said("13800000000", 0.0), *said("好的", 5.0), *said("13900000000", 20.0)])

    assert [tuple(round(second, 2) for second in span) for span in spans(words)] == [(0.0, 2.9), (19.85, 22.9)]


def test_a_word_of_several_digits_is_masked_within() -> None:
    masked = mask_words([Word("电话138", 0.0, 1.0, 1.0), Word("0000", 1.0, 2.0, 1.0), Word("1234，", 2.0, 3.0, 1.0)])

    assert [(word.text, word.hidden) for word in masked] == [("电话138", True), ("****", True), ("1234，", True)]
