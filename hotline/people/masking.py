"""How a citizen's name and phone are shown to those who do not need the whole of them."""

import re
import unicodedata

from stdnum.cn import uscc

HIDDEN = "***"
_APART = r"[\s\-—_.·/]{0,2}"
_BETWEEN = r"[^0-9A-Za-z\u4e00-\u9fff]{0,3}"
"""What may stand between the letters of a name or a number that is known, whoever wanted to get it through."""
_NOT_INSIDE = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"


def _alone(pattern: str) -> str:
    return _NOT_INSIDE[0] + pattern + _NOT_INSIDE[1]


IDENTIFYING = re.compile(
    "|".join(
        (
            _alone(r"\d{6}(?:19|20)\d{9}[\dXx]"),  # an identity card, whether or not its check digit is right
            _alone(r"\d{6}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"),  # one of the first generation
            _alone(rf"(?:(?:\+|00)?86{_APART})?1[3-9]\d{_APART}\d{{4}}{_APART}\d{{4}}"),
            _alone(rf"(?:\(0\d{{2,3}}\)|（0\d{{2,3}}）|0\d{{2,3}}){_APART}[2-9]\d{{6,7}}"),
            r"\d{0,6}\*{3,}\d{4}",  # what masking left of a number that was said
            r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
            r"(?:(?<=微信)|(?<=微信号)|(?<=QQ)|(?<=qq)|(?<=QQ号)|(?<=vx)|(?<=VX))[是为:： ]{0,3}[A-Za-z0-9][\w-]{4,19}",
        )
    ),
    re.ASCII,
)
"""What tells who somebody is, as people write it: identity cards, telephones, mail and messengers' names."""
CREDIT_CODE = re.compile(_alone(r"[0-9A-HJ-NPQRTUWXY]{18}"))
HONORIFICS = "先生|女士|小姐|老师|师傅|经理|老板|阿姨|大爷|大妈|同志|总"
FULL_WIDTH = {ord("０") + digit: str(digit) for digit in range(10)} | {ord("＋"): "+", ord("－"): "-"}
FEWEST_DIGITS = 7
"""A number that is known is looked for in any dress from so many digits on; a shorter one may be any other."""


def mask_name(name: str) -> str:
    """Keep the first character: 张三丰 → 张**; empty stays empty."""
    return name[:1] + "*" * (len(name) - 1)


def mask_phone(phone: str) -> str:
    """Keep three digits before and four after: 13800000000 → 138****0000; shorter than 8 is all hidden."""
    if len(phone) < 8:
        return "*" * len(phone)
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]


def strike_out(text: str, name: str = "", phone: str = "") -> str:
    """`text` without what tells who somebody is: numbers of all kinds, and the name and phone that are known."""
    narrow = text.translate(FULL_WIDTH)  # letter for letter, so that what is not struck out stays as it was
    spans = [found.span() for found in IDENTIFYING.finditer(narrow)]
    spans += [found.span() for found in CREDIT_CODE.finditer(narrow) if uscc.is_valid(found[0])]
    known = [_BETWEEN.join(map(re.escape, word)) for word in (name.strip(), phone) if len(word) > 1]
    if name:
        known.append(rf"(?:{re.escape(name[:2])}|{re.escape(name[0])})(?:{HONORIFICS})")  # 欧阳女士, 张先生
    if known:
        spans += [found.span() for found in re.finditer("|".join(known), narrow, re.IGNORECASE)]
    return _without(text, spans + _as_figures(text, phone))


def _as_figures(text: str, phone: str) -> list[tuple[int, int]]:
    """Where the known number stands in other figures: 一三八…, 幺三八…, ①③⑧…"""
    digits = re.sub(r"\D", "", phone)
    if len(digits) < FEWEST_DIGITS:
        return []
    figures = "".join(_figure(letter) for letter in text)
    return [found.span() for found in re.finditer(_BETWEEN.join(digits[-11:]), figures)]


def _figure(letter: str) -> str:
    """The digit that a letter stands for, or the letter itself."""
    value = -1.0 if letter.isascii() else unicodedata.numeric(letter, -1.0)
    return str(int(value)) if value in range(10) else letter


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    kept, end = [], 0
    for first, last in sorted(spans):
        if first >= end:
            kept += [text[end:first], HIDDEN]
        end = max(end, last)
    return "".join([*kept, text[end:]])
