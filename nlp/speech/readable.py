"""A recogniser's output made readable: simplified characters, Chinese punctuation, numbers in digits."""

from __future__ import annotations

import re
from functools import cache

from opencc import OpenCC

from nlp.numerals import as_figures

_HAN = r"\u3400-\u9fff"
_WIDE = _HAN + r"，。？！；：、（）《》“”"
_SPACE_BESIDE_HAN = re.compile(rf"(?<=[{_WIDE}])\s+(?=\S)|(?<=\S)\s+(?=[{_WIDE}])")
_HALF_WIDTH_MARK = re.compile(rf"(?<=[{_HAN}0-9A-Za-z])([,?!;:])(?=\s*(?:[{_HAN}]|$))|(?<=[{_HAN}])([,?!;:])")
_FULL_STOP = re.compile(rf"(?<=[{_HAN}])\.(?=\s|$|[{_HAN}])")
_FULL_WIDTH = str.maketrans(",?!;:", "，？！；：")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")

_ASKING = re.compile(r"(?:吗|呢|什么|哪里|哪儿|多少|多久|几点|几号|怎么办|为什么|是不是|行不行|好不好)$")

_DIGITS = "零〇一二三四五六七八九幺"
_TO_DIGITS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_LONG_NUMBER = re.compile(rf"(?<![十百千万亿])[{_DIGITS}]{{5,}}(?![十百千万亿])")
_PLACE_NUMBER = re.compile(rf"[{_DIGITS}]{{2,4}}(?=号|栋|幢|单元|室|房|路公交|年)")
_COUNTED = re.compile(
    r"[一二三四五六七八九两十百千万零]+"
    r"(?=号|栋|幢|单元|室|楼|层|路公交|年|月|日|点|块|元|米|平方|公里|度|个月|天|小时|分)"
)
_SAID_WITH_UNITS = re.compile(r"[十百千万]")


def readable(text: str) -> str:
    """What a person would have typed; says nothing that was not said."""
    text = _SPACE_BESIDE_HAN.sub("", _simplifier().convert(text))
    text = _HALF_WIDTH_MARK.sub(lambda mark: mark[0].translate(_FULL_WIDTH), text)
    text = _FULL_STOP.sub("。", text)
    text = _SPACE_BESIDE_HAN.sub("", text)
    return _numbers(text).strip()


def join(utterances: list[str]) -> str:
    """Utterances as one text: a pause between two of them is a comma unless a mark is there."""
    text = ""
    for utterance in filter(None, (part.strip() for part in utterances)):
        text += utterance if not text or text[-1] in "，。？！；：、,.?!;:" else "，" + utterance
    return text


def asked(text: str) -> str:
    """An utterance whose last words ask ends with a question mark; a streaming recogniser gives none."""
    return text + "？" if _ASKING.search(text) else text


def _numbers(text: str) -> str:
    text = _THOUSANDS.sub("", text)
    text = _LONG_NUMBER.sub(lambda found: found[0].translate(_TO_DIGITS), text)
    text = _PLACE_NUMBER.sub(lambda found: found[0].translate(_TO_DIGITS), text)
    return _COUNTED.sub(_counted, text)


def _counted(found: re.Match[str]) -> str:
    """Digits for a number said in full; 三五天 (a few days) and 万 alone stay words."""
    number = found[0]
    if len(number) < 2 or not _SAID_WITH_UNITS.search(number):
        return number
    return as_figures(number)


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
