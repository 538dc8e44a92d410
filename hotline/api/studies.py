"""Studies of a past period: hot issues of the city's own tickets, and replays of a change nobody has made yet."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.models import Study
from dispatch.studies import asking, replayed
from hotline.api.base import Base, Decides, SeesAll, decides, reader
from hotline.api.rates import EARLIEST_DAY, LATEST_DAY
from hotline.api.schema import PROBLEM, page_of
from hotline.people.models import Department, Staff
from hotline.tickets import access, confiding
from hotline.tickets.models import Clock

LISTED = 20
LONGEST = timedelta(days=92)
"""A quarter: what is compared grows faster than the period."""


class StudyRow(serializers.ModelSerializer[Study]):
    """A study that waits, runs or ran; `by` null is the night, `title` the change that was tried."""

    by: Any = serializers.StringRelatedField()
    tries = serializers.SerializerMethodField()

    class Meta:
        model = Study
        fields: tuple[str, ...] = (
            *("id", "kind", "since", "until", "tries", "title", "state"),
            *("done", "steps", "by", "asked_at", "ended_at", "error"),
        )

    def get_tries(self, study: Study) -> str:
        """What kind of change: a model's name, catalogue or rule_change; empty where none is tried."""
        models = study.change.get("models", {})
        return next(iter(models or study.change), "")


class StudyOut(StudyRow):
    """The same with what it found: of each ticket number and title, where the asker may see it."""

    found = serializers.SerializerMethodField()

    class Meta(StudyRow.Meta):
        fields = (*StudyRow.Meta.fields, "found")

    def get_found(self, study: Study) -> dict[str, Any] | None:
        """Null until it has ended well."""
        if study.found is None:
            return None
        titles = _titles(study.found, reader(self.context["request"]))
        return _told(study.found, titles, _names(study.found))


def _titles(found: dict[str, Any], staff: Staff) -> dict[str, str]:
    """By number, of the tickets that the asker may see, as they may see them. One query."""
    rows = [*found.get("issues", ()), *found.get("moves", ())]
    numbers = {number for row in rows for number in row["numbers"]} | {row["number"] for row in found.get("limits", ())}
    tickets = access.visible_to(staff).filter(number__in=numbers).select_related("citizen")
    return {ticket.number: confiding.veiled(ticket.title, staff, ticket) for ticket in tickets}


def _names(found: dict[str, Any]) -> dict[str, str]:
    """What the units are called. One query."""
    codes = {row[side] for row in found.get("moves", ()) for side in ("before", "after")}
    codes |= {row["unit"] for row in [*found.get("gained", ()), *found.get("limits", ())]}
    return dict(Department.objects.filter(code__in=codes).values_list("code", "name"))


def _told(found: dict[str, Any], titles: dict[str, str], names: dict[str, str]) -> dict[str, Any]:
    shown = dict(found)
    for kind in ("issues", "moves"):
        if kind in found:
            shown[kind] = [{**row, "tickets": _tickets(row.pop("numbers"), titles)} for row in map(dict, found[kind])]
    if "issues" in found:  # one whose tickets the asker may not see has no name for them either
        shown["issues"] = [row for row in shown["issues"] if row["tickets"]]
    for move in shown.get("moves", ()):
        move |= {f"{side}_name": names.get(move[side], move[side]) for side in ("before", "after")}
    if "gained" in found:
        shown["gained"] = [{**row, "name": names.get(row["unit"], row["unit"])} for row in found["gained"]]
    if "limits" in found:
        shown["limits"] = [_limit(row, titles, names) for row in found["limits"] if row["number"] in titles]
    return shown


def _tickets(numbers: Iterable[str], titles: dict[str, str]) -> list[dict[str, str]]:
    return [{"number": number, "title": titles[number]} for number in numbers if number in titles]


def _limit(row: dict[str, Any], titles: dict[str, str], names: dict[str, str]) -> dict[str, Any]:
    unit = names.get(row["unit"], row["unit"])
    return {**row, "title": titles[row["number"]], "unit_name": unit, "clock_label": str(Clock(row["clock"]).label)}


class StudiesOut(serializers.Serializer[Any]):
    """The newest studies of a kind; `may_ask`: the asker may have another one worked out."""

    results = StudyRow(many=True)
    next = serializers.CharField(allow_null=True)
    may_ask = serializers.BooleanField()


class StudiesAsked(serializers.Serializer[Any]):
    """Of which kind."""

    kind = serializers.ChoiceField(Study.Kind.choices)


class Studies(Base):
    """GET /studies?kind."""

    permission_classes = [SeesAll]

    @extend_schema(
        operation_id="studies_list",
        parameters=[StudiesAsked],
        responses={200: StudiesOut, 403: PROBLEM, 422: PROBLEM},
    )
    def get(self, request: Request) -> Response:
        """The newest first."""
        asked = StudiesAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        rows = Study.objects.filter(kind=asked.validated_data["kind"]).select_related("by").defer("found")[:LISTED]
        may_ask = decides(reader(request))
        return Response(StudiesOut({"results": rows, "next": None, "may_ask": may_ask}).data)


class OneStudy(Base):
    """GET /studies/{id}."""

    permission_classes = [SeesAll]

    @extend_schema(responses={200: StudyOut, 403: PROBLEM, 404: PROBLEM})
    def get(self, request: Request, pk: int) -> Response:
        """How far it is, or what it found."""
        study = get_object_or_404(Study.objects.select_related("by"), pk=pk)
        return Response(StudyOut(study, context={"request": request}).data)


class ReplayChoiceOut(serializers.Serializer[Any]):
    """Something that can be tried; `change` is given back as it is."""

    kind = serializers.CharField()
    title = serializers.CharField()
    change = serializers.JSONField()


class ReplayChoices(Base):
    """GET /studies/replay/changes."""

    permission_classes = [SeesAll]

    @extend_schema(responses={200: page_of(ReplayChoiceOut), 403: PROBLEM})
    def get(self, request: Request) -> Response:
        """Versions of models, uploaded catalogues that were not applied, proposed changes of rules."""
        return Response({"results": ReplayChoiceOut(replayed.choices(), many=True).data, "next": None})


class PeriodBody(serializers.Serializer[Any]):
    """The days, both included."""

    since = serializers.DateField()
    until = serializers.DateField()

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        """In order, and not too many."""
        since, until = said["since"], said["until"]
        if not EARLIEST_DAY <= since <= until <= LATEST_DAY:
            raise serializers.ValidationError({"until": [_("The period ends before it begins.")]})
        if until - since >= LONGEST:
            raise serializers.ValidationError({"until": [_("A quarter at most.")]})
        return said


class ReplayBody(PeriodBody):
    """The change is one of those offered."""

    change = serializers.JSONField()

    def validate_change(self, change: Any) -> dict[str, Any]:
        """As it was offered, with its title."""
        found = next((row for row in replayed.choices() if row["change"] == change), None)
        if found is None:
            raise serializers.ValidationError([_("This change cannot be tried any more.")])
        return found


class AskForHotIssues(Base):
    """POST /studies/hot-issues."""

    permission_classes = [Decides]

    @extend_schema(request=PeriodBody, responses={201: StudyRow, 403: PROBLEM, 422: PROBLEM})
    def post(self, request: Request) -> Response:
        """Have the hot issues of a period worked out."""
        since, until = _days(PeriodBody(data=request.data))
        return Response(StudyRow(asking.ask(Study.Kind.HOT_ISSUES, since, until, by=reader(request))).data, status=201)


class AskForReplay(Base):
    """POST /studies/replay."""

    permission_classes = [Decides]

    @extend_schema(request=ReplayBody, responses={201: StudyRow, 403: PROBLEM, 422: PROBLEM})
    def post(self, request: Request) -> Response:
        """Have a change tried on a period; nothing is changed by it."""
        body = ReplayBody(data=request.data)
        since, until = _days(body)
        offered = body.validated_data["change"]
        study = asking.ask(
            Study.Kind.REPLAY,
            since,
            until,
            change=offered["change"],
            title=offered["title"][:200],
            by=reader(request),
        )
        return Response(StudyRow(study).data, status=201)


def _days(body: PeriodBody) -> tuple[date, date]:
    body.is_valid(raise_exception=True)
    return body.validated_data["since"], body.validated_data["until"]
