"""A title and a short summary made of the message's own words: greetings, fillers and feelings left out.

Of the clauses that state something, the title takes the one that shares most with the rest of the message, the
earlier the better; where it names no place, the place stands in front.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from operator import add

TITLE_LENGTH = 26
SUMMARY_LENGTH = 90
_CLAUSES_READ = 60
_ENOUGH = 12  # a title shorter than this takes in the next clause
_LONGEST_PLACE = 18
_NEAR_THE_START = 150  # a town named later is mostly another

_SENTENCE_END = re.compile(r"(?<=[。！？!?；;\n])")
_CLAUSE_END = re.compile(r"[，,。！？!?；;：:\n]+")
_GREETING = re.compile(
    r"^(?:(?:喂+|嗨|hello|(?:您|你)们?好|大家好|(?:早上|上午|下午|晚上)好|12345吗?|市民热线吗?|请问是.{0,8}热线吗|是.{0,6}热线吗"
    r"|(?:尊敬|敬爱|亲爱)的[^，,。！!：:]{0,12}|[^，,。！!：:\s]{0,4}(?:书记|[市县区省镇]长|[局厅院部台处所]长|主任|领导|同志|工作人员|小姐)们?(?:你们)?好?(?=[，,：:。！!\s]|(?:您|你)好|$)"
    r"|我(?:想|要)?(?:向你们)?(?:反映|投诉|举报|咨询|问|说)(?:一下|个事|一件事|个问题|的是)?|请问|问一下|是这样的?"
    r"|事情是这样|(?:打扰|麻烦)(?:了|一下)?|嗯+|呃+|啊+|那个|这个|就是说?|然后)[，,：:。!！~\s]*)+",
    re.IGNORECASE,
)
_FILLER = re.compile(r"(?:嗯+|呃+|额+|那个什么|就是说|怎么说呢|你知道吧|对吧|是吧|哎呀?|唉)[，,]?")
_FAREWELL = re.compile(
    r"^(?:谢谢.{0,6}|多谢.{0,4}|感谢.{0,6}|辛苦.{0,4}|盼复|拜托.{0,3}|请?尽快(?:回复|处理|解决).{0,6}"
    r"|(?:希望|请|望|盼).{0,6}(?:答复|回复|回电|给个说法|重视)"
    r"|麻烦你们.{0,3}|急+|再见|我的电话.{0,12}|此致|敬礼)$"
)
_BRACKETS = re.compile(r"[（(][^）)]{0,40}[）)]|[“”\"《》【】]")
_LEAD = re.compile(
    r"^(?:请问(?:一下)?|我?就?是?(?:想|要)请?(?:问|咨询|反映|投诉|举报|了解|知道|说)(?:一?下|的是)?|现?(?:反映|咨询)(?:一?下|如下)"
    r"|但是?|而且|可是|不过|因为|由于|所以|因此|于是|然后|并且|最近|近期|现在|目前|如今|据说|听说|其实|首先|另外|还有|就是|关于|对于"
    r"|本人是?|我们?是(?:一[名个位])?|我们?(?=小区|村|镇|家|住|县|市|区)|一直以来|自从)+"
)
_TAIL = re.compile(r"(?:呢|啊|吧|呀|哦|的话|等等|，)+$")
_INTRODUCES = re.compile(
    r"^(?:我|本人|我们|作为)是?.{0,24}(?:村民|业主|居民|市民|住户|家长|学生|职工|员工|农民|老师|教师|一员|人员|人)$|^我?家?住在?.{2,20}$|今年\d+岁|^我叫|^本人姓"
)
_FROM = re.compile(
    r"(?:我|本人|我们|作为)是?(?:一[名个位])?([^，。；！？]{2,22}?)的?(?:一[名个位员]|普通)?"
    r"(?:村民|业主|居民|市民|住户|家长|学生|职工|员工|农民|老师|教师)"
)
_PLACE_WORD = re.compile(r"[市区县镇乡村路街园苑城校院局厂]|公司|小区")
_NAMED = re.compile(
    r"(?:[A-Z]\d*[市区县州]|[^\W\da-zA-Z不要全各我你他在到从本该城是的了有和与这那]{2,3}[市县])(?:[A-Z]\d*[市区县])?"
    r"(?:[\u4e00-\u9fff0-9A-Z]{1,10}?(?:小区|街道|镇|乡|村|路|街|大道|花园|公司|学校|小学|中学|医院|广场|局|苑|城|园|中心|站))?"
)
_DEMANDS = re.compile(
    r"希望|请求|建议|恳请|请问|能否|能不能|是否|何时|什么时候|如何|怎么|要求|可否|为什么|合理|合法|投诉|咨询|举报|反映|表扬"
)
_STATES = re.compile(
    r"[没坏漏断停堵占乱吵臭欠骗丢破塌转]|不[^同断久错]|噪|污染|扰民|违|收费|太[大小高低多少]|无证|非法"
)
_FEELS = re.compile(
    r"生气|受不了|苦不堪言|太过分|不像话|失望|心里|怎么活|气死|没法活|忍无可忍|没人管|[几多]次|踢皮球|不敢|百忙|打扰|冒昧|心情|痛心"
    r"|无奈|良心|天理|可怜|老百姓|盼望|希望领导|请领导|望领导|做主|睡不着|(?:答复|回复|说法)$"
)
_DULL = re.compile(r"[\W_的了是在和也都就与及等我你您他她们这那有没不很]+")
Strength = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Summary:
    """The title is at most 26 characters, the summary one or two sentences."""

    title: str
    summary: str


def summarise(text: str, *, title: str = "", place: str = "", keywords: Sequence[str] = ()) -> Summary:
    """Choose the clauses that state the matter; a title that the citizen gave is kept, shortened.

    ``keywords`` are words known to tell what it is about, such as those that decided its matter.
    """
    sentences = [kept for part in _SENTENCE_END.split(text) if (kept := _kept(part))]
    given = _clean(title) or title.strip()
    clauses = [clause for sentence in sentences for clause in sentence][:_CLAUSES_READ]
    strength = _strength_among(clauses, keywords)
    made = given or _title(clauses, strength, place or _place(text)) or _whole(text)
    return Summary(
        title=_cut(made, TITLE_LENGTH),
        summary=_summary(sentences, strength) or _cut(_whole(text) or given, SUMMARY_LENGTH),
    )


def _whole(text: str) -> str:
    return _clean(text) or text.strip()


def _clean(part: str) -> str:
    return "，".join(_kept(part))


def _kept(part: str) -> list[str]:
    """The clauses of a sentence that are more than greeting and farewell."""
    plain = _FILLER.sub("", " ".join(part.split()))
    return [clause for clause in _clauses(_GREETING.sub("", plain, count=1)) if not _FAREWELL.match(clause)]


def _clauses(sentence: str) -> list[str]:
    return [clause.strip() for clause in _CLAUSE_END.split(sentence) if clause.strip()]


def _pairs(clause: str) -> set[str]:
    kept = _DULL.sub("", clause)
    return set(map(add, kept, kept[1:]))


def _place(text: str) -> str:
    """Where the writer says to be from, or the first named town with what lies in it; empty where there is none."""
    said = _FROM.search(text[:120])
    if said and _PLACE_WORD.search(said[1]):
        return _LEAD.sub("", said[1])
    named = _NAMED.search(text[:_NEAR_THE_START])
    return named[0] if named else ""


def _strength_among(clauses: Sequence[str], keywords: Sequence[str]) -> Strength:
    """How much a clause states: what it shares with the rest and the words of the matter; feelings speak against it."""
    known = [_pairs(clause) for clause in clauses]
    common = Counter(chain.from_iterable(known))
    pairs_of = dict(zip(clauses, known, strict=True))

    @cache  # the title and the summary both ask
    def strength(clause: str) -> float:
        pairs = pairs_of[clause] if clause in pairs_of else _pairs(clause)
        shared = (sum(min(common[pair], 6) for pair in pairs) - 0.5 * len(pairs)) / (len(pairs) ** 0.6 + 1)
        score = shared + 0.8 * bool(_DEMANDS.search(clause)) + 0.6 * bool(_STATES.search(clause))
        score += 2.0 * sum(word in clause for word in keywords) + 1.0 * bool(_PLACE_WORD.search(clause))
        score -= 2.5 * bool(_FEELS.search(clause)) + 2.0 * bool(_INTRODUCES.search(clause))
        return float(score - (1.5 if len(clause) < 5 else 0.0))

    return strength


def _lateness(position: int) -> float:
    """What comes late is less likely the matter."""
    return float(0.8 * position**0.7)


def _title(clauses: list[str], strength: Strength, place: str) -> str:
    """The strongest clause; a short one with the next, one without a place with the place in front."""
    if not clauses:
        return ""
    best = max(range(len(clauses)), key=lambda at: strength(clauses[at]) - _lateness(at))
    title = _plain(clauses[best])
    following = clauses[best + 1] if best + 1 < len(clauses) else ""
    if len(title) < _ENOUGH and following and not _FEELS.search(following) and _STATES.search(following):
        joined = f"{title}，{following}"
        title = joined if len(joined) <= TITLE_LENGTH else title
    known = _pairs(place)
    named = place in title or len(known & _pairs(title)) >= max(1, 0.3 * len(known))
    if place and not named and len(place) <= _LONGEST_PLACE:
        title = place + title
    return _TAIL.sub("", title) or title


def _plain(clause: str) -> str:
    """Without brackets, quotation marks and the words that only lead up to it."""
    bare = _BRACKETS.sub("", clause)
    return _LEAD.sub("", _GREETING.sub("", bare)) or bare or clause


def _summary(clauses_of: list[list[str]], strength: Strength) -> str:
    """The strongest sentence and the next strongest if both fit, in the order they were said."""
    weights = [max(map(strength, clauses)) - _lateness(at) for at, clauses in enumerate(clauses_of)]
    sentences = ["，".join(clauses) for clauses in clauses_of]
    ranked = sorted(range(len(sentences)), key=lambda at: (-weights[at], at))
    chosen: list[int] = []
    for at in ranked[:2]:
        if not chosen or sum(len(sentences[i]) for i in chosen) + len(sentences[at]) <= SUMMARY_LENGTH:
            chosen.append(at)
    return _cut("。".join(sentences[at] for at in sorted(chosen)), SUMMARY_LENGTH)


def _cut(text: str, length: int) -> str:
    """At most so many characters, ended at a clause where one ends in the second half."""
    if len(text) <= length:
        return text
    ends = [found.start() for found in _CLAUSE_END.finditer(text, length // 2, length)]
    return text[: ends[-1]] if ends else text[: length - 1] + "…"
