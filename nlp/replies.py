"""Checks of a department's answer: is each demand met, is it to the point, is it more than phrases, is the tone fair.

Nothing but words is looked at, so each finding is a hint with its reason and the place it was read from.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Literal

from nlp.promises import Promise, promises

FindingKind = Literal[
    "unanswered", "off_point", "short", "empty", "passing", "cold", "official", "no_contact", "copied"
]
WEIGHTS: dict[FindingKind, float] = {
    "unanswered": 1.5,
    "off_point": 3.0,
    "short": 2.5,
    "empty": 2.0,
    "no_contact": 0.5,
    "copied": 2.5,
}
"""What each finding weighs in the ranking; those of the tone have their own in nlp/data/tone.tsv."""
SENTENCES = {
    "unanswered": "没有答到：%(words)s",
    "short": "除去套话只有 %(characters)d 个字",
    "off_point": "与诉求几乎没有相同的内容（%(likeness).2f）",
    "empty": "没有查到的事实、依据、数字或日期",
    "no_contact": "没有写联系过市民或到过现场",
    "copied": "与%(other)s的答复相同 %(share)s，诉求却不同",
    "passed_on": "推给别人：%(words)s",
    "elsewhere": "叫人找“相关部门”：%(words)s",
    "only_forwarded": "只说已转：%(words)s",
    "blames": "冷硬或责怪市民：%(words)s",
    "lectures": "教训市民：%(words)s",
    "phrases": "官话：%(words)s",
    "empty_plans": "空头打算：%(words)s",
    "undated": "没有日期的拖延：%(words)s",
}
"""What each finding's code says in Chinese; the screens say the same in the reader's language (dispatch.answers)."""
COPIED = 0.6
SHORT = 40
_MET = 0.08
_TO_THE_POINT = 0.04
_MOST_DEMANDS = 6
_SHORTEST_DEMAND = 8

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]?")
_CLAUSE = re.compile(r"[^。！？!?；;，,：:\n]+[。！？!?；;，,：:\n]*")
_FRAME = re.compile(
    r"^(?:网友|市民)?(?:您|你)?好[！!，,。：:]*$|^(?:网友|市民|尊敬的.{0,6})[：:，,]*$|(?:网友|市民|来信|尊敬)[^，。]{0,22}(?:您|你)好|(?:现|特)(?:将|就)?.{0,24}(?:回复|答复|情况|报告)(?:如下|于下)"
    r"|(?:来信|留言|来帖|诉求|反映的|信件|帖子|网帖|投诉件).{0,12}(?:收悉|收到|已阅|知悉|受理|阅办)|(?:感谢|谢谢).{0,30}(?:关心|关注|支持|监督|理解|来信|信任|留言|建议|反映)"
    r"|如.{0,20}(?:疑问|不满意|不明|不清楚|新的意见|异议).{0,30}|祝(?:您|你).{0,14}|特此(?:回复|答复|说明)|此复|^以上.{0,16}(?:回复|答复|情况)|^\W*\d{4}年\d{1,2}月\d{1,2}日\W*$"
    r"|(?:联系|咨询|监督|服务)(?:电话|方式|热线|人).{0,40}|敬请(?:谅解|理解)|不便之处"
)
_QUOTED = re.compile(r"[“\"《][^”\"》]{4,60}[”\"》]")
_ASKS = re.compile(
    r"[？?]|请问|怎么|如何|何时|什么时候|是否|能否|能不能|可否|可不可以|为什么|为何|多少|哪里|哪个|有没有|要多久|咨询|吗[。，]?$|么[。，]?$|呢[。，]?$"
)
_WANTS = re.compile(
    r"(?:希望|请求|要求|建议|恳请|恳求|望|请|盼|呼吁|求)(?:政府|领导|部门|有关|相关|能|尽快|贵|市|区|县|各|予|给|解决|处理|查|整|加|把|对|在|将|督促|帮)"
)
_RHETORIC = re.compile(
    r"难道|何在|天理|良心|谁来管|谁的|有没有人管|这是什么|怎么能|怎么可以|凭什么|不是吗|是不是太|我们老百姓|什么世道|还有没有"
)
_CONTACTED = re.compile(
    r"(?:电话|微信|短信)(?:联系|回访|沟通|告知|回复|答复|反馈)|(?:与|和|向|跟|对|同)(?:您|你|网友|当事人|来信人|信访人|投诉人|反映人|举报人|诉求人|业主|居民|村民|家长|本人|其|他|她|留言人|投诉者)[^，。]{0,12}"
    r"(?:联系|沟通|见面|交流|解释|说明|协商|面谈|座谈|对接)|上门|走访|约谈|入户|面对面|(?:前往|赶赴|到达|深入|到|赴)[^，。]{0,20}(?:现场|实地|查看|走访|调查|核实|勘查|检查)|现场(?:查看|勘查|核实|调查|检查|踏勘|办公|核查|处理|走访)"
    r"|实地(?:查看|勘查|核实|调查|走访|察看|踏勘)"
)
_FACTS = re.compile(
    r"\d|[一二三四五六七八九十]+(?:年|月|日|天|元|米|户|人|次|台|处|个)|《[^》]+》|经(?:核实|调查|查|核查|了解|查证|勘查|鉴定|审查)|责令|立案|查处|处罚|罚款|拆除|修复|清理|整改|更换|安装|退还|批复|招标"
    r"|可以|不可以|不能|尚未|暂未|已于|取消|停止|原因是|因为|由于|根据|按照"
)
_LAW = re.compile(r"《[^》]{3,60}》|第[一二三四五六七八九十百\d]+条|\d+号文")
_COMPLAINS = re.compile(r"投诉|举报|扰民|违法|违规|不合理|拖欠|没人管|被骗|质量|损坏|污染|请求|噪|臭|堵|乱|坏|欠")


@dataclass(frozen=True, slots=True)
class Finding:
    """One hint about an answer: why, and the place in it (or, of a demand, in the message); 0:0 for the whole.

    `code` is the kind, or of the tone what is said wrongly (the column of nlp/data/tone.tsv); `told` are the words
    and figures that its sentence names.
    """

    kind: FindingKind
    weight: float
    code: str
    told: Mapping[str, str | float] = field(default_factory=dict)
    start: int = 0
    end: int = 0
    where: Literal["reply", "message"] = "reply"

    @property
    def sentence(self) -> str:
        """Why, in Chinese."""
        return SENTENCES[self.code] % self.told


@dataclass(frozen=True, slots=True)
class Demand:
    """Something asked or wanted in a message, at start:end of it, and how far the answer speaks of it (0..1)."""

    start: int
    end: int
    words: str
    met: float


@dataclass(frozen=True, slots=True)
class Review:
    """All that was found; ``score`` ranks answers, 0 is best."""

    findings: tuple[Finding, ...]
    demands: tuple[Demand, ...]
    promises: tuple[Promise, ...]
    contacted: bool
    relevance: float
    score: float


@dataclass(slots=True)
class Rarity:
    """How telling each pair of characters is: those in few texts tell most; without texts all tell the same."""

    texts: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    def add(self, text: str) -> None:
        """Count one more text."""
        self.texts += 1
        self.seen.update(pairs(text))

    def weigh(self, said: Iterable[str]) -> dict[str, float]:
        """Weights of these pairs."""
        return {pair: math.log((self.texts + 2) / (self.seen[pair] + 1)) if self.texts else 1.0 for pair in said}


_PLAIN = re.compile(r"[^\w]|_")
_DULL = frozenset("的了是在和也都就与及等我你您他她们这那有没不很请问吗呢啊吧")


def pairs(text: str) -> set[str]:
    """Neighbouring characters inside a clause, those without meaning left out."""
    found: set[str] = set()
    for clause in _PLAIN.split(text):
        kept = [character for character in clause if character not in _DULL]
        found.update(a + b for a, b in pairwise(kept))
    return found


def check(
    message: str, reply: str, *, title: str = "", day: date | None = None, rarity: Rarity | None = None
) -> Review:
    """Everything found in one answer; ``day`` is when it was given, by which promised days are reckoned."""
    known = rarity or Rarity()
    body = substance(reply)
    asked = demands(f"{title}\n{message}" if title else message, body, known)
    relevance = _relevance(f"{title}\n{message}", body, known)
    contacted = bool(_CONTACTED.search(reply))
    findings = [*_unmet(asked), *_hollow(body, relevance, contacted, message), *tone(reply)]
    credit = 0.15 * min(len(_FACTS.findall(body)), 8) + 0.5 * contacted + 0.4 * bool(_LAW.search(body))
    credit += 0.8 * relevance + 0.0006 * min(len(body), 800)
    score = max(0.0, 4.0 + sum(finding.weight for finding in findings) - credit)
    said = promises(reply, day or date.today())
    ranked = tuple(sorted(findings, key=lambda finding: -finding.weight))
    return Review(ranked, asked, said, contacted, round(relevance, 3), round(score, 3))


def substance(reply: str) -> str:
    """The answer without greeting, receipt, thanks and what it repeats of the question's title."""
    kept = "".join(clause[0] for clause in _CLAUSE.finditer(reply) if not _FRAME.search(clause[0].strip()))
    return _QUOTED.sub(lambda quoted: quoted[0] if quoted[0].startswith("《") else "", kept).strip()


def demands(message: str, body: str, rarity: Rarity) -> tuple[Demand, ...]:
    """What the message asks and wants, each with how far the answer's body speaks of it."""
    said = pairs(body)
    found: list[Demand] = []
    for sentence in _SENTENCE.finditer(message):
        words = sentence[0].strip()
        asks = _WANTS.search(words) or (_ASKS.search(words) and not _RHETORIC.search(words))
        if len(words) < _SHORTEST_DEMAND or not asks:
            continue
        weights = rarity.weigh(pairs(words))
        total = sum(weights.values())
        met = sum(weight for pair, weight in weights.items() if pair in said) / total if total else 1.0
        found.append(Demand(sentence.start(), sentence.end(), words, round(met, 3)))
    return tuple(found[:_MOST_DEMANDS])


def _unmet(asked: tuple[Demand, ...]) -> list[Finding]:
    missed = [demand for demand in asked if demand.met < _MET]
    share = WEIGHTS["unanswered"] * 2 / max(len(asked), 1)
    return [
        Finding(
            "unanswered",
            min(share, WEIGHTS["unanswered"]),
            "unanswered",
            {"words": demand.words[:40]},
            demand.start,
            demand.end,
            "message",
        )
        for demand in missed
    ]


def _relevance(message: str, body: str, rarity: Rarity) -> float:
    """How much of the body's telling pairs the message has, and the other way round (cosine)."""
    one, other = rarity.weigh(pairs(message)), rarity.weigh(pairs(body))
    common = sum(weight * other[pair] for pair, weight in one.items() if pair in other)
    length = math.sqrt(sum(w * w for w in one.values())) * math.sqrt(sum(w * w for w in other.values()))
    return common / length if length else 0.0


def _hollow(body: str, relevance: float, contacted: bool, message: str) -> list[Finding]:
    found: list[Finding] = []
    if len(body) < SHORT:
        share = 1 - len(body) / SHORT
        found.append(Finding("short", WEIGHTS["short"] * (0.4 + 0.6 * share), "short", {"characters": len(body)}))
    if relevance < _TO_THE_POINT:
        weight = WEIGHTS["off_point"] * (1 - relevance / _TO_THE_POINT)
        found.append(Finding("off_point", weight, "off_point", {"likeness": round(relevance, 2)}))
    if not _FACTS.search(body):
        found.append(Finding("empty", WEIGHTS["empty"], "empty"))
    if not contacted and _COMPLAINS.search(message):
        found.append(Finding("no_contact", WEIGHTS["no_contact"], "no_contact"))
    return found


@cache
def _tones() -> tuple[tuple[FindingKind, float, re.Pattern[str], str], ...]:
    table = resources.files("nlp").joinpath("data/tone.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    kinds: dict[str, FindingKind] = {"passing": "passing", "cold": "cold", "official": "official"}
    return tuple((kinds[row["kind"]], float(row["weight"]), re.compile(row["pattern"]), row["code"]) for row in rows)


def tone(reply: str) -> list[Finding]:
    """Passing the buck, coldness and phrases; the same kind of phrase counts once, phrases less in a long answer."""
    found: list[Finding] = []
    for kind, weight, pattern, code in _tones():
        match = pattern.search(reply)
        if match:
            length = min(1.0, 160 / max(len(reply), 1)) if kind != "cold" else 1.0
            words = {"words": match[0][:30]}
            found.append(Finding(kind, weight * length, code, words, match.start(), match.end()))
    return found
