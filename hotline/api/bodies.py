"""What the body of each verb holds; every one carries the `version` that the asker read."""

from typing import Any

from rest_framework import serializers

from hotline.api.fields import Listed, past_moment, unit, words, yes_or_no
from hotline.people.models import Area
from hotline.tickets.models import List, Matter, RequestType, Ticket, UrgencyLevel


class Body(serializers.Serializer[Any]):
    """A verb without fields of its own."""

    version = serializers.IntegerField(min_value=1)


class AlarmsBody(serializers.Serializer[Any]):
    """Which alarms were seen; no version, since it changes nothing that others may have read."""

    alarms = serializers.ListField(child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=100)


class PromiseBody(serializers.Serializer[Any]):
    """Whether a promise was kept."""

    promise = serializers.IntegerField(min_value=1)
    kept = serializers.BooleanField()
    note = words(required=False)


class PlaceBody(serializers.Serializer[Any]):
    """Where it is."""

    area = serializers.SlugRelatedField(slug_field="code", queryset=Area.objects.all(), required=False, allow_null=True)
    address = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=200)
    lat = serializers.FloatField(required=False, allow_null=True, min_value=-90, max_value=90)
    lng = serializers.FloatField(required=False, allow_null=True, min_value=-180, max_value=180)


class FieldsBody(Body):
    """The fields of the record that the desk may put right; those left out stay as they are."""

    type = serializers.ChoiceField(RequestType.choices, required=False, allow_blank=True, allow_null=True)
    matter = serializers.SlugRelatedField(
        slug_field="code", queryset=Matter.objects.in_use(), required=False, allow_null=True
    )
    title = words(required=False, longest=80)
    summary = words(required=False, longest=300)
    place = PlaceBody(required=False, allow_null=True)
    urgency = serializers.ChoiceField(UrgencyLevel.choices, required=False)
    confidential = serializers.BooleanField(required=False)
    enterprise = serializers.BooleanField(required=False)
    accused = unit(many=True, required=False)


class DispatchBody(Body):
    """To which units."""

    department = unit()
    assisting = unit(many=True, required=False)
    note = words(required=False)


class AssistBody(Body):
    """Which further units assist."""

    assisting = unit(many=True)
    note = words(required=False)


class UnitBody(Body):
    """Which unit: the one released, or the one below that is passed the part."""

    department = unit()
    note = words(required=False)


class RecuseBody(Body):
    """What the conflict of interest is."""

    reason = words(longest=200)


class ReplyBody(Body):
    """Words to the citizen, or an internal note."""

    text = words()


class QuestionBody(Body):
    """What the citizen is asked."""

    question = words(longest=1000)


class RefuseBody(Body):
    """Why not here, and which door is the right one; a listed `code` says both, other words take their place."""

    code = Listed(List.REFUSAL, required=False)
    reason = words(required=False, longest=200)
    door = words(required=False, longest=200)


class EmergencyBody(Body):
    """Which service took it."""

    service = Listed(List.EMERGENCY)
    reference = words(required=False, longest=80)
    note = words(required=False)


class PublicBody(Body):
    """The answer that the citizen reads."""

    public = words()


class ContactedBody(serializers.Serializer[Any]):
    """Whom the unit spoke with, when, and by which number; the number is kept sealed and shown masked."""

    whom = words(longest=40)
    at = past_moment()
    number = words(required=False, longest=40)


class ContactBody(Body):
    """A contact with the citizen; without `at` it was now."""

    whom = words(longest=40)
    at = past_moment(required=False)
    number = words(required=False, longest=40)


class AnswerBody(Body):
    """The unit's answer: public and internal part."""

    public = words()
    internal = words(required=False)
    solved = yes_or_no(required=False)
    contacted = ContactedBody(required=False, allow_null=True)


class ReturnBody(Body):
    """Why it is not this unit's duty, by what rule, and whose it is instead."""

    reason = Listed(List.RETURN)
    basis = words()
    proposed_department = unit(required=False)
    note = words(required=False)


class ReturnRulingBody(Body):
    """Upheld moves it to `department`, or back to the desk without one."""

    upheld = yes_or_no()
    department = unit(required=False)
    note = words(required=False)


class ExtensionBody(Body):
    """How much longer, and why."""

    working_days = serializers.IntegerField(min_value=1, max_value=250)
    code = Listed(List.EXTENSION, required=False)
    reason = words()


class ExtensionRulingBody(Body):
    """Granted for `working_days`, or for those asked for."""

    granted = yes_or_no()
    working_days = serializers.IntegerField(min_value=1, max_value=250, required=False, allow_null=True)
    note = words(required=False)


class SuspensionBody(Body):
    """Why the clocks stand still, and until when if that is known."""

    code = Listed(List.SUSPENSION, required=False)
    reason = words()
    until = serializers.DateTimeField(required=False, allow_null=True)


class ReviewBody(Body):
    """Whether the answer is good; a poor one needs a note."""

    approved = yes_or_no()
    note = words(required=False)


class FollowUpBody(Body):
    """What the call-back brought."""

    reached = yes_or_no()
    solved = yes_or_no(required=False)
    satisfied = serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True)
    note = words(required=False)


class MergeBody(Body):
    """The number of the ticket that goes on."""

    into = serializers.CharField(max_length=Ticket._meta.get_field("number").max_length)


class PieceBody(serializers.Serializer[Any]):
    """A further matter of the same request."""

    text = words()
    title = words(required=False, longest=80)
    type = serializers.ChoiceField(RequestType.choices, required=False, allow_blank=True)
    matter = serializers.SlugRelatedField(
        slug_field="code", queryset=Matter.objects.in_use(), required=False, allow_null=True
    )


class SplitBody(Body):
    """Each further matter becomes a ticket of its own."""

    parts = PieceBody(many=True, allow_empty=False, max_length=10)  # type: ignore[call-arg]


class SetAsideBody(Body):
    """By which listed reason the ticket should not count, and why it applies."""

    code = Listed(List.SET_ASIDE)
    note = words()


class SetAsideRulingBody(Body):
    """Whether it does not count; a refusal needs a note."""

    approved = yes_or_no()
    note = words(required=False)


class SuperviseBody(Body):
    """How strong an order."""

    level = serializers.IntegerField(min_value=1, max_value=9)
    note = words()


class OpinionBody(Body):
    """What a unit says in a consultation, or in reply to a supervision order."""

    text = words()


class NoteBody(Body):
    """With a note if there is something to say."""

    note = words(required=False)


class NoteNeededBody(Body):
    """Not without a word why."""

    note = words()
