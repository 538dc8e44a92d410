"""Every sentence a citizen can receive: short, kind, plain; never a date that does not exist.

Each is written twice: `full` for channels without a price, `short` for SMS, where the fixed ones fit one
segment (70 characters) together with the signature.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from hotline.tickets.models import Satisfaction

SMS_ANSWER_ROOM = 120  # an answer may take three segments

SATISFACTION = {
    Satisfaction.VERY_SATISFIED: "非常满意",
    Satisfaction.SATISFIED: "满意",
    Satisfaction.BASICALLY_SATISFIED: "基本满意",
    Satisfaction.DISSATISFIED: "不满意",
    Satisfaction.VERY_DISSATISFIED: "非常不满意",
}
"""Best first, as the invitation numbers them; the record counts the other way."""
INVITATION = f"请回复数字评价：{' '.join(f'{n}{level}' for n, level in enumerate(SATISFACTION.values(), 1))}。"


@dataclass(frozen=True, slots=True)
class Wording:
    """The same words for channels with room and for short messages."""

    full: str
    short: str


def same(text: str) -> Wording:
    """Words that are short enough for every channel."""
    return Wording(text, text)


STATES = {
    "received": "已收到，等待受理",
    "awaiting_info": "等待您补充",
    "accepted": "已受理，等待派单",
    "dispatched": "已派单，等待签收",
    "handling": "办理中",
    "return_review": "正在核定承办单位",
    "suspended": "办理暂停",
    "answer_review": "已办理，答复审核中",
    "follow_up": "已答复，等待您评价",
    "rework": "重新办理中",
    "closed": "已办结",
    "archived": "已办结归档",
    "refused": "不属受理范围",
    "emergency": "已转紧急处置",
    "merged": "已合并办理",
    "withdrawn": "已撤回",
}

# The same in at most five characters, as vendors' templates want them.
PHRASES = {
    "received": "已收到",
    "awaiting_info": "待补充",
    "accepted": "已受理",
    "dispatched": "已派单",
    "handling": "办理中",
    "return_review": "核定中",
    "suspended": "已暂停",
    "answer_review": "审核中",
    "follow_up": "已答复",
    "rework": "重新办理",
    "closed": "已办结",
    "archived": "已办结",
    "refused": "不予受理",
    "emergency": "已转紧急",
    "merged": "已合并",
    "withdrawn": "已撤回",
}

# --- answered at once ----------------------------------------------------------------------------

WELCOME = (
    "您好，这里是12345政务服务便民热线。请直接说出您的诉求（文字、语音、图片、位置都可以）。"
    "回复“CX”查办理进度，回复“帮助”看怎么用。紧急情况请拨打110、119、120。"
)
HELP = (
    "请直接说出您的诉求：什么事、在哪里、什么时候。\n"
    "回复“CX”查进度；回复“新诉求”另说一件事；回复“撤销”加编号撤回诉求。\n"
    "紧急情况请拨打110、119、120。"
)
UNSUPPORTED = "抱歉，这种消息我们还看不了。请用文字、语音、图片或位置告诉我们。"
EMPTY = "没有收到内容，请用文字、语音、图片或位置告诉我们您的诉求。"
NEW_WANTED = "好的，请说出新的诉求：什么事、在哪里、什么时候。"
NOTHING_TO_RATE = "现在没有等待您评价的诉求。回复“CX”查进度，有新的诉求请直接告诉我们。"
RATED = "谢谢您的评价，我们已经记下。"
RATED_BADLY = "谢谢您的评价。没有让您满意，我们很抱歉，会请承办单位重新办理并与您联系。"
NOT_FOUND = "没有查到这个编号的诉求。请核对编号；替他人查询时，请在编号后加一个空格和查询码。"
NO_TICKETS = "您还没有正在办理的诉求。请直接说出您的诉求。"
WHICH_TO_WITHDRAW = "请回复“撤销”加编号，告诉我们撤回哪一件：{numbers}"
CANNOT_WITHDRAW = "编号{number}的诉求已经办结，不需要撤回。"
MERGED_NOT_WITHDRAWN = "编号{number}的诉求已与同一件事合并办理，不能单独撤回。不需要答复的话，不用理会后面的通知。"
WITHDRAWN = "编号{number}的诉求已按您的要求撤回。"


def added(number: str) -> str:
    """Words joined a ticket that exists."""
    return f"已补充到编号{number}的诉求。如果是另一件事，请回复“新诉求”。"


def progress(rows: list[tuple[str, str, str]]) -> str:
    """How things stand: (number, state, title) of each ticket."""
    return "\n".join(f"{number} {state}{'：' + title if title else ''}" for number, state, title in rows)


# --- told later, each following from one ledger line ------------------------------------------------


def received(number: str, code: str) -> Wording:
    """We have it."""
    return Wording(
        f"您的诉求已收到，编号{number}，查询码{code}。我们会尽快受理。回复“CX”查进度，还有要补充的请接着说。",
        f"诉求已收到，编号{number}，查询码{code}。回复CX查进度。",
    )


def accepted(number: str) -> Wording:
    """受理."""
    return same(f"编号{number}的诉求已受理，我们会交给负责的单位办理。")


def accepted_call(number: str, code: str) -> Wording:
    """受理 of what was said in a call: the first that is written of it."""
    return Wording(
        f"您来电反映的诉求已受理，编号{number}，查询码{code}。我们会交给负责的单位办理。回复“CX”查进度。",
        f"来电诉求已受理，编号{number}，查询码{code}。回复CX查进度。",
    )


def dispatched(number: str, department: str, due_at: datetime | None) -> Wording:
    """派单, with the limit when there is one."""
    by = f"，办理期限到{day(due_at)}" if due_at else ""
    return Wording(
        f"编号{number}的诉求已交{department}办理{by}。承办单位可能会与您电话联系，请留意来电。",
        f"编号{number}的诉求已交{clipped(department, 14)}办理{by}。",
    )


def answered(number: str, answer: str) -> Wording:
    """答复 with the invitation to rate."""
    return Wording(
        f"编号{number}的诉求已有答复：\n{answer}\n{INVITATION}",
        f"编号{number}的答复：{clipped(answer, SMS_ANSWER_ROOM)} {INVITATION}",
    )


def info_requested(number: str, question: str) -> Wording:
    """待补充."""
    return Wording(
        f"为了办好编号{number}的诉求，想请您补充：{question}\n直接回复就可以。",
        f"编号{number}的诉求请您补充：{clipped(question, SMS_ANSWER_ROOM)} 直接回复即可。",
    )


def refused(number: str, reason: str, door: str) -> Wording:
    """不予受理, and the right door."""
    way = f"正确的渠道：{door.rstrip('。')}。" if door else ""
    return Wording(
        f"编号{number}的诉求不属于12345热线的受理范围：{reason}。{way}谢谢您的理解。",
        f"编号{number}的诉求不属热线受理范围：{clipped(reason, 60)}。{clipped(way, 60)}",
    )


def emergency(number: str, service: str, reference: str = "") -> Wording:
    """转紧急, with the number under which the service keeps it."""
    theirs = f"，{service}的编号是{reference}" if reference else ""
    full = f"编号{number}的诉求情况紧急，已转{service}处理{theirs}。请同时直接拨打{service}。"
    return Wording(full, _with_service(number, service, reference)) if reference else same(full)


def partner_reference(number: str, service: str, reference: str) -> Wording:
    """The service's own number, known only after the hand-over."""
    return Wording(
        f"编号{number}的诉求在{service}的编号是{reference}，向{service}询问时请报这个编号。",
        _with_service(number, service, reference),
    )


def _with_service(number: str, service: str, reference: str) -> str:
    return f"编号{number}已转{service}，对方编号{clipped(reference, 24)}。"


def closed(number: str, invite: bool) -> Wording:
    """办结."""
    return Wording(
        f"编号{number}的诉求已办结。{INVITATION if invite else '谢谢您的反映。'}",
        f"编号{number}的诉求已办结。{'回复1至5评价，1最满意，5最不满意。' if invite else '谢谢您的反映。'}",
    )


def replied(number: str, text: str) -> Wording:
    """An agent's own words."""
    return Wording(text, f"关于{number}：{clipped(text, SMS_ANSWER_ROOM)}")


def relayed(number: str, unit: str, text: str) -> Wording:
    """A unit's own words to a citizen whom it does not know; the answer comes back through the hotline."""
    full = f"关于您编号{number}的诉求，{unit}请我们转告：{text}\n直接回复即可，您的身份信息不会告知承办单位。"
    return Wording(full, f"关于{number}，{unit}：{clipped(text, SMS_ANSWER_ROOM)}")


def extended(number: str, reason: str, due_at: datetime | None) -> Wording:
    """延期, with its reason; the new limit when there is one."""
    to = f"，办理期限延长到{day(due_at)}" if due_at else "，办理时间需要延长"
    return Wording(
        f"编号{number}的诉求因{reason}{to}。给您带来不便，请谅解。",
        f"编号{number}的诉求{to.removeprefix('，')}，请谅解。原因：{clipped(reason, 12)}",
    )


def moved(number: str, department: str, due_at: datetime | None) -> Wording:
    """A return was upheld, or a consultation ruled: another unit has it."""
    by = f"，办理期限到{day(due_at)}" if due_at else ""
    return Wording(
        f"编号{number}的诉求已改由{department}办理{by}。承办单位可能会与您电话联系，请留意来电。",
        f"编号{number}的诉求改由{clipped(department, 14)}办理{by}。",
    )


def suspended(number: str, cause: str, until: datetime | None) -> Wording:
    """挂起, with its listed cause and when it goes on, where they are known."""
    because = f"因{cause}" if cause else ""
    back = f"，预计{day(until)}恢复" if until else "，恢复后会告诉您"
    return Wording(
        f"编号{number}的诉求{because}暂停办理{back}。给您带来不便，请谅解。",
        f"编号{number}的诉求暂停办理{back}。",
    )


def resumed(number: str, due_at: datetime | None) -> Wording:
    """挂起 ends."""
    by = f"，办理期限到{day(due_at)}" if due_at else ""
    return same(f"编号{number}的诉求已恢复办理{by}。")


def split_off(number: str, code: str, out_of: str) -> Wording:
    """拆单: a further matter has a number of its own."""
    return Wording(
        f"您在编号{out_of}的诉求里还说了另一件事，已单独登记，编号{number}，查询码{code}。两件事会分别办理、分别答复。",
        f"您说的另一件事已单独登记，编号{number}，查询码{code}。",
    )


def joined(number: str) -> Wording:
    """并单 with what somebody else reported: their number is not this citizen's to know."""
    return Wording(
        f"编号{number}的诉求与其他市民反映的是同一件事，已合并办理。有了答复会告诉您，仍用这个编号查询进度。",
        f"编号{number}与他人反映的是同一件事，已合并办理，有答复会告诉您。",
    )


def unmerged(number: str, state: str) -> Wording:
    """A merge was undone; `state` is where the request stands again."""
    return Wording(
        f"编号{number}的诉求不再与其他诉求合并，恢复单独办理，目前：{STATES[state]}。",
        f"编号{number}不再与其他诉求合并，恢复单独办理，目前{PHRASES[state]}。",
    )


def merged(number: str, into: str) -> Wording:
    """并单 with another of the same citizen's."""
    return Wording(
        f"编号{number}与编号{into}是同一件事，已合并办理，请以编号{into}查询进度。",
        f"编号{number}已并入{into}办理，请按新编号查询。",
    )


def rework(number: str, due_at: datetime | None) -> Wording:
    """重办."""
    by = f"，办理期限到{day(due_at)}" if due_at else ""
    return same(f"编号{number}的诉求已安排重新办理{by}。感谢您的监督。")


def withdrawn(number: str) -> Wording:
    """撤回."""
    return same(WITHDRAWN.format(number=number))


def day(moment: datetime) -> str:
    """11月30日, in the city's own time."""
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日"


def clipped(text: str, room: int) -> str:
    """At most `room` characters, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= room else line[: room - 1] + "…"
