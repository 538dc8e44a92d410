"""A title and a short summary made of the message's own words: greetings, fillers and feelings left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.segment import lexicon

TITLE_LENGTH = 24
SUMMARY_LENGTH = 90

_SENTENCE_END = re.compile(r"(?<=[。！？!?；;\n])")
_CLAUSE_END = re.compile(r"[，,。！？!?；;：:\n]+")
_GREETING = re.compile(
    r"^(?:(?:喂+|嗨|hello|你好|您好|大家好|12345吗?|市民热线吗?|请问是.{0,8}热线吗|是.{0,6}热线吗"
    r"|(?:尊敬的)?(?:各位)?(?:领导|同志|书记|市长|工作人员|小姐)(?:们)?(?:你们)?好?"
    r"|我(?:想|要)?(?:向你们)?(?:反映|投诉|举报|咨询|问|说)(?:一下|个事|一件事|个问题|的是)?|请问|问一下|是这样的?"
    r"|事情是这样|(?:打扰|麻烦)(?:了|一下)?|嗯+|呃+|啊+|那个|这个|就是说?|然后)[，,：:。!！~\s]*)+",
    re.IGNORECASE,
)
_FILLER = re.compile(r"(?:嗯+|呃+|额+|那个什么|就是说|怎么说呢|你知道吧|对吧|是吧|哎呀?|唉)[，,]?")
_FAREWELL = re.compile(
    r"^(?:谢谢.{0,6}|多谢.{0,4}|感谢.{0,6}|辛苦.{0,4}|盼复|拜托.{0,3}|请?尽快(?:回复|处理|解决).{0,6}"
    r"|(?:希望|请|望|盼).{0,6}(?:答复|回复|回电|给个说法|重视)"
    r"|麻烦你们.{0,3}|急+|再见|我的电话.{0,12})$"
)
# what a clause that states the matter tends to hold
_STATES = re.compile(r"[没不坏漏断停堵占乱吵臭欠骗丢破塌]|怎么|如何|什么|哪里|多少|可以|建议|希望|感谢|表扬|举报|要求")
_FEELS = re.compile(
    r"生气|受不了|苦不堪言|太过分|不像话|失望|心里|怎么活|气死|没法活|忍无可忍|没人管|[几多]次|踢皮球|不敢"
)


@dataclass(frozen=True, slots=True)
class Summary:
    """The title is at most 24 characters, the summary one or two sentences."""

    title: str
    summary: str


def summarise(text: str, *, title: str = "", place: str = "", keywords: Sequence[str] = ()) -> Summary:
    """Choose the clauses that state the matter; a title that the citizen gave is kept, shortened.

    ``keywords`` are words known to tell what it is about, such as those that decided its matter.
    """
    sentences = [clean for part in _SENTENCE_END.split(text) if (clean := _clean(part))]
    whole = _clean(text) or text.strip()
    given = _clean(title) or title.strip()
    clauses = [clause for sentence in sentences for clause in _clauses(sentence)]
    return Summary(
        title=_cut(given or _title(clauses, place, keywords) or whole, TITLE_LENGTH),
        summary=_summary(sentences, keywords) or _cut(whole or given, SUMMARY_LENGTH),
    )


def _clean(part: str) -> str:
    plain = _FILLER.sub("", re.sub(r"\s+", " ", part).strip())
    kept = [clause for clause in _clauses(_GREETING.sub("", plain, count=1)) if not _FAREWELL.match(clause)]
    return "，".join(kept)


def _clauses(sentence: str) -> list[str]:
    return [clause.strip() for clause in _CLAUSE_END.split(sentence) if clause.strip()]


def _weight(clause: str, position: int, keywords: Sequence[str]) -> float:
    """Key, domain and trouble words speak for a clause; feelings, being late and being a shred against it."""
    known = sum(word in clause for word in keywords) + 0.5 * sum(word in clause for word in lexicon())
    score = 2.0 * known + 1.5 * bool(_STATES.search(clause)) - 2.0 * bool(_FEELS.search(clause))
    return score - 0.15 * position - (2.0 if len(clause) < 5 else 0.0)


def _title(clauses: list[str], place: str, keywords: Sequence[str]) -> str:
    """The strongest clause, with the place in front when it is short enough and not said already."""
    if not clauses:
        return ""
    best = max(range(len(clauses)), key=lambda at: _weight(clauses[at], at, keywords))
    title = _GREETING.sub("", clauses[best]) or clauses[best]
    if place and place not in title and len(place) + len(title) <= TITLE_LENGTH:
        return place + title
    return title


def _summary(sentences: list[str], keywords: Sequence[str]) -> str:
    """The strongest sentence and the next strongest if both fit, in the order they were said."""
    ranked = sorted(range(len(sentences)), key=lambda at: (-_weight(sentences[at], at, keywords), at))
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
