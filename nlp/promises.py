"""What an answer promises for a day ("预计12月底前完成"): the sentence part, and the day as a date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from nlp.when import days

_CLAUSES = re.compile(r"[^。！？!?；;\n]+")
_WILL = re.compile(
    r"预计|预期|将(?!近|要求)|计划|力争|争取|确保|拟(?!建|定)|承诺|保证|定于|会在|会于|可(?:以)?(?:正式|全面|基本)?(?=[^能])"
)
_BY = re.compile(r"(?:前|内|底|末|旬)$")
_FULFILS = re.compile(
    r"完成|完工|竣工|通车|开工|启动|动工|整改|解决|修复|修好|修通|建好|做好|投入|建成|开通|答复|回复|交付|发放|到位|恢复|拆除|实施|清理|安装|处理"
    r"|建设|改造|办理|落实|上门|整治|验收|出台|公示|施工|接通|通水|通气|供水|供气|招标|动土|更换|维修|铺设|纳入|回访|支付|结清"
)
_DONE = re.compile(
    r"已经?(?:于|在)?|曾于|业已|没有|并未|未能|未在|去年|收到|收悉|(?<!力)于.{0,12}(?:受理|召开|印发|批准|签订|联系|前往|组织|投诉|反映)"
    r"|自.{0,10}(?:起|以来)$|毕业|领证|购买|满"
)
_OTHERS = re.compile(
    r"(?:请您?|您可|可以?(?:在|于)|须|应当?|需要?|建议您|逾期|之日起|有效期|工作时间|营业时间|咨询|拨打)"
)
_NEAR = 45  # characters after the day in which what is to be done by then is said
_FARTHEST_YEARS = 6


@dataclass(frozen=True, slots=True)
class Promise:
    """The words at start:end promise something for this day."""

    start: int
    end: int
    words: str
    due: date


def promises(text: str, day: date) -> tuple[Promise, ...]:
    """Every promise of an answer given on ``day``; what was done by then, or is for the citizen to do, is none."""
    found: list[Promise] = []
    for clause in _CLAUSES.finditer(text):
        for named in days(clause[0], day):
            if not _is_promised(clause[0], named.start, named.end) or named.day <= day or named.words[0] == "当":
                continue
            if named.day.year > day.year + _FARTHEST_YEARS:
                continue
            start, end = _around(clause[0], named.start, named.end)
            found.append(Promise(clause.start() + start, clause.start() + end, clause[0][start:end], named.day))
    return tuple(_merged(found))


def _is_promised(clause: str, start: int, end: int) -> bool:
    """Words that look ahead, or a limit ("…前"), and something to be done by then."""
    before, after = clause[max(0, start - 14) : start], clause[end : end + _NEAR]
    since = max(before.rfind(mark) for mark in "，,") + 1  # what was done already stands before another comma
    if _DONE.search(before[since:]) or _OTHERS.search(before[-8:]) or after.startswith(("起", "以来")):
        return False
    limit = bool(_BY.search(clause[start:end])) or after.startswith(("前", "之前", "以前", "内"))
    first = re.split(r"[，,]", after)[0]
    ahead = bool(_WILL.search(before) or _WILL.search(first[:8]))
    return (ahead or limit) and bool(_FULFILS.search(first) or (ahead and _FULFILS.search(before)))


def _around(clause: str, start: int, end: int) -> tuple[int, int]:
    """From the comma before the day to the comma after what is to be done."""
    begin = max(clause.rfind(mark, 0, start) for mark in "，,：:") + 1
    ends = [at for mark in "，," if (at := clause.find(mark, end + 2)) >= 0]
    stop = min(ends, default=len(clause))
    if not _FULFILS.search(clause[begin:stop]):
        stop = next((at for at in sorted(ends) if at > stop), len(clause))
    return begin, stop


def _merged(found: list[Promise]) -> list[Promise]:
    """One for each day and stretch."""
    kept: list[Promise] = []
    for each in found:
        if kept and kept[-1].due == each.due and each.start < kept[-1].end:
            continue
        kept.append(each)
    return kept
