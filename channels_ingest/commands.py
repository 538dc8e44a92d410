"""The few words that are orders, not requests: rating, progress, new request, withdrawal, help."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from channels_ingest.words import SATISFACTION
from hotline.tickets.models import Satisfaction

CommandName = Literal["rate", "query", "new", "withdraw", "help"]

DIGITS = {str(place): level for place, level in enumerate(SATISFACTION, 1)}
LEVELS = {
    **{name: level for level, name in SATISFACTION.items()},
    "很不满意": Satisfaction.VERY_DISSATISFIED,
    "很满意": Satisfaction.VERY_SATISFIED,
    "一般": Satisfaction.BASICALLY_SATISFIED,
}
# A digit before a space or 、 begins a list or a count ("5 年了"), so only a comma or a stop may follow it.
RATE = re.compile(
    rf"(?:([1-5])(?:[,，。!！]+(.{{0,200}}))?|({'|'.join(LEVELS)})(?:[\s,，.。;；!！:：、]+(.{{0,200}}))?)",
    re.DOTALL,
)
NUMBER = r"(?:([0-9]{17,18}|[2-9A-HJ-NP-Z]{10})(?:\s+([2-9A-HJ-NP-Z]{10}))?)?"
QUERY = re.compile(rf"(?:CX|查询|查进度|查询进度|进度)\s*[:：]?\s*{NUMBER}")
WITHDRAW = re.compile(rf"(?:CS|撤销|撤回|撤诉|撤销诉求|撤回诉求)\s*[:：]?\s*{NUMBER}")
NEW = re.compile(r"(?:XSQ|新诉求|新的诉求|另一件事)\s*[:：,，。]?\s*(.*)", re.DOTALL)
HELP = re.compile(r"(?:帮助|BZ|HELP|\?|你好|您好|在吗|HI|HELLO)[\s。!~]*")


@dataclass(frozen=True, slots=True)
class Command:
    """One order; `level` of a rating, `number` and `code` of a ticket, `rest` for what else was said."""

    name: CommandName
    level: int = 0
    number: str = ""
    code: str = ""
    rest: str = ""


def read(text: str) -> Command | None:
    """The order that `text` is, or None for words of a request. Full-width letters count as plain."""
    plain = unicodedata.normalize("NFKC", text).strip()
    upper = plain.upper()
    if found := RATE.fullmatch(plain):
        level = DIGITS[found[1]] if found[1] else LEVELS[found[3]]
        return Command("rate", level=level, rest=(found[2] or found[4] or "").strip())
    if found := QUERY.fullmatch(upper):
        return Command("query", number=found[1] or "", code=found[2] or "")
    if found := WITHDRAW.fullmatch(upper):
        return Command("withdraw", number=found[1] or "", code=found[2] or "")
    if found := NEW.fullmatch(plain.upper()[:4] + plain[4:]):
        return Command("new", rest=found[1].strip())
    return Command("help") if HELP.fullmatch(upper) else None


def named(name: str) -> Command:
    """The order that a menu's button stands for."""
    return {"query": Command("query"), "new": Command("new")}.get(name, Command("help"))
