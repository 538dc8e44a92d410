"""VERBS: for each verb of the interface the body it takes and the chapter of the story that it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from hotline.api import bodies
from hotline.people.models import Staff
from hotline.tickets import (
    access,
    actors,
    alarms,
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
from hotline.tickets.errors import InvalidFields
from hotline.tickets.models import List, ListEntry, Ticket
from hotline.tickets.states import Verb

Fields = dict[str, Any]
"""A validated body: rows instead of codes, `version` among them."""


@dataclass(frozen=True, slots=True)
class Act:
    """`prepare` turns the body's fields into the arguments of `do`, beside ticket and actor."""

    body: type[serializers.Serializer[Any]]
    do: Callable[..., Any]
    prepare: Callable[[Ticket, Staff, Fields], Fields] = lambda ticket, staff, fields: fields


def act(verb: Verb, ticket: Ticket, staff: Staff, fields: Fields) -> None:
    """Do `verb`; raises the errors of hotline.tickets.errors."""
    chosen = VERBS[verb]
    arguments = chosen.prepare(ticket, staff, fields)
    chosen.do(ticket=ticket, by=actors.staff(staff), **arguments)


def _record_fields(ticket: Ticket, staff: Staff, fields: Fields) -> Fields:
    place = fields.pop("place", None) or {}
    if "address" in place:
        place["address"] = place["address"] or ""
    if "type" in fields:
        fields["type"] = fields["type"] or ""
    return {**fields, **place}


def _assisting(ticket: Ticket, staff: Staff, fields: Fields) -> Fields:
    return {**fields, "assisting": tuple(fields.get("assisting", ()))}


def _return(ticket: Ticket, staff: Staff, fields: Fields) -> Fields:
    proposed = fields.pop("proposed_department", None)
    return {**fields, "proposed": proposed}


def _refuse(ticket: Ticket, staff: Staff, fields: Fields) -> Fields:
    """A listed reason brings its words and its door; where none is listed, both must be written."""
    entry = ListEntry.objects.in_force(List.REFUSAL).filter(code=fields.get("code", "")).first()
    reason = fields.get("reason") or (entry.name if entry else "")
    door = fields.get("door") or (entry.door if entry else "")
    missing = {name: [_("This field is required.")] for name, said in (("reason", reason), ("door", door)) if not said}
    if missing:
        raise InvalidFields(missing)
    return {**fields, "reason": reason, "door": door}


def _split(ticket: Ticket, staff: Staff, fields: Fields) -> Fields:
    return {"version": fields["version"], "pieces": [merging.Piece(**piece) for piece in fields["parts"]]}


def _merge(ticket: Ticket, staff: Staff, fields: Fields) -> Fields:
    into = access.visible_to(staff).filter(number=fields["into"]).first()
    if into is None:
        raise InvalidFields({"into": [_("There is no such ticket.")]})
    return {**fields, "into": into}


VERBS: dict[Verb, Act] = {
    Verb.ACCEPT: Act(bodies.FieldsBody, lifecycle.accept, _record_fields),
    Verb.EDIT: Act(bodies.FieldsBody, lifecycle.edit, _record_fields),
    Verb.REPLY: Act(bodies.ReplyBody, lifecycle.reply),
    Verb.REQUEST_INFO: Act(bodies.QuestionBody, lifecycle.request_info),
    Verb.REFUSE: Act(bodies.RefuseBody, lifecycle.refuse, _refuse),
    Verb.EMERGENCY: Act(bodies.EmergencyBody, lifecycle.emergency),
    Verb.ANSWER_DIRECTLY: Act(bodies.PublicBody, lifecycle.answer_directly),
    Verb.DISPATCH: Act(bodies.DispatchBody, lifecycle.dispatch_to, _assisting),
    Verb.RECALL: Act(bodies.NoteBody, levels.recall),
    Verb.ASSIST: Act(bodies.AssistBody, levels.assist, _assisting),
    Verb.RELEASE: Act(bodies.UnitBody, levels.release),
    Verb.PASS_DOWN: Act(bodies.UnitBody, levels.pass_down),
    Verb.PASS_UP: Act(bodies.NoteNeededBody, levels.pass_up),
    Verb.RELAY: Act(bodies.ReplyBody, confiding.relay),
    Verb.RECUSE: Act(bodies.RecuseBody, confiding.recuse),
    Verb.SIGN: Act(bodies.Body, lifecycle.sign_for),
    Verb.CONTACT: Act(bodies.ContactBody, lifecycle.contact),
    Verb.RETURN: Act(bodies.ReturnBody, returns.request_return, _return),
    Verb.RULE_ON_RETURN: Act(bodies.ReturnRulingBody, returns.rule_on_return),
    Verb.OPINE: Act(bodies.OpinionBody, returns.opine),
    Verb.REQUEST_EXTENSION: Act(bodies.ExtensionBody, pauses.request_extension),
    Verb.RULE_ON_EXTENSION: Act(bodies.ExtensionRulingBody, pauses.rule_on_extension),
    Verb.SUSPEND: Act(bodies.SuspensionBody, pauses.suspend),
    Verb.RESUME: Act(bodies.Body, pauses.resume),
    Verb.ANSWER: Act(bodies.AnswerBody, lifecycle.answer),
    Verb.REVIEW: Act(bodies.ReviewBody, closing.review),
    Verb.FOLLOW_UP: Act(bodies.FollowUpBody, closing.follow_up),
    Verb.REWORK: Act(bodies.NoteNeededBody, closing.rework),
    Verb.CLOSE: Act(bodies.NoteBody, closing.close),
    Verb.ARCHIVE: Act(bodies.NoteBody, closing.archive),
    Verb.MERGE: Act(bodies.MergeBody, merging.merge, _merge),
    Verb.UNMERGE: Act(bodies.NoteBody, merging.unmerge),
    Verb.SPLIT: Act(bodies.SplitBody, merging.split, _split),
    Verb.SET_ASIDE: Act(bodies.SetAsideBody, setting_aside.ask),
    Verb.RULE_ON_SET_ASIDE: Act(bodies.SetAsideRulingBody, setting_aside.rule),
    Verb.URGE: Act(bodies.NoteNeededBody, supervision.urge),
    Verb.SUPERVISE: Act(bodies.SuperviseBody, supervision.supervise),
    Verb.ANSWER_ORDER: Act(bodies.OpinionBody, supervision.answer_order),
    Verb.END_SUPERVISION: Act(bodies.NoteNeededBody, supervision.end_supervision),
    Verb.SEE_ALARM: Act(bodies.AlarmsBody, alarms.see),
    Verb.SETTLE_PROMISE: Act(bodies.PromiseBody, promising.settle),
    Verb.NOTE: Act(bodies.ReplyBody, lifecycle.note),
    Verb.WITHDRAW: Act(bodies.NoteBody, closing.withdraw),
}
