"""The learning loop for supervisors: how good each model is, what drifts, which version is in use, training by hand."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dispatch.learning import asking, labels, reports, versions
from dispatch.models import DriftAlarm, ModelChange, ModelVersion, Taught, Training
from hotline.api.base import Base, Decides, SeesAll, decides, reader
from hotline.api.schema import PROBLEM
from hotline.tickets import clock


def model_or_404(name: str) -> Taught:
    """The model of that name."""
    if name not in Taught.values:
        raise Http404
    return Taught(name)


class ReadingOut(serializers.Serializer[Any]):
    """One sign of drift: the figure now and before, of how many tickets, and the limit; null on too few."""

    sign = serializers.CharField()
    sign_label = serializers.CharField(source="sign.label")
    now = serializers.FloatField(allow_null=True)
    before = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()
    m = serializers.IntegerField()
    limit = serializers.FloatField(allow_null=True)
    alarm = serializers.BooleanField()


class ChangeOut(serializers.ModelSerializer[ModelChange]):
    """A change of what is in use; `version` "" means as installed, `by` null means the nightly training."""

    act_label = serializers.CharField(source="get_act_display")
    by: Any = serializers.StringRelatedField()

    class Meta:
        model = ModelChange
        fields = ("act", "act_label", "before", "version", "by", "why", "at")


class WeekOut(serializers.Serializer[Any]):
    """One week: tickets that something was suggested for, and how many of them people decided so."""

    monday = serializers.DateField()
    cases = serializers.IntegerField()
    right = serializers.IntegerField()


class ModelOut(serializers.Serializer[Any]):
    """One model in one glance; `in_use` "" means as installed; another one `decided` could not be taken into use."""

    name = serializers.CharField()
    label = serializers.CharField(source="name.label")  # type: ignore[assignment]
    in_use = serializers.CharField()
    decided = serializers.CharField()
    pinned = ChangeOut(allow_null=True)
    weeks = WeekOut(many=True)
    drift = ReadingOut(many=True)


class ResultOut(serializers.Serializer[Any]):
    """What came of one model's training."""

    model = serializers.CharField()
    result = serializers.CharField()
    version = serializers.CharField(default=None, allow_null=True)
    cases = serializers.IntegerField(default=None, allow_null=True)
    error = serializers.CharField(default=None, allow_null=True)
    verdict = serializers.JSONField(default=None, allow_null=True)


class TrainingOut(serializers.ModelSerializer[Training]):
    """A training that waits, runs or ran; `done` of `steps`."""

    by: Any = serializers.StringRelatedField()
    model_label = serializers.CharField(source="get_model_display")
    stage_label = serializers.CharField(source="get_stage_display")
    results = ResultOut(many=True)

    class Meta:
        model = Training
        fields = (
            *("id", "state", "model", "model_label", "stage", "stage_label", "done", "steps"),
            *("by", "asked_at", "started_at", "ended_at", "results", "error"),
        )


class DriftAlarmOut(serializers.ModelSerializer[DriftAlarm]):
    """Something looks unlike before; `found` has the figures."""

    label = serializers.CharField(source="get_name_display")  # type: ignore[assignment]
    sign_label = serializers.CharField(source="get_sign_display")
    found = serializers.JSONField()

    class Meta:
        model = DriftAlarm
        fields = ("id", "name", "label", "sign", "sign_label", "monday", "found", "at")


class OverviewOut(serializers.Serializer[Any]):
    """The learning loop in one answer; `may_decide`: the asker may train, promote and roll back."""

    models = ModelOut(many=True)
    training = TrainingOut(allow_null=True)
    alarms = DriftAlarmOut(many=True)
    may_decide = serializers.BooleanField()


class VersionOut(serializers.ModelSerializer[ModelVersion]):
    """One version with the figures it was judged by; without files it cannot be taken into use any more."""

    figures = serializers.SerializerMethodField()

    class Meta:
        model = ModelVersion
        fields = ("version", "trained_at", "cut", "rows", "figures", "discarded")

    def get_figures(self, row: ModelVersion) -> dict[str, Any]:
        """All but the counts of each label."""
        champion = row.figures.get("champion") or {}
        return {
            "new": _brief(row.figures.get("new")),
            "frozen": _brief(row.figures.get("frozen")),
            "champion_new": _brief(champion.get("new")),
            "champion_frozen": _brief(champion.get("frozen")),
            "verdict": row.figures.get("verdict"),
        }


def _brief(figures: dict[str, Any] | None) -> dict[str, Any] | None:
    return {name: value for name, value in figures.items() if name != "classes"} if figures else None


class ClassOut(serializers.Serializer[Any]):
    """How well one label is suggested; `coverage`: share of its tickets for which the assistant was sure."""

    code = serializers.CharField()
    name = serializers.CharField()
    count = serializers.IntegerField()
    chosen = serializers.IntegerField()
    precision = serializers.FloatField(allow_null=True)
    recall = serializers.FloatField(allow_null=True)
    coverage = serializers.FloatField(allow_null=True)
    recall_before = serializers.FloatField(allow_null=True)
    count_before = serializers.IntegerField()


class CorrectionOut(serializers.Serializer[Any]):
    """How often people decided otherwise: what stood there, what they made of it, and on what occasion."""

    how = serializers.ChoiceField(labels.HOWS)
    before = serializers.CharField()
    after = serializers.CharField()
    count = serializers.IntegerField()


class DetailOut(ModelOut):
    """One model with its versions, the record of changes, and every label of the last weeks."""

    versions = VersionOut(many=True)
    changes = ChangeOut(many=True)
    classes = ClassOut(many=True)
    corrections = CorrectionOut(many=True)


class Learning(Base):
    """GET /learning."""

    permission_classes = [SeesAll]

    @extend_schema(operation_id="learning_overview", responses={200: OverviewOut, 403: PROBLEM})
    def get(self, request: Request) -> Response:
        """Every model in one glance, the last training, and the alarms nobody has seen."""
        body = {**reports.overview(), "may_decide": decides(reader(request))}
        return Response(OverviewOut(body).data)


class LearningModel(Base):
    """GET /learning/{name}."""

    permission_classes = [SeesAll]

    @extend_schema(responses={200: DetailOut, 403: PROBLEM, 404: PROBLEM})
    def get(self, request: Request, name: str) -> Response:
        """One model: versions, changes, labels."""
        return Response(DetailOut(reports.detail(model_or_404(name))).data)


class DecisionBody(serializers.Serializer[Any]):
    """Why; kept on record."""

    why = serializers.CharField(max_length=300)


class PromoteBody(DecisionBody):
    """The version to take into use; "" is the model as installed."""

    version = serializers.CharField(max_length=80, allow_blank=True)


class Decision(Base):
    """A supervisor decides which version is used."""

    permission_classes = [Decides]
    body: type[DecisionBody] = DecisionBody

    def _said(self, request: Request) -> dict[str, Any]:
        body = self.body(data=request.data)
        body.is_valid(raise_exception=True)
        return {**body.validated_data, "by": reader(request)}


class Promote(Decision):
    """POST /learning/{name}/promote."""

    body = PromoteBody

    @extend_schema(request=PromoteBody, responses={200: ChangeOut, 403: PROBLEM, 422: PROBLEM})
    def post(self, request: Request, name: str) -> Response:
        """Take a version into use by hand."""
        return Response(ChangeOut(versions.promote(model_or_404(name), **self._said(request))).data)


class RollBack(Decision):
    """POST /learning/{name}/roll-back."""

    @extend_schema(request=DecisionBody, responses={200: ChangeOut, 403: PROBLEM, 422: PROBLEM})
    def post(self, request: Request, name: str) -> Response:
        """One step back, and pinned there."""
        return Response(ChangeOut(versions.roll_back(model_or_404(name), **self._said(request))).data)


class Pin(Decision):
    """POST /learning/{name}/pin."""

    @extend_schema(request=DecisionBody, responses={200: ChangeOut, 403: PROBLEM, 422: PROBLEM})
    def post(self, request: Request, name: str) -> Response:
        """Keep what is in use until somebody sets it free."""
        return Response(ChangeOut(versions.pin(model_or_404(name), **self._said(request))).data)


class SetFree(Decision):
    """POST /learning/{name}/set-free."""

    @extend_schema(request=DecisionBody, responses={200: ChangeOut, 403: PROBLEM, 422: PROBLEM})
    def post(self, request: Request, name: str) -> Response:
        """Let the nightly training promote again."""
        return Response(ChangeOut(versions.set_free(model_or_404(name), **self._said(request))).data)


class Train(Decision):
    """POST /learning/train."""

    @extend_schema(request=None, responses={201: TrainingOut, 403: PROBLEM, 422: PROBLEM})
    def post(self, request: Request) -> Response:
        """Train now instead of at night."""
        return Response(TrainingOut(asking.ask(reader(request))).data, status=201)


class AlarmSeen(Decision):
    """POST /learning/alarms/{id}/seen."""

    @extend_schema(request=None, responses={200: DriftAlarmOut, 403: PROBLEM, 404: PROBLEM})
    def post(self, request: Request, pk: int) -> Response:
        """A supervisor has taken notice of an alarm."""
        alarm = get_object_or_404(DriftAlarm, pk=pk)
        DriftAlarm.objects.filter(pk=pk, seen_at=None).update(seen_by=reader(request), seen_at=clock.now())
        return Response(DriftAlarmOut(alarm).data)
