"""One whole ticket: its row, the thread, the units' parts, clocks, rulings and the asker's own draft."""

from datetime import datetime
from typing import Any

from django.db.models import Manager
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hotline.api.alarms import AlarmOut
from hotline.api.clocks import ClockOut, shown_clocks
from hotline.api.endings import ChildOut, FollowUpOut, RatingOut, SetAsideOut
from hotline.api.orders import ConsultationOut, ExtensionOut, SupervisionOut, SuspensionOut, listed_label
from hotline.api.promises import PromiseOut
from hotline.api.rows import TicketRow, UnitOut
from hotline.api.thread import AttachmentOut, MessageOut
from hotline.people.masking import mask_phone
from hotline.tickets import access, clock, files, queries, reach
from hotline.tickets.models import Assignment, Clock, List, ReturnRequest, Ticket


class AssignmentOut(serializers.Serializer[Assignment]):
    """One unit's part."""

    id = serializers.IntegerField()
    department = serializers.CharField(source="department.code")
    department_name = serializers.CharField(source="department.name")
    role = serializers.ChoiceField(Assignment.Role.choices)
    state = serializers.ChoiceField(Assignment.State.choices)
    passed_from = serializers.CharField(source="passed_from.department.code", default=None, allow_null=True)
    passed_from_name = serializers.CharField(source="passed_from.department.name", default=None, allow_null=True)
    dispatched_at = serializers.DateTimeField()
    signed_at = serializers.DateTimeField(allow_null=True)
    auto_signed = serializers.BooleanField()
    contacted_at = serializers.DateTimeField(allow_null=True)
    contacted_whom = serializers.CharField()
    contacted_number = serializers.SerializerMethodField()
    answered_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.SerializerMethodField()
    public_answer = serializers.CharField()
    internal_answer = serializers.CharField()
    solved = serializers.BooleanField(allow_null=True)

    def get_contacted_number(self, part: Assignment) -> str:
        """The number by which the citizen was reached, masked; empty on a protected ticket."""
        return "" if self.context["ticket"].confidential else mask_phone(part.contacted_number)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_due_at(self, part: Assignment) -> Any:
        """When this unit's answer is due; null once it has answered."""
        running = self.context["ticket"].running
        return next((d.due_at for d in running if d.assignment_id == part.pk and d.clock == Clock.ANSWER), None)


class ReturnOut(serializers.Serializer[ReturnRequest]):
    """A return and its ruling; `upheld` is null until there is one."""

    id = serializers.IntegerField()
    department = serializers.CharField(source="assignment.department.code")
    department_name = serializers.CharField(source="assignment.department.name")
    reason = serializers.CharField()
    reason_label = serializers.SerializerMethodField()
    basis = serializers.CharField()
    proposed_department = serializers.CharField(source="proposed.code", default=None, allow_null=True)
    proposed_department_name = serializers.CharField(source="proposed.name", default=None, allow_null=True)
    note = serializers.CharField()
    at = serializers.DateTimeField(source="requested_at")
    upheld = serializers.BooleanField(allow_null=True)
    ruled_at = serializers.DateTimeField(allow_null=True)
    ruling_note = serializers.CharField()

    def get_reason_label(self, request: ReturnRequest) -> str:
        """The reason in words."""
        return listed_label(self.context, List.RETURN, request.reason)


class ReplyChannelOut(serializers.Serializer[reach.ReplyChannel]):
    """Where words to the citizen go, and whether they would arrive now."""

    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    can_push = serializers.BooleanField()
    window_ends_at = serializers.DateTimeField(allow_null=True)
    max_text = serializers.IntegerField(allow_null=True)
    note = serializers.CharField()


class DraftIn(serializers.Serializer[Any]):
    """What is being typed about a ticket and not sent yet."""

    reply = serializers.CharField(required=False, allow_blank=True, max_length=10_000, trim_whitespace=False)
    answer = serializers.CharField(required=False, allow_blank=True, max_length=20_000, trim_whitespace=False)
    fields = serializers.DictField(required=False)  # type: ignore[assignment]


class TicketDetail(TicketRow):
    """One ticket with everything that its page shows."""

    messages = serializers.SerializerMethodField()
    attachments = serializers.SerializerMethodField()
    assignments = serializers.SerializerMethodField()
    clocks = serializers.SerializerMethodField()
    rating = serializers.SerializerMethodField()
    followups = serializers.SerializerMethodField()
    returns = ReturnOut(source="returns.all", many=True)
    extensions = ExtensionOut(source="extensions.all", many=True)
    suspensions = SuspensionOut(source="suspensions.all", many=True)
    consultation = serializers.SerializerMethodField()
    supervisions = SupervisionOut(source="supervisions.all", many=True)
    urgings = serializers.IntegerField()
    last_urged_at = serializers.DateTimeField(allow_null=True)
    draft = serializers.SerializerMethodField()
    reply_channel = serializers.SerializerMethodField()
    merged_into = serializers.CharField(source="merged_into.number", default=None, allow_null=True)
    accused = UnitOut(many=True, source="accused.all")
    recall_until = serializers.SerializerMethodField()
    returns_final = serializers.BooleanField()
    rounds = serializers.IntegerField()
    children = serializers.SerializerMethodField()
    split_from = serializers.CharField(source="split_from.number", default=None, allow_null=True)
    split_off = serializers.SerializerMethodField()
    set_asides = SetAsideOut(source="set_asides.all", many=True)
    alarms = serializers.SerializerMethodField()
    promises = PromiseOut(source="promises.all", many=True)
    related = serializers.SerializerMethodField()

    def get_recall_until(self, ticket: Ticket) -> datetime | None:
        """Until when an automatic dispatch can be taken back even if a unit has signed; null otherwise."""
        until = ticket.recall_until
        return timezone.localtime(until) if until and until > clock.now() else None

    @extend_schema_field(MessageOut(many=True))
    def get_messages(self, ticket: Ticket) -> Any:
        """The thread, oldest first; without what was said at 回访 for those whom it may be about."""
        said = [message for message in ticket.messages.all() if access.reads(self.asker.staff, message)]
        return MessageOut(said, many=True, context=self._of(ticket)).data  # type: ignore[arg-type]

    @extend_schema_field(AttachmentOut(many=True))
    def get_attachments(self, ticket: Ticket) -> Any:
        """The files that the asker may open: what the citizen sent, and the units' evidence."""
        shown = [a for a in ticket.attachments.all() if files.may_open(self.asker.staff, ticket, a)]
        return AttachmentOut(shown, many=True, context=self._of(ticket)).data  # type: ignore[arg-type]

    @extend_schema_field(AssignmentOut(many=True))
    def get_assignments(self, ticket: Ticket) -> Any:
        """Each unit's part, in the order of dispatch."""
        return AssignmentOut(ticket.assignments.all(), many=True, context=self._of(ticket)).data  # type: ignore[arg-type]

    @extend_schema_field(ClockOut(many=True))
    def get_clocks(self, ticket: Ticket) -> Any:
        """The clocks that run now."""
        return ClockOut(shown_clocks(ticket, self.asker), many=True, context=self.context).data  # type: ignore[arg-type]

    @extend_schema_field(RatingOut(allow_null=True))
    def get_rating(self, ticket: Ticket) -> Any:
        """The rating of the latest round that was rated."""
        counting = [rating for rating in ticket.ratings.all() if rating.counts]
        if not counting:
            return None
        return RatingOut(max(counting, key=lambda rating: rating.round), context=self._of(ticket)).data

    @extend_schema_field(FollowUpOut(many=True))
    def get_followups(self, ticket: Ticket) -> Any:
        """The call-backs, oldest first."""
        return FollowUpOut(ticket.follow_ups.all(), many=True, context=self._of(ticket)).data  # type: ignore[arg-type]

    @extend_schema_field(ChildOut(many=True))
    def get_children(self, ticket: Ticket) -> Any:
        """The tickets merged into this one; a unit knows how many, since reporters are not its to know."""
        return self._others(ticket.merged_children)

    @extend_schema_field(ChildOut(many=True))
    def get_split_off(self, ticket: Ticket) -> Any:
        """The further matters of the same request, which are not this unit's."""
        return self._others(ticket.split_off)

    def _others(self, tickets: Manager[Ticket]) -> Any:
        seen = list(tickets.all()) if self.asker.staff.role in access.SEES_ALL else []
        return ChildOut(seen, many=True).data  # type: ignore[arg-type]

    @extend_schema_field(ConsultationOut(allow_null=True))
    def get_consultation(self, ticket: Ticket) -> Any:
        """The consultation about whose the ticket is, once there was one."""
        found = next(iter(ticket.consultations.all()), None)
        return ConsultationOut(found, context=self.context).data if found else None

    @extend_schema_field(DraftIn(allow_null=True))
    def get_draft(self, ticket: Ticket) -> Any:
        """The asker's own, never another's."""
        drafts = ticket.own_drafts  # type: ignore[attr-defined]  # by queries.whole
        return drafts[0].data if drafts else None

    @extend_schema_field(ReplyChannelOut(allow_null=True))
    def get_reply_channel(self, ticket: Ticket) -> Any:
        """How words written now would reach the citizen."""
        return ReplyChannelOut(reach.reply_channel(ticket.contact)).data

    @extend_schema_field(AlarmOut(many=True))
    def get_alarms(self, ticket: Ticket) -> Any:
        """Danger heard in the citizen's words; for the hotline's own people."""
        heard = ticket.alarms.all() if access.speaks_with_citizen(self.asker.staff) else []
        return AlarmOut(heard, many=True, context=self.context).data  # type: ignore[arg-type]

    @extend_schema_field(TicketRow(many=True))
    def get_related(self, ticket: Ticket) -> Any:
        """The same citizen's other tickets."""
        others = queries.related_to(ticket, self.asker.staff)
        return TicketRow(others, many=True, context=self.context).data  # type: ignore[arg-type]

    def _of(self, ticket: Ticket) -> dict[str, Any]:
        return {**self.context, "ticket": ticket, "number": ticket.number}
