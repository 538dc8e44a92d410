"""What the body of each verb holds; every one carries the `version` that the asker read."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from hotline.people.models import Area, Department
from hotline.tickets import clock
from hotline.tickets.models import List, ListEntry, Matter, RequestType, Ticket, UrgencyLevel

LONG = 10_000
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""A moment much before cannot be read again by Python once PostgreSQL has kept it."""
FAST = timedelta(minutes=1)


def words(*, required: bool = True, longest: int = LONG) -> serializers.CharField:
    """A sentence or more; when it may be absent it may be empty too."""
    return serializers.CharField(required=required, allow_blank=not required, max_length=longest)


def unit(*, required: bool = True, many: bool = False) -> Any:
    """A unit that takes tickets, named by its code."""
    units = Department.objects.filter(active=True)
    absent: dict[str, Any] = {} if required or many else {"allow_null": True}
    return serializers.SlugRelatedField(slug_field="code", queryset=units, required=required, many=many, **absent)


def yes_or_no(*, required: bool = True) -> serializers.BooleanField:
    """True, false, or null when it may be absent."""
    return serializers.BooleanField(required=required, allow_null=not required)


def past_moment(*, required: bool = True) -> serializers.DateTimeField:
    """When something was done; a clock that goes a little fast is forgiven."""
    not_later = MaxValueValidator(lambda: clock.now() + FAST, message=_("This moment has not come yet."))
    bounds: list[Any] = [MinValueValidator(EARLIEST), not_later]
    return serializers.DateTimeField(required=required, allow_null=not required, validators=bounds)


class Listed(serializers.SlugRelatedField[Any]):
    """The code of an entry of a closed list, in force today; what is handed on is the code."""

    def __init__(self, which: List, **options: Any) -> None:
        super().__init__(slug_field="code", queryset=ListEntry.objects.all(), **options)
        self.which = which

    def get_queryset(self) -> Any:
        """Only what may be chosen today."""
        return ListEntry.objects.in_force(self.which)

    def to_internal_value(self, data: Any) -> str:
        """The code, once it is known to stand in the list."""
        return str(super().to_internal_value(data).code)


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
    """Whom the unit spoke with and when; the number dialled is not kept."""

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
