"""VERBS: for each verb of the interface the body it takes and the chapter of the story that it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from dispatch import terms
from hotline.api import bodies
from hotline.people.models import Staff
from hotline.tickets import access, actors, clock, lifecycle, sidepaths
from hotline.tickets.errors import InvalidFields
from hotline.tickets.models import Ticket
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


def _with_limits(ticket: Ticket, staff: Staff, fields: Fields) -> Fields:
    fields["assisting"] = tuple(fields.get("assisting", ()))
    return {**fields, "limits": terms.limits_for(ticket, clock.now())}


def _return(ticket: Ticket, staff: Staff, fields: Fields) -> Fields:
    proposed = fields.pop("proposed_department", None)
    return {**fields, "proposed": proposed}


def _return_ruling(ticket: Ticket, staff: Staff, fields: Fields) -> Fields:
    moves_on = fields["upheld"] and fields.get("department")
    return {**fields, "limits": terms.limits_for(ticket, clock.now()) if moves_on else None}


def _extension_ruling(ticket: Ticket, staff: Staff, fields: Fields) -> Fields:
    asked = next((request for request in ticket.extensions.all() if request.granted is None), None)
    if not fields["granted"] or asked is None or ticket.due_at is None:
        return fields
    days = fields.get("working_days") or asked.working_days
    return {**fields, "working_days": days, "due_at": terms.extended(ticket.due_at, days)}


def _rework(ticket: Ticket, staff: Staff, fields: Fields) -> Fields:
    return {**fields, "due_at": terms.rework_limit(ticket, clock.now()) if ticket.department_id else None}


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
    Verb.REFUSE: Act(bodies.RefuseBody, lifecycle.refuse),
    Verb.EMERGENCY: Act(bodies.EmergencyBody, lifecycle.emergency),
    Verb.ANSWER_DIRECTLY: Act(bodies.PublicBody, lifecycle.answer_directly),
    Verb.DISPATCH: Act(bodies.DispatchBody, lifecycle.dispatch_to, _with_limits),
    Verb.SIGN: Act(bodies.Body, lifecycle.sign_for),
    Verb.CONTACT: Act(bodies.ContactBody, lifecycle.contact),
    Verb.RETURN: Act(bodies.ReturnBody, sidepaths.request_return, _return),
    Verb.RULE_ON_RETURN: Act(bodies.ReturnRulingBody, sidepaths.rule_on_return, _return_ruling),
    Verb.REQUEST_EXTENSION: Act(bodies.ExtensionBody, sidepaths.request_extension),
    Verb.RULE_ON_EXTENSION: Act(bodies.ExtensionRulingBody, sidepaths.rule_on_extension, _extension_ruling),
    Verb.SUSPEND: Act(bodies.ReasonBody, sidepaths.suspend),
    Verb.RESUME: Act(bodies.Body, sidepaths.resume),
    Verb.ANSWER: Act(bodies.AnswerBody, lifecycle.answer),
    Verb.REVIEW: Act(bodies.ReviewBody, lifecycle.review),
    Verb.FOLLOW_UP: Act(bodies.FollowUpBody, lifecycle.follow_up),
    Verb.REWORK: Act(bodies.NoteNeededBody, lifecycle.rework, _rework),
    Verb.CLOSE: Act(bodies.NoteBody, lifecycle.close),
    Verb.ARCHIVE: Act(bodies.NoteBody, lifecycle.archive),
    Verb.MERGE: Act(bodies.MergeBody, sidepaths.merge, _merge),
    Verb.URGE: Act(bodies.NoteNeededBody, sidepaths.urge),
    Verb.SUPERVISE: Act(bodies.SuperviseBody, sidepaths.supervise),
    Verb.NOTE: Act(bodies.ReplyBody, lifecycle.note),
    Verb.WITHDRAW: Act(bodies.NoteBody, lifecycle.withdraw),
}
