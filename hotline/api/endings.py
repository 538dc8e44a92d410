"""How a ticket ends, as its page shows it: call-backs, the rating, merges and splits, setting aside."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hotline.api.orders import listed_label
from hotline.people.roles import HOTLINE_ROLES
from hotline.tickets import access
from hotline.tickets.models import FollowUp, List, Rating, SetAside, Ticket
from hotline.tickets.states import State


def hears_words(context: Mapping[str, Any], ticket: Ticket) -> bool:
    """Whether the asker may read what a rater said: units must not learn it where the citizen is protected."""
    return not access.hides_citizen(context["asker"].staff, ticket)


class FollowUpOut(serializers.Serializer[FollowUp]):
    """A call-back."""

    reached = serializers.BooleanField()
    solved = serializers.BooleanField(allow_null=True)
    satisfied = serializers.IntegerField(allow_null=True)
    note = serializers.SerializerMethodField()
    by_name = serializers.CharField(source="by.__str__")
    at = serializers.DateTimeField()

    def get_note(self, call: FollowUp) -> str:
        """What was said; empty where the asker may not know."""
        return call.note if hears_words(self.context, self.context["ticket"]) else ""


class RatingOut(serializers.Serializer[Rating]):
    """The rating that counts; who gave it is never shown, and a unit does not learn on which channel."""

    score = serializers.IntegerField(source="satisfied")
    label = serializers.CharField(source="get_satisfied_display")  # type: ignore[assignment]
    note = serializers.SerializerMethodField()
    solved = serializers.BooleanField(allow_null=True)
    channel = serializers.SerializerMethodField()
    amendments = serializers.SerializerMethodField()
    at = serializers.DateTimeField()

    def get_note(self, rating: Rating) -> str:
        """The rater's words; empty where the asker may not know."""
        hidden = rating.protected and self.context["asker"].staff.role not in HOTLINE_ROLES
        return rating.words if hears_words(self.context, self.context["ticket"]) and not hidden else ""

    def get_channel(self, rating: Rating) -> str:
        """How it came in; empty outside the hotline centre."""
        return rating.channel if self.context["asker"].staff.role in HOTLINE_ROLES else ""

    def get_amendments(self, rating: Rating) -> int:
        """How many later ratings of the same answer were kept beside it."""
        return sum(r.round == rating.round and not r.counts for r in self.context["ticket"].ratings.all())


class ChildOut(serializers.Serializer[Ticket]):
    """A ticket merged into this one, or split off it."""

    number = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    channel = serializers.CharField()
    state = serializers.ChoiceField(State.choices)
    state_label = serializers.CharField(source="get_state_display")
    created_at = serializers.DateTimeField()
    merged_at = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_merged_at(self, child: Ticket) -> Any:
        """When it was merged; null for what was split off."""
        return child.closed_at if child.state == State.MERGED else None


class SetAsideOut(serializers.Serializer[SetAside]):
    """A request not to count the ticket, and its ruling; `approved` is null until there is one."""

    code = serializers.CharField()
    code_label = serializers.SerializerMethodField()
    note = serializers.CharField()
    requested_by = serializers.CharField(source="requested_by.__str__")
    requested_at = serializers.DateTimeField()
    approved = serializers.BooleanField(allow_null=True)
    ruled_by = serializers.SerializerMethodField()
    ruled_at = serializers.DateTimeField(allow_null=True)
    ruling_note = serializers.CharField()

    def get_code_label(self, request: SetAside) -> str:
        """The reason in words."""
        return listed_label(self.context, List.SET_ASIDE, request.code)

    def get_ruled_by(self, request: SetAside) -> str:
        """The second person; empty until there is one."""
        return str(request.ruled_by) if request.ruled_by else ""
