"""How every verb of staff is tried: the function, and data that are mostly right."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from hotline.tickets import (
    alarms,
    clock,
    closing,
    confiding,
    levels,
    lifecycle,
    merging,
    pauses,
    promising,
    returns,
    setting_aside,
    supervision,
)
from hotline.tickets.models import Ticket
from hotline.tickets.states import Verb
from tests.tickets.machine.city import City


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a verb is tried: the city, the ticket, the other tickets, and how to choose."""

    city: City
    ticket: Ticket
    others: list[Ticket]
    chance: Random

    def one(self, *of: Any) -> Any:
        """One of these."""
        return self.chance.choice(of)

    def unit(self) -> Any:
        """Any unit."""
        return self.one(*self.city.units)


Fields = Callable[[Scene], dict[str, Any]]


def _nothing(scene: Scene) -> dict[str, Any]:
    return {}


def _noted(scene: Scene) -> dict[str, Any]:
    return {"note": "说明"}


def _texted(scene: Scene) -> dict[str, Any]:
    return {"text": "说明"}


def _units(scene: Scene) -> tuple[Any, ...]:
    return tuple(scene.chance.sample(scene.city.units, scene.one(0, 1, 1, 2)))


def _accept(scene: Scene) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "title": "路灯",
        "type": scene.one("consultation", "complaint", "help"),
        "urgency": scene.one("normal", "normal", "urgent"),
        "matter": scene.city.matter,
        "confidential": scene.one(False, False, True),
    }
    if scene.chance.random() < 0.1:
        fields["accused"] = [scene.unit()]
    return fields


def _return(scene: Scene) -> dict[str, Any]:
    return {"reason": "not_our_duty", "basis": "三定方案", "proposed": scene.one(None, *scene.city.units)}


def _rule_on_return(scene: Scene) -> dict[str, Any]:
    upheld = scene.one(True, True, False)
    return {"upheld": upheld, "department": scene.one(None, *scene.city.units), "note": "理由"}


def _suspend(scene: Scene) -> dict[str, Any]:
    until = scene.one(None, timedelta(hours=5), timedelta(days=3))
    return {"reason": "等待", "code": "expert", "until": until and clock.now() + until}


def _follow_up(scene: Scene) -> dict[str, Any]:
    reached = scene.one(True, True, False)
    said = {"solved": scene.one(None, True, False), "satisfied": scene.one(None, 1, 2, 4)} if reached else {}
    return {"reached": reached, **said}


def _merge(scene: Scene) -> dict[str, Any]:
    return {"into": scene.one(*scene.others, scene.ticket)}


TRIES: dict[Verb, tuple[Callable[..., Any], Fields]] = {
    Verb.ACCEPT: (lifecycle.accept, _accept),
    Verb.EDIT: (lifecycle.edit, _accept),
    Verb.REPLY: (lifecycle.reply, _texted),
    Verb.REQUEST_INFO: (lifecycle.request_info, lambda s: {"question": "哪里?"}),
    Verb.REFUSE: (lifecycle.refuse, lambda s: {"reason": "诉讼", "door": "法院", "code": "litigation"}),
    Verb.EMERGENCY: (lifecycle.emergency, lambda s: {"service": s.one("110", "119"), "reference": s.one("", "1", "2")}),
    Verb.ANSWER_DIRECTLY: (lifecycle.answer_directly, lambda s: {"public": "九点开门"}),
    Verb.DISPATCH: (
        lifecycle.dispatch_to,
        lambda s: {"department": s.unit(), "assisting": _units(s), "confidence": s.one(None, None, 0.97)},
    ),
    Verb.RECALL: (levels.recall, _noted),
    Verb.ASSIST: (levels.assist, lambda s: {"assisting": _units(s)}),
    Verb.RELEASE: (levels.release, lambda s: {"department": s.unit()}),
    Verb.PASS_DOWN: (levels.pass_down, lambda s: {"department": s.one(*s.city.units[1:4])}),
    Verb.PASS_UP: (levels.pass_up, _noted),
    Verb.SEE_ALARM: (alarms.see, lambda s: {"alarms": [alarm.pk for alarm in s.ticket.alarms.all()]}),
    Verb.SETTLE_PROMISE: (promising.settle, lambda s: {"promise": 1, "kept": s.one(True, False)}),
    Verb.RELAY: (confiding.relay, _texted),
    Verb.RECUSE: (confiding.recuse, lambda s: {"reason": "亲属"}),
    Verb.SIGN: (lifecycle.sign_for, _nothing),
    Verb.CONTACT: (lifecycle.contact, lambda s: {"whom": "本人"}),
    Verb.RETURN: (returns.request_return, _return),
    Verb.RULE_ON_RETURN: (returns.rule_on_return, _rule_on_return),
    Verb.OPINE: (returns.opine, _texted),
    Verb.REQUEST_EXTENSION: (
        pauses.request_extension,
        lambda s: {"working_days": s.one(1, 3, 8, 40), "reason": "天气", "code": "works"},
    ),
    Verb.RULE_ON_EXTENSION: (
        pauses.rule_on_extension,
        lambda s: {"granted": s.one(True, True, False), "working_days": s.one(None, 2)},
    ),
    Verb.SUSPEND: (pauses.suspend, _suspend),
    Verb.RESUME: (pauses.resume, _nothing),
    Verb.ANSWER: (lifecycle.answer, lambda s: {"public": "已修好", "solved": s.one(None, True, False)}),
    Verb.REVIEW: (closing.review, lambda s: {"approved": s.one(True, True, False), "note": "请补充"}),
    Verb.FOLLOW_UP: (closing.follow_up, _follow_up),
    Verb.REWORK: (closing.rework, _noted),
    Verb.CLOSE: (closing.close, _nothing),
    Verb.ARCHIVE: (closing.archive, _nothing),
    Verb.MERGE: (merging.merge, _merge),
    Verb.UNMERGE: (merging.unmerge, _noted),
    Verb.SPLIT: (merging.split, lambda s: {"pieces": [merging.Piece(text="树枝压线")]}),
    Verb.SET_ASIDE: (setting_aside.ask, lambda s: {"code": "unreasonable", "note": "无依据"}),
    Verb.RULE_ON_SET_ASIDE: (setting_aside.rule, lambda s: {"approved": s.one(True, False), "note": "核实"}),
    Verb.URGE: (supervision.urge, _noted),
    Verb.SUPERVISE: (supervision.supervise, lambda s: {"level": s.one(1, 2, 3), "note": "限三日"}),
    Verb.ANSWER_ORDER: (supervision.answer_order, _texted),
    Verb.END_SUPERVISION: (supervision.end_supervision, _noted),
    Verb.NOTE: (lifecycle.note, _texted),
    Verb.WITHDRAW: (closing.withdraw, _nothing),
}
ONWARD = frozenset(
    {
        Verb.ACCEPT,
        Verb.DISPATCH,
        Verb.SIGN,
        Verb.ANSWER,
        Verb.REVIEW,
        Verb.FOLLOW_UP,
        Verb.RETURN,
        Verb.RULE_ON_RETURN,
        Verb.OPINE,
        Verb.PASS_DOWN,
        Verb.PASS_UP,
        Verb.CONTACT,
        Verb.RELAY,
        Verb.RECALL,
        Verb.RELEASE,
        Verb.REQUEST_EXTENSION,
        Verb.RULE_ON_EXTENSION,
        Verb.RESUME,
        Verb.UNMERGE,
    }
)
"""By these a ticket gets on, or meets what is seldom met."""
ASIDE = frozenset({Verb.SUSPEND, Verb.ASSIST, Verb.REWORK, Verb.CLOSE, Verb.ANSWER_ORDER, Verb.MERGE})
"""Worth a try more often than the rest, which is open almost always, or after which little is left to try."""


def weight(verb: Verb) -> int:
    """How often a verb is tried when it is open."""
    return 30 if verb in ONWARD else 6 if verb in ASIDE else 1
