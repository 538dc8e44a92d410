"""The states of a ticket, the verbs that move it, and ALLOWED: every arrow with the rule it comes from."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a ticket stands; the union of the national rules and running city systems."""

    RECEIVED = "received", _("Received")
    AWAITING_INFO = "awaiting_info", _("Awaiting information")
    ACCEPTED = "accepted", _("Accepted, to be dispatched")
    DISPATCHED = "dispatched", _("To be signed for")
    HANDLING = "handling", _("In handling")
    RETURN_REVIEW = "return_review", _("Return under review")
    SUSPENDED = "suspended", _("Suspended")
    ANSWER_REVIEW = "answer_review", _("Answer under review")
    FOLLOW_UP = "follow_up", _("Awaiting follow-up")
    REWORK = "rework", _("Rework")
    CLOSED = "closed", _("Closed")
    ARCHIVED = "archived", _("Archived")
    REFUSED = "refused", _("Not accepted")
    EMERGENCY = "emergency", _("Handed to emergency services")
    MERGED = "merged", _("Merged")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Verb(models.TextChoices):
    """Everything that can be done to a ticket; the value is its name in the programming interface."""

    ADD_WORDS = "add-words", _("Add words")
    KEEP_MEDIA = "keep-media", _("Keep a file")
    TRANSCRIBE = "transcribe", _("Transcribe")
    SUGGEST = "suggest", _("Suggest")
    ESCALATE = "escalate", _("Raise an alarm")
    SEE_ALARM = "see-alarm", _("Confirm an alarm")
    NOTICE_CROWD = "notice-crowd", _("Notice a crowd")
    ACCEPT = "accept", _("Accept")
    EDIT = "edit", _("Edit")
    REPLY = "reply", _("Reply to the citizen")
    REQUEST_INFO = "request-info", _("Ask for information")
    REFUSE = "refuse", _("Do not accept")
    EMERGENCY = "emergency", _("Hand to emergency services")
    ANSWER_DIRECTLY = "answer-directly", _("Answer directly")
    DISPATCH = "dispatch", _("Dispatch")
    RECALL = "recall", _("Take the dispatch back")
    ASSIST = "assist", _("Add assisting units")
    RELEASE = "release", _("Release an assisting unit")
    PASS_DOWN = "pass-down", _("Pass to a unit below")
    PASS_UP = "pass-up", _("Hand back to the unit above")
    SIGN = "sign", _("Sign for")
    CONTACT = "contact", _("Record contact")
    RELAY = "relay", _("Write to the citizen through the hotline")
    RETURN = "return", _("Return")
    RULE_ON_RETURN = "rule-on-return", _("Rule on the return")
    OPINE = "opinion", _("Give an opinion in a consultation")
    REQUEST_EXTENSION = "request-extension", _("Request an extension")
    RULE_ON_EXTENSION = "rule-on-extension", _("Rule on the extension")
    SUSPEND = "suspend", _("Suspend")
    RESUME = "resume", _("Resume")
    ANSWER = "answer", _("Answer")
    REVIEW = "review", _("Review the answer")
    PROMISE = "promise", _("Note a promise")
    CHASE_PROMISE = "chase-promise", _("Chase a promise")
    SETTLE_PROMISE = "settle-promise", _("Settle a promise")
    FOLLOW_UP = "follow-up", _("Follow up")
    RATE = "rate", _("Rate")
    REWORK = "rework", _("Send to rework")
    CLOSE = "close", _("Close")
    ARCHIVE = "archive", _("Archive")
    MERGE = "merge", _("Merge")
    UNMERGE = "unmerge", _("Undo the merge")
    SPLIT = "split", _("Split")
    URGE = "urge", _("Urge")
    SUPERVISE = "supervise", _("Supervise")
    ANSWER_ORDER = "answer-order", _("Reply to the supervision order")
    END_SUPERVISION = "end-supervision", _("End the supervision")
    SHOW_CARD = "show-card", _("Show a card")
    MOVE_LIMIT = "move-limit", _("Move a limit")
    SET_ASIDE = "set-aside", _("Ask to set aside")
    RULE_ON_SET_ASIDE = "rule-on-set-aside", _("Rule on setting aside")
    RECUSE = "recuse", _("Stand back for a conflict of interest")
    REPORT_FAILURE = "report-failure", _("Report an undelivered message")
    ATTACH = "attachments", _("Add evidence")
    NOTE = "note", _("Note")
    WITHDRAW = "withdraw", _("Withdraw")


@dataclass(frozen=True, slots=True)
class Arrow:
    """From which states a verb may be used, where it may lead (empty: the state stays), and why."""

    sources: frozenset[State]
    targets: frozenset[State]
    rule: str


S = State
ANY = frozenset(State)
ENDED = frozenset({S.CLOSED, S.ARCHIVED, S.REFUSED, S.EMERGENCY, S.MERGED, S.WITHDRAWN})
OPEN = ANY - ENDED
BEFORE_DISPATCH = frozenset({S.RECEIVED, S.AWAITING_INFO, S.ACCEPTED})
WITH_UNIT = frozenset({S.DISPATCHED, S.HANDLING, S.REWORK})
WORKED_ON = WITH_UNIT | {S.RETURN_REVIEW}
"""While a return is judged the units that assist go on: their clocks run. The lead's part waits for the ruling."""


def _arrow(sources: set[State] | frozenset[State], targets: set[State], rule: str) -> Arrow:
    return Arrow(frozenset(sources), frozenset(targets), rule)


ALLOWED: dict[Verb, Arrow] = {
    Verb.ADD_WORDS: _arrow(ANY - {S.ARCHIVED}, {S.RECEIVED}, "国办发〔2020〕53号: words on a matter in hand join it"),
    Verb.KEEP_MEDIA: _arrow(ANY, set(), "what a citizen sent is kept whatever became of the ticket"),
    Verb.TRANSCRIBE: _arrow(ANY, set(), "the sound and its words are kept together"),
    Verb.SUGGEST: _arrow(ANY, set(), "the assistant suggests, people decide"),
    Verb.ESCALATE: _arrow(OPEN, set(), "国办发〔2022〕12号: danger to life goes first, at once"),
    Verb.SEE_ALARM: _arrow(ANY, set(), "an alarm rings until a person has seen it"),
    Verb.NOTICE_CROWD: _arrow(ANY, set(), "many people at one place are told of, whatever became of the newest ticket"),
    Verb.ACCEPT: _arrow({S.RECEIVED, S.AWAITING_INFO}, {S.ACCEPTED}, "国办发〔2020〕53号: 受理"),
    Verb.EDIT: _arrow(OPEN, set(), "国办发〔2020〕53号: the record is kept right while the ticket is open"),
    Verb.REPLY: _arrow(ANY - {S.ARCHIVED}, set(), "GB/T 33358-2016: other media are answered in their own channel"),
    Verb.REQUEST_INFO: _arrow({S.RECEIVED, S.ACCEPTED}, {S.AWAITING_INFO}, "待补充: a request too unclear to dispatch"),
    Verb.REFUSE: _arrow(
        BEFORE_DISPATCH, {S.REFUSED}, "国办发〔2020〕53号: litigation, petition … are told the right door"
    ),
    Verb.EMERGENCY: _arrow(
        BEFORE_DISPATCH | {S.EMERGENCY},
        {S.EMERGENCY},
        "国办发〔2022〕12号: emergencies go to 110/119/120/122 at once; their number follows when it is known",
    ),
    Verb.ANSWER_DIRECTLY: _arrow(
        {S.RECEIVED, S.ACCEPTED}, {S.FOLLOW_UP}, "国办发〔2020〕53号: what the desk can answer it answers at once"
    ),
    Verb.DISPATCH: _arrow({S.ACCEPTED}, {S.DISPATCHED}, "国办发〔2020〕53号: 派单; 首接负责"),
    Verb.RECALL: _arrow(
        {S.DISPATCHED, S.HANDLING}, {S.ACCEPTED}, "a wrong dispatch is taken back before it is worked on"
    ),
    Verb.ASSIST: _arrow(WITH_UNIT, set(), "主办 + 协办: further units may be called in"),
    Verb.RELEASE: _arrow(
        WITH_UNIT, {S.ANSWER_REVIEW, S.FOLLOW_UP}, "协办: answered when every other unit has answered or been released"
    ),
    Verb.PASS_DOWN: _arrow(
        WITH_UNIT, {S.DISPATCHED}, "国办函〔2025〕66号: only what the catalogue lets the lower level do"
    ),
    Verb.PASS_UP: _arrow(
        WITH_UNIT, {S.DISPATCHED, S.HANDLING, S.REWORK}, "四级: what a lower level cannot do goes back up"
    ),
    Verb.SIGN: _arrow(WORKED_ON, {S.HANDLING, S.DISPATCHED}, "签收: the unit, or the clock when it is late"),
    Verb.CONTACT: _arrow(WORKED_ON, set(), "北京市接诉即办工作条例 §15: the handler contacts the citizen"),
    Verb.RELAY: _arrow(WORKED_ON, set(), "济南 §32: a unit writes to a protected citizen without learning who it is"),
    Verb.RETURN: _arrow(
        {S.DISPATCHED, S.HANDLING}, {S.RETURN_REVIEW}, "退单: reason, basis and the unit proposed, inside the window"
    ),
    Verb.RULE_ON_RETURN: _arrow(
        {S.RETURN_REVIEW}, {S.ACCEPTED, S.DISPATCHED, S.HANDLING}, "潍坊 §22: after a ruling there is no second return"
    ),
    Verb.OPINE: _arrow({S.RETURN_REVIEW}, set(), "会商: the units concerned are heard before a final ruling"),
    Verb.REQUEST_EXTENSION: _arrow(WITH_UNIT, set(), "北京市接诉即办工作条例 §15: 延期"),
    Verb.RULE_ON_EXTENSION: _arrow(
        WITH_UNIT | {S.SUSPENDED}, set(), "延期审批: granted or refused, the citizen is told"
    ),
    Verb.SUSPEND: _arrow({S.HANDLING, S.REWORK}, {S.SUSPENDED}, "挂起: a pause is recorded with who and why"),
    Verb.RESUME: _arrow({S.SUSPENDED}, {S.HANDLING, S.REWORK}, "挂起 ends: the clock goes on"),
    Verb.ANSWER: _arrow(
        WORKED_ON,
        {S.ANSWER_REVIEW, S.FOLLOW_UP, S.HANDLING, S.REWORK},
        "答复: lead and every assisting unit answer; reviewed where the rule says so",
    ),
    Verb.REVIEW: _arrow({S.ANSWER_REVIEW}, {S.FOLLOW_UP, S.REWORK}, "审核: read before the citizen gets it"),
    Verb.PROMISE: _arrow(ANY, set(), "承诺: what an answer promises for a day is kept beside it"),
    Verb.CHASE_PROMISE: _arrow(ANY, set(), "承诺 that nobody has settled is chased, also after the end"),
    Verb.SETTLE_PROMISE: _arrow(ANY, set(), "承诺 kept or not: the unit or the hotline says so"),
    Verb.FOLLOW_UP: _arrow({S.FOLLOW_UP}, set(), "北京市接诉即办工作条例 §23: 回访, solved and satisfied asked apart"),
    Verb.RATE: _arrow({S.FOLLOW_UP, S.CLOSED}, set(), "好差评: five levels, never forced"),
    Verb.REWORK: _arrow(
        {S.FOLLOW_UP, S.CLOSED}, {S.REWORK, S.ACCEPTED}, "重办: unsolved, or a bad rating (四川: 15 wd)"
    ),
    Verb.CLOSE: _arrow({S.FOLLOW_UP}, {S.CLOSED}, "国办发〔2020〕53号: 办结"),
    Verb.ARCHIVE: _arrow(ENDED - {S.ARCHIVED}, {S.ARCHIVED}, "归档"),
    Verb.MERGE: _arrow(OPEN - {S.RETURN_REVIEW}, {S.MERGED}, "国办函〔2025〕66号: repeats are merged (并单)"),
    Verb.UNMERGE: _arrow({S.MERGED}, set(OPEN), "a wrong merge is undone: everything stands as it stood before"),
    Verb.SPLIT: _arrow(BEFORE_DISPATCH, set(), "拆单: two matters in one request are two tickets"),
    Verb.URGE: _arrow(WITH_UNIT | {S.SUSPENDED, S.RETURN_REVIEW}, set(), "催办"),
    Verb.SUPERVISE: _arrow(OPEN, set(), "国办发〔2020〕53号: 督办"),
    Verb.ANSWER_ORDER: _arrow(OPEN, set(), "督办: the unit replies to the order"),
    Verb.END_SUPERVISION: _arrow(ANY - {S.ARCHIVED}, set(), "督办: an order is ended by name, with a word why"),
    Verb.SHOW_CARD: _arrow(OPEN, set(), "黄牌 one working day before the limit, 红牌 on the first after it"),
    Verb.MOVE_LIMIT: _arrow(OPEN, set(), "a changed rule or calendar is applied to open tickets in the open"),
    Verb.SET_ASIDE: _arrow(ANY - BEFORE_DISPATCH - {S.ARCHIVED}, set(), "剔除: by a listed reason"),
    Verb.RULE_ON_SET_ASIDE: _arrow(ANY - BEFORE_DISPATCH - {S.ARCHIVED}, set(), "剔除: approved by a second person"),
    Verb.RECUSE: _arrow(OPEN, set(), "济南 §32: a conflict of interest means recusal (回避)"),
    Verb.REPORT_FAILURE: _arrow(ANY, set(), "a message that was given up is given up in the open"),
    Verb.ATTACH: _arrow(ANY - {S.ARCHIVED}, set(), "附件: evidence of identity, of contact, of handling"),
    Verb.NOTE: _arrow(ANY - {S.ARCHIVED}, set(), "internal note, never shown to the citizen"),
    Verb.WITHDRAW: _arrow(OPEN, {S.WITHDRAWN}, "the citizen takes the request back"),
}

ADDITIONS = frozenset({Verb.ATTACH, Verb.SEE_ALARM, Verb.SETTLE_PROMISE})
"""Verbs of staff that change nothing others may have read: they neither need nor raise the version."""
